//! Access tokens that a test signs itself, as a server signs them whose key it knows.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::Value;

/// For `KITH_JWT_SECRET` of a server whose tokens a test signs.
pub const KEY: &str = "a-key-that-the-test-knows-0123456789";

/// The claims of a token.
pub fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("claims");
    serde_json::from_slice(&BASE64.decode(part).expect("base64")).expect("JSON")
}

/// The header of the server's own tokens.
pub fn header(algorithm: Algorithm) -> Header {
    Header { typ: Some("at+jwt".to_owned()), ..Header::new(algorithm) }
}

/// As the server signs.
pub fn signed(claims: &Value) -> String {
    let key = EncodingKey::from_secret(KEY.as_bytes());
    jsonwebtoken::encode(&header(Algorithm::HS256), claims, &key).expect("a JWT")
}

/// A person's token as it will be once its time is over, of a server with [`KEY`].
pub fn expired(token: &str) -> String {
    let mut claims = claims(token);
    for time in ["iat", "nbf", "exp"] {
        claims[time] = (claims[time].as_i64().expect("seconds") - 3600).into();
    }
    signed(&claims)
}

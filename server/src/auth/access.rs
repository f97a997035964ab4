//! Access tokens: JWTs that prove for fifteen minutes who someone is.

use app::protocol::{ApiError, ErrorKind, LoginId, Timestamp, User, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::Identity;
use crate::error::Error;

/// How long a token is good, in seconds.
const LIFETIME_SECONDS: i64 = 15 * 60;
/// So many seconds the clocks of two nodes may differ: a token is taken so long before its time and
/// after it.
const LEEWAY_SECONDS: i64 = 5;
/// Who issues tokens, and for whom they are.
const PARTY: &str = "kith";
/// Tells an access token from any other JWT (RFC 9068).
const TYPE: &str = "at+jwt";

/// Times in seconds since the Unix epoch, as JWTs have them.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    sub: String,
    username: String,
    sid: LoginId,
}

/// Signs and checks access tokens.
pub(super) struct AccessTokens {
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
}

impl AccessTokens {
    pub(super) fn new(key: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[PARTY]);
        validation.set_audience(&[PARTY]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // The times are checked below, by the clock that was handed in.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let signing = EncodingKey::from_secret(key);
        Self { signing, checking: DecodingKey::from_secret(key), validation }
    }

    /// A fresh token, and when it ends.
    pub(super) fn sign(
        &self,
        user: &User,
        login: LoginId,
        now: Timestamp,
    ) -> Result<(String, Timestamp), Error> {
        let seconds = now.div_euclid(1000);
        let claims = Claims {
            iss: PARTY.to_owned(),
            aud: PARTY.to_owned(),
            iat: seconds,
            nbf: seconds,
            exp: seconds + LIFETIME_SECONDS,
            sub: user.id.to_string(),
            username: user.username.clone(),
            sid: login,
        };
        let header = Header { typ: Some(TYPE.to_owned()), ..Header::new(Algorithm::HS256) };
        let token =
            jsonwebtoken::encode(&header, &claims, &self.signing).map_err(Error::internal)?;
        Ok((token, claims.exp * 1000))
    }

    /// Whom a token stands for. Whether its login lives is for the caller to ask.
    pub(super) fn verify(&self, token: &str, now: Timestamp) -> Result<Identity, ApiError> {
        let (identity, ends) = self.read(token, now)?;
        if ends <= now.div_euclid(1000) - LEEWAY_SECONDS {
            return Err(ApiError::new(ErrorKind::TokenExpired, "The access token has expired"));
        }
        Ok(identity)
    }

    /// The same of a token that may be past its time.
    pub(super) fn verify_signature(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Identity, ApiError> {
        Ok(self.read(token, now)?.0)
    }

    /// Whom a token of ours stands for, and when it ends, in seconds.
    fn read(&self, token: &str, now: Timestamp) -> Result<(Identity, i64), ApiError> {
        let decoded = jsonwebtoken::decode::<Claims>(token, &self.checking, &self.validation)
            .map_err(|_| wrong())?;
        if decoded.header.typ.as_deref() != Some(TYPE) {
            return Err(wrong());
        }
        let claims = decoded.claims;
        let seconds = now.div_euclid(1000);
        if claims.nbf > seconds + LEEWAY_SECONDS {
            return Err(wrong());
        }
        let user_id: UserId = claims.sub.parse().map_err(|_| wrong())?;
        Ok((Identity { user_id, login_id: claims.sid }, claims.exp))
    }
}

fn wrong() -> ApiError {
    ApiError::new(ErrorKind::Unauthenticated, "The access token is not valid")
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;

    use super::{AccessTokens, ApiError, ErrorKind, Header, Identity, LoginId, User, UserId};

    const NOW: i64 = 1_800_000_000_000;

    fn tokens() -> AccessTokens {
        AccessTokens::new(&[7; 32])
    }

    fn sign(tokens: &AccessTokens) -> String {
        let user = User {
            id: UserId::new(5),
            username: "mei".into(),
            nickname: "Mei".into(),
            avatar_url: None,
            created_at: 0,
            presence: None,
        };
        tokens.sign(&user, LoginId::new(9), NOW).expect("a token").0
    }

    fn kind(result: Result<Identity, ApiError>) -> Option<ErrorKind> {
        result.err().map(|error| error.kind)
    }

    #[test]
    fn a_token_is_good_for_fifteen_minutes() {
        let tokens = tokens();
        let token = sign(&tokens);
        let identity = Identity { user_id: UserId::new(5), login_id: LoginId::new(9) };
        assert_eq!(tokens.verify(&token, NOW), Ok(identity));
        assert_eq!(tokens.verify(&token, NOW + 14 * 60_000), Ok(identity));
        let expired = Some(ErrorKind::TokenExpired);
        assert_eq!(kind(tokens.verify(&token, NOW + 15 * 60_000 + 5_000)), expired);
        let early = Some(ErrorKind::Unauthenticated);
        assert_eq!(kind(tokens.verify(&token, NOW - 60_000)), early);
    }

    #[test]
    fn a_token_has_exactly_the_claims_of_the_contract() {
        let token = sign(&tokens());
        let part = |index| {
            let text = token.split('.').nth(index).expect("a part");
            let bytes = BASE64.decode(text).expect("base64");
            serde_json::from_slice::<serde_json::Value>(&bytes).expect("JSON")
        };
        assert_eq!(part(0), serde_json::json!({"typ": "at+jwt", "alg": "HS256"}));
        let seconds = NOW / 1000;
        assert_eq!(
            part(1),
            serde_json::json!({
                "iss": "kith", "aud": "kith", "sub": "5", "username": "mei", "sid": 9,
                "iat": seconds, "nbf": seconds, "exp": seconds + 900,
            })
        );
    }

    #[test]
    fn forged_tokens_are_refused() {
        let tokens = tokens();
        let good = sign(&tokens);
        let mut parts = good.split('.');
        let (header, claims) = (parts.next().expect("one"), parts.next().expect("two"));
        let encode = |text: &str| BASE64.encode(text);
        let unsigned = format!("{}.{claims}.", encode(r#"{"typ":"at+jwt","alg":"none"}"#));
        let other_key = sign(&AccessTokens::new(&[8; 32]));
        let cut = format!("{header}.{claims}");
        let user = serde_json::json!({"sub": "5"});
        let plain = jsonwebtoken::encode(&Header::default(), &user, &tokens.signing);
        for bad in ["", "a.b.c", &unsigned, &other_key, &cut, &plain.expect("a JWT")] {
            assert_eq!(kind(tokens.verify(bad, NOW)), Some(ErrorKind::Unauthenticated), "{bad}");
        }
    }

    #[test]
    fn a_jwt_of_another_sort_is_refused() {
        let tokens = tokens();
        for (kind_of_token, audience) in [("JWT", "kith"), ("at+jwt", "others")] {
            let claims = serde_json::json!({
                "iss": "kith", "aud": audience, "sub": "5", "username": "mei", "sid": 9,
                "iat": NOW / 1000, "nbf": NOW / 1000, "exp": NOW / 1000 + 900,
            });
            let header = Header { typ: Some(kind_of_token.into()), ..Header::default() };
            let token = jsonwebtoken::encode(&header, &claims, &tokens.signing).expect("a JWT");
            assert_eq!(kind(tokens.verify(&token, NOW)), Some(ErrorKind::Unauthenticated));
        }
    }
}

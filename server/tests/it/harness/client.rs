//! An HTTP client that says exactly what it is told to, and answers that are easy to look at.

use app::protocol::{
    ApiError, AuthResponse, Conversation, ConversationId, ErrorBody, ErrorKind, Message,
    MessagePage, User,
};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use reqwest::redirect::Policy;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Exchange, contract, secrets};

/// Sends requests to one server, always with the same headers; follows no redirects and keeps no
/// cookies by itself.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    headers: HeaderMap,
}

impl Client {
    /// Of the server under this URL.
    pub fn new(url: String) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).build().expect("a client");
        Self { http, url, headers: HeaderMap::new() }
    }

    /// The same with one more header.
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.insert(HeaderName::from_static(name), value.parse().expect("a header"));
        client
    }

    /// The same with one more header, of any bytes.
    pub fn with_bytes(&self, name: &'static str, value: &HeaderValue) -> Self {
        let mut client = self.clone();
        client.headers.insert(HeaderName::from_static(name), value.clone());
        client
    }

    /// The same with this access token.
    pub fn with_bearer(&self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// A browser that holds the cookies which an answer set, and says where its pages are from.
    pub fn with_cookies_of(&self, answer: &HttpResponse) -> Self {
        self.with("cookie", &answer.cookies().join("; ")).with("origin", &self.url)
    }

    /// A header that this client sends; empty when it does not.
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> HttpResponse {
        self.send(Method::GET, path, None).await
    }

    /// `POST` of a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> HttpResponse {
        self.send(Method::POST, path, Some(body.to_string())).await
    }

    /// `POST` of whatever text; without one there is no body.
    pub async fn post_text(&self, path: &str, body: Option<&str>) -> HttpResponse {
        self.send(Method::POST, path, body.map(str::to_owned)).await
    }

    /// `POST` of a form, as a page without script does.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> HttpResponse {
        for (name, value) in fields {
            secrets::note(&self.url, name, value);
        }
        let request = self.http.post(format!("{}{path}", self.url)).form(fields);
        self.answer(request).await
    }

    /// `POST` of a form with one file, as a page without script does.
    pub async fn post_file(&self, path: &str, field: &'static str) -> HttpResponse {
        let file = reqwest::multipart::Part::bytes(b"hello".as_slice()).file_name("note.txt");
        let form = reqwest::multipart::Form::new().part(field, file);
        self.answer(self.http.post(format!("{}{path}", self.url)).multipart(form)).await
    }

    /// `PATCH` of a JSON body.
    pub async fn patch(&self, path: &str, body: Value) -> HttpResponse {
        self.send(Method::PATCH, path, Some(body.to_string())).await
    }

    /// `PUT` of bytes.
    pub async fn put_bytes(&self, path: &str, body: &'static [u8]) -> HttpResponse {
        self.answer(self.http.put(format!("{}{path}", self.url)).body(body)).await
    }

    /// `DELETE` without a body.
    pub async fn delete(&self, path: &str) -> HttpResponse {
        self.send(Method::DELETE, path, None).await
    }

    /// Any method.
    pub async fn send(&self, method: Method, path: &str, body: Option<String>) -> HttpResponse {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.url));
        if let Some(body) = &body {
            secrets::note_json(&self.url, body);
            request = request.header("content-type", "application/json").body(body.clone());
        }
        let answer = self.answer(request).await;
        let exchange = Exchange {
            method: &method,
            path: path.split('?').next().unwrap_or_default(),
            sent: body.as_deref(),
            status: answer.status,
            received: &answer.text,
        };
        if let Err(fault) = contract().check(&exchange) {
            panic!("not as described: {fault}: {method} {path} {answer:?}");
        }
        answer
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> HttpResponse {
        let answer = HttpResponse::of(request.headers(self.headers.clone())).await;
        secrets::note_json(&self.url, &answer.text);
        for cookie in answer.cookies() {
            let value = cookie.split_once('=').map_or("", |(_, value)| value);
            secrets::note(&self.url, "token", value);
        }
        answer
    }
}

/// What came back.
#[derive(Debug)]
pub struct HttpResponse {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub text: String,
}

impl HttpResponse {
    async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.expect("a text") }
    }

    /// The body, which must be of this type, of an answer that must have this status.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status, status, "{}", self.text);
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The error of the contract that this must be.
    #[track_caller]
    pub fn error(&self) -> ApiError {
        let ErrorBody { error } = self.json(self.status);
        assert_eq!(self.status, error.code, "{}", self.text);
        error
    }

    /// That this is an error of this kind.
    #[track_caller]
    pub fn assert_error(&self, kind: ErrorKind) {
        let error = self.error();
        assert_eq!((error.kind, self.status), (kind, kind.status()), "{}", self.text);
    }

    /// A header's text; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The `Set-Cookie` headers, whole.
    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()).collect()
    }

    /// `name=value` of the cookies that were set.
    pub fn cookies(&self) -> Vec<&str> {
        self.set_cookies().into_iter().filter_map(|cookie| cookie.split(';').next()).collect()
    }
}

/// Someone with an account, signed in by Bearer token.
pub struct Person {
    /// Who.
    pub user: User,
    /// The access token.
    pub token: String,
    /// The refresh token.
    pub refresh_token: String,
    /// Speaks as this person.
    pub client: Client,
}

impl Person {
    /// Makes an account with the password `correct horse`.
    pub async fn register(client: Client, username: &str) -> Self {
        let body = json!({"username": username, "password": "correct horse"});
        Self::of(&client, &client.post("/api/v1/auth/register", body).await.json(201))
    }

    /// Whom an answer signed in.
    pub fn of(client: &Client, signed_in: &AuthResponse) -> Self {
        let token = signed_in.access_token.clone().expect("a token");
        Self {
            user: signed_in.user.clone(),
            refresh_token: signed_in.refresh_token.clone().expect("a token"),
            client: client.with_bearer(&token),
            token,
        }
    }

    /// Writes to a person.
    pub async fn write_to(&self, to: &Self, client_id: &str, content: &str) -> Message {
        let to = to.user.id;
        let body = json!({"client_id": client_id, "to_user_id": to, "content": content});
        self.client.post("/api/v1/messages", body).await.json(201)
    }

    /// Writes to a conversation.
    pub async fn write(&self, id: ConversationId, client_id: &str, content: &str) -> Message {
        let body = json!({"client_id": client_id, "conversation_id": id, "content": content});
        self.client.post("/api/v1/messages", body).await.json(201)
    }

    /// Sends what these fields say, as a message over HTTP.
    pub async fn send(&self, fields: Value) -> HttpResponse {
        self.client.post("/api/v1/messages", fields).await
    }

    /// Edits a message.
    pub async fn edit(&self, message: &Message, content: &str) -> HttpResponse {
        let body = json!({"content": content}).to_string();
        self.client.send(Method::PATCH, &place(message), Some(body)).await
    }

    /// Recalls a message.
    pub async fn recall(&self, message: &Message) -> HttpResponse {
        self.client.send(Method::DELETE, &place(message), None).await
    }

    /// Puts an emoji on a message (`PUT`), or takes it off (`DELETE`).
    pub async fn react(&self, method: Method, message: &Message, emoji: &str) -> HttpResponse {
        let emoji: String = emoji
            .bytes()
            .flat_map(|byte| format!("%{byte:02X}").into_bytes())
            .map(char::from)
            .collect();
        let path = format!("{}/reactions/{emoji}", place(message));
        self.client.send(method, &path, None).await
    }

    /// A message as this person sees it now.
    pub async fn reads(&self, message: &Message) -> Message {
        let id = message.conversation_id;
        let after = message.seq.get() - 1;
        let path = format!("/api/v1/conversations/{id}/messages?after={after}&limit=1");
        let page: MessagePage = self.client.get(&path).await.json(200);
        page.items.into_iter().next().expect("the message")
    }

    /// Makes a group with these people.
    pub async fn group(&self, name: &str, members: &[&Self]) -> Conversation {
        let ids: Vec<_> = members.iter().map(|person| person.user.id).collect();
        let body = json!({"name": name, "member_ids": ids});
        self.client.post("/api/v1/conversations", body).await.json(201)
    }

    /// Writes to a person, who holds it then: the two know each other, and neither missed anything.
    pub async fn greet(&self, other: &Self) -> ConversationId {
        let message = self.write_to(other, "greeting", "hello").await;
        let path = format!("/api/v1/conversations/{}/delivered", message.conversation_id);
        let delivered = other.client.post(&path, json!({"seq": message.seq})).await;
        assert_eq!(delivered.status, 204, "{}", delivered.text);
        message.conversation_id
    }
}

/// Where a message is changed.
fn place(message: &Message) -> String {
    format!("/api/v1/conversations/{}/messages/{}", message.conversation_id, message.seq)
}

//! A fresh database a test, of either engine, and what tests put into it.

use std::any::Any;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use app::protocol::{
    ApiError, ClientId, ConversationId, MessageText, NewContent, Seq, User, UserId,
};
use server::clock::{Clock, random};
use server::events::{ConnectionId, Event, Fact, Origin, Publisher};
use server::store::users::NewUser;
use server::store::writer::{Append, Appended, Faults, MoveMarks, ReplyTo, Writer, WriterOptions};
use server::store::{Location, Store};
use sqlx::{Connection, Executor, MySqlConnection, SqliteConnection};
use tokio::sync::oneshot;

use crate::proxy::Proxy;

/// Makes two tests, one an engine, of each function named: it takes a `Database`.
macro_rules! on_both_engines {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&$crate::database::Database::sqlite().await).await;
            })+
        }
        mod mysql {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&$crate::database::Database::mysql().await).await;
            })+
        }
    };
}
pub(crate) use on_both_engines;

/// What the tests' clocks say until they are moved.
pub const NOW: i64 = 10_000;

/// A database that goes when the test ends.
pub struct Database {
    pub store: Store,
    pub location: Location,
    owned: bool,
    _folder: Option<tempfile::TempDir>,
}

impl Deref for Database {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// Where the tests' MariaDB is; its databases are named by the tests.
pub fn mysql_server() -> String {
    let url = std::env::var("KITH_TEST_MYSQL_URL")
        .expect("KITH_TEST_MYSQL_URL is not set: run these tests with `make test`");
    url.trim_end_matches('/').to_owned()
}

/// Host and port of the tests' MariaDB.
pub fn mysql_place() -> String {
    let server = mysql_server();
    server.rsplit_once('@').expect("a login").1.to_owned()
}

impl Database {
    pub async fn sqlite() -> Self {
        Self::sqlite_of("").await
    }

    /// One in which these statements were run before it was opened.
    pub async fn sqlite_of(statements: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        if !statements.is_empty() {
            std::fs::create_dir(&data).expect("a folder");
            let url = format!("sqlite://{}?mode=rwc", data.join("kith.db").display());
            let mut connection = SqliteConnection::connect(&url).await.expect("a connection");
            sqlx::raw_sql(statements).execute(&mut connection).await.expect("they run");
            connection.close().await.expect("it ends");
        }
        let location = Location::Sqlite(data);
        let store = Store::open(&location).await.expect("a fresh SQLite opens");
        Self { store, location, owned: true, _folder: Some(folder) }
    }

    pub async fn mysql() -> Self {
        Self::mysql_of("").await
    }

    /// One in which these statements were run before it was opened.
    pub async fn mysql_of(statements: &'static str) -> Self {
        let (server, name) = (mysql_server(), format!("kith_store_{:016x}", random::<u64>()));
        let mut root = MySqlConnection::connect(&server).await.expect("the tests' MariaDB");
        // No charset: ours must not depend on the database's.
        let create = format!("CREATE DATABASE {name} CHARACTER SET latin1");
        root.execute(sqlx::AssertSqlSafe(create)).await.expect("a database is made");
        let url = format!("{server}/{name}");
        if !statements.is_empty() {
            let mut connection = MySqlConnection::connect(&url).await.expect("a connection");
            sqlx::raw_sql(statements).execute(&mut connection).await.expect("they run");
        }
        let location = Location::MySql(url);
        let store = Store::open(&location).await.expect("a fresh MariaDB opens");
        Self { store, location, owned: true, _folder: None }
    }

    /// The same database, as a second process has it. It goes with the first.
    pub async fn beside(first: &Self) -> Self {
        let location = first.location.clone();
        let store = Store::open(&location).await.expect("it opens a second time");
        Self { store, location, owned: false, _folder: None }
    }

    /// The same MariaDB database, as a process has it that reaches it through a proxy.
    pub async fn through(proxy: &Proxy, first: &Self) -> Self {
        let Location::MySql(url) = &first.location else { panic!("only MariaDB has a way to it") };
        let (login, place) = url.rsplit_once('@').expect("a login");
        let (_, name) = place.split_once('/').expect("a database");
        let proxied = Location::MySql(format!("{login}@{}/{name}", proxy.address));
        let store = Store::open(&proxied).await.expect("it opens through the proxy");
        // What tests do beside the store goes past the proxy.
        Self { store, location: first.location.clone(), owned: false, _folder: None }
    }

    pub fn is_mysql(&self) -> bool {
        matches!(self.location, Location::MySql(_))
    }

    /// Runs statements beside the store, as someone with a database client might.
    pub async fn execute(&self, sql: &str) {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match &self.location {
            Location::MySql(url) => {
                let mut beside = MySqlConnection::connect(url).await.expect("a connection");
                sqlx::raw_sql(sql).execute(&mut beside).await.expect("the statement runs");
            }
            Location::Sqlite(folder) => {
                let url = format!("sqlite://{}", folder.join("kith.db").display());
                let mut beside = SqliteConnection::connect(&url).await.expect("a connection");
                sqlx::raw_sql(sql).execute(&mut beside).await.expect("the statement runs");
            }
        }
    }

    /// The number that a statement gives, read beside the store.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        let number = match &self.location {
            Location::MySql(url) => {
                let mut beside = MySqlConnection::connect(url).await.expect("a connection");
                sqlx::query_scalar(sql).fetch_one(&mut beside).await
            }
            Location::Sqlite(folder) => {
                let url = format!("sqlite://{}", folder.join("kith.db").display());
                let mut beside = SqliteConnection::connect(&url).await.expect("a connection");
                sqlx::query_scalar(sql).fetch_one(&mut beside).await
            }
        };
        number.expect("a number")
    }

    /// Begins a transaction beside the store by a statement of SQLite's or one of MariaDB's; dropped, it ends.
    pub async fn hold(&self, sqlite: &'static str, mysql: &'static str) -> Box<dyn Any + Send> {
        match &self.location {
            Location::MySql(url) => {
                let mut beside = MySqlConnection::connect(url).await.expect("a connection");
                beside.execute("BEGIN").await.expect("it begins");
                beside.execute(mysql).await.expect("it locks");
                Box::new(beside)
            }
            Location::Sqlite(folder) => {
                let url = format!("sqlite://{}", folder.join("kith.db").display());
                let mut beside = SqliteConnection::connect(&url).await.expect("a connection");
                beside.execute(sqlite).await.expect("it locks");
                Box::new(beside)
            }
        }
    }

    /// A person.
    pub async fn person(&self, id: i64, username: &str, nickname: &str) -> Arc<User> {
        let user = self.insert_person(id, username, nickname).await.expect("the user is new");
        Arc::new(user)
    }

    /// A person, unless there is one.
    pub async fn insert_person(
        &self,
        id: i64,
        username: &str,
        nickname: &str,
    ) -> server::store::Result<User> {
        let user = NewUser {
            id: UserId::new(id),
            username: username.into(),
            nickname: nickname.into(),
            password_hash: "$argon2id$test".into(),
            created_at: 1_000 + id,
        };
        self.insert_user(&user).await?;
        Ok(self.user(user.id).await?.expect("the user is there"))
    }

    /// The private conversation of two people, with the id 1,000 × the smaller + the larger.
    pub async fn private(&self, one: &User, other: &User) -> ConversationId {
        let (small, large) = (one.id.min(other.id), one.id.max(other.id));
        let fresh = ConversationId::new(small.get() * 1_000 + large.get());
        let opened = self.open_private_conversation(one.id, other.id, fresh, 5_000).await;
        opened.expect("a conversation").id
    }

    /// A writer on this store, with a clock that stands at 10,000.
    pub fn writer(&self) -> TestWriter {
        self.writer_with(None)
    }

    pub fn writer_with(&self, faults: Option<Faults>) -> TestWriter {
        let events = Events::default();
        let now = Arc::new(std::sync::atomic::AtomicI64::new(NOW));
        let clock = Clock::Fixed(Arc::clone(&now));
        let options = WriterOptions::default();
        let (store, publisher) = (self.store.clone(), events.publisher());
        let writer = Writer::start_with_faults(store, clock, publisher, options, faults);
        TestWriter { writer, events, now }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Location::MySql(url) = &self.location else { return };
        if !self.owned {
            return;
        }
        let Some((server, name)) = url.rsplit_once('/') else { return };
        let (server, drop_it) = (server.to_owned(), format!("DROP DATABASE {name}"));
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let mut root = MySqlConnection::connect(&server).await?;
                root.execute(sqlx::AssertSqlSafe(drop_it)).await
            })
        });
        if !std::thread::panicking() {
            dropped.join().expect("no panic").expect("the database is dropped");
        }
    }
}

/// Everything a writer told, in order.
#[derive(Clone, Default)]
pub struct Events(Arc<Mutex<Vec<Event>>>);

impl Events {
    pub fn publisher(&self) -> Publisher {
        let events = Arc::clone(&self.0);
        Publisher::new(move |new| events.lock().expect("no panic").extend(new), Vec::new())
    }

    pub fn all(&self) -> Vec<Event> {
        self.0.lock().expect("no panic").clone()
    }

    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.0.lock().expect("no panic"))
    }

    /// The facts among them.
    pub fn facts(&self) -> Vec<Fact> {
        facts(self.all())
    }

    pub fn take_facts(&self) -> Vec<Fact> {
        facts(self.take())
    }
}

fn facts(events: Vec<Event>) -> Vec<Fact> {
    let fact = |event| match event {
        Event::Fact { fact, .. } => Some(fact),
        Event::Reply(_) => None,
    };
    events.into_iter().filter_map(fact).collect()
}

/// A writer, its events and its clock.
pub struct TestWriter {
    pub writer: Writer,
    pub events: Events,
    pub now: Arc<std::sync::atomic::AtomicI64>,
}

pub type PendingAnswer<T> = oneshot::Receiver<Result<T, ApiError>>;

impl TestWriter {
    /// Queues a message; the answer comes later.
    pub async fn queue(
        &self,
        id: ConversationId,
        sender: &Arc<User>,
        client_id: &str,
        text: &str,
    ) -> PendingAnswer<Appended> {
        let (reply, answer) = oneshot::channel();
        let append = append(id, sender, client_id, text, ReplyTo::Caller(reply));
        self.writer.append(append).await.expect("the writer takes it");
        answer
    }

    /// Sends a message and waits for the answer.
    pub async fn send(
        &self,
        id: ConversationId,
        sender: &Arc<User>,
        client_id: &str,
        text: &str,
    ) -> Result<Appended, ApiError> {
        self.queue(id, sender, client_id, text).await.await.expect("an answer")
    }

    /// Queues a message as a socket does.
    pub async fn send_from(&self, socket: u64, id: ConversationId, sender: &Arc<User>, name: &str) {
        let append = append(id, sender, name, "words", ReplyTo::Socket(origin(socket)));
        self.writer.append(append).await.expect("the writer takes it");
    }

    /// Moves marks and waits for the answer.
    pub async fn mark(
        &self,
        id: ConversationId,
        user: &User,
        delivered: i64,
        read: i64,
    ) -> Result<(), ApiError> {
        let (reply, answer) = oneshot::channel();
        let marks = marks(id, user, delivered, read);
        let marks = MoveMarks { reply: ReplyTo::Caller(reply), ..marks };
        self.writer.move_marks(marks).await.expect("the writer takes it");
        answer.await.expect("an answer")
    }
}

pub fn origin(socket: u64) -> Origin {
    Origin { connection: ConnectionId(socket), frame_id: Some(format!("frame-{socket}")) }
}

pub fn marks(id: ConversationId, user: &User, delivered: i64, read: i64) -> MoveMarks {
    MoveMarks {
        conversation_id: id,
        user_id: user.id,
        delivered: Seq::new(delivered),
        read: Seq::new(read),
        reply: ReplyTo::Nobody,
    }
}

pub fn append(
    id: ConversationId,
    sender: &Arc<User>,
    client_id: &str,
    text: &str,
    reply: ReplyTo,
) -> Append {
    Append {
        conversation_id: id,
        sender: Arc::clone(sender),
        client_id: ClientId::parse(client_id).expect("a valid client_id"),
        content: NewContent::Text(MessageText::parse(text).expect("a valid text")),
        extras: None,
        reply,
    }
}

//! What the tests stand on: a server of their own each, and clients that speak to it.

mod client;
mod contract;
mod cut_line;
mod database;
mod faults;
mod objects;
mod pictures;
mod plans;
mod raw;
mod s3;
mod secrets;
mod seed;
mod server;
mod socket;
mod statements;
pub mod tokens;
mod tus;

pub use client::{Client, HttpResponse, Person};
pub use contract::{Contract, Exchange, contract, learn};
pub use cut_line::CutLine;
pub use database::Database;
pub use faults::{Fault, When};
pub use pictures::{BOMB, gif, large_png};
pub use raw::{Raw, RawAnswer};
pub use s3::S3;
pub use server::{Held, TestServer, command};
pub use socket::{
    ConversationRemoved, ErrorFrame, MessageUpdated, NewConversation, NewMessage, Pong,
    PresenceFrame, Socket, TypingFrame, UserFrame, message_to,
};
pub use statements::{LOGGED, statements_in};
pub use tus::{Tus, header, some_bytes};

/// Where a test server keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, in a folder of its own.
    Sqlite,
    /// A database of its own on the server that `KITH_TEST_MYSQL_URL` names.
    MariaDb,
}

/// Makes of each `async fn name(server: TestServer)` a test on either engine; `with` some variables
/// the server is started with these.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        $crate::harness::on_both_engines!(with []; $($name),+);
    };
    (with $variables:expr; $($name:ident),+ $(,)?) => {
        $(mod $name {
            use $crate::harness::{Engine, TestServer};

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                let server = TestServer::start_with(Engine::Sqlite, &$variables).await;
                super::$name(server).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn mariadb() {
                let server = TestServer::start_with(Engine::MariaDb, &$variables).await;
                super::$name(server).await;
            }
        })+
    };
}
pub(crate) use on_both_engines;

/// The same where it is about the bytes of files: on SQLite and a folder, and on MariaDB and S3.
macro_rules! on_both_stores {
    ($($name:ident),+ $(,)?) => {
        $crate::harness::on_both_stores!(with []; $($name),+);
    };
    (with $variables:expr; $($name:ident),+ $(,)?) => {
        $(mod $name {
            use $crate::harness::{Engine, TestServer};

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite_and_folder() {
                let server = TestServer::start_with(Engine::Sqlite, &$variables).await;
                super::$name(server).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn mariadb_and_s3() {
                let server = TestServer::start_on_s3(Engine::MariaDb, &$variables).await;
                super::$name(server).await;
            }
        })+
    };
}
pub(crate) use on_both_stores;

//! A MariaDB database that is made for one test and dropped with it.

use std::path::Path;

use sqlx::{Connection, Executor, MySqlConnection};

/// A database of one test.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// Makes a database, named after a folder whose name is random.
    pub async fn make(folder: &Path) -> Self {
        let server = std::env::var("KITH_TEST_MYSQL_URL").expect(
            "KITH_TEST_MYSQL_URL is not set: run the tests by `make test`, which starts MariaDB",
        );
        let random = folder.file_name().expect("a folder").to_string_lossy();
        let random: String = random.chars().filter(char::is_ascii_alphanumeric).collect();
        let database = Self { server, name: format!("kith_it_{random}") };
        database.execute("CREATE DATABASE `{}` CHARACTER SET utf8mb4").await;
        database
    }

    /// For `KITH_DATABASE_URL`.
    pub fn url(&self) -> String {
        format!("{}/{}", self.server.trim_end_matches('/'), self.name)
    }

    async fn execute(&self, statement: &str) {
        let mut connection = MySqlConnection::connect(&self.server).await.expect("MariaDB answers");
        let statement = statement.replace("{}", &self.name);
        connection.execute(sqlx::AssertSqlSafe(statement)).await.expect("allowed");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A thread of its own, since a runtime cannot be waited for inside another.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.expect("a runtime").block_on(self.execute("DROP DATABASE `{}`"));
            });
        });
    }
}

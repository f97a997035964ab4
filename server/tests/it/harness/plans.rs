//! How the database carries statements out: SQLite's plans, and the rows that MariaDB reads.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection};

use super::TestServer;

impl TestServer {
    /// What SQLite does for a statement, step by step. It does not depend on the values.
    pub async fn plan_of(&self, statement: &str) -> Vec<String> {
        let options = SqliteConnectOptions::new().filename(self.data().join("kith.db"));
        let mut connection = options.connect().await.expect("opens");
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let steps = sqlx::query_as(explain).fetch_all(&mut connection).await;
        let steps: Vec<(i64, i64, i64, String)> = steps.expect("a plan");
        steps.into_iter().map(|(_, _, _, step)| step).collect()
    }

    /// Has MariaDB count the rows that it reads.
    pub async fn count_rows_read(&self) {
        self.execute("SET GLOBAL userstat = 1".to_owned()).await;
    }

    /// How many rows of the server's database MariaDB has read since it counts them.
    pub async fn rows_read(&self) -> i64 {
        let url = self.database_url().expect("a MariaDB");
        let mut connection = MySqlConnection::connect(&url).await.expect("answers");
        let rows = sqlx::query_scalar(
            "SELECT CAST(COALESCE(SUM(rows_read), 0) AS SIGNED) \
             FROM information_schema.table_statistics WHERE table_schema = DATABASE()",
        );
        rows.fetch_one(&mut connection).await.expect("a sum")
    }
}

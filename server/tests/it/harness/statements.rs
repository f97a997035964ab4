//! The SQL statements that a server runs, as its log has them.

use serde_json::Value;

use super::TestServer;

/// For `KITH_LOG` of a server whose statements are looked at.
pub const LOGGED: &str = "info,sqlx::query=debug";

/// How often something is done whose statements are looked at: what a server still does for the request before
/// falls into one of these times, and makes only that one longer.
const REPETITIONS: usize = 3;

impl TestServer {
    /// The statements that it takes to do something once, given the number of the time; whoever does
    /// it waits until it is done. What comes before it is not counted.
    pub async fn statements_of(
        &self,
        mut preparing: impl AsyncFnMut(),
        mut doing: impl AsyncFnMut(usize),
    ) -> Vec<String> {
        let mut fewest: Option<Vec<String>> = None;
        for time in 0..REPETITIONS {
            preparing().await;
            let before = self.log().len();
            doing(time).await;
            let statements = statements_in(&self.log()[before..]);
            if fewest.as_ref().is_none_or(|fewest| statements.len() < fewest.len()) {
                fewest = Some(statements);
            }
        }
        fewest.unwrap_or_default()
    }
}

/// The statements in a log, but for those by which a connection is set up, and those of tasks in the background, which
/// fall anywhere.
pub fn statements_in(log: &str) -> Vec<String> {
    let lines = log.lines().filter(|line| line.contains("sqlx::query"));
    let statements = lines.filter_map(|line| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        if line["span"]["name"] == "background" {
            return None;
        }
        let text = |field: &str| line[field].as_str().filter(|text| !text.is_empty());
        Some(text("db.statement").or(text("summary"))?.trim().to_owned())
    });
    statements.filter(|sql| !sql.starts_with("SET ") && !sql.starts_with("PRAGMA ")).collect()
}

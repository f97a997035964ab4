//! A form in which a name may stand several times, such as boxes to tick.

use std::str::FromStr;

use app::protocol::urls::encode;
use app::protocol::{ApiError, ErrorKind};
use serde::Deserialize;

/// What was filled in, in the order of the form.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of this name; empty where there is none.
    pub fn get<'a>(&'a self, name: &'a str) -> &'a str {
        self.values(name).next().unwrap_or_default()
    }

    /// Whether the name is there: of a box, whether it is ticked.
    pub fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// The first value of this name, such as an id.
    ///
    /// # Errors
    /// `bad_request` when there is none, or it is no such thing.
    pub fn one<T: FromStr>(&self, name: &str) -> Result<T, ApiError> {
        self.get(name).parse().map_err(|_| no_such_thing(name))
    }

    /// All values of this name.
    ///
    /// # Errors
    /// `bad_request` when one of them is no such thing.
    pub fn all<T: FromStr>(&self, name: &str) -> Result<Vec<T>, ApiError> {
        let values = self.values(name).map(str::parse);
        values.collect::<Result<_, _>>().map_err(|_| no_such_thing(name))
    }

    /// As the query of an address, for the page that shows the form again.
    pub fn query(&self) -> String {
        let pair = |(name, value): &(String, String)| format!("{}={}", encode(name), encode(value));
        self.0.iter().map(pair).collect::<Vec<_>>().join("&")
    }

    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn no_such_thing(name: &str) -> ApiError {
    ApiError::new(ErrorKind::BadRequest, format!("{name} is not what it has to be"))
}

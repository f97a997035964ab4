//! How facts and replies leave together, so that a reply keeps its place among the facts.

use super::{Fact, Members, Origin, Reply};

/// What the sockets of this node are told of, or one of them is.
#[derive(Clone, Debug)]
pub enum Event {
    /// Something happened.
    Fact {
        /// What happened, the same on every node.
        fact: Fact,
        /// What this node alone knows of it.
        local: Local,
    },
    /// One socket is answered.
    Reply(Reply),
}

/// What of a fact is known on the node where it happened, and does not travel.
#[derive(Clone, Debug, Default)]
pub struct Local {
    /// The socket that asked for it and hears of it by its answer; absent where none did.
    pub origin: Option<Origin>,
    /// The people of the fact's audience, which the writer has in its hand; absent where they have to be found out.
    pub members: Option<Members>,
}

impl From<Fact> for Event {
    /// A fact of which nothing else is known.
    fn from(fact: Fact) -> Self {
        Self::Fact { fact, local: Local::default() }
    }
}

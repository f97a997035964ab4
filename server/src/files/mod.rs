//! Files: their bytes in a store beside the database, how they come in, and how they are handed out.

pub use crate::store::uploads::Purpose;

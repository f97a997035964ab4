//! Files: their bytes in a store beside the database, how they come in, and how they are handed out.

pub mod media_type;
pub mod names;
pub mod pictures;

pub use crate::store::uploads::Purpose;

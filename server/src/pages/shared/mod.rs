//! What several static panes use: parts with forms, their fields, choices.

pub mod avatar_form;
pub mod choice;
pub mod part;
pub mod search_field;

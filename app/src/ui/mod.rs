//! What of the pages is brought to life: one folder a feature, rendered by the server and hydrated by the
//! browser from the same [`page::Page`]. What the server alone renders is its own (`server/src/pages`).
//!
//! * [`page`] — what a page is made of; the server loads it and writes it into the document
//! * [`app`] — which view stands where
//! * [`route`], [`location`] — addresses
//! * [`live`], [`leaving`], [`shortcuts`] — what begins once a page is hydrated, and what keys do
//! * [`chat_list`], [`conversation`], [`people`] — the features; [`static_panes`] — the place of those that the
//!   browser's code leaves as the server rendered them
//! * [`overlays`] — opens the menus and pickers that the server rendered
//! * [`shared`], [`words`] — what they all use
//! * [`preferences`] — language and theme, as the server reads them

pub mod app;
pub mod chat_list;
pub mod conversation;
pub mod leaving;
pub mod live;
pub mod location;
pub mod overlays;
pub mod page;
pub mod people;
pub mod route;
pub mod shared;
pub mod shortcuts;
pub mod static_panes;
pub mod words;

#[cfg(feature = "ssr")]
pub mod preferences;

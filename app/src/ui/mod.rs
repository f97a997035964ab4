//! Everything a person sees: one folder a feature, rendered by the server and hydrated by the
//! browser from the same [`page::Page`].
//!
//! * [`page`] — what a page is made of; the server loads it (`load`) and writes it (`document`)
//! * [`app`] — which view stands where
//! * [`route`], [`location`] — addresses
//! * [`live`], [`leaving`], [`shortcuts`] — what begins once a page is hydrated, and what keys do
//! * [`sign_in`], [`chat_list`], [`conversation`], [`people`], `groups`, `forward`,
//!   `settings` — the features;
//!   [`static_panes`] — those that the browser's code leaves as the server rendered them
//! * [`overlays`] — menus and pickers, which the server renders and the browser opens
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

//! Everything a person sees: one folder a feature, rendered by the server and hydrated by the
//! browser from the same [`page::Page`].
//!
//! * [`page`] — what a page is made of; the server loads it (`load`) and writes it (`document`)
//! * [`app`] — which view stands where
//! * [`route`], [`location`] — addresses
//! * [`live`] — what begins once a page is hydrated
//! * [`sign_in`], [`chat_list`], [`conversation`], [`people`] — the features
//! * [`shared`], [`words`] — what they all use

pub mod app;
pub mod chat_list;
pub mod conversation;
pub mod live;
pub mod location;
pub mod page;
pub mod people;
pub mod route;
pub mod shared;
pub mod words;

#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
pub mod load;
#[cfg(feature = "ssr")]
pub mod sign_in;

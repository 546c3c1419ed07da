//! Rafiq's core.
pub mod error;
pub mod folding;
pub mod host;
pub mod ids;
mod limits;
pub mod page;
pub mod people;
pub mod replica;
pub mod schedule;
pub mod store;
pub mod sync;
pub mod support_models;

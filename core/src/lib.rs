//! Rafiq's core.
pub mod error;
pub mod host;
pub mod ids;
pub mod replica;
pub mod store;

//! What the tests share.

pub mod mutants;
pub mod phone;
pub mod sim;

//! What the tests share.

pub mod card;
pub mod crash;
pub mod faults;
pub mod fuzz;
pub mod heap;
pub mod mutants;
pub mod phone;
pub mod proxy;
pub mod sim;
pub mod taken;
pub mod world;

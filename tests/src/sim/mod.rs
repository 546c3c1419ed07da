//! A small world under a seed: five devices, a relay, clocks that are wrong, a line that drops, repeats, delays and cuts.
//!
//! Everything in it is real, the engine, the encrypted stores, the relay with its database; only the carrier, the clocks and the
//! randomness are ours. One thread drives it, so that the same seed is the same run, to the last row.
//!
//! [`World::found`] lets the five meet (a coordinator, two pairings, a group, a directory), [`World::live`] lets days go by,
//! [`World::heal`] mends line and clocks, and [`World::judge`] says whether everybody ended up with the same, and nobody without.

mod carrier;
mod device;
mod faults;
mod judge;
mod work;
mod world;

pub use faults::{Fault, Tally};
pub use judge::Verdict;
pub use world::World;

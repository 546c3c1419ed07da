//! Small worlds, each under a seed: devices, relays, couriers, clocks that are wrong, disks that fail, a line that drops, repeats,
//! delays, reorders and cuts.
//!
//! Everything in a world is real, the engine, the encrypted stores, the relays with their databases; only the carrier, the clocks,
//! the disks' failures and the randomness are ours. One thread drives it, so that the same seed is the same run, to the last row.
//!
//! | room | what |
//! |---|---|
//! | `plan` | what follows from a seed: how many, how long |
//! | `world`, `meeting`, `work` | who is there, how they met, what they do in a day |
//! | `device`, `site` | a phone with its clock and disk; a relay |
//! | `carrier` | what stands between the two, and everything that happens to it |
//! | `card` | what goes from phone to phone in a pocket |
//! | `late` | who comes when much has been written already, and what they begin with |
//! | `circle` | who is taken out, who leaves, and what they go on writing |
//! | `mallory` | a member whose keys another programme has |
//! | `judge`, `belonging`, `secrets` | whether everybody ended up with the same, and nobody without; what those have who are out; who can read what |
//! | `run` | many worlds beside each other, and what they come to |

mod belonging;
mod card;
mod carrier;
mod circle;
mod device;
mod faults;
mod judge;
mod late;
mod mallory;
mod meeting;
mod plan;
mod run;
mod secrets;
mod site;
mod work;
mod world;

pub use faults::{Fault, Tally};
pub use judge::Verdict;
pub use plan::Plan;
pub use run::{Failure, Report, live_through};
pub use world::World;

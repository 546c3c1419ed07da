//! What goes wrong on purpose: a disk that loses power or is full, and a scene in which the line is spoilt.

mod disk;
mod random;
mod scene;
mod vfs;

pub use disk::{Disk, Left};
pub use random::Dice;
pub use scene::Scene;

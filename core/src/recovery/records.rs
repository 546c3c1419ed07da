//! What apps see of a recovery kit.

use std::fmt;
use zeroize::Zeroizing;

pub use crate::sync::kit::Kit;

/// The words of a kit that was made just now: shown once, to be copied onto paper. They are nowhere else. Never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct KitWords {
    /// Twelve English words, one blank between two. Wiped from memory when dropped.
    pub words: Zeroizing<String>,
    /// The relay that a new phone has to ask; it belongs onto the paper too.
    pub relay: String,
}

impl fmt::Debug for KitWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "words of a kit at {}", self.relay)
    }
}

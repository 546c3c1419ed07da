//! Rafiq for Kotlin, Swift and Python. UniFFI generates their side from what is exported here; the wrapper of each language
//! (`bindings/kotlin`, `bindings/swift`, `bindings/python`) makes it feel at home there.
//!
//! No logic: a file a noun, as in the core, with the same calls and the same values. The values are mirrored, so that the core
//! knows no UniFFI; every conversion takes its value apart field by field, so that a field that is forgotten does not compile.
//!
//! Every exported call goes through one guard, which turns a panic into [`RafiqError::Bug`]: the object still works afterwards.
//! Calls are synchronous; each may wait for the disk and never for the network.

mod bundle;
mod check_ins;
mod directory;
mod error;
mod groups;
mod guard;
mod host;
mod language;
mod mentoring;
mod people;
mod profile;
mod rafiq;
mod recovery;
mod safety;
mod service;
mod sharing;
mod support_models;
mod sync;
mod today;

pub use bundle::*;
pub use check_ins::*;
pub use directory::*;
pub use error::*;
pub use groups::*;
pub use host::*;
pub use language::*;
pub use mentoring::*;
pub use people::*;
pub use profile::*;
pub use rafiq::*;
pub use recovery::*;
pub use safety::*;
pub use service::*;
pub use sharing::*;
pub use support_models::*;
pub use sync::*;
pub use today::*;

uniffi::setup_scaffolding!();

/// A list of the core's values as a list of ours.
fn each<A, B: From<A>>(values: Vec<A>) -> Vec<B> {
    values.into_iter().map(B::from).collect()
}

/// Values without fields, word by word in both directions; a word that is missing on either side does not compile.
macro_rules! same_words {
    ($ours:ty, $core:ty, $($word:ident),+) => {
        impl From<$core> for $ours {
            fn from(word: $core) -> Self {
                match word { $(<$core>::$word => Self::$word),+ }
            }
        }
        impl From<$ours> for $core {
            fn from(word: $ours) -> Self {
                match word { $(<$ours>::$word => Self::$word),+ }
            }
        }
    };
}

/// Ids: records of one field, so that one kind cannot be given for another.
macro_rules! same_id {
    ($ours:ty, $core:ty) => {
        impl From<$core> for $ours {
            fn from(id: $core) -> Self {
                let value = id.value;
                Self { value }
            }
        }
        impl From<$ours> for $core {
            fn from(id: $ours) -> Self {
                let value = id.value;
                Self { value }
            }
        }
    };
}

use {same_id, same_words};

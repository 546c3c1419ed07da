//! Bundles: envelopes in a file or any other stream of bytes, for where no relay is reached. A memory card, a messenger, a cable, a
//! socket between two phones.
//!
//! A courier sees ciphertext, sizes and counts, and may carry for people whose spaces it is not in. What is damaged on the way is
//! reported and the rest is taken; completeness comes from the entry heads that entries carry, never from a bundle.
//!
//! | room | what |
//! |---|---|
//! | [`sheet`] | the format, written: a bundle is one sheet after another |
//! | [`scan`] | the format, read: whatever is whole, and where something is not |
//! | `writing` | what goes into a bundle |
//! | `file` | a bundle's file that is added to, and mended where it was cut |
//! | `reading` | each envelope to its room, as from a relay |
//! | `carried` | what is kept for others, within its quota |

mod carried;
mod file;
mod reading;
pub mod scan;
pub mod sheet;
#[cfg(test)]
mod tests;
mod writing;

use crate::ids::SpaceId;

/// What goes into a bundle beside the notes and alerts that wait to leave, which always go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BundleContents {
    /// Everything that is held here of these spaces, one's own and others'. Empty: of all spaces but the personal one.
    pub spaces: Vec<SpaceId>,
    /// Also what is carried for others.
    pub carried: bool,
}

/// What writing a bundle did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BundleWritten {
    /// Envelopes that were written.
    pub envelopes: i64,
    /// Envelopes that were there already and stayed as they are.
    pub there: i64,
    /// The bundle's length in bytes now.
    pub bytes: i64,
}

/// What reading a bundle did. Reading it again does no harm: everything is known then.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BundleReport {
    /// Items that were new here: entries, operations, alerts, notes. One may bring others in that had waited for it.
    pub taken: i64,
    /// Envelopes that were here already, read or carried.
    pub known: i64,
    /// Envelopes for us that stand aside: they wait for something, or are refused (`held_items` says why).
    pub aside: i64,
    /// Envelopes for others that were kept, to be carried on; where the quota is used up, in place of older ones.
    pub carried: i64,
    /// Envelopes for others that are not: nothing is carried here, or the quota is used up by what is more urgent.
    pub left: i64,
    /// What is not whole, in the order of the bytes. The bundle it came from may have the rest: write it again.
    pub damaged: Vec<Damage>,
}

/// A place in a bundle that is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    /// What it is.
    pub what: Damaged,
    /// Where, in bytes from the beginning.
    pub at: i64,
}

/// What of a bundle is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Damaged {
    /// The bytes end before the bundle does.
    Cut,
    /// The list of a sheet's envelopes, so that they cannot be told apart: up to 256 KiB are passed over.
    Index,
    /// One envelope; it was passed over.
    Envelope,
    /// What ends a sheet. All its envelopes were read.
    Trailer,
    /// Nothing is wrong: a newer version wrote it. It was passed over.
    Newer,
    /// The medium gave an error. Nothing behind this place was read.
    Unreadable,
    /// More than [`scan::MOST_DAMAGED`] places are damaged; nothing behind this one was read.
    TooMuch,
}

impl Damaged {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Cut, Self::Index, Self::Envelope, Self::Trailer, Self::Newer, Self::Unreadable, Self::TooMuch];

    /// One stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Index => "index",
            Self::Envelope => "envelope",
            Self::Trailer => "trailer",
            Self::Newer => "newer",
            Self::Unreadable => "unreadable",
            Self::TooMuch => "too-much",
        }
    }

    /// The message that says it to a person: `bundle-damaged-cut`, …; it takes the number `at`.
    #[must_use]
    pub fn text_id(self) -> String {
        format!("bundle-damaged-{}", self.code())
    }
}

/// How *carry for others* stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    /// The most bytes to carry; 0: nothing is carried.
    pub quota_bytes: i64,
    /// The bytes that are carried.
    pub bytes: i64,
    /// How many envelopes that is.
    pub envelopes: i64,
}

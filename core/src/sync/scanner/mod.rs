//! Reading a foreign change before automerge does.
//!
//! automerge 0.12 must not see what a peer, even a member, sends unseen: a change of 115 bytes whose run lengths claim
//! three million operations takes a gigabyte, one of 96 bytes with a start near 2³² breaks the next honest write, and
//! some are accepted after which the saved document cannot be loaded. So the scanner parses an uncompressed change
//! itself, in time and memory bounded by its constants, and accepts exactly the bytes that automerge would write for
//! the operations they describe. It knows no document: what it decides is a function of the bytes and of the causal
//! past, and comes out alike on every replica. What only a document can tell is left to [`super::probation`].
//!
//! *Re-encoding gives the same bytes* is shown by reading strictly instead of by writing again: numbers in shortest
//! form, run lengths in the one division automerge uses, columns in order and left out exactly when it leaves them
//! out, actors sorted and none unused, values exactly as long as their type. A test compares with automerge's writer.
//!
//! Rich-text marks and tables are refused: nothing of ours writes them, and a newer version that does raises the
//! entry's `needs`, so that older ones wait instead of refusing.

mod columns;
mod head;
pub(in crate::sync) mod leb;
mod operations;
mod refused;

use std::collections::{BTreeMap, BTreeSet};

pub use head::{Head, peek};
pub use refused::Refused;

/// The longest change accepted, in bytes, chunk header included. They are written up to 32 KiB.
pub const MAX_CHANGE_BYTES: usize = 48 * 1024;

/// The most operations in a change, written and accepted alike.
pub const MAX_OPERATIONS: usize = 4096;

/// The most predecessors of all operations of a change together: four for each, as when four people have set every
/// field at once. Without it a run length could claim any number of them.
pub const MAX_PREDECESSORS: usize = 4 * MAX_OPERATIONS;

/// The most dependencies: as many as an entry may name heads.
pub const MAX_DEPENDENCIES: usize = 1024;

/// The most actors a change may refer to beside its author.
pub const MAX_OTHER_ACTORS: usize = 1024;

/// The longest key of a map, in bytes. Ours are a type and 26 characters, or such ids joined by `/`.
pub const MAX_KEY_BYTES: usize = 1024;

/// All keys of a change together, in bytes, repeated ones counted each time: automerge copies the key for every
/// operation, so that one of 40 KB under a run length of 4,096 would take 160 MB.
pub const MAX_KEYS_BYTES: usize = 512 * 1024;

/// How deep objects made in one change may lie in each other. A record at the root with a list or a text in it takes
/// two. Patches repeat the whole path for every operation, so that 4,096 maps each inside the last would take a gigabyte.
pub const MAX_DEPTH: usize = 16;

/// The longest message of a change, in bytes. Ours have none.
pub const MAX_MESSAGE_BYTES: usize = 1024;

/// How far a change's time may lie from 1970, in the unit the writer chose: no clock decides admission, but automerge
/// stores differences of times and these must not overflow.
pub const MAX_TIME: i64 = 1 << 53;

/// The furthest a counter may start from zero or go in one step. As there are fewer than 2³¹ operations in a document,
/// no sum of steps overflows 64 bits.
pub const MAX_COUNTER: i64 = i32::MAX as i64;

/// The highest number of an operation. automerge counts them in 32 bits and panics beyond.
pub const MAX_OPERATION_COUNTER: u64 = i32::MAX as u64;

/// What the entry and the causal past say a change must be.
pub struct Expected<'a> {
    /// The actor of the entry's device and incarnation in this document.
    pub actor: [u8; 16],
    /// One more than the number of changes of this actor before it.
    pub sequence: u64,
    /// The actor's previous change; `None` before its first. automerge always names it among the dependencies, even
    /// where another dependency implies it, so it must stand there.
    pub previous: Option<[u8; 32]>,
    /// The highest operation of a change that has been admitted to this document, `None` for one that has not.
    pub highest_operation: &'a dyn Fn(&[u8; 32]) -> Option<u64>,
}

/// What came of a change that broke no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scan {
    /// Everything it builds on is here: it may be tried.
    Ready(Scanned),
    /// It has to wait for these changes; nothing else is wrong with it so far. Scan it again when they are here.
    Waiting {
        /// The dependencies that are not known, in ascending order.
        missing: Vec<[u8; 32]>,
    },
}

/// A change that has been scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// Its hash, as automerge computes it.
    pub hash: [u8; 32],
    /// Its number among the changes of its author.
    pub sequence: u64,
    /// The number of its first operation.
    pub start_operation: u64,
    /// How many operations it has; an empty change has none.
    pub operations: u64,
    /// The number of its last operation, or of the last one before it when it is empty: what
    /// [`Expected::highest_operation`] has to answer for it.
    pub highest_operation: u64,
    /// The changes it builds on.
    pub dependencies: Vec<[u8; 32]>,
    /// What it writes to.
    pub touched: Touched,
}

/// What a change writes to and builds on. Automerge's patches are silent when a value changes that loses against another, so the rows
/// to be read again are found by this.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Keys at the root of the document.
    pub root_keys: BTreeSet<String>,
    /// Objects from before the change, each by the number and the actor of the operation that made it, and what the change
    /// takes them for.
    pub objects: BTreeMap<(u64, [u8; 16]), Shape>,
    /// The highest operation of each other actor that it refers to. It must lie in the change's causal past, or a replica
    /// that has it already would admit what another sets aside.
    pub others: BTreeMap<[u8; 16], u64>,
}

/// How the places in an object are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// By name: a map.
    Named,
    /// By position: a list or a text.
    Positional,
}

/// Scan a change.
///
/// It takes no longer than a few passes over [`MAX_CHANGE_BYTES`] and [`MAX_OPERATIONS`], and less than a megabyte.
///
/// # Errors
/// The first rule that is broken. A missing dependency breaks none.
pub fn scan(bytes: &[u8], expected: &Expected<'_>) -> Result<Scan, Refused> {
    let (head, body) = head::read(bytes)?;
    if head.actor != expected.actor {
        return Err(Refused::WrongActor);
    }
    if head.sequence != expected.sequence {
        return Err(Refused::WrongSequence);
    }
    match expected.previous {
        Some(previous) if head.dependencies.binary_search(&previous).is_err() => {
            return Err(Refused::MissingOwnPrevious);
        }
        None if head.sequence != 1 => return Err(Refused::MissingOwnPrevious),
        _ => {}
    }
    let operations = operations::check(&head, body)?;
    let (mut highest, mut missing) = (0, Vec::new());
    for dependency in &head.dependencies {
        match (expected.highest_operation)(dependency) {
            Some(operation) => highest = highest.max(operation),
            None => missing.push(*dependency),
        }
    }
    if !missing.is_empty() {
        return Ok(Scan::Waiting { missing });
    }
    if highest.checked_add(1) != Some(head.start_operation) {
        return Err(Refused::WrongStartOperation);
    }
    Ok(Scan::Ready(Scanned {
        hash: head.hash,
        sequence: head.sequence,
        start_operation: head.start_operation,
        operations: operations.count,
        highest_operation: head.start_operation + operations.count - 1,
        dependencies: head.dependencies,
        touched: operations.touched,
    }))
}

#[cfg(test)]
pub(in crate::sync) mod tests;

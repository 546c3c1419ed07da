//! What a change leads one to expect of the next: both sides keep it, so that only what is otherwise has to be said.

use super::super::error::{Result, WireError};
use super::streams::PLACES;
use crate::sync::wire::entry::MAX_DOCUMENTS;

/// A change of this entry that others may build on.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) hash: [u8; 32],
    pub(super) highest: u64,
}

/// What has been seen of an entry so far.
#[derive(Default)]
pub(super) struct Past {
    pub(super) actors: Vec<[u8; 16]>,
    sequences: Vec<u64>,
    pub(super) foreign: Vec<[u8; 32]>,
    documents: Vec<Vec<Known>>,
    pub(super) time: i64,
    numbers: [i64; PLACES + 1],
}

impl Past {
    pub(super) fn add_actor(&mut self, actor: [u8; 16]) -> usize {
        self.actors.push(actor);
        self.sequences.push(0);
        self.actors.len() - 1
    }

    /// The sequence that an actor's next change should have.
    pub(super) fn next_sequence(&self, actor: usize) -> u64 {
        self.sequences[actor].wrapping_add(1)
    }

    pub(super) fn set_sequence(&mut self, actor: usize, sequence: u64) {
        self.sequences[actor] = sequence;
    }

    /// The changes of a document, in their order.
    pub(super) fn changes(&mut self, document: usize) -> Result<&mut Vec<Known>> {
        if document >= MAX_DOCUMENTS {
            return Err(WireError::Malformed);
        }
        if document >= self.documents.len() {
            self.documents.resize_with(document + 1, Vec::new);
        }
        Ok(&mut self.documents[document])
    }

    /// The last number in a place.
    pub(super) fn number(&mut self, place: usize) -> &mut i64 {
        &mut self.numbers[place]
    }
}

/// Counts the values of a change and says where each has its streams.
pub(super) struct Places {
    next: usize,
    apart: bool,
}

impl Places {
    /// `apart`: the first value in the first place, and so on; else all in the last.
    pub(super) const fn new(apart: bool) -> Self {
        Self { next: 0, apart }
    }

    pub(super) fn next(&mut self) -> usize {
        let place = if self.apart { self.next.min(PLACES - 1) } else { PLACES };
        self.next += 1;
        place
    }

    /// Where the next value will be.
    pub(super) fn peek(&self) -> usize {
        if self.apart { self.next.min(PLACES - 1) } else { PLACES }
    }
}

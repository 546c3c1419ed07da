//! The few documents that were written to last, kept loaded.

use crate::ids::DocumentId;
use automerge::Automerge;

/// Enough for a morning's work in a handful of spaces; each is small by design (≤ 64 KB saved).
const CAPACITY: usize = 16;

pub(super) struct Cache {
    /// Oldest use first.
    entries: Vec<(DocumentId, Automerge)>,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new() }
    }

    pub(super) fn get(&self, id: &DocumentId) -> Option<&Automerge> {
        self.entries.iter().find(|(held, _)| held == id).map(|(_, document)| document)
    }

    pub(super) fn take(&mut self, id: &DocumentId) -> Option<Automerge> {
        let place = self.entries.iter().position(|(held, _)| held == id)?;
        Some(self.entries.remove(place).1)
    }

    pub(super) fn put_all(&mut self, documents: Vec<(DocumentId, Automerge)>) {
        for (id, document) in documents {
            self.take(&id);
            self.entries.push((id, document));
        }
        let surplus = self.entries.len().saturating_sub(CAPACITY);
        self.entries.drain(..surplus);
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }
}

//! A fault of the store in one space stops that space and no other: the rest of an exchange goes on, and it is told.

use super::Sync;
use crate::error::{Error, Result};
use crate::ids::SpaceId;

/// A space that could not be exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) space: SpaceId,
    pub(super) error: Error,
    /// By our clock, Unix milliseconds.
    pub(super) at_ms: i64,
}

impl Sync {
    /// Passes on what a space's work gave; `None` if what went wrong is that space's alone. What is wrong with the whole store, or with
    /// the host, ends the exchange as ever: nothing else would go better.
    pub(crate) fn isolated<T>(&self, space: &SpaceId, done: Result<T>) -> Result<Option<T>> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(error) if is_of_one_space(&error) => {
                let trouble = Trouble { space: *space, error, at_ms: self.replica.now_ms() };
                let mut troubles = self.troubles.lock();
                if !troubles.iter().any(|known| known.space == *space) {
                    troubles.push(trouble);
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Before the next try with these spaces.
    pub(super) fn forget_troubles(&self, of: impl Fn(&SpaceId) -> bool) {
        self.troubles.lock().retain(|trouble| !of(&trouble.space));
    }

    /// What went wrong in a space at the last exchange or bundle, if anything.
    pub(super) fn trouble_of(&self, space: &SpaceId) -> Option<Error> {
        self.troubles.lock().iter().find(|trouble| trouble.space == *space).map(|trouble| trouble.error.clone())
    }
}

/// Whether an error says something about one space, and nothing about the others.
pub(super) const fn is_of_one_space(error: &Error) -> bool {
    matches!(error, Error::Corrupt | Error::Bug { .. } | Error::NotFound | Error::Invalid { .. })
}

impl Trouble {
    /// In one stable word.
    pub(super) const fn reason(&self) -> &'static str {
        match self.error {
            Error::Corrupt => "store-fault",
            _ => "bug",
        }
    }
}

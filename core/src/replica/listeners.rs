//! Who hears of changes. Listeners are called after the commit, with no lock held, and one that fails harms nobody.

use parking_lot::Mutex;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

/// What changed: a noun's name and the root keys of its documents. No keys means: look at everything of that noun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The noun, as [`super::Noun::name`] says it.
    pub noun: &'static str,
    /// Root keys, such as `check-in/<id>`; empty for all.
    pub keys: Vec<String>,
}

/// Hears of changes. Called on the thread that committed; must return soon and must not write.
pub trait Listener: Send + Sync {
    /// Told after a commit.
    fn changed(&self, changed: &[Changed]);
}

#[derive(Default)]
pub(super) struct Listeners {
    list: Mutex<Vec<(u64, Arc<dyn Listener>)>>,
    next: AtomicU64,
}

/// Ends when cancelled or dropped; may outlive the replica.
pub struct Subscription {
    listeners: Weak<Listeners>,
    number: u64,
}

impl Subscription {
    /// No call begins after this returns. Idempotent.
    pub fn cancel(&self) {
        if let Some(listeners) = self.listeners.upgrade() {
            let mut list = listeners.list.lock();
            let gone = list.iter().position(|(number, _)| *number == self.number).map(|at| list.remove(at));
            drop(list); // dropping a listener may call into another language
            drop(gone);
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl Listeners {
    pub(super) fn add(self: &Arc<Self>, listener: Arc<dyn Listener>) -> Subscription {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.list.lock().push((number, listener));
        Subscription { listeners: Arc::downgrade(self), number }
    }

    pub(super) fn tell(&self, changed: Vec<Changed>) {
        if changed.is_empty() {
            return;
        }
        let told = self.list.lock().clone();
        for (_, listener) in told {
            // The commit stands whatever a listener does.
            let _ = catch_unwind(AssertUnwindSafe(|| listener.changed(&changed)));
        }
    }
}

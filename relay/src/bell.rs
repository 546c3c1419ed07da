//! Who is told when something arrives: the open wake streams, by space.

use parking_lot::Mutex;
use rafiq_protocol::Tag;
use std::collections::HashMap;
use std::sync::{Arc, Weak};
use tokio::sync::Notify;

/// One bell for all spaces of a process. It says only that something arrived; what, an exchange tells.
#[derive(Default)]
pub(crate) struct Bell {
    listeners: Mutex<HashMap<Tag, Vec<Ear>>>,
}

/// Under which name somebody listens there, and how to reach them.
type Ear = ([u8; 8], Weak<Notify>);

impl Bell {
    /// Hears of whatever arrives in these spaces and was not put there by the name that is given with each.
    pub(crate) fn listen(self: &Arc<Self>, places: Vec<(Tag, [u8; 8])>) -> Listener {
        let heard = Arc::new(Notify::new());
        let mut listeners = self.listeners.lock();
        for (tag, name) in &places {
            listeners.entry(*tag).or_default().push((*name, Arc::downgrade(&heard)));
        }
        drop(listeners);
        Listener { bell: Arc::clone(self), tags: places.into_iter().map(|(tag, _)| tag).collect(), heard }
    }

    /// Something by this writer (nobody for a post) was committed there.
    pub(crate) fn ring(&self, tag: &Tag, writer: Option<[u8; 8]>) {
        for (name, listener) in self.listeners.lock().get(tag).into_iter().flatten() {
            if Some(*name) != writer {
                listener.upgrade().inspect(|heard| heard.notify_one());
            }
        }
    }

    /// Something may have been missed: everybody had better look.
    pub(crate) fn ring_all(&self) {
        for (_, listener) in self.listeners.lock().values().flatten() {
            listener.upgrade().inspect(|heard| heard.notify_one());
        }
    }
}

/// Hears the bell until dropped. What rings while nobody waits is kept: once, however often it rang.
pub(crate) struct Listener {
    bell: Arc<Bell>,
    tags: Vec<Tag>,
    heard: Arc<Notify>,
}

impl Listener {
    pub(crate) async fn rung(&self) {
        self.heard.notified().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let own = Arc::downgrade(&self.heard);
        let mut listeners = self.bell.listeners.lock();
        for tag in &self.tags {
            if let Some(there) = listeners.get_mut(tag) {
                there.retain(|(_, listener)| !listener.ptr_eq(&own));
                if there.is_empty() {
                    listeners.remove(tag);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    fn heard(listener: &Listener) -> bool {
        pin!(listener.rung()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn it_rings_for_others_and_once() {
        let bell = Arc::new(Bell::default());
        let listener = bell.listen(vec![([1; 16], [7; 8]), ([2; 16], [7; 8])]);
        bell.ring(&[1; 16], Some([7; 8]));
        bell.ring(&[3; 16], Some([8; 8]));
        assert!(!heard(&listener), "neither its own nor somebody else's place");
        bell.ring(&[1; 16], Some([8; 8]));
        bell.ring(&[2; 16], None);
        assert_eq!([heard(&listener), heard(&listener)], [true, false]);
        bell.ring_all();
        assert!(heard(&listener));
        drop(listener);
        assert!(bell.listeners.lock().is_empty());
    }
}

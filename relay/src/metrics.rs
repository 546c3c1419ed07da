//! What an operator's monitoring may know: sums, never who.

use crate::connections::Peers;
use crate::store::Outcome;
use rafiq_protocol::Status;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number that others read while it changes.
#[derive(Default)]
pub(crate) struct Number(AtomicU64);

impl Number {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn subtract(&self, less: u64) {
        self.0.fetch_sub(less, Ordering::Relaxed);
    }

    pub(crate) fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counted since this process started, but for what is held.
#[derive(Default)]
pub(crate) struct Metrics {
    pub(crate) exchanges: Number,
    pub(crate) not_understood: Number,
    pub(crate) failed: Number,
    pub(crate) acknowledged: Number,
    pub(crate) too_many: Number,
    pub(crate) full: Number,
    pub(crate) forbidden: Number,
    pub(crate) deleted: Number,
    pub(crate) wakes: Number,
    pub(crate) spaces: Number,
    pub(crate) bytes: Number,
}

impl Metrics {
    /// A section's or a post's write was answered so.
    pub(crate) fn written(&self, outcome: Outcome) {
        self.acknowledged.add(u64::from(outcome.stored));
        match outcome.status {
            Status::TooMany => self.too_many.add(1),
            Status::Full => self.full.add(1),
            Status::Forbidden => self.forbidden.add(1),
            Status::Ok | Status::StaleNonce | Status::Invalid | Status::Behind => {}
        }
    }

    /// In Prometheus' text format.
    pub(crate) fn print(&self, peers: &Peers) -> String {
        let connections = peers.open() as u64;
        let lines = [
            ("exchanges_total", "counter", "Exchanges answered", self.exchanges.get()),
            ("exchanges_not_understood_total", "counter", "Requests that were none", self.not_understood.get()),
            ("exchanges_failed_total", "counter", "Exchanges answered by 503", self.failed.get()),
            ("envelopes_acknowledged_total", "counter", "Envelopes called stored", self.acknowledged.get()),
            ("writes_too_many_total", "counter", "Writes above an allowance", self.too_many.get()),
            ("writes_full_total", "counter", "Writes for which a place or the relay was full", self.full.get()),
            ("writes_forbidden_total", "counter", "Writes by a key or token that may not", self.forbidden.get()),
            ("envelopes_deleted_total", "counter", "Envelopes deleted after their retention", self.deleted.get()),
            ("connections", "gauge", "Connections open now", connections),
            ("wake_streams", "gauge", "Wake streams open now", self.wakes.get()),
            ("spaces", "gauge", "Spaces and inboxes, as last counted", self.spaces.get()),
            ("held_bytes", "gauge", "Bytes of envelopes, as last counted", self.bytes.get()),
        ];
        let mut text = String::new();
        for (name, kind, help, value) in lines {
            let name = format!("rafiq_relay_{name}");
            // Writing to a String cannot fail.
            let _ = writeln!(text, "# HELP {name} {help}.\n# TYPE {name} {kind}\n{name} {value}");
        }
        text
    }
}

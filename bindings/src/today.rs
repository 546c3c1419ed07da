//! Today: what is due now for the person whose profile this is, across nouns, and when to remind them.

use std::collections::HashMap;

use rafiq::today as core;

use crate::guard::guarded;
use crate::{RafiqError, each, same_words};

/// What kind of thing is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum DueKind {
    /// Somebody asks for a person, now. `target` is the alert's id.
    Alert,
    /// Two values were kept and a person is to choose. `target` is the pairing's or the session's id.
    Conflict,
    /// A pairing meets. `target` is the pairing's id.
    Meeting,
    /// A group meets. `target` is the session's id.
    Session,
    /// A shared check-in asks for contact this week. `target` is the check-in's id.
    CheckIn,
    /// A step of a pairing's plan is one's own to do. `target` is the step's id in the plan of the pairing `space`.
    Step,
    /// A pairing's plan asks to look after somebody. `target` as for a step.
    Watch,
    /// An open goal of one's own. `target` is the goal's id.
    Goal,
}

/// Something that is due for the person whose profile this is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DueItem {
    /// The same for as long as it is the same thing.
    pub id: String,
    /// What kind.
    pub kind: DueKind,
    /// The message that says it.
    pub text_id: String,
    /// The message's texts by name. Where a message has a `$date`, an app adds `due_from_ms` as its language and zone write it.
    pub args: HashMap<String, String>,
    /// When it begins, Unix ms.
    pub due_from_ms: i64,
    /// When it is overdue, Unix ms; for something that takes place, when it begins.
    pub due_by_ms: i64,
    /// The space it concerns; empty for an alert from elsewhere.
    pub space: String,
    /// What to open.
    pub target: String,
}

/// When to tell somebody that there is something. Says nothing of what it is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reminder {
    /// When, Unix ms.
    pub at_ms: i64,
    /// The same for as long as the thing and its time are the same; tells nothing about it.
    pub id: String,
}

/// The calls about today.
#[derive(uniffi::Object)]
pub struct Today {
    pub(crate) core: core::Today,
}

#[uniffi::export]
impl Today {
    /// What is due: alerts; then conflicts to settle; then what takes place within seven days and what there is to do, by time;
    /// last one's own open goals. Days begin and end in `zone` (IANA name; `Invalid{zone, unknown}` otherwise).
    pub fn list(&self, now_ms: i64, zone: String) -> Result<Vec<DueItem>, RafiqError> {
        guarded("today.list", || Ok(each(self.core.list(now_ms, &zone)?)))
    }

    /// When to remind, from now until `horizon_ms` later (at most a year), the soonest 60. Ids and instants only: shells schedule
    /// them as local notifications.
    pub fn reminders(&self, now_ms: i64, horizon_ms: i64, zone: String) -> Result<Vec<Reminder>, RafiqError> {
        guarded("today.reminders", || Ok(each(self.core.reminders(now_ms, horizon_ms, &zone)?)))
    }
}

same_words!(DueKind, core::DueKind, Alert, Conflict, Meeting, Session, CheckIn, Step, Watch, Goal);

impl From<core::DueItem> for DueItem {
    fn from(item: core::DueItem) -> Self {
        let core::DueItem { id, kind, text_id, args, due_from_ms, due_by_ms, space, target } = item;
        let (kind, args) = (kind.into(), args.into_iter().collect());
        Self { id, kind, text_id, args, due_from_ms, due_by_ms, space, target }
    }
}

impl From<core::Reminder> for Reminder {
    fn from(reminder: core::Reminder) -> Self {
        let core::Reminder { at_ms, id } = reminder;
        Self { at_ms, id }
    }
}

//! What an app sees of today.

/// What kind of thing is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueItem {
    /// The same for as long as it is the same thing.
    pub id: String,
    /// What kind.
    pub kind: DueKind,
    /// The message that says it.
    pub text_id: String,
    /// The message's texts by name (`name`, `group`, `pairing`, `title`, `place`, `goal`). Where a message has a `$date`, an app adds
    /// `due_from_ms` as its language and zone write it.
    pub args: Vec<(String, String)>,
    /// When it begins, Unix ms.
    pub due_from_ms: i64,
    /// When it is overdue, Unix ms; for something that takes place, when it begins.
    pub due_by_ms: i64,
    /// The space it concerns, as text; empty for an alert from elsewhere.
    pub space: String,
    /// What to open.
    pub target: String,
}

/// When to tell somebody that there is something. Says nothing of what it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reminder {
    /// When, Unix ms.
    pub at_ms: i64,
    /// The same for as long as the thing and its time are the same; tells nothing about it.
    pub id: String,
}

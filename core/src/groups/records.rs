//! What an app sees of groups.

use crate::people::PersonRef;

/// A group's id: that of its space.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SupportGroupId {
    /// As text.
    pub value: String,
}

/// A session's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId {
    /// As text.
    pub value: String,
}

/// A group to be founded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// At most 80 characters. Seen by the members, and in invites.
    pub name: String,
    /// The language it mostly speaks, BCP 47.
    pub language: String,
    /// How many people it is meant for, 2 to 200. Small groups deepen trust.
    pub capacity: i32,
    /// Where it usually meets, at most 200 characters; may be empty.
    pub place: String,
}

/// A group of peers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportGroup {
    /// Its id, also that of its space.
    pub id: SupportGroupId,
    /// What it is called.
    pub name: String,
    /// The language it mostly speaks, BCP 47; empty until the first exchange after joining.
    pub language: String,
    /// How many people it is meant for; 0 until the first exchange after joining.
    pub capacity: i32,
    /// How many people are in its roster.
    pub people: i32,
    /// Where it usually meets; may be empty.
    pub place: String,
}

/// How people take part in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modality {
    /// At one place.
    InPerson,
    /// By telephone or video.
    Remote,
    /// Some here, some there.
    Hybrid,
}

/// A session to be held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Unix ms.
    pub starts_at_ms: i64,
    /// The IANA zone in which the time was agreed.
    pub zone: String,
    /// At most 200 characters; may be empty.
    pub place: String,
    /// How people take part.
    pub modality: Modality,
}

/// A session of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub group: SupportGroupId,
    /// When it begins, Unix ms: the value that stands, the same on every phone.
    pub starts_at_ms: i64,
    /// Other times that were set without knowing of it; not empty: to be settled with `resolve_session_time`.
    pub other_times_ms: Vec<i64>,
    /// The IANA zone in which the time was agreed.
    pub zone: String,
    /// Where; may be empty.
    pub place: String,
    /// How people take part.
    pub modality: Modality,
    /// It will not be held.
    pub cancelled: bool,
}

/// Whether somebody came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// Came.
    Came,
    /// Came late.
    Late,
    /// Let others know before.
    Excused,
    /// Did not come.
    Missed,
}

/// One mark of an attendance list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Who.
    pub person: PersonRef,
    /// Whether they came.
    pub presence: Presence,
}

/// One line of an attendance list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttendanceMark {
    /// Who.
    pub person: PersonRef,
    /// As they want to be called.
    pub name: String,
    /// The mark that stands; `None` where nobody has marked yet.
    pub presence: Option<Presence>,
    /// What others marked without knowing of it; marking again settles it.
    pub others: Vec<Presence>,
}

impl Modality {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::InPerson => "in-person",
            Self::Remote => "remote",
            Self::Hybrid => "hybrid",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::InPerson, Self::Remote, Self::Hybrid].into_iter().find(|modality| modality.word() == word)
    }
}

impl Presence {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::Late => "late",
            Self::Excused => "excused",
            Self::Missed => "missed",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Came, Self::Late, Self::Excused, Self::Missed].into_iter().find(|presence| presence.word() == word)
    }

    /// The message that names it: `attendance-came`, `attendance-late`, …
    pub fn text_id(self) -> String {
        format!("attendance-{}", self.word())
    }
}

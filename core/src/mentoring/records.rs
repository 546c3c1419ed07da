//! What an app sees of pairings.

use crate::check_ins::HelpKind;
use crate::people::PersonRef;

/// A pairing's id: that of its circle.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PairingId {
    /// As text.
    pub value: String,
}

/// A goal's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoalId {
    /// As text.
    pub value: String,
}

/// A pairing to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPairing {
    /// The support model it follows, by id: `newcomer-mentoring`, `buddy`, …
    pub model: String,
    /// One's own part: a role id of the model (`mentor`, `newcomer`, `buddy`, …).
    pub my_role: String,
    /// At most 80 characters. Seen by everybody in the circle, and in its invites.
    pub title: String,
}

/// Two people (and whoever accompanies them) and what they are on the way with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// Its id, also that of its circle.
    pub id: PairingId,
    /// As it was named.
    pub title: String,
    /// The support model's id; empty until the first exchange after joining.
    pub model: String,
    /// When it began, Unix ms.
    pub started_at_ms: i64,
    /// Everybody in the circle, with their part.
    pub people: Vec<PairingPerson>,
    /// One's own part, if one has taken it.
    pub my_role: Option<String>,
    /// Who hears first when somebody asks for contact.
    pub responder: Option<PersonRef>,
    /// When they next meet, with every other time that was kept.
    pub next_meeting: Option<NextMeeting>,
}

/// Somebody in a pairing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairingPerson {
    /// Who.
    pub person: PersonRef,
    /// As they want to be called.
    pub name: String,
    /// Their part, a role id of the model; the message `role-<id>` names it. `None` until they have taken one.
    pub role: Option<String>,
}

/// A time and a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Unix ms.
    pub starts_at_ms: i64,
    /// The IANA zone in which the time was agreed.
    pub zone: String,
    /// At most 200 characters; may be empty.
    pub place: String,
}

/// A meeting, and who entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingChoice {
    /// The meeting.
    pub meeting: Meeting,
    /// Who entered it.
    pub by: PersonRef,
    /// As they want to be called.
    pub by_name: String,
}

/// The next meeting, with both values of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextMeeting {
    /// The one that stands, the same on every phone.
    pub value: MeetingChoice,
    /// What others entered without knowing of it; not empty: to be settled with `resolve_next_meeting`.
    pub others: Vec<MeetingChoice>,
}

/// Something that a person wants to reach. It stays their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// Its id.
    pub id: GoalId,
    /// In their words.
    pub text: String,
    /// Whose it is.
    pub by: PersonRef,
    /// When it was written, Unix ms.
    pub at_ms: i64,
    /// When it was reached, Unix ms.
    pub done_at_ms: Option<i64>,
}

/// A small victory: from the model's catalogue, or in own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Milestone {
    /// One of the catalogue's; the message `milestone-<id>` names it.
    Catalogue {
        /// Its id.
        id: String,
    },
    /// In own words, at most 500 characters.
    Own {
        /// The words.
        text: String,
    },
}

/// A milestone that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachedMilestone {
    /// The record's id.
    pub id: String,
    /// Which.
    pub milestone: Milestone,
    /// Who entered it.
    pub by: PersonRef,
    /// When, Unix ms.
    pub at_ms: i64,
}

/// How two people were in touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactKind {
    /// Met.
    Visit,
    /// Talked by telephone.
    Call,
    /// Wrote.
    Message,
    /// Went along somewhere.
    Accompaniment,
}

/// A contact to be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContact {
    /// How.
    pub kind: ContactKind,
    /// What kind of support it was.
    pub help: HelpKind,
    /// When, Unix ms; not in the future.
    pub at_ms: i64,
}

/// A contact that was logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The record's id.
    pub id: String,
    /// How.
    pub kind: ContactKind,
    /// What kind of support it was.
    pub help: HelpKind,
    /// When, Unix ms.
    pub at_ms: i64,
    /// Who logged it.
    pub by: PersonRef,
}

/// Something for someone to do in a pairing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanStep {
    /// What `complete_step` takes: the same on every phone.
    pub id: String,
    /// The message that says it.
    pub text_id: String,
    /// The role that does it.
    pub role: String,
    /// Whether that is one's own role.
    pub is_mine: bool,
    /// It comes from a watch (nobody is forgotten) and not from the plan.
    pub is_watch: bool,
    /// Whom it is about, if it is one person.
    pub person: Option<PersonRef>,
    /// Steps that belong together; the message `checklist-<id>` names them.
    pub checklist: Option<String>,
    /// When it begins, Unix ms.
    pub due_from_ms: i64,
    /// When it is overdue, Unix ms.
    pub due_by_ms: i64,
    /// It has been done.
    pub done: bool,
}

impl ContactKind {
    const ALL: [Self; 4] = [Self::Visit, Self::Call, Self::Message, Self::Accompaniment];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Call => "call",
            Self::Message => "message",
            Self::Accompaniment => "accompaniment",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The message that names it: `contact-kind-visit`, …
    pub fn text_id(self) -> String {
        format!("contact-kind-{}", self.word())
    }
}

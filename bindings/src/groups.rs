//! Groups: who they are, when they meet, who came. Everything here is seen by the group's members and facilitators.

use rafiq::groups as core;

use crate::guard::guarded;
use crate::{PersonRef, RafiqError, each, same_id, same_words};

/// A group's id: that of its space.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct SupportGroupId {
    /// As text.
    pub value: String,
}

/// A session's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct SessionId {
    /// As text.
    pub value: String,
}

/// A group to be founded.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewGroup {
    /// At most 80 characters. Seen by the members, and in invites.
    pub name: String,
    /// The language it mostly speaks, BCP 47.
    pub language: String,
    /// How many people it is meant for, 2 to 200.
    pub capacity: i32,
    /// Where it usually meets, at most 200 characters; may be empty.
    #[uniffi(default = "")]
    pub place: String,
}

/// A group of peers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Modality {
    /// At one place.
    InPerson,
    /// By telephone or video.
    Remote,
    /// Some here, some there.
    Hybrid,
}

/// A session to be held.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewSession {
    /// Unix ms.
    pub starts_at_ms: i64,
    /// The IANA zone in which the time was agreed.
    pub zone: String,
    /// At most 200 characters; may be empty.
    #[uniffi(default = "")]
    pub place: String,
    /// How people take part.
    pub modality: Modality,
}

/// A session of a group.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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

/// One piece of a list of sessions.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SessionPage {
    /// The earliest first.
    pub items: Vec<Session>,
    /// Hand this in for the next piece; none at the end.
    pub next: Option<String>,
}

/// Whether somebody came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Mark {
    /// Who.
    pub person: PersonRef,
    /// Whether they came.
    pub presence: Presence,
}

/// One line of an attendance list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AttendanceMark {
    /// Who.
    pub person: PersonRef,
    /// As they want to be called.
    pub name: String,
    /// The mark that stands; none where nobody has marked yet.
    pub presence: Option<Presence>,
    /// What others marked without knowing of it; marking again settles it.
    pub others: Vec<Presence>,
}

/// The calls about groups.
#[derive(uniffi::Object)]
pub struct SupportGroups {
    pub(crate) core: core::Groups,
}

#[uniffi::export]
impl SupportGroups {
    /// Founds a group with oneself in it. `Invalid{capacity, range}` outside of 2 to 200; `Invalid{name, missing}` before one
    /// has said who one is.
    pub fn found(&self, new: NewGroup) -> Result<SupportGroup, RafiqError> {
        guarded("groups.found", || Ok(self.core.found(new.into())?.into()))
    }

    /// All groups, the oldest first.
    pub fn list(&self) -> Result<Vec<SupportGroup>, RafiqError> {
        guarded("groups.list", || Ok(each(self.core.list()?)))
    }

    /// One group. `NotFound` if this profile does not hold it.
    pub fn get(&self, group: SupportGroupId) -> Result<SupportGroup, RafiqError> {
        guarded("groups.get", || Ok(self.core.get(&group.into())?.into()))
    }

    /// Plans a session.
    pub fn schedule_session(&self, group: SupportGroupId, new: NewSession) -> Result<Session, RafiqError> {
        guarded("groups.schedule_session", || Ok(self.core.schedule_session(&group.into(), new.into())?.into()))
    }

    /// Moves a session. If another moved it meanwhile, both times are kept (`Session.other_times_ms`).
    pub fn move_session(&self, session: SessionId, starts_at_ms: i64) -> Result<Session, RafiqError> {
        guarded("groups.move_session", || Ok(self.core.move_session(&session.into(), starts_at_ms)?.into()))
    }

    /// Settles which of several kept times stands: one of them, or a new one.
    pub fn resolve_session_time(&self, session: SessionId, starts_at_ms: i64) -> Result<Session, RafiqError> {
        guarded("groups.resolve_session_time", || {
            Ok(self.core.resolve_session_time(&session.into(), starts_at_ms)?.into())
        })
    }

    /// Says that a session will not be held. It stays in the list, as cancelled.
    pub fn cancel_session(&self, session: SessionId) -> Result<Session, RafiqError> {
        guarded("groups.cancel_session", || Ok(self.core.cancel_session(&session.into())?.into()))
    }

    /// Sessions from a time on, the earliest first, 1 to 500 a page; `after` is the last page's `next`.
    #[uniffi::method(default(after = None))]
    pub fn sessions(
        &self,
        group: SupportGroupId,
        from_ms: i64,
        limit: i32,
        after: Option<String>,
    ) -> Result<SessionPage, RafiqError> {
        guarded("groups.sessions", || {
            let page = self.core.sessions(&group.into(), from_ms, limit, after)?;
            Ok(SessionPage { items: each(page.items), next: page.next })
        })
    }

    /// One session.
    pub fn session(&self, session: SessionId) -> Result<Session, RafiqError> {
        guarded("groups.session", || Ok(self.core.session(&session.into())?.into()))
    }

    /// Keeps all marks of a session in one write. A mark that stands already is not written again; one that differs replaces it
    /// and settles a conflict. `NotFound` for somebody who is not in the roster.
    pub fn record_attendance(&self, session: SessionId, marks: Vec<Mark>) -> Result<(), RafiqError> {
        guarded("groups.record_attendance", || self.core.record_attendance(&session.into(), each(marks)))
    }

    /// Everybody in the group with their mark, by name.
    pub fn attendance(&self, session: SessionId) -> Result<Vec<AttendanceMark>, RafiqError> {
        guarded("groups.attendance", || Ok(each(self.core.attendance(&session.into())?)))
    }
}

/// The message that names a mark: `attendance-came`, `attendance-late`, …
#[uniffi::export]
pub fn presence_text_id(presence: Presence) -> Result<String, RafiqError> {
    guarded("presence_text_id", || Ok(core::Presence::from(presence).text_id()))
}

same_id!(SupportGroupId, core::SupportGroupId);
same_id!(SessionId, core::SessionId);
same_words!(Modality, core::Modality, InPerson, Remote, Hybrid);
same_words!(Presence, core::Presence, Came, Late, Excused, Missed);

impl From<NewGroup> for core::NewGroup {
    fn from(new: NewGroup) -> Self {
        let NewGroup { name, language, capacity, place } = new;
        Self { name, language, capacity, place }
    }
}

impl From<core::SupportGroup> for SupportGroup {
    fn from(group: core::SupportGroup) -> Self {
        let core::SupportGroup { id, name, language, capacity, people, place } = group;
        Self { id: id.into(), name, language, capacity, people, place }
    }
}

impl From<NewSession> for core::NewSession {
    fn from(new: NewSession) -> Self {
        let NewSession { starts_at_ms, zone, place, modality } = new;
        Self { starts_at_ms, zone, place, modality: modality.into() }
    }
}

impl From<core::Session> for Session {
    fn from(session: core::Session) -> Self {
        let core::Session { id, group, starts_at_ms, other_times_ms, zone, place, modality, cancelled } = session;
        let (id, group, modality) = (id.into(), group.into(), modality.into());
        Self { id, group, starts_at_ms, other_times_ms, zone, place, modality, cancelled }
    }
}

impl From<Mark> for core::Mark {
    fn from(mark: Mark) -> Self {
        let Mark { person, presence } = mark;
        Self { person: person.into(), presence: presence.into() }
    }
}

impl From<core::AttendanceMark> for AttendanceMark {
    fn from(mark: core::AttendanceMark) -> Self {
        let core::AttendanceMark { person, name, presence, others } = mark;
        Self { person: person.into(), name, presence: presence.map(Presence::from), others: each(others) }
    }
}

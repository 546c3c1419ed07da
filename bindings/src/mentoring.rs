//! Mentoring: a pairing in a circle of its own, with its plan, meetings, goals, small victories and contacts.

use rafiq::mentoring as core;

use crate::guard::guarded;
use crate::{HelpKind, PersonRef, RafiqError, each, same_id, same_words};

/// A pairing's id: that of its circle.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct PairingId {
    /// As text.
    pub value: String,
}

/// A goal's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct GoalId {
    /// As text.
    pub value: String,
}

/// A pairing to begin.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewPairing {
    /// The support model it follows, by id: `newcomer-mentoring`, `buddy`, …
    pub model: String,
    /// One's own part: a role id of the model.
    pub my_role: String,
    /// At most 80 characters. Seen by everybody in the circle, and in its invites.
    pub title: String,
}

/// Two people (and whoever accompanies them) and what they are on the way with.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PairingPerson {
    /// Who.
    pub person: PersonRef,
    /// As they want to be called.
    pub name: String,
    /// Their part; the message `role-<id>` names it. None until they have taken one.
    pub role: Option<String>,
}

/// A time and a place.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Meeting {
    /// Unix ms.
    pub starts_at_ms: i64,
    /// The IANA zone in which the time was agreed.
    pub zone: String,
    /// At most 200 characters; may be empty.
    #[uniffi(default = "")]
    pub place: String,
}

/// A meeting, and who entered it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MeetingChoice {
    /// The meeting.
    pub meeting: Meeting,
    /// Who entered it.
    pub by: PersonRef,
    /// As they want to be called.
    pub by_name: String,
}

/// The next meeting, with both values of a conflict.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NextMeeting {
    /// The one that stands, the same on every phone.
    pub value: MeetingChoice,
    /// What others entered without knowing of it; not empty: to be settled with `resolve_next_meeting`.
    pub others: Vec<MeetingChoice>,
}

/// Something that a person wants to reach. It stays their own.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewContact {
    /// How.
    pub kind: ContactKind,
    /// What kind of support it was.
    pub help: HelpKind,
    /// When, Unix ms; not in the future.
    pub at_ms: i64,
}

/// A contact that was logged.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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

/// The calls about pairings.
#[derive(uniffi::Object)]
pub struct Mentoring {
    pub(crate) core: core::Mentoring,
}

#[uniffi::export]
impl Mentoring {
    /// Founds a circle for a pairing, with oneself in it. `Invalid{model, unknown}`, `Invalid{role, unknown}`;
    /// `Invalid{name, missing}` before one has said who one is.
    pub fn begin(&self, new: NewPairing) -> Result<Pairing, RafiqError> {
        guarded("mentoring.begin", || Ok(self.core.begin(new.into())?.into()))
    }

    /// Says which part one takes, for whoever joined: after the first exchange, when the pairing itself has arrived (`NotFound`
    /// before). `Invalid{role, unknown}` for a role that the model does not have.
    pub fn take_role(&self, pairing: PairingId, role: String) -> Result<Pairing, RafiqError> {
        guarded("mentoring.take_role", || Ok(self.core.take_role(&pairing.into(), &role)?.into()))
    }

    /// All pairings, the oldest first.
    pub fn list(&self) -> Result<Vec<Pairing>, RafiqError> {
        guarded("mentoring.list", || Ok(each(self.core.list()?)))
    }

    /// One pairing. `NotFound` if this profile does not hold it.
    pub fn get(&self, pairing: PairingId) -> Result<Pairing, RafiqError> {
        guarded("mentoring.get", || Ok(self.core.get(&pairing.into())?.into()))
    }

    /// Names who hears first when somebody asks for contact: somebody in the circle (`NotFound` otherwise).
    pub fn set_responder(&self, pairing: PairingId, person: PersonRef) -> Result<(), RafiqError> {
        guarded("mentoring.set_responder", || self.core.set_responder(&pairing.into(), &person.into()))
    }

    /// Says when the two next meet. If the other said something else meanwhile, both are kept (`NextMeeting.others`).
    pub fn set_next_meeting(&self, pairing: PairingId, meeting: Meeting) -> Result<(), RafiqError> {
        guarded("mentoring.set_next_meeting", || self.core.set_next_meeting(&pairing.into(), meeting.into()))
    }

    /// Settles which of several kept meetings stands: one of them, or a new one. `NotFound` if none was set at all.
    pub fn resolve_next_meeting(&self, pairing: PairingId, meeting: Meeting) -> Result<(), RafiqError> {
        guarded("mentoring.resolve_next_meeting", || self.core.resolve_next_meeting(&pairing.into(), meeting.into()))
    }

    /// Writes a goal of one's own, at most 500 characters.
    pub fn add_goal(&self, pairing: PairingId, text: String) -> Result<Goal, RafiqError> {
        guarded("mentoring.add_goal", || Ok(self.core.add_goal(&pairing.into(), &text)?.into()))
    }

    /// Says that a goal of one's own is reached. `NotAllowed{author}` for somebody else's.
    pub fn finish_goal(&self, goal: GoalId) -> Result<(), RafiqError> {
        guarded("mentoring.finish_goal", || self.core.finish_goal(&goal.into()))
    }

    /// Sets a goal of one's own aside, without a reason; it is no longer shown to anybody.
    pub fn withdraw_goal(&self, goal: GoalId) -> Result<(), RafiqError> {
        guarded("mentoring.withdraw_goal", || self.core.withdraw_goal(&goal.into()))
    }

    /// The goals of a pairing, the oldest first.
    pub fn goals(&self, pairing: PairingId) -> Result<Vec<Goal>, RafiqError> {
        guarded("mentoring.goals", || Ok(each(self.core.goals(&pairing.into())?)))
    }

    /// Keeps a small victory. `Invalid{milestone, unknown}` for one that the model's catalogue does not have.
    pub fn reach_milestone(&self, pairing: PairingId, milestone: Milestone) -> Result<ReachedMilestone, RafiqError> {
        guarded("mentoring.reach_milestone", || {
            Ok(self.core.reach_milestone(&pairing.into(), milestone.into())?.into())
        })
    }

    /// The milestones reached in a pairing, the oldest first.
    pub fn milestones(&self, pairing: PairingId) -> Result<Vec<ReachedMilestone>, RafiqError> {
        guarded("mentoring.milestones", || Ok(each(self.core.milestones(&pairing.into())?)))
    }

    /// Logs that the two were in touch. Answers every wish for contact that was written before it.
    pub fn log_contact(&self, pairing: PairingId, new: NewContact) -> Result<Contact, RafiqError> {
        guarded("mentoring.log_contact", || Ok(self.core.log_contact(&pairing.into(), new.into())?.into()))
    }

    /// The contacts of a pairing, the newest first, 1 to 500.
    pub fn contacts(&self, pairing: PairingId, limit: i32) -> Result<Vec<Contact>, RafiqError> {
        guarded("mentoring.contacts", || Ok(each(self.core.contacts(&pairing.into(), limit)?)))
    }

    /// What has begun (open, overdue or done) and what begins within `weeks_ahead` weeks (0 to 52), the earliest due first.
    /// Days begin and end in `zone` (IANA). Empty before the first exchange, and for a model that is not at hand.
    pub fn plan(
        &self,
        pairing: PairingId,
        now_ms: i64,
        weeks_ahead: i32,
        zone: String,
    ) -> Result<Vec<PlanStep>, RafiqError> {
        guarded("mentoring.plan", || Ok(each(self.core.plan(&pairing.into(), now_ms, weeks_ahead, &zone)?)))
    }

    /// Says that a step of the plan is done. `NotFound` for one that is not in the plan of now and the next year.
    pub fn complete_step(&self, pairing: PairingId, step: String) -> Result<(), RafiqError> {
        guarded("mentoring.complete_step", || self.core.complete_step(&pairing.into(), &step))
    }
}

/// The message that names a way of being in touch: `contact-kind-visit`, …
#[uniffi::export]
pub fn contact_kind_text_id(kind: ContactKind) -> Result<String, RafiqError> {
    guarded("contact_kind_text_id", || Ok(core::ContactKind::from(kind).text_id()))
}

same_id!(PairingId, core::PairingId);
same_id!(GoalId, core::GoalId);
same_words!(ContactKind, core::ContactKind, Visit, Call, Message, Accompaniment);

impl From<NewPairing> for core::NewPairing {
    fn from(new: NewPairing) -> Self {
        let NewPairing { model, my_role, title } = new;
        Self { model, my_role, title }
    }
}

impl From<core::Pairing> for Pairing {
    fn from(pairing: core::Pairing) -> Self {
        let core::Pairing { id, title, model, started_at_ms, people, my_role, responder, next_meeting } = pairing;
        Self {
            id: id.into(),
            title,
            model,
            started_at_ms,
            people: each(people),
            my_role,
            responder: responder.map(PersonRef::from),
            next_meeting: next_meeting.map(NextMeeting::from),
        }
    }
}

impl From<core::PairingPerson> for PairingPerson {
    fn from(person: core::PairingPerson) -> Self {
        let core::PairingPerson { person, name, role } = person;
        Self { person: person.into(), name, role }
    }
}

impl From<Meeting> for core::Meeting {
    fn from(meeting: Meeting) -> Self {
        let Meeting { starts_at_ms, zone, place } = meeting;
        Self { starts_at_ms, zone, place }
    }
}

impl From<core::MeetingChoice> for MeetingChoice {
    fn from(choice: core::MeetingChoice) -> Self {
        let core::MeetingChoice { meeting, by, by_name } = choice;
        let core::Meeting { starts_at_ms, zone, place } = meeting;
        Self { meeting: Meeting { starts_at_ms, zone, place }, by: by.into(), by_name }
    }
}

impl From<core::NextMeeting> for NextMeeting {
    fn from(meeting: core::NextMeeting) -> Self {
        let core::NextMeeting { value, others } = meeting;
        Self { value: value.into(), others: each(others) }
    }
}

impl From<core::Goal> for Goal {
    fn from(goal: core::Goal) -> Self {
        let core::Goal { id, text, by, at_ms, done_at_ms } = goal;
        Self { id: id.into(), text, by: by.into(), at_ms, done_at_ms }
    }
}

impl From<Milestone> for core::Milestone {
    fn from(milestone: Milestone) -> Self {
        match milestone {
            Milestone::Catalogue { id } => Self::Catalogue { id },
            Milestone::Own { text } => Self::Own { text },
        }
    }
}

impl From<core::Milestone> for Milestone {
    fn from(milestone: core::Milestone) -> Self {
        match milestone {
            core::Milestone::Catalogue { id } => Self::Catalogue { id },
            core::Milestone::Own { text } => Self::Own { text },
        }
    }
}

impl From<core::ReachedMilestone> for ReachedMilestone {
    fn from(reached: core::ReachedMilestone) -> Self {
        let core::ReachedMilestone { id, milestone, by, at_ms } = reached;
        Self { id, milestone: milestone.into(), by: by.into(), at_ms }
    }
}

impl From<NewContact> for core::NewContact {
    fn from(new: NewContact) -> Self {
        let NewContact { kind, help, at_ms } = new;
        Self { kind: kind.into(), help: help.into(), at_ms }
    }
}

impl From<core::Contact> for Contact {
    fn from(contact: core::Contact) -> Self {
        let core::Contact { id, kind, help, at_ms, by } = contact;
        Self { id, kind: kind.into(), help: help.into(), at_ms, by: by.into() }
    }
}

impl From<core::PlanStep> for PlanStep {
    fn from(step: core::PlanStep) -> Self {
        let core::PlanStep { id, text_id, role, is_mine, is_watch, person, checklist, due_from_ms, due_by_ms, done } =
            step;
        let person = person.map(PersonRef::from);
        Self { id, text_id, role, is_mine, is_watch, person, checklist, due_from_ms, due_by_ms, done }
    }
}

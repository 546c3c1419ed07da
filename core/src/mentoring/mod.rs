//! Mentoring: a pairing in a circle of its own, with its plan, meetings, goals, small victories and contacts.
//!
//! Everything here is seen by everybody in the circle and by nobody else. A goal stays the person's own: others see it, and
//! only they say that it is reached or set aside.

mod document;
mod plan;
mod queries;
mod records;
pub(crate) mod rows;

pub use document::MentoringNoun;
pub(crate) use plan::{model_of, tasks};
pub(crate) use queries::{goals as goals_of, last_contact, pairings};
pub use records::{
    Contact, ContactKind, Goal, GoalId, Meeting, MeetingChoice, Milestone, NewContact, NewPairing, NextMeeting,
    Pairing, PairingId, PairingPerson, PlanStep, ReachedMilestone,
};

use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use crate::people::{self, PersonRef};
use crate::replica::{Replica, SpaceFounder, SpaceKind, Value, Writer};
use crate::support_models::{Model, Models};
use crate::{limits, page, schedule};
use document::{MEETING, MODEL, RESPONDER, STARTED_AT, TITLE, pairing};
use std::sync::Arc;

/// The calls about pairings.
#[derive(Clone)]
pub struct Mentoring {
    replica: Arc<Replica>,
    founder: Arc<dyn SpaceFounder>,
    models: Arc<Models>,
}

impl Mentoring {
    /// Over a replica that knows [`MentoringNoun`], people and check-ins.
    pub fn new(replica: Arc<Replica>, founder: Arc<dyn SpaceFounder>, models: Arc<Models>) -> Self {
        Self { replica, founder, models }
    }

    /// Founds a circle for a pairing, with oneself in it. `Invalid{model, unknown}`, `Invalid{role, unknown}`;
    /// `Invalid{name, missing}` before one has said who one is.
    pub fn begin(&self, new: NewPairing) -> Result<Pairing> {
        let title = limits::line("title", &new.title, limits::NAME)?;
        let model = self.models.get(&new.model).ok_or(Error::invalid("model", "unknown"))?;
        let circle = self.replica.write(|w| {
            let circle = self.founder.found(w.rows(), SpaceKind::Circle, &title)?;
            let document = pairing(circle);
            w.set(&document, MODEL, model.id.as_str().into())?;
            w.set(&document, TITLE, title.as_str().into())?;
            w.set(&document, STARTED_AT, w.now_ms().into())?;
            take(w, circle, model, &new.my_role, false)?;
            people::join_roster(w, &circle)?;
            Ok(circle)
        })?;
        self.find(&circle)
    }

    /// Says which part one takes, for whoever joined: after the first exchange, when the pairing itself has arrived
    /// (`NotFound` before). `Invalid{role, unknown}` for a role that the model does not have.
    pub fn take_role(&self, pairing: &PairingId, role: &str) -> Result<Pairing> {
        let circle = self.replica.write(|w| {
            let circle = queries::circle(w.rows(), &pairing.value)?;
            let (model, _) = queries::part(w.rows(), &circle, w.me())?;
            let model = self.models.get(&model).ok_or(Error::invalid("model", "unknown"))?;
            let named = self.find_in(w, &circle)?.responder.is_some();
            take(w, circle, model, role, named)?;
            Ok(circle)
        })?;
        self.find(&circle)
    }

    /// All pairings, the oldest first.
    pub fn list(&self) -> Result<Vec<Pairing>> {
        let me = self.replica.me()?;
        self.replica.read(|rows| queries::pairings(rows, None, me))
    }

    /// One pairing. `NotFound` if this profile does not hold it.
    pub fn get(&self, pairing: &PairingId) -> Result<Pairing> {
        let circle = self.replica.read(|rows| queries::circle(rows, &pairing.value))?;
        self.find(&circle)
    }

    /// Names who hears first when somebody asks for contact: somebody in the circle (`NotFound` otherwise).
    pub fn set_responder(&self, pairing: &PairingId, person: &PersonRef) -> Result<()> {
        let person = PersonId::parse(&person.value)?;
        self.edit(pairing, |w, circle| {
            people::rows::find(w.rows(), &circle, &person.to_string())?.ok_or(Error::NotFound)?;
            w.set(&document::pairing(circle), RESPONDER, person.to_string().into())
        })
    }

    /// Says when the two next meet. If the other said something else meanwhile, both are kept ([`NextMeeting::others`]).
    pub fn set_next_meeting(&self, pairing: &PairingId, meeting: Meeting) -> Result<()> {
        schedule::time("starts-at", meeting.starts_at_ms)?;
        schedule::Zone::named(&meeting.zone)?;
        let meeting = Meeting { place: limits::optional_line("place", &meeting.place, limits::PLACE)?, ..meeting };
        self.edit(pairing, |w, circle| {
            w.set(&document::pairing(circle), MEETING, document::meeting_value(&meeting, w.me())?)
        })
    }

    /// Settles which of several kept meetings stands: one of them, or a new one. `NotFound` if none was set at all.
    pub fn resolve_next_meeting(&self, pairing: &PairingId, meeting: Meeting) -> Result<()> {
        if self.get(pairing)?.next_meeting.is_none() {
            return Err(Error::NotFound);
        }
        self.set_next_meeting(pairing, meeting)
    }

    /// Writes a goal of one's own, at most 500 characters.
    pub fn add_goal(&self, pairing: &PairingId, text: &str) -> Result<Goal> {
        let text = limits::note("goal", text, limits::GOAL)?;
        if text.is_empty() {
            return Err(Error::invalid("goal", "empty"));
        }
        self.edit(pairing, |w, circle| {
            let (id, at_ms, by) = (w.new_id()?, w.now_ms(), PersonRef::from(w.me()));
            let fields = [
                ("text", text.as_str().into()),
                ("by", by.value.as_str().into()),
                ("at", at_ms.into()),
                ("done_at", Value::Null),
            ];
            w.create(&document::pairing(circle), &format!("goal/{id}"), &fields)?;
            Ok(Goal { id: GoalId { value: id }, text: text.clone(), by, at_ms, done_at_ms: None })
        })
    }

    /// Says that a goal of one's own is reached. `NotAllowed{author}` for somebody else's.
    pub fn finish_goal(&self, goal: &GoalId) -> Result<()> {
        self.own_goal(goal, |w, circle, key| w.set_field(&pairing(circle), key, "done_at", w.now_ms().into()))
    }

    /// Sets a goal of one's own aside, without a reason; it is no longer shown to anybody.
    pub fn withdraw_goal(&self, goal: &GoalId) -> Result<()> {
        self.own_goal(goal, |w, circle, key| w.delete(&pairing(circle), key))
    }

    /// The goals of a pairing, the oldest first.
    pub fn goals(&self, pairing: &PairingId) -> Result<Vec<Goal>> {
        self.replica.read(|rows| queries::goals(rows, &queries::circle(rows, &pairing.value)?))
    }

    /// Keeps a small victory. `Invalid{milestone, unknown}` for one that the model's catalogue does not have.
    pub fn reach_milestone(&self, pairing: &PairingId, milestone: Milestone) -> Result<ReachedMilestone> {
        let milestone = match milestone {
            Milestone::Own { text } => Milestone::Own { text: limits::line("milestone", &text, limits::GOAL)? },
            listed @ Milestone::Catalogue { .. } => listed,
        };
        self.edit(pairing, |w, circle| {
            let (field, value) = match &milestone {
                Milestone::Own { text } => ("own", text),
                Milestone::Catalogue { id } => {
                    let (model, _) = queries::part(w.rows(), &circle, w.me())?;
                    let name = self.models.get(&model).and_then(|model| model.milestones.as_deref());
                    let catalogue = name.and_then(|name| self.models.catalogue(name));
                    if !catalogue.is_some_and(|catalogue| catalogue.milestones.iter().any(|m| m.id == *id)) {
                        return Err(Error::invalid("milestone", "unknown"));
                    }
                    ("catalogue", id)
                }
            };
            let (id, at_ms, by) = (w.new_id()?, w.now_ms(), PersonRef::from(w.me()));
            let fields = [(field, value.as_str().into()), ("by", by.value.as_str().into()), ("at", at_ms.into())];
            w.create(&document::pairing(circle), &format!("milestone/{id}"), &fields)?;
            Ok(ReachedMilestone { id, milestone: milestone.clone(), by, at_ms })
        })
    }

    /// The milestones reached in a pairing, the oldest first.
    pub fn milestones(&self, pairing: &PairingId) -> Result<Vec<ReachedMilestone>> {
        self.replica.read(|rows| queries::milestones(rows, &queries::circle(rows, &pairing.value)?))
    }

    /// Logs that the two were in touch. Answers every wish for contact that was written before it.
    pub fn log_contact(&self, pairing: &PairingId, new: NewContact) -> Result<Contact> {
        schedule::time("at", new.at_ms)?;
        self.edit(pairing, |w, circle| {
            if new.at_ms > w.now_ms() {
                return Err(Error::invalid("at", "future"));
            }
            let (id, by) = (w.new_id()?, PersonRef::from(w.me()));
            let fields = [
                ("kind", new.kind.word().into()),
                ("help", new.help.word().into()),
                ("by", by.value.as_str().into()),
                ("at", new.at_ms.into()),
            ];
            w.create(&document::pairing(circle), &format!("contact/{id}"), &fields)?;
            Ok(Contact { id, kind: new.kind, help: new.help, at_ms: new.at_ms, by })
        })
    }

    /// The contacts of a pairing, the newest first, 1 to 500.
    pub fn contacts(&self, pairing: &PairingId, limit: i32) -> Result<Vec<Contact>> {
        let limit = page::rows_for(limit)? - 1;
        self.replica.read(|rows| queries::contacts(rows, &queries::circle(rows, &pairing.value)?, limit))
    }

    fn find(&self, circle: &SpaceId) -> Result<Pairing> {
        let me = self.replica.me()?;
        self.replica.read(|rows| queries::pairings(rows, Some(circle), me))?.pop().ok_or(Error::NotFound)
    }

    fn find_in(&self, w: &Writer<'_>, circle: &SpaceId) -> Result<Pairing> {
        queries::pairings(w.rows(), Some(circle), w.me())?.pop().ok_or(Error::NotFound)
    }

    fn edit<T>(&self, pairing: &PairingId, work: impl FnOnce(&mut Writer<'_>, SpaceId) -> Result<T>) -> Result<T> {
        self.replica.write(|w| {
            let circle = queries::circle(w.rows(), &pairing.value)?;
            work(w, circle)
        })
    }

    fn own_goal(&self, goal: &GoalId, work: impl FnOnce(&mut Writer<'_>, SpaceId, &str) -> Result<()>) -> Result<()> {
        self.replica.write(|w| {
            let (circle, by) = queries::goal(w.rows(), &goal.value)?;
            if by != w.me().to_string() {
                return Err(Error::NotAllowed { role: "author" });
            }
            work(w, circle, &format!("goal/{}", goal.value))
        })
    }
}

/// Takes a part. The first who accompanies becomes the responder, until another is named.
fn take(w: &mut Writer<'_>, circle: SpaceId, model: &Model, role: &str, responder_named: bool) -> Result<()> {
    let role = model.role(role).ok_or(Error::invalid("role", "unknown"))?;
    let document = pairing(circle);
    let me = w.me().to_string();
    w.set(&document, &format!("role/{me}"), role.id.as_str().into())?;
    if !responder_named && !role.accompanied && !role.supervises {
        w.set(&document, RESPONDER, me.into())?;
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests;

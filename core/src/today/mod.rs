//! Today: what is due now for the person whose profile this is, across nouns, and when to remind them. Read from rows and
//! support models; loads no document. Nothing here ranks or scores anybody.

mod records;
mod rows;

pub use records::{DueItem, DueKind, Reminder};

use crate::check_ins::{self, ContactWish};
use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use crate::mentoring::{self, Pairing};
use crate::people;
use crate::replica::Replica;
use crate::safety::{ReceivedAlert, Safety};
use crate::schedule::Zone;
use crate::support_models::Models;
use rusqlite::Connection;
use std::sync::Arc;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How far ahead meetings and sessions are shown: a week is what people plan by.
const AHEAD_MS: i64 = 7 * DAY_MS;
/// Something that has begun is shown for this long: people come late.
const BEGUN_MS: i64 = 2 * HOUR_MS;
/// Before a meeting, so that there is time to go there.
const REMIND_BEFORE_MS: i64 = HOUR_MS;
/// A step begins at midnight; nobody is woken for it.
const REMIND_AT_MS: i64 = 9 * HOUR_MS;
/// iOS keeps the 64 soonest local notifications and drops the rest; a few are left for the app.
const MOST_REMINDERS: usize = 60;
/// A shared check-in that asked for contact is shown this long; the plan's watches remain.
const ASKED_MS: i64 = 7 * DAY_MS;

/// The calls about today.
#[derive(Clone)]
pub struct Today {
    replica: Arc<Replica>,
    models: Arc<Models>,
    safety: Safety,
}

impl Today {
    /// Over a replica that knows every noun.
    pub fn new(replica: Arc<Replica>, models: Arc<Models>) -> Self {
        let safety = Safety::new(replica.clone());
        Self { replica, models, safety }
    }

    /// What is due: alerts; then conflicts to settle; then what takes place within seven days and what there is to do, by time;
    /// last one's own open goals. Days begin and end in `zone` (IANA name; `Invalid{zone, unknown}` otherwise).
    pub fn list(&self, now_ms: i64, zone: &str) -> Result<Vec<DueItem>> {
        let zone = Zone::named(zone)?;
        let me = self.replica.me()?;
        let alerts = self.safety.alerts()?;
        self.replica.read(|rows| {
            let pairings = mentoring::pairings(rows, None, me)?;
            let mut due: Vec<DueItem> = alerts.into_iter().map(alert).collect();
            due.extend(conflicts(rows, now_ms)?);
            let mut timed = appointments(rows, now_ms)?;
            for pairing in &pairings {
                timed.extend(self.steps(rows, pairing, now_ms, zone)?);
                timed.extend(asked(rows, pairing, me, now_ms)?);
            }
            timed.sort_by(|a, b| (a.due_by_ms, a.kind, &a.id).cmp(&(b.due_by_ms, b.kind, &b.id)));
            due.extend(timed);
            for pairing in &pairings {
                due.extend(self.goals(rows, pairing, me, zone)?);
            }
            Ok(due)
        })
    }

    /// When to remind, from now until `horizon_ms` later (at most a year), the soonest 60: an hour before what takes place, and
    /// at nine in the morning of the day on which a step begins. Ids and instants only.
    pub fn reminders(&self, now_ms: i64, horizon_ms: i64, zone: &str) -> Result<Vec<Reminder>> {
        let zone = Zone::named(zone)?;
        if !(0..=366 * DAY_MS).contains(&horizon_ms) {
            return Err(Error::invalid("horizon", "range"));
        }
        let until_ms = now_ms.saturating_add(horizon_ms);
        let me = self.replica.me()?;
        let mut reminders = self.replica.read(|rows| {
            let mut reminders = Vec::new();
            for place in rows::taking_place(rows, now_ms, until_ms.saturating_add(REMIND_BEFORE_MS))? {
                let what = [place.space.to_string(), place.session].join("/");
                reminders.push(reminder(&what, place.starts_at.saturating_sub(REMIND_BEFORE_MS)));
            }
            for pairing in &mentoring::pairings(rows, None, me)? {
                let Some(model) = mentoring::model_of(&self.models, pairing) else { continue };
                for task in mentoring::tasks(rows, model, pairing, now_ms, until_ms, zone)? {
                    if !task.done && pairing.my_role.as_ref() == Some(&task.role) {
                        let what = [pairing.id.value.as_str(), &task.id].join("/");
                        reminders.push(reminder(&what, task.due_from_ms.saturating_add(REMIND_AT_MS)));
                    }
                }
            }
            Ok(reminders)
        })?;
        reminders.retain(|reminder| (now_ms..until_ms).contains(&reminder.at_ms));
        reminders.sort_unstable();
        reminders.dedup();
        reminders.truncate(MOST_REMINDERS);
        Ok(reminders)
    }

    /// One's own steps and watches of a pairing that have begun and are open.
    fn steps(&self, rows: &Connection, pairing: &Pairing, now_ms: i64, zone: Zone) -> Result<Vec<DueItem>> {
        let Some(model) = mentoring::model_of(&self.models, pairing) else { return Ok(Vec::new()) };
        let tasks = mentoring::tasks(rows, model, pairing, now_ms, now_ms, zone)?;
        let mine = tasks.into_iter().filter(|task| !task.done && pairing.my_role.as_ref() == Some(&task.role));
        let item = |task: crate::support_models::Task| {
            let is_watch = model.watches.iter().any(|watch| watch.id == task.step);
            let about = pairing.people.iter().find(|p| Some(&p.person.value) == task.person.as_ref());
            DueItem {
                id: format!("step/{}/{}", pairing.id.value, task.id),
                kind: if is_watch { DueKind::Watch } else { DueKind::Step },
                text_id: task.text_id,
                args: args(&[("name", about.map_or("", |p| &p.name)), ("pairing", &pairing.title)]),
                due_from_ms: task.due_from_ms,
                due_by_ms: task.due_by_ms,
                space: pairing.id.value.clone(),
                target: task.id,
            }
        };
        Ok(mine.map(item).collect())
    }

    /// One's own open goals; they have as long as the pairing.
    fn goals(&self, rows: &Connection, pairing: &Pairing, me: PersonId, zone: Zone) -> Result<Vec<DueItem>> {
        let me = me.to_string();
        let facts = crate::support_models::Facts { started_at_ms: pairing.started_at_ms, ..Default::default() };
        let model = mentoring::model_of(&self.models, pairing);
        let end_ms = model.and_then(|model| model.planned_end_ms(&facts, zone)).unwrap_or(i64::MAX);
        let circle = SpaceId::parse(&pairing.id.value)?;
        let open =
            mentoring::goals_of(rows, &circle)?.into_iter().filter(|g| g.done_at_ms.is_none() && g.by.value == me);
        let item = |goal: mentoring::Goal| DueItem {
            id: format!("goal/{}", goal.id.value),
            kind: DueKind::Goal,
            text_id: "today-goal".to_owned(),
            args: args(&[("goal", &goal.text)]),
            due_from_ms: goal.at_ms,
            due_by_ms: end_ms.max(goal.at_ms),
            space: pairing.id.value.clone(),
            target: goal.id.value,
        };
        Ok(open.map(item).collect())
    }
}

fn alert(alert: ReceivedAlert) -> DueItem {
    DueItem {
        id: format!("alert/{}", alert.id.value),
        kind: DueKind::Alert,
        // Also for a kind that only a newer app knows: somebody asks for a person.
        text_id: "alert-contact-today".to_owned(),
        args: args(&[("name", &alert.name)]),
        due_from_ms: alert.at_ms,
        due_by_ms: alert.at_ms.saturating_add(DAY_MS),
        space: alert.space.unwrap_or_default(),
        target: alert.id.value,
    }
}

fn conflicts(rows: &Connection, now_ms: i64) -> Result<Vec<DueItem>> {
    let mut due = Vec::new();
    for place in rows::in_conflict(rows, now_ms.saturating_sub(DAY_MS))? {
        let space = place.space.to_string();
        let target = if place.session.is_empty() { space.clone() } else { place.session };
        due.push(DueItem {
            id: format!("conflict/{target}"),
            kind: DueKind::Conflict,
            text_id: "conflict-meeting-time".to_owned(),
            args: args(&[("title", &place.title)]),
            due_from_ms: now_ms.min(place.starts_at),
            due_by_ms: place.starts_at,
            space,
            target,
        });
    }
    for mark in rows::differing_marks(rows)? {
        due.push(DueItem {
            id: format!("conflict/{}/{}", mark.session, mark.person),
            kind: DueKind::Conflict,
            text_id: "today-attendance-conflict".to_owned(),
            args: args(&[("name", &mark.name)]),
            due_from_ms: mark.starts_at,
            due_by_ms: mark.starts_at.saturating_add(AHEAD_MS),
            space: mark.space.to_string(),
            target: mark.session,
        });
    }
    Ok(due)
}

fn appointments(rows: &Connection, now_ms: i64) -> Result<Vec<DueItem>> {
    let from_ms = now_ms.saturating_sub(BEGUN_MS);
    let all = rows::taking_place(rows, from_ms, now_ms.saturating_add(AHEAD_MS))?;
    let item = |place: rows::Appointment| {
        let space = place.space.to_string();
        let is_meeting = place.session.is_empty();
        let target = if is_meeting { space.clone() } else { place.session };
        DueItem {
            id: format!("at/{target}"),
            kind: if is_meeting { DueKind::Meeting } else { DueKind::Session },
            text_id: if is_meeting { "today-meeting" } else { "session-next" }.to_owned(),
            args: args(&[(if is_meeting { "pairing" } else { "group" }, &place.title), ("place", &place.place)]),
            due_from_ms: place.starts_at,
            due_by_ms: place.starts_at,
            space,
            target,
        }
    };
    // While two times are kept, the conflict says more than either of them.
    Ok(all.into_iter().filter(|place| !place.in_conflict).map(item).collect())
}

/// Shared check-ins of others that ask for contact this week and that no contact has answered yet, for the responder.
fn asked(rows: &Connection, pairing: &Pairing, me: PersonId, now_ms: i64) -> Result<Vec<DueItem>> {
    let me = me.to_string();
    if pairing.responder.as_ref().map(|responder| &responder.value) != Some(&me) {
        return Ok(Vec::new());
    }
    let circle = SpaceId::parse(&pairing.id.value)?;
    let last_contact = mentoring::last_contact(rows, &circle, now_ms)?;
    let mut due = Vec::new();
    for asking in check_ins::rows::asking(rows, &circle)? {
        let answered = last_contact.is_some_and(|at| at >= asking.at_ms);
        let old = asking.at_ms.saturating_add(ASKED_MS) < now_ms;
        if asking.wish != ContactWish::ThisWeek || asking.person == me || answered || old {
            continue;
        }
        let name = people::rows::find(rows, &circle, &asking.person)?.map(|(name, _)| name).unwrap_or_default();
        due.push(DueItem {
            id: format!("check-in/{}", asking.id),
            kind: DueKind::CheckIn,
            text_id: "today-contact-this-week".to_owned(),
            args: args(&[("name", &name)]),
            due_from_ms: asking.at_ms.min(now_ms),
            due_by_ms: asking.at_ms.min(now_ms).saturating_add(ASKED_MS),
            space: pairing.id.value.clone(),
            target: asking.id,
        });
    }
    Ok(due)
}

fn args(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

/// The id is a hash: whoever sees the phone's list of notifications learns nothing from it.
fn reminder(what: &str, at_ms: i64) -> Reminder {
    let hash = crate::ids::hash("rafiq 2026 reminder v1", &[what.as_bytes(), &at_ms.to_be_bytes()]);
    Reminder { at_ms, id: crate::ids::to_text(&hash[..10]) }
}

#[cfg(test)]
mod tests;

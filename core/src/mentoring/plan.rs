//! A pairing's plan: what its support model says is due, from what its members wrote.

use super::Mentoring;
use super::document::pairing;
use super::queries;
use super::records::{Pairing, PairingId, PlanStep};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::people::PersonRef;
use crate::schedule::Zone;
use crate::support_models::{Facts, Model, Models, Task};
use rusqlite::Connection;

const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

impl Mentoring {
    /// What has begun (open, overdue or done) and what begins within `weeks_ahead` weeks (0 to 52), the earliest due first.
    /// Days begin and end in `zone` (IANA). Empty before the first exchange, and for a model that is not at hand.
    pub fn plan(&self, pairing: &PairingId, now_ms: i64, weeks_ahead: i32, zone: &str) -> Result<Vec<PlanStep>> {
        let zone = Zone::named(zone)?;
        if !(0..=52).contains(&weeks_ahead) {
            return Err(Error::invalid("weeks-ahead", "range"));
        }
        let until_ms = now_ms.saturating_add(i64::from(weeks_ahead) * WEEK_MS);
        let pairing = self.get(pairing)?;
        let Some(model) = model_of(&self.models, &pairing) else { return Ok(Vec::new()) };
        let tasks = self.replica.read(|rows| tasks(rows, model, &pairing, now_ms, until_ms, zone))?;
        Ok(tasks.into_iter().map(|task| step(model, &pairing, task)).collect())
    }

    /// Says that a step of the plan is done. `NotFound` for one that is not in the plan of now and the next year.
    pub fn complete_step(&self, pairing_id: &PairingId, step: &str) -> Result<()> {
        let found = self.get(pairing_id)?;
        let model = model_of(&self.models, &found).ok_or(Error::NotFound)?;
        self.edit(pairing_id, |w, circle: SpaceId| {
            let now_ms = w.now_ms();
            // From yesterday, in UTC: a repetition that is current in any zone is among them.
            let (from_ms, until_ms) = (now_ms.saturating_sub(WEEK_MS / 7), now_ms.saturating_add(52 * WEEK_MS));
            let known = tasks(w.rows(), model, &found, from_ms, until_ms, Zone::named("UTC")?)?;
            if !known.iter().any(|task| task.id == step) {
                return Err(Error::NotFound);
            }
            w.set(&pairing(circle), &format!("step/{step}"), now_ms.into())
        })
    }
}

/// The model that a pairing follows, if it is at hand.
pub(crate) fn model_of<'a>(models: &'a Models, pairing: &Pairing) -> Option<&'a Model> {
    models.get(&pairing.model)
}

/// Everybody's tasks in a pairing.
pub(crate) fn tasks(
    rows: &Connection,
    model: &Model,
    pairing: &Pairing,
    now_ms: i64,
    until_ms: i64,
    zone: Zone,
) -> Result<Vec<Task>> {
    let circle = queries::circle(rows, &pairing.id.value)?;
    let accompanied = |role: &str| model.role(role).is_some_and(|role| role.accompanied);
    let mut accompanied = pairing.people.iter().filter(|p| p.role.as_deref().is_some_and(accompanied));
    // "About whom" is said only where it is one person.
    let person = accompanied.next().filter(|_| accompanied.next().is_none()).map(|p| p.person.value.clone());
    let facts: Facts = queries::facts(rows, &circle, pairing.started_at_ms, person, now_ms)?;
    Ok(model.ahead(&facts, now_ms, until_ms, zone))
}

fn step(model: &Model, pairing: &Pairing, task: Task) -> PlanStep {
    PlanStep {
        is_mine: pairing.my_role.as_deref() == Some(task.role.as_str()),
        is_watch: model.watches.iter().any(|watch| watch.id == task.step),
        id: task.id,
        text_id: task.text_id,
        role: task.role,
        person: task.person.map(|value| PersonRef { value }),
        checklist: task.checklist,
        due_from_ms: task.due_from_ms,
        due_by_ms: task.due_by_ms,
        done: task.done,
    }
}

//! What is due: facts in, tasks out. Pure and the same on every device that knows the same facts; days are those of the
//! calendar in the zone that is given, so a task of "day 7" begins at midnight there, also across a change of clocks.

use std::collections::BTreeMap;

use chrono::{Days, MappedLocalTime, NaiveDate, TimeDelta};

use crate::schedule::Zone;

use super::model::{Anchor, Condition, Model};

/// How far ahead a repeated step is listed: more than a year of days.
const MOST_AHEAD: i64 = 400;

/// What has happened so far in one pairing (or group) that follows a model. All times are Unix ms, UTC; a time in the future
/// counts as now where it tells of something past (clocks go wrong).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// When it began.
    pub started_at_ms: i64,
    /// When it is planned to end, if it was agreed otherwise than the model says.
    pub planned_end_ms: Option<i64>,
    /// When it ended: whatever is still open then lapses, and the steps after the end begin.
    pub ended_at_ms: Option<i64>,
    /// The person accompanied, if it is one.
    pub person: Option<String>,
    /// Tasks that were done, by [`Task::id`], and when.
    pub done: BTreeMap<String, i64>,
    /// The last contact that was logged: visit, call, message, accompaniment.
    pub last_contact_ms: Option<i64>,
    /// Shared check-ins that ask for contact. (A private one never comes here.)
    pub check_ins: Vec<Asked>,
    /// Sessions or meetings held, in any order, with who was expected and came or not.
    pub sessions: Vec<Attendance>,
    /// What happened in a life: `id` is the record's, `kind` one of the model's `events`.
    pub events: Vec<LifeEvent>,
}

/// A check-in that asks for contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The check-in's id.
    pub id: String,
    /// Whose it is.
    pub person: Option<String>,
    /// When it was written.
    pub at_ms: i64,
    /// How soon.
    pub wish: ContactWish,
    /// Somebody has been in touch since.
    pub answered: bool,
}

/// How soon a person wishes to be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactWish {
    /// Today.
    Today,
    /// This week.
    ThisWeek,
}

/// One person and one session. An excused absence is not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendance {
    /// The session's id.
    pub session: String,
    /// The person expected.
    pub person: String,
    /// When it began.
    pub at_ms: i64,
    /// Whether they came.
    pub came: bool,
}

/// Something that happened in a person's life: a move, a new job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeEvent {
    /// The record's id.
    pub id: String,
    /// One of the model's `events`.
    pub kind: String,
    /// Whom it concerns; the person accompanied if it is not said.
    pub person: Option<String>,
    /// When it happened or will happen.
    pub at_ms: i64,
}

/// Something for someone to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The same on every device, and for as long as the facts behind it are there: what is stored when it is done.
    pub id: String,
    /// The model's step or watch.
    pub step: String,
    /// The message that says it.
    pub text_id: String,
    /// The role that does it.
    pub role: String,
    /// Whom it is about.
    pub person: Option<String>,
    /// The checklist it belongs to.
    pub checklist: Option<String>,
    /// When it begins, Unix ms.
    pub due_from_ms: i64,
    /// When it is overdue, Unix ms.
    pub due_by_ms: i64,
    /// It has been done.
    pub done: bool,
}

impl Model {
    /// What has begun by now: open, overdue or done, the earliest due first. A repeated step shows one open task at most, the
    /// latest; what was missed makes room for it and is held against nobody.
    pub fn due(&self, facts: &Facts, now_ms: i64, zone: Zone) -> Vec<Task> {
        self.ahead(facts, now_ms, now_ms, zone)
    }

    /// The same with what begins by `until_ms`, as far as the facts of today tell: for reminders and for a plan by week.
    pub fn ahead(&self, facts: &Facts, now_ms: i64, until_ms: i64, zone: Zone) -> Vec<Task> {
        let mut run = Run { facts, now_ms, until_ms: until_ms.max(now_ms), zone, tasks: Vec::new() };
        for step in &self.steps {
            let shape = Shape {
                id: &step.id,
                who: &step.who,
                checklist: step.checklist.as_ref(),
                day: i64::from(step.day),
                window: i64::from(step.window_days),
                every: step.every_days.map(i64::from),
                after_end: step.from == Anchor::End,
            };
            for moment in self.moments(&step.from, facts, now_ms, zone) {
                run.lay_out(&shape, &moment);
            }
        }
        for watch in &self.watches {
            let shape = Shape {
                id: &watch.id,
                who: &watch.who,
                checklist: None,
                day: i64::from(watch.after_days),
                window: i64::from(watch.window_days),
                every: watch.every_days.map(i64::from),
                after_end: false,
            };
            for moment in sighted(&watch.when, facts, now_ms) {
                run.lay_out(&shape, &moment);
            }
        }
        run.tasks.sort_by(|a, b| (a.due_by_ms, a.due_from_ms, &a.id).cmp(&(b.due_by_ms, b.due_from_ms, &b.id)));
        run.tasks
    }

    /// When it is planned to end: as agreed, else as the model says; `None` for an open-ended one.
    pub fn planned_end_ms(&self, facts: &Facts, zone: Zone) -> Option<i64> {
        let by_model = |days: u32| start_of_day(day_of(facts.started_at_ms, zone), i64::from(days), zone);
        facts.planned_end_ms.or_else(|| self.length_days.map(by_model))
    }

    fn moments(&self, from: &Anchor, facts: &Facts, now_ms: i64, zone: Zone) -> Vec<Moment> {
        let once = |at_ms: Option<i64>| {
            at_ms.map(|at_ms| Moment { name: None, at_ms, person: facts.person.clone() }).into_iter().collect()
        };
        match from {
            Anchor::Start => once(Some(facts.started_at_ms)),
            Anchor::PlannedEnd => once(self.planned_end_ms(facts, zone)),
            Anchor::End => once(facts.ended_at_ms),
            Anchor::Step(before) => once(facts.done.get(before).map(|at| (*at).min(now_ms))),
            Anchor::Events(kinds) => {
                let wanted = facts.events.iter().filter(|event| kinds.contains(&event.kind));
                let moment = |event: &LifeEvent| Moment {
                    name: Some(event.id.clone()),
                    at_ms: event.at_ms,
                    person: event.person.clone().or_else(|| facts.person.clone()),
                };
                wanted.map(moment).collect()
            }
        }
    }
}

/// What a rule's days are counted from, once: `name` tells several apart.
struct Moment {
    name: Option<String>,
    at_ms: i64,
    person: Option<String>,
}

/// What steps and watches have in common.
struct Shape<'a> {
    id: &'a str,
    who: &'a str,
    checklist: Option<&'a String>,
    day: i64,
    window: i64,
    every: Option<i64>,
    after_end: bool,
}

struct Run<'a> {
    facts: &'a Facts,
    now_ms: i64,
    until_ms: i64,
    zone: Zone,
    tasks: Vec<Task>,
}

impl Run<'_> {
    fn lay_out(&mut self, shape: &Shape<'_>, moment: &Moment) {
        let id = moment.name.as_ref().map_or_else(|| shape.id.to_owned(), |name| format!("{}.{name}", shape.id));
        let Some(every) = shape.every else { return self.push(shape, moment, id, 0).unwrap_or(()) };
        // Repetitions have numbers, not dates, in their ids: two phones in two zones mean the same one.
        let first = day_of(moment.at_ms, self.zone) + TimeDelta::days(shape.day);
        let current = (day_of(self.now_ms, self.zone) - first).num_days().div_euclid(every).max(0);
        for number in self.done_before(&id, current) {
            self.push(shape, moment, format!("{id}.{number}"), number * every);
        }
        for number in current..=current.saturating_add(MOST_AHEAD) {
            if self.push(shape, moment, format!("{id}.{number}"), number * every).is_none() {
                break;
            }
        }
    }

    /// The repetitions before the current one that were done: read off what is stored, not counted through the years.
    fn done_before(&self, id: &str, current: i64) -> Vec<i64> {
        let prefix = format!("{id}.");
        let stored = self.facts.done.range(prefix.clone()..).map_while(|(key, _)| key.strip_prefix(&prefix));
        // `to_string` again: "007" or "+7" would be a second name for the same task.
        let number = |text: &str| text.parse::<i64>().ok().filter(|n| *n >= 0 && n.to_string() == text);
        let mut numbers: Vec<i64> = stored.filter_map(number).filter(|n| *n < current).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Adds the task unless it lapsed with the end; `None` if it begins only after what was asked for.
    fn push(&mut self, shape: &Shape<'_>, moment: &Moment, id: String, later: i64) -> Option<()> {
        let base = day_of(moment.at_ms, self.zone);
        let mut due_from_ms = start_of_day(base, shape.day + later, self.zone);
        if shape.day >= 0 {
            due_from_ms = due_from_ms.max(sane(moment.at_ms)); // nothing begins before what it follows
        }
        if due_from_ms > self.until_ms {
            return None;
        }
        let done = self.facts.done.contains_key(&id);
        let ended = self.facts.ended_at_ms.is_some_and(|end| end <= self.now_ms);
        if done || shape.after_end || !ended {
            self.tasks.push(Task {
                id,
                step: shape.id.to_owned(),
                text_id: format!("step-{}", shape.id),
                role: shape.who.to_owned(),
                person: moment.person.clone(),
                checklist: shape.checklist.cloned(),
                due_from_ms,
                due_by_ms: start_of_day(base, shape.day + later + shape.window, self.zone),
                done,
            });
        }
        Some(())
    }
}

/// Where a watch's condition began to hold.
fn sighted(when: &Condition, facts: &Facts, now_ms: i64) -> Vec<Moment> {
    match when {
        Condition::NoContact => {
            let last = facts.last_contact_ms.map_or(facts.started_at_ms, |at| at.min(now_ms).max(facts.started_at_ms));
            let name = facts.last_contact_ms.map_or_else(|| "start".to_owned(), |at| sane(at).to_string());
            vec![Moment { name: Some(name), at_ms: last, person: facts.person.clone() }]
        }
        Condition::AskedToday => asked(facts, ContactWish::Today, now_ms),
        Condition::AskedThisWeek => asked(facts, ContactWish::ThisWeek, now_ms),
        Condition::MissedSessions { count } => missed(facts, *count, now_ms),
    }
}

fn asked(facts: &Facts, wish: ContactWish, now_ms: i64) -> Vec<Moment> {
    let open = facts.check_ins.iter().filter(|c| c.wish == wish && !c.answered);
    let moment = |c: &Asked| Moment {
        name: Some(c.id.clone()),
        at_ms: c.at_ms.min(now_ms),
        person: c.person.clone().or_else(|| facts.person.clone()),
    };
    open.map(moment).collect()
}

/// Per person, the session with which the present run of missed ones became `count` long; its id stays while the run grows.
fn missed(facts: &Facts, count: u32, now_ms: i64) -> Vec<Moment> {
    let mut by_person: BTreeMap<&str, Vec<&Attendance>> = BTreeMap::new();
    for attendance in facts.sessions.iter().filter(|a| a.at_ms <= now_ms) {
        by_person.entry(&attendance.person).or_default().push(attendance);
    }
    let moment = |(person, mut sessions): (&str, Vec<&Attendance>)| {
        sessions.sort_by(|a, b| (a.at_ms, &a.session).cmp(&(b.at_ms, &b.session)));
        let run_begins = sessions.iter().rposition(|a| a.came).map_or(0, |i| i + 1);
        let reached = sessions.get(run_begins + usize::try_from(count).ok()?.checked_sub(1)?)?;
        let name = Some(format!("{}.{person}", reached.session));
        Some(Moment { name, at_ms: reached.at_ms, person: Some(person.to_owned()) })
    };
    by_person.into_iter().filter_map(moment).collect()
}

/// Years 1970 to 8999: whatever a broken clock or a hostile record says, calendar arithmetic stays within bounds.
fn sane(at_ms: i64) -> i64 {
    at_ms.clamp(0, 221_845_305_600_000)
}

fn day_of(at_ms: i64, zone: Zone) -> NaiveDate {
    zone.local(sane(at_ms)).date()
}

/// Midnight at the beginning of the day that lies `days` after `day`, or the first moment of that day where a change of clocks
/// skips midnight (Beirut, Cairo) or the whole day (Apia, 2011).
fn start_of_day(day: NaiveDate, days: i64, zone: Zone) -> i64 {
    let shift = Days::new(days.unsigned_abs().min(4_000_000));
    let moved = if days < 0 { day.checked_sub_days(shift) } else { day.checked_add_days(shift) };
    let midnight = moved.unwrap_or(day).and_time(chrono::NaiveTime::MIN);
    for quarters in 0..=4 * 25 {
        let local = midnight + TimeDelta::minutes(15 * quarters);
        match zone.instant(local) {
            MappedLocalTime::Single(at_ms) | MappedLocalTime::Ambiguous(at_ms, _) => return at_ms,
            MappedLocalTime::None => {}
        }
    }
    midnight.and_utc().timestamp_millis()
}

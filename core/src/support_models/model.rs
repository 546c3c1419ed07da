//! A support model as data: roles, gates, steps and watches.

use std::collections::{BTreeMap, BTreeSet};

use super::reader::{Document, ModelError, Result, Section};

/// Under this age a person is a child (UN Convention on the Rights of the Child, article 1).
const ADULT: u32 = 18;

/// How one kind of peer support runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// What pairings and groups store to say which model they follow.
    pub id: String,
    /// A newer file of the same id has a higher one.
    pub version: u32,
    /// Planned length in days; `None`: open-ended.
    pub length_days: Option<u32>,
    /// The milestone catalogue it offers.
    pub milestones: Option<String>,
    /// Whom peers pass to what is not theirs: role ids.
    pub pass_on: Vec<String>,
    /// What may happen in a life on the way and asks for a step.
    pub events: Vec<String>,
    /// Somebody under 18 takes part only together with a supervising member.
    pub supervise_minors: bool,
    /// Who takes part.
    pub roles: Vec<Role>,
    /// What is to be done, in the order of the file.
    pub steps: Vec<Step>,
    /// What nobody should overlook.
    pub watches: Vec<Watch>,
    pub(super) texts: BTreeMap<String, BTreeMap<String, String>>,
}

/// A part that a person takes in the model, and the gates before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its id; its name is the message `role-<id>`.
    pub id: String,
    /// The model is for this person; tasks are about them.
    pub accompanied: bool,
    /// May be the supervising member that a pair with a minor needs.
    pub supervises: bool,
    /// What one agrees to first.
    pub consents: Vec<String>,
    /// What one has learned first.
    pub training: Vec<String>,
    /// In years.
    pub minimum_age: Option<u32>,
}

/// One thing to do, once or again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its id; the sentence is the message `step-<id>`.
    pub id: String,
    /// The role that does it.
    pub who: String,
    /// What its days are counted from.
    pub from: Anchor,
    /// Days from there to its beginning; negative before a planned end.
    pub day: i32,
    /// It is due by the end of this many days.
    pub window_days: u32,
    /// Again after this many days, until the end.
    pub every_days: Option<u32>,
    /// Steps that a screen shows together; heading is the message `checklist-<id>`.
    pub checklist: Option<String>,
}

/// What a step's days are counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// The start.
    Start,
    /// The planned end.
    PlannedEnd,
    /// The real end.
    End,
    /// When this other step was done.
    Step(String),
    /// Every time one of these happens.
    Events(Vec<String>),
}

/// A condition on facts that makes a task for someone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// Its id; the sentence is the message `step-<id>`.
    pub id: String,
    /// What is watched.
    pub when: Condition,
    /// For how many days it has held.
    pub after_days: u32,
    /// The role that acts.
    pub who: String,
    /// Due by the end of this many days.
    pub window_days: u32,
    /// Once more after this many days, if it still holds.
    pub every_days: Option<u32>,
}

/// What a watch looks at. All are things that people logged themselves; none measures anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// No contact was logged.
    NoContact,
    /// A shared check-in asked for contact today and nobody has answered.
    AskedToday,
    /// A shared check-in asked for contact this week and nobody has answered.
    AskedThisWeek,
    /// The last sessions were missed, this many in a row.
    MissedSessions {
        /// How many.
        count: u32,
    },
}

/// What is known about a person who would take a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The role.
    pub role: String,
    /// Purposes agreed to and still valid.
    pub consents: BTreeSet<String>,
    /// Training done and still valid.
    pub training: BTreeSet<String>,
    /// In years, if known.
    pub age: Option<u32>,
}

/// A gate that is still closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// Somebody in this role has not agreed to this purpose.
    Consent {
        /// The role.
        role: String,
        /// The purpose.
        consent: String,
    },
    /// Somebody in this role lacks this training.
    Training {
        /// The role.
        role: String,
        /// The training.
        training: String,
    },
    /// Somebody in this role is too young, or their age is not known.
    Age {
        /// The role.
        role: String,
        /// The least age in years.
        minimum: u32,
    },
    /// Somebody is under 18 and nobody supervises.
    Supervisor,
    /// The model has no such role.
    Role {
        /// The name that was given.
        role: String,
    },
}

impl Model {
    /// Reads a model (`programmes/support_models/*.toml`; the README there explains the fields): at most 64 KiB, 12 roles, 200
    /// steps, 50 watches. A field that is not known is refused, so that a misspelt one is never silently without effect.
    pub fn parse(text: &str) -> std::result::Result<Self, ModelError> {
        let document = Document::parse(text)?;
        let top = document.top();
        top.only(&[
            "id",
            "version",
            "length_days",
            "milestones",
            "pass_on",
            "events",
            "supervise_minors",
            "roles",
            "steps",
            "watches",
            "texts",
        ])?;
        let mut model = Self {
            id: top.id("id")?,
            version: required(&top, "version", top.count("version", 1, 10_000)?)?,
            length_days: top.count("length_days", 1, 3_660)?,
            milestones: top.optional_id("milestones")?,
            pass_on: top.ids("pass_on", 12)?,
            events: top.ids("events", 40)?,
            supervise_minors: top.flag("supervise_minors")?,
            roles: Vec::new(),
            steps: Vec::new(),
            watches: Vec::new(),
            texts: texts(&top)?,
        };
        if model.pass_on.is_empty() {
            return Err(top.fail("pass_on", "missing")); // peers do not take over safeguarding or casework: every model says whose it is
        }
        model.read_roles(&top)?;
        model.read_steps(&top)?;
        model.read_watches(&top)?;
        Ok(model)
    }

    /// The message with the model's name.
    pub fn title_id(&self) -> String {
        format!("model-{}", self.id)
    }

    /// The message that says what it is.
    pub fn about_id(&self) -> String {
        format!("model-{}-about", self.id)
    }

    /// The message that says what it is not, and that one passes on instead.
    pub fn not_id(&self) -> String {
        format!("model-{}-not", self.id)
    }

    /// The file's own sentence for a message, as plain text; models that ship have theirs in `locales/` instead. What a person is shown of
    /// them says [`super::Models::own_texts`].
    pub fn own_text(&self, tag: &str, message_id: &str) -> Option<&str> {
        self.texts.get(tag)?.get(message_id).map(String::as_str)
    }

    /// A role by its id.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// The gates that are still closed for these people together; empty: they may begin.
    pub fn missing(&self, people: &[Standing]) -> Vec<Missing> {
        let mut missing = Vec::new();
        for person in people {
            let Some(role) = self.role(&person.role) else {
                missing.push(Missing::Role { role: person.role.clone() });
                continue;
            };
            let lacking = |wanted: &[String], have: &BTreeSet<String>| -> Vec<String> {
                wanted.iter().filter(|w| !have.contains(*w)).cloned().collect()
            };
            for consent in lacking(&role.consents, &person.consents) {
                missing.push(Missing::Consent { role: role.id.clone(), consent });
            }
            for training in lacking(&role.training, &person.training) {
                missing.push(Missing::Training { role: role.id.clone(), training });
            }
            if let Some(minimum) = role.minimum_age.filter(|least| person.age.is_none_or(|age| age < *least)) {
                missing.push(Missing::Age { role: role.id.clone(), minimum });
            }
        }
        let minor = people.iter().any(|p| p.age.is_some_and(|age| age < ADULT));
        let supervised = people
            .iter()
            .any(|p| self.role(&p.role).is_some_and(|role| role.supervises) && p.age.is_none_or(|age| age >= ADULT));
        if self.supervise_minors && minor && !supervised {
            missing.push(Missing::Supervisor);
        }
        missing
    }

    fn read_roles(&mut self, top: &Section<'_>) -> Result<()> {
        for section in top.sections("roles", 12)? {
            section.only(&["id", "accompanied", "supervises", "consents", "training", "minimum_age"])?;
            let role = Role {
                id: section.id("id")?,
                accompanied: section.flag("accompanied")?,
                supervises: section.flag("supervises")?,
                consents: section.ids("consents", 12)?,
                training: section.ids("training", 12)?,
                minimum_age: section.count("minimum_age", 1, 99)?,
            };
            if self.role(&role.id).is_some() {
                return Err(section.fail("id", "duplicate"));
            }
            self.roles.push(role);
        }
        if self.roles.is_empty() {
            return Err(top.fail("roles", "missing"));
        }
        if self.supervise_minors && !self.roles.iter().any(|role| role.supervises) {
            return Err(top.fail("supervise_minors", "needs-supervisor"));
        }
        Ok(())
    }

    fn read_steps(&mut self, top: &Section<'_>) -> Result<()> {
        let sections = top.sections("steps", 200)?;
        for section in &sections {
            section.only(&[
                "id",
                "who",
                "day",
                "week",
                "from",
                "after_step",
                "after_events",
                "window_days",
                "every_days",
                "checklist",
            ])?;
            let from = self.read_anchor(section)?;
            let (window_days, every_days) = read_window(section)?;
            if from == Anchor::End && every_days.is_some() {
                return Err(section.fail("every_days", "not-here")); // what has ended does not go on for ever
            }
            let step = Step {
                id: self.new_id(section)?,
                who: self.read_who(section)?,
                day: read_day(section, &from)?,
                from,
                window_days,
                every_days,
                checklist: section.optional_id("checklist")?,
            };
            self.steps.push(step);
        }
        for (step, section) in self.steps.iter().zip(&sections) {
            self.follow(step).map_err(|reason| section.fail("after_step", reason))?;
        }
        Ok(())
    }

    /// A step that follows another: the other exists, happens once, and the chain leads back to the start.
    fn follow(&self, step: &Step) -> std::result::Result<(), &'static str> {
        let mut at = step;
        for _ in 0..=self.steps.len() {
            let Anchor::Step(before) = &at.from else { return Ok(()) };
            at = self.steps.iter().find(|s| s.id == *before).ok_or("not-a-step")?;
            if at.every_days.is_some() || matches!(at.from, Anchor::Events(_)) {
                return Err("repeats"); // there would be no one time when it was done
            }
        }
        Err("cycle")
    }

    fn read_watches(&mut self, top: &Section<'_>) -> Result<()> {
        for section in top.sections("watches", 50)? {
            section.only(&["id", "when", "after_days", "count", "who", "window_days", "every_days"])?;
            let count = section.count("count", 1, 20)?;
            let when = match section.id("when")?.as_str() {
                "no-contact" => Condition::NoContact,
                "asked-today" => Condition::AskedToday,
                "asked-this-week" => Condition::AskedThisWeek,
                "missed-sessions" => Condition::MissedSessions { count: required(&section, "count", count)? },
                _ => return Err(section.fail("when", "not-a-word")),
            };
            if count.is_some() && !matches!(when, Condition::MissedSessions { .. }) {
                return Err(section.fail("count", "not-here"));
            }
            // Silence of no days at all would be a task for ever, minutes after each contact.
            let least = u16::from(when == Condition::NoContact);
            let (window_days, every_days) = read_window(&section)?;
            let watch = Watch {
                id: self.new_id(&section)?,
                when,
                after_days: required(&section, "after_days", section.count("after_days", least, 366)?)?,
                who: self.read_who(&section)?,
                window_days,
                every_days,
            };
            self.watches.push(watch);
        }
        Ok(())
    }

    /// Steps and watches share the ids of tasks.
    fn new_id(&self, section: &Section<'_>) -> Result<String> {
        let id = section.id("id")?;
        let taken = self.steps.iter().any(|s| s.id == id) || self.watches.iter().any(|w| w.id == id);
        if taken { Err(section.fail("id", "duplicate")) } else { Ok(id) }
    }

    fn read_who(&self, section: &Section<'_>) -> Result<String> {
        let who = section.id("who")?;
        if self.role(&who).is_some() { Ok(who) } else { Err(section.fail("who", "not-a-role")) }
    }

    fn read_anchor(&self, section: &Section<'_>) -> Result<Anchor> {
        let given = ["from", "after_step", "after_events"].into_iter().filter(|key| section.has(key));
        if let Some(second) = given.clone().nth(1) {
            return Err(section.fail(second, "one-of"));
        }
        match given.clone().next() {
            Some("after_step") => Ok(Anchor::Step(section.id("after_step")?)),
            Some("after_events") => {
                let events = section.ids("after_events", 40)?;
                if events.is_empty() || events.iter().any(|e| !self.events.contains(e)) {
                    return Err(section.fail("after_events", "not-an-event"));
                }
                Ok(Anchor::Events(events))
            }
            Some("from") => match section.id("from")?.as_str() {
                "start" => Ok(Anchor::Start),
                "planned-end" if self.length_days.is_none() => Err(section.fail("from", "needs-length")),
                "planned-end" => Ok(Anchor::PlannedEnd),
                "end" => Ok(Anchor::End),
                _ => Err(section.fail("from", "not-a-word")),
            },
            _ => Ok(Anchor::Start),
        }
    }
}

fn required<T>(section: &Section<'_>, key: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| section.fail(key, "missing"))
}

/// `day` or `week`; only what counts from a planned end may lie before it.
fn read_day(section: &Section<'_>, from: &Anchor) -> Result<i32> {
    let least = if *from == Anchor::PlannedEnd { -3_660 } else { 0 };
    match (section.number("day", least, 3_660)?, section.number("week", least / 7, 520)?) {
        (Some(day), None) => Ok(day),
        (None, Some(week)) => Ok(week * 7),
        (None, None) => Err(section.fail("day", "missing")),
        (Some(_), Some(_)) => Err(section.fail("week", "one-of")),
    }
}

fn read_window(section: &Section<'_>) -> Result<(u32, Option<u32>)> {
    let window = required(section, "window_days", section.count("window_days", 1, 366)?)?;
    let every = section.count("every_days", 1, 366)?;
    if every.is_some_and(|every| every < window) {
        return Err(section.fail("window_days", "longer-than-every"));
    }
    Ok((window, every))
}

fn texts(top: &Section<'_>) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
    let mut all = BTreeMap::new();
    for (tag, section) in top.named_sections("texts", 40)? {
        let is_tag = (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_tag {
            return Err(top.fail("texts", "format"));
        }
        all.insert(tag.to_owned(), section.sentences(600, 1_000)?.into_iter().collect());
    }
    Ok(all)
}

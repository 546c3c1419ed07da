//! What was acknowledged, and whether it is there.

use super::work::signed;
use super::{Done, Work};
use rafiq::check_ins::CheckInFilter;
use rafiq::mentoring::PairingId;
use rafiq::{Rafiq, Result};
use std::collections::BTreeSet;

/// Everything that one profile was told is kept.
#[derive(Default, Clone)]
pub struct Ledger {
    records: BTreeSet<Done>,
    meeting: i64,
    name: i64,
    signed: i64,
    /// Of the records: how many came before the relay's last acknowledgement, as a set.
    stored: BTreeSet<Done>,
    /// How many writes were acknowledged.
    pub acknowledged: u64,
}

impl Ledger {
    /// Notes an acknowledgement.
    pub fn add(&mut self, done: Done) {
        self.acknowledged += 1;
        match done {
            Done::Meeting(at) => self.meeting = at,
            Done::Name(number) => self.name = number,
            Done::Signed(count) => self.signed = self.signed.max(count),
            Done::Stored => self.stored = self.records.iter().filter(|done| is_shared(done)).cloned().collect(),
            record => {
                self.records.insert(record);
            }
        }
    }

    /// What is not there any more, or only half; empty is good. Errors of the store are a loss of everything.
    pub fn lost(&self, rafiq: &Rafiq, work: &Work) -> Vec<String> {
        self.look(rafiq, work).unwrap_or_else(|error| vec![format!("everything: {error}"); self.records.len().max(1)])
    }

    fn look(&self, rafiq: &Rafiq, work: &Work) -> Result<Vec<String>> {
        let there = records(rafiq, Some(work))?;
        let mut lost: Vec<String> = self.records.difference(&there).map(ToString::to_string).collect();
        let pairing = rafiq.mentoring().get(&work.pairing)?;
        let meeting = pairing.next_meeting.map_or(0, |meeting| meeting.value.meeting.starts_at_ms);
        if meeting < self.meeting {
            lost.push(format!("meeting {} is {meeting}", self.meeting));
        }
        let me = rafiq.people().me()?.map(|me| me.name).unwrap_or_default();
        let number = me.strip_prefix("Name ").and_then(|number| number.parse().ok()).unwrap_or(0);
        if number < self.name {
            lost.push(format!("name {} is {me}", self.name));
        }
        if signed(rafiq)? < self.signed {
            lost.push(format!("signed entries: {} of {}", signed(rafiq)?, self.signed));
        }
        // What one call wrote in several places is in all of them or in none.
        for space in [&work.pairing.value, &work.group.value] {
            let listed = rafiq.people().list(space)?.into_iter().find(|person| person.is_me).map(|person| person.name);
            if listed.as_deref() != Some(&me) {
                lost.push(format!("half a name: {me} and {listed:?}"));
            }
        }
        let alerts: i64 = rafiq.replica().read(|rows| {
            Ok(rows.query_row("SELECT count(*) FROM note WHERE own = 1 AND kind = 1", [], |row| row.get(0))?)
        })?;
        let today = there.iter().filter(|done| matches!(done, Done::CheckIn(id) if id.starts_with("today/"))).count();
        if today as i64 != alerts {
            lost.push(format!("half a wish for contact: {today} check-ins, {alerts} alerts"));
        }
        Ok(lost)
    }

    /// Of what the relay has acknowledged, what the other member of the pairing cannot read.
    pub fn not_at_partner(&self, partner: &Rafiq) -> Vec<String> {
        let there = records(partner, None).expect("the partner's store is sound");
        self.stored.difference(&there).map(|done| format!("at the relay: {done}")).collect()
    }
}

fn is_shared(done: &Done) -> bool {
    match done {
        Done::CheckIn(id) => !id.starts_with("private/"),
        Done::Goal(_) | Done::Milestone(_) => true,
        _ => false,
    }
}

/// All records that a profile shows; with `work` those of its group too.
fn records(rafiq: &Rafiq, work: Option<&Work>) -> Result<BTreeSet<Done>> {
    let mut found = BTreeSet::new();
    let mut before = None;
    loop {
        let page = rafiq.check_ins().list(CheckInFilter::default(), 500, before)?;
        found.extend(page.items.into_iter().map(|item| Done::CheckIn(format!("{}/{}", item.note, item.id.value))));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    for pairing in rafiq.mentoring().list()? {
        let id = PairingId { value: pairing.id.value };
        found.extend(rafiq.mentoring().goals(&id)?.into_iter().map(|goal| Done::Goal(goal.id.value)));
        found.extend(rafiq.mentoring().milestones(&id)?.into_iter().map(|reached| Done::Milestone(reached.id)));
    }
    let mut after = None;
    while let Some(work) = work {
        let page = rafiq.groups().sessions(&work.group, 0, 500, after)?;
        found.extend(page.items.into_iter().map(|session| Done::Session(session.id.value)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}

//! A day's work: what people do with the library, one call at a time, through the public interface.

use super::Fault;
use super::secrets::{GROUP, PRIVATE, SHARED};
use super::world::{World, ZONE};
use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, HelpKind, NewCheckIn, Share};
use rafiq::directory::ReportKind;
use rafiq::groups::{Mark, Modality, NewSession, Presence, Session};
use rafiq::host::{ByteSource, HostError, NoProgress};
use rafiq::mentoring::{ContactKind, Meeting, Milestone, NewContact, PairingId};
use rafiq::people::{NewMe, NewPerson};
use rafiq::{Error, Rafiq, Result};
use std::sync::Mutex;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// What a call promised beside the changes it wrote.
enum Done {
    Written,
    AlertRaised,
    ReportWritten,
    Settled(String),
    /// There was nothing to do it to.
    Nothing,
}

impl World {
    /// One call of a device's person; perhaps its disk fails it.
    pub(super) fn work(&mut self, who: usize) {
        let kind = self.rng.below(19);
        if self.chaos && self.rng.once_in(8) {
            self.devices[who].arm(&mut self.rng, 3);
        }
        let done = self.one_call(who, kind);
        let device = &mut self.devices[who];
        let fault = device.mend(&format!("call {kind}"), done.as_ref().err());
        match (&done, fault) {
            (Ok(done), _) => {
                device.keep_promise();
                match done {
                    Done::AlertRaised => device.promised.alerts += 1,
                    Done::ReportWritten => device.promised.reports += 1,
                    Done::Settled(id) => drop(device.promised.settled.insert(id.clone())),
                    Done::Written | Done::Nothing => {}
                }
            }
            (Err(_), Some(Fault::Killed)) => {
                device.count_notes_again();
                device.look_past();
            }
            (Err(_), _) => {
                // An import commits in slices: what it had written stays and is no worse for it.
                if kind != IMPORT {
                    device.check_nothing_new(&format!("call {kind}"));
                }
                device.look_past();
            }
        }
        if let Some(fault) = fault {
            self.faults.count(fault);
        }
        self.note(&format!("{} {kind} {}", self.devices[who].name, done.is_ok()));
    }

    fn one_call(&mut self, who: usize, kind: usize) -> Result<Done> {
        let pairing = self.pairing_of(who).filter(|_| kind < 10).cloned();
        self.count += 1;
        let World { devices, rng, count: number, today_ms, .. } = self;
        let device = &devices[who];
        let (rafiq, now_ms) = (device.rafiq(), device.now_ms());
        let Some((pairing, members)) = pairing else { return self.call_for_all(who, kind) };
        let mentoring = rafiq.mentoring();
        match kind {
            0..=2 => {
                let contact = if members[1] == who {
                    *rng.pick(&[ContactWish::No, ContactWish::ThisWeek, ContactWish::Today])
                } else {
                    ContactWish::No
                };
                let new = NewCheckIn {
                    feeling: *rng.pick(&[
                        Feeling::VeryHard,
                        Feeling::Hard,
                        Feeling::SoSo,
                        Feeling::Good,
                        Feeling::VeryGood,
                    ]),
                    helps: vec![*rng.pick(&HelpKind::ALL)],
                    contact,
                    share: Share::Pairing { pairing: pairing.value },
                    note: format!("{SHARED}-{who} {number}"),
                };
                rafiq.check_ins().record(new)?;
                return Ok(if contact == ContactWish::Today { Done::AlertRaised } else { Done::Written });
            }
            3 | 4 => {
                let hours = rng.below(400) as i64;
                let starts_at_ms = *today_ms + hours * HOUR_MS;
                let meeting = Meeting { starts_at_ms, zone: ZONE.into(), place: format!("café {number}") };
                mentoring.set_next_meeting(&pairing, meeting)?;
            }
            5 => drop(mentoring.add_goal(&pairing, &format!("goal {number}"))?),
            6 => {
                let me = rafiq.people().me()?.unwrap().id;
                let goals = mentoring.goals(&pairing)?;
                let Some(goal) = goals.iter().find(|goal| goal.by == me && goal.done_at_ms.is_none()) else {
                    return Ok(Done::Nothing);
                };
                if rng.once_in(3) { mentoring.withdraw_goal(&goal.id)? } else { mentoring.finish_goal(&goal.id)? }
            }
            7 => {
                let milestone = Milestone::Own { text: format!("victory {number}") };
                mentoring.reach_milestone(&pairing, milestone)?;
            }
            8 => {
                let kind = *rng.pick(&[ContactKind::Visit, ContactKind::Call, ContactKind::Message]);
                let at_ms = now_ms - rng.below(48) as i64 * HOUR_MS;
                mentoring.log_contact(&pairing, NewContact { kind, help: HelpKind::Emotional, at_ms })?;
            }
            _ => {
                let open: Vec<_> =
                    mentoring.plan(&pairing, now_ms, 1, ZONE)?.into_iter().filter(|step| !step.done).collect();
                if open.is_empty() {
                    return Ok(Done::Nothing);
                }
                match mentoring.complete_step(&pairing, &rng.pick(&open).id) {
                    Err(Error::NotFound) => return Ok(Done::Nothing), // a clock ten years on: no longer in the plan
                    done => done?,
                }
            }
        }
        Ok(Done::Written)
    }

    /// What everybody does, also the coordinator.
    fn call_for_all(&mut self, who: usize, kind: usize) -> Result<Done> {
        let our_group = match self.group_of(who) {
            None if IN_A_GROUP.contains(&kind) => return Ok(Done::Nothing),
            group => group.unwrap_or_default(),
        };
        let World { devices, rng, groups, directory, count, today_ms, .. } = self;
        let (rafiq, number, group) = (devices[who].rafiq(), *count, &groups[our_group].0);
        let groups = rafiq.groups();
        match kind {
            10 => {
                let new = NewSession {
                    starts_at_ms: *today_ms + rng.below(60 * 24) as i64 * HOUR_MS,
                    zone: ZONE.into(),
                    place: format!("{GROUP}-{our_group} {number}"),
                    modality: Modality::InPerson,
                };
                groups.schedule_session(group, new)?;
            }
            11 => {
                let Some(session) = a_session(rafiq, group, rng)? else { return Ok(Done::Nothing) };
                let at = *today_ms + rng.below(90 * 24) as i64 * HOUR_MS;
                if rng.once_in(8) {
                    groups.cancel_session(&session.id)?
                } else {
                    groups.move_session(&session.id, at)?
                };
            }
            12 | 13 => {
                let Some(session) = a_session(rafiq, group, rng)? else { return Ok(Done::Nothing) };
                let mut marks = Vec::new();
                for person in rafiq.people().list(&group.value)? {
                    if rng.once_in(2) {
                        let presence =
                            *rng.pick(&[Presence::Came, Presence::Late, Presence::Excused, Presence::Missed]);
                        marks.push(Mark { person: person.id, presence });
                    }
                }
                groups.record_attendance(&session.id, marks)?;
            }
            14 if who == 0 => {
                rafiq.directory().import_source(directory, "feed.json", &feed(number, rng.below(9)), &NoProgress)?;
            }
            14 => {
                let hits = rafiq.directory().browse(directory, 50, None)?.items;
                let Some(hit) = (!hits.is_empty()).then(|| rng.pick(&hits)) else { return Ok(Done::Nothing) };
                let kind = *rng.pick(&[ReportKind::WrongNumber, ReportKind::Closed, ReportKind::Other]);
                rafiq.directory().report(directory, &hit.id, kind, &format!("report {number}"))?;
                return Ok(Done::ReportWritten);
            }
            15 => return settle(rafiq),
            16 if rng.once_in(3) => {
                let new = NewPerson { name: format!("Guest {number}"), language: "en".into() };
                rafiq.people().add_person(&group.value, new)?;
            }
            16 => {
                let mine = CheckInFilter { space: None, person: Some(rafiq.people().me()?.unwrap().id) };
                let mine = rafiq.check_ins().list(mine, 20, None)?.items;
                if mine.is_empty() || rng.once_in(2) {
                    let name = format!("{} {}", devices[who].name, number % 10);
                    rafiq.people().set_me(NewMe { name, language: "en".into(), calendar: None })?;
                } else {
                    rafiq.check_ins().retract(&rng.pick(&mine).id)?;
                }
            }
            _ => {
                let note = format!("{PRIVATE}-{who} {number}");
                let (contact, share) = (ContactWish::No, Share::Private);
                let new = NewCheckIn { feeling: Feeling::SoSo, helps: vec![], contact, share, note };
                rafiq.check_ins().record(new)?;
            }
        }
        Ok(Done::Written)
    }

    /// The first pairing that a device is in, and who else is.
    pub(super) fn pairing_of(&self, who: usize) -> Option<&(PairingId, Vec<usize>)> {
        self.pairings.iter().find(|(_, members)| members.contains(&who))
    }

    /// The first group that a device is in. Who came late into a pairing is in none.
    fn group_of(&self, who: usize) -> Option<usize> {
        self.groups.iter().position(|(_, members)| members.contains(&who))
    }

    /// One more write into each space.
    pub(super) fn last_word(&mut self, who: usize) {
        self.count += 1;
        let (group, number) = (self.group_of(who), self.count);
        let rafiq = self.devices[who].rafiq();
        if let Some(group) = group {
            let new = NewSession {
                starts_at_ms: self.today_ms,
                zone: ZONE.into(),
                place: format!("{GROUP}-{group} {number}"),
                modality: Modality::InPerson,
            };
            rafiq.groups().schedule_session(&self.groups[group].0, new).unwrap();
        }
        for (pairing, _) in self.pairings.iter().filter(|(_, members)| members.contains(&who)) {
            rafiq.mentoring().add_goal(pairing, &format!("goal {number}")).unwrap();
        }
        if who == 0 {
            rafiq.directory().import_source(&self.directory, "feed.json", &feed(number, 1), &NoProgress).unwrap();
        }
        self.devices[who].keep_promise();
    }

    /// What a person looks at in the morning. Reading must work whatever the night has brought.
    pub(super) fn look(&mut self, who: usize) {
        let device = &self.devices[who];
        let due = device.rafiq().today().list(device.now_ms(), ZONE).unwrap();
        let reminders = device.rafiq().today().reminders(device.now_ms(), 7 * DAY_MS, ZONE).unwrap();
        let hits = device.rafiq().directory().search("legal", 20).unwrap();
        self.note(&format!("{} sees {} {} {}", self.devices[who].name, due.len(), reminders.len(), hits.len()));
    }
}

const IMPORT: usize = 14;
/// Calls about a group of one's own.
const IN_A_GROUP: [usize; 5] = [10, 11, 12, 13, 16];

/// Someone deals with an alert or a report.
fn settle(rafiq: &Rafiq) -> Result<Done> {
    if let Some(alert) = rafiq.safety().alerts()?.first() {
        rafiq.safety().settle(&alert.id)?;
        return Ok(Done::Settled(alert.id.value.clone()));
    }
    if let Some(report) = rafiq.directory().reports()?.first() {
        rafiq.directory().settle_report(&report.id)?;
        return Ok(Done::Settled(report.id.clone()));
    }
    Ok(Done::Nothing)
}

fn a_session(
    rafiq: &Rafiq,
    group: &rafiq::groups::SupportGroupId,
    rng: &mut crate::mutants::Rng,
) -> Result<Option<Session>> {
    let sessions = rafiq.groups().sessions(group, 0, 500, None)?.items;
    Ok((!sessions.is_empty()).then(|| rng.pick(&sessions).clone()))
}

/// A feed with one service of ten, brought up to date.
fn feed(number: u64, service: usize) -> Feed {
    let text = format!(
        r#"[{{"id": "5e0f3c1a-0000-4000-8000-00000000000{service}", "name": "Legal aid {service}", "status": "active",
             "description": "As of {number}", "organization": {{"id": "5e0f3c1a-0000-4000-9000-000000000000", "name": "Harbour",
             "description": "People who help"}}}}]"#
    );
    Feed(Mutex::new(Some(text.into_bytes())))
}

struct Feed(Mutex<Option<Vec<u8>>>);

impl ByteSource for Feed {
    fn read(&self, _max: usize) -> std::result::Result<Vec<u8>, HostError> {
        Ok(self.0.lock().unwrap().take().unwrap_or_default())
    }
}

//! No relay for days: a memory card, and somebody who carries it and can open nothing on it.

use super::joining::Joined;
use super::person::Person;
use super::{Day, claim};
use crate::failure::Failure;
use rafiq::language::Args;
use rafiq::sync::BundleContents;
use rafiq::sync::bundle::scan::{Found, scan};
use serde_json::json;
use std::fs::{self, File};
use std::path::Path;

/// "Learn to ride a bicycle." "Know the neighbours' names."
pub(super) const GOALS: [&str; 2] = ["بایسکل‌رانی یاد بگیرم", "نام همسایه‌ها را بدانم"];
const MOST_CARRIED: i64 = 1 << 20;

/// Written by the newcomer, carried by a courier, damaged on the way, read by the mentor.
pub(super) fn play(day: &mut Day<'_>, folder: &Path, joined: &Joined) -> Result<(), Failure> {
    day.courier.make_profile(None, None)?;
    day.courier.open(None)?;
    for person in [&day.newcomer, &day.mentor] {
        person.carrier.set_online(false);
        person.say(day.voice, "demo-goes-offline", &Args::new().text("name", person.name));
    }
    let (first, second) = (folder.join("first.rafiq"), folder.join("second.rafiq"));
    let written = write(day, &first, joined)?;
    let opened = carry(day, (&first, &second), written)?;
    let read = damaged(day, &second)?;
    day.mentor.read_bundle(&mut File::open(&second)?)?;
    let arrived = known_goals(&day.mentor, joined)?;
    for goal in GOALS {
        day.mentor.say(day.voice, "goal-added", &Args::new().text("goal", goal));
    }
    let line = format!(
        "memory card: {written} envelopes carried, {opened} opened on the way; damaged: {read} read, 1 passed over; \
         whole: {arrived} goals arrived"
    );
    let value = json!({ "envelopes": written, "opened": opened, "read_when_damaged": read, "goals": arrived });
    day.result("memory_card", value, &line);
    claim(opened == 0, "whoever carries a card can open nothing on it")?;
    claim(read == written - 1, "a damaged envelope costs only itself")?;
    claim(arrived == GOALS.len(), "all goals came by card")?;
    let status = day.mentor.sync().status()?;
    claim(status.waiting + status.quarantined == 0, "nothing from the card stands aside")
}

/// What the newcomer writes, and writes to the card each time.
fn write(day: &Day<'_>, card: &Path, joined: &Joined) -> Result<i64, Failure> {
    let me = &day.newcomer;
    let mut written = 0;
    for goal in GOALS {
        let goal = me.mentoring().add_goal(&joined.pairing, goal)?;
        me.say(day.voice, "goal-added", &Args::new().text("goal", goal.text));
        written += me.sync().write_bundle(card, &BundleContents::default())?.envelopes;
    }
    me.say(day.voice, "bundle-written", &Args::new().number("count", written));
    Ok(written)
}

/// Somebody who is in none of these spaces takes it on, from one card to another. How many envelopes they could open.
fn carry(day: &Day<'_>, (from, to): (&Path, &Path), written: i64) -> Result<usize, Failure> {
    let me = &day.courier;
    me.sync().carry(MOST_CARRIED)?;
    let report = me.read_bundle(&mut File::open(from)?)?;
    me.say(day.voice, "bundle-carried", &Args::new().number("count", report.carried));
    claim(report.carried == written && report.taken == 0, "all of it is carried, and nothing of it read")?;
    let mut opened = 0;
    scan(&mut File::open(from)?, &mut |found| {
        if let Found::Envelope(_, bytes) = found {
            opened += usize::from(me.sync().open_any(bytes)?.is_some());
        }
        Ok(())
    })?;
    me.say(day.voice, "demo-card-closed", &Args::new().text("name", me.name));
    let onward = me.sync().write_bundle(to, &BundleContents { spaces: Vec::new(), carried: true })?;
    claim(onward.envelopes == written, "all of it goes on")?;
    Ok(opened)
}

/// The mentor reads a card that has suffered. How many envelopes were whole.
fn damaged(day: &Day<'_>, card: &Path) -> Result<i64, Failure> {
    let me = &day.mentor;
    let mut bytes = fs::read(card)?;
    let middle = bytes.len() * 2 / 3;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    let report = me.read_bundle(&mut &bytes[..])?;
    for damage in &report.damaged {
        me.say(day.voice, &damage.what.text_id(), &Args::new().number("at", damage.at));
    }
    me.say(day.voice, "bundle-write-again", &Args::new());
    claim(report.damaged.len() == 1, "one place is damaged")?;
    Ok(report.taken + report.known + report.aside + report.left)
}

fn known_goals(person: &Person, joined: &Joined) -> Result<usize, Failure> {
    let goals = person.mentoring().goals(&joined.pairing)?;
    Ok(goals.iter().filter(|goal| GOALS.contains(&goal.text.as_str())).count())
}

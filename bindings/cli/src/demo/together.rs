//! A connection returns: the alert first, both meeting times kept and settled, what is private stays where it is.

use super::apart::Notes;
use super::joining::{Joined, ZONE};
use super::person::Person;
use super::relay::RelayProcess;
use super::{Day, claim, search};
use crate::failure::Failure;
use crate::voice::sentence;
use rafiq::check_ins::HelpKind;
use rafiq::ids::SpaceId;
use rafiq::language::{Args, DateStyle};
use rafiq::mentoring::{ContactKind, NewContact, NextMeeting};
use rafiq::replica::SpaceKind;
use rafiq::safety::ReceivedAlert;
use rafiq::today::DueKind;
use serde_json::json;

/// What a phone with nothing new may cost, both ways.
const QUIET_BYTES: u64 = 600;

/// Exchanges, and what follows.
pub(super) fn play(day: &mut Day<'_>, relay: &RelayProcess, joined: &Joined, notes: &Notes) -> Result<(), Failure> {
    alert(day, relay.url(), joined)?;
    conflict(day, relay.url(), joined)?;
    agree(day, joined)?;
    private(day, relay, notes)?;
    second(day, relay.url())
}

/// One round trip a phone; of all that waited for the mentor, the alert comes first.
fn alert(day: &mut Day<'_>, relay: &str, joined: &Joined) -> Result<(), Failure> {
    for person in [&day.newcomer, &day.mentor] {
        person.carrier.set_online(true);
        person.say(day.voice, "demo-connection-returns", &Args::new());
    }
    let sent = day.newcomer.exchange(relay)?;
    let got = day.mentor.exchange(relay)?;
    claim(sent.len() == 1 && got.len() == 1, "one round trip a phone")?;
    let first = got.iter().flat_map(|received| received.delivered.iter().copied()).next().unwrap_or("nothing");
    claim(first == "alert", "the alert comes before everything else")?;
    let alerts = day.mentor.safety().alerts()?;
    let [alert] = &alerts[..] else { return Err(Failure::Claim("one alert has come".into())) };
    claim(alert.confirmed && alert.name == day.newcomer.name, "the alert is the newcomer's")?;
    day.mentor.say_with(day.voice, "demo-delivered-first", |language| {
        let text = sentence(language, "alert-contact-today", &Args::new().text("name", alert.name.clone()));
        Ok(Args::new().formatted("alert", text))
    })?;
    due(day)?;
    day.result("delivered_first", json!(alert.kind), &format!("delivered first: {}", alert.kind));
    answer(day, joined, alert)
}

/// The mentor rings up, and says so.
fn answer(day: &Day<'_>, joined: &Joined, alert: &ReceivedAlert) -> Result<(), Failure> {
    let me = &day.mentor;
    let call = NewContact { kind: ContactKind::Call, help: HelpKind::Emotional, at_ms: me.replica().now_ms() };
    let contact = me.mentoring().log_contact(&joined.pairing, call)?;
    me.safety().settle(&alert.id)?;
    me.say(day.voice, &contact.kind.text_id(), &Args::new());
    claim(me.safety().alerts()?.is_empty(), "an alert that was answered is no longer due")
}

/// What the mentor's first screen shows now: the alert before all else.
fn due(day: &Day<'_>) -> Result<(), Failure> {
    let me = &day.mentor;
    let due = me.today().list(me.replica().now_ms(), ZONE)?;
    claim(due.first().is_some_and(|item| item.kind == DueKind::Alert), "the alert is the first thing that is due")?;
    me.say(day.voice, "today-due", &Args::new().number("count", due.len() as i64));
    for item in due.iter().take(3) {
        me.say_with(day.voice, &item.text_id, |language| {
            let args = item.args.iter().fold(Args::new(), |args, (name, text)| args.text(name, text));
            Ok(args.formatted("date", language.date_time(item.due_from_ms, ZONE, DateStyle::Full)?))
        })?;
    }
    Ok(())
}

/// Both times are on both phones; the newcomer takes her mentor's.
fn conflict(day: &mut Day<'_>, relay: &str, joined: &Joined) -> Result<(), Failure> {
    day.newcomer.exchange(relay)?;
    let kept = |person: &Person| -> Result<NextMeeting, Failure> {
        person.mentoring().get(&joined.pairing)?.next_meeting.ok_or(Failure::Core(rafiq::Error::NotFound))
    };
    let (mine, theirs) = (kept(&day.newcomer)?, kept(&day.mentor)?);
    claim(mine == theirs, "both see the same two meeting times, the same one first")?;
    let values = 1 + mine.others.len();
    for person in [&day.newcomer, &day.mentor] {
        person.say(day.voice, "conflict-meeting-time", &Args::new());
        for choice in std::iter::once(&mine.value).chain(&mine.others) {
            person.say_with(day.voice, "conflict-meeting-choice", |language| {
                let date = language.date_time(choice.meeting.starts_at_ms, ZONE, DateStyle::Full)?;
                Ok(Args::new().formatted("date", date).text("name", choice.by_name.clone()))
            })?;
        }
        person.say(day.voice, "demo-both-times-kept", &Args::new().number("count", values as i64));
    }
    let mut choices = std::iter::once(&mine.value).chain(&mine.others);
    let taken = choices.find(|choice| choice.by_name == day.mentor.name).unwrap_or(&mine.value);
    day.newcomer.mentoring().resolve_next_meeting(&joined.pairing, taken.meeting.clone())?;
    day.settle(relay)?;
    let (mine, theirs) = (kept(&day.newcomer)?, kept(&day.mentor)?);
    for person in [&day.newcomer, &day.mentor] {
        person.say_with(day.voice, "conflict-resolved", |language| {
            let date = language.date_time(mine.value.meeting.starts_at_ms, ZONE, DateStyle::Full)?;
            Ok(Args::new().formatted("date", date))
        })?;
    }
    let resolved = mine.others.is_empty() && mine.value.meeting == taken.meeting;
    let same = mine == theirs;
    let line = format!(
        "conflict meeting-time: {values} values kept, {}, {}",
        if resolved { "resolved" } else { "not resolved" },
        if same { "same on both" } else { "different" }
    );
    day.result("conflict_meeting_time", json!({ "values": values, "resolved": resolved, "same": same }), &line);
    claim(values == 2 && resolved && same, "both meeting times were kept, and one was chosen for both")
}

/// Whatever two people share is the same on their devices, row by row.
fn agree(day: &Day<'_>, joined: &Joined) -> Result<(), Failure> {
    let digest = |person: &Person, space: &str| -> Result<_, Failure> {
        Ok(person.replica().digest(Some(&SpaceId::parse(space)?))?)
    };
    let same = digest(&day.newcomer, &joined.pairing.value)? == digest(&day.mentor, &joined.pairing.value)?;
    claim(same, "the pairing is the same on both phones")?;
    for space in day.coordinator.sharing().spaces()? {
        let known = digest(&day.coordinator, &space.id)?;
        for person in [&day.newcomer, &day.mentor] {
            let what = if space.kind == SpaceKind::Directory { "directory" } else { "group" };
            claim(digest(person, &space.id)? == known, &format!("the {what} is the same on all three devices"))?;
        }
    }
    for person in [&day.newcomer, &day.mentor, &day.coordinator] {
        let status = person.sync().status()?;
        let held = status.waiting + status.quarantined + status.outbox + status.unsent_changes;
        claim(held == 0 && status.waiting_for.is_empty(), "nothing waits and nothing stands aside")?;
    }
    Ok(())
}

/// Looks for the newcomer's words everywhere else, and for shared words, so as to know that looking finds.
fn private(day: &mut Day<'_>, relay: &RelayProcess, notes: &Notes) -> Result<(), Failure> {
    let people = [&day.newcomer, &day.mentor, &day.coordinator];
    let (mut elsewhere, mut at_home, mut on_disk) = (0, 0, false);
    for words in [notes.private, notes.private_id.value.as_str()] {
        let on_relay = search::on_relay(relay, &people, words)?;
        claim(on_relay.unopened == 0, "every envelope on the relay was opened by somebody's keys")?;
        elsewhere +=
            on_relay.relay + search::in_store(&day.mentor, words)? + search::in_store(&day.coordinator, words)?;
        at_home += search::in_store(&day.newcomer, words)?;
        on_disk |= search::in_files(&day.newcomer, words)?;
    }
    let in_envelopes = search::on_relay(relay, &people, notes.shared)?.relay;
    let at_mentor = search::in_store(&day.mentor, notes.shared)?;
    on_disk |= search::in_files(&day.mentor, notes.shared)?;
    let shared = in_envelopes + at_mentor;
    day.newcomer.say(day.voice, "demo-private-stays", &Args::new().text("name", day.newcomer.name));
    let line = format!("private check-ins found on relay and mentor: {elsewhere}; shared: {shared}");
    day.result("check_ins_found", json!({ "private": elsewhere, "shared": shared }), &line);
    claim(elsewhere == 0, "what is private is nowhere but on its owner's device")?;
    claim(at_home > 0, "what is private is on its owner's device")?;
    claim(in_envelopes > 0 && at_mentor > 0, "what is shared was carried by the relay and is on the mentor's device")?;
    claim(!on_disk, "the files of a store show nothing")
}

/// With nothing new, an exchange carries no envelope and few bytes.
fn second(day: &mut Day<'_>, relay: &str) -> Result<(), Failure> {
    let carrier = &day.newcomer.carrier;
    let before = carrier.sent() + carrier.received();
    let rounds = day.newcomer.exchange(relay)?;
    let bytes = carrier.sent() + carrier.received() - before;
    let envelopes: i64 = rounds.iter().map(|received| received.stored + received.delivered.len() as i64).sum();
    day.newcomer.say(day.voice, "demo-nothing-left", &Args::new());
    let line = format!("second exchange: {envelopes} envelopes, {bytes} bytes");
    day.result("second_exchange", json!({ "envelopes": envelopes, "bytes": bytes }), &line);
    claim(rounds.len() == 1 && envelopes == 0, "a second exchange has nothing left to bring")?;
    claim(bytes <= QUIET_BYTES, "an exchange with nothing new takes at most 600 bytes")
}

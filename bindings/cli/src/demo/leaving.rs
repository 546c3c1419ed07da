//! Somebody is taken out of the group and reads no further; somebody was away meanwhile and comes back to all of it.

use super::joining::{HOUR_MS, Joined, ZONE};
use super::person::Person;
use super::relay::RelayProcess;
use super::{Day, claim, search};
use crate::failure::Failure;
use rafiq::Error;
use rafiq::groups::{Mark, Modality, NewSession, Presence, Session};
use rafiq::ids::SpaceId;
use rafiq::language::Args;
use rafiq::sharing::Reach;
use rafiq::sync::Received;
use serde_json::json;

/// Where the group meets from now on: known to those who are in it.
const PLACE: &str = "The old mill, upstairs";
/// How often it is to meet there.
const MEETINGS: i64 = 12;

/// The courier comes to the group, is taken out, and stays outside; the mentor hears of all that later.
pub(super) fn play(day: &mut Day<'_>, relay: &RelayProcess, joined: &Joined) -> Result<(), Failure> {
    join(day, relay.url(), joined)?;
    // From here on the mentor is away.
    day.mentor.carrier.set_online(false);
    let sessions = remove(day, relay.url(), joined)?;
    outside(day, relay, joined, &sessions)?;
    back(day, relay.url(), joined, &sessions)
}

fn join(day: &Day<'_>, relay: &str, joined: &Joined) -> Result<(), Failure> {
    let (coordinator, courier) = (&day.coordinator, &day.courier);
    for person in [&day.newcomer, &day.mentor] {
        person.carrier.set_online(true);
    }
    let invite = coordinator.sharing().invite(&joined.group.value, Reach::InPerson)?;
    courier.sharing().accept(&invite.text)?;
    courier.exchange(relay)?;
    coordinator.exchange(relay)?;
    for request in &coordinator.sharing().requests()? {
        coordinator.sharing().admit(&request.id)?;
    }
    for person in [coordinator, courier, coordinator] {
        person.exchange(relay)?;
    }
    day.settle(relay)?;
    let known = courier.groups().get(&joined.group)?;
    courier.say(day.voice, "group-joined", &Args::new().text("group", known.name));
    claim(courier.groups().session(&joined.session).is_ok(), "who is in the group reads when it meets")
}

/// The coordinator takes the courier out and goes on.
fn remove(day: &Day<'_>, relay: &str, joined: &Joined) -> Result<Vec<Session>, Failure> {
    let (me, gone) = (&day.coordinator, &day.courier);
    let person = gone.people().me()?.ok_or(Error::NotFound)?.id;
    me.sharing().remove(&joined.group.value, &person)?;
    me.say(day.voice, "demo-taken-out", &Args::new().text("name", gone.name));
    let mut sessions = Vec::new();
    for week in 1..=MEETINGS {
        let starts_at_ms = joined.tomorrow_ms + (week * 7 * 24 + 17) * HOUR_MS;
        let new = NewSession { starts_at_ms, zone: ZONE.into(), place: PLACE.into(), modality: Modality::InPerson };
        sessions.push(me.groups().schedule_session(&joined.group, new)?);
        me.exchange(relay)?;
    }
    Ok(sessions)
}

/// Whoever was taken out finds nothing of it, in the app or with their keys; a member does.
fn outside(day: &mut Day<'_>, relay: &RelayProcess, joined: &Joined, sessions: &[Session]) -> Result<(), Failure> {
    let (gone, member) = (&day.courier, &day.newcomer);
    for person in [gone, member, gone] {
        person.exchange(relay.url())?;
    }
    let read = |person: &Person| sessions.iter().filter(|new| person.groups().session(&new.id).is_ok()).count();
    let opened = |person: &Person| -> Result<usize, Failure> { Ok(search::on_relay(relay, &[person], PLACE)?.relay) };
    let (by_gone, by_member) = (read(gone) + opened(gone)?, read(member) + opened(member)?);
    gone.say(day.voice, "demo-reads-no-further", &Args::new().text("name", gone.name));
    claim(gone.groups().session(&joined.session).is_ok(), "what was read before stays")?;
    let roster = gone.people().list(&joined.group.value)?;
    let marks = roster.into_iter().take(1).map(|person| Mark { person: person.id, presence: Presence::Came }).collect();
    let refused = gone.groups().record_attendance(&joined.session, marks);
    claim(matches!(refused, Err(Error::NotAllowed { .. })), "whoever was taken out writes no more")?;
    let line = format!("removed: found afterwards by who was taken out {by_gone}, by a member {by_member}");
    day.result("removed", json!({ "by_removed": by_gone, "by_member": by_member }), &line);
    claim(by_gone == 0 && by_member > 0, "only members read what was written after somebody was taken out")
}

/// The mentor was away and has it all after one exchange.
fn back(day: &mut Day<'_>, relay: &str, joined: &Joined, sessions: &[Session]) -> Result<(), Failure> {
    let me = &day.mentor;
    me.carrier.set_online(true);
    me.say(day.voice, "demo-connection-returns", &Args::new());
    let rounds = me.exchange(relay)?;
    let count: i64 = rounds.iter().map(Received::taken).sum();
    me.say(day.voice, "sync-received", &Args::new().number("count", count));
    claim(sessions.iter().all(|new| me.groups().session(&new.id).is_ok()), "all of it has come")?;
    day.settle(relay)?;
    let digest = |person: &Person| person.replica().digest(Some(&SpaceId::parse(&joined.group.value)?));
    let same = digest(&day.mentor)? == digest(&day.coordinator)? && digest(&day.newcomer)? == digest(&day.mentor)?;
    let line = format!(
        "away: {count} changes caught up, round trips {}, {}",
        rounds.len(),
        if same { "same on all" } else { "different" }
    );
    day.result("away", json!({ "changes": count, "round_trips": rounds.len(), "same": same }), &line);
    claim(same, "the group is the same on all devices again")
}

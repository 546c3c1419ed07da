//! The group, the directory and the pairing: invited, asked, let in, all through the relay.

use super::{Day, PASSPHRASE, claim};
use crate::failure::Failure;
use rafiq::groups::{Modality, NewGroup, NewSession, SessionId, SupportGroupId};
use rafiq::language::{Args, DateStyle};
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sharing::Reach;

/// Where the day takes place.
pub(super) const ZONE: &str = "Europe/Vienna";
pub(super) const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// What all three have come to.
pub(super) struct Joined {
    pub(super) group: SupportGroupId,
    pub(super) session: SessionId,
    pub(super) pairing: PairingId,
    /// Tomorrow, Unix ms at midnight UTC.
    pub(super) tomorrow_ms: i64,
}

/// Everybody opens, joins, and has what the others have.
pub(super) fn play(day: &mut Day<'_>, relay: &str) -> Result<Joined, Failure> {
    day.coordinator.open(None)?;
    day.newcomer.open(Some(PASSPHRASE))?;
    day.mentor.make_profile(None, None)?;
    day.mentor.open(None)?;
    for person in [&day.newcomer, &day.mentor] {
        person.say(day.voice, "demo-opened", &Args::new().text("name", person.name));
        person.say_origin(day.voice)?;
    }
    let today_ms = day.coordinator.replica().now_ms().div_euclid(DAY_MS) * DAY_MS;
    let (group, session) = found_group(day, relay, today_ms - 7 * HOUR_MS)?;
    join_group(day, relay, &group)?;
    let pairing = pair(day, relay)?;
    day.settle(relay)?;
    for person in [&day.newcomer, &day.mentor] {
        let known = person.groups().get(&group)?;
        claim(known.people == 3, "everybody is in the group's roster")?;
        person.say(day.voice, "group-joined", &Args::new().text("group", known.name));
        let starts = person.groups().session(&session)?.starts_at_ms;
        person.say_with(day.voice, "today-meeting", |language| {
            Ok(Args::new().formatted("date", language.date_time(starts, ZONE, DateStyle::Full)?))
        })?;
    }
    for (person, other) in [(&day.newcomer, &day.mentor), (&day.mentor, &day.newcomer)] {
        person.say(day.voice, "pairing-joined", &Args::new().text("name", other.name));
    }
    Ok(Joined { group, session, pairing, tomorrow_ms: today_ms + DAY_MS })
}

/// A group that met yesterday in the evening.
fn found_group(day: &Day<'_>, relay: &str, met_ms: i64) -> Result<(SupportGroupId, SessionId), Failure> {
    let coordinator = &day.coordinator;
    coordinator.sync().set_home_relay(relay)?;
    let group = coordinator.groups().found(NewGroup {
        name: "Evening tea".into(),
        language: "en".into(),
        capacity: 12,
        place: "Harbour library, ground floor".into(),
    })?;
    let session = coordinator.groups().schedule_session(
        &group.id,
        NewSession { starts_at_ms: met_ms, zone: ZONE.into(), place: String::new(), modality: Modality::InPerson },
    )?;
    coordinator.exchange(relay)?;
    Ok((group.id, session.id))
}

/// An invite for each to the group, and one for both to read the directory.
fn join_group(day: &Day<'_>, relay: &str, group: &SupportGroupId) -> Result<(), Failure> {
    let sharing = day.coordinator.sharing();
    let directories = day.coordinator.directory().list()?;
    let directory = directories.first().map(|directory| directory.space.as_str()).unwrap_or_default();
    let reading = sharing.invite(directory, Reach::InPerson)?;
    for person in [&day.newcomer, &day.mentor] {
        let invite = sharing.invite(&group.value, Reach::InPerson)?;
        claim(person.sharing().preview(&invite.text)?.needs_confirmation, "the coordinator has to let people in")?;
        person.sharing().accept(&invite.text)?;
        person.sharing().accept(&reading.text)?;
        person.exchange(relay)?;
    }
    day.coordinator.exchange(relay)?;
    let requests = sharing.requests()?;
    claim(requests.len() == 2, "both have asked to join the group")?;
    for request in &requests {
        sharing.admit(&request.id)?;
    }
    day.settle(relay)
}

/// The mentor begins the pairing and invites the newcomer.
fn pair(day: &Day<'_>, relay: &str) -> Result<PairingId, Failure> {
    let (mentor, newcomer) = (&day.mentor, &day.newcomer);
    mentor.sync().set_home_relay(relay)?;
    newcomer.sync().set_home_relay(relay)?;
    let pairing = mentor.mentoring().begin(NewPairing {
        model: "newcomer-mentoring".into(),
        my_role: "mentor".into(),
        title: format!("{} & {}", newcomer.name, mentor.name),
    })?;
    let invite = mentor.sharing().invite(&pairing.id.value, Reach::InPerson)?;
    newcomer.sharing().accept(&invite.text)?;
    newcomer.exchange(relay)?;
    mentor.exchange(relay)?;
    let requests = mentor.sharing().requests()?;
    claim(requests.len() == 1, "the newcomer has asked to join the pairing")?;
    for request in &requests {
        mentor.sharing().admit(&request.id)?;
    }
    mentor.exchange(relay)?;
    newcomer.exchange(relay)?;
    newcomer.mentoring().take_role(&pairing.id, "newcomer")?;
    Ok(pairing.id)
}

//! Without a connection: who came, when to meet next, how it is going, a goal, a milestone.

use super::joining::{HOUR_MS, Joined, ZONE};
use super::person::Person;
use super::relay::RelayProcess;
use super::{Day, claim};
use crate::failure::Failure;
use crate::voice::sentence;
use rafiq::check_ins::{CheckInId, ContactWish, Feeling, HelpKind, NewCheckIn, Share};
use rafiq::groups::{Mark, Presence};
use rafiq::language::{Args, DateStyle};
use rafiq::mentoring::{Meeting, Milestone};
use serde_json::json;

/// What the newcomer wrote, to be looked for later.
pub(super) struct Notes {
    pub(super) private_id: CheckInId,
    pub(super) private: &'static str,
    pub(super) shared: &'static str,
}

/// "At night I miss my mother and cry."
const PRIVATE: &str = "شب‌ها دلم برای مادرم تنگ می‌شود و گریه می‌کنم";
/// "Could you come with me to the school tomorrow?"
const SHARED: &str = "آیا فردا با من به مکتب آمده می‌توانید؟";
/// "Read a newspaper by myself."
pub(super) const GOAL: &str = "خودم یک روزنامه بخوانم";

/// Both go offline and work on.
pub(super) fn play(day: &mut Day<'_>, relay: &RelayProcess, joined: &Joined) -> Result<Notes, Failure> {
    let voice = day.voice;
    let bytes = |day: &Day<'_>| {
        [&day.newcomer, &day.mentor].map(|p| p.carrier.sent() + p.carrier.received()).iter().sum::<u64>()
    };
    let bytes_before = bytes(day);
    for person in [&day.newcomer, &day.mentor] {
        person.carrier.set_online(false);
        person.say(voice, "demo-goes-offline", &Args::new().text("name", person.name));
        let cut = person.exchange(relay.url());
        claim(matches!(cut, Err(Failure::Offline(_))), "without a connection nothing is exchanged")?;
        person.say(voice, "sync-offline", &Args::new());
    }
    let before = (day.newcomer.changes()?, day.mentor.changes()?);
    let notes = newcomer(day, joined)?;
    mentor(day, joined)?;
    let made = (day.newcomer.changes()? - before.0, day.mentor.changes()? - before.1);
    for (person, count) in [(&day.newcomer, made.0), (&day.mentor, made.1)] {
        person.say(voice, "demo-worked-offline", &Args::new().number("count", count));
    }
    let crossed = bytes(day) - bytes_before;
    let line = format!("offline: newcomer {} changes, mentor {} changes, {crossed} bytes crossed", made.0, made.1);
    day.result("offline", json!({ "newcomer": made.0, "mentor": made.1, "bytes": crossed }), &line);
    claim(made.0 > 0 && made.1 > 0 && crossed == 0, "both worked without a connection")?;
    Ok(notes)
}

fn newcomer(day: &Day<'_>, joined: &Joined) -> Result<Notes, Failure> {
    let (voice, me, mentor) = (day.voice, &day.newcomer, &day.mentor);
    mark(day, me, joined, &day.mentor)?;
    meet(day, me, joined, 14)?;
    let share = Share::Pairing { pairing: joined.pairing.value.clone() };
    let check_in = |feeling, helps: &[HelpKind], contact, share: &Share, note: &str| {
        let new = NewCheckIn { feeling, helps: helps.to_vec(), contact, share: share.clone(), note: note.into() };
        me.check_ins().record(new)
    };
    let private = check_in(Feeling::VeryHard, &[HelpKind::Emotional], ContactWish::No, &Share::Private, PRIVATE)?;
    me.say(voice, "check-in-kept-private", &Args::new());
    check_in(Feeling::SoSo, &[HelpKind::Practical], ContactWish::No, &share, SHARED)?;
    me.say(voice, "check-in-kept-shared", &Args::new().text("name", mentor.name));
    check_in(Feeling::Hard, &[], ContactWish::Today, &share, "")?;
    me.say(voice, "check-in-contact-today-noted", &Args::new().text("name", mentor.name));
    let goal = me.mentoring().add_goal(&joined.pairing, GOAL)?;
    me.say(voice, "goal-added", &Args::new().text("goal", goal.text));
    Ok(Notes { private_id: private.id, private: PRIVATE, shared: SHARED })
}

fn mentor(day: &Day<'_>, joined: &Joined) -> Result<(), Failure> {
    let (voice, me) = (day.voice, &day.mentor);
    mark(day, me, joined, &day.newcomer)?;
    meet(day, me, joined, 16)?;
    let id = "first-medical-appointment";
    me.mentoring().reach_milestone(&joined.pairing, Milestone::Catalogue { id: id.into() })?;
    me.say_with(voice, "milestone-reached-by", |language| {
        let milestone = sentence(language, &format!("milestone-{id}"), &Args::new());
        Ok(Args::new().text("name", day.newcomer.name).formatted("milestone", milestone))
    })
}

/// Notes that somebody came to the session.
fn mark(day: &Day<'_>, me: &Person, joined: &Joined, who: &Person) -> Result<(), Failure> {
    let roster = me.people().list(&joined.group.value)?;
    let person = roster.into_iter().find(|person| person.name == who.name).ok_or(rafiq::Error::NotFound)?;
    me.groups().record_attendance(&joined.session, vec![Mark { person: person.id, presence: Presence::Came }])?;
    me.say(day.voice, "demo-came-to-session", &Args::new().text("name", who.name));
    Ok(())
}

/// Says when the two next meet: tomorrow, so many hours after midnight UTC.
fn meet(day: &Day<'_>, me: &Person, joined: &Joined, hours: i64) -> Result<(), Failure> {
    let starts_at_ms = joined.tomorrow_ms + hours * HOUR_MS;
    me.mentoring()
        .set_next_meeting(&joined.pairing, Meeting { starts_at_ms, zone: ZONE.into(), place: String::new() })?;
    me.say_with(day.voice, "session-next", |language| {
        Ok(Args::new().formatted("date", language.date_time(starts_at_ms, ZONE, DateStyle::Full)?))
    })
}

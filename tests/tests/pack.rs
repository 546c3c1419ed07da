//! Those who come late: a newcomer and a phone that lay in a drawer for half a year catch up from a pack, after a real relay has let go of
//! what the pack covers.

use rafiq::Error;
use rafiq::groups::{Modality, NewGroup, NewSession, SupportGroupId};
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::people::PersonRef;
use rafiq::sync::wire::{DeviceId, Item, space_tag};
use rafiq::sync::{Budget, BundleContents};
use rafiq_protocol::{Request, SectionBody};
use rafiq_tests::phone::{Phone, START_MS};
use rafiq_tests::taken::put_last_part;
use rafiq_tests::world::{DAY_MS, URL, World};
use rusqlite::Connection;

fn pairing(mentor: &Phone) -> PairingId {
    mentor.sync().set_home_relay(URL).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Two".into() };
    mentor.mentoring().begin(new).unwrap().id
}

/// A mentor who has let two others in.
fn three(world: &World) -> ([Phone; 3], PairingId, SpaceId) {
    let phones = [Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"), Phone::new(3, "Farid", "prs")];
    let pairing = pairing(&phones[0]);
    let space = SpaceId::parse(&pairing.value).unwrap();
    for phone in &phones[1..] {
        world.join(&phones[0], phone, &pairing.value);
    }
    (phones, pairing, space)
}

/// The second of three is taken out, and the first has told the space in a pack under the key that was made because of it; the third has not
/// heard of any of that.
fn under_a_second_key(world: &World) -> ([Phone; 3], PairingId, SpaceId) {
    let ([mentor, gone, away], pairing, space) = three(world);
    world.exchange(&[&mentor, &gone, &away]);
    mentor.sharing().remove(&pairing.value, &person(&gone)).unwrap();
    mentor.mentoring().add_goal(&pairing, "under the second key").unwrap();
    world.exchange(&[&mentor, &mentor]);
    assert_eq!(mentor.sync().write_pack(&space), Ok(true));
    world.exchange(&[&mentor, &mentor, &mentor]);
    ([mentor, gone, away], pairing, space)
}

fn goals(phone: &Phone, pairing: &PairingId) -> Vec<String> {
    let mut goals: Vec<String> = phone.mentoring().goals(pairing).unwrap().into_iter().map(|goal| goal.text).collect();
    goals.sort();
    goals
}

fn person(phone: &Phone) -> PersonRef {
    phone.people().me().unwrap().unwrap().id
}

/// Nothing waits or is refused, and both hold the same log and rows of a space.
fn assert_same(one: &Phone, other: &Phone, space: &SpaceId) {
    for phone in [one, other] {
        let status = phone.sync().status().unwrap();
        assert_eq!((status.waiting, status.quarantined, status.waiting_for), (0, 0, vec![]));
    }
    assert_eq!(one.replica().digest(Some(space)).unwrap(), other.replica().digest(Some(space)).unwrap());
    assert_eq!(log(one, space), log(other, space));
}

fn log(phone: &Phone, space: &SpaceId) -> Vec<[u8; 32]> {
    let rows = |rows: &Connection| {
        let mut statement = rows.prepare("SELECT hash FROM entry WHERE space = ?1 ORDER BY hash")?;
        let found = statement.query_map([&space.0[..]], |row| row.get(0))?;
        Ok(found.collect::<Result<_, _>>()?)
    };
    phone.replica().read(rows).unwrap()
}

#[test]
fn half_a_year_later_a_newcomer_and_a_phone_from_a_drawer_catch_up() {
    let world = World::default();
    let ([mentor, amina, away], pairing, space) = three(&world);
    away.mentoring().add_goal(&pairing, "from before").unwrap();
    world.exchange(&[&away, &mentor, &amina]);
    // Its person goes on writing in the drawer, so to say: that must not be lost either.
    away.mentoring().add_goal(&pairing, "unsent").unwrap();

    // Both write for so long that a pack becomes due by itself, whichever of the two has the turn.
    for day in 0..180 {
        mentor.mentoring().add_goal(&pairing, &format!("mentor {day}")).unwrap();
        amina.mentoring().add_goal(&pairing, &format!("amina {day}")).unwrap();
        world.exchange(&[&mentor, &amina]);
    }
    mentor.mentoring().add_goal(&pairing, "after the pack").unwrap();
    world.exchange(&[&mentor, &amina]);

    let (before, first) = (world.envelopes().len(), world.envelopes()[0].0);
    world.pass(200, &[&mentor, &amina, &away]);
    let (left, begin) = (world.envelopes().len(), world.envelopes()[0].0);
    assert!(left < before / 2 && begin > first + 250, "{left} of {before} envelopes are left, from {begin} on");
    let late = Phone::new(4, "Shirin", "prs");
    late.pass(200 * DAY_MS);
    world.join(&mentor, &late, &pairing.value);
    world.exchange(&[&away, &mentor, &late, &amina, &away]);
    assert_eq!(goals(&mentor, &pairing).len(), 363);
    for phone in [&amina, &away, &late] {
        assert_same(&mentor, phone, &space);
    }
    // What was written since builds on chain ends that came in the pack, and others' on theirs.
    late.mentoring().add_goal(&pairing, "and me").unwrap();
    world.exchange(&[&late, &mentor, &amina, &away]);
    assert_eq!(goals(&away, &pairing).len(), 364);
    assert_same(&mentor, &away, &space);
    assert!(mentor.rafiq().sync().status().unwrap().outbox == 0);
}

/// Who was away holds a key from before somebody was taken out. What would have brought the next one is long gone.
#[test]
fn keys_that_were_made_meanwhile_come_with_the_pack() {
    let world = World::default();
    let ([mentor, gone, away], pairing, space) = under_a_second_key(&world);
    world.pass(200, &[&mentor, &away]);
    world.exchange(&[&mentor]);
    world.exchange(&[&away, &away]);
    assert_eq!(goals(&away, &pairing), ["under the second key"]);
    assert_same(&mentor, &away, &space);
    // Whoever was taken out opens nothing of it.
    let opened = world.envelopes().into_iter().filter(|(_, envelope)| {
        let parts = gone.sync().open_any(envelope).unwrap().unwrap_or_default();
        parts.iter().any(|part| part.windows(10).any(|window| window == b"second key"))
    });
    assert_eq!(opened.count(), 0);
}

#[test]
fn a_pack_is_gone_on_with_after_a_restart_and_told_in_as_many_exchanges_as_it_takes() {
    let world = World::default();
    let mut mentor = Phone::new(1, "Olena", "uk");
    let pairing = pairing(&mentor);
    let space = SpaceId::parse(&pairing.value).unwrap();
    // Words that no codec shortens, for several envelopes.
    let words = |number: usize| {
        let mut noise = [0; 1000];
        blake3::Hasher::new().update(&number.to_be_bytes()).finalize_xof().fill(&mut noise);
        let character = |two: &[u8]| char::from_u32(0x4e00 + u32::from(two[0]) * 80 + u32::from(two[1]) % 80);
        noise.chunks_exact(2).filter_map(character).collect::<String>()
    };
    for number in 0..120 {
        mentor.mentoring().add_goal(&pairing, &words(number)).unwrap();
        world.exchange(&[&mentor]);
    }
    let before = world.envelopes().len();
    assert_eq!(mentor.sync().write_pack(&space), Ok(true));
    let mut sizes = Vec::new();
    for _ in 0..12 {
        world.exchange_with(&mentor, 72 * 1024, 1);
        mentor.stop();
        mentor.start();
        sizes.push(world.envelopes().len() - before);
    }
    assert!(sizes.windows(2).filter(|pair| pair[0] < pair[1]).count() >= 2, "part by part: {sizes:?}");
    assert_eq!(sizes[9], sizes[11], "and then no more: {sizes:?}");
    world.pass(200, &[&mentor]);
    world.exchange(&[&mentor]);
    assert!(world.envelopes().len() <= sizes[11] + 1);
    let late = Phone::new(4, "Shirin", "prs");
    late.pass(200 * DAY_MS);
    world.join(&mentor, &late, &pairing.value);
    assert_eq!(goals(&late, &pairing).len(), 120);
    assert_same(&mentor, &late, &space);
}

/// A phone that was put back takes back what has not left, and then others would wait for what a pack of its own has told them of.
#[test]
fn a_pack_does_not_speak_of_what_has_not_left() {
    let world = World::default();
    let ([mentor, ..], pairing, space) = three(&world);
    mentor.mentoring().add_goal(&pairing, "has left").unwrap();
    world.exchange(&[&mentor]);
    mentor.mentoring().add_goal(&pairing, "is on its way").unwrap();
    assert_eq!(mentor.sync().write_pack(&space), Ok(true));
    let request = mentor.sync().next_exchange(URL, Budget::default()).unwrap();
    let put = Request::decode(&request.bytes)
        .unwrap()
        .sections
        .into_iter()
        .flat_map(|section| SectionBody::decode(&section.body).unwrap().put);
    let items = put.filter_map(|envelope| Item::decode(&mentor.sync().open_any(&envelope).unwrap()?[0]).ok());
    let items: Vec<Item> = items.collect();
    let on_its_way =
        items.iter().find_map(|item| if let Item::Entry(entry) = item { Some(entry) } else { None }).unwrap();
    let last = items.iter().find_map(|item| if let Item::Part(part) = item { part.last.then_some(part) } else { None });
    let ends: Vec<(DeviceId, u64)> = last.unwrap().ends.iter().map(|end| (end.device, end.sequence)).collect();
    assert!(ends.contains(&(on_its_way.device, on_its_way.sequence - 1)), "{ends:?}");
}

/// What waits is in no pack. So nothing is covered from there on, and the relay keeps it for whoever can use it.
#[test]
fn a_pack_stops_before_what_waits() {
    let world = World::default();
    let (mentor, amina) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"));
    let pairing = pairing(&mentor);
    let space = SpaceId::parse(&pairing.value).unwrap();
    world.join(&mentor, &amina, &pairing.value);
    for text in ["lost on its way", "waits for it"] {
        amina.mentoring().add_goal(&pairing, text).unwrap();
        world.exchange(&[&amina]);
    }
    let (lost, waiting) = {
        let all = world.envelopes();
        (all[all.len() - 2].clone(), all[all.len() - 1].clone())
    };
    assert_eq!(world.database().execute("DELETE FROM envelope WHERE bytes = ?1", [&lost.1]).unwrap(), 1);
    world.exchange(&[&mentor]);
    assert_eq!(mentor.sync().status().unwrap().waiting, 1);
    mentor.mentoring().add_goal(&pairing, "goes on").unwrap();
    world.exchange(&[&mentor]);
    assert_eq!(mentor.sync().write_pack(&space), Ok(true));
    world.exchange(&[&mentor, &mentor]);
    world.pass(200, &[&mentor, &amina]);
    world.exchange(&[&mentor]);
    world.pass(1, &[&mentor, &amina]);
    let left = world.envelopes();
    assert!(left.contains(&waiting), "it is kept for whoever finds what it waits for");
    assert!(left[0].0 > 1, "and what is covered is gone");
    // Amina has it still: by a bundle it comes, and the next pack holds both.
    let mut bundle = Vec::new();
    amina.sync().stream_bundle(&mut bundle, &BundleContents::default()).unwrap();
    mentor.rafiq().read_bundle(&mut &bundle[..]).unwrap();
    assert_eq!(mentor.sync().status().unwrap().waiting, 0);
    world.exchange(&[&mentor]);
    assert_eq!(mentor.sync().write_pack(&space), Ok(true));
    world.exchange(&[&mentor, &mentor]);
    world.pass(200, &[&mentor, &amina]);
    world.exchange(&[&mentor]);
    world.pass(1, &[&mentor, &amina]);
    assert!(!world.envelopes().contains(&waiting));
}

#[test]
fn only_a_steward_writes_one_and_only_of_what_a_relay_holds() {
    let world = World::default();
    let (organiser, guest) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"));
    organiser.sync().set_home_relay(URL).unwrap();
    let group = group(&organiser);
    let space = SpaceId::parse(&group.value).unwrap();
    assert_eq!(organiser.sync().write_pack(&space), Ok(false), "no relay has answered yet");
    world.join(&organiser, &guest, &group.value);
    assert_eq!(guest.sync().write_pack(&space), Err(Error::NotAllowed { role: "writer" }));
    assert_eq!(guest.sync().write_pack(&SpaceId([9; 32])), Err(Error::NotFound));
    assert_eq!(organiser.sync().write_pack(&space), Ok(true));
}

fn group(organiser: &Phone) -> SupportGroupId {
    let new = NewGroup { name: "Thursday".into(), language: "uk".into(), capacity: 12, place: String::new() };
    organiser.groups().found(new).unwrap().id
}

/// An entry may go back and forth between documents. Who received it hands on exactly what was signed, in a pack or in a bundle.
#[test]
fn whoever_received_an_entry_can_hand_it_on() {
    let world = World::default();
    let (organiser, guest) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"));
    organiser.sync().set_home_relay(URL).unwrap();
    let group = group(&organiser);
    let space = SpaceId::parse(&group.value).unwrap();
    world.join(&organiser, &guest, &group.value);
    // One in the order in which a pack's documents are not: another entry had the second of them first.
    for entry in [&[1, 200, 2, 201][..], &[202], &[203, 3]] {
        for days in entry {
            let (zone, place) = ("Europe/Kyiv".into(), String::new());
            let new = NewSession { starts_at_ms: START_MS + days * DAY_MS, zone, place, modality: Modality::InPerson };
            guest.groups().schedule_session(&group, new).unwrap();
        }
        world.exchange(&[&guest]);
    }
    world.exchange(&[&organiser]);
    let mut bundle = Vec::new();
    organiser.sync().stream_bundle(&mut bundle, &BundleContents::default()).unwrap();
    assert_eq!(organiser.sync().write_pack(&space), Ok(true));
    world.exchange(&[&organiser, &organiser]);
    world.pass(200, &[&organiser, &guest]);
    world.exchange(&[&organiser]);
    let late = Phone::new(3, "Farid", "prs");
    late.pass(200 * DAY_MS);
    world.join(&organiser, &late, &group.value);
    assert_eq!(late.groups().sessions(&group, 0, 10, None).unwrap().items.len(), 7);
    assert_same(&organiser, &late, &space);
    // Nor does whoever has it from the pack alone.
    let (mut again, contents) = (Vec::new(), BundleContents::default());
    late.sync().stream_bundle(&mut again, &contents).unwrap();
    assert_eq!(organiser.rafiq().read_bundle(&mut &again[..]).unwrap().taken, 0);
}

#[test]
fn a_pack_covers_nothing_that_the_relay_has_not_reached() {
    let world = World::default();
    let ([mentor, amina, other], pairing, space) = three(&world);
    amina.mentoring().add_goal(&pairing, "said before").unwrap();
    world.exchange(&[&amina, &mentor, &other]);
    let end = world.envelopes().last().unwrap().0 as u64;
    // As high as a number goes, far ahead, and just where it lies itself.
    for position in [i64::MAX as u64, end + 1_000_000, end + 3] {
        put_last_part(&other, &space, position, vec![]);
        world.exchange(&[&other]);
    }
    world.exchange(&[&mentor]);
    let held = mentor.sync().held_items(9).unwrap();
    assert_eq!(held.iter().map(|item| &*item.reason).collect::<Vec<_>>(), ["covers"; 3]);
    let packs = |phone: &Phone| {
        phone.replica().read(|rows| Ok(rows.query_row("SELECT count(*) FROM pack", [], |row| row.get::<_, i64>(0))?))
    };
    assert_eq!(packs(&mentor), Ok(0));
    // Who comes now begins to read where something is, and the next honest pack is one.
    let late = Phone::new(4, "Sami", "ar");
    world.join(&mentor, &late, &pairing.value);
    world.exchange(&[&late]);
    assert_eq!(goals(&late, &pairing), ["said before"]);
    assert!(mentor.sync().write_pack(&space).unwrap());
    world.exchange(&[&mentor, &amina, &late, &mentor]);
    assert_eq!((packs(&mentor), packs(&amina), packs(&late)), (Ok(1), Ok(1), Ok(1)));
}

/// What brings the key lies elsewhere than the part that waited for it: by that place nothing says what the part may cover.
#[test]
fn a_pack_that_waited_for_its_key_is_not_judged_by_where_the_key_lies() {
    let world = World::default();
    let ([mentor, _, away], pairing, space) = under_a_second_key(&world);
    // The relay keeps back what would bring the key, and gives what it opens.
    let brings_a_key = |item: Option<Item>| matches!(item, Some(Item::Epoch(_) | Item::Part(_)));
    world.exchange_without(&away, &space_tag(&space), brings_a_key);
    assert!(unopened(&away, &space) >= 4);
    world.wait(61, &[&mentor, &away]);
    world.exchange(&[&away, &away]);
    assert_eq!(goals(&away, &pairing), ["under the second key"]);
    assert_same(&mentor, &away, &space);
}

/// Envelopes of a space that do not open, and stand aside.
fn unopened(phone: &Phone, space: &SpaceId) -> i64 {
    let count = "SELECT count(*) FROM held_item WHERE space = ?1 AND substr(item, 1, 1) = x'00'";
    phone.replica().read(|rows| Ok(rows.query_row(count, [&space.0[..]], |row| row.get(0))?)).unwrap()
}

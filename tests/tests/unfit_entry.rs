//! A member has packed an entry better than our codec can: it came in an envelope, and put together anew it fits none. It goes on as it came; where
//! a version before this one has taken it, it cannot, and is in nobody's way.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ROOT};
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use ed25519_dalek::{Signer, SigningKey};
use rafiq::Error;
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sync::bundle::sheet::Sheets;
use rafiq::sync::wire::{
    Change, ChangeHash, DocumentName, Entry, EntryHash, EpochKey, Header, Item, Membership, WireError, seal, space_tag,
};
use rafiq::sync::{Budget, BundleContents, Exchange};
use rafiq_protocol::{ENVELOPE_VERSION, EnvelopeHeader, Request, Response, StoredEnvelope, Urgency};
use rafiq_tests::phone::Phone;
use rafiq_tests::taken::{operations, secrets};
use rafiq_tests::world::{URL, World};
use rusqlite::Connection;

/// After so many letters a text begins again: too far back for our codec to find among so many that are nearly alike.
const PERIOD: usize = 22_900;
const LETTERS: usize = 46_000;
const CHANGES: usize = 11;
/// The longest that deflate copies at once.
const COPY: usize = 258;
const MOST_ROUNDS: u32 = 40;

/// A pairing of three; what Mallory has written all have read.
fn three(world: &World) -> ([Phone; 3], PairingId) {
    let (phones, pairing) = world.pairing::<3>();
    for goal in ["first", "second"] {
        phones[1].mentoring().add_goal(&pairing, goal).unwrap();
        world.exchange(&[&phones[1], &phones[2], &phones[0]]);
    }
    (phones, pairing)
}

/// An exchange that comes to its end.
fn exchange(world: &World, phone: &Phone) {
    let carry = |exchange: &Exchange| Ok::<_, Error>(world.answer(&exchange.bytes));
    let rounds = phone.rafiq().exchange(URL, Budget::default(), MOST_ROUNDS, carry).unwrap();
    assert!(rounds.len() < MOST_ROUNDS as usize);
}

fn card_of(envelope: &[u8]) -> Vec<u8> {
    let mut card = Vec::new();
    let mut sheets = Sheets::new(&mut card);
    sheets.put(envelope).unwrap();
    sheets.finish().unwrap();
    card
}

fn hand(phone: &Phone, envelope: &[u8]) {
    assert_eq!(phone.rafiq().read_bundle(&mut &card_of(envelope)[..]).unwrap().taken, 1);
}

fn nothing_is_left(phone: &Phone) {
    let status = phone.sync().status().unwrap();
    assert_eq!((status.outbox, status.unsent_changes, status.waiting), (0, 0, 0));
}

/// Bits as deflate writes them, the lowest of a byte first.
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn number(&mut self, number: usize, count: u32) {
        self.0.extend((0..count).map(|bit| number >> bit & 1 == 1));
    }

    fn code(&mut self, code: usize, count: u32) {
        self.0.extend((0..count).rev().map(|bit| code >> bit & 1 == 1));
    }

    fn literal(&mut self, byte: u8) {
        if byte < 144 { self.code(0x30 + usize::from(byte), 8) } else { self.code(0x100 + usize::from(byte), 9) }
    }

    fn copy(&mut self, distance: usize) {
        self.code(0xc5, 8);
        let extra = (distance - 1).ilog2() - 1;
        self.code(2 * extra as usize + ((distance - 1) >> extra), 5);
        self.number((distance - 1) & ((1 << extra) - 1), extra);
    }

    fn bytes(&self) -> Vec<u8> {
        let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        self.0.chunks(8).map(byte).collect()
    }
}

/// Deflate with fixed codes, which looks as far back as there is need.
fn packed(data: &[u8]) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.number(0b011, 3);
    let mut seen = std::collections::HashMap::new();
    let (mut at, mut noted) = (0, 0);
    while at < data.len() {
        let found = data.get(at..at + COPY).and_then(|next| {
            for from in noted..at {
                seen.insert(&data[from..from + 16], from);
            }
            noted = at;
            seen.get(&next[..16]).copied().filter(|from| at - from < 32_768 && data[*from..].starts_with(next))
        });
        match found {
            Some(from) => {
                bits.copy(at - from);
                at += COPY;
            }
            None => {
                bits.literal(data[at]);
                at += 1;
            }
        }
    }
    bits.code(0, 7);
    let packed = bits.bytes();
    assert_eq!(miniz_oxide::inflate::decompress_to_vec(&packed).unwrap(), data);
    packed
}

fn sealed(epoch: &EpochKey, space: &SpaceId, item: &[u8]) -> Vec<u8> {
    let (tag, urgency, key_id, nonce) = (space_tag(space), Urgency::Small, epoch.key_id(), [5; 24]);
    assert_eq!(seal(epoch, &tag, urgency, item), Err(WireError::TooLarge));
    let packed = packed(item);
    let mut body = [&[1][..], &(packed.len() as u32).to_be_bytes(), &packed].concat();
    let part = |context| blake3::derive_key(context, epoch.secret());
    let mut head = EnvelopeHeader { version: ENVELOPE_VERSION, tag, urgency, key_id, nonce, commitment: [0; 32] };
    let bound = [&[ENVELOPE_VERSION][..], &tag, &[urgency as u8], &key_id, &nonce].concat();
    head.commitment = *blake3::keyed_hash(&part("rafiq 2026 envelope commitment key v1"), &bound).as_bytes();
    let cipher = XChaCha20Poly1305::new((&part("rafiq 2026 envelope cipher key v1")).into());
    cipher.encrypt_in_place((&nonce).into(), &head.to_bytes(), &mut body).unwrap();
    [&head.to_bytes()[..], &body].concat()
}

/// Where in Mallory's chain it stands.
#[derive(PartialEq)]
enum Place {
    /// Behind the last.
    Next,
    /// In the place of the last, which it is preferred to.
    Last,
    /// Behind the last, with a number too high.
    Nowhere,
}

/// An entry of Mallory's in an envelope, as no app writes it.
fn unfit(mallory: &Phone, pairing: &PairingId, place: Place) -> Vec<u8> {
    let space = SpaceId::parse(&pairing.value).unwrap();
    let (keys, epochs) = secrets(mallory, &space);
    let last = mallory.replica().read(|rows| {
        let sql = "SELECT header FROM entry WHERE space = ?1 AND own = 1 ORDER BY sequence DESC LIMIT 1";
        Ok(rows.query_row(sql, [&space.0[..]], |row| row.get::<_, Vec<u8>>(0))?)
    });
    let last = last.unwrap();
    let (taken, last) = (EntryHash::of(&last), minicbor::decode::<Header>(&last).unwrap());
    let (sequence, previous) = match place {
        Place::Next => (last.sequence + 1, Some(taken)),
        Place::Last => (last.sequence, last.previous),
        Place::Nowhere => (last.sequence + 7, Some(taken)),
    };
    let entries = (0..64).map(|bucket| {
        let name = DocumentName { kind: 40, bucket: format!("x{bucket}"), generation: 0 };
        let id = name.id(&space);
        let mut document = Automerge::new();
        document.set_actor(ActorId::from(keys.author().actor(&id)));
        let changes: Vec<Change> = (0..CHANGES).map(|number| change(&mut document, number)).collect();
        let leaves: Vec<u8> = changes.iter().flat_map(|each| [id.0, ChangeHash::of(&each.bytes).0].concat()).collect();
        let header = Header {
            version: 1,
            needs: 1,
            kind: 1,
            space,
            device: keys.device(),
            incarnation: keys.incarnation(),
            sequence,
            previous,
            auth_heads: Membership::replay(space, operations(mallory, &space)).heads(),
            entry_heads: vec![],
            documents: vec![name],
            root: blake3::derive_key("rafiq 2026 entry root v1", &leaves),
        };
        let header = minicbor::to_vec(&header).unwrap();
        let signing = SigningKey::from_bytes(&blake3::derive_key("rafiq 2026 device signing key v1", keys.seed()));
        let signature = signing.sign(&[b"rafiq entry v1\0", &header[..]].concat()).to_bytes();
        Entry::assemble(header, signature, changes).unwrap()
    });
    let entry = entries.into_iter().find(|entry| place != Place::Last || entry.hash() < taken).unwrap();
    sealed(epochs.last().unwrap(), &space, &Item::Entry(entry).encode())
}

/// A long text, as it is before automerge packs it.
fn change(document: &mut Automerge, number: usize) -> Change {
    let mut noise = vec![0; PERIOD];
    blake3::Hasher::new().finalize_xof().fill(&mut noise);
    let text: String = noise.iter().cycle().take(LETTERS).map(|byte| char::from(b'a' + byte % 3)).collect();
    let mut transaction = document.transaction();
    transaction.put(ROOT, format!("k{number}"), text).unwrap();
    transaction.commit();
    Change { document: 0, bytes: document.get_last_local_change().unwrap().raw_bytes().to_vec() }
}

/// How many entries of somebody's are part of the log here.
fn entries_of(phone: &Phone, author: &Phone) -> i64 {
    let device = author.sync().device();
    let count = |rows: &Connection| {
        Ok(rows.query_row("SELECT count(*) FROM entry WHERE device = ?1", [&device.0[..]], |row| row.get(0))?)
    };
    phone.replica().read(count).unwrap()
}

fn kept_as_packed(phone: &Phone) -> i64 {
    phone.replica().read(|rows| Ok(rows.query_row("SELECT count(*) FROM as_packed", [], |row| row.get(0))?)).unwrap()
}

fn packs(phone: &Phone) -> i64 {
    phone.replica().read(|rows| Ok(rows.query_row("SELECT count(*) FROM pack", [], |row| row.get(0))?)).unwrap()
}

/// As a version before this one had taken it.
fn forget_how_it_came(phone: &Phone) {
    assert_eq!(kept_as_packed(phone), 1);
    phone.replica().store().write(|rows| Ok(rows.execute_batch("DELETE FROM as_packed")?)).unwrap();
}

#[test]
fn who_has_it_from_a_card_brings_it_to_the_relay() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    hand(&farid, &unfit(&mallory, &pairing, Place::Next));
    // The days of its author are over.
    world.pass(8, &[&mentor, &farid]);
    for phone in [&farid, &farid, &mentor] {
        exchange(&world, phone);
    }
    assert_eq!(entries_of(&mentor, &mallory), entries_of(&farid, &mallory));
    assert_eq!((kept_as_packed(&mentor), kept_as_packed(&farid)), (1, 1));
    nothing_is_left(&farid);
}

#[test]
fn a_card_carries_it_on() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    hand(&farid, &unfit(&mallory, &pairing, Place::Next));
    let mut card = Vec::new();
    farid.sync().stream_bundle(&mut card, &BundleContents::default()).unwrap();
    mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!(entries_of(&mentor, &mallory), entries_of(&farid, &mallory));
}

#[test]
fn a_pack_tells_it_again() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    hand(&mentor, &unfit(&mallory, &pairing, Place::Next));
    assert_eq!(mentor.sync().write_pack(&SpaceId::parse(&pairing.value).unwrap()), Ok(true));
    for phone in [&mentor, &mentor, &farid] {
        exchange(&world, phone);
    }
    assert_eq!(packs(&mentor), 1);
    assert_eq!(entries_of(&farid, &mallory), entries_of(&mentor, &mallory));
    nothing_is_left(&mentor);
}

#[test]
fn it_is_kept_as_it_came_though_its_key_came_later() {
    let world = World::default();
    let ([mentor, mallory, farid, olena], pairing) = world.pairing::<4>();
    for phone in [&mallory, &farid, &olena, &mentor] {
        phone.mentoring().add_goal(&pairing, "first").unwrap();
        world.exchange(&[phone]);
    }
    world.exchange(&[&mentor, &mallory, &farid, &olena]);
    let person = olena.people().me().unwrap().unwrap().id;
    mentor.sharing().remove(&pairing.value, &person).unwrap();
    world.exchange(&[&mentor, &mallory]);
    let card = card_of(&unfit(&mallory, &pairing, Place::Next));
    assert_eq!(farid.rafiq().read_bundle(&mut &card[..]).unwrap().aside, 1);
    assert_eq!(kept_as_packed(&farid), 0);
    exchange(&world, &farid);
    assert_eq!((entries_of(&farid, &mallory), kept_as_packed(&farid)), (entries_of(&mentor, &mallory) + 1, 1));
}

#[test]
fn refused_it_is_not_kept() {
    let world = World::default();
    let ([_mentor, mallory, farid], pairing) = three(&world);
    let before = entries_of(&farid, &mallory);
    let card = card_of(&unfit(&mallory, &pairing, Place::Nowhere));
    assert_eq!(farid.rafiq().read_bundle(&mut &card[..]).unwrap().aside, 1);
    assert_eq!((entries_of(&farid, &mallory), kept_as_packed(&farid)), (before, 0));
    assert_eq!(farid.sync().status().unwrap().quarantined, 1);
}

#[test]
fn taken_by_an_earlier_version_it_keeps_nothing_else_from_leaving() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    hand(&farid, &unfit(&mallory, &pairing, Place::Next));
    forget_how_it_came(&farid);
    farid.mentoring().add_goal(&pairing, "before").unwrap();
    exchange(&world, &farid);
    world.pass(8, &[&mentor, &farid]);
    farid.mentoring().add_goal(&pairing, "after").unwrap();
    for phone in [&farid, &farid, &mentor] {
        exchange(&world, phone);
    }
    assert_eq!(mentor.goals(&pairing), ["after", "before", "first", "second"]);
    nothing_is_left(&farid);
    farid.mentoring().add_goal(&pairing, "by hand").unwrap();
    let mut card = Vec::new();
    farid.sync().stream_bundle(&mut card, &BundleContents::default()).unwrap();
    mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!(mentor.goals(&pairing), ["after", "before", "by hand", "first", "second"]);
}

#[test]
fn taken_by_an_earlier_version_a_pack_is_given_up_until_it_comes_again() {
    let world = World::default();
    let ([mentor, mallory, farid], pairing) = three(&world);
    let envelope = unfit(&mallory, &pairing, Place::Next);
    hand(&mentor, &envelope);
    forget_how_it_came(&mentor);
    assert_eq!(mentor.sync().write_pack(&SpaceId::parse(&pairing.value).unwrap()), Ok(true));
    exchange(&world, &mentor);
    mentor.mentoring().add_goal(&pairing, "after").unwrap();
    exchange(&world, &mentor);
    exchange(&world, &farid);
    assert_eq!(farid.goals(&pairing), ["after", "first", "second"]);
    nothing_is_left(&mentor);
    assert_eq!((packs(&mentor), mentor.sync().status().unwrap().quarantined), (0, 0));
    assert_eq!(mentor.rafiq().read_bundle(&mut &card_of(&envelope)[..]).unwrap().known, 1);
    exchange(&world, &mentor);
    exchange(&world, &mentor);
    assert_eq!(packs(&mentor), 1);
}

#[test]
fn as_one_side_of_a_fork_it_ends_no_exchange_and_the_profile_opens_again() {
    let world = World::default();
    let ([_mentor, mallory, mut farid], pairing) = three(&world);
    farid.sync().set_home_relay(URL).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Other".into() };
    let other = farid.mentoring().begin(new).unwrap().id;
    exchange(&world, &farid);
    let envelope = unfit(&mallory, &pairing, Place::Last);
    let tag = space_tag(&SpaceId::parse(&pairing.value).unwrap());
    let carry = |exchange: &Exchange| {
        let mut response = Response::decode(&world.answer(&exchange.bytes)).unwrap();
        let sections = Request::decode(&exchange.bytes).unwrap().sections;
        for (result, _) in response.results.iter_mut().zip(&sections).filter(|(_, section)| section.tag == tag) {
            result.envelopes.push(StoredEnvelope { position: 1_000, bytes: envelope.clone() });
        }
        Ok::<_, Error>(response.encode().unwrap())
    };
    farid.rafiq().exchange(URL, Budget::default(), 2, carry).unwrap();
    farid.mentoring().add_goal(&other, "elsewhere").unwrap();
    exchange(&world, &farid);
    nothing_is_left(&farid);
    farid.stop();
    farid.start();
    exchange(&world, &farid);
    assert_eq!(farid.goals(&other), ["elsewhere"]);
}

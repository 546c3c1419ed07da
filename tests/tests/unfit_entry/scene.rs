//! A pairing of three, one of whom packs an entry as no app does.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ROOT};
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use ed25519_dalek::{Signer, SigningKey};
use rafiq::Error;
use rafiq::ids::SpaceId;
use rafiq::mentoring::PairingId;
use rafiq::sync::wire::{
    Change, ChangeHash, DocumentName, Entry, EpochKey, Header, Item, Membership, WireError, seal, space_tag,
};
use rafiq::sync::{Budget, Exchange};
use rafiq_protocol::{ENVELOPE_VERSION, EnvelopeHeader, Urgency};
use rafiq_tests::card::card;
use rafiq_tests::phone::Phone;
pub use rafiq_tests::taken::put;
use rafiq_tests::taken::{last_own, operations, secrets};
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
pub fn three(world: &World) -> ([Phone; 3], PairingId) {
    let (phones, pairing) = world.pairing::<3>();
    for goal in ["first", "second"] {
        phones[1].mentoring().add_goal(&pairing, goal).unwrap();
        world.exchange(&[&phones[1], &phones[2], &phones[0]]);
    }
    (phones, pairing)
}

/// An exchange that comes to its end.
pub fn exchange(world: &World, phone: &Phone) {
    let carry = |exchange: &Exchange| Ok::<_, Error>(world.answer(&exchange.bytes));
    let rounds = phone.rafiq().exchange(URL, Budget::default(), MOST_ROUNDS, carry).unwrap();
    assert!(rounds.len() < MOST_ROUNDS as usize);
}

pub fn hand(phone: &Phone, envelope: &[u8]) {
    assert_eq!(phone.rafiq().read_bundle(&mut &card([envelope])[..]).unwrap().taken, 1);
}

pub fn nothing_is_left(phone: &Phone) {
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
pub fn packed(data: &[u8]) -> Vec<u8> {
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

pub fn sealed(epoch: &EpochKey, space: &SpaceId, item: &[u8]) -> Vec<u8> {
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
pub enum Place {
    /// Behind the last.
    Next,
    /// In the place of the last, which it is preferred to.
    Last,
    /// Behind the last, with a number too high.
    Nowhere,
}

/// An entry of Mallory's in an envelope, as no app writes it.
pub fn unfit(mallory: &Phone, pairing: &PairingId, place: Place) -> Vec<u8> {
    let space = space_of(pairing);
    let (_, epochs) = secrets(mallory, &space);
    sealed(epochs.last().unwrap(), &space, &Item::Entry(entry(mallory, &space, place, &space, 0)).encode())
}

/// The entry by itself; `named`: the space that it says it is of; `first`: of which document to begin with.
pub fn entry(mallory: &Phone, space: &SpaceId, place: Place, named: &SpaceId, first: usize) -> Entry {
    let (keys, _) = secrets(mallory, space);
    let (taken, last) = last_own(mallory, space).unwrap();
    let (sequence, previous) = match place {
        Place::Next => (last.sequence + 1, Some(taken)),
        Place::Last => (last.sequence, last.previous),
        Place::Nowhere => (last.sequence + 7, Some(taken)),
    };
    let entries = (first..first + 64).map(|bucket| {
        let name = DocumentName { kind: 40, bucket: format!("x{bucket}"), generation: 0 };
        let id = name.id(named);
        let mut document = Automerge::new();
        document.set_actor(ActorId::from(keys.author().actor(&id)));
        let changes: Vec<Change> = (0..CHANGES).map(|number| change(&mut document, number)).collect();
        let leaves: Vec<u8> = changes.iter().flat_map(|each| [id.0, ChangeHash::of(&each.bytes).0].concat()).collect();
        let header = Header {
            version: 1,
            needs: 1,
            kind: 1,
            space: *named,
            device: keys.device(),
            incarnation: keys.incarnation(),
            sequence,
            previous,
            auth_heads: Membership::replay(*space, operations(mallory, space)).heads(),
            entry_heads: vec![],
            documents: vec![name],
            root: blake3::derive_key("rafiq 2026 entry root v1", &leaves),
        };
        let header = minicbor::to_vec(&header).unwrap();
        let signing = SigningKey::from_bytes(&blake3::derive_key("rafiq 2026 device signing key v1", keys.seed()));
        let signature = signing.sign(&[b"rafiq entry v1\0", &header[..]].concat()).to_bytes();
        Entry::assemble(header, signature, changes).unwrap()
    });
    entries.into_iter().find(|entry| place != Place::Last || entry.hash() < taken).unwrap()
}

pub fn space_of(pairing: &PairingId) -> SpaceId {
    SpaceId::parse(&pairing.value).unwrap()
}

fn count(phone: &Phone, sql: &str) -> i64 {
    phone.replica().read(|rows| Ok(rows.query_row(sql, [], |row| row.get(0))?)).unwrap()
}

/// Entries that are asked for once more and have not come.
pub fn asked_for(phone: &Phone) -> i64 {
    count(phone, "SELECT count(*) FROM as_packed WHERE packed IS NULL")
}

/// Items of an entry's size that stand aside.
pub fn large_aside(phone: &Phone) -> i64 {
    count(phone, "SELECT count(*) FROM held_item WHERE length(item) > 65536")
}

/// A long text, as it is before automerge packs it.
pub fn change(document: &mut Automerge, number: usize) -> Change {
    let mut noise = vec![0; PERIOD];
    blake3::Hasher::new().finalize_xof().fill(&mut noise);
    let text: String = noise.iter().cycle().take(LETTERS).map(|byte| char::from(b'a' + byte % 3)).collect();
    let mut transaction = document.transaction();
    transaction.put(ROOT, format!("k{number}"), text).unwrap();
    transaction.commit();
    Change { document: 0, bytes: document.get_last_local_change().unwrap().raw_bytes().to_vec() }
}

/// How many entries of somebody's are part of the log here.
pub fn entries_of(phone: &Phone, author: &Phone) -> i64 {
    let device = author.sync().device();
    let count = |rows: &Connection| {
        Ok(rows.query_row("SELECT count(*) FROM entry WHERE device = ?1", [&device.0[..]], |row| row.get(0))?)
    };
    phone.replica().read(count).unwrap()
}

pub fn kept_as_packed(phone: &Phone) -> i64 {
    count(phone, "SELECT count(*) FROM as_packed WHERE packed IS NOT NULL")
}

pub fn packs(phone: &Phone) -> i64 {
    count(phone, "SELECT count(*) FROM pack")
}

/// As a version before this one had taken it.
pub fn forget_how_it_came(phone: &Phone) {
    assert_eq!(kept_as_packed(phone), 1);
    phone.replica().store().write(|rows| Ok(rows.execute_batch("DELETE FROM as_packed")?)).unwrap();
}

/// What is kept of how it came is something else.
pub fn spoil(phone: &Phone, bytes: &[u8]) {
    let spoil = |rows: &Connection| Ok(rows.execute("UPDATE as_packed SET packed = ?1", [bytes])?);
    assert_eq!(phone.replica().store().write(spoil), Ok(1));
}

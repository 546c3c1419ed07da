//! A mentor, a newcomer and a third phone; and the search through everything that they, the relay and a bundle hold.

use rafiq::check_ins::{CheckIn, CheckInFilter, CheckInId, ContactWish, Feeling, NewCheckIn, Share};
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::replica::{Blob, DocumentKey};
use rafiq::sync::wire::{EpochKey, Item, open, seal, space_tag};
use rafiq::sync::{BundleContents, BundleReport, Erasure};
use rafiq_protocol::Urgency;
use rafiq_tests::card::card;
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};
use rusqlite::types::Value;

pub const KEPT: &str = "the garden behind the school";
pub const ERASED: &str = "what happened at the border";

pub struct Scene {
    pub world: World,
    pub pairing: PairingId,
    pub mentor: Phone,
    pub newcomer: Phone,
    pub other: Phone,
}

/// A mentor and a newcomer who have told each other two things; a third phone of the space is away.
pub fn scene() -> (Scene, CheckInId, CheckInId) {
    let world = World::default();
    let [mentor, newcomer, other] =
        [Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"), Phone::new(3, "Farid", "prs")];
    mentor.sync().set_home_relay(URL).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Three".into() };
    let pairing = mentor.mentoring().begin(new).unwrap().id;
    for phone in [&newcomer, &other] {
        world.join(&mentor, phone, &pairing.value);
    }
    world.exchange(&[&mentor, &newcomer, &other]);
    let scene = Scene { world, pairing, mentor, newcomer, other };
    let (kept, erased) = (scene.tell(&scene.newcomer, KEPT), scene.tell(&scene.newcomer, ERASED));
    scene.world.exchange(&[&scene.newcomer, &scene.mentor]);
    (scene, kept, erased)
}

impl Scene {
    pub fn tell(&self, phone: &Phone, note: &str) -> CheckInId {
        let share = Share::Pairing { pairing: self.pairing.value.clone() };
        let new =
            NewCheckIn { feeling: Feeling::Hard, helps: vec![], contact: ContactWish::No, share, note: note.into() };
        phone.check_ins().record(new).unwrap().id
    }

    pub fn space(&self) -> SpaceId {
        SpaceId::parse(&self.pairing.value).unwrap()
    }

    pub fn bundle(&self, phone: &Phone) -> Vec<u8> {
        let mut bytes = Vec::new();
        let contents = BundleContents { spaces: vec![self.space()], carried: true };
        phone.sync().stream_bundle(&mut bytes, &contents).unwrap();
        bytes
    }

    /// The document in which check-ins of the pairing are.
    pub fn document(&self) -> DocumentKey {
        let space = self.pairing.value.clone();
        let bucket = values(&self.mentor, "SELECT DISTINCT bucket FROM check_in").remove(0).remove(0);
        let Value::Text(bucket) = bucket else { panic!("a quarter") };
        DocumentKey::new(SpaceId::parse(&space).unwrap(), 20, &bucket)
    }

    /// By which id a check-in names its words.
    pub fn named(&self, id: &CheckInId) -> Vec<u8> {
        let rows = values(&self.newcomer, &format!("SELECT words FROM check_in WHERE id = '{}'", id.value));
        let Value::Blob(words) = rows[0][0].clone() else { panic!("words") };
        words
    }

    /// What the relay's envelopes and a bundle's hold for whoever has every key that this phone has.
    pub fn readable(&self, phone: &Phone, envelopes: impl IntoIterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
        let keys = keys(phone);
        let (mut found, mut opened) = (Vec::new(), 0);
        for envelope in envelopes {
            let Ok(item) = open(&keys, &space_tag(&self.space()), &envelope) else { continue };
            opened += 1;
            if let Ok(Item::Blob(blob)) = Item::decode(&item) {
                found.extend(blob.words().map(String::into_bytes));
            }
            found.push(item);
        }
        assert!(opened > 5, "the keys open what is there");
        found
    }

    /// Whether any of this phone, the relay and a bundle that this phone writes still tells these words.
    pub fn tells(&self, phone: &Phone, words: &str) -> [bool; 3] {
        let has = |all: Vec<Vec<u8>>| all.iter().any(|bytes| contains(bytes, words));
        let relay = self.world.envelopes().into_iter().map(|(_, bytes)| bytes);
        [has(held(phone)), has(self.readable(phone, relay)), has(self.readable(phone, sheets(&self.bundle(phone))))]
    }

    pub fn seen(&self, phone: &Phone, id: &CheckInId) -> CheckIn {
        let all = phone.check_ins().list(CheckInFilter::default(), 100, None).unwrap().items;
        all.into_iter().find(|check_in| check_in.id == *id).unwrap()
    }

    /// Who has not confirmed, by name.
    pub fn unconfirmed(&self, receipt: &Erasure) -> Vec<&'static str> {
        let named = [("Olena", &self.mentor), ("Amina", &self.newcomer), ("Farid", &self.other)];
        assert_eq!(receipt.devices.iter().filter(|device| device.is_this).count(), 1);
        let missing = receipt.devices.iter().filter(|device| !device.confirmed);
        let name =
            |person: &str| named.iter().find(|(_, phone)| phone.people().me().unwrap().unwrap().id.value == person);
        let mut missing: Vec<_> = missing.map(|device| name(&device.person).unwrap().0).collect();
        missing.sort_unstable();
        missing
    }
}

pub fn contains(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

pub fn values(phone: &Phone, sql: &str) -> Vec<Vec<Value>> {
    let read = phone.replica().read(|rows| {
        let mut statement = rows.prepare(sql)?;
        let columns = statement.column_count();
        let found = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect())?;
        Ok(found.collect::<Result<_, _>>()?)
    });
    read.unwrap()
}

/// Every key of a space that this phone has.
pub fn keys(phone: &Phone) -> Vec<EpochKey> {
    let key = |row: Vec<Value>| match &row[..] {
        [Value::Integer(number), Value::Blob(key)] => EpochKey::new(*number as u32, key[..].try_into().unwrap()),
        _ => panic!("a key"),
    };
    let rows = values(
        phone,
        "SELECT number, secret FROM space_key WHERE purpose = 1 AND space NOT IN (SELECT id FROM space WHERE kind = 1)",
    );
    rows.into_iter().map(key).collect()
}

/// Brings envelopes to a phone on a card.
pub fn bring(phone: &Phone, envelopes: &[Vec<u8>]) -> BundleReport {
    phone.read_bundle(&mut &card(envelopes)[..]).unwrap()
}

/// Words sealed by whoever has a key of the space, in anybody's name.
pub fn sealed_words(key: &EpochKey, space: &SpaceId, author: [u8; 32], number: u32, words: &str) -> Vec<u8> {
    let secret = *blake3::hash(&number.to_be_bytes()).as_bytes();
    let item = Item::Blob(Blob::seal(author, secret, words).unwrap()).encode();
    seal(key, &space_tag(space), Urgency::Large, &item).unwrap()
}

pub fn reasons(phone: &Phone) -> Vec<String> {
    phone.sync().held_items(1_000).unwrap().into_iter().map(|held| held.reason).collect()
}

pub fn count(phone: &Phone, sql: &str) -> i64 {
    let [Value::Integer(count)] = values(phone, sql).remove(0)[..] else { panic!("a number") };
    count
}

/// Every value of every table of the opened database, and what any of them opens of any other.
pub fn held(phone: &Phone) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for table in values(phone, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") {
        let [Value::Text(table)] = &table[..] else { panic!("a name") };
        for value in values(phone, &format!("SELECT * FROM \"{table}\"")).into_iter().flatten() {
            match value {
                Value::Text(text) => all.push(text.into_bytes()),
                Value::Blob(bytes) => all.push(bytes),
                Value::Null | Value::Integer(_) | Value::Real(_) => {}
            }
        }
    }
    let commitments: std::collections::HashMap<[u8; 32], &[u8]> = all
        .iter()
        .filter(|key| key.len() == 32)
        .map(|key| (blake3::derive_key("rafiq 2026 blob commitment v1", key), &key[..]))
        .collect();
    let opened: Vec<Vec<u8>> = all
        .iter()
        .filter_map(|sealed| {
            let key = commitments.get(sealed.get(..32)?)?;
            let Ok(Item::Blob(blob)) = Item::decode(&blob_item(key, sealed)) else { return None };
            blob.words().map(String::into_bytes)
        })
        .collect();
    all.extend(opened);
    all
}

/// A blob as it travels, from a key and sealed bytes.
pub fn blob_item(key: &[u8], sealed: &[u8]) -> Vec<u8> {
    let mut blob = minicbor::Encoder::new(Vec::new());
    blob.array(5).unwrap().u8(1).unwrap().u8(1).unwrap().bytes(&[0; 32]).unwrap();
    blob.bytes(key).unwrap().bytes(sealed).unwrap();
    let mut item = minicbor::Encoder::new(Vec::new());
    item.array(2).unwrap().u8(10).unwrap().bytes(&blob.into_writer()).unwrap();
    item.into_writer()
}

/// The envelopes of a bundle.
pub fn sheets(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut envelopes = Vec::new();
    while !bytes.is_empty() {
        let count = usize::from(u16::from_be_bytes([bytes[10], bytes[11]]));
        let (index, mut rest) = bytes[12..].split_at(36 * count);
        rest = &rest[32..];
        for line in index.chunks(36) {
            let length = u32::from_be_bytes(line[32..].try_into().unwrap()) as usize;
            envelopes.push(rest[..length].to_vec());
            rest = &rest[length..];
        }
        bytes = &rest[32..];
    }
    envelopes
}

/// What the write-ahead log holds is encrypted page by page: only an empty one surely holds nothing.
pub fn log_of_writes(phone: &Phone) -> u64 {
    std::fs::metadata(phone.path().join("rafiq.db-wal")).map_or(0, |file| file.len())
}

/// Whether the log was empty at some moment after the last erasure.
pub fn is_log_emptied(phone: &Phone) -> bool {
    values(phone, "SELECT 1 FROM meta WHERE key = 'empty log'").is_empty()
}

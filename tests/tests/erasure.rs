//! Words that were erased are nowhere any more: a search through everything that a phone holds, its log of writes, what lies on the relay and
//! what a bundle brings, opened with every key that is still held, finds those that were kept and none of the others.

use rafiq::Error;
use rafiq::check_ins::{CheckIn, CheckInFilter, CheckInId, ContactWish, Feeling, NewCheckIn, Share, WordsState};
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sync::wire::{EpochKey, Item, open, space_tag};
use rafiq::sync::{BundleContents, Erasure};
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{DAY_MS, URL, World};
use rusqlite::types::Value;

const KEPT: &str = "the garden behind the school";
const ERASED: &str = "what happened at the border";

struct Scene {
    world: World,
    pairing: PairingId,
    mentor: Phone,
    newcomer: Phone,
    other: Phone,
}

/// A mentor and a newcomer who have told each other two things; a third phone of the space is away.
fn scene() -> (Scene, CheckInId, CheckInId) {
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
    fn tell(&self, phone: &Phone, note: &str) -> CheckInId {
        let share = Share::Pairing { pairing: self.pairing.value.clone() };
        let new =
            NewCheckIn { feeling: Feeling::Hard, helps: vec![], contact: ContactWish::No, share, note: note.into() };
        phone.check_ins().record(new).unwrap().id
    }

    fn space(&self) -> SpaceId {
        SpaceId::parse(&self.pairing.value).unwrap()
    }

    fn bundle(&self, phone: &Phone) -> Vec<u8> {
        let mut bytes = Vec::new();
        let contents = BundleContents { spaces: vec![self.space()], carried: true };
        phone.sync().stream_bundle(&mut bytes, &contents).unwrap();
        bytes
    }

    /// What the relay's envelopes and a bundle's hold for whoever has every key that this phone has.
    fn readable(&self, phone: &Phone, envelopes: impl IntoIterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
        let keys: Vec<EpochKey> = values(phone, "SELECT number, secret FROM space_key WHERE purpose = 1")
            .into_iter()
            .map(|row| match &row[..] {
                [Value::Integer(number), Value::Blob(key)] => {
                    EpochKey::new(*number as u32, key[..].try_into().unwrap())
                }
                _ => panic!("a key"),
            })
            .collect();
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
    fn tells(&self, phone: &Phone, words: &str) -> [bool; 3] {
        let has = |all: Vec<Vec<u8>>| all.iter().any(|bytes| contains(bytes, words));
        let relay = self.world.envelopes().into_iter().map(|(_, bytes)| bytes);
        [has(held(phone)), has(self.readable(phone, relay)), has(self.readable(phone, sheets(&self.bundle(phone))))]
    }

    fn seen(&self, phone: &Phone, id: &CheckInId) -> CheckIn {
        let all = phone.check_ins().list(CheckInFilter::default(), 100, None).unwrap().items;
        all.into_iter().find(|check_in| check_in.id == *id).unwrap()
    }

    /// Who has not confirmed, by name.
    fn unconfirmed(&self, receipt: &Erasure) -> Vec<&'static str> {
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

fn contains(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

fn values(phone: &Phone, sql: &str) -> Vec<Vec<Value>> {
    let read = phone.replica().read(|rows| {
        let mut statement = rows.prepare(sql)?;
        let columns = statement.column_count();
        let found = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect())?;
        Ok(found.collect::<Result<_, _>>()?)
    });
    read.unwrap()
}

/// Every value of every table of the opened database, and what any of them opens of any other.
fn held(phone: &Phone) -> Vec<Vec<u8>> {
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
fn blob_item(key: &[u8], sealed: &[u8]) -> Vec<u8> {
    let mut blob = minicbor::Encoder::new(Vec::new());
    blob.array(5).unwrap().u8(1).unwrap().u8(1).unwrap().bytes(&[0; 32]).unwrap();
    blob.bytes(key).unwrap().bytes(sealed).unwrap();
    let mut item = minicbor::Encoder::new(Vec::new());
    item.array(2).unwrap().u8(10).unwrap().bytes(&blob.into_writer()).unwrap();
    item.into_writer()
}

/// The envelopes of a bundle.
fn sheets(mut bytes: &[u8]) -> Vec<Vec<u8>> {
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
fn log_of_writes(phone: &Phone) -> u64 {
    std::fs::metadata(phone.path().join("rafiq.db-wal")).map_or(0, |file| file.len())
}

/// Whether the log was empty at some moment after the last erasure.
fn is_log_emptied(phone: &Phone) -> bool {
    values(phone, "SELECT 1 FROM meta WHERE key = 'empty log'").is_empty()
}

#[test]
fn what_was_erased_is_nowhere_and_what_was_kept_is_found() {
    let (scene, kept, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    // The search finds what is there, wherever it is.
    for phone in [mentor, newcomer] {
        for words in [KEPT, ERASED] {
            assert_eq!(scene.tells(phone, words), [true; 3], "{words}");
        }
        assert_eq!(scene.seen(phone, &erased).note, ERASED);
    }
    assert_eq!(scene.seen(newcomer, &erased).erasure, None);
    let id = newcomer.check_ins().erase_words(&erased).unwrap();
    assert_eq!(
        scene.seen(newcomer, &erased).erasure.as_ref(),
        Some(&id),
        "the receipt is found again from the check-in"
    );
    assert!(is_log_emptied(newcomer) && log_of_writes(newcomer) == 0);
    assert!(!held(newcomer).iter().any(|bytes| contains(bytes, ERASED)), "gone here at once, before any exchange");
    let receipt = newcomer.sync().erasures(10).unwrap();
    assert_eq!((receipt.len(), &receipt[0].id, receipt[0].space), (1, &id.value, scene.space()));
    assert_eq!(scene.unconfirmed(&receipt[0]), ["Farid", "Olena"]);

    world.exchange(&[newcomer]);
    assert!(!scene.tells(mentor, ERASED)[1], "the relay has dropped it with the same exchange");
    world.exchange(&[mentor]);
    assert!(is_log_emptied(mentor), "what was written since holds pages as they are since");
    for phone in [mentor, newcomer] {
        assert_eq!(scene.tells(phone, ERASED), [false; 3]);
        assert_eq!(scene.tells(phone, KEPT), [true; 3]);
        let (gone, there) = (scene.seen(phone, &erased), scene.seen(phone, &kept));
        assert_eq!((gone.words, gone.note.as_str(), gone.feeling), (WordsState::Erased, "", Feeling::Hard));
        assert_eq!((gone.erasure.as_ref(), &there.erasure), (Some(&id), &None));
        assert_eq!((there.words, there.note.as_str()), (WordsState::Here, KEPT));
    }
    // The mentor's phone says that it did, in an entry, without anybody writing anything; the third has not been seen.
    world.exchange(&[mentor, newcomer]);
    assert_eq!(scene.unconfirmed(&newcomer.sync().erasures(1).unwrap()[0]), ["Farid"]);
    world.exchange(&[other]);
    assert_eq!((scene.seen(other, &erased).words, scene.seen(other, &kept).note.as_str()), (WordsState::Erased, KEPT));
    world.exchange(&[other, newcomer, mentor]);
    for phone in [newcomer, mentor, other] {
        assert!(scene.unconfirmed(&phone.sync().erasures(1).unwrap()[0]).is_empty());
        let status = phone.sync().status().unwrap();
        assert_eq!((status.outbox, status.waiting, status.quarantined), (0, 0, 0));
    }
    // Nobody goes on saying so.
    let before = world.envelopes().len();
    world.exchange(&[mentor, newcomer, other, mentor]);
    assert_eq!(world.envelopes().len(), before);
    assert_eq!(newcomer.check_ins().erase_words(&erased).unwrap(), id, "again is no other erasure");
    assert_eq!(newcomer.sync().erasures(10).unwrap().len(), 1);
}

#[test]
fn an_erasure_that_comes_before_the_words_holds() {
    let (scene, kept, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    let old = scene.bundle(mentor);
    assert!(scene.readable(mentor, sheets(&old)).iter().any(|bytes| contains(bytes, ERASED)));
    newcomer.check_ins().erase_words(&erased).unwrap();
    world.exchange(&[newcomer, other]);
    other.read_bundle(&mut &old[..]).unwrap();
    assert_eq!(scene.tells(other, ERASED), [false; 3]);
    assert_eq!((scene.seen(other, &erased).words, scene.seen(other, &kept).note.as_str()), (WordsState::Erased, KEPT));
    // A mentor who hears of it only then takes nothing back.
    world.exchange(&[mentor, other]);
    assert_eq!(scene.tells(mentor, ERASED), [false; 3]);
}

#[test]
fn words_that_have_not_come_are_never_shown_as_none() {
    let (scene, _, _) = scene();
    let Scene { world, newcomer, other, .. } = &scene;
    let late = scene.tell(newcomer, "on its way");
    let silent = scene.tell(newcomer, "");
    world.exchange(&[newcomer]);
    let taken = "UPDATE envelope SET size = 0, bytes = x'' WHERE urgency = 2";
    assert_eq!(world.database().execute(taken, []).unwrap(), 3);
    world.exchange(&[other]);
    let seen = scene.seen(other, &late);
    assert_eq!(
        (seen.words, seen.note.as_str(), seen.words.text_id().as_deref()),
        (WordsState::NotHereYet, "", Some("words-not-here-yet"))
    );
    assert_eq!(scene.seen(other, &silent).words, WordsState::None);
    assert_eq!(other.check_ins().erase_words(&late).err(), Some(Error::invalid("words", "not-here-yet")));
    assert_eq!(other.check_ins().erase_words(&silent).err(), Some(Error::invalid("words", "none")));
    // They come another way.
    other.read_bundle(&mut &scene.bundle(newcomer)[..]).unwrap();
    assert_eq!(scene.seen(other, &late).note, "on its way");
}

#[test]
fn a_steward_erases_somebody_elses_and_taking_back_erases_too() {
    let (scene, kept, erased) = scene();
    let Scene { world, mentor, newcomer, .. } = &scene;
    mentor.check_ins().erase_words(&erased).unwrap();
    newcomer.check_ins().retract(&kept).unwrap();
    world.exchange(&[mentor, newcomer, mentor, newcomer]);
    for phone in [mentor, newcomer] {
        for words in [KEPT, ERASED] {
            assert_eq!(scene.tells(phone, words), [false; 3], "{words}");
        }
    }
    assert_eq!(scene.seen(newcomer, &erased).words, WordsState::Erased);
    // What nobody else has is erased all the same.
    let new = NewCheckIn {
        feeling: Feeling::Good,
        helps: vec![],
        contact: ContactWish::No,
        share: Share::Private,
        note: ERASED.into(),
    };
    let private = newcomer.check_ins().record(new).unwrap().id;
    assert!(held(newcomer).iter().any(|bytes| contains(bytes, ERASED)));
    newcomer.check_ins().erase_words(&private).unwrap();
    assert!(!held(newcomer).iter().any(|bytes| contains(bytes, ERASED)));
    let receipt = &newcomer.sync().erasures(1).unwrap()[0];
    assert!(receipt.devices.len() == 1 && receipt.devices[0].confirmed);
}

#[test]
fn what_was_erased_before_it_left_never_leaves() {
    let (scene, _, _) = scene();
    let Scene { world, mentor, newcomer, .. } = &scene;
    const SECRET: &str = "better not said";
    let id = scene.tell(newcomer, SECRET);
    drop(scene.bundle(newcomer)); // sealed, and in the outbox
    newcomer.check_ins().erase_words(&id).unwrap();
    world.exchange(&[newcomer, mentor]);
    assert_eq!([scene.tells(newcomer, SECRET), scene.tells(mentor, SECRET)], [[false; 3]; 2]);
    assert_eq!(scene.seen(mentor, &id).words, WordsState::Erased);
}

#[test]
fn packs_tell_the_erasure_and_the_words_that_live() {
    let (scene, kept, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    let later = scene.tell(newcomer, "for a while");
    newcomer.check_ins().erase_words(&erased).unwrap();
    world.exchange(&[newcomer, mentor, other, newcomer, mentor]);
    assert!(mentor.sync().write_pack(&scene.space()).unwrap());
    world.exchange(&[mentor, newcomer, other]);
    world.pass(91, &[mentor, newcomer, other]);
    world.exchange(&[mentor, newcomer, other]);
    let late = Phone::new(4, "Sami", "ar");
    late.pass(91 * DAY_MS);
    world.join(mentor, &late, &scene.pairing.value);
    world.exchange(&[&late]);
    assert_eq!(
        (scene.seen(&late, &kept).note.as_str(), scene.seen(&late, &later).note.as_str()),
        (KEPT, "for a while")
    );
    assert_eq!(scene.seen(&late, &erased).words, WordsState::Erased);
    assert_eq!(scene.tells(&late, ERASED), [false; 3]);
    assert!(late.sync().erasures(9).unwrap()[0].devices.iter().any(|device| device.is_this));
    // What a pack has told again can be erased too, and the pack stays whole.
    newcomer.check_ins().erase_words(&later).unwrap();
    world.exchange(&[newcomer, mentor, &late]);
    assert_eq!(scene.tells(&late, "for a while"), [false; 3]);
    let last = Phone::new(5, "Yara", "ar");
    last.pass(91 * DAY_MS);
    world.join(mentor, &last, &scene.pairing.value);
    world.exchange(&[&last]);
    assert_eq!((scene.seen(&last, &kept).note.as_str(), scene.seen(&last, &later).words), (KEPT, WordsState::Erased));
}

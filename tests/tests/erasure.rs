//! Words that were erased are nowhere any more: a search through everything that a phone holds, its log of writes, what lies on the relay and
//! what a bundle brings, opened with every key that is still held, finds those that were kept and none of the others.

use rafiq::Error;
use rafiq::check_ins::{CheckIn, CheckInFilter, CheckInId, ContactWish, Feeling, NewCheckIn, Share, WordsState};
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::replica::{Blob, DocumentKey, Value as Field};
use rafiq::sharing::Reach;
use rafiq::sync::bundle::sheet::Sheets;
use rafiq::sync::wire::operation::{Erase, ErasedBlob};
use rafiq::sync::wire::{Action, DeviceKeys, EpochKey, Item, Membership, Operation, open, seal, space_tag};
use rafiq::sync::{BundleContents, BundleReport, Erasure};
use rafiq_protocol::Urgency;
use rafiq_tests::faults::{Disk, Left};
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

    /// The document in which check-ins of the pairing are.
    fn document(&self) -> DocumentKey {
        let space = self.pairing.value.clone();
        let bucket = values(&self.mentor, "SELECT DISTINCT bucket FROM check_in").remove(0).remove(0);
        let Value::Text(bucket) = bucket else { panic!("a quarter") };
        DocumentKey::new(SpaceId::parse(&space).unwrap(), 20, &bucket)
    }

    /// By which id a check-in names its words.
    fn named(&self, id: &CheckInId) -> Vec<u8> {
        let rows = values(&self.newcomer, &format!("SELECT words FROM check_in WHERE id = '{}'", id.value));
        let Value::Blob(words) = rows[0][0].clone() else { panic!("words") };
        words
    }

    /// What the relay's envelopes and a bundle's hold for whoever has every key that this phone has.
    fn readable(&self, phone: &Phone, envelopes: impl IntoIterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
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

/// Every key of a space that this phone has.
fn keys(phone: &Phone) -> Vec<EpochKey> {
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
fn bring(phone: &Phone, envelopes: &[Vec<u8>]) -> BundleReport {
    let mut card = Vec::new();
    let mut sheets = Sheets::new(&mut card);
    for envelope in envelopes {
        sheets.put(envelope).unwrap();
    }
    sheets.finish().unwrap();
    phone.read_bundle(&mut &card[..]).unwrap()
}

/// Words sealed by whoever has a key of the space, in anybody's name.
fn sealed_words(key: &EpochKey, space: &SpaceId, author: [u8; 32], number: u32, words: &str) -> Vec<u8> {
    let secret = *blake3::hash(&number.to_be_bytes()).as_bytes();
    let item = Item::Blob(Blob::seal(author, secret, words).unwrap()).encode();
    seal(key, &space_tag(space), Urgency::Large, &item).unwrap()
}

fn reasons(phone: &Phone) -> Vec<String> {
    phone.sync().held_items(1_000).unwrap().into_iter().map(|held| held.reason).collect()
}

fn count(phone: &Phone, sql: &str) -> i64 {
    let [Value::Integer(count)] = values(phone, sql).remove(0)[..] else { panic!("a number") };
    count
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

#[test]
fn words_that_nobody_has_named_are_not_kept_and_fill_no_phone() {
    let (scene, _, _) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    world.exchange(&[other]);
    let (key, space) = (keys(other).remove(0), scene.space());
    let kept = count(mentor, "SELECT count(*) FROM blob");
    // A member, or whoever else has the key, speaks in another's name and in their own: no entry of theirs names it.
    for (number, author) in [newcomer.sync().device(), other.sync().device()].into_iter().enumerate() {
        let report = bring(mentor, &[sealed_words(&key, &space, author.0, number as u32, "never said")]);
        assert_eq!((report.taken, report.aside), (0, 1));
    }
    assert_eq!(reasons(mentor), ["unnamed", "unnamed"]);
    let junk = "x".repeat(40 * 1024);
    for number in 10..200 {
        bring(mentor, &[sealed_words(&key, &space, newcomer.sync().device().0, number, &junk)]);
    }
    assert_eq!(count(mentor, "SELECT count(*) FROM blob"), kept);
    let bytes = count(mentor, "SELECT sum(length(item)) FROM held_item");
    assert!((1 << 20..5 << 20).contains(&bytes), "{bytes} bytes are held");
    assert!(reasons(mentor).contains(&"no-room".to_owned()));
    assert!(count(mentor, "SELECT count(*) FROM blob_envelope") < 200, "no row for what was turned away");
    // None of it is told again, and honest words come as ever.
    assert!(!scene.tells(mentor, "never said")[2]);
    let honest = scene.tell(newcomer, "really said");
    world.exchange(&[newcomer, mentor]);
    assert_eq!(scene.seen(mentor, &honest).note, "really said");
}

#[test]
fn words_that_come_before_what_names_them_wait_and_can_be_erased_meanwhile() {
    let (scene, _, _) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    world.exchange(&[other]);
    let (early, gone) = (scene.tell(newcomer, "said early"), scene.tell(newcomer, "said and taken back"));
    let known = world.envelopes().len();
    world.exchange(&[newcomer]);
    let is_words = |envelope: &&Vec<u8>| {
        let item = open(&keys(newcomer), &space_tag(&scene.space()), envelope).unwrap();
        matches!(Item::decode(&item), Ok(Item::Blob(_)))
    };
    let envelopes: Vec<Vec<u8>> = world.envelopes().into_iter().skip(known).map(|(_, envelope)| envelope).collect();
    let words: Vec<Vec<u8>> = envelopes.iter().filter(is_words).cloned().collect();
    assert_eq!((words.len(), bring(mentor, &words).aside), (2, 2));
    assert_eq!(reasons(mentor), ["unnamed", "unnamed"]);
    newcomer.check_ins().erase_words(&gone).unwrap();
    world.exchange(&[newcomer]);
    // The relay has none of them any more: what waited is all that there is.
    world.database().execute("UPDATE envelope SET size = 0, bytes = x'' WHERE urgency = 2", []).unwrap();
    world.exchange(&[mentor]);
    assert_eq!(scene.seen(mentor, &early).note, "said early");
    assert_eq!(scene.seen(mentor, &gone).words, WordsState::Erased);
    assert_eq!(scene.tells(mentor, "said and taken back"), [false; 3]);
    assert_eq!(reasons(mentor), [""; 0]);
    // Should the app end between the record and the look at what waited for it, the next start looks.
    drop(bring(other, &words));
    let entries: Vec<Vec<u8>> = envelopes.iter().filter(|envelope| !is_words(envelope)).cloned().collect();
    bring(other, &entries);
    assert_eq!(scene.seen(other, &early).note, "said early");
}

#[test]
fn nobody_reads_words_in_a_directory() {
    let curator = Phone::new(7, "Olena", "uk");
    let space = curator.directory().found("Region", 10).unwrap().space;
    curator.sharing().invite(&space, Reach::InPerson).unwrap();
    let key = keys(&curator).remove(0);
    let space = SpaceId::parse(&space).unwrap();
    let report = bring(&curator, &[sealed_words(&key, &space, curator.sync().device().0, 1, "a reader's words")]);
    assert_eq!((report.taken, reasons(&curator)), (0, vec!["out-of-place".to_owned()]));
}

#[test]
fn nobody_steers_what_is_erased_or_speaks_under_another_name() {
    let (scene, kept, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    world.exchange(&[other]);
    let theirs = scene.tell(other, "Farid's own");
    world.exchange(&[other, newcomer, mentor]);
    let (document, person) = (scene.document(), newcomer.people().me().unwrap().unwrap().id.value);
    // Farid's phone writes another check-in of Amina's under the same id, beside it, and names his words and others of hers.
    for (bucket, words) in [("2020-q1", &theirs), ("2020-q2", &theirs), ("2020-q3", &kept), ("2020-q4", &kept)] {
        let forged = DocumentKey::new(document.space, 20, bucket);
        let fields: Vec<(&str, Field)> = vec![
            ("person", person.clone().into()),
            ("feeling", 1.into()),
            ("helps", "".into()),
            ("contact", "no".into()),
            ("at", 1.into()),
            ("words", Field::Bytes(scene.named(words))),
        ];
        other.replica().write(|w| w.create(&forged, &format!("check-in/{}", erased.value), &fields)).unwrap();
    }
    // And in another check-in of hers he puts his own in the place of hers.
    let spoiled = scene.tell(newcomer, "what she had said");
    world.exchange(&[newcomer, other]);
    let his = Field::Bytes(scene.named(&theirs));
    let key = format!("check-in/{}", spoiled.value);
    other.replica().write(|w| w.set_field(&document, &key, "words", his.clone())).unwrap();
    world.exchange(&[other, newcomer, mentor]);
    for phone in [newcomer, mentor] {
        let all = phone.check_ins().list(CheckInFilter::default(), 100, None).unwrap().items;
        assert_eq!(all.iter().filter(|one| one.note == "Farid's own").count(), 1, "under his name alone");
        assert_eq!(all.iter().filter(|one| one.note == KEPT).count(), 1);
        let seen = scene.seen(phone, &spoiled);
        assert_eq!((seen.words, seen.note.as_str()), (WordsState::NotHereYet, ""));
        assert_eq!(phone.check_ins().erase_words(&spoiled).err(), Some(Error::invalid("words", "not-here-yet")));
    }
    // What she erases is what she wrote.
    newcomer.check_ins().erase_words(&erased).unwrap();
    world.exchange(&[newcomer, mentor, other]);
    for phone in [newcomer, mentor, other] {
        assert_eq!(scene.tells(phone, ERASED), [false; 3]);
        assert!(scene.tells(phone, KEPT)[0]);
        assert_eq!(scene.seen(phone, &theirs).note, "Farid's own");
    }
}

#[test]
fn a_steward_who_was_taken_out_erases_nothing_more_however_they_date_it() {
    let (scene, _, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    world.exchange(&[other]);
    let person = other.people().me().unwrap().unwrap().id;
    mentor.sharing().remove(&scene.pairing.value, &person).unwrap();
    world.exchange(&[mentor, newcomer, mentor]);
    // His phone has not heard of it, or does not want to: it signs by what was known before.
    other.check_ins().erase_words(&erased).unwrap();
    let card = scene.bundle(other);
    for phone in [mentor, newcomer] {
        phone.read_bundle(&mut &card[..]).unwrap();
        assert_eq!(scene.seen(phone, &erased).note, ERASED);
    }
    world.exchange(&[mentor, newcomer, mentor, newcomer]);
    for phone in [mentor, newcomer] {
        assert_eq!(scene.seen(phone, &erased).note, ERASED);
        assert!(phone.sync().erasures(9).unwrap().is_empty());
        assert_eq!(phone.sync().status().unwrap().outbox, 0, "nobody confirms it");
    }
    // Whoever wrote them still may.
    newcomer.check_ins().erase_words(&erased).unwrap();
    world.exchange(&[newcomer, mentor]);
    assert_eq!(scene.tells(mentor, ERASED), [false; 3]);
}

#[test]
fn what_a_steward_erased_in_time_is_erased_for_all_once_another_says_so() {
    let (scene, _, erased) = scene();
    let Scene { world, mentor, newcomer, other, .. } = &scene;
    world.exchange(&[other]);
    other.check_ins().erase_words(&erased).unwrap();
    let card = scene.bundle(other);
    newcomer.read_bundle(&mut &card[..]).unwrap();
    assert_eq!(scene.seen(newcomer, &erased).words, WordsState::Erased);
    // Meanwhile, far away, somebody takes him out, and hears of the erasure only then.
    let person = other.people().me().unwrap().unwrap().id;
    mentor.sharing().remove(&scene.pairing.value, &person).unwrap();
    mentor.read_bundle(&mut &card[..]).unwrap();
    assert_eq!(scene.seen(mentor, &erased).note, ERASED);
    world.exchange(&[mentor, newcomer, mentor]);
    for phone in [mentor, newcomer] {
        assert_eq!(scene.seen(phone, &erased).words, WordsState::Erased);
        assert_eq!(scene.tells(phone, ERASED), [false; 3]);
    }
}

/// Erasures of blobs that never were, signed by a phone's keys by what it knows, an envelope each.
fn many_erasures(scene: &Scene, phone: &Phone, count: u32) -> Vec<Vec<u8>> {
    let space = scene.space();
    let read = phone.replica().read(|rows| {
        let seed = rafiq::store::meta(rows, "seed")?.and_then(|seed| seed.try_into().ok()).unwrap();
        let mut statement = rows.prepare("SELECT bytes FROM operation WHERE space = ?1")?;
        let found = statement.query_map([&space.0[..]], |row| row.get::<_, Vec<u8>>(0))?;
        let known: Vec<Operation> = found.map(|bytes| Operation::decode(&bytes.unwrap()).unwrap()).collect();
        Ok((DeviceKeys::from_seed(seed, 1), Membership::replay(space, known)))
    });
    let (device, membership) = read.unwrap();
    let key = keys(phone).remove(0);
    let sealed = |number: u32| {
        let digest = *blake3::hash(&number.to_be_bytes()).as_bytes();
        let erase = Action::Erase(Erase { blobs: vec![ErasedBlob { author: device.device(), digest }] });
        let operation = Operation::sign(&device, space, membership.heads(), erase).unwrap();
        seal(&key, &space_tag(&space), Urgency::Small, &Item::Operation(operation).encode()).unwrap()
    };
    (0..count).map(sealed).collect()
}

#[test]
fn a_thousand_erasures_are_judged_once_each_and_named_a_few_at_a_time_beside_full_entries() {
    let (scene, kept, _) = scene();
    let Scene { world, mentor, newcomer, .. } = &scene;
    let envelopes = many_erasures(&scene, newcomer, 1_000);
    let before = mentor.sync().memberships_replayed();
    let mut times = Vec::new();
    for hundred in envelopes.chunks(100) {
        let began = std::time::Instant::now();
        assert_eq!(bring(mentor, hundred).taken, 100);
        times.push(began.elapsed());
    }
    println!("a hundred erasures, ten times: {times:.0?}");
    assert_eq!(mentor.sync().memberships_replayed() - before, 0, "nothing is judged again");
    assert_eq!(count(mentor, "SELECT count(*) FROM erasure WHERE waits = 0"), 1_000);
    bring(newcomer, &envelopes);
    // The next entries are as full as entries may be, and name them all, a few each.
    for number in 0..300_u32 {
        // Text that does not pack: so many of them are more than one entry holds.
        let text: String =
            (0..7).map(|part| blake3::hash(&[number.to_be_bytes(), [part; 4]].concat()).to_hex().to_string()).collect();
        mentor.mentoring().add_goal(&scene.pairing, &text).unwrap();
    }
    for _ in 0..4 {
        world.exchange(&[mentor, newcomer]);
    }
    let named =
        "SELECT count(*) FROM erasure_seen s JOIN erasure e ON e.operation = s.operation WHERE s.device <> e.author";
    assert_eq!((count(mentor, named), count(newcomer, named)), (1_000, 1_000));
    let status = mentor.sync().status().unwrap();
    assert_eq!((status.outbox, status.unsent_changes), (0, 0));
    assert_eq!(
        (scene.seen(newcomer, &kept).note.as_str(), newcomer.mentoring().goals(&scene.pairing).unwrap().len()),
        (KEPT, 300)
    );
}

#[test]
fn an_erasure_that_is_kept_never_fails_for_the_log_that_cannot_be_emptied() {
    let mut phone = Phone::new(8, "Amina", "ar");
    let share = Share::Private;
    let new =
        NewCheckIn { feeling: Feeling::Hard, helps: vec![], contact: ContactWish::No, share, note: ERASED.into() };
    let id = phone.check_ins().record(new).unwrap().id;
    let copy = phone.copied();
    let disk = Disk::new(phone.path(), 1);
    let mut kept = 0;
    for writes in 0.. {
        phone.stop();
        disk.cut(Left::Nothing);
        disk.power_on();
        phone.put_back(&copy);
        disk.full_after(writes);
        let erased = phone.check_ins().erase_words(&id);
        let full = disk.was_full();
        disk.make_room();
        let words = phone.check_ins().list(CheckInFilter::default(), 1, None).unwrap().items.remove(0).words;
        match erased {
            Ok(_) => assert_eq!(words, WordsState::Erased),
            Err(error) => assert_eq!((error, words), (Error::StorageFull, WordsState::Here)),
        }
        // The log is emptied with the next write then.
        kept += u32::from(words == WordsState::Erased && full && !is_log_emptied(&phone));
        phone
            .people()
            .set_me(rafiq::people::NewMe { name: "Amina".into(), language: "ar".into(), calendar: None })
            .unwrap();
        if words == WordsState::Erased {
            assert!(is_log_emptied(&phone), "after {writes} writes");
        }
        if !full {
            break;
        }
    }
    assert!(kept > 0, "the room ended behind the commit");
}

#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail

use super::*;
use crate::host::{Clock, HostError, NoProgress, Random};
use crate::ids::{Author, PersonId};
use crate::replica::{Noun, notes};
use crate::store::{Durability, Store};
use rusqlite::{Connection, params};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

struct Noon;
impl Clock for Noon {
    fn now_ms(&self) -> i64 {
        chrono::DateTime::parse_from_rfc3339("2026-11-22T12:00:00Z").unwrap().timestamp_millis()
    }
}

struct TestRandom;
impl Random for TestRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), HostError> {
        getrandom::fill(buffer).map_err(|_| HostError::Failed { reason: "random".into() })
    }
}

/// Founds spaces as `sync` does, without its keys.
struct TestFounder(AtomicU8);
impl SpaceFounder for TestFounder {
    fn found(&self, rows: &Connection, kind: SpaceKind, title: &str) -> Result<SpaceId> {
        let space = SpaceId([self.0.fetch_add(1, Ordering::Relaxed); 32]);
        rows.execute(
            "INSERT INTO space (id, kind, tag, role, title, relay, added) VALUES (?1, ?2, ?1, 3, ?3, '', 0)",
            params![&space.0[..], kind as u8, title],
        )?;
        Ok(space)
    }
}

struct Device {
    _folder: tempfile::TempDir,
    replica: Arc<Replica>,
    directory: Directory,
    space: String,
}

/// A device with an empty directory of `services` expected ones.
fn device(services: i64) -> Device {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), &[1; 32], Durability::Full).unwrap();
    let nouns: Vec<Box<dyn Noun>> = vec![Box::new(DirectoryNoun)];
    let replica = Arc::new(Replica::new(store, nouns, Arc::new(Noon), Arc::new(TestRandom)).unwrap());
    replica.set_identity(Author { device: [1; 32], incarnation: 1 }, PersonId([1; 16]));
    let directory = Directory::new(Arc::clone(&replica), Arc::new(TestFounder(AtomicU8::new(7))));
    let space = directory.found("Port Alder", services).unwrap().space;
    Device { _folder: folder, replica, directory, space }
}

fn sample() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/samples/directory"))
}

struct Text(&'static str, AtomicI64);
impl ByteSource for Text {
    fn read(&self, max: usize) -> Result<Vec<u8>, HostError> {
        let from = (self.1.load(Ordering::Relaxed) as usize).min(self.0.len());
        let piece = &self.0.as_bytes()[from..(from + max.min(7)).min(self.0.len())];
        self.1.fetch_add(piece.len() as i64, Ordering::Relaxed);
        Ok(piece.to_vec())
    }
}

impl Device {
    fn import(&self, text: &'static str) -> ImportReport {
        let source = Text(text, AtomicI64::new(0));
        self.directory.import_source(&self.space, "feed.json", &source, &NoProgress).unwrap()
    }

    fn names(&self, query: &str) -> Vec<String> {
        self.directory.search(query, 20).unwrap().into_iter().map(|hit| hit.name).collect()
    }

    fn count(&self, sql: &str) -> i64 {
        self.replica.read(|rows| Ok(rows.query_row(sql, [], |row| row.get(0))?)).unwrap()
    }
}

#[test]
fn the_sample_is_imported_once() {
    let device = device(2_000);
    let first = device.directory.import(&device.space, &sample(), &NoProgress).unwrap();
    assert_eq!((first.services, first.changed, first.organizations, first.errors.len()), (28, 28, 9, 0));
    let changes = device.count("SELECT count(*) FROM change");
    let loaded = device.replica.documents_loaded();

    let again = device.directory.import(&device.space, &sample(), &NoProgress).unwrap();
    assert_eq!((again.services, again.changed), (28, 0));
    assert_eq!(device.count("SELECT count(*) FROM change"), changes);
    assert_eq!(device.replica.documents_loaded(), loaded, "knowing that nothing changed loads no document");

    let [about] = &device.directory.list().unwrap()[..] else { panic!("one directory") };
    assert_eq!((about.name.as_str(), about.services, about.curator), ("Port Alder", 28, true));
}

#[test]
fn search_in_three_scripts() {
    let device = device(28);
    device.directory.import(&device.space, &sample(), &NoProgress).unwrap();
    let loaded = device.replica.documents_loaded();
    for (query, expected) in [
        ("legal", "Legal advice on asylum"),
        ("LEGAL asy", "Legal advice on asylum"),
        ("استشارة", "استشارة قانونية في شؤون اللجوء"),
        ("إستشاره قانونيه", "استشارة قانونية في شؤون اللجوء"), // other letters for the same sounds
        ("القانونية", "استشارة قانونية في شؤون اللجوء"),       // with the article
        ("مشوره حقوقی", "مشورهٔ حقوقی دربارهٔ پناهندگی"),
        ("юридична", "Юридична консультація щодо притулку"),
        ("іжа", "Нічний притулок"),             // їжа
        ("грунтовно", "Визнання кваліфікацій"), // ґ
        ("возз'єднання", "Заяви на возз’єднання сім’ї"),
        ("0808 157 nothing else", ""),
    ] {
        let found = device.names(query);
        if expected.is_empty() {
            continue;
        }
        assert!(found.iter().any(|name| name == expected), "{query}: {found:?}");
    }
    assert_eq!(device.names("juggling xylophone"), Vec::<String>::new());
    assert_eq!(device.names(""), Vec::<String>::new());
    assert!(device.directory.search("x", 0).is_err() && device.directory.search("x", 101).is_err());
    let hits = device.directory.search("library", 10).unwrap();
    assert_eq!(hits.last().unwrap().status, "defunct", "closed ones last");
    assert_eq!(device.replica.documents_loaded(), loaded, "search loads no document");
}

#[test]
fn a_service_in_the_readers_language() {
    let device = device(28);
    device.directory.import(&device.space, &sample(), &NoProgress).unwrap();
    let id = &device.directory.search("walk-in health clinic", 1).unwrap()[0].id;
    let read = |language: &str| device.directory.service(&device.space, id, language).unwrap();

    let arabic = read("ar-SY");
    assert_eq!((arabic.name.text.as_str(), arabic.name.fallback), ("عيادة صحية بدون موعد", false));
    assert_eq!(arabic.places[0].name, "عيادة الميناء");
    assert_eq!(arabic.layer, Some(1));
    assert_eq!(arabic.phones[0].dial, "08081570131");
    assert_eq!(arabic.schedules[0].byday, "MO,TU,WE,TH");
    assert_eq!((arabic.freshness, arabic.assured_date.as_deref()), (Freshness::Fresh, Some("2026-11-16")));

    let dari = read("fa-AF");
    assert_eq!((dari.name.language.as_str(), dari.name.fallback), ("prs", false));
    let alert = dari.alert.unwrap();
    assert_eq!(
        (alert.language.as_str(), alert.fallback),
        ("en", true),
        "no Dari text: the service's own, and it says so"
    );
    assert_eq!(
        read("en").name,
        ServiceText { text: "Walk-in health clinic".into(), language: "en".into(), fallback: false }
    );
    assert_eq!(device.directory.service(&device.space, "none", "en").unwrap_err(), Error::NotFound);

    let mut seen = std::collections::BTreeSet::new();
    let mut after = None;
    loop {
        let page = device.directory.browse(&device.space, 10, after).unwrap();
        seen.extend(page.items.iter().map(|hit| (hit.freshness, hit.id.clone())));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 28);
    let kinds: std::collections::BTreeSet<Freshness> = seen.into_iter().map(|(freshness, _)| freshness).collect();
    assert_eq!(kinds.len(), 4, "the sample shows every freshness");
}

#[test]
fn curators_say_what_is_fresh() {
    let device = device(28);
    device.directory.import(&device.space, &sample(), &NoProgress).unwrap();
    let freshness = || device.directory.search("food bank", 1).unwrap()[0].freshness; // assured two days ago
    assert_eq!(freshness(), Freshness::Fresh);
    let limits = FreshnessLimits { ageing_after_days: 1, stale_after_days: 30 };
    device.directory.set_freshness(&device.space, limits).unwrap();
    assert_eq!(freshness(), Freshness::Ageing);
    assert_eq!(device.directory.list().unwrap()[0].freshness, limits);
    for (ageing_after_days, stale_after_days) in [(0, 5), (6, 5), (-1, -1)] {
        let limits = FreshnessLimits { ageing_after_days, stale_after_days };
        assert_eq!(device.directory.set_freshness(&device.space, limits), Err(Error::invalid("freshness", "range")));
    }
}

#[test]
fn only_what_differs_is_written() {
    let device = device(28);
    let old = r#"{"id":"s","name":"Tea","alert":"Closed today","status":"active","organization":{"id":"o1","name":"Bridge"}}"#;
    let new = r#"{"id":"s","name":"Tea","status":"active","url":"https://example.org","organization":{"id":"o1","name":"Bridge"}}"#;
    assert_eq!(device.import(old).changed, 1);
    let words = "SELECT count(DISTINCT words) FROM service";
    assert_eq!(device.count(words), 1);
    assert_eq!(device.import(new).changed, 1);
    let service = device.directory.service(&device.space, "s", "en").unwrap();
    assert_eq!((service.alert, service.url.as_str()), (None, "https://example.org"));
    let operations: i64 = device.count("SELECT max(max_op) FROM change");
    assert_eq!(operations, 1 + 5 + 2, "a record with five fields, then two edits");
    assert_eq!(device.count(words), 1);
    assert_eq!(device.names("closed"), Vec::<String>::new());
    assert_eq!(device.import(new).changed, 0);
    assert_eq!(device.import(old).changed, 1);
    assert_eq!(device.names("closed"), ["Tea"]);
}

#[test]
fn a_service_that_changes_its_organization_moves() {
    let device = device(30_000);
    let mut homes = std::collections::BTreeSet::new();
    for text in [
        r#"{"id":"s","name":"Tea","status":"active","organization":{"id":"o1","name":"Bridge"}}"#,
        r#"{"id":"s","name":"Tea","status":"active","organization":{"id":"o2","name":"Kitchen"}}"#,
        r#"{"id":"s","name":"Tea","status":"active","organization":{"id":"o3","name":"Library"}}"#,
    ] {
        assert_eq!(device.import(text).changed, 1);
        assert_eq!(device.import(text).changed, 0);
        assert_eq!(device.count("SELECT count(*) FROM service"), 1);
        homes.insert(device.count("SELECT CAST(bucket AS INTEGER) FROM service"));
    }
    assert!(homes.len() > 1, "they stand in different shards");
    assert_eq!(device.names("tea").len(), 1);
    assert_eq!(device.directory.search("library", 5).unwrap()[0].organization, "Library");
    assert!(device.directory.search("bridge", 5).unwrap().is_empty());
}

#[test]
fn rebuilt_rows_equal_written_ones() {
    let device = device(2_000);
    device.directory.import(&device.space, &sample(), &NoProgress).unwrap();
    device.import(r#"{"id":"s","name":"Tea","status":"active","translations":{"uk":{"name":"Чай"}}}"#);
    device.import(r#"{"id":"s","name":"Tea","status":"active"}"#);
    let written = device.replica.digest(None).unwrap();
    let found = |query: &str| device.directory.search(query, 20).unwrap();
    let before = (found("чай"), found("юридична"));
    device.replica.forget_read_model().unwrap();
    assert!(found("юридична").is_empty());
    device.replica.project_missing(&NoProgress).unwrap();
    assert_eq!(device.replica.digest(None).unwrap(), written);
    assert_eq!((found("чай"), found("юридична")), before);
    let mut steps = 0;
    while device.replica.store().write(rows::tidy_index).unwrap() {
        steps += 1;
        assert!(steps < 100, "tidying ends");
    }
    assert_eq!((found("чай"), found("юридична")), before);
    device
        .replica
        .store()
        .write(|rows| {
            // FTS5 compares its index with itself.
            rows.execute("INSERT INTO service_words (service_words) VALUES ('integrity-check')", [])?;
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_cancelled_import_goes_on_where_it_was() {
    struct Stop;
    impl Progress for Stop {
        fn report(&self, done: i64, _total: i64) -> bool {
            done < 700
        }
    }
    let device = device(2_000);
    assert_eq!(device.directory.import(&device.space, &sample(), &Stop).unwrap_err(), Error::Cancelled);
    let kept = device.count("SELECT count(*) FROM service");
    assert!(kept > 0 && kept < 28, "{kept}");
    let rest = device.directory.import(&device.space, &sample(), &NoProgress).unwrap();
    assert_eq!((rest.services, rest.changed), (28, 28 - kept));
}

#[test]
fn readers_may_read_and_report() {
    let device = device(28);
    device.directory.import(&device.space, &sample(), &NoProgress).unwrap();
    device.replica.store().write(|rows| Ok(rows.execute("UPDATE space SET role = 1", [])?)).unwrap();
    let refused = device.directory.import(&device.space, &sample(), &NoProgress).unwrap_err();
    assert_eq!(refused, Error::NotAllowed { role: "reader" });
    let hit = &device.directory.search("food bank", 1).unwrap()[0];
    device.directory.report(&device.space, &hit.id, ReportKind::WrongNumber, "somebody else answers").unwrap();
    assert_eq!(device.directory.report(&device.space, "none", ReportKind::Closed, "").unwrap_err(), Error::NotFound);
    let limits = FreshnessLimits { ageing_after_days: 1, stale_after_days: 2 };
    assert!(device.directory.set_freshness(&device.space, limits).is_err());
    let long = "x".repeat(501);
    assert!(device.directory.report(&device.space, &hit.id, ReportKind::Other, &long).is_err());
    assert_eq!(device.count("SELECT count(*) FROM note WHERE own = 1"), 1);
    assert!(device.directory.reports().unwrap().is_empty(), "our own is none that we received");

    // The same note, as it arrives at the curator's.
    let body = NoteBody::Report { service: hit.id.clone(), kind: "wrong-number".into(), note: "x".into() };
    let space = SpaceId::parse(&device.space).unwrap();
    let keep =
        |rows: &Connection| notes::keep(rows, &[9; 16], Some(&space), false, crate::replica::NoteState::New, 5, &body);
    device.replica.store().write(keep).unwrap();
    let [report] = &device.directory.reports().unwrap()[..] else { panic!("one report") };
    assert_eq!((report.service_name.as_str(), report.kind), ("Food bank", ReportKind::WrongNumber));
    device.directory.settle_report(&report.id).unwrap();
    assert!(device.directory.reports().unwrap().is_empty());
}

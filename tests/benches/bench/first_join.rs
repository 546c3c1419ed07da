//! A newcomer joins a directory of a whole region, over a real relay, and has it from a pack.

use crate::listings::{SERVICES, directory_file, listings};
use crate::{Row, floor_connection, mb, timed, weighed};
use rafiq::Rafiq;
use rafiq::host::NoProgress;
use rafiq::ids::SpaceId;
use rafiq::sharing::Reach;
use rafiq::sync::Budget;
use rafiq_relay::{Config, Rate, RelayHandle};
use rafiq_tests::phone::{Phone, post};
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// What the first sync of a region may hold of memory, and what browsing it may.
const SYNCING: f64 = 64e6;
const BROWSING: f64 = 8e6;
/// Bytes a service.
const BYTES: f64 = 500.0;

/// What it took to have everything.
#[derive(Default)]
struct Joined {
    time: Duration,
    bytes: usize,
    rounds: usize,
    heap: usize,
}

pub fn first_join() -> Vec<Row> {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path().join("relay.db"));
    // How fast a curator may send is not what is measured.
    config.limits.writes = Rate { per_minute: u32::MAX, burst: u32::MAX };
    let relay = RelayHandle::start(config).unwrap();
    let url = relay.url();
    let listings = listings(SERVICES);
    let mut curator = Phone::new(5, "Olena", "uk");
    let space = curated(&curator, &url, &directory_file(folder.path(), &listings));
    let invite = curator.sharing().invite(&space, Reach::InPerson).unwrap();
    let all = curator.replica().digest(Some(&SpaceId::parse(&space).unwrap())).unwrap();
    curator.stop();

    let mut newcomer = Phone::new(6, "Amina", "ar");
    newcomer.sharing().accept(&invite.text).unwrap();
    let joined = join(newcomer.rafiq(), &url);
    assert_eq!(newcomer.replica().digest(Some(&SpaceId::parse(&space).unwrap())).unwrap(), all);
    let status = newcomer.sync().status().unwrap();
    assert_eq!((status.waiting, status.quarantined), (0, 0));
    newcomer.stop();
    let ((), browsing) = weighed(|| {
        newcomer.start();
        browse(newcomer.rafiq(), &space);
    });

    let json = serde_json::to_vec(&listings).unwrap();
    let deflated = miniz_oxide::deflate::compress_to_vec(&json, 6);
    let floor = timed(|| put_in(&folder.path().join("floor.db"), &deflated));
    let each = joined.bytes as f64 / SERVICES as f64;
    let ours = format!("{each:.0} B a service in {} round trips, sealed and signed", joined.rounds);
    vec![
        Row {
            work: "first join of 20k services from a pack, bytes both ways",
            ours: ours.clone(),
            other: format!("{BYTES} B a service"),
            ratio: each / BYTES,
            bar: "1",
        },
        Row {
            work: "first join of 20k services, bytes, beside the same listings as JSON deflated in one piece",
            ours,
            other: format!("{} B a service ({} B of JSON)", deflated.len() / SERVICES, json.len() / SERVICES),
            ratio: joined.bytes as f64 / deflated.len() as f64,
            bar: "–",
        },
        Row {
            work: "first join of 20k services, time until all are judged, on disk, in rows and in search",
            ours: format!("{:.1} s", joined.time.as_secs_f64()),
            other: format!(
                "{:.1} s inflated, parsed, in one SQLCipher table with a full-text index",
                floor.as_secs_f64()
            ),
            ratio: joined.time.as_secs_f64() / floor.as_secs_f64(),
            bar: "–",
        },
        Row {
            work: "first join of 20k services, most memory in one exchange, SQLite's included",
            ours: mb(joined.heap),
            other: "64 MB".into(),
            ratio: joined.heap as f64 / SYNCING,
            bar: "1",
        },
        Row {
            work: "opening and browsing 20k services, most memory, SQLite's included",
            ours: mb(browsing),
            other: "8 MB".into(),
            ratio: browsing as f64 / BROWSING,
            bar: "1",
        },
    ]
}

/// Founds and fills the directory, sends it, and writes a pack of it.
fn curated(curator: &Phone, url: &str, file: &Path) -> String {
    curator.sync().set_home_relay(url).unwrap();
    let space = curator.directory().found("Region", SERVICES as i64).unwrap().space;
    let report = curator.directory().import(&space, file, &NoProgress).unwrap();
    assert_eq!((report.changed, report.errors.len()), (SERVICES as i64, 0));
    let send = || {
        curator.exchange(url);
        while curator.sync().status().unwrap().outbox > 0 {
            curator.exchange(url);
        }
    };
    send();
    assert!(curator.sync().write_pack(&SpaceId::parse(&space).unwrap()).unwrap());
    send();
    space
}

/// Exchanges until nothing is left to do.
fn join(rafiq: &Rafiq, url: &str) -> Joined {
    let mut joined = Joined::default();
    let budget = Budget { bytes: 1 << 20, metered: false };
    loop {
        let mut again = false;
        let mut once = || {
            let exchange = rafiq.sync().next_exchange(url, budget).unwrap();
            let answer = post(&exchange.relay, &exchange.bytes).unwrap();
            joined.bytes += exchange.bytes.len() + answer.len();
            again = rafiq.receive(&answer).unwrap().again;
        };
        let mut heap = 0;
        joined.time += timed(|| ((), heap) = weighed(&mut once));
        joined.heap = joined.heap.max(heap);
        joined.rounds += 1;
        if !again {
            return joined;
        }
    }
}

/// What somebody does who looks for help: words in three scripts, pages by name, one listing.
fn browse(rafiq: &Rafiq, space: &str) {
    let directory = rafiq.directory();
    for words in ["advice housing", "المشورة", "житлом", "clinic"] {
        assert_eq!(directory.search(words, 20).unwrap().len(), 20);
    }
    let mut after = None;
    for _ in 0..10 {
        let page = directory.browse(space, 50, after).unwrap();
        directory.service(space, &page.items[0].id, "ar").unwrap();
        after = page.next;
    }
}

/// What a plain download of the same would cost: inflate, parse, one table and its index.
fn put_in(path: &Path, deflated: &[u8]) {
    let json = miniz_oxide::inflate::decompress_to_vec(deflated).unwrap();
    let listings: Vec<Value> = serde_json::from_slice(&json).unwrap();
    let mut connection = floor_connection(path);
    let schema = "CREATE TABLE t (id TEXT PRIMARY KEY, body TEXT) STRICT; CREATE VIRTUAL TABLE f USING fts5 (words);";
    connection.execute_batch(schema).unwrap();
    for part in listings.chunks(500) {
        let rows = connection.transaction().unwrap();
        for listing in part {
            let words = ["name", "description"].map(|field| {
                let translated = |tag| listing["translations"][tag][field].as_str().unwrap_or_default();
                [listing[field].as_str().unwrap_or_default(), translated("ar"), translated("uk")].join(" ")
            });
            let mut put = rows.prepare_cached("INSERT INTO t VALUES (?1, ?2)").unwrap();
            put.execute((listing["id"].as_str(), listing.to_string())).unwrap();
            rows.prepare_cached("INSERT INTO f VALUES (?1)").unwrap().execute([words.join(" ")]).unwrap();
        }
        rows.commit().unwrap();
    }
}

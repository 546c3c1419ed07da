//! What the core costs, beside a floor or a peer measured in the same run. `tests/run bench` writes the table into
//! `tests/benches/README.md`. Ratios, not seconds: the machines are noisy, so ours and theirs take turns and medians are compared.

use automerge::sync::{State, SyncDoc};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT};
use rafiq::check_ins::{ContactWish, Feeling, NewCheckIn, Share};
use rafiq::groups::NewGroup;
use rafiq::host::{Clock, NoProgress};
use rafiq::mentoring::NewPairing;
use rafiq::sync::Budget;
use rafiq::sync::wire::codec;
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::phone::{Phone, let_in, post};
use rusqlite::Connection;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

const SERVICES: usize = 20_000;
const GROUPS: usize = 200;
const CHECK_INS: usize = 10_000;

struct Row {
    work: &'static str,
    ours: String,
    other: String,
    ratio: f64,
    bar: &'static str,
}

fn main() {
    let rows = [first_screen(), durable_write(), catch_up_bytes_and_time()].into_iter().flatten().collect::<Vec<_>>();
    let mut table = String::from("| work | ours | floor or peer | ratio | bar |\n|---|---|---|---|---|\n");
    for Row { work, ours, other, ratio, bar } in rows {
        writeln!(table, "| {work} | {ours} | {other} | {ratio:.2} | {bar} |").unwrap();
    }
    table.push_str(&size());
    println!("{table}");
    write_down(&table);
}

/// Medians of two works that take turns.
fn beside(
    times: usize,
    mut ours: impl FnMut(usize) -> Duration,
    mut other: impl FnMut(usize) -> Duration,
) -> (Duration, Duration) {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for turn in 0..times {
        a.push(ours(turn));
        b.push(other(turn));
    }
    a.sort_unstable();
    b.sort_unstable();
    (a[times / 2], b[times / 2])
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// A directory of this many services in three languages, as one HSDS page, and its file.
fn directory_file(folder: &Path, services: usize) -> std::path::PathBuf {
    let contents: Vec<serde_json::Value> = (0..services)
        .map(|n| {
            serde_json::json!({
                "id": format!("00000000-0000-4000-8000-{n:012}"),
                "name": format!("Advice centre {n}"),
                "description": format!("Help with housing, health, school and work, room {n}. Come in without an appointment."),
                "status": "active",
                "assured_date": "2026-10-01",
                "organization": { "id": format!("10000000-0000-4000-8000-{:012}", n / 40), "name": format!("Bridge {}", n / 40) },
                "translations": {
                    "ar": { "name": format!("مركز المشورة {n}"), "description": "مساعدة في السكن والصحة والمدرسة والعمل" },
                    "uk": { "name": format!("Консультаційний центр {n}"), "description": "Допомога з житлом, здоров’ям, школою та роботою" }
                }
            })
        })
        .collect();
    let path = folder.join("services.json");
    fs::write(&path, serde_json::json!({ "contents": contents }).to_string()).unwrap();
    path
}

fn check_in(note: &str) -> NewCheckIn {
    NewCheckIn {
        feeling: Feeling::Good,
        helps: vec![],
        contact: ContactWish::No,
        share: Share::Private,
        note: note.into(),
    }
}

/// A plain SQLCipher file with one table and as many rows, under the same key and pragmas: the floor.
fn floor_connection(path: &Path) -> Connection {
    rafiq_sqlcipher::link();
    let connection = Connection::open(path).unwrap();
    let key = "07".repeat(32);
    connection
        .execute_batch(&format!("PRAGMA key = \"x'{key}'\"; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"))
        .unwrap();
    connection
}

fn first_screen() -> Vec<Row> {
    let mut phone = Phone::new(1, "Amina", "en");
    let space = phone.directory().found("Region", SERVICES as i64).unwrap().space;
    let file = directory_file(phone.path(), SERVICES);
    let import = timed(|| phone.directory().import(&space, &file, &NoProgress).unwrap());
    for n in 0..GROUPS {
        let name = format!("Group {n}");
        phone.groups().found(NewGroup { name, language: "en".into(), capacity: 12, place: String::new() }).unwrap();
    }
    for n in 0..CHECK_INS {
        phone.pass(3_600_000);
        phone.check_ins().record(check_in(&format!("day {n}"))).unwrap();
    }
    let floor = tempfile::tempdir().unwrap();
    let path = floor.path().join("floor.db");
    let connection = floor_connection(&path);
    connection.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);").unwrap();
    for n in 0..1000 {
        connection.execute("INSERT INTO t (name) VALUES (?1)", [format!("row {n}")]).unwrap();
    }
    drop(connection);
    let search = {
        let mut times: Vec<Duration> = ["advice", "المشورة", "житлом", "bridge"]
            .iter()
            .map(|word| timed(|| phone.directory().search(word, 20).unwrap()))
            .collect();
        times.sort_unstable();
        times[times.len() - 1]
    };
    phone.stop();
    let ours = |_| {
        let time = timed(|| {
            phone.start();
            (phone.groups().list().unwrap(), phone.today().list(phone.clock.now_ms(), "UTC").unwrap())
        });
        assert_eq!(phone.replica().documents_loaded(), 0);
        phone.stop();
        time
    };
    let theirs = |_| {
        timed(|| {
            let connection = floor_connection(&path);
            connection.query_row("SELECT name FROM t WHERE id = 500", [], |row| row.get::<_, String>(0)).unwrap()
        })
    };
    let (a, b) = beside(21, ours, theirs);
    vec![
        Row {
            work: "open and first screen (groups, today) over 20k services, 200 groups, 10k check-ins",
            ours: ms(a),
            other: format!("{} SQLCipher open, one query", ms(b)),
            ratio: a.as_secs_f64() / b.as_secs_f64(),
            bar: "2",
        },
        Row {
            work: "import of 20k services in three languages",
            ours: format!("{:.1} s", import.as_secs_f64()),
            other: "20 s".into(),
            ratio: import.as_secs_f64() / 20.0,
            bar: "1",
        },
        Row {
            work: "search of 20k, three scripts, slowest of the commonest words",
            ours: ms(search),
            other: "15 ms".into(),
            ratio: search.as_secs_f64() / 0.015,
            bar: "1",
        },
    ]
}

fn durable_write() -> Vec<Row> {
    let phone = Phone::new(2, "Amina", "en");
    let floor = tempfile::tempdir().unwrap();
    let connection = floor_connection(&floor.path().join("floor.db"));
    connection.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB);").unwrap();
    let ours = |n| timed(|| phone.check_ins().record(check_in(&format!("note {n}"))).unwrap());
    let theirs = |_| timed(|| connection.execute("INSERT INTO t (body) VALUES (?1)", [vec![7u8; 400]]).unwrap());
    let (a, b) = beside(301, ours, theirs);
    vec![Row {
        work: "one durable check-in",
        ours: ms(a),
        other: format!("{} SQLCipher FULL insert of the same bytes", ms(b)),
        ratio: a.as_secs_f64() / b.as_secs_f64(),
        bar: "2",
    }]
}

/// 1,000 edits by one phone, caught up by another over a real relay; beside automerge's own sync of the same edits.
fn catch_up_bytes_and_time() -> Vec<Row> {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayHandle::start(Config::new(folder.path().join("relay.db"))).unwrap();
    let url = relay.url();
    let (mentor, newcomer) = (Phone::new(3, "Bohdan", "uk"), Phone::new(4, "Amina", "prs"));
    mentor.sync().set_home_relay(&url).unwrap();
    let new = NewPairing { model: "newcomer-mentoring".into(), my_role: "mentor".into(), title: "pair".into() };
    let pairing = mentor.mentoring().begin(new).unwrap();
    let_in(&mentor, &newcomer, &pairing.id.value, |each| drop(each.exchange(&url)));
    for n in 0..1000 {
        mentor.mentoring().add_goal(&pairing.id, &format!("goal number {n}")).unwrap();
    }
    mentor.exchange(&url);
    let mut bytes = 0;
    let mut rounds = 0;
    let time = timed(|| {
        newcomer
            .rafiq()
            .exchange(&url, Budget { bytes: 1 << 20, metered: false }, 20, |exchange| {
                rounds += 1;
                let answer = post(&exchange.relay, &exchange.bytes)?;
                bytes += exchange.bytes.len() + answer.len();
                Ok::<_, rafiq::Error>(answer)
            })
            .unwrap()
    });
    assert_eq!(newcomer.mentoring().goals(&pairing.id).unwrap().len(), 1000);

    let mut source = AutoCommit::new();
    source.put(ROOT, "made", 1).unwrap();
    source.commit();
    let mut sink = source.fork();
    for n in 0..1000 {
        let goal = source.put_object(ROOT, format!("goal/{n:026}"), automerge::ObjType::Map).unwrap();
        source.put(&goal, "text", format!("goal number {n}")).unwrap();
        source.put(&goal, "by", "a".repeat(26)).unwrap();
        source.put(&goal, "at", 1_795_334_400_000i64).unwrap();
        source.commit();
    }
    let (mut there, mut here) = (State::new(), State::new());
    let (mut peer_bytes, mut peer_rounds) = (0, 0);
    let peer = timed(|| {
        loop {
            let out = sink.sync().generate_sync_message(&mut here);
            let answer = {
                if let Some(message) = out.clone() {
                    peer_bytes += message.clone().encode().len();
                    source.sync().receive_sync_message(&mut there, message).unwrap();
                }
                source.sync().generate_sync_message(&mut there)
            };
            if let Some(message) = answer.clone() {
                peer_bytes += message.clone().encode().len();
                sink.sync().receive_sync_message(&mut here, message).unwrap();
            }
            if out.is_none() && answer.is_none() {
                break;
            }
            peer_rounds += 1;
        }
    });
    let changes = raw_changes(&mentor);
    let raw = changes.concat();
    let deflated = deflated_len(&raw);
    let (packing, deflating) = packing_time(&changes);
    vec![
        Row {
            work: "catch up 1,000 edits, bytes",
            ours: format!("{:.1} KB in {rounds} round trip(s), sealed", bytes as f64 / 1e3),
            other: "26 KB".into(),
            ratio: bytes as f64 / 26e3,
            bar: "1",
        },
        Row {
            work: "catch up 1,000 edits, bytes, beside the same changes deflated in one piece",
            ours: format!("{:.1} KB in {rounds} round trip(s), sealed", bytes as f64 / 1e3),
            other: format!("{:.1} KB ({:.0} KB raw)", deflated as f64 / 1e3, raw.len() as f64 / 1e3),
            ratio: bytes as f64 / deflated as f64,
            bar: "1.3",
        },
        Row {
            work: "catch up 1,000 edits, bytes, beside automerge's sync",
            ours: format!("{:.1} KB in {rounds} round trip(s), sealed", bytes as f64 / 1e3),
            other: format!("{:.1} KB in {peer_rounds}, automerge sync, in clear", peer_bytes as f64 / 1e3),
            ratio: bytes as f64 / peer_bytes as f64,
            bar: "–",
        },
        Row {
            work: "catch up 1,000 edits, time (admission, durable commit and rows included)",
            ours: ms(time),
            other: format!("{} automerge sync in memory, nothing kept", ms(peer)),
            ratio: time.as_secs_f64() / peer.as_secs_f64(),
            bar: "–",
        },
        Row {
            work: "encode 1,000 edits for an envelope, read back, and decode them",
            ours: ms(packing),
            other: format!("{} deflating and inflating them", ms(deflating)),
            ratio: packing.as_secs_f64() / deflating.as_secs_f64(),
            bar: "–",
        },
    ]
}

/// The codec on an entry of these changes, and deflate on the same.
fn packing_time(changes: &[Vec<u8>]) -> (Duration, Duration) {
    let mut item = minicbor::Encoder::new(Vec::new());
    item.array(2).unwrap().u8(1).unwrap().array(3).unwrap().bytes(&[7; 300]).unwrap().bytes(&[9; 64]).unwrap();
    item.array(changes.len() as u64).unwrap();
    for change in changes {
        item.array(2).unwrap().u16(0).unwrap().bytes(change).unwrap();
    }
    let item = item.into_writer();
    let ours = |_| {
        timed(|| {
            let (codec, encoded) = codec::encode(&item).unwrap();
            assert_eq!(codec, codec::COMPACT);
            codec::decode(codec, &encoded).unwrap()
        })
    };
    let theirs = |_| {
        timed(|| miniz_oxide::inflate::decompress_to_vec(&miniz_oxide::deflate::compress_to_vec(&item, 8)).unwrap())
    };
    beside(21, ours, theirs)
}

/// The changes of the spaces that this phone shares, as they lie in its log.
fn raw_changes(phone: &Phone) -> Vec<Vec<u8>> {
    phone
        .replica()
        .read(|rows| {
            let mut statement = rows.prepare("SELECT bytes FROM change WHERE entry IS NOT NULL ORDER BY number")?;
            let found = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            Ok(found.map(|bytes| bytes.unwrap()).collect())
        })
        .unwrap()
}

fn deflated_len(bytes: &[u8]) -> usize {
    miniz_oxide::deflate::compress_to_vec(bytes, 6).len()
}

/// What `tests/run size` wrote down.
fn size() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let written = fs::read_to_string(root.join("size.json")).unwrap_or_default();
    let json: serde_json::Value = serde_json::from_str(&written).unwrap_or_default();
    let bytes = json["stripped_bytes"].as_f64().unwrap_or(0.0);
    format!("| stripped library, one ABI | {:.2} MB | 6 MB | {:.2} | 1 |\n", bytes / 1e6, bytes / 6e6)
}

fn write_down(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/README.md");
    let text = format!(
        "# Benches\n\nWritten by `tests/run bench`: ours and theirs take turns in one process, medians. Ratios count; seconds are of\none shared machine with two cores.\n\n{table}"
    );
    fs::write(path, text).unwrap();
}

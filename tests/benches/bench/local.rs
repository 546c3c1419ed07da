//! What needs no line: opening, the first screen, searching, importing, writing.

use crate::listings::{SERVICES, directory_file, listings};
use crate::{Row, beside, floor_connection, mb, ms, timed, weighed};
use rafiq::check_ins::{ContactWish, Feeling, NewCheckIn, Share};
use rafiq::groups::NewGroup;
use rafiq::host::{Clock, NoProgress};
use rafiq_tests::phone::Phone;
use std::time::Duration;

const GROUPS: usize = 200;
const CHECK_INS: usize = 10_000;

fn check_in(note: &str) -> NewCheckIn {
    NewCheckIn {
        feeling: Feeling::Good,
        helps: vec![],
        contact: ContactWish::No,
        share: Share::Private,
        note: note.into(),
    }
}

pub fn first_screen() -> Vec<Row> {
    let mut phone = Phone::new(1, "Amina", "en");
    let space = phone.directory().found("Region", SERVICES as i64).unwrap().space;
    let file = directory_file(phone.path(), &listings(SERVICES));
    let mut memory = 0;
    let import = timed(|| {
        let (report, most) = weighed(|| phone.directory().import(&space, &file, &NoProgress).unwrap());
        assert_eq!(report.changed, SERVICES as i64);
        memory = most;
    });
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
            work: "import of 20k services, most memory, SQLite's included",
            ours: mb(memory),
            other: "150 MB".into(),
            ratio: memory as f64 / 150e6,
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

pub fn durable_write() -> Vec<Row> {
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

//! A cold start, counted by SQLite itself: what opening a profile and its first screen read, and that it is no more after years.

#![allow(unsafe_code)] // SQLite tells of its work to C functions; each block says why it holds

#[path = "rules/rich.rs"]
#[allow(dead_code)] // the rules look at more of it
mod rich;

use rafiq::Rafiq;
use rafiq::check_ins::{ContactWish, Feeling, HelpKind, NewCheckIn, Share};
use rafiq::host::NoProgress;
use rafiq_tests::phone::{Phone, START_MS};
use rich::{Rich, ZONE};
use rusqlite::ffi::{self, sqlite3, sqlite3_api_routines, sqlite3_stmt};
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static STATEMENTS: AtomicU64 = AtomicU64::new(0);
static ROWS: AtomicU64 = AtomicU64::new(0);
static SCANNED: AtomicU64 = AtomicU64::new(0);

/// What was asked of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reads {
    /// Statements that ran, pragmas among them.
    statements: u64,
    /// Rows that they gave.
    rows: u64,
    /// Rows that were gone through without an index, given or not.
    scanned: u64,
}

impl Reads {
    fn so_far() -> Self {
        Self { statements: STATEMENTS.load(Relaxed), rows: ROWS.load(Relaxed), scanned: SCANNED.load(Relaxed) }
    }

    fn since(self) -> Self {
        let now = Self::so_far();
        Self {
            statements: now.statements - self.statements,
            rows: now.rows - self.rows,
            scanned: now.scanned - self.scanned,
        }
    }
}

unsafe extern "C" fn count(event: c_uint, _: *mut c_void, statement: *mut c_void, _: *mut c_void) -> c_int {
    match event {
        ffi::SQLITE_TRACE_STMT => STATEMENTS.fetch_add(1, Relaxed),
        ffi::SQLITE_TRACE_ROW => ROWS.fetch_add(1, Relaxed),
        _ => {
            let (scan, forget) = (ffi::SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
            // SAFETY: with SQLITE_TRACE_PROFILE the third argument is the statement that has just run, still alive.
            let steps = unsafe { ffi::sqlite3_stmt_status(statement.cast::<sqlite3_stmt>(), scan, forget) };
            SCANNED.fetch_add(u64::from(steps.unsigned_abs()), Relaxed)
        }
    };
    0
}

unsafe extern "C" fn watch(database: *mut sqlite3, _: *mut *mut c_char, _: *const sqlite3_api_routines) -> c_int {
    let events = ffi::SQLITE_TRACE_STMT | ffi::SQLITE_TRACE_ROW | ffi::SQLITE_TRACE_PROFILE;
    // SAFETY: SQLite calls this with a database that it has just opened; `count` is there for as long as the process.
    unsafe { ffi::sqlite3_trace_v2(database, events, Some(count), ptr::null_mut()) }
}

/// The app starts and shows what is due, by the calls that its first screen makes.
fn cold_start(phone: &mut Phone) -> (Reads, Reads) {
    phone.stop();
    let before = Reads::so_far();
    Rafiq::inspect(phone.path(), &phone.host).unwrap(); // whether to ask for a passphrase
    phone.start();
    assert!(phone.people().me().unwrap().is_some());
    let opening = before.since();
    let opened = Reads::so_far();
    assert!(!phone.today().list(START_MS, ZONE).unwrap().is_empty());
    phone.safety().alerts().unwrap();
    phone.sharing().requests().unwrap();
    phone.sync().status().unwrap();
    assert_eq!(phone.replica().documents_loaded(), 0);
    (opening, opened.since())
}

/// What years bring that is not due: check-ins, and three directories.
fn years_pass(phone: &Phone) {
    let (feeling, contact, share) = (Feeling::Good, ContactWish::No, Share::Private);
    for day in 0..300 {
        let (helps, note) = (vec![HelpKind::Information], format!("day {day}"));
        phone.check_ins().record(NewCheckIn { feeling, helps, contact, share: share.clone(), note }).unwrap();
    }
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/directory/services.json");
    for town in ["Ostholm", "Vestby", "Nordhavn"] {
        let space = phone.directory().found(town, 40).unwrap().space;
        phone.directory().import(&space, &sample, &NoProgress).unwrap();
    }
}

#[test]
fn the_first_screen_reads_what_is_due_and_no_more_after_years() {
    // SAFETY: `watch` has the signature that SQLite calls it with, and is there for as long as the process.
    let registered = unsafe { ffi::sqlite3_auto_extension(Some(watch)) };
    assert_eq!(registered, ffi::SQLITE_OK);
    let mut rich = Rich::new();
    let (opening, screen) = cold_start(&mut rich.mentor);
    println!("cold start: opening {opening:?}, first screen {screen:?}, documents loaded 0");
    assert!(opening.rows > 0 && screen.rows > 0, "the counter counts");
    let spaces = rich.mentor.sharing().spaces().unwrap().len();
    years_pass(&rich.mentor);
    let more_spaces = (rich.mentor.sharing().spaces().unwrap().len() - spaces) as u64;
    let (opening_later, screen_later) = cold_start(&mut rich.mentor);
    println!("after years: opening {opening_later:?}, first screen {screen_later:?}, documents loaded 0");
    // Both go through the spaces, and through nothing that is in them.
    assert_eq!((screen_later.statements, screen_later.rows), (screen.statements, screen.rows));
    assert!(screen_later.scanned <= screen.scanned + 8 * more_spaces, "{screen_later:?}");
    assert_eq!(opening_later.statements, opening.statements);
    assert!(opening_later.rows <= opening.rows + 2 * more_spaces, "{opening_later:?}");
    assert!(opening_later.scanned <= opening.scanned + 6 * more_spaces, "{opening_later:?}");
}

//! What the core costs, beside a floor or a peer measured in the same run. `tests/run bench` writes the table into
//! `tests/benches/README.md`. Ratios, not seconds: the machines are noisy, so ours and theirs take turns and medians are compared.

mod catch_up;
mod first_join;
mod listings;
mod local;

use rafiq_tests::heap::{Counting, peak_of};
use rusqlite::{Connection, ffi};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[global_allocator]
static HEAP: Counting = Counting;

struct Row {
    work: &'static str,
    ours: String,
    other: String,
    ratio: f64,
    bar: &'static str,
}

fn main() {
    let rows =
        [local::first_screen(), local::durable_write(), catch_up::catch_up_bytes_and_time(), first_join::first_join()];
    let mut table = String::from("| work | ours | floor or peer | ratio | bar |\n|---|---|---|---|---|\n");
    for Row { work, ours, other, ratio, bar } in rows.into_iter().flatten() {
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

fn mb(bytes: usize) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// What a work returns, and how much more memory it held at its highest than before: Rust's heap of this thread, and SQLite's of the whole
/// process, a relay's that runs in it included. Their highest points may be apart, so it is no less than the truth.
fn weighed<T>(work: impl FnOnce() -> T) -> (T, usize) {
    // SAFETY: both only read, and the second resets, counters of SQLite's own, behind its own lock.
    let before = unsafe { ffi::sqlite3_memory_used().min(ffi::sqlite3_memory_highwater(1)) };
    let (done, peak) = peak_of(work);
    let highest = unsafe { ffi::sqlite3_memory_highwater(0) };
    (done, peak + usize::try_from(highest - before).unwrap_or_default())
}

fn deflated_len(bytes: &[u8]) -> usize {
    miniz_oxide::deflate::compress_to_vec(bytes, 6).len()
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

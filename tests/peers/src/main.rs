//! What we cost beside libraries that do a part of the same: samod catches up over a connection, Loro merges in memory. Ours and theirs
//! take turns in one process and medians are compared; `tests/run bench` puts the lines into `tests/benches/README.md`.

mod catch_up;
mod merge;

use std::time::{Duration, Instant};

/// One work, ours and theirs.
struct Row {
    work: &'static str,
    ours: String,
    other: String,
    ratio: f64,
    bar: &'static str,
}

fn main() {
    println!("| work | ours | peer | ratio | bar |\n|---|---|---|---|---|");
    for Row { work, ours, other, ratio, bar } in [catch_up::rows(), merge::rows()].into_iter().flatten() {
        println!("| {work} | {ours} | {other} | {ratio:.2} | {bar} |");
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

fn median<T: Ord + Copy>(mut of: Vec<T>) -> T {
    of.sort_unstable();
    of[of.len() / 2]
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

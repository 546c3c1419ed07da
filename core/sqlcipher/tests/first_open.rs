//! The first connections of a process, opened by many threads in the same moment, all find the cipher ready.
//!
//! Only the first open of a process can go wrong, so every try is a process of its own.

use rusqlite::Connection;
use std::process::Command;
use std::sync::Barrier;

const CHILD: &str = "RAFIQ_FIRST_OPEN";
/// Without the gate in `link`, one process in some 400 failed on two cores.
const PROCESSES: usize = 2_000;
const THREADS: usize = 8;

#[test]
fn first_connections_from_several_threads() {
    if std::env::var_os(CHILD).is_some() {
        open_at_once();
        return;
    }
    let us = std::env::current_exe().unwrap();
    let failed = (0..PROCESSES).filter(|_| {
        let mut child = Command::new(&us);
        child.args(["--exact", "first_connections_from_several_threads"]).env(CHILD, "1");
        !child.output().unwrap().status.success()
    });
    assert_eq!(failed.count(), 0, "processes of {PROCESSES} whose first connections failed");
}

fn open_at_once() {
    let together = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                together.wait();
                rafiq_sqlcipher::link();
                let connection = Connection::open_in_memory().unwrap();
                connection.execute_batch(&format!("PRAGMA key = \"x'{}'\";", "07".repeat(32))).unwrap();
                connection.execute_batch("CREATE TABLE word (text TEXT);").unwrap();
            });
        }
    });
}

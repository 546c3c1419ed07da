//! A process that ends while threads of it are still at work with their files ends in peace.

use rusqlite::Connection;
use std::process::Command;
use std::time::Duration;

const CHILD: &str = "RAFIQ_EXIT";
/// Without `at_work`, most of them die of a null pointer.
const PROCESSES: usize = 60;

#[test]
fn an_exit_waits_for_work() {
    if std::env::var_os(CHILD).is_some() {
        work_until_the_end();
    }
    let us = std::env::current_exe().unwrap();
    let died = (0..PROCESSES).filter(|_| {
        let mut child = Command::new(&us);
        child.args(["--exact", "an_exit_waits_for_work"]).env(CHILD, "1");
        child.output().unwrap().status.code() != Some(7)
    });
    assert_eq!(died.count(), 0, "processes of {PROCESSES} that died of their exit");
}

fn work_until_the_end() -> ! {
    for _ in 0..3 {
        std::thread::spawn(|| {
            loop {
                rafiq_sqlcipher::link();
                let _work = rafiq_sqlcipher::at_work();
                let connection = Connection::open("").unwrap(); // a temporary file
                connection.execute_batch(&format!("PRAGMA key = \"x'{}'\";", "07".repeat(32))).unwrap();
                connection
                    .execute_batch("CREATE TABLE word (text TEXT); INSERT INTO word VALUES ('companion');")
                    .unwrap();
            }
        });
    }
    std::thread::sleep(Duration::from_millis(40));
    std::process::exit(7);
}

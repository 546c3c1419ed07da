//! What was acknowledged is there: after a stop, a kill, a crowd, a restore.
#![allow(clippy::unwrap_used)] // tests may stop at the first surprise

mod common;
use common::*;
use rafiq_protocol::*;
use rafiq_relay::{Config, Database, DatabaseKey, RelayError, RelayHandle};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

#[test]
fn a_relay_that_cannot_open_its_file_does_not_say_that_it_listens() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rafiq-relay"));
    command.args(["--listen", "127.0.0.1:0", "--database"]).arg(folder.path().join("none/relay.sqlite"));
    let ended = command.output().unwrap();
    assert_eq!((ended.status.code(), &ended.stdout[..]), (Some(1), &b""[..]), "{ended:?}");
}

#[test]
fn a_stopped_relay_answers_what_was_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let (mut relay, url) = program(&Database::from(folder.path().join("relay.sqlite")), &[]);
    pair(&url, 7);
    let id = relay.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let deadline = Instant::now() + Duration::from_secs(15);
    while relay.0.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(relay.0.wait().unwrap().success());
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["relay.sqlite"], "one file, no log beside it");
}

#[test]
fn idle_and_silent_connections_do_not_delay_the_end() {
    let mut relay = Relay::start(Backend::Sqlite);
    let address = relay.handle.as_ref().unwrap().addr();
    let silent = TcpStream::connect(address).unwrap();
    let mut idle = TcpStream::connect(address).unwrap();
    idle.write_all(b"GET /idle HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    idle.read_exact(&mut [0; 12]).unwrap();
    let begun = Instant::now();
    relay.stop();
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    drop((silent, idle));
}

#[test]
fn a_restored_file_says_so() {
    let mut relay = Relay::start(Backend::Sqlite);
    let ask = |relay: &Relay| {
        let request = Request { version: 1, nonce: None, budget: BUDGET, sections: vec![], posts: vec![] };
        let response = send(&relay.url(), &request);
        (response.instance, response.restores)
    };
    let (one, _) = pair(&relay.url(), 7);
    let (instance, restores) = ask(&relay);
    assert_eq!(restores, 0);
    relay.stop();
    let backup = std::fs::read(relay.config.database.file().unwrap()).unwrap();
    relay.start_again();
    assert_eq!(one.put(&relay.url(), vec![small(7)]).cursor, Cursor::at(1));
    relay.stop();
    std::fs::write(relay.config.database.file().unwrap(), &backup).unwrap();
    let marked = Command::new(env!("CARGO_BIN_EXE_rafiq-relay"))
        .args(["--restored", "--database"])
        .arg(relay.config.database.file().unwrap())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&marked.stdout), "restored 1 times\n");
    relay.start_again();
    let (once, count) = ask(&relay);
    assert_eq!(count, 1);
    assert_ne!(once, instance, "under another name: what it acknowledged may be gone");
    assert_eq!(one.read(&relay.url(), Cursor::at(1)).cursor, Cursor::START, "and its tail is gone, visibly");
    // From the same backup a second time: the count is the same, and devices see it all the same.
    relay.stop();
    std::fs::write(relay.config.database.file().unwrap(), &backup).unwrap();
    assert_eq!(rafiq_relay::mark_restored(&relay.config).unwrap(), 1);
    relay.start_again();
    let (twice, count) = ask(&relay);
    assert_eq!(count, 1);
    assert!(![instance, once].contains(&twice));
    relay.stop();
    assert_eq!(rafiq_relay::mark_restored(&relay.config).unwrap(), 2);
}

#[test]
fn an_encrypted_file_opens_with_its_key_only() {
    let mut relay = Relay::with(Backend::Sqlite, |config| config.key = Some(DatabaseKey::new([3; 32])));
    let (one, two) = pair(&relay.url(), 7);
    let sent = small(7);
    one.put(&relay.url(), vec![sent.clone()]);
    relay.stop();
    let file = std::fs::read(relay.config.database.file().unwrap()).unwrap();
    assert!(!file.starts_with(b"SQLite format 3"));
    assert!(!file.windows(32).any(|window| window == [0xa5; 32]), "what was put cannot be found in it");
    for key in [None, Some(DatabaseKey::new([4; 32]))] {
        let refused = RelayHandle::start(Config { key, ..relay.config.clone() });
        assert!(matches!(refused, Err(RelayError::WrongKey)));
    }
    relay.start_again();
    assert_eq!(bytes_of(&two.read(&relay.url(), Cursor::START)), [sent]);
}

#[test]
fn files_of_others_and_of_the_future_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.sqlite");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    drop(other);
    assert!(matches!(RelayHandle::start(Config::new(&path)), Err(RelayError::NotOurs)));
    let path = folder.path().join("relay.sqlite");
    RelayHandle::start(Config::new(&path)).unwrap().stop().unwrap();
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let newer = RelayHandle::start(Config::new(&path));
    assert!(matches!(newer, Err(RelayError::NewerDatabase { found: 99, known: 2 })));
}

//! What an operator does: back up, restore, move, stop.

use crate::common::*;
use rafiq_protocol::*;
use rafiq_relay::{Database, RelayError, copy};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

/// The drill: a backup while devices write, the original lost, an empty database filled from the backup, everybody back.
pub(crate) fn a_backup_is_restored(on: Backend) {
    let mut relay = Relay::start(on);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let owner = Device::new(4, 5);
    owner.open_inbox(&url, [42; 16]);
    let before: Vec<_> = (0..300).map(|_| small(7)).collect();
    assert_eq!(one.put(&url, before.clone()).stored, 300);
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup.sqlite");
    let during: Vec<_> = (0..40).map(|_| small(7)).collect();
    let said = std::thread::scope(|scope| {
        let writing = scope
            .spawn(|| during.iter().for_each(|envelope| assert_eq!(one.put(&url, vec![envelope.clone()]).stored, 1)));
        let mut command = program_with(&relay.config.database);
        let said = command.arg("backup").arg("--to").arg(&backup).output().unwrap();
        writing.join().unwrap();
        String::from_utf8(said.stdout).unwrap()
    });
    assert!(said.starts_with("2 spaces and inboxes, 3") && said.ends_with("restored 0 times\n"), "{said}");
    relay.stop();

    relay.config.database = on.database(folder.path());
    let mut command = program_with(&relay.config.database);
    let said = command.arg("restore").arg("--from").arg(&backup).output().unwrap();
    assert!(String::from_utf8_lossy(&said.stdout).ends_with("restored 1 times\n"), "{said:?}");
    relay.start_again();
    let url = relay.url();
    let request = Request { version: 1, nonce: None, budget: BUDGET, sections: vec![], posts: vec![] };
    assert_eq!(send(&url, &request).restores, 1, "devices are told");
    let kept = everything(&two, &url);
    let (before, offered): (BTreeSet<_>, BTreeSet<_>) =
        (before.into_iter().collect(), during.iter().cloned().collect());
    assert!(kept.is_superset(&before), "all that was acknowledged before the backup began");
    assert!(kept.difference(&before).all(|envelope| offered.contains(envelope)));
    assert_eq!(one.put(&url, during).stored, 40, "and what came later is offered again");
    assert_eq!(everything(&two, &url).len(), 340, "nothing is there twice");
    assert_eq!(owner.read(&url, Cursor::START).status, Status::Ok);
    // A second restore would mix two histories.
    let refused = program_with(&relay.config.database).arg("restore").arg("--from").arg(&backup).output().unwrap();
    assert!(
        !refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("empty database"),
        "{refused:?}"
    );
}

/// To the other kind of database and back, and nobody notices.
pub(crate) fn a_relay_moves(from: Backend) {
    let to = if from == Backend::Sqlite { Backend::Postgres } else { Backend::Sqlite };
    let mut relay = Relay::start(from);
    let url = relay.url();
    let (one, two) = pair(&url, 7);
    let reader = Device::new(3, 7);
    let list = [(one.public(), Rights::Both), (two.public(), Rights::Both), (reader.public(), Rights::Read)];
    one.allow(&url, 2, &list);
    Device::new(4, 5).open_inbox(&url, [42; 16]);
    let sent: Vec<_> = Urgency::ALL.iter().cycle().take(9).map(|&urgency| envelope(7, urgency, 2_500)).collect();
    assert_eq!(one.put(&url, sent.clone()).stored, 9);
    let post = |url: &str| {
        let posts = vec![Post { tag: [5; 16], token: [42; 16], envelope: small(5) }];
        send(url, &Request { version: 1, nonce: None, budget: BUDGET, sections: vec![], posts }).posts[0].status
    };
    assert_eq!(post(&url), Status::Ok);
    let tell = |relay: &Relay| {
        let request = Request { version: 1, nonce: None, budget: BUDGET, sections: vec![], posts: vec![] };
        let answer = send(&relay.url(), &request);
        let read = [&two, &reader, &Device::new(4, 5)]
            .map(|device| device.read(&relay.url(), Cursor { alert: 2, small: 1, large: 0 }));
        (answer.instance, answer.restores, answer.nonce, read)
    };
    let original = tell(&relay);
    let folder = tempfile::tempdir().unwrap();
    for kind in [to, from] {
        relay.stop();
        let target = match kind {
            Backend::Sqlite => Database::from(folder.path().join("moved.sqlite")),
            Backend::Postgres => kind.database(folder.path()),
        };
        let copied = copy(&relay.config.database, &target, None).unwrap();
        assert_eq!((copied.spaces, copied.envelopes, copied.restores), (2, 10, 0));
        assert!(matches!(copy(&relay.config.database, &target, None), Err(RelayError::NotEmpty)));
        relay.config.database = target;
        relay.start_again();
        assert_eq!(tell(&relay), original);
    }
    let url = relay.url();
    assert_eq!(two.put(&url, vec![sent[0].clone(), small(7)]).cursor, Cursor::at(10), "positions go on");
    assert_eq!(reader.put(&url, vec![small(7)]).status, Status::Forbidden);
    Device::new(1, 8).open(&url);
    assert_eq!(post(&url), Status::Ok);
}

pub(crate) fn what_is_not_there_is_not_backed_up(on: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("mistyped.sqlite");
    assert!(matches!(copy(&Database::from(&nowhere), &on.database(folder.path()), None), Err(RelayError::Io { .. })));
    assert!(!nowhere.exists());
    for url in ["postgres://postgres@127.0.0.1:1/none", "postgres://[", "postgresql://127.0.0.1:1/none?sslmode=perhaps"]
    {
        let refused = copy(&Database::from(url), &on.database(folder.path()), None);
        assert!(matches!(refused, Err(RelayError::Server(_) | RelayError::BadDatabaseUrl)), "{refused:?}");
    }
}

/// Told to stop, a relay takes no new connection, finishes what is under way, lets go of those who wait, and ends well.
pub(crate) fn a_relay_that_is_told_to_stop_finishes_first(on: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let database = on.database(folder.path());
    let admin = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (mut relay, url) = program(&database, &["--admin", &admin]);
    let (one, two) = pair(&url, 7);
    let readyz = format!("http://{admin}/readyz");
    assert_eq!(get(&readyz).0, 200);
    let mut wake = Wake::ask(&url, &two, Cursor::START).unwrap();
    assert_eq!(wake.next(), Some(false));
    let nonce = nonce(&url);
    let sections = vec![one.section(&nonce, &SectionBody { put: vec![small(7)], ..SectionBody::default() })];
    let request = Request { version: 1, nonce: Some(nonce), budget: BUDGET, sections, posts: vec![] }.encode().unwrap();
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = "POST /v1/exchange HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: ";
    stream.write_all(format!("{head}{}\r\n\r\n", request.len()).as_bytes()).unwrap();
    stream.write_all(&request[..100]).unwrap();
    std::thread::sleep(Duration::from_millis(300)); // for the head to be read

    assert!(Command::new("kill").args(["-TERM", &relay.0.id().to_string()]).status().unwrap().success());
    assert_eq!(wake.next(), None, "whoever waits is let go");
    eventually("it takes no new connection", || TcpStream::connect(address).is_err());
    assert_eq!(get(&readyz).0, 503, "and says that it is not ready");
    stream.write_all(&request[100..]).unwrap();
    let mut answer = vec![];
    stream.read_to_end(&mut answer).unwrap();
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    assert!(answer.starts_with(b"HTTP/1.1 200 "));
    assert_eq!(Response::decode(&answer[body..]).unwrap().results[0].stored, 1);
    assert!(relay.0.wait().unwrap().success());
    let (_again, url) = program(&database, &[]);
    assert_eq!(two.read(&url, Cursor::START).envelopes.len(), 1);
}

//! What a relay refuses: too long, too slow, too often, not understood.
#![allow(clippy::unwrap_used, clippy::panic)] // tests may stop at the first surprise

mod common;
use common::*;
use rafiq_protocol::*;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn connect(relay: &Relay) -> TcpStream {
    let stream = TcpStream::connect(relay.handle.as_ref().unwrap().addr()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Everything the relay says until it closes.
fn rest(mut stream: TcpStream) -> String {
    let mut bytes = vec![];
    match stream.read_to_end(&mut bytes) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("not closed: {error}"),
        _ => String::from_utf8_lossy(&bytes).into_owned(),
    }
}

#[test]
fn bad_requests_are_refused() {
    let relay = Relay::start(Backend::Sqlite);
    let url = relay.url();
    for garbage in [&b""[..], b"hello", &[0xff; 100], &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]] {
        assert_eq!(post_bytes(&url, garbage).unwrap().0, 400);
    }
    assert_eq!(post_bytes(&url, &vec![0; limits::MAX_BODY + 1]).unwrap().0, 413);
    assert_eq!(post_bytes(&url, &vec![0; 4 * limits::MAX_BODY]).unwrap().0, 413);
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let status = |response: Result<ureq::http::Response<ureq::Body>, ureq::Error>| response.unwrap().status().as_u16();
    assert_eq!(status(agent.post(format!("{url}/v1/exchange")).send(&b"x"[..])), 415);
    assert_eq!(status(agent.get(format!("{url}/v1/exchange")).call()), 405);
    assert_eq!(status(agent.get(format!("{url}/anything")).call()), 404);
    for private in ["livez", "readyz", "metrics"] {
        assert_eq!(status(agent.get(format!("{url}/{private}")).call()), 404, "the operator's business");
    }
    nonce(&url); // and it still works
}

#[test]
fn slow_headers_are_cut_off() {
    let relay = Relay::with(Backend::Sqlite, |config| config.limits.header_timeout = Duration::from_millis(300));
    let begun = Instant::now();
    let mut trickle = connect(&relay);
    let (silent, half) = (connect(&relay), connect(&relay));
    (&half).write_all(b"POST /v1/exchange HTTP/1.1\r\nhost: x\r\n").unwrap();
    for byte in b"POST /v1/exchange HTTP/1.1\r\nhost: relay\r\nx-long: " {
        if trickle.write_all(&[*byte]).is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    for stream in [trickle, silent, half] {
        assert!(!rest(stream).contains(" 200 "));
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    nonce(&relay.url());
}

#[test]
fn slow_bodies_are_cut_off() {
    let relay = Relay::with(Backend::Sqlite, |config| config.limits.body_timeout = Duration::from_millis(300));
    let mut stream = connect(&relay);
    let head = "POST /v1/exchange HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: 100\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&[0x85, 1]).unwrap();
    assert!(rest(stream).starts_with("HTTP/1.1 408 "));
}

#[test]
fn a_body_cut_in_the_middle_harms_nobody() {
    let relay = Relay::start(Backend::Sqlite);
    let (one, two) = pair(&relay.url(), 7);
    let nonce = nonce(&relay.url());
    let sections = vec![one.section(&nonce, &SectionBody { put: vec![small(7)], ..SectionBody::default() })];
    let request = Request { version: 1, nonce: Some(nonce), budget: BUDGET, sections, posts: vec![] };
    let bytes = request.encode().unwrap();
    let head = format!(
        "POST /v1/exchange HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: {}\r\n\r\n",
        bytes.len()
    );
    for cut in (0..bytes.len()).step_by(37) {
        let mut stream = connect(&relay);
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&bytes[..cut]).unwrap();
    }
    assert_eq!(two.read(&relay.url(), Cursor::START).envelopes.len(), 0);
    assert_eq!(send(&relay.url(), &request).results[0].stored, 1, "the next try carries on");
}

#[test]
fn one_address_has_so_many_connections() {
    let relay = Relay::with(Backend::Sqlite, |config| {
        config.limits.connections_unknown = 3;
        config.limits.connections_known = 6;
    });
    let alive = |stream: &mut TcpStream| {
        let mut answer = [0; 12];
        stream.write_all(b"GET /still-there HTTP/1.1\r\nhost: x\r\n\r\n").is_ok()
            && stream.read_exact(&mut answer).is_ok()
            && answer == *b"HTTP/1.1 404"
    };
    let mut streams: Vec<_> = (0..4).map(|_| connect(&relay)).collect();
    assert_eq!(streams.iter_mut().map(alive).collect::<Vec<_>>(), [true, true, true, false]);
    streams.clear();
    let url = relay.url();
    while post_bytes(&url, b"").is_err() {} // until the relay has seen them close
    pair(&url, 7); // a valid signature
    let known = |wanted: usize| {
        let mut streams: Vec<_> = (0..wanted).map(|_| connect(&relay)).collect();
        streams.iter_mut().map(alive).filter(|alive| *alive).count()
    };
    let deadline = Instant::now() + Duration::from_secs(10);
    while known(6) < 6 {
        assert!(Instant::now() < deadline, "a known address is not given its seats");
    }
    assert!(known(8) <= 6);
}

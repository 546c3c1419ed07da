//! How many envelopes a second a relay acknowledges, each in a request of its own, over loopback; and whether all are there after.
//!
//! `cargo run --release -p rafiq-relay --example load -- sqlite|postgres [processes] [clients] [seconds]`
#![allow(clippy::unwrap_used, clippy::expect_used)] // a measuring tool may stop at the first surprise

#[path = "../tests/common/cluster.rs"]
mod cluster;

use ed25519_dalek::SigningKey;
use rafiq_protocol::*;
use rafiq_relay::{Config, Database, Limits, Rate, RelayHandle};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SEALED: usize = 600; // a small change, padded
const DATABASE: &str = "RAFIQ_LOAD_DATABASE";

fn main() {
    if let Some(database) = std::env::var_os(DATABASE) {
        return serve(&Database::from(database));
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |n: usize, default: u64| arguments.get(n).map_or(default, |number| number.parse().unwrap());
    let (processes, clients, seconds) = (number(1, 1), number(2, 64), number(3, 5));
    let folder = tempfile::tempdir().unwrap();
    let (backend, database) = match arguments.first().map(String::as_str) {
        Some("postgres") => ("postgres", cluster::database()),
        _ => ("sqlite", folder.path().join("relay.sqlite").to_str().unwrap().to_owned()),
    };
    let relays: Vec<_> = (0..processes).map(|_| Relay::start(&database)).collect();

    let run = |n: u64| Client::open(n, &relays[(n % processes) as usize].url).put_for(Duration::from_secs(seconds));
    let begun = Instant::now();
    let ended: Vec<Client> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients).map(|n| scope.spawn(move || run(n))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let took = begun.elapsed().as_secs_f64();

    // Killed and started again, so that only what was written counts.
    drop(relays);
    let again = Relay::start(&database);
    let missing: u64 = ended.iter().map(|client| client.missing(&again.url)).sum();
    let mut waits: Vec<Duration> = ended.into_iter().flat_map(|client| client.waits).collect();
    waits.sort();
    let at = |percent: usize| waits[(waits.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    println!(
        "{backend}, {processes} process(es), {clients} clients: {} acknowledged, {:.0}/s, p50 {:.1} ms, p99 {:.1} ms, missing {missing}",
        waits.len(),
        waits.len() as f64 / took,
        at(50),
        at(99)
    );
    assert_eq!(missing, 0, "what was acknowledged is not there");
}

/// The other side: a relay with the limits' bookkeeping but no limit that is reached, until standard input ends.
fn serve(database: &Database) {
    let fast = Rate { per_minute: 10_000_000, burst: 10_000_000 };
    let mut config = Config::new("");
    config.database = database.clone();
    config.limits = Limits { writes: fast, opens_from_address: fast, connections_unknown: 10_000, ..config.limits };
    let relay = RelayHandle::start(config).unwrap();
    println!("{}", relay.url());
    let _ = std::io::stdin().read(&mut [0]);
}

struct Relay {
    child: Child,
    url: String,
}

impl Relay {
    fn start(database: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let child = command.env(DATABASE, database).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let (mut child, mut url) = (child.unwrap(), String::new());
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim().to_owned() }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Client {
    agent: ureq::Agent,
    url: String,
    key: SigningKey,
    tag: Tag,
    nonce: Option<Nonce>,
    cursor: Cursor,
    waits: Vec<Duration>,
}

impl Client {
    /// Opens a space of its own, where a reader may read too.
    fn open(n: u64, url: &str) -> Self {
        let key = SigningKey::from_bytes(&blake3::derive_key("rafiq load", &n.to_be_bytes()));
        let mut client = Self::new(n, url, key);
        client.exchange(None);
        let list_key = SigningKey::from_bytes(&[1; 32]);
        let allowed = [&client.key, &reader()].map(|key| key.verifying_key().to_bytes());
        let keys = allowed.map(|key| ListedKey { key, rights: Rights::Both }).to_vec();
        let mut list = KeyList { number: 1, keys, signature: [0; 64], succession: None };
        sign_key_list(&list_key, &client.tag, &mut list);
        let list_key = list_key.verifying_key().to_bytes();
        let open = Some(Open { kind: SpaceKind::Space, list_key, post_token: None });
        let opened = client.exchange(Some(&SectionBody { open, keys: Some(list), ..SectionBody::default() }));
        assert_eq!(opened.results[0].status, Status::Ok);
        client
    }

    fn new(n: u64, url: &str, key: SigningKey) -> Self {
        let mut tag = Tag::default();
        tag[..8].copy_from_slice(&n.to_be_bytes());
        let (agent, url) = (ureq::agent(), format!("{url}/v1/exchange"));
        Self { agent, url, key, tag, nonce: None, cursor: Cursor::START, waits: Vec::new() }
    }

    fn exchange(&mut self, body: Option<&SectionBody>) -> Response {
        let section = |body| sign_section(&self.key, self.nonce.as_ref(), self.tag, body).unwrap();
        let sections = body.map(section).into_iter().collect();
        let budget = limits::MAX_BODY as u32;
        let request = Request { version: 1, nonce: self.nonce, budget, sections, posts: vec![] };
        let post = self.agent.post(&self.url).header("content-type", "application/cbor");
        let mut answer = post.send(&request.encode().unwrap()[..]).unwrap();
        let bytes = answer.body_mut().with_config().limit(2 << 20).read_to_vec().unwrap();
        let response = Response::decode(&bytes).unwrap();
        self.nonce = response.nonce.or(self.nonce);
        response
    }

    /// One envelope after the other, each waited for.
    fn put_for(mut self, time: Duration) -> Self {
        let begun = Instant::now();
        while begun.elapsed() < time {
            let put = vec![self.envelope(self.waits.len() as u64)];
            let body = SectionBody { put, cursor: self.cursor, ..SectionBody::default() };
            let asked = Instant::now();
            let result = self.exchange(Some(&body)).results.remove(0);
            self.waits.push(asked.elapsed());
            assert_eq!((result.status, result.stored), (Status::Ok, 1));
            self.cursor = result.cursor;
        }
        self
    }

    fn envelope(&self, number: u64) -> Vec<u8> {
        let mut nonce = [0; 24];
        nonce[..8].copy_from_slice(&number.to_be_bytes());
        let (tag, urgency) = (self.tag, Urgency::Small);
        let header = EnvelopeHeader { version: 1, tag, urgency, key_id: [0; 8], nonce, commitment: [0; 32] };
        [&header.to_bytes()[..], &[0xa5; SEALED]].concat()
    }

    /// How many of those that were acknowledged the reader does not find.
    fn missing(&self, url: &str) -> u64 {
        let mut reader = Self { tag: self.tag, ..Self::new(0, url, reader()) };
        reader.exchange(None);
        let mut found = BTreeSet::new();
        loop {
            let body = SectionBody { cursor: reader.cursor, ..SectionBody::default() };
            let result = reader.exchange(Some(&body)).results.remove(0);
            reader.cursor = result.cursor;
            found.extend(result.envelopes.into_iter().map(|envelope| envelope.bytes));
            if !result.more {
                break;
            }
        }
        (0..self.waits.len() as u64).filter(|number| !found.contains(&self.envelope(*number))).count() as u64
    }
}

/// The key that looks whether everything is there.
fn reader() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

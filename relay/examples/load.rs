//! How many envelopes a second one relay acknowledges, each in a request of its own, over loopback.
//!
//! `cargo run --release -p rafiq-relay --example load -- [clients] [seconds]`
#![allow(clippy::unwrap_used)] // a measuring tool may stop at the first surprise

use ed25519_dalek::SigningKey;
use rafiq_protocol::*;
use rafiq_relay::{Config, Limits, Rate, RelayHandle};
use std::time::{Duration, Instant};

const SEALED: usize = 600; // a small change, padded

struct Client {
    agent: ureq::Agent,
    url: String,
    key: SigningKey,
    tag: Tag,
    nonce: Option<Nonce>,
}

impl Client {
    fn exchange(&mut self, body: Option<&SectionBody>) -> Response {
        let section = |body| sign_section(&self.key, self.nonce.as_ref(), self.tag, body).unwrap();
        let sections = body.map(section).into_iter().collect();
        let request = Request { version: 1, nonce: self.nonce, budget: limits::MIN_BUDGET, sections, posts: vec![] };
        let post = self.agent.post(&self.url).header("content-type", "application/cbor");
        let bytes = post.send(&request.encode().unwrap()[..]).unwrap().body_mut().read_to_vec().unwrap();
        let response = Response::decode(&bytes).unwrap();
        self.nonce = response.nonce.or(self.nonce);
        response
    }

    fn envelope(&self, number: u64) -> Vec<u8> {
        let mut nonce = [0; 24];
        nonce[..8].copy_from_slice(&number.to_be_bytes());
        let (tag, urgency) = (self.tag, Urgency::Small);
        let header = EnvelopeHeader { version: 1, tag, urgency, key_id: [0; 8], nonce, commitment: [0; 32] };
        [&header.to_bytes()[..], &[0xa5; SEALED]].concat()
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().unwrap());
    let (clients, seconds) = (arguments.next().unwrap_or(64), arguments.next().unwrap_or(5));
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path().join("relay.sqlite"));
    let fast = Rate { per_minute: 10_000_000, burst: 10_000_000 };
    config.limits = Limits { writes: fast, opens_from_address: fast, connections_unknown: 10_000, ..config.limits };
    let relay = RelayHandle::start(config).unwrap();

    let url = format!("{}/v1/exchange", relay.url());
    let run = |n: u64| {
        let key = SigningKey::from_bytes(&blake3::derive_key("rafiq load", &n.to_be_bytes()));
        let mut tag = Tag::default();
        tag[..8].copy_from_slice(&n.to_be_bytes());
        let mut client = Client { agent: ureq::agent(), url: url.clone(), key, tag, nonce: None };
        client.exchange(None);
        let open = Some(Open { kind: SpaceKind::Space, list_key: [1; 32], post_token: None });
        client.exchange(Some(&SectionBody { open, ..SectionBody::default() }));
        let (begun, mut waits, mut number) = (Instant::now(), vec![], 0);
        while begun.elapsed() < Duration::from_secs(seconds) {
            let put = vec![client.envelope(number)];
            number += 1;
            let asked = Instant::now();
            let response = client.exchange(Some(&SectionBody { put, ..SectionBody::default() }));
            assert_eq!((response.results[0].status, response.results[0].stored), (Status::Ok, 1));
            waits.push(asked.elapsed());
        }
        waits
    };
    let mut waits: Vec<Duration> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients).map(|n| scope.spawn(move || run(n))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    relay.stop().unwrap();
    waits.sort();
    let at = |percent: usize| waits[(waits.len() - 1) * percent / 100];
    println!(
        "clients {clients}, acknowledged {} envelopes, {}/s, p50 {:.1?}, p99 {:.1?}",
        waits.len(),
        waits.len() as u64 / seconds,
        at(50),
        at(99)
    );
}

//! A tiny client: devices that sign, envelopes that hold noise, and the bytes over a real socket.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // tests may stop at the first surprise
#![allow(dead_code, unreachable_pub)] // each test file uses its part

use ed25519_dalek::SigningKey;
use rafiq_protocol::*;
use rafiq_relay::{Config, Limits, RelayHandle};
use std::sync::atomic::{AtomicU64, Ordering};

pub const BUDGET: u32 = 512 * 1024;

/// A relay in a folder of its own.
pub struct Relay {
    pub handle: Option<RelayHandle>,
    pub config: Config,
    folder: tempfile::TempDir,
}

impl Relay {
    pub fn start() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(folder.path().join("relay.sqlite"));
        // Most tests are about something else than rates.
        let fast = rafiq_relay::Rate { per_minute: 1_000_000, burst: 1_000_000 };
        config.limits = Limits { writes: fast, posts: fast, posts_from_address: fast, ..Limits::default() };
        change(&mut config);
        let handle = Some(RelayHandle::start(config.clone()).unwrap());
        Self { handle, config, folder }
    }

    pub fn url(&self) -> String {
        self.handle.as_ref().unwrap().url()
    }

    pub fn stop(&mut self) {
        self.handle.take().unwrap().stop().unwrap();
    }

    pub fn start_again(&mut self) {
        self.handle = Some(RelayHandle::start(self.config.clone()).unwrap());
    }
}

/// Status and body of a POST.
pub fn post_bytes(url: &str, bytes: &[u8]) -> Result<(u16, Vec<u8>), ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let url = format!("{url}/v1/exchange");
    let mut response = agent.post(&url).header("content-type", "application/cbor").send(bytes)?;
    let body = response.body_mut().with_config().limit(2 << 20).read_to_vec()?;
    Ok((response.status().as_u16(), body))
}

pub fn send(url: &str, request: &Request) -> Response {
    let (status, body) = post_bytes(url, &request.encode().unwrap()).unwrap();
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    Response::decode(&body).unwrap()
}

/// Asks with no sections, as a device does the first time.
pub fn nonce(url: &str) -> Nonce {
    let request = Request { version: MESSAGE_VERSION, nonce: None, budget: BUDGET, sections: vec![], posts: vec![] };
    send(url, &request).nonce.expect("a device without a nonce is given one")
}

/// A key in one space.
#[derive(Clone)]
pub struct Device {
    pub key: SigningKey,
    pub tag: Tag,
}

pub fn list_key() -> SigningKey {
    SigningKey::from_bytes(&[200; 32])
}

impl Device {
    pub fn new(n: u8, tag: u8) -> Self {
        Self { key: SigningKey::from_bytes(&[n; 32]), tag: [tag; 16] }
    }

    pub fn public(&self) -> RelayKey {
        self.key.verifying_key().to_bytes()
    }

    pub fn section(&self, nonce: &Nonce, body: &SectionBody) -> Section {
        sign_section(&self.key, Some(nonce), self.tag, body).unwrap()
    }

    /// One exchange of this section alone.
    pub fn exchange(&self, url: &str, body: &SectionBody) -> SectionResult {
        self.exchange_within(url, body, BUDGET)
    }

    pub fn exchange_within(&self, url: &str, body: &SectionBody, budget: u32) -> SectionResult {
        let nonce = nonce(url);
        let sections = vec![self.section(&nonce, body)];
        let request = Request { version: MESSAGE_VERSION, nonce: Some(nonce), budget, sections, posts: vec![] };
        send(url, &request).results.remove(0)
    }

    pub fn open(&self, url: &str) {
        let open = Open { kind: SpaceKind::Space, list_key: list_key().verifying_key().to_bytes(), post_token: None };
        let result = self.exchange(url, &SectionBody { open: Some(open), ..SectionBody::default() });
        assert_eq!(result.status, Status::Ok);
    }

    pub fn open_inbox(&self, url: &str, token: [u8; 16]) {
        let list_key = list_key().verifying_key().to_bytes();
        let open = Open { kind: SpaceKind::Inbox, list_key, post_token: Some(token) };
        let result = self.exchange(url, &SectionBody { open: Some(open), ..SectionBody::default() });
        assert_eq!(result.status, Status::Ok);
    }

    /// Lets these keys in, with the list numbered so.
    pub fn allow(&self, url: &str, number: u32, keys: &[(RelayKey, Rights)]) -> SectionResult {
        let keys = keys.iter().map(|&(key, rights)| ListedKey { key, rights }).collect();
        let mut list = KeyList { number, keys, signature: [0; 64] };
        sign_key_list(&list_key(), &self.tag, &mut list);
        self.exchange(url, &SectionBody { keys: Some(list), ..SectionBody::default() })
    }

    pub fn put(&self, url: &str, put: Vec<Vec<u8>>) -> SectionResult {
        self.exchange(url, &SectionBody { put, ..SectionBody::default() })
    }

    pub fn read(&self, url: &str, cursor: Cursor) -> SectionResult {
        self.exchange(url, &SectionBody { cursor, ..SectionBody::default() })
    }
}

/// Two devices that share a space, both allowed to read and write.
pub fn pair(url: &str, tag: u8) -> (Device, Device) {
    let (one, two) = (Device::new(1, tag), Device::new(2, tag));
    one.open(url);
    let allowed = one.allow(url, 1, &[(one.public(), Rights::Both), (two.public(), Rights::Both)]);
    assert_eq!(allowed.status, Status::Ok);
    (one, two)
}

/// A fresh envelope for this tag whose sealed part is `size` bytes of noise.
pub fn envelope(tag: u8, urgency: Urgency, size: usize) -> Vec<u8> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut nonce = [0; 24];
    nonce[..8].copy_from_slice(&count.to_be_bytes());
    let header = EnvelopeHeader { version: 1, tag: [tag; 16], urgency, key_id: [0; 8], nonce, commitment: [0; 32] };
    [&header.to_bytes()[..], &vec![0xa5; size]].concat()
}

pub fn small(tag: u8) -> Vec<u8> {
    envelope(tag, Urgency::Small, 500)
}

pub fn bytes_of(result: &SectionResult) -> Vec<Vec<u8>> {
    result.envelopes.iter().map(|envelope| envelope.bytes.clone()).collect()
}

pub fn short_id(envelope: &[u8]) -> [u8; 8] {
    envelope_id(envelope)[..8].try_into().unwrap()
}

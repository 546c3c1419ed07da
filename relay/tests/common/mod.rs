//! A tiny client: devices that sign, envelopes that hold noise, and the bytes over a real socket.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // tests may stop at the first surprise
#![allow(dead_code, unreachable_pub)] // each test file uses its part

pub mod cluster;

use ed25519_dalek::SigningKey;
use rafiq_protocol::*;
use rafiq_relay::{Config, Database, Limits, RelayHandle};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

pub const BUDGET: u32 = 512 * 1024;

/// What a relay of a test keeps its things in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    /// An empty database of this kind; a file would lie in the folder.
    pub fn database(self, folder: &Path) -> Database {
        match self {
            Self::Sqlite => Database::File(folder.join("relay.sqlite")),
            Self::Postgres => Database::Postgres(cluster::database()),
        }
    }
}

/// A relay with a database of its own.
pub struct Relay {
    pub handle: Option<RelayHandle>,
    pub config: Config,
    folder: tempfile::TempDir,
}

impl Relay {
    pub fn start(on: Backend) -> Self {
        Self::with(on, |_| {})
    }

    pub fn with(on: Backend, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new("");
        config.database = on.database(folder.path());
        config.admin = Some(config.listen);
        // Most tests are about something else than rates.
        let fast = rafiq_relay::Rate { per_minute: 1_000_000, burst: 1_000_000 };
        config.limits = Limits { writes: fast, posts: fast, posts_from_address: fast, ..Limits::default() };
        change(&mut config);
        let handle = Some(RelayHandle::start(config.clone()).unwrap());
        Self { handle, config, folder }
    }

    /// Another relay over the same database.
    pub fn beside(&self) -> RelayHandle {
        RelayHandle::start(self.config.clone()).unwrap()
    }

    pub fn admin(&self) -> String {
        self.handle.as_ref().unwrap().admin_url().unwrap()
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

/// Waits until it is so. Only a broken relay makes the test wait to the end.
pub fn eventually(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !so() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Status and text of a GET.
pub fn get(url: &str) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut response = agent.get(url).call().unwrap();
    (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
}

/// A relay that is a process of its own; killed when dropped.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program on this database; returns it and its address.
pub fn program(database: &Database, options: &[&str]) -> (Process, String) {
    let mut command = program_with(database);
    command.args(["--listen", "127.0.0.1:0", "--log", "error"]).args(options);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    (Process(child), url)
}

pub fn program_with(database: &Database) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rafiq-relay"));
    match database {
        Database::File(path) => command.arg("--database").arg(path),
        Database::Postgres(url) => command.env("RAFIQ_RELAY_DATABASE", url),
    };
    command
}

/// A wake stream; its lines as they come.
pub struct Wake(BufReader<TcpStream>);

impl Wake {
    /// Asks for it; a status other than 200 is the error.
    pub fn ask(url: &str, device: &Device, cursor: Cursor) -> Result<Self, u16> {
        Self::ask_with(url, device, &SectionBody { cursor, ..SectionBody::default() })
    }

    pub fn ask_with(url: &str, device: &Device, body: &SectionBody) -> Result<Self, u16> {
        let nonce = nonce(url);
        let sections = vec![device.section(&nonce, body)];
        let request = Request { version: 1, nonce: Some(nonce), budget: BUDGET, sections, posts: vec![] };
        let bytes = request.encode().unwrap();
        let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let head = "POST /v1/wake HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: ";
        stream.write_all(format!("{head}{}\r\n\r\n", bytes.len()).as_bytes()).unwrap();
        stream.write_all(&bytes).unwrap();
        let mut wake = Self(BufReader::new(stream));
        let status = wake.line().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        while status == 200 && !wake.line().unwrap().is_empty() {}
        if status == 200 { Ok(wake) } else { Err(status) }
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        (self.0.read_line(&mut line).unwrap() > 0).then(|| line.trim_end().to_owned())
    }

    /// The next thing it says: `true` a wake, `false` that it is still there; `None` when it has ended.
    pub fn next(&mut self) -> Option<bool> {
        loop {
            match self.line()?.as_str() {
                "event: wake" => return Some(true),
                ":" => return Some(false),
                _ => {} // chunk lengths, data, empty lines
            }
        }
    }
}

/// Status and body of a POST.
pub fn post_bytes(url: &str, bytes: &[u8]) -> Result<(u16, Vec<u8>), ureq::Error> {
    post_bytes_as(url, bytes, None)
}

/// The same with the operator's token.
pub fn post_bytes_as(url: &str, bytes: &[u8], token: Option<&str>) -> Result<(u16, Vec<u8>), ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let url = format!("{url}/v1/exchange");
    let mut request = agent.post(&url).header("content-type", "application/cbor");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut response = request.send(bytes)?;
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
        assert_eq!(self.try_open(url).status, Status::Ok);
    }

    pub fn try_open(&self, url: &str) -> SectionResult {
        let open = Open { kind: SpaceKind::Space, list_key: list_key().verifying_key().to_bytes(), post_token: None };
        self.exchange(url, &SectionBody { open: Some(open), ..SectionBody::default() })
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
        let mut list = KeyList { number, keys, signature: [0; 64], succession: None };
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

/// All that a device may read.
pub fn everything(device: &Device, url: &str) -> BTreeSet<Vec<u8>> {
    let (mut all, mut cursor) = (BTreeSet::new(), Cursor::START);
    loop {
        let result = device.read(url, cursor);
        assert_eq!(result.status, Status::Ok);
        all.extend(bytes_of(&result));
        cursor = result.cursor;
        if !result.more {
            return all;
        }
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

//! A phone in a test: a folder, a clock that can be set, real randomness or a seeded one, and the profile opened over them.

use rafiq::host::{Clock, HostError, KeyVault, Random};
use rafiq::mentoring::PairingId;
use rafiq::people::NewMe;
use rafiq::sharing::Reach;
use rafiq::sync::{Budget, Received};
use rafiq::{Error, Host, Rafiq};
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tempfile::TempDir;

/// 2026-11-22 08:00 UTC: a Sunday.
pub const START_MS: i64 = 1_795_334_400_000;

/// A clock that moves only when it is told to.
pub struct HandClock(pub AtomicI64);

impl Clock for HandClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Randomness that comes out the same for the same seed: BLAKE3 in counter mode.
pub struct SeededRandom {
    seed: u64,
    count: AtomicU64,
}

impl SeededRandom {
    /// From the start.
    pub fn new(seed: u64) -> Self {
        Self { seed, count: AtomicU64::new(0) }
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), HostError> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.seed.to_be_bytes()).update(&count.to_be_bytes());
        hasher.finalize_xof().fill(buffer);
        Ok(())
    }
}

/// A platform key that lives as long as the test.
pub struct TestVault(Mutex<Option<u8>>);

impl TestVault {
    /// With a key of its own.
    pub fn new(key: u8) -> Self {
        Self(Mutex::new(Some(key)))
    }

    fn mask(&self, bytes: &[u8]) -> Result<Vec<u8>, HostError> {
        let key = self.0.lock().unwrap().ok_or(HostError::KeyGone)?;
        Ok(bytes.iter().map(|byte| byte ^ key).collect())
    }
}

impl KeyVault for TestVault {
    fn wrap(&self, secret: &[u8]) -> Result<Vec<u8>, HostError> {
        self.mask(secret)
    }
    fn unwrap(&self, wrapped: &[u8]) -> Result<Vec<u8>, HostError> {
        self.mask(wrapped)
    }
    fn delete(&self) -> Result<(), HostError> {
        *self.0.lock().unwrap() = None;
        Ok(())
    }
}

/// A phone with one profile.
pub struct Phone {
    /// Where the profile lies.
    pub folder: TempDir,
    /// What it shows as time.
    pub clock: Arc<HandClock>,
    /// What the profile stands on.
    pub host: Host,
    /// The profile; `None` while the app is not running.
    rafiq: Option<Rafiq>,
}

impl Phone {
    /// A new phone, opened, with its person's name and language.
    pub fn new(seed: u64, name: &str, language: &str) -> Self {
        let phone = Self::unnamed(seed);
        let me = NewMe { name: name.into(), language: language.into(), calendar: None };
        phone.people().set_me(me).unwrap();
        phone
    }

    /// A new phone on which nobody has said yet who they are.
    pub fn unnamed(seed: u64) -> Self {
        let clock = Arc::new(HandClock(AtomicI64::new(START_MS)));
        let host = Host {
            vault: Arc::new(TestVault::new(seed as u8)),
            clock: clock.clone(),
            random: Arc::new(SeededRandom::new(seed)),
        };
        let mut phone = Self { folder: tempfile::tempdir().unwrap(), clock, host, rafiq: None };
        phone.start();
        phone
    }

    /// The goals of a pairing as this phone has them, in the order of the alphabet.
    pub fn goals(&self, pairing: &PairingId) -> Vec<String> {
        let goals = self.mentoring().goals(pairing).unwrap();
        let mut texts: Vec<String> = goals.into_iter().map(|goal| goal.text).collect();
        texts.sort();
        texts
    }

    /// Nothing waits here to leave or for what has not come, and nothing is refused.
    pub fn has_nothing_left(&self) {
        let status = self.sync().status().unwrap();
        assert_eq!((status.outbox, status.unsent_changes, status.waiting, status.quarantined), (0, 0, 0, 0));
        assert_eq!(status.waiting_for, vec![]);
    }

    /// Starts the app.
    pub fn start(&mut self) {
        self.rafiq = Some(Rafiq::open(self.folder.path(), self.host.clone(), None).unwrap());
    }

    /// The app ends as the system ends it: nothing is told.
    pub fn stop(&mut self) {
        self.rafiq = None;
    }

    /// A copy of the app's folder, as a backup or a tool that moves a phone to another makes it.
    pub fn copied(&self) -> TempDir {
        let copy = tempfile::tempdir().unwrap();
        self.suspend().unwrap();
        copy_files(self.path(), copy.path());
        self.resume().unwrap();
        copy
    }

    /// The copy is put back in the place of what is there.
    pub fn put_back(&mut self, copy: &TempDir) {
        self.stop();
        for file in std::fs::read_dir(self.path()).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
        copy_files(copy.path(), self.path());
        self.start();
    }

    /// The copy on a second phone, whose randomness is its own, while the first goes on.
    pub fn cloned(&self, copy: &TempDir, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_files(copy.path(), folder.path());
        let random = Arc::new(SeededRandom::new(seed));
        let clock = Arc::new(HandClock(AtomicI64::new(self.clock.0.load(Ordering::Relaxed))));
        let host = Host { random, clock: clock.clone(), ..self.host.clone() };
        let mut phone = Self { folder, clock, host, rafiq: None };
        phone.start();
        phone
    }

    /// Moves the clock.
    pub fn pass(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::Relaxed);
    }

    /// The profile's folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Exchanges with a relay until nothing is left to do.
    pub fn exchange(&self, relay: &str) -> Vec<Received> {
        self.rafiq().exchange(relay, Budget::default(), 20, |exchange| post(&exchange.relay, &exchange.bytes)).unwrap()
    }

    /// The profile.
    pub fn rafiq(&self) -> &Rafiq {
        self.rafiq.as_ref().expect("the app is running")
    }
}

impl std::ops::Deref for Phone {
    type Target = Rafiq;

    fn deref(&self) -> &Rafiq {
        self.rafiq()
    }
}

fn copy_files(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

/// A steward lets somebody into a space, face to face; `exchange` is how each of them meets the relay.
///
/// # Panics
/// When a step fails.
pub fn let_in(steward: &Phone, phone: &Phone, space: &str, exchange: impl Fn(&Phone)) {
    let invite = steward.sharing().invite(space, Reach::InPerson).unwrap();
    exchange(steward);
    phone.sharing().accept(&invite.text).unwrap();
    exchange(phone);
    exchange(steward);
    let request = steward.sharing().requests().unwrap().pop().unwrap();
    steward.sharing().admit(&request.id).unwrap();
    for each in [steward, phone, phone, steward] {
        exchange(each);
    }
}

/// Carries a request over HTTP.
pub fn post(relay: &str, body: &[u8]) -> Result<Vec<u8>, Error> {
    let failed = |_| Error::Host { reason: "carrier" };
    let mut answer = ureq::post(format!("{relay}/v1/exchange"))
        .header("content-type", "application/cbor")
        .send(body)
        .map_err(failed)?;
    answer.body_mut().with_config().limit(2 << 20).read_to_vec().map_err(failed)
}

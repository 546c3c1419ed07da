//! Who lives in the world, how they met, and how the days go by.

use super::device::{Device, folder};
use super::{Fault, Tally};
use crate::mutants::Rng;
use crate::phone::START_MS;
use rafiq::groups::{NewGroup, SupportGroupId};
use rafiq::host::NoProgress;
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sharing::Reach;
use rafiq_relay::{Config, LocalRelay, Rate, RelayClock};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

pub(super) const ZONE: &str = "Europe/Vienna";
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const TEN_YEARS_MS: i64 = 3_652 * DAY_MS;
/// A join that takes more tries than this is stuck.
const MOST_TRIES: usize = 60;

/// Five devices and a relay.
pub struct World {
    pub(super) devices: Vec<Device>,
    pub(super) group: SupportGroupId,
    pub(super) directory: String,
    /// Each pairing with the devices in it.
    pub(super) pairings: Vec<(PairingId, Vec<usize>)>,
    pub(super) rng: Rng,
    /// Whether anything goes wrong.
    pub(super) chaos: bool,
    pub(super) faults: Tally,
    /// Calls so far; it makes texts differ.
    pub(super) count: u64,
    /// The true time in the morning of the present day.
    pub(super) today_ms: i64,
    days: u32,
    relay: Option<LocalRelay>,
    config: Config,
    relay_seconds: Arc<AtomicU64>,
    trace: blake3::Hasher,
    _relay_folder: TempDir,
}

impl World {
    /// The five meet over a line that is as bad as it will stay; only the clocks are right.
    pub fn found(seed: u64) -> Self {
        let relay_folder = folder();
        let relay_seconds = Arc::new(AtomicU64::new((START_MS / 1_000) as u64));
        let mut config = Config::new(relay_folder.path().join("relay.db"));
        let seconds = relay_seconds.clone();
        config.clock = RelayClock::from_fn(move || seconds.load(Ordering::Relaxed));
        // Rates go by the true clock, which this world does not have.
        let never = Rate { per_minute: 1_000_000, burst: 1_000_000 };
        config.limits.writes = never;
        config.limits.posts = never;
        config.limits.posts_from_address = never;
        config.limits.opens_from_address = never;
        let people = [("Coordinator", "en"), ("Bohdan", "uk"), ("Amina", "prs"), ("Olena", "uk"), ("Yusuf", "ar")];
        let devices =
            people.iter().zip(1..).map(|((name, language), n)| Device::new(seed ^ (n << 56), START_MS, name, language));
        let mut world = Self {
            devices: devices.collect(),
            group: SupportGroupId { value: String::new() },
            directory: String::new(),
            pairings: Vec::new(),
            rng: Rng::new(seed),
            chaos: true,
            faults: Tally::default(),
            count: 0,
            today_ms: START_MS,
            days: 0,
            relay: Some(LocalRelay::open(&config).unwrap()),
            config,
            relay_seconds,
            trace: blake3::Hasher::new(),
            _relay_folder: relay_folder,
        };
        world.meet();
        world
    }

    fn meet(&mut self) {
        for device in &self.devices {
            device.rafiq().sync().set_home_relay("http://relay.test").unwrap();
        }
        let coordinator = self.devices[0].rafiq();
        let capacity = 12;
        let new = NewGroup { name: "Tuesday tea".into(), language: "en".into(), capacity, place: "Library".into() };
        self.group = coordinator.groups().found(new).unwrap().id;
        self.directory = coordinator.directory().found("Port Alder", 40).unwrap().space;
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/directory/services.json");
        coordinator.directory().import(&self.directory, &sample, &NoProgress).unwrap();
        let invite = coordinator.sharing().invite(&self.directory, Reach::Remote).unwrap();
        self.devices[0].keep_promise();
        for who in 1..self.devices.len() {
            self.devices[who].rafiq().sharing().accept(&invite.text).unwrap();
            self.join(0, who, &self.group.value.clone());
        }
        for (mentor, newcomer) in [(1, 2), (3, 4)] {
            let new = NewPairing {
                model: "newcomer-mentoring".into(),
                my_role: "mentor".into(),
                title: format!("Pair {mentor}"),
            };
            let pairing = self.devices[mentor].rafiq().mentoring().begin(new).unwrap().id;
            self.devices[mentor].keep_promise();
            self.join(mentor, newcomer, &pairing.value);
            // The second pairing has a coordinator beside it: three write there.
            let mut members = vec![mentor, newcomer];
            if mentor == 3 {
                self.join(mentor, 0, &pairing.value);
                members.push(0);
            }
            self.take_role(newcomer, &pairing, "newcomer");
            self.pairings.push((pairing, members));
        }
    }

    /// Invite, answer, admission, welcome, over the bad line.
    fn join(&mut self, inviter: usize, joiner: usize, space: &str) {
        let invite = self.devices[inviter].rafiq().sharing().invite(space, Reach::Remote).unwrap();
        self.devices[joiner].rafiq().sharing().accept(&invite.text).unwrap();
        let id = SpaceId::parse(space).unwrap();
        for _ in 0..MOST_TRIES {
            self.exchange(inviter);
            self.exchange(joiner);
            let sharing = self.devices[inviter].rafiq().sharing();
            for request in sharing.requests().unwrap() {
                sharing.admit(&request.id).unwrap();
            }
            if self.devices[joiner].rafiq().replica().role_in(&id).is_ok() {
                return;
            }
        }
        panic!("{} does not get into {space}", self.devices[joiner].name);
    }

    fn take_role(&mut self, who: usize, pairing: &PairingId, role: &str) {
        for _ in 0..MOST_TRIES {
            if self.devices[who].rafiq().mentoring().get(pairing).is_ok_and(|pairing| !pairing.model.is_empty()) {
                self.devices[who].rafiq().mentoring().take_role(pairing, role).unwrap();
                self.devices[who].keep_promise();
                return;
            }
            self.exchange(who);
        }
        panic!("{} waits for the pairing", self.devices[who].name);
    }

    /// So many days go by.
    pub fn live(&mut self, days: u32) {
        for _ in 0..days {
            self.days += 1;
            self.set_day(START_MS + i64::from(self.days) * DAY_MS);
            let mut order: Vec<usize> = (0..self.devices.len()).collect();
            for place in (1..order.len()).rev() {
                order.swap(place, self.rng.below(place + 1));
            }
            for who in order {
                self.day_of(who);
            }
            if self.rng.once_in(6) {
                self.faults.count(Fault::RelayRestart);
                self.restart_relay();
            }
        }
    }

    fn day_of(&mut self, who: usize) {
        let hours = self.rng.below(20) as i64;
        if self.rng.once_in(10) || self.devices[who].skew_ms != 0 && self.rng.once_in(3) {
            self.faults.count(Fault::ClockJump);
            let skew = if self.rng.once_in(2) { TEN_YEARS_MS } else { -TEN_YEARS_MS };
            let device = &mut self.devices[who];
            device.skew_ms = if device.skew_ms == 0 { skew } else { 0 };
        }
        self.devices[who].set_clock(self.today_ms + hours * HOUR_MS);
        if self.rng.once_in(8) {
            self.faults.count(Fault::Restart);
            self.devices[who].restart();
            self.devices[who].look_past();
        }
        self.look(who);
        for _ in 0..1 + self.rng.below(4) {
            self.work(who);
        }
        // One day in five there is no line at all.
        if !self.rng.once_in(5) {
            self.exchange(who);
        }
    }

    /// Line, disks and clocks are right again. Rounds in which everybody exchanges once, until one has brought nothing to
    /// anybody; how many brought something.
    pub fn heal(&mut self) -> u32 {
        self.chaos = false;
        self.set_day(self.today_ms + DAY_MS);
        for device in &mut self.devices {
            device.skew_ms = 0;
            device.set_clock(self.today_ms);
        }
        for round in 0..20 {
            let mut news = false;
            for who in 0..self.devices.len() {
                for received in self.exchange(who) {
                    news |= received.stored > 0 || !received.delivered.is_empty();
                }
            }
            if !news {
                return round;
            }
        }
        panic!("the world does not come to rest");
    }

    fn set_day(&mut self, at_ms: i64) {
        self.today_ms = at_ms;
        self.relay_seconds.store((at_ms / 1_000) as u64, Ordering::Relaxed);
    }

    fn restart_relay(&mut self) {
        self.relay = None;
        self.relay = Some(LocalRelay::open(&self.config).unwrap());
    }

    pub(super) fn relay(&self) -> &LocalRelay {
        self.relay.as_ref().unwrap()
    }

    pub(super) fn url(&self) -> &'static str {
        "http://relay.test"
    }

    /// Everything that happens goes into the trace.
    pub(super) fn note(&mut self, what: &str) {
        self.trace.update(what.as_bytes()).update(b"\n");
    }

    /// A hash of everything that has happened: the same for the same seed.
    pub fn trace(&self) -> [u8; 32] {
        *self.trace.finalize().as_bytes()
    }

    /// What went wrong so far.
    pub fn faults(&self) -> &Tally {
        &self.faults
    }

    /// Devices times days.
    pub fn device_days(&self) -> u32 {
        self.days * self.devices.len() as u32
    }

    /// Every shared space with the devices that are in it.
    pub(super) fn spaces(&self) -> Vec<(SpaceId, Vec<usize>)> {
        let everybody: Vec<usize> = (0..self.devices.len()).collect();
        let mut spaces = vec![(self.group.value.clone(), everybody.clone()), (self.directory.clone(), everybody)];
        spaces.extend(self.pairings.iter().map(|(pairing, members)| (pairing.value.clone(), members.clone())));
        spaces.into_iter().map(|(text, members)| (SpaceId::parse(&text).unwrap(), members)).collect()
    }
}

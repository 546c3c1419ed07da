//! Who lives in the world, and how the days go by.

use super::card::Cards;
use super::carrier::Parcel;
use super::circle::{Circle, Gone};
use super::device::Device;
use super::judge::hashes;
use super::mallory::Mallory;
use super::site::Site;
use super::{Fault, Plan, Tally};
use crate::mutants::Rng;
use crate::phone::START_MS;
use rafiq::groups::SupportGroupId;
use rafiq::ids::SpaceId;
use rafiq::mentoring::PairingId;
use rafiq_protocol::Tag;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) const ZONE: &str = "Europe/Vienna";
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const TEN_YEARS_MS: i64 = 3_652 * DAY_MS;
/// A world that is not at rest by then goes in circles.
const MOST_ROUNDS: u32 = 20;
/// So often stewards look at what is held, each time after all have heard of what was kept.
const MOST_KEEPING: u32 = 4;
const PEOPLE: [(&str, &str); 5] =
    [("Coordinator", "en"), ("Bohdan", "uk"), ("Amina", "prs"), ("Olena", "uk"), ("Yusuf", "ar")];

/// Devices and relays.
pub struct World {
    pub(super) devices: Vec<Device>,
    pub(super) sites: Vec<Site>,
    /// Each group with the devices in it, its founder first.
    pub(super) groups: Vec<(SupportGroupId, Vec<usize>)>,
    pub(super) directory: String,
    /// Each pairing with the devices in it: mentor, newcomer, and who stands beside them.
    pub(super) pairings: Vec<(PairingId, Vec<usize>)>,
    pub(super) circles: Vec<Circle>,
    /// Everybody who was taken out of a circle or has left it, in the order in which they did.
    pub(super) gone: Vec<Gone>,
    /// By which the relays know the spaces.
    pub(super) tags: BTreeSet<Tag>,
    pub(super) parcels: Vec<Parcel>,
    pub(super) cards: Cards,
    pub(super) mallory: Option<Mallory>,
    /// Alerts and reports that only those remember who got them, if anybody did.
    pub(super) forgotten: BTreeSet<String>,
    pub(super) rng: Rng,
    /// Whether anything goes wrong.
    pub(super) chaos: bool,
    pub(super) faults: Tally,
    /// Times that something stood aside until what it needed had come.
    pub(super) waited: usize,
    /// People who came late and began to read behind a pack.
    pub(super) late: usize,
    /// Entries of people who had been taken out that a steward has kept.
    pub(super) kept: usize,
    /// Calls so far; it makes texts differ.
    pub(super) count: u64,
    /// The true time in the morning of the present day.
    pub(super) today_ms: i64,
    pub(super) plan: Plan,
    days: u32,
    device_days: u32,
    seconds: Arc<AtomicU64>,
    trace: blake3::Hasher,
}

impl World {
    /// The people of a plan meet.
    pub fn found(plan: Plan) -> Self {
        let seconds = Arc::new(AtomicU64::new((START_MS / 1_000) as u64));
        let devices = (0..plan.devices).map(|who| {
            let (name, language) = PEOPLE[who % PEOPLE.len()];
            let name = if who < PEOPLE.len() { name.to_owned() } else { format!("{name} {who}") };
            Device::new(plan.seed ^ ((who as u64 + 1) << 48), START_MS, &name, language, plan.without)
        });
        let mut world = Self {
            devices: devices.collect(),
            sites: (0..plan.relays).map(|number| Site::open(plan.seed, number, &seconds)).collect(),
            groups: Vec::new(),
            directory: String::new(),
            pairings: Vec::new(),
            circles: Vec::new(),
            gone: Vec::new(),
            tags: BTreeSet::new(),
            parcels: Vec::new(),
            cards: Cards::new(),
            mallory: None,
            forgotten: BTreeSet::new(),
            rng: Rng::new(plan.seed),
            chaos: true,
            faults: Tally::default(),
            waited: 0,
            late: 0,
            kept: 0,
            count: 0,
            today_ms: START_MS,
            plan,
            days: 0,
            device_days: 0,
            seconds,
            trace: blake3::Hasher::new(),
        };
        world.meet();
        world
    }

    /// The days of the plan go by.
    pub fn live(&mut self) {
        for _ in 0..self.plan.days {
            self.days += 1;
            self.set_day(START_MS + i64::from(self.days) * DAY_MS);
            self.newcomers(self.days);
            self.people_go(self.days);
            self.device_days += self.devices.len() as u32;
            let mut order: Vec<usize> = (0..self.devices.len()).collect();
            for place in (1..order.len()).rev() {
                order.swap(place, self.rng.below(place + 1));
            }
            for who in order {
                self.day_of(who);
            }
            self.mallorys_day();
            for site in 0..self.sites.len() {
                self.night_of(site);
            }
            if self.plan.restored_backups {
                self.backups();
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
        self.meet_courier(who);
        self.read_cards(who);
        self.look(who);
        for _ in 0..1 + self.rng.below(4) {
            self.work(who);
        }
        self.write_into_circles(who);
        // One day in five there is no line at all. Who waits for a courier seldom goes to look for one.
        if self.rng.once_in(5) {
            self.give_to_courier(who);
        } else if !self.waits_for_courier(who) || self.rng.once_in(4) {
            self.exchange(who);
            self.pack(who);
        }
        self.give_card(who);
    }

    fn mallorys_day(&mut self) {
        let Some(mallory) = &mut self.mallory else { return };
        for _ in 0..1 + self.rng.below(3) {
            self.count += 1;
            let fault = mallory.act(&self.sites, &mut self.rng, self.count);
            self.faults.count(fault);
        }
        mallory.exchange(&self.sites);
    }

    fn night_of(&mut self, site: usize) {
        if self.rng.once_in(4) {
            self.faults.count(Fault::RelayRestart);
            self.sites[site].restart();
        }
        if self.rng.once_in(2) {
            self.sites[site].back_up();
        } else if !self.rng.once_in(3) && !self.plan.restored_backups && self.sites[site].restore() {
            self.faults.count(Fault::RelayRestored);
        }
        self.sites[site].withholds = self.rng.once_in(4);
    }

    /// Whether a phone is one that breaks, where there are such: every third.
    pub(super) fn breaks(who: usize) -> bool {
        who % 3 == 2
    }

    /// Phones that break are copied now and then, and the copy put back.
    fn backups(&mut self) {
        for who in (0..self.devices.len()).filter(|who| Self::breaks(*who)) {
            if self.rng.once_in(3) {
                self.devices[who].back_up();
            } else if !self.rng.once_in(4) {
                let safe = self.held_by_others(who);
                if let Some(forgotten) = self.devices[who].restore(&safe) {
                    self.faults.count(Fault::RestoredBackup);
                    self.forgotten.extend(forgotten);
                }
            }
        }
    }

    /// The changes of this device's spaces that are with somebody whose phone does not break.
    fn held_by_others(&self, who: usize) -> BTreeSet<[u8; 32]> {
        let mut held = BTreeSet::new();
        for (space, members) in self.spaces().iter().filter(|(_, members)| members.contains(&who)) {
            for other in members.iter().filter(|other| !Self::breaks(**other)) {
                held.append(&mut hashes(&self.devices[*other], "change", space));
            }
        }
        held
    }

    /// Line, disks, clocks and relays are right again, and everybody writes a last word into each space: what a relay has kept back of
    /// somebody's is noticed by what comes after it. Then rounds in which everybody exchanges once, until nothing moves any more; the
    /// last that brought something new to anybody.
    pub fn heal(&mut self) -> u32 {
        self.chaos = false;
        self.parcels.clear();
        self.cards.lose();
        self.set_day(self.today_ms + 2 * DAY_MS);
        if let Some(mallory) = &mut self.mallory {
            // The list of keys may have been lost with the relay's last days: she comes when it is there again.
            mallory.honest(&mut self.rng, u64::MAX);
        }
        for who in 0..self.devices.len() {
            let device = &mut self.devices[who];
            device.skew_ms = 0;
            device.set_clock(self.today_ms);
            device.restart();
            device.look_past();
            self.last_word(who);
            self.write_into_circles(who);
            self.exchange(who);
        }
        if let Some(mallory) = &mut self.mallory {
            assert!(mallory.exchange(&self.sites), "the relay does not know Mallory");
        }
        let mut rounds = self.come_to_rest();
        // What came back to a phone behind its last word nobody has named yet: people go on writing.
        let behind: Vec<usize> = (0..self.devices.len()).filter(|who| self.devices[*who].has_unnamed()).collect();
        for who in &behind {
            self.last_word(*who);
            self.write_into_circles(*who);
        }
        if !behind.is_empty() {
            rounds = rounds.max(self.come_to_rest());
        }
        // What stewards see then is all that there is; behind what is kept may be more of the same person's.
        for _ in 0..MOST_KEEPING {
            if !self.keep_what_is_held() {
                break;
            }
            rounds = rounds.max(self.come_to_rest());
        }
        self.give_up_what_is_refused();
        rounds
    }

    /// Last words that a relay refuses, since others know that their author is out, are offered for some days.
    fn give_up_what_is_refused(&mut self) {
        for _ in 0..MOST_ROUNDS {
            let outbox = |device: &Device| device.rafiq().sync().status().unwrap().outbox;
            let waiting: Vec<usize> = (0..self.devices.len()).filter(|who| outbox(&self.devices[*who]) > 0).collect();
            if waiting.is_empty() {
                return;
            }
            self.set_day(self.today_ms + DAY_MS);
            for who in waiting {
                self.devices[who].set_clock(self.today_ms);
                self.exchange(who);
            }
        }
    }

    /// Until nothing moves any more, and once more some days later: then whoever has what a phone that is lost, or does not come, has not
    /// brought to a relay again brings it there.
    fn come_to_rest(&mut self) -> u32 {
        let first = self.exchange_until_rest();
        self.set_day(self.today_ms + 8 * DAY_MS);
        first.max(self.exchange_until_rest())
    }

    fn exchange_until_rest(&mut self) -> u32 {
        let mut last = 0;
        for round in 1..=MOST_ROUNDS {
            self.set_day(self.today_ms + 2 * HOUR_MS);
            let mut rest = true;
            for who in 0..self.devices.len() {
                self.devices[who].set_clock(self.today_ms);
                for received in self.exchange(who) {
                    rest &= received.stored == 0;
                    // Not what is read again because something is missing that will never come: a byzantine member has named it.
                    if received.taken() > 0 {
                        (last, rest) = (round, false);
                    }
                }
            }
            // An alert that was repeated before its sender knew is answered again: nothing new, but it must come to an end.
            // Last words that a relay refuses are given up after some days.
            rest &= self.devices.iter().all(|device| device.still_to_say() == 0);
            if rest {
                return last;
            }
        }
        panic!("the world does not come to rest");
    }

    fn set_day(&mut self, at_ms: i64) {
        self.today_ms = at_ms;
        self.seconds.store((at_ms / 1_000) as u64, Ordering::Relaxed);
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

    /// Devices times the days that each was there.
    pub fn device_days(&self) -> u32 {
        self.device_days
    }

    /// Every shared space with the devices that are in it, circles last.
    pub(super) fn spaces(&self) -> Vec<(SpaceId, Vec<usize>)> {
        let mut spaces = vec![(self.directory.clone(), (0..self.devices.len()).collect())];
        spaces.extend(self.groups.iter().map(|(group, members)| (group.value.clone(), members.clone())));
        spaces.extend(self.pairings.iter().map(|(pairing, members)| (pairing.value.clone(), members.clone())));
        let mut spaces: Vec<_> =
            spaces.into_iter().map(|(text, members)| (SpaceId::parse(&text).unwrap(), members)).collect();
        spaces.extend(self.circles.iter().map(|circle| (circle.space, self.inside(circle))));
        // Who take each other out are both out, and so is whoever they had let in: then nobody is left to agree.
        spaces.retain(|(_, members)| !members.is_empty());
        spaces
    }
}

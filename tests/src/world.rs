//! A relay with a clock, without sockets, and phones that meet there: what a relay keeps for how long, over years if need be.

use crate::phone::{Phone, START_MS, let_in};
use rafiq::Error;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sync::wire::Item;
use rafiq::sync::{Budget, Exchange};
use rafiq_protocol::{Request, Response, Tag};
use rafiq_relay::{Config, Limits, LocalRelay, Rate, RelayClock};
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// Its address.
pub const URL: &str = "https://relay.example";
const DAY_S: u64 = 86_400;
/// A day, in milliseconds.
pub const DAY_MS: i64 = 86_400_000;

/// The relay and its clock.
pub struct World {
    folder: TempDir,
    relay: LocalRelay,
    now: Arc<AtomicU64>,
}

impl Default for World {
    /// A relay that takes as much as it gets.
    fn default() -> Self {
        let never = Rate { per_minute: u32::MAX, burst: u32::MAX };
        let mut limits = Limits { writes: never, posts: never, ..Limits::default() };
        (limits.posts_from_address, limits.opens_from_address) = (never, never);
        Self::with(limits)
    }
}

impl World {
    /// A relay with these limits.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn with(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicU64::new(START_MS as u64 / 1000));
        let mut config = Config::new(folder.path().join("relay.db"));
        let clock = Arc::clone(&now);
        config.clock = RelayClock::from_fn(move || clock.load(Ordering::Relaxed));
        config.limits = limits;
        let relay = LocalRelay::open(&config).unwrap();
        Self { folder, relay, now }
    }

    /// Exchanges with a budget of bytes, at most so many times.
    ///
    /// # Panics
    /// When an exchange fails.
    pub fn exchange_with(&self, phone: &Phone, budget: i64, rounds: u32) {
        let carry = |exchange: &Exchange| Ok::<_, Error>(self.answer(&exchange.bytes));
        phone.rafiq().exchange(URL, Budget { bytes: budget, metered: false }, rounds, carry).unwrap();
    }

    /// An exchange in which the relay keeps back what lies under a tag, as far as `of` says so of an item; `None` is what this phone cannot
    /// open.
    ///
    /// # Panics
    /// When the exchange fails.
    pub fn exchange_without(&self, phone: &Phone, tag: &Tag, of: impl Fn(Option<Item>) -> bool) {
        let carry = |exchange: &Exchange| {
            let tags = Request::decode(&exchange.bytes).unwrap().sections.into_iter().map(|section| section.tag);
            let mut response = Response::decode(&self.answer(&exchange.bytes)).unwrap();
            for (result, _) in response.results.iter_mut().zip(tags).filter(|(_, asked)| asked == tag) {
                result.envelopes.retain(|envelope| {
                    let opened = phone.sync().open_any(&envelope.bytes).unwrap();
                    !of(opened.and_then(|parts| Item::decode(&parts[0]).ok()))
                });
            }
            Ok::<_, Error>(response.encode().unwrap())
        };
        phone.rafiq().exchange(URL, Budget::default(), 40, carry).unwrap();
    }

    /// Each in turn, until nothing is left to do.
    pub fn exchange(&self, phones: &[&Phone]) {
        for phone in phones {
            self.exchange_with(phone, Budget::default().bytes, 40);
        }
    }

    /// A steward lets somebody into a space.
    ///
    /// # Panics
    /// When a step fails.
    pub fn join(&self, steward: &Phone, phone: &Phone, place: &str) {
        let_in(steward, phone, place, |each| self.exchange(&[each]));
    }

    /// A pairing of so many, the first of whom has let in the others as stewards; all of them have read each other.
    ///
    /// # Panics
    /// When a step fails; for more than four.
    pub fn pairing<const N: usize>(&self) -> ([Phone; N], PairingId) {
        let people = [("Olena", "uk"), ("Amina", "ar"), ("Farid", "prs"), ("Shirin", "prs")];
        let phones = std::array::from_fn(|number| Phone::new(number as u64 + 1, people[number].0, people[number].1));
        phones[0].sync().set_home_relay(URL).unwrap();
        let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Together".into() };
        let pairing = phones[0].mentoring().begin(new).unwrap().id;
        for phone in &phones[1..] {
            self.join(&phones[0], phone, &pairing.value);
        }
        for phone in phones.iter().chain(&phones) {
            self.exchange(&[phone]);
        }
        (phones, pairing)
    }

    /// Days go by for the relay and for these phones, and the relay has looked for what it may let go of.
    ///
    /// # Panics
    /// When the relay's database fails.
    pub fn pass(&self, days: u64, phones: &[&Phone]) {
        self.now.fetch_add(days * DAY_S, Ordering::Relaxed);
        for phone in phones {
            phone.pass(days as i64 * DAY_MS);
        }
        let mut before = usize::MAX;
        while self.envelopes().len() < before {
            before = self.envelopes().len();
            self.relay.tidy().unwrap();
        }
    }

    /// Minutes go by for the relay and for these phones.
    pub fn wait(&self, minutes: u64, phones: &[&Phone]) {
        self.now.fetch_add(minutes * 60, Ordering::Relaxed);
        phones.iter().for_each(|phone| phone.pass(minutes as i64 * 60_000));
    }

    /// What the relay holds of spaces, by position.
    ///
    /// # Panics
    /// When the relay's database fails.
    pub fn envelopes(&self) -> Vec<(i64, Vec<u8>)> {
        let rows = self.database();
        let mut statement = rows
            .prepare(
                "SELECT e.position, e.bytes FROM envelope e JOIN space s ON s.number = e.space WHERE s.kind = 1
                 ORDER BY e.position",
            )
            .unwrap();
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        found.collect::<Result<_, _>>().unwrap()
    }

    /// The relay's answer to a request.
    ///
    /// # Panics
    /// When the relay fails.
    pub fn answer(&self, request: &[u8]) -> Vec<u8> {
        self.relay.answer(request).unwrap()
    }

    /// The relay's database, to be looked into or spoiled.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn database(&self) -> Connection {
        Connection::open(self.folder.path().join("relay.db")).unwrap()
    }
}

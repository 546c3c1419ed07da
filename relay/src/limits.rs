//! How often someone may do something: token buckets.

use crate::config::Rate;
use parking_lot::Mutex;
use std::{collections::HashMap, hash::Hash, time::Instant};

/// Above so many buckets the full ones, which say nothing, are forgotten.
const MANY: usize = 50_000;

/// How full a bucket was at a moment, in seconds of whatever clock its keeper uses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Level {
    pub(crate) tokens: f64,
    pub(crate) at: f64,
}

impl Level {
    pub(crate) fn full(rate: Rate, now: f64) -> Self {
        Self { tokens: f64::from(rate.burst), at: now }
    }

    /// What is in it now.
    fn refilled(&self, rate: Rate, now: f64) -> f64 {
        let per_second = f64::from(rate.per_minute) / 60.0;
        (self.tokens + (now - self.at).max(0.0) * per_second).min(f64::from(rate.burst))
    }

    /// Takes a token, or says after how many seconds there will be one.
    pub(crate) fn take(&mut self, rate: Rate, now: f64) -> Result<(), u32> {
        let tokens = self.refilled(rate, now);
        if tokens < 1.0 {
            let per_second = (f64::from(rate.per_minute) / 60.0).max(1e-3);
            return Err(((1.0 - tokens) / per_second).ceil().max(1.0) as u32);
        }
        *self = Self { tokens: tokens - 1.0, at: now };
        Ok(())
    }

    /// Whether nobody would notice if it were forgotten.
    pub(crate) fn is_full(&self, rate: Rate, now: f64) -> bool {
        self.refilled(rate, now) >= f64::from(rate.burst)
    }
}

/// A bucket for each address, in memory only.
pub(crate) struct Buckets<K> {
    rate: Rate,
    begun: Instant,
    levels: Mutex<HashMap<K, Level>>,
}

impl<K: Eq + Hash> Buckets<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, begun: Instant::now(), levels: Mutex::new(HashMap::new()) }
    }

    /// Takes a token, or says after how many seconds there will be one.
    pub(crate) fn take(&self, key: K) -> Result<(), u32> {
        self.take_at(key, self.begun.elapsed().as_secs_f64())
    }

    fn take_at(&self, key: K, now: f64) -> Result<(), u32> {
        let mut levels = self.levels.lock();
        tidy(&mut levels, |_, level| level.is_full(self.rate, now));
        levels.entry(key).or_insert_with(|| Level::full(self.rate, now)).take(self.rate, now)
    }
}

/// Forgets levels when there are too many.
pub(crate) fn tidy<K: Eq + Hash>(levels: &mut HashMap<K, Level>, says_nothing: impl Fn(&K, &Level) -> bool) {
    if levels.len() >= MANY {
        levels.retain(|key, level| !says_nothing(key, level));
        if levels.len() >= MANY {
            levels.clear(); // rather generous for a moment than closed to everybody
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_steady_rate() {
        let buckets = Buckets::new(Rate { per_minute: 60, burst: 3 });
        let start = 1_000.0;
        assert_eq!([1, 2, 3].map(|_| buckets.take_at("a", start)), [Ok(()); 3]);
        assert_eq!(buckets.take_at("a", start), Err(1));
        assert_eq!(buckets.take_at("b", start), Ok(()), "another key has its own");
        let later = start + 1.5;
        assert_eq!(buckets.take_at("a", later), Ok(()));
        assert_eq!(buckets.take_at("a", later), Err(1));
        assert_eq!(buckets.take_at("a", later + 3_600.0), Ok(()));
    }

    #[test]
    fn full_buckets_are_forgotten() {
        let buckets = Buckets::new(Rate { per_minute: 60, burst: 1 });
        let start = 1_000.0;
        for key in 0..MANY {
            assert_eq!(buckets.take_at(key, start), Ok(()));
        }
        assert_eq!(buckets.take_at(MANY, start + 10.0), Ok(()));
        assert_eq!(buckets.levels.lock().len(), 1);
    }
}

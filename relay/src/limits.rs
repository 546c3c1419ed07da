//! How often someone may do something: token buckets, in memory only.

use crate::config::Rate;
use parking_lot::Mutex;
use std::{collections::HashMap, hash::Hash, time::Instant};

/// Above so many buckets the full ones, which say nothing, are forgotten.
const MANY: usize = 50_000;

/// A bucket for each key, address or inbox.
pub(crate) struct Buckets<K> {
    rate: Rate,
    levels: Mutex<HashMap<K, Level>>,
}

#[derive(Clone, Copy)]
struct Level {
    tokens: f64,
    at: Instant,
}

impl<K: Eq + Hash> Buckets<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, levels: Mutex::new(HashMap::new()) }
    }

    /// Takes a token, or says after how many seconds there will be one.
    pub(crate) fn take(&self, key: K) -> Result<(), u32> {
        self.take_at(key, Instant::now())
    }

    fn take_at(&self, key: K, now: Instant) -> Result<(), u32> {
        let (burst, per_second) = (f64::from(self.rate.burst), f64::from(self.rate.per_minute) / 60.0);
        let refilled = |level: &Level| {
            (level.tokens + now.saturating_duration_since(level.at).as_secs_f64() * per_second).min(burst)
        };
        let mut levels = self.levels.lock();
        if levels.len() >= MANY {
            levels.retain(|_, level| refilled(level) < burst);
            if levels.len() >= MANY {
                levels.clear(); // rather generous for a moment than closed to everybody
            }
        }
        let level = levels.entry(key).or_insert(Level { tokens: burst, at: now });
        let tokens = refilled(level);
        if tokens < 1.0 {
            return Err(((1.0 - tokens) / per_second.max(1e-3)).ceil().max(1.0) as u32);
        }
        *level = Level { tokens: tokens - 1.0, at: now };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_then_a_steady_rate() {
        let buckets = Buckets::new(Rate { per_minute: 60, burst: 3 });
        let start = Instant::now();
        assert_eq!([1, 2, 3].map(|_| buckets.take_at("a", start)), [Ok(()); 3]);
        assert_eq!(buckets.take_at("a", start), Err(1));
        assert_eq!(buckets.take_at("b", start), Ok(()), "another key has its own");
        let later = start + Duration::from_millis(1_500);
        assert_eq!(buckets.take_at("a", later), Ok(()));
        assert_eq!(buckets.take_at("a", later), Err(1));
        assert_eq!(buckets.take_at("a", later + Duration::from_secs(3_600)), Ok(()));
    }

    #[test]
    fn full_buckets_are_forgotten() {
        let buckets = Buckets::new(Rate { per_minute: 60, burst: 1 });
        let start = Instant::now();
        for key in 0..MANY {
            assert_eq!(buckets.take_at(key, start), Ok(()));
        }
        assert_eq!(buckets.take_at(MANY, start + Duration::from_secs(10)), Ok(()));
        assert_eq!(buckets.levels.lock().len(), 1);
    }
}

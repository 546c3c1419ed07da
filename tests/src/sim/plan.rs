//! What follows from a seed before anything happens.

use rafiq::sync::Safeguard;

/// How many live in a world, over how many relays, for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// From which everything follows.
    pub seed: u64,
    /// Honest devices; more come while it lasts.
    pub devices: usize,
    /// Relays.
    pub relays: usize,
    /// Days before everything is mended.
    pub days: u32,
    /// Whether one more has come into the first group, who is not honest.
    pub byzantine: bool,
    /// Whether some phones are put back to a copy of their store. Relays are not, then: what two lose who alone had it is lost.
    pub restored_backups: bool,
    /// Circles in which people are taken out and leave.
    pub circles: usize,
    /// What all devices do without: then something must go wrong.
    pub without: Option<Safeguard>,
}

/// Worlds of ten even seeds, from two people to a town's network. Bugs of two are found among few; what grows with the number is not.
const DEVICES: [usize; 10] = [5, 2, 8, 3, 12, 4, 25, 6, 50, 9];
/// About so many device-days each.
const DEVICE_DAYS: usize = 240;
/// Circles in each of them.
const CIRCLES: usize = 1;
/// Every second world is of few who meet in many circles and part within days, so that they hear late of each other what they have done.
const PARTING: Plan = Plan {
    seed: 0,
    devices: 5,
    relays: 1,
    days: 4,
    byzantine: true,
    restored_backups: false,
    circles: 8,
    without: None,
};

impl Plan {
    /// The world of a seed.
    pub fn of(seed: u64) -> Self {
        if !seed.is_multiple_of(2) {
            let relays = 1 + usize::from(!seed.is_multiple_of(3));
            return Self { seed, relays, restored_backups: (seed / 2).is_multiple_of(2), ..PARTING };
        }
        let number = seed / 2;
        let devices = DEVICES[(number % DEVICES.len() as u64) as usize];
        let days = (DEVICE_DAYS / devices).clamp(8, 48) as u32;
        let (relays, byzantine) = (1 + usize::from(!number.is_multiple_of(3)), devices > 2);
        let restored_backups = (number / DEVICES.len() as u64 + number).is_multiple_of(2);
        Self { seed, devices, relays, days, byzantine, restored_backups, circles: CIRCLES, without: None }
    }

    /// The worlds of the seeds from `first` on that together last so many device-days.
    pub fn lasting(first: u64, device_days: u32) -> Vec<Self> {
        let mut left = i64::from(device_days);
        let mut plans = Vec::new();
        while left > 0 {
            plans.push(Self::of(first + plans.len() as u64));
            left -= i64::from(plans[plans.len() - 1].device_days());
        }
        plans
    }

    /// Whether somebody gets a phone on this day and is let into a group or a pairing: one in a small world, two in a larger one.
    pub(super) fn somebody_comes(&self, day: u32) -> bool {
        day == self.days / 2 || self.devices >= 6 && day == self.days * 3 / 4
    }

    /// Devices times days, without those who come late.
    pub fn device_days(&self) -> u32 {
        self.devices as u32 * self.days
    }
}

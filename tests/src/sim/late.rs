//! Those who come late, and the packs that they begin with: a steward tells a space again from its beginning while everything else
//! goes on, and somebody who gets a phone only then is let in.

use super::Fault;
use super::device::Device;
use super::world::World;
use rafiq::ids::SpaceId;
use rafiq::replica::SpaceKind;
use rafiq::sharing::Reach;

/// A steward's phone writes a pack on one day of so many, whether or not one is due.
const PACKED: usize = 5;
/// A pack that is not on the relay after so many tries is left to later: the newcomer begins at the beginning.
const MOST_TRIES: usize = 40;
const STEWARD: u8 = 3;

impl World {
    /// One of somebody's spaces is told again from its beginning.
    pub(super) fn pack(&mut self, who: usize) {
        if !self.rng.once_in(PACKED) {
            return;
        }
        let mut spaces = self.devices[who].rafiq().replica().spaces(None).unwrap();
        spaces.retain(|space| space.kind != SpaceKind::Personal && space.role == STEWARD);
        while !spaces.is_empty() {
            let space = spaces.swap_remove(self.rng.below(spaces.len())).id;
            // Nothing can be covered while something of theirs is still to leave.
            if self.devices[who].rafiq().sync().write_pack(&space).unwrap() {
                self.faults.count(Fault::Pack);
                self.exchange(who);
                return;
            }
        }
    }

    /// Somebody has come whose phone was not there at the beginning, and is let into a group or a pairing.
    pub(super) fn newcomers(&mut self, day: u32) {
        if !self.plan.somebody_comes(day) {
            return;
        }
        // A good day: they stand beside each other, and look at the clock.
        self.sites.iter_mut().for_each(|site| site.withholds = false);
        let (group, pairing) = (self.rng.below(self.groups.len()), self.rng.below(self.pairings.len()));
        let to_pairing = self.rng.once_in(2);
        let (place, steward) = if to_pairing {
            let (pairing, members) = &self.pairings[pairing];
            (pairing.value.clone(), members[0])
        } else {
            let (group, members) = &self.groups[group];
            (group.value.clone(), members[0])
        };
        let who = self.devices.len();
        let name = format!("Newcomer {who}");
        self.devices.push(Device::new(
            self.plan.seed ^ ((who as u64 + 1) << 48),
            self.today_ms,
            &name,
            "prs",
            self.plan.without,
        ));
        let home = self.rng.below(self.sites.len());
        self.devices[who].rafiq().sync().set_home_relay(&self.sites[home].url).unwrap();
        for who in [0, steward] {
            self.devices[who].skew_ms = 0;
            self.devices[who].set_clock(self.today_ms);
        }
        let invite = self.devices[0].rafiq().sharing().invite(&self.directory, Reach::Remote).unwrap();
        self.devices[who].rafiq().sharing().accept(&invite.text).unwrap();
        let space = SpaceId::parse(&place).unwrap();
        self.write_whole_pack(steward, &space);
        let is_packed = self.has_pack(steward, &space);
        self.join(steward, who, &place);
        if to_pairing {
            self.pairings[pairing].1.push(who);
        } else {
            self.groups[group].1.push(who);
        }
        self.sees_the_place(steward, who, to_pairing, &place);
        self.late += usize::from(is_packed && self.has_pack(who, &space));
    }

    /// Until it lies on the relay whole, or the line is too bad for it.
    fn write_whole_pack(&mut self, steward: usize, space: &SpaceId) {
        let mut begun = false;
        for _ in 0..MOST_TRIES {
            self.exchange(steward);
            if begun && self.has_pack(steward, space) {
                return;
            }
            if !begun {
                begun = self.devices[steward].rafiq().sync().write_pack(space).unwrap();
                if begun {
                    self.faults.count(Fault::Pack);
                }
            }
        }
    }

    /// Whether they have written or read one to its end.
    fn has_pack(&self, who: usize, space: &SpaceId) -> bool {
        let sql = "SELECT 1 FROM pack WHERE space = ?1 AND NOT EXISTS (SELECT 1 FROM pack_draft WHERE space = ?1)";
        let replica = self.devices[who].rafiq().replica();
        replica.read(|rows| Ok(rows.prepare(sql)?.exists([&space.0[..]])?)).unwrap()
    }

    /// They have read what the place is before they write there.
    fn sees_the_place(&mut self, steward: usize, who: usize, is_pairing: bool, place: &str) {
        for _ in 0..MOST_TRIES {
            let rafiq = self.devices[who].rafiq();
            let seen = if is_pairing {
                let pairings = rafiq.mentoring().list().unwrap();
                pairings.iter().any(|pairing| pairing.id.value == place && !pairing.model.is_empty())
            } else {
                let groups = rafiq.groups().list().unwrap();
                groups.iter().any(|group| group.id.value == place && !group.name.is_empty())
            };
            if seen {
                return;
            }
            self.exchange(steward);
            self.exchange(who);
        }
        panic!("{} does not see {place}", self.devices[who].name);
    }
}

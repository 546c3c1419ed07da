//! What must be true of those who belong to a circle and of those who are out: what they hold, what they were told, what counts of their
//! work.

use super::circle::Circle;
use super::judge::{hashes, said_in};
use super::secrets::{Found, SINCE, marker};
use super::world::World;
use rafiq::ids::SpaceId;
use rafiq::sync::wire::signed::Signed;
use rafiq::sync::wire::{Action, Authority, DeviceId, EntryHash, Header, Item, Membership, Operation};
use rafiq_protocol::EnvelopeHeader;
use std::collections::{BTreeMap, BTreeSet};

/// The least role that writes, and that of whoever is out.
const WRITER: u8 = 2;
const FORMER: u8 = 0;

impl World {
    /// Whoever is out was told, and nobody else.
    pub(super) fn everybody_knows_whether_they_belong(&self) {
        for circle in &self.circles {
            let inside = self.inside(circle);
            for who in &circle.members {
                let device = &self.devices[*who];
                let role = device.rafiq().replica().role_in(&circle.space).unwrap();
                let right = if inside.contains(who) { role >= WRITER } else { role == FORMER };
                assert!(right, "{}: role {role}, inside: {inside:?} of {:?}", device.name, circle.members);
            }
        }
        for gone in &self.gone {
            let device = &self.devices[gone.who];
            let still = self.inside(&self.circles[gone.circle]).contains(&gone.who);
            assert!(!still, "{}: is out and belongs", device.name);
        }
    }

    /// What somebody who was taken out had written before they knew counts if somebody has built on it, and else not before a steward has
    /// seen it: here all who belong do, and keep it. Whether there was anything.
    pub(super) fn keep_what_is_held(&mut self) -> bool {
        let mut kept = false;
        for number in 0..self.circles.len() {
            let circle = &self.circles[number];
            let inside = self.inside(circle);
            inside.iter().for_each(|who| self.only_what_counts(*who, circle));
            // A relay that keeps things back, or a card, brought it to one of them alone, perhaps.
            for steward in inside {
                let (space, sharing) = (circle.space.to_string(), self.devices[steward].rafiq().sharing());
                for work in sharing.held_work(&space).unwrap() {
                    sharing.keep(&space, &work.person).unwrap();
                    self.kept += work.entries as usize;
                    kept = true;
                }
            }
        }
        kept
    }

    /// Nothing of a device that is out is part of a log, beyond what its remover had seen, unless somebody vouches for it.
    fn only_what_counts(&self, who: usize, circle: &Circle) {
        let membership = self.membership(who, &circle.space);
        let log = self.headers(who, &circle.space);
        let vouched = vouched(&membership, log.iter().chain(&self.headers_aside(who, &circle.space)));
        for (_, header) in log.iter().filter(|(hash, header)| membership.beyond_cut(header, *hash)) {
            let end = vouched.get(&(header.device, header.incarnation)).copied().unwrap_or_default();
            let counts = header.sequence <= end || header.device == self.devices[who].rafiq().sync().device();
            assert!(counts, "{}: counts, and nobody vouches for it", self.devices[who].name);
        }
    }

    fn headers(&self, who: usize, space: &SpaceId) -> Vec<(EntryHash, Header)> {
        let found = self.devices[who].rafiq().replica().read(|rows| {
            let mut statement = rows.prepare("SELECT header, signature FROM entry WHERE space = ?1")?;
            let found = statement.query_map([&space.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(found.collect::<Result<Vec<(Vec<u8>, [u8; 64])>, _>>()?)
        });
        let verified = |(bytes, signature)| {
            let header = Signed::<Header>::verify(bytes, signature).unwrap();
            (EntryHash::of(header.bytes()), Header::clone(&header))
        };
        found.unwrap().into_iter().map(verified).collect()
    }

    fn headers_aside(&self, who: usize, space: &SpaceId) -> Vec<(EntryHash, Header)> {
        let found = self.devices[who].rafiq().replica().read(|rows| {
            let mut statement = rows.prepare("SELECT item FROM held_item WHERE space = ?1")?;
            let found = statement.query_map([&space.0[..]], |row| row.get(0))?;
            Ok(found.collect::<Result<Vec<Vec<u8>>, _>>()?)
        });
        let entry = |item: Vec<u8>| match Item::decode(&item[1..]) {
            Ok(Item::Entry(entry)) => Some((entry.hash(), Header::clone(&entry))),
            _ => None,
        };
        found.unwrap().into_iter().filter_map(entry).collect()
    }

    fn has_key(&self, who: usize, key_id: &[u8]) -> bool {
        let replica = self.devices[who].rafiq().replica();
        let sql = "SELECT 1 FROM space_key WHERE key_id = ?1";
        replica.read(|rows| Ok(rows.prepare(sql)?.exists([key_id])?)).unwrap()
    }

    /// What may stand aside in a circle for ever: whatever it is with somebody who is out, and the work of such a one behind an entry that
    /// nobody has got, or under a key that nobody who belongs has.
    pub(super) fn may_stand_aside(&self, who: usize, space: &SpaceId, item: &[u8], reason: &str) -> bool {
        let Some(circle) = self.circles.iter().find(|circle| circle.space == *space) else { return false };
        if !self.inside(circle).contains(&who) {
            return true;
        }
        // Sealed, on a damaged card, under a key that somebody made who was out before they could bring it to anybody.
        if let (0, Ok(header)) = (item[0], EnvelopeHeader::parse(&item[1..])) {
            return !self.inside(circle).into_iter().any(|other| self.has_key(other, &header.key_id));
        }
        match Item::decode(&item[1..]) {
            Ok(Item::Entry(entry)) => reason == "needs" && self.truth(circle).member(entry.device).is_none(),
            _ => false,
        }
    }

    /// What somebody who is out had written in their circle: it is still with them. Whoever has left took leave of nothing: what they wrote
    /// before is with the others.
    pub(super) fn still_with_them(&self, who: usize) -> BTreeSet<[u8; 32]> {
        let out = self.circles.iter().filter(|circle| circle.members.contains(&who) && self.was_put_out(circle, who));
        out.flat_map(|circle| hashes(&self.devices[who], "change", &circle.space)).collect()
    }

    /// Whether somebody is out and would be had they not left: somebody took them out, or whoever had let them in while that was not known.
    fn was_put_out(&self, circle: &Circle, who: usize) -> bool {
        let device = self.devices[who].rafiq().sync().device();
        let is_leave = |operation: &Operation| {
            operation.author == device
                && matches!(&operation.action, Action::Remove(remove) if remove.devices == [device])
        };
        let truth = self.truth(circle);
        let stayed = truth.operations().iter().filter(|operation| !is_leave(operation)).cloned();
        Membership::replay(circle.space, stayed).member(device).is_none()
    }

    /// Whoever belongs has what somebody wrote before they left; where nobody does any more, they themselves.
    fn left_with(&self, circle: &Circle, who: usize) -> Vec<usize> {
        let inside = self.inside(circle);
        if inside.is_empty() { vec![who] } else { inside }
    }

    /// With everybody who belongs.
    pub(super) fn with_all_inside(&self, who: usize) -> BTreeSet<[u8; 32]> {
        let circles = self.circles.iter().filter(|circle| circle.members.contains(&who));
        let everywhere = circles.flat_map(|circle| {
            let theirs = self
                .left_with(circle, who)
                .into_iter()
                .map(|other| hashes(&self.devices[other], "change", &circle.space));
            theirs.reduce(|a, b| &a & &b).unwrap_or_default()
        });
        everywhere.collect()
    }

    /// The same of both, by what it says: with whoever was taken out, and with everybody who belongs where somebody has left.
    pub(super) fn said_where_they_are_out(&self, who: usize) -> BTreeSet<String> {
        let said = self.circles.iter().filter(|circle| circle.members.contains(&who)).flat_map(|circle| {
            let with = if self.was_put_out(circle, who) { vec![who] } else { self.left_with(circle, who) };
            let said = with.into_iter().map(|other| said_in(&self.devices[other], &circle.space));
            said.reduce(|a, b| &a & &b).unwrap_or_default()
        });
        said.collect()
    }

    /// What was written by somebody who knew that another was out is with all who belong, and not with that one.
    pub(super) fn nobody_reads_on(&self, everything: &[Found]) {
        for (place, gone) in self.gone.iter().enumerate() {
            let circle = &self.circles[gone.circle];
            let word = (marker(SINCE), place);
            let with: Vec<usize> = (0..everything.len()).filter(|who| everything[*who].contains(&word)).collect();
            assert!(!with.contains(&gone.who), "{} reads on in circle {}", self.devices[gone.who].name, gone.circle);
            assert!(with.iter().all(|who| circle.members.contains(who)), "{word:?} is with {with:?}");
            // What somebody wrote who was out before it could leave their phone stays with them.
            let (have, lack): (Vec<usize>, Vec<usize>) =
                self.inside(circle).into_iter().partition(|who| with.contains(who));
            assert!(have.is_empty() || lack.is_empty(), "{word:?} is with {have:?}, not with {lack:?}");
        }
    }

    /// Whether these bytes were written by somebody who knew that this device was out.
    pub(super) fn was_written_without(&self, who: usize, parts: &[Vec<u8>]) -> bool {
        let gone = self.gone.iter().enumerate().filter(|(_, gone)| gone.who == who);
        let mut words = gone.map(|(place, _)| format!("{SINCE}-{place}."));
        words.any(|word| parts.iter().any(|part| part.windows(word.len()).any(|window| window == word.as_bytes())))
    }
}

/// How far each chain is named by somebody else who belonged and had not been taken out.
fn vouched<'a>(
    membership: &Membership,
    headers: impl Iterator<Item = &'a (EntryHash, Header)>,
) -> BTreeMap<(DeviceId, u32), u64> {
    let mut vouched = BTreeMap::new();
    for (hash, header) in headers {
        let authority = membership.authorised_at(&header.auth_heads, header.device, header.incarnation);
        if !matches!(authority, Authority::Role(role) if role.may_write()) || membership.beyond_cut(header, *hash) {
            continue;
        }
        for head in header.entry_heads.iter().filter(|head| head.device != header.device) {
            let end = vouched.entry((head.device, head.incarnation)).or_default();
            *end = head.sequence.max(*end);
        }
    }
    vouched
}

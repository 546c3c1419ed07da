//! What rests on what in a space, so that what falls takes along all that cannot stand without it: what comes after it in its chain, and what
//! holds a change that depends on one of its own.

use super::cut::each_header;
use super::wire::EntryHash;
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use automerge::Change;
use rusqlite::Connection;
use std::collections::{BTreeMap, HashMap};

/// The name of an entry or of a change.
type Name = [u8; 32];

/// Entries of the log that fall, each with what it will be missing: an entry, a change, or, for those that fall by themselves, nothing.
pub(super) type Falling = BTreeMap<Name, Option<Name>>;

/// The log of a space, read once however often it is asked what falls.
#[derive(Default)]
pub(super) struct Resting {
    /// By entry: what rests on it, each with what of it that is missing then.
    above: HashMap<Name, Vec<(Name, Name)>>,
    /// By entry: its changes.
    carries: HashMap<Name, Vec<Name>>,
    /// By change: the entry that carries it; `None` for what has not left this device yet.
    carriers: HashMap<Name, Option<Name>>,
}

impl Resting {
    pub(super) fn of(rows: &Connection, space: &SpaceId) -> Result<Self> {
        let mut resting = Self::default();
        each_header(rows, space, None, |header| {
            resting.add_entry(EntryHash::of(header.bytes()).0, header.previous.map(|previous| previous.0));
        })?;
        for (change, link) in links(rows, space)? {
            resting.add_change(change, link);
        }
        Ok(resting)
    }

    /// Which changes and entries are there, without what rests on what: nothing but what is named falls. It decodes nothing, and is enough where
    /// nothing of the log falls.
    pub(super) fn names(rows: &Connection, space: &SpaceId) -> Result<Self> {
        let mut resting = Self::default();
        let mut statement = rows.prepare_cached("SELECT hash FROM entry WHERE space = ?1")?;
        for entry in statement.query_map([&space.0[..]], |row| row.get(0))? {
            resting.carries.entry(entry?).or_default();
        }
        let mut statement = rows.prepare_cached("SELECT hash, entry FROM change WHERE space = ?1")?;
        for change in statement.query_map([&space.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))? {
            let (change, entry): (Name, Option<Name>) = change?;
            resting.carriers.insert(change, entry);
            entry.into_iter().for_each(|entry| resting.carries.entry(entry).or_default().push(change));
        }
        Ok(resting)
    }

    /// An entry of the log, after the one before it.
    pub(super) fn add_entry(&mut self, entry: Name, previous: Option<Name>) {
        self.carries.entry(entry).or_default();
        if let Some(previous) = previous {
            self.above.entry(previous).or_default().push((entry, previous));
        }
    }

    /// A change of the log, after those that it depends on.
    pub(super) fn add_change(&mut self, change: Name, link: Link) {
        self.carriers.insert(change, link.entry);
        let Some(entry) = link.entry else { return };
        self.carries.entry(entry).or_default().push(change);
        for dep in link.deps {
            if let Some(Some(carrier)) = self.carriers.get(&dep)
                && *carrier != entry
            {
                self.above.entry(*carrier).or_default().push((entry, dep));
            }
        }
    }

    /// What falls with these entries. What is not part of the log falls with nothing and takes nothing along.
    pub(super) fn falling(&self, beyond: impl IntoIterator<Item = Name>) -> Falling {
        let mut next: Vec<Name> = beyond.into_iter().filter(|entry| self.carries.contains_key(entry)).collect();
        let mut fallen: Falling = next.iter().map(|entry| (*entry, None)).collect();
        while let Some(entry) = next.pop() {
            for (above, need) in self.above.get(&entry).into_iter().flatten() {
                match fallen.get_mut(above) {
                    None => {
                        fallen.insert(*above, Some(*need));
                        next.push(*above);
                    }
                    // Whatever else it lacks, it waits for what comes before it first, and so on every replica for the same.
                    Some(Some(other)) if *need == entry => *other = *need,
                    Some(_) => {}
                }
            }
        }
        fallen
    }

    /// The changes that an entry of the log carries.
    pub(super) fn changes_of(&self, entry: &Name) -> &[Name] {
        self.carries.get(entry).map_or(&[], Vec::as_slice)
    }

    /// Whether a change is part of the log and does not fall.
    pub(super) fn stays(&self, change: &Name, fall: &Falling) -> bool {
        self.carriers.get(change).is_some_and(|entry| entry.is_none_or(|entry| !fall.contains_key(&entry)))
    }
}

/// A change of the log with what it rests on.
pub(super) struct Link {
    pub(super) deps: Vec<Name>,
    pub(super) entry: Option<Name>,
}

/// Every change of a space, each after those that it rests on.
pub(super) fn links(rows: &Connection, space: &SpaceId) -> Result<Vec<(Name, Link)>> {
    let mut statement =
        rows.prepare_cached("SELECT hash, bytes, entry FROM change WHERE space = ?1 ORDER BY number")?;
    let mut found = statement.query([&space.0[..]])?;
    let mut links = Vec::new();
    while let Some(row) = found.next()? {
        let change = Change::from_bytes(row.get(1)?).map_err(|_| Error::Corrupt)?;
        let deps = change.deps().iter().map(|hash| hash.0).collect();
        links.push((row.get(0)?, Link { deps, entry: row.get(2)? }));
    }
    Ok(links)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: u8) -> Name {
        [number; 32]
    }

    fn change(resting: &mut Resting, change: u8, deps: &[u8], entry: Option<u8>) {
        let link = Link { deps: deps.iter().map(|dep| name(*dep)).collect(), entry: entry.map(name) };
        resting.add_change(name(change), link);
    }

    /// One chain 1, 2, 3 and another 11, 12, where 12 has a change that depends on one of 2; 21 stands alone, and something is unsent.
    fn log() -> Resting {
        let mut log = Resting::default();
        for (entry, previous) in [(1, None), (2, Some(1)), (11, None), (3, Some(2)), (12, Some(11)), (21, None)] {
            log.add_entry(name(entry), previous.map(name));
        }
        change(&mut log, 101, &[], Some(1));
        change(&mut log, 102, &[101], Some(2));
        change(&mut log, 103, &[102], Some(2));
        change(&mut log, 112, &[103], Some(12));
        change(&mut log, 113, &[112], None);
        log
    }

    fn falling(beyond: &[u8]) -> Vec<(u8, Option<u8>)> {
        let fallen = log().falling(beyond.iter().map(|entry| name(*entry)));
        fallen.into_iter().map(|(entry, need)| (entry[0], need.map(|need| need[0]))).collect()
    }

    #[test]
    fn what_falls_takes_along_what_comes_after_it_and_what_depends_on_it() {
        assert_eq!(falling(&[2]), [(2, None), (3, Some(2)), (12, Some(103))]);
        assert_eq!(falling(&[3]), [(3, None)]);
        assert_eq!(falling(&[1, 2]), [(1, None), (2, None), (3, Some(2)), (12, Some(103))]);
    }

    #[test]
    fn whoever_lacks_both_waits_for_what_comes_before_it() {
        for beyond in [[2, 11], [11, 2]] {
            assert_eq!(falling(&beyond), [(2, None), (3, Some(2)), (11, None), (12, Some(11))]);
        }
    }

    #[test]
    fn what_is_not_in_the_log_takes_nothing_along() {
        assert_eq!(falling(&[77]), []);
        assert_eq!(falling(&[]), []);
    }

    #[test]
    fn a_change_stays_with_the_entry_that_carries_it() {
        let log = log();
        let fall = log.falling([name(2)]);
        assert!(log.stays(&name(101), &fall) && log.stays(&name(113), &fall), "below it, and unsent");
        assert!(!log.stays(&name(102), &fall) && !log.stays(&name(112), &fall) && !log.stays(&name(99), &fall));
        assert_eq!(log.changes_of(&name(2)), [name(102), name(103)]);
    }
}

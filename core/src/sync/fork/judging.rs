//! Which side of a fork stays, and what falls with the other. A rival counts as it would if it stood in its place by itself: one that builds
//! on what falls elsewhere is none, in the log as little as aside, or phones that heard of both in another order would differ for ever.

use super::super::cut::{each_header, falling};
use super::super::scanner;
use super::super::waiting::{Aside, FORK};
use super::super::wire::signed::Signed;
use super::super::wire::{self, Authority, EntryHash, Header, Membership};
use super::{Chain, chain_of};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use rusqlite::Connection;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Entries of the log that fall, each with what it will be missing.
pub(super) type Falling = BTreeMap<[u8; 32], Option<[u8; 32]>>;

/// Where in a chain something stands, and on what.
type Place = (Chain, u64, Option<EntryHash>);

/// An entry of a forked chain.
pub(super) struct Node {
    pub(super) chain: Chain,
    pub(super) sequence: u64,
    previous: Option<EntryHash>,
    /// It is part of the log, or as good: judged, and found in order but for its place.
    stands: bool,
}

/// The forks of a space, and who has seen which side.
pub(super) struct Forks {
    pub(super) nodes: HashMap<EntryHash, Node>,
    /// By person; a device of nobody known speaks for itself.
    seen: HashMap<EntryHash, BTreeSet<Vec<u8>>>,
}

/// What stands aside, with all that it builds on.
pub(super) struct Leaning {
    pub(super) aside: Aside,
    on: Vec<[u8; 32]>,
}

impl Forks {
    pub(super) fn of(rows: &Connection, membership: &Membership, aside: &[Aside]) -> Result<Self> {
        let chains: BTreeSet<Chain> =
            aside.iter().filter(|one| one.reason == FORK).map(|one| chain_of(&one.entry)).collect();
        let mut nodes = HashMap::new();
        let mut add = |header: &Header, hash, stands| {
            if chains.contains(&chain_of(header)) {
                let (chain, sequence, previous) = (chain_of(header), header.sequence, header.previous);
                nodes.insert(hash, Node { chain, sequence, previous, stands });
            }
        };
        aside.iter().for_each(|one| add(&one.entry, one.entry.hash(), one.reason == FORK));
        each_header(rows, &membership.space(), None, |header| add(&header, EntryHash::of(header.bytes()), true))?;
        let mut forks = Self { nodes, seen: HashMap::new() };
        aside.iter().for_each(|one| forks.hear(membership, &one.entry, one.entry.hash()));
        each_header(rows, &membership.space(), None, |header| {
            forks.hear(membership, &header, EntryHash::of(header.bytes()))
        })?;
        Ok(forks)
    }

    /// Whoever wrote this has seen what it names, and all before that.
    fn hear(&mut self, membership: &Membership, header: &Header, hash: EntryHash) {
        let role = membership.authorised_at(&header.auth_heads, header.device, header.incarnation);
        if !matches!(role, Authority::Role(role) if role.may_write()) || membership.beyond_cut(header, hash) {
            return;
        }
        let person =
            |device| membership.person_of(device).map_or_else(|| device.0.to_vec(), |person| person.0.to_vec());
        let who = person(header.device);
        for head in header.entry_heads.iter().filter(|head| person(head.device) != who) {
            let mut next = Some(head.hash);
            while let Some((hash, node)) = next.and_then(|hash| self.nodes.get(&hash).map(|node| (hash, node))) {
                if !self.seen.entry(hash).or_default().insert(who.clone()) {
                    break;
                }
                next = node.previous;
            }
        }
    }

    /// Of each place that several stand in, all but one, which is not one of these; and the first such place of each chain.
    pub(super) fn losers(&self, no_rivals: &HashSet<EntryHash>) -> (Vec<EntryHash>, BTreeMap<Chain, u64>) {
        let (mut losers, mut chains) = (Vec::new(), BTreeMap::new());
        for ((chain, sequence, _), rivals) in self.places() {
            // In ascending order of their places: the first is the first.
            chains.entry(chain).or_insert(sequence);
            let people = |hash: &EntryHash| self.seen.get(hash).map_or(0, BTreeSet::len);
            let able = rivals.iter().filter(|hash| !no_rivals.contains(hash));
            let stays = able.max_by_key(|hash| (people(hash), Reverse(**hash)));
            losers.extend(rivals.iter().filter(|hash| Some(*hash) != stays));
        }
        (losers, chains)
    }

    /// Whatever stands in a place with others.
    pub(super) fn rivals(&self) -> impl Iterator<Item = EntryHash> {
        self.places().into_values().flatten()
    }

    /// The places that several stand in.
    fn places(&self) -> BTreeMap<Place, Vec<EntryHash>> {
        let mut places: BTreeMap<Place, Vec<EntryHash>> = BTreeMap::new();
        for (hash, node) in self.nodes.iter().filter(|(_, node)| node.stands) {
            places.entry((node.chain, node.sequence, node.previous)).or_default().push(*hash);
        }
        places.retain(|_, rivals| rivals.len() > 1);
        places
    }
}

/// What falls with these: of the log, each with what it will be missing; and, by entry and by change, all that is gone then.
pub(super) fn what_falls(
    rows: &Connection,
    space: &SpaceId,
    losers: &[EntryHash],
    aside: &[Leaning],
) -> Result<(Falling, HashSet<[u8; 32]>)> {
    let mut beyond = Vec::new();
    for hash in losers {
        beyond.extend(header_of(rows, hash)?);
    }
    let fall = falling(rows, space, beyond)?;
    let mut gone: HashSet<[u8; 32]> = losers.iter().map(|hash| hash.0).collect();
    for entry in fall.keys() {
        gone.insert(*entry);
        let mut changes = rows.prepare_cached("SELECT hash FROM change WHERE entry = ?1")?;
        for change in changes.query_map([&entry[..]], |row| row.get(0))? {
            gone.insert(change?);
        }
    }
    let mut left: Vec<&Leaning> = aside.iter().collect();
    loop {
        let falls =
            |one: &&Leaning| gone.contains(&one.aside.entry.hash().0) || one.on.iter().any(|hash| gone.contains(hash));
        let (down, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(falls);
        left = rest;
        if down.is_empty() {
            return Ok((fall, gone));
        }
        for Leaning { aside, .. } in down {
            gone.insert(aside.entry.hash().0);
            for change in aside.entry.changes().iter().map(wire::Change::automerge_hash) {
                // Both sides may carry what had not left when the copy was made.
                if !stays(rows, &change, &fall)? {
                    gone.insert(change);
                }
            }
        }
    }
}

impl Leaning {
    /// What comes before it in its chain, what its changes depend on, and what it was waiting for.
    pub(super) fn of(aside: Aside) -> Self {
        let entry = &aside.entry;
        let mut on: Vec<[u8; 32]> = entry.previous.iter().map(|previous| previous.0).collect();
        on.extend(aside.needs.as_deref().and_then(|need| <[u8; 32]>::try_from(need).ok()));
        // What cannot be read depends on nothing.
        let changes = entry.named_changes().filter_map(|(_, bytes)| scanner::peek(bytes).ok());
        on.extend(changes.flat_map(|head| head.dependencies));
        let own: Vec<[u8; 32]> = entry.changes().iter().map(wire::Change::automerge_hash).collect();
        on.retain(|hash| !own.contains(hash));
        Self { aside, on }
    }
}

/// Whether a change is part of the log and does not fall.
fn stays(rows: &Connection, change: &[u8; 32], fall: &BTreeMap<[u8; 32], Option<[u8; 32]>>) -> Result<bool> {
    let mut statement = rows.prepare_cached("SELECT entry FROM change WHERE hash = ?1")?;
    let mut found = statement.query([&change[..]])?;
    let Some(row) = found.next()? else { return Ok(false) };
    Ok(row.get::<_, Option<[u8; 32]>>(0)?.is_none_or(|entry| !fall.contains_key(&entry)))
}

/// The header of an entry that is part of the log.
fn header_of(rows: &Connection, hash: &EntryHash) -> Result<Option<Signed<Header>>> {
    let mut statement = rows.prepare_cached("SELECT header, signature FROM entry WHERE hash = ?1")?;
    let mut found = statement.query([&hash.0[..]])?;
    let Some(row) = found.next()? else { return Ok(None) };
    Signed::known(row.get(0)?, row.get(1)?).map(Some).map_err(|_| Error::Corrupt)
}

#[cfg(test)]
mod tests;

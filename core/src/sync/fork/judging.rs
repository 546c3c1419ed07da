//! Which side of a fork stays, and what falls with the other. A rival counts as it would if it stood in its place by itself: one that builds
//! on what falls elsewhere is none, in the log as little as aside, or phones that heard of both in another order would differ for ever.

use super::super::cut::each_header;
use super::super::resting::{Falling, Resting};
use super::super::scanner;
use super::super::waiting::{Aside, FORK};
use super::super::wire::{self, Authority, EntryHash, Header, Membership};
use super::{Chain, chain_of};
use crate::error::Result;
use rusqlite::Connection;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Where in a chain something stands, and on what.
type Place = (Chain, u64, Option<EntryHash>);
/// Places that several stand in, and who does.
type Places = BTreeMap<Place, Vec<EntryHash>>;

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

    /// Of each place that several stand in, all but one, which is not one of these.
    fn losers(&self, places: &Places, no_rivals: &HashSet<EntryHash>) -> Vec<EntryHash> {
        let mut losers = Vec::new();
        for rivals in places.values() {
            let people = |hash: &EntryHash| self.seen.get(hash).map_or(0, BTreeSet::len);
            let able = rivals.iter().filter(|hash| !no_rivals.contains(hash));
            let stays = able.max_by_key(|hash| (people(hash), Reverse(**hash)));
            losers.extend(rivals.iter().filter(|hash| Some(*hash) != stays));
        }
        losers
    }

    /// The places that several stand in.
    fn places(&self) -> Places {
        let mut places = Places::new();
        for (hash, node) in self.nodes.iter().filter(|(_, node)| node.stands) {
            places.entry((node.chain, node.sequence, node.previous)).or_default().push(*hash);
        }
        places.retain(|_, rivals| rivals.len() > 1);
        places
    }
}

/// What a space comes to when each place keeps one entry.
pub(super) struct Settled {
    pub(super) fall: Falling,
    /// By entry and by change: all that is gone then.
    pub(super) gone: HashSet<[u8; 32]>,
    /// The chains that are forked, each with the first place that several stand in.
    pub(super) chains: BTreeMap<Chain, u64>,
    /// In some round something of the log fell: what rests on what was asked for.
    pub(super) log_was_asked: bool,
}

/// Whoever is no rival after all makes room for the next, and so on until nobody else falls. Each round takes one away at least, and what
/// stands aside is limited.
pub(super) fn settle(forks: &Forks, log: &Resting, aside: &[Leaning]) -> Settled {
    let (places, leaning) = (forks.places(), by_need(aside));
    // In ascending order of their places: the first is the first.
    let mut chains = BTreeMap::new();
    places.keys().for_each(|(chain, sequence, _)| _ = chains.entry(*chain).or_insert(*sequence));
    let (mut no_rivals, mut log_was_asked) = (HashSet::new(), false);
    loop {
        let losers = forks.losers(&places, &no_rivals);
        let (fall, gone) = what_falls(log, &losers, aside, &leaning);
        log_was_asked |= !fall.is_empty();
        let before = no_rivals.len();
        let lost: HashSet<EntryHash> = losers.into_iter().collect();
        let rivals = places.values().flatten().copied();
        no_rivals.extend(rivals.filter(|hash| gone.contains(&hash.0) && !lost.contains(hash)));
        if no_rivals.len() == before {
            return Settled { fall, gone, chains, log_was_asked };
        }
    }
}

/// What stands aside, by what it cannot stand without.
fn by_need(aside: &[Leaning]) -> HashMap<[u8; 32], Vec<usize>> {
    let mut leaning: HashMap<[u8; 32], Vec<usize>> = HashMap::new();
    for (at, one) in aside.iter().enumerate() {
        for need in one.on.iter().chain([&one.aside.entry.hash().0]) {
            leaning.entry(*need).or_default().push(at);
        }
    }
    leaning
}

/// What falls with these: of the log, and, by entry and by change, of the log and aside.
fn what_falls(
    log: &Resting,
    losers: &[EntryHash],
    aside: &[Leaning],
    leaning: &HashMap<[u8; 32], Vec<usize>>,
) -> (Falling, HashSet<[u8; 32]>) {
    let fall = log.falling(losers.iter().map(|hash| hash.0));
    let mut gone: HashSet<[u8; 32]> = losers.iter().map(|hash| hash.0).collect();
    gone.extend(fall.keys().flat_map(|entry| log.changes_of(entry).iter().chain([entry])));
    let mut next: Vec<[u8; 32]> = gone.iter().copied().collect();
    let mut down = vec![false; aside.len()];
    while let Some(lost) = next.pop() {
        for at in leaning.get(&lost).into_iter().flatten() {
            let entry = &aside[*at].aside.entry;
            if std::mem::replace(&mut down[*at], true) {
                continue;
            }
            // Both sides may carry what had not left when the copy was made: that stays with the other.
            let changes = entry.changes().iter().map(wire::Change::automerge_hash);
            let falls = changes.filter(|change| !log.stays(change, &fall)).chain([entry.hash().0]);
            next.extend(falls.filter(|hash| gone.insert(*hash)));
        }
    }
    (fall, gone)
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

#[cfg(test)]
mod tests;

//! What a group of writes may do: decided in memory, from facts that a backend has read inside its transaction, into effects
//! that it carries out in the same one. So both backends keep the same rules, and this file is all of them.

use super::{NewEnvelope, Outcome, PostWork, SectionWork, TokenHash, Work, WorkOutcome};
use crate::config::{Limits, Rate};
use crate::limits::Level;
use rafiq_protocol::{
    EnvelopeId, KeyList, Open, RelayKey, SpaceKind, Status, Tag, Urgency, key_list_signer, key_short_name,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Seconds, for a full space or disk: nothing changes by the minute there.
pub(crate) const RETRY_WHEN_FULL: u32 = 3_600;

/// The short name of a relay key.
pub(super) type Name = [u8; 8];
/// Who draws from an allowance in a space: a writer by name, or everybody who posts notes or alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Drawer {
    Writer(Name),
    Notes,
    Alerts,
}

/// A row of `space`, as far as writing needs it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) inbox: bool,
    pub(super) list_key: [u8; 32],
    pub(super) list_number: u32,
    pub(super) post_token: Option<TokenHash>,
    pub(super) last_position: u64,
    pub(super) bytes: u64,
    pub(super) covered: u64,
}

/// What the database says about whatever the group touches. What is not in here does not exist.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) places: HashMap<Tag, Place>,
    /// 1 read, 2 write, 3 both.
    pub(super) rights: HashMap<(Tag, RelayKey), u8>,
    pub(super) have: HashSet<(Tag, EnvelopeId)>,
    /// The newest envelopes of a writer, newest first: at least one more than the group offers of it.
    pub(super) newest: HashMap<(Tag, Name), Vec<EnvelopeId>>,
    pub(super) levels: HashMap<(Tag, Drawer), Level>,
    /// Seconds by the clock that the levels were written with.
    pub(super) now: f64,
}

/// What a group asks about, so that a backend reads it at once.
#[derive(Debug, Default)]
pub(super) struct Questions {
    pub(super) tags: BTreeSet<Tag>,
    pub(super) keys: BTreeSet<(Tag, RelayKey)>,
    pub(super) envelopes: BTreeSet<(Tag, EnvelopeId)>,
    /// How many of the newest envelopes of this writer are wanted.
    pub(super) newest: BTreeMap<(Tag, Name), usize>,
    pub(super) drawers: BTreeSet<(Tag, Drawer)>,
}

impl Questions {
    pub(super) fn of<'a>(works: impl IntoIterator<Item = &'a Work>) -> Self {
        let mut questions = Self::default();
        for work in works {
            for section in &work.sections {
                let (tag, name) = (section.tag, key_short_name(&section.key));
                questions.tags.insert(tag);
                questions.keys.insert((tag, section.key));
                questions.envelopes.extend(section.put.iter().map(|envelope| (tag, envelope.id)));
                questions.drawers.insert((tag, Drawer::Writer(name)));
                if section.last.is_some() {
                    *questions.newest.entry((tag, name)).or_insert(1) += section.put.len();
                }
            }
            for post in &work.posts {
                questions.tags.insert(post.tag);
                questions.envelopes.insert((post.tag, post.envelope.id));
                questions.drawers.insert((post.tag, Drawer::of(&post.envelope)));
            }
        }
        questions
    }
}

impl Drawer {
    fn of(envelope: &NewEnvelope) -> Self {
        if envelope.urgency == Urgency::Alert { Self::Alerts } else { Self::Notes }
    }

    pub(super) fn rate(self, limits: &Limits) -> Rate {
        match self {
            Self::Writer(_) => limits.writes,
            Self::Notes | Self::Alerts => limits.posts,
        }
    }
}

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct Effects<'a> {
    /// Places that are new; their rows are in `places` too.
    pub(super) opened: BTreeMap<Tag, Opened>,
    /// The new state of every place that changed.
    pub(super) places: BTreeMap<Tag, Place>,
    /// Lists of keys that replace what was allowed.
    pub(super) lists: BTreeMap<Tag, &'a KeyList>,
    pub(super) envelopes: Vec<Stored<'a>>,
    /// Envelopes whose bytes are forgotten, after everything else. Their rows stay: what comes again is there already, and a writer's
    /// newest stays its newest.
    pub(super) drops: BTreeSet<(Tag, EnvelopeId)>,
    pub(super) levels: BTreeMap<(Tag, Drawer), Level>,
}

#[derive(Debug)]
pub(super) struct Opened {
    /// Allowed to read and write until a list says otherwise.
    pub(super) key: RelayKey,
    pub(super) day: u32,
}

#[derive(Debug)]
pub(super) struct Stored<'a> {
    pub(super) tag: Tag,
    pub(super) position: u64,
    /// Nobody for a post.
    pub(super) writer: Option<Name>,
    pub(super) day: u32,
    pub(super) envelope: &'a NewEnvelope,
}

impl Effects<'_> {
    /// Nothing but allowances changed: no reason to wait for a disk.
    pub(super) fn is_empty(&self) -> bool {
        self.opened.is_empty()
            && self.places.is_empty()
            && self.lists.is_empty()
            && self.envelopes.is_empty()
            && self.drops.is_empty()
    }

    /// In which places something arrived, and by whom.
    pub(super) fn arrivals(&self) -> BTreeSet<(Tag, Option<Name>)> {
        self.envelopes.iter().map(|stored| (stored.tag, stored.writer)).collect()
    }
}

/// Decides the works in their order, each as if those before it were written already.
pub(super) fn decide<'a>(
    mut facts: Facts,
    limits: &Limits,
    works: impl IntoIterator<Item = &'a Work>,
) -> (Vec<WorkOutcome>, Effects<'a>) {
    let (mut effects, mut outcomes) = (Effects::default(), Vec::new());
    for work in works {
        let mut desk = Desk { facts: &mut facts, effects: &mut effects, limits, day: work.day };
        let sections = work.sections.iter().map(|section| desk.section(section)).collect();
        let posts = work.posts.iter().map(|post| desk.post(post)).collect();
        outcomes.push(WorkOutcome { sections, posts });
    }
    (outcomes, effects)
}

struct Desk<'f, 'a> {
    facts: &'f mut Facts,
    effects: &'f mut Effects<'a>,
    limits: &'f Limits,
    day: u32,
}

impl<'a> Desk<'_, 'a> {
    fn section(&mut self, work: &'a SectionWork) -> Outcome {
        let tag = work.tag;
        let (open, list_key, list_number) = match (self.facts.places.get(&tag), &work.open) {
            (Some(place), _) => (None, place.list_key, place.list_number),
            (None, Some(open)) => (Some(open), open.list_key, 0),
            (None, None) => return refused(Status::Forbidden),
        };
        // By an older list key, or a forged one: it says nothing, and whoever sent it hears of the newer key by reading on.
        let signer = work.keys.as_ref().and_then(|list| key_list_signer(list, &tag, &list_key).ok());
        let list = work.keys.as_ref().zip(signer);
        let list = list.filter(|(list, signer)| *signer != list_key || list.number > list_number);
        // Looked up again: a list that took the key's rights away may have come between the signature check and here. Whoever holds the
        // list key can bring the own key in: nobody is locked out by a list alone.
        let rights = match (open, self.facts.rights.get(&(tag, work.key))) {
            (Some(_), _) => 3,
            (None, Some(rights)) if *rights > 0 => *rights,
            (None, _) => list.and_then(|(list, _)| rights_in(list).get(&work.key).copied()).unwrap_or(0),
        };
        if rights & 2 == 0 && (rights == 0 || !work.put.is_empty() || !work.drop.is_empty()) {
            return refused(Status::Forbidden);
        }
        let writer = key_short_name(&work.key);
        if let Err(wait) = self.draw((tag, Drawer::Writer(writer))) {
            return Outcome { retry_after: Some(wait), ..refused(Status::TooMany) };
        }
        if work.last.is_some_and(|last| self.is_behind((tag, writer), last, &work.put)) {
            return Outcome { last: self.newest((tag, writer)), ..refused(Status::Behind) };
        }
        if let Some(open) = open {
            self.open(tag, work.key, open);
        }
        let before = self.last_position(&tag);
        let stored = self.put(tag, Some(writer), &work.put);
        let grown = (rights & 1 != 0).then(|| (before, self.last_position(&tag)));
        if rights & 2 != 0 {
            self.cover(tag, work.covered);
            self.effects.drops.extend(work.drop.iter().map(|id| (tag, *id)));
        }
        if let Some((list, signer)) = list {
            self.replace_keys(tag, list, signer);
        }
        let outcome = if stored as usize == work.put.len() { done(stored) } else { full(stored) };
        let last = work.last.and_then(|_| self.newest((tag, writer)));
        Outcome { grown, last, ..outcome }
    }

    fn last_position(&self, tag: &Tag) -> u64 {
        self.facts.places.get(tag).map_or(0, |place| place.last_position)
    }

    fn post(&mut self, work: &'a PostWork) -> Outcome {
        let token = self.facts.places.get(&work.tag).filter(|place| place.inbox).and_then(|place| place.post_token);
        if token != Some(work.token) {
            return refused(Status::Forbidden);
        }
        if let Err(wait) = self.draw((work.tag, Drawer::of(&work.envelope))) {
            return Outcome { retry_after: Some(wait), ..refused(Status::TooMany) };
        }
        let stored = self.put(work.tag, None, std::slice::from_ref(&work.envelope));
        if stored == 1 { done(1) } else { full(0) }
    }

    fn draw(&mut self, who: (Tag, Drawer)) -> Result<(), u32> {
        let rate = who.1.rate(self.limits);
        let now = self.facts.now;
        let level = self.facts.levels.entry(who).or_insert_with(|| Level::full(rate, now));
        level.take(rate, now)?;
        self.effects.levels.insert(who, *level);
        Ok(())
    }

    /// Whether the newest envelope of the writer contradicts `last`: stored after it and not among `offered`.
    fn is_behind(&self, who: (Tag, Name), last: [u8; 8], offered: &[NewEnvelope]) -> bool {
        let newest = self.facts.newest.get(&who).map_or(&[][..], Vec::as_slice);
        let decisive = newest.iter().find(|id| id[..8] == last || !offered.iter().any(|envelope| envelope.id == **id));
        decisive.is_some_and(|id| id[..8] != last)
    }

    fn newest(&self, who: (Tag, Name)) -> Option<[u8; 8]> {
        self.facts.newest.get(&who)?.first().map(short)
    }

    fn open(&mut self, tag: Tag, key: RelayKey, open: &Open) {
        let inbox = open.kind == SpaceKind::Inbox;
        let place = Place {
            inbox,
            list_key: open.list_key,
            list_number: 0,
            post_token: open.post_token.as_ref().filter(|_| inbox).map(super::token_hash),
            last_position: 0,
            bytes: 0,
            covered: 0,
        };
        self.facts.places.insert(tag, place.clone());
        self.facts.rights.insert((tag, key), 3);
        self.effects.places.insert(tag, place);
        self.effects.opened.insert(tag, Opened { key, day: self.day });
    }

    /// Stores what fits, from the first on; returns how many are stored or were already there.
    fn put(&mut self, tag: Tag, writer: Option<Name>, envelopes: &'a [NewEnvelope]) -> u32 {
        let Some(place) = self.facts.places.get_mut(&tag) else { return 0 };
        let (before, mut stored) = (place.last_position, 0);
        for envelope in envelopes {
            if !self.facts.have.contains(&(tag, envelope.id)) {
                let reserve = if envelope.urgency == Urgency::Alert { self.limits.alert_reserve } else { 0 };
                let bytes = place.bytes + envelope.bytes.len() as u64;
                if bytes > self.limits.space + reserve {
                    break;
                }
                place.last_position += 1;
                place.bytes = bytes;
                self.facts.have.insert((tag, envelope.id));
                if let Some(newest) = writer.and_then(|writer| self.facts.newest.get_mut(&(tag, writer))) {
                    newest.insert(0, envelope.id);
                }
                let (position, day) = (place.last_position, self.day);
                self.effects.envelopes.push(Stored { tag, position, writer, day, envelope });
            }
            stored += 1;
        }
        if place.last_position > before {
            self.effects.places.insert(tag, place.clone());
        }
        stored
    }

    /// What is covered stays covered; nobody can cover what has not come yet.
    fn cover(&mut self, tag: Tag, covered: Option<u64>) {
        let Some((covered, place)) = covered.zip(self.facts.places.get_mut(&tag)) else { return };
        let covered = covered.min(place.last_position);
        if covered > place.covered {
            place.covered = covered;
            self.effects.places.insert(tag, place.clone());
        }
    }

    /// `signer` is the space's list key from now on; its lists are counted by themselves.
    fn replace_keys(&mut self, tag: Tag, list: &'a KeyList, signer: [u8; 32]) {
        self.facts.rights.retain(|(place, _), _| *place != tag);
        for listed in &list.keys {
            *self.facts.rights.entry((tag, listed.key)).or_insert(0) |= rights_of(listed);
        }
        if let Some(place) = self.facts.places.get_mut(&tag) {
            (place.list_key, place.list_number) = (signer, list.number);
            self.effects.places.insert(tag, place.clone());
        }
        self.effects.lists.insert(tag, list);
    }
}

/// Each key of a list once, with all rights that it is given anywhere in it.
pub(super) fn rights_in(list: &KeyList) -> BTreeMap<RelayKey, u8> {
    let mut rights = BTreeMap::new();
    for listed in &list.keys {
        *rights.entry(listed.key).or_insert(0) |= rights_of(listed);
    }
    rights
}

fn rights_of(listed: &rafiq_protocol::ListedKey) -> u8 {
    u8::from(listed.rights.may_read()) + 2 * u8::from(listed.rights.may_write())
}

/// As a device names an envelope.
pub(super) fn short(id: &EnvelopeId) -> [u8; 8] {
    let mut short = [0; 8];
    short.copy_from_slice(&id[..8]);
    short
}

fn done(stored: u32) -> Outcome {
    Outcome { stored, ..refused(Status::Ok) }
}

fn full(stored: u32) -> Outcome {
    Outcome { stored, retry_after: Some(RETRY_WHEN_FULL), ..refused(Status::Full) }
}

fn refused(status: Status) -> Outcome {
    Outcome { status, stored: 0, retry_after: None, grown: None, last: None }
}

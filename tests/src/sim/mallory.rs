//! A member who is not honest: she was let into a group like everybody else, and from then on another programme has her keys. What
//! it sends is signed, chained and sealed as it should be, in all but one thing.

use super::Fault;
use super::device::Device;
use super::site::Site;
use crate::mutants::honest::{self, Honest};
use crate::mutants::{Rng, bombs, spoil};
use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, Change, ObjType, ROOT, ReadDoc};
use rafiq::ids::{DocumentId, PersonId, SpaceId};
use rafiq::replica::DocumentKey;
use rafiq::store::meta;
use rafiq::sync::Budget;
use rafiq::sync::probation::{self, Trial};
use rafiq::sync::scanner::{self, Expected, Scan};
use rafiq::sync::wire::operation::DeviceRecord;
use rafiq::sync::wire::{
    Action, Add, DeviceId, DeviceKeys, DocumentName, Draft, Entry, EntryHash, EpochKey, Item, Membership, Operation,
    Role, seal, space_tag,
};
use rafiq_protocol::{
    Cursor, MESSAGE_VERSION, Nonce, Request, Response, SectionBody, Status, Tag, Urgency, limits, sign_section,
};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Of no noun: only she writes there, so what others will say to a mutant can be known before.
const KIND: u16 = 40;
/// Changes in one document of hers, before the next.
const BUCKET: usize = 25;
/// Envelopes in one request of hers.
const AT_ONCE: usize = 8;
/// Exchanges after which a phone of hers that still has something to say is left alone.
const MOST_TRIES: usize = 5;

static BOMBS: LazyLock<Vec<bombs::Bomb>> = LazyLock::new(bombs::all);

pub(super) struct Mallory {
    /// Her phone as it was: it goes on reading, so that she knows what others write.
    device: Device,
    site: usize,
    space: SpaceId,
    keys: DeviceKeys,
    epoch: EpochKey,
    membership: Membership,
    chain: (u64, Option<EntryHash>),
    /// What she has written into documents of the group.
    written: BTreeMap<DocumentId, Vec<Change>>,
    document: Automerge,
    past: Vec<Honest>,
    bucket: usize,
    sent: Vec<Vec<u8>>,
    /// How many of them the relay has, and which relay it was.
    there: (usize, Option<([u8; 16], u32)>),
    nonce: Option<Nonce>,
}

impl Mallory {
    /// Takes the keys of a device that is in a space and has nothing left to send.
    pub(super) fn of(device: Device, site: usize, space: SpaceId) -> Self {
        let read = device.rafiq().replica().read(|rows| {
            let seed = meta(rows, "seed")?.and_then(|seed| seed.try_into().ok()).unwrap();
            let incarnation = meta(rows, "incarnation")?.and_then(|number| number.try_into().ok()).unwrap();
            let keys = DeviceKeys::from_seed(seed, u32::from_be_bytes(incarnation));
            let epoch = rows.query_row(
                "SELECT number, secret FROM space_key WHERE space = ?1 AND purpose = 1 ORDER BY number DESC LIMIT 1",
                [&space.0[..]],
                |row| Ok(EpochKey::new(row.get(0)?, row.get(1)?)),
            )?;
            let chain = rows.query_row(
                "SELECT sequence, hash FROM entry WHERE space = ?1 AND own = 1 ORDER BY sequence DESC LIMIT 1",
                [&space.0[..]],
                |row| Ok((row.get::<_, i64>(0)?.unsigned_abs(), Some(EntryHash(row.get(1)?)))),
            )?;
            let mut statement = rows.prepare("SELECT bytes FROM operation WHERE space = ?1")?;
            let found = statement.query_map([&space.0[..]], |row| row.get::<_, Vec<u8>>(0))?;
            let operations = found.map(|bytes| Operation::decode(&bytes.unwrap()).unwrap()).collect::<Vec<_>>();
            Ok((keys, epoch, chain, Membership::replay(space, operations)))
        });
        let (keys, epoch, chain, membership) = read.unwrap();
        Self {
            device,
            site,
            space,
            keys,
            epoch,
            membership,
            chain,
            written: BTreeMap::new(),
            document: Automerge::new(),
            past: Vec::new(),
            bucket: 0,
            sent: Vec::new(),
            there: (0, None),
            nonce: None,
        }
    }

    pub(super) fn space(&self) -> SpaceId {
        self.space
    }

    /// Whether she may have written an entry by this device: herself, and the strangers whom she makes up.
    pub(super) fn signs_as(&self, device: DeviceId) -> bool {
        device == self.keys.device() || self.membership.member(device).is_none()
    }

    /// Her last entry that honest devices have taken, or will.
    pub(super) fn last(&self) -> EntryHash {
        self.chain.1.unwrap()
    }

    /// One thing that no honest device would send, or now and then one that it would.
    pub(super) fn act(&mut self, sites: &[Site], rng: &mut Rng, number: u64) -> Fault {
        if self.past.len() >= BUCKET {
            (self.document, self.bucket) = (Automerge::new(), self.bucket + 1);
            self.past.clear();
        }
        match rng.below(11) {
            0 => drop(self.honest(rng, number)),
            9 | 10 => {
                self.two_in_one_place(sites, rng, number);
                return Fault::Fork;
            }
            1..=3 => self.mutant(rng, number),
            4 => self.out_of_her_chain(rng, number),
            5 => self.damaged(rng, number),
            6 => self.let_somebody_in(rng),
            7 => self.scribble(sites, rng),
            _ => self.again(rng),
        }
        Fault::Byzantine
    }

    /// Two entries in one place, into which others may write on before they know of both. Then she has another name, as everybody takes
    /// one whose chain is forked.
    fn two_in_one_place(&mut self, sites: &[Site], rng: &mut Rng, number: u64) {
        let (place, written) = (self.chain, self.written.clone());
        for _ in 0..2 {
            (self.chain, self.written) = (place, written.clone());
            if rng.once_in(2) {
                self.scribble(sites, rng);
            } else {
                let (honest, _) = self.edit(rng, number);
                let item = Item::Entry(self.entry(&honest.bytes).unwrap()).encode();
                self.send(&item);
            }
        }
        self.keys = self.keys.under(self.keys.incarnation() + 1);
        self.chain = (0, None);
        self.written.clear();
        self.past.clear();
        (self.document, self.bucket) = (Automerge::new(), self.bucket + 1);
        self.honest(rng, number);
    }

    /// What her phone would write.
    pub(super) fn honest(&mut self, rng: &mut Rng, number: u64) -> Vec<u8> {
        let (honest, document) = self.edit(rng, number);
        let entry = self.entry(&honest.bytes).unwrap();
        let item = Item::Entry(entry.clone()).encode();
        self.go_on(&entry, honest, document);
        self.send(&item);
        item
    }

    /// A spoilt change, or one of the known bombs. One that everybody will take is part of her chain.
    fn mutant(&mut self, rng: &mut Rng, number: u64) {
        let (mut honest, _) = self.edit(rng, number);
        honest.bytes =
            if rng.once_in(6) { rng.pick(&BOMBS).bytes.clone() } else { spoil::spoil(rng, &honest, &self.past).bytes };
        let Some(entry) = self.entry(&honest.bytes) else { return };
        if let Some((taken, document)) = self.taken(&honest) {
            self.go_on(&entry, taken, document);
        }
        self.send(&Item::Entry(entry).encode());
    }

    /// A good change in an entry that stands in no chain of hers: behind one that is not there, beside, or under a stranger's name.
    fn out_of_her_chain(&mut self, rng: &mut Rng, number: u64) {
        let (honest, _) = self.edit(rng, number);
        let stranger = DeviceKeys::from_seed(rng.hash(), 1);
        let (sequence, last) = self.chain;
        let entry = match rng.below(4) {
            0 => self.entry_by(&self.keys, sequence + 1, Some(EntryHash(rng.hash())), self.name(), &honest.bytes),
            1 => self.entry_by(&self.keys, sequence + 2, last, self.name(), &honest.bytes),
            2 => self.entry_by(&stranger, sequence + 1, last, self.name(), &honest.bytes),
            _ => self.entry_by(&stranger, 1, None, self.name(), &honest.bytes),
        };
        self.send(&Item::Entry(entry.unwrap()).encode());
    }

    /// A good entry with a bit of it turned over: before it was sealed, or after.
    fn damaged(&mut self, rng: &mut Rng, number: u64) {
        let (honest, _) = self.edit(rng, number);
        let mut item = Item::Entry(self.entry(&honest.bytes).unwrap()).encode();
        if rng.once_in(2) {
            let at = rng.below(item.len());
            item[at] ^= 1 << rng.below(8);
            return self.send(&item);
        }
        let mut envelope = self.seal(&item, Urgency::Small);
        let at = envelope.len() - 1 - rng.below(envelope.len() / 2);
        envelope[at] ^= 1 << rng.below(8);
        self.sent.push(envelope);
    }

    /// An operation that is not hers to sign: a stranger becomes a steward.
    fn let_somebody_in(&mut self, rng: &mut Rng) {
        let stranger = DeviceKeys::from_seed(rng.hash(), 1);
        let device = DeviceRecord::of(&stranger, &self.space);
        let add = Action::Add(Add { person: PersonId(rng.id()), device, role: Role::Steward });
        let operation = Operation::sign(&self.keys, self.space, self.membership.heads(), add).unwrap();
        self.send(&Item::Operation(operation).encode());
    }

    /// An entry as good as any, which says nonsense in a document of the group.
    fn scribble(&mut self, sites: &[Site], rng: &mut Rng) {
        let site = &sites[self.site];
        let carry = |exchange: &rafiq::sync::Exchange| Ok::<_, rafiq::Error>(site.ask(&exchange.bytes).unwrap());
        let is_sent = |device: &Device| {
            let status = device.rafiq().sync().status().unwrap();
            status.outbox + status.unsent_changes == 0
        };
        // What her phone says by itself, such as that she is still there, is built on too: without it nobody could read what follows.
        for _ in 0..MOST_TRIES {
            self.device.rafiq().exchange(&site.url, Budget::default(), 40, carry).unwrap();
            if is_sent(&self.device) {
                break;
            }
        }
        if !is_sent(&self.device) {
            return;
        }
        let replica = self.device.rafiq().replica();
        let names = replica.read(|rows| {
            // Not into her own: her phone has what she wrote, since the relay gives back to a device what it does not know.
            let mut statement = rows.prepare(
                "SELECT kind, bucket, generation FROM document WHERE space = ?1 AND kind <> ?2 ORDER BY kind, bucket",
            )?;
            let name = |row: &rusqlite::Row<'_>| {
                Ok(DocumentName { kind: row.get(0)?, bucket: row.get(1)?, generation: row.get(2)? })
            };
            let found = statement.query_map(rusqlite::params![&self.space.0[..], KIND], name)?;
            Ok(found.collect::<Result<Vec<_>, _>>()?)
        });
        let name = rng.pick(&names.unwrap()).clone();
        let key = DocumentKey::new(self.space, name.kind, &name.bucket);
        let (mut document, _) = replica.clone_document(&key).unwrap();
        let mine = self.written.entry(key.id()).or_default();
        if document.apply_changes(mine.clone()).is_err() {
            return; // the other side of a fork of hers is in it by now
        }
        document.set_actor(ActorId::from(self.keys.author().actor(&key.id())));
        let keys: Vec<String> = document.keys(ROOT).collect();
        let before = document.get_heads();
        let mut transaction = document.transaction();
        for _ in 0..=rng.below(3) {
            let at =
                if rng.once_in(4) || keys.is_empty() { format!("x/{}", rng.next()) } else { rng.pick(&keys).clone() };
            let object = transaction.get(ROOT, at.as_str()).unwrap().filter(|(value, _)| value.is_object());
            match (object, rng.below(4)) {
                (_, 0) => transaction.delete(ROOT, at.as_str()).unwrap_or_default(),
                (Some((_, id)), _) if transaction.object_type(&id).is_ok_and(|kind| kind == ObjType::Map) => {
                    let fields: Vec<String> = transaction.keys(&id).collect();
                    let field = if fields.is_empty() { "x".into() } else { rng.pick(&fields).clone() };
                    transaction.put(&id, field, honest::value(rng)).unwrap();
                }
                _ => transaction.put(ROOT, at.as_str(), honest::value(rng)).unwrap(),
            }
        }
        transaction.commit();
        if document.get_heads() == before {
            return; // nothing of it changed anything: the last change is an older one, of hers or of her phone's
        }
        let Some(change) = document.get_last_local_change() else { return };
        mine.push(change.clone());
        let (sequence, last) = self.chain;
        let entry = self.entry_by(&self.keys, sequence + 1, last, name, change.raw_bytes()).unwrap();
        self.chain = (entry.sequence, Some(entry.hash()));
        self.send(&Item::Entry(entry).encode());
    }

    /// What everybody has, sealed once more.
    fn again(&mut self, rng: &mut Rng) {
        let number = rng.next();
        let item = self.honest(rng, number);
        let envelope = self.seal(&item, Urgency::Large);
        self.sent.push(envelope);
    }

    /// Puts what the relay has not got yet there; all of it, if the relay was put back to an earlier day.
    pub(super) fn exchange(&mut self, sites: &[Site]) -> bool {
        let key = self.membership.relay_key(&self.keys).unwrap();
        for _ in 0..self.sent.len() + 3 {
            let put: Vec<_> = self.sent[self.there.0..].iter().take(AT_ONCE).cloned().collect();
            if put.is_empty() {
                return true;
            }
            let count = put.len();
            let cursor = Cursor::at(u64::MAX >> 1);
            let body = SectionBody {
                cursor,
                put,
                last: None,
                open: None,
                keys: None,
                covered: None,
                drop: None,
                within: None,
            };
            let section = self.nonce.map(|nonce| sign_section(&key, Some(&nonce), self.tag(), &body).unwrap());
            let sections = section.into_iter().collect();
            let request = Request {
                version: MESSAGE_VERSION,
                nonce: self.nonce,
                budget: limits::MIN_BUDGET,
                sections,
                posts: vec![],
            };
            let answer = Response::decode(&sites[self.site].ask(&request.encode().unwrap()).unwrap()).unwrap();
            let relay = Some((answer.instance, answer.restores));
            if self.there.1 != relay {
                self.there = (0, relay);
            } else if let Some(result) = answer.results.first() {
                match result.status {
                    Status::Ok => self.there.0 += count,
                    Status::StaleNonce => {}
                    // A relay that was put back does not know her until somebody has given it the list again.
                    _ => return false,
                }
            }
            self.nonce = answer.nonce.or(self.nonce);
        }
        false
    }

    fn go_on(&mut self, entry: &Entry, honest: Honest, document: Automerge) {
        self.chain = (entry.sequence, Some(entry.hash()));
        self.past.push(honest);
        self.document = document;
    }

    /// Whether everybody will take this change of hers; then as what, and the document with it.
    fn taken(&self, mutant: &Honest) -> Option<(Honest, Automerge)> {
        let highest = |hash: &[u8; 32]| {
            let known = self.past.iter().find(|honest| honest.hash == *hash);
            known.map(|honest| honest.start + honest.operations - 1)
        };
        let expected = Expected {
            actor: mutant.actor,
            sequence: self.past.len() as u64 + 1,
            previous: self.past.last().map(|last| last.hash),
            highest_operation: &highest,
        };
        let Ok(Scan::Ready(scanned)) = scanner::scan(&mutant.bytes, &expected) else { return None };
        let tried =
            probation::apply(&self.document, &[Trial { bytes: &mutant.bytes, touched: &scanned.touched }]).ok()?;
        let (start, operations) = (scanned.start_operation, scanned.operations);
        Some((Honest { hash: scanned.hash, start, operations, ..mutant.clone() }, tried.document))
    }

    /// A change of hers, not made yet: what it would be, and the document with it.
    fn edit(&self, rng: &mut Rng, number: u64) -> (Honest, Automerge) {
        let mut document = self.document.clone();
        let actor = self.keys.author().actor(&self.name().id(&self.space));
        document.set_actor(ActorId::from(actor));
        let mut transaction = document.transaction();
        let record = transaction.put_object(ROOT, format!("record/{number}"), ObjType::Map).unwrap();
        for field in ["text", "at", "by"].iter().take(1 + rng.below(3)) {
            transaction.put(&record, *field, honest::value(rng)).unwrap();
        }
        transaction.commit();
        let change = document.get_last_local_change().unwrap();
        let honest = Honest {
            bytes: change.raw_bytes().to_vec(),
            hash: change.hash().0,
            actor,
            sequence: change.seq(),
            start: change.start_op().get(),
            operations: change.len() as u64,
            previous: self.past.last().map(|last| last.hash),
            kinds: Default::default(),
        };
        (honest, document)
    }

    fn name(&self) -> DocumentName {
        DocumentName { kind: KIND, bucket: format!("mallory-{}", self.bucket), generation: 0 }
    }

    /// Her next entry. `None` for what not even her signature fits on.
    fn entry(&self, bytes: &[u8]) -> Option<Entry> {
        self.entry_by(&self.keys, self.chain.0 + 1, self.chain.1, self.name(), bytes)
    }

    fn entry_by(
        &self,
        keys: &DeviceKeys,
        sequence: u64,
        previous: Option<EntryHash>,
        name: DocumentName,
        bytes: &[u8],
    ) -> Option<Entry> {
        let (space, auth_heads, changes) = (self.space, self.membership.heads(), vec![(name, bytes.to_vec())]);
        Entry::sign(keys, Draft { space, sequence, previous, auth_heads, entry_heads: vec![], changes }).ok()
    }

    fn tag(&self) -> Tag {
        space_tag(&self.space)
    }

    fn seal(&self, item: &[u8], urgency: Urgency) -> Vec<u8> {
        seal(&self.epoch, &self.tag(), urgency, item).unwrap()
    }

    fn send(&mut self, item: &[u8]) {
        let envelope = self.seal(item, Urgency::Small);
        self.sent.push(envelope);
    }
}

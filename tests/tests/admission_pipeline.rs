//! Admission from the envelope to the read model, through the public API: a member of a pairing, whose keys this test holds, sends
//! honest entries and mutants with every checksum and signature repaired. What is refused is refused at the step that the protocol
//! names; what is admitted leaves documents that load.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ObjType, ROOT};
use rafiq::host::NoProgress;
use rafiq::ids::{DocumentId, SpaceId};
use rafiq::mentoring::NewPairing;
use rafiq::replica::DocumentKey;
use rafiq::sharing::Reach;
use rafiq::sync::wire::{
    DeviceKeys, DocumentName, Draft, Entry, EntryHash, EpochKey, Item, OperationHash, seal, space_tag,
};
use rafiq::sync::{Budget, Standing};
use rafiq_protocol::{Request, Response, SectionResult, Status, StoredEnvelope, Urgency};
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::mutants::honest::Honest;
use rafiq_tests::mutants::{Rng, bombs, spoil};
use rafiq_tests::phone::{Phone, post};
use rafiq_tests::taken::{operations, secrets};
use std::collections::HashSet;
use std::sync::LazyLock;

const HONEST: usize = 1_000;
/// Honest entries in one document, before the next bucket.
const BUCKET: usize = 25;
const KIND: u16 = 40;

/// The member whose device this test plays, and the phone it writes to.
struct Attack {
    victim: Phone,
    url: String,
    identity: ([u8; 16], u32),
    space: SpaceId,
    keys: DeviceKeys,
    epoch: EpochKey,
    heads: Vec<OperationHash>,
    chain: (u64, Option<EntryHash>),
    document: Automerge,
    past: Vec<Honest>,
    position: u64,
    bucket: usize,
    known: HashSet<Vec<u8>>,
}

#[derive(Default, Debug)]
struct Count {
    honest: usize,
    admitted: usize,
    mutants: usize,
    by_step: [usize; 5],
    mutants_admitted: usize,
    waiting: usize,
    unreadable: usize,
    reloads: usize,
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Admitted,
    Step(u8),
    Waiting,
    Known,
}

impl Attack {
    fn begin() -> (Self, RelayHandle, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let relay = RelayHandle::start(Config::new(folder.path().join("relay.db"))).unwrap();
        let url = relay.url();
        let (victim, other) = (Phone::new(1, "Bohdan", "uk"), Phone::new(2, "Mallory", "en"));
        victim.sync().set_home_relay(&url).unwrap();
        let new = NewPairing { model: "newcomer-mentoring".into(), my_role: "mentor".into(), title: "pair".into() };
        let pairing = victim.mentoring().begin(new).unwrap().id.value;
        let invite = victim.sharing().invite(&pairing, Reach::InPerson).unwrap();
        other.sharing().accept(&invite.text).unwrap();
        for _ in 0..2 {
            victim.exchange(&url);
            other.exchange(&url);
        }
        victim.exchange(&url);
        victim.sharing().admit(&victim.sharing().requests().unwrap()[0].id).unwrap();
        victim.exchange(&url);
        other.exchange(&url);
        victim.exchange(&url);
        let space = SpaceId::parse(&pairing).unwrap();
        let (keys, mut epochs) = secrets(&other, &space);
        let last = other
            .replica()
            .read(|rows| {
                let last: (i64, [u8; 32]) = rows.query_row(
                    "SELECT sequence, hash FROM entry WHERE space = ?1 AND own = 1 ORDER BY sequence DESC LIMIT 1",
                    [&space.0[..]],
                    |r| Ok((r.get(0)?, r.get(1)?)),
                )?;
                Ok(last)
            })
            .unwrap();
        let heads = rafiq::sync::wire::Membership::replay(space, operations(&victim, &space)).heads();
        let exchange = victim.sync().next_exchange(&url, Budget::default()).unwrap();
        let answer = Response::decode(&post(&url, &exchange.bytes).unwrap()).unwrap();
        victim.receive(&answer.encode().unwrap()).unwrap();
        let attack = Self {
            victim,
            url,
            identity: (answer.instance, answer.restores),
            space,
            keys,
            epoch: epochs.remove(0),
            heads,
            chain: (last.0 as u64, Some(EntryHash(last.1))),
            document: Automerge::new(),
            past: Vec::new(),
            position: 1_000,
            bucket: 0,
            known: HashSet::new(),
        };
        (attack, relay, folder)
    }

    fn name(&self) -> DocumentName {
        DocumentName { kind: KIND, bucket: self.bucket_name(), generation: 0 }
    }

    fn document_id(&self) -> DocumentId {
        DocumentId::of(&self.space, KIND, &self.bucket_name(), 0)
    }

    fn bucket_name(&self) -> String {
        format!("attack-{}", self.bucket)
    }

    /// An honest edit of the kinds that the app makes.
    fn edit(&mut self, rng: &mut Rng, n: usize) -> Honest {
        let actor = self.keys.author().actor(&self.document_id());
        self.document.set_actor(ActorId::from(actor));
        let mut transaction = self.document.transaction();
        let goal = transaction.put_object(ROOT, format!("goal/{n:026}"), ObjType::Map).unwrap();
        transaction.put(&goal, "text", format!("goal {n}")).unwrap();
        transaction.put(&goal, "at", n as i64).unwrap();
        transaction.put(ROOT, "meeting/next", format!("{n}|UTC|")).unwrap();
        if n % BUCKET > 2 && rng.once_in(3) {
            transaction.delete(ROOT, format!("goal/{:026}", n - 2)).unwrap();
        }
        transaction.commit();
        let change = self.document.get_last_local_change().unwrap();
        Honest {
            bytes: change.raw_bytes().to_vec(),
            hash: change.hash().0,
            actor,
            sequence: change.seq(),
            start: change.start_op().get(),
            operations: change.len() as u64,
            previous: self.past.last().map(|last| last.hash),
            kinds: Default::default(),
        }
    }

    fn entry(&self, keys: &DeviceKeys, sequence: u64, previous: Option<EntryHash>, bytes: &[u8]) -> Option<Entry> {
        let draft = Draft {
            space: self.space,
            sequence,
            previous,
            auth_heads: self.heads.clone(),
            entry_heads: Vec::new(),
            changes: vec![(self.name(), bytes.to_vec())],
        };
        Entry::sign(keys, draft).ok()
    }

    fn next_entry(&self, bytes: &[u8]) -> Option<Entry> {
        self.entry(&self.keys, self.chain.0 + 1, self.chain.1, bytes)
    }

    fn seal(&self, item: &[u8]) -> Vec<u8> {
        seal(&self.epoch, &space_tag(&self.space), Urgency::Small, item).unwrap()
    }

    /// Plays the relay: answers the phone's next request with one envelope in the pairing's space.
    fn deliver(&mut self, envelope: Vec<u8>) -> Outcome {
        let exchange = self.victim.sync().next_exchange(&self.url, Budget::default()).unwrap();
        let request = Request::decode(&exchange.bytes).unwrap();
        self.position += 1;
        let tag = space_tag(&self.space);
        let results = request
            .sections
            .iter()
            .map(|section| {
                let body = rafiq_protocol::SectionBody::decode(&section.body).unwrap();
                let mut result = SectionResult::refused(Status::Ok, body.cursor);
                result.stored = body.put.len() as u32;
                if section.tag == tag {
                    result.envelopes = vec![StoredEnvelope { position: self.position, bytes: envelope.clone() }];
                }
                result
            })
            .collect();
        let response = Response {
            version: rafiq_protocol::MESSAGE_VERSION,
            instance: self.identity.0,
            restores: self.identity.1,
            nonce: None,
            request: rafiq_protocol::request_id(&exchange.bytes),
            results,
            posts: request
                .posts
                .iter()
                .map(|_| rafiq_protocol::PostResult { status: Status::Ok, retry_after: None })
                .collect(),
        };
        let received = self.victim.receive(&response.encode().unwrap()).unwrap();
        match received.delivered.first() {
            Some(&"entry") => return Outcome::Admitted,
            Some(&"known") => return Outcome::Known,
            _ => {}
        }
        // The newest row says what became of it; the same noise again leaves none.
        let newest = self.victim.replica().read(|rows| {
            let newest = "SELECT id, state, step FROM held_item ORDER BY rowid DESC LIMIT 1";
            Ok(rows.query_row(newest, [], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, u8>(1)?, row.get(2)?)))?)
        });
        match newest {
            Ok((id, state, step)) if self.known.insert(id.clone()) => {
                if state == Standing::Waiting as u8 {
                    Outcome::Waiting
                } else {
                    Outcome::Step(step)
                }
            }
            _ => Outcome::Known,
        }
    }

    /// An entry came in: from now on the member's chain and document go on from it.
    fn go_on(&mut self, entry: &Entry, honest: Honest) {
        self.chain = (entry.sequence, Some(entry.hash()));
        self.past.push(honest);
    }

    fn reloads(&self) -> bool {
        let key = DocumentKey::new(self.space, KIND, &self.bucket_name());
        let (document, _) = self.victim.replica().clone_document(&key).unwrap();
        Automerge::load(&document.save()).is_ok_and(|loaded| loaded.get_heads() == document.get_heads())
    }
}

#[test]
fn admission() {
    // automerge's own panics are caught in probation; their stack traces say nothing new.
    std::panic::set_hook(Box::new(|place| {
        if !place.location().is_some_and(|place| place.file().contains("automerge")) {
            eprintln!("{place}");
        }
    }));
    let (mut attack, relay, _folder) = Attack::begin();
    let mut rng = Rng::new(7);
    let mut count = Count::default();
    for n in 0..HONEST {
        if n / BUCKET != attack.bucket {
            attack.bucket = n / BUCKET;
            attack.document = Automerge::new();
            attack.past.clear();
        }
        // A mutant that is admitted moves the member's document: the honest change is made after the mutants.
        for m in 0..1 + usize::from(n.is_multiple_of(4)) {
            let sort = rng.below(5);
            one_mutant(&mut attack, &mut rng, &mut count, n * 2 + m, sort);
        }
        let honest = attack.edit(&mut rng, n);
        let entry = attack.next_entry(&honest.bytes).unwrap();
        let envelope = attack.seal(&Item::Entry(entry.clone()).encode());
        count.honest += 1;
        let outcome = attack.deliver(envelope);
        assert_eq!(outcome, Outcome::Admitted, "honest entry {n}");
        count.admitted += 1;
        attack.go_on(&entry, honest);
        count.reloads += 1;
        count.unreadable += usize::from(!attack.reloads());
    }
    let [_, one, two, three, four] = count.by_step;
    println!(
        "honest {}/{} admitted; mutants {}, refused by step {one}/{two}/{three}/{four}, admitted unreadable {}, documents \
         reload {}/{} (mutants admitted and harmless {}, waiting {})",
        count.admitted,
        count.honest,
        count.mutants,
        count.unreadable,
        count.reloads - count.unreadable,
        count.reloads,
        count.mutants_admitted,
        count.waiting
    );
    assert!(count.mutants >= 1_000 && [one, two, three, four].iter().all(|step| *step > 0), "{count:?}");
    assert_eq!(count.unreadable, 0);
    // What came in is in the rows, and rows rebuilt are the same.
    let before = attack.victim.replica().digest(None).unwrap();
    attack.victim.replica().forget_read_model().unwrap();
    attack.victim.replica().project_missing(&NoProgress).unwrap();
    assert_eq!(before, attack.victim.replica().digest(None).unwrap());
    relay.stop().unwrap();
}

/// One mutant of what the member would honestly send next.
fn one_mutant(attack: &mut Attack, rng: &mut Rng, count: &mut Count, n: usize, sort: usize) {
    let kept = attack.document.clone();
    let honest = attack.edit(rng, 1_000_000 + n);
    attack.document = kept;
    let Some(entry) = attack.next_entry(&honest.bytes) else { return };
    let item = Item::Entry(entry.clone()).encode();
    let (envelope, mutant) = match sort {
        // In the line: whoever has no key.
        0 => {
            let mut envelope = attack.seal(&item);
            let at = 18 + rng.below(envelope.len() - 18);
            envelope[at] ^= 1 << rng.below(8);
            (envelope, None)
        }
        // A member who spoils header, signature or changes without signing again, or signs what is not theirs to sign.
        1 => {
            let item = match rng.below(4) {
                0 => {
                    let mut item = item;
                    let at = rng.below(item.len());
                    item[at] ^= 1 << rng.below(8);
                    item
                }
                1 => encoded(attack.entry(&DeviceKeys::from_seed(rng.hash(), 1), 1, None, &honest.bytes)),
                2 => encoded(attack.entry(&attack.keys, attack.chain.0 + 2, attack.chain.1, &honest.bytes)),
                _ => encoded(attack.entry(&attack.keys, attack.chain.0, attack.chain.1, &honest.bytes)),
            };
            (attack.seal(&item), None)
        }
        // The same member, everything signed: only the change is not what it should be.
        _ => {
            let bytes =
                if sort == 4 { poison(rng, &honest, n) } else { spoil::spoil(rng, &honest, &attack.past).bytes };
            let Some(entry) = attack.next_entry(&bytes) else { return };
            (attack.seal(&Item::Entry(entry.clone()).encode()), Some((entry, bytes)))
        }
    };
    count.mutants += 1;
    match attack.deliver(envelope) {
        Outcome::Step(step) => count.by_step[usize::from(step)] += 1,
        Outcome::Waiting => count.waiting += 1,
        Outcome::Known => count.mutants -= 1,
        Outcome::Admitted => {
            count.mutants_admitted += 1;
            count.unreadable += usize::from(!attack.reloads());
            count.reloads += 1;
            if let Some((entry, bytes)) = mutant {
                // Harmless, and part of the log: an honest device of this member would build on it.
                let change = automerge::Change::from_bytes(bytes.clone()).unwrap();
                let admitted = Honest { hash: change.hash().0, bytes, ..honest };
                attack.document.apply_changes([change]).unwrap();
                attack.go_on(&entry, admitted);
            }
        }
    }
}

fn encoded(entry: Option<Entry>) -> Vec<u8> {
    entry.map(|entry| Item::Entry(entry).encode()).unwrap_or_else(|| vec![0])
}

/// What passes the scanner and breaks against the document: an operation in an object that is not there.
fn poison(rng: &mut Rng, honest: &Honest, n: usize) -> Vec<u8> {
    if n.is_multiple_of(2) {
        static BOMBS: LazyLock<Vec<bombs::Bomb>> = LazyLock::new(bombs::all);
        return rng.pick(&BOMBS).bytes.clone();
    }
    let change = automerge::Change::from_bytes(honest.bytes.clone()).unwrap();
    let mut expanded = change.decode();
    for operation in &mut expanded.operations {
        if let automerge::legacy::ObjectId::Id(id) = &operation.obj {
            let there = automerge::legacy::OpId::new(1 + rng.below(3) as u64, id.actor());
            operation.obj = automerge::legacy::ObjectId::Id(there);
        }
    }
    expanded.hash = None;
    automerge::Change::from(expanded).raw_bytes().to_vec()
}

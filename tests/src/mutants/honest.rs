//! People who edit one document, each on their own device, and merge now and then.

use std::collections::{BTreeMap, BTreeSet};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};

use super::Rng;

/// A change as automerge wrote it, and what its author's next entry would say about it.
#[derive(Debug, Clone)]
pub struct Honest {
    /// The uncompressed chunk.
    pub bytes: Vec<u8>,
    /// The hash automerge gives it.
    pub hash: [u8; 32],
    /// Who wrote it.
    pub actor: [u8; 16],
    /// Its number among the changes of its author.
    pub sequence: u64,
    /// The number of its first operation.
    pub start: u64,
    /// How many operations it has.
    pub operations: u64,
    /// The author's change before it.
    pub previous: Option<[u8; 32]>,
    /// What was done in it, by the names in [`KINDS`].
    pub kinds: BTreeSet<&'static str>,
}

/// Every kind of edit that is played.
pub const KINDS: [&str; 20] = [
    "record made",
    "record made again",
    "record deleted",
    "field set",
    "field set twice",
    "field deleted",
    "fields of many records set",
    "scalar set",
    "scalar deleted",
    "conflict resolved",
    "counter made",
    "counter raised",
    "text made",
    "text edited",
    "list made",
    "element inserted",
    "element set",
    "element deleted",
    "map in a list",
    "nothing",
];

/// Everything written in `steps` steps by `people` people, in an order in which each change comes after those it builds
/// on.
pub fn session(seed: u64, people: usize, steps: usize) -> Vec<Honest> {
    let mut rng = Rng::new(seed);
    let mut documents: Vec<_> = (0..people).map(|_| AutoCommit::new().with_actor(ActorId::from(rng.id()))).collect();
    let mut last: BTreeMap<[u8; 16], (u64, [u8; 32])> = BTreeMap::new();
    let mut changes = vec![];
    for _ in 0..steps {
        let person = rng.below(people);
        if rng.once_in(3) {
            let mut other = documents[rng.below(people)].clone();
            documents[person].merge(&mut other).unwrap();
        }
        let document = &mut documents[person];
        let mut kinds = BTreeSet::new();
        for _ in 0..=rng.below(4) {
            edit(document, &mut rng, &mut kinds);
        }
        let options = CommitOptions::default().with_time((rng.next() % 2_000_000_000_000) as i64);
        let options = if rng.once_in(8) { options.with_message("a word: слово, کلمه") } else { options };
        let hash = match document.commit_with(options) {
            Some(hash) => hash,
            None => {
                kinds = BTreeSet::from(["nothing"]);
                document.empty_change(CommitOptions::default())
            }
        };
        let change = document.get_change_by_hash(&hash).unwrap();
        let actor: [u8; 16] = change.actor_id().to_bytes().try_into().unwrap();
        let previous = last.insert(actor, (change.seq(), hash.0));
        changes.push(Honest {
            bytes: change.raw_bytes().to_vec(),
            hash: hash.0,
            actor,
            sequence: change.seq(),
            start: change.start_op().get(),
            operations: change.len() as u64,
            previous: previous.map(|(_, hash)| hash),
            kinds,
        });
    }
    changes
}

/// A value of any type that is allowed.
pub fn value(rng: &mut Rng) -> ScalarValue {
    match rng.below(10) {
        0 => ScalarValue::Null,
        1 => ScalarValue::from(rng.once_in(2)),
        2 => ScalarValue::Int((rng.next() >> rng.below(64)) as i64 - 40),
        3 => ScalarValue::Uint(rng.next() >> rng.below(64)),
        4 => ScalarValue::Timestamp(rng.next() as i64 >> 20),
        5 => ScalarValue::F64(rng.next() as f64 / 7.0),
        6 => ScalarValue::Bytes(rng.hash()[..rng.below(33)].to_vec()),
        7 => ScalarValue::counter(rng.below(100) as i64 - 50),
        _ => ScalarValue::Str(text(rng).into()),
    }
}

fn text(rng: &mut Rng) -> String {
    let words = ["", "زنگ بزن", "зустріч о шостій", "call back", "🙂", "18:00", "\u{200f}سلام\n", "é"];
    (0..rng.below(4)).map(|_| *rng.pick(&words)).collect()
}

fn edit(document: &mut AutoCommit, rng: &mut Rng, kinds: &mut BTreeSet<&'static str>) {
    let key = rng.below(4);
    match rng.below(12) {
        0 => make_record(document, rng, kinds, key),
        1 | 2 => {
            let id = object(document, &format!("goals/{key}"), ObjType::Map, kinds, "record made");
            let field = *rng.pick(&["state", "title", "reached", "note"]);
            match rng.below(4) {
                0 if document.get(&id, field).unwrap().is_some() => {
                    kinds.insert("field deleted");
                    document.delete(&id, field).unwrap();
                }
                1 => {
                    kinds.insert("field set twice");
                    document.put(&id, field, value(rng)).unwrap();
                    document.put(&id, field, value(rng)).unwrap();
                }
                _ => {
                    kinds.insert("field set");
                    document.put(&id, field, value(rng)).unwrap();
                }
            }
        }
        3 | 4 => {
            let key = format!("attendance/{key}");
            let values = document.get_all(ROOT, key.as_str()).unwrap().len();
            if values > 1 {
                kinds.insert("conflict resolved");
            }
            if values > 0 && rng.once_in(5) {
                kinds.insert("scalar deleted");
                document.delete(ROOT, key.as_str()).unwrap();
            } else {
                kinds.insert("scalar set");
                document.put(ROOT, key.as_str(), value(rng)).unwrap();
            }
        }
        5 => {
            let key = format!("check_ins/{key}");
            if document.get(ROOT, key.as_str()).unwrap().is_some() {
                kinds.insert("record deleted");
                document.delete(ROOT, key.as_str()).unwrap();
            }
        }
        6 => {
            let key = format!("count/{}", key / 2);
            let counter = document.get(ROOT, key.as_str()).unwrap();
            if counter.is_some_and(|(value, _)| value.is_scalar()) {
                kinds.insert("counter raised");
                document.increment(ROOT, key.as_str(), rng.below(2000) as i64 - 1000).unwrap();
            } else {
                kinds.insert("counter made");
                document.put(ROOT, key.as_str(), ScalarValue::counter(3)).unwrap();
            }
        }
        7 | 8 => {
            let id = object(document, &format!("prose/{}", key / 2), ObjType::Text, kinds, "text made");
            kinds.insert("text edited");
            let length = document.length(&id);
            let at = rng.below(length + 1);
            let gone = rng.below(4).min(length - at) as isize;
            document.splice_text(&id, at, gone, &text(rng)).unwrap();
        }
        9 | 10 => edit_list(document, rng, kinds, key / 2),
        _ => {
            kinds.insert("fields of many records set");
            for key in 0..rng.below(80) {
                let id = object(document, &format!("goals/{key}"), ObjType::Map, kinds, "record made");
                document.put(&id, "state", key as i64).unwrap();
            }
        }
    }
}

fn make_record(document: &mut AutoCommit, rng: &mut Rng, kinds: &mut BTreeSet<&'static str>, key: usize) {
    let key = format!("check_ins/{key}");
    kinds.insert(match document.get(ROOT, key.as_str()).unwrap() {
        Some(_) => "record made again",
        None => "record made",
    });
    let record = document.put_object(ROOT, key.as_str(), ObjType::Map).unwrap();
    for field in ["author", "mood", "note", "at"].iter().take(1 + rng.below(4)) {
        document.put(&record, *field, value(rng)).unwrap();
    }
}

fn edit_list(document: &mut AutoCommit, rng: &mut Rng, kinds: &mut BTreeSet<&'static str>, key: usize) {
    let id = object(document, &format!("agenda/{key}"), ObjType::List, kinds, "list made");
    let length = document.length(&id);
    let at = rng.below(length);
    match rng.below(6) {
        0 if length > 0 => {
            kinds.insert("element deleted");
            document.delete(&id, at).unwrap();
        }
        1 if length > 0 => {
            kinds.insert("element set");
            document.put(&id, at, value(rng)).unwrap();
        }
        2 => {
            kinds.insert("map in a list");
            let inner = document.insert_object(&id, at, ObjType::Map).unwrap();
            document.put(&inner, "title", value(rng)).unwrap();
        }
        _ => {
            kinds.insert("element inserted");
            for _ in 0..=rng.below(3) {
                document.insert(&id, at, value(rng)).unwrap();
            }
        }
    }
}

/// The object under a root key, made when there is none of that kind.
fn object(
    document: &mut AutoCommit,
    key: &str,
    kind: ObjType,
    kinds: &mut BTreeSet<&'static str>,
    made: &'static str,
) -> ObjId {
    match document.get(ROOT, key).unwrap() {
        Some((Value::Object(found), id)) if found == kind => id,
        _ => {
            kinds.insert(made);
            document.put_object(ROOT, key, kind).unwrap()
        }
    }
}

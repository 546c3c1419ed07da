//! The hazards of automerge 0.12 that are known by name. automerge takes most of them without a word.

use std::num::NonZeroU64;

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, Automerge, Change, ObjType, ROOT, ScalarValue};

use super::parts::{self, Parts};

/// Who throws them.
pub const ACTOR: [u8; 16] = [1; 16];

/// A hostile chunk and where it belongs.
#[derive(Debug, Clone)]
pub struct Bomb {
    /// What it is.
    pub name: &'static str,
    /// The author's changes before it, all honest.
    pub before: Vec<Vec<u8>>,
    /// The chunk. Its checksum is right.
    pub bytes: Vec<u8>,
}

/// All of them.
pub fn all() -> Vec<Bomb> {
    let mut bombs = vec![
        run_lengths(2_999_000),
        run_lengths(u64::from(u32::MAX)),
        start_near_the_end(),
        compressed(64_000_000),
        compressed(40_000_000),
        predecessors(),
        one_after_another("a bundle", |document| {
            let heads = document.get_heads();
            Automerge::load(&document.save()).unwrap().bundle(heads).unwrap().bytes().to_vec()
        }),
        one_after_another("a document", |document| document.save()),
        one_after_another("an author footer", |document| {
            let mut parts = Parts::of(last(document).raw_bytes());
            parts.extra = vec![1, 3, 7, 7, 7];
            parts.chunk()
        }),
        one_after_another("the earliest time", |document| {
            let mut parts = Parts::of(last(document).raw_bytes());
            parts.time = i64::MIN;
            parts.chunk()
        }),
        one_after_another("1,400 dependencies", |document| {
            let mut parts = Parts::of(last(document).raw_bytes());
            parts.dependencies = (0u32..1400).map(|n| [n.to_be_bytes(); 8].concat().try_into().unwrap()).collect();
            parts.chunk()
        }),
        one_after_another("a thousand strangers", |document| {
            let mut parts = Parts::of(last(document).raw_bytes());
            parts.others = (1u32..1001).map(|n| [n.to_be_bytes(); 4].concat()).collect();
            parts.chunk()
        }),
    ];
    bombs.extend([
        written("one key of 40 KB for 1,000 operations", |document| {
            let key = "k".repeat(40_000);
            (0..1000).for_each(|n| document.put(ROOT, key.as_str(), n).unwrap());
        }),
        written("4,000 maps each inside the last", |document| {
            let mut id = ROOT;
            (0..4000).for_each(|_| id = document.put_object(&id, "in", ObjType::Map).unwrap());
        }),
        written("5,000 operations", |document| {
            let list = document.put_object(ROOT, "list", ObjType::List).unwrap();
            (0..5000).for_each(|_| document.insert(&list, 0, ScalarValue::Null).unwrap());
        }),
        written("50 KB of text", |document| document.put(ROOT, "text", "t".repeat(50_000)).unwrap()),
        written("a counter at its end", |document| {
            document.put(ROOT, "count", ScalarValue::counter(i64::MAX)).unwrap();
            document.increment(ROOT, "count", 1 << 40).unwrap_or_default();
        }),
        written("marks", |document| {
            let text = document.put_object(ROOT, "text", ObjType::Text).unwrap();
            document.splice_text(&text, 0, 0, "hello").unwrap();
            document.mark(&text, Mark::new("bold".into(), true, 1, 3), ExpandMark::Both).unwrap();
        }),
        written("a table", |document| drop(document.put_object(ROOT, "table", ObjType::Table).unwrap())),
    ]);
    bombs
}

/// A list of a thousand nothings whose run lengths claim more: 115 bytes take automerge 1.25 GB at three million.
pub fn run_lengths(more: u64) -> Bomb {
    let mut document = AutoCommit::new().with_actor(ActorId::from(ACTOR));
    let list = document.put_object(ROOT, "list", ObjType::List).unwrap();
    document.commit();
    let before = vec![last(&mut document).raw_bytes().to_vec()];
    (0..1000).for_each(|_| document.insert(&list, 0, ScalarValue::Null).unwrap());
    document.commit();
    let mut parts = Parts::of(last(&mut document).raw_bytes());
    parts.stretch(more);
    Bomb { name: "run lengths", before, bytes: parts.chunk() }
}

/// Accepted by automerge; the next honest write panics.
pub fn start_near_the_end() -> Bomb {
    one_after_another("startOp = 2³² − 3", |document| {
        let mut change = last(document).decode();
        change.hash = None;
        change.start_op = NonZeroU64::new(u64::from(u32::MAX) - 2).unwrap();
        Change::from(change).raw_bytes().to_vec()
    })
}

/// A thousandth of what it unfolds to: 64 MB make 63 KB, which is too long by itself; 40 MB are not.
pub fn compressed(unfolded: usize) -> Bomb {
    one_after_another("a compressed change", |document| {
        let mut change = last(document).decode();
        change.hash = None;
        change.message = Some("\0".repeat(unfolded));
        Change::from(change).bytes().to_vec()
    })
}

fn predecessors() -> Bomb {
    one_after_another("two thousand million predecessors", |document| {
        let mut parts = Parts::of(last(document).raw_bytes());
        let claim = parts::from_runs(&[parts::Run::Literal(vec![vec![0xff, 0xff, 0xff, 0xff, 0x07]])]);
        *parts.column(0x70).unwrap() = claim;
        let run = |value| parts::from_runs(&[parts::Run::Repeated(0x7fff_ffff, vec![value])]);
        for (kind, value) in [(0x71, 0), (0x73, 0)] {
            match parts.column(kind) {
                Some(column) => *column = run(value),
                None => parts.columns.push((kind, run(value))),
            }
        }
        parts.chunk()
    })
}

fn last(document: &mut AutoCommit) -> Change {
    let hash = document.get_heads()[0];
    document.get_change_by_hash(&hash).unwrap()
}

/// One honest change, and then what is made of the second.
fn one_after_another(name: &'static str, make: impl FnOnce(&mut AutoCommit) -> Vec<u8>) -> Bomb {
    let mut document = AutoCommit::new().with_actor(ActorId::from(ACTOR));
    document.put(ROOT, "a", 1).unwrap();
    document.commit();
    let before = vec![last(&mut document).raw_bytes().to_vec()];
    document.put(ROOT, "a", 2).unwrap();
    document.commit();
    Bomb { name, before, bytes: make(&mut document) }
}

/// The first change of all, as automerge itself writes it.
fn written(name: &'static str, write: impl FnOnce(&mut AutoCommit)) -> Bomb {
    let mut document = AutoCommit::new().with_actor(ActorId::from(ACTOR));
    write(&mut document);
    document.commit_with(CommitOptions::default());
    Bomb { name, before: vec![], bytes: last(&mut document).raw_bytes().to_vec() }
}

//! What automerge writes passes; the known hazards do not.
#![allow(clippy::unwrap_used, clippy::panic)] // tests may stop at the first surprise

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, Change, ObjType, ROOT, ReadDoc, ScalarValue};
use proptest::prelude::*;

use super::*;

/// What has been scanned so far, and what its author's next change must be.
#[derive(Default)]
struct Past {
    highest: BTreeMap<[u8; 32], u64>,
    last: BTreeMap<[u8; 16], (u64, [u8; 32])>,
}

impl Past {
    fn scan(&self, actor: [u8; 16], bytes: &[u8]) -> Result<Scan, Refused> {
        let last = self.last.get(&actor);
        scan(
            bytes,
            &Expected {
                actor,
                sequence: last.map_or(1, |(sequence, _)| sequence + 1),
                previous: last.map(|(_, hash)| *hash),
                highest_operation: &|hash| self.highest.get(hash).copied(),
            },
        )
    }

    fn admit(&mut self, change: &Change) -> Scanned {
        let actor: [u8; 16] = change.actor_id().to_bytes().try_into().unwrap();
        let scanned = match self.scan(actor, change.raw_bytes()) {
            Ok(Scan::Ready(scanned)) => scanned,
            other => panic!("{other:?} for an honest change: {:02x?}\n{:?}", change.raw_bytes(), change.decode()),
        };
        assert_eq!(scanned.hash, change.hash().0);
        assert_eq!(scanned.operations, change.len() as u64);
        assert_eq!(scanned.highest_operation, change.max_op());
        assert_eq!(peek(change.raw_bytes()).unwrap().dependencies, scanned.dependencies);
        self.highest.insert(scanned.hash, scanned.highest_operation);
        self.last.insert(actor, (scanned.sequence, scanned.hash));
        scanned
    }
}

/// One thing that a person does.
#[derive(Debug, Clone)]
pub(in crate::sync) enum Edit {
    Record(u8, u8),
    Field(u8, u8, ScalarValue),
    Scalar(u8, ScalarValue),
    Delete(u8),
    Count(u8, i32),
    Text(u8, u8, u8, String),
    List(u8, u8, ScalarValue),
    ListSet(u8, u8, ScalarValue),
    ListDelete(u8, u8),
    Commit { time: i64, message: bool },
    Empty,
    Merge(usize),
}

fn value() -> impl Strategy<Value = ScalarValue> {
    prop_oneof![
        Just(ScalarValue::Null),
        any::<bool>().prop_map(ScalarValue::from),
        any::<i64>().prop_map(ScalarValue::Int),
        any::<u64>().prop_map(ScalarValue::Uint),
        any::<i64>().prop_map(ScalarValue::Timestamp),
        any::<f64>().prop_map(ScalarValue::F64),
        ".{0,40}".prop_map(|text| ScalarValue::Str(text.into())),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(ScalarValue::Bytes),
        (-1000i64..1000).prop_map(ScalarValue::counter),
    ]
}

fn edit() -> impl Strategy<Value = (usize, Edit)> {
    let edit = prop_oneof![
        2 => (0u8..4, 0u8..6).prop_map(|(key, fields)| Edit::Record(key, fields)),
        3 => (0u8..4, 0u8..4, value()).prop_map(|(key, field, value)| Edit::Field(key, field, value)),
        3 => (0u8..4, value()).prop_map(|(key, value)| Edit::Scalar(key, value)),
        1 => (0u8..16).prop_map(Edit::Delete),
        2 => (0u8..2, any::<i32>()).prop_map(|(key, step)| Edit::Count(key, step.saturating_add(1))),
        3 => (0u8..2, 0u8..20, 0u8..6, ".{0,12}").prop_map(|(key, at, gone, text)| Edit::Text(key, at, gone, text)),
        2 => (0u8..2, 0u8..20, value()).prop_map(|(key, at, value)| Edit::List(key, at, value)),
        2 => (0u8..2, 0u8..20, value()).prop_map(|(key, at, value)| Edit::ListSet(key, at, value)),
        1 => (0u8..2, 0u8..20).prop_map(|(key, at)| Edit::ListDelete(key, at)),
        4 => (-MAX_TIME..=MAX_TIME, any::<bool>()).prop_map(|(time, message)| Edit::Commit { time, message }),
        1 => Just(Edit::Empty),
        4 => (0usize..3).prop_map(Edit::Merge),
    ];
    (0usize..3, edit)
}

/// The object under a key, made when it is missing or something else.
fn object(document: &mut AutoCommit, key: &str, kind: ObjType) -> automerge::ObjId {
    match document.get(ROOT, key).unwrap() {
        Some((automerge::Value::Object(found), id)) if found == kind => id,
        _ => document.put_object(ROOT, key, kind).unwrap(),
    }
}

fn apply(document: &mut AutoCommit, edit: &Edit) {
    match edit {
        Edit::Record(key, fields) => {
            let record = document.put_object(ROOT, format!("record/{key}"), ObjType::Map).unwrap();
            for field in 0..*fields {
                document.put(&record, format!("field{field}"), i64::from(field)).unwrap();
            }
        }
        Edit::Field(key, field, value) => {
            let record = object(document, &format!("record/{key}"), ObjType::Map);
            document.put(&record, format!("field{field}"), value.clone()).unwrap();
        }
        Edit::Scalar(key, value) => document.put(ROOT, format!("scalar/{key}"), value.clone()).unwrap(),
        Edit::Delete(place) => {
            let keys: Vec<_> = document.keys(ROOT).collect();
            if let Some(key) = keys.get(usize::from(*place) % keys.len().max(1)) {
                document.delete(ROOT, key.as_str()).unwrap();
            }
        }
        Edit::Count(key, step) => {
            let key = format!("count/{key}");
            if document.get(ROOT, key.as_str()).unwrap().is_none() {
                document.put(ROOT, key.as_str(), ScalarValue::counter(7)).unwrap();
            }
            document.increment(ROOT, key.as_str(), i64::from(*step)).unwrap();
        }
        Edit::Text(key, at, gone, text) => {
            let id = object(document, &format!("text/{key}"), ObjType::Text);
            let length = document.length(&id);
            let at = usize::from(*at).min(length);
            document.splice_text(&id, at, usize::from(*gone).min(length - at) as isize, text).unwrap();
        }
        Edit::List(key, at, value) => {
            let id = object(document, &format!("list/{key}"), ObjType::List);
            let at = usize::from(*at).min(document.length(&id));
            document.insert(&id, at, value.clone()).unwrap();
        }
        Edit::ListSet(key, at, value) => {
            let id = object(document, &format!("list/{key}"), ObjType::List);
            if usize::from(*at) < document.length(&id) {
                document.put(&id, usize::from(*at), value.clone()).unwrap();
            }
        }
        Edit::ListDelete(key, at) => {
            let id = object(document, &format!("list/{key}"), ObjType::List);
            if usize::from(*at) < document.length(&id) {
                document.delete(&id, usize::from(*at)).unwrap();
            }
        }
        Edit::Commit { time, message } => {
            let options = CommitOptions::default().with_time(*time);
            document.commit_with(if *message { options.with_message("a word") } else { options });
        }
        Edit::Empty => {
            document.commit();
            document.empty_change(CommitOptions::default());
        }
        Edit::Merge(_) => {}
    }
}

/// What three people do, each in their own copy.
pub(in crate::sync) fn edits() -> impl Strategy<Value = Vec<(usize, Edit)>> {
    prop::collection::vec(edit(), 1..60)
}

/// What comes of it when all is brought together.
pub(in crate::sync) fn written(edits: &[(usize, Edit)]) -> AutoCommit {
    let mut documents: Vec<_> =
        (1u8..4).map(|actor| AutoCommit::new().with_actor(ActorId::from([actor; 16]))).collect();
    for (person, edit) in edits {
        if let Edit::Merge(other) = edit {
            documents[*other].commit();
            let mut other = documents[*other].clone();
            documents[*person].merge(&mut other).unwrap();
        } else {
            apply(&mut documents[*person], edit);
        }
    }
    let mut all = documents[0].clone();
    for document in &mut documents[1..] {
        all.merge(document).unwrap();
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Every change of three people who edit everything and merge now and then is accepted, and again after the
    /// document was saved and loaded.
    #[test]
    fn honest_changes_pass(edits in edits()) {
        let mut all = written(&edits);
        let mut past = Past::default();
        for change in all.get_changes(&[]) {
            past.admit(&change);
        }
        let mut loaded = AutoCommit::load(&all.save()).unwrap();
        let mut past = Past::default();
        for change in loaded.get_changes(&[]) {
            past.admit(&change);
        }
    }
}

/// A change with a thousand insertions, its chunk header taken off.
fn list_of_a_thousand() -> (Past, [u8; 16], Vec<u8>) {
    let actor = [1u8; 16];
    let mut document = AutoCommit::new().with_actor(ActorId::from(actor));
    let list = document.put_object(ROOT, "list", ObjType::List).unwrap();
    document.commit();
    for _ in 0..1000 {
        document.insert(&list, 0, ScalarValue::Null).unwrap();
    }
    document.commit();
    let changes = document.get_changes(&[]);
    let mut past = Past::default();
    past.admit(&changes[0]);
    (past, actor, changes[1].raw_bytes().to_vec())
}

fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let mut hashed = vec![kind];
    let mut length = body.len();
    while length > 0x7f {
        hashed.push(length as u8 | 0x80);
        length >>= 7;
    }
    hashed.push(length as u8);
    hashed.extend_from_slice(body);
    let hash = Sha256::digest(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83], &hash[..4], &hashed].concat()
}

#[test]
fn honest_changes_at_the_limits_pass() {
    let mut document = AutoCommit::new().with_actor(ActorId::from([1; 16]));
    let list = document.put_object(ROOT, "list", ObjType::List).unwrap();
    document.commit();
    for number in 0..MAX_OPERATIONS {
        document.insert(&list, number, number as i64).unwrap();
    }
    document.commit();
    document.put(ROOT, "letters", "ж".repeat(16 * 1024)).unwrap(); // 32 KiB
    document.commit();
    // Thirty people set one thing, and one of them settles it.
    let mut people: Vec<_> = (2u8..32).map(|actor| document.fork().with_actor(ActorId::from([actor; 16]))).collect();
    for (person, document) in people.iter_mut().enumerate() {
        document.put(ROOT, "time", person as i64).unwrap();
        document.commit();
    }
    for other in &mut people {
        document.merge(other).unwrap();
    }
    document.put(ROOT, "time", "six").unwrap();
    document.commit();
    let mut past = Past::default();
    let changes = document.get_changes(&[]);
    assert_eq!(changes.len(), 34);
    changes.iter().for_each(|change| drop(past.admit(change)));
    assert_eq!(changes[33].deps().len(), 31);
}

/// The 96-byte hazard: accepted by automerge, after which the next honest write panics.
#[test]
fn a_start_near_the_end_of_the_numbers_is_refused() {
    let actor = [1u8; 16];
    let mut document = AutoCommit::new().with_actor(ActorId::from(actor));
    document.put(ROOT, "evil", 1).unwrap();
    document.commit();
    let mut expanded = document.get_changes(&[])[0].decode();
    for (start, reason) in [
        (u64::from(u32::MAX) - 2, Refused::CounterExhausted),
        (MAX_OPERATION_COUNTER + 1, Refused::CounterExhausted),
        (MAX_OPERATION_COUNTER, Refused::CounterExhausted),
        (2, Refused::WrongStartOperation),
    ] {
        expanded.start_op = start.try_into().unwrap();
        let change = Change::from(expanded.clone());
        assert_eq!(Past::default().scan(actor, change.raw_bytes()), Err(reason), "{start}");
    }
}

#[test]
fn other_chunks_and_longer_ones_are_refused() {
    let (past, actor, honest) = list_of_a_thousand();
    let body = &honest[honest.len() - usize::from(honest[9])..];
    assert_eq!(chunk(1, body), honest);
    for kind in [0, 2, 3, 4, 255] {
        assert_eq!(past.scan(actor, &chunk(kind, body)), Err(Refused::NotAChange));
    }
    assert_eq!(past.scan(actor, &[honest.as_slice(), &[0]].concat()), Err(Refused::ExtraBytes));
    assert_eq!(past.scan(actor, &chunk(1, &[body, &[0]].concat())), Err(Refused::ExtraBytes));
    assert_eq!(past.scan(actor, &chunk(1, &vec![0; MAX_CHANGE_BYTES])), Err(Refused::TooLarge));
    assert_eq!(past.scan(actor, &[]), Err(Refused::CutShort));
    for end in 0..honest.len() {
        assert!(past.scan(actor, &honest[..end]).is_err());
    }
    let mut wrong = honest.clone();
    wrong[5] ^= 1;
    assert_eq!(past.scan(actor, &wrong), Err(Refused::BadChecksum));
}

#[test]
fn the_past_decides() {
    let (past, actor, honest) = list_of_a_thousand();
    assert_eq!(past.scan([9; 16], &honest), Err(Refused::WrongActor));
    assert_eq!(Past::default().scan(actor, &honest), Err(Refused::WrongSequence));
    let (_, previous) = past.last[&actor];
    let expected = |highest_operation, previous| Expected { actor, sequence: 2, previous, highest_operation };
    assert_eq!(
        scan(&honest, &expected(&|_| None, Some(previous))),
        Ok(Scan::Waiting { missing: vec![previous] }),
        "a missing dependency is no fault"
    );
    assert_eq!(scan(&honest, &expected(&|_| Some(5), Some(previous))), Err(Refused::WrongStartOperation));
    assert_eq!(scan(&honest, &expected(&|_| Some(1), Some([7; 32]))), Err(Refused::MissingOwnPrevious));
    assert_eq!(scan(&honest, &expected(&|_| Some(1), None)), Err(Refused::MissingOwnPrevious));
}

/// Rich text and author footers are automerge's, not ours.
#[test]
fn what_we_never_write_is_refused() {
    let actor = [1u8; 16];
    let mut document = AutoCommit::new().with_actor(ActorId::from(actor));
    let text = document.put_object(ROOT, "text", ObjType::Text).unwrap();
    document.splice_text(&text, 0, 0, "hello").unwrap();
    let mark = automerge::marks::Mark::new("bold".into(), true, 1, 3);
    document.mark(&text, mark, automerge::marks::ExpandMark::Both).unwrap();
    document.commit();
    let change = &document.get_changes(&[])[0];
    assert_eq!(Past::default().scan(actor, change.raw_bytes()), Err(Refused::UnknownColumn));

    let mut document = AutoCommit::new().with_actor(ActorId::from(actor));
    document.put_object(ROOT, "table", ObjType::Table).unwrap();
    document.commit();
    let change = &document.get_changes(&[])[0];
    assert_eq!(Past::default().scan(actor, change.raw_bytes()), Err(Refused::UnknownAction));
}

/// A key is copied for every operation under its run length.
#[test]
fn one_long_key_under_a_run_length_is_refused() {
    let actor = [1u8; 16];
    for (length, times, reason) in [(40_000, 2, Refused::KeysTooLong), (1000, 4000, Refused::KeysTooLong)] {
        let mut document = AutoCommit::new().with_actor(ActorId::from(actor));
        for time in 0..times {
            document.put(ROOT, "k".repeat(length), time).unwrap();
        }
        document.commit();
        let change = &document.get_changes(&[])[0];
        assert!(change.raw_bytes().len() < MAX_CHANGE_BYTES);
        assert_eq!(Past::default().scan(actor, change.raw_bytes()), Err(reason));
    }
}

#[test]
fn maps_in_maps_without_end_are_refused() {
    let actor = [1u8; 16];
    for (depth, fits) in [(MAX_DEPTH + 1, true), (MAX_DEPTH + 2, false)] {
        let mut document = AutoCommit::new().with_actor(ActorId::from(actor));
        let mut id = ROOT;
        for _ in 0..depth {
            id = document.put_object(&id, "in", ObjType::Map).unwrap();
        }
        document.commit();
        let change = &document.get_changes(&[])[0];
        let scanned = Past::default().scan(actor, change.raw_bytes());
        assert_eq!(scanned.is_ok(), fits, "{depth}: {scanned:?}");
    }
}

#[test]
fn counters_that_could_overflow_are_refused() {
    let actor = [1u8; 16];
    for (start, step) in [(i64::MAX, 1), (1, i64::MIN), (MAX_COUNTER + 1, 0)] {
        let mut document = AutoCommit::new().with_actor(ActorId::from(actor));
        document.put(ROOT, "count", ScalarValue::counter(start)).unwrap();
        if step < 0 {
            document.increment(ROOT, "count", step).unwrap();
        }
        document.commit();
        let change = &document.get_changes(&[])[0];
        assert_eq!(Past::default().scan(actor, change.raw_bytes()), Err(Refused::BadCounter));
    }
}

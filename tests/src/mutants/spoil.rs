//! Ways to spoil an honest change.

use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::{ElementId, Key, MarkData, ObjectId, Op, OpId, OpType};
use automerge::{Change, ObjType, ScalarValue};

use super::honest::{self, Honest};
use super::parts::{self, Parts, Run};
use super::{Mutant, Rng};

/// Spoil a change in one way, chosen at random. `past` is what was written before it, the latest last. The checksum fits
/// again, and now and then the mutant is harmless or even what it was.
pub fn spoil(rng: &mut Rng, honest: &Honest, past: &[Honest]) -> Mutant {
    let (name, bytes) = match rng.below(24) {
        0 | 1 => ("bytes flipped", bytes_flipped(rng, honest)),
        2 => ("bytes cut or added", bytes_cut_or_added(rng, honest)),
        3..=5 => ("column bytes", with_parts(honest, |parts| column_bytes(rng, parts))),
        6 => ("columns spliced", with_parts(honest, |parts| columns_spliced(rng, parts, past))),
        7 => ("columns rearranged", with_parts(honest, |parts| columns_rearranged(rng, parts))),
        8 | 9 => ("run lengths", with_parts(honest, |parts| run_lengths(rng, parts))),
        10 => ("more of the last operation", with_parts(honest, |parts| parts.stretch(1 + rng.below(5) as u64))),
        11 => (
            "far more of the last operation",
            with_parts(honest, |parts| parts.stretch(rng.next() >> (8 + rng.below(48)))),
        ),
        12 => ("start operation", with_parts(honest, |parts| start(rng, parts))),
        13 => ("sequence", with_parts(honest, |parts| parts.sequence = near(rng, parts.sequence))),
        14 => ("dependencies", with_parts(honest, |parts| dependencies(rng, parts, past))),
        15 => ("actors", with_parts(honest, |parts| actors(rng, parts, past))),
        16 => ("head", with_parts(honest, |parts| head(rng, parts))),
        _ => ("operations", operations(rng, honest, past)),
    };
    Mutant { name, bytes }
}

fn with_parts(honest: &Honest, change: impl FnOnce(&mut Parts)) -> Vec<u8> {
    let mut parts = Parts::of(&honest.bytes);
    change(&mut parts);
    parts.chunk()
}

fn near(rng: &mut Rng, number: u64) -> u64 {
    match rng.below(5) {
        0 => number.saturating_add(1),
        1 => number.saturating_sub(1),
        2 => 0,
        3 => u64::MAX,
        _ => rng.next() >> rng.below(64),
    }
}

fn bytes_flipped(rng: &mut Rng, honest: &Honest) -> Vec<u8> {
    let mut body = parts::body(&honest.bytes);
    for _ in 0..=rng.below(3) {
        let at = rng.below(body.len());
        body[at] ^= if rng.once_in(2) { 1 << rng.below(8) } else { rng.next() as u8 };
    }
    parts::chunk(parts::CHANGE, &body)
}

fn bytes_cut_or_added(rng: &mut Rng, honest: &Honest) -> Vec<u8> {
    let mut body = parts::body(&honest.bytes);
    let at = rng.below(body.len());
    match rng.below(3) {
        0 => body.truncate(at),
        1 => body.insert(at, rng.next() as u8),
        _ => drop(body.remove(at)),
    }
    parts::chunk(parts::CHANGE, &body)
}

fn column_bytes(rng: &mut Rng, parts: &mut Parts) {
    let index = rng.below(parts.columns.len());
    let Some((_, column)) = parts.columns.get_mut(index) else { return };
    for _ in 0..=rng.below(2) {
        let at = rng.below(column.len());
        match rng.below(4) {
            0 => column.insert(at, rng.next() as u8 >> rng.below(8)),
            1 if column.len() > 1 => drop(column.remove(at)),
            2 => column[at] = column[at].wrapping_add(1),
            _ => column[at] ^= 1 << rng.below(8),
        }
    }
}

fn columns_spliced(rng: &mut Rng, parts: &mut Parts, past: &[Honest]) {
    let Some(other) = (!past.is_empty()).then(|| Parts::of(&rng.pick(past).bytes)) else { return };
    let index = rng.below(parts.columns.len());
    let Some((kind, column)) = parts.columns.get_mut(index) else { return };
    if let Some((_, theirs)) = other.columns.iter().find(|(theirs, _)| theirs == kind || rng.once_in(6)) {
        *column = theirs.clone();
    }
}

fn columns_rearranged(rng: &mut Rng, parts: &mut Parts) {
    let count = parts.columns.len();
    let index = rng.below(count);
    let known = [0x01, 0x02, 0x11, 0x13, 0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73, 0x94, 0xa5, 0x25, 0x103];
    match rng.below(6) {
        0 if count > 0 => drop(parts.columns.remove(index)),
        1 if count > 0 => parts.columns.insert(index, parts.columns[index].clone()),
        2 if count > 1 => parts.columns.swap(index, (index + 1) % count),
        3 if count > 0 => parts.columns[index].0 |= 8, // the bit for compressed columns
        4 if count > 0 => parts.columns[index].1.clear(),
        _ => {
            let kind = *rng.pick(&known);
            let place = parts.columns.partition_point(|(other, _)| *other < kind);
            parts.columns.insert(place, (kind, rng.pick(&[vec![1], vec![2, 0], vec![0, 3], vec![0x7f, 1]]).clone()));
        }
    }
}

fn run_lengths(rng: &mut Rng, parts: &mut Parts) {
    let index = rng.below(parts.columns.len());
    let Some((kind, column)) = parts.columns.get_mut(index) else { return };
    if *kind == 0x57 {
        return;
    }
    let text = *kind == 0x15;
    let mut runs = parts::runs(column, text);
    let place = rng.below(runs.len());
    let count = match rng.below(4) {
        0 => 0,
        1 => 1,
        2 => 1 + rng.below(6) as u64,
        _ => rng.next() >> rng.below(64),
    };
    match runs.get_mut(place) {
        Some(Run::Nulls(old) | Run::Repeated(old, _)) if rng.once_in(2) => *old = count,
        Some(Run::Repeated(old, value)) if *old > 1 => {
            // The same values, written as two runs.
            let rest = Run::Repeated(1, value.clone());
            *old -= 1;
            runs.insert(place + 1, rest);
        }
        Some(Run::Literal(values)) if values.len() > 1 => {
            let rest = Run::Literal(values.split_off(1));
            runs.insert(place + 1, rest);
        }
        Some(run) => *run = Run::Nulls(count),
        None => {}
    }
    *column = parts::from_runs(&runs);
}

fn start(rng: &mut Rng, parts: &mut Parts) {
    parts.start = match rng.below(4) {
        0 => u64::from(u32::MAX) - rng.below(4) as u64,
        1 => u64::from(u32::MAX >> 1) + rng.below(3) as u64,
        _ => near(rng, parts.start),
    };
}

fn dependencies(rng: &mut Rng, parts: &mut Parts, past: &[Honest]) {
    let dependencies = &mut parts.dependencies;
    let index = rng.below(dependencies.len());
    match rng.below(6) {
        0 if !dependencies.is_empty() => drop(dependencies.remove(index)),
        1 if !dependencies.is_empty() => dependencies.push(dependencies[index]),
        2 if dependencies.len() > 1 => dependencies.reverse(),
        3 => dependencies.clear(),
        4 if !past.is_empty() => {
            dependencies.push(rng.pick(past).hash);
            dependencies.sort_unstable();
        }
        _ => dependencies.push(rng.hash()),
    }
}

fn actors(rng: &mut Rng, parts: &mut Parts, past: &[Honest]) {
    let index = rng.below(parts.others.len());
    match rng.below(7) {
        0 => parts.actor = rng.id().to_vec(),
        1 if !past.is_empty() => parts.actor = rng.pick(past).actor.to_vec(),
        2 if !parts.others.is_empty() => parts.others[index] = rng.id().to_vec(),
        3 if !parts.others.is_empty() => drop(parts.others.remove(index)),
        4 if parts.others.len() > 1 => parts.others.reverse(),
        5 => parts.others.push(parts.actor.clone()),
        _ => {
            parts.others.push(rng.id()[..rng.below(17)].to_vec());
            parts.others.sort_unstable();
        }
    }
}

fn head(rng: &mut Rng, parts: &mut Parts) {
    match rng.below(6) {
        0 => parts.time = i64::MIN,
        1 => parts.time = i64::MAX,
        2 => parts.message = vec![0xff, 0xfe],
        3 => parts.message = vec![b'm'; 20_000],
        4 => parts.extra = vec![1, 2, 7, 7], // an author footer
        _ => parts.extra = vec![rng.next() as u8],
    }
}

/// Operations that automerge itself encodes, so that their form is right and only their sense is wrong.
fn operations(rng: &mut Rng, honest: &Honest, past: &[Honest]) -> Vec<u8> {
    let Ok(change) = Change::from_bytes(honest.bytes.clone()) else { return honest.bytes.clone() };
    let mut change = change.decode();
    change.hash = None;
    for _ in 0..=rng.below(2) {
        let count = change.operations.len();
        let index = rng.below(count);
        let any = any_id(rng, change.start_op.get().saturating_add(count as u64), honest, past);
        let length = change.operations.len();
        match rng.below(12) {
            0 if length > 0 => drop(change.operations.remove(index)),
            1 if length > 0 => change.operations.insert(index, change.operations[index].clone()),
            2 if length > 1 => change.operations.swap(index, rng.below(length)),
            3 => change.start_op = NonZeroU64::new(near(rng, change.start_op.get()).max(1)).unwrap(),
            _ => {
                if let Some(operation) = change.operations.get_mut(index) {
                    operation_changed(rng, operation, any);
                }
            }
        }
    }
    // Its encoder panics at some of them; those a peer would have to write by hand, as the other mutants are.
    catch_unwind(AssertUnwindSafe(|| Change::from(change).raw_bytes().to_vec()))
        .unwrap_or_else(|_| honest.bytes.clone())
}

/// The name of an operation: mostly of one that there is, of this change or before it, else of any.
fn any_id(rng: &mut Rng, end: u64, honest: &Honest, past: &[Honest]) -> OpId {
    let real = if past.is_empty() || rng.once_in(3) { honest } else { rng.pick(past) };
    if !rng.once_in(6) {
        return OpId::new(real.start + rng.below(real.operations as usize) as u64, &real.actor.into());
    }
    let actor = if rng.once_in(4) { rng.id() } else { real.actor };
    OpId::new(1 + rng.below((end as usize).saturating_add(1)) as u64, &actor.into())
}

fn operation_changed(rng: &mut Rng, operation: &mut Op, any: OpId) {
    let mut predecessors: Vec<_> = operation.pred.iter().cloned().collect();
    match rng.below(14) {
        0 => operation.obj = ObjectId::Id(any),
        1 => operation.obj = ObjectId::Root,
        2 => operation.key = Key::Map("another key".into()),
        3 => operation.key = Key::Seq(ElementId::Id(any)),
        4 => operation.key = Key::head(),
        5 => predecessors.push(any),
        6 => predecessors = vec![any],
        7 => predecessors.clear(),
        8 => operation.insert = !operation.insert,
        9 => operation.action = OpType::Delete,
        10 => operation.action = OpType::Increment(*rng.pick(&[1, -1, i64::MAX, i64::MIN])),
        11 => {
            let kind = *rng.pick(&[ObjType::Map, ObjType::List, ObjType::Text, ObjType::Table]);
            operation.action = OpType::Make(kind);
        }
        12 => {
            let strange = [
                ScalarValue::counter(i64::MAX),
                ScalarValue::Unknown { type_code: 10 + rng.below(6) as u8, bytes: vec![1, 2, 3] },
                ScalarValue::F64(f64::NAN),
                honest::value(rng),
            ];
            operation.action = OpType::Put(rng.pick(&strange).clone());
        }
        _ => {
            let data = MarkData { name: "bold".into(), value: ScalarValue::from(true), expand: rng.once_in(2) };
            operation.action = if rng.once_in(2) { OpType::MarkBegin(data) } else { OpType::MarkEnd(rng.once_in(2)) };
        }
    }
    operation.pred = predecessors.into();
}

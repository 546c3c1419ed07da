//! The operations of a change: each by itself, and how they refer to each other.

use std::ops::Range;

use super::columns::{Columns, Limit, booleans, optional, required, sums};
use super::head::{Body, Head};
use super::leb::Reader;
use super::{
    MAX_COUNTER, MAX_DEPTH, MAX_KEY_BYTES, MAX_KEYS_BYTES, MAX_OPERATION_COUNTER, MAX_OPERATIONS, MAX_PREDECESSORS,
    Refused, Shape, Touched,
};

/// What the operations come to.
pub(super) struct Operations {
    pub(super) count: u64,
    pub(super) touched: Touched,
}

/// Read all columns and check every operation.
pub(super) fn check(head: &Head, body: Body<'_>) -> Result<Operations, Refused> {
    let table = Table::read(&body.columns()?, body.actors.len())?;
    let count = table.operations.len() as u64;
    // An empty change may stand at the very end; the number after it must still be writable.
    if head.start_operation + count > MAX_OPERATION_COUNTER {
        return Err(Refused::CounterExhausted);
    }
    let mut check = Check {
        start: head.start_operation,
        actors: &body.actors,
        used: vec![false; body.actors.len()],
        depths: Vec::with_capacity(table.operations.len()),
        touched: Touched::default(),
        table: &table,
    };
    for index in 0..table.operations.len() {
        check.operation(index)?;
    }
    // automerge names only the actors its operations refer to.
    if check.used.iter().skip(1).any(|used| !used) {
        return Err(Refused::BadActors);
    }
    Ok(Operations { count, touched: check.touched })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    MakeMap,
    Set,
    MakeList,
    Delete,
    MakeText,
    Increment,
}

impl Action {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Refused> {
        Ok(match reader.unsigned()? {
            0 => Self::MakeMap,
            1 => Self::Set,
            2 => Self::MakeList,
            3 => Self::Delete,
            4 => Self::MakeText,
            5 => Self::Increment,
            _ => return Err(Refused::UnknownAction),
        })
    }

    /// Whether it leaves something at its key, to be read, replaced or deleted.
    fn leaves_a_value(self) -> bool {
        !matches!(self, Self::Delete | Self::Increment)
    }
}

/// An operation's name: its author by index, and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Id {
    actor: usize,
    counter: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key<'a> {
    /// A key of a map.
    Name(&'a str),
    /// Before the first element of a list.
    Front,
    /// An element of a list.
    Element(Id),
}

struct Operation<'a> {
    object: Option<Id>,
    key: Key<'a>,
    insert: bool,
    action: Action,
    predecessors: Range<usize>,
}

struct Table<'a> {
    operations: Vec<Operation<'a>>,
    predecessors: Vec<Id>,
}

const OPERATIONS: Limit = Limit { values: MAX_OPERATIONS, beyond: Refused::TooManyOperations };
const PREDECESSORS: Limit = Limit { values: MAX_PREDECESSORS, beyond: Refused::TooManyPredecessors };

impl<'a> Table<'a> {
    fn read(columns: &Columns<'a>, actors: usize) -> Result<Self, Refused> {
        let actions = required(columns.action, OPERATIONS, Action::read)?;
        let count = actions.len();
        let inserts = even(count, booleans(columns.insert, OPERATIONS)?)?;
        let kinds = even(count, required(columns.value_kind, OPERATIONS, Reader::unsigned)?)?;
        let number = Reader::unsigned;
        let objects = ids(
            even_or_none(count, optional(columns.object_actor, OPERATIONS, number)?)?,
            even_or_none(count, optional(columns.object_counter, OPERATIONS, number)?)?,
            actors,
        )?;
        let key_actors = even_or_none(count, optional(columns.key_actor, OPERATIONS, number)?)?;
        let key_counters = sums(optional(columns.key_counter, OPERATIONS, Reader::signed)?)?;
        let key_counters = even_or_none(count, unsigned(key_counters)?)?;
        let names = even_or_none(count, names(columns.key_text)?)?;

        let spans = spans(&even(count, required(columns.predecessor_count, OPERATIONS, number)?)?)?;
        let total = spans.last().map_or(0, |span| span.end);
        let predecessor_actors = even(total, required(columns.predecessor_actor, PREDECESSORS, number)?)?;
        let differences = required(columns.predecessor_counter, PREDECESSORS, Reader::signed)?;
        let counters = sums(differences.into_iter().map(Some).collect())?;
        let counters = even(total, unsigned(counters)?)?;
        let some = predecessor_actors.into_iter().map(Some).collect();
        let predecessors = ids(some, counters, actors)?.into_iter().flatten().collect();

        let mut values = Reader::new(columns.value);
        let mut operations = Vec::with_capacity(count);
        for (index, action) in actions.into_iter().enumerate() {
            value(action, kinds[index], &mut values)?;
            operations.push(Operation {
                object: objects[index],
                key: key(key_actors[index], key_counters[index], names[index], actors)?,
                insert: inserts[index],
                action,
                predecessors: spans[index].clone(),
            });
        }
        values.end()?;
        Ok(Self { operations, predecessors })
    }
}

fn even<T>(count: usize, column: Vec<T>) -> Result<Vec<T>, Refused> {
    if column.len() == count { Ok(column) } else { Err(Refused::UnevenColumns) }
}

/// A column that automerge leaves out when it holds nothing but nulls.
fn even_or_none<T: Clone>(count: usize, column: Vec<Option<T>>) -> Result<Vec<Option<T>>, Refused> {
    if column.is_empty() { Ok(vec![None; count]) } else { even(count, column) }
}

fn unsigned(column: Vec<Option<i64>>) -> Result<Vec<Option<u64>>, Refused> {
    let number = |value: Option<i64>| value.map(u64::try_from).transpose().map_err(|_| Refused::BadReference);
    column.into_iter().map(number).collect()
}

fn names(column: &[u8]) -> Result<Vec<Option<&str>>, Refused> {
    let names = optional(column, OPERATIONS, |reader| match reader.text()? {
        name if name.len() > MAX_KEY_BYTES => Err(Refused::KeysTooLong),
        name => Ok(name),
    })?;
    if names.iter().flatten().map(|name| name.len()).sum::<usize>() > MAX_KEYS_BYTES {
        return Err(Refused::KeysTooLong);
    }
    Ok(names)
}

/// Where the predecessors of each operation stand among all of them.
fn spans(counts: &[u64]) -> Result<Vec<Range<usize>>, Refused> {
    let mut end = 0usize;
    let mut span = |count: &u64| {
        let start = end;
        let count = usize::try_from(*count).map_err(|_| Refused::TooManyPredecessors)?;
        end = end.checked_add(count).filter(|end| *end <= MAX_PREDECESSORS).ok_or(Refused::TooManyPredecessors)?;
        Ok(start..end)
    };
    counts.iter().map(&mut span).collect()
}

fn id(actor: u64, counter: u64, actors: usize) -> Result<Id, Refused> {
    match usize::try_from(actor) {
        Ok(actor) if actor < actors && counter > 0 => Ok(Id { actor, counter }),
        _ => Err(Refused::BadReference),
    }
}

/// Ids from their two columns: both null means the root of the document.
fn ids(id_actors: Vec<Option<u64>>, counters: Vec<Option<u64>>, actors: usize) -> Result<Vec<Option<Id>>, Refused> {
    let one = |pair| match pair {
        (Some(actor), Some(counter)) => id(actor, counter, actors).map(Some),
        (None, None) => Ok(None),
        _ => Err(Refused::BadReference),
    };
    id_actors.into_iter().zip(counters).map(one).collect()
}

fn key<'a>(actor: Option<u64>, counter: Option<u64>, name: Option<&'a str>, actors: usize) -> Result<Key<'a>, Refused> {
    match (actor, counter, name) {
        (None, None, Some(name)) => Ok(Key::Name(name)),
        (None, Some(0), None) => Ok(Key::Front),
        (Some(actor), Some(counter), None) => id(actor, counter, actors).map(Key::Element),
        _ => Err(Refused::BadKey),
    }
}

/// Check one value; `kind` is its length and, in the lowest four bits, its type.
fn value(action: Action, kind: u64, values: &mut Reader<'_>) -> Result<(), Refused> {
    let length = usize::try_from(kind >> 4).map_err(|_| Refused::BadValue)?;
    let bytes = values.take(length)?;
    let mut reader = Reader::new(bytes);
    let nothing = |allowed: bool| if allowed && length == 0 { Ok(()) } else { Err(Refused::BadValue) };
    let small = |number: i64| {
        if (-MAX_COUNTER..=MAX_COUNTER).contains(&number) { Ok(()) } else { Err(Refused::BadCounter) }
    };
    match (action, kind & 0xf) {
        (Action::Increment, 4) => small(reader.signed()?)?,
        (Action::Set, 0..=2) => return nothing(true),
        (Action::Set, 3) => drop(reader.unsigned()?),
        (Action::Set, 4 | 9) => drop(reader.signed()?),
        (Action::Set, 5) => drop(reader.array::<8>()?),
        (Action::Set, 6) => return std::str::from_utf8(bytes).map(drop).map_err(|_| Refused::BadText),
        (Action::Set, 7) => return Ok(()),
        (Action::Set, 8) => small(reader.signed()?)?,
        (Action::Set | Action::Increment, _) => return Err(Refused::BadValue),
        (_, kind) => return nothing(kind == 0),
    }
    reader.end()
}

struct Check<'a> {
    start: u64,
    actors: &'a [[u8; 16]],
    used: Vec<bool>,
    /// How deep the object of each operation lies below the last one from before this change.
    depths: Vec<usize>,
    touched: Touched,
    table: &'a Table<'a>,
}

impl<'a> Check<'a> {
    fn operation(&mut self, index: usize) -> Result<(), Refused> {
        let table = self.table;
        let operation = &table.operations[index];
        self.object(index, operation)?;
        match operation.key {
            Key::Name(_) | Key::Front if operation.insert != (operation.key == Key::Front) => {
                return Err(Refused::BadKey);
            }
            Key::Element(element) => {
                if let Some((_, earlier)) = self.refer(index, element)?
                    && (!earlier.insert || earlier.object != operation.object)
                {
                    return Err(Refused::BadKey);
                }
            }
            _ => {}
        }
        self.predecessors(index, operation)
    }

    /// Resolve a reference: the operation and its place when it stands in this change, `None` when it is from before. Numbers from
    /// `start` on are the author's own, as the change begins above all it builds on.
    fn refer(&mut self, index: usize, id: Id) -> Result<Option<(usize, &'a Operation<'a>)>, Refused> {
        self.used[id.actor] = true;
        let Some(place) = id.counter.checked_sub(self.start) else {
            if id.actor != 0 {
                let highest = self.touched.others.entry(self.actors[id.actor]).or_default();
                *highest = id.counter.max(*highest);
            }
            return Ok(None);
        };
        match usize::try_from(place) {
            Ok(place) if id.actor == 0 && place < index => Ok(Some((place, &self.table.operations[place]))),
            _ => Err(Refused::BadReference),
        }
    }

    fn object(&mut self, index: usize, operation: &Operation<'_>) -> Result<(), Refused> {
        let name = match operation.key {
            Key::Name(name) => Some(name),
            _ => None,
        };
        let shape = if name.is_some() { Shape::Named } else { Shape::Positional };
        let mut depth = 0;
        let expected = match operation.object {
            None => {
                if let Some(name) = name
                    && !self.touched.root_keys.contains(name)
                {
                    self.touched.root_keys.insert(name.to_owned());
                }
                Shape::Named
            }
            Some(object) => match self.refer(index, object)? {
                Some((place, made)) => {
                    depth = self.depths[place] + 1;
                    match made.action {
                        Action::MakeMap => Shape::Named,
                        Action::MakeList | Action::MakeText => Shape::Positional,
                        _ => return Err(Refused::BadReference),
                    }
                }
                None => *self.touched.objects.entry((object.counter, self.actors[object.actor])).or_insert(shape),
            },
        };
        if depth > MAX_DEPTH {
            return Err(Refused::TooDeep);
        }
        self.depths.push(depth);
        if shape == expected { Ok(()) } else { Err(Refused::BadKey) }
    }

    fn predecessors(&mut self, index: usize, operation: &Operation<'_>) -> Result<(), Refused> {
        if operation.insert {
            // A new element replaces nothing.
            let fits = operation.predecessors.is_empty() && operation.action.leaves_a_value();
            return if fits { Ok(()) } else { Err(Refused::BadPredecessors) };
        }
        let may_be_first = operation.action.leaves_a_value() && matches!(operation.key, Key::Name(_));
        if operation.predecessors.is_empty() && !may_be_first {
            // automerge does not store a deletion: it is found again by what it deletes.
            return Err(Refused::BadPredecessors);
        }
        let mut before = None;
        for predecessor in &self.table.predecessors[operation.predecessors.clone()] {
            let order = (predecessor.counter, self.actors[predecessor.actor]);
            if before.is_some_and(|before| before >= order) {
                return Err(Refused::BadPredecessors);
            }
            before = Some(order);
            let Some((_, earlier)) = self.refer(index, *predecessor)? else { continue };
            let place = if earlier.insert { Key::Element(*predecessor) } else { earlier.key };
            if earlier.object != operation.object || place != operation.key || !earlier.action.leaves_a_value() {
                return Err(Refused::BadPredecessors);
            }
        }
        Ok(())
    }
}

//! The chunk around a change and the head of the change.

use sha2::{Digest, Sha256};

use super::columns::Columns;
use super::leb::Reader;
use super::{
    MAX_CHANGE_BYTES, MAX_DEPENDENCIES, MAX_MESSAGE_BYTES, MAX_OPERATION_COUNTER, MAX_OTHER_ACTORS, MAX_TIME, Refused,
};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Chunk types: 0 is a document, 1 a change, 2 a compressed change, 3 a bundle.
const CHANGE: u8 = 1;

/// What stands at the beginning of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The change's hash, as automerge computes it: SHA-256 from the chunk type on.
    pub hash: [u8; 32],
    /// Who wrote it.
    pub actor: [u8; 16],
    /// Its number among the changes of its author, from 1.
    pub sequence: u64,
    /// The number of its first operation.
    pub start_operation: u64,
    /// The changes it builds on, in ascending order.
    pub dependencies: Vec<[u8; 32]>,
}

/// Read the head of a change only: enough to sort changes by what they build on before each is scanned in full.
///
/// # Errors
/// What is wrong with the chunk, its checksum or its head. The operations are not looked at.
pub fn peek(bytes: &[u8]) -> Result<Head, Refused> {
    read(bytes).map(|(head, _)| head)
}

/// What follows the head.
pub(super) struct Body<'a> {
    /// The ids of the actors that operations refer to by index: the author, then the others in ascending order.
    pub(super) actors: Vec<[u8; 16]>,
    /// The table of columns and the columns.
    columns: Reader<'a>,
}

impl<'a> Body<'a> {
    pub(super) fn columns(&self) -> Result<Columns<'a>, Refused> {
        Columns::read(&mut self.columns.clone())
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<(Head, Body<'_>), Refused> {
    if bytes.len() > MAX_CHANGE_BYTES {
        return Err(Refused::TooLarge);
    }
    let mut reader = Reader::new(bytes);
    if reader.array()? != MAGIC {
        return Err(Refused::NotAChange);
    }
    let checksum = reader.array::<4>()?;
    let hashed = &bytes[bytes.len() - reader.remaining()..];
    if reader.byte()? != CHANGE {
        return Err(Refused::NotAChange);
    }
    let length = reader.count()?;
    match reader.remaining() {
        rest if rest < length => return Err(Refused::CutShort),
        rest if rest > length => return Err(Refused::ExtraBytes),
        _ => {}
    }
    let hash: [u8; 32] = Sha256::digest(hashed).into();
    if hash[..4] != checksum {
        return Err(Refused::BadChecksum);
    }
    let dependencies = dependencies(&mut reader)?;
    let actor = actor(&mut reader)?;
    let sequence = reader.unsigned()?;
    let start_operation = reader.unsigned()?;
    if sequence == 0 || start_operation == 0 {
        return Err(Refused::BadNumber);
    }
    if start_operation > MAX_OPERATION_COUNTER {
        return Err(Refused::CounterExhausted);
    }
    if !(-MAX_TIME..=MAX_TIME).contains(&reader.signed()?) {
        return Err(Refused::BadTime);
    }
    if reader.text()?.len() > MAX_MESSAGE_BYTES {
        return Err(Refused::MessageTooLong);
    }
    let actors = other_actors(&mut reader, actor)?;
    let head = Head { hash, actor, sequence, start_operation, dependencies };
    Ok((head, Body { actors, columns: reader }))
}

fn dependencies(reader: &mut Reader<'_>) -> Result<Vec<[u8; 32]>, Refused> {
    let count = reader.count()?;
    if count > MAX_DEPENDENCIES {
        return Err(Refused::BadDependencies);
    }
    let mut dependencies: Vec<[u8; 32]> = Vec::new();
    for _ in 0..count {
        let dependency = reader.array()?;
        if dependencies.last().is_some_and(|before| *before >= dependency) {
            return Err(Refused::BadDependencies);
        }
        dependencies.push(dependency);
    }
    Ok(dependencies)
}

fn actor(reader: &mut Reader<'_>) -> Result<[u8; 16], Refused> {
    if reader.unsigned()? != 16 {
        return Err(Refused::BadActors);
    }
    reader.array()
}

/// The author and then the table of others, which must be in ascending order and not name the author again.
fn other_actors(reader: &mut Reader<'_>, author: [u8; 16]) -> Result<Vec<[u8; 16]>, Refused> {
    let count = reader.count()?;
    if count > MAX_OTHER_ACTORS {
        return Err(Refused::BadActors);
    }
    let mut actors = vec![author];
    for index in 0..count {
        let other = actor(reader)?;
        if other == author || (index > 0 && actors[index] >= other) {
            return Err(Refused::BadActors);
        }
        actors.push(other);
    }
    Ok(actors)
}

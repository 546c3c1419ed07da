//! What a noun does inside a write: edits to documents, gathered, then applied as few changes within the wire's limits.

use super::document::record_object;
use super::space::WRITER;
use super::{ChangeRow, DocumentKey, Value};
use crate::error::{Error, Result};
use crate::host::Random;
use crate::ids::{PersonId, SpaceId, to_text};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ROOT};
use minicbor::{Decode, Encode};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;

/// We write changes of at most 32 KiB raw; this much text leaves room for keys and columns.
const CHANGE_TEXT: usize = 20 * 1024;
const CHANGE_LIMIT: usize = 32 * 1024;
/// Operations in one change; peers refuse more than 4,096.
const CHANGE_OPERATIONS: usize = 2_000;

/// One write transaction, as a noun sees it.
pub struct Writer<'a> {
    pub(super) rows: &'a Connection,
    me: PersonId,
    pub(super) device: [u8; 32],
    pub(super) now_ms: i64,
    pub(super) random: &'a dyn Random,
    edits: Vec<(DocumentKey, Vec<Edit>)>,
}

/// One thing done to a document. Encoded only where it waits to be written again, see `replay`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) enum Edit {
    #[n(0)]
    Create {
        #[n(0)]
        key: String,
        #[n(1)]
        fields: Vec<(String, Value)>,
    },
    #[n(1)]
    SetField {
        #[n(0)]
        key: String,
        #[n(1)]
        field: String,
        #[n(2)]
        value: Value,
    },
    #[n(2)]
    Set {
        #[n(0)]
        key: String,
        #[n(1)]
        value: Value,
    },
    #[n(3)]
    Delete {
        #[n(0)]
        key: String,
    },
}

/// What applying the edits of one document gave.
pub(super) struct Made {
    pub(super) changes: Vec<ChangeRow>,
    pub(super) touched: BTreeSet<String>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        rows: &'a Connection,
        (me, device): (PersonId, [u8; 32]),
        now_ms: i64,
        random: &'a dyn Random,
    ) -> Self {
        Self { rows, me, device, now_ms, random, edits: Vec::new() }
    }

    pub(super) fn into_edits(self) -> Vec<(DocumentKey, Vec<Edit>)> {
        self.edits
    }

    /// The rows as this transaction sees them. Edits to documents show there only after the write.
    pub fn rows(&self) -> &'a Connection {
        self.rows
    }

    /// The person whose profile this is.
    pub fn me(&self) -> PersonId {
        self.me
    }

    /// The author's time of this write, Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// A new random record id, as text.
    pub fn new_id(&self) -> Result<String> {
        Ok(to_text(&self.random.bytes::<16>()?))
    }

    /// Creates a record under `key` (`<type>/<new id>`). `Invalid` if a field is too long to travel.
    pub fn create(&mut self, document: &DocumentKey, key: &str, fields: &[(&str, Value)]) -> Result<()> {
        let fields: Vec<(String, Value)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.edit(document, Edit::Create { key: key.to_owned(), fields })
    }

    /// Sets one field of a record. `NotFound` (from the write) if there is no such record.
    pub fn set_field(&mut self, document: &DocumentKey, key: &str, field: &str, value: Value) -> Result<()> {
        self.edit(document, Edit::SetField { key: key.to_owned(), field: field.to_owned(), value })
    }

    /// Sets a composed scalar. Setting it also settles a conflict there.
    pub fn set(&mut self, document: &DocumentKey, key: &str, value: Value) -> Result<()> {
        self.edit(document, Edit::Set { key: key.to_owned(), value })
    }

    /// Removes a record or composed scalar from the document as it is now; its history stays in the log.
    pub fn delete(&mut self, document: &DocumentKey, key: &str) -> Result<()> {
        self.edit(document, Edit::Delete { key: key.to_owned() })
    }

    fn edit(&mut self, document: &DocumentKey, edit: Edit) -> Result<()> {
        if edit.size() > CHANGE_TEXT {
            return Err(Error::invalid("text", "too-long"));
        }
        self.may_write(&document.space)?;
        match self.edits.iter_mut().find(|(key, _)| key == document) {
            Some((_, edits)) => edits.push(edit),
            None => self.edits.push((document.clone(), vec![edit])),
        }
        Ok(())
    }

    pub(super) fn may_write(&self, space: &SpaceId) -> Result<()> {
        if role_in(self.rows, space)? < WRITER {
            return Err(Error::NotAllowed { role: "reader" });
        }
        Ok(())
    }
}

pub(crate) fn role_in(rows: &Connection, space: &SpaceId) -> Result<u8> {
    let role: Option<u8> = rows
        .prepare_cached("SELECT role FROM space WHERE id = ?1")?
        .query_row([&space.0[..]], |row| row.get(0))
        .optional()?;
    role.ok_or(Error::NotFound)
}

impl Edit {
    fn size(&self) -> usize {
        let value = |value: &Value| match value {
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::Null | Value::Bool(_) | Value::Int(_) => 8,
        };
        match self {
            Self::Create { key, fields } => {
                key.len() + fields.iter().map(|(name, held)| name.len() + value(held) + 8).sum::<usize>()
            }
            Self::SetField { key, field, value: held } => key.len() + field.len() + value(held),
            Self::Set { key, value: held } => key.len() + value(held),
            Self::Delete { key } => key.len(),
        }
    }

    fn operations(&self) -> usize {
        if let Self::Create { fields, .. } = self { fields.len() + 1 } else { 1 }
    }

    pub(super) fn key(&self) -> &str {
        match self {
            Self::Create { key, .. } | Self::SetField { key, .. } | Self::Set { key, .. } | Self::Delete { key } => key,
        }
    }
}

/// Applies edits as one change or, where they are too many for one, as several.
pub(super) fn apply(document: &mut Automerge, edits: &[Edit], actor: [u8; 16]) -> Result<Made> {
    document.set_actor(ActorId::from(actor));
    let mut made = Made { changes: Vec::new(), touched: BTreeSet::new() };
    let mut rest = edits;
    while !rest.is_empty() {
        let (mut text, mut operations, mut count) = (0, 0, 0);
        for edit in rest {
            (text, operations) = (text + edit.size(), operations + edit.operations());
            if count > 0 && (text > CHANGE_TEXT || operations > CHANGE_OPERATIONS) {
                break;
            }
            count += 1;
        }
        let (now, later) = rest.split_at(count);
        change(document, now, &mut made)?;
        rest = later;
    }
    Ok(made)
}

fn change(document: &mut Automerge, edits: &[Edit], made: &mut Made) -> Result<()> {
    let mut transaction = document.transaction();
    for edit in edits {
        let done = match edit {
            Edit::Create { key, fields } => {
                let scalar = |value: &Value| automerge::hydrate::Value::Scalar(value.to_scalar());
                let record: std::collections::HashMap<&str, _> =
                    fields.iter().map(|(name, value)| (name.as_str(), scalar(value))).collect();
                transaction.batch_create_object(ROOT, key, &record.into(), false).map(|_| ())
            }
            Edit::SetField { key, field, value } => {
                let record = record_object(&transaction, key)?;
                transaction.put(&record, field, value.to_scalar())
            }
            Edit::Set { key, value } => transaction.put(ROOT, key, value.to_scalar()),
            Edit::Delete { key } => transaction.delete(ROOT, key.as_str()),
        };
        done.map_err(|_| Error::bug("edit"))?;
        made.touched.insert(edit.key().to_owned());
    }
    // No time in the change: the author's time stands in the records that show it.
    let (hash, _) = transaction.commit_with(CommitOptions::default());
    if hash.is_some() {
        let change = document.get_last_local_change().ok_or_else(|| Error::bug("last change"))?;
        let row = ChangeRow::of(&change, None)?;
        if row.bytes.len() > CHANGE_LIMIT {
            return Err(Error::invalid("text", "too-long"));
        }
        made.changes.push(row);
    }
    Ok(())
}

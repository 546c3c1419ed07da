//! What a noun sees of a document: records (flat maps under a random id) and composed scalars at the root.

use crate::error::{Error, Result};
use crate::ids::{DocumentId, SpaceId};
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value as AutomergeValue};
use minicbor::{Decode, Encode};

/// A scalar in a document. Its encoding is the store's alone; what travels is automerge's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Value {
    /// Nothing: a field that was cleared.
    #[n(0)]
    Null,
    /// Yes or no.
    #[n(1)]
    Bool(#[n(0)] bool),
    /// A whole number; times are Unix milliseconds.
    #[n(2)]
    Int(#[n(0)] i64),
    /// Text.
    #[n(3)]
    Text(#[n(0)] String),
    /// Bytes: ids and hashes.
    #[n(4)]
    Bytes(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
}

impl Value {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number, if it is one.
    pub fn int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    pub(super) fn to_scalar(&self) -> ScalarValue {
        match self {
            Self::Null => ScalarValue::Null,
            Self::Bool(flag) => ScalarValue::Boolean(*flag),
            Self::Int(number) => ScalarValue::Int(*number),
            Self::Text(text) => ScalarValue::Str(text.as_str().into()),
            Self::Bytes(bytes) => ScalarValue::Bytes(bytes.clone()),
        }
    }

    /// `None` for objects and for types that no version of ours writes (a newer app's): kept, synced, not shown.
    fn from_automerge(value: &AutomergeValue<'_>) -> Option<Self> {
        if let AutomergeValue::Scalar(scalar) = value { Self::from_scalar(scalar) } else { None }
    }

    pub(super) fn from_scalar(scalar: &ScalarValue) -> Option<Self> {
        match scalar {
            ScalarValue::Null => Some(Self::Null),
            ScalarValue::Boolean(flag) => Some(Self::Bool(*flag)),
            ScalarValue::Int(number) => Some(Self::Int(*number)),
            ScalarValue::Str(text) => Some(Self::Text(text.to_string())),
            ScalarValue::Bytes(bytes) => Some(Self::Bytes(bytes.clone())),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What a document is called: the same on every replica.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentKey {
    /// Whose audience it has.
    pub space: SpaceId,
    /// Which noun's, by number (`Noun::kinds`).
    pub kind: u16,
    /// A month, a quarter, a shard; empty where there is one only.
    pub bucket: String,
    /// Raised when a document is founded again without its history.
    pub generation: u32,
}

impl DocumentKey {
    /// The first generation of a document.
    pub fn new(space: SpaceId, kind: u16, bucket: &str) -> Self {
        Self { space, kind, bucket: bucket.to_owned(), generation: 0 }
    }

    /// Its id.
    pub fn id(&self) -> DocumentId {
        DocumentId::of(&self.space, self.kind, &self.bucket, self.generation)
    }
}

/// One document as it is now, for a projection.
pub struct DocumentView<'a> {
    /// What it is called.
    pub key: &'a DocumentKey,
    /// Its id.
    pub id: DocumentId,
    pub(super) document: &'a Automerge,
}

impl DocumentView<'_> {
    /// All root keys.
    pub fn keys(&self) -> Vec<String> {
        self.document.keys(ROOT).collect()
    }

    /// The record under a root key, if there is one.
    pub fn record(&self, key: &str) -> Option<Record<'_>> {
        match self.document.get(ROOT, key) {
            Ok(Some((AutomergeValue::Object(ObjType::Map), object))) => {
                Some(Record { document: self.document, object })
            }
            _ => None,
        }
    }

    /// The composed scalar under a root key: the one that stands.
    pub fn scalar(&self, key: &str) -> Option<Value> {
        self.scalars(key).into_iter().next()
    }

    /// All values that were set concurrently: the one that stands first, then the others, in the same order on every replica.
    pub fn scalars(&self, key: &str) -> Vec<Value> {
        values(self.document, &ROOT, key)
    }
}

/// A flat map of scalars, created once by its author.
pub struct Record<'a> {
    document: &'a Automerge,
    object: ObjId,
}

impl Record<'_> {
    /// A field's value that stands.
    pub fn value(&self, field: &str) -> Option<Value> {
        self.all(field).into_iter().next()
    }

    /// All values of a field that were set concurrently, the one that stands first.
    pub fn all(&self, field: &str) -> Vec<Value> {
        values(self.document, &self.object, field)
    }

    /// A text field.
    pub fn text(&self, field: &str) -> Option<String> {
        self.value(field).and_then(|v| if let Value::Text(text) = v { Some(text) } else { None })
    }

    /// A number field.
    pub fn int(&self, field: &str) -> Option<i64> {
        self.value(field).and_then(|v| v.int())
    }

    /// A yes-or-no field.
    pub fn flag(&self, field: &str) -> Option<bool> {
        self.value(field).and_then(|v| if let Value::Bool(flag) = v { Some(flag) } else { None })
    }

    /// A bytes field.
    pub fn bytes(&self, field: &str) -> Option<Vec<u8>> {
        self.value(field).and_then(|v| if let Value::Bytes(bytes) = v { Some(bytes) } else { None })
    }

    /// A bytes field, with the actor that wrote it.
    pub(crate) fn bytes_by(&self, field: &str) -> Option<(Vec<u8>, [u8; 16])> {
        match self.document.get_all(&self.object, field).unwrap_or_default().pop()? {
            (value, ObjId::Id(_, actor, _)) => match Value::from_automerge(&value) {
                Some(Value::Bytes(bytes)) => Some((bytes, actor.to_bytes().try_into().ok()?)),
                _ => None,
            },
            _ => None,
        }
    }

    /// All fields with the value that stands, in one pass. Values of types that no version of ours writes are left out.
    pub fn values(&self) -> Vec<(String, Value)> {
        let entries = self.document.map_range(&self.object, ..);
        entries
            .filter_map(|entry| Some((entry.key.to_string(), Value::from_automerge(&entry.value.into_value())?)))
            .collect()
    }

    /// The names of all fields, also of those that a newer app wrote.
    pub fn fields(&self) -> Vec<String> {
        self.document.keys(&self.object).collect()
    }
}

/// Automerge lists concurrent values by (counter, actor), the winner last; the same on every replica.
fn values(document: &Automerge, object: &ObjId, key: &str) -> Vec<Value> {
    let all = document.get_all(object, key).unwrap_or_default();
    all.iter().rev().filter_map(|(value, _)| Value::from_automerge(value)).collect()
}

/// The object that holds a record's fields, for writing.
pub(super) fn record_object(document: &impl ReadDoc, key: &str) -> Result<ObjId> {
    match document.get(ROOT, key) {
        Ok(Some((AutomergeValue::Object(ObjType::Map), object))) => Ok(object),
        Ok(_) => Err(Error::NotFound),
        Err(_) => Err(Error::bug("record object")),
    }
}

//! A service as it is kept: one flat map of texts, whichever way the source wrote it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The largest record, all its languages together, in bytes. It is created by one change, which must fit into an envelope.
pub const MAX_RECORD: usize = 18 << 10;

/// A field's name: an HSDS name, or one with a language (`description@ar`).
pub type FieldName = Cow<'static, str>;

/// One service with all that belongs to it. Lists (phones, schedules, places …) are kept as JSON text under one field,
/// with HSDS's names inside, so that the record stays flat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRecord {
    /// As the source gives it; unique within a directory.
    pub id: String,
    /// The organization responsible for it; empty when the source names none. Decides in which shard the record lives.
    pub organization_id: String,
    /// The fields as one JSON text: a source of 20,000 services is held in memory until it is written, and as maps they
    /// take four times as much.
    packed: Box<str>,
}

impl ServiceRecord {
    /// The record as flat fields, sorted by name; the same source gives the same fields.
    pub fn fields(&self) -> BTreeMap<String, String> {
        serde_json::from_str(&self.packed).unwrap_or_default() // we wrote it, texts by name
    }

    /// About how many bytes it holds.
    pub fn size(&self) -> usize {
        self.packed.len()
    }

    fn pack(&mut self, fields: &BTreeMap<String, String>) {
        self.packed = serde_json::to_string(fields).unwrap_or_default().into(); // texts by name always have a JSON form
    }

    /// Completes this record from another reading of the same service: fields that are missing here, list objects that
    /// are new. Returns whether the other one contradicts a field; ours is kept.
    pub(super) fn complete_from(&mut self, other: &Self) -> bool {
        let (mut fields, before) = (self.fields(), self.packed.len());
        let mut differs = false;
        if self.organization_id.is_empty() {
            self.organization_id.clone_from(&other.organization_id);
        }
        for (name, text) in other.fields() {
            match fields.get_mut(&name) {
                None => drop(fields.insert(name, text)),
                Some(ours) if LISTS.contains(&name.as_str()) => *ours = union(ours, &text),
                Some(ours) => differs |= *ours != text,
            }
        }
        // What would no longer fit into one change is left as it was.
        if size(&fields) <= MAX_RECORD.max(before) {
            self.pack(&fields);
        }
        differs
    }

    /// Puts in texts of the organization that the source wrote elsewhere.
    pub(super) fn complete_with(&mut self, texts: &[(FieldName, String)]) {
        if self.packed.contains("\"organization\":") {
            return;
        }
        let mut fields = self.fields();
        for (name, text) in texts {
            fields.entry(name.to_string()).or_insert_with(|| text.clone());
        }
        if size(&fields) <= MAX_RECORD {
            self.pack(&fields);
        }
    }
}

/// Fields that hold a list of objects.
const LISTS: &[&str] = &["contacts", "phones", "places", "schedules"];

/// Bytes of all names and values, and of what each field costs beside them.
fn size(fields: &BTreeMap<String, String>) -> usize {
    fields.iter().map(|(name, value)| name.len() + value.len() + 16).sum()
}

/// The objects of both lists, each once.
fn union(ours: &str, theirs: &str) -> String {
    let parse = |text: &str| serde_json::from_str::<Vec<Value>>(text).unwrap_or_default();
    let mut all = parse(ours);
    for object in parse(theirs) {
        if all.len() < super::fields::limits::LIST && !all.contains(&object) {
            all.push(object);
        }
    }
    written(&all)
}

fn written(objects: &[Value]) -> String {
    let sorted: Vec<BTreeMap<&String, &Value>> =
        objects.iter().filter_map(Value::as_object).map(|object| object.iter().collect()).collect();
    serde_json::to_string(&sorted).unwrap_or_default() // texts and numbers by name always have a JSON form
}

/// A record while it is read.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) organization_id: String,
    pub(super) texts: BTreeMap<FieldName, String>,
    lists: BTreeMap<&'static str, Vec<Value>>,
}

impl Draft {
    pub(super) fn list(&self, name: &str) -> &[Value] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// Adds an object to a list, unless it is there already.
    pub(super) fn add(&mut self, list: &'static str, object: Map<String, Value>) {
        let object = Value::Object(object);
        let objects = self.lists.entry(list).or_default();
        let known = object.as_object().is_none_or(Map::is_empty) || objects.contains(&object);
        if !known && objects.len() < super::fields::limits::LIST {
            objects.push(object);
        }
    }

    /// The finished record, or how large it would be.
    pub(super) fn finish(self, id: String) -> Result<ServiceRecord, usize> {
        let mut fields: BTreeMap<String, String> =
            self.texts.into_iter().map(|(name, text)| (name.into_owned(), text)).collect();
        if !self.organization_id.is_empty() {
            fields.insert("organization_id".into(), self.organization_id.clone());
        }
        for (name, objects) in self.lists.into_iter().filter(|(_, objects)| !objects.is_empty()) {
            fields.insert(name.into(), written(&objects));
        }
        let size = size(&fields);
        if size > MAX_RECORD {
            return Err(size);
        }
        let mut record = ServiceRecord { id, organization_id: self.organization_id, packed: Box::default() };
        record.pack(&fields);
        Ok(record)
    }
}

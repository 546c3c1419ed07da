//! A service as it is kept: one flat map of scalars, whichever way the source wrote it.

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
    /// All texts by field name. See [`super`] for the names.
    pub texts: BTreeMap<FieldName, String>,
    /// The objects of each list field, in the source's order without repetition.
    pub lists: BTreeMap<&'static str, Vec<Map<String, Value>>>,
}

impl ServiceRecord {
    /// The record as flat fields, sorted by name; the same source gives the same fields.
    pub fn fields(&self) -> BTreeMap<FieldName, String> {
        let mut fields = self.texts.clone();
        if !self.organization_id.is_empty() {
            fields.insert("organization_id".into(), self.organization_id.clone());
        }
        for (name, objects) in &self.lists {
            if objects.is_empty() {
                continue;
            }
            let sorted: Vec<BTreeMap<&String, &Value>> = objects.iter().map(|o| o.iter().collect()).collect();
            // Maps of texts and numbers always have a JSON form.
            if let Ok(text) = serde_json::to_string(&sorted) {
                fields.insert(Cow::Borrowed(name), text);
            }
        }
        fields
    }

    /// Bytes of all names and values, and of what each field costs beside them.
    pub fn size(&self) -> usize {
        self.fields().iter().map(|(name, value)| name.len() + value.len() + 16).sum()
    }

    /// Completes this record from another reading of the same service: fields that are missing here, list objects that
    /// are new. Returns whether the other one contradicts a field; ours is kept.
    pub(super) fn complete_from(&mut self, other: Self) -> bool {
        let mut differs = false;
        if self.organization_id.is_empty() {
            self.organization_id = other.organization_id;
        } else {
            differs |= !other.organization_id.is_empty() && other.organization_id != self.organization_id;
        }
        for (name, text) in other.texts {
            match self.texts.get(&name) {
                Some(ours) => differs |= *ours != text,
                None => {
                    self.texts.insert(name, text);
                }
            }
        }
        for (name, objects) in other.lists {
            for object in objects {
                self.add(name, object);
            }
        }
        differs
    }

    /// Adds an object to a list, unless it is there already.
    pub(super) fn add(&mut self, list: &'static str, object: Map<String, Value>) {
        let objects = self.lists.entry(list).or_default();
        if !object.is_empty() && objects.len() < super::fields::limits::LIST && !objects.contains(&object) {
            objects.push(object);
        }
    }
}

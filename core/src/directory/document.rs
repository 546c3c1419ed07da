//! Where services live in documents: which shard, which fields, and which edits make one record into another.
//!
//! Kind 50, a shard per bucket (`00`, `01`, …): a record `service/<HSDS id>` a service. Which shard is decided by the
//! hash of the organization, so that an organization's services travel together; how many there are is fixed when the
//! directory is founded, since moving every record to another shard would send them all again.
//! Kind 51: the directory's name, its number of shards and its freshness limits as composed scalars.
//!
//! No field keeps both values on conflict: two curators who correct one field at once both saw something newer than what
//! was there, and the next import or correction settles it. Fields that a newer app writes are kept and left alone.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::hsds::{FIELDS, ServiceRecord};
use crate::error::{Error, Result};
use crate::ids::{SpaceId, hash};
use crate::replica::{DocumentKey, Record, Value, Writer};

pub(super) const SHARD: u16 = 50;
pub(super) const PROFILE: u16 = 51;

/// Composed scalars of the profile.
pub(super) const NAME: &str = "name";
pub(super) const SHARDS: &str = "shards";
pub(super) const AGEING: &str = "ageing_after_days";
pub(super) const STALE: &str = "stale_after_days";

/// The most shards a directory may have; a bucket is two hexadecimal digits.
pub(super) const MAX_SHARDS: i64 = 256;
/// Services to a shard when it is new. Measured: documents of 200 to 500 such records load in 18 ms and save in 300 KB.
const SERVICES_A_SHARD: usize = 300;

/// How many shards suit a directory of this size.
pub(super) fn shards_for(services: usize) -> i64 {
    (services.div_ceil(SERVICES_A_SHARD) as i64).clamp(1, MAX_SHARDS)
}

pub(super) fn profile(space: &SpaceId) -> DocumentKey {
    DocumentKey::new(*space, PROFILE, "")
}

/// The shard of a service. One without an organization goes by its own id.
pub(super) fn shard(space: &SpaceId, record: &ServiceRecord, shards: i64) -> DocumentKey {
    let owner = if record.organization_id.is_empty() { &record.id } else { &record.organization_id };
    let digest = hash("rafiq 2026 directory shard v1", &[owner.as_bytes()]);
    let number = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    let number = i64::from(number) % shards.clamp(1, MAX_SHARDS);
    DocumentKey::new(*space, SHARD, &format!("{number:02x}"))
}

const PREFIX: &str = "service/";

pub(super) fn key_of(id: &str) -> String {
    format!("{PREFIX}{id}")
}

pub(super) fn id_of(key: &str) -> Option<&str> {
    key.strip_prefix(PREFIX).filter(|id| !id.is_empty())
}

/// Whether a field is one that this version writes, in whichever language.
fn is_ours(field: &str) -> bool {
    FIELDS.contains(&field.split_once('@').map_or(field, |(name, _)| name))
}

/// The fields of a record in a document that this version knows and that hold a text.
pub(super) fn fields_of(record: &Record<'_>) -> BTreeMap<String, String> {
    let texts = record.values().into_iter().filter(|(field, _)| is_ours(field));
    texts.filter_map(|(field, value)| value.text().map(|text| (field, text.to_owned()))).collect()
}

/// The same for the same fields: how a second import knows that nothing has changed without loading a document.
pub(super) fn digest(fields: &BTreeMap<String, String>) -> [u8; 32] {
    let mut bytes = Vec::new();
    for part in fields.iter().flat_map(|(name, value)| [name, value]) {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    hash("rafiq 2026 service record v1", &[&bytes])
}

/// Writes a service that is not there yet.
pub(super) fn create(
    writer: &mut Writer<'_>,
    shard: &DocumentKey,
    id: &str,
    fields: &BTreeMap<String, String>,
) -> Result<()> {
    let fields: Vec<(&str, Value)> =
        fields.iter().map(|(name, value)| (name.as_str(), Value::Text(value.clone()))).collect();
    writer.create(shard, &key_of(id), &fields)
}

/// Writes only what differs.
pub(super) fn update(
    writer: &mut Writer<'_>,
    shard: &DocumentKey,
    id: &str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> Result<()> {
    let key = key_of(id);
    for (name, value) in new {
        if old.get(name) != Some(value) {
            writer.set_field(shard, &key, name, Value::Text(value.clone()))?;
        }
    }
    for name in old.keys().filter(|name| !new.contains_key(name.as_str())) {
        writer.set_field(shard, &key, name, Value::Null)?;
    }
    Ok(())
}

/// The stored form of a record's fields in the read model: deflated, since two fifths of its pages would be empty otherwise.
pub(super) fn pack(fields: &BTreeMap<String, String>) -> Result<Vec<u8>> {
    let text = serde_json::to_vec(fields).map_err(|_| Error::bug("service fields"))?;
    Ok(miniz_oxide::deflate::compress_to_vec(&text, 1))
}

pub(super) fn unpack(bytes: &[u8]) -> Result<BTreeMap<String, String>> {
    // A peer's record may be as large as its changes; ours are a tenth of this.
    let text = miniz_oxide::inflate::decompress_to_vec_with_limit(bytes, 16 << 20).map_err(|_| Error::Corrupt)?;
    serde_json::from_slice(&text).map_err(|_| Error::Corrupt)
}

/// The languages a record has texts in, beside its own.
pub(super) fn languages(fields: &BTreeMap<String, String>) -> Vec<String> {
    let tags: std::collections::BTreeSet<&str> =
        fields.keys().filter_map(|field| field.split_once('@')).map(|(_, tag)| tag).collect();
    tags.into_iter().map(str::to_owned).collect()
}

/// A list field (`phones`, `places` …) with the texts of the languages wanted laid over their own.
pub(super) fn list<T: serde::de::DeserializeOwned>(
    fields: &BTreeMap<String, String>,
    field: &str,
    wanted: &[Cow<'_, str>],
) -> Vec<T> {
    let parsed = fields.get(field).and_then(|text| serde_json::from_str::<Vec<serde_json::Value>>(text).ok());
    let objects = parsed.unwrap_or_default().into_iter().filter_map(|object| {
        let serde_json::Value::Object(mut object) = object else { return None };
        for tag in wanted.iter().rev() {
            let suffix = format!("@{tag}");
            let translated: Vec<(String, serde_json::Value)> = object
                .iter()
                .filter_map(|(name, text)| Some((name.strip_suffix(&suffix)?.to_owned(), text.clone())))
                .collect();
            object.extend(translated);
        }
        // One part of a newer shape is left out, not the whole service.
        serde_json::from_value(serde_json::Value::Object(object)).ok()
    });
    objects.collect()
}

/// Some texts of a list field's objects, in all languages, one a line.
pub(super) fn list_texts(fields: &BTreeMap<String, String>, field: &str, wanted: &[&str]) -> String {
    let parsed = fields.get(field).and_then(|text| serde_json::from_str::<Vec<serde_json::Value>>(text).ok());
    let mut texts = String::new();
    for object in parsed.iter().flatten().filter_map(|object| object.as_object()) {
        for (name, value) in object {
            let base = name.split_once('@').map_or(name.as_str(), |(base, _)| base);
            if let Some(text) = value.as_str().filter(|_| wanted.contains(&base)) {
                texts.push_str(text);
                texts.push('\n');
            }
        }
    }
    texts
}

/// Tags to look for when a person reads `language`, best first.
pub(super) fn candidates(language: &str) -> Vec<Cow<'_, str>> {
    let mut all: Vec<Cow<'_, str>> = vec![language.into()];
    let mut shorter = language;
    while let Some((start, _)) = shorter.rsplit_once('-') {
        shorter = start;
        all.push(start.into());
    }
    // Dari is written as `prs` and as `fa-AF`; its readers read Persian.
    if all.iter().any(|tag| tag == "prs" || tag == "fa-AF") {
        for other in ["prs", "fa-AF", "fa"] {
            if !all.iter().any(|tag| tag == other) {
                all.push(other.into());
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_hold_a_few_hundred_services() {
        assert_eq!((shards_for(0), shards_for(24), shards_for(301), shards_for(20_000)), (1, 1, 2, 67));
        assert_eq!(shards_for(10_000_000), MAX_SHARDS);
    }

    #[test]
    fn who_reads_what() {
        assert_eq!(candidates("uk"), ["uk"]);
        assert_eq!(candidates("ar-SY"), ["ar-SY", "ar"]);
        assert_eq!(candidates("prs"), ["prs", "fa-AF", "fa"]);
        assert_eq!(candidates("fa-AF"), ["fa-AF", "fa", "prs"]);
    }
}

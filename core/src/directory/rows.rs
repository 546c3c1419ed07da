//! The read model: one row a service, and a full-text index with one entry a service and language.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::document::{self, fields_of, id_of};
use super::records::{FreshnessLimits, ServicePlace};
use crate::error::Result;
use crate::folding::fold;
use crate::ids::{SpaceId, hash};
use crate::replica::{DocumentView, Noun};

/// The directory as the replica knows it.
pub struct DirectoryNoun;

// The index is contentless: it holds folded words and no text, the text stands in `service`. `service_text` says which
// entry is which, by a number that is a hash: rows written bit by bit and rows rebuilt get the same numbers.
// The weights say that a word in the name counts for more than one in the organization's, and that for more than one in
// the description. They are ours.
const SCHEMA: &str = "
CREATE TABLE directory (
    space    BLOB NOT NULL,
    document BLOB NOT NULL,
    name     TEXT NOT NULL,
    shards   INTEGER NOT NULL,
    ageing   INTEGER NOT NULL,
    stale    INTEGER NOT NULL,
    PRIMARY KEY (space, document)
) STRICT;
CREATE TABLE service (
    space        BLOB NOT NULL,
    document     BLOB NOT NULL,
    id           TEXT NOT NULL,
    bucket       TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    city         TEXT NOT NULL,
    status       TEXT NOT NULL,
    assured_date TEXT,
    digest       BLOB NOT NULL,
    fields       TEXT NOT NULL,
    PRIMARY KEY (space, document, id)
) STRICT;
CREATE INDEX service_by_id ON service (space, id);
CREATE INDEX service_by_name ON service (space, name_key, id);
CREATE TABLE service_text (
    space    BLOB NOT NULL,
    document BLOB NOT NULL,
    service  TEXT NOT NULL,
    language TEXT NOT NULL,
    entry    INTEGER NOT NULL,
    digest   BLOB NOT NULL,
    PRIMARY KEY (space, document, service, language)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_text_by_entry ON service_text (entry);
CREATE VIRTUAL TABLE service_words USING fts5 (
    name, organization, body,
    content = '', contentless_delete = 1,
    tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\"
);
INSERT INTO service_words (service_words, rank) VALUES ('rank', 'bm25(10.0, 4.0, 1.0)');
";

impl Noun for DirectoryNoun {
    fn name(&self) -> &'static str {
        "directory"
    }

    fn kinds(&self) -> &'static [u16] {
        &[document::SHARD, document::PROFILE]
    }

    fn version(&self) -> u32 {
        1
    }

    fn schema(&self) -> &'static str {
        SCHEMA
    }

    fn tables(&self) -> &'static [&'static str] {
        &["directory", "service", "service_text"]
    }

    fn indexes(&self) -> &'static [&'static str] {
        &["service_words"]
    }

    fn project(&self, rows: &Connection, document: &DocumentView<'_>, keys: &BTreeSet<String>) -> Result<()> {
        if document.key.kind == document::PROFILE {
            return project_profile(rows, document);
        }
        let mut words = Words::default();
        for id in keys.iter().filter_map(|key| id_of(key)) {
            project_service(rows, document, id, &mut words)?;
        }
        words.write(rows)
    }
}

fn project_profile(rows: &Connection, document: &DocumentView<'_>) -> Result<()> {
    let (space, id) = (&document.key.space.0[..], &document.id.0[..]);
    rows.prepare_cached("DELETE FROM directory WHERE space = ?1 AND document = ?2")?.execute(params![space, id])?;
    let number = |key: &str| document.scalar(key).and_then(|v| v.int());
    let name = document.scalar(document::NAME).and_then(|v| v.text().map(str::to_owned));
    let Some(shards) = number(document::SHARDS) else { return Ok(()) };
    let limits = FreshnessLimits::from_numbers(number(document::AGEING), number(document::STALE));
    rows.prepare_cached(
        "INSERT INTO directory (space, document, name, shards, ageing, stale) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        space,
        id,
        name.unwrap_or_default(),
        shards,
        limits.ageing_after_days,
        limits.stale_after_days
    ])?;
    Ok(())
}

fn project_service(rows: &Connection, document: &DocumentView<'_>, id: &str, words: &mut Words) -> Result<()> {
    let (space, shard) = (&document.key.space.0[..], &document.id.0[..]);
    let fields = document.record(&document::key_of(id)).map(|record| fields_of(&record));
    // A record without a name is one whose change has not come, or a newer app's.
    let Some(fields) = fields.filter(|fields| fields.contains_key("name")) else {
        rows.prepare_cached("DELETE FROM service WHERE space = ?1 AND document = ?2 AND id = ?3")?
            .execute(params![space, shard, id])?;
        return words.replace(rows, document, id, BTreeMap::new());
    };
    let text = |field: &str| fields.get(field).map_or("", String::as_str);
    let places: Vec<ServicePlace> = document::list(&fields, "places", &[]);
    let city = places.iter().map(|place| place.city.as_str()).find(|city| !city.is_empty()).unwrap_or("");
    let digest = document::digest(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    rows.prepare_cached(
        "INSERT INTO service (space, document, id, bucket, name_key, city, status, assured_date, digest, fields)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (space, document, id) DO UPDATE SET bucket = ?4, name_key = ?5, city = ?6, status = ?7,
             assured_date = ?8, digest = ?9, fields = ?10",
    )?
    .execute(params![
        space,
        shard,
        id,
        document.key.bucket,
        fold(text("name")),
        city,
        text("status"),
        fields.get("assured_date"),
        &digest[..],
        document::to_json(&fields)?,
    ])?;
    words.replace(rows, document, id, texts(&fields))
}

/// What is found of a service: by language the words of its name, its organization and the rest.
fn texts(fields: &BTreeMap<String, String>) -> BTreeMap<String, [String; 3]> {
    let own = fields.get("language").cloned().unwrap_or_default();
    let mut languages: BTreeSet<String> = document::languages(fields).into_iter().collect();
    languages.insert(own.clone());
    let folded = |tag: &String| {
        let translated = |field: &str| fields.get(&format!("{field}@{tag}"));
        let original = |field: &str| fields.get(field).filter(|_| *tag == own);
        let either = |field: &str| translated(field).or_else(|| original(field));
        let join = |texts: &[Option<&String>]| {
            let all: Vec<&str> = texts.iter().flatten().map(|text| text.as_str()).collect();
            fold(&all.join(" "))
        };
        let wanted = document::candidates(tag);
        let places: Vec<ServicePlace> = document::list(fields, "places", &wanted);
        let place = |p: ServicePlace| [p.name, p.address_1, p.address_2, p.city, p.region].join(" ");
        let place: Vec<String> = places.into_iter().map(place).collect();
        let place = place.join(" ");
        [
            join(&[either("name"), either("alternate_name")]),
            join(&[translated("organization").or_else(|| fields.get("organization"))]),
            join(&[
                either("description"),
                either("alert"),
                either("eligibility_description"),
                either("application_process"),
                either("fees_description"),
                either("interpretation_services"),
                fields.get("topics"),
                fields.get("program"),
                fields.get("service_area"),
                Some(&place),
            ]),
        ]
    };
    languages.into_iter().map(|tag| (tag.clone(), folded(&tag))).collect()
}

/// Changes to the index, gathered over one projection: FTS5 is fast only when entries come in ascending order.
#[derive(Default)]
struct Words {
    gone: BTreeSet<i64>,
    new: BTreeMap<i64, [String; 3]>,
}

impl Words {
    /// Brings a service's entries up to date; texts that have not changed are left alone.
    fn replace(
        &mut self,
        rows: &Connection,
        document: &DocumentView<'_>,
        id: &str,
        texts: BTreeMap<String, [String; 3]>,
    ) -> Result<()> {
        let (space, shard) = (&document.key.space.0[..], &document.id.0[..]);
        let mut known = known_texts(rows, space, shard, id)?;
        for (language, columns) in texts {
            let [name, organization, body] = &columns;
            let digest = hash(
                "rafiq 2026 service words v1",
                &[name.as_bytes(), b"\0", organization.as_bytes(), b"\0", body.as_bytes()],
            );
            let entry = entry_of(space, shard, id, &language);
            match known.remove(&language) {
                Some(old) if old == digest[..16] => continue,
                Some(_) => {
                    self.gone.insert(entry);
                }
                None => {}
            }
            rows.prepare_cached(
                "INSERT INTO service_text (space, document, service, language, entry, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (space, document, service, language) DO UPDATE SET digest = ?6",
            )?
            .execute(params![space, shard, id, language, entry, &digest[..16]])?;
            self.new.insert(entry, columns);
        }
        for language in known.into_keys() {
            rows.prepare_cached(
                "DELETE FROM service_text WHERE space = ?1 AND document = ?2 AND service = ?3 AND language = ?4",
            )?
            .execute(params![space, shard, id, language])?;
            self.gone.insert(entry_of(space, shard, id, &language));
        }
        Ok(())
    }

    fn write(self, rows: &Connection) -> Result<()> {
        for entry in self.gone {
            rows.prepare_cached("DELETE FROM service_words WHERE rowid = ?1")?.execute([entry])?;
        }
        for (entry, [name, organization, body]) in self.new {
            rows.prepare_cached("INSERT INTO service_words (rowid, name, organization, body) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![entry, name, organization, body])?;
        }
        Ok(())
    }
}

fn known_texts(rows: &Connection, space: &[u8], shard: &[u8], id: &str) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut statement = rows.prepare_cached(
        "SELECT language, digest FROM service_text WHERE space = ?1 AND document = ?2 AND service = ?3",
    )?;
    let known = statement.query_map(params![space, shard, id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(known.collect::<rusqlite::Result<_>>()?)
}

/// 63 bits: among 100,000 entries two are the same once in two thousand million directories; then one text finds two.
fn entry_of(space: &[u8], shard: &[u8], id: &str, language: &str) -> i64 {
    let digest = hash("rafiq 2026 service entry v1", &[space, shard, id.as_bytes(), b"\0", language.as_bytes()]);
    let mut number = [0; 8];
    number.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(number) & i64::MAX
}

/// A service's row.
pub(super) struct ServiceRow {
    pub(super) id: String,
    pub(super) city: String,
    pub(super) status: String,
    pub(super) assured_date: Option<String>,
    pub(super) fields: BTreeMap<String, String>,
    /// Its directory's.
    pub(super) limits: FreshnessLimits,
}

impl ServiceRow {
    /// Of `service s LEFT JOIN directory d`: services may come before their directory's profile.
    pub(super) const COLUMNS: &str = "s.id, s.city, s.status, s.assured_date, s.fields, d.ageing, d.stale";
    pub(super) const JOIN: &str = "LEFT JOIN directory d ON d.space = s.space";

    pub(super) fn from(row: &rusqlite::Row<'_>, first: usize) -> Result<Self> {
        let fields: String = row.get(first + 4)?;
        Ok(Self {
            id: row.get(first)?,
            city: row.get(first + 1)?,
            status: row.get(first + 2)?,
            assured_date: row.get(first + 3)?,
            fields: document::from_json(&fields)?,
            limits: FreshnessLimits::from_numbers(row.get(first + 5)?, row.get(first + 6)?),
        })
    }
}

/// One service. While it moves from one organization to another it may stand in two shards: then the first.
pub(super) fn service(rows: &Connection, space: &SpaceId, id: &str) -> Result<Option<ServiceRow>> {
    let sql = format!(
        "SELECT {} FROM service s {} WHERE s.space = ?1 AND s.id = ?2 ORDER BY s.document LIMIT 1",
        ServiceRow::COLUMNS,
        ServiceRow::JOIN
    );
    let mut statement = rows.prepare_cached(&sql)?;
    let mut found = statement.query(params![&space.0[..], id])?;
    found.next()?.map(|row| ServiceRow::from(row, 0)).transpose()
}

/// The stored fields of a service in one shard.
pub(super) fn fields_in(
    rows: &Connection,
    space: &SpaceId,
    shard: &[u8; 32],
    id: &str,
) -> Result<Option<BTreeMap<String, String>>> {
    let stored: Option<String> = rows
        .prepare_cached("SELECT fields FROM service WHERE space = ?1 AND document = ?2 AND id = ?3")?
        .query_row(params![&space.0[..], &shard[..], id], |row| row.get(0))
        .optional()?;
    stored.map(|text| document::from_json(&text)).transpose()
}

/// The shards (by bucket) in which a service stands, with the digest of its fields there. More than one only while it moves.
pub(super) type Stands = Vec<(String, [u8; 32])>;

/// Where each service of a directory stands, by its id.
pub(super) fn digests(rows: &Connection, space: &SpaceId) -> Result<BTreeMap<String, Stands>> {
    let mut statement = rows.prepare("SELECT id, bucket, digest FROM service WHERE space = ?1 ORDER BY id, bucket")?;
    let mut found = statement.query([&space.0[..]])?;
    let mut all: BTreeMap<String, Stands> = BTreeMap::new();
    while let Some(row) = found.next()? {
        all.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
    }
    Ok(all)
}

/// How many shards a directory was founded with, and its freshness limits; nothing while its profile is not here.
pub(super) fn profile(rows: &Connection, space: &SpaceId) -> Result<Option<(i64, FreshnessLimits)>> {
    let profile = rows
        .prepare_cached("SELECT shards, ageing, stale FROM directory WHERE space = ?1")?
        .query_row([&space.0[..]], |row| Ok((row.get(0)?, FreshnessLimits::from_numbers(row.get(1)?, row.get(2)?))))
        .optional()?;
    Ok(profile)
}

//! The read model: one row a service, and beside it one entry in a full-text index.

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

// The index is contentless: it holds folded words and no text. A service has one entry in it with its words in all its
// languages, so that a question in two languages finds it too. The entry's number is a hash: rows written bit by bit and
// rows rebuilt get the same. The weights say that a word in the name counts for more than one in the organization's, and
// that for more than one in the description; they are ours. No `prefix` index: measured, it doubles the index (2.8 instead
// of 1.5 KB a service in three languages) to save two milliseconds on the first two letters of a word.
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
    entry        INTEGER NOT NULL,
    name_key     TEXT NOT NULL,
    city         TEXT NOT NULL,
    status       TEXT NOT NULL,
    assured_date TEXT,
    digest       BLOB NOT NULL,
    words        BLOB NOT NULL,
    fields       BLOB NOT NULL,
    PRIMARY KEY (space, id, document)
) STRICT;
CREATE INDEX service_by_name ON service (space, name_key, id);
CREATE INDEX service_by_entry ON service (entry);
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
        &["directory", "service"]
    }

    fn indexes(&self) -> &'static [&'static str] {
        &["service_words"]
    }

    fn project(&self, rows: &Connection, document: &DocumentView<'_>, keys: &BTreeSet<String>) -> Result<()> {
        if document.key.kind == document::PROFILE {
            return project_profile(rows, document);
        }
        let mut index = Index::default();
        for id in keys.iter().filter_map(|key| id_of(key)) {
            project_service(rows, document, id, &mut index)?;
        }
        index.write(rows)
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

fn project_service(rows: &Connection, document: &DocumentView<'_>, id: &str, index: &mut Index) -> Result<()> {
    let (space, shard) = (&document.key.space.0[..], &document.id.0[..]);
    let entry = entry_of(space, shard, id);
    let known: Option<Vec<u8>> = rows
        .prepare_cached("SELECT words FROM service WHERE space = ?1 AND id = ?2 AND document = ?3")?
        .query_row(params![space, id, shard], |row| row.get(0))
        .optional()?;
    let fields = document.record(&document::key_of(id)).map(|record| fields_of(&record));
    // A record without a name is one whose change has not come, or a newer app's.
    let Some(fields) = fields.filter(|fields| fields.contains_key("name")) else {
        if known.is_some() {
            rows.prepare_cached("DELETE FROM service WHERE space = ?1 AND id = ?2 AND document = ?3")?
                .execute(params![space, id, shard])?;
            index.gone.insert(entry);
        }
        return Ok(());
    };
    let text = |field: &str| fields.get(field).map_or("", String::as_str);
    let places: Vec<ServicePlace> = document::list(&fields, "places", &[]);
    let city = places.iter().map(|place| place.city.as_str()).find(|city| !city.is_empty()).unwrap_or("");
    let columns = words(&fields);
    let digest = hash("rafiq 2026 service words v1", &[columns.join("\n").as_bytes()]);
    rows.prepare_cached(
        "INSERT INTO service (space, document, id, bucket, entry, name_key, city, status, assured_date, digest, words, fields)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (space, id, document) DO UPDATE SET name_key = ?6, city = ?7, status = ?8, assured_date = ?9,
             digest = ?10, words = ?11, fields = ?12",
    )?
    .execute(params![
        space,
        shard,
        id,
        document.key.bucket,
        entry,
        fold(text("name")),
        city,
        text("status"),
        fields.get("assured_date"),
        &document::digest(&fields)[..],
        &digest[..16],
        document::pack(&fields)?,
    ])?;
    // Updating an entry costs more than all the rest: it is left alone when no word has changed.
    if known.as_deref() != Some(&digest[..16]) {
        if known.is_some() {
            index.gone.insert(entry);
        }
        index.new.insert(entry, columns);
    }
    Ok(())
}

/// What a service is found by: the folded words of its name, of its organization's, and of the rest, in all languages.
fn words(fields: &BTreeMap<String, String>) -> [String; 3] {
    let joined = |wanted: &[&str]| {
        let base = |field: &str| field.split_once('@').map_or(field.to_owned(), |(name, _)| name.to_owned());
        let all = fields.iter().filter(|(field, _)| wanted.contains(&base(field).as_str()));
        all.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
    };
    let places = document::list_texts(fields, "places", &["name", "address_1", "address_2", "city", "region"]);
    let body = joined(&[
        "description",
        "alert",
        "eligibility_description",
        "application_process",
        "fees_description",
        "interpretation_services",
        "topics",
        "program",
        "service_area",
    ]);
    [fold(&joined(&["name", "alternate_name"])), fold(&joined(&["organization"])), fold(&[body, places].join("\n"))]
}

/// Changes to the index, gathered over one projection: FTS5 is fast only when entries come in ascending order.
#[derive(Default)]
struct Index {
    gone: BTreeSet<i64>,
    new: BTreeMap<i64, [String; 3]>,
}

impl Index {
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

/// Merges a part of the index's segments, as much as a short transaction bears; `false` when there is nothing left to merge.
/// It changes no row and no answer, only how many places a word stands in.
pub(super) fn tidy_index(rows: &Connection) -> Result<bool> {
    const PAGES: i64 = 200; // some 20 ms
    let before = rows.total_changes();
    // Negative: down to one segment in the end, also where levels are not full.
    rows.execute("INSERT INTO service_words (service_words, rank) VALUES ('merge', ?1)", [-PAGES])?;
    // FTS5's documentation: fewer than two changed rows mean that nothing was left to do.
    Ok(rows.total_changes() - before >= 2)
}

/// 63 bits: among 100,000 services two have one number once in two thousand million directories; then a word of one finds
/// the other too.
fn entry_of(space: &[u8], shard: &[u8], id: &str) -> i64 {
    let digest = hash("rafiq 2026 service entry v1", &[space, shard, id.as_bytes()]);
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
    /// Of `service s` with [`ServiceRow::JOIN`].
    pub(super) const COLUMNS: &str = "s.id, s.city, s.status, s.assured_date, s.fields, d.ageing, d.stale";
    /// Services may come before their directory's profile.
    pub(super) const JOIN: &str = "LEFT JOIN directory d ON d.space = s.space";

    pub(super) fn from(row: &rusqlite::Row<'_>, first: usize) -> Result<Self> {
        Ok(Self {
            id: row.get(first)?,
            city: row.get(first + 1)?,
            status: row.get(first + 2)?,
            assured_date: row.get(first + 3)?,
            fields: document::unpack(row.get_ref(first + 4)?.as_blob().map_err(|_| crate::error::Error::Corrupt)?)?,
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
    let stored: Option<Vec<u8>> = rows
        .prepare_cached("SELECT fields FROM service WHERE space = ?1 AND id = ?2 AND document = ?3")?
        .query_row(params![&space.0[..], id, &shard[..]], |row| row.get(0))
        .optional()?;
    stored.map(|bytes| document::unpack(&bytes)).transpose()
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

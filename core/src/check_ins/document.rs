//! Where check-ins live: private ones by month in the personal space, shared ones by quarter in the pairing's circle.

use super::rows;
use crate::error::Result;
use crate::ids::{DocumentId, SpaceId};
use crate::replica::{BlobId, DocumentKey, DocumentView, Noun};
use crate::schedule;
use rusqlite::Connection;
use std::collections::BTreeSet;

const CHECK_INS: u16 = 20;

pub(super) fn private(personal: SpaceId, at_ms: i64) -> DocumentKey {
    DocumentKey::new(personal, CHECK_INS, &schedule::month_bucket(at_ms))
}

pub(super) fn shared(circle: SpaceId, at_ms: i64) -> DocumentKey {
    DocumentKey::new(circle, CHECK_INS, &schedule::quarter_bucket(at_ms))
}

/// The document that a row came from.
pub(super) fn in_bucket(space: SpaceId, bucket: &str) -> DocumentKey {
    DocumentKey::new(space, CHECK_INS, bucket)
}

pub(super) fn key(id: &str) -> String {
    format!("check-in/{id}")
}

/// What the replica knows of check-ins.
pub struct CheckInsNoun;

impl Noun for CheckInsNoun {
    fn name(&self) -> &'static str {
        "check_ins"
    }

    fn kinds(&self) -> &'static [u16] {
        &[CHECK_INS]
    }

    fn version(&self) -> u32 {
        3
    }

    fn words(&self) -> Option<&'static str> {
        Some("SELECT words FROM check_in WHERE space = ?1 AND words IS NOT NULL")
    }

    fn schema(&self) -> &'static str {
        rows::SCHEMA
    }

    fn tables(&self) -> &'static [&'static str] {
        &["check_in"]
    }

    fn naming(&self, rows: &Connection, space: &SpaceId, words: &BlobId) -> Result<Vec<DocumentId>> {
        rows::naming(rows, space, words)
    }

    fn project(&self, rows: &Connection, document: &DocumentView<'_>, keys: &BTreeSet<String>) -> Result<()> {
        for key in keys {
            if let Some(id) = key.strip_prefix("check-in/") {
                rows::project(rows, document, key, id)?;
            }
        }
        Ok(())
    }
}

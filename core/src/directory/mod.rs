//! The directory: services that can help, offline and in several languages, with how far each can still be trusted.
//!
//! A directory is a space of its own. Its curators write it, by importing HSDS; all who have its read key read it, and tell
//! its inbox what they found wrong. Reading and searching go to the read model and load no document.

mod document;
pub mod hsds;
mod import;
mod localized;
mod records;
mod rows;
mod search;

use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::host::{ByteSource, Progress, SourceReader};
use crate::ids::SpaceId;
use crate::limits;
use crate::page::Page;
use crate::replica::{NoteBody, REPORT, Replica, SpaceFounder, SpaceKind, WRITER};

pub use records::{
    DirectoryInfo, Freshness, FreshnessLimits, Hit, ImportReport, ReportKind, Service, ServiceContact, ServicePhone,
    ServicePlace, ServiceReport, ServiceSchedule, ServiceText,
};
pub use rows::DirectoryNoun;

/// Characters of a report's note: it travels in one small envelope.
const MAX_NOTE: usize = 500;

/// The calls about directories. A directory is named by its space, as text.
#[derive(Clone)]
pub struct Directory {
    replica: Arc<Replica>,
    founder: Arc<dyn SpaceFounder>,
}

impl Directory {
    /// Over a replica that knows [`DirectoryNoun`].
    pub fn new(replica: Arc<Replica>, founder: Arc<dyn SpaceFounder>) -> Self {
        Self { replica, founder }
    }

    /// Founds a directory; this profile becomes its curator. `services` is how many it is going to hold, about: it decides
    /// the number of shards, which stays as it is (a directory that grows tenfold still works, each change to it weighs more).
    /// The name (1–80 characters) is seen by all its readers.
    pub fn found(&self, name: &str, services: i64) -> Result<DirectoryInfo> {
        let name = limits::line("name", name, limits::NAME)?;
        let shards = document::shards_for(usize::try_from(services).unwrap_or(0));
        let space = self.replica.write(|writer| {
            let space = self.founder.found(writer.rows(), SpaceKind::Directory, &name)?;
            let profile = document::profile(&space);
            writer.set(&profile, document::NAME, name.as_str().into())?;
            writer.set(&profile, document::SHARDS, shards.into())?;
            Ok(space)
        })?;
        let freshness = FreshnessLimits::default();
        Ok(DirectoryInfo { space: space.to_string(), name, services: 0, curator: true, freshness })
    }

    /// The directories this profile holds, oldest first.
    pub fn list(&self) -> Result<Vec<DirectoryInfo>> {
        let spaces = self.replica.spaces(Some(SpaceKind::Directory))?;
        self.replica.read(|rows| {
            let mut count = rows.prepare_cached("SELECT count(*) FROM service WHERE space = ?1")?;
            let mut directories = Vec::new();
            for space in spaces {
                directories.push(DirectoryInfo {
                    space: space.id.to_string(),
                    name: space.title,
                    services: count.query_row([&space.id.0[..]], |row| row.get(0))?,
                    curator: space.role >= WRITER,
                    freshness: rows::profile(rows, &space.id)?.map(|(_, limits)| limits).unwrap_or_default(),
                });
            }
            Ok(directories)
        })
    }

    /// From which age the listings of a directory count as ageing and as stale, for all its readers.
    /// `Invalid{freshness}` unless 0 < ageing ≤ stale; `NotAllowed` for those who may only read it.
    pub fn set_freshness(&self, space: &str, limits: FreshnessLimits) -> Result<()> {
        let space = SpaceId::parse(space)?;
        if !limits.is_sound() {
            return Err(Error::invalid("freshness", "range"));
        }
        self.replica.write(|writer| {
            let profile = document::profile(&space);
            writer.set(&profile, document::AGEING, i64::from(limits.ageing_after_days).into())?;
            writer.set(&profile, document::STALE, i64::from(limits.stale_after_days).into())
        })
    }

    /// Imports an HSDS file or folder; see [`hsds`] for what can be read.
    ///
    /// Services are added or brought up to date field by field; none is removed, since a source may be a part. The same
    /// source again changes nothing. Committed in slices: what was imported when it was cancelled or the process died stays,
    /// and importing again goes on from there. `progress` counts in thousandths of the whole.
    ///
    /// Bad rows are no error of the call: they stand in the report. `NotFound` if there is no such path, or the space is no
    /// directory of ours; `NotAllowed` for those who may only read it; `Cancelled` by `progress`.
    pub fn import(&self, space: &str, path: &Path, progress: &dyn Progress) -> Result<ImportReport> {
        import::run(&self.replica, &SpaceId::parse(space)?, progress, &|watch| hsds::read_path(path, watch))
    }

    /// Imports one HSDS JSON file that the host reads, as a phone's file picker gives it. `name` is what problems call it.
    /// Otherwise as [`Directory::import`].
    pub fn import_source(
        &self,
        space: &str,
        name: &str,
        source: &dyn ByteSource,
        progress: &dyn Progress,
    ) -> Result<ImportReport> {
        let read = |watch: hsds::Watch<'_>| hsds::read_source(name, SourceReader::new(source), watch);
        import::run(&self.replica, &SpaceId::parse(space)?, progress, &read)
    }

    /// Services with all the words of a query in any of their languages, best first, in all directories; if there are none,
    /// those with any of the words. The last word may be unfinished. Closed services come last. `limit` is 1–100.
    ///
    /// Words are folded as [`crate::folding`] says: accents, harakat, the Arabic article and look-alike letters do not matter.
    pub fn search(&self, query: &str, limit: i32) -> Result<Vec<Hit>> {
        let now = self.replica.now_ms();
        self.replica.read(|rows| search::search(rows, query, limit, now))
    }

    /// The services of a directory by name, 1 to 500 a page; `after` is the last page's `next`.
    pub fn browse(&self, space: &str, limit: i32, after: Option<String>) -> Result<Page<Hit>> {
        let (space, now) = (SpaceId::parse(space)?, self.replica.now_ms());
        self.replica.read(|rows| search::browse(rows, &space, limit, after.as_deref(), now))
    }

    /// All about one service, each text in `language` (BCP 47) if it is there, else in the service's own, and saying so.
    /// `NotFound` if the directory has no such service.
    pub fn service(&self, space: &str, id: &str, language: &str) -> Result<Service> {
        let (space, language) = (SpaceId::parse(space)?, limits::language(language)?);
        let row = self.replica.read(|rows| rows::service(rows, &space, id))?.ok_or(Error::NotFound)?;
        Ok(localized::service(space, row, &language, self.replica.now_ms()))
    }

    /// Tells the directory's inbox that a listing is wrong. It leaves with the next exchange; who wrote it is told to nobody.
    /// `note` (up to 500 characters) is read by the curators. `NotFound` if there is no such service here.
    pub fn report(&self, space: &str, id: &str, kind: ReportKind, note: &str) -> Result<()> {
        let (space, note) = (SpaceId::parse(space)?, limits::note("note", note, MAX_NOTE)?);
        // What a keyboard or another app's clipboard put between the words must not keep the report from leaving.
        let note: String = note.replace("\r\n", "\n");
        let note: String = note.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
        self.replica.write(|writer| {
            rows::service(writer.rows(), &space, id)?.ok_or(Error::NotFound)?;
            let body = NoteBody::Report { service: id.to_owned(), kind: kind.code().to_owned(), note: note.clone() };
            writer.queue_note(Some(space), &body)?;
            Ok(())
        })
    }

    /// The reports that came to the inboxes of our directories and wait for a curator, oldest first.
    pub fn reports(&self) -> Result<Vec<ServiceReport>> {
        let notes = self.replica.received_notes(REPORT, false)?;
        self.replica.read(|rows| {
            let mut reports = Vec::new();
            for note in notes {
                let NoteBody::Report { service, kind, note: text } = note.body else { continue };
                let row = match note.space {
                    Some(space) => rows::service(rows, &space, &service)?,
                    None => None,
                };
                reports.push(ServiceReport {
                    id: note.id,
                    directory: note.space.map(|space| space.to_string()).unwrap_or_default(),
                    service_name: row.and_then(|mut row| row.fields.remove("name")).unwrap_or_default(),
                    service,
                    kind: ReportKind::from_code(&kind),
                    note: text,
                    at_ms: note.at_ms,
                });
            }
            Ok(reports)
        })
    }

    /// A curator has dealt with a report. `NotFound` if there is none with this id.
    pub fn settle_report(&self, id: &str) -> Result<()> {
        self.replica.settle_note(id)
    }
}

#[cfg(test)]
mod tests;

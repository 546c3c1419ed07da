//! The directory: services that can help, offline and in several languages, with how far each can still be trusted.
//! Everything about one service is in `service.rs`.

use std::path::Path;
use std::sync::Arc;

use rafiq::directory as core;
use rafiq::directory::hsds;

use crate::guard::guarded;
use crate::host::{TheirProgress, TheirSource};
use crate::{ByteSource, ProgressListener, RafiqError, Service, each, same_words};

/// A directory this profile holds: its own, or one it reads.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DirectoryInfo {
    /// The space it lives in.
    pub space: String,
    /// Its name; seen by all its readers.
    pub name: String,
    /// How many services this device holds.
    pub services: i64,
    /// Whether this profile may write to it. Readers report to its inbox instead.
    pub curator: bool,
    /// From which age its listings count as ageing and as stale.
    pub freshness: FreshnessLimits,
}

/// How far a listing can still be trusted, by the day on which somebody last confirmed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Freshness {
    /// Confirmed lately.
    Fresh,
    /// Confirmed some time ago: ring before you go.
    Ageing,
    /// Not confirmed for so long that hours and numbers have probably changed.
    Stale,
    /// Nobody says when it was confirmed, or the date lies in the future.
    Unknown,
}

/// From which age, in days, a listing counts as ageing and as stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct FreshnessLimits {
    /// Older than this many days: `Ageing`.
    pub ageing_after_days: i32,
    /// Older than this many days: `Stale`.
    pub stale_after_days: i32,
}

/// One line of a list of services.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Hit {
    /// The directory it stands in: its space.
    pub directory: String,
    /// The HSDS id of the service; with the directory it names the service.
    pub id: String,
    /// Its name in the language that was found, or in its own.
    pub name: String,
    /// The organization, likewise; empty if the source names none.
    pub organization: String,
    /// The language in which the words were found (BCP 47); empty if the source does not say.
    pub language: String,
    /// Where it is; empty for services without a place.
    pub city: String,
    /// HSDS's `status`: `active`, `inactive`, `defunct` or `temporarily closed`.
    pub status: String,
    /// Whether it can still be trusted.
    pub freshness: Freshness,
    /// When it was last confirmed, `YYYY-MM-DD`.
    pub assured_date: Option<String>,
}

/// One piece of a list of services.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct HitPage {
    /// By name.
    pub items: Vec<Hit>,
    /// Hand this in for the next piece; none at the end.
    pub next: Option<String>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ImportReport {
    /// Services in the source that could be taken.
    pub services: i64,
    /// How many of them are new here or differ from what was here. 0 when the same source is imported again.
    pub changed: i64,
    /// Organizations in the source, also those without a service.
    pub organizations: i64,
    /// What was wrong with the source. The rows named were left out, or the fields.
    pub errors: Vec<RowProblem>,
    /// More problems of the same source that are not listed.
    pub unlisted_errors: i64,
}

/// One thing wrong in one place of a source. The other rows are taken.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RowProblem {
    /// The file, relative to the path that was asked for.
    pub file: String,
    /// Counted from 1; 0 means the file as a whole.
    pub row: i64,
    /// The field in HSDS's words; empty: the row as a whole.
    pub field: String,
    /// A stable word: `missing`, `not-a-date`, …; the message `hsds-problem-<word>` says it.
    pub problem: String,
    /// The beginning of the value found, or what helps to find it. Empty when there is none.
    pub value: String,
}

/// What is wrong with a listing, as somebody found out who tried it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ReportKind {
    /// The number is somebody else's, or nobody's.
    WrongNumber,
    /// It does not exist any more.
    Closed,
    /// Something else; the note says what.
    Other,
}

/// A report that came to the inbox of a directory of ours. Who wrote it is told to nobody.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ServiceReport {
    /// For `settle_report`.
    pub id: String,
    /// The directory it is about: its space; empty if the note names none.
    pub directory: String,
    /// HSDS id of the service.
    pub service: String,
    /// Its name; empty if there is no such service here.
    pub service_name: String,
    /// What is wrong.
    pub kind: ReportKind,
    /// In the person's words; may be empty.
    pub note: String,
    /// When it was written, by its author's clock, Unix ms.
    pub at_ms: i64,
}

/// The calls about directories. A directory is named by its space.
#[derive(uniffi::Object)]
pub struct Directory {
    pub(crate) core: core::Directory,
}

#[uniffi::export]
impl Directory {
    /// Founds a directory; this profile becomes its curator. `services` is how many it is going to hold, about. The name (1–80
    /// characters) is seen by all its readers.
    pub fn found(&self, name: String, services: i64) -> Result<DirectoryInfo, RafiqError> {
        guarded("directory.found", || Ok(self.core.found(&name, services)?.into()))
    }

    /// The directories this profile holds, oldest first.
    pub fn list(&self) -> Result<Vec<DirectoryInfo>, RafiqError> {
        guarded("directory.list", || Ok(each(self.core.list()?)))
    }

    /// From which age the listings of a directory count as ageing and as stale, for all its readers.
    /// `Invalid{freshness}` unless 0 < ageing ≤ stale; `NotAllowed` for those who may only read it.
    pub fn set_freshness(&self, space: String, limits: FreshnessLimits) -> Result<(), RafiqError> {
        guarded("directory.set_freshness", || self.core.set_freshness(&space, limits.into()))
    }

    /// Imports an HSDS file or folder. Services are added or brought up to date field by field; none is removed. The same source
    /// again changes nothing. What was imported when it was cancelled or the process died stays.
    ///
    /// Bad rows are no error of the call: they stand in the report. `NotFound` if there is no such path, or the space is no
    /// directory of ours; `NotAllowed` for those who may only read it; `Cancelled` by `progress`, which counts in thousandths.
    #[uniffi::method(default(progress = None))]
    pub fn import_path(
        &self,
        space: String,
        path: String,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Result<ImportReport, RafiqError> {
        guarded("directory.import_path", || {
            Ok(self.core.import(&space, Path::new(&path), &TheirProgress(progress))?.into())
        })
    }

    /// Imports one HSDS JSON file that the host reads, as a phone's file picker gives it. `name` is what problems call it; a source
    /// that fails is the problem `unreadable`. Otherwise as `import_path`.
    #[uniffi::method(default(progress = None))]
    pub fn import_source(
        &self,
        space: String,
        name: String,
        source: Arc<dyn ByteSource>,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Result<ImportReport, RafiqError> {
        guarded("directory.import_source", || {
            Ok(self.core.import_source(&space, &name, &TheirSource(source), &TheirProgress(progress))?.into())
        })
    }

    /// Services with all the words of a query in any of their languages, best first, in all directories; if there are none,
    /// those with any of the words. The last word may be unfinished. Closed services come last. `limit` is 1–100.
    pub fn search(&self, query: String, limit: i32) -> Result<Vec<Hit>, RafiqError> {
        guarded("directory.search", || Ok(each(self.core.search(&query, limit)?)))
    }

    /// The services of a directory by name, 1 to 500 a page; `after` is the last page's `next`.
    #[uniffi::method(default(after = None))]
    pub fn browse(&self, space: String, limit: i32, after: Option<String>) -> Result<HitPage, RafiqError> {
        guarded("directory.browse", || {
            let page = self.core.browse(&space, limit, after)?;
            Ok(HitPage { items: each(page.items), next: page.next })
        })
    }

    /// All about one service, each text in `language` (BCP 47) if it is there, else in the service's own, and saying so.
    /// `NotFound` if the directory has no such service.
    pub fn service(&self, space: String, id: String, language: String) -> Result<Service, RafiqError> {
        guarded("directory.service", || Ok(self.core.service(&space, &id, &language)?.into()))
    }

    /// Tells the directory's inbox that a listing is wrong. It leaves with the next exchange; who wrote it is told to nobody.
    /// `note` (up to 500 characters) is read by the curators. `NotFound` if there is no such service here.
    pub fn report(&self, space: String, id: String, kind: ReportKind, note: String) -> Result<(), RafiqError> {
        guarded("directory.report", || self.core.report(&space, &id, kind.into(), &note))
    }

    /// The reports that came to the inboxes of our directories and wait for a curator, oldest first.
    pub fn reports(&self) -> Result<Vec<ServiceReport>, RafiqError> {
        guarded("directory.reports", || Ok(each(self.core.reports()?)))
    }

    /// A curator has dealt with a report. `NotFound` if there is none with this id.
    pub fn settle_report(&self, id: String) -> Result<(), RafiqError> {
        guarded("directory.settle_report", || self.core.settle_report(&id))
    }
}

same_words!(Freshness, core::Freshness, Fresh, Ageing, Stale, Unknown);
same_words!(ReportKind, core::ReportKind, WrongNumber, Closed, Other);

impl From<FreshnessLimits> for core::FreshnessLimits {
    fn from(limits: FreshnessLimits) -> Self {
        let FreshnessLimits { ageing_after_days, stale_after_days } = limits;
        Self { ageing_after_days, stale_after_days }
    }
}

impl From<core::DirectoryInfo> for DirectoryInfo {
    fn from(info: core::DirectoryInfo) -> Self {
        let core::DirectoryInfo { space, name, services, curator, freshness } = info;
        let core::FreshnessLimits { ageing_after_days, stale_after_days } = freshness;
        let freshness = FreshnessLimits { ageing_after_days, stale_after_days };
        Self { space, name, services, curator, freshness }
    }
}

impl From<core::Hit> for Hit {
    fn from(hit: core::Hit) -> Self {
        let core::Hit { directory, id, name, organization, language, city, status, freshness, assured_date } = hit;
        let freshness = freshness.into();
        Self { directory, id, name, organization, language, city, status, freshness, assured_date }
    }
}

impl From<core::ImportReport> for ImportReport {
    fn from(report: core::ImportReport) -> Self {
        let core::ImportReport { services, changed, organizations, errors, unlisted_errors } = report;
        Self { services, changed, organizations, errors: each(errors), unlisted_errors }
    }
}

impl From<hsds::RowProblem> for RowProblem {
    fn from(found: hsds::RowProblem) -> Self {
        let hsds::RowProblem { file, row, field, problem, value } = found;
        let row = i64::try_from(row).unwrap_or(i64::MAX);
        Self { file, row, field, problem: problem.code().to_owned(), value }
    }
}

impl From<core::ServiceReport> for ServiceReport {
    fn from(report: core::ServiceReport) -> Self {
        let core::ServiceReport { id, directory, service, service_name, kind, note, at_ms } = report;
        Self { id, directory, service, service_name, kind: kind.into(), note, at_ms }
    }
}

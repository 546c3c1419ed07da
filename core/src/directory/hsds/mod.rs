//! Reads the Human Services Data Specification (HSDS, Open Referral) 3.0 and 3.1 and its UK profile.
//!
//! A source is a file or a folder:
//! - **JSON**: what an HSDS API answers, whether one service, organization (with its services) or service-at-location, a
//!   page of any of them (`contents`), a bare list, one object a line, or a tabular package (`"services.csv": […]`);
//! - **CSV**: the tables of a tabular data package, side by side in one folder, joined by their ids. A single
//!   `services.csv` is read together with the tables beside it.
//!
//! Each service becomes one flat [`ServiceRecord`]. A row that cannot be taken is named by file, row and field
//! ([`RowProblem`]) and the others are taken; an optional field that cannot be taken is named and left out. A service that
//! is met again (a list of service-at-locations names one for every place) completes the record it has. What HSDS has and
//! we do not keep (funding, capacities, metadata, tax status …) is passed over, and so is what HSDS does not know.
//!
//! # Our extension: translations
//! HSDS 3.1 has one text for each field and no way to say it in several languages. We read one more member on any object,
//! `translations`, which maps a BCP 47 tag to the same fields in that language, and `language`, the tag of the object's
//! own texts (HSDS's own word on `taxonomy_term`):
//! ```json
//! {"id": "…", "name": "Legal advice", "language": "en", "status": "active",
//!  "translations": {"ar": {"name": "استشارة قانونية"}, "uk": {"name": "Юридична консультація"}}}
//! ```
//! In CSV the same is a column: `name@ar`. Readers that do not know the member ignore it, as HSDS allows.
//! Services, organizations (name), phones (description), schedules, locations and
//! addresses may have it.
//!
//! The layer of a service in IASC's pyramid of support is an attribute whose taxonomy term has `taxonomy` [`LAYERS`] and
//! `code` `1` to `4`.
//!
//! # Fields of a record
//! HSDS's names: `name alternate_name description alert application_process eligibility_description fees_description
//! interpretation_services wait_time` (all of them also `@tag`), `accreditations licenses url email status assured_date
//! assurer_email last_modified minimum_age maximum_age organization_id`. Of other objects: `organization` (also `@tag`),
//! `organization_url`, `organization_email`, `program`, `languages` (tags, or names where a feed has no tag), `topics`,
//! `layer`, `service_area`, `required_documents`, `costs`, `links`. Lists as JSON text: `phones`, `schedules` (with the RFC
//! 5545 parts), `places`, `contacts`.

mod fields;
mod phone;
mod problem;
mod reading;
mod record;
mod scan;
mod service;
mod table;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use problem::Report;
use reading::Reading;
use table::Package;

pub use problem::{MAX_PROBLEMS, Problem, RowProblem};
pub use record::{FieldName, MAX_RECORD, ServiceRecord};

/// The taxonomy whose terms 1–4 are the layers of the IASC guidelines on mental health and psychosocial support (2007).
pub const LAYERS: &str = "iasc-mhpss-layers";

/// The names of all fields of a record, without languages.
pub const FIELDS: &[&str] = &[
    "accreditations",
    "alert",
    "alternate_name",
    "application_process",
    "assured_date",
    "assurer_email",
    "contacts",
    "costs",
    "description",
    "eligibility_description",
    "email",
    "fees_description",
    "interpretation_services",
    "language",
    "languages",
    "last_modified",
    "layer",
    "licenses",
    "links",
    "maximum_age",
    "minimum_age",
    "name",
    "organization",
    "organization_email",
    "organization_id",
    "organization_url",
    "phones",
    "places",
    "program",
    "required_documents",
    "schedules",
    "service_area",
    "status",
    "topics",
    "url",
    "wait_time",
];

/// Services of one source at most: beyond any region that one phone should carry. Each is held in memory until written.
pub const MAX_SERVICES: usize = 200_000;
const MAX_FILES: usize = 20_000;
const MAX_FOLDERS: usize = 6;

/// What a source held.
#[derive(Debug, Default)]
pub struct Parsed {
    /// In the source's order, each id once.
    pub services: Vec<ServiceRecord>,
    /// How many organizations were met, also those without services.
    pub organizations: usize,
    /// What was wrong, in the order in which it was met.
    pub errors: Vec<RowProblem>,
    /// Problems beyond [`MAX_PROBLEMS`], not listed.
    pub unlisted_errors: u64,
}

/// Why nothing could be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such file or folder.
    NotFound,
    /// The caller stopped it.
    Cancelled,
}

/// Hears how many bytes of how many (0: unknown) have been read; `false` stops.
pub type Watch<'a> = &'a mut dyn FnMut(u64, u64) -> bool;

/// Reads a file or a folder (and the folders in it).
pub fn read_path(path: &Path, watch: Watch<'_>) -> Result<Parsed, ReadError> {
    let about = std::fs::metadata(path).map_err(|_| ReadError::NotFound)?;
    let mut files = Vec::new();
    let mut reading = Reading::new(watch);
    if about.is_dir() {
        gather(path, 0, &mut files, &reading.report);
        reading.folder = Some(path.to_owned());
    } else if is_csv(path) && table::table_name(&path.to_string_lossy()).is_some() {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        gather(folder, MAX_FOLDERS, &mut files, &reading.report);
        files.retain(|(file, _)| is_csv(file));
        reading.folder = Some(folder.to_owned());
    } else {
        files.push((path.to_owned(), about.len()));
    }
    files.sort();
    reading.total = files.iter().map(|(_, size)| size).sum();

    let mut package: Option<(PathBuf, Package)> = None;
    for (path, size) in &files {
        // Tables of one folder are one package; it is complete where the next folder begins.
        if is_csv(path) {
            let Some(name) = table::table_name(&path.to_string_lossy()) else { continue };
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            if package.as_ref().is_some_and(|(of, _)| *of != folder)
                && let Some((_, done)) = package.take()
            {
                reading.package(done)?;
            }
            let (_, tables) = package.get_or_insert_with(|| (folder, Package::default()));
            reading.csv(name, path, tables)?;
        } else {
            let file = reading.name_of(path);
            match std::fs::File::open(path) {
                Ok(source) => reading.json(&file, source)?,
                Err(_) => reading.report.add(&file, 0, "", Problem::Unreadable, ""),
            }
        }
        reading.done += size;
    }
    if let Some((_, tables)) = package {
        reading.package(tables)?;
    }
    Ok(reading.finish(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy()))
}

/// Reads one JSON source, or one `services.csv`, as the host gives it. `name` is what problems call it.
pub fn read_source(name: &str, source: impl Read, watch: Watch<'_>) -> Result<Parsed, ReadError> {
    let mut reading = Reading::new(watch);
    let file: Rc<str> = Rc::from(name);
    match table::table_name(name) {
        Some(table) => {
            let mut package = Package::default();
            let (done, total, watch) = (reading.done, reading.total, &mut reading.watch);
            package.add_csv(table, &file, source, &reading.report, &mut |taken| watch(done + taken, total))?;
            reading.package(package)?;
        }
        None => reading.json(&file, source)?,
    }
    Ok(reading.finish(name))
}

fn is_csv(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
}

/// The JSON and CSV files of a folder, regular ones only: a pipe would never end.
fn gather(folder: &Path, depth: usize, files: &mut Vec<(PathBuf, u64)>, report: &Report) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        report.add(&folder.to_string_lossy(), 0, "", Problem::Unreadable, "");
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let Ok(about) = std::fs::metadata(&path) else { continue };
        if about.is_dir() && depth < MAX_FOLDERS {
            gather(&path, depth + 1, files, report);
        } else if about.is_file()
            && !path.ends_with("datapackage.json") // describes the tables beside it, holds none
            && path.extension().is_some_and(|e| ["json", "jsonl", "ndjson", "csv"].iter().any(|k| e.eq_ignore_ascii_case(k)))
        {
            if files.len() == MAX_FILES {
                report.add(&folder.to_string_lossy(), 0, "", Problem::TooMany, &MAX_FILES.to_string());
                return;
            }
            files.push((path, about.len()));
        }
    }
}

#[cfg(test)]
mod tests;

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
//! The IASC layer of a service (practice, row D5) is an attribute whose taxonomy term has `taxonomy` [`LAYERS`] and
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
mod record;
mod scan;
mod service;
mod table;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::{Map, Value};

use fields::{Object, Place};
use problem::Report;
use scan::{Row, Scanner};
use table::Package;

pub use problem::{MAX_PROBLEMS, Problem, RowProblem};
pub use record::{FieldName, MAX_RECORD, ServiceRecord};

/// The taxonomy whose terms 1–4 are the layers of the IASC guidelines on mental health and psychosocial support (2007).
pub const LAYERS: &str = "iasc-mhpss-layers";

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

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    Service,
    Organization,
    AtLocation,
    Other,
}

/// Told by the members that only one of them has; by the file's name where an object has none of those.
fn sort_of(object: &Map<String, Value>, hint: Option<Sort>) -> Sort {
    let has = |names: &[&str]| names.iter().any(|name| object.contains_key(*name));
    if has(&["service"]) && has(&["location", "location_id", "id"]) {
        Sort::AtLocation
    } else if has(&[
        "services",
        "organization_identifiers",
        "legal_status",
        "tax_status",
        "website",
        "year_incorporated",
    ]) {
        Sort::Organization
    } else if has(&[
        "status",
        "organization",
        "organization_id",
        "service_at_locations",
        "eligibility_description",
        "assured_date",
        "application_process",
        "fees",
        "fees_description",
        "last_modified",
        "cost_options",
        "required_documents",
    ]) && !has(&["location_type", "$schema", "properties"])
    {
        Sort::Service
    } else if has(&[
        "location_type",
        "addresses",
        "taxonomy",
        "taxonomy_detail",
        "openapi_url",
        "properties",
        "openapi",
    ]) {
        Sort::Other
    } else {
        hint.unwrap_or(Sort::Other)
    }
}

fn sort_by_name(file: &str) -> Option<Sort> {
    let name = file.rsplit('/').next().unwrap_or(file).to_ascii_lowercase();
    match () {
        () if name.starts_with("service_at_location") => Some(Sort::AtLocation),
        () if ["taxonom", "location", "api_details", "base", "root"].iter().any(|n| name.starts_with(n)) => {
            Some(Sort::Other)
        }
        () if name.starts_with("organization") => Some(Sort::Organization),
        () if name.starts_with("service") => Some(Sort::Service),
        () => None,
    }
}

struct Reading<'w> {
    report: Report,
    services: Vec<ServiceRecord>,
    by_id: HashMap<String, usize>,
    /// Texts of every organization met, for services that only name its id.
    organizations: HashMap<String, Vec<(FieldName, String)>>,
    folder: Option<PathBuf>,
    watch: Watch<'w>,
    done: u64,
    total: u64,
    full: bool,
}

impl<'w> Reading<'w> {
    fn new(watch: Watch<'w>) -> Self {
        Self {
            report: Report::default(),
            services: Vec::new(),
            by_id: HashMap::new(),
            organizations: HashMap::new(),
            folder: None,
            watch,
            done: 0,
            total: 0,
            full: false,
        }
    }

    fn name_of(&self, path: &Path) -> Rc<str> {
        let inside = self.folder.as_deref().and_then(|folder| path.strip_prefix(folder).ok());
        let name = inside.unwrap_or_else(|| path.file_name().map_or(path, Path::new));
        Rc::from(name.to_string_lossy().replace('\\', "/"))
    }

    fn json(&mut self, file: &Rc<str>, source: impl Read) -> Result<(), ReadError> {
        let mut scanner = Scanner::new(source);
        let mut bytes = Vec::new();
        let mut tables = Package::default();
        let mut sort = sort_by_name(file);
        while let Some(row) = scanner.next(&mut bytes) {
            let report = &self.report;
            let (list, index) = match row {
                Row::Element { list, index } => (list, index),
                Row::TooLarge { list, index } => {
                    report.add(&named(file, &list), index, "", Problem::TooLarge, "");
                    continue;
                }
                Row::Broken { list, index, end } => {
                    let problem = if end { Problem::CutShort } else { Problem::NotJson };
                    report.add(&named(file, &list), index, "", problem, "");
                    break;
                }
                Row::SourceTooLarge => {
                    report.add(file, 0, "", Problem::TooLarge, "");
                    break;
                }
                Row::Unreadable => {
                    report.add(file, 0, "", Problem::Unreadable, "");
                    break;
                }
            };
            if index % 64 == 0 && !(self.watch)(self.done + scanner.taken(), self.total) {
                return Err(ReadError::Cancelled);
            }
            let file = named(file, &list);
            let Some(object) = parse(&bytes, &file, index, report) else { continue };
            let place = Place::row(report, &file, index, false);
            if list.ends_with(".csv") {
                if let Some(name) = table::table_name(&list) {
                    tables.add_object(name, &place, &object);
                }
                continue;
            }
            // An object that does not show what it is, is what its neighbours are.
            let found = sort_of(&object, sort.or((list == "contents").then_some(Sort::Service)));
            sort = sort.or(Some(found));
            self.take(found, &file, index, &object);
        }
        self.package(tables)
    }

    fn csv(&mut self, name: &'static str, path: &Path, package: &mut Package) -> Result<(), ReadError> {
        let file = self.name_of(path);
        let Ok(source) = std::fs::File::open(path) else {
            self.report.add(&file, 0, "", Problem::Unreadable, "");
            return Ok(());
        };
        let (done, total, watch) = (self.done, self.total, &mut self.watch);
        package.add_csv(name, &file, source, &self.report, &mut |taken| watch(done + taken, total))
    }

    fn package(&mut self, mut package: Package) -> Result<(), ReadError> {
        if package.is_empty() {
            return Ok(());
        }
        package.link();
        for organization in package.organizations() {
            let report = Report::default(); // its problems are named where a service has it
            let object = Object { place: Place::row(&report, &Rc::from(""), 0, false), map: &organization };
            if let Ok(id) = object.id() {
                self.organizations.insert(id, service::organization_texts(&object));
            }
        }
        for index in 0..package.services() {
            if index % 64 == 0 && !(self.watch)(self.done, self.total) {
                return Err(ReadError::Cancelled);
            }
            let report = std::mem::take(&mut self.report);
            if let Some((place, object)) = package.service(&report, index) {
                let found = service::read(&Object { place: place.clone(), map: &object }, None, None);
                if let Ok(record) = found {
                    self.add(record, &place);
                }
            }
            self.report = report;
        }
        package.report_orphans(&self.report);
        Ok(())
    }

    fn take(&mut self, sort: Sort, file: &Rc<str>, index: u64, object: &Map<String, Value>) {
        // The report is lent out for the time of one row, since records are added while it is in use.
        let report = std::mem::take(&mut self.report);
        let row = Object { place: Place::row(&report, file, index, false), map: object };
        match sort {
            Sort::Service => {
                self.organization(row.object("organization").as_ref());
                self.service(&row, None, None);
            }
            Sort::AtLocation => match row.object("service") {
                Some(service) => {
                    self.organization(service.object("organization").as_ref());
                    self.service(&service, None, Some(&row));
                }
                None => row.problem("service", Problem::Missing, ""),
            },
            Sort::Organization => {
                let known = row.id();
                let named = row.required("name", fields::limits::LINE);
                if known.is_ok() && named.is_ok() {
                    self.organization(Some(&row));
                    // Not `list`: an organization may have thousands of services.
                    for (index, service) in row.all("services").into_iter().enumerate() {
                        match service {
                            Ok(service) => self.service(&service, Some(&row), None),
                            Err(found) => row.problem(&format!("services[{index}]"), Problem::WrongType, &found),
                        }
                    }
                }
            }
            Sort::Other => {}
        }
        self.report = report;
    }

    fn organization(&mut self, object: Option<&Object<'_, '_>>) {
        if let Some(object) = object
            && let Some(id) = object.code("id", fields::limits::ID)
            && let Entry::Vacant(new) = self.organizations.entry(id)
        {
            new.insert(service::organization_texts(object));
        }
    }

    fn service(&mut self, row: &Object<'_, '_>, around: Option<&Object<'_, '_>>, at: Option<&Object<'_, '_>>) {
        if let Ok(record) = service::read(row, around, at) {
            self.add(record, &row.place);
        }
    }

    fn add(&mut self, record: ServiceRecord, place: &Place<'_>) {
        if let Some(index) = self.by_id.get(&record.id) {
            let id = record.id.clone();
            if self.services[*index].complete_from(record) {
                place.problem("id", Problem::Duplicate, &id);
            }
        } else if self.services.len() < MAX_SERVICES {
            self.by_id.insert(record.id.clone(), self.services.len());
            self.services.push(record);
        } else if !self.full {
            self.full = true;
            place.problem("", Problem::TooMany, &MAX_SERVICES.to_string());
        }
    }

    fn finish(mut self, name: &str) -> Parsed {
        for service in &mut self.services {
            let Some(texts) = self.organizations.get(&service.organization_id) else { continue };
            for (field, text) in texts {
                service.texts.entry(field.clone()).or_insert_with(|| text.clone());
            }
        }
        if self.services.is_empty() && self.organizations.is_empty() && self.report.is_empty() {
            self.report.add(name, 0, "", Problem::NoServices, "");
        }
        (self.watch)(self.total, self.total);
        let (errors, unlisted_errors) = self.report.finish();
        Parsed { services: self.services, organizations: self.organizations.len(), errors, unlisted_errors }
    }
}

/// A list inside a tabular file is named like a fragment: `tabular.json#services.csv`.
fn named(file: &Rc<str>, list: &str) -> Rc<str> {
    if list.ends_with(".csv") { Rc::from(format!("{file}#{list}")) } else { Rc::clone(file) }
}

/// The object in a row's bytes, or why there is none.
fn parse(bytes: &[u8], file: &str, row: u64, report: &Report) -> Option<Map<String, Value>> {
    // Bytes that are not UTF-8 become U+FFFD, which the field they stand in then reports.
    let text = String::from_utf8_lossy(bytes);
    match serde_json::from_str(&text) {
        Ok(Value::Object(object)) => Some(object),
        Ok(other) => {
            report.add(file, row, "", Problem::WrongType, &other.to_string());
            None
        }
        Err(error) => {
            let deep = error.to_string().starts_with("recursion limit");
            let problem = if deep { Problem::TooDeep } else { Problem::NotJson };
            report.add(file, row, "", problem, &format!("{error}"));
            None
        }
    }
}

#[cfg(test)]
mod tests;

//! One reading of a source: tells what each row is, gathers services by id, and puts in what other rows know of them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::{Map, Value};

use super::fields::{Object, Place, limits};
use super::problem::{Problem, Report};
use super::record::{FieldName, ServiceRecord};
use super::scan::{Row, Scanner};
use super::table::{self, Package};
use super::{MAX_SERVICES, Parsed, ReadError, Watch, service};

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

pub(super) struct Reading<'w> {
    pub(super) report: Report,
    services: Vec<ServiceRecord>,
    by_id: HashMap<String, usize>,
    /// Texts of every organization met, for services that only name its id.
    organizations: HashMap<String, Vec<(FieldName, String)>>,
    pub(super) folder: Option<PathBuf>,
    pub(super) watch: Watch<'w>,
    pub(super) done: u64,
    pub(super) total: u64,
    full: bool,
}

impl<'w> Reading<'w> {
    pub(super) fn new(watch: Watch<'w>) -> Self {
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

    pub(super) fn name_of(&self, path: &Path) -> Rc<str> {
        let inside = self.folder.as_deref().and_then(|folder| path.strip_prefix(folder).ok());
        let name = inside.unwrap_or_else(|| path.file_name().map_or(path, Path::new));
        Rc::from(name.to_string_lossy().replace('\\', "/"))
    }

    pub(super) fn json(&mut self, file: &Rc<str>, source: impl Read) -> Result<(), ReadError> {
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

    pub(super) fn csv(&mut self, name: &'static str, path: &Path, package: &mut Package) -> Result<(), ReadError> {
        let file = self.name_of(path);
        let Ok(source) = std::fs::File::open(path) else {
            self.report.add(&file, 0, "", Problem::Unreadable, "");
            return Ok(());
        };
        let (done, total, watch) = (self.done, self.total, &mut self.watch);
        package.add_csv(name, &file, source, &self.report, &mut |taken| watch(done + taken, total))
    }

    pub(super) fn package(&mut self, mut package: Package) -> Result<(), ReadError> {
        if package.is_empty() {
            return Ok(());
        }
        package.link();
        let report = std::mem::take(&mut self.report);
        for (place, organization) in package.organizations(&report) {
            let object = Object { place, map: &organization };
            self.organization(Some(&object), true);
        }
        self.report = report;
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
                self.organization(row.object("organization").as_ref(), false);
                self.service(&row, None, None);
            }
            Sort::AtLocation => match row.object("service") {
                Some(service) => {
                    self.organization(service.object("organization").as_ref(), false);
                    self.service(&service, None, Some(&row));
                }
                None => row.problem("service", Problem::Missing, ""),
            },
            Sort::Organization => {
                self.organization(Some(&row), true);
                // Not `list`: an organization may have thousands of services.
                for (index, service) in row.all("services").into_iter().enumerate() {
                    match service {
                        Ok(service) => self.service(&service, Some(&row), None),
                        Err(found) => row.problem(&format!("services[{index}]"), Problem::WrongType, &found),
                    }
                }
            }
            Sort::Other => {}
        }
        self.report = report;
    }

    /// Remembers an organization. `row`: it is a row of its own, so what HSDS requires of it must be there.
    fn organization(&mut self, object: Option<&Object<'_, '_>>, row: bool) {
        let Some(object) = object else { return };
        let id = if row {
            let required = ["name", "description"].map(|field| object.required(field, limits::PROSE).is_ok());
            object.id().ok().filter(|_| required[0])
        } else {
            object.code("id", limits::ID)
        };
        if let Some(id) = id
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
            if self.services[*index].complete_from(&record) {
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

    pub(super) fn finish(mut self, name: &str) -> Parsed {
        for service in &mut self.services {
            if let Some(texts) = self.organizations.get(&service.organization_id) {
                service.complete_with(texts);
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

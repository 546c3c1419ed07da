//! Tables of an HSDS package, from CSV files or a tabular JSON file, joined into the nested objects that the JSON of
//! an API has. So there is one reader of services, not two.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::fields::{ORIGIN, Place, limits};
use super::problem::{Problem, Report};
use super::scan::MAX_ROW;

/// Bytes of one table, which is held in memory while the package is read.
pub(super) const MAX_TABLE: u64 = 64 << 20;
const MAX_COLUMNS: usize = 256;
/// Rows joined below one service. Without it a few rows that all name each other would multiply without end.
const MAX_JOINED: usize = 4_000;

/// A column that names a row of another table, and that table.
type Parent = (&'static str, &'static str);

/// The tables we read: canonical name, other names in use, the columns that say where a row belongs.
const TABLES: &[(&str, &[&str], &[Parent])] = &[
    ("services", &["service"], &[]),
    ("organizations", &["organization"], &[]),
    ("programs", &["program"], &[]),
    ("locations", &["location"], &[]),
    ("service_at_location", &["service_at_locations", "services_at_location"], &[("service_id", "services")]),
    ("addresses", &["address"], &[("location_id", "locations")]),
    ("accessibility", &["accessibilities"], &[("location_id", "locations")]),
    ("cost_options", &["cost_option"], &[("service_id", "services")]),
    ("required_documents", &["required_document"], &[("service_id", "services")]),
    (
        "service_areas",
        &["service_area"],
        &[("service_id", "services"), ("service_at_location_id", "service_at_location")],
    ),
    (
        "phones",
        &["phone"],
        &[
            ("service_id", "services"),
            ("service_at_location_id", "service_at_location"),
            ("location_id", "locations"),
            ("contact_id", "contacts"),
            ("organization_id", "organizations"),
        ],
    ),
    (
        "contacts",
        &["contact"],
        &[
            ("service_id", "services"),
            ("service_at_location_id", "service_at_location"),
            ("location_id", "locations"),
            ("organization_id", "organizations"),
        ],
    ),
    (
        "schedules",
        &["schedule"],
        &[("service_id", "services"), ("service_at_location_id", "service_at_location"), ("location_id", "locations")],
    ),
    ("languages", &["language"], &[("service_id", "services"), ("location_id", "locations"), ("phone_id", "phones")]),
    // An attribute may belong to a row of any table, also of those we do not read.
    ("attributes", &["attribute"], &[]),
    ("taxonomy_terms", &["taxonomy_term"], &[]),
    ("url", &["urls"], &[]),
];

/// What nests below a row: the member, the other table, the column that joins them, and whether the other rows have that
/// column (a list) or this one (a single object).
type Member = (&'static str, &'static str, &'static str, bool);

const NESTED: &[(&str, &[Member])] = &[
    (
        "services",
        &[
            ("organization", "organizations", "organization_id", false),
            ("program", "programs", "program_id", false),
            ("phones", "phones", "service_id", true),
            ("schedules", "schedules", "service_id", true),
            ("languages", "languages", "service_id", true),
            ("contacts", "contacts", "service_id", true),
            ("service_areas", "service_areas", "service_id", true),
            ("cost_options", "cost_options", "service_id", true),
            ("required_documents", "required_documents", "service_id", true),
            ("attributes", "attributes", "link_id", true),
            ("additional_urls", "url", "service_id", true),
            ("service_at_locations", "service_at_location", "service_id", true),
        ],
    ),
    (
        "service_at_location",
        &[
            ("location", "locations", "location_id", false),
            ("phones", "phones", "service_at_location_id", true),
            ("schedules", "schedules", "service_at_location_id", true),
            ("contacts", "contacts", "service_at_location_id", true),
        ],
    ),
    (
        "locations",
        &[
            ("addresses", "addresses", "location_id", true),
            ("phones", "phones", "location_id", true),
            ("languages", "languages", "location_id", true),
            ("schedules", "schedules", "location_id", true),
            ("accessibility", "accessibility", "location_id", true),
            ("contacts", "contacts", "location_id", true),
        ],
    ),
    ("organizations", &[("phones", "phones", "organization_id", true)]),
    ("contacts", &[("phones", "phones", "contact_id", true)]),
    ("phones", &[("languages", "languages", "phone_id", true)]),
    ("attributes", &[("taxonomy_term", "taxonomy_terms", "taxonomy_term_id", false)]),
];

/// The canonical name of a table's file (`services.csv`), if we read it.
pub(super) fn table_name(file: &str) -> Option<&'static str> {
    let stem = file.rsplit('/').next()?.strip_suffix(".csv")?.to_ascii_lowercase();
    TABLES.iter().find(|(name, others, _)| *name == stem || others.contains(&stem.as_str())).map(|(name, ..)| *name)
}

/// A row with only its filled cells: 20,000 services have some 200,000 rows in all.
struct TableRow {
    number: u64,
    text: Box<str>,
    cells: Box<[(u16, u32)]>,
}

#[derive(Default)]
struct Table {
    file: Option<Rc<str>>,
    columns: Vec<String>,
    rows: Vec<TableRow>,
}

/// Which rows have a value in a column.
type RowsByValue = HashMap<Box<str>, Vec<u32>>;

/// The tables of one package.
#[derive(Default)]
pub(super) struct Package {
    tables: HashMap<&'static str, Table>,
    /// By table and column.
    index: HashMap<(&'static str, &'static str), RowsByValue>,
}

impl Package {
    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Adds a row of a tabular JSON file.
    pub(super) fn add_object(&mut self, name: &'static str, place: &Place<'_>, object: &Map<String, Value>) {
        let table = self.tables.entry(name).or_default();
        table.file.get_or_insert_with(|| Rc::clone(&place.file));
        let mut text = String::new();
        let mut cells = Vec::new();
        for (column, value) in object {
            let value = match value {
                Value::Null => continue,
                Value::String(text) => text.clone(),
                Value::Number(_) | Value::Bool(_) => value.to_string(),
                Value::Array(_) | Value::Object(_) => {
                    place.problem(column, Problem::WrongType, "");
                    continue;
                }
            };
            let column = table.columns.iter().position(|c| c == column).or_else(|| {
                table.columns.push(column.clone());
                (table.columns.len() <= MAX_COLUMNS).then(|| table.columns.len() - 1)
            });
            if let Some(column) = column {
                text.push_str(&value);
                cells.push((column as u16, text.len() as u32));
            }
        }
        table.rows.push(TableRow { number: place.row, text: text.into(), cells: cells.into() });
    }

    /// Adds the rows of a CSV file. `watch` hears of progress and may cancel by `false`.
    pub(super) fn add_csv(
        &mut self,
        name: &'static str,
        file: &Rc<str>,
        source: impl Read,
        report: &Report,
        watch: &mut dyn FnMut(u64) -> bool,
    ) -> Result<(), super::ReadError> {
        let mut source = Bounded { source, taken: 0, since_row: 0, first: Vec::new(), at: 0 };
        let delimiter = source.delimiter();
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(source);
        let table = self.tables.entry(name).or_default();
        table.file = Some(Rc::clone(file));
        let mut record = csv::ByteRecord::new();
        let mut number = 0;
        loop {
            number += 1;
            let more = reader.read_byte_record(&mut record);
            reader.get_mut().since_row = 0;
            match more {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let large =
                        matches!(error.kind(), csv::ErrorKind::Io(e) if e.kind() == std::io::ErrorKind::FileTooLarge);
                    let problem = if large { Problem::TooLarge } else { Problem::Unreadable };
                    report.add(file, number, "", problem, "");
                    break;
                }
            }
            if number == 1 {
                let clean = |cell: &[u8]| {
                    String::from_utf8_lossy(cell).trim_start_matches('\u{feff}').trim().to_ascii_lowercase()
                };
                table.columns = record.iter().take(MAX_COLUMNS).map(clean).collect();
                continue;
            }
            let mut text = String::new();
            let mut cells = Vec::new();
            for (column, cell) in record.iter().enumerate().take(table.columns.len()) {
                let cell = String::from_utf8_lossy(cell);
                if !cell.trim().is_empty() {
                    text.push_str(&cell);
                    cells.push((column as u16, text.len() as u32));
                }
            }
            if record.len() > table.columns.len() {
                report.add(file, number, "", Problem::TooMany, &format!("{} cells", record.len()));
            }
            if !cells.is_empty() {
                table.rows.push(TableRow { number, text: text.into(), cells: cells.into() });
            }
            if number % 256 == 0 && !watch(reader.get_ref().taken) {
                return Err(super::ReadError::Cancelled);
            }
        }
        Ok(())
    }

    /// How many rows the services table has.
    pub(super) fn services(&self) -> usize {
        self.tables.get("services").map_or(0, |table| table.rows.len())
    }

    /// Prepares the joins; call it when all tables are in.
    pub(super) fn link(&mut self) {
        for (_, members) in NESTED {
            for (_, other, column, list) in *members {
                self.index_by(other, if *list { column } else { "id" });
            }
        }
        for (name, ..) in TABLES {
            self.index_by(name, "id");
        }
    }

    fn index_by(&mut self, name: &'static str, column: &'static str) {
        let Some(table) = self.tables.get(name) else { return };
        let Some(at) = table.columns.iter().position(|c| c == column) else { return };
        self.index.entry((name, column)).or_insert_with(|| {
            let mut rows = RowsByValue::new();
            for (row, value) in table.rows.iter().enumerate().filter_map(|(n, row)| Some((n, row.cell(at)?))) {
                rows.entry(value.into()).or_default().push(row as u32);
            }
            rows
        });
    }

    /// The place and the nested object of a row of the services table.
    pub(super) fn service<'a>(&self, report: &'a Report, index: usize) -> Option<(Place<'a>, Map<String, Value>)> {
        let table = self.tables.get("services")?;
        let file = table.file.clone()?;
        let place = Place::row(report, &file, table.rows.get(index)?.number, true);
        let mut room = MAX_JOINED;
        let object = self.nested("services", index, &mut room)?;
        if room == 0 {
            place.problem("", Problem::TooMany, &MAX_JOINED.to_string());
        }
        for (member, column) in [("organization", "organization_id"), ("program", "program_id")] {
            if let Some(Value::String(id)) = object.get(column)
                && !object.contains_key(member)
                && self.tables.contains_key(if member == "program" { "programs" } else { "organizations" })
            {
                place.problem(column, Problem::UnknownReference, id);
            }
        }
        Some((place, object))
    }

    fn nested(&self, name: &'static str, index: usize, room: &mut usize) -> Option<Map<String, Value>> {
        *room = room.checked_sub(1)?;
        let mut object = self.flat(name, index)?;
        let members = NESTED.iter().find(|(table, _)| *table == name).map_or(&[][..], |(_, members)| *members);
        for (member, other, column, list) in members {
            let key = object.get(if *list { "id" } else { *column }).and_then(Value::as_str);
            let rows = self.index.get(&(*other, if *list { *column } else { "id" }));
            let Some(rows) = key.and_then(|key| rows?.get(key.trim())) else { continue };
            // One more than is kept, so that the reader of the list sees that there are too many.
            let mut found =
                rows.iter().take(limits::LIST + 1).filter_map(|row| self.nested(other, *row as usize, room));
            if *list {
                let all = found.map(Value::Object).collect();
                object.insert((*member).to_owned(), Value::Array(all));
            } else if let Some(one) = found.next() {
                object.insert((*member).to_owned(), Value::Object(one));
            }
        }
        Some(object)
    }

    /// A row as an object of texts; a column `name@ar` becomes a translation.
    fn flat(&self, name: &'static str, index: usize) -> Option<Map<String, Value>> {
        let table = self.tables.get(name)?;
        let row = table.rows.get(index)?;
        let mut object = Map::new();
        let mut translations = Map::new();
        for (column, text) in row.all() {
            let column = table.columns.get(column)?;
            let text = Value::String(text.to_owned());
            match column.split_once('@') {
                None => {
                    object.insert(column.clone(), text);
                }
                Some((field, language)) => {
                    let texts = translations.entry(language).or_insert_with(|| Value::Object(Map::new()));
                    if let Value::Object(texts) = texts {
                        texts.insert(field.to_owned(), text);
                    }
                }
            }
        }
        if !translations.is_empty() {
            object.insert("translations".into(), Value::Object(translations));
        }
        let file = table.file.as_deref().unwrap_or(name).to_owned();
        object.insert(ORIGIN.into(), Value::Array(vec![Value::String(file), row.number.into()]));
        Some(object)
    }

    /// Names the rows that belong to nothing: their parents are not in the package.
    pub(super) fn report_orphans(&self, report: &Report) {
        let known: HashMap<&str, HashSet<&str>> = TABLES
            .iter()
            .filter_map(|(name, ..)| Some((*name, self.index.get(&(*name, "id"))?)))
            .map(|(name, rows)| (name, rows.keys().map(|key| &**key).collect()))
            .collect();
        for (name, _, parents) in TABLES.iter().filter(|(.., parents)| !parents.is_empty()) {
            let Some(table) = self.tables.get(name) else { continue };
            let columns: Vec<(usize, &str, Option<&HashSet<&str>>)> = parents
                .iter()
                .filter_map(|(column, parent)| {
                    Some((table.columns.iter().position(|c| c == column)?, *column, known.get(parent)))
                })
                .collect();
            for row in &table.rows {
                let belongs = columns.iter().any(|(at, _, known)| {
                    row.cell(*at).is_some_and(|id| known.is_some_and(|known| known.contains(id)))
                });
                if !belongs {
                    let named = columns.iter().find_map(|(at, column, _)| Some((*column, row.cell(*at)?)));
                    let (column, id) = named.unwrap_or((parents[0].0, ""));
                    let file = table.file.as_deref().unwrap_or(name);
                    report.add(file, row.number, column, Problem::UnknownReference, id);
                }
            }
        }
    }

    /// The rows of the organizations table, with their places.
    pub(super) fn organizations<'a>(&self, report: &'a Report) -> Vec<(Place<'a>, Map<String, Value>)> {
        let Some(table) = self.tables.get("organizations") else { return Vec::new() };
        let file = table.file.clone().unwrap_or_else(|| Rc::from("organizations.csv"));
        let place = |index: usize| Place::row(report, &file, table.rows[index].number, true);
        (0..table.rows.len()).filter_map(|n| Some((place(n), self.flat("organizations", n)?))).collect()
    }
}

impl TableRow {
    fn all(&self) -> impl Iterator<Item = (usize, &str)> {
        self.cells.iter().scan(0, |start, (column, end)| {
            let text = self.text.get(*start..*end as usize)?;
            *start = *end as usize;
            Some((*column as usize, text))
        })
    }

    fn cell(&self, column: usize) -> Option<&str> {
        self.all().find(|(at, _)| *at == column).map(|(_, text)| text.trim())
    }
}

/// Keeps the CSV reader from growing one row without end (a quote that is never closed) and a table beyond its limit.
struct Bounded<R> {
    source: R,
    taken: u64,
    since_row: usize,
    first: Vec<u8>,
    at: usize,
}

impl<R: Read> Bounded<R> {
    /// What separates the cells, seen in the header: spreadsheets of many countries write semicolons.
    fn delimiter(&mut self) -> u8 {
        self.first = vec![0; 4096];
        let read = self.source.read(&mut self.first).unwrap_or(0);
        self.first.truncate(read);
        let header = self.first.split(|b| *b == b'\n').next().unwrap_or_default();
        let count = |byte: u8| header.iter().filter(|b| **b == byte).count();
        [b',', b';', b'\t'].into_iter().max_by_key(|byte| (count(*byte), *byte == b',')).unwrap_or(b',')
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.since_row > MAX_ROW || self.taken > MAX_TABLE {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        let read = if self.at < self.first.len() {
            let read = buffer.len().min(self.first.len() - self.at);
            buffer[..read].copy_from_slice(&self.first[self.at..self.at + read]);
            self.at += read;
            read
        } else {
            self.source.read(buffer)?
        };
        self.taken += read as u64;
        self.since_row += read;
        Ok(read)
    }
}

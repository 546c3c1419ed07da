//! `rafiq directory import | search | show`.

use crate::failure::Failure;
use crate::profile::Profile;
use crate::progress::Bar;
use crate::voice::{Voice, sentence};
use clap::Subcommand;
use rafiq::directory::{Freshness, Hit, ImportReport, Service, ServiceText};
use rafiq::language::{Args, DateStyle, Language};
use rafiq::{Error, Rafiq};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What to do with the directory.
#[derive(Subcommand)]
pub(crate) enum What {
    /// Imports an HSDS file or folder into this profile's own directory. Makes the profile if there is none.
    Import {
        /// JSON or CSV after HSDS 3.0, 3.1 or its UK profile.
        path: PathBuf,
        /// What the directory is called, if it does not exist yet; its readers see it.
        #[arg(long, default_value = "Directory")]
        name: String,
    },
    /// Services with these words, in any of their languages.
    Search {
        /// The words; the last one may be unfinished.
        #[arg(required = true)]
        words: Vec<String>,
        /// At most so many, 1 to 100.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i32).range(1..=100))]
        limit: i32,
    },
    /// All about one service.
    Show {
        /// Its id, as a search gives it.
        id: String,
    },
}

/// Does it.
pub(crate) fn run(what: What, profile: &Profile, voice: &Voice) -> Result<(), Failure> {
    match what {
        What::Import { path, name } => import(&path, &name, profile, voice),
        What::Search { words, limit } => {
            let rafiq = profile.open_existing(voice)?;
            search(&rafiq, &words.join(" "), limit, voice)
        }
        What::Show { id } => {
            let rafiq = profile.open_existing(voice)?;
            show(&rafiq, &id, voice)
        }
    }
}

fn import(path: &Path, name: &str, profile: &Profile, voice: &Voice) -> Result<(), Failure> {
    let bytes = size_of(path).map_err(|error| Failure::At(path.to_owned(), error.into()))?;
    let rafiq = profile.open(voice)?;
    let own = rafiq.directory().list()?.into_iter().find(|directory| directory.curator);
    let directory = match own {
        Some(directory) => directory,
        None => rafiq.directory().found(name, services_in(bytes))?,
    };
    let bar = Bar::new(&sentence(voice.language(), "cli-importing", &Args::new()));
    let report = rafiq.directory().import(&directory.space, path, &bar);
    drop(bar);
    let report = report.map_err(|error| Failure::At(path.to_owned(), error))?;
    if report.changed == 0 && report.services > 0 {
        voice.say("directory-unchanged", &Args::new());
    } else {
        voice.say("directory-imported", &Args::new().number("count", report.changed));
    }
    say_problems(&report, voice);
    voice.object(&import_object(&report));
    rafiq.shutdown()?;
    Ok(())
}

/// Every problem by file, row and field; a sentence and the value say what is wrong.
pub(crate) fn say_problems(report: &ImportReport, voice: &Voice) {
    let count = i64::try_from(report.errors.len()).unwrap_or(i64::MAX).saturating_add(report.unlisted_errors);
    if count > 0 {
        voice.say("directory-problems", &Args::new().number("count", count));
    }
    for problem in &report.errors {
        let value = if problem.value.is_empty() { String::new() } else { format!(" “{}”", problem.value) };
        let wrong = sentence(voice.language(), &format!("hsds-problem-{}", problem.problem.code()), &Args::new());
        let field = if problem.field.is_empty() { String::new() } else { format!(" {}", problem.field) };
        voice.line(&format!("  {} row {}{field}: {wrong}{value}", problem.file, problem.row));
    }
}

/// The report for a program.
pub(crate) fn import_object(report: &ImportReport) -> Value {
    let errors: Vec<Value> = report
        .errors
        .iter()
        .map(|p| json!({ "file": p.file, "row": p.row, "field": p.field, "problem": p.problem.code(), "value": p.value }))
        .collect();
    json!({
        "services": report.services, "changed": report.changed, "errors": errors,
        "unlisted_errors": report.unlisted_errors,
    })
}

fn search(rafiq: &Rafiq, query: &str, limit: i32, voice: &Voice) -> Result<(), Failure> {
    let hits = rafiq.directory().search(query, limit)?;
    voice.say("directory-hits", &Args::new().number("count", i64::try_from(hits.len()).unwrap_or(i64::MAX)));
    for hit in &hits {
        voice.line(&hit_line(hit, voice.language()));
        voice.line(&format!("    {}", hit.id));
    }
    let objects: Vec<Value> = hits
        .iter()
        .map(|hit| {
            json!({ "id": hit.id, "name": hit.name, "organization": hit.organization, "freshness": hit.freshness.code() })
        })
        .collect();
    voice.object(&json!({ "hits": objects }));
    rafiq.shutdown()?;
    Ok(())
}

/// A hit with how far it can be trusted. Names are set apart, whatever way they are written.
pub(crate) fn hit_line(hit: &Hit, language: &Language) -> String {
    let place =
        if hit.organization.is_empty() { String::new() } else { format!(" — \u{2068}{}\u{2069}", hit.organization) };
    let freshness = freshness(language, hit.freshness, hit.assured_date.as_deref());
    format!("  \u{2068}{}\u{2069}{place}: \u{2068}{freshness}\u{2069}", hit.name)
}

fn freshness(language: &Language, freshness: Freshness, assured: Option<&str>) -> String {
    let date = assured.and_then(|day| language.day(day, DateStyle::Long).ok()).unwrap_or_default();
    sentence(language, &format!("freshness-{}", freshness.code()), &Args::new().formatted("date", date))
}

fn show(rafiq: &Rafiq, id: &str, voice: &Voice) -> Result<(), Failure> {
    let tag = voice.language().tag();
    let found = rafiq.directory().list()?.into_iter().find_map(|directory| {
        match rafiq.directory().service(&directory.space, id, tag) {
            Err(Error::NotFound) => None,
            other => Some(other),
        }
    });
    let service = found.unwrap_or(Err(Error::NotFound))?;
    for text in texts(&service) {
        voice.line(&format!(
            "\u{2068}{}\u{2069}{}",
            text.text,
            if text.fallback && !text.language.is_empty() { format!(" [{}]", text.language) } else { String::new() }
        ));
    }
    for phone in &service.phones {
        voice.say("directory-call", &Args::new().phone("phone", &phone.number));
    }
    for place in &service.places {
        let parts = [&place.name, &place.address_1, &place.address_2, &place.postal_code, &place.city];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        voice.line(&format!("\u{2068}{}\u{2069}", parts.join(", ")));
    }
    for line in [&service.url, &service.email].into_iter().filter(|line| !line.is_empty()) {
        voice.line(line);
    }
    voice.line(&freshness(voice.language(), service.freshness, service.assured_date.as_deref()));
    voice.object(&service_object(&service));
    rafiq.shutdown()?;
    Ok(())
}

fn texts(service: &Service) -> Vec<&ServiceText> {
    let further = [
        &service.alternate_name,
        &service.organization,
        &service.alert,
        &service.description,
        &service.eligibility_description,
        &service.application_process,
        &service.fees_description,
        &service.wait_time,
        &service.interpretation_services,
    ];
    std::iter::once(&service.name).chain(further.into_iter().flatten()).collect()
}

fn service_object(service: &Service) -> Value {
    let text = |text: &ServiceText| json!({ "text": text.text, "language": text.language, "fallback": text.fallback });
    let maybe = |some: &Option<ServiceText>| some.as_ref().map(text);
    let phones: Vec<Value> = service
        .phones
        .iter()
        .map(|p| json!({ "number": p.number, "dial": p.dial, "extension": p.extension, "type": p.kind, "languages": p.languages }))
        .collect();
    let places: Vec<Value> = service
        .places
        .iter()
        .map(|p| {
            json!({
                "name": p.name, "address_1": p.address_1, "address_2": p.address_2, "postal_code": p.postal_code, "city": p.city,
                "country": p.country, "latitude_e6": p.latitude_e6, "longitude_e6": p.longitude_e6,
            })
        })
        .collect();
    let schedules: Vec<Value> = service
        .schedules
        .iter()
        .map(|s| json!({ "freq": s.freq, "byday": s.byday, "opens_at": s.opens_at, "closes_at": s.closes_at, "description": s.description }))
        .collect();
    json!({
        "id": service.id, "name": text(&service.name), "alternate_name": maybe(&service.alternate_name),
        "organization": maybe(&service.organization), "alert": maybe(&service.alert),
        "description": maybe(&service.description), "eligibility_description": maybe(&service.eligibility_description),
        "application_process": maybe(&service.application_process), "fees_description": maybe(&service.fees_description),
        "wait_time": maybe(&service.wait_time), "interpretation_services": maybe(&service.interpretation_services),
        "status": service.status, "phones": phones, "places": places, "schedules": schedules, "url": service.url,
        "email": service.email, "languages": service.languages, "topics": service.topics,
        "required_documents": service.required_documents, "freshness": service.freshness.code(),
        "assured_date": service.assured_date, "translated_into": service.translated_into,
    })
}

/// Bytes of a file, or of the files of a folder and its folders; links are not followed.
pub(crate) fn size_of(path: &Path) -> std::io::Result<u64> {
    let about = std::fs::metadata(path)?;
    if !about.is_dir() {
        return Ok(about.len());
    }
    let (mut bytes, mut folders) = (0, vec![path.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            match entry.file_type()? {
                kind if kind.is_dir() => folders.push(entry.path()),
                kind if kind.is_file() => bytes += entry.metadata()?.len(),
                _ => {}
            }
        }
    }
    Ok(bytes)
}

/// How many services so many bytes of HSDS hold, about: it decides only how the directory is divided.
pub(crate) fn services_in(bytes: u64) -> i64 {
    i64::try_from(bytes / 2_000).unwrap_or(i64::MAX)
}

//! The directory is searched without a connection, and what is kept where is told.

use super::english::in_english;
use super::person::Person;
use super::relay::RelayProcess;
use super::{Day, claim};
use crate::directory::hit_line;
use crate::failure::Failure;
use crate::voice::sentence;
use rafiq::directory::Hit;
use rafiq::language::{Args, Language};
use serde_json::json;

/// "clinic", typed without the dots of its last letter.
pub(super) const CLINIC: &str = "عياده";
/// "shelter".
pub(super) const SHELTER: &str = "притулок";
const QUERIES: [&str; 3] = [CLINIC, SHELTER, "doctor"];
const SHOWN: usize = 3;

/// The end of the day.
pub(super) fn play(day: &mut Day<'_>, relay: &RelayProcess, is_sample: bool) -> Result<(), Failure> {
    let queries = if is_sample { QUERIES.map(str::to_owned) } else { foreign_queries(day)? };
    searches(day, &queries, is_sample)?;
    kept(day, relay)?;
    for person in [&day.newcomer, &day.mentor, &day.coordinator] {
        person.say(day.voice, "demo-end", &Args::new());
    }
    Ok(())
}

/// In Arabic on the newcomer's phone, in Ukrainian on the mentor's, in English on the coordinator's laptop.
fn searches(day: &mut Day<'_>, queries: &[String; 3], is_sample: bool) -> Result<(), Failure> {
    let languages = ["ar", "uk", "en"].map(Language::open);
    let people = [&day.newcomer, &day.mentor, &day.coordinator];
    let mut counts = Vec::new();
    for ((query, language), person) in queries.iter().zip(languages).zip(people) {
        let language = language?;
        person.carrier.set_online(false);
        let hits = person.directory().search(query, 20)?;
        let english = &person.english;
        let heading = |language: &Language| {
            let count = sentence(language, "directory-hits", &Args::new().number("count", hits.len() as i64));
            sentence(language, "demo-searched", &Args::new().text("query", query).formatted("hits", count))
        };
        day.voice.line(&format!("  {:3}  \u{2068}{}\u{2069}", language.tag(), heading(&language)));
        if language.tag() != english.tag() {
            day.voice.beneath(&format!("({})", in_english(&heading(english))));
        }
        for hit in hits.iter().take(SHOWN) {
            day.voice.line(&format!("     {}", hit_line(hit, &language)));
            if language.tag() != english.tag() {
                let line = hit_line(&named(person, hit, english)?, english);
                day.voice.beneath(&format!("({})", in_english(line.trim_start())));
            }
        }
        counts.push(hits.len());
    }
    let line = format!("search ar/uk/en: {}/{}/{} hits", counts[0], counts[1], counts[2]);
    day.result("search", json!({ "ar": counts[0], "uk": counts[1], "en": counts[2] }), &line);
    claim(!is_sample || counts.iter().all(|count| *count > 0), "the sample is found in three scripts")
}

/// The same hit with its names in a language, where the directory has them.
fn named(person: &Person, hit: &Hit, language: &Language) -> Result<Hit, Failure> {
    let service = person.directory().service(&hit.directory, &hit.id, language.tag())?;
    let organization = service.organization.map(|name| name.text).unwrap_or_default();
    Ok(Hit { name: service.name.text, organization, ..hit.clone() })
}

/// In somebody else's directory: the same, but in English the first word of its first service.
fn foreign_queries(day: &Day<'_>) -> Result<[String; 3], Failure> {
    let mut queries = QUERIES.map(str::to_owned);
    if let Some(directory) = day.coordinator.directory().list()?.first()
        && let Some(first) = day.coordinator.directory().browse(&directory.space, 1, None)?.items.first()
        && let Some(word) = first.name.split_whitespace().next()
    {
        word.clone_into(&mut queries[2]);
    }
    Ok(queries)
}

fn kept(day: &mut Day<'_>, relay: &RelayProcess) -> Result<(), Failure> {
    let mut devices = Vec::new();
    let people: [(&str, &Person); 3] =
        [("coordinator", &day.coordinator), ("newcomer", &day.newcomer), ("mentor", &day.mentor)];
    for (role, person) in people {
        let stored = person.bytes_on_disk()?;
        let (sent, received) = (person.carrier.sent(), person.carrier.received());
        let args = Args::new().text("name", person.name);
        person.say(day.voice, "demo-kept-on-device", &args.clone().number("kilobytes", kilobytes(stored)));
        let crossed = args.number("sent", kilobytes(sent)).number("received", kilobytes(received));
        person.say(day.voice, "demo-crossed", &crossed);
        devices.push(json!({
            "role": role, "bytes_on_disk": stored, "bytes_sent": sent, "bytes_received": received,
            "round_trips": person.carrier.trips(),
        }));
    }
    let envelopes = relay.envelopes()?;
    let bytes = envelopes.iter().map(|envelope| envelope.len() as u64).sum();
    let args = Args::new().number("envelopes", envelopes.len() as i64).number("kilobytes", kilobytes(bytes));
    for person in [&day.newcomer, &day.mentor, &day.coordinator] {
        person.say(day.voice, "demo-kept-on-relay", &args);
    }
    day.said.insert("devices".into(), json!(devices));
    day.said.insert("relay".into(), json!({ "envelopes": envelopes.len(), "bytes": bytes }));
    Ok(())
}

fn kilobytes(bytes: u64) -> i64 {
    i64::try_from(bytes.div_ceil(1024)).unwrap_or(i64::MAX)
}

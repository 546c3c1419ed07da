//! From an HSDS service object, however nested, to a flat record.

use serde_json::{Map, Value};

use super::fields::{Object, Refused, language_tag, limits};
use super::phone;
use super::problem::Problem;
use super::record::{Draft, FieldName, ServiceRecord};

/// Texts of a service: name, longest, whether people read it (and it can be translated).
const TEXTS: &[(&str, usize, bool)] = &[
    ("name", limits::LINE, true),
    ("alternate_name", limits::LINE, true),
    ("description", limits::PROSE, true),
    ("alert", limits::PROSE, true),
    ("application_process", limits::PROSE, true),
    ("eligibility_description", limits::PROSE, true),
    ("fees_description", limits::PROSE, true),
    ("interpretation_services", limits::PROSE, true),
    ("wait_time", limits::PROSE, true),
    ("accreditations", limits::PROSE, false),
    ("licenses", limits::PROSE, false),
];

/// HSDS's values of `service.status`.
pub(in crate::directory) const STATUSES: &[&str] = &["active", "inactive", "defunct", "temporarily closed"];

const WEEKDAYS: &[&str] = &["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
// HSDS lists the first two; older feeds use the others, which RFC 5545 knows as well.
const FREQUENCIES: &[&str] = &["WEEKLY", "MONTHLY", "DAILY", "YEARLY"];

/// Reads a service. `organization` is the object around it, `at_location` the service-at-location it was found in.
pub(super) fn read(
    service: &Object<'_, '_>,
    organization: Option<&Object<'_, '_>>,
    at_location: Option<&Object<'_, '_>>,
) -> Result<ServiceRecord, Refused> {
    // All fields are read before the row is refused, so that all its problems are named at once.
    let id = service.id();
    let name = service.required("name", limits::LINE);
    let status = status(service);

    let mut record = Draft::default();
    texts(service, &mut record);
    organization_of(service, organization, &mut record);
    places(service, at_location, &mut record);
    people(service, organization, at_location, &mut record);

    let id = id?;
    record.texts.insert("name".into(), name?);
    record.texts.insert("status".into(), status?.to_owned());
    record.finish(id).map_err(|size| {
        service.problem("", Problem::TooLarge, &size.to_string());
        Refused
    })
}

fn status(service: &Object<'_, '_>) -> Result<&'static str, Refused> {
    service.required("status", limits::LINE)?;
    service.one_of("status", STATUSES).ok_or(Refused)
}

fn texts(service: &Object<'_, '_>, record: &mut Draft) {
    let mut put = |name: &'static str, text: Option<String>| {
        if let Some(text) = text {
            record.texts.insert(FieldName::Borrowed(name), text);
        }
    };
    for (name, max, _) in TEXTS.iter().filter(|(name, ..)| *name != "name") {
        put(name, service.text(name, *max));
    }
    // `fees` is the older name of `fees_description`; the UK profile still uses it.
    let fees = service.text("fees", limits::PROSE);
    if service.map.get("fees_description").is_none_or(|v| v.as_str().unwrap_or("").trim().is_empty()) {
        put("fees_description", fees);
    }
    put("url", service.web("url"));
    put("email", service.email("email"));
    put("assured_date", service.date("assured_date"));
    put("assurer_email", service.email("assurer_email"));
    put("last_modified", service.moment("last_modified"));
    let age = |number: f64| number.to_string();
    put("minimum_age", service.number("minimum_age", 0.0, 150.0).map(age));
    put("maximum_age", service.number("maximum_age", 0.0, 1_000.0).map(age)); // some write 999 for "no limit"
    put("language", language_of(service, "language"));
    put("program", service.object("program").and_then(|program| program.text("name", limits::LINE)));
    put("languages", joined(service.list("languages").iter().filter_map(language), ", "));
    put("service_area", joined(service.list("service_areas").iter().filter_map(area), "\n"));
    put("required_documents", joined(service.list("required_documents").iter().filter_map(document), "\n"));
    put("costs", joined(service.list("cost_options").iter().filter_map(cost), "\n"));
    put("links", joined(service.list("additional_urls").iter().filter_map(|link| link.web("url")), "\n"));

    let terms: Vec<_> = service.list("attributes").iter().filter_map(|a| a.object("taxonomy_term")).collect();
    let layer = |term: &Object<'_, '_>| term.text("taxonomy", limits::LINE).is_some_and(|t| t == super::LAYERS);
    put("layer", terms.iter().filter(|term| layer(term)).find_map(layer_of));
    put("topics", joined(terms.iter().filter(|term| !layer(term)).filter_map(|t| t.text("name", limits::LINE)), "; "));

    for (tag, texts) in service.translations() {
        for (name, max, _) in TEXTS.iter().filter(|(.., translated)| *translated) {
            if let Some(text) = texts.text(name, *max) {
                record.texts.insert(format!("{name}@{tag}").into(), text);
            }
        }
    }
}

fn layer_of(term: &Object<'_, '_>) -> Option<String> {
    let layer = term.code("code", limits::LINE)?;
    let known = matches!(layer.as_str(), "1" | "2" | "3" | "4");
    if !known {
        term.problem("code", Problem::NotInList, &layer);
    }
    known.then_some(layer)
}

fn organization_of(service: &Object<'_, '_>, around: Option<&Object<'_, '_>>, record: &mut Draft) {
    let own = service.object("organization");
    let Some(organization) = own.as_ref().or(around) else {
        record.organization_id = service.code("organization_id", limits::ID).unwrap_or_default();
        return;
    };
    record.organization_id = organization.code("id", limits::ID).unwrap_or_default();
    for (field, text) in organization_texts(organization) {
        record.texts.insert(field, text);
    }
}

/// What a service keeps of its organization: name in all languages, address on the web and for mail.
pub(super) fn organization_texts(organization: &Object<'_, '_>) -> Vec<(FieldName, String)> {
    let mut texts = Vec::new();
    let mut put = |field: FieldName, text: Option<String>| texts.extend(text.map(|text| (field, text)));
    put("organization".into(), organization.text("name", limits::LINE));
    put("organization_url".into(), organization.web("website"));
    put("organization_email".into(), organization.email("email"));
    for (tag, translated) in organization.translations() {
        put(format!("organization@{tag}").into(), translated.text("name", limits::LINE));
    }
    texts
}

/// Phones, contacts and hours, nearest first: the service's own, then where it is given, then the organization's.
fn people(
    service: &Object<'_, '_>,
    around: Option<&Object<'_, '_>>,
    at_location: Option<&Object<'_, '_>>,
    record: &mut Draft,
) {
    let mut sources = vec![service.clone()];
    for at in at_location.cloned().into_iter().chain(service.list("service_at_locations")) {
        sources.extend(at.object("location"));
        sources.insert(sources.len().min(1), at);
    }
    for source in &sources {
        phone::add(source, record);
        if record.list("schedules").is_empty() {
            for schedule in source.list("schedules") {
                record.add("schedules", self::schedule(&schedule));
            }
        }
    }
    for source in &sources {
        for contact in source.list("contacts") {
            phone::add(&contact, record);
            let mut kept = Map::new();
            for field in ["name", "title", "department"] {
                put(&mut kept, field, contact.text(field, limits::LINE));
            }
            put(&mut kept, "email", contact.email("email"));
            record.add("contacts", kept);
        }
    }
    if record.list("phones").is_empty()
        && let Some(organization) = service.object("organization").as_ref().or(around)
    {
        phone::add(organization, record);
    }
}

fn places(service: &Object<'_, '_>, at_location: Option<&Object<'_, '_>>, record: &mut Draft) {
    for at in at_location.cloned().into_iter().chain(service.list("service_at_locations")) {
        if let Some(location) = at.object("location") {
            record.add("places", place(&location));
        }
    }
}

fn place(location: &Object<'_, '_>) -> Map<String, Value> {
    let mut kept = Map::new();
    put(&mut kept, "id", location.code("id", limits::ID));
    put(&mut kept, "type", location.one_of("location_type", &["physical", "postal", "virtual"]).map(str::to_owned));
    for field in ["name", "alternate_name"] {
        put(&mut kept, field, location.text(field, limits::LINE));
    }
    for field in ["description", "transportation"] {
        put(&mut kept, field, location.text(field, limits::PROSE));
    }
    put(&mut kept, "url", location.web("url"));
    // One without the other is no place. Millionths of a degree (11 cm): documents hold no floats.
    let (latitude, longitude) = (location.number("latitude", -90.0, 90.0), location.number("longitude", -180.0, 180.0));
    if let (Some(latitude), Some(longitude)) = (latitude, longitude) {
        kept.insert("latitude_e6".into(), ((latitude * 1e6).round() as i64).into());
        kept.insert("longitude_e6".into(), ((longitude * 1e6).round() as i64).into());
    }
    // Where to go; a post box only if there is nothing else.
    let addresses = location.list("addresses");
    let physical = addresses.iter().find(|a| a.map.get("address_type").and_then(Value::as_str) == Some("physical"));
    if let Some(address) = physical.or(addresses.first()) {
        for field in ["attention", "address_1", "address_2", "city", "region", "state_province", "country"] {
            put(&mut kept, field, address.text(field, limits::LINE));
        }
        put(&mut kept, "postal_code", address.code("postal_code", limits::LINE));
        translate(&mut kept, address, &["address_1", "address_2", "city", "region"]);
    }
    let access = location.list("accessibility");
    let line = |a: &Object<'_, '_>| {
        joined([a.text("description", limits::PROSE), a.text("details", limits::PROSE)].into_iter().flatten(), "; ")
    };
    put(&mut kept, "accessibility", joined(access.iter().filter_map(line), "\n"));
    put(&mut kept, "languages", joined(location.list("languages").iter().filter_map(language), ", "));
    translate(&mut kept, location, &["name", "alternate_name", "description", "transportation"]);
    kept
}

fn schedule(schedule: &Object<'_, '_>) -> Map<String, Value> {
    let mut kept = Map::new();
    for field in ["valid_from", "valid_to", "dtstart", "until"] {
        put(&mut kept, field, schedule.date(field));
    }
    for field in ["opens_at", "closes_at"] {
        put(&mut kept, field, schedule.time(field));
    }
    put(&mut kept, "freq", schedule.one_of("freq", FREQUENCIES).map(str::to_owned));
    put(&mut kept, "wkst", schedule.one_of("wkst", WEEKDAYS).map(str::to_owned));
    for field in ["interval", "count"] {
        put(&mut kept, field, schedule.number(field, 1.0, 10_000.0).map(|n| n.to_string()));
    }
    put(&mut kept, "byday", schedule.recurrence("byday", weekday));
    put(&mut kept, "bymonthday", schedule.recurrence("bymonthday", |item| within_days(item, 31)));
    put(&mut kept, "byyearday", schedule.recurrence("byyearday", |item| within_days(item, 366)));
    put(&mut kept, "byweekno", schedule.recurrence("byweekno", |item| within_days(item, 53)));
    put(&mut kept, "timezone", schedule.code("timezone", limits::LINE));
    put(&mut kept, "schedule_link", schedule.web("schedule_link"));
    put(&mut kept, "attending_type", schedule.text("attending_type", limits::LINE));
    for field in ["description", "notes"] {
        put(&mut kept, field, schedule.text(field, limits::PROSE));
    }
    translate(&mut kept, schedule, &["description", "notes"]);
    kept
}

/// A weekday of RFC 5545, with its number in the month or without: `MO`, `2TU`, `-1FR`.
fn weekday(item: &str) -> bool {
    let Some((number, day)) = item.len().checked_sub(2).and_then(|at| item.split_at_checked(at)) else { return false };
    WEEKDAYS.contains(&day) && (number.is_empty() || within_days(number, 53))
}

fn within_days(item: &str, max: i32) -> bool {
    item.parse::<i32>().is_ok_and(|n| n != 0 && (-max..=max).contains(&n))
}

pub(super) fn language(object: &Object<'_, '_>) -> Option<String> {
    language_of(object, "code").or_else(|| object.text("name", limits::LINE))
}

fn language_of(object: &Object<'_, '_>, field: &str) -> Option<String> {
    let written = object.text(field, limits::LINE)?;
    let tag = language_tag(&written);
    if tag.is_none() {
        object.problem(field, Problem::NotALanguage, &written);
    }
    tag
}

fn area(object: &Object<'_, '_>) -> Option<String> {
    // The UK profile writes `service_area` beside `name`, or instead of it.
    object
        .text("name", limits::PROSE)
        .or_else(|| object.text("service_area", limits::PROSE))
        .or_else(|| object.text("description", limits::PROSE))
}

fn document(object: &Object<'_, '_>) -> Option<String> {
    object.text("document", limits::PROSE)
}

fn cost(object: &Object<'_, '_>) -> Option<String> {
    let amount = object.number("amount", 0.0, 1e12).map(|amount| amount.to_string());
    let currency = object.text("currency", limits::LINE).map(|code| code.to_uppercase());
    let price = joined(amount.into_iter().chain(currency), " ");
    let rest = object.text("amount_description", limits::LINE);
    joined([object.text("option", limits::LINE), price, rest].into_iter().flatten(), ", ")
}

fn put(map: &mut Map<String, Value>, field: &str, text: Option<String>) {
    if let Some(text) = text {
        map.insert(field.to_owned(), Value::String(text));
    }
}

/// The translations of a list's object, beside the texts they translate: `name@ar`.
pub(super) fn translate(map: &mut Map<String, Value>, object: &Object<'_, '_>, fields: &[&str]) {
    for (tag, texts) in object.translations() {
        for field in fields {
            put(map, &format!("{field}@{tag}"), texts.text(field, limits::PROSE));
        }
    }
}

fn joined(texts: impl Iterator<Item = String>, between: &str) -> Option<String> {
    let mut all: Vec<String> = Vec::new();
    for text in texts {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    (!all.is_empty()).then(|| all.join(between))
}

//! A stored service as one person reads it: each text in their language as far as it is there.

use super::document;
use super::records::{Freshness, Service, ServiceText};
use super::rows::ServiceRow;
use crate::ids::SpaceId;

/// A service's row as one person reads it.
pub(super) fn service(directory: SpaceId, row: ServiceRow, language: &str, now_ms: i64) -> Service {
    let fields = &row.fields;
    let wanted = document::candidates(language);
    let translated_into = document::languages(fields);
    let own = fields.get("language").cloned().unwrap_or_default();
    let text = |field: &str| -> Option<ServiceText> {
        let is_wanted = |tag: &str| wanted.iter().any(|wanted| wanted == tag);
        let original = fields.get(field).map(|text| (text, own.clone()));
        let translated = |tag: &str| Some((fields.get(&format!("{field}@{tag}"))?, tag.to_owned()));
        let found = wanted
            .iter()
            .find_map(|tag| translated(tag).or_else(|| original.clone().filter(|_| *tag == own)))
            .or_else(|| original.clone())
            .or_else(|| translated_into.iter().find_map(|tag| translated(tag)));
        found.map(|(text, language)| ServiceText { text: text.clone(), fallback: !is_wanted(&language), language })
    };
    let plain = |field: &str| fields.get(field).cloned().unwrap_or_default();
    let split = |field: &str, by: &str| match fields.get(field) {
        Some(text) => text.split(by).map(str::to_owned).collect(),
        None => Vec::new(),
    };
    Service {
        directory: directory.to_string(),
        name: text("name").unwrap_or_default(),
        alternate_name: text("alternate_name"),
        organization: text("organization"),
        description: text("description"),
        alert: text("alert"),
        application_process: text("application_process"),
        eligibility_description: text("eligibility_description"),
        fees_description: text("fees_description"),
        interpretation_services: text("interpretation_services"),
        wait_time: text("wait_time"),
        phones: document::list(fields, "phones", &wanted),
        schedules: document::list(fields, "schedules", &wanted),
        places: document::list(fields, "places", &wanted),
        contacts: document::list(fields, "contacts", &wanted),
        url: plain("url"),
        email: plain("email"),
        languages: split("languages", ", "),
        topics: split("topics", "; "),
        layer: fields.get("layer").and_then(|layer| layer.parse().ok()),
        service_area: plain("service_area"),
        required_documents: split("required_documents", "\n"),
        costs: split("costs", "\n"),
        minimum_age: plain("minimum_age"),
        maximum_age: plain("maximum_age"),
        freshness: Freshness::of(row.assured_date.as_deref(), now_ms, row.limits),
        assured_date: row.assured_date,
        last_modified: plain("last_modified"),
        translated_into,
        status: row.status,
        id: row.id,
    }
}

//! Everything that a directory knows of one service. Names are those of HSDS, the Human Services Data Specification.

use rafiq::directory as core;

use crate::{Freshness, each};

/// A text together with the language it is in, so that a screen can say "only in English".
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ServiceText {
    /// As the source wrote it.
    pub text: String,
    /// Its language (BCP 47); empty if the source does not say.
    pub language: String,
    /// Whether it is not in the language that was asked for.
    pub fallback: bool,
}

/// A telephone number. Field names are HSDS's.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ServicePhone {
    /// As the source wrote it; this is what is shown.
    pub number: String,
    /// What can be given to the dialler: `+` and digits, or digits that are valid within the country only. Empty when
    /// the number has letters in it.
    pub dial: String,
    /// What to ask for or key in afterwards.
    pub extension: String,
    /// `voice`, `fax`, `text`, `cell`, …
    pub kind: String,
    /// Who answers, and when.
    pub description: String,
    /// Languages spoken there, separated by commas.
    pub languages: String,
}

/// When a service is open: parts of an RFC 5545 rule as HSDS writes them. All texts may be empty.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ServiceSchedule {
    /// `WEEKLY`, `MONTHLY`, …
    pub freq: String,
    /// Every how many weeks or months.
    pub interval: String,
    /// Weekdays: `MO,TU`, or `1MO` for the first Monday.
    pub byday: String,
    /// Days of the month.
    pub bymonthday: String,
    /// Days of the year.
    pub byyearday: String,
    /// Weeks of the year.
    pub byweekno: String,
    /// The first day of the week.
    pub wkst: String,
    /// `HH:MM`, local time of the place.
    pub opens_at: String,
    /// `HH:MM`, local time of the place; `24:00` is the end of the day.
    pub closes_at: String,
    /// The first day of the rule, `YYYY-MM-DD`.
    pub dtstart: String,
    /// The last day of the rule.
    pub until: String,
    /// How many times.
    pub count: String,
    /// From when this schedule holds.
    pub valid_from: String,
    /// Until when this schedule holds.
    pub valid_to: String,
    /// Hours from UTC as the source wrote them.
    pub timezone: String,
    /// In words.
    pub description: String,
    /// What else to know.
    pub notes: String,
    /// In person, by phone, online.
    pub attending_type: String,
    /// Where the source keeps it.
    pub schedule_link: String,
}

/// Where a service is given. All texts may be empty.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ServicePlace {
    /// HSDS id of the location.
    pub id: String,
    /// `physical`, `postal` or `virtual`.
    pub kind: String,
    /// The building's name.
    pub name: String,
    /// What it is like.
    pub description: String,
    /// How to get there.
    pub transportation: String,
    /// For people with disabilities.
    pub accessibility: String,
    /// To whose attention.
    pub attention: String,
    /// First address line.
    pub address_1: String,
    /// Second address line.
    pub address_2: String,
    /// Town.
    pub city: String,
    /// Region, district, county.
    pub region: String,
    /// State or province.
    pub state_province: String,
    /// Post code.
    pub postal_code: String,
    /// ISO 3166-1 alpha-2, or what the source wrote.
    pub country: String,
    /// Where it is on the web, for virtual places.
    pub url: String,
    /// Languages spoken there, separated by commas.
    pub languages: String,
    /// Millionths of a degree north; only together with the longitude.
    pub latitude_e6: Option<i64>,
    /// Millionths of a degree east.
    pub longitude_e6: Option<i64>,
}

/// Whom to ask for, as the publisher names them. All texts may be empty.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ServiceContact {
    /// Name.
    pub name: String,
    /// Their role.
    pub title: String,
    /// Where they work in the organization.
    pub department: String,
    /// Email address.
    pub email: String,
}

/// Everything a directory knows of one service, in one person's language as far as it is there. Names are HSDS's.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Service {
    /// The directory it stands in.
    pub directory: String,
    /// HSDS id.
    pub id: String,
    /// What it is called.
    pub name: ServiceText,
    /// Other names.
    pub alternate_name: Option<ServiceText>,
    /// Who is responsible for it.
    pub organization: Option<ServiceText>,
    /// What it offers.
    pub description: Option<ServiceText>,
    /// What to know right now.
    pub alert: Option<ServiceText>,
    /// How to apply.
    pub application_process: Option<ServiceText>,
    /// For whom it is.
    pub eligibility_description: Option<ServiceText>,
    /// What it costs, in words.
    pub fees_description: Option<ServiceText>,
    /// Which interpreting there is.
    pub interpretation_services: Option<ServiceText>,
    /// How long one waits.
    pub wait_time: Option<ServiceText>,
    /// HSDS's `status`: `active`, `inactive`, `defunct` or `temporarily closed`.
    pub status: String,
    /// Telephones, the service's own first.
    pub phones: Vec<ServicePhone>,
    /// Opening hours.
    pub schedules: Vec<ServiceSchedule>,
    /// Places.
    pub places: Vec<ServicePlace>,
    /// People to ask for.
    pub contacts: Vec<ServiceContact>,
    /// Web page.
    pub url: String,
    /// Email address.
    pub email: String,
    /// Languages in which it is given: tags, or names where a source has no tag.
    pub languages: Vec<String>,
    /// Taxonomy terms.
    pub topics: Vec<String>,
    /// Layer 1 to 4 of the IASC guidelines on mental health and psychosocial support (2007), if classified.
    pub layer: Option<i32>,
    /// Where people must live, one area a line.
    pub service_area: String,
    /// What to bring.
    pub required_documents: Vec<String>,
    /// Prices.
    pub costs: Vec<String>,
    /// Youngest age in years, as the source wrote it; may be a fraction.
    pub minimum_age: String,
    /// Oldest age in years.
    pub maximum_age: String,
    /// Whether it can still be trusted.
    pub freshness: Freshness,
    /// When it was last confirmed, `YYYY-MM-DD`.
    pub assured_date: Option<String>,
    /// When the source last changed it.
    pub last_modified: String,
    /// In which languages there are texts beside the service's own.
    pub translated_into: Vec<String>,
}

impl From<core::ServiceText> for ServiceText {
    fn from(text: core::ServiceText) -> Self {
        let core::ServiceText { text, language, fallback } = text;
        Self { text, language, fallback }
    }
}

impl From<core::ServicePhone> for ServicePhone {
    fn from(phone: core::ServicePhone) -> Self {
        let core::ServicePhone { number, dial, extension, kind, description, languages } = phone;
        Self { number, dial, extension, kind, description, languages }
    }
}

impl From<core::ServiceSchedule> for ServiceSchedule {
    fn from(schedule: core::ServiceSchedule) -> Self {
        let core::ServiceSchedule {
            freq,
            interval,
            byday,
            bymonthday,
            byyearday,
            byweekno,
            wkst,
            opens_at,
            closes_at,
            dtstart,
            until,
            count,
            valid_from,
            valid_to,
            timezone,
            description,
            notes,
            attending_type,
            schedule_link,
        } = schedule;
        Self {
            freq,
            interval,
            byday,
            bymonthday,
            byyearday,
            byweekno,
            wkst,
            opens_at,
            closes_at,
            dtstart,
            until,
            count,
            valid_from,
            valid_to,
            timezone,
            description,
            notes,
            attending_type,
            schedule_link,
        }
    }
}

impl From<core::ServicePlace> for ServicePlace {
    fn from(place: core::ServicePlace) -> Self {
        let core::ServicePlace {
            id,
            kind,
            name,
            description,
            transportation,
            accessibility,
            attention,
            address_1,
            address_2,
            city,
            region,
            state_province,
            postal_code,
            country,
            url,
            languages,
            latitude_e6,
            longitude_e6,
        } = place;
        Self {
            id,
            kind,
            name,
            description,
            transportation,
            accessibility,
            attention,
            address_1,
            address_2,
            city,
            region,
            state_province,
            postal_code,
            country,
            url,
            languages,
            latitude_e6,
            longitude_e6,
        }
    }
}

impl From<core::ServiceContact> for ServiceContact {
    fn from(contact: core::ServiceContact) -> Self {
        let core::ServiceContact { name, title, department, email } = contact;
        Self { name, title, department, email }
    }
}

impl From<core::Service> for Service {
    fn from(service: core::Service) -> Self {
        let core::Service {
            directory,
            id,
            name,
            alternate_name,
            organization,
            description,
            alert,
            application_process,
            eligibility_description,
            fees_description,
            interpretation_services,
            wait_time,
            status,
            phones,
            schedules,
            places,
            contacts,
            url,
            email,
            languages,
            topics,
            layer,
            service_area,
            required_documents,
            costs,
            minimum_age,
            maximum_age,
            freshness,
            assured_date,
            last_modified,
            translated_into,
        } = service;
        Self {
            directory,
            id,
            name: name.into(),
            alternate_name: alternate_name.map(ServiceText::from),
            organization: organization.map(ServiceText::from),
            description: description.map(ServiceText::from),
            alert: alert.map(ServiceText::from),
            application_process: application_process.map(ServiceText::from),
            eligibility_description: eligibility_description.map(ServiceText::from),
            fees_description: fees_description.map(ServiceText::from),
            interpretation_services: interpretation_services.map(ServiceText::from),
            wait_time: wait_time.map(ServiceText::from),
            status,
            phones: each(phones),
            schedules: each(schedules),
            places: each(places),
            contacts: each(contacts),
            url,
            email,
            languages,
            topics,
            layer,
            service_area,
            required_documents,
            costs,
            minimum_age,
            maximum_age,
            freshness: freshness.into(),
            assured_date,
            last_modified,
            translated_into,
        }
    }
}

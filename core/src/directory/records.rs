//! What an app sees of a directory.

use serde::Deserialize;

use super::hsds::RowProblem;

/// A directory this profile holds: its own, or one it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryInfo {
    /// The space it lives in, as text.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
///
/// The defaults (90 and 365) are ours, not a standard's. A year is how often information-and-referral services commonly
/// confirm each record, so what is older has missed a round; a quarter is how fast opening hours and waiting lists move
/// in our experience of such listings. The curators of a directory may set others for all its readers:
/// [`super::Directory::set_freshness`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreshnessLimits {
    /// Older than this many days: [`Freshness::Ageing`].
    pub ageing_after_days: i32,
    /// Older than this many days: [`Freshness::Stale`].
    pub stale_after_days: i32,
}

impl Default for FreshnessLimits {
    fn default() -> Self {
        Self { ageing_after_days: 90, stale_after_days: 365 }
    }
}

impl FreshnessLimits {
    /// 0 < ageing ≤ stale.
    pub(super) fn is_sound(self) -> bool {
        (1..=self.stale_after_days).contains(&self.ageing_after_days)
    }

    /// What a directory says; the defaults where it says nothing, or nothing sound.
    pub(super) fn from_numbers(ageing: Option<i64>, stale: Option<i64>) -> Self {
        let days = |number: Option<i64>| number.and_then(|n| i32::try_from(n).ok());
        let told = days(ageing).zip(days(stale));
        let told = told.map(|(ageing_after_days, stale_after_days)| Self { ageing_after_days, stale_after_days });
        told.filter(|limits| limits.is_sound()).unwrap_or_default()
    }
}

impl Freshness {
    /// From HSDS's `assured_date`, never from the day of an import: copying a listing confirms nothing.
    pub fn of(assured_date: Option<&str>, now_ms: i64, limits: FreshnessLimits) -> Self {
        let date = assured_date.and_then(|text| text.parse::<chrono::NaiveDate>().ok());
        let today = chrono::DateTime::from_timestamp_millis(now_ms).map(|now| now.date_naive());
        let Some((date, today)) = date.zip(today) else { return Self::Unknown };
        let days = (today - date).num_days();
        match days {
            // A day of grace: it is tomorrow already where some confirm.
            ..-1 => Self::Unknown,
            _ if days > i64::from(limits.stale_after_days) => Self::Stale,
            _ if days > i64::from(limits.ageing_after_days) => Self::Ageing,
            _ => Self::Fresh,
        }
    }

    /// A stable word: `fresh`, `ageing`, `stale`, `unknown`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Ageing => "ageing",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
        }
    }
}

/// One line of a list of services.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The directory it stands in: its space as text.
    pub directory: String,
    /// The HSDS id of the service; with the directory it names the service for [`super::Directory::service`].
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

/// A text together with the language it is in, so that a screen can say "only in English".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceText {
    /// As the source wrote it.
    pub text: String,
    /// Its language (BCP 47); empty if the source does not say.
    pub language: String,
    /// Whether it is not in the language that was asked for.
    pub fallback: bool,
}

/// A telephone number. Field names are HSDS's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ServicePhone {
    /// As the source wrote it; this is what is shown.
    pub number: String,
    /// What can be given to the dialler: `+` and digits, or digits that are valid within the country only. Empty when
    /// the number has letters in it.
    pub dial: String,
    /// What to ask for or key in afterwards.
    pub extension: String,
    /// `voice`, `fax`, `text`, `cell`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// Who answers, and when.
    pub description: String,
    /// Languages spoken there, separated by commas.
    pub languages: String,
}

/// When a service is open: parts of an RFC 5545 rule as HSDS writes them. All texts may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
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
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct ServicePlace {
    /// HSDS id of the location.
    pub id: String,
    /// `physical`, `postal` or `virtual`.
    #[serde(rename = "type")]
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
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
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
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// The directory it stands in: its space as text.
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

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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

/// What is wrong with a listing, as somebody found out who tried it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// The number is somebody else's, or nobody's.
    WrongNumber,
    /// It does not exist any more.
    Closed,
    /// Something else; the note says what.
    Other,
}

impl ReportKind {
    /// The word on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WrongNumber => "wrong-number",
            Self::Closed => "closed",
            Self::Other => "other",
        }
    }

    /// What a newer app may call something else is [`ReportKind::Other`] to us.
    pub fn from_code(code: &str) -> Self {
        [Self::WrongNumber, Self::Closed].into_iter().find(|kind| kind.code() == code).unwrap_or(Self::Other)
    }
}

/// A report that came to the inbox of a directory of ours. Who wrote it is told to nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceReport {
    /// For [`super::Directory::settle_report`].
    pub id: String,
    /// The directory it is about: its space as text; empty if the note names none.
    pub directory: String,
    /// HSDS id of the service.
    pub service: String,
    /// Its name; empty if there is no such service here.
    pub service_name: String,
    /// What is wrong.
    pub kind: ReportKind,
    /// In the person's words; may be empty.
    pub note: String,
    /// When it was written, by its author's clock, Unix milliseconds.
    pub at_ms: i64,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail
    use super::*;

    #[test]
    fn freshness_comes_from_the_assured_date() {
        let now = chrono::DateTime::parse_from_rfc3339("2026-11-22T12:00:00Z").unwrap().timestamp_millis();
        let of = |date: Option<&str>| Freshness::of(date, now, FreshnessLimits::default());
        assert_eq!(of(Some("2026-11-22")), Freshness::Fresh);
        assert_eq!(of(Some("2026-08-24")), Freshness::Fresh, "90 days");
        assert_eq!(of(Some("2026-08-23")), Freshness::Ageing);
        assert_eq!(of(Some("2025-11-22")), Freshness::Ageing, "365 days");
        assert_eq!(of(Some("2025-11-21")), Freshness::Stale);
        assert_eq!(of(Some("2026-11-23")), Freshness::Fresh, "tomorrow, somewhere");
        assert_eq!(of(Some("2026-11-24")), Freshness::Unknown);
        assert_eq!(of(Some("soon")), Freshness::Unknown);
        assert_eq!(of(None), Freshness::Unknown);
    }
}

//! What an app sees of alerts.

use crate::people::PersonRef;

/// An alert's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlertId {
    /// As text.
    pub value: String,
}

/// Somebody asks for a person, now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedAlert {
    /// Its id.
    pub id: AlertId,
    /// Who asks.
    pub person: PersonRef,
    /// Their name as the space that vouches for them has it; else as the alert says.
    pub name: String,
    /// What is asked: `contact-me-today`. An app shows an alert of a kind that it does not know as one of this kind.
    pub kind: String,
    /// When, by their clock, Unix ms; a time in the future is shown as now.
    pub at_ms: i64,
    /// Whether a shared space vouches for who wrote it; an app shows "unconfirmed" otherwise, and shows it all the same.
    pub confirmed: bool,
    /// The space it concerns (its id as text), if it concerns one that this profile holds.
    pub space: Option<String>,
}

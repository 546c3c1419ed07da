//! Safety: an alert that reaches a person.

use rafiq::safety as core;

use crate::guard::guarded;
use crate::{PersonRef, RafiqError, each, same_id};

/// An alert's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct AlertId {
    /// As text.
    pub value: String,
}

/// Somebody asks for a person, now.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ReceivedAlert {
    /// Its id.
    pub id: AlertId,
    /// Who asks.
    pub person: PersonRef,
    /// Their name as they wrote it.
    pub name: String,
    /// What is asked: `contact-me-today`. An app shows an alert of a kind that it does not know as one of this kind.
    pub kind: String,
    /// When, by their clock, Unix ms; a time in the future is shown as now.
    pub at_ms: i64,
    /// Whether a shared space vouches for who wrote it; an app shows "unconfirmed" otherwise, and shows it all the same.
    pub confirmed: bool,
    /// The space it concerns, if it concerns one that this profile holds.
    pub space: Option<String>,
}

/// The calls about alerts.
#[derive(uniffi::Object)]
pub struct Safety {
    pub(crate) core: core::Safety,
}

#[uniffi::export]
impl Safety {
    /// Alerts to this profile's person that nobody has settled yet, the oldest first.
    pub fn alerts(&self) -> Result<Vec<ReceivedAlert>, RafiqError> {
        guarded("safety.alerts", || Ok(each(self.core.alerts()?)))
    }

    /// Says that a person has dealt with an alert. `NotFound` if there is none, or it is settled already.
    pub fn settle(&self, alert: AlertId) -> Result<(), RafiqError> {
        guarded("safety.settle", || self.core.settle(&alert.into()))
    }
}

same_id!(AlertId, core::AlertId);

impl From<core::ReceivedAlert> for ReceivedAlert {
    fn from(alert: core::ReceivedAlert) -> Self {
        let core::ReceivedAlert { id, person, name, kind, at_ms, confirmed, space } = alert;
        Self { id: id.into(), person: person.into(), name, kind, at_ms, confirmed, space }
    }
}

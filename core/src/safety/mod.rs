//! Safety: an alert that reaches a person. It travels outside documents and before everything else, and is kept until a
//! person has dealt with it. Raising one is part of what it comes with, such as a check-in that says "today".

mod records;

pub use records::{AlertId, ReceivedAlert};

use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use crate::people::{self, PersonRef};
use crate::replica::{ALERT, Note, NoteBody, Replica, Writer};
use std::sync::Arc;

/// The kind of alert that a check-in raises.
pub(crate) const CONTACT_ME_TODAY: &str = "contact-me-today";

/// An alert's name is this short, so that the whole of it fits a kilobyte.
const NAME_BYTES: usize = 64;

/// The calls about alerts.
#[derive(Clone)]
pub struct Safety {
    replica: Arc<Replica>,
}

impl Safety {
    /// Over a replica.
    pub fn new(replica: Arc<Replica>) -> Self {
        Self { replica }
    }

    /// Alerts to this profile's person that nobody has settled yet, the oldest first.
    pub fn alerts(&self) -> Result<Vec<ReceivedAlert>> {
        let now_ms = self.replica.now_ms();
        let notes = self.replica.received_notes(ALERT, false)?;
        let mut alerts: Vec<ReceivedAlert> = notes.into_iter().filter_map(|note| received(note, now_ms)).collect();
        self.replica.read(|rows| {
            for alert in &mut alerts {
                // What a space vouches for is the person, not what an alert calls them.
                let Some(space) = alert.space.as_deref().filter(|_| alert.confirmed) else { continue };
                match people::rows::find(rows, &SpaceId::parse(space)?, &alert.person.value)? {
                    Some((name, _)) => alert.name = name,
                    None => alert.confirmed = false, // until the space has their name
                }
            }
            Ok(())
        })?;
        Ok(alerts)
    }

    /// Says that a person has dealt with an alert. `NotFound` if there is none, or it is settled already.
    pub fn settle(&self, alert: &AlertId) -> Result<()> {
        if !self.alerts()?.iter().any(|open| open.id == *alert) {
            return Err(Error::NotFound);
        }
        self.replica.settle_note(&alert.value)?;
        self.replica.announce("safety");
        Ok(())
    }
}

/// Queues an alert in the same transaction as what it comes with.
pub(crate) fn raise(w: &mut Writer<'_>, space: &SpaceId, responder: PersonId, kind: &str) -> Result<AlertId> {
    let name = people::rows::me(w.rows(), w.me())?.map(|me| me.name).unwrap_or_default();
    let body = NoteBody::Alert {
        responder: responder.0,
        person: w.me().0,
        name: shorten(&name).to_owned(),
        kind: kind.to_owned(),
        confirmed: false, // not the author's to say: the receiving side finds out
    };
    Ok(AlertId { value: w.queue_note(Some(*space), &body)? })
}

fn shorten(name: &str) -> &str {
    let mut end = name.len().min(NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

fn received(note: Note, now_ms: i64) -> Option<ReceivedAlert> {
    let space = note.space.map(|space| space.to_string());
    let NoteBody::Alert { person, name, kind, confirmed, .. } = note.body else { return None };
    Some(ReceivedAlert {
        id: AlertId { value: note.id },
        person: PersonRef::from(PersonId(person)),
        name,
        kind,
        at_ms: note.at_ms.min(now_ms),
        confirmed,
        space,
    })
}

#[cfg(test)]
mod tests;

//! Check-ins: how is it going, what would help, shall someone get in touch. Private unless the person says otherwise, each time.
//!
//! A private check-in is written in the personal space and nowhere else. A shared one is written in the circle of the pairing
//! it is shared with, and everybody in that circle sees it. "Contact me today" also raises an alert to the pairing's responder.

mod document;
mod records;
pub(crate) mod rows;

pub use document::CheckInsNoun;
pub use records::{
    CheckIn, CheckInFilter, CheckInId, ContactWish, ErasureId, Feeling, HelpKind, NewCheckIn, Share, WordsState,
};

use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId, to_text};
use crate::page::{self, Page};
use crate::people::PersonRef;
use crate::replica::{Replica, STEWARD, Value, Writer, role_in};
use crate::{limits, mentoring, people, safety};
use std::sync::Arc;

/// The calls about check-ins.
#[derive(Clone)]
pub struct CheckIns {
    replica: Arc<Replica>,
}

impl CheckIns {
    /// Over a replica that knows [`CheckInsNoun`], [`people::PeopleNoun`] and [`mentoring::MentoringNoun`].
    pub fn new(replica: Arc<Replica>) -> Self {
        Self { replica }
    }

    /// Keeps a check-in; when this returns, it and, for "today", its alert are on the disk.
    /// `Invalid{share, needs-someone}` if contact is wished and there is nobody who would hear of it; `NotFound` for a
    /// pairing that this profile does not hold; `Invalid{note, too-long}` over 2,000 characters.
    pub fn record(&self, new: NewCheckIn) -> Result<CheckIn> {
        let note = limits::note("note", &new.note, limits::NOTE)?;
        let mut helps = new.helps.clone();
        helps.sort_unstable();
        helps.dedup();
        self.replica.write(|w| {
            let me = people::rows::me(w.rows(), w.me())?;
            let (document, responder) = place(w, &new)?;
            let (id, at_ms) = (w.new_id()?, w.now_ms());
            let kinds: Vec<&str> = helps.iter().map(|kind| kind.word()).collect();
            let mut fields: Vec<(&str, Value)> = vec![
                ("person", w.me().to_string().into()),
                ("feeling", (new.feeling as i64).into()),
                ("helps", kinds.join(" ").into()),
                ("contact", new.contact.word().into()),
                ("at", at_ms.into()),
            ];
            if !note.is_empty() {
                fields.push(("words", Value::Bytes(w.put_words(&document.space, &note)?.to_vec())));
            }
            w.create(&document, &document::key(&id), &fields)?;
            if let Some(responder) = responder {
                safety::raise(w, &document.space, responder, safety::CONTACT_ME_TODAY)?;
            }
            Ok(CheckIn {
                id: CheckInId { value: id },
                person: w.me().into(),
                name: me.map(|me| me.name).unwrap_or_default(),
                is_mine: true,
                feeling: new.feeling,
                helps: helps.clone(),
                contact: new.contact,
                words: if note.is_empty() { WordsState::None } else { WordsState::Here },
                erasure: None,
                note: note.clone(),
                share: new.share.clone(),
                at_ms,
            })
        })
    }

    /// Check-ins, the newest first, 1 to 500 a page; `before` is the last page's `next`.
    pub fn list(&self, filter: CheckInFilter, limit: i32, before: Option<String>) -> Result<Page<CheckIn>> {
        let space = filter.space.as_deref().map(SpaceId::parse).transpose()?;
        let person = filter.person.as_ref().map(|p| PersonId::parse(&p.value)).transpose()?.map(PersonRef::from);
        let before = before.as_deref().map(page::place).transpose()?;
        let (me, now_ms) = (self.replica.me()?, self.replica.now_ms());
        let person = person.as_ref().map(|person| person.value.as_str());
        let wanted = rows::Wanted { space, person, before, rows: page::rows_for(limit)? };
        let found = self.replica.read(|rows| rows::list(rows, &wanted, me, now_ms))?;
        let page = page::page(found, limit, |(at, check_in)| (*at, check_in.id.value.clone()));
        Ok(Page { items: page.items.into_iter().map(|(_, check_in)| check_in).collect(), next: page.next })
    }

    /// Takes a check-in of one's own back: it is gone from every phone's screens with the next exchange, and its words are erased as by
    /// [`CheckIns::erase_words`]. Who has read it has read it. `NotAllowed{author}` for somebody else's.
    pub fn retract(&self, id: &CheckInId) -> Result<()> {
        self.replica.write(|w| {
            let found = rows::find(w.rows(), &id.value, &w.me().to_string())?;
            if found.person != w.me().to_string() {
                return Err(Error::NotAllowed { role: "author" });
            }
            if let Some(words) = found.words.filter(|_| found.here) {
                w.erase_words(&found.space, &words, &found.person)?;
            }
            w.delete(&document::in_bucket(found.space, &found.bucket), &document::key(&id.value))
        })
    }

    /// Erases a check-in's words for good, one's own or, as a steward of the space, somebody else's; the check-in stays. Here they are gone
    /// when this returns: from the database and its log. With the next exchanges they go from the other phones and from the relay;
    /// [`crate::sync::Sync::erasures`] says which phones have said so. A phone that is never seen again, or does not do as it should, may
    /// keep a copy.
    ///
    /// Returns by which id the receipt knows them. Errors: `NotFound`; `NotAllowed{author}`; `Invalid{words, none}` if there are none;
    /// `Invalid{words, not-here-yet}`, also where the words that the check-in names are another person's; `Invalid{words, not-erasable}` for what an older app wrote into the document itself.
    pub fn erase_words(&self, id: &CheckInId) -> Result<ErasureId> {
        self.replica.write(|w| {
            let found = rows::find(w.rows(), &id.value, &w.me().to_string())?;
            if found.person != w.me().to_string() && role_in(w.rows(), &found.space)? < STEWARD {
                return Err(Error::NotAllowed { role: "author" });
            }
            let none = if found.in_document { "not-erasable" } else { "none" };
            let words = found.words.ok_or(Error::invalid("words", none))?;
            if !found.here && !crate::replica::words::is_erased(w.rows(), &words)? {
                return Err(Error::invalid("words", "not-here-yet"));
            }
            w.erase_words(&found.space, &words, &found.person)?;
            Ok(ErasureId { value: to_text(&words) })
        })
    }
}

/// Where a check-in goes, and who is alerted.
fn place(w: &Writer<'_>, new: &NewCheckIn) -> Result<(crate::replica::DocumentKey, Option<PersonId>)> {
    // A wish that nobody would hear is not accepted as if somebody would.
    let nobody = Error::invalid("share", "needs-someone");
    match &new.share {
        Share::Private if new.contact != ContactWish::No => Err(nobody),
        Share::Private => Ok((document::private(people::rows::personal(w.rows())?, w.now_ms()), None)),
        Share::Pairing { pairing } => {
            let circle = mentoring::rows::circle(w.rows(), pairing)?;
            let responder = match new.contact {
                ContactWish::No => None,
                _ => Some(mentoring::rows::responder(w.rows(), &circle, w.me())?.ok_or(nobody)?),
            };
            let alerted = responder.filter(|_| new.contact == ContactWish::Today);
            Ok((document::shared(circle, w.now_ms()), alerted))
        }
    }
}

#[cfg(test)]
mod tests;

//! What goes to inboxes: alerts, reports and requests to be let in, from the table of notes; and by [`Sync::seal_note`] whatever else others send
//! there (welcomes, answers, removals).

use super::Sync;
use super::outbox::put;
use super::wire::{
    Alert, InboxAddress, Invite, Item, NoteId, Report, alert::MAX_NAME, operation::INBOX_REPORTS, seal_to_inbox,
};
use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use crate::replica::Note;
use crate::replica::notes::{NoteBody, NoteState, own_notes};
use rafiq_protocol::Urgency;
use rusqlite::{Connection, params};

/// An alert that its responder's device has not acknowledged is sent again after this long, by our own clock.
const REPEAT_ALERT_MS: i64 = 60 * 60 * 1000;

impl Sync {
    /// Seals an item to somebody's inbox on a relay.
    pub(crate) fn seal_note(&self, rows: &Connection, relay: &str, to: &InboxAddress, item: &Item) -> Result<()> {
        let envelope = seal_to_inbox(to, item.urgency(), &item.encode(), &self.replica.random().bytes()?)
            .map_err(|error| Error::bug(format!("seal {}", error.reason())))?;
        put(rows, relay, &to.tag(), Some(&to.token), item.urgency(), &envelope)?;
        Ok(())
    }

    pub(super) fn seal_notes(&self, rows: &Connection, relay: &str) -> Result<()> {
        let now = self.replica.now_ms();
        // What waits here already is not repeated; but no alert waits for another that leaves beside it.
        let before = rows.query_row("SELECT coalesce(max(number), 0) FROM outbox", [], |row| row.get(0))?;
        for (id, note) in own_notes(rows, NoteState::Queued)? {
            self.send_note(rows, relay, id, &note, now, before)?;
        }
        for (id, note) in own_notes(rows, NoteState::Sent)? {
            let sent: i64 = rows.query_row("SELECT sent FROM note WHERE id = ?1", [&id[..]], |row| row.get(0))?;
            // A clock that was set back must not silence an alert either.
            let due = now >= sent.saturating_add(REPEAT_ALERT_MS) || now < sent;
            if matches!(note.body, NoteBody::Alert { .. }) && due {
                self.send_note(rows, relay, id, &note, now, before)?;
            }
        }
        Ok(())
    }

    fn send_note(
        &self,
        rows: &Connection,
        relay: &str,
        id: [u8; 16],
        note: &Note,
        now: i64,
        before: i64,
    ) -> Result<()> {
        let Some(space) = note.space else { return Ok(()) };
        let invite = match &note.body {
            NoteBody::JoinRequest { request, .. } => answered_invite(rows, &space, request)?,
            _ => None,
        };
        let way = match (&invite, &note.body) {
            (Some(invite), _) => invite.relay.clone(),
            (None, NoteBody::JoinRequest { .. }) => return Ok(()),
            (None, _) => crate::replica::space(rows, &space)?.relay,
        };
        if way != relay {
            return Ok(());
        }
        let (item, inboxes) = match &note.body {
            NoteBody::Alert { responder, person, name, kind, .. } => {
                let name = &name[..name.floor_char_boundary(MAX_NAME)];
                let alert = Alert::new(&self.keys(rows)?, NoteId(id), kind, PersonId(*person), name, note.at_ms);
                (alert.map(Item::Alert), self.inboxes_for_alert(rows, &space, &PersonId(*responder))?)
            }
            NoteBody::Report { service, kind, note: words } => {
                let report = Report::new(NoteId(id), space, service, kind, words, note.at_ms);
                let inboxes = self.membership(rows, &space)?.inboxes(INBOX_REPORTS);
                (report.map(Item::Report), inboxes.into_iter().take(1).collect())
            }
            NoteBody::JoinRequest { request, .. } => {
                let Some(invite) = &invite else { return Ok(()) };
                (super::wire::JoinRequest::decode(request).map(Item::JoinRequest), vec![invite.inbox])
            }
        };
        // Checked when it was queued. Should it be unsayable all the same, it stays queued and keeps nothing else from leaving.
        let Ok(item) = item else { return Ok(()) };
        if inboxes.is_empty() {
            return Ok(()); // stays queued until the membership that names the inbox has come
        }
        if note.state == NoteState::Sent && still_here(rows, relay, &inboxes, item.urgency(), before)? {
            return Ok(()); // the relay has not even got the first one
        }
        for inbox in inboxes {
            self.seal_note(rows, relay, &inbox, &item)?;
        }
        rows.execute(
            "UPDATE note SET state = ?2, sent = ?3 WHERE id = ?1",
            params![&id[..], NoteState::Sent as u8, now],
        )?;
        Ok(())
    }

    /// The inboxes of the responder's devices, as the space's membership names them. Somebody may be named who has no device:
    /// then all others of the space hear it, who can read there anyway that somebody asks.
    fn inboxes_for_alert(&self, rows: &Connection, space: &SpaceId, responder: &PersonId) -> Result<Vec<InboxAddress>> {
        let (membership, me) = (self.membership(rows, space)?, self.replica.me()?);
        let named = membership.members().any(|member| member.person == *responder);
        let hears = |person: &PersonId| if named { person == responder } else { *person != me };
        Ok(membership.members().filter(|member| hears(&member.person)).map(|member| member.device.inbox).collect())
    }
}

/// Whether a note as urgent as this one still waits here for the relay, to one of these inboxes, among the rows up to a number.
fn still_here(rows: &Connection, relay: &str, inboxes: &[InboxAddress], urgency: Urgency, before: i64) -> Result<bool> {
    let mut statement = rows.prepare_cached(
        "SELECT 1 FROM outbox WHERE relay = ?1 AND urgency = ?2 AND tag = ?3 AND token IS NOT NULL AND number <= ?4",
    )?;
    for inbox in inboxes {
        if statement.exists(params![relay, urgency as u8, &inbox.tag()[..], before])? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The invite that a request of ours answers, while it has not been honoured. There may be several to one space: the first was over
/// before the inviter had a line, and somebody else gave the second.
fn answered_invite(rows: &Connection, space: &SpaceId, request: &[u8]) -> Result<Option<Invite>> {
    let request = super::wire::JoinRequest::decode(request).map_err(|_| Error::Corrupt)?;
    let mut statement =
        rows.prepare_cached("SELECT secret, text FROM invite WHERE own = 0 AND used = 0 AND space = ?1")?;
    let mut found = statement.query([&space.0[..]])?;
    while let Some(row) = found.next()? {
        if request.answers(space, &row.get(0)?) {
            return Invite::parse(&row.get::<_, String>(1)?).map(Some).map_err(|_| Error::Corrupt);
        }
    }
    Ok(None)
}

//! What comes sealed to this device or to an inbox that it published: alerts and their receipts, requests to be let in, reports. A welcome
//! goes to [`super::joining`].

use super::Sync;
use super::incoming::{Taken, refused};
use super::spaces::home_relay;
use super::wire::{Alert, AlertReceived, Invite, Item, JoinRequest, Report};
use crate::error::{Error, Result};
use crate::ids::{SpaceId, hash};
use crate::replica::notes::{self, NoteBody, NoteState};
use rusqlite::Connection;

impl Sync {
    pub(super) fn take_alert(&self, alert: &Alert, relay: &str) -> Result<Taken> {
        let me = self.replica.me()?;
        let new = self.replica.store().write(|rows| {
            let answer = AlertReceived::new(&self.keys(rows)?, alert, self.replica.now_ms());
            let answer = answer.map_err(|_| Error::bug("alert answer"))?;
            let vouched = self.vouching_space(rows, alert)?;
            let body = NoteBody::Alert {
                responder: me.0,
                person: alert.person.0,
                name: alert.name.clone(),
                kind: alert.kind.clone(),
                confirmed: vouched.is_some(),
            };
            let new = notes::keep(rows, &alert.id.0, vouched.as_ref(), false, NoteState::New, alert.at, &body)?;
            // What came in a bundle is answered over the relay of the space that vouches, and by the next bundle.
            let way = match (relay, &vouched) {
                ("", Some(space)) => crate::replica::space(rows, space)?.relay,
                ("", None) => home_relay(rows)?,
                (relay, _) => relay.to_owned(),
            };
            // Answered in the same transaction: "received" means on this disk.
            self.seal_note(rows, &way, &alert.reply, &Item::AlertReceived(answer))?;
            Ok(new)
        })?;
        self.replica.announce("safety");
        Ok(Taken::Done(if new { "alert" } else { "known" }, Vec::new()))
    }

    /// A space of ours in which the alert's device belongs to the person it names. Who a device belongs to is that device's own word
    /// wherever it founds a space, so the space in which we have known the person longest must say so too.
    fn vouching_space(&self, rows: &Connection, alert: &Alert) -> Result<Option<SpaceId>> {
        let mut statement = rows.prepare_cached("SELECT id, added FROM space ORDER BY kind, added, id")?;
        let found = statement.query_map([], |row| Ok((SpaceId(row.get(0)?), row.get::<_, i64>(1)?)))?;
        let (mut oldest, mut vouching) = (None, None);
        for row in found {
            let (space, added) = row?;
            let membership = self.membership(rows, &space)?;
            let theirs = membership.member(alert.device).is_some_and(|member| member.person == alert.person);
            let known = theirs || membership.members().any(|member| member.person == alert.person);
            if known && oldest.is_none_or(|(since, _)| added < since) {
                oldest = Some((added, theirs));
            }
            if theirs && vouching.is_none() {
                vouching = Some(space);
            }
        }
        Ok(vouching.filter(|_| oldest.is_some_and(|(_, theirs)| theirs)))
    }

    pub(super) fn take_alert_received(&self, answer: &AlertReceived) -> Result<Taken> {
        let known = self.replica.store().write(|rows| {
            let mine = notes::own_notes(rows, NoteState::Sent)?.into_iter().find(|(id, _)| *id == answer.id.0);
            let Some((id, note)) = mine else { return Ok(false) };
            let (NoteBody::Alert { responder, .. }, Some(space)) = (&note.body, note.space) else { return Ok(false) };
            // Only the responder's own device can say that the responder has it; of one who has none, any other's to whom it went.
            let membership = self.membership(rows, &space)?;
            let named = membership.members().any(|member| member.person.0 == *responder);
            let hears = membership.member(answer.device).is_some_and(|member| {
                if named { member.person.0 == *responder } else { member.device.device != self.keys.device() }
            });
            if !hears {
                return Ok(false);
            }
            notes::set_state(rows, &id, NoteState::Settled)?;
            Ok(true)
        })?;
        self.replica.announce("safety");
        Ok(Taken::Done(if known { "alert-received" } else { "known" }, Vec::new()))
    }

    pub(super) fn take_join_request(&self, request: &JoinRequest) -> Result<Taken> {
        let id: [u8; 16] = super::wire::ids::first(hash("rafiq 2026 join request v1", &[request.bytes()]));
        let now = self.replica.now_ms();
        let taken = self.replica.store().write(|rows| {
            if own_invite(rows, request)?.is_none() {
                return Ok(None);
            }
            let body = NoteBody::JoinRequest {
                person: request.person.0,
                name: request.name.clone(),
                language: request.language.clone(),
                request: request.encode(),
            };
            notes::keep(rows, &id, Some(&request.space), false, NoteState::New, now, &body).map(Some)
        })?;
        self.replica.announce("sharing");
        Ok(match taken {
            Some(true) => Taken::Done("join-request", Vec::new()),
            Some(false) => Taken::Done("known", Vec::new()),
            None => refused(2, "no-invite"),
        })
    }

    pub(super) fn take_report(&self, report: &Report) -> Result<Taken> {
        let body =
            NoteBody::Report { service: report.service.clone(), kind: report.kind.clone(), note: report.note.clone() };
        let new = self.replica.store().write(|rows| {
            notes::keep(rows, &report.id.0, Some(&report.space), false, NoteState::New, report.at, &body)
        })?;
        self.replica.announce("directory");
        Ok(Taken::Done(if new { "report" } else { "known" }, Vec::new()))
    }
}

/// The invite of ours that a request answers, used or not.
pub(crate) fn own_invite(rows: &Connection, request: &JoinRequest) -> Result<Option<([u8; 16], Invite, bool)>> {
    let mut statement = rows.prepare_cached("SELECT secret, text, used FROM invite WHERE own = 1 AND space = ?1")?;
    let mut found = statement.query([&request.space.0[..]])?;
    while let Some(row) = found.next()? {
        let secret: [u8; 16] = row.get(0)?;
        if request.answers(&request.space, &secret) {
            let invite = Invite::parse(&row.get::<_, String>(1)?).map_err(|_| Error::Corrupt)?;
            return Ok(Some((secret, invite, row.get(2)?)));
        }
    }
    Ok(None)
}

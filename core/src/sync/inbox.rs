//! What comes sealed to this device or to an inbox that it published: alerts and their receipts, requests to be let in, welcomes, reports.

use super::Sync;
use super::answer::Received;
use super::epochs::keep_epoch;
use super::incoming::{FORMER, Taken, refused};
use super::spaces::{add_space, home_relay, keep_operation};
use super::wire::{Alert, AlertReceived, Invite, Item, JoinRequest, Membership, Report, Welcome};
use crate::error::{Error, Result};
use crate::ids::{SpaceId, hash};
use crate::replica::notes::{self, NoteBody, NoteState};
use rusqlite::{Connection, OptionalExtension};

/// What a welcome led to; a space that was joined with its key's id.
enum Outcome {
    Joined(Vec<u8>),
    Known,
    NotForUs,
}

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

    pub(super) fn take_welcome(&self, welcome: &Welcome, received: &mut Received) -> Result<Taken> {
        let now = self.replica.now_ms();
        let outcome = self.replica.store().write(|rows| {
            // It brings a key to write under and a relay: for a space that we are in, another welcome may not change them. Whoever was out of
            // it may be let in again, if that was done by somebody who knew that they were out: no earlier welcome does it.
            let held: Option<u8> = rows
                .query_row("SELECT role FROM space WHERE id = ?1", [&welcome.space.0[..]], |row| row.get(0))
                .optional()?;
            if let Some(role) = held
                && (role != FORMER || !self.lets_in_again(rows, welcome)?)
            {
                return Ok(Outcome::Known);
            }
            let texts: Vec<(Vec<u8>, String)> = {
                let mut statement = rows.prepare("SELECT secret, text FROM invite WHERE own = 0 AND space = ?1")?;
                let found = statement.query_map([&welcome.space.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))?;
                found.collect::<Result<_, _>>()?
            };
            for (secret, text) in texts {
                let invite = Invite::parse(&text).map_err(|_| Error::Corrupt)?;
                let Ok(membership) = welcome.accept(&invite, &self.keys) else { continue };
                let Some(member) = membership.member(self.keys.device()) else { continue };
                // What the person was shown is what they join: never, say, a second personal space.
                let kind = invite.kind;
                if membership.kind() != Some(kind) {
                    continue;
                }
                let relay = if welcome.relay.is_empty() { &invite.relay } else { &welcome.relay };
                add_space(rows, &welcome.space, kind, member.role, &invite.title, relay, now)?;
                let epoch = welcome.epoch_key();
                keep_epoch(rows, &welcome.space, &epoch, &membership.heads())?;
                for operation in &welcome.operations {
                    keep_operation(rows, operation, false)?;
                }
                if held.is_some() {
                    // What was sealed for the others meanwhile was passed over, and cuts did not count here.
                    super::offering::read_anew(rows, &welcome.space)?;
                    // Nor has the relay all that we had said before.
                    super::offering::offer_entries(rows, &welcome.space)?;
                    self.settle_cuts(rows, &welcome.space)?;
                } else if let Some(covers) = &welcome.start {
                    super::pack::begin_at(rows, &welcome.space, covers)?;
                }
                rows.execute("UPDATE invite SET used = 1 WHERE own = 0 AND secret = ?1", [&secret])?;
                rows.execute(
                    "UPDATE note SET state = 3 WHERE own = 1 AND kind = 3 AND space = ?1",
                    [&welcome.space.0[..]],
                )?;
                return Ok(Outcome::Joined(epoch.key_id().to_vec()));
            }
            Ok(Outcome::NotForUs)
        })?;
        Ok(match outcome {
            Outcome::Joined(key_id) => {
                received.joined.push(welcome.space);
                // The space itself is read with the next exchange.
                received.again = true;
                self.replica.announce("sharing");
                Taken::Done("welcome", vec![key_id])
            }
            Outcome::Known => Taken::Done("known", Vec::new()),
            Outcome::NotForUs => refused(2, "not-for-us"),
        })
    }

    /// Whether we belong by what the welcome brings beside what we know.
    fn lets_in_again(&self, rows: &Connection, welcome: &Welcome) -> Result<bool> {
        let known = self.membership(rows, &welcome.space)?;
        let all = known.operations().iter().chain(&welcome.operations).cloned();
        Ok(Membership::replay(welcome.space, all).member(self.keys.device()).is_some())
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

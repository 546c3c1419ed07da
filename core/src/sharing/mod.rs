//! Sharing: inviting a person into a space, answering an invite, letting somebody in.
//!
//! An invite is a QR code or a link with a secret for one use. To join, the newcomer's device answers to the inviter's inbox; the
//! inviter sees who it is and lets them in, and a welcome brings the keys. To read a directory, the invite itself is enough.

mod records;

pub use records::{
    Accepted, HeldWork, InvitePreview, InviteText, JoinRequest, JoinRequestId, Reach, SharedSpace, SpaceRole,
};

use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId, to_text};
use crate::people::{self, PersonRef};
use crate::replica::{JOIN_REQUEST, Note, NoteBody, NoteState, Replica, SpaceKind, notes, steward_of};
use crate::store::{meta, set_meta};
use crate::sync::wire::invite::{IN_PERSON_SECONDS, MAX_TITLE, REMOTE_SECONDS};
use crate::sync::wire::{self, Action, Add, Invite, InviteDraft, Purpose, Role};
use crate::sync::{Sync, own_invite};
use rusqlite::{Connection, params};
use std::sync::Arc;

/// Invites that are out at once in one space; more are a mistake or an attack on a lent phone.
const MAX_OPEN_INVITES: i64 = 200;

/// Whoever was struck out of a roster enters it again after a day, in milliseconds.
const ENTERED_MS: i64 = 24 * 3_600_000;

/// The calls about invites and spaces.
#[derive(Clone)]
pub struct Sharing {
    sync: Arc<Sync>,
}

impl Sharing {
    /// Over the sync engine.
    pub fn new(sync: Arc<Sync>) -> Self {
        Self { sync }
    }

    fn replica(&self) -> &Arc<Replica> {
        self.sync.replica()
    }

    /// The spaces this profile shares with others, oldest first.
    pub fn spaces(&self) -> Result<Vec<SharedSpace>> {
        let spaces = self.replica().spaces(None)?;
        Ok(spaces.into_iter().filter(|row| row.kind != SpaceKind::Personal).map(SharedSpace::from).collect())
    }

    /// An invite into a space, to be shown as a QR code or sent as a link. It serves one person, once, for 10 minutes in person or
    /// 72 hours from afar (by this device's clock). Both people of a pairing are stewards; elsewhere a newcomer is a writer.
    /// An invite to a directory lets anyone who sees it read, for as long as the directory keeps its read key.
    ///
    /// Errors: `NotFound`, `NotAllowed{role}` unless this profile is a steward there, `Invalid{invites, too-many}`.
    pub fn invite(&self, space: &str, reach: Reach) -> Result<InviteText> {
        let id = SpaceId::parse(space)?;
        let secret = self.replica().random().bytes::<16>()?;
        let seconds = if reach == Reach::InPerson { IN_PERSON_SECONDS } else { REMOTE_SECONDS };
        let expires = self.replica().now_ms().div_euclid(1000).saturating_add(seconds);
        self.replica().store().write(|rows| {
            let row = steward_of(rows, &id)?;
            let draft = InviteDraft {
                space: id,
                kind: row.kind,
                title: cut(&row.title, MAX_TITLE),
                secret,
                inviter: self.sync.device(),
                inbox: self.sync.inbox(),
                relay: &row.relay,
                expires,
            };
            let invite = match row.kind {
                SpaceKind::Personal => return Err(Error::invalid("space", "personal")),
                SpaceKind::Directory => Invite::to_read(draft, &crate::sync::newest_epoch(rows, &id)?),
                SpaceKind::Circle => Invite::to_join(draft, Role::Steward),
                SpaceKind::Group | SpaceKind::Programme => Invite::to_join(draft, Role::Writer),
            };
            let invite = invite.map_err(|error| error.in_field("title"))?;
            if invite.purpose == Purpose::Join {
                keep_invite(rows, &invite, true)?;
            }
            Ok(InviteText { text: invite.to_text(), expires_at_ms: expires.saturating_mul(1000) })
        })
    }

    /// What an invite is for, before anybody answers it. Changes nothing, asks no network.
    ///
    /// Errors: `Invalid{field: "invite"}` with `not-an-invite`, `checksum` (damaged or mistyped), `malformed`, `too-large`;
    /// `NewerVersion`.
    pub fn preview(&self, text: &str) -> Result<InvitePreview> {
        let invite = read(text)?;
        let now = self.replica().now_ms();
        Ok(InvitePreview {
            title: invite.title.clone(),
            kind: invite.kind,
            role: invite.role.into(),
            relay: invite.relay.clone(),
            expired: invite.check_expiry(now).is_err(),
            needs_confirmation: invite.purpose == Purpose::Join,
        })
    }

    /// Answers an invite. To read a directory this is all; to join, the answer leaves with the next exchange, and the space is here
    /// once the inviter has let us in. The inviter learns the name and language of the profile.
    ///
    /// Errors: as [`Sharing::preview`]; `Invalid{invite, expired}`; `Invalid{invite, other-key}` for a directory that this profile reads
    /// with another key; `Invalid{name, missing}` before the profile has a name;
    /// `Invalid{invite, own}` for one's own.
    pub fn accept(&self, text: &str) -> Result<Accepted> {
        let invite = read(text)?;
        invite.check_expiry(self.replica().now_ms()).map_err(|error| error.in_field("invite"))?;
        if invite.inviter == self.sync.device() {
            return Err(Error::invalid("invite", "own"));
        }
        // Whoever was taken out, or has left, may be let in again.
        let held = self.replica().role_in(&invite.space).is_ok_and(|role| role > 0);
        let needs_confirmation = invite.purpose == Purpose::Join && !held;
        if invite.purpose == Purpose::Read {
            self.replica().store().write(|rows| self.sync.add_directory(rows, &invite))?;
            self.replica().announce("sharing");
        } else if !held {
            self.ask_to_join(&invite)?;
        }
        Ok(Accepted { space: invite.space.to_string(), needs_confirmation })
    }

    fn ask_to_join(&self, invite: &Invite) -> Result<()> {
        let person = self.replica().me()?;
        self.replica().write(|w| {
            let me = people::rows::me(w.rows(), person)?.ok_or(Error::invalid("name", "missing"))?;
            let name = cut(&me.name, wire::alert::MAX_NAME);
            let request = wire::JoinRequest::new(&self.sync.keys(w.rows())?, invite, person, name, &me.language)
                .map_err(|error| error.in_field("name"))?;
            if !keep_invite(w.rows(), invite, false)? {
                return Ok(()); // answered already: the first answer stands
            }
            let body = NoteBody::JoinRequest {
                person: person.0,
                name: me.name,
                language: me.language,
                request: request.encode(),
            };
            w.queue_note(Some(invite.space), &body).map(|_| ())
        })
    }

    /// Who has answered an invite of ours and waits to be let in, oldest first.
    pub fn requests(&self) -> Result<Vec<JoinRequest>> {
        let notes = self.replica().received_notes(JOIN_REQUEST, false)?;
        Ok(notes.into_iter().filter_map(JoinRequest::from_note).collect())
    }

    /// Lets somebody in: after a look at the person in front of us, or a call. The welcome leaves with the next exchange.
    ///
    /// Errors: `NotFound`, `Invalid{invite, used}`, `Invalid{invite, expired}` (by this device's clock), `NotAllowed{role}`;
    /// `Invalid{person, taken}` if the device says that it belongs to somebody who is here already with another one, and so would
    /// hear the alerts that are for them; `Invalid{space, outgrown}` if so many have come and gone that nobody can be let in any more.
    pub fn admit(&self, request: &JoinRequestId) -> Result<()> {
        let note = self.note(request)?;
        let (NoteBody::JoinRequest { request, .. }, Some(id)) = (&note.body, note.space) else {
            return Err(Error::NotFound);
        };
        let request = wire::JoinRequest::decode(request).map_err(|_| Error::Corrupt)?;
        let now = self.replica().now_ms();
        self.replica().store().write(|rows| {
            let row = steward_of(rows, &id)?;
            let (secret, invite, used) = own_invite(rows, &request)?.ok_or(Error::NotFound)?;
            if used {
                return Err(Error::invalid("invite", "used"));
            }
            invite.check_expiry(now).map_err(|error| error.in_field("invite"))?;
            let add = Action::Add(Add { person: request.person, device: request.device.clone(), role: invite.role });
            self.sync.join_heads(rows, &id)?;
            let before = self.sync.membership(rows, &id)?;
            let taken = |member: &wire::Member| {
                member.person == request.person && member.device.device != request.device.device
            };
            if before.members().any(taken) {
                return Err(Error::invalid("person", "taken"));
            }
            self.sync.sign_and_keep(rows, &id, before.heads(), add)?;
            let membership = self.sync.membership(rows, &id)?;
            self.sync.seal_welcome(rows, &row, &request.device, &membership)?;
            rows.execute("UPDATE invite SET used = 1 WHERE own = 1 AND secret = ?1", [&secret[..]])?;
            settle(rows, &note)
        })?;
        self.replica().announce("sharing");
        Ok(())
    }

    /// Does not let somebody in. They are not told; the invite stays good for the one it was meant for.
    pub fn decline(&self, request: &JoinRequestId) -> Result<()> {
        let note = self.note(request)?;
        self.replica().store().write(|rows| settle(rows, &note))?;
        self.replica().announce("sharing");
        Ok(())
    }

    /// Takes a person out of a space, with all their devices. From the next exchange on what is written there is sealed under a key
    /// that they do not get; what they have read stays theirs, and what they had written stays in the space. They are told.
    ///
    /// Errors: `NotFound` if the person is not there, `NotAllowed{role}` unless this profile is a steward there or the person itself,
    /// `Invalid{space, personal}`.
    pub fn remove(&self, space: &str, person: &PersonRef) -> Result<()> {
        let (id, person) = (SpaceId::parse(space)?, PersonId::parse(&person.value)?);
        let me = self.replica().me()?;
        if person == me {
            // What they have written so far leaves as theirs: once they are out, nobody would take it.
            self.sync.seal_before_leaving(&self.replica().read(|rows| crate::replica::space(rows, &id))?)?;
        }
        self.replica().store().write(|rows| {
            let row = if person == me { crate::replica::space(rows, &id)? } else { steward_of(rows, &id)? };
            if row.kind == SpaceKind::Personal {
                return Err(Error::invalid("space", "personal"));
            }
            self.sync.remove(rows, &row, &person)
        })?;
        self.replica().announce("sharing");
        Ok(())
    }

    /// Leaves a space: everybody may, at any time. What was read stays here and what was written before goes to the others; nothing new comes,
    /// and the others are told.
    ///
    /// Errors: `NotFound`, `Invalid{space, personal}`.
    pub fn leave(&self, space: &str) -> Result<()> {
        let me = self.replica().me()?;
        self.remove(space, &me.into())
    }

    /// Whose work waits in a space because they had been taken out when it came, or when it became known that they were: by person. Everybody
    /// in the space may see that; nobody sees what it says until it counts. Work that another person has built on counts by itself.
    ///
    /// Errors: `NotFound` for a space that this profile does not hold.
    pub fn held_work(&self, space: &str) -> Result<Vec<HeldWork>> {
        let id = SpaceId::parse(space)?;
        self.replica().read(|rows| {
            crate::replica::space(rows, &id)?;
            let work = self.sync.held_work(rows, &id)?;
            Ok(work.into_iter().map(|(person, held)| HeldWork::new(person, &held)).collect())
        })
    }

    /// Keeps what waits of somebody who had been taken out and did not know it yet: all that [`Sharing::held_work`] counts. It is part of the
    /// space from now on, here at once and for the others with the next exchange; they themselves stay out, and what they write from now on waits
    /// again. It cannot be taken back.
    ///
    /// Errors: `NotFound` if nothing of theirs waits, `NotAllowed{role}` unless this profile is a steward there.
    pub fn keep(&self, space: &str, person: &PersonRef) -> Result<()> {
        let (id, person) = (SpaceId::parse(space)?, PersonId::parse(&person.value)?);
        self.replica().read(|rows| steward_of(rows, &id))?;
        self.sync.keep_work(&id, &person)?;
        ["sharing", "sync"].iter().for_each(|noun| self.replica().announce(noun));
        Ok(())
    }

    /// After an exchange or a bundle: whoever was welcomed into a space, perhaps once more, is in its roster at once.
    pub(crate) fn settle_into(&self, joined: &[SpaceId]) -> Result<()> {
        if !joined.is_empty() {
            let forget = |space: &SpaceId, rows: &Connection| set_meta(rows, &entered_at(space), &[]);
            self.replica().store().write(|rows| joined.iter().try_for_each(|space| forget(space, rows)))?;
        }
        self.settle_in()
    }

    /// Enters this profile's person into the roster of every space that it may write to and that does not have them, but directories: after a welcome,
    /// and where another member has struck them out. It does so at most once a day in one space: whoever strikes others out again and again must not
    /// make everybody send and read without end. Nothing happens before the person has a name. This goes with every exchange and bundle, and with each
    /// start in case the last one ended in between.
    pub fn settle_in(&self) -> Result<()> {
        let person = self.replica().me()?;
        let named = self.replica().read(|rows| people::rows::me(rows, person))?.is_some();
        if !named {
            return Ok(());
        }
        let now = self.replica().now_ms();
        let due = self.replica().read(|rows| {
            let mut due = Vec::new();
            for space in people::rows::not_entered(rows, person)? {
                if !entered_today(rows, &space, now)? {
                    due.push(space);
                }
            }
            Ok(due)
        })?;
        for space in due {
            let entered = self.replica().write(|w| {
                set_meta(w.rows(), &entered_at(&space), &now.to_be_bytes())?;
                people::join_roster(w, &space)
            });
            // What is wrong in one space keeps no other from its exchange, and no profile from opening.
            self.sync.isolated(&space, entered)?;
        }
        Ok(())
    }

    fn note(&self, request: &JoinRequestId) -> Result<Note> {
        let notes = self.replica().received_notes(JOIN_REQUEST, false)?;
        notes.into_iter().find(|note| note.id == request.value).ok_or(Error::NotFound)
    }
}

fn entered_today(rows: &Connection, space: &SpaceId, now_ms: i64) -> Result<bool> {
    let last = meta(rows, &entered_at(space))?.and_then(|at| at.try_into().ok()).map(i64::from_be_bytes);
    // A clock that was set back keeps nobody out.
    Ok(last.is_some_and(|last| (last..last.saturating_add(ENTERED_MS)).contains(&now_ms)))
}

fn entered_at(space: &SpaceId) -> String {
    format!("entered {space}")
}

fn read(text: &str) -> Result<Invite> {
    Invite::parse(text).map_err(|error| error.in_field("invite"))
}

/// Keeps an invite of ours or one we answered. `false` if one to the same space was answered already.
fn keep_invite(rows: &Connection, invite: &Invite, own: bool) -> Result<bool> {
    let count: i64 = rows.query_row(
        "SELECT count(*) FROM invite WHERE own = ?1 AND space = ?2 AND used = 0",
        params![own, &invite.space.0[..]],
        |row| row.get(0),
    )?;
    if own && count >= MAX_OPEN_INVITES {
        return Err(Error::invalid("invites", "too-many"));
    }
    let kept = rows.execute(
        "INSERT INTO invite (secret, own, space, relay, text, expires, used) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
         ON CONFLICT DO NOTHING",
        params![&invite.secret[..], own, &invite.space.0[..], invite.relay, invite.to_text(), invite.expires],
    )?;
    Ok(kept > 0)
}

fn settle(rows: &Connection, note: &Note) -> Result<()> {
    let id: [u8; 16] = crate::ids::from_text(&note.id).and_then(|id| id.try_into().ok()).ok_or(Error::Corrupt)?;
    debug_assert_eq!(to_text(&id), note.id);
    notes::set_state(rows, &id, NoteState::Settled)
}

/// The longest beginning of a text that fits, cut between characters.
fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

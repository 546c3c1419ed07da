//! The recovery kit of the personal space. To sync it is a device that nobody carries: a steward of the space like the person's phone, to which
//! every key of the space is sealed, and whose own keys are in twelve words on paper (see `core/docs/decisions/0023`).
//!
//! The personal space leaves the phone from the making of a kit on, and not before: without one nobody else could read it. What the words need
//! to find the space is a welcome in the kit's inbox, which this device opens on the relay and then cannot read.
//!
//! | room | what |
//! |---|---|
//! | this | making a kit, and what stands in for it at a relay |
//! | `asking` | what a new phone asks a relay with the words |
//! | `taking` | it takes the space for its own, reads it, and takes out the phone that was lost |

mod asking;
mod taking;

pub use asking::Asked;
pub(super) use asking::Asking;
pub(super) use taking::relay_key;

use super::Sync;
use super::exchange::Part;
use super::incoming::From;
use super::pack::newest_pack;
use super::spaces::{forget_founder, home_relay};
use super::wire::{
    Action, Add, DeviceId, DeviceKeys, DeviceRecord, InboxAddress, Item, Role, Welcome, WireError, space_tag,
};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::replica::{FORMER, SpaceKind, SpaceRow};
use ed25519_dalek::SigningKey;
use rafiq_protocol::{Cursor, Nonce, Open, Section, SectionBody, SpaceKind as RelayKind, Tag, sign_section};
use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

/// What is known of a kit on the device that made it, or was found by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kit {
    /// When it was made, Unix milliseconds by our clock; on a phone that was found by it, when that was.
    pub made_ms: i64,
    /// The relay that a new phone has to ask. It belongs onto the paper beside the words.
    pub relay: String,
    /// Whether all that it needs is on the relay: before that the words find nothing, or not everything.
    pub ready: bool,
}

/// As the store has it.
struct Row {
    device: DeviceId,
    inbox: InboxAddress,
    opening: Zeroizing<[u8; 32]>,
    list_key: [u8; 32],
    made: i64,
}

impl Sync {
    /// Makes these keys the kit of the personal space, the only one: an earlier one is taken out, and the next key of the space is made without
    /// it. From now on the space goes to its relay.
    pub(crate) fn make_kit(&self, kit: &DeviceKeys) -> Result<()> {
        let me = self.replica.me()?;
        self.replica.store().write(|rows| {
            let space = self.share_personal(rows)?;
            if relay_key(rows, &space.id)?.is_some() {
                return Err(Error::invalid("kit", "recovering"));
            }
            let membership = self.membership(rows, &space.id)?;
            if membership.member(self.device()).is_none_or(|own| own.role != Role::Steward) {
                return Err(Error::NotAllowed { role: "reader" });
            }
            let device = DeviceRecord::of(kit, &space.id);
            let add = Action::Add(Add { person: me, device, role: Role::Steward });
            self.sign_and_keep(rows, &space.id, membership.heads(), add)?;
            if let Some(before) = row(rows, &space.id)? {
                self.sign_removal(rows, &space, vec![before.device])?;
                self.sealing_epoch(rows, &space)?; // makes the key that it does not get
                forget_notes(rows, &before.inbox.tag())?;
                rows.execute("DELETE FROM kit WHERE device = ?1", [&before.device.0[..]])?;
            }
            keep(rows, &space.id, kit, self.replica.now_ms())?;
            // Whoever holds it may let themselves in for ever. It was good for nothing else, and must not be on a phone that is lost.
            forget_founder(rows, &space.id)?;
            self.welcome_kit(rows, &space)
        })?;
        ["recovery", "sync"].iter().for_each(|noun| self.replica.announce(noun));
        Ok(())
    }

    /// The kit of this profile, if one was made.
    pub(crate) fn kit(&self) -> Result<Option<Kit>> {
        self.replica.read(|rows| {
            let space = personal(rows)?;
            let Some(kit) = row(rows, &space.id)? else { return Ok(None) };
            let on_its_way: bool = rows.query_row(
                "SELECT EXISTS (SELECT 1 FROM outbox WHERE relay = ?1 AND tag IN (?2, ?3))
                 OR EXISTS (SELECT 1 FROM change WHERE space = ?4 AND entry IS NULL)
                 OR EXISTS (SELECT 1 FROM operation WHERE space = ?4 AND unsent = 1)
                 OR EXISTS (SELECT 1 FROM epoch WHERE space = ?4 AND unsent = 1)
                 OR EXISTS (SELECT 1 FROM blob WHERE space = ?4 AND unsent = 1)
                 OR EXISTS (SELECT 1 FROM offer WHERE space = ?4)",
                params![space.relay, &kit.inbox.tag()[..], &space_tag(&space.id)[..], &space.id.0[..]],
                |row| row.get(0),
            )?;
            let ready = is_open(rows, &space.relay, &kit.inbox.tag())? && !on_its_way;
            Ok(Some(Kit { made_ms: kit.made, relay: space.relay, ready }))
        })
    }

    /// The personal space, on a relay from now on.
    fn share_personal(&self, rows: &Connection) -> Result<SpaceRow> {
        let space = personal(rows)?;
        if !space.relay.is_empty() {
            return Ok(space);
        }
        let relay = home_relay(rows)?;
        if relay.is_empty() {
            return Err(Error::invalid("relay", "missing"));
        }
        rows.execute("UPDATE space SET relay = ?2 WHERE id = ?1", params![&space.id.0[..], relay])?;
        // While it was one's own alone nothing there was written again when the device took another name. Others admit it under one only.
        if rows.prepare("SELECT 1 FROM renewal")?.exists([])? {
            self.replica.reissue_space(rows, &space.id, self.keys(rows)?.author())?;
        }
        Ok(SpaceRow { relay, ..space })
    }

    /// Tells the kit which space it is for, and the key that members hold now.
    pub(super) fn welcome_kit(&self, rows: &Connection, space: &SpaceRow) -> Result<()> {
        let Some(kit) = row(rows, &space.id)? else { return Ok(()) };
        let membership = self.membership(rows, &space.id)?;
        let epoch = self.sealing_epoch(rows, space)?;
        let start = newest_pack(rows, &space.id)?;
        let welcome = Welcome::new(&self.keys(rows)?, kit.device, &membership, &epoch, (&space.relay, start));
        let welcome = welcome.map_err(|error| match error {
            WireError::TooLarge => Error::invalid("kit", "too-many"),
            error => Error::bug(format!("welcome {}", error.reason())),
        })?;
        self.seal_note(rows, &space.relay, &kit.inbox, &Item::Welcome(welcome))
    }

    /// Opens the kit's inbox on its relay, where that has not been done. What lies there is not for this device.
    pub(super) fn kit_section(
        &self,
        rows: &Connection,
        relay: &str,
        nonce: Option<&Nonce>,
    ) -> Result<Option<(Section, Part)>> {
        let space = personal(rows)?;
        let kit = if space.relay == relay { row(rows, &space.id)? } else { None };
        let Some(kit) = kit else { return Ok(None) };
        let tag = kit.inbox.tag();
        if is_open(rows, relay, &tag)? {
            return Ok(None);
        }
        let open = Open { kind: RelayKind::Inbox, list_key: kit.list_key, post_token: Some(kit.inbox.token) };
        let body = SectionBody {
            cursor: Cursor::START,
            put: Vec::new(),
            last: None,
            open: Some(open),
            keys: None,
            covered: None,
            drop: None,
            within: None,
        };
        let key = SigningKey::from_bytes(&kit.opening);
        let section = sign_section(&key, nonce, tag, &body).map_err(|_| Error::bug("section"))?;
        let part = Part {
            tag,
            from: From::Kit,
            sent: Cursor::START,
            numbers: Vec::new(),
            lengths: Vec::new(),
            spared: None,
            keys: 0,
            list_key: None,
            opened: false,
            last: None,
            drops: Vec::new(),
            covered: None,
            failed: false,
        };
        Ok(Some((section, part)))
    }

    /// Whether this device is a kit of ours: nobody carries it, so it says nothing and confirms nothing.
    pub(super) fn is_kit(rows: &Connection, device: &DeviceId) -> Result<bool> {
        Ok(rows.prepare_cached("SELECT 1 FROM kit WHERE device = ?1")?.exists([&device.0[..]])?)
    }
}

/// The inbox of the kit of this profile. What is for it leaves for its relay alone: it is on no card.
pub(super) fn inbox_tag(rows: &Connection) -> Result<Option<Tag>> {
    Ok(row(rows, &personal(rows)?.id)?.map(|kit| kit.inbox.tag()))
}

/// A phone that was taken out of its person's space says to the kit nothing of what it had said before: what counts there, others know.
pub(super) fn forget_if_out(rows: &Connection) -> Result<()> {
    let space = personal(rows)?;
    match row(rows, &space.id)? {
        Some(kit) if space.role == FORMER => forget_notes(rows, &kit.inbox.tag()),
        _ => Ok(()),
    }
}

fn personal(rows: &Connection) -> Result<SpaceRow> {
    let mut statement = rows.prepare_cached("SELECT id FROM space WHERE kind = ?1 ORDER BY added, id LIMIT 1")?;
    let found = statement.query_row([SpaceKind::Personal as u8], |row| row.get(0).map(SpaceId)).optional()?;
    crate::replica::space(rows, &found.ok_or_else(|| Error::bug("no personal space"))?)
}

fn row(rows: &Connection, space: &SpaceId) -> Result<Option<Row>> {
    let mut statement =
        rows.prepare_cached("SELECT device, inbox, token, opening, list_key, made FROM kit WHERE space = ?1")?;
    let found = statement.query_row([&space.0[..]], |row| {
        Ok(Row {
            device: DeviceId(row.get(0)?),
            inbox: InboxAddress { key: row.get(1)?, token: row.get(2)? },
            opening: Zeroizing::new(row.get(3)?),
            list_key: row.get(4)?,
            made: row.get(5)?,
        })
    });
    Ok(found.optional()?)
}

/// Keeps what tells of a kit: its public names, and the key that opens its inbox on a relay. That one reads envelopes and opens none.
fn keep(rows: &Connection, space: &SpaceId, kit: &DeviceKeys, now_ms: i64) -> Result<()> {
    let inbox = kit.inbox();
    let opening = Zeroizing::new(inbox.relay_key().to_bytes());
    rows.execute(
        "INSERT INTO kit (device, space, inbox, token, opening, list_key, made) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            &kit.device().0[..],
            &space.0[..],
            &inbox.address().key[..],
            &inbox.address().token[..],
            &opening[..],
            &inbox.list_key().verifying_key().to_bytes()[..],
            now_ms
        ],
    )?;
    Ok(())
}

/// What was still to leave for an inbox that is nobody's any more.
fn forget_notes(rows: &Connection, tag: &Tag) -> Result<()> {
    rows.execute("DELETE FROM outbox WHERE tag = ?1 AND token IS NOT NULL", [&tag[..]])?;
    rows.execute("DELETE FROM posted WHERE tag = ?1", [&tag[..]])?;
    Ok(())
}

fn is_open(rows: &Connection, relay: &str, tag: &Tag) -> Result<bool> {
    let mut statement =
        rows.prepare_cached("SELECT 1 FROM relay_cursor WHERE relay = ?1 AND tag = ?2 AND opened = 1")?;
    Ok(statement.exists(params![relay, &tag[..]])?)
}

/// Whether nobody has used this profile yet, so that it can become another person's: nothing written, nothing shared, nothing asked.
fn is_fresh(rows: &Connection) -> Result<bool> {
    let used: bool = rows.query_row(
        "SELECT EXISTS (SELECT 1 FROM space WHERE kind <> ?1) OR (SELECT count(*) FROM space) <> 1
         OR EXISTS (SELECT 1 FROM change) OR EXISTS (SELECT 1 FROM entry) OR EXISTS (SELECT 1 FROM blob)
         OR EXISTS (SELECT 1 FROM note) OR EXISTS (SELECT 1 FROM invite) OR EXISTS (SELECT 1 FROM kit)
         OR EXISTS (SELECT 1 FROM recovery)",
        [SpaceKind::Personal as u8],
        |row| row.get(0),
    )?;
    Ok(!used)
}

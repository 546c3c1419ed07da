//! A new phone takes the personal space for its own: let in by the kit, it reads what is there; and once that is all, it takes out the phone
//! that was lost, so that nothing which the person has written is beyond the cut.

use super::super::Sync;
use super::super::answer::Received;
use super::super::epochs::keep_epoch;
use super::super::exchange::Pending;
use super::super::incoming::From;
use super::super::signing::keep_operation;
use super::super::spaces::{add_space, home_relay};
use super::super::wire::operation::MAX_REMOVED;
use super::super::wire::{Action, Add, DeviceId, DeviceRecord, Operation, Role, space_tag};
use super::{Asking, keep, row};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::replica::SpaceKind;
use crate::store::set_meta;
use ed25519_dalek::SigningKey;
use rafiq_protocol::{Response, Status};
use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

impl Sync {
    /// In one transaction: the empty profile of this phone is the kit's person's, and the kit lets this device in.
    pub(super) fn take_over(&self, asking: &Asking, response: &Response) -> Result<()> {
        let (kit, relay) = (&asking.kit, asking.relay.as_str());
        let (welcome, membership) = asking.chosen.as_ref().ok_or_else(|| Error::bug("kit"))?;
        let (space, now) = (welcome.space, self.replica.now_ms());
        let person = membership.member(kit.device()).ok_or_else(|| Error::bug("kit"))?.person;
        self.replica.store().write(|rows| {
            if !super::is_fresh(rows)? {
                return Err(Error::invalid("profile", "in-use"));
            }
            let own = super::personal(rows)?.id;
            for table in ["operation", "space_key", "epoch"] {
                rows.execute(&format!("DELETE FROM {table} WHERE space = ?1"), [&own.0[..]])?;
            }
            rows.execute("DELETE FROM space WHERE id = ?1", [&own.0[..]])?;
            set_meta(rows, "person", &person.0)?;
            if home_relay(rows)?.is_empty() {
                super::super::spaces::keep_home_relay(rows, relay)?;
            }
            rows.execute(
                "INSERT INTO relay (url, instance, restores, nonce, exchanged, sent, received) VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)
                 ON CONFLICT (url) DO NOTHING",
                params![relay, &response.instance[..], response.restores, asking.nonce.map(|nonce| nonce.to_vec()), now],
            )?;
            // The address that answered: the one which the welcome names may be over.
            add_space(rows, &space, SpaceKind::Personal, Role::Steward, "", relay, now)?;
            keep_epoch(rows, &space, &welcome.epoch_key(), &membership.heads())?;
            for operation in membership.operations() {
                keep_operation(rows, operation, false)?;
            }
            if let Some(covers) = &welcome.start {
                super::super::pack::begin_at(rows, &space, covers)?;
            }
            let device = DeviceRecord::of(&self.keys(rows)?, &space);
            let add = Action::Add(Add { person, device, role: Role::Steward });
            let operation = Operation::sign(kit, space, membership.heads(), add);
            keep_operation(rows, &operation.map_err(|_| Error::bug("recovery"))?, true)?;
            keep(rows, &space, kit, now)?;
            // The relay knows the kit there, and this device only once it has read enough to be let in.
            let key = Zeroizing::new(membership.relay_key(kit).map_err(|_| Error::bug("relay key"))?.to_bytes());
            rows.execute("INSERT INTO recovery (space, relay_key) VALUES (?1, ?2)", params![&space.0[..], &key[..]])?;
            Ok(())
        })?;
        self.replica.set_identity(self.keys.author(), person);
        ["people", "recovery", "sharing", "sync"].iter().for_each(|noun| self.replica.announce(noun));
        Ok(())
    }

    /// Whether a space that a kit has found is still to be read.
    pub(crate) fn is_recovering(&self) -> Result<bool> {
        self.replica.read(|rows| Ok(rows.prepare_cached("SELECT 1 FROM recovery")?.exists([])?))
    }

    /// After an answer: if the space that a kit has found is read to its end, every other device is taken out of it, the next key is made, and
    /// the kit hears of that, so that it serves again.
    pub(in super::super) fn end_recovery(
        &self,
        pending: &Pending,
        response: &Response,
        received: &mut Received,
    ) -> Result<()> {
        if !self.is_recovering()? {
            return Ok(()); // an exchange writes no more for it
        }
        let read = response.results.iter().zip(&pending.sections).filter(|(result, part)| {
            result.status == Status::Ok && !result.more && result.left.is_none() && !part.failed
        });
        let mut ended = false;
        for space in read.filter_map(|(_, part)| if let From::Space(space) = part.from { Some(space) } else { None }) {
            ended |= self.replica.store().write(|rows| self.take_out_the_lost(rows, &space))?;
        }
        if ended {
            received.again = true;
            ["recovery", "sync"].iter().for_each(|noun| self.replica.announce(noun));
        }
        Ok(())
    }

    fn take_out_the_lost(&self, rows: &Connection, id: &SpaceId) -> Result<bool> {
        if relay_key(rows, id)?.is_none() {
            return Ok(false);
        }
        let space = crate::replica::space(rows, id)?;
        let kit = row(rows, id)?.ok_or(Error::Corrupt)?.device;
        let membership = self.membership(rows, id)?;
        let stays = |device: DeviceId| device == self.device() || device == kit;
        let lost: Vec<_> =
            membership.members().filter(|member| !stays(member.device.device)).take(MAX_REMOVED).collect();
        if !lost.is_empty() {
            let removal = self.sign_removal(rows, &space, lost.iter().map(|member| member.device.device).collect())?;
            self.sealing_epoch(rows, &space)?; // makes the key that they do not get
            self.tell_removed(rows, &space, lost, &membership, &removal)?;
        }
        self.welcome_kit(rows, &space)?;
        rows.execute("DELETE FROM recovery WHERE space = ?1", [&id.0[..]])?;
        // From here on this device asks by its own name, under which it has put nothing there yet.
        rows.execute("UPDATE relay_cursor SET last = NULL, keys = 0 WHERE tag = ?1", [&space_tag(id)[..]])?;
        Ok(true)
    }
}

/// By which the relay knows us in a space that a kit has found, until it is read.
pub(in super::super) fn relay_key(rows: &Connection, space: &SpaceId) -> Result<Option<SigningKey>> {
    let mut statement = rows.prepare_cached("SELECT relay_key FROM recovery WHERE space = ?1")?;
    let seed: Option<[u8; 32]> = statement.query_row([&space.0[..]], |row| row.get(0)).optional()?;
    Ok(seed.map(|seed| SigningKey::from_bytes(&Zeroizing::new(seed))))
}

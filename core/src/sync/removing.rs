//! Taking people out of a space: signing it, so that all who stay hear of it, and telling those who are out, whom the relay lets read there no
//! more.
//!
//! What comes of it has rooms of its own. [`super::cut`] enforces the cut that a removal carries; [`super::keeping`] signs in honest work beyond
//! it; [`super::parting`] is what whoever is out has still to say, and [`super::by_hand`] brings what they cannot; [`super::epochs`] makes the
//! key that they do not get.

use super::Sync;
use super::epochs::heard_by_all;
use super::outbox::put_sealed;
use super::signing::keep_operation;
use super::wire::operation::{MAX_ENDS, MAX_REMOVED};
use super::wire::signed::Signed;
use super::wire::{
    Action, DeviceId, EntryHash, EntryHead, Header, Item, Member, Membership, Operation, OperationHash, Remove,
};
use crate::error::{Error, Result};
use crate::ids::{PersonId, SpaceId};
use crate::replica::{STEWARD, SpaceRow};
use rafiq_protocol::Urgency;
use rusqlite::{Connection, OptionalExtension};

impl Sync {
    /// Takes a person's devices out of a space, and tells them.
    pub(crate) fn remove(&self, rows: &Connection, space: &SpaceRow, person: &PersonId) -> Result<()> {
        self.join_heads(rows, &space.id)?;
        let membership = self.membership(rows, &space.id)?;
        let members: Vec<_> =
            membership.members().filter(|member| member.person == *person).take(MAX_REMOVED).collect();
        if members.is_empty() {
            return Err(Error::NotFound);
        }
        let removal = self.sign_removal(rows, space, members.iter().map(|member| member.device.device).collect())?;
        let others = members.into_iter().filter(|member| member.device.device != self.device());
        self.tell_removed(rows, space, others, &membership, &removal)?;
        self.renew_role(rows, &space.id)
    }

    /// Signs that devices are out, with what is known here of their work as the cut, and seals it so that everybody can open it: the next key is
    /// made because of it.
    pub(super) fn sign_removal(
        &self,
        rows: &Connection,
        space: &SpaceRow,
        devices: Vec<DeviceId>,
    ) -> Result<Operation> {
        let mut cut = Vec::new();
        for device in &devices {
            cut.extend(chain_ends(rows, &space.id, device)?);
        }
        cut.truncate(MAX_ENDS);
        let membership = self.membership(rows, &space.id)?;
        let removal =
            self.sign_operation(rows, &space.id, membership.heads(), Action::Remove(Remove { devices, cut }))?;
        for key in heard_by_all(rows, &membership, self.device())? {
            put_sealed(rows, space, &key, &Item::Operation(removal.clone()), Urgency::Small)?;
        }
        keep_operation(rows, &removal, false)?;
        Ok(removal)
    }

    /// To the own inboxes of those who are out, their removal, with what it rests on and they may not have heard of. `before`: the membership
    /// when they belonged.
    pub(super) fn tell_removed<'a>(
        &self,
        rows: &Connection,
        space: &SpaceRow,
        members: impl IntoIterator<Item = &'a Member>,
        before: &Membership,
        removal: &Operation,
    ) -> Result<()> {
        for member in members {
            self.tell_what_they_lack(rows, space, member, before)?;
            self.seal_note(rows, &space.relay, &member.device.inbox, &Item::Operation(removal.clone()))?;
        }
        Ok(())
    }

    /// To somebody's own inbox, the operations that they may not have heard of.
    fn tell_what_they_lack(
        &self,
        rows: &Connection,
        space: &SpaceRow,
        member: &Member,
        membership: &Membership,
    ) -> Result<()> {
        let known = [vec![member.operation], last_auth_heads(rows, &space.id, &member.device.device)?].concat();
        for operation in membership.operations_beyond(&known) {
            self.seal_note(rows, &space.relay, &member.device.inbox, &Item::Operation(operation.clone()))?;
        }
        Ok(())
    }

    /// Who was let in by somebody who was being taken out meanwhile belongs no more, and no removal names them: a steward's device tells them
    /// what they may not know.
    pub(super) fn tell_who_fell(&self, rows: &Connection, operation: &Operation, before: &Membership) -> Result<()> {
        let Action::Remove(remove) = &operation.action else { return Ok(()) };
        let row = crate::replica::space(rows, &operation.space_id())?;
        let now = self.membership(rows, &row.id)?;
        let is_told = |device: &DeviceId| *device == self.device() || remove.devices.contains(device);
        let fallen = before.members().filter(|member| {
            let device = member.device.device;
            !is_told(&device) && now.member(device).is_none()
        });
        let fallen: Vec<_> = fallen.collect();
        if row.role < STEWARD || fallen.is_empty() {
            return Ok(());
        }
        for member in fallen {
            self.tell_what_they_lack(rows, &row, member, &now)?;
        }
        Ok(())
    }
}

/// The last entry held of each chain of a device, ascending.
fn chain_ends(rows: &Connection, space: &SpaceId, device: &DeviceId) -> Result<Vec<EntryHead>> {
    let mut statement = rows.prepare_cached(
        "SELECT incarnation, max(sequence), hash FROM entry WHERE space = ?1 AND device = ?2
         GROUP BY incarnation ORDER BY incarnation",
    )?;
    let found = statement.query_map([&space.0[..], &device.0[..]], |row| {
        let sequence = row.get::<_, i64>(1)?.unsigned_abs();
        Ok(EntryHead { device: *device, incarnation: row.get(0)?, sequence, hash: EntryHash(row.get(2)?) })
    })?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

/// What a device knew of the membership when it signed the last entry of it that is here.
fn last_auth_heads(rows: &Connection, space: &SpaceId, device: &DeviceId) -> Result<Vec<OperationHash>> {
    let found: Option<(Vec<u8>, [u8; 64])> = rows
        .prepare_cached(
            "SELECT header, signature FROM entry WHERE space = ?1 AND device = ?2 ORDER BY number DESC LIMIT 1",
        )?
        .query_row([&space.0[..], &device.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((header, signature)) = found else { return Ok(Vec::new()) };
    let header = Signed::<Header>::known(header, signature).map_err(|_| Error::Corrupt)?;
    Ok(header.auth_heads.clone())
}

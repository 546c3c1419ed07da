//! Membership operations of ours: what the next one builds on, signing it, keeping it.
//!
//! Operations that knew nothing of each other are all heads; whoever means harm can sign many such, and an operation names few. Without
//! joining them first nobody could be let in or taken out any more.

use super::Sync;
use super::wire::operation::MAX_PARENTS;
use super::wire::{Action, Operation, OperationHash};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use rusqlite::{Connection, params};

impl Sync {
    /// Signs an operation and keeps it; it leaves with the next exchange. `parents` are mostly [`super::wire::Membership::heads`].
    pub(crate) fn sign_and_keep(
        &self,
        rows: &Connection,
        space: &SpaceId,
        parents: Vec<OperationHash>,
        action: Action,
    ) -> Result<Operation> {
        let operation = self.sign_operation(rows, space, parents, action)?;
        keep_operation(rows, &operation, true)?;
        Ok(operation)
    }

    /// Signs an operation that leaves by another way.
    pub(super) fn sign_operation(
        &self,
        rows: &Connection,
        space: &SpaceId,
        parents: Vec<OperationHash>,
        action: Action,
    ) -> Result<Operation> {
        let name = action.name();
        Operation::sign(&self.keys(rows)?, *space, parents, action)
            .map_err(|error| Error::bug(format!("{name} {}", error.reason())))
    }

    /// Joins the heads of a space until an operation can name them all. Mostly there is nothing to join.
    pub(crate) fn join_heads(&self, rows: &Connection, space: &SpaceId) -> Result<()> {
        loop {
            let membership = self.membership(rows, space)?;
            let heads = membership.heads();
            let ground = membership.member(self.device()).map(|me| me.operation);
            let (false, Some(ground)) = (heads.len() <= MAX_PARENTS, ground) else { return Ok(()) };
            for some in heads.chunks(MAX_PARENTS - 1) {
                // What let us in is part of what we know, whichever of the heads know it.
                self.sign_and_keep(rows, space, [some, &[ground]].concat(), Action::Join)?;
            }
        }
    }
}

/// Keeps an operation; `unsent` if it is ours and the space's members have not got it. Whether it was new.
pub(super) fn keep_operation(rows: &Connection, operation: &Operation, unsent: bool) -> Result<bool> {
    let count = rows.execute(
        "INSERT INTO operation (hash, space, bytes, unsent) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (hash) DO NOTHING",
        params![&operation.hash().0[..], &operation.space_id().0[..], operation.encode(), unsent],
    )?;
    Ok(count > 0)
}

/// Takes an operation out again that was just kept.
pub(super) fn forget_operation(rows: &Connection, operation: &Operation) -> Result<()> {
    rows.execute("DELETE FROM operation WHERE hash = ?1", [&operation.hash().0[..]])?;
    Ok(())
}

//! What the next operation of ours builds on. Operations that knew nothing of each other are all heads; whoever means harm can sign many such,
//! and an operation names few. Without joining them first nobody could be let in or taken out any more.

use super::Sync;
use super::spaces::keep_operation;
use super::wire::operation::MAX_PARENTS;
use super::wire::{Action, Operation};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use rusqlite::Connection;

impl Sync {
    /// Joins the heads of a space until an operation can name them all. Mostly there is nothing to join.
    pub(crate) fn join_heads(&self, rows: &Connection, space: &SpaceId) -> Result<()> {
        loop {
            let membership = self.membership(rows, space)?;
            let heads = membership.heads();
            let ground = membership.member(self.device()).map(|me| me.operation);
            let (false, Some(ground)) = (heads.len() <= MAX_PARENTS, ground) else { return Ok(()) };
            for some in heads.chunks(MAX_PARENTS - 1) {
                // What let us in is part of what we know, whichever of the heads know it.
                let parents = [some, &[ground]].concat();
                let operation = Operation::sign(&self.keys(rows)?, *space, parents, Action::Join);
                let operation = operation.map_err(|error| Error::bug(format!("join {}", error.reason())))?;
                keep_operation(rows, &operation, true)?;
            }
        }
    }
}

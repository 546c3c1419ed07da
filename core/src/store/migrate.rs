//! Numbered migrations, each in the one transaction that also raises the version.

use crate::error::{Error, Result};
use rusqlite::{Connection, TransactionBehavior};

const STEPS: &[&str] = &[
    include_str!("migrations/001_init.sql"),
    include_str!("migrations/002_posted.sql"),
    include_str!("migrations/003_posted_by_bytes.sql"),
    include_str!("migrations/004_offer.sql"),
    include_str!("migrations/005_epochs.sql"),
    include_str!("migrations/006_carried.sql"),
    include_str!("migrations/007_carried_size.sql"),
    include_str!("migrations/008_incarnations.sql"),
    include_str!("migrations/009_list_key.sql"),
    include_str!("migrations/011_packs.sql"),
    include_str!("migrations/012_epoch_author.sql"),
    include_str!("migrations/013_words.sql"),
    include_str!("migrations/014_whose_words.sql"),
    include_str!("migrations/015_witness.sql"),
    include_str!("migrations/016_fallen.sql"),
    include_str!("migrations/017_by_hand.sql"),
    include_str!("migrations/018_recovery.sql"),
    include_str!("migrations/019_by_hand_since.sql"),
    include_str!("migrations/020_not_before.sql"),
    include_str!("migrations/021_past.sql"),
    include_str!("migrations/022_as_packed.sql"),
    include_str!("migrations/023_by_author.sql"),
];

/// "Rafi" as SQLite's application id, so that a file tells whose it is.
const APPLICATION_ID: i64 = 0x5261_6669;

/// The schema that this version writes.
pub const SCHEMA_VERSION: u32 = STEPS.len() as u32;

fn version(connection: &Connection) -> Result<usize> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    let version = usize::try_from(version).map_err(|_| Error::Corrupt)?;
    if version > STEPS.len() { Err(Error::NewerVersion) } else { Ok(version) }
}

/// How many steps opening would run. `NewerVersion` if the file is ahead of this code.
pub(super) fn pending(connection: &Connection) -> Result<u32> {
    Ok((STEPS.len() - version(connection)?) as u32)
}

/// Brings the file to [`SCHEMA_VERSION`]. Killed half-way, the file is at the step before.
pub(super) fn run(connection: &mut Connection) -> Result<()> {
    for (index, step) in STEPS.iter().enumerate().skip(version(connection)?) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", index as i64 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

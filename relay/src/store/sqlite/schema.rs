//! Opening the file: key, pragmas, numbered migrations.

use crate::store::{Identity, random};
use crate::{RelayError, Result, config::DatabaseKey};
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};
use std::{path::Path, time::Duration};

/// "RfqR": tells a relay's file from any other SQLite file.
const APPLICATION_ID: i64 = 0x5266_7152;
/// Each step runs once, in order; its number is its place, from 1. A released step is never changed.
const MIGRATIONS: &[&str] = &[include_str!("migrations/001_init.sql"), include_str!("migrations/002_covered.sql")];

/// The one writing connection, migrated, and who this relay is.
pub(in crate::store) fn open_writer(path: &Path, key: Option<&DatabaseKey>) -> Result<(Connection, Identity)> {
    let mut connection = connect(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: the commit waits until the disk has it. An acknowledgement stands on this.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    migrate(&mut connection)?;
    let identity = identity(&connection)?;
    Ok((connection, identity))
}

/// A connection that cannot write.
pub(in crate::store) fn open_reader(path: &Path, key: Option<&DatabaseKey>) -> Result<Connection> {
    let connection = connect(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?; // WAL readers write to the shared index
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn connect(path: &Path, key: Option<&DatabaseKey>, flags: OpenFlags) -> Result<Connection> {
    rafiq_sqlcipher::link();
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    if let Some(key) = key {
        connection.execute_batch(&key.pragma())?;
    }
    // The first read shows whether the key fits; before it SQLCipher has not looked at the file.
    let read = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    if let Err(error) = read {
        return Err(match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => RelayError::WrongKey,
            _ => error.into(),
        });
    }
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON;",
    )?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<()> {
    let known = MIGRATIONS.len() as i64;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let owner: i64 = transaction.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if owner != APPLICATION_ID && tables > 0 {
        return Err(RelayError::NotOurs);
    }
    if found > known {
        return Err(RelayError::NewerDatabase { found, known });
    }
    for step in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known)?;
    if found == 0 {
        let (instance, secret): ([u8; 16], [u8; 32]) = (random()?, random()?);
        transaction
            .execute("INSERT INTO relay (one, instance, secret, restores) VALUES (1, ?1, ?2, 0)", (instance, secret))?;
    }
    transaction.commit()?;
    Ok(())
}

fn identity(connection: &Connection) -> Result<Identity> {
    let row = connection.query_row("SELECT instance, secret, restores FROM relay", [], |row| {
        Ok(Identity { instance: row.get(0)?, secret: row.get(1)?, restores: row.get(2)? })
    });
    row.optional()?.ok_or(RelayError::NotOurs)
}

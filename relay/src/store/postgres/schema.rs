//! Creating the tables and bringing older ones up to date, in numbered steps, by one process at a time.

use super::pool::Connected;
use crate::store::{Identity, random};
use crate::{RelayError, Result};

/// Each step runs once, in order; its number is its place, from 1. A released step is never changed.
const MIGRATIONS: &[&str] = &[include_str!("migrations/001_init.sql")];
/// "RfqR": under this number processes that start together wait for each other.
const LOCK: i64 = 0x5266_7152;

/// Brings the database up to date and says who this relay is.
pub(in crate::store) async fn migrate(connected: &mut Connected) -> Result<Identity> {
    let known = MIGRATIONS.len() as i64;
    let transaction = connected.client.transaction().await?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    let prepare = "CREATE SCHEMA IF NOT EXISTS rafiq_relay;
        CREATE TABLE IF NOT EXISTS rafiq_relay.migration (number bigint PRIMARY KEY)";
    transaction.batch_execute(prepare).await?;
    let found: i64 = transaction.query_one("SELECT coalesce(max(number), 0) FROM migration", &[]).await?.get(0);
    if found > known {
        return Err(RelayError::NewerDatabase { found, known });
    }
    for (number, step) in (1_i64..).zip(MIGRATIONS).skip(usize::try_from(found).unwrap_or(0)) {
        transaction.batch_execute(step).await?;
        transaction.execute("INSERT INTO migration (number) VALUES ($1)", &[&number]).await?;
    }
    if found == 0 {
        let (instance, secret): ([u8; 16], [u8; 32]) = (random()?, random()?);
        let insert = "INSERT INTO relay (one, instance, secret, restores) VALUES (1, $1, $2, 0)";
        transaction.execute(insert, &[&&instance[..], &&secret[..]]).await?;
    }
    transaction.commit().await?;
    identity(connected).await
}

async fn identity(connected: &Connected) -> Result<Identity> {
    let row = connected.client.query_opt("SELECT instance, secret, restores FROM relay", &[]).await?;
    let row = row.ok_or(RelayError::NotOurs)?;
    let restores = u32::try_from(row.get::<_, i64>(2)).unwrap_or(u32::MAX);
    Ok(Identity { instance: super::fixed(&row, 0)?, secret: super::fixed(&row, 1)?, restores })
}

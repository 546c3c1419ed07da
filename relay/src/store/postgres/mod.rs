//! Everything in a PostgreSQL database that several relay processes share. None of them keeps anything that another must know:
//! positions are given out under the lock of a space's row, allowances are rows too, and what arrives is announced to all.

mod announcing;
pub(super) mod pool;
mod reading;
pub(super) mod schema;
mod writing;

use super::{Answer, Ask, Due, Holdings, Identity, Known, LookUp, QUEUE, Work, WorkOutcome, hand_in};
use crate::bell::Bell;
use crate::{Config, RelayError, Result};
use pool::{Connected, Pool};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_postgres::Row;

/// Connections for reading. A process has two more: one that writes, one that is told what others wrote.
const READERS: usize = 6;

/// A relay's store in a database server.
pub(crate) struct PostgresStore {
    pub(super) identity: Identity,
    jobs: mpsc::Sender<super::Job>,
    readers: Pool,
}

impl PostgresStore {
    /// Connects, creates or updates the tables, and starts writing and listening.
    pub(super) async fn open(url: &str, config: &Config, bell: Arc<Bell>) -> Result<Self> {
        let server = pool::config(url)?;
        let mut connected = Connected::to(&server).await?;
        let identity = schema::migrate(&mut connected).await?;
        let announce = announcing::start(server.clone(), bell);
        let (jobs, queue) = mpsc::channel(QUEUE);
        let writer = writing::Writer::new(server.clone(), connected, config.limits.clone(), announce);
        tokio::spawn(writer.write_until_closed(queue));
        Ok(Self { identity, jobs, readers: Pool::new(server, READERS) })
    }

    pub(super) async fn mark_restored(url: &str) -> Result<u32> {
        let (connected, identity) = open(url).await?;
        let restored = identity.restored()?;
        let update = "UPDATE relay SET instance = $1, restores = $2";
        connected.client.execute(update, &[&&restored.instance[..], &i64::from(restored.restores)]).await?;
        Ok(restored.restores)
    }

    pub(super) async fn look_up(&self, query: &LookUp) -> Result<Known> {
        reading::look_up(self.readers.take().await?.get()?, query).await
    }

    pub(super) async fn write(&self, work: Work) -> Result<WorkOutcome> {
        hand_in(Some(&self.jobs), work).await
    }

    pub(super) async fn read(&self, asks: &[Ask], room: usize) -> Result<Vec<Answer>> {
        reading::fill(self.readers.take().await?.get()?, asks, room).await
    }

    pub(super) async fn sweep(&self, due: Due) -> Result<u64> {
        writing::sweep(self.readers.take().await?.get()?, due).await
    }

    pub(super) async fn holdings(&self) -> Result<Holdings> {
        let mut lease = self.readers.take().await?;
        let connected = lease.get()?;
        let sum = connected.prepared("SELECT count(*), coalesce(sum(bytes), 0)::bigint FROM space").await?;
        let row = connected.client.query_one(&sum, &[]).await?;
        let (spaces, bytes): (i64, i64) = (row.get(0), row.get(1));
        Ok(Holdings { spaces: spaces.cast_unsigned(), bytes: bytes.cast_unsigned() })
    }
}

/// A connection to an up-to-date database, for what is not serving.
pub(super) async fn open(url: &str) -> Result<(Connected, Identity)> {
    let mut connected = Connected::to(&pool::config(url)?).await?;
    let identity = schema::migrate(&mut connected).await?;
    Ok((connected, identity))
}

/// A column of so many bytes.
pub(super) fn fixed<const N: usize>(row: &Row, column: usize) -> Result<[u8; N]> {
    row.try_get::<_, &[u8]>(column)?.try_into().map_err(|_| RelayError::NotOurs)
}

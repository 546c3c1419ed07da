//! Connections to the database server: a few that readers take turns with, each remembering its prepared statements.

use crate::{RelayError, Result};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Notification, Statement};

/// Our tables have a schema of their own, whatever else is in the database. An acknowledgement stands on `synchronous_commit`.
/// Every statement is a look-up by index: the planner must not be led astray by statistics of tables that were empty a minute ago.
const OPTIONS: &str = "-c search_path=rafiq_relay -c synchronous_commit=on -c enable_seqscan=off -c enable_hashjoin=off \
    -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off -c client_min_messages=warning \
    -c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000";

/// How to reach the server.
pub(super) fn config(url: &str) -> Result<Config> {
    let mut config: Config = url.parse().map_err(|_| RelayError::BadDatabaseUrl)?;
    let options = config.get_options().map_or_else(|| OPTIONS.to_owned(), |own| format!("{own} {OPTIONS}"));
    config.options(options).application_name("rafiq-relay").connect_timeout(Duration::from_secs(5));
    config.keepalives_idle(Duration::from_secs(60));
    Ok(config)
}

/// One connection.
pub(in crate::store) struct Connected {
    pub(in crate::store) client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl Connected {
    pub(super) async fn to(config: &Config) -> Result<Self> {
        Ok(Self::listening(config).await?.0)
    }

    /// The connection, and what it is notified of.
    pub(super) async fn listening(config: &Config) -> Result<(Self, mpsc::Receiver<Notification>)> {
        let (client, mut connection) = config.connect(NoTls).await?;
        let (tell, notified) = mpsc::channel(256);
        // Ends when the client is dropped or the server goes away; then the client's next call says so.
        tokio::spawn(async move {
            while let Some(Ok(message)) = std::future::poll_fn(|cx| connection.poll_message(cx)).await {
                if let AsyncMessage::Notification(notification) = message {
                    let _ = tell.send(notification).await; // nobody listens on a reader's connection
                }
            }
        });
        Ok((Self { client, statements: HashMap::new() }, notified))
    }

    pub(in crate::store) async fn prepared(&mut self, sql: &'static str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).await?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

/// Connections for reading, opened when needed.
pub(super) struct Pool {
    config: Config,
    idle: Mutex<Vec<Connected>>,
    free: Semaphore,
}

impl Pool {
    pub(super) fn new(config: Config, size: usize) -> Self {
        Self { config, idle: Mutex::default(), free: Semaphore::new(size) }
    }

    pub(super) async fn take(&self) -> Result<Lease<'_>> {
        let permit = self.free.acquire().await.map_err(|_| RelayError::Stopping)?;
        let idle = std::iter::from_fn(|| self.idle.lock().pop()).find(|idle| !idle.client.is_closed());
        let connected = match idle {
            Some(connected) => connected,
            None => Connected::to(&self.config).await?,
        };
        Ok(Lease { pool: self, connected: Some(connected), _permit: permit })
    }
}

/// A connection on loan. What a cancelled reader has asked is answered to nobody.
pub(super) struct Lease<'a> {
    pool: &'a Pool,
    connected: Option<Connected>,
    _permit: SemaphorePermit<'a>,
}

impl Lease<'_> {
    pub(super) fn get(&mut self) -> Result<&mut Connected> {
        self.connected.as_mut().ok_or(RelayError::Stopping)
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.pool.idle.lock().extend(self.connected.take());
    }
}

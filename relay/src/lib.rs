//! The relay: a server that stores and forwards envelopes it cannot read.
//!
//! It knows tags of spaces, the keys that may read and write there, and for each envelope its hash, size, urgency and day of
//! arrival. It keeps no address and reads no content. What it acknowledges is on disk.
//!
//! ```
//! use rafiq_relay::{Config, RelayHandle};
//!
//! # let folder = tempfile::tempdir()?;
//! let relay = RelayHandle::start(Config::new(folder.path().join("relay.sqlite")))?;
//! println!("devices exchange at {}/v1/exchange", relay.url());
//! relay.stop()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The roads: `POST /v1/exchange` (see [`rafiq_protocol`]) and `POST /v1/wake`; `GET /livez`, `/readyz` and `/metrics` on a port of
//! their own. TLS is the business of the proxy in front. `README.md` beside this crate is the operator's page.

mod bell;
mod checking;
pub mod cli;
mod config;
mod connections;
mod error;
mod exchange;
mod handlers;
mod limits;
mod local;
mod metrics;
mod store;
mod waking;

pub use config::{Config, Database, DatabaseKey, Limits, Log, Rate, RelayClock};
pub use error::{RelayError, Result};
pub use local::LocalRelay;
pub use store::copying::Copied;

use bell::Bell;
use connections::Peers;
use exchange::Desk;
use std::future::Future;
use std::net::SocketAddr;
use std::{sync::Arc, thread};
use store::Store;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use waking::Waking;

/// A relay whose database is open and whose ports are taken.
struct Site {
    store: Store,
    bell: Arc<Bell>,
    listener: TcpListener,
    admin: Option<TcpListener>,
}

impl Site {
    async fn open(config: &Config) -> Result<Self> {
        let bell = Arc::new(Bell::default());
        let store = Store::open(config, Arc::clone(&bell)).await?;
        let listener = TcpListener::bind(config.listen).await.map_err(RelayError::io("listening"))?;
        let admin = match config.admin {
            Some(address) => Some(TcpListener::bind(address).await.map_err(RelayError::io("listening"))?),
            None => None,
        };
        Ok(Self { store, bell, listener, admin })
    }

    fn addresses(&self) -> Result<(SocketAddr, Option<SocketAddr>)> {
        let admin = self.admin.as_ref().map(TcpListener::local_addr).transpose();
        let listening = self.listener.local_addr().and_then(|address| Ok((address, admin?)));
        listening.map_err(RelayError::io("listening"))
    }

    /// Serves until `shutdown` is ready, then lets requests under way end. Nothing that a client does ends the relay.
    async fn serve(self, config: &Config, shutdown: impl Future<Output = ()> + Send) {
        let peers = Peers::new(&config.limits);
        let desk = Arc::new(Desk::new(self.store, config, Arc::clone(&peers)));
        let (stop, stopping) = watch::channel(false);
        let (ended, end) = watch::channel(false);
        let public = handlers::public(Arc::clone(&desk), Waking::new(self.bell, stopping.clone()));
        let admin = handlers::admin(Arc::clone(&desk), Arc::clone(&peers), stopping.clone());
        let limits = config.limits.clone();
        let serving = async {
            connections::accept(self.listener, public, peers, limits.clone(), stopping.clone()).await;
            ended.send_replace(true);
        };
        // The operator can look on until the last request has ended.
        let watching = async {
            if let Some(listener) = self.admin {
                connections::accept(listener, admin, Peers::new(&limits), limits.clone(), end).await;
            }
        };
        let until_told = async {
            shutdown.await;
            stop.send_replace(true);
        };
        tokio::join!(serving, watching, until_told, keep_tidy(&desk, stopping.clone()));
    }
}

async fn keep_tidy(desk: &Desk, mut stopping: watch::Receiver<bool>) {
    let mut turns = tokio::time::interval(desk.limits.tidy);
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = turns.tick() => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
        if let Err(error) = desk.tidy().await
            && desk.log >= Log::Error
        {
            eprintln!("rafiq-relay: tidying failed, it is tried again later: {error}");
        }
    }
}

/// Says that the database came back from a backup, so that devices offer again what they had been promised. Run it after
/// restoring and before serving. Returns how often that has happened.
///
/// # Errors
/// `WrongKey`, `NotOurs`, `NewerDatabase`, or what the database says.
pub fn mark_restored(config: &Config) -> Result<u32> {
    in_passing(Store::mark_restored(config))
}

/// Copies everything of a relay into an empty database of either kind, also while it is served: a backup, or a move. A key opens
/// whichever of the two is a file. The copy is the same relay to its clients: stop the original before serving from it.
///
/// # Errors
/// `NotEmpty` when the target holds spaces; as [`RelayHandle::start`] for either of the two.
pub fn copy(from: &Database, to: &Database, key: Option<&DatabaseKey>) -> Result<Copied> {
    in_passing(store::copying::copy(from, to, key, false))
}

/// The same from a backup, and marks the copy as restored: devices offer again what they had been promised since.
///
/// # Errors
/// As [`copy`].
pub fn restore(from: &Database, to: &Database, key: Option<&DatabaseKey>) -> Result<Copied> {
    in_passing(store::copying::copy(from, to, key, true))
}

/// Runs something short that needs a runtime, for callers that have none.
fn in_passing<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(RelayError::io("starting"))?.block_on(work)
}

/// A relay on threads of its own, for tests, demonstrations and the command line. Dropping it stops it.
pub struct RelayHandle {
    address: SocketAddr,
    admin: Option<SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<Result<()>>>,
}

impl RelayHandle {
    /// Opens the database, listens on `config.listen` and serves. Returns as soon as clients can connect.
    ///
    /// # Errors
    /// When the database cannot be opened or the address is taken.
    pub fn start(config: Config) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(RelayError::io("starting"))?;
        let site = runtime.block_on(Site::open(&config))?;
        let (address, admin) = site.addresses()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let run = move || {
            // A handle that is gone stops the relay like one that says so.
            runtime.block_on(site.serve(&config, async { drop(stopped.await) }));
            Ok(())
        };
        let thread = thread::Builder::new().name("relay".into()).spawn(run).map_err(RelayError::io("starting"))?;
        Ok(Self { address, admin, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens; the port is a real one even if port 0 was asked for.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// `http://…`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `http://…` of the operator's port, if there is one.
    #[must_use]
    pub fn admin_url(&self) -> Option<String> {
        self.admin.map(|address| format!("http://{address}"))
    }

    /// Stops it: requests under way end, the database is closed. Waits for both.
    ///
    /// # Errors
    /// What ended the relay earlier, if anything did.
    pub fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        drop(self.stop.take());
        match self.thread.take().map(thread::JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(_)) => Err(RelayError::Stopping),
            None => Ok(()),
        }
    }
}

impl Drop for RelayHandle {
    fn drop(&mut self) {
        let _ = self.end(); // nobody is left to hear of it
    }
}

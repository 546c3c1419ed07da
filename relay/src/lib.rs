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
//! The roads: `POST /v1/exchange` (see [`rafiq_protocol`]), `GET /livez`, `GET /readyz`. TLS is the business of the proxy in
//! front.

mod checking;
pub mod cli;
mod config;
mod connections;
mod error;
mod exchange;
mod handlers;
mod limits;
mod local;
pub mod store;

pub use config::{Config, DatabaseKey, Limits, Log, Rate, RelayClock};
pub use error::{RelayError, Result};
pub use local::LocalRelay;

use connections::Peers;
use exchange::Desk;
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::{sync::Arc, thread};
use store::{SqliteStore, Store};
use tokio::sync::{oneshot, watch};

/// Serves until `shutdown` is ready, then lets requests under way end. Nothing that a client does ends the relay.
async fn serve<S: Store>(
    store: S,
    config: &Config,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) {
    let peers = Peers::new(&config.limits);
    let desk = Arc::new(Desk::new(store, config, Arc::clone(&peers)));
    let (stop, stopping) = watch::channel(false);
    let accepting = connections::accept(listener, handlers::router(desk), peers, config.limits.clone(), stopping);
    let until_told = async {
        shutdown.await;
        stop.send_replace(true);
    };
    tokio::join!(accepting, until_told);
}

/// A relay on threads of its own, for tests, demonstrations and the command line. Dropping it stops it.
pub struct RelayHandle {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<Result<()>>>,
}

impl RelayHandle {
    /// Opens the database, listens on `config.listen` and serves. Returns as soon as clients can connect.
    ///
    /// # Errors
    /// When the database cannot be opened or the address is taken.
    pub fn start(config: Config) -> Result<Self> {
        let store = SqliteStore::open(&config)?;
        let listener = TcpListener::bind(config.listen).map_err(RelayError::io("listening"))?;
        listener.set_nonblocking(true).map_err(RelayError::io("listening"))?;
        let address = listener.local_addr().map_err(RelayError::io("listening"))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let run = move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.map_err(RelayError::io("starting"))?.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).map_err(RelayError::io("listening"))?;
                // A handle that is gone stops the relay like one that says so.
                let shutdown = async { drop(stopped.await) };
                serve(store, &config, listener, shutdown).await;
                Ok(())
            })
        };
        let thread = thread::Builder::new().name("relay".into()).spawn(run).map_err(RelayError::io("starting"))?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
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

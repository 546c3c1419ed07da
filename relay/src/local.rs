//! A relay without sockets: bytes in, bytes out, one request after the other.

use crate::connections::{Peer, Peers};
use crate::exchange::{Caller, Desk, Refusal};
use crate::store::Store;
use crate::{Config, RelayError, Result};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// The same relay for a caller that carries the bytes itself: a simulator, a test, a program that has a transport of its own.
/// What it acknowledges is on disk, and dropping it and opening it again is a restart. With a clock of one's own
/// ([`crate::RelayClock::from_fn`]) and rates that are never reached it depends on nothing but its file and what it is asked.
///
/// ```
/// use rafiq_protocol::{MESSAGE_VERSION, Request, Response};
/// use rafiq_relay::{Config, LocalRelay};
///
/// # let folder = tempfile::tempdir()?;
/// let relay = LocalRelay::open(&Config::new(folder.path().join("relay.sqlite")))?;
/// let request = Request { version: MESSAGE_VERSION, nonce: None, budget: 100_000, sections: vec![], posts: vec![] };
/// let response = Response::decode(&relay.answer(&request.encode()?)?)?;
/// assert!(response.nonce.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LocalRelay {
    desk: Desk,
    runtime: tokio::runtime::Runtime,
}

impl LocalRelay {
    /// Opens or creates the database. The address to listen on, and the limits that are about connections, mean nothing here.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn open(config: &Config) -> Result<Self> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RelayError::io("starting"))?;
        let store = runtime.block_on(Store::open(config, Arc::default()))?;
        let desk = Desk::new(store, config, Peers::new(&config.limits));
        Ok(Self { desk, runtime })
    }

    /// From the bytes of a request to the bytes of its response. All callers count as one address.
    ///
    /// # Errors
    /// `NotUnderstood` for what is no request; what the database says.
    pub fn answer(&self, request: &[u8]) -> Result<Vec<u8>> {
        let here = Caller { peer: Peer::of(IpAddr::V4(Ipv4Addr::LOCALHOST)), operator: true };
        self.runtime.block_on(self.desk.exchange(here, request)).map_err(|refusal| match refusal {
            Refusal::NotUnderstood(why) => RelayError::NotUnderstood(why),
            Refusal::Unknown => RelayError::Stopping, // an exchange answers by sections instead
            Refusal::Failed(error) => error,
        })
    }

    /// Deletes what has been covered and kept for as long as the limits say, or is in the way in an inbox; a relay that serves does so by
    /// itself.
    ///
    /// # Errors
    /// What the database says.
    pub fn tidy(&self) -> Result<()> {
        self.runtime.block_on(self.desk.tidy())
    }
}

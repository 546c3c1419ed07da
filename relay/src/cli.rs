//! The command line of the `rafiq-relay` program, which `rafiq relay` offers too.

use crate::config::{Config, DatabaseKey, Log, RelayClock};
use crate::store::SqliteStore;
use crate::{Limits, RelayError, Result, serve};
use std::{io::Write, net::SocketAddr, path::PathBuf};
use tokio::signal::unix::{SignalKind, signal};

/// Stores and forwards envelopes that it cannot read.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Where to listen. Port 0 picks a free one. Put a proxy with TLS in front.
    #[arg(long, default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,
    /// The file that holds everything; created when absent.
    #[arg(long, default_value = "relay.sqlite")]
    pub database: PathBuf,
    /// Encrypt the file with the key in this file (32 bytes, or 64 hexadecimal digits).
    #[arg(long)]
    pub key_file: Option<PathBuf>,
    /// What to say on standard error. Never an address.
    #[arg(long, value_enum, default_value_t)]
    pub log: Log,
    /// Do not serve: say that the file was restored from a backup, so that devices offer again what it may lack.
    #[arg(long)]
    pub restored: bool,
}

impl Options {
    fn config(&self) -> Result<Config> {
        Ok(Config {
            listen: self.listen,
            database: self.database.clone(),
            key: self.key_file.as_deref().map(DatabaseKey::from_file).transpose()?,
            limits: Limits::default(),
            log: self.log,
            clock: RelayClock::system(),
        })
    }
}

/// Runs the relay until it is interrupted or terminated. The first line on standard output is `listening on http://…`.
///
/// # Errors
/// When it cannot start; nothing was printed then.
pub fn run(options: &Options) -> Result<()> {
    let config = options.config()?;
    if options.restored {
        let times = SqliteStore::mark_restored(&config)?;
        println!("restored {times} times");
        return Ok(());
    }
    let runtime = tokio::runtime::Runtime::new().map_err(RelayError::io("starting"))?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(config.listen).await.map_err(RelayError::io("listening"))?;
        let address = listener.local_addr().map_err(RelayError::io("listening"))?;
        let mut terminated = signal(SignalKind::terminate()).map_err(RelayError::io("starting"))?;
        let mut interrupted = signal(SignalKind::interrupt()).map_err(RelayError::io("starting"))?;
        let told = async move {
            tokio::select! { _ = terminated.recv() => {}, _ = interrupted.recv() => {} }
        };
        let log = config.log;
        let store = SqliteStore::open(&config)?;
        println!("listening on http://{address}");
        let _ = std::io::stdout().flush(); // whoever started us may wait for this line
        if log >= Log::Info {
            eprintln!("rafiq-relay: started");
        }
        serve(store, &config, listener, told).await;
        if log >= Log::Info {
            eprintln!("rafiq-relay: stopped");
        }
        Ok(())
    })
}

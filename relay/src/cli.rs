//! The command line of the `rafiq-relay` program, which `rafiq relay` offers too.

use crate::config::{Config, Database, DatabaseKey, Log, RelayClock};
use crate::{Copied, Limits, RelayError, Result, Site, copy, mark_restored, restore};
use std::{io::Write, net::SocketAddr, path::PathBuf};
use tokio::signal::unix::{SignalKind, signal};

/// Stores and forwards envelopes that it cannot read.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Something else than serving.
    #[command(subcommand)]
    pub action: Option<Action>,
    /// Where to listen. Port 0 picks a free one. Put a proxy with TLS in front.
    #[arg(long, default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,
    /// Where to answer `/livez`, `/readyz` and `/metrics`, for the operator alone.
    #[arg(long)]
    pub admin: Option<SocketAddr>,
    /// A SQLite file, created when absent; or `postgres://user:password@host/name`, better given in the environment than here.
    #[arg(long, global = true, env = "RAFIQ_RELAY_DATABASE", hide_env_values = true, default_value = "relay.sqlite")]
    pub database: PathBuf,
    /// Only who sends what is in this file (`Authorization: Bearer …`) may open spaces.
    #[arg(long)]
    pub operator_token_file: Option<PathBuf>,
    /// Days for which it keeps what a pack covers, or an inbox's owner has kept.
    #[arg(long, default_value_t = rafiq_protocol::limits::RETENTION_DAYS)]
    pub retention_days: u32,
    /// Bytes that a space or an inbox may hold.
    #[arg(long, default_value_t = rafiq_protocol::limits::SPACE_QUOTA)]
    pub space_bytes: u64,
    /// Bytes held in all above which no new space is opened.
    #[arg(long, default_value_t = u64::MAX, hide_default_value = true)]
    pub total_bytes: u64,
    /// Encrypt the SQLite file with the key in this file (32 bytes, or 64 hexadecimal digits).
    #[arg(long, global = true)]
    pub key_file: Option<PathBuf>,
    /// What to say on standard error. Never an address.
    #[arg(long, value_enum, default_value_t)]
    pub log: Log,
    /// Do not serve: say that the file was restored from a backup, so that devices offer again what it may lack.
    #[arg(long)]
    pub restored: bool,
}

/// What an operator does beside serving. A database is a file or `postgres://…`, as with `--database`.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum Action {
    /// Write all that `--database` holds into a new SQLite file, also while relays serve from it.
    Backup {
        /// The new file.
        #[arg(long)]
        to: PathBuf,
    },
    /// Fill an empty `--database` from a backup, and let devices know, so that they offer again what it may lack.
    Restore {
        /// The backup.
        #[arg(long)]
        from: PathBuf,
    },
    /// Move a relay: copy all of one database into another, empty one. Stop serving first, or what comes meanwhile is left behind.
    Copy {
        /// Where it is.
        #[arg(long)]
        from: PathBuf,
        /// Where it goes.
        #[arg(long)]
        to: PathBuf,
    },
}

impl Action {
    fn run(&self, config: &Config) -> Result<()> {
        let key = config.key.as_ref();
        let copied = match self {
            Self::Backup { to } => copy(&config.database, &Database::from(to), key),
            Self::Restore { from } => restore(&Database::from(from), &config.database, key),
            Self::Copy { from, to } => copy(&Database::from(from), &Database::from(to), key),
        }?;
        let Copied { spaces, envelopes, restores } = copied;
        println!("{spaces} spaces and inboxes, {envelopes} envelopes, restored {restores} times");
        Ok(())
    }
}

impl Options {
    fn config(&self) -> Result<Config> {
        let token = self.operator_token_file.as_deref().map(std::fs::read_to_string).transpose();
        let token = token.map_err(RelayError::io("reading the operator token"))?;
        let token = token.map(|text| operator_token(&text).ok_or(RelayError::BadTokenFile)).transpose()?;
        Ok(Config {
            listen: self.listen,
            admin: self.admin,
            database: Database::from(&self.database),
            key: self.key_file.as_deref().map(DatabaseKey::from_file).transpose()?,
            operator_token: token,
            limits: Limits {
                space: self.space_bytes,
                total: self.total_bytes,
                retention_days: self.retention_days,
                ..Limits::default()
            },
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
    if let Some(action) = &options.action {
        return action.run(&config);
    }
    if options.restored {
        let times = mark_restored(&config)?;
        println!("restored {times} times");
        return Ok(());
    }
    let runtime = tokio::runtime::Runtime::new().map_err(RelayError::io("starting"))?;
    runtime.block_on(async {
        let mut terminated = signal(SignalKind::terminate()).map_err(RelayError::io("starting"))?;
        let mut interrupted = signal(SignalKind::interrupt()).map_err(RelayError::io("starting"))?;
        let told = async move {
            tokio::select! { _ = terminated.recv() => {}, _ = interrupted.recv() => {} }
        };
        let log = config.log;
        let site = Site::open(&config).await?;
        let (address, admin) = site.addresses()?;
        println!("listening on http://{address}");
        let _ = std::io::stdout().flush(); // whoever started us may wait for this line
        if log >= Log::Info {
            let watched = admin.map(|admin| format!(", operator's port http://{admin}")).unwrap_or_default();
            eprintln!("rafiq-relay: started{watched}");
        }
        site.serve(&config, told).await;
        if log >= Log::Info {
            eprintln!("rafiq-relay: stopped");
        }
        Ok(())
    })
}

/// The operator's token that a file holds: the same for whoever asks for it and whoever shows it. `None` if it is empty or no header of HTTP can
/// hold it.
#[must_use]
pub fn operator_token(text: &str) -> Option<String> {
    let token = text.trim();
    let can_be_sent = !token.is_empty() && token.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    can_be_sent.then(|| token.to_owned())
}

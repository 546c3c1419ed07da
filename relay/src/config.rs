//! How one relay is set up.

use crate::{RelayError, Result};
use rafiq_protocol::limits;
use std::{fmt, net::SocketAddr, path::Path, path::PathBuf, sync::Arc, time::Duration};

/// How one relay is set up. Start from [`Config::new`] and change what differs.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen, for [`crate::RelayHandle::start`] and the command line. Port 0 picks a free one.
    pub listen: SocketAddr,
    /// Where to answer the operator's questions (`/livez`, `/readyz`, `/metrics`); nowhere when `None`.
    pub admin: Option<SocketAddr>,
    /// Where everything is kept.
    pub database: Database,
    /// When given, the SQLite file is encrypted (SQLCipher) with this key.
    pub key: Option<DatabaseKey>,
    /// When given, whoever opens a space must send it: `Authorization: Bearer …`. Inboxes stay open to all, since a newcomer who
    /// was invited has none of it.
    pub operator_token: Option<String>,
    /// What clients may do.
    pub limits: Limits,
    /// What is said on standard error.
    pub log: Log,
    /// Where the day comes from.
    pub clock: RelayClock,
}

impl Config {
    /// A relay on this file, on a free port of the loopback interface, with the limits of the protocol.
    #[must_use]
    pub fn new(database: impl Into<Database>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            admin: None,
            database: database.into(),
            key: None,
            operator_token: None,
            limits: Limits::default(),
            log: Log::Quiet,
            clock: RelayClock::system(),
        }
    }
}

/// Where a relay keeps everything.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file; created when absent.
    File(PathBuf),
    /// `postgres://user:password@host/name`: a PostgreSQL database that exists; several relays may share it.
    Postgres(String),
}

impl Database {
    /// The file, if it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

impl<P: AsRef<Path>> From<P> for Database {
    fn from(path: P) -> Self {
        let text =
            path.as_ref().to_str().filter(|text| ["postgres://", "postgresql://"].iter().any(|s| text.starts_with(s)));
        text.map_or_else(|| Self::File(path.as_ref().to_owned()), |url| Self::Postgres(url.to_owned()))
    }
}

/// Without the URL, which may hold a password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// What clients may do. The defaults are the protocol's; see [`rafiq_protocol::limits`].
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a request.
    pub body: usize,
    /// Bytes of envelopes a space or inbox may hold.
    pub space: u64,
    /// Bytes of envelopes in all above which no new space or inbox is opened, so that those there are keep their room.
    pub total: u64,
    /// Days for which a relay keeps what is covered by a pack, or by an inbox's owner. Of the latter it keeps no more than fills half of the
    /// inbox.
    pub retention_days: u32,
    /// How often the relay looks for what it need not keep, and counts what it holds.
    pub tidy: Duration,
    /// Further bytes that are left for alerts when a space or inbox is full.
    pub alert_reserve: u64,
    /// Writes of one key.
    pub writes: Rate,
    /// Posts to one inbox; alerts have as many again to themselves.
    pub posts: Rate,
    /// Posts from one address, to whatever inboxes; alerts have as many again to themselves.
    pub posts_from_address: Rate,
    /// Spaces and inboxes opened from one address. A camp of a hundred phones shares one.
    pub opens_from_address: Rate,
    /// Time for the headers of a request, and between two requests on one connection.
    pub header_timeout: Duration,
    /// Time for the body of a request, and for a client to take any part of the response.
    pub body_timeout: Duration,
    /// Connections from one address before one of its requests was signed by an allowed key.
    pub connections_unknown: usize,
    /// Connections from one address afterwards.
    pub connections_known: usize,
    /// Connections in all.
    pub connections: usize,
    /// Open wake streams of one address.
    pub wakes_from_address: usize,
    /// After so long a wake stream ends, and whoever is still there signs again.
    pub wake: Duration,
    /// How long requests under way may still run when the relay is stopped.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: limits::MAX_BODY,
            space: limits::SPACE_QUOTA,
            total: u64::MAX,
            retention_days: limits::RETENTION_DAYS,
            tidy: Duration::from_secs(600),
            alert_reserve: 1_000_000,
            writes: Rate { per_minute: limits::WRITES_PER_MINUTE, burst: limits::WRITE_BURST },
            posts: Rate { per_minute: limits::WRITES_PER_MINUTE, burst: limits::WRITE_BURST },
            posts_from_address: Rate { per_minute: 240, burst: 240 },
            opens_from_address: Rate { per_minute: 60, burst: 600 },
            header_timeout: limits::HEADER_TIMEOUT,
            body_timeout: limits::BODY_TIMEOUT,
            connections_unknown: limits::CONNECTIONS_UNKNOWN,
            connections_known: limits::CONNECTIONS_KNOWN,
            connections: 8_192,
            wakes_from_address: 400,
            wake: Duration::from_secs(900),
            drain: Duration::from_secs(10),
        }
    }
}

/// A token bucket: so many at once, refilled so fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Refilled in a minute.
    pub per_minute: u32,
    /// At once after a pause.
    pub burst: u32,
}

/// What a relay says on standard error. Never an address, a tag or a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, clap::ValueEnum)]
pub enum Log {
    /// Nothing.
    #[default]
    Quiet,
    /// What goes wrong on the relay's side.
    Error,
    /// Also start and stop.
    Info,
}

/// The raw key of an encrypted database. Not printed.
#[derive(Clone)]
pub struct DatabaseKey([u8; 32]);

impl DatabaseKey {
    /// A key that the caller keeps.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// Reads a file of 32 bytes, or of 64 hexadecimal digits and perhaps a line end.
    ///
    /// # Errors
    /// `Io` when it cannot be read, `BadKeyFile` when it holds something else.
    pub fn from_file(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(RelayError::io("reading the key file"))?;
        if let Ok(key) = <[u8; 32]>::try_from(&bytes[..]) {
            return Ok(Self(key));
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| RelayError::BadKeyFile)?.trim_end();
        let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
        let digits = digits.filter(|d| d.len() == 64).ok_or(RelayError::BadKeyFile)?;
        let mut key = [0; 32];
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Ok(Self(key))
    }

    /// The `PRAGMA key` that opens a file with this key, without deriving anything.
    pub(crate) fn pragma(&self) -> String {
        let digits: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("PRAGMA key = \"x'{digits}'\"")
    }
}

impl fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseKey(…)")
    }
}

/// Seconds since 1970; a relay uses it for the day only.
#[derive(Clone)]
pub struct RelayClock(Arc<dyn Fn() -> u64 + Send + Sync>);

impl RelayClock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        let since_1970 = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        // A clock before 1970 is a clock nobody set; day 0 is as good as any.
        Self(Arc::new(move || since_1970().map_or(0, |since| since.as_secs())))
    }

    /// Any other clock, for simulations.
    pub fn from_fn(seconds: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(seconds))
    }

    /// Days since 1970.
    #[must_use]
    pub fn day(&self) -> u32 {
        u32::try_from((self.0)() / 86_400).unwrap_or(u32::MAX)
    }
}

impl fmt::Debug for RelayClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RelayClock(day {})", self.day())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // tests may stop at the first surprise
    use super::*;

    #[test]
    fn key_files_are_bytes_or_digits() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let read = |content: &[u8]| {
            std::fs::write(&path, content).unwrap();
            DatabaseKey::from_file(&path).map(|key| key.pragma())
        };
        let pragma = format!("PRAGMA key = \"x'{}'\"", "ab".repeat(32));
        assert_eq!(read(&[0xab; 32]).unwrap(), pragma);
        assert_eq!(read(format!("{}\n", "AB".repeat(32)).as_bytes()).unwrap(), pragma);
        assert!(matches!(read(b"a short passphrase"), Err(RelayError::BadKeyFile)));
        assert!(matches!(read(&[0xff; 64]), Err(RelayError::BadKeyFile)));
        assert_eq!(format!("{:?}", DatabaseKey::new([0xab; 32])), "DatabaseKey(…)");
    }
}

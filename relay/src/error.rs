//! Why a relay does not start, or cannot answer.

/// The result of running a relay.
pub type Result<T, E = RelayError> = std::result::Result<T, E>;

/// Why a relay does not start, or cannot answer. For the operator; clients see a status.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RelayError {
    /// The address cannot be listened on, or a file cannot be read.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database said no.
    #[error("the database: {0}")]
    Database(#[from] rusqlite::Error),
    /// The database server said no, or cannot be reached.
    #[error("the database server: {0}")]
    Server(String),
    /// What was given as `postgres://…` is none.
    #[error("this is no postgres:// address")]
    BadDatabaseUrl,
    /// Another process opened the same space at the same moment.
    #[error("several relays opened one space at once")]
    Raced,
    /// There is something already where a copy should go.
    #[error("the target holds spaces already: copy into an empty database")]
    NotEmpty,
    /// The key file does not hold 32 bytes or 64 hexadecimal digits.
    #[error("the key file must hold 32 bytes or 64 hexadecimal digits")]
    BadKeyFile,
    /// An empty token would let everybody in; what a header of HTTP cannot hold, nobody.
    #[error("the operator token file must hold one line of ASCII letters, digits, signs and spaces")]
    BadTokenFile,
    /// The database is not readable with this key, or is no database.
    #[error("the database cannot be read: another key, or not a database")]
    WrongKey,
    /// The file belongs to some other program.
    #[error("the file is a database of another program")]
    NotOurs,
    /// The database was written by a newer relay.
    #[error("the database has version {found}, this relay knows {known}")]
    NewerDatabase {
        /// Version of the file.
        found: i64,
        /// The newest version that this program can read.
        known: i64,
    },
    /// No room on the disk.
    #[error("the disk is full")]
    StorageFull,
    /// What was handed in is no request.
    #[error("the request: {0}")]
    NotUnderstood(rafiq_protocol::ProtocolError),
    /// The relay is stopping.
    #[error("the relay is stopping")]
    Stopping,
    /// The system gives no random bytes.
    #[error("no randomness from the system")]
    NoRandomness,
}

impl RelayError {
    /// For `map_err` on file and network calls.
    pub(crate) fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { what, source }
    }

    /// The disk-full case apart, since it asks for another answer than a fault.
    pub(crate) fn from_sqlite(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::StorageFull,
            _ => Self::Database(error),
        }
    }
}

impl From<tokio_postgres::Error> for RelayError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(said) if *said.code() == tokio_postgres::error::SqlState::DISK_FULL => Self::StorageFull,
            Some(said) => Self::Server(said.message().to_owned()),
            None => Self::Server(
                std::error::Error::source(&error).map_or_else(|| error.to_string(), |why| format!("{error}: {why}")),
            ),
        }
    }
}

//! The one public error: small, free of personal data, and something an app can act on.

/// What a call can answer instead of its result. Holds no personal data, so it may be logged.
///
/// Every variant has a sentence in every language: [`Error::message_id`] names it. Apps show that sentence, never the
/// `Display` text, which is for developers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No such record, document or space here (any more).
    #[error("not found")]
    NotFound,
    /// An argument cannot be used; `field` names it in the call's own words, `reason` says why in one word.
    #[error("invalid {field}: {reason}")]
    Invalid {
        /// The argument or record field.
        field: &'static str,
        /// Why, as a stable word: `empty`, `too-long`, `format`, `expired`, …
        reason: &'static str,
    },
    /// The person concerned has not agreed to this purpose.
    #[error("no consent for {purpose}")]
    NoConsent {
        /// The purpose, as consents name it.
        purpose: &'static str,
    },
    /// This device may not do this in this space.
    #[error("not allowed for a {role}")]
    NotAllowed {
        /// The role that was not enough.
        role: &'static str,
    },
    /// A passphrase is needed before anything can be read.
    #[error("locked")]
    Locked,
    /// The passphrase is not the right one; nothing was changed.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Too many passphrases were wrong: the next is looked at after this long. Nothing was changed.
    #[error("try again in {seconds} s")]
    TryLater {
        /// Whole seconds to wait, by this device's clock.
        seconds: i64,
    },
    /// The key does not belong to this store.
    #[error("wrong key")]
    WrongKey,
    /// The platform no longer has the key; the store is kept and cannot be read.
    #[error("key lost")]
    KeyLost,
    /// The store's file is damaged. It is kept as it is.
    #[error("corrupt store")]
    Corrupt,
    /// A newer app wrote this store or message; an upgrade is needed.
    #[error("written by a newer version")]
    NewerVersion,
    /// Another process has this profile open.
    #[error("in use by another process")]
    InUse,
    /// No room on the device. Nothing was half-written.
    #[error("storage full")]
    StorageFull,
    /// The disk did not do what was asked; the SQLite result code says what.
    #[error("storage failed with code {code}")]
    Storage {
        /// SQLite's extended result code.
        code: i32,
    },
    /// The object is suspended or shut down.
    #[error("closed")]
    Closed,
    /// The caller stopped the work; what was done up to then is kept.
    #[error("cancelled")]
    Cancelled,
    /// Something that the host supplies failed: the clock, randomness, key vault, a source of bytes.
    #[error("host: {reason}")]
    Host {
        /// Which of them.
        reason: &'static str,
    },
    /// A mistake of ours. The place helps us find it; nothing was half-written.
    #[error("bug at {place}")]
    Bug {
        /// Where, for a report.
        place: String,
    },
}

/// The result of every call of the core.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An argument that cannot be used.
    pub const fn invalid(field: &'static str, reason: &'static str) -> Self {
        Self::Invalid { field, reason }
    }

    /// A mistake of ours at `place`.
    pub fn bug(place: impl Into<String>) -> Self {
        Self::Bug { place: place.into() }
    }

    /// The Fluent message that says this error to a person (`locales/*/errors.ftl`).
    pub const fn message_id(&self) -> &'static str {
        match self {
            Self::NotFound => "error-not-found",
            Self::Invalid { .. } => "error-invalid",
            Self::NoConsent { .. } => "error-no-consent",
            Self::NotAllowed { .. } => "error-not-allowed",
            Self::Locked => "error-locked",
            Self::WrongPassphrase => "error-wrong-passphrase",
            Self::TryLater { .. } => "error-try-later",
            Self::WrongKey => "error-wrong-key",
            Self::KeyLost => "error-key-lost",
            Self::Corrupt => "error-corrupt",
            Self::NewerVersion => "error-newer-version",
            Self::InUse => "error-in-use",
            Self::StorageFull => "error-storage-full",
            Self::Storage { .. } => "error-storage",
            Self::Closed => "error-closed",
            Self::Cancelled => "error-cancelled",
            Self::Host { .. } => "error-host",
            Self::Bug { .. } => "error-bug",
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let Some(failure) = error.sqlite_error() else {
            return match error {
                rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
                // A row that does not fit its own schema was damaged on its way.
                rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => Self::Corrupt,
                _ => Self::bug("sql"),
            };
        };
        match failure.code {
            ErrorCode::DiskFull => Self::StorageFull,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::InUse,
            ErrorCode::OperationInterrupted => Self::Cancelled,
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::OutOfMemory => {
                Self::Storage { code: failure.extended_code }
            }
            _ => Self::bug(format!("sqlite {}", failure.extended_code)),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::StorageFull,
            std::io::ErrorKind::NotFound => Self::NotFound,
            _ => Self::Storage { code: error.raw_os_error().unwrap_or(-1) },
        }
    }
}

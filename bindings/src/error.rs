//! The one error of every call, and what a host's own code answers with.

use rafiq::Error;

/// What a call can answer instead of its result. Holds no personal data, so it may be logged.
///
/// Every variant has a sentence in every language: `error_message_id` names it and `Language` says it. Apps show that sentence,
/// never an exception's own text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum RafiqError {
    /// No such record, document or space here (any more).
    #[error("not found")]
    NotFound,
    /// An argument cannot be used; `field` names it in the call's own words, `reason` says why in one stable word.
    #[error("invalid {field}: {reason}")]
    Invalid {
        /// The argument or record field.
        field: String,
        /// `empty`, `too-long`, `format`, `expired`, …
        reason: String,
    },
    /// The person concerned has not agreed to this purpose.
    #[error("no consent for {purpose}")]
    NoConsent {
        /// The purpose, as consents name it.
        purpose: String,
    },
    /// This device may not do this in this space.
    #[error("not allowed for a {role}")]
    NotAllowed {
        /// The role that was not enough.
        role: String,
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
    /// The disk did not do what was asked.
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
        reason: String,
    },
    /// A mistake of ours. Nothing was half-written, and the object still works.
    #[error("bug at {place}")]
    Bug {
        /// Where, for a report.
        place: String,
    },
}

/// The Fluent message that says an error to a person: `error-not-found`, `error-invalid`, … The sentence of `error-invalid` takes
/// the texts `field` and `reason`, that of `error-try-later` the number `minutes`.
#[uniffi::export]
pub fn error_message_id(error: RafiqError) -> Result<String, RafiqError> {
    crate::guard::guarded("error_message_id", || Ok(core(&error).message_id().to_owned()))
}

/// Why something of the host's did not work. An exception that the host did not declare arrives here too, without its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum HostError {
    /// It failed; the call answers `RafiqError.Host`.
    #[error("host: {reason}")]
    Failed {
        /// For developers; never shown, never stored.
        reason: String,
    },
    /// The platform no longer holds the key it was asked to use; the call answers `RafiqError.KeyLost`.
    #[error("the platform key is gone")]
    KeyGone,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for HostError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: "unexpected".to_owned() } // its text is a stack trace: not kept
    }
}

impl From<HostError> for rafiq::host::HostError {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Failed { reason } => Self::Failed { reason },
            HostError::KeyGone => Self::KeyGone,
        }
    }
}

impl From<rafiq::host::HostError> for HostError {
    fn from(error: rafiq::host::HostError) -> Self {
        match error {
            rafiq::host::HostError::Failed { reason } => Self::Failed { reason },
            rafiq::host::HostError::KeyGone => Self::KeyGone,
        }
    }
}

impl From<Error> for RafiqError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Invalid { field, reason } => Self::Invalid { field: field.to_owned(), reason: reason.to_owned() },
            Error::NoConsent { purpose } => Self::NoConsent { purpose: purpose.to_owned() },
            Error::NotAllowed { role } => Self::NotAllowed { role: role.to_owned() },
            Error::Locked => Self::Locked,
            Error::WrongPassphrase => Self::WrongPassphrase,
            Error::TryLater { seconds } => Self::TryLater { seconds },
            Error::WrongKey => Self::WrongKey,
            Error::KeyLost => Self::KeyLost,
            Error::Corrupt => Self::Corrupt,
            Error::NewerVersion => Self::NewerVersion,
            Error::InUse => Self::InUse,
            Error::StorageFull => Self::StorageFull,
            Error::Storage { code } => Self::Storage { code },
            Error::Closed => Self::Closed,
            Error::Cancelled => Self::Cancelled,
            Error::Host { reason } => Self::Host { reason: reason.to_owned() },
            Error::Bug { place } => Self::Bug { place },
        }
    }
}

/// The core's error of the same variant. Its words are not carried over: the core's are static, and nothing asks for them.
fn core(error: &RafiqError) -> Error {
    match error {
        RafiqError::NotFound => Error::NotFound,
        RafiqError::Invalid { .. } => Error::Invalid { field: "", reason: "" },
        RafiqError::NoConsent { .. } => Error::NoConsent { purpose: "" },
        RafiqError::NotAllowed { .. } => Error::NotAllowed { role: "" },
        RafiqError::Locked => Error::Locked,
        RafiqError::WrongPassphrase => Error::WrongPassphrase,
        RafiqError::TryLater { seconds } => Error::TryLater { seconds: *seconds },
        RafiqError::WrongKey => Error::WrongKey,
        RafiqError::KeyLost => Error::KeyLost,
        RafiqError::Corrupt => Error::Corrupt,
        RafiqError::NewerVersion => Error::NewerVersion,
        RafiqError::InUse => Error::InUse,
        RafiqError::StorageFull => Error::StorageFull,
        RafiqError::Storage { code } => Error::Storage { code: *code },
        RafiqError::Closed => Error::Closed,
        RafiqError::Cancelled => Error::Cancelled,
        RafiqError::Host { .. } => Error::Host { reason: "" },
        RafiqError::Bug { .. } => Error::Bug { place: String::new() },
    }
}

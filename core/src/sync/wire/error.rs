//! Why bytes were not accepted: small, typed, without content.

use rafiq_protocol::ProtocolError;

/// The result of reading or writing wire bytes.
pub type Result<T, E = WireError> = std::result::Result<T, E>;

/// Why wire bytes were not accepted. A pure function of the bytes and keys, so every replica answers alike.
///
/// [`WireError::is_waiting`] tells apart what may be readable later (keep it, try again) from what never will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// More bytes or elements than the limits of the format.
    #[error("too large")]
    TooLarge,
    /// Not an envelope of this space or inbox, or changed on its way.
    #[error("not an envelope of ours, or damaged")]
    BadEnvelope,
    /// Sealed with a key that we do not hold (yet): an epoch to come, or another inbox. Waits.
    #[error("sealed with a key that is not held")]
    WrongKey,
    /// The envelope does not commit to the key that it names.
    #[error("the commitment does not fit the key")]
    BadCommitment,
    /// Not signed by the device that it names, or signed for another purpose.
    #[error("a signature is wrong")]
    BadSignature,
    /// Cut short, of a wrong shape, breaking a rule of the format, or not in its one shortest form.
    #[error("malformed")]
    Malformed,
    /// Written for a newer version of the format. Waits for an upgrade.
    #[error("needs version {needs} of the format")]
    Newer {
        /// The least version that reads it.
        needs: u8,
    },
    /// The changes beside an entry are not those that were signed.
    #[error("the changes are not those that were signed")]
    BadRoot,
    /// The invite's time is over, by the clock of the device that acts.
    #[error("expired")]
    Expired,
    /// The text is no invite of Rafiq's.
    #[error("not an invite")]
    NotAnInvite,
    /// The text was an invite, but letters are missing or wrong.
    #[error("the checksum does not fit")]
    BadChecksum,
    /// Well made, but not an answer to what we asked: another person's welcome, another space, a stranger's word.
    #[error("not an answer to what was asked")]
    NotForUs,
}

impl WireError {
    /// Whether the same bytes may be readable later: with a key still to come, or after an upgrade.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        matches!(self, Self::WrongKey | Self::Newer { .. })
    }

    /// A stable word for quarantine rows, logs and `Error::Invalid`.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::BadEnvelope => "bad-envelope",
            Self::WrongKey => "wrong-key",
            Self::BadCommitment => "bad-commitment",
            Self::BadSignature => "bad-signature",
            Self::Malformed => "malformed",
            Self::Newer { .. } => "newer-version",
            Self::BadRoot => "bad-root",
            Self::Expired => "expired",
            Self::NotAnInvite => "not-an-invite",
            Self::BadChecksum => "checksum",
            Self::NotForUs => "not-for-us",
        }
    }

    /// As the public error of a call whose argument `field` held these bytes.
    #[must_use]
    pub const fn in_field(&self, field: &'static str) -> crate::error::Error {
        match self {
            Self::Newer { .. } => crate::error::Error::NewerVersion,
            other => crate::error::Error::Invalid { field, reason: other.reason() },
        }
    }
}

impl From<ProtocolError> for WireError {
    fn from(error: ProtocolError) -> Self {
        match error {
            ProtocolError::TooLarge { .. } | ProtocolError::TooMany { .. } => Self::TooLarge,
            ProtocolError::NewerVersion { version, .. } => Self::Newer { needs: version },
            ProtocolError::BadSignature => Self::BadSignature,
            _ => Self::Malformed,
        }
    }
}

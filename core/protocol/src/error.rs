//! Why bytes were not accepted.

/// The result of reading or writing protocol bytes.
pub type Result<T, E = ProtocolError> = std::result::Result<T, E>;

/// Why bytes were not accepted. Names the part, never its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// More bytes than `limits` allows.
    #[error("{what} is longer than {limit} bytes")]
    TooLarge {
        /// The part that is too long.
        what: &'static str,
        /// The most that is allowed.
        limit: usize,
    },
    /// More elements than `limits` allows.
    #[error("more than {limit} {what}")]
    TooMany {
        /// The list that is too long.
        what: &'static str,
        /// The most that is allowed.
        limit: usize,
    },
    /// Cut short, of a wrong type, or not CBOR at all.
    #[error("{what} is malformed")]
    Malformed {
        /// The part that cannot be read.
        what: &'static str,
    },
    /// Well formed, but not the one shortest form of it, or followed by more bytes.
    #[error("{what} is not in its one shortest form")]
    NotCanonical {
        /// The part that is written otherwise than it should be.
        what: &'static str,
    },
    /// Written by a version that this one cannot read.
    #[error("{what} has version {version}, which is newer than this one")]
    NewerVersion {
        /// The part with a version.
        what: &'static str,
        /// The version that it names.
        version: u8,
    },
    /// Not signed by the key that it must be signed by.
    #[error("a signature is wrong")]
    BadSignature,
}

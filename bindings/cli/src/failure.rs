//! Why a command ended without doing what was asked.

use crate::certificate::Distrust;
use rafiq::Error;
use std::fmt;
use std::path::PathBuf;

/// Why a command failed. Those of the library are said in the person's language.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library's.
    Core(Error),
    /// The same, about a file or folder that was named.
    At(PathBuf, Error),
    /// No relay was reached; the reason is for developers.
    Offline(String),
    /// A relay was reached, and the exchange did not come to its end.
    Interrupted(String),
    /// The folder that was named, or the usual one, holds no profile.
    NoProfile(PathBuf),
    /// This profile uses no relay yet.
    NoRelay,
    /// A relay was reached and nothing said to it: its certificate is not trusted. The reason is for developers.
    Distrusted(Distrust, String),
    /// A relay was reached, and no encrypted line to it came about: does it speak TLS at all?
    NotEncrypted(String),
    /// The file that was named holds no certificate.
    NoCertificate(PathBuf),
    /// The relay that we were asked to run ended; its own words.
    Relay(String),
    /// Something that the demo promises did not come true.
    Claim(String),
}

impl Failure {
    /// The message that says it, if people's languages have one.
    pub(crate) fn message_id(&self) -> Option<&'static str> {
        match self {
            Self::Core(error) | Self::At(_, error) => Some(error.message_id()),
            Self::Offline(_) => Some("sync-offline"),
            Self::Interrupted(_) => Some("sync-interrupted"),
            Self::NoProfile(_) => Some("cli-profile-empty"),
            Self::NoRelay => Some("cli-no-relay"),
            Self::Distrusted(distrust, _) => Some(distrust.message_id()),
            Self::NotEncrypted(_) => Some("cli-not-encrypted"),
            Self::NoCertificate(_) => Some("cli-no-certificate"),
            Self::Relay(_) | Self::Claim(_) => None,
        }
    }
}

impl fmt::Display for Failure {
    /// For developers, and for what has no sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core(error) => error.fmt(f),
            Self::At(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Offline(reason)
            | Self::Interrupted(reason)
            | Self::Distrusted(_, reason)
            | Self::NotEncrypted(reason) => f.write_str(reason),
            Self::NoProfile(folder) => write!(f, "no profile in {}", folder.display()),
            Self::NoRelay => f.write_str("no relay"),
            Self::NoCertificate(path) => write!(f, "no certificate in {}", path.display()),
            Self::Relay(reason) => write!(f, "rafiq relay: {reason}"),
            Self::Claim(claim) => write!(f, "rafiq demo: this did not come true: {claim}"),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Core(error.into())
    }
}

//! What the host supplies. The core opens no socket and asks no system clock: whoever embeds it, an app, the command
//! line, a simulator, hands it time, randomness, a key vault and bytes.

use crate::error::{Error, Result};
use std::io::{Read, Write};

/// So many bytes are asked for, or handed over, at once.
const PIECE: usize = 64 << 10;

/// Why something of the host's did not work. Its reason is for developers and holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// It failed; the core answers with [`Error::Host`].
    #[error("host: {reason}")]
    Failed {
        /// What failed, in the host's words.
        reason: String,
    },
    /// The platform no longer holds the key it was asked to use.
    #[error("the platform key is gone")]
    KeyGone,
}

/// The wall clock of the device. It is shown to people and stored as the author's time; it never decides order or admission.
pub trait Clock: Send + Sync {
    /// Unix time in milliseconds, UTC.
    fn now_ms(&self) -> i64;
}

/// Randomness fit for keys.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), HostError>;
}

/// A secret of the platform that never leaves it: Android Keystore, iOS Keychain, a file on a laptop.
pub trait KeyVault: Send + Sync {
    /// Wraps a secret of ours under the platform's key, making that key first if there is none.
    fn wrap(&self, secret: &[u8]) -> Result<Vec<u8>, HostError>;
    /// Unwraps what [`KeyVault::wrap`] gave; [`HostError::KeyGone`] if the platform's key no longer exists.
    fn unwrap(&self, wrapped: &[u8]) -> Result<Vec<u8>, HostError>;
    /// Forgets the platform's key: everything under it becomes unreadable.
    fn delete(&self) -> Result<(), HostError>;
}

/// Large input in pieces.
pub trait ByteSource: Send + Sync {
    /// At most `max` further bytes; empty means the end.
    fn read(&self, max: usize) -> Result<Vec<u8>, HostError>;
}

/// Large output in pieces.
pub trait ByteSink: Send + Sync {
    /// Takes the next bytes.
    fn write(&self, bytes: &[u8]) -> Result<(), HostError>;
}

/// A source as [`Read`]: a failure of the host's is one of reading.
pub struct SourceReader<'a> {
    source: &'a dyn ByteSource,
    held: Vec<u8>,
    at: usize,
}

impl<'a> SourceReader<'a> {
    /// Nothing is asked for yet.
    pub fn new(source: &'a dyn ByteSource) -> Self {
        Self { source, held: Vec::new(), at: 0 }
    }
}

impl Read for SourceReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.held.len() {
            self.held = self.source.read(PIECE).map_err(std::io::Error::other)?;
            self.at = 0;
        }
        let count = buffer.len().min(self.held.len() - self.at);
        buffer[..count].copy_from_slice(&self.held[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// A sink as [`Write`].
pub struct SinkWriter<'a> {
    sink: &'a dyn ByteSink,
    failed: bool,
}

impl<'a> SinkWriter<'a> {
    /// Nothing is written yet.
    pub fn new(sink: &'a dyn ByteSink) -> Self {
        Self { sink, failed: false }
    }

    /// Whether the host did not take something: then it is no fault of our own disk.
    #[must_use]
    pub const fn failed(&self) -> bool {
        self.failed
    }
}

impl Write for SinkWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let piece = &bytes[..bytes.len().min(PIECE)];
        self.sink.write(piece).map_err(|error| {
            self.failed = true;
            std::io::Error::other(error)
        })?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// How far long work has come.
pub trait Progress: Send + Sync {
    /// `done` of `total` units (rows, bytes, documents; `total` 0 while unknown). `false` cancels: what was done is kept.
    fn report(&self, done: i64, total: i64) -> bool;
}

/// For callers who do not watch.
pub struct NoProgress;

impl Progress for NoProgress {
    fn report(&self, _done: i64, _total: i64) -> bool {
        true
    }
}

impl From<HostError> for Error {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Failed { .. } => Self::Host { reason: "failed" },
            HostError::KeyGone => Self::KeyLost,
        }
    }
}

impl dyn Random + '_ {
    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }
}

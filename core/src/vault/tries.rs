//! Wrong passphrases, counted beside the key file, so that whoever holds the phone cannot go through a list of likely ones in the app.
//!
//! Nothing of it is secret, and it protects against no one who can read the phone's files: that is what the platform's part of the key
//! and Argon2id are for. Whoever can remove this file can also copy the key file.

use super::profile::{self, paths};
use crate::error::{Error, Result};
use std::path::Path;

/// How many wrong passphrases cost nothing but their second of Argon2id: people mistype.
const FREE: u32 = 4;
/// How long to wait after one more, and one more than that, in milliseconds; the last holds from then on. The steps that phones take
/// with their own codes (Apple Platform Security, "Passcodes": 1, 5, 15, 60 minutes); never longer, so that a child who plays with the
/// phone locks nobody out of their own life.
const WAITS_MS: [i64; 4] = [60_000, 5 * 60_000, 15 * 60_000, 60 * 60_000];
/// The file: how many, 4 bytes, and when the last one was, Unix milliseconds, 8 bytes, both big-endian.
const LENGTH: usize = 12;

/// Counts a try before it is made: a process that ends in between has tried. `TryLater` if it comes too early; it is not counted then.
///
/// The wall clock judges, there is no other that outlives a restart: whoever sets the phone's clock ahead waits no more. With one
/// that was set back the wait begins again, and is no longer than it was.
pub(super) fn count(dir: &Path, now_ms: i64) -> Result<()> {
    let (wrong, last) = read(dir);
    if let Some(step) = wrong.checked_sub(FREE) {
        let wait = WAITS_MS[(step as usize).min(WAITS_MS.len() - 1)];
        let since = now_ms.saturating_sub(last);
        if since < 0 {
            write(dir, wrong, now_ms)?;
        }
        let left = wait.saturating_sub(since.max(0));
        if left > 0 {
            return Err(Error::TryLater { seconds: left.div_euclid(1000) + i64::from(left % 1000 > 0) });
        }
    }
    write(dir, wrong.saturating_add(1), now_ms)
}

/// The passphrase was right, or is another one now.
pub(super) fn forget(dir: &Path) -> Result<()> {
    profile::remove(&paths(dir).tries)
}

/// How many were wrong, and when the last was. What is not such a file counts as none.
fn read(dir: &Path) -> (u32, i64) {
    let bytes = profile::read_bounded(&paths(dir).tries, LENGTH).ok().flatten();
    let Some(bytes) = bytes.and_then(|bytes| <[u8; LENGTH]>::try_from(bytes).ok()) else { return (0, 0) };
    let [a, b, c, d, at @ ..] = bytes;
    (u32::from_be_bytes([a, b, c, d]), i64::from_be_bytes(at))
}

fn write(dir: &Path, wrong: u32, at_ms: i64) -> Result<()> {
    let bytes = [&wrong.to_be_bytes()[..], &at_ms.to_be_bytes()].concat();
    let path = paths(dir).tries;
    match profile::replace(&path, &bytes) {
        // In its place, then: what is there takes no more room. Where even that does not go, a full disk must not lock people out of what
        // they would make room with.
        Err(Error::StorageFull) => match profile::overwrite(&path, &bytes) {
            Err(Error::StorageFull | Error::NotFound) => Ok(()),
            written => written,
        },
        written => written,
    }
}

#[cfg(all(test, target_os = "linux"))] // where a file is that is always full
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail
    use super::*;

    /// Whatever is written beside the file of tries meets a disk without room.
    fn fill(dir: &Path) {
        std::os::unix::fs::symlink("/dev/full", profile::temporary(&paths(dir).tries)).unwrap();
    }

    #[test]
    fn a_full_disk_gives_nobody_more_tries_and_locks_nobody_out() {
        let dir = tempfile::tempdir().unwrap();
        (0..FREE).for_each(|_| count(dir.path(), 0).unwrap());
        fill(dir.path());
        assert_eq!(profile::replace(&paths(dir.path()).tries, &[0; LENGTH]), Err(Error::StorageFull));
        // What is there takes no more room: it is written over, and each further try waits as it should.
        for (now, wait) in [(60_000, 300), (360_000, 900)] {
            assert_eq!(count(dir.path(), now), Ok(()));
            assert_eq!(count(dir.path(), now + 1_000), Err(Error::TryLater { seconds: wait - 1 }));
        }
        assert_eq!(read(dir.path()), (FREE + 2, 360_000));
        // Where nothing is there yet a first try is let through: what would make room lies behind it.
        let empty = tempfile::tempdir().unwrap();
        fill(empty.path());
        assert_eq!(count(empty.path(), 0), Ok(()));
    }
}

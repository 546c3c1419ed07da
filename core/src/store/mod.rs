//! The encrypted file: SQLCipher under a raw key, one writer, a few readers, the log and its book-keeping.
//!
//! The store knows no noun. Tables of the log come from numbered migrations; tables of the read model are given by the
//! nouns through [`crate::replica`].

mod aside;
mod connection;
mod migrate;

use crate::error::{Error, Result};
use connection::{Opener, has_canary, write_canary};
use parking_lot::{Mutex, MutexGuard};
use rafiq_sqlcipher::{AtWork, at_work};
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};

pub use connection::Durability;
pub use migrate::SCHEMA_VERSION;

/// The name of the database file inside a profile's folder.
pub const FILE_NAME: &str = "rafiq.db";

/// Reads go on beside a write; more than this many at once wait for each other.
const READERS: usize = 3;

/// One encrypted database, owned by one process.
pub struct Store {
    opener: Opener,
    writer: Mutex<Option<Connection>>,
    readers: Mutex<Readers>,
}

/// Connections to read on, while the files may be open.
#[derive(Default)]
struct Readers {
    suspended: bool,
    spare: Vec<Connection>,
}

/// What a look at the file says, without changing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// There is no file.
    Empty,
    /// Opens with this key; `pending` migrations would run.
    Ready {
        /// Migrations that opening would run.
        pending: u32,
    },
}

impl Store {
    /// Opens or founds the database in `directory`, runs migrations, and checks the key, the file's length and the canary.
    ///
    /// Errors: `WrongKey` (the key is not this store's), `Corrupt` (damaged or cut short; the file stays as it is),
    /// `NewerVersion`, `StorageFull`, `Storage`.
    pub fn open(directory: &Path, key: &[u8; 32], durability: Durability) -> Result<Self> {
        let opener = Opener::new(directory.join(FILE_NAME), key, durability);
        let _work = at_work();
        let found = opener.exists();
        if !found && opener.has_mark() {
            return Err(Error::Corrupt); // a store was here: never silently replaced by a fresh one
        }
        let writer = Self::found_or_check(&opener, found).map_err(|error| opener.explain(error))?;
        Ok(Self { opener, writer: Mutex::new(Some(writer)), readers: Mutex::default() })
    }

    fn found_or_check(opener: &Opener, found: bool) -> Result<Connection> {
        let mut writer = opener.connect(found)?;
        migrate::run(&mut writer)?;
        if !has_canary(&writer)? {
            write_canary(&writer)?;
        }
        opener.write_mark()?;
        Ok(writer)
    }

    /// Looks without changing anything. Errors as [`Store::open`].
    pub fn inspect(directory: &Path, key: &[u8; 32]) -> Result<FileState> {
        let opener = Opener::new(directory.join(FILE_NAME), key, Durability::Full);
        let _work = at_work();
        if !opener.exists() {
            return if opener.has_mark() { Err(Error::Corrupt) } else { Ok(FileState::Empty) };
        }
        let look = || {
            let connection = opener.connect(true)?;
            let pending = migrate::pending(&connection)?;
            if pending < SCHEMA_VERSION {
                has_canary(&connection)?; // a file that was only begun has no table to look into
            }
            Ok(FileState::Ready { pending })
        };
        look().map_err(|error| opener.explain(error))
    }

    /// Reads every page: its authentication code, then what the b-trees say of each other and the indices of their tables. The work
    /// grows with the file. `Corrupt` if anything is wrong, `NotFound` if there is no file, otherwise as [`Store::open`].
    pub fn check(directory: &Path, key: &[u8; 32]) -> Result<()> {
        let opener = Opener::new(directory.join(FILE_NAME), key, Durability::Full);
        let _work = at_work();
        if !opener.exists() && !opener.has_mark() {
            return Err(Error::NotFound);
        }
        if let FileState::Empty = Self::inspect(directory, key)? {
            return Err(Error::NotFound);
        }
        let connection = opener.connect(true).map_err(|error| opener.explain(error))?;
        // A page whose code is wrong is a row of the first pragma; of the second the one row "ok" is good news.
        let bad_pages = connection.prepare("PRAGMA cipher_integrity_check")?.query([])?.next()?.is_some();
        let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if bad_pages || verdict != "ok" { Err(Error::Corrupt) } else { Ok(()) }
    }

    /// Moves a damaged database aside (never deletes it) so that a fresh one can be founded and filled from peers.
    /// Returns where it went. `now_ms` only makes the name telling. Killed half-way, it is called again and goes on with the same name.
    pub fn set_aside(directory: &Path, now_ms: i64) -> Result<PathBuf> {
        aside::set_aside(directory, now_ms)
    }

    /// One write transaction (`BEGIN IMMEDIATE`). It is on disk when this returns Ok; anything else rolls it back.
    pub fn write<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.writer()?.run(work)
    }

    /// The writer's lock, for work that must look, decide and commit without another write in between.
    pub fn writer(&self) -> Result<WriterGuard<'_>> {
        let guard = self.writer.lock();
        if guard.is_none() {
            return Err(Error::Closed);
        }
        Ok(WriterGuard { guard, _work: at_work() })
    }

    /// Reads on a connection of its own; waits for no writer.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        if self.writer.try_lock().is_some_and(|w| w.is_none()) {
            return Err(Error::Closed);
        }
        let _work = at_work();
        let spare = self.readers.lock().spare.pop();
        let connection = match spare {
            Some(connection) => connection,
            None => self.opener.connect_reader()?,
        };
        let answer = work(&connection);
        let mut readers = self.readers.lock();
        // One that was at work when the files were closed is closed too, and not kept open while the app sleeps.
        if readers.spare.len() < READERS && !readers.suspended {
            readers.spare.push(connection);
        }
        answer
    }

    /// Checkpoints and closes all files (an iOS app that holds a lock while suspended is killed). Idempotent.
    pub fn suspend(&self) -> Result<()> {
        let mut writer = self.writer.lock();
        let _work = at_work();
        *self.readers.lock() = Readers { suspended: true, spare: Vec::new() };
        if let Some(connection) = writer.take() {
            // A reader elsewhere may hold the write-ahead log open: then the checkpoint is partial, and nothing is lost by it.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            connection.close().map_err(|(_, error)| error)?;
        }
        Ok(())
    }

    /// Brings everything into the database and empties the write-ahead log. `false` if a reader holds it open.
    pub fn empty_wal(&self) -> Result<bool> {
        let guard = self.writer()?;
        let connection = guard.guard.as_ref().ok_or(Error::Closed)?;
        let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }

    /// Opens the files again after [`Store::suspend`]. Idempotent.
    pub fn resume(&self) -> Result<()> {
        let mut writer = self.writer.lock();
        let _work = at_work();
        if writer.is_none() {
            *writer = Some(self.opener.connect(true).map_err(|error| self.opener.explain(error))?);
            self.readers.lock().suspended = false;
        }
        Ok(())
    }

    /// Whether [`Store::suspend`] closed it.
    pub fn is_suspended(&self) -> bool {
        self.writer.try_lock().is_some_and(|w| w.is_none())
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _work = at_work();
        *self.readers.get_mut() = Readers::default();
        *self.writer.get_mut() = None;
    }
}

/// The one writer, held.
pub struct WriterGuard<'a> {
    guard: MutexGuard<'a, Option<Connection>>,
    _work: AtWork,
}

impl WriterGuard<'_> {
    /// One transaction; see [`Store::write`].
    pub fn run<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.guard.as_mut().ok_or(Error::Closed)?;
        // Dropped without commit, also by a panic on its way up, it rolls back.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let answer = work(&transaction)?;
        transaction.commit()?;
        Ok(answer)
    }
}

/// A value of the `meta` table.
pub fn meta(connection: &Connection, key: &str) -> Result<Option<Vec<u8>>> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    let mut rows = statement.query([key])?;
    Ok(match rows.next()? {
        Some(row) => Some(row.get(0)?),
        None => None,
    })
}

/// Sets a value of the `meta` table.
pub fn set_meta(connection: &Connection, key: &str, value: &[u8]) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")?
        .execute(rusqlite::params![key, value])?;
    Ok(())
}

/// Makes names in a folder durable. (Windows has no such call and journals names itself.)
pub(crate) fn sync_folder(directory: &Path) -> Result<()> {
    if cfg!(unix) && directory.is_dir() {
        std::fs::File::open(directory)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;

//! How a connection to the file is made: the key, the pragmas, and what tells a wrong key from a damaged file.

use super::{meta, set_meta};
use crate::error::{Error, Result};
use crate::ids::hash;
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Pages of the write-ahead log before SQLite moves them into the file: 4 MB of 4 KiB pages bounds the log.
const WAL_PAGES: u32 = 1_000;
const CANARY: &[u8] = b"rafiq store 1";

/// How much a commit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A commit that returned survives a power cut. What people get.
    Full,
    /// A commit survives a crash of the process only. For tests that must show that the difference is seen.
    ProcessOnly,
}

pub(super) struct Opener {
    path: PathBuf,
    key: Zeroizing<[u8; 32]>,
    durability: Durability,
}

impl Opener {
    pub(super) fn new(path: PathBuf, key: &[u8; 32], durability: Durability) -> Self {
        rafiq_sqlcipher::link();
        Self { path, key: Zeroizing::new(*key), durability }
    }

    pub(super) fn exists(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|m| m.len() > 0)
    }

    /// The key and pragmas of every connection.
    fn prepare(&self, flags: OpenFlags) -> Result<Connection> {
        let connection = Connection::open_with_flags(&self.path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        let hex: Zeroizing<String> = Zeroizing::new(self.key.iter().map(|b| format!("{b:02x}")).collect());
        let keyed: Zeroizing<String> = Zeroizing::new(format!("PRAGMA key = \"x'{}'\";", *hex));
        connection.execute_batch(&keyed)?;
        connection.execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
             PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 5000;",
        )?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    }

    /// The writer's connection. `found`: the file was there before.
    pub(super) fn connect(&self, found: bool) -> Result<Connection> {
        let connection = self.prepare(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        if found && self.has_mark() {
            // SQLCipher takes a page of zeros, and a file of a few bytes, for an empty database. The mark is written when the
            // schema stands: where it lies, empty means damaged, and nothing is founded over it.
            let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            if version == 0 {
                return Err(Error::Corrupt);
            }
        }
        let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |r| r.get(0))?;
        if mode != "wal" {
            return Err(Error::bug("journal mode"));
        }
        let synchronous = match self.durability {
            Durability::Full => "FULL",
            Durability::ProcessOnly => "OFF",
        };
        connection.execute_batch(&format!(
            "PRAGMA synchronous = {synchronous}; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
             PRAGMA wal_autocheckpoint = {WAL_PAGES}; PRAGMA journal_size_limit = 4194304;"
        ))?;
        if found {
            self.check_length(&connection)?;
        }
        Ok(connection)
    }

    pub(super) fn connect_reader(&self) -> Result<Connection> {
        let connection = self.prepare(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.execute_batch("PRAGMA query_only = ON;")?;
        Ok(connection)
    }

    /// A file cut short is told at once, not when somebody happens to read the missing page.
    fn check_length(&self, connection: &Connection) -> Result<()> {
        // With a log still to be moved into the file, the file may rightly be shorter than the database.
        let wal = fs::metadata(with_suffix(&self.path, "-wal")).map_or(0, |m| m.len());
        if wal > 0 {
            return Ok(());
        }
        let pages: u64 = connection.query_row("PRAGMA page_count", [], |r| r.get::<_, i64>(0))?.unsigned_abs();
        // SQLCipher answers this pragma itself, in text.
        let size: String = connection.query_row("PRAGMA cipher_page_size", [], |r| r.get(0))?;
        let size: u64 = size.parse().map_err(|_| Error::bug("page size"))?;
        if fs::metadata(&self.path)?.len() < pages * size {
            return Err(Error::Corrupt);
        }
        Ok(())
    }

    fn mark_path(&self) -> PathBuf {
        with_suffix(&self.path, ".mark")
    }

    pub(super) fn has_mark(&self) -> bool {
        self.mark_path().exists()
    }

    /// A hash of the key beside the file: SQLCipher answers "not a database" to a wrong key and to a damaged first page
    /// alike, and a person must be told which it is.
    fn mark(&self) -> [u8; 32] {
        hash("rafiq 2026 store mark v1", &[&*self.key])
    }

    /// What does not open is damaged, unless the mark says that it is another key's. The mark is asked only then: a mark that is
    /// itself damaged must not lock anybody out of a store that opens.
    pub(super) fn explain(&self, error: Error) -> Error {
        match fs::read(self.mark_path()) {
            Ok(mark) if error == Error::Corrupt && mark.len() == 32 && mark != self.mark() => Error::WrongKey,
            _ => error,
        }
    }

    pub(super) fn write_mark(&self) -> Result<()> {
        if fs::read(self.mark_path()).is_ok_and(|m| m == self.mark()) {
            return Ok(());
        }
        let temporary = with_suffix(&self.path, ".mark-new");
        fs::write(&temporary, self.mark())?;
        fs::File::open(&temporary)?.sync_all()?;
        fs::rename(&temporary, self.mark_path())?;
        self.path.parent().map_or(Ok(()), super::sync_folder)
    }
}

/// Whether the row is there that says that what was decrypted is ours; `Corrupt` if another stands in its place.
pub(super) fn has_canary(connection: &Connection) -> Result<bool> {
    match meta(connection, "canary")? {
        Some(value) if value == CANARY => Ok(true),
        Some(_) => Err(Error::Corrupt),
        None => Ok(false),
    }
}

pub(super) fn write_canary(connection: &Connection) -> Result<()> {
    set_meta(connection, "canary", CANARY)
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

use super::*;
use std::fs;

const KEY: [u8; 32] = [7; 32];

fn filled() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), &KEY, Durability::Full).unwrap();
    store.write(|c| set_meta(c, "word", &vec![9; 50_000])).unwrap();
    store.suspend().unwrap();
    directory
}

fn open(directory: &tempfile::TempDir, key: &[u8; 32]) -> Result<Store> {
    Store::open(directory.path(), key, Durability::Full)
}

#[test]
fn what_was_written_is_read() {
    let directory = filled();
    let store = open(&directory, &KEY).unwrap();
    assert_eq!(store.read(|c| meta(c, "word")).unwrap().unwrap().len(), 50_000);
    let (sync, mode, provider): (i64, String, String) = store
        .write(|c| {
            Ok((
                c.query_row("PRAGMA synchronous", [], |r| r.get(0))?,
                c.query_row("PRAGMA journal_mode", [], |r| r.get(0))?,
                c.query_row("PRAGMA cipher_provider", [], |r| r.get(0))?,
            ))
        })
        .unwrap();
    assert_eq!((sync, mode.as_str(), provider.as_str()), (2, "wal", "rustcrypto"));
}

#[test]
fn nothing_is_readable_without_the_key() {
    let directory = filled();
    let bytes = fs::read(directory.path().join(FILE_NAME)).unwrap();
    assert!(!bytes.starts_with(b"SQLite format 3"));
    assert!(!bytes.windows(16).any(|w| w == [9; 16]));
}

#[test]
fn a_wrong_key_is_told_apart_from_a_damaged_file() {
    let directory = filled();
    assert_eq!(open(&directory, &[8; 32]).err(), Some(Error::WrongKey));
    let path = directory.path().join(FILE_NAME);
    let good = fs::read(&path).unwrap();
    let mut bad = good.clone();
    bad[100] ^= 1;
    fs::write(&path, &bad).unwrap();
    assert_eq!(open(&directory, &KEY).err(), Some(Error::Corrupt));
    fs::write(&path, &good[..good.len() - 4096]).unwrap();
    assert_eq!(open(&directory, &KEY).err(), Some(Error::Corrupt));
    fs::write(&path, &good).unwrap();
    open(&directory, &KEY).unwrap();
}

#[test]
fn a_vanished_file_is_not_replaced_silently() {
    let directory = filled();
    fs::remove_file(directory.path().join(FILE_NAME)).unwrap();
    assert_eq!(open(&directory, &KEY).err(), Some(Error::Corrupt));
}

#[test]
fn a_damaged_file_is_moved_aside_not_deleted() {
    let directory = filled();
    let path = directory.path().join(FILE_NAME);
    let good = fs::read(&path).unwrap();
    let kept = Store::set_aside(directory.path(), 1).unwrap();
    assert_eq!(fs::read(kept).unwrap(), good);
    open(&directory, &KEY).unwrap();
}

#[test]
fn a_check_finds_what_an_open_does_not() {
    let directory = filled();
    assert_eq!(Store::check(directory.path(), &KEY), Ok(()));
    assert_eq!(Store::check(directory.path(), &[8; 32]), Err(Error::WrongKey));
    let path = directory.path().join(FILE_NAME);
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 2_000; // inside the last page, which opening does not read
    bytes[last] ^= 1;
    fs::write(&path, &bytes).unwrap();
    open(&directory, &KEY).unwrap().suspend().unwrap();
    assert_eq!(Store::check(directory.path(), &KEY), Err(Error::Corrupt));
    assert_eq!(Store::check(tempfile::tempdir().unwrap().path(), &KEY), Err(Error::NotFound));
}

#[test]
fn a_check_sees_a_wrong_canary_and_an_index_that_differs_from_its_table() {
    let directory = filled();
    let store = open(&directory, &KEY).unwrap();
    let differing = "CREATE TABLE pair (one INTEGER, other INTEGER) STRICT; CREATE INDEX by_one ON pair (one);
         INSERT INTO pair (one, other) VALUES (1, 2); PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = 'CREATE INDEX by_one ON pair (other)' WHERE name = 'by_one';";
    store.write(|c| Ok(c.execute_batch(differing)?)).unwrap();
    drop(store);
    assert_eq!(Store::check(directory.path(), &KEY), Err(Error::Corrupt));

    let directory = filled();
    let store = open(&directory, &KEY).unwrap();
    store.write(|c| set_meta(c, "canary", b"another")).unwrap();
    drop(store);
    assert_eq!(open(&directory, &KEY).err(), Some(Error::Corrupt));
    assert_eq!(Store::inspect(directory.path(), &KEY), Err(Error::Corrupt));
    assert_eq!(Store::check(directory.path(), &KEY), Err(Error::Corrupt));
}

#[test]
fn a_move_aside_that_was_cut_short_is_finished_under_its_name() {
    let directory = filled();
    let file = |name: &str| directory.path().join(name);
    fs::write(file("rafiq.db-wal"), b"the log").unwrap();
    fs::rename(file(FILE_NAME), file("rafiq.db.damaged-1")).unwrap();
    assert_eq!(Store::check(directory.path(), &KEY), Err(Error::Corrupt));
    assert_eq!(open(&directory, &KEY).err(), Some(Error::Corrupt), "cut short, nothing opens");
    assert_eq!(Store::set_aside(directory.path(), 2), Ok(file("rafiq.db.damaged-1")));
    assert_eq!(fs::read(file("rafiq.db.damaged-1-wal")).unwrap(), b"the log");
    assert!(file("rafiq.db.damaged-1.mark").exists() && !file("rafiq.db.damaged-2.mark").exists());
    open(&directory, &KEY).unwrap();
}

#[test]
fn a_move_aside_overwrites_no_earlier_one() {
    let directory = filled();
    let first = Store::set_aside(directory.path(), 7).unwrap();
    let bytes = fs::read(&first).unwrap();
    open(&directory, &KEY).unwrap().suspend().unwrap();
    let second = Store::set_aside(directory.path(), 7).unwrap();
    assert_ne!(first, second);
    assert_eq!(fs::read(&first).unwrap(), bytes);
    // Its file vanished after earlier ones were moved whole: what is left of it gets a name of its own.
    open(&directory, &KEY).unwrap().suspend().unwrap();
    fs::remove_file(directory.path().join(FILE_NAME)).unwrap();
    let third = Store::set_aside(directory.path(), 7).unwrap();
    assert!(third != first && third != second);
    open(&directory, &KEY).unwrap();
}

#[test]
fn a_store_of_the_first_schema_is_brought_forward_with_all_it_holds() {
    let directory = filled();
    let store = open(&directory, &KEY).unwrap();
    store
        .write(|c| {
            Ok(c.execute_batch(
                "DROP TABLE posted; DROP TABLE offer; DROP TABLE carried; DROP TABLE by_hand;
                 DROP TABLE carried_size; ALTER TABLE outbox DROP COLUMN acknowledged; ALTER TABLE outbox DROP COLUMN not_before; ALTER TABLE outbox DROP COLUMN refused;
                 DROP TABLE renewal; DROP INDEX outbox_by_entry; ALTER TABLE outbox DROP COLUMN entry;
                 ALTER TABLE named_head DROP COLUMN by; ALTER TABLE relay_cursor DROP COLUMN last;
                 ALTER TABLE relay_cursor DROP COLUMN list_key;
                 DROP INDEX outbox_by_blob; ALTER TABLE outbox DROP COLUMN blob; DROP TABLE blob; DROP TABLE blob_envelope;
                 DROP TABLE erased; DROP TABLE erasure; DROP TABLE erasure_seen; DROP TABLE blob_size; DROP INDEX held_item_by_reason;
                 DROP TABLE pack; DROP TABLE pack_draft; DROP INDEX entry_by_space; ALTER TABLE held_item DROP COLUMN position;
                 ALTER TABLE change DROP COLUMN place; DROP TABLE fallen; DROP TABLE taken_over; DROP TABLE passed_on; DROP TABLE again;
                 DROP INDEX held_item_forked; DROP INDEX held_item_by_author; ALTER TABLE held_item DROP COLUMN author; DROP TABLE kit; DROP TABLE recovery; DROP TABLE past; DROP TABLE as_packed;
                 DROP INDEX epoch_by_author; DROP TABLE epoch; ALTER TABLE space_key DROP COLUMN heads; ALTER TABLE space_key DROP COLUMN joined;
                 INSERT INTO space_key VALUES (x'01', 1, 1, x'02', x'03');
                 PRAGMA user_version = 1;",
            )?)
        })
        .unwrap();
    store.suspend().unwrap();
    assert_eq!(Store::inspect(directory.path(), &KEY), Ok(FileState::Ready { pending: SCHEMA_VERSION - 1 }));
    let store = open(&directory, &KEY).unwrap();
    assert!(store.read(|c| meta(c, "word")).unwrap().is_some());
    let posted = |c: &Connection| Ok(c.query_row("SELECT count(*) FROM posted", [], |row| row.get::<_, i64>(0))?);
    assert_eq!(store.read(posted), Ok(0));
    let key = |c: &Connection| {
        Ok(c.query_row("SELECT secret, joined FROM space_key", [], |row| Ok((row.get(0)?, row.get(1)?)))?)
    };
    assert_eq!(store.read(key), Ok((vec![3u8], 0)));
}

#[test]
fn a_newer_schema_is_left_alone() {
    let directory = filled();
    let store = open(&directory, &KEY).unwrap();
    store.write(|c| Ok(c.pragma_update(None, "user_version", 99)?)).unwrap();
    store.suspend().unwrap();
    assert_eq!(open(&directory, &KEY).err(), Some(Error::NewerVersion));
}

#[test]
fn suspended_is_closed_and_resume_opens_again() {
    let directory = filled();
    let store = open(&directory, &KEY).unwrap();
    store.suspend().unwrap();
    assert_eq!(store.read(|c| meta(c, "word")).err(), Some(Error::Closed));
    assert_eq!(store.write(|c| meta(c, "word")).err(), Some(Error::Closed));
    store.resume().unwrap();
    assert!(store.read(|c| meta(c, "word")).unwrap().is_some());
}

#[test]
fn a_failed_or_panicking_write_leaves_nothing() {
    let directory = filled();
    let store = open(&directory, &KEY).unwrap();
    let refused = store.write(|c| set_meta(c, "half", b"1").and(Err::<(), _>(Error::Cancelled)));
    assert_eq!(refused.err(), Some(Error::Cancelled));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write(|c| -> Result<()> {
            set_meta(c, "half", b"1")?;
            panic!("inside a transaction")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(store.read(|c| meta(c, "half")).unwrap(), None);
    store.write(|c| set_meta(c, "whole", b"1")).unwrap();
}

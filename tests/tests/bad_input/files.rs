//! The profile's files: another key, no key, damage, a newer app's, in use, no room.

use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, NewCheckIn, Share};
use rafiq::store::FILE_NAME;
use rafiq::{Error, ProfileState, Rafiq, Result};
use rafiq_tests::crash::host;
use rafiq_tests::faults::{Dice, Disk, Scene};
use rafiq_tests::phone::{Phone, START_MS, TestVault};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

fn note(text: &str) -> NewCheckIn {
    let note = text.to_owned();
    NewCheckIn { feeling: Feeling::Good, helps: vec![], contact: ContactWish::No, share: Share::Private, note }
}

fn notes(rafiq: &Rafiq) -> Result<Vec<String>> {
    let page = rafiq.check_ins().list(CheckInFilter::default(), 500, None)?;
    let mut notes: Vec<String> = page.items.into_iter().map(|check_in| check_in.note).collect();
    notes.sort();
    Ok(notes)
}

/// A profile with some weeks in it, closed.
fn filled(seed: u64) -> Phone {
    let mut phone = Phone::new(seed, "Amina", "prs");
    for number in 0..40 {
        phone.check_ins().record(note(&format!("note {number:03} {}", "long ".repeat(60)))).unwrap();
    }
    phone.stop();
    phone
}

/// Every file of a folder, byte for byte, but the lock and the shared memory of SQLite, which hold nothing.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let holds_nothing = [".lock", "-shm"].iter().any(|end| name.ends_with(end))
            || name.ends_with("-wal") && fs::metadata(&path).unwrap().len() == 0;
        if !holds_nothing {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
    files
}

fn open(phone: &Phone) -> Result<Rafiq> {
    Rafiq::open(phone.path(), phone.host.clone(), None)
}

/// Refused twice with the same error, as told beforehand, and not a byte of the folder moved.
fn assert_refused(phone: &Phone, error: Error, state: ProfileState) {
    let before = files(phone.path());
    for _ in 0..2 {
        assert_eq!(open(phone).err(), Some(error.clone()));
        assert_eq!(Rafiq::inspect(phone.path(), &phone.host).unwrap(), state);
    }
    assert_eq!(files(phone.path()), before, "nothing was changed");
}

#[test]
fn wrong_key() {
    let mut phone = filled(1);
    let key = phone.path().join("rafiq.key");
    let good = fs::read(&key).unwrap();
    // Another profile's key under the same platform key: it opens by itself, and is not this store's.
    let other = tempfile::tempdir().unwrap();
    Rafiq::open(other.path(), host(1, 99, START_MS).0, None).unwrap().shutdown().unwrap();
    fs::copy(other.path().join("rafiq.key"), &key).unwrap();
    assert_refused(&phone, Error::WrongKey, ProfileState::Corrupt);
    fs::write(&key, good).unwrap();
    // A mark that is damaged locks nobody out.
    fs::write(phone.path().join("rafiq.db.mark"), [7; 32]).unwrap();
    phone.start();
    assert_eq!(notes(&phone).unwrap().len(), 40);
}

#[test]
fn lost_key() {
    let mut phone = filled(2);
    // The platform has forgotten its key: a new telephone with the old one's files.
    let host = phone.host.clone();
    host.vault.delete().unwrap();
    assert_refused(&phone, Error::KeyLost, ProfileState::KeyLost);
    phone.host.vault = Arc::new(TestVault::new(77));
    assert_refused(&phone, Error::KeyLost, ProfileState::KeyLost);
    phone.host.vault = Arc::new(TestVault::new(2));
    // The key file is gone: no fresh profile is made over the old store.
    let key = phone.path().join("rafiq.key");
    let good = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    assert_refused(&phone, Error::KeyLost, ProfileState::KeyLost);
    fs::write(&key, good).unwrap();
    phone.start();
    assert_eq!(notes(&phone).unwrap().len(), 40);
}

#[test]
fn corrupt_file() {
    let mut phone = filled(3);
    let (path, key) = (phone.path().join(FILE_NAME), phone.path().join("rafiq.key"));
    phone.start();
    let all = notes(&phone).unwrap();
    phone.stop();
    let good = fs::read(&path).unwrap();
    let mut dice = Dice::new(3);
    let (mut detected, mut unhurt) = (0, 0);
    let pages = good.len() as u64 / 4096;
    for round in 0..80 {
        let mut bad = good.clone();
        // Each page in turn, then anywhere: one bit, or a whole sector.
        let at = if round < pages { round * 4096 + dice.below(4096) } else { dice.below(good.len() as u64) } as usize;
        if round % 4 == 3 {
            // A sector, or the page that was never written.
            let size = if round % 8 == 3 && round > 3 { 512 } else { 4096 };
            let at = if round == 3 { 0 } else { at };
            let start = at / size * size;
            bad[start..start + size].fill(0);
        } else {
            bad[at] ^= 1 << dice.below(8);
        }
        fs::write(&path, &bad).unwrap();
        let seen = open(&phone).and_then(|rafiq| {
            let seen = notes(&rafiq)?;
            rafiq.replica().forget_read_model()?;
            rafiq.replica().project_missing(&rafiq::host::NoProgress)?;
            assert_eq!(notes(&rafiq)?, seen);
            Ok(seen)
        });
        match seen {
            Ok(seen) => {
                assert_eq!(seen, all, "byte {at}: never a silent difference");
                unhurt += 1;
            }
            Err(Error::Corrupt) => detected += 1,
            Err(other) => panic!("byte {at}: {other}"),
        }
        for side in ["rafiq.db-wal", "rafiq.db-shm"] {
            let _ = fs::remove_file(phone.path().join(side));
        }
    }
    println!("corrupt_file: {detected} detected, {unhurt} in what nobody needs, 0 silent");
    assert!(detected > 20);
    fs::write(&path, &good).unwrap();
    // The key file: a byte anywhere.
    let sound = fs::read(&key).unwrap();
    for at in 0..sound.len() {
        let mut bad = sound.clone();
        bad[at] ^= 0x10;
        fs::write(&key, &bad).unwrap();
        assert!(matches!(open(&phone).err(), Some(Error::Corrupt | Error::KeyLost | Error::NewerVersion)), "byte {at}");
    }
    fs::write(&key, &sound).unwrap();
    phone.start();
    assert_eq!(notes(&phone).unwrap(), all);
}

#[test]
fn truncated_file() {
    let mut phone = filled(4);
    let path = phone.path().join(FILE_NAME);
    let good = fs::read(&path).unwrap();
    for length in [0, 1, 100, 511, 512, 4095, 4096, 4097, good.len() / 2, good.len() - 4096, good.len() - 1] {
        fs::write(&path, &good[..length]).unwrap();
        assert_refused(&phone, Error::Corrupt, ProfileState::Corrupt);
    }
    let key = phone.path().join("rafiq.key");
    let sound = fs::read(&key).unwrap();
    for length in [0, 1, 20, sound.len() - 1] {
        fs::write(&key, &sound[..length]).unwrap();
        assert_eq!(open(&phone).err(), Some(Error::Corrupt), "key file of {length}");
    }
    fs::write(&key, &sound).unwrap();
    fs::write(&path, &good).unwrap();
    phone.start();
    assert_eq!(notes(&phone).unwrap().len(), 40);
}

#[test]
fn newer_schema() {
    let mut phone = filled(5);
    phone.start();
    let newer = |rows: &rusqlite::Connection| Ok(rows.pragma_update(None, "user_version", 99)?);
    phone.replica().store().write(newer).unwrap();
    // Who has it open goes on; the next start does not touch it.
    assert_eq!(notes(&phone).unwrap().len(), 40);
    phone.stop();
    assert_refused(&phone, Error::NewerVersion, ProfileState::NewerVersion);
    // A key file of a later format, intact.
    let phone = filled(55);
    let key = phone.path().join("rafiq.key");
    let mut bytes = fs::read(&key).unwrap();
    bytes[8] = 2;
    let body = bytes.len() - 16;
    let sum = blake3::derive_key("rafiq 2026 key file checksum v1", &bytes[..body]);
    bytes[body..].copy_from_slice(&sum[..16]);
    fs::write(&key, bytes).unwrap();
    assert_refused(&phone, Error::NewerVersion, ProfileState::NewerVersion);
}

#[test]
fn in_use() {
    let mut phone = filled(6);
    phone.start();
    assert_eq!(open(&phone).err(), Some(Error::InUse));
    assert_eq!(Rafiq::inspect(phone.path(), &phone.host).unwrap(), ProfileState::InUse);
    phone.suspend().unwrap();
    assert_eq!(open(&phone).err(), Some(Error::InUse), "suspended is still ours");
    phone.resume().unwrap();
    assert_eq!(notes(&phone).unwrap().len(), 40, "who has it goes on");
    phone.shutdown().unwrap();
    open(&phone).unwrap();
    phone.stop();
    // Another process: `held_by_another_process` in the stage `crash`.
    phone.start();
    assert_eq!(notes(&phone).unwrap().len(), 40);
}

#[test]
fn disk_full() {
    full_while_writing();
    full_while_receiving();
    full_while_opening();
}

/// At each write of a call in turn: the call says so, nothing of it stays, and with room again the same call works.
fn full_while_writing() {
    let mut phone = filled(7);
    let disk = Disk::new(phone.path(), 7);
    phone.start();
    let (mut refused, mut kept) = (0, 40);
    for writes in 0.. {
        let text = format!("when full after {writes}");
        disk.full_after(writes);
        let answer = phone.check_ins().record(note(&text)).map(drop);
        let full = disk.was_full();
        disk.make_room();
        match answer {
            Err(error) => {
                assert_eq!((error, full), (Error::StorageFull, true));
                assert_eq!(notes(&phone).unwrap().len(), kept, "nothing half-written");
                phone.check_ins().record(note(&text)).unwrap();
                refused += 1;
            }
            Ok(()) if !full => break,
            Ok(()) => {}
        }
        kept += 1;
        assert_eq!(notes(&phone).unwrap().len(), kept);
    }
    assert!(refused >= 3, "{refused}");
    Scene::assert_sound(&phone);
    phone.stop();
    phone.start();
    assert!(notes(&phone).unwrap().len() >= kept);
}

/// The answer of a relay meets a full disk: it is asked for again, and all of it arrives.
fn full_while_receiving() {
    let mut scene = Scene::new(8);
    let disk = Disk::new(scene.newcomer.path(), 8);
    scene.newcomer.stop();
    scene.newcomer.start();
    let mut refused = 0;
    for writes in (0..60).step_by(3) {
        let (his, hers) =
            (scene.mentor_writes(&format!("his {writes}")), scene.newcomer_writes(&format!("hers {writes}")));
        scene.mentor_exchange().unwrap();
        disk.full_after(writes);
        let answer = scene.newcomer_exchange();
        let full = disk.was_full();
        disk.make_room();
        if let Err(error) = answer {
            assert_eq!((error, full), (Error::StorageFull, true));
            refused += 1;
        }
        scene.newcomer_exchange().unwrap();
        assert!(scene.goals(&scene.newcomer).contains(&his));
        scene.mentor_exchange().unwrap();
        assert!(scene.goals(&scene.mentor).contains(&hers));
    }
    assert!(refused >= 5, "{refused}");
    scene.converge();
    Scene::assert_sound(&scene.newcomer);
}

/// A profile is made, or opened, with no room: an error, and later it opens.
fn full_while_opening() {
    let mut refused = 0;
    for writes in (0..200).step_by(13) {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(folder.path(), writes);
        let open = || Rafiq::open(folder.path(), host(9, 100 + writes, START_MS).0, None);
        disk.full_after(writes);
        if let Err(error) = open() {
            assert_eq!(error, Error::StorageFull);
            refused += 1;
        }
        disk.make_room();
        let rafiq = open().unwrap();
        let text = note("with room again");
        rafiq.check_ins().record(text).unwrap();
        drop(rafiq);
        disk.full_after(0);
        if let Err(error) = open() {
            assert_eq!(error, Error::StorageFull);
        }
        disk.make_room();
        assert_eq!(notes(&open().unwrap()).unwrap(), ["with room again"]);
    }
    assert!(refused >= 3, "{refused}");
}

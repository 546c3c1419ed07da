use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;

use super::key_file::checksum;
use super::*;

/// A platform that wraps with a key of its own, and can lose it, change it, or be out of order.
struct Platform(Mutex<Option<[u8; 32]>>);

impl Platform {
    fn new() -> Self {
        Self(Mutex::new(Some([3; 32])))
    }

    fn set(&self, key: Option<[u8; 32]>) {
        *self.0.lock().unwrap() = key;
    }

    fn mask(&self, bytes: &[u8]) -> std::result::Result<Vec<u8>, HostError> {
        let key = self.0.lock().unwrap().ok_or(HostError::KeyGone)?;
        if key == [0; 32] {
            return Err(HostError::Failed { reason: "busy".into() });
        }
        Ok(bytes.iter().zip(key.iter().cycle()).map(|(a, b)| a ^ b).collect())
    }
}

impl KeyVault for Platform {
    fn wrap(&self, secret: &[u8]) -> std::result::Result<Vec<u8>, HostError> {
        self.mask(secret)
    }
    fn unwrap(&self, wrapped: &[u8]) -> std::result::Result<Vec<u8>, HostError> {
        self.mask(wrapped)
    }
    fn delete(&self) -> std::result::Result<(), HostError> {
        self.set(None);
        Ok(())
    }
}

struct System;

impl Random for System {
    fn fill(&self, buffer: &mut [u8]) -> std::result::Result<(), HostError> {
        getrandom::fill(buffer).map_err(|e| HostError::Failed { reason: e.to_string() })
    }
}

/// Stands still, so that Argon2 costs no more than the floor here.
impl Clock for System {
    fn now_ms(&self) -> i64 {
        0
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn new(dir: &Path, platform: &Platform, passphrase: Option<&str>) -> [u8; 32] {
    *create(dir, platform, passphrase, &System, &System).unwrap().bytes()
}

fn answer(dir: &Path, platform: &Platform, passphrase: Option<&str>) -> Result<[u8; 32]> {
    open(dir, platform, passphrase, &System).map(|key| *key.bytes())
}

#[test]
fn made_and_opened() {
    let (dir, platform) = (folder(), Platform::new());
    let at = dir.path().join("new/profile");
    assert_eq!(state(&at), Ok(KeyState::Empty));
    assert_eq!(answer(&at, &platform, None), Err(Error::NotFound));
    let key = new(&at, &platform, None);
    assert_eq!(state(&at), Ok(KeyState::PlatformOnly));
    assert_eq!(answer(&at, &platform, None), Ok(key));
    assert_eq!(answer(&at, &platform, Some("word")), Err(Error::invalid("passphrase", "not-used")));
    let again = create(&at, &platform, None, &System, &System).err();
    assert_eq!(again, Some(Error::invalid("profile", "exists")), "never a second key over the first");
    assert_eq!(answer(&at, &platform, None), Ok(key));
    assert_eq!(format!("{:?}", open(&at, &platform, None, &System).unwrap()), "Key(…)");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&at), mode(&paths(&at).key)), (0o700, 0o600));
    }
    assert_ne!(new(folder().path(), &platform, None), key);
}

#[test]
fn the_passphrase() {
    let (dir, platform) = (folder(), Platform::new());
    let key = new(dir.path(), &platform, Some("آب و هوا"));
    assert_eq!(state(dir.path()), Ok(KeyState::NeedsPassphrase));
    assert_eq!(answer(dir.path(), &platform, None), Err(Error::Locked));
    assert_eq!(answer(dir.path(), &platform, Some("آب و هوای")), Err(Error::WrongPassphrase));
    assert_eq!(answer(dir.path(), &platform, Some("")), Err(Error::invalid("passphrase", "empty")));
    assert_eq!(answer(dir.path(), &platform, Some("آب و هوا")), Ok(key));

    let change = |old, new| change_passphrase(dir.path(), &platform, old, new, &System, &System);
    assert_eq!(change(Some("wrong"), Some("next")), Err(Error::WrongPassphrase));
    assert_eq!(change(Some("آب و هوا"), Some("")), Err(Error::invalid("passphrase", "empty")));
    assert_eq!(answer(dir.path(), &platform, Some("آب و هوا")), Ok(key), "nothing was changed");
    change(Some("آب و هوا"), Some("next")).unwrap();
    assert_eq!(answer(dir.path(), &platform, Some("آب و هوا")), Err(Error::WrongPassphrase));
    assert_eq!(answer(dir.path(), &platform, Some("next")), Ok(key), "the same key under another passphrase");
    change(Some("next"), None).unwrap();
    assert_eq!(answer(dir.path(), &platform, None), Ok(key));
    change(None, Some("last")).unwrap();
    assert_eq!(answer(dir.path(), &platform, Some("last")), Ok(key));
}

#[test]
fn lost_key() {
    let (dir, platform) = (folder(), Platform::new());
    for passphrase in [None, Some("word")] {
        let at = dir.path().join(passphrase.unwrap_or("plain"));
        let key = new(&at, &platform, passphrase);
        fs::write(paths(&at).store, b"a store").unwrap();
        platform.set(None);
        assert_eq!(answer(&at, &platform, passphrase), Err(Error::KeyLost), "the platform forgot");
        platform.set(Some([9; 32]));
        assert_eq!(answer(&at, &platform, passphrase), Err(Error::KeyLost), "the platform has another key");
        platform.set(Some([0; 32]));
        assert_eq!(
            answer(&at, &platform, passphrase),
            Err(Error::Host { reason: "failed" }),
            "out of order is not lost"
        );
        platform.set(Some([3; 32]));
        assert_eq!(answer(&at, &platform, passphrase), Ok(key));

        fs::remove_file(paths(&at).key).unwrap();
        assert_eq!(answer(&at, &platform, passphrase), Err(Error::KeyLost), "a store without its key file");
        assert_eq!(state(&at), Err(Error::KeyLost));
        let fresh = create(&at, &platform, passphrase, &System, &System).err();
        assert_eq!(fresh, Some(Error::KeyLost), "never silently a fresh key");
        fs::rename(paths(&at).store, at.join("rafiq.db.mark")).unwrap();
        assert_eq!(state(&at), Err(Error::KeyLost), "what is left of a store is one");
    }
}

#[test]
fn truncated_or_lengthened() {
    let (dir, platform) = (folder(), Platform::new());
    new(dir.path(), &platform, None);
    let path = paths(dir.path()).key;
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(answer(dir.path(), &platform, None), Err(Error::Corrupt), "{length} bytes");
        let mut mended = whole[..length].to_vec();
        mended.extend_from_slice(&checksum(&whole[..length]));
        fs::write(&path, &mended).unwrap();
        let expected = if length == whole.len() - 16 { Ok(()) } else { Err(Error::Corrupt) };
        assert_eq!(answer(dir.path(), &platform, None).map(drop), expected, "{length} bytes, checksum mended");
    }
    for more in [1, 5_000, 3_000_000] {
        fs::write(&path, [whole.clone(), vec![0; more]].concat()).unwrap();
        assert_eq!(state(dir.path()), Err(Error::Corrupt));
    }
}

/// Every flip of a byte: told as damage; and with the checksum mended by a hostile hand, still never another key.
#[test]
fn every_flip_is_told() {
    let (dir, platform) = (folder(), Platform::new());
    for (passphrase, step) in [(None, 1), (Some("word"), 5)] {
        let at = dir.path().join(passphrase.unwrap_or("plain"));
        let key = new(&at, &platform, passphrase);
        let path = paths(&at).key;
        let whole = fs::read(&path).unwrap();
        for place in 0..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[place] ^= 1 << bit;
                assert_eq!(KeyFile::decode(&flipped), Err(Error::Corrupt), "byte {place} bit {bit}");
            }
        }
        for place in (0..whole.len() - 16).step_by(step) {
            // With a passphrase one bit a byte, since each costs an Argon2; without, all.
            for bit in if passphrase.is_some() { 3..4 } else { 0..8 } {
                let mut flipped = whole[..whole.len() - 16].to_vec();
                flipped[place] ^= 1 << bit;
                flipped.extend_from_slice(&checksum(&flipped));
                fs::write(&path, &flipped).unwrap();
                tries::forget(&at).unwrap();
                let told = answer(&at, &platform, passphrase).unwrap_err();
                let known = matches!(
                    told,
                    Error::Corrupt | Error::WrongPassphrase | Error::KeyLost | Error::Locked | Error::NewerVersion
                );
                assert!(known, "byte {place} bit {bit}: {told:?}");
            }
        }
        fs::write(&path, &whole).unwrap();
        assert_eq!(answer(&at, &platform, passphrase), Ok(key));
    }
}

#[test]
fn who_was_wrong_too_often_waits() {
    struct At(i64);
    impl Clock for At {
        fn now_ms(&self) -> i64 {
            self.0
        }
    }
    let (dir, platform) = (folder(), Platform::new());
    let key = new(dir.path(), &platform, Some("right"));
    let at = |now_ms, word| open(dir.path(), &platform, Some(word), &At(now_ms)).map(|key| *key.bytes());
    let later = |seconds| Err(Error::TryLater { seconds });
    let morning = 1_795_334_400_000;
    for _ in 0..4 {
        assert_eq!(at(morning, "wrong"), Err(Error::WrongPassphrase));
    }
    assert_eq!(at(morning, "right"), later(60), "a right one comes no sooner: else trying would cost nothing");
    assert_eq!(at(morning + 59_001, "right"), later(1), "and what came too early does not count");
    assert_eq!(at(morning + 60_000, "wrong"), Err(Error::WrongPassphrase));
    assert_eq!(at(morning + 60_000, "wrong"), later(300));
    // Ten years back: the same wait from now on, not ten years.
    assert_eq!(at(0, "right"), later(300));
    assert_eq!(at(299_000, "right"), later(1));
    assert_eq!(at(300_000, "right"), Ok(key));
    // Forgotten with the right one; and so after a change.
    for _ in 0..4 {
        assert_eq!(at(0, "wrong"), Err(Error::WrongPassphrase));
    }
    let change = |now_ms, old| change_passphrase(dir.path(), &platform, Some(old), Some("next"), &System, &At(now_ms));
    assert_eq!(change(0, "right"), Err(Error::TryLater { seconds: 60 }));
    assert_eq!(change(60_000, "right"), Ok(()));
    assert_eq!(at(60_000, "next"), Ok(key));
    assert!(!paths(dir.path()).tries.exists());
    // No more than an hour, whatever was written there; what is no such file counts nothing.
    fs::write(paths(dir.path()).tries, [0xff; 12]).unwrap();
    assert_eq!(at(0, "next"), later(3_600));
    fs::write(paths(dir.path()).tries, b"four times, I believe").unwrap();
    assert_eq!(at(0, "next"), Ok(key));
}

#[test]
fn hostile_parameters_cost_nothing() {
    let (dir, platform) = (folder(), Platform::new());
    new(dir.path(), &platform, Some("word"));
    let path = paths(dir.path()).key;
    let whole = fs::read(&path).unwrap();
    for (memory_kib, passes) in [(u32::MAX, 2u32), (1 << 30, 2), (19 * 1024, u32::MAX), (8, 1), (0, 0)] {
        let mut hostile = whole[..whole.len() - 16].to_vec();
        hostile[10..14].copy_from_slice(&memory_kib.to_be_bytes());
        hostile[14..18].copy_from_slice(&passes.to_be_bytes());
        hostile.extend_from_slice(&checksum(&hostile));
        fs::write(&path, &hostile).unwrap();
        tries::forget(dir.path()).unwrap();
        assert_eq!(answer(dir.path(), &platform, Some("word")), Err(Error::Corrupt));
    }
}

#[test]
fn killed_between_write_and_rename() {
    let (dir, platform) = (folder(), Platform::new());
    let half = dir.path().join("half");
    // While a profile was made: nothing is there yet, and making it again works.
    fs::create_dir(&half).unwrap();
    fs::write(profile::temporary(&paths(&half).key), b"RAFIQ").unwrap();
    assert_eq!(state(&half), Ok(KeyState::Empty));
    let key = new(&half, &platform, Some("old"));
    // While the passphrase was changed: what was written lies beside, the old one still opens.
    let other = dir.path().join("other");
    new(&other, &platform, Some("new"));
    fs::copy(paths(&other).key, profile::temporary(&paths(&half).key)).unwrap();
    assert_eq!(answer(&half, &platform, Some("new")), Err(Error::WrongPassphrase));
    assert_eq!(answer(&half, &platform, Some("old")), Ok(key));
    change_passphrase(&half, &platform, Some("old"), Some("new"), &System, &System).unwrap();
    assert_eq!(answer(&half, &platform, Some("new")), Ok(key));
    assert!(!profile::temporary(&paths(&half).key).exists());
}

#[test]
fn wiped() {
    let (dir, platform) = (folder(), Platform::new());
    new(dir.path(), &platform, None);
    let copy = fs::read(paths(dir.path()).key).unwrap();
    for name in ["rafiq.db", "rafiq.db-wal", "rafiq.db.mark", "rafiq.language", "rafiq.key.new", "somebody-elses.txt"] {
        fs::write(dir.path().join(name), b"x").unwrap();
    }
    let (_key, lock) = (KeyLock::take(dir.path()).unwrap(), ProfileLock::take(dir.path()).unwrap());
    wipe(&lock, &platform).unwrap();
    let left: Vec<PathBuf> = profile::ours(dir.path()).unwrap();
    assert_eq!(left, [paths(dir.path()).key_lock, paths(dir.path()).lock]);
    assert!(dir.path().join("somebody-elses.txt").exists(), "only what is ours");
    assert_eq!(state(dir.path()), Ok(KeyState::Empty));
    wipe(&lock, &platform).unwrap();
    fs::write(paths(dir.path()).key, copy).unwrap();
    assert_eq!(answer(dir.path(), &platform, None), Err(Error::KeyLost), "a copy of the key file is of no use");
}

#[test]
fn the_language_beside_the_store() {
    let dir = folder();
    let at = dir.path().join("profile");
    assert_eq!(read_language(&at), None);
    write_language(&at, "prs").unwrap();
    assert_eq!(read_language(&at).as_deref(), Some("prs"));
    write_language(&at, "AR-sy").unwrap();
    assert_eq!(read_language(&at).as_deref(), Some("ar-SY"));
    for bad in ["", "x", "not a tag", "../../etc", "a\u{202e}r"] {
        assert_eq!(write_language(&at, bad), Err(Error::invalid("language", "format")), "{bad:?}");
        fs::write(paths(&at).language, bad).unwrap();
        assert_eq!(read_language(&at), None, "{bad:?}");
    }
    fs::write(paths(&at).language, [0xff, 0xfe]).unwrap();
    assert_eq!(read_language(&at), None);
    fs::write(paths(&at).language, "a".repeat(1 << 20)).unwrap();
    assert_eq!(read_language(&at), None);
    fs::write(paths(&at).language, "uk\n").unwrap();
    assert_eq!(read_language(&at).as_deref(), Some("uk"));
}

// Two processes: the test binary starts itself again as the other one.

const ROLE: &str = "RAFIQ_VAULT_TEST_ROLE";

fn another_process(role: &str, dir: &Path) -> (Child, BufReader<std::process::ChildStdout>, ChildStdin) {
    let name = std::thread::current().name().unwrap().to_owned();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([&name, "--exact", "--nocapture", "--test-threads=1"])
        .env(ROLE, role)
        .env("RAFIQ_VAULT_TEST_DIR", dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (out, stdin) = (BufReader::new(child.stdout.take().unwrap()), child.stdin.take().unwrap());
    (child, out, stdin)
}

fn wait_for(out: &mut impl BufRead, word: &str) {
    let found = out.lines().map_while(std::result::Result::ok).any(|line| line.contains(word));
    assert!(found, "the other process never said {word}");
}

fn my_role() -> Option<(String, PathBuf)> {
    Some((std::env::var(ROLE).ok()?, std::env::var_os("RAFIQ_VAULT_TEST_DIR")?.into()))
}

#[test]
fn in_use() {
    if let Some((_, dir)) = my_role() {
        let _lock = ProfileLock::take(&dir).unwrap();
        println!("holding");
        let _ = std::io::stdin().read_line(&mut String::new());
        return;
    }
    let dir = folder();
    let (mut child, mut out, mut stdin) = another_process("hold", dir.path());
    wait_for(&mut out, "holding");
    assert_eq!(ProfileLock::take(dir.path()).err(), Some(Error::InUse));
    stdin.write_all(b"go\n").unwrap();
    child.wait().unwrap();
    let lock = ProfileLock::take(dir.path()).unwrap();
    assert_eq!(ProfileLock::take(dir.path()).err(), Some(Error::InUse), "also within one process");
    drop(lock);
    let (mut child, mut out, _stdin) = another_process("hold", dir.path());
    wait_for(&mut out, "holding");
    assert_eq!(ProfileLock::take(dir.path()).err(), Some(Error::InUse));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(ProfileLock::take(dir.path()).is_ok(), "a killed process holds nothing");
}

/// Killed while it changes the passphrase without end: afterwards one of the two opens, and it is the same key.
#[test]
fn killed_while_changing() {
    let platform = Platform::new();
    if let Some((_, dir)) = my_role() {
        let (mut old, mut new) = ("one", "two");
        if answer(&dir, &platform, Some(old)).is_err() {
            (old, new) = (new, old);
        }
        println!("changing");
        // Enough to be killed in the midst of; not for ever, should nobody do so.
        for _ in 0..500 {
            change_passphrase(&dir, &platform, Some(old), Some(new), &System, &System).unwrap();
            (old, new) = (new, old);
        }
        return;
    }
    let dir = folder();
    let key = new(dir.path(), &platform, Some("one"));
    for round in 0..8u64 {
        let (mut child, mut out, _stdin) = another_process("change", dir.path());
        wait_for(&mut out, "changing");
        std::thread::sleep(std::time::Duration::from_millis(60 + round * 53));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = ["one", "two"].map(|word| answer(dir.path(), &platform, Some(word)));
        assert!(found.contains(&Ok(key)) && found.contains(&Err(Error::WrongPassphrase)), "round {round}: {found:?}");
    }
}

//! Several profiles on one device: each its own store, key, passphrase and delay; what happens to one happens to no other.

use rafiq::host::{Clock, Random};
use rafiq::people::NewMe;
use rafiq::store::FILE_NAME;
use rafiq::vault::FileKeyVault;
use rafiq::{Error, Host, ProfileState, Rafiq, StoredProfile};
use rafiq_tests::phone::{HandClock, START_MS, SeededRandom};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A device on which people have their own profiles.
struct Device {
    root: tempfile::TempDir,
    clock: Arc<HandClock>,
    random: Arc<SeededRandom>,
}

impl Device {
    fn new() -> Self {
        let clock = Arc::new(HandClock(AtomicI64::new(START_MS)));
        Self { root: tempfile::tempdir().unwrap(), clock, random: Arc::new(SeededRandom::new(1)) }
    }

    fn host(&self, folder: &Path) -> Host {
        let random: Arc<dyn Random> = self.random.clone();
        let vault = Arc::new(FileKeyVault::new(folder, random.clone()));
        Host { vault, clock: self.clock.clone() as Arc<dyn Clock>, random }
    }

    fn open(&self, profile: &StoredProfile, passphrase: Option<&str>) -> Result<Rafiq, Error> {
        Rafiq::open(&profile.folder, self.host(&profile.folder), passphrase)
    }

    fn add(&self, name: &str, passphrase: Option<&str>) -> StoredProfile {
        let profile = Rafiq::new_profile(self.root.path(), &*self.random).unwrap();
        assert!(!profile.folder.exists(), "nothing is written yet");
        let rafiq = self.open(&profile, passphrase).unwrap();
        rafiq.people().set_me(NewMe { name: name.into(), language: "prs".into(), calendar: None }).unwrap();
        profile
    }

    fn list(&self) -> Vec<String> {
        Rafiq::profiles(self.root.path()).unwrap().into_iter().map(|profile| profile.id).collect()
    }

    fn name(&self, profile: &StoredProfile, passphrase: Option<&str>) -> Result<Option<String>, Error> {
        Ok(self.open(profile, passphrase)?.people().me()?.map(|me| me.name))
    }
}

fn sorted(profiles: &[&StoredProfile]) -> Vec<String> {
    let mut ids: Vec<String> = profiles.iter().map(|profile| profile.id.clone()).collect();
    ids.sort();
    ids
}

#[test]
fn they_are_listed_and_wiped_by_themselves() {
    let device = Device::new();
    assert_eq!(Rafiq::profiles(&device.root.path().join("nowhere")).unwrap(), []);
    let [amina, bohdan] = ["Amina", "Bohdan"].map(|name| device.add(name, None));
    let hidden = device.add("Farid", Some("برگ سبز"));
    assert_eq!(device.list(), sorted(&[&amina, &bohdan, &hidden]));
    Rafiq::keep_language(&amina.folder, "uk").unwrap();
    let listed = Rafiq::profiles(device.root.path()).unwrap();
    let kept = listed.iter().find(|profile| profile.id == amina.id).unwrap();
    assert_eq!((kept.language.as_deref(), &kept.folder), (Some("uk"), &amina.folder));
    // Nothing of whose they are can be read beside the stores.
    for file in fs::read_dir(&amina.folder).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"Amina"));
    }

    // What is no profile is none: files, empty folders, what is deeper.
    fs::write(device.root.path().join("rafiq.key"), b"a file").unwrap();
    fs::create_dir_all(device.root.path().join("empty/profile")).unwrap();
    fs::copy(amina.folder.join("rafiq.key"), device.root.path().join("empty/profile/rafiq.key")).unwrap();
    assert_eq!(device.list(), sorted(&[&amina, &bohdan, &hidden]));

    // Two are open at once, each with its own; one of them is wiped.
    let open = device.open(&bohdan, None).unwrap();
    assert_eq!(device.name(&amina, None).unwrap().as_deref(), Some("Amina"));
    assert_eq!(Rafiq::wipe(&bohdan.folder, &device.host(&bohdan.folder)), Err(Error::InUse));
    Rafiq::wipe(&amina.folder, &device.host(&amina.folder)).unwrap();
    assert_eq!(device.list(), sorted(&[&bohdan, &hidden]));
    assert_eq!(Rafiq::inspect(&amina.folder, &device.host(&amina.folder)), Ok(ProfileState::Empty));
    assert_eq!(open.people().me().unwrap().unwrap().name, "Bohdan");
    drop(open);
    assert_eq!(device.name(&bohdan, None).unwrap().as_deref(), Some("Bohdan"));
    assert_eq!(device.name(&hidden, Some("برگ سبز")).unwrap().as_deref(), Some("Farid"));
}

#[test]
fn a_damaged_one_is_listed_and_harms_no_other() {
    let device = Device::new();
    let [amina, bohdan] = ["Amina", "Bohdan"].map(|name| device.add(name, None));
    fs::write(amina.folder.join("rafiq.key"), b"no key file").unwrap();
    fs::remove_file(bohdan.folder.join("rafiq.key")).unwrap();
    let third = device.add("Farid", None);
    assert_eq!(device.list(), sorted(&[&amina, &bohdan, &third]));
    let state = |profile: &StoredProfile| Rafiq::inspect(&profile.folder, &device.host(&profile.folder)).unwrap();
    assert_eq!((state(&amina), state(&bohdan)), (ProfileState::Corrupt, ProfileState::KeyLost));
    assert!(bohdan.folder.join(FILE_NAME).exists(), "the store is kept");
    assert_eq!(device.name(&third, None).unwrap().as_deref(), Some("Farid"));
}

/// Whoever tries one profile's passphrase again and again waits there alone.
#[test]
fn the_delay_is_each_profiles_own() {
    let device = Device::new();
    let [amina, bohdan] = ["Amina", "Bohdan"].map(|name| device.add(name, Some("right")));
    for _ in 0..4 {
        assert_eq!(device.name(&amina, Some("wrong")), Err(Error::WrongPassphrase));
    }
    assert_eq!(device.name(&amina, Some("right")), Err(Error::TryLater { seconds: 60 }));
    assert_eq!(device.name(&bohdan, Some("wrong")), Err(Error::WrongPassphrase));
    assert_eq!(device.name(&bohdan, Some("right")).unwrap().as_deref(), Some("Bohdan"));
    assert_eq!(
        device.name(&amina, Some("right")),
        Err(Error::TryLater { seconds: 60 }),
        "the other's luck helps nobody"
    );
    device.clock.0.fetch_add(60_000, Ordering::Relaxed);
    assert_eq!(device.name(&amina, Some("right")).unwrap().as_deref(), Some("Amina"));
}

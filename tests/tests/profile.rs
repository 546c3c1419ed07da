//! What is done with a profile's folder while nobody has it open.

use rafiq::host::{HostError, KeyVault};
use rafiq::store::FILE_NAME;
use rafiq::{Error, ProfileState, Rafiq};
use rafiq_tests::phone::Phone;
use std::fs;
use std::sync::Arc;

fn state(phone: &Phone) -> ProfileState {
    Rafiq::inspect(phone.path(), &phone.host).unwrap()
}

fn name(phone: &Phone, passphrase: Option<&str>) -> Result<Option<String>, Error> {
    Ok(Rafiq::open(phone.path(), phone.host.clone(), passphrase)?.people().me()?.map(|me| me.name))
}

#[test]
fn a_passphrase_is_set_changed_and_taken_away() {
    let mut phone = Phone::new(1, "Amina", "prs");
    let change = |old, new| Rafiq::change_passphrase(phone.folder.path(), &phone.host, old, new);
    change(None, Some("برگ سبز")).unwrap(); // while it is open
    phone.stop();
    assert_eq!(state(&phone), ProfileState::NeedsPassphrase);
    assert_eq!(name(&phone, None), Err(Error::Locked));
    let change = |old, new| Rafiq::change_passphrase(phone.folder.path(), &phone.host, old, new);
    assert_eq!(change(None, Some("x")), Err(Error::Locked));
    assert_eq!(change(Some("wrong"), Some("x")), Err(Error::WrongPassphrase));
    assert!(matches!(change(Some("برگ سبز"), Some("")), Err(Error::Invalid { field: "passphrase", .. })));
    assert_eq!(name(&phone, Some("برگ سبز")).unwrap().as_deref(), Some("Amina"), "a refused change leaves the old one");
    change(Some("برگ سبز"), Some("новий")).unwrap();
    assert_eq!(name(&phone, Some("برگ سبز")), Err(Error::WrongPassphrase));
    change(Some("новий"), None).unwrap();
    assert_eq!(name(&phone, None).unwrap().as_deref(), Some("Amina"));
}

#[test]
fn only_a_damaged_store_is_put_aside_and_a_fresh_one_begins() {
    let mut phone = Phone::new(2, "Amina", "prs");
    let aside = |phone: &Phone| Rafiq::set_aside(phone.path(), &phone.host, None);
    assert_eq!(aside(&phone), Err(Error::InUse));
    phone.stop();
    assert_eq!(aside(&phone), Err(Error::invalid("profile", "not-damaged")));
    assert_eq!(name(&phone, None).unwrap().as_deref(), Some("Amina"), "a sound store stays");
    let path = phone.path().join(FILE_NAME);
    let mut bytes = fs::read(&path).unwrap();
    bytes[100] ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert_eq!(state(&phone), ProfileState::Corrupt);
    let kept = aside(&phone).unwrap();
    assert_eq!(fs::read(kept).unwrap(), bytes, "nothing is deleted");
    assert_eq!(name(&phone, None), Ok(None), "a fresh profile under the same key");
    assert_eq!(aside(&phone), Err(Error::invalid("profile", "not-damaged")));
}

#[test]
fn a_store_under_another_key_can_be_put_aside() {
    let (mut phone, mut other) = (Phone::new(4, "Amina", "prs"), Phone::new(5, "Bohdan", "uk"));
    phone.stop();
    other.stop();
    for part in [FILE_NAME.to_owned(), format!("{FILE_NAME}.mark")] {
        fs::copy(other.path().join(&part), phone.path().join(&part)).unwrap();
    }
    assert_eq!(name(&phone, None), Err(Error::WrongKey));
    assert_eq!(state(&phone), ProfileState::Corrupt);
    Rafiq::set_aside(phone.path(), &phone.host, None).unwrap();
    assert_eq!(name(&phone, None), Ok(None), "a fresh one under our key");
}

/// A platform's vault in whose midst somebody else comes.
struct Meanwhile<F>(Arc<dyn KeyVault>, F);

impl<F: Fn() + Send + Sync> KeyVault for Meanwhile<F> {
    fn wrap(&self, secret: &[u8]) -> Result<Vec<u8>, HostError> {
        (self.1)();
        self.0.wrap(secret)
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Vec<u8>, HostError> {
        self.0.unwrap(wrapped)
    }

    fn delete(&self) -> Result<(), HostError> {
        self.0.delete()
    }
}

#[test]
fn a_passphrase_is_changed_by_one_at_a_time_and_beside_no_wipe() {
    let mut phone = Phone::new(6, "Amina", "prs");
    phone.stop();
    let (folder, host) = (phone.path().to_owned(), phone.host.clone());
    let others = move || {
        assert_eq!(Rafiq::wipe(&folder, &host), Err(Error::InUse));
        assert_eq!(Rafiq::change_passphrase(&folder, &host, None, Some("another")), Err(Error::InUse));
        assert_eq!(Rafiq::open(&folder, host.clone(), None).err(), Some(Error::InUse));
    };
    let mut host = phone.host.clone();
    host.vault = Arc::new(Meanwhile(host.vault, others));
    Rafiq::change_passphrase(phone.path(), &host, None, Some("برگ سبز")).unwrap();
    assert_eq!(name(&phone, Some("برگ سبز")).unwrap().as_deref(), Some("Amina"));
    Rafiq::wipe(phone.path(), &phone.host).unwrap();
    let change = Rafiq::change_passphrase(phone.path(), &phone.host, Some("برگ سبز"), None);
    assert_eq!(change, Err(Error::NotFound), "after a wipe there is no key to write back");
}

#[test]
fn a_wiped_profile_is_gone_and_its_folder_can_be_used_again() {
    let mut phone = Phone::new(3, "Amina", "prs");
    fs::write(phone.path().join("holiday.jpg"), b"not ours").unwrap();
    assert_eq!(Rafiq::wipe(phone.path(), &phone.host), Err(Error::InUse));
    phone.stop();
    Rafiq::wipe(phone.path(), &phone.host).unwrap();
    assert_eq!(state(&phone), ProfileState::Empty);
    assert!(!phone.path().join(FILE_NAME).exists() && phone.path().join("holiday.jpg").exists());
    Rafiq::wipe(phone.path(), &phone.host).unwrap(); // again, as after a failure
}

#[test]
fn the_last_language_is_known_before_anything_is_open() {
    let mut phone = Phone::new(4, "Amina", "prs");
    phone.stop();
    assert_eq!(Rafiq::last_language(phone.path()), None);
    Rafiq::keep_language(phone.path(), "prs-AF").unwrap();
    assert_eq!(Rafiq::last_language(phone.path()).as_deref(), Some("prs-AF"));
    assert!(matches!(Rafiq::keep_language(phone.path(), "no tag"), Err(Error::Invalid { field: "language", .. })));
    assert_eq!(Rafiq::last_language(phone.path()).as_deref(), Some("prs-AF"));
}

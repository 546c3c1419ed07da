//! What people and programs hand in: a QR code, a language tag, a row of a directory.

use rafiq::directory::hsds::Problem;
use rafiq::host::NoProgress;
use rafiq::language::Language;
use rafiq::mentoring::NewPairing;
use rafiq::people::NewMe;
use rafiq::sharing::Reach;
use rafiq::{Error, vault};
use rafiq_tests::faults::Dice;
use rafiq_tests::phone::Phone;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

#[test]
fn bad_qr() {
    let (inviter, phone) = (Phone::new(60, "Bohdan", "uk"), Phone::new(61, "Amina", "prs"));
    inviter.sync().set_home_relay("https://relay.example.org").unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Both".into() };
    let pairing = inviter.mentoring().begin(new).unwrap();
    let good = inviter.sharing().invite(&pairing.id.value, Reach::InPerson).unwrap().text;
    let before = phone.replica().digest(None).unwrap();
    let refused = |text: &str, reasons: &[&str]| {
        for answer in [phone.sharing().preview(text).map(drop), phone.sharing().accept(text).map(drop)] {
            match answer {
                Err(Error::Invalid { field: "invite", reason }) => {
                    assert!(reasons.contains(&reason), "{reason}: {text:.40}")
                }
                other => panic!("{other:?}: {text:.40}"),
            }
        }
    };
    // A letter misread anywhere, letters missing, letters too many, another's bytes.
    for place in 7..good.len() {
        let mut text = good.clone().into_bytes();
        text[place] = if text[place] == b'A' { b'B' } else { b'A' };
        refused(std::str::from_utf8(&text).unwrap(), &["checksum"]);
    }
    for length in [7, 8, 20, good.len() / 2, good.len() - 1] {
        refused(&good[..length], &["checksum", "malformed"]);
    }
    for text in
        ["", " ", "https://example.org", "WIFI:T:WPA;S:camp;;", "سلام", "RAFIQ0:AAAA", "RAFIQX:AAAA", "\u{0}\u{0}"]
    {
        refused(text, &["not-an-invite"]);
    }
    refused(&format!("{good}AAAAAAAA"), &["checksum"]);
    refused(&format!("RAFIQ1:{}", "A".repeat(2_030)), &["checksum", "too-large"]);
    refused(&"RAFIQ1:A".repeat(200_000), &["too-large"]);
    let mut dice = Dice::new(61);
    for _ in 0..300 {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".as_bytes();
        let length = dice.below(400) as usize;
        let text: String = (0..length).map(|_| char::from(letters[dice.below(32) as usize])).collect();
        refused(&format!("RAFIQ1:{text}"), &["checksum", "malformed"]);
    }
    assert_eq!(phone.sharing().accept(&good.replace("RAFIQ1", "RAFIQ2")).err(), Some(Error::NewerVersion));
    inviter.pass(0);
    assert_eq!(phone.replica().digest(None).unwrap(), before);
    assert!(
        phone.sharing().spaces().unwrap().is_empty() && phone.sync().relays().unwrap().is_empty(),
        "nothing was kept"
    );
    // Time is judged by the phone that acts; then the good one, as a messenger breaks it.
    phone.pass(11 * 60_000);
    refused_as(&phone, &good, "expired");
    phone.pass(-11 * 60_000);
    assert!(
        phone
            .sharing()
            .accept(&format!(" {}\n{} ", &good[..30], good[30..].to_lowercase()))
            .unwrap()
            .needs_confirmation
    );
}

fn refused_as(phone: &Phone, text: &str, reason: &'static str) {
    assert_eq!(phone.sharing().accept(text).err(), Some(Error::Invalid { field: "invite", reason }));
}

#[test]
fn bad_language_tag() {
    let phone = Phone::new(62, "Amina", "prs");
    let long = "a".repeat(100_000);
    for tag in ["", "-", "und-", "x y", "دری", "en-", "\u{0}", "abcdefghij", "en-u", "../../etc", long.as_str()] {
        let refused = |error: Option<Error>| {
            assert!(matches!(error, Some(Error::Invalid { field: "language", .. })), "{tag:.20}")
        };
        let me = NewMe { name: "Amina".into(), language: tag.into(), calendar: None };
        refused(phone.people().set_me(me).err());
        refused(vault::write_language(phone.path(), tag).err());
        // Taken with its extensions, so one form more is good there.
        if tag != "en-u" && !tag.is_empty() {
            refused(Language::open(tag).err());
        }
        assert_eq!(phone.people().me().unwrap().unwrap().language, "prs", "what stood stays");
    }
    vault::write_language(phone.path(), "prs").unwrap();
    for bytes in [&b"\xff\xfe"[..], b"", b"no language at all", &[b'a'; 100_000]] {
        fs::write(vault::paths(phone.path()).language, bytes).unwrap();
        assert_eq!(
            vault::read_language(phone.path()),
            None,
            "a convenience that anybody may write: it is not believed"
        );
    }
    assert!(Language::open("tlh").unwrap().text("language-name", &Default::default()).unwrap().fallback);
}

fn write(path: &Path, value: &Value) {
    fs::write(path, serde_json::to_vec(value).unwrap()).unwrap();
}

#[test]
fn bad_hsds_row() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/directory/services.json");
    let good: Value = serde_json::from_slice(&fs::read(sample).unwrap()).unwrap();
    let count = good["contents"].as_array().unwrap().len() as i64;
    let phone = Phone::new(63, "Curator", "en");
    let directory = phone.directory().found("Port Alder", count).unwrap().space;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("services.json");
    let import = || phone.directory().import(&directory, &path, &NoProgress).unwrap();

    // Some rows are spoilt: each is named by file, row and field, and every other row is taken.
    let mut bad = good.clone();
    bad["contents"][2].as_object_mut().unwrap().remove("name");
    bad["contents"][4]["status"] = json!("open on sundays");
    bad["contents"][6] = json!(["not", "a", "service"]);
    bad["contents"][8]["email"] = json!("nobody at nowhere");
    bad["contents"][9]["assured_date"] = json!("2026-13-45");
    write(&path, &bad);
    let report = import();
    let named: Vec<(u64, &str, Problem)> =
        report.errors.iter().map(|error| (error.row, error.field.as_str(), error.problem)).collect();
    assert!(report.errors.iter().all(|error| error.file == "services.json"), "{:?}", report.errors);
    for expected in [
        (3, "name", Problem::Missing),
        (5, "status", Problem::NotInList),
        (7, "", Problem::WrongType),
        (9, "email", Problem::NotAnEmail),
        (10, "assured_date", Problem::NotADate),
    ] {
        assert!(named.contains(&expected), "{expected:?} in {named:?}");
    }
    assert_eq!((report.services, report.changed), (count - 3, count - 3));
    let again = import();
    assert_eq!((again.changed, again.errors.len()), (0, report.errors.len()), "the same again changes nothing");

    // No file at all, noise, a file that ends in the middle: nothing that was there goes.
    let held = || phone.directory().list().unwrap()[0].services;
    let whole = fs::read(sample).unwrap();
    let deep = "[".repeat(100_000);
    for bytes in [&b""[..], b"\x00\x01\x02", b"<html></html>", deep.as_bytes(), &whole[..whole.len() / 3]] {
        fs::write(&path, bytes).unwrap();
        assert!(!import().errors.is_empty());
        assert!(held() >= count - 3);
    }
    assert!(import().errors.iter().any(|error| error.problem == Problem::CutShort));
    fs::remove_file(&path).unwrap();
    assert_eq!(phone.directory().import(&directory, &path, &NoProgress).err(), Some(Error::NotFound));

    // Put right: all is there.
    write(&path, &good);
    let report = import();
    assert_eq!((report.errors.len(), report.services, held()), (0, count, count), "{:?}", report.errors);
    let missing = good["contents"][2]["name"].as_str().unwrap();
    assert!(!phone.directory().search(missing, 10).unwrap().is_empty());
}

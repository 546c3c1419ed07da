//! The `rafiq` command as a person or a script meets it: what it prints, and how it ends.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail

mod common;

use common::{code, curator, object, rafiq, sample, text};
use rafiq_relay::{Config, RelayHandle};
use serde_json::Value;

const WRONG_PASSPHRASE_DARI: &str = "رمز درست نیست. هیچ چیز گم نشده است؛ لطفاً دوباره کوشش کنید.";

#[test]
fn import_search_and_show() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let sample = sample();
    let import = ["--json", "directory", "import", sample.to_str().unwrap()];

    let first = rafiq(&profile, &import, None);
    assert_eq!(code(&first), 0, "{first:?}");
    let report = object(&first);
    assert!(report["services"].as_i64().unwrap() >= 20);
    assert_eq!(report["services"], report["changed"]);
    assert_eq!(report["errors"], serde_json::json!([]));
    assert!(text(&first.stderr).contains("the key lies in a file"), "it says where the key lies");

    let again = rafiq(&profile, &import, None);
    assert_eq!(object(&again)["changed"], 0);
    assert!(!text(&again.stderr).contains("the key lies in a file"), "and says it once");

    let found = rafiq(&profile, &["--json", "directory", "search", "Нічний", "притулок"], None);
    let hits = object(&found);
    let hit = &hits["hits"][0];
    assert_eq!(hit["name"], "Нічний притулок");
    assert_eq!(hit.as_object().unwrap().keys().collect::<Vec<_>>(), ["freshness", "id", "name", "organization"]);
    assert!(["fresh", "ageing", "stale", "unknown"].contains(&hit["freshness"].as_str().unwrap()));

    let id = hit["id"].as_str().unwrap();
    let shown = rafiq(&profile, &["--json", "--language", "uk", "directory", "show", id], None);
    assert_eq!(object(&shown)["name"]["text"], "Нічний притулок");
    assert!(object(&shown).as_object().unwrap().contains_key("alert"));
    let words = rafiq(&profile, &["--language", "ar", "directory", "show", id], None);
    assert!(text(&words.stdout).contains("مأوى ليلي"), "{words:?}");

    let nothing = rafiq(&profile, &["--json", "directory", "search", "zzzz"], None);
    assert_eq!((code(&nothing), object(&nothing)["hits"].as_array().unwrap().len()), (0, 0));
    let unknown = rafiq(&profile, &["directory", "show", "no-such-id"], None);
    assert_eq!(code(&unknown), 1);
}

#[test]
fn bad_hsds_row() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.json");
    let rows = r#"{"contents": [
        {"id": "1", "name": "Good", "status": "active", "organization": {"id": "o", "name": "O", "description": "d"}},
        {"id": "2", "status": "active"},
        {"id": "3", "name": "Odd", "status": "active", "assured_date": "soon"}
    ]}"#;
    std::fs::write(&file, rows).unwrap();
    let output =
        rafiq(&folder.path().join("profile"), &["--json", "directory", "import", file.to_str().unwrap()], None);
    let report = object(&output);
    assert_eq!((code(&output), &report["services"]), (0, &Value::from(2)), "{report}");
    let errors = report["errors"].as_array().unwrap();
    let named = |row: i64, field: &str, problem: &str| {
        errors.iter().any(|error| {
            error["file"] == "list.json"
                && error["row"] == row
                && error["field"] == field
                && error["problem"] == problem
        })
    };
    assert!(named(2, "name", "missing") && named(3, "assured_date", "not-a-date"), "{report}");
    let odd = errors.iter().find(|error| error["field"] == "assured_date").unwrap();
    assert_eq!((&odd["value"], &report["unlisted_errors"]), (&Value::from("soon"), &Value::from(0)));
}

#[test]
fn bad_path() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let output = rafiq(&profile, &["directory", "import", "/no/such/place"], None);
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("/no/such/place: This is no longer here."), "{output:?}");
    assert!(!profile.exists(), "a mistyped path makes no profile");
    let output = rafiq(&profile, &["--json", "directory", "search", "x"], None);
    assert_eq!((code(&output), &object(&output)["error"]["id"]), (1, &Value::from("cli-profile-empty")));

    // A file where the profile's folder should be: the sentence says which.
    std::fs::write(&profile, "x").unwrap();
    for command in [&["inspect"][..], &["directory", "search", "x"]] {
        let output = rafiq(&profile, command, None);
        assert_eq!(code(&output), 1);
        assert!(text(&output.stderr).starts_with(&format!("{}: ", profile.display())), "{output:?}");
    }
}

#[test]
fn usage() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in [
        &["dance"][..],
        &[],
        &["directory", "search"],
        &["directory", "search", "doctor", "--limit", "0"],
        &["directory", "search", "doctor", "--limit", "101"],
        &["--passphrase-fd", "x", "inspect"],
        &["--passphrase", "x", "inspect"],
    ] {
        assert_eq!(code(&rafiq(folder.path(), wrong, None)), 2, "{wrong:?}");
    }
    assert_eq!(code(&rafiq(folder.path(), &["--help"], None)), 0);
}

#[test]
fn bad_language_tag() {
    let folder = tempfile::tempdir().unwrap();
    let output = rafiq(folder.path(), &["--language", "not a tag", "inspect"], None);
    assert_eq!(code(&output), 2, "{output:?}");
}

#[test]
fn wrong_passphrase_is_said_in_dari() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let sample = sample();
    let import = ["--language", "prs", "directory", "import", sample.to_str().unwrap()];
    let made = rafiq(&profile, &import, Some("گل سرخ\nnot part of it"));
    assert_eq!(code(&made), 0, "{made:?}");
    assert!(!text(&made.stderr).contains("platform.key"), "with a passphrase there is nothing to say about the key");

    // The language lies beside the store.
    let wrong = rafiq(&profile, &["directory", "search", "doctor"], Some("گل زرد"));
    assert_eq!((code(&wrong), text(&wrong.stderr).trim()), (1, WRONG_PASSPHRASE_DARI));
    let none = rafiq(&profile, &["--json", "directory", "search", "doctor"], None);
    assert_eq!((code(&none), &object(&none)["error"]["id"]), (1, &Value::from("error-locked")));
    let right = rafiq(&profile, &["--json", "directory", "search", "doctor"], Some("گل سرخ"));
    assert!(!object(&right)["hits"].as_array().unwrap().is_empty());
    let state = rafiq(&profile, &["--json", "inspect"], None);
    assert_eq!(object(&state)["state"], "needs-passphrase");
}

#[test]
fn a_passphrase_that_is_not_asked_for_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let sample = sample();
    rafiq(&profile, &["directory", "import", sample.to_str().unwrap()], None);
    let output = rafiq(&profile, &["--json", "directory", "search", "doctor"], Some("x"));
    assert_eq!((code(&output), &object(&output)["error"]["id"]), (1, &Value::from("error-invalid")));
}

#[test]
fn inspect_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let empty = rafiq(&profile, &["--json", "inspect"], None);
    assert_eq!(object(&empty)["state"], "empty");
    assert!(!profile.exists());
    assert_eq!(code(&rafiq(&profile, &["inspect", "--digest"], None)), 1);
    assert!(!profile.exists());

    let sample = sample();
    rafiq(&profile, &["directory", "import", sample.to_str().unwrap(), "--name", "Port Alder"], None);
    assert_eq!(object(&rafiq(&profile, &["--json", "inspect"], None))["state"], "ready");
    let first = text(&rafiq(&profile, &["inspect", "--digest"], None).stdout);
    assert!(first.starts_with("digest directory Port Alder "), "{first}");
    assert_eq!(first, text(&rafiq(&profile, &["inspect", "--digest"], None).stdout));

    std::fs::remove_file(profile.join("platform.key")).unwrap();
    assert_eq!(object(&rafiq(&profile, &["--json", "inspect"], None))["state"], "key-lost");
    assert!(text(&rafiq(&profile, &["inspect", "--digest"], None).stderr).contains("no longer has the key"));
}

#[test]
fn sync_with_a_relay_and_without() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let sample = sample();
    rafiq(&profile, &["directory", "import", sample.to_str().unwrap()], None);
    let none = rafiq(&profile, &["sync"], None);
    assert_eq!(code(&none), 1);
    assert!(text(&none.stderr).contains("--relay"), "{none:?}");
    let mistyped = rafiq(&profile, &["sync", "--relay", "relay.example.org"], None);
    assert!(text(&mistyped.stderr).contains("http://"), "{mistyped:?}");
    // And it was not kept: the next one that is named is used.

    let relay = RelayHandle::start(Config::new(folder.path().join("relay.sqlite"))).unwrap();
    let url = relay.url();
    let output = rafiq(&profile, &["--json", "sync", "--relay", &url], None);
    assert_eq!(code(&output), 0, "{output:?}");
    let told = object(&output);
    assert!(told["relays"][0]["sent"].as_i64().unwrap() > 0, "{told}");
    assert_eq!(told["unsent"], 0);
    let again = object(&rafiq(&profile, &["--json", "sync"], None));
    assert_eq!((&again["relays"][0]["sent"], again["relays"][0]["rounds"].as_i64()), (&Value::from(0), Some(1)));

    relay.stop().unwrap();
    let down = rafiq(&profile, &["--json", "sync"], None);
    assert_eq!((code(&down), &object(&down)["error"]["id"]), (1, &Value::from("sync-offline")));
}

#[test]
fn a_relay_that_is_not_reached_keeps_no_other_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let sample = sample();
    let mut relays =
        ["one.sqlite", "two.sqlite"].map(|file| RelayHandle::start(Config::new(folder.path().join(file))).unwrap());
    relays.sort_by_key(RelayHandle::url);
    let [first, second] = relays;
    for relay in [&first, &second] {
        let import = ["directory", "import", sample.to_str().unwrap(), "--name", &relay.url()];
        assert_eq!(code(&rafiq(&profile, &import, None)), 0);
        assert_eq!(code(&rafiq(&profile, &["sync", "--relay", &relay.url()], None)), 0);
    }
    let lost = first.url();
    first.stop().unwrap();
    let output = rafiq(&profile, &["sync"], None);
    assert_eq!(code(&output), 1, "not all was done");
    let said = text(&output.stdout);
    assert!(said.contains(&lost) && said.contains(&second.url()), "{said}");
}

#[test]
fn a_space_is_opened_with_the_operators_token_and_not_without() {
    let folder = tempfile::tempdir().unwrap();
    let profile = curator(folder.path());
    let mut config = Config::new(folder.path().join("relay.sqlite"));
    config.operator_token = Some("only for us".into());
    let relay = RelayHandle::start(config).unwrap();
    let url = relay.url();
    let (token, other) = (folder.path().join("token"), folder.path().join("other"));
    std::fs::write(&token, "only for us\n").unwrap();
    std::fs::write(&other, "something else\n").unwrap();
    let sync = |more: &[&str]| rafiq(&profile, &[&["--json", "sync", "--relay", &url], more].concat(), None);
    for refused in [sync(&[]), sync(&["--operator-token-file", other.to_str().unwrap()])] {
        let told = object(&refused);
        assert_eq!(told["relays"][0]["sent"], 0, "{told}");
        assert!(told["unsent"].as_i64().unwrap() > 0, "{told}");
    }
    let said = text(&rafiq(&profile, &["sync", "--relay", &url], None).stdout);
    assert!(said.contains("the relay does not take them yet"), "{said}");
    for unfit in ["\n", "two\nlines\n", "три слова\n"] {
        std::fs::write(&other, unfit).unwrap();
        let refused = sync(&["--operator-token-file", other.to_str().unwrap()]);
        assert!(code(&refused) != 0 && text(&refused.stderr).contains("other"), "{refused:?}");
    }
    let missing = sync(&["--operator-token-file", folder.path().join("none").to_str().unwrap()]);
    assert!(code(&missing) != 0 && text(&missing.stderr).contains("none"), "{missing:?}");
    let told = object(&sync(&["--operator-token-file", token.to_str().unwrap()]));
    assert_eq!(told["unsent"], 0, "{told}");
    // Once it is open, its key list says who may write there.
    let told = object(&sync(&[]));
    assert_eq!(told["unsent"], 0, "{told}");
    // To which relay the words go is said and not guessed.
    assert_eq!(code(&rafiq(&profile, &["sync", "--operator-token-file", token.to_str().unwrap()], None)), 2);
    relay.stop().unwrap();
}

#[test]
fn demo_in_json() {
    let folder = tempfile::tempdir().unwrap();
    let output = rafiq(folder.path(), &["demo", "--json"], None);
    assert_eq!(code(&output), 0, "{output:?}");
    let said = object(&output);
    assert_eq!(said["wrong_passphrase"], WRONG_PASSPHRASE_DARI);
    assert_eq!(said["offline"]["bytes"], 0);
    assert_eq!(said["delivered_first"], "contact-me-today");
    assert_eq!(said["check_ins_found"]["private"], 0);
    assert!(said["second_exchange"]["bytes"].as_i64().unwrap() <= 600);
    assert_eq!((&said["memory_card"]["opened"], &said["memory_card"]["goals"]), (&Value::from(0), &Value::from(2)));
    assert_eq!((&said["removed"]["by_removed"], &said["away"]["same"]), (&Value::from(0), &Value::from(true)));
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "the demo has profiles of its own");
}

#[test]
fn a_bundle_is_written_and_carried_on() {
    let folder = tempfile::tempdir().unwrap();
    let (curator, courier, card) = (curator(folder.path()), folder.path().join("courier"), folder.path().join("card"));
    let card = card.to_str().unwrap();
    let written = object(&rafiq(&curator, &["--json", "bundle", "write", card, "--space", "Port Alder"], None));
    let count = written["envelopes"].as_i64().unwrap();
    assert!(count > 0 && written["bytes"].as_u64() == Some(std::fs::metadata(card).unwrap().len()), "{written}");
    let again = rafiq(&curator, &["bundle", "write", card], None);
    assert!(text(&again.stdout).starts_with("Everything was there already"), "{again:?}");
    let unknown = rafiq(&curator, &["--json", "bundle", "write", card, "--space", "Nowhere"], None);
    assert_eq!((code(&unknown), &object(&unknown)["error"]["id"]), (1, &Value::from("error-not-found")));

    // Standard output carries the bundle and nothing else.
    let piped = rafiq(&curator, &["bundle", "write", "-"], None);
    assert_eq!(piped.stdout, std::fs::read(card).unwrap());
    assert!(text(&piped.stderr).contains("sealed envelopes written"), "{:?}", text(&piped.stderr));

    for command in [&["bundle", "read", card][..], &["bundle", "write", card], &["bundle", "carry"], &["sync"]] {
        let nobody = rafiq(&courier, command, None);
        assert_eq!(code(&nobody), 1, "{nobody:?}");
        let told = text(&nobody.stderr);
        assert!(told.starts_with(&format!("{}: There is nothing here yet.", courier.display())), "{told}");
        assert!(
            told.contains("rafiq directory import PATH") && told.contains("--profile"),
            "and how to make one: {told}"
        );
        assert!(!courier.exists(), "none of them makes a profile");
    }
    assert_eq!(code(&rafiq(&courier, &["bundle", "carry", "0"], None)), 0, "whoever carries begins with that");
    let left = rafiq(&courier, &["bundle", "read", card], None);
    assert!(text(&left.stdout).contains("for others and were left there"), "{left:?}");
    let nothing = rafiq(&courier, &["bundle", "carry"], None);
    assert_eq!(text(&nothing.stdout).trim(), "Nothing is carried for others here.");
    let set = object(&rafiq(&courier, &["--json", "bundle", "carry", "2000"], None));
    assert_eq!((&set["quota_bytes"], &set["envelopes"]), (&Value::from(2_048_000), &Value::from(0)));
    let report = object(&rafiq(&courier, &["--json", "bundle", "read", card], None));
    assert_eq!((&report["carried"], &report["damaged"]), (&Value::from(count), &serde_json::json!([])));
    let carried = rafiq(&courier, &["bundle", "carry"], None);
    assert!(text(&carried.stdout).contains("2,000"), "{carried:?}");
    let onward = folder.path().join("onward");
    let onward = object(&rafiq(&courier, &["--json", "bundle", "write", onward.to_str().unwrap(), "--carried"], None));
    assert!(onward["envelopes"].as_i64().unwrap() >= count);
}

#[test]
fn a_damaged_bundle_is_told_plainly_and_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (curator, card) = (curator(folder.path()), folder.path().join("card"));
    let path = card.to_str().unwrap();
    rafiq(&curator, &["bundle", "write", path], None);
    let mut bytes = std::fs::read(&card).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&card, &bytes).unwrap();
    let told = rafiq(&curator, &["bundle", "read", path], None);
    assert_eq!(code(&told), 0, "the rest was read: {told:?}");
    assert!(text(&told.stdout).contains("One envelope is damaged, at byte "), "{told:?}");
    assert!(text(&told.stdout).contains("Please let it be written again"));
    let report = object(&rafiq(&curator, &["--json", "bundle", "read", path], None));
    assert_eq!(report["damaged"][0]["what"], "envelope");

    let photograph = folder.path().join("photograph");
    std::fs::write(&photograph, "a photograph").unwrap();
    for what in ["read", "write"] {
        let refused = rafiq(&curator, &["bundle", what, photograph.to_str().unwrap()], None);
        assert_eq!(code(&refused), 1);
        assert!(text(&refused.stderr).contains("holds something else"), "{refused:?}");
    }
    assert_eq!(std::fs::read(&photograph).unwrap(), b"a photograph");
    let absent = rafiq(&curator, &["bundle", "read", "/no/such/card"], None);
    assert!(text(&absent.stderr).starts_with("/no/such/card: "), "{absent:?}");
}

//! One field day (tests/scenarios/field-day.json), played by Rust, Kotlin, Swift and Python over one relay, each against the real
//! library, and by the presenters of both apps, as people tap it. Every player compares each step with what the scenario
//! expects; here the stores they leave behind are compared, by `rafiq inspect --digest`. `tests/run scenario` builds what the players
//! need first.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test may fail

mod player;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const LANGUAGES: [&str; 6] = ["rust", "kotlin", "swift", "python", "kotlin presenters", "swift presenters"];

#[test]
fn every_language_plays_the_day_over_one_relay() {
    println!(); // the languages get lines of their own
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(folder.path());
    for language in LANGUAGES {
        play(language, folder.path(), language, &relay.url);
        let (newcomer, mentor) =
            (digests(folder.path(), language, "newcomer"), digests(folder.path(), language, "mentor"));
        assert_eq!(newcomer.len(), 2, "{language}: a group and a pairing");
        let equal = newcomer == mentor;
        println!(
            "{language}: newcomer={} mentor={} {}",
            short(&newcomer),
            short(&mentor),
            if equal { "equal" } else { "differ" }
        );
        assert!(equal, "{language}: {newcomer:?} {mentor:?}");
        let coordinator = digests(folder.path(), language, "coordinator");
        assert!(coordinator.iter().all(|(space, digest)| newcomer.get(space) == Some(digest)), "{language}: the group");
    }
}

/// The same randomness, the same clock, the same calls: the same stores, whatever the language. Each on a relay of its own, since
/// they are the same people.
#[test]
fn every_language_ends_in_the_same_stores() {
    println!();
    let mut first = None;
    for language in LANGUAGES {
        let folder = tempfile::tempdir().unwrap();
        let relay = Relay::start(folder.path());
        play(language, folder.path(), "same", &relay.url);
        let found = ["coordinator", "mentor", "newcomer"].map(|actor| digests(folder.path(), language, actor));
        println!("{language}: {}", found.each_ref().map(short).join(" "));
        assert_eq!(*first.get_or_insert_with(|| found.clone()), found, "{language}");
    }
}

/// Lets a language play the scenario into `folder/language`, one store an actor.
fn play(language: &str, folder: &Path, player: &str, relay: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let scenario = root.join("tests/scenarios/field-day.json");
    let stores = folder.join(language);
    if language == "rust" {
        player::play(&scenario, &stores, player, relay);
        return;
    }
    let tool = std::env::var_os(format!("RAFIQ_{}", language.to_uppercase().replace(' ', "_")))
        .map_or_else(|| root.join(format!("tests/tools/{}.sh", language.split(' ').next().unwrap())), PathBuf::from);
    let words: &[&str] = match language {
        "kotlin" => &["run", "org.rafiq.PlayKt"],
        "kotlin presenters" => &["in", "android/presenters", "run", "org.rafiq.presenters.PlayKt"],
        "swift" => &["run", "--skip-build", "play"],
        "swift presenters" => &["in", "ios", "run", "--skip-build", "play-presenters"],
        _ => &["bindings/python/tests/play.py"],
    };
    let mut command = Command::new(tool);
    command.args(words).arg(&scenario).arg(&stores).arg(player).env("RAFIQ_RELAY_URL", relay).current_dir(root);
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{language}: {}", String::from_utf8_lossy(&said));
}

/// What `rafiq inspect --digest` says of a closed store: by kind and title of each shared space.
fn digests(folder: &Path, language: &str, actor: &str) -> BTreeMap<String, String> {
    let profile = folder.join(language).join(actor);
    let output = Command::new(rafiq()).arg("inspect").arg("--profile").arg(profile).arg("--digest").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let lines = said.lines().filter_map(|line| line.strip_prefix("digest ")?.rsplit_once(' '));
    lines.map(|(space, hex)| (space.to_owned(), hex.to_owned())).collect()
}

fn short(digests: &BTreeMap<String, String>) -> String {
    let all: Vec<String> = digests.iter().map(|(space, hex)| format!("{space} {hex}")).collect();
    blake3::hash(all.join("\n").as_bytes()).to_hex()[..16].to_owned()
}

/// The `rafiq` command: as the stage says, or as cargo built it beside this test.
fn rafiq() -> PathBuf {
    std::env::var_os("RAFIQ_BIN").map_or_else(
        || std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("rafiq"),
        PathBuf::from,
    )
}

/// A real relay in a process of its own, ended with the test.
struct Relay {
    process: Child,
    url: String,
}

impl Relay {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(rafiq());
        command.args(["relay", "--listen", "127.0.0.1:0", "--database"]).arg(folder.join("relay.sqlite"));
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { process, url }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

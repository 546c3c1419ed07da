//! The five rules that decide everything else, each under its name in the README.

#[path = "rules/rich.rs"]
mod rich;

use rafiq::check_ins::CheckInFilter;
use rafiq::host::NoProgress;
use rafiq::ids::SpaceId;
use rafiq::mentoring::NewPairing;
use rafiq::replica::Replica;
use rafiq::support_models::Models;
use rafiq::today::DueKind;
use rafiq::{Rafiq, people::NewMe};
use rafiq_tests::phone::{Phone, START_MS};
use rich::{Rich, ZONE};
use std::path::Path;
use std::process::Command;

const DAY_MS: i64 = 86_400_000;

/// The tables of the read model, as the replica itself names them.
fn tables(replica: &Replica) -> Vec<&'static str> {
    replica.digest(None).unwrap().into_keys().collect()
}

/// Every row of a table in a fixed order, each column spelled out.
fn rows(replica: &Replica, table: &str, space: Option<&SpaceId>) -> Vec<String> {
    let dumped = replica.read(|rows| {
        let mut statement = rows.prepare(&format!("SELECT * FROM {table} WHERE ?1 IS NULL OR space = ?1"))?;
        let columns = statement.column_count();
        let found = statement.query_map([space.map(|space| &space.0[..])], |row| {
            let column = |n| row.get_ref(n).map(|value| format!("{value:?}"));
            (0..columns).map(column).collect::<Result<Vec<_>, _>>().map(|row| row.join(" | "))
        })?;
        Ok(found.collect::<Result<Vec<_>, _>>()?)
    });
    let mut dumped = dumped.unwrap();
    dumped.sort();
    dumped
}

/// Differences that were kept and that a person is to settle; a history without any would prove little.
fn kept_differences(phone: &Phone) -> usize {
    let due = phone.today().list(START_MS, ZONE).unwrap();
    due.iter().filter(|item| item.kind == DueKind::Conflict).count()
}

/// What people find, which goes through the full-text index: it is part of no digest.
fn found(phone: &Phone) -> Vec<String> {
    let words = ["legal", "استشارة", "юридична", "school"];
    let hits = words.iter().flat_map(|word| phone.directory().search(word, 100).unwrap());
    hits.map(|hit| format!("{hit:?}")).collect()
}

#[test]
fn log_is_the_truth() {
    let mut rich = Rich::new();
    assert!(kept_differences(&rich.mentor) >= 4, "{}", kept_differences(&rich.mentor));
    for phone in [&mut rich.mentor, &mut rich.newcomer] {
        let before = (phone.replica().digest(None).unwrap(), found(phone), kept_differences(phone));
        assert!(!before.1.is_empty());
        for table in tables(phone.replica()) {
            assert!(!rows(phone.replica(), table, None).is_empty(), "nothing in {table}: nothing shown");
        }
        // As an upgrade does it.
        phone.replica().forget_read_model().unwrap();
        for table in tables(phone.replica()) {
            assert!(rows(phone.replica(), table, None).is_empty(), "{table} was to be forgotten");
        }
        assert!(phone.replica().project_missing(&NoProgress).unwrap() > 0);
        assert_eq!((phone.replica().digest(None).unwrap(), found(phone), kept_differences(phone)), before);
        // By hand, every cache gone: the next start writes it again from the log alone.
        let emptied = phone.replica().store().write(|rows| {
            for table in tables(phone.replica()).into_iter().chain(["service_words", "projected", "noun"]) {
                rows.execute(&format!("DELETE FROM {table}"), [])?;
            }
            Ok(())
        });
        emptied.unwrap();
        phone.stop();
        phone.start();
        assert_eq!((phone.replica().digest(None).unwrap(), found(phone), kept_differences(phone)), before);
    }
}

#[test]
fn one_road() {
    let rich = Rich::new();
    let (here, there) = (rich.mentor.replica(), rich.newcomer.replica());
    let mut filled = Vec::new();
    for space in rich.shared_spaces() {
        assert_eq!(here.digest(Some(&space)).unwrap(), there.digest(Some(&space)).unwrap());
        for table in tables(here) {
            let written = rows(here, table, Some(&space));
            assert_eq!(written, rows(there, table, Some(&space)), "{table}");
            if !written.is_empty() {
                filled.push(table);
            }
        }
    }
    // Only one's own profile is never shared.
    let empty: Vec<_> = tables(here).into_iter().filter(|table| !filled.contains(table)).collect();
    assert_eq!(empty, ["profile"]);
}

#[test]
fn reading_loads_no_document() {
    let mut rich = Rich::new();
    for phone in [&mut rich.mentor, &mut rich.newcomer] {
        phone.stop();
        phone.start();
    }
    for phone in [&rich.mentor, &rich.newcomer] {
        let (groups, mentoring, directory) = (phone.groups(), phone.mentoring(), phone.directory());
        assert!(!phone.today().list(START_MS, ZONE).unwrap().is_empty());
        phone.today().reminders(START_MS, 30 * DAY_MS, ZONE).unwrap();
        assert!(phone.people().me().unwrap().is_some());
        assert!(phone.check_ins().list(CheckInFilter::default(), 50, None).unwrap().items.len() >= 5);
        for group in groups.list().unwrap() {
            groups.get(&group.id).unwrap();
            assert!(phone.people().list(&group.id.value).unwrap().len() >= 4);
            for session in groups.sessions(&group.id, 0, 50, None).unwrap().items {
                groups.session(&session.id).unwrap();
                assert!(!groups.attendance(&session.id).unwrap().is_empty());
            }
        }
        for pairing in mentoring.list().unwrap() {
            assert_eq!(mentoring.get(&pairing.id).unwrap(), pairing);
            assert!(!mentoring.plan(&pairing.id, START_MS, 4, ZONE).unwrap().is_empty());
            assert_eq!(mentoring.goals(&pairing.id).unwrap().len(), 4);
            assert_eq!(mentoring.milestones(&pairing.id).unwrap().len(), 4);
            assert_eq!(mentoring.contacts(&pairing.id, 10).unwrap().len(), 2);
        }
        for listed in directory.list().unwrap() {
            let hit = directory.browse(&listed.space, 50, None).unwrap().items.swap_remove(0);
            directory.service(&listed.space, &hit.id, "uk").unwrap();
        }
        assert!(!found(phone).is_empty());
        phone.safety().alerts().unwrap();
        directory.reports().unwrap();
        assert_eq!(phone.sharing().spaces().unwrap().len(), 3);
        phone.sharing().requests().unwrap();
        phone.sync().status().unwrap();
        phone.sync().held_items(10).unwrap();
        assert_eq!(phone.replica().documents_loaded(), 0);
        // The counter counts: the first write loads what it writes to.
        mentoring.add_goal(&rich.pairing, "one more").unwrap();
        assert_eq!(phone.replica().documents_loaded(), 1);
    }
}

/// The crates that a crate is built from on this system, each with its features.
fn tree(package: &str) -> Vec<(String, Vec<String>)> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let wanted =
        ["tree", "-p", package, "-e", "normal", "--prefix", "none", "--offline", "--locked", "--format", "{p}|{f}"];
    let output = Command::new(cargo).args(wanted).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| {
        let (package, features) = line.split_once('|')?;
        let name = package.split_whitespace().next()?.to_owned();
        Some((name, features.split(',').map(|feature| feature.trim_end_matches(" (*)").to_owned()).collect()))
    };
    text.lines().filter_map(line).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Crates that open sockets, run tasks behind one's back or ask the system what time it is.
const NOT_IN_THE_CORE: [&str; 24] = [
    "async-io",
    "async-std",
    "curl",
    "curl-sys",
    "futures-executor",
    "h2",
    "hyper",
    "hyper-util",
    "iana-time-zone",
    "isahc",
    "mio",
    "native-tls",
    "openssl",
    "polling",
    "quinn",
    "reqwest",
    "rustls",
    "smol",
    "socket2",
    "time",
    "tokio",
    "tungstenite",
    "ureq",
    "web-time",
];

fn outsiders(package: &str) -> Vec<String> {
    let tree = tree(package);
    let mut found: Vec<String> =
        tree.iter().map(|(name, _)| name).filter(|name| NOT_IN_THE_CORE.contains(&name.as_str())).cloned().collect();
    // `rustix` is for the lock on a folder; its sockets are a feature.
    found.extend(
        tree.iter()
            .filter(|(name, on)| name == "rustix" && on.iter().any(|f| f == "net"))
            .map(|(name, _)| name.clone()),
    );
    found
}

#[test]
fn core_is_sans_io() {
    assert!(tree("rafiq").len() > 50, "a core without dependencies would be news");
    assert_eq!(outsiders("rafiq"), Vec::<String>::new());
    assert!(outsiders("rafiq-relay").iter().any(|name| name == "tokio"), "what is there is found");
    let mut files = 0;
    let mut folders =
        vec![root().join("core/src"), root().join("core/protocol/src"), root().join("core/sqlcipher/src")];
    while let Some(folder) = folders.pop() {
        for item in std::fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let code = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
            for line in code {
                for word in ["std::net", "SystemTime::now", "Instant::now", "TcpStream", "UdpSocket"] {
                    assert!(!line.contains(word), "{}: {line}", path.display());
                }
            }
        }
    }
    assert!(files > 100, "{files} files read");
    // And clippy, which sees through aliases, refuses them in the core.
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let clippy = read("core/clippy.toml");
    for path in [
        "std::time::SystemTime::now",
        "std::time::Instant::now",
        "std::net::TcpStream",
        "std::net::TcpListener",
        "std::net::UdpSocket",
    ] {
        assert!(clippy.contains(&format!("\"{path}\"")), "{path} in core/clippy.toml");
    }
    let lints = read("Cargo.toml");
    assert!(lints.contains("disallowed_methods = \"deny\"") && lints.contains("disallowed_types = \"deny\""));
    assert!(read("core/Cargo.toml").contains("[lints]\nworkspace = true"));
}

/// A kind of peer support that nobody has compiled in.
const TANDEM: &str = r#"
id = "language-tandem"
version = 1
length_days = 84
pass_on = ["coordinator"]

[texts.en]
model-language-tandem = "Language tandem"

[[roles]]
id = "learner"
accompanied = true

[[roles]]
id = "speaker"

[[steps]]
id = "agree-on-days"
who = "speaker"
day = 0
window_days = 3

[[steps]]
id = "first-hour-in-both-languages"
who = "speaker"
week = 1
window_days = 7

[[watches]]
id = "tandem-silence"
when = "no-contact"
after_days = 21
who = "speaker"
window_days = 3
"#;

#[test]
fn programmes_are_data() {
    let mut phone = Phone::new(3, "Zahra", "prs");
    phone.stop();
    let open = |models: Models| Rafiq::open_with(phone.path(), phone.host.clone(), None, models, &NoProgress).unwrap();
    let new =
        || NewPairing { model: "language-tandem".into(), my_role: "speaker".into(), title: "Dari and German".into() };

    let rafiq = open(Models::shipped());
    assert!(rafiq.models().get("language-tandem").is_none());
    assert!(rafiq.mentoring().begin(new()).is_err(), "nobody knows it yet");
    drop(rafiq);

    // Dropped in, beside a file that cannot be read.
    let (models, refused) = Models::with(["no = [model", TANDEM]);
    assert_eq!(refused.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [0], "{refused:?}");
    let rafiq = open(models);
    let listed: Vec<&str> = rafiq.models().list().map(|model| model.id.as_str()).collect();
    assert_eq!(listed, ["buddy", "language-tandem", "newcomer-mentoring"]);
    let model = rafiq.models().get("language-tandem").unwrap();
    assert_eq!(model.own_text("en", &model.title_id()), Some("Language tandem"));
    rafiq.people().set_me(NewMe { name: "Zahra".into(), language: "prs".into(), calendar: None }).unwrap();
    let pairing = rafiq.mentoring().begin(new()).unwrap().id;

    // It runs: its steps come when they are due, are done, and nobody is forgotten.
    let steps = |rafiq: &Rafiq, day: i64, weeks| -> Vec<(String, bool, bool)> {
        let plan = rafiq.mentoring().plan(&pairing, START_MS + day * DAY_MS, weeks, ZONE).unwrap();
        plan.into_iter().map(|step| (step.text_id, step.is_mine, step.is_watch)).collect()
    };
    let step = |id: &str, watch: bool| (format!("step-{id}"), true, watch);
    assert_eq!(steps(&rafiq, 0, 0), [step("agree-on-days", false)]);
    assert_eq!(steps(&rafiq, 0, 2), [step("agree-on-days", false), step("first-hour-in-both-languages", false)]);
    assert!(steps(&rafiq, 22, 0).contains(&step("tandem-silence", true)));
    let due = |rafiq: &Rafiq| -> Vec<String> {
        rafiq.today().list(START_MS, ZONE).unwrap().into_iter().map(|item| item.text_id).collect()
    };
    assert_eq!(due(&rafiq), ["step-agree-on-days"]);
    let first = rafiq.mentoring().plan(&pairing, START_MS, 0, ZONE).unwrap().swap_remove(0);
    rafiq.mentoring().complete_step(&pairing, &first.id).unwrap();
    assert!(due(&rafiq).is_empty());
    drop(rafiq);

    // A phone without the file keeps the pairing and says nothing wrong about it; with the file it goes on.
    let rafiq = open(Models::shipped());
    assert_eq!(rafiq.mentoring().get(&pairing).unwrap().model, "language-tandem");
    assert!(steps(&rafiq, 0, 2).is_empty() && due(&rafiq).is_empty());
    drop(rafiq);
    let rafiq = open(Models::with([TANDEM]).0);
    assert_eq!(steps(&rafiq, 0, 2).len(), 2);
    assert!(due(&rafiq).is_empty(), "what was done stays done");
}

use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::schedule::Zone;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn named(zone: &str) -> Zone {
    Zone::named(zone).unwrap()
}

fn at(zone: Zone, y: i32, m: u32, d: u32, hour: u32) -> i64 {
    zone.instant(NaiveDate::from_ymd_opt(y, m, d).unwrap().and_hms_opt(hour, 0, 0).unwrap()).unwrap()
}

fn date(zone: Zone, ms: i64) -> String {
    zone.local(ms).format("%F %R").to_string()
}

fn open(tasks: &[Task]) -> Vec<&Task> {
    tasks.iter().filter(|t| !t.done).collect()
}

/// Lives a year, a day at a time: everyone does what is due on the day it begins, and contact is logged weekly.
fn a_year(model: &Model, zone: Zone) -> (Facts, BTreeMap<String, usize>) {
    let start = at(zone, 2026, 2, 2, 9);
    let mut facts = Facts { started_at_ms: start, person: Some("newcomer".into()), ..Facts::default() };
    let mut done: BTreeMap<String, usize> = BTreeMap::new();
    for day in 0..365 {
        let now = start + day * DAY;
        if day == i64::from(model.length_days.unwrap()) {
            facts.ended_at_ms = Some(now);
        }
        if day % 7 == 0 {
            facts.last_contact_ms = Some(now);
        }
        let tasks = model.due(&facts, now, zone);
        assert_eq!(tasks, model.due(&facts, now, zone), "the same facts give the same tasks");
        let mut ids: Vec<&str> = tasks.iter().map(|t| t.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), tasks.len(), "no id twice");
        for task in open(&tasks) {
            assert!(task.due_from_ms <= now && task.due_from_ms < task.due_by_ms, "{task:?}");
            assert!(model.role(&task.role).is_some());
            *done.entry(task.step.clone()).or_default() += 1;
            facts.done.insert(task.id.clone(), now);
        }
        assert!(open(&model.due(&facts, now, zone)).iter().all(|t| t.text_id == "step-agree-how-we-work"));
    }
    (facts, done)
}

#[test]
fn newcomer_mentoring_through_a_year() {
    let models = Models::shipped();
    let model = models.get("newcomer-mentoring").unwrap();
    let (facts, done) = a_year(model, named("Europe/Vienna"));
    let times = |step: &str| done.get(step).copied().unwrap_or(0);
    assert_eq!(times("first-meeting"), 1);
    assert_eq!(times("agree-how-we-work"), 1, "follows the first meeting");
    assert_eq!(times("weekly-contact"), 25, "weeks 1 to 25 of 26");
    assert_eq!(times("short-check-in"), 13);
    assert_eq!(times("supervision-talk"), 6);
    assert_eq!(times("celebrate"), 1);
    assert_eq!(times("invite-to-mentor"), 1, "after the end");
    assert_eq!(times("follow-up-silence"), 0, "contact was weekly");
    for step in &model.steps {
        assert!(times(&step.id) > 0 || matches!(step.from, Anchor::Events(_)), "{} never came", step.id);
    }
    let last = facts.done.iter().max_by_key(|(_, at)| **at).unwrap();
    assert_eq!(last.0, "invite-to-mentor");
}

#[test]
fn buddy_through_a_year() {
    let models = Models::shipped();
    let model = models.get("buddy").unwrap();
    let (_, done) = a_year(model, named("Asia/Kabul"));
    assert_eq!(done["weekly-contact"], 6, "weeks 2 to 7 of 8");
    assert_eq!(done["induction-complete"], 1);
    assert_eq!(done["invite-to-be-buddy"], 1);
    // The checklist: seven things on the first day, in any order; the induction window is two weeks.
    let start = at(named("Asia/Kabul"), 2026, 2, 2, 9);
    let facts = Facts { started_at_ms: start, ..Facts::default() };
    let tasks = model.due(&facts, start + 14 * DAY, named("Asia/Kabul"));
    let list: Vec<&Task> = tasks.iter().filter(|t| t.checklist.as_deref() == Some("induction")).collect();
    assert_eq!(list.len(), 8);
    assert!(list.iter().all(|t| t.due_by_ms <= at(named("Asia/Kabul"), 2026, 2, 16, 0)));
}

#[test]
fn days_are_those_of_the_calendar() {
    let zone = named("Europe/Vienna");
    let models = Models::shipped();
    let model = models.get("newcomer-mentoring").unwrap();
    // Begun in winter, due after the clocks went forward: still midnight.
    let facts = Facts { started_at_ms: at(zone, 2026, 3, 24, 15), ..Facts::default() };
    let tasks = model.ahead(&facts, facts.started_at_ms, facts.started_at_ms + 30 * DAY, zone);
    let urgent = tasks.iter().find(|t| t.id == "urgent-needs").unwrap();
    assert_eq!(date(zone, urgent.due_from_ms), "2026-03-31 00:00");
    assert_eq!(date(zone, urgent.due_by_ms), "2026-04-07 00:00");
    let meeting = tasks.iter().find(|t| t.id == "first-meeting").unwrap();
    assert_eq!(date(zone, meeting.due_from_ms), "2026-03-24 15:00", "not before it began");
    assert_eq!(date(zone, meeting.due_by_ms), "2026-03-31 00:00");
    let weekly: Vec<String> =
        tasks.iter().filter(|t| t.step == "weekly-contact").map(|t| date(zone, t.due_from_ms)).collect();
    assert_eq!(weekly, ["2026-03-31 00:00", "2026-04-07 00:00", "2026-04-14 00:00", "2026-04-21 00:00"]);
    // Midnight that does not exist: Beirut's clocks go forward at 00:00.
    let beirut = named("Asia/Beirut");
    let facts = Facts { started_at_ms: at(beirut, 2025, 3, 23, 12), ..Facts::default() };
    let tasks = model.ahead(&facts, facts.started_at_ms, facts.started_at_ms + 8 * DAY, beirut);
    assert_eq!(date(beirut, tasks.iter().find(|t| t.id == "urgent-needs").unwrap().due_from_ms), "2025-03-30 01:00");
}

#[test]
fn what_was_missed_makes_room() {
    let zone = named("UTC");
    let models = Models::shipped();
    let model = models.get("newcomer-mentoring").unwrap();
    let start = at(zone, 2026, 1, 5, 10);
    let mut facts = Facts { started_at_ms: start, last_contact_ms: Some(start + 69 * DAY), ..Facts::default() };
    let weekly = |facts: &Facts, now| -> Vec<String> {
        model.due(facts, now, zone).into_iter().filter(|t| t.step == "weekly-contact").map(|t| t.id).collect()
    };
    assert_eq!(weekly(&facts, start + 70 * DAY), ["weekly-contact.9"], "one open, however many were missed");
    facts.done.insert("weekly-contact.3".into(), start + 30 * DAY);
    facts.done.insert("weekly-contact.03".into(), start);
    facts.done.insert("weekly-contact.-3".into(), start);
    facts.done.insert("weekly-contact.nonsense".into(), start);
    assert_eq!(weekly(&facts, start + 70 * DAY), ["weekly-contact.3", "weekly-contact.9"], "what was done stays");
    facts.ended_at_ms = Some(start + 71 * DAY);
    assert_eq!(weekly(&facts, start + 72 * DAY), ["weekly-contact.3"], "what was open lapses with the end");
}

#[test]
fn watches() {
    let zone = named("UTC");
    let models = Models::shipped();
    let model = models.get("newcomer-mentoring").unwrap();
    let start = at(zone, 2026, 1, 5, 10);
    let of = |facts: &Facts, now, step: &str| -> Vec<Task> {
        model.due(facts, now, zone).into_iter().filter(|t| t.step == step).collect()
    };
    let mut facts = Facts { started_at_ms: start, person: Some("p".into()), ..Facts::default() };

    // Silence, counted from the start and then from the last contact.
    assert!(of(&facts, start + 13 * DAY, "follow-up-silence").is_empty());
    let task = of(&facts, start + 14 * DAY, "follow-up-silence").remove(0);
    assert_eq!((task.role.as_str(), task.person.as_deref()), ("mentor", Some("p")));
    facts.done.insert(task.id, start + 15 * DAY);
    assert!(of(&facts, start + 15 * DAY, "follow-up-silence").iter().all(|t| t.done));
    let again = of(&facts, start + 28 * DAY, "follow-up-silence");
    assert_eq!(again.iter().filter(|t| !t.done).count(), 1, "still silent after two more weeks");
    assert_eq!(of(&facts, start + 28 * DAY, "help-with-silence")[0].role, "coordinator");
    facts.last_contact_ms = Some(start + 27 * DAY);
    assert!(of(&facts, start + 28 * DAY, "follow-up-silence").is_empty(), "a contact ends it");
    facts.last_contact_ms = Some(i64::MAX);
    assert!(of(&facts, start + 28 * DAY, "follow-up-silence").is_empty(), "a clock in the future counts as now");

    // Check-ins that ask.
    let asked = |id: &str, wish, at_ms| Asked { id: id.into(), person: Some("q".into()), at_ms, wish, answered: false };
    let written = start + 30 * DAY;
    facts.check_ins = vec![asked("a", ContactWish::ThisWeek, written), asked("b", ContactWish::Today, written)];
    let today = of(&facts, written, "contact-today");
    assert_eq!((today[0].id.as_str(), today[0].person.as_deref()), ("contact-today.b", Some("q")));
    assert_eq!(date(zone, today[0].due_by_ms), "2026-02-05 00:00");
    assert!(of(&facts, written, "contact-today-unanswered").is_empty());
    assert_eq!(of(&facts, written + DAY, "contact-today-unanswered").len(), 1);
    assert!(of(&facts, written + 2 * DAY, "contact-this-week-unanswered").is_empty());
    assert_eq!(of(&facts, written + 3 * DAY, "contact-this-week-unanswered")[0].id, "contact-this-week-unanswered.a");
    facts.check_ins[0].answered = true;
    assert!(of(&facts, written + 3 * DAY, "contact-this-week-unanswered").is_empty());

    // Two missed in a row; the third changes nothing, coming ends it.
    let session =
        |n: i64, came| Attendance { session: format!("s{n}"), person: "p".into(), at_ms: start + n * DAY, came };
    facts.sessions = vec![session(9, false), session(7, true), session(8, false)]; // in any order
    assert_eq!(of(&facts, start + 9 * DAY, "follow-up-missed-meetings")[0].id, "follow-up-missed-meetings.s9.p");
    assert!(of(&facts, start + 8 * DAY, "follow-up-missed-meetings").is_empty());
    facts.sessions.push(session(10, false));
    assert_eq!(of(&facts, start + 10 * DAY, "follow-up-missed-meetings")[0].id, "follow-up-missed-meetings.s9.p");
    facts.sessions.push(session(11, true));
    assert!(of(&facts, start + 11 * DAY, "follow-up-missed-meetings").is_empty());

    // A life event, announced or past.
    let event = LifeEvent { id: "e1".into(), kind: "move".into(), person: None, at_ms: start + 40 * DAY };
    facts.events = vec![event, LifeEvent { id: "e2".into(), kind: "unheard-of".into(), person: None, at_ms: start }];
    assert!(of(&facts, start + 39 * DAY, "be-in-touch-after-event").is_empty());
    assert_eq!(of(&facts, start + 41 * DAY, "be-in-touch-after-event")[0].id, "be-in-touch-after-event.e1");
}

#[test]
fn gates() {
    let models = Models::shipped();
    let model = models.get("newcomer-mentoring").unwrap();
    let set = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    let newcomer = Standing { role: "newcomer".into(), consents: set(&["mentoring"]), ..Standing::default() };
    let mentor = Standing {
        role: "mentor".into(),
        consents: set(&["confidentiality"]),
        training: set(&["peer-basics", "safeguarding"]),
        age: Some(40),
    };
    assert_eq!(model.missing(&[newcomer.clone(), mentor.clone()]), []);
    let child = Standing { age: Some(15), ..newcomer.clone() };
    assert_eq!(model.missing(&[child.clone(), mentor.clone()]), [Missing::Supervisor], "a mentor does not supervise");
    let training = set(&["safeguarding"]);
    let coordinator = Standing { role: "coordinator".into(), training, age: Some(30), ..Standing::default() };
    assert_eq!(model.missing(&[child, mentor.clone(), coordinator]), []);
    let unready = Standing { training: set(&["peer-basics"]), age: None, ..mentor };
    assert_eq!(
        model.missing(&[
            Standing { role: "newcomer".into(), ..Standing::default() },
            unready,
            Standing { role: "king".into(), ..Standing::default() }
        ]),
        [
            Missing::Consent { role: "newcomer".into(), consent: "mentoring".into() },
            Missing::Training { role: "mentor".into(), training: "safeguarding".into() },
            Missing::Age { role: "mentor".into(), minimum: 18 },
            Missing::Role { role: "king".into() },
        ]
    );
}

const LISTENING: &str = r#"
id = "peer-listening"
version = 1
pass_on = ["safeguarding-lead"]
[[roles]]
id = "listener"
[[steps]]
id = "offer-a-slot"
who = "listener"
day = 0
window_days = 1
every_days = 3
[texts.en]
model-peer-listening = "Peer listening"
step-offer-a-slot = "Offer an hour of listening"
"#;

/// Sentences of a file, beside those that ship.
fn says_what_nobody_else_does(models: &Models) {
    let mut models = models.clone();
    let more = "[texts.ti]\nstep-offer-a-slot = \"ti\"\nrole-buddy = \"ti buddy\"\n[texts.prs]\nrole-buddy = \"prs\"\nrole-listener = \"prs\"";
    models.add(&format!("{}\n{more}", LISTENING.replace("version = 1", "version = 2"))).unwrap();
    let said = |tag: &str| -> Vec<(String, String, bool)> {
        let texts = models.own_texts(&Language::open(tag).unwrap());
        assert!(texts.values().all(|spoken| !spoken.machine));
        texts.into_iter().map(|(id, spoken)| (id, spoken.language, spoken.fallback)).collect()
    };
    let row = |id: &str, tag: &str, fallback| (id.to_owned(), tag.to_owned(), fallback);
    let (title, step) = ("model-peer-listening", "step-offer-a-slot");
    assert_eq!(said("en-GB"), [row(title, "en", false), row(step, "en", false)]);
    // A role that is named in Dari already keeps its name; one that nobody has named gets the file's.
    assert_eq!(
        said("fa-AF-u-ca-gregory"),
        [row(title, "en", true), row("role-listener", "prs", false), row(step, "en", true)]
    );
    // In a language that does not ship the file says more than we do.
    assert_eq!(said("ti-ER"), [row(title, "en", true), row("role-buddy", "ti", false), row(step, "ti", false)]);
    assert_eq!(Models::shipped().own_texts(&Language::open("en").unwrap()).len(), 0);
}

#[test]
fn programmes_are_data() {
    let broken = LISTENING.replace("listening\"\nversion", "quiet\"\nversoin");
    let (mut models, refused) = Models::with([LISTENING, broken.as_str()]);
    assert_eq!(
        models.list().map(|m| m.id.as_str()).collect::<Vec<_>>(),
        ["buddy", "newcomer-mentoring", "peer-listening"]
    );
    assert_eq!((refused.len(), refused[0].0, refused[0].1.reason), (1, 1, "unknown-field"));
    let model = models.get("peer-listening").unwrap();
    assert_eq!(model.own_text("en", &model.title_id()), Some("Peer listening"));
    assert_eq!(model.own_text("ar", &model.title_id()), None);
    says_what_nobody_else_does(&models);
    let start = at(named("UTC"), 2026, 1, 5, 10);
    let facts = Facts { started_at_ms: start, ..Facts::default() };
    let tasks = model.due(&facts, start + 10 * DAY, named("UTC"));
    assert_eq!((tasks.len(), tasks[0].id.as_str()), (1, "offer-a-slot.3"));

    assert_eq!(models.add(LISTENING).unwrap_err().reason, "not-newer");
    assert_eq!(models.add(&LISTENING.replace("version = 1", "version = 2")).unwrap(), "peer-listening");
    assert_eq!(models.get("peer-listening").unwrap().version, 2);
    let unknown = LISTENING.replace("version = 1", "version = 3\nmilestones = \"moon\"");
    let error = models.add(&unknown).unwrap_err();
    assert_eq!((error.field.as_str(), error.reason), ("milestones (moon)", "no-such-catalogue"));
    models.add_catalogue("id = \"moon\"\nversion = 1\n[[milestones]]\nid = \"landing\"\narea = \"travel\"").unwrap();
    assert!(models.add(&unknown).is_ok());
}

#[test]
fn malformed_models_name_line_field_and_reason() {
    let base = LISTENING.trim_start();
    let swap = |from: &str, to: &str| {
        assert!(base.contains(from), "{from}");
        base.replacen(from, to, 1)
    };
    let cases: [(String, Option<u32>, &str, &str); 32] = [
        (swap("version = 1", "versoin = 1"), Some(2), "versoin", "unknown-field"),
        (swap("version = 1\n", ""), Some(1), "version", "missing"),
        (swap("version = 1", "version = \"1\""), Some(2), "version", "not-a-number"),
        (swap("version = 1", "version = 99999999999999999999"), Some(2), "version", "out-of-range"),
        (swap("\"peer-listening\"", "\"Peer Listening\""), Some(1), "id", "format"),
        (swap("\"peer-listening\"", "7"), Some(1), "id", "not-text"),
        (swap("pass_on = [\"safeguarding-lead\"]", ""), Some(1), "pass_on", "missing"),
        (swap("pass_on = [\"safeguarding-lead\"]", "pass_on = \"x\""), Some(3), "pass_on", "not-a-list"),
        (swap("pass_on = [\"safeguarding-lead\"]", "pass_on = [\"x\",\n\"x\"]"), Some(4), "pass_on", "duplicate"),
        (
            swap("id = \"listener\"", "id = \"listener\"\nsupervises = 1"),
            Some(6),
            "roles[0].supervises",
            "not-true-or-false",
        ),
        (swap("[[roles]]\nid = \"listener\"\n", ""), Some(1), "roles", "missing"),
        (swap("[[roles]]", "[[roles]]\nid = \"listener\"\n[[roles]]"), Some(7), "roles[1].id", "duplicate"),
        (swap("[[steps]]", "[steps]"), Some(6), "steps", "not-a-list"),
        (swap("who = \"listener\"", "who = \"king\""), Some(8), "steps[0].who", "not-a-role"),
        (swap("who = \"listener\"", "hwo = \"listener\""), Some(8), "steps[0].hwo", "unknown-field"),
        (swap("day = 0", ""), Some(6), "steps[0].day", "missing"),
        (swap("day = 0", "day = -1"), Some(9), "steps[0].day", "out-of-range"),
        (swap("day = 0", "day = 0\nweek = 1"), Some(10), "steps[0].week", "one-of"),
        (swap("day = 0", "day = 0\nfrom = \"planned-end\""), Some(10), "steps[0].from", "needs-length"),
        (swap("day = 0", "day = 0\nfrom = \"noon\""), Some(10), "steps[0].from", "not-a-word"),
        (swap("day = 0", "day = 0\nfrom = \"end\""), Some(12), "steps[0].every_days", "not-here"),
        (swap("day = 0", "day = 0\nfrom = \"start\"\nafter_step = \"x\""), Some(11), "steps[0].after_step", "one-of"),
        (swap("day = 0", "day = 0\nafter_step = \"x\""), Some(10), "steps[0].after_step", "not-a-step"),
        (swap("day = 0", "day = 0\nafter_step = \"offer-a-slot\""), Some(10), "steps[0].after_step", "repeats"),
        (
            swap("day = 0\nwindow_days = 1\nevery_days = 3", "day = 0\nafter_step = \"offer-a-slot\"\nwindow_days = 1"),
            Some(10),
            "steps[0].after_step",
            "cycle",
        ),
        (swap("day = 0", "day = 0\nafter_events = [\"move\"]"), Some(10), "steps[0].after_events", "not-an-event"),
        (swap("window_days = 1", "window_days = 9"), Some(10), "steps[0].window_days", "longer-than-every"),
        (swap("window_days = 1", "window_days = 0"), Some(10), "steps[0].window_days", "out-of-range"),
        (
            swap(
                "[texts.en]",
                "[[watches]]\nid = \"w\"\nwhen = \"sad\"\nafter_days = 1\nwho = \"listener\"\nwindow_days = 1\n[texts.en]",
            ),
            Some(14),
            "watches[0].when",
            "not-a-word",
        ),
        (
            swap(
                "[texts.en]",
                "[[watches]]\nid = \"offer-a-slot\"\nwhen = \"no-contact\"\nafter_days = 1\nwho = \"listener\"\nwindow_days = 1\n[texts.en]",
            ),
            Some(13),
            "watches[0].id",
            "duplicate",
        ),
        (swap("Offer an hour", "Offer\\u0007 an hour"), Some(14), "texts.en.step-offer-a-slot", "format"),
        (swap("version = 1", "supervise_minors = true\nversion = 1"), Some(2), "supervise_minors", "needs-supervisor"),
    ];
    for (text, line, field, reason) in cases {
        let error = Model::parse(&text).unwrap_err();
        assert_eq!((error.line, error.field.as_str(), error.reason), (line, field, reason), "{error}\n{text}");
    }
    let error = Model::parse("id = \"x").unwrap_err();
    assert_eq!((error.line, error.reason), (Some(1), "toml"));
    assert_eq!(Model::parse(&" ".repeat(MAX_BYTES + 1)).unwrap_err().reason, "too-large");
    assert_eq!(Model::parse(&format!("id = {}", "[".repeat(30_000))).unwrap_err().reason, "toml");
    let many = swap("[[steps]]", &format!("{}[[steps]]", "[[steps]]\nid = \"a\"\n".repeat(200)));
    assert_eq!(Model::parse(&many).unwrap_err().reason, "too-many");
    assert_eq!(Catalogue::parse("id = \"a\"\nversion = 1").unwrap_err().reason, "missing");
}

#[test]
fn shipped_catalogue_holds_what_the_practice_names() {
    let models = Models::shipped();
    let arrival = models.catalogue("arrival").unwrap();
    for id in [
        "first-medical-appointment",
        "first-bus-ride",
        "driving-licence",
        "first-job",
        "school-enrolment",
        "library-card",
    ] {
        assert!(arrival.milestones.iter().any(|m| m.id == id), "{id}");
    }
    assert_eq!(arrival.milestones[0].text_id(), format!("milestone-{}", arrival.milestones[0].id));
    assert_eq!(models.list().count(), SHIPPED_MODELS.len());
    assert!(models.list().all(|m| m.milestones.is_some()));
}

#[test]
fn times_at_the_edge() {
    let models = Models::shipped();
    for model in models.list() {
        for zone in [named("UTC"), named("Pacific/Apia"), named("Africa/Monrovia"), named("Asia/Kathmandu")] {
            for time in [i64::MIN, -1, 0, 4_102_444_800_000, i64::MAX] {
                for other in [i64::MIN, 0, 1_767_603_600_000, i64::MAX] {
                    let facts = Facts {
                        started_at_ms: time,
                        planned_end_ms: Some(other),
                        ended_at_ms: Some(time),
                        last_contact_ms: Some(other),
                        done: [
                            ("first-meeting".to_owned(), other),
                            ("weekly-contact.9223372036854775807".to_owned(), time),
                        ]
                        .into(),
                        ..Facts::default()
                    };
                    assert!(model.ahead(&facts, other, i64::MAX, zone).len() < 10_000);
                }
            }
        }
    }
    // A day that never was: 30 December 2011 in Apia.
    let zone = named("Pacific/Apia");
    let facts = Facts { started_at_ms: at(zone, 2011, 12, 23, 10), ..Facts::default() };
    let tasks = models.get("buddy").unwrap().due(&facts, facts.started_at_ms + 9 * DAY, zone);
    let unclear = tasks.iter().find(|t| t.id == "what-is-still-unclear").unwrap();
    let day = zone.local(unclear.due_from_ms);
    assert_eq!((day.month(), day.day()), (12, 31));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Any change of a character in a good file is read or refused with a reason, and what is read runs.
    #[test]
    fn no_file_harms(at in 0usize..3_000, byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = SHIPPED_MODELS[0].as_bytes().to_vec();
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        if let Ok(model) = Model::parse(&String::from_utf8_lossy(&bytes)) {
            let facts = Facts { started_at_ms: 1_767_603_600_000, ..Facts::default() };
            model.due(&facts, 1_767_603_600_000 + 100 * DAY, named("Europe/Kyiv"));
        }
    }
}

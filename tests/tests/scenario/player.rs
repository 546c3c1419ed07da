//! The field day in Rust, over the core's own calls.

use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, HelpKind, NewCheckIn, Share};
use rafiq::groups::{Mark, Modality, NewGroup, NewSession, Presence, SessionId, SupportGroupId};
use rafiq::host::{Clock, HostError, Random};
use rafiq::language::{Args, Language};
use rafiq::mentoring::{ContactKind, Meeting, Milestone, NewContact, NewPairing, PairingId};
use rafiq::people::{NewMe, PersonRef};
use rafiq::sharing::Reach;
use rafiq::today::DueKind;
use rafiq::vault::FileKeyVault;
use rafiq::{Error, Host, Rafiq};
use rafiq_tests::phone::post;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

type Words = Map<String, Value>;

/// Plays a scenario, one store an actor in `folder`.
pub(crate) fn play(scenario: &Path, folder: &Path, player: &str, relay: &str) {
    let scenario: Value = serde_json::from_slice(&std::fs::read(scenario).unwrap()).unwrap();
    let clock = Arc::new(SetClock(AtomicI64::new(scenario["start_ms"].as_i64().unwrap())));
    let mut actors: BTreeMap<String, Actor> = BTreeMap::new();
    for name in scenario["actors"].as_array().unwrap() {
        let name = name.as_str().unwrap();
        let random = SeededRandom::new(&format!("{}/{player}/{name}", scenario["seed"].as_str().unwrap()));
        actors.insert(name.into(), Actor::new(folder.join(name), clock.clone(), random, relay));
    }
    let mut saved: BTreeMap<String, Value> = BTreeMap::new();
    for (at, step) in scenario["steps"].as_array().unwrap().iter().enumerate() {
        let mut words = step["with"].as_object().cloned().unwrap_or_default();
        for value in words.values_mut() {
            if let Some(name) = value.as_str().and_then(|text| text.strip_prefix('$')) {
                *value = saved[name].clone();
            }
        }
        let (who, what) = (step["actor"].as_str().unwrap(), step["do"].as_str().unwrap());
        if what == "pass" {
            clock.0.fetch_add(number(&words, "ms"), Ordering::Relaxed);
            continue;
        }
        let actor = actors.get_mut(who).unwrap();
        let given = actor.act(what, &words).unwrap_or_else(|error| actor.say(&error));
        let mut expected = step["expect"].as_object().cloned().unwrap_or_default();
        expected.entry("error").or_insert(Value::Null);
        for (name, wanted) in expected {
            assert_eq!(given[&name], wanted, "step {}, {who} {what}: {name}", at + 1);
        }
        for (name, to) in step["save"].as_object().into_iter().flatten() {
            saved.insert(to.as_str().unwrap().into(), given[name].clone());
        }
    }
}

struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// SplitMix64 from FNV-1a of a text, as the scenario says.
struct SeededRandom(AtomicU64);

impl SeededRandom {
    fn new(seed: &str) -> Self {
        let step = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        Self(AtomicU64::new(seed.bytes().fold(0xcbf2_9ce4_8422_2325, step)))
    }

    fn draw(&self) -> u64 {
        let z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), HostError> {
        for piece in buffer.chunks_mut(8) {
            piece.copy_from_slice(&self.draw().to_le_bytes()[..piece.len()]);
        }
        Ok(())
    }
}

struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), HostError> {
        getrandom::fill(buffer).map_err(|error| HostError::Failed { reason: error.to_string() })
    }
}

struct Actor {
    folder: PathBuf,
    clock: Arc<SetClock>,
    host: Host,
    relay: String,
    language: String,
    rafiq: Option<Rafiq>,
}

impl Actor {
    fn new(folder: PathBuf, clock: Arc<SetClock>, random: SeededRandom, relay: &str) -> Self {
        // The key is the system's randomness in every language: the seeded draws are the scenario's alone.
        let vault = Arc::new(FileKeyVault::new(&folder, Arc::new(SystemRandom)));
        let host = Host { vault, clock: clock.clone(), random: Arc::new(random) };
        Self { folder, clock, host, relay: relay.into(), language: "en".into(), rafiq: None }
    }

    fn rafiq(&self) -> &Rafiq {
        self.rafiq.as_ref().unwrap()
    }

    /// The variant and its words, and the sentence for the person.
    fn say(&self, error: &Error) -> Value {
        let name = format!("{error:?}");
        let mut words = vec![name.split([' ', '{']).next().unwrap().to_owned()];
        let mut args = Args::new();
        match error {
            Error::Invalid { field, reason } => {
                words.extend([(*field).to_owned(), (*reason).to_owned()]);
                args = args.text("field", *field).text("reason", *reason);
            }
            Error::NoConsent { purpose } => words.push((*purpose).to_owned()),
            Error::NotAllowed { role } => words.push((*role).to_owned()),
            _ => {}
        }
        let sentence = Language::open(&self.language).unwrap().text(error.message_id(), &args).unwrap();
        json!({ "error": words.join(" "), "sentence": sentence.text })
    }

    fn act(&mut self, what: &str, a: &Words) -> rafiq::Result<Value> {
        Ok(match what {
            "open" => {
                std::fs::create_dir_all(&self.folder)?;
                self.language = text(a, "language");
                self.rafiq = Some(Rafiq::open(&self.folder, self.host.clone(), None)?);
                let calendar = a.get("calendar").and_then(Value::as_str).map(str::to_owned);
                let me = NewMe { name: text(a, "name"), language: text(a, "language"), calendar };
                let me = self.rafiq().people().set_me(me)?;
                json!({ "name": me.name, "calendar": me.calendar })
            }
            "close" => {
                self.rafiq().shutdown()?;
                Value::Null
            }
            "set-relay" => {
                self.rafiq().sync().set_home_relay(&self.relay)?;
                Value::Null
            }
            "invite" => json!({ "text": self.rafiq().sharing().invite(&text(a, "space"), Reach::Remote)?.text }),
            "accept" => {
                json!({ "needs-confirmation": self.rafiq().sharing().accept(&text(a, "text"))?.needs_confirmation })
            }
            "admit-all" => {
                let requests = self.rafiq().sharing().requests()?;
                for request in &requests {
                    self.rafiq().sharing().admit(&request.id)?;
                }
                json!({ "names": sorted(requests.into_iter().map(|request| request.name)) })
            }
            "exchange" => self.exchange()?,
            "people" => json!({ "names": sorted(self.names(&text(a, "space"))?.into_keys()) }),
            "alerts" => {
                let alerts = self.rafiq().safety().alerts()?;
                json!({
                    "names": alerts.iter().map(|alert| &alert.name).collect::<Vec<_>>(),
                    "kinds": alerts.iter().map(|alert| &alert.kind).collect::<Vec<_>>(),
                    "confirmed": alerts.iter().map(|alert| alert.confirmed).collect::<Vec<_>>(),
                })
            }
            "settle-alerts" => {
                let alerts = self.rafiq().safety().alerts()?;
                for alert in &alerts {
                    self.rafiq().safety().settle(&alert.id)?;
                }
                json!({ "settled": alerts.len() })
            }
            "due" => {
                let due = self.rafiq().today().list(self.clock.now_ms(), &text(a, "zone"))?;
                let first = due.iter().filter_map(|item| match item.kind {
                    DueKind::Alert => Some("alert"),
                    DueKind::Conflict => Some("conflict"),
                    _ => None,
                });
                json!({ "kinds": first.collect::<Vec<_>>() })
            }
            "status" => {
                let status = self.rafiq().sync().status()?;
                json!({
                    "unsent": status.unsent_changes, "outbox": status.outbox,
                    "waiting": status.waiting, "quarantined": status.quarantined,
                })
            }
            "check-in" => self.check_in(a)?,
            "check-ins" => {
                let found = self.rafiq().check_ins().list(CheckInFilter::default(), 100, None)?.items;
                json!({ "notes": sorted(found.into_iter().map(|check_in| check_in.note)) })
            }
            "found-group" | "schedule" | "sessions" | "attendance" | "marks" => self.in_group(what, a)?,
            _ => self.in_pairing(what, a)?,
        })
    }

    fn exchange(&self) -> rafiq::Result<Value> {
        let carry = |exchange: &rafiq::sync::Exchange| post(&exchange.relay, &exchange.bytes);
        let answers = self.rafiq().exchange(&self.relay, rafiq::sync::Budget::default(), 16, carry)?;
        let delivered: Vec<&str> = answers.iter().flat_map(|answer| answer.delivered.clone()).collect();
        Ok(json!({
            "rounds": answers.len(), "first": delivered.first().unwrap_or(&""), "delivered": delivered,
            "stored": answers.iter().map(|answer| answer.stored).sum::<i64>(),
            "joined": answers.iter().map(|answer| answer.joined.len()).sum::<usize>(),
        }))
    }

    fn names(&self, space: &str) -> rafiq::Result<BTreeMap<String, PersonRef>> {
        Ok(self.rafiq().people().list(space)?.into_iter().map(|person| (person.name, person.id)).collect())
    }

    fn check_in(&self, a: &Words) -> rafiq::Result<Value> {
        let kept = self.rafiq().check_ins().record(NewCheckIn {
            feeling: match word(a, "feeling") {
                "very-hard" => Feeling::VeryHard,
                "hard" => Feeling::Hard,
                "so-so" => Feeling::SoSo,
                "good" => Feeling::Good,
                _ => Feeling::VeryGood,
            },
            helps: a
                .get("helps")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(|h| help(h.as_str().unwrap()))
                .collect(),
            contact: match word(a, "contact") {
                "no" => ContactWish::No,
                "this-week" => ContactWish::ThisWeek,
                _ => ContactWish::Today,
            },
            share: match word(a, "share") {
                "private" => Share::Private,
                pairing => Share::Pairing { pairing: pairing.into() },
            },
            note: text(a, "note"),
        })?;
        Ok(json!({ "note": kept.note }))
    }

    fn in_group(&self, what: &str, a: &Words) -> rafiq::Result<Value> {
        let groups = self.rafiq().groups();
        Ok(match what {
            "found-group" => {
                let capacity = number(a, "capacity") as i32;
                let new = NewGroup {
                    name: text(a, "name"),
                    language: text(a, "language"),
                    capacity,
                    place: text(a, "place"),
                };
                let group = groups.found(new)?;
                json!({ "group": group.id.value, "people": group.people })
            }
            "schedule" => {
                let modality = match word(a, "modality") {
                    "in-person" => Modality::InPerson,
                    "remote" => Modality::Remote,
                    _ => Modality::Hybrid,
                };
                let Meeting { starts_at_ms, zone, place } = meeting(a);
                let new = NewSession { starts_at_ms, zone, place, modality };
                json!({ "session": groups.schedule_session(&SupportGroupId { value: text(a, "group") }, new)?.id.value })
            }
            "sessions" => {
                let group = SupportGroupId { value: text(a, "group") };
                let found = groups.sessions(&group, number(a, "from-ms"), 100, None)?.items;
                json!({
                    "starts": found.iter().map(|session| session.starts_at_ms).collect::<Vec<_>>(),
                    "places": found.iter().map(|session| &session.place).collect::<Vec<_>>(),
                })
            }
            "attendance" => {
                let session = groups.session(&SessionId { value: text(a, "session") })?;
                let names = self.names(&session.group.value)?;
                let mark = |(name, mark): (&String, &Value)| {
                    let presence = PRESENCES.iter().find(|(_, word)| mark == word).unwrap().0;
                    Mark { person: names[name].clone(), presence }
                };
                groups.record_attendance(&session.id, a["marks"].as_object().unwrap().iter().map(mark).collect())?;
                Value::Null
            }
            "marks" => {
                let found = groups.attendance(&SessionId { value: text(a, "session") })?;
                let word = |presence| PRESENCES.iter().find(|(found, _)| *found == presence).unwrap().1;
                let marks: BTreeMap<_, _> =
                    found.iter().filter_map(|mark| Some((&mark.name, mark.presence.map(word)?))).collect();
                json!({ "marks": marks, "others": found.iter().map(|mark| mark.others.len()).sum::<usize>() })
            }
            _ => panic!("no such step: {what}"),
        })
    }

    fn in_pairing(&self, what: &str, a: &Words) -> rafiq::Result<Value> {
        let mentoring = self.rafiq().mentoring();
        let id = PairingId { value: a.get("pairing").map(|_| text(a, "pairing")).unwrap_or_default() };
        Ok(match what {
            "begin-pairing" => {
                let new = NewPairing { model: text(a, "model"), my_role: text(a, "role"), title: text(a, "title") };
                let pairing = mentoring.begin(new)?;
                json!({ "pairing": pairing.id.value, "role": pairing.my_role })
            }
            "take-role" => json!({ "role": mentoring.take_role(&id, word(a, "role"))?.my_role }),
            "pairing" => {
                let found = mentoring.get(&id)?;
                let kept: Vec<_> = found
                    .next_meeting
                    .iter()
                    .flat_map(|next| std::iter::once(&next.value).chain(&next.others))
                    .collect();
                let mut starts: Vec<i64> = kept.iter().map(|choice| choice.meeting.starts_at_ms).collect();
                starts.sort_unstable();
                let responder = found.people.iter().find(|person| Some(&person.person) == found.responder.as_ref());
                json!({
                    "names": sorted(found.people.iter().map(|person| person.name.clone())),
                    "roles": sorted(found.people.iter().map(|person| person.role.clone().unwrap_or_default())),
                    "responder": responder.map_or("", |person| &person.name),
                    "values": kept.len(), "starts": starts,
                    "place": kept.first().map_or("", |choice| &choice.meeting.place),
                })
            }
            "meet" => {
                mentoring.set_next_meeting(&id, meeting(a))?;
                Value::Null
            }
            "resolve" => {
                mentoring.resolve_next_meeting(&id, meeting(a))?;
                Value::Null
            }
            "goal" => json!({ "text": mentoring.add_goal(&id, word(a, "text"))?.text }),
            "goals" => json!({ "texts": sorted(mentoring.goals(&id)?.into_iter().map(|goal| goal.text)) }),
            "milestone" => {
                let milestone = match a.get("own") {
                    Some(_) => Milestone::Own { text: text(a, "own") },
                    None => Milestone::Catalogue { id: text(a, "catalogue") },
                };
                mentoring.reach_milestone(&id, milestone)?;
                Value::Null
            }
            "milestones" => {
                let reached = mentoring.milestones(&id)?.into_iter().map(|reached| match reached.milestone {
                    Milestone::Own { text } => text,
                    Milestone::Catalogue { id } => id,
                });
                json!({ "reached": sorted(reached) })
            }
            "contact" => {
                let kind = match word(a, "kind") {
                    "visit" => ContactKind::Visit,
                    "call" => ContactKind::Call,
                    "message" => ContactKind::Message,
                    _ => ContactKind::Accompaniment,
                };
                mentoring
                    .log_contact(&id, NewContact { kind, help: help(word(a, "help")), at_ms: self.clock.now_ms() })?;
                Value::Null
            }
            _ => panic!("no such step: {what}"),
        })
    }
}

const PRESENCES: [(Presence, &str); 4] =
    [(Presence::Came, "came"), (Presence::Late, "late"), (Presence::Excused, "excused"), (Presence::Missed, "missed")];

fn help(word: &str) -> HelpKind {
    match word {
        "emotional" => HelpKind::Emotional,
        "practical" => HelpKind::Practical,
        "companionship" => HelpKind::Companionship,
        _ => HelpKind::Information,
    }
}

fn meeting(a: &Words) -> Meeting {
    Meeting { starts_at_ms: number(a, "starts-at-ms"), zone: text(a, "zone"), place: text(a, "place") }
}

fn word<'a>(a: &'a Words, name: &str) -> &'a str {
    a[name].as_str().unwrap()
}

fn text(a: &Words, name: &str) -> String {
    word(a, name).to_owned()
}

fn number(a: &Words, name: &str) -> i64 {
    a[name].as_i64().unwrap()
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort_unstable();
    texts
}

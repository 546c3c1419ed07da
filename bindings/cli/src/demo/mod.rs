//! `rafiq demo`: one field day, played with real parts: four encrypted profiles, a relay in a process of its own, HTTP on the loopback
//! interface. Each person hears it in their language, with the same in English below it; the lines at the left margin can be checked by a
//! program. Whatever the day promises is checked as it is said: if it did not come true, the demo fails.

mod apart;
mod card;
mod ending;
mod english;
mod joining;
mod leaving;
mod person;
mod relay;
mod search;
mod together;

use crate::directory::{say_problems, services_in, size_of};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::voice::{Voice, sentence};
use parking_lot::Mutex;
use person::Person;
use rafiq::directory::ImportReport;
use rafiq::host::{ByteSource, HostError, Progress};
use rafiq::language::{Args, Language};
use rafiq::{Error, vault};
use relay::RelayProcess;
use serde_json::{Map, Value, json};
use std::path::Path;

/// The project's sample: a fictional city.
const SAMPLE: &[u8] = include_bytes!("../../../../tests/samples/directory/services.json");
const SAMPLE_NAME: &str = "services.json";

/// Typed by the newcomer when her profile is made; "green tea in the yard".
const PASSPHRASE: &str = "چای سبز در حویلی";
/// Typed by somebody in a hurry.
const WRONG_PASSPHRASE: &str = "چای سیاه در حویلی";

const NEWCOMER: &str = "آمنه";
const MENTOR: &str = "Богдан";
const COURIER: &str = "سلمى";

/// The people of the day, and what was said so far.
struct Day<'a> {
    voice: &'a Voice,
    coordinator: Person,
    newcomer: Person,
    mentor: Person,
    /// In none of the others' spaces until late in the day.
    courier: Person,
    said: Map<String, Value>,
}

/// Plays the day, with the sample or with the directory at this path.
pub(crate) fn run(directory: Option<&Path>, voice: &Voice) -> Result<(), Failure> {
    let folder = tempfile::Builder::new().prefix("rafiq-demo-").tempdir()?;
    let mut day = Day {
        voice,
        coordinator: Person::new("Maria", "en", folder.path().join("coordinator"))?,
        newcomer: Person::new(NEWCOMER, "prs", folder.path().join("newcomer"))?,
        mentor: Person::new(MENTOR, "uk", folder.path().join("mentor"))?,
        courier: Person::new(COURIER, "ar", folder.path().join("courier"))?,
        said: Map::new(),
    };
    voice.line(&format!("— {} —", sentence(voice.language(), "demo-title", &Args::new())));
    for line in english::CAST {
        voice.beneath(line);
    }
    day.import(directory)?;
    day.mistype()?;
    let relay = RelayProcess::start(folder.path())?;
    let joined = joining::play(&mut day, relay.url())?;
    let notes = apart::play(&mut day, &relay, &joined)?;
    together::play(&mut day, &relay, &joined, &notes)?;
    card::play(&mut day, folder.path(), &joined)?;
    leaving::play(&mut day, &relay, &joined)?;
    ending::play(&mut day, &relay, directory.is_none())?;
    for person in [&mut day.coordinator, &mut day.newcomer, &mut day.mentor, &mut day.courier] {
        person.close()?;
    }
    voice.object(&Value::Object(day.said));
    Ok(())
}

impl Day<'_> {
    /// A line that a program can check, and what it says as a value.
    fn result(&mut self, key: &str, value: Value, line: &str) {
        self.voice.line(line);
        self.said.insert(key.to_owned(), value);
    }

    /// The coordinator imports a directory, twice.
    fn import(&mut self, directory: Option<&Path>) -> Result<(), Failure> {
        self.coordinator.make_profile(None, None)?;
        self.coordinator.open(None)?;
        self.coordinator.say(self.voice, "demo-opened", &Args::new().text("name", self.coordinator.name));
        let bytes = match directory {
            Some(path) => size_of(path).map_err(|error| Failure::At(path.to_owned(), error.into()))?,
            None => SAMPLE.len() as u64,
        };
        let library = self.coordinator.directory();
        let space = library.found("Port Alder", services_in(bytes))?.space;
        let once = || -> Result<ImportReport, Failure> {
            let bar = Bar::new(&sentence(&self.coordinator.language, "cli-importing", &Args::new()));
            let progress: &dyn Progress = &bar;
            match directory {
                Some(path) => {
                    library.import(&space, path, progress).map_err(|error| Failure::At(path.to_owned(), error))
                }
                None => Ok(library.import_source(&space, SAMPLE_NAME, &Bytes::new(SAMPLE), progress)?),
            }
        };
        let (first, again) = (once()?, once()?);
        self.coordinator.say(self.voice, "directory-imported", &Args::new().number("count", first.changed));
        let errors = first.errors.len() as i64 + first.unlisted_errors;
        let line = format!("imported {} services, {errors} errors; again: {} changed", first.services, again.changed);
        let mut value = crate::directory::import_object(&first);
        value["again_changed"] = json!(again.changed);
        self.result("import", value, &line);
        say_problems(&first, self.voice);
        claim(again.changed == 0, "importing the same directory again changes nothing")?;
        claim(directory.is_some() || errors == 0 && first.services >= 20, "the sample is clean")?;
        self.coordinator.close()
    }

    /// The newcomer mistypes her passphrase while no store is open, and is told in her language all the same.
    fn mistype(&mut self) -> Result<(), Failure> {
        self.newcomer.make_profile(Some(PASSPHRASE), Some("persian"))?;
        let error = match self.newcomer.open(Some(WRONG_PASSPHRASE)) {
            Err(Failure::Core(error)) => error,
            _ => return Err(Failure::Claim("a wrong passphrase opens nothing".into())),
        };
        claim(error == Error::WrongPassphrase, "a wrong passphrase is told from everything else")?;
        // All there is before a store is open: the language beside it.
        let beside = vault::read_language(self.newcomer.folder()).unwrap_or_default();
        let text = Language::open(&beside)?.text(error.message_id(), &Args::new())?;
        claim(text.language == "prs", "the sentence is in Dari")?;
        let english = sentence(&self.newcomer.english, error.message_id(), &Args::new());
        self.newcomer.say_both(self.voice, &text.text, &english);
        self.said.insert("wrong_passphrase".into(), json!(text.text));
        Ok(())
    }

    /// Everybody exchanges until nobody has anything new.
    fn settle(&self, relay: &str) -> Result<(), Failure> {
        for _ in 0..8 {
            let mut quiet = true;
            for person in [&self.newcomer, &self.mentor, &self.coordinator] {
                let rounds = person.exchange(relay)?;
                quiet &= rounds.iter().all(|received| received.stored == 0 && received.delivered.is_empty());
            }
            if quiet {
                return Ok(());
            }
        }
        Err(Failure::Claim("after some exchanges nobody has anything new".into()))
    }
}

/// What the demo promises.
fn claim(true_it_is: bool, what: &str) -> Result<(), Failure> {
    if true_it_is { Ok(()) } else { Err(Failure::Claim(what.to_owned())) }
}

/// The sample, as a file picker would hand it over.
struct Bytes(Mutex<&'static [u8]>);

impl Bytes {
    fn new(bytes: &'static [u8]) -> Self {
        Self(Mutex::new(bytes))
    }
}

impl ByteSource for Bytes {
    fn read(&self, max: usize) -> Result<Vec<u8>, HostError> {
        let mut left = self.0.lock();
        let (now, later) = left.split_at(max.min(left.len()));
        *left = later;
        Ok(now.to_vec())
    }
}

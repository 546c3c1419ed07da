//! A person of the demo: a device with a profile, a language to hear things in, and a connection that can be cut.

use super::english::{in_english, unmarked};
use crate::carrier::Carrier;
use crate::failure::Failure;
use crate::host::host;
use crate::voice::{Voice, sentence};
use rafiq::language::{Args, Language};
use rafiq::people::NewMe;
use rafiq::sync::{Budget, Received};
use rafiq::{Error, Rafiq, vault};
use std::path::{Path, PathBuf};
use ureq::tls::RootCerts;

/// More than any exchange of this day takes.
const MOST_ROUNDS: u32 = 20;

/// Somebody with a device.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) language: Language,
    pub(super) english: Language,
    pub(super) folder: PathBuf,
    pub(super) carrier: Carrier,
    rafiq: Option<Rafiq>,
}

impl Person {
    /// Somebody whose profile will lie in this folder; it is not opened yet.
    pub(super) fn new(name: &'static str, tag: &str, folder: PathBuf) -> Result<Self, Failure> {
        let (language, english) = (Language::open(tag)?, Language::open("en")?);
        Ok(Self { name, language, english, folder, carrier: Carrier::new(RootCerts::WebPki), rafiq: None })
    }

    /// Makes the profile, says who its person is, and closes it again.
    pub(super) fn make_profile(&mut self, passphrase: Option<&str>, calendar: Option<&str>) -> Result<(), Failure> {
        self.open(passphrase)?;
        let tag = self.language.tag().to_owned();
        vault::write_language(&self.folder, &tag)?;
        self.people().set_me(NewMe { name: self.name.into(), language: tag, calendar: calendar.map(Into::into) })?;
        self.close()
    }

    /// Opens the profile.
    pub(super) fn open(&mut self, passphrase: Option<&str>) -> Result<(), Failure> {
        self.rafiq = Some(Rafiq::open(&self.folder, host(&self.folder), passphrase)?);
        Ok(())
    }

    /// Closes it.
    pub(super) fn close(&mut self) -> Result<(), Failure> {
        if let Some(rafiq) = self.rafiq.take() {
            rafiq.shutdown()?;
        }
        Ok(())
    }

    /// Exchanges with the relay until nothing is left to do.
    pub(super) fn exchange(&self, relay: &str) -> Result<Vec<Received>, Failure> {
        Rafiq::exchange(self, relay, Budget::default(), MOST_ROUNDS, |exchange| self.carrier.carry(exchange))
    }

    /// Says a sentence as this person reads it.
    pub(super) fn say(&self, voice: &Voice, id: &str, args: &Args) {
        self.say_both(voice, &sentence(&self.language, id, args), &sentence(&self.english, id, args));
    }

    /// The same with what each language writes in its own way: a date, a sentence within the sentence.
    pub(super) fn say_with<F>(&self, voice: &Voice, id: &str, args: F) -> Result<(), Failure>
    where
        F: Fn(&Language) -> Result<Args, Failure>,
    {
        let said = sentence(&self.language, id, &args(&self.language)?);
        self.say_both(voice, &said, &sentence(&self.english, id, &args(&self.english)?));
        Ok(())
    }

    /// Says a sentence that stands already, set apart from what stands around it, so that each keeps its direction; then in English, if
    /// it was not, or names somebody in another script.
    pub(super) fn say_both(&self, voice: &Voice, said: &str, english: &str) {
        let tag = self.language.tag();
        voice.line(&format!("  {tag:3}  \u{2068}{said}\u{2069}"));
        let english = in_english(english);
        if english != unmarked(said) {
            voice.beneath(&format!("({english})"));
        }
    }

    /// Says that its sentences were translated by a machine, where that is so.
    pub(super) fn say_origin(&self, voice: &Voice) -> Result<(), Failure> {
        let spoken = self.language.text("demo-end", &Args::new())?;
        if let Some(label) = self.language.label(&spoken) {
            let id = if spoken.fallback { "language-fallback" } else { "language-machine" };
            self.say_both(voice, &label.text, &sentence(&self.english, id, &Args::new()));
        }
        Ok(())
    }

    /// How many changes the store holds, shared or not.
    pub(super) fn changes(&self) -> Result<i64, Failure> {
        let count = |rows: &rusqlite::Connection| -> rafiq::Result<i64> {
            Ok(rows.query_row("SELECT count(*) FROM change", [], |row| row.get(0))?)
        };
        Ok(self.replica().read(count)?)
    }

    /// Bytes of the profile's files on the disk, at rest.
    pub(super) fn bytes_on_disk(&self) -> Result<u64, Failure> {
        self.suspend()?;
        let bytes = crate::directory::size_of(&self.folder)?;
        self.resume()?;
        Ok(bytes)
    }

    /// Its folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl std::ops::Deref for Person {
    type Target = Rafiq;

    #[allow(clippy::expect_used)] // the demo opens every profile before it asks anything of it
    fn deref(&self) -> &Rafiq {
        self.rafiq.as_ref().ok_or(Error::Closed).expect("the profile is open")
    }
}

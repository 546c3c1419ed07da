//! What is said: sentences in a person's language, or one JSON object.

use crate::General;
use crate::failure::Failure;
use crate::profile;
use rafiq::Error;
use rafiq::language::{Args, Language, Spoken};
use serde_json::{Value, json};
use std::io::{IsTerminal, stderr, stdout};

/// Commands, so in English as `--help` is.
const HOW_TO_MAKE_A_PROFILE: &str = "No profile lies in this folder. Was another one meant? --profile DIR names it.
To make one here:
  rafiq directory import PATH       with a directory of services in it
  rafiq bundle carry KILOBYTES      to carry for others what is on a memory card";

/// Speaks to whoever sits at the terminal.
pub(crate) struct Voice {
    language: Language,
    json: bool,
    beside: bool,
}

impl Voice {
    /// In the language that was asked for, else the profile's, else the system's.
    pub(crate) fn for_profile(general: &General) -> Result<Self, Failure> {
        let tag = match &general.language {
            Some(tag) => tag.clone(),
            None => profile::remembered_language(general).unwrap_or_else(profile::system_language),
        };
        // A tag that the system made up is no reason to say nothing.
        let language = Language::open(&tag).or_else(|_| Language::open("en"))?;
        Ok(Self { language, json: general.json, beside: false })
    }

    /// The language.
    pub(crate) fn language(&self) -> &Language {
        &self.language
    }

    /// From now on everything is said on standard error: standard output carries what was asked for.
    pub(crate) fn step_aside(&mut self) {
        self.beside = true;
    }

    /// Prints a line of sentences, where sentences were asked for.
    pub(crate) fn line(&self, text: &str) {
        if !self.json {
            self.print(text);
        }
    }

    fn print(&self, text: &str) {
        if self.beside { eprintln!("{text}") } else { println!("{text}") }
    }

    /// Prints a line that belongs to the one before it, in lighter letters where a terminal has them.
    pub(crate) fn beneath(&self, text: &str) {
        let (light, plain) = if self.is_lit() { ("\u{1b}[2m", "\u{1b}[0m") } else { ("", "") };
        self.line(&format!("       {light}{text}{plain}"));
    }

    /// Whether somebody looks on who has not asked for plain letters (no-color.org).
    fn is_lit(&self) -> bool {
        let terminal = if self.beside { stderr().is_terminal() } else { stdout().is_terminal() };
        terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
    }

    /// Prints a sentence, where sentences were asked for.
    pub(crate) fn say(&self, id: &str, args: &Args) {
        self.line(&sentence(&self.language, id, args));
    }

    /// Prints a sentence beside the results: on standard error, whatever was asked for.
    pub(crate) fn remark(&self, id: &str, args: &Args) {
        eprintln!("{}", sentence(&self.language, id, args));
    }

    /// Prints the object, where JSON was asked for.
    pub(crate) fn object(&self, value: &Value) {
        if self.json {
            self.print(&value.to_string());
        }
    }

    /// Says why it did not work: the sentence to the person on standard error, and, where JSON was asked for, an object.
    pub(crate) fn failure(&self, failure: &Failure) {
        let text = match failure.message_id() {
            Some(id) => sentence(&self.language, id, &error_args(failure)),
            None => failure.to_string(),
        };
        let id = failure.message_id().unwrap_or("error");
        self.object(&json!({ "error": { "id": id, "text": text, "detail": failure.to_string() } }));
        match failure {
            Failure::At(path, _) | Failure::NoCertificate(path) => eprintln!("{}: {text}", path.display()),
            Failure::NoProfile(folder) => eprintln!("{}: {text}\n\n{HOW_TO_MAKE_A_PROFILE}", folder.display()),
            _ => eprintln!("{text}"),
        }
    }
}

/// A sentence for a terminal. An id without a sentence would be ours to mend: the build checks them.
pub(crate) fn sentence(language: &Language, id: &str, args: &Args) -> String {
    language.text(id, args).map_or_else(|error| format!("{id} ({error})"), |spoken: Spoken| spoken.text)
}

/// What the sentence of an error wants to know.
pub(crate) fn error_args(failure: &Failure) -> Args {
    match failure {
        Failure::Core(Error::Invalid { field, reason }) | Failure::At(_, Error::Invalid { field, reason }) => {
            Args::new().text("field", *field).text("reason", *reason)
        }
        _ => Args::new(),
    }
}

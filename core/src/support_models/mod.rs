//! The engine that runs a support model. How one kind of peer support goes, who does what and when, which gates come
//! before a role, what nobody should overlook, is a TOML file (`core/programmes/`, its README explains every field); this
//! module reads such a file and says what is due. It keeps nothing, asks no clock and touches no store:
//!
//! ```
//! use rafiq::schedule::Zone;
//! use rafiq::support_models::{Facts, Models};
//!
//! let models = Models::shipped();
//! let buddy = models.get("buddy").ok_or(rafiq::Error::NotFound)?;
//! let start = 1_767_603_600_000; // 2026-01-05 09:00 UTC
//! let facts = Facts { started_at_ms: start, ..Facts::default() };
//! let tasks = buddy.due(&facts, start, Zone::named("Europe/Vienna")?);
//! assert_eq!(tasks[0].text_id, "step-welcome");
//! # Ok::<(), rafiq::Error>(())
//! ```
//!
//! A watch turns a fact (no contact for two weeks) into a task for someone. It diagnoses nobody and ranks nobody.

mod catalogue;
mod due;
mod model;
mod reader;

use std::collections::BTreeMap;

pub use catalogue::{Catalogue, Milestone};
pub use due::{Asked, Attendance, ContactWish, Facts, LifeEvent, Task};
pub use model::{Anchor, Condition, Missing, Model, Role, Standing, Step, Watch};
pub use reader::{MAX_BYTES, ModelError};

use crate::error::Error;
use crate::language::{Args, Language, Spoken};

/// How many models, and how many catalogues, one installation holds: a menu that a person can still read.
pub const MAX_MODELS: usize = 200;

const SHIPPED_CATALOGUES: [&str; 1] = [include_str!("../../programmes/milestones/arrival.toml")];
const SHIPPED_MODELS: [&str; 2] = [
    include_str!("../../programmes/support_models/newcomer-mentoring.toml"),
    include_str!("../../programmes/support_models/buddy.toml"),
];

/// The support models and milestone catalogues at hand: those that ship, and those that a programme brought along.
#[derive(Debug, Clone, Default)]
pub struct Models {
    models: BTreeMap<String, Model>,
    catalogues: BTreeMap<String, Catalogue>,
}

impl Models {
    /// What ships with the library. (A test reads every one, so none is left out here.)
    pub fn shipped() -> Self {
        let mut all = Self::default();
        for text in SHIPPED_CATALOGUES {
            let added = all.add_catalogue(text);
            debug_assert!(added.is_ok(), "{added:?}");
        }
        for text in SHIPPED_MODELS {
            let added = all.add(text);
            debug_assert!(added.is_ok(), "{added:?}");
        }
        all
    }

    /// What ships, and the TOML texts of further models, such as the files of a folder. A text that cannot be read hides no
    /// other: its number in the order given stands beside its error.
    pub fn with<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> (Self, Vec<(usize, ModelError)>) {
        let mut all = Self::shipped();
        let refused = texts.into_iter().enumerate().filter_map(|(i, text)| Some((i, all.add(text.as_ref()).err()?)));
        let refused = refused.collect();
        (all, refused)
    }

    /// Adds one model from its TOML text and gives its id. An id that is taken needs a higher version, so that nobody replaces
    /// a model unawares (`version`/`not-newer`); a milestone catalogue that is named must be at hand.
    pub fn add(&mut self, text: &str) -> Result<String, ModelError> {
        let model = Model::parse(text)?;
        if let Some(name) = model.milestones.as_deref().filter(|name| !self.catalogues.contains_key(*name)) {
            return Err(ModelError::new("milestones", "no-such-catalogue").about(name));
        }
        let id = model.id.clone();
        put(&mut self.models, &id, model, |m| m.version)?;
        Ok(id)
    }

    /// Adds one milestone catalogue, under the same rules.
    pub fn add_catalogue(&mut self, text: &str) -> Result<String, ModelError> {
        let catalogue = Catalogue::parse(text)?;
        let id = catalogue.id.clone();
        put(&mut self.catalogues, &id, catalogue, |c| c.version)?;
        Ok(id)
    }

    /// Every model, by id.
    pub fn list(&self) -> impl Iterator<Item = &Model> {
        self.models.values()
    }

    /// One model.
    pub fn get(&self, id: &str) -> Option<&Model> {
        self.models.get(id)
    }

    /// What the models at hand say in their own files and `language` does not, by message id. A sentence that is shipped holds for all models, unless
    /// it is in another language and the file's is not. Where two files say the same id, the model that comes first by its id is heard.
    pub fn own_texts(&self, language: &Language) -> BTreeMap<String, Spoken> {
        let mut all = BTreeMap::new();
        for (tag, is_own) in language.tags() {
            for (id, text) in self.models.values().filter_map(|model| model.texts.get(tag)).flatten() {
                if !all.contains_key(id) && !is_shipped(language, id, is_own) {
                    let (text, language) = (text.clone(), tag.to_owned());
                    all.insert(id.clone(), Spoken { text, language, fallback: !is_own, machine: false });
                }
            }
        }
        all
    }

    /// One milestone catalogue.
    pub fn catalogue(&self, id: &str) -> Option<&Catalogue> {
        self.catalogues.get(id)
    }
}

impl From<ModelError> for Error {
    fn from(error: ModelError) -> Self {
        Self::invalid("support-model", error.reason)
    }
}

fn is_shipped(language: &Language, id: &str, for_own_language: bool) -> bool {
    match language.text(id, &Args::new()) {
        Ok(shipped) => !(for_own_language && shipped.fallback),
        Err(error) => error != Error::NotFound, // it has one, with values in it
    }
}

fn put<T>(all: &mut BTreeMap<String, T>, id: &str, new: T, version: fn(&T) -> u32) -> Result<(), ModelError> {
    match all.get(id) {
        Some(old) if version(old) >= version(&new) => return Err(ModelError::new("version", "not-newer").about(id)),
        None if all.len() >= MAX_MODELS => return Err(ModelError::new("id", "too-many")),
        _ => {}
    }
    all.insert(id.to_owned(), new);
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may fail
mod tests;

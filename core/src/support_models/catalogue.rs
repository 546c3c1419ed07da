//! Milestones: small victories that a person may celebrate. A catalogue only helps to find words; a person may always add
//! one of their own, and nobody has to reach any.

use super::reader::{Document, ModelError};

/// A list of milestones that a support model offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// Its id, as models name it.
    pub id: String,
    /// A newer catalogue of the same id has a higher one.
    pub version: u32,
    /// In the order of the file.
    pub milestones: Vec<Milestone>,
}

/// One small victory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// What is stored when it is reached.
    pub id: String,
    /// Health, work, school, … for grouping; its name is the message `area-<area>`.
    pub area: String,
}

impl Catalogue {
    /// Reads a catalogue (`programmes/milestones/*.toml`): at most 64 KiB and 500 milestones.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let document = Document::parse(text)?;
        let top = document.top();
        top.only(&["id", "version", "milestones"])?;
        let id = top.id("id")?;
        let version = top.count("version", 1, 10_000)?.ok_or_else(|| top.fail("version", "missing"))?;
        let mut milestones: Vec<Milestone> = Vec::new();
        for section in top.sections("milestones", 500)? {
            section.only(&["id", "area"])?;
            let milestone = Milestone { id: section.id("id")?, area: section.id("area")? };
            if milestones.iter().any(|m| m.id == milestone.id) {
                return Err(section.fail("id", "duplicate"));
            }
            milestones.push(milestone);
        }
        if milestones.is_empty() {
            return Err(top.fail("milestones", "missing"));
        }
        Ok(Self { id, version, milestones })
    }
}

impl Milestone {
    /// The message that names it.
    pub fn text_id(&self) -> String {
        format!("milestone-{}", self.id)
    }
}

//! The support models at hand, as a screen offers them.

use rafiq::support_models as core;

/// One kind of peer support.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SupportModelInfo {
    /// What `NewPairing.model` takes.
    pub id: String,
    /// A newer file of the same id has a higher one.
    pub version: i32,
    /// Planned length in days; none: open-ended.
    pub length_days: Option<i32>,
    /// Who takes part.
    pub roles: Vec<SupportRole>,
    /// The milestones it offers.
    pub milestones: Vec<MilestoneInfo>,
}

/// A part that a person takes.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SupportRole {
    /// What `NewPairing.my_role` and `Mentoring.take_role` take; the message `role-<id>` names it.
    pub id: String,
    /// The model is for this person; tasks are about them.
    pub accompanied: bool,
}

/// A small victory that a catalogue offers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MilestoneInfo {
    /// What `Milestone.Catalogue` takes; the message `milestone-<id>` names it.
    pub id: String,
    /// For grouping; the message `area-<area>` names it.
    pub area: String,
}

impl SupportModelInfo {
    pub(crate) fn of(model: &core::Model, models: &core::Models) -> Self {
        let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        let catalogue = model.milestones.as_deref().and_then(|name| models.catalogue(name));
        let milestones = catalogue.map(|catalogue| catalogue.milestones.as_slice()).unwrap_or_default();
        Self {
            id: model.id.clone(),
            version: number(model.version),
            length_days: model.length_days.map(number),
            roles: model
                .roles
                .iter()
                .map(|role| SupportRole { id: role.id.clone(), accompanied: role.accompanied })
                .collect(),
            milestones: milestones.iter().map(|m| MilestoneInfo { id: m.id.clone(), area: m.area.clone() }).collect(),
        }
    }
}

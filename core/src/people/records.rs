//! What an app sees of people.

/// A person's id, the same in every space.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonRef {
    /// As text.
    pub value: String,
}

/// What this profile's person wants to be called, and in which language they read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMe {
    /// At most 80 characters. Seen by everybody in the spaces that the person shares.
    pub name: String,
    /// BCP 47. Seen like the name, so that others know in which language to write.
    pub language: String,
    /// A calendar by its CLDR name (`persian`, `gregory`, …); `None`: the language's usual one. Seen by nobody else.
    pub calendar: Option<String>,
}

/// The person whose profile this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// Their id.
    pub id: PersonRef,
    /// As they want to be called.
    pub name: String,
    /// BCP 47.
    pub language: String,
    /// The calendar they chose, if it is not their language's.
    pub calendar: Option<String>,
}

/// Somebody in a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonRef,
    /// As they want to be called.
    pub name: String,
    /// BCP 47.
    pub language: String,
    /// Whether it is the person whose profile this is.
    pub is_me: bool,
    /// Who entered them, for a person without a device of their own.
    pub entered_by: Option<PersonRef>,
}

/// Somebody without a device, entered by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// At most 80 characters. Seen by everybody in the space.
    pub name: String,
    /// BCP 47. Seen by everybody in the space.
    pub language: String,
}

impl From<crate::ids::PersonId> for PersonRef {
    fn from(id: crate::ids::PersonId) -> Self {
        Self { value: id.to_string() }
    }
}

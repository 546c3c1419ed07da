//! People: the one whose profile this is, and those in each space, with or without a phone.

use rafiq::people as core;

use crate::guard::guarded;
use crate::{RafiqError, each, same_id};

/// A person's id, the same in every space.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct PersonRef {
    /// As text.
    pub value: String,
}

/// What this profile's person wants to be called, and in which language they read.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewMe {
    /// At most 80 characters. Seen by everybody in the spaces that the person shares.
    pub name: String,
    /// BCP 47. Seen like the name, so that others know in which language to write.
    pub language: String,
    /// A calendar by its CLDR name (`persian`, `gregory`, …); none: the language's usual one. Seen by nobody else.
    #[uniffi(default = None)]
    pub calendar: Option<String>,
}

/// The person whose profile this is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewPerson {
    /// At most 80 characters. Seen by everybody in the space.
    pub name: String,
    /// BCP 47. Seen by everybody in the space.
    pub language: String,
}

/// The calls about people.
#[derive(uniffi::Object)]
pub struct People {
    pub(crate) core: core::People,
}

#[uniffi::export]
impl People {
    /// Says who one is: into the own profile, and into the roster of every space that one shares.
    /// `Invalid` for an empty or too long name, an impossible language tag, an unknown calendar.
    pub fn set_me(&self, new: NewMe) -> Result<Me, RafiqError> {
        guarded("people.set_me", || Ok(self.core.set_me(new.into())?.into()))
    }

    /// Who one is; nothing before `set_me`.
    pub fn me(&self) -> Result<Option<Me>, RafiqError> {
        guarded("people.me", || Ok(self.core.me()?.map(Me::from)))
    }

    /// Everybody in a space, by name. `NotFound` if this profile does not hold the space.
    pub fn list(&self, space: String) -> Result<Vec<Person>, RafiqError> {
        guarded("people.list", || Ok(each(self.core.list(&space)?)))
    }

    /// Enters somebody who has no device of their own; who entered them is kept beside it.
    pub fn add_person(&self, space: String, new: NewPerson) -> Result<Person, RafiqError> {
        guarded("people.add_person", || Ok(self.core.add_person(&space, new.into())?.into()))
    }
}

same_id!(PersonRef, core::PersonRef);

impl From<NewMe> for core::NewMe {
    fn from(new: NewMe) -> Self {
        let NewMe { name, language, calendar } = new;
        Self { name, language, calendar }
    }
}

impl From<core::Me> for Me {
    fn from(me: core::Me) -> Self {
        let core::Me { id, name, language, calendar } = me;
        Self { id: id.into(), name, language, calendar }
    }
}

impl From<core::Person> for Person {
    fn from(person: core::Person) -> Self {
        let core::Person { id, name, language, is_me, entered_by } = person;
        Self { id: id.into(), name, language, is_me, entered_by: entered_by.map(PersonRef::from) }
    }
}

impl From<NewPerson> for core::NewPerson {
    fn from(new: NewPerson) -> Self {
        let NewPerson { name, language } = new;
        Self { name, language }
    }
}

//! Check-ins: how is it going, what would help, shall someone get in touch.

use rafiq::check_ins as core;

use crate::guard::guarded;
use crate::{PersonRef, RafiqError, each, same_id, same_words};

/// A check-in's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct CheckInId {
    /// As text.
    pub value: String,
}

/// How it is going: one of five faces. No score and no diagnosis; nothing is computed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Feeling {
    /// A face in tears.
    VeryHard,
    /// A sad face.
    Hard,
    /// A calm face.
    SoSo,
    /// A smiling face.
    Good,
    /// A laughing face.
    VeryGood,
}

/// The four kinds of support that peers give one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum HelpKind {
    /// Someone who listens.
    Emotional,
    /// Help with something practical.
    Practical,
    /// Company.
    Companionship,
    /// Information.
    Information,
}

/// Whether someone shall get in touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ContactWish {
    /// No, thank you.
    No,
    /// This week.
    ThisWeek,
    /// Today: an alert goes out before everything else.
    Today,
}

/// The words of a check-in travel and go by themselves: there may be some that are not to be read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum WordsState {
    /// Nothing was written.
    None,
    /// They are the note.
    Here,
    /// Something was written and has not come yet.
    NotHereYet,
    /// Something was written, and its author or a steward has erased it.
    Erased,
}

/// By which the receipt of an erasure is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct ErasureId {
    /// As text.
    pub value: String,
}

/// Who may see a check-in.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Share {
    /// Nobody else: it is written in the personal space and nowhere else.
    Private,
    /// The members of this pairing.
    Pairing {
        /// Its id.
        pairing: String,
    },
}

/// A check-in to be kept.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewCheckIn {
    /// How it is going.
    pub feeling: Feeling,
    /// What would help; may be empty.
    #[uniffi(default = [])]
    pub helps: Vec<HelpKind>,
    /// Whether someone shall get in touch.
    pub contact: ContactWish,
    /// Who may see it.
    pub share: Share,
    /// In own words, at most 2,000 characters; may be empty.
    #[uniffi(default = "")]
    pub note: String,
}

/// A check-in as it was kept.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CheckIn {
    /// Its id.
    pub id: CheckInId,
    /// Whose it is.
    pub person: PersonRef,
    /// What they want to be called.
    pub name: String,
    /// Whether it is one's own.
    pub is_mine: bool,
    /// How it was going.
    pub feeling: Feeling,
    /// What would help.
    pub helps: Vec<HelpKind>,
    /// Whether someone shall get in touch.
    pub contact: ContactWish,
    /// In their words; empty unless `words` says that they are here.
    pub note: String,
    /// Whether there are words, and whether they are here.
    pub words: WordsState,
    /// By which `SyncEngine.erasures` knows the words; only where they were erased.
    pub erasure: Option<ErasureId>,
    /// Who may see it.
    pub share: Share,
    /// When it was written by the author's clock, Unix ms; a time in the future is shown as now.
    pub at_ms: i64,
}

/// Which check-ins to list; without anything all that this profile holds.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CheckInFilter {
    /// Those of one space.
    #[uniffi(default = None)]
    pub space: Option<String>,
    /// Those of one person.
    #[uniffi(default = None)]
    pub person: Option<PersonRef>,
}

/// One piece of a list of check-ins.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CheckInPage {
    /// The newest first.
    pub items: Vec<CheckIn>,
    /// Hand this in for the next piece; none at the end.
    pub next: Option<String>,
}

/// The calls about check-ins.
#[derive(uniffi::Object)]
pub struct CheckIns {
    pub(crate) core: core::CheckIns,
}

#[uniffi::export]
impl CheckIns {
    /// Keeps a check-in; when this returns, it and, for "today", its alert are on the disk.
    /// `Invalid{share, needs-someone}` if contact is wished and there is nobody who would hear of it; `NotFound` for a
    /// pairing that this profile does not hold; `Invalid{note, too-long}` over 2,000 characters.
    pub fn record(&self, new: NewCheckIn) -> Result<CheckIn, RafiqError> {
        guarded("check_ins.record", || Ok(self.core.record(new.into())?.into()))
    }

    /// Check-ins, the newest first, 1 to 500 a page; `before` is the last page's `next`.
    #[uniffi::method(default(before = None))]
    pub fn list(&self, filter: CheckInFilter, limit: i32, before: Option<String>) -> Result<CheckInPage, RafiqError> {
        guarded("check_ins.list", || {
            let page = self.core.list(filter.into(), limit, before)?;
            Ok(CheckInPage { items: each(page.items), next: page.next })
        })
    }

    /// Takes a check-in of one's own back: it is gone from every phone's screens with the next exchange, and its words are erased as by
    /// `erase_words`. Who has read it has read it. `NotAllowed{author}` for somebody else's.
    pub fn retract(&self, id: CheckInId) -> Result<(), RafiqError> {
        guarded("check_ins.retract", || self.core.retract(&id.into()))
    }

    /// Erases a check-in's words for good, one's own or, as a steward of the space, somebody else's; the check-in stays. Here they are gone
    /// when this returns; with the next exchanges they go from the other phones and from the relay. `SyncEngine.erasures` says which
    /// phones have said so. A phone that is never seen again, or does not do as it should, may keep a copy.
    ///
    /// `NotFound`; `NotAllowed{author}`; `Invalid{words, none}` if there are none; `Invalid{words, not-here-yet}`;
    /// `Invalid{words, not-erasable}` for what an older app wrote into the document itself.
    pub fn erase_words(&self, id: CheckInId) -> Result<ErasureId, RafiqError> {
        guarded("check_ins.erase_words", || Ok(self.core.erase_words(&id.into())?.into()))
    }
}

/// The message that names a feeling: `feeling-1` (very hard) to `feeling-5` (very good).
#[uniffi::export]
pub fn feeling_text_id(feeling: Feeling) -> Result<String, RafiqError> {
    guarded("feeling_text_id", || Ok(core::Feeling::from(feeling).text_id()))
}

/// The message that names a kind of help: `help-emotional`, …
#[uniffi::export]
pub fn help_text_id(help: HelpKind) -> Result<String, RafiqError> {
    guarded("help_text_id", || Ok(core::HelpKind::from(help).text_id()))
}

/// The message that names a wish for contact: `contact-no`, `contact-this-week`, `contact-today`.
#[uniffi::export]
pub fn contact_wish_text_id(wish: ContactWish) -> Result<String, RafiqError> {
    guarded("contact_wish_text_id", || Ok(core::ContactWish::from(wish).text_id()))
}

/// The message that stands in place of words that are not here: `words-not-here-yet`, `words-erased`; none if nothing has to.
#[uniffi::export]
pub fn words_text_id(words: WordsState) -> Result<Option<String>, RafiqError> {
    guarded("words_text_id", || Ok(core::WordsState::from(words).text_id()))
}

same_id!(CheckInId, core::CheckInId);
same_id!(ErasureId, core::ErasureId);
same_words!(WordsState, core::WordsState, None, Here, NotHereYet, Erased);
same_words!(Feeling, core::Feeling, VeryHard, Hard, SoSo, Good, VeryGood);
same_words!(HelpKind, core::HelpKind, Emotional, Practical, Companionship, Information);
same_words!(ContactWish, core::ContactWish, No, ThisWeek, Today);

impl From<Share> for core::Share {
    fn from(share: Share) -> Self {
        match share {
            Share::Private => Self::Private,
            Share::Pairing { pairing } => Self::Pairing { pairing },
        }
    }
}

impl From<core::Share> for Share {
    fn from(share: core::Share) -> Self {
        match share {
            core::Share::Private => Self::Private,
            core::Share::Pairing { pairing } => Self::Pairing { pairing },
        }
    }
}

impl From<NewCheckIn> for core::NewCheckIn {
    fn from(new: NewCheckIn) -> Self {
        let NewCheckIn { feeling, helps, contact, share, note } = new;
        Self { feeling: feeling.into(), helps: each(helps), contact: contact.into(), share: share.into(), note }
    }
}

impl From<core::CheckIn> for CheckIn {
    fn from(check_in: core::CheckIn) -> Self {
        let core::CheckIn { id, person, name, is_mine, feeling, helps, contact, note, words, erasure, share, at_ms } =
            check_in;
        Self {
            id: id.into(),
            person: person.into(),
            name,
            is_mine,
            feeling: feeling.into(),
            helps: each(helps),
            contact: contact.into(),
            note,
            words: words.into(),
            erasure: erasure.map(Into::into),
            share: share.into(),
            at_ms,
        }
    }
}

impl From<CheckInFilter> for core::CheckInFilter {
    fn from(filter: CheckInFilter) -> Self {
        let CheckInFilter { space, person } = filter;
        Self { space, person: person.map(Into::into) }
    }
}

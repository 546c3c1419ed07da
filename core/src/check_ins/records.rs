//! What an app sees of check-ins.

use crate::people::PersonRef;

/// A check-in's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckInId {
    /// As text.
    pub value: String,
}

/// How it is going: one of five faces. No score and no diagnosis; nothing is computed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feeling {
    /// A face in tears.
    VeryHard = 1,
    /// A sad face.
    Hard = 2,
    /// A calm face.
    SoSo = 3,
    /// A smiling face.
    Good = 4,
    /// A laughing face.
    VeryGood = 5,
}

/// The four kinds of support that peers give one another (emotional, practical, companionship, informational), as the
/// literature on peer support names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactWish {
    /// No, thank you.
    No,
    /// This week.
    ThisWeek,
    /// Today: an alert goes out before everything else.
    Today,
}

/// Who may see a check-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Share {
    /// Nobody else: it is written in the personal space and nowhere else.
    Private,
    /// The members of this pairing.
    Pairing {
        /// Its id.
        pairing: String,
    },
}

/// A check-in to be kept: three taps, and words for those who want them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCheckIn {
    /// How it is going.
    pub feeling: Feeling,
    /// What would help; may be empty.
    pub helps: Vec<HelpKind>,
    /// Whether someone shall get in touch.
    pub contact: ContactWish,
    /// Who may see it.
    pub share: Share,
    /// In own words, at most 2,000 characters; may be empty.
    pub note: String,
}

/// A check-in as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// By which [`crate::sync::Sync::erasures`] knows the words; only where they were erased.
    pub erasure: Option<ErasureId>,
    /// Who may see it.
    pub share: Share,
    /// When it was written by the author's clock, Unix ms; a time in the future is shown as now.
    pub at_ms: i64,
}

/// Which check-ins to list; everything `None` lists all that this profile holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckInFilter {
    /// Those of one space (its id as text).
    pub space: Option<String>,
    /// Those of one person.
    pub person: Option<PersonRef>,
}

/// The words of a check-in travel and go by themselves: there may be some that are not to be read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErasureId {
    /// As text.
    pub value: String,
}

impl WordsState {
    /// The message that stands in place of words that are not here: `words-not-here-yet`, `words-erased`.
    pub fn text_id(self) -> Option<String> {
        match self {
            Self::None | Self::Here => None,
            Self::NotHereYet => Some("words-not-here-yet".into()),
            Self::Erased => Some("words-erased".into()),
        }
    }
}

impl Feeling {
    /// The message that names it: `feeling-1` (very hard) to `feeling-5` (very good).
    pub fn text_id(self) -> String {
        format!("feeling-{}", self as u8)
    }

    pub(crate) fn from_number(number: i64) -> Option<Self> {
        [Self::VeryHard, Self::Hard, Self::SoSo, Self::Good, Self::VeryGood].into_iter().find(|f| *f as i64 == number)
    }
}

impl HelpKind {
    /// All four, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Emotional, Self::Practical, Self::Companionship, Self::Information];

    /// The word that is stored.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Emotional => "emotional",
            Self::Practical => "practical",
            Self::Companionship => "companionship",
            Self::Information => "information",
        }
    }

    /// `None` for a kind that only a newer app knows.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The message that names it: `help-emotional`, …
    pub fn text_id(self) -> String {
        format!("help-{}", self.word())
    }
}

impl ContactWish {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::ThisWeek => "this-week",
            Self::Today => "today",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::No, Self::ThisWeek, Self::Today].into_iter().find(|wish| wish.word() == word)
    }

    /// The message that names it: `contact-no`, `contact-this-week`, `contact-today`.
    pub fn text_id(self) -> String {
        format!("contact-{}", self.word())
    }
}

//! Recovery: twelve words on paper that bring back, on a new phone, who a person is and what they have written for themselves.

use std::sync::Arc;

use rafiq::recovery as core;
use zeroize::Zeroizing;

use crate::guard::guarded;
use crate::{Exchange, RafiqError};

/// The kit that a profile has.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Kit {
    /// When it was made, Unix ms by this device's clock; on a phone that was found by it, when that was.
    pub made_ms: i64,
    /// The relay that a new phone has to ask. It belongs onto the paper beside the words.
    pub relay: String,
    /// Whether all that it needs is on the relay: before that the words find nothing, or not everything.
    pub ready: bool,
}

/// The words of a kit that was made just now: shown once, to be copied onto paper. They are nowhere else, so let go of this when they have
/// been shown: then the core's copy is wiped. No clipboard, no screenshot, no log; printing this object shows nothing.
#[derive(uniffi::Object)]
pub struct KitWords {
    core: core::KitWords,
}

#[uniffi::export]
impl KitWords {
    /// Twelve English words, one blank between two.
    pub fn words(&self) -> Result<String, RafiqError> {
        guarded("kit_words.words", || Ok(self.core.words.to_string()))
    }

    /// The relay that a new phone has to ask; it belongs onto the paper too.
    pub fn relay(&self) -> Result<String, RafiqError> {
        guarded("kit_words.relay", || Ok(self.core.relay.clone()))
    }
}

/// Whether these can be the words of a kit, before any relay is asked. Needs no profile: whoever types them on a new phone has none yet.
///
/// Errors: `Invalid{words, …}` with `count` (not twelve), `unknown` (one is not in the list), `checksum` (one is wrong, or two have changed
/// places).
#[uniffi::export]
pub fn check_kit_words(words: String) -> Result<(), RafiqError> {
    guarded("check_kit_words", || core::check(&Zeroizing::new(words)))
}

/// The words of the list that begin with these letters, at most eight: for a field that helps whoever types them. Needs no profile.
#[uniffi::export]
pub fn kit_words_beginning(letters: String) -> Result<Vec<String>, RafiqError> {
    guarded("kit_words_beginning", || Ok(core::words_beginning(&Zeroizing::new(letters))))
}

/// The calls about a recovery kit.
#[derive(uniffi::Object)]
pub struct Recovery {
    pub(crate) core: core::Recovery,
}

#[uniffi::export]
impl Recovery {
    /// The kit that this profile has: that there is one, and whether all it needs is on the relay. Nothing if none was made.
    pub fn kit(&self) -> Result<Option<Kit>, RafiqError> {
        guarded("recovery.kit", || Ok(self.core.kit()?.map(Kit::from)))
    }

    /// Makes a kit and gives its words, this once. An earlier kit is over with it: its words find nothing that is written from the next
    /// exchange on, and let nobody in. It serves when `kit` says that it is ready, after an exchange.
    ///
    /// The personal space, which has been on this phone alone, goes to the home relay from now on, sealed: the relay learns that there is
    /// one more space and one more inbox, and when and how much is written there.
    ///
    /// Errors: `Invalid{relay, missing}` without a home relay; `Invalid{kit, recovering}` while `is_reading`; `Invalid{kit, too-many}` after
    /// some eighty kits; `NotAllowed{role}` on a phone that was taken out of its person's space. After any of them the earlier kit holds.
    pub fn make_kit(&self) -> Result<Arc<KitWords>, RafiqError> {
        guarded("recovery.make_kit", || Ok(Arc::new(KitWords { core: self.core.make_kit()? })))
    }

    /// Begins to look for the space of a kit: what the host has to carry to the relay, whose answer goes to `take`. For a profile that nobody
    /// has used yet. The words stay in memory until the answer has come, and nowhere else; where the line breaks, begin again.
    ///
    /// Errors: as `check_kit_words`; `Invalid{relay, …}`; `Invalid{profile, in-use}` if something was written or shared in this profile already: make
    /// another one on this phone.
    pub fn begin(&self, words: String, relay: String) -> Result<Exchange, RafiqError> {
        guarded("recovery.begin", || Ok(self.core.begin(&Zeroizing::new(words), &relay)?.into()))
    }

    /// Takes a relay's answer: the next to be carried; or nothing when the space is found. Then this profile is the person's, under the name
    /// that it had; what they have written comes with the next exchanges, and once all of it is here (`is_reading`) every other phone of
    /// theirs is taken out.
    ///
    /// Errors: `Invalid{words, no-kit}`: this relay knows no kit of these words (another relay may, or another kit has replaced it);
    /// `Invalid{relay, busy}`; `NewerVersion`; `Invalid{response, …}` for no answer to what was asked. After any of them nothing has changed
    /// and one may begin again.
    pub fn take(&self, answer: Vec<u8>) -> Result<Option<Exchange>, RafiqError> {
        guarded("recovery.take", || match self.core.take(&answer)? {
            core::Asked::Again(exchange) => Ok(Some(exchange.into())),
            core::Asked::Found => Ok(None),
        })
    }

    /// Forgets a question that was begun, and the words with it. Idempotent.
    pub fn give_up(&self) -> Result<(), RafiqError> {
        guarded("recovery.give_up", || {
            self.core.give_up();
            Ok(())
        })
    }

    /// Whether a space that a kit has found is still being read: exchange until it is not. The lost phone is taken out when it is all here.
    pub fn is_reading(&self) -> Result<bool, RafiqError> {
        guarded("recovery.is_reading", || self.core.is_reading())
    }
}

impl From<core::Kit> for Kit {
    fn from(kit: core::Kit) -> Self {
        let core::Kit { made_ms, relay, ready } = kit;
        Self { made_ms, relay, ready }
    }
}

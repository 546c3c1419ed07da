//! Recovery: twelve words on paper that bring back, on a new phone, who a person is and what they have written for themselves.
//!
//! A kit is optional. While the phone works its person asks for one, copies twelve words and the relay's address onto paper, and keeps that
//! elsewhere. From then on the personal space goes to that relay, sealed as any other. When the phone is lost, the words on a new one take the
//! space over, and the lost phone is taken out of it. Nobody keeps the words for the person: not the phone, not the relay. Without them, and
//! without the phone, what was in the personal space is gone.
//!
//! Spaces that are shared with others do not come back this way: a steward there meets the person, takes the lost phone out and lets the new one
//! in ([`crate::sharing::Sharing::remove`], [`crate::sharing::Sharing::invite`]).

mod records;
#[cfg(test)]
mod vectors;
pub mod words;

pub use crate::sync::kit::Asked;
pub use records::{Kit, KitWords};
pub use words::{check, words_beginning};

use crate::error::{Error, Result};
use crate::sync::{Exchange, Sync};
use std::sync::Arc;
use words::KitSecret;

/// The calls about a recovery kit.
#[derive(Clone)]
pub struct Recovery {
    sync: Arc<Sync>,
}

impl Recovery {
    /// Over the sync engine.
    pub fn new(sync: Arc<Sync>) -> Self {
        Self { sync }
    }

    /// The kit that this profile has: that there is one, and whether all it needs is on the relay. `None` if none was made.
    pub fn kit(&self) -> Result<Option<Kit>> {
        self.sync.kit()
    }

    /// Makes a kit and gives its words, this once. An earlier kit is over with it: its words find nothing that is written from the next
    /// exchange on, and let nobody in. It serves when [`Kit::ready`] says so, after an exchange.
    ///
    /// The personal space, which has been on this phone alone, goes to the home relay from now on, sealed: the relay learns that there is one
    /// more space and one more inbox, and when and how much is written there.
    ///
    /// Errors: `Invalid{relay, missing}` without a home relay; `Invalid{kit, recovering}` while [`Recovery::is_reading`];
    /// `Invalid{kit, too-many}` after some eighty kits; `NotAllowed{role}` on a phone that was taken out of its person's space. After any of them
    /// the earlier kit holds.
    pub fn make_kit(&self) -> Result<KitWords> {
        let secret = KitSecret::new(self.sync.replica().random().bytes()?);
        self.sync.make_kit(&secret.keys())?;
        let relay = self.kit()?.map(|kit| kit.relay).unwrap_or_default();
        Ok(KitWords { words: secret.words(), relay })
    }

    /// Begins to look for the space of a kit: what the host has to carry to the relay, whose answer goes to [`Recovery::take`]. For a profile
    /// that nobody has used yet. The words stay in memory until the answer has come, and nowhere else; where the line breaks, begin again.
    ///
    /// Errors: as [`check`]; `Invalid{relay, …}`; `Invalid{profile, in-use}` if something was written or shared in this profile
    /// already: make another one on this phone.
    pub fn begin(&self, words: &str, relay: &str) -> Result<Exchange> {
        self.sync.ask_with_kit(KitSecret::parse(words)?.keys(), relay)
    }

    /// Takes a relay's answer. With [`Asked::Found`] this profile is the person's, under the name that it had; what they have written comes
    /// with the next exchanges, and once all of it is here ([`Recovery::is_reading`]) every other phone of theirs is taken out.
    ///
    /// Errors: `Invalid{words, no-kit}`: this relay knows no kit of these words (another relay may, or another kit has replaced it);
    /// `Invalid{relay, busy}`; `NewerVersion`; `Invalid{response, …}` for no answer to what was asked. After any of them nothing has changed and one may begin again.
    pub fn take(&self, answer: &[u8]) -> Result<Asked> {
        self.sync.take_kit_answer(answer)
    }

    /// The same with a host that carries: begins, carries and takes until the space is found. `carry`'s error ends it and loses nothing.
    pub fn recover<E: From<Error>>(
        &self,
        words: &str,
        relay: &str,
        mut carry: impl FnMut(&Exchange) -> Result<Vec<u8>, E>,
    ) -> Result<(), E> {
        let mut exchange = self.begin(words, relay)?;
        loop {
            let answer = carry(&exchange).inspect_err(|_| self.give_up())?;
            match self.take(&answer)? {
                Asked::Again(next) => exchange = next,
                Asked::Found => return Ok(()),
            }
        }
    }

    /// Forgets a question that was begun, and the words with it. Idempotent.
    pub fn give_up(&self) {
        self.sync.forget_asking();
    }

    /// Whether a space that a kit has found is still being read: exchange until it is not. The lost phone is taken out when it is all here.
    pub fn is_reading(&self) -> Result<bool> {
        self.sync.is_recovering()
    }
}

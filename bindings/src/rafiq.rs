//! The root: one profile, opened from a folder.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use rafiq::support_models::Models;

use crate::guard::guarded;
use crate::host::{TheirProgress, host};
use crate::{
    CheckIns, Directory, HostClock, HostError, HostRandom, KeyVault, Mentoring, People, ProgressListener, RafiqError,
    Received, Recovery, Safety, Sharing, Spoken, SupportGroups, SupportModelInfo, SyncEngine, Today, each,
};

/// Reads the TOML text of a support model without taking it in: its id, or `Invalid{support-model, reason}`.
#[uniffi::export]
pub fn check_support_model(text: String) -> Result<String, RafiqError> {
    guarded("check_support_model", || Ok(Models::shipped().add(&text)?))
}

/// One person's profile on this device: the nouns, sync, and what they stand on.
#[derive(uniffi::Object)]
pub struct Rafiq {
    pub(crate) core: rafiq::Rafiq,
}

#[uniffi::export]
impl Rafiq {
    /// Opens the profile in a folder, or makes one in an empty folder. With a passphrase it takes about a second.
    ///
    /// `clock` and `random`: the system's if left out. `models`: TOML texts of support models beside those that ship; one that
    /// cannot be read is left out (`check_support_model` says why). `progress` hears of what takes long after an upgrade.
    ///
    /// Errors: `InUse`, `Locked` (a passphrase is needed), `WrongPassphrase`, `TryLater`, `WrongKey`, `KeyLost`, `Corrupt`, `NewerVersion`,
    /// `StorageFull`, `Storage`, `Host`. After any of them the folder is as it was.
    #[uniffi::constructor(default(passphrase = None, clock = None, random = None, models = [], progress = None))]
    pub fn open(
        folder: String,
        vault: Arc<dyn KeyVault>,
        passphrase: Option<String>,
        clock: Option<Arc<dyn HostClock>>,
        random: Option<Arc<dyn HostRandom>>,
        models: Vec<String>,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Arc<Self>, RafiqError> {
        guarded("open", || {
            let (host, (models, _refused)) = (host(vault, clock, random), Models::with(models));
            let progress = TheirProgress(progress);
            let core = rafiq::Rafiq::open_with(Path::new(&folder), host, passphrase.as_deref(), models, &progress)?;
            Ok(Arc::new(Self { core }))
        })
    }

    /// People: oneself, and those in each space.
    pub fn people(&self) -> Result<Arc<People>, RafiqError> {
        guarded("people", || Ok(Arc::new(People { core: self.core.people() })))
    }

    /// Check-ins: how it is going, for oneself or for a mentor.
    pub fn check_ins(&self) -> Result<Arc<CheckIns>, RafiqError> {
        guarded("check_ins", || Ok(Arc::new(CheckIns { core: self.core.check_ins() })))
    }

    /// Groups: who they are, when they meet, who came.
    pub fn groups(&self) -> Result<Arc<SupportGroups>, RafiqError> {
        guarded("groups", || Ok(Arc::new(SupportGroups { core: self.core.groups() })))
    }

    /// Pairings: the next meeting, goals, milestones, the plan.
    pub fn mentoring(&self) -> Result<Arc<Mentoring>, RafiqError> {
        guarded("mentoring", || Ok(Arc::new(Mentoring { core: self.core.mentoring() })))
    }

    /// The directory of services.
    pub fn directory(&self) -> Result<Arc<Directory>, RafiqError> {
        guarded("directory", || Ok(Arc::new(Directory { core: self.core.directory() })))
    }

    /// Alerts from those who ask to be contacted.
    pub fn safety(&self) -> Result<Arc<Safety>, RafiqError> {
        guarded("safety", || Ok(Arc::new(Safety { core: self.core.safety() })))
    }

    /// Invites and spaces.
    pub fn sharing(&self) -> Result<Arc<Sharing>, RafiqError> {
        guarded("sharing", || Ok(Arc::new(Sharing { core: self.core.sharing() })))
    }

    /// The recovery kit: twelve words on paper for the day on which the phone is gone.
    pub fn recovery(&self) -> Result<Arc<Recovery>, RafiqError> {
        guarded("recovery", || Ok(Arc::new(Recovery { core: self.core.recovery() })))
    }

    /// What is due now, across nouns.
    pub fn today(&self) -> Result<Arc<Today>, RafiqError> {
        guarded("today", || Ok(Arc::new(Today { core: self.core.today() })))
    }

    /// The sync engine: status, relays, and the next exchange.
    pub fn sync(&self) -> Result<Arc<SyncEngine>, RafiqError> {
        guarded("sync", || Ok(Arc::new(SyncEngine { core: self.core.sync().clone() })))
    }

    /// The support models that can be used.
    pub fn support_models(&self) -> Result<Vec<SupportModelInfo>, RafiqError> {
        guarded("support_models", || {
            let models = self.core.models();
            Ok(models.list().map(|model| SupportModelInfo::of(model, models)).collect())
        })
    }

    /// What support models given to `open` say in their own files and `language` (BCP 47) does not, by message id: to be asked once when a
    /// language is opened, and to be looked into before `Language.texts`, which does not know these.
    ///
    /// A sentence that is shipped holds for all models, unless it is in another language and the file's is not. `Invalid{language, …}` if the
    /// tag is none.
    pub fn model_texts(&self, language: String) -> Result<HashMap<String, Spoken>, RafiqError> {
        guarded("model_texts", || {
            let texts = self.core.models().own_texts(&rafiq::language::Language::open(&language)?);
            Ok(texts.into_iter().map(|(id, spoken)| (id, spoken.into())).collect())
        })
    }

    /// Takes a relay's answer to the last `SyncEngine.next_exchange`. What was committed stays whatever becomes of the rest.
    ///
    /// Errors: `Invalid{response, …}` if it is no answer to what was asked (a cut line, a lying relay): nothing was taken.
    pub fn receive(&self, bytes: Vec<u8>) -> Result<Received, RafiqError> {
        guarded("receive", || Ok(self.core.receive(&bytes)?.into()))
    }

    /// Hears of changes for as long as the subscription is held.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) -> Result<Arc<Subscription>, RafiqError> {
        guarded("subscribe", || {
            Ok(Arc::new(Subscription { core: self.core.subscribe(Arc::new(TheirListener(listener))) }))
        })
    }

    /// Checkpoints and closes the files; calls answer `Closed` until `resume`. Apps call it before the system suspends them.
    /// Idempotent.
    pub fn suspend(&self) -> Result<(), RafiqError> {
        guarded("suspend", || self.core.suspend())
    }

    /// Opens the files again. Idempotent. `Closed` after `shutdown`.
    pub fn resume(&self) -> Result<(), RafiqError> {
        guarded("resume", || self.core.resume())
    }

    /// Suspends for good and gives the profile's folder free for another process. Idempotent.
    pub fn shutdown(&self) -> Result<(), RafiqError> {
        guarded("shutdown", || self.core.shutdown())
    }

    /// For the tests of each language, and for nothing else: a bug of ours, in the middle of a write. Answers `Bug`; nothing is
    /// half-written, and the object still works.
    pub fn panic_for_tests(&self) -> Result<(), RafiqError> {
        guarded("panic_for_tests", || {
            #[allow(clippy::panic)] // it is what is asked for
            self.core.replica().write(|_| -> rafiq::Result<()> { panic!("asked for") })
        })
    }
}

/// What changed: a noun's name (`check_ins`, `groups`, `sync`, …) and which of its records. No keys: look at everything of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Changed {
    /// The noun.
    pub noun: String,
    /// Keys such as `check-in/<id>`; empty for all.
    pub keys: Vec<String>,
}

/// Hears of changes, after the commit and on the thread that committed, or on one of the core's. Must return soon and must not
/// write. What it throws harms nobody: the commit stands.
#[uniffi::export(with_foreign)]
pub trait ChangeListener: Send + Sync {
    /// Told after a commit.
    fn changed(&self, changes: Vec<Changed>) -> Result<(), HostError>;
}

/// Ends when cancelled, or when nobody holds it any more; outlives `Rafiq` harmlessly.
#[derive(uniffi::Object)]
pub struct Subscription {
    core: rafiq::replica::Subscription,
}

#[uniffi::export]
impl Subscription {
    /// No call to the listener begins after this returns. Idempotent.
    pub fn cancel(&self) -> Result<(), RafiqError> {
        guarded("cancel", || {
            self.core.cancel();
            Ok(())
        })
    }
}

struct TheirListener(Arc<dyn ChangeListener>);

impl rafiq::replica::Listener for TheirListener {
    fn changed(&self, changed: &[rafiq::replica::Changed]) {
        let _ = self.0.changed(each(changed.to_vec()));
    }
}

impl From<rafiq::replica::Changed> for Changed {
    fn from(changed: rafiq::replica::Changed) -> Self {
        let rafiq::replica::Changed { noun, keys } = changed;
        Self { noun: noun.to_owned(), keys }
    }
}

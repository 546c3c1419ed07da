//! The root: one profile, opened from a folder.

use crate::check_ins::{CheckIns, CheckInsNoun};
use crate::directory::{Directory, DirectoryNoun};
use crate::error::{Error, Result};
use crate::groups::{Groups, GroupsNoun};
use crate::host::{Clock, KeyVault, NoProgress, Progress, Random};
use crate::mentoring::{Mentoring, MentoringNoun};
use crate::people::{People, PeopleNoun};
use crate::recovery::Recovery;
use crate::replica::{Listener, Noun, Replica, SpaceFounder, SpaceKind, Subscription};
use crate::safety::Safety;
use crate::sharing::Sharing;
use crate::store::{Durability, Store, meta, set_meta};
use crate::support_models::Models;
use crate::sync::{BundleReport, Exchange, Received, Sync};
use crate::today::Today;
use crate::vault::{self, KeyLock, KeyState, ProfileLock};
use parking_lot::Mutex;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the host supplies to a profile.
#[derive(Clone)]
pub struct Host {
    /// The platform's secret.
    pub vault: Arc<dyn KeyVault>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness fit for keys.
    pub random: Arc<dyn Random>,
}

/// One person's profile on this device: the nouns, sync, and what they stand on.
pub struct Rafiq {
    folder: PathBuf,
    lock: Mutex<Option<ProfileLock>>,
    replica: Arc<Replica>,
    sync: Arc<Sync>,
    models: Arc<Models>,
}

/// Every noun, in the order in which its tables are made. Adding a noun is adding a folder and a line here.
fn nouns() -> Vec<Box<dyn Noun>> {
    vec![
        Box::new(PeopleNoun),
        Box::new(CheckInsNoun),
        Box::new(GroupsNoun),
        Box::new(MentoringNoun),
        Box::new(DirectoryNoun),
    ]
}

impl Rafiq {
    /// Opens the profile in a folder, or makes one in an empty folder. With a passphrase it takes about a second.
    ///
    /// Errors: `InUse`, `Locked` (a passphrase is needed), `WrongPassphrase`, `TryLater`, `WrongKey`, `KeyLost`, `Corrupt`, `NewerVersion`,
    /// `StorageFull`, `Storage`, `Host`. After any of them the folder is as it was.
    pub fn open(folder: &Path, host: Host, passphrase: Option<&str>) -> Result<Self> {
        Self::open_with(folder, host, passphrase, Models::shipped(), &NoProgress)
    }

    /// The same, with support models of the host's own beside the shipped ones, and progress for what takes long: migrating, and
    /// writing the read model again after an upgrade. If that is cancelled it goes on at the next open.
    pub fn open_with(
        folder: &Path,
        host: Host,
        passphrase: Option<&str>,
        models: Models,
        progress: &dyn Progress,
    ) -> Result<Self> {
        Self::open_durably(folder, host, passphrase, models, progress, Durability::Full)
    }

    /// Opens without waiting for the disk: faster, and a power cut loses what was acknowledged. Only for tests that must show
    /// that they would see such a loss; people get [`Rafiq::open`].
    #[doc(hidden)]
    pub fn open_with_durability(folder: &Path, host: Host, durability: Durability) -> Result<Self> {
        Self::open_durably(folder, host, None, Models::shipped(), &NoProgress, durability)
    }

    fn open_durably(
        folder: &Path,
        host: Host,
        passphrase: Option<&str>,
        models: Models,
        progress: &dyn Progress,
        durability: Durability,
    ) -> Result<Self> {
        vault::make_folder(folder)?;
        let _key = KeyLock::take(folder)?;
        let lock = ProfileLock::take(folder)?;
        let key = match vault::state(folder)? {
            KeyState::Empty => vault::create(folder, &*host.vault, passphrase, &*host.random, &*host.clock)?,
            KeyState::PlatformOnly | KeyState::NeedsPassphrase => {
                vault::open(folder, &*host.vault, passphrase, &*host.clock)?
            }
        };
        let store = Store::open(folder, key.bytes(), durability)?;
        Self::over(folder, store, host, models, progress, Some(lock))
    }

    fn over(
        folder: &Path,
        store: Store,
        host: Host,
        models: Models,
        progress: &dyn Progress,
        lock: Option<ProfileLock>,
    ) -> Result<Self> {
        let replica = Arc::new(Replica::new(store, nouns(), host.clock, host.random)?);
        let sync = Arc::new(Sync::new(replica.clone())?);
        let folder = folder.to_path_buf();
        let rafiq = Self { folder, lock: Mutex::new(lock), replica, sync, models: Arc::new(models) };
        rafiq.make_ready(progress)?;
        Ok(rafiq)
    }

    fn make_ready(&self, progress: &dyn Progress) -> Result<()> {
        if self.replica.spaces(Some(SpaceKind::Personal))?.is_empty() {
            self.replica.store().write(|rows| self.sync.found(rows, SpaceKind::Personal, ""))?;
        }
        self.replica.project_missing(progress)?;
        let version = env!("CARGO_PKG_VERSION").as_bytes();
        if self.replica.read(|rows| meta(rows, "version"))?.as_deref() != Some(version) {
            self.sync.after_upgrade()?;
            self.replica.store().write(|rows| set_meta(rows, "version", version))?;
        }
        self.sync.at_start()?;
        self.sharing().settle_in()
    }

    /// People: oneself, and those in each space.
    pub fn people(&self) -> People {
        People::new(self.replica.clone())
    }

    /// Check-ins: how it is going, for oneself or for a mentor.
    pub fn check_ins(&self) -> CheckIns {
        CheckIns::new(self.replica.clone())
    }

    /// Groups: when they meet, who came.
    pub fn groups(&self) -> Groups {
        Groups::new(self.replica.clone(), self.sync.clone())
    }

    /// Pairings: the next meeting, goals, milestones, the plan.
    pub fn mentoring(&self) -> Mentoring {
        Mentoring::new(self.replica.clone(), self.sync.clone(), self.models.clone())
    }

    /// The directory of services.
    pub fn directory(&self) -> Directory {
        Directory::new(self.replica.clone(), self.sync.clone())
    }

    /// Alerts from those who ask to be contacted.
    pub fn safety(&self) -> Safety {
        Safety::new(self.replica.clone())
    }

    /// What is due now, across nouns.
    pub fn today(&self) -> Today {
        Today::new(self.replica.clone(), self.models.clone())
    }

    /// Invites and spaces.
    pub fn sharing(&self) -> Sharing {
        Sharing::new(self.sync.clone())
    }

    /// The recovery kit: twelve words on paper for the day on which the phone is gone.
    pub fn recovery(&self) -> Recovery {
        Recovery::new(self.sync.clone())
    }

    /// The support models that can be used.
    pub fn models(&self) -> &Models {
        &self.models
    }

    /// The sync engine: status, relays, and the next exchange. Answers go to [`Rafiq::receive`].
    pub fn sync(&self) -> &Arc<Sync> {
        &self.sync
    }

    /// Takes a relay's answer (see [`Sync::receive`]) and settles into the spaces that it let us into, and in whose rosters we are not any more.
    pub fn receive(&self, bytes: &[u8]) -> Result<Received> {
        let mut received = self.sync.receive(bytes)?;
        if !received.joined.is_empty() {
            self.sync.take_what_was_carried(&mut received)?;
        }
        self.sharing().settle_into(&received.joined)?;
        Ok(received)
    }

    /// Reads a bundle from a file or any stream (see [`Sync::read_bundle`]) and settles in as after an exchange.
    pub fn read_bundle(&self, from: &mut dyn std::io::Read) -> Result<BundleReport> {
        let (report, received) = self.sync.read_bundle(from)?;
        self.sharing().settle_into(&received.joined)?;
        Ok(report)
    }

    /// Carries exchanges with a relay until nothing is left to do, at most `rounds` of them. `carry` takes the request and
    /// gives the answer; its error ends the round and loses nothing.
    pub fn exchange<E: From<Error>>(
        &self,
        relay: &str,
        budget: crate::sync::Budget,
        rounds: u32,
        mut carry: impl FnMut(&Exchange) -> Result<Vec<u8>, E>,
    ) -> Result<Vec<Received>, E> {
        let mut all = Vec::new();
        for _ in 0..rounds {
            let exchange = self.sync.next_exchange(relay, budget)?;
            let received = self.receive(&carry(&exchange)?)?;
            let again = received.again;
            all.push(received);
            if !again {
                break;
            }
        }
        Ok(all)
    }

    /// Hears what changes. Ends when the subscription is dropped.
    pub fn subscribe(&self, listener: Arc<dyn Listener>) -> Subscription {
        self.replica.subscribe(listener)
    }

    /// The machinery below the nouns, for tools and tests that look at it: digests, rebuilding, counters.
    pub fn replica(&self) -> &Arc<Replica> {
        &self.replica
    }

    /// Checkpoints and closes the files; calls answer `Closed` until [`Rafiq::resume`]. Apps call it before the system suspends
    /// them. Idempotent.
    pub fn suspend(&self) -> Result<()> {
        if !self.replica.store().is_suspended() {
            self.sync.suspend()?;
            self.replica.store().suspend()?;
        }
        Ok(())
    }

    /// Opens the files again. Idempotent. `Closed` after [`Rafiq::shutdown`].
    pub fn resume(&self) -> Result<()> {
        if self.lock.lock().is_none() {
            return Err(Error::Closed);
        }
        self.replica.store().resume()
    }

    /// Suspends and gives the profile's folder free for another process. Idempotent.
    pub fn shutdown(&self) -> Result<()> {
        self.suspend()?;
        self.lock.lock().take();
        Ok(())
    }

    /// The profile's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

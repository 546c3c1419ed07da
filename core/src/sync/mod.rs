//! Sync: what leaves this device, what arrives, and what stands between a foreign entry and our documents.
//!
//! Sans-I/O: the host asks [`Sync::next_exchange`] for bytes, carries them to a relay by whatever it has, and gives the answer to
//! [`Sync::receive`]. The same engine runs under HTTP, a simulator and a memory card.
//!
//! | room | what |
//! |---|---|
//! | [`wire`] | the formats: pure functions of bytes and keys |
//! | `identity`, `spaces`, `signing`, `epochs` | this device's keys; the spaces and their membership; its own operations there; their keys one after the other |
//! | `outgoing`, `posting`, `outbox` | unsent changes → signed entries → sealed envelopes → outbox; notes to inboxes |
//! | `offering` | all of that again, to a relay that was put back to an earlier day |
//! | `exchange`, `loading`, `answer`, `doubt` | one round trip with a relay: asked, answered; when to read from its start again |
//! | `sparing` | what waits while the line costs by the byte |
//! | `covering` | what a relay is told that it need not keep |
//! | [`kit`] | twelve words on paper: the personal space on a new phone, and without the lost one |
//! | [`bundle`] | the same envelopes in a file or stream, ours and what is carried for others |
//! | `incoming`, `hearing`, `waiting`, `again` | each item to its room; operations; what cannot be used stands aside with the reason, and is taken again |
//! | `pack` | a space told from its beginning, for those who come late |
//! | `as_packed` | entries that fit an envelope only as their author has packed them |
//! | `admission`, `causal_past`, [`scanner`], [`probation`] | a foreign entry becomes changes |
//! | `removing` | somebody is taken out: all who stay hear of it, and so do they |
//! | `cut` | what was written by whoever had been taken out: held, let in, or taken out of the documents again |
//! | `resting` | what falls takes along what rests on it |
//! | `fork` | of two entries in one place every replica keeps the same; what falls with the other is written again |
//! | `inbox`, `joining` | what comes sealed to this device: alerts, requests, reports; somebody is let in, also into a space that has seen many come and go |
//! | `by_hand`, `parting` | what the relay may not have of whoever is out or has lost their phone, and who brings it there; what is sealed before somebody leaves, and what the relay takes of them no more |
//! | `keeping` | what is held of whoever is out is seen, and signed in by a steward |
//! | `naming` | private words that come wait for the entry that names them |
//! | `erasing` | private words that are to go from every device, and which devices have said that they did |
//! | `trouble` | a fault of the store in one space keeps no other from its exchange |
//! | `status`, `progress` | what an app shows of all this, and how far an exchange has come |
//! | `examine`, `safeguards` | for tools and tests that must show what can be found out, and what would go wrong |

mod admission;
mod again;
mod answer;
mod as_packed;
pub mod bundle;
mod by_hand;
mod causal_past;
mod covering;
mod cut;
mod doubt;
mod epochs;
mod erasing;
mod examine;
mod exchange;
mod fork;
mod hearing;
mod identity;
mod inbox;
mod incoming;
mod joining;
mod keeping;
pub mod kit;
mod loading;
mod naming;
mod offering;
mod outbox;
mod outgoing;
mod pack;
mod parting;
mod posting;
pub mod probation;
mod progress;
mod removing;
mod resting;
mod safeguards;
pub mod scanner;
mod signing;
mod spaces;
mod sparing;
mod status;
mod trouble;
mod waiting;
pub mod wire;

use crate::error::Result;
use crate::ids::SpaceId;
use crate::replica::Replica;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use wire::{DeviceKeys, Membership};

pub use admission::Admission;
pub use answer::Received;
pub use bundle::{BundleContents, BundleReport, BundleWritten, Carried, Damage, Damaged};
pub(crate) use epochs::newest_epoch;
pub use erasing::{ErasingDevice, Erasure};
pub use exchange::{Budget, Exchange};
pub use identity::Renewal;
pub(crate) use inbox::own_invite;
pub(crate) use keeping::HeldWork;
pub(crate) use pack::newest_pack;
pub use progress::SpaceProgress;
#[doc(hidden)]
pub use safeguards::Safeguard;
pub use sparing::MeteredLine;
pub use status::{HeldItem, RelayStatus, SyncStatus, WaitingFor};
pub use waiting::Standing;

/// Number and hash of a space's newest operation. The number alone is given again after a transaction that failed.
type LastOperation = Option<(i64, [u8; 32])>;

/// The sync engine of one profile.
pub struct Sync {
    replica: Arc<Replica>,
    /// The device's, as it was at the start. What is signed is signed by [`Sync::keys`], whose incarnation is the present one.
    keys: DeviceKeys,
    memberships: Mutex<HashMap<SpaceId, (LastOperation, Arc<Membership>)>>,
    replays: AtomicU64,
    vouched: Mutex<HashMap<SpaceId, (cut::Stamp, Arc<cut::Vouched>)>>,
    troubles: Mutex<Vec<trouble::Trouble>>,
    pending: Mutex<Option<exchange::Pending>>,
    /// How each space stood when its forks were last settled.
    settled: Mutex<HashMap<SpaceId, fork::Stamp>>,
    runs: Mutex<HashMap<String, progress::Run>>,
    /// What each relay was told of each inbox.
    told: Mutex<HashMap<(String, rafiq_protocol::Tag), covering::Told>>,
    spare_above: Mutex<rafiq_protocol::Within>,
    /// What a new phone asks with a recovery kit.
    asking: Mutex<Option<kit::Asking>>,
    safeguards: safeguards::Safeguards,
}

impl Sync {
    /// Over a replica: loads or makes the device's identity, tells the replica who writes, counts what the last process died of.
    pub fn new(replica: Arc<Replica>) -> Result<Self> {
        let (keys, person) = replica.store().write(|rows| {
            Self::count_deaths(rows)?;
            identity::load_or_found(rows, replica.random())
        })?;
        replica.set_identity(keys.author(), person);
        Ok(Self {
            replica,
            keys,
            memberships: Mutex::default(),
            replays: AtomicU64::default(),
            vouched: Mutex::default(),
            troubles: Mutex::default(),
            pending: Mutex::default(),
            settled: Mutex::default(),
            runs: Mutex::default(),
            told: Mutex::default(),
            spare_above: Mutex::new(sparing::limits()),
            asking: Mutex::default(),
            safeguards: safeguards::Safeguards::default(),
        })
    }

    /// Before the files are closed: what is being tried right now is no death if the system ends the process after this.
    pub fn suspend(&self) -> Result<()> {
        self.pause_probation()
    }

    /// At a start: finishes what an earlier process may have left half done, and at most once a day tries again what processes had ended over.
    pub fn at_start(&self) -> Result<()> {
        let now = self.replica.now_ms();
        if self.replica.store().write(|rows| Self::forgive_deaths(rows, now))? {
            self.try_held_again()?;
        }
        // The process may have ended between an answer or a bundle and what follows from it.
        self.replica.empty_wal()?;
        self.settle_incarnation(&mut Received::default())?;
        self.name_authors()?;
        for space in self.replica.read(|rows| waiting::spaces_waiting(rows, waiting::REMOVED))? {
            self.take_what_counts(&space)?;
        }
        for space in self.replica.read(erasing::spaces_wanting_witness)? {
            self.settle_witnessed(&space)?;
        }
        for space in self.replica.read(|rows| waiting::spaces_waiting(rows, naming::UNNAMED))? {
            self.take_what_is_named(&space)?;
        }
        self.take_what_waits_for_nothing(i64::MAX, &mut Received::default())?;
        self.take_what_came_back(&mut Received::default())?;
        self.heal_forks(&mut Received::default())
    }

    /// After an upgrade: tries again what stands aside because this version's predecessor could not read it.
    pub fn after_upgrade(&self) -> Result<()> {
        self.settle_all_cuts()?;
        self.try_held_again()
    }

    pub(crate) fn replica(&self) -> &Arc<Replica> {
        &self.replica
    }

    /// Where others send to this device.
    pub(crate) fn inbox(&self) -> wire::InboxAddress {
        self.keys.inbox().address()
    }
}

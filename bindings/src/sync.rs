//! Sync: what leaves this device and what arrives. The host carries the bytes: `POST {relay}/v1/exchange`, `application/cbor`.

use std::sync::Arc;

use rafiq::sync as core;

use crate::guard::guarded;
use crate::{RafiqError, each, same_words};

/// What one exchange may cost.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Budget {
    /// The most bytes of the request, and of the response, each. At least 72 KiB are taken, so that any envelope fits.
    pub bytes: i64,
    /// The line costs by the byte, as the system says or the person has set: what is large then waits for another, unless the person said
    /// otherwise (`set_metered_line`).
    #[uniffi(default = false)]
    pub metered: bool,
}

/// What a person wants of lines that cost by the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum MeteredLine {
    /// What is large waits for another line: words beside check-ins and imports of more than 64 KiB in a space, daily work of more than 512 KiB
    /// in a space (a first join, a phone that was away for long), directories of more than 64 KiB, and packs that this phone would write.
    Wait,
    /// Everything goes.
    Use,
}

/// What the host should carry.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Exchange {
    /// The relay's address.
    pub relay: String,
    /// The body to send. Sealed and signed; it may be carried by anyone.
    pub bytes: Vec<u8>,
}

/// What an answer brought.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Received {
    /// Something is left to do with this relay right away: ask for the next exchange.
    pub again: bool,
    /// What came, in the order in which it was taken: `alert`, `entry`, `pack`, `operation`, `epoch`, `words`, `welcome`, `join-request`,
    /// `report`, `alert-received`; `known` for what was here already; `waiting` or `quarantined` for what stands aside.
    pub delivered: Vec<String>,
    /// How many of those were new and have been taken: what a person is told of (the message `sync-received`).
    pub taken: i64,
    /// Envelopes of ours that the relay has acknowledged.
    pub stored: i64,
    /// Spaces that a welcome let us into.
    pub joined: Vec<String>,
    /// The relay asks to be left alone for so many seconds; what could not be stored stays here.
    pub retry_after_s: Option<i64>,
}

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncStatus {
    /// Each relay that was ever reached.
    pub relays: Vec<RelayStatus>,
    /// Changes that no entry carries yet, in spaces that are shared.
    pub unsent_changes: i64,
    /// Envelopes that a relay has not acknowledged.
    pub outbox: i64,
    /// Devices whose work we know to exist and have not got.
    pub waiting_for: Vec<WaitingFor>,
    /// Items that wait for something.
    pub waiting: i64,
    /// Items that are refused or did not survive probation.
    pub quarantined: i64,
    /// What the person has said about lines that cost by the byte; none if they have not been asked.
    pub metered_line: Option<MeteredLine>,
    /// Bytes that wait for a line that does not cost by the byte, of all spaces and both ways, as of the last exchanges (`progress` says of
    /// which). With `metered_line` not given an app asks now.
    pub unmetered_bytes: i64,
}

/// How far the present run of exchanges has come with one space, or with this device's own inbox. A run is what happens with one relay
/// until nothing is left to do.
///
/// What `total_bytes` can know: what has gone in this run, what lies sealed here, and what the relay said with its last answer that it
/// still has. It cannot know what others put there since, what is not sealed yet (changes, a pack that is being written), nor, of each
/// urgency, what the relay has beyond 10,000 envelopes. So it may grow; `done_bytes` never falls within a run.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SpaceProgress {
    /// With which relay.
    pub relay: String,
    /// Which space; none for what comes sealed to this device: its own inbox, and one that it has published for a space's reports.
    pub space: Option<String>,
    /// Bytes of envelopes that have gone in this run, both ways.
    pub done_bytes: i64,
    /// Those, and all that is known to be left for this line.
    pub total_bytes: i64,
    /// Bytes that wait for a line that does not cost by the byte, both ways, as of the last exchange. They are not in `total_bytes`. Always 0
    /// once the person said that such lines may be used.
    pub unmetered_bytes: i64,
}

/// One relay.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RelayStatus {
    /// Its address.
    pub url: String,
    /// The last answered exchange, Unix ms by our clock.
    pub last_exchange_ms: i64,
    /// Bytes sent to it in all answered exchanges.
    pub bytes_sent: i64,
    /// Bytes received from it.
    pub bytes_received: i64,
}

/// "Waiting for Amina's phone": someone has seen entries of this device that we have not.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WaitingFor {
    /// In which space.
    pub space: String,
    /// Whose device, if the membership says.
    pub person: Option<String>,
    /// How many entries are missing.
    pub entries: i64,
}

/// Why an item stands aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Standing {
    /// It needs something that has not come yet.
    Waiting,
    /// It breaks a rule that every replica judges alike.
    Refused,
    /// It did not survive probation here; tried again after an upgrade.
    LocalQuarantine,
}

/// An item that stands aside.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HeldItem {
    /// Its id.
    pub id: String,
    /// Why it stands aside, in one stable word.
    pub reason: String,
    /// Waiting, refused, or in local quarantine.
    pub standing: Standing,
    /// The step of admission that it did not pass (1 envelope, 2 signature and chain, 3 scanner, 4 probation); 0 for what waits.
    pub step: i32,
    /// When it came, Unix ms by our clock.
    pub arrived_ms: i64,
}

/// A receipt: what was erased, and which devices have said that they did. One that has not is offline, or has not exchanged yet, or does not
/// do it: it may keep a copy, and nobody can tell which.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Erasure {
    /// The erased words' id.
    pub id: String,
    /// In which space.
    pub space: String,
    /// When this device erased them, Unix ms by our clock.
    pub at_ms: i64,
    /// The devices that belong to the space now, by person; of words that nobody else had, this one. None where the space cannot be read:
    /// then nobody can say.
    pub devices: Vec<ErasingDevice>,
}

/// One device of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ErasingDevice {
    /// Whose it is.
    pub person: String,
    /// Whether it is this one.
    pub is_this: bool,
    /// Whether it has erased them: itself, or by its signed word.
    pub confirmed: bool,
}

/// The sync engine of one profile. Answers go to `Rafiq.receive`.
#[derive(uniffi::Object)]
pub struct SyncEngine {
    pub(crate) core: Arc<core::Sync>,
}

#[uniffi::export]
impl SyncEngine {
    /// The relays that this profile's spaces use.
    pub fn relays(&self) -> Result<Vec<String>, RafiqError> {
        guarded("sync.relays", || self.core.relays())
    }

    /// Where spaces founded here are synced; empty for none.
    pub fn home_relay(&self) -> Result<String, RafiqError> {
        guarded("sync.home_relay", || self.core.home_relay())
    }

    /// The relay that spaces founded on this device will use; also given to those that have none yet. `Invalid{relay, …}` unless
    /// it is an `http(s)` address of at most 200 bytes.
    pub fn set_home_relay(&self, url: String) -> Result<(), RafiqError> {
        guarded("sync.set_home_relay", || self.core.set_home_relay(&url))
    }

    /// The next request to a relay, every space and inbox in it, alerts first. It replaces one that was not answered.
    pub fn next_exchange(&self, relay: String, budget: Budget) -> Result<Exchange, RafiqError> {
        guarded("sync.next_exchange", || Ok(self.core.next_exchange(&relay, budget.into())?.into()))
    }

    /// How things stand.
    pub fn status(&self) -> Result<SyncStatus, RafiqError> {
        guarded("sync.status", || Ok(self.core.status()?.into()))
    }

    /// How far the present run of exchanges has come, for every space of which something has gone in it or is left. It changes with each
    /// answer that is received (`sync` is announced), not while the bytes of one are on their way: those the host can count.
    ///
    /// Notes to the inboxes of others are not counted: they belong to no space. `done_bytes` begins anew when the profile is opened.
    pub fn progress(&self) -> Result<Vec<SpaceProgress>, RafiqError> {
        guarded("sync.progress", || Ok(each(self.core.progress()?)))
    }

    /// What the person has said about lines that cost by the byte; none if they have not been asked. Then it is as with `Wait`.
    pub fn metered_line(&self) -> Result<Option<MeteredLine>, RafiqError> {
        guarded("sync.metered_line", || Ok(self.core.metered_line()?.map(Into::into)))
    }

    /// Keeps what the person has said. It is stored in this profile and nobody else sees it; it counts from the next exchange on.
    pub fn set_metered_line(&self, choice: MeteredLine) -> Result<(), RafiqError> {
        guarded("sync.set_metered_line", || self.core.set_metered_line(choice.into()))
    }

    /// What stands aside, oldest first, at most `limit`.
    pub fn held_items(&self, limit: i32) -> Result<Vec<HeldItem>, RafiqError> {
        guarded("sync.held_items", || {
            let limit = u32::try_from(limit).map_err(|_| rafiq::Error::invalid("limit", "range"))?;
            Ok(each(self.core.held_items(limit)?))
        })
    }

    /// What was erased here, the newest first, at most `limit`, and which devices have confirmed it.
    pub fn erasures(&self, limit: i32) -> Result<Vec<Erasure>, RafiqError> {
        guarded("sync.erasures", || {
            let limit = u32::try_from(limit).map_err(|_| rafiq::Error::invalid("limit", "range"))?;
            Ok(each(self.core.erasures(limit)?))
        })
    }
}

same_words!(MeteredLine, core::MeteredLine, Wait, Use);
same_words!(Standing, core::Standing, Waiting, Refused, LocalQuarantine);

impl From<Budget> for core::Budget {
    fn from(budget: Budget) -> Self {
        let Budget { bytes, metered } = budget;
        Self { bytes, metered }
    }
}

impl From<core::Exchange> for Exchange {
    fn from(exchange: core::Exchange) -> Self {
        let core::Exchange { relay, bytes } = exchange;
        Self { relay, bytes }
    }
}

impl From<core::Received> for Received {
    fn from(received: core::Received) -> Self {
        let taken = received.taken();
        let core::Received { again, delivered, stored, joined, retry_after_s } = received;
        let delivered = delivered.into_iter().map(str::to_owned).collect();
        let joined = joined.iter().map(ToString::to_string).collect();
        Self { again, delivered, taken, stored, joined, retry_after_s }
    }
}

impl From<core::SyncStatus> for SyncStatus {
    fn from(status: core::SyncStatus) -> Self {
        let core::SyncStatus {
            relays,
            unsent_changes,
            outbox,
            waiting_for,
            waiting,
            quarantined,
            metered_line,
            unmetered_bytes,
        } = status;
        let (relays, waiting_for, metered_line) = (each(relays), each(waiting_for), metered_line.map(Into::into));
        Self { relays, unsent_changes, outbox, waiting_for, waiting, quarantined, metered_line, unmetered_bytes }
    }
}

impl From<core::RelayStatus> for RelayStatus {
    fn from(relay: core::RelayStatus) -> Self {
        let core::RelayStatus { url, last_exchange_ms, bytes_sent, bytes_received } = relay;
        Self { url, last_exchange_ms, bytes_sent, bytes_received }
    }
}

impl From<core::SpaceProgress> for SpaceProgress {
    fn from(progress: core::SpaceProgress) -> Self {
        let core::SpaceProgress { relay, space, done_bytes, total_bytes, unmetered_bytes } = progress;
        Self { relay, space: space.map(|space| space.to_string()), done_bytes, total_bytes, unmetered_bytes }
    }
}

impl From<core::WaitingFor> for WaitingFor {
    fn from(waiting: core::WaitingFor) -> Self {
        let core::WaitingFor { space, person, entries } = waiting;
        Self { space: space.to_string(), person, entries }
    }
}

impl From<core::Erasure> for Erasure {
    fn from(erasure: core::Erasure) -> Self {
        let core::Erasure { id, space, at_ms, devices } = erasure;
        Self { id, space: space.to_string(), at_ms, devices: each(devices) }
    }
}

impl From<core::ErasingDevice> for ErasingDevice {
    fn from(device: core::ErasingDevice) -> Self {
        let core::ErasingDevice { person, is_this, confirmed } = device;
        Self { person, is_this, confirmed }
    }
}

impl From<core::HeldItem> for HeldItem {
    fn from(item: core::HeldItem) -> Self {
        let core::HeldItem { id, reason, standing, step, arrived_ms } = item;
        Self { id, reason, standing: standing.into(), step: i32::from(step), arrived_ms }
    }
}

//! Bundles: envelopes in a file or any other stream of bytes, for where no relay is reached.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rafiq::host::{SinkWriter, SourceReader};
use rafiq::ids::SpaceId;
use rafiq::sync as core;

use crate::guard::guarded;
use crate::host::{TheirSink, TheirSource};
use crate::{ByteSink, ByteSource, Rafiq, RafiqError, SyncEngine, each, same_words};

/// What writing a bundle did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct BundleWritten {
    /// Envelopes that were written.
    pub envelopes: i64,
    /// Envelopes that were there already and stayed as they are.
    pub there: i64,
    /// The bundle's length in bytes now.
    pub bytes: i64,
}

/// What reading a bundle did. Reading it again does no harm: everything is known then.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct BundleReport {
    /// Items that were new here: entries, operations, alerts, notes. One may bring others in that had waited for it.
    pub taken: i64,
    /// Envelopes that were here already, read or carried.
    pub known: i64,
    /// Envelopes for us that stand aside: they wait for something, or are refused (`held_items` says why).
    pub aside: i64,
    /// Envelopes for others that were kept, to be carried on; where the quota is used up, in place of older ones.
    pub carried: i64,
    /// Envelopes for others that are not: nothing is carried here, or the quota is used up by what is more urgent.
    pub left: i64,
    /// What is not whole, in the order of the bytes. The bundle it came from may have the rest: write it again.
    pub damaged: Vec<Damage>,
}

/// A place in a bundle that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Damage {
    /// What it is.
    pub what: Damaged,
    /// Where, in bytes from the beginning.
    pub at: i64,
}

/// What of a bundle is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Damaged {
    /// The bytes end before the bundle does.
    Cut,
    /// The list of a part's envelopes, so that they cannot be told apart: the part was passed over.
    Index,
    /// One envelope; it was passed over.
    Envelope,
    /// What ends a part. All its envelopes were read.
    Trailer,
    /// Nothing is wrong: a newer version wrote it. It was passed over.
    Newer,
    /// The medium gave an error. Nothing behind this place was read.
    Unreadable,
    /// Too many places are damaged; nothing behind this one was read.
    TooMuch,
}

/// How *carry for others* stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Carried {
    /// The most bytes to carry; 0: nothing is carried.
    pub quota_bytes: i64,
    /// The bytes that are carried.
    pub bytes: i64,
    /// How many envelopes that is.
    pub envelopes: i64,
}

/// The message that says a damage to a person: `bundle-damaged-cut`, …; it takes the number `at`.
#[uniffi::export]
pub fn damaged_text_id(what: Damaged) -> Result<String, RafiqError> {
    guarded("damaged_text_id", || Ok(core::Damaged::from(what).text_id()))
}

#[uniffi::export]
impl SyncEngine {
    /// Writes a bundle to a file; it is on the disk when this returns. A bundle that is there already is added to: what it holds
    /// stays, of whomever it is, what is missing or damaged in it is written behind it, and one that was cut is mended. A file that
    /// is no bundle is not touched.
    ///
    /// Everything held of `spaces` goes in (none named: of all that are shared), sealed as for a relay, and the notes and alerts that
    /// wait to leave; they go on waiting for a relay as well. `carried`: also what is carried for others. Whoever finds the file sees
    /// how many envelopes it holds and how long they are.
    ///
    /// Errors: `Invalid{file}` with `not-a-bundle`, or `full` above 262,144 envelopes; `InUse` while somebody else writes to it;
    /// `NotFound` for a space that is not here, `NotAllowed` for one that this profile was taken out of; `StorageFull`, `Storage`.
    #[uniffi::method(default(spaces = [], carried = false))]
    pub fn write_bundle(&self, path: String, spaces: Vec<String>, carried: bool) -> Result<BundleWritten, RafiqError> {
        guarded("sync.write_bundle", || {
            Ok(self.core.write_bundle(Path::new(&path), &contents(&spaces, carried)?)?.into())
        })
    }

    /// The same to any stream, such as a document of the platform, a socket, a cable: the whole of it, since what is at the other end
    /// cannot be looked at. What the host answers with instead of taking bytes ends it with `Host`.
    #[uniffi::method(default(spaces = [], carried = false))]
    pub fn stream_bundle(
        &self,
        sink: Arc<dyn ByteSink>,
        spaces: Vec<String>,
        carried: bool,
    ) -> Result<BundleWritten, RafiqError> {
        guarded("sync.stream_bundle", || {
            let sink = TheirSink(sink);
            let mut writer = SinkWriter::new(&sink);
            let written = self.core.stream_bundle(&mut writer, &contents(&spaces, carried)?);
            if writer.failed() { Err(rafiq::Error::Host { reason: "sink" }) } else { Ok(written?.into()) }
        })
    }

    /// Carry for others: from now on envelopes for others that are read from bundles are kept, up to so many bytes, and go out again
    /// in later bundles. Above it the oldest large ones are dropped first, alerts last. 0 carries nothing and drops what is carried.
    /// None of it can be opened here. `Invalid{quota, range}` below 0.
    pub fn carry(&self, quota_bytes: i64) -> Result<(), RafiqError> {
        guarded("sync.carry", || self.core.carry(quota_bytes))
    }

    /// How *carry for others* stands.
    pub fn carried(&self) -> Result<Carried, RafiqError> {
        guarded("sync.carried", || Ok(self.core.carried()?.into()))
    }
}

#[uniffi::export]
impl Rafiq {
    /// Reads a bundle from a file. What is damaged in it is no error but part of the report. Each envelope is kept by itself: stopped
    /// half-way, or read again, what was taken is known.
    ///
    /// Errors: `NotFound`, `Invalid{file, not-a-bundle}`; `StorageFull` and the like, after which the bundle may be read again.
    pub fn read_bundle(&self, path: String) -> Result<BundleReport, RafiqError> {
        guarded("read_bundle", || {
            let mut file = io::BufReader::new(std::fs::File::open(Path::new(&path))?);
            Ok(self.core.read_bundle(&mut file)?.into())
        })
    }

    /// The same from any stream, such as a document of the platform, a socket, a cable. Where it fails, the report says `Unreadable`.
    pub fn read_bundle_source(&self, source: Arc<dyn ByteSource>) -> Result<BundleReport, RafiqError> {
        guarded("read_bundle_source", || {
            Ok(self.core.read_bundle(&mut SourceReader::new(&TheirSource(source)))?.into())
        })
    }
}

fn contents(spaces: &[String], carried: bool) -> rafiq::Result<core::BundleContents> {
    let spaces = spaces.iter().map(|id| SpaceId::parse(id)).collect::<rafiq::Result<_>>()?;
    Ok(core::BundleContents { spaces, carried })
}

same_words!(Damaged, core::Damaged, Cut, Index, Envelope, Trailer, Newer, Unreadable, TooMuch);

impl From<core::BundleWritten> for BundleWritten {
    fn from(written: core::BundleWritten) -> Self {
        let core::BundleWritten { envelopes, there, bytes } = written;
        Self { envelopes, there, bytes }
    }
}

impl From<core::BundleReport> for BundleReport {
    fn from(report: core::BundleReport) -> Self {
        let core::BundleReport { taken, known, aside, carried, left, damaged } = report;
        Self { taken, known, aside, carried, left, damaged: each(damaged) }
    }
}

impl From<core::Damage> for Damage {
    fn from(damage: core::Damage) -> Self {
        let core::Damage { what, at } = damage;
        Self { what: what.into(), at }
    }
}

impl From<core::Carried> for Carried {
    fn from(carried: core::Carried) -> Self {
        let core::Carried { quota_bytes, bytes, envelopes } = carried;
        Self { quota_bytes, bytes, envelopes }
    }
}

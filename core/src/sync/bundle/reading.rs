//! Each envelope of a bundle to its room: ours by the road that a relay's take, those for others to what is carried.

use super::carried::{self, For, Kept};
use super::scan::{Found, scan};
use super::{BundleReport, Damage, Damaged};
use crate::error::{Error, Result};
use crate::replica::SpaceKind;
use crate::sync::Sync;
use crate::sync::answer::Received;
use crate::sync::incoming::{From, Source};
use rafiq_protocol::{EnvelopeHeader, ProtocolError, Tag};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// Envelopes for others are committed together when there are so many bytes of them: a sheet's worth.
const BATCH: usize = 256 * 1024;

/// A bundle that is being read. What it holds in memory grows with none of what the bundle has.
struct Reading<'a> {
    sync: &'a Sync,
    doors: BTreeMap<Tag, From>,
    /// Of the spaces that one has asked to be let into.
    awaited: BTreeSet<Tag>,
    report: BundleReport,
    /// Each word of `delivered` once.
    received: Received,
    /// Where the sheet that is being read begins.
    sheet: u64,
    /// For others, not committed yet.
    others: Vec<(EnvelopeHeader, Vec<u8>)>,
    others_bytes: usize,
}

impl Sync {
    /// Reads a bundle. Killed half-way, or read again, what was taken is known. Spaces that a welcome let us into are settled into by
    /// [`crate::Rafiq::read_bundle`], which apps call. Of what was delivered, each word stands there once.
    ///
    /// Errors: `Invalid{field: "file", reason: "not-a-bundle"}`; `StorageFull` and the like, after which the bundle may be read again.
    /// What is damaged in it is no error but part of the report.
    pub fn read_bundle(&self, from: &mut dyn Read) -> Result<(BundleReport, Received)> {
        let mut reading = Reading {
            sync: self,
            doors: self.replica.read(|rows| self.doors(rows))?,
            awaited: self.replica.store().write(|rows| carried::awaited(rows, self.replica.now_ms()))?,
            report: BundleReport::default(),
            received: Received::default(),
            sheet: 0,
            others: Vec::new(),
            others_bytes: 0,
        };
        let read = scan(from, &mut |found| reading.take(&found));
        // What came before a fault is kept.
        let kept = reading.keep_others();
        if !read.and_then(|is_bundle| kept.map(|()| is_bundle))? {
            return Err(Error::invalid("file", "not-a-bundle"));
        }
        if !reading.received.joined.is_empty() {
            let mut received = Received::default();
            self.take_what_was_carried(&mut received)?;
            reading.count(received);
        }
        let mut received = Received::default();
        self.settle_incarnation(&mut received)?;
        self.heal_forks(&mut received)?;
        reading.count(received);
        let Reading { report, received, .. } = reading;
        if report.taken > 0 || report.carried > 0 {
            self.replica.announce("sync");
        }
        Ok((report, received))
    }

    /// What was carried for others and is for us now, because a welcome has let us in.
    pub(crate) fn take_what_was_carried(&self, received: &mut Received) -> Result<()> {
        for (tag, from) in self.replica.read(|rows| self.doors(rows))? {
            while let Some((number, envelope)) = self.replica.read(|rows| carried::under(rows, &tag))? {
                self.take_envelope(&from, Source::BY_HAND, &envelope, received)?;
                self.replica.store().write(|rows| carried::remove(rows, number))?;
            }
        }
        Ok(())
    }

    /// Under which tags something is for us; in one order, so that the same is taken in the same way. What is of a space that
    /// one is out of is for others: no key to it comes any more.
    fn doors(&self, rows: &Connection) -> Result<BTreeMap<Tag, From>> {
        let mut doors = BTreeMap::from([(self.keys.inbox().address().tag(), From::Inbox)]);
        let mut statement =
            rows.prepare_cached("SELECT id, kind, role, tag FROM space WHERE kind <> 1 AND role > 0")?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let space = crate::ids::SpaceId(row.get(0)?);
            doors.insert(row.get(3)?, From::Space(space));
            if row.get::<_, u8>(1)? == SpaceKind::Directory as u8 && row.get::<_, u8>(2)? >= 3 {
                doors.insert(self.keys.published_inbox(&space).address().tag(), From::Published(space));
            }
        }
        Ok(doors)
    }
}

impl Reading<'_> {
    fn take(&mut self, found: &Found<'_>) -> Result<()> {
        match found {
            Found::Begins(at) => self.sheet = *at,
            Found::Envelope(_, envelope) => self.take_envelope(envelope)?,
            Found::Ends => {}
            Found::Damaged(damage) => self.report.damaged.push(*damage),
        }
        Ok(())
    }

    fn take_envelope(&mut self, envelope: &[u8]) -> Result<()> {
        let header = match EnvelopeHeader::parse(envelope) {
            Ok(header) => header,
            Err(error) => {
                // Whole, but nothing that this version knows as an envelope: nobody can be asked whose it is.
                let newer = matches!(error, ProtocolError::NewerVersion { .. });
                let what = if newer { Damaged::Newer } else { Damaged::Envelope };
                self.report.damaged.push(Damage { what, at: i64::try_from(self.sheet).unwrap_or(i64::MAX) });
                return Ok(());
            }
        };
        let Some(from) = self.doors.get(&header.tag) else {
            self.others_bytes += envelope.len();
            self.others.push((header, envelope.to_vec()));
            return if self.others_bytes < BATCH { Ok(()) } else { self.keep_others() };
        };
        let mut received = Received::default();
        let taken = self.sync.take_envelope(from, Source::BY_HAND, envelope, &mut received);
        if !received.joined.is_empty() {
            self.doors = self.sync.replica.read(|rows| self.sync.doors(rows))?;
        }
        self.count(received);
        taken
    }

    fn keep_others(&mut self) -> Result<()> {
        let others = std::mem::take(&mut self.others);
        self.others_bytes = 0;
        if others.is_empty() {
            return Ok(());
        }
        let kept: Vec<Kept> = self.sync.replica.store().write(|rows| {
            let keep = |(header, envelope): &(EnvelopeHeader, Vec<u8>)| {
                let whom = if self.awaited.contains(&header.tag) { For::Oneself } else { For::Others };
                carried::keep(rows, envelope, header, whom)
            };
            others.iter().map(keep).collect()
        })?;
        for kept in kept {
            match kept {
                Kept::New => self.report.carried += 1,
                Kept::Awaited => self.report.aside += 1,
                Kept::Known => self.report.known += 1,
                Kept::Left => self.report.left += 1,
            }
        }
        Ok(())
    }

    fn count(&mut self, received: Received) {
        for word in received.delivered {
            match word {
                "known" => self.report.known += 1,
                "waiting" | "quarantined" => self.report.aside += 1,
                _ => self.report.taken += 1,
            }
            if !self.received.delivered.contains(&word) {
                self.received.delivered.push(word);
            }
        }
        self.received.joined.extend(received.joined);
    }
}

//! Each envelope of a bundle to its room: ours by the road that a relay's take, those for others to what is carried.

use super::carried::{self, Kept};
use super::scan::{Found, scan};
use super::{BundleReport, Damage, Damaged};
use crate::error::{Error, Result};
use crate::replica::SpaceKind;
use crate::sync::Sync;
use crate::sync::answer::Received;
use crate::sync::incoming::From;
use rafiq_protocol::{EnvelopeHeader, ProtocolError, Tag};
use rusqlite::Connection;
use std::collections::HashMap;
use std::io::Read;

impl Sync {
    /// Reads a bundle. Each envelope is committed by itself: killed half-way, or read again, what was taken is known. Spaces that a
    /// welcome let us into are settled into by [`crate::Rafiq::read_bundle`], which apps call.
    ///
    /// Errors: `Invalid{field: "file", reason: "not-a-bundle"}`; `StorageFull` and the like, after which the bundle may be read again.
    /// What is damaged in it is no error but part of the report.
    pub fn read_bundle(&self, from: &mut dyn Read) -> Result<(BundleReport, Received)> {
        let (mut report, mut all) = (BundleReport::default(), Received::default());
        let mut doors = self.replica.read(|rows| self.doors(rows))?;
        let mut begun = 0;
        let is_bundle = scan(from, &mut |found| {
            match found {
                Found::Begins(at) => begun = at,
                Found::Envelope(_, envelope) => {
                    let joined = all.joined.len();
                    self.take_carried_envelope(&doors, envelope, begun, &mut report, &mut all)?;
                    if all.joined.len() > joined {
                        doors = self.replica.read(|rows| self.doors(rows))?;
                    }
                }
                Found::Ends => {}
                Found::Damaged(damage) => report.damaged.push(damage),
            }
            Ok(())
        })?;
        if !is_bundle {
            return Err(Error::invalid("file", "not-a-bundle"));
        }
        if !all.joined.is_empty() {
            self.take_what_was_carried(&mut all)?;
        }
        self.settle_incarnation(&mut all)?;
        for word in &all.delivered {
            match *word {
                "known" => report.known += 1,
                "waiting" | "quarantined" => report.aside += 1,
                _ => report.taken += 1,
            }
        }
        if report.taken > 0 || report.carried > 0 {
            self.replica.announce("sync");
        }
        Ok((report, all))
    }

    /// What was carried for others and is for us now, because a welcome has let us in.
    pub(crate) fn take_what_was_carried(&self, received: &mut Received) -> Result<()> {
        for (tag, from) in self.replica.read(|rows| self.doors(rows))? {
            while let Some((number, envelope)) = self.replica.read(|rows| carried::under(rows, &tag))? {
                self.take_envelope(&from, "", &envelope, received)?;
                self.replica.store().write(|rows| carried::remove(rows, number))?;
            }
        }
        Ok(())
    }

    fn take_carried_envelope(
        &self,
        doors: &HashMap<Tag, From>,
        envelope: &[u8],
        sheet: u64,
        report: &mut BundleReport,
        received: &mut Received,
    ) -> Result<()> {
        let header = match EnvelopeHeader::parse(envelope) {
            Ok(header) => header,
            Err(error) => {
                // Whole, but nothing that this version knows as an envelope: nobody can be asked whose it is.
                let newer = matches!(error, ProtocolError::NewerVersion { .. });
                let what = if newer { Damaged::Newer } else { Damaged::Envelope };
                report.damaged.push(Damage { what, at: i64::try_from(sheet).unwrap_or(i64::MAX) });
                return Ok(());
            }
        };
        if let Some(from) = doors.get(&header.tag) {
            return self.take_envelope(from, "", envelope, received);
        }
        match self.replica.store().write(|rows| carried::keep(rows, envelope, &header))? {
            Kept::New => report.carried += 1,
            Kept::Known => report.known += 1,
            Kept::Left => report.left += 1,
        }
        Ok(())
    }

    /// Under which tags something is for us.
    fn doors(&self, rows: &Connection) -> Result<HashMap<Tag, From>> {
        let mut doors = HashMap::from([(self.keys.inbox().address().tag(), From::Inbox)]);
        let mut statement = rows.prepare_cached("SELECT id, kind, role, tag FROM space WHERE kind <> 1")?;
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

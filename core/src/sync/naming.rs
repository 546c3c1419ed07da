//! Private words that come. Nobody signs a blob, and whoever holds a key of the space can seal one: so it is kept only once an entry of the
//! device by which it says it was written names it, in a record that is here. Till then it waits, in little room.

use super::Sync;
use super::erasing::keep_envelope;
use super::incoming::{Coming, From, NOISE, Taken, refused};
use super::waiting::{Held, Standing, waiting_because};
use super::wire::DeviceId;
use super::wire::item::blob_in;
use crate::error::{Error, Result};
use crate::ids::{Author, SpaceId};
use crate::replica::{Blob, BlobId, SpaceKind, words};
use rusqlite::{Connection, params};

/// Why words wait that no entry of their author has named yet.
pub(super) const UNNAMED: &str = "unnamed";
/// So many of them wait in a space, and no more bytes: entries travel before the words that they name, so few come first.
const MOST_UNNAMED: i64 = 256;
const MOST_UNNAMED_BYTES: i64 = 4 << 20;
/// The most bytes of one device's words in a space: the longest note that can be written, every day, for twenty years.
const MOST_OF_AUTHOR: i64 = 64 << 20;

impl Sync {
    /// A blob that came: words that open, that their author has named and nobody has erased are kept.
    pub(super) fn take_blob(&self, space: &SpaceId, blob: &Blob) -> Result<Taken> {
        if blob.words().is_none() {
            return Ok(refused(2, "malformed"));
        }
        let taken = self.replica.store().write(|rows| self.judge_blob(rows, space, blob))?;
        if matches!(taken, Taken::Done("words", _)) {
            self.replica.announce("check_ins");
        }
        Ok(taken)
    }

    fn judge_blob(&self, rows: &Connection, space: &SpaceId, blob: &Blob) -> Result<Taken> {
        let id = blob.id(space);
        // Nobody writes about themselves in a directory, and whoever reads it has its key.
        if crate::replica::space(rows, space)?.kind == SpaceKind::Directory {
            return Ok(refused(2, "out-of-place"));
        }
        if words::is_erased(rows, &id)? || words::is_here(rows, &id)? {
            return Ok(Taken::Done("known", Vec::new()));
        }
        let person = self.membership(rows, space)?.person_of(DeviceId(blob.author));
        let person = if self.is_named(rows, space, blob)? { person } else { None };
        let Some(person) = person else { return has_room(rows, space, &id) };
        if words::size_of_author(rows, space, &blob.author)? >= MOST_OF_AUTHOR {
            return Ok(Taken::Aside(Standing::Refused, NOISE, "too-much", None));
        }
        words::keep(rows, space, blob, &person.to_string(), false)?;
        Ok(Taken::Done("words", Vec::new()))
    }

    /// Whether a record names the blob, in a change that the blob's author has signed. So who seals words in somebody else's name, or names
    /// somebody else's, gets neither kept.
    fn is_named(&self, rows: &Connection, space: &SpaceId, blob: &Blob) -> Result<bool> {
        let id = blob.id(space);
        let mut lives =
            rows.prepare_cached("SELECT DISTINCT incarnation FROM entry WHERE space = ?1 AND device = ?2")?;
        let mut names =
            rows.prepare_cached("SELECT 1 FROM change WHERE document = ?1 AND actor = ?2 AND instr(bytes, ?3) > 0")?;
        for document in self.replica.naming(rows, space, &id)? {
            for incarnation in lives.query_map([&space.0[..], &blob.author[..]], |row| row.get(0))? {
                let author = Author { device: blob.author, incarnation: incarnation? };
                if names.exists(params![&document.0[..], &author.actor(&document)[..], &id[..]])? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The words that waited in this space for a record that names them and is here by now, to be taken as if they came.
    pub(super) fn named_by_now(&self, from: &From) -> Result<Vec<Coming>> {
        let From::Space(space) = from else { return Ok(Vec::new()) };
        self.replica.read(|rows| {
            let mut named = Vec::new();
            for held in waiting_because(rows, space, UNNAMED)? {
                let item = held.item.get(1..).unwrap_or_default().to_vec();
                if let Some(blob) = blob_in(&item)
                    && self.is_named(rows, space, &blob)?
                {
                    named.push(Coming::again(Held { item, ..held }, *from));
                }
            }
            Ok(named)
        })
    }

    /// In which envelope words have come that are kept, wait or were erased, so that the relay can be asked to drop it.
    pub(super) fn note_envelope(&self, from: &From, item: &[u8], envelope: &[u8; 32]) -> Result<()> {
        let (From::Space(space), Some(blob)) = (from, blob_in(item)) else { return Ok(()) };
        self.replica.store().write(|rows| keep_envelope(rows, space, &blob.id(space), envelope))
    }

    /// At a start: words that were kept before it was written down whose they are.
    pub(super) fn name_authors(&self) -> Result<()> {
        let unknown: Vec<(SpaceId, [u8; 32])> = self.replica.read(|rows| {
            let mut statement = rows.prepare("SELECT DISTINCT space, author FROM blob WHERE person IS NULL")?;
            let found = statement.query_map([], |row| Ok((SpaceId(row.get(0)?), row.get(1)?)))?;
            found.collect::<Result<_, _>>().map_err(Error::from)
        })?;
        for (space, author) in unknown {
            self.replica.store().write(|rows| {
                let person = self.membership(rows, &space)?.person_of(DeviceId(author));
                let person = person.map(|person| person.to_string());
                rows.prepare_cached("UPDATE blob SET person = ?3 WHERE space = ?1 AND author = ?2 AND person IS NULL")?
                    .execute(params![&space.0[..], &author[..], person])?;
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// Words wait for what names them, as long as there is room; else it is noted that they came, and the relay is read again.
fn has_room(rows: &Connection, space: &SpaceId, id: &BlobId) -> Result<Taken> {
    let (count, bytes): (i64, i64) = rows
        .prepare_cached(
            "SELECT count(*), coalesce(sum(length(item)), 0) FROM held_item WHERE space = ?1 AND reason = ?2 AND state = 1",
        )?
        .query_row(params![&space.0[..], UNNAMED], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let room = count < MOST_UNNAMED && bytes < MOST_UNNAMED_BYTES;
    Ok(if room {
        Taken::Aside(Standing::Waiting, 0, UNNAMED, Some(id.to_vec()))
    } else {
        Taken::Aside(Standing::Refused, NOISE, "no-room", None)
    })
}

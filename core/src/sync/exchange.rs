//! The request to a relay: what we have for it and where we stand, for every space at once.
//!
//! Nothing here opens a socket: the host carries the bytes. What was committed stays whatever becomes of the line; an answer
//! that does not arrive is asked for again.

use super::Sync;
use super::erasing::to_drop;
use super::incoming::From;
use super::loading::{Notes, Tried, envelopes};
use super::sparing::Spared;
use super::wire::{Membership, Role};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::replica::{FORMER, SpaceKind};
use ed25519_dalek::SigningKey;
use rafiq_protocol::limits::{MAX_BODY, MAX_HANDOVERS, MAX_POSTS, MIN_BUDGET};
use rafiq_protocol::{
    Cursor, DropList, DroppedEnvelope, KeyList, ListedKey, MESSAGE_VERSION, Open, Request, RequestId, Rights, Section,
    SectionBody, SpaceKind as RelayKind, Succession, Tag, request_id, sign_handover, sign_key_list, sign_section,
};
use rusqlite::{Connection, OptionalExtension, params};

/// A relay accepts today's and yesterday's nonce; younger than this it is surely one of them.
const NONCE_MS: i64 = 20 * 60 * 60 * 1000;
/// Fewer bytes than this are cheaper to send twice than another round trip.
const WORTH_ASKING: i64 = 8 * 1024;

/// What one exchange may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The most bytes of the request, and of the response, each. At least 72 KiB are taken, so that any envelope fits.
    pub bytes: i64,
    /// The line costs by the byte, as the system says or the person has set: what is large then waits for another, unless the person said
    /// otherwise ([`Sync::set_metered_line`]).
    pub metered: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: 512 * 1024, metered: false }
    }
}

/// What the host should carry: `POST {relay}/v1/exchange`, content type `application/cbor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The relay's address.
    pub relay: String,
    /// The body to send. Sealed and signed; it may be carried by anyone.
    pub bytes: Vec<u8>,
}

/// An exchange whose answer has not come.
pub(super) struct Pending {
    pub(super) relay: String,
    pub(super) nonce: Option<[u8; 16]>,
    pub(super) sections: Vec<Part>,
    pub(super) posts: Vec<i64>,
    pub(super) bytes: i64,
    pub(super) request: RequestId,
}

/// One section of a pending exchange.
pub(super) struct Part {
    pub(super) tag: Tag,
    pub(super) from: From,
    pub(super) sent: Cursor,
    pub(super) numbers: Vec<i64>,
    /// Bytes of each.
    pub(super) lengths: Vec<i64>,
    /// What was left out, for the line's sake.
    pub(super) spared: Option<Spared>,
    pub(super) keys: u32,
    /// That signed the last list it was given.
    pub(super) list_key: Option<[u8; 32]>,
    pub(super) opened: bool,
    pub(super) last: Option<[u8; 8]>,
    /// Envelopes that the relay was asked to drop.
    pub(super) drops: Vec<[u8; 32]>,
    /// What the relay was told that is covered.
    pub(super) covered: Option<u64>,
    /// Something of the answer could not be taken for a fault of the store: it is asked for again.
    pub(super) failed: bool,
}

/// Where we stand with a relay in one place.
#[derive(Clone, Copy, Default)]
struct Place {
    cursor: Cursor,
    opened: bool,
    keys: u32,
    last: Option<[u8; 8]>,
    list_key: Option<[u8; 32]>,
}

impl Sync {
    /// The relays that this profile's spaces use.
    pub fn relays(&self) -> Result<Vec<String>> {
        self.replica.read(|rows| {
            let mut statement = rows.prepare_cached(
                "SELECT relay FROM space WHERE relay <> '' UNION SELECT relay FROM outbox WHERE relay <> ''
                 UNION SELECT relay FROM invite WHERE relay <> '' AND used = 0 ORDER BY 1",
            )?;
            let mut relays: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let home = super::spaces::home_relay(rows)?;
            if !home.is_empty() && !relays.contains(&home) {
                relays.push(home);
            }
            Ok(relays)
        })
    }

    /// The next request to a relay, every space and inbox in it, alerts first. It replaces one that was not answered.
    pub fn next_exchange(&self, relay: &str, budget: Budget) -> Result<Exchange> {
        if !self.relays()?.iter().any(|known| known == relay) {
            return Err(Error::invalid("relay", "unknown"));
        }
        let here: Vec<SpaceId> =
            self.replica.spaces(None)?.iter().filter(|at| at.relay == relay).map(|at| at.id).collect();
        self.forget_troubles(|space| here.contains(space));
        let spare = self.replica.read(|rows| self.spares(rows, budget.metered))?;
        self.fill_outbox(relay, spare)?;
        let budget = u32::try_from(budget.bytes.clamp(i64::from(MIN_BUDGET), MAX_BODY as i64)).unwrap_or(MIN_BUDGET);
        let (request, mut pending) = self.replica.read(|rows| self.request(rows, relay, budget, spare))?;
        let bytes = request.encode().map_err(|_| Error::bug("request"))?;
        pending.bytes = bytes.len() as i64;
        pending.request = request_id(&bytes);
        *self.pending.lock() = Some(pending);
        self.begin_run(relay);
        Ok(Exchange { relay: relay.to_owned(), bytes })
    }

    fn request(&self, rows: &Connection, relay: &str, budget: u32, spare: bool) -> Result<(Request, Pending)> {
        let now = self.replica.now_ms();
        let nonce = fresh_nonce(rows, relay, now)?;
        if nonce.is_none() {
            // The relay's word of the day first: an upload under an old one would be for nothing.
            let pending = Pending::new(relay, nonce, Vec::new());
            let request = Request { version: MESSAGE_VERSION, nonce, budget, sections: Vec::new(), posts: Vec::new() };
            return Ok((request, pending));
        }
        // Room for what surrounds the envelopes.
        let mut room = (budget as usize).saturating_sub(8 * 1024);
        let mut notes = Notes::default();
        // At most half for notes, so that a relay that refuses them keeps no entry from leaving; what entries leave over is for all.
        let half = room / 2;
        notes.take(rows, (relay, now), Tried::NotYet, half, &mut room)?;
        let mut pending = Pending::new(relay, nonce, Vec::new());
        let mut sections = Vec::new();
        for (from, tag) in self.places(rows, relay)? {
            let Some((section, part)) =
                self.isolated(&from.space(), self.section(rows, relay, &mut room, (from, tag), (nonce, spare)))?
            else {
                continue;
            };
            sections.push(section);
            pending.sections.push(part);
        }
        if let Some((section, part)) = self.kit_section(rows, relay, nonce.as_ref())? {
            sections.push(section);
            pending.sections.push(part);
        }
        let left = room;
        notes.take(rows, (relay, now), Tried::Perhaps, left, &mut room)?;
        pending.posts = notes.numbers;
        Ok((Request { version: MESSAGE_VERSION, nonce, budget, sections, posts: notes.posts }, pending))
    }

    /// What is asked of one place and told to it.
    fn section(
        &self,
        rows: &Connection,
        relay: &str,
        room: &mut usize,
        (from, tag): (From, Tag),
        (nonce, spare): (Option<[u8; 16]>, bool),
    ) -> Result<(Section, Part)> {
        let place = place(rows, relay, &tag)?;
        let spared = if spare { self.sparing(rows, relay, &from, &tag)? } else { None };
        let (put, numbers) = envelopes(rows, relay, &tag, spared.as_ref(), room)?;
        let lengths = put.iter().map(|envelope| envelope.len() as i64).collect();
        let (key, open, keys) = self.relay_side(rows, &from, &tag, &place)?;
        let keys_number = keys.as_ref().map_or(place.keys, |list| list.number);
        let list_key = if keys.is_some() { self.list_public(rows, &from)? } else { place.list_key };
        // Under a key of our own the relay says whether there is something of ours that we do not know. Readers share theirs.
        let writes = self.writes_alone(rows, &from)?;
        let last = writes.then(|| place.last.unwrap_or_default());
        let drops = match &from {
            From::Space(space) if writes => to_drop(rows, space)?,
            _ => Vec::new(),
        };
        *room = room.saturating_sub(drops.len() * 34);
        let drop =
            (!drops.is_empty()).then(|| DropList { envelopes: drops.iter().copied().map(DroppedEnvelope).collect() });
        let covered = self.covered(rows, relay, (&from, &tag), &place.cursor)?;
        let body = SectionBody {
            cursor: place.cursor,
            put,
            last,
            open,
            keys,
            covered,
            drop,
            within: spared.map(|spared| spared.within),
        };
        let section = sign_section(&key, nonce.as_ref(), tag, &body).map_err(|_| Error::bug("section"))?;
        let part = Part {
            tag,
            from,
            sent: place.cursor,
            numbers,
            lengths,
            spared,
            keys: keys_number,
            list_key,
            opened: place.opened,
            last,
            drops,
            covered,
            failed: false,
        };
        Ok((section, part))
    }

    /// Our inboxes and our spaces on a relay, inboxes first.
    pub(super) fn places(&self, rows: &Connection, relay: &str) -> Result<Vec<(From, Tag)>> {
        let mut places = vec![(From::Inbox, self.keys.inbox().address().tag())];
        let mut statement = rows.prepare_cached(
            "SELECT id, kind, role, tag FROM space WHERE relay = ?1
             AND (role > 0 OR tag IN (SELECT tag FROM outbox WHERE token IS NULL)) ORDER BY added, id LIMIT 200",
        )?;
        let found = statement.query_map([relay], |row| {
            Ok((SpaceId(row.get(0)?), row.get::<_, u8>(1)?, row.get::<_, u8>(2)?, row.get::<_, Tag>(3)?))
        })?;
        for row in found {
            let (space, kind, role, tag) = row?;
            if role == FORMER && self.was_refused_lately(rows, relay, &tag)? {
                continue;
            }
            places.push((From::Space(space), tag));
            if kind == SpaceKind::Directory as u8 && role >= 3 {
                let inbox = self.keys.published_inbox(&space).address();
                places.push((From::Published(space), inbox.tag()));
            }
        }
        Ok(places)
    }

    /// Whether what is put there under our relay key is ours alone.
    fn writes_alone(&self, rows: &Connection, from: &From) -> Result<bool> {
        Ok(matches!(from, From::Space(space) if crate::replica::space(rows, space)?.role >= 2))
    }

    fn list_public(&self, rows: &Connection, from: &From) -> Result<Option<[u8; 32]>> {
        let From::Space(space) = from else { return Ok(None) };
        let kind = crate::replica::space(rows, space)?.kind;
        Ok(self.list_key(rows, space, kind)?.map(|key| key.verifying_key().to_bytes()))
    }

    /// The key that signs a section, and, where the relay does not know them yet, the opening and the list of members' keys.
    fn relay_side(
        &self,
        rows: &Connection,
        from: &From,
        tag: &Tag,
        place: &Place,
    ) -> Result<(SigningKey, Option<Open>, Option<KeyList>)> {
        let space = match from {
            From::Space(space) => space,
            From::Inbox | From::Published(_) | From::Kit => {
                let inbox = match from {
                    From::Published(space) => &self.keys.published_inbox(space),
                    _ => self.keys.inbox(),
                };
                let open = (!place.opened).then(|| Open {
                    kind: RelayKind::Inbox,
                    list_key: inbox.list_key().verifying_key().to_bytes(),
                    post_token: Some(inbox.address().token),
                });
                return Ok((inbox.relay_key(), open, None));
            }
        };
        let key = self.relay_key(rows, space)?;
        let row = crate::replica::space(rows, space)?;
        let membership = self.membership(rows, space)?;
        let Some(list_key) = self.list_key(rows, space, row.kind)? else { return Ok((key, None, None)) };
        if membership.kind().is_none() {
            return Ok((key, None, None)); // a reader who has not got the operations yet
        }
        let open = (!place.opened && row.role >= 3).then(|| Open {
            kind: RelayKind::Space,
            list_key: list_key.verifying_key().to_bytes(),
            post_token: None,
        });
        let number = membership.operations().len() as u32;
        let list_public = list_key.verifying_key().to_bytes();
        let list = if row.role >= 3 && (number > place.keys || place.list_key != Some(list_public)) {
            let succession = succession(rows, &row, tag, &list_public)?;
            let mut list = KeyList { number, keys: listed(rows, &row, &membership)?, signature: [0; 64], succession };
            sign_key_list(&list_key, tag, &mut list);
            Some(list)
        } else {
            None
        };
        Ok((key, open, list))
    }
}

impl Pending {
    fn new(relay: &str, nonce: Option<[u8; 16]>, posts: Vec<i64>) -> Self {
        Self { relay: relay.to_owned(), nonce, sections: Vec::new(), posts, bytes: 0, request: RequestId::default() }
    }

    /// Whether the outbox may have held more than went into the request.
    pub(super) fn full(&self) -> bool {
        self.bytes > 32 * 1024 || self.posts.len() >= MAX_POSTS
    }
}

/// The nonce to sign with, if it is worth trying: with much to send and a nonce of yesterday, it is asked for first.
fn fresh_nonce(rows: &Connection, relay: &str, now_ms: i64) -> Result<Option<[u8; 16]>> {
    let known: Option<(Option<[u8; 16]>, i64)> = rows
        .query_row("SELECT nonce, exchanged FROM relay WHERE url = ?1", [relay], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((nonce, exchanged)) = known else { return Ok(None) };
    let waiting: i64 =
        rows.query_row("SELECT coalesce(sum(length(envelope)), 0) FROM outbox WHERE relay = ?1", [relay], |row| {
            row.get(0)
        })?;
    let old = now_ms < exchanged || now_ms.saturating_sub(exchanged) > NONCE_MS;
    Ok(nonce.filter(|_| !old || waiting < WORTH_ASKING))
}

/// Who may read and write: the members by role; in a directory also all readers, by the key they share.
fn listed(rows: &Connection, space: &crate::replica::SpaceRow, membership: &Membership) -> Result<Vec<ListedKey>> {
    let mut keys: Vec<ListedKey> = membership
        .members()
        .map(|member| ListedKey {
            key: member.device.relay_key,
            rights: if member.role == Role::Reader { Rights::Read } else { Rights::Both },
        })
        .collect();
    if space.kind == SpaceKind::Directory {
        for epoch in super::epochs::epochs(rows, &space.id)? {
            let key = epoch.reader_relay_key().verifying_key().to_bytes();
            keys.push(ListedKey { key, rights: Rights::Read });
        }
    }
    Ok(keys)
}

/// Every older epoch's list key hands over: whichever the relay knows, also after it was put back to an earlier day.
fn succession(
    rows: &Connection,
    space: &crate::replica::SpaceRow,
    tag: &Tag,
    list_key: &[u8; 32],
) -> Result<Option<Succession>> {
    if space.kind == SpaceKind::Directory {
        return Ok(None); // its founder's device signs
    }
    let older: Vec<SigningKey> = super::epochs::epochs(rows, &space.id)?.iter().map(|epoch| epoch.list_key()).collect();
    let older = older.iter().filter(|key| key.verifying_key().to_bytes() != *list_key).take(MAX_HANDOVERS);
    let handovers: Vec<_> = older.map(|key| sign_handover(key, tag, list_key)).collect();
    Ok((!handovers.is_empty()).then_some(Succession { list_key: *list_key, handovers }))
}

fn place(rows: &Connection, relay: &str, tag: &Tag) -> Result<Place> {
    let found = rows
        .prepare_cached(
            "SELECT alert, small, large, opened, keys, last, list_key FROM relay_cursor WHERE relay = ?1 AND tag = ?2",
        )?
        .query_row(params![relay, &tag[..]], |row| {
            let position = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
            Ok(Place {
                cursor: Cursor { alert: position(0)?, small: position(1)?, large: position(2)? },
                opened: row.get(3)?,
                keys: row.get(4)?,
                last: row.get(5)?,
                list_key: row.get(6)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

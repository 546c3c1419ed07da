//! One round trip with a relay: what we have for it and where we stand, for every space at once; and what it answers.
//!
//! Nothing here opens a socket: the host carries the bytes. What was committed stays whatever becomes of the line; an answer
//! that does not arrive is asked for again.

use super::Sync;
use super::incoming::From;
use super::wire::{Membership, Role};
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::replica::SpaceKind;
use ed25519_dalek::SigningKey;
use rafiq_protocol::limits::{MAX_BODY, MAX_ENVELOPES, MAX_POSTS, MIN_BUDGET};
use rafiq_protocol::{
    Cursor, KeyList, ListedKey, MESSAGE_VERSION, Open, Post, Request, RequestId, Response, Rights, SectionBody,
    SectionResult, SpaceKind as RelayKind, Status, Tag, Urgency, request_id, sign_key_list, sign_section,
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
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: 512 * 1024 }
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

/// What an answer brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// Something is left to do with this relay right away: ask for the next exchange.
    pub again: bool,
    /// What came, in the order in which it was taken: `alert`, `entry`, `operation`, `welcome`, `join-request`, `report`,
    /// `alert-received`; `waiting` or `quarantined` for what stands aside.
    pub delivered: Vec<&'static str>,
    /// Envelopes of ours that the relay has acknowledged.
    pub stored: i64,
    /// Spaces that a welcome let us into.
    pub joined: Vec<SpaceId>,
    /// The relay asks to be left alone for so many seconds; what could not be stored stays here.
    pub retry_after_s: Option<i64>,
}

/// An exchange whose answer has not come.
pub(super) struct Pending {
    relay: String,
    nonce: Option<[u8; 16]>,
    sections: Vec<Part>,
    posts: Vec<i64>,
    bytes: i64,
    request: RequestId,
}

/// One section of a pending exchange.
pub(super) struct Part {
    pub(super) tag: Tag,
    pub(super) from: From,
    sent: Cursor,
    numbers: Vec<i64>,
    keys: u32,
    opened: bool,
}

/// Where we stand with a relay in one place.
#[derive(Clone, Copy, Default)]
struct Place {
    cursor: Cursor,
    opened: bool,
    keys: u32,
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
        self.fill_outbox(relay)?;
        let budget = u32::try_from(budget.bytes.clamp(i64::from(MIN_BUDGET), MAX_BODY as i64)).unwrap_or(MIN_BUDGET);
        let (request, mut pending) = self.replica.read(|rows| self.request(rows, relay, budget))?;
        let bytes = request.encode().map_err(|_| Error::bug("request"))?;
        pending.bytes = bytes.len() as i64;
        pending.request = request_id(&bytes);
        *self.pending.lock() = Some(pending);
        Ok(Exchange { relay: relay.to_owned(), bytes })
    }

    fn request(&self, rows: &Connection, relay: &str, budget: u32) -> Result<(Request, Pending)> {
        let nonce = fresh_nonce(rows, relay, self.replica.now_ms())?;
        if nonce.is_none() {
            // The relay's word of the day first: an upload under an old one would be for nothing.
            let pending = Pending::new(relay, nonce, Vec::new());
            let request = Request { version: MESSAGE_VERSION, nonce, budget, sections: Vec::new(), posts: Vec::new() };
            return Ok((request, pending));
        }
        // Room for what surrounds the envelopes.
        let mut room = (budget as usize).saturating_sub(8 * 1024);
        let (posts, post_numbers) = posts(rows, relay, &mut room)?;
        let mut pending = Pending::new(relay, nonce, post_numbers);
        let mut sections = Vec::new();
        for (from, tag) in self.places(rows, relay)? {
            let place = place(rows, relay, &tag)?;
            let (put, numbers) = envelopes(rows, relay, &tag, &mut room)?;
            let (key, open, keys) = self.relay_side(rows, &from, &tag, &place)?;
            let keys_number = keys.as_ref().map_or(place.keys, |list| list.number);
            let body = SectionBody { cursor: place.cursor, put, last: None, open, keys };
            let section = sign_section(&key, nonce.as_ref(), tag, &body).map_err(|_| Error::bug("section"))?;
            sections.push(section);
            pending.sections.push(Part {
                tag,
                from,
                sent: place.cursor,
                numbers,
                keys: keys_number,
                opened: place.opened,
            });
        }
        Ok((Request { version: MESSAGE_VERSION, nonce, budget, sections, posts }, pending))
    }

    /// Our inboxes and our spaces on a relay, inboxes first.
    fn places(&self, rows: &Connection, relay: &str) -> Result<Vec<(From, Tag)>> {
        let mut places = vec![(From::Inbox, self.keys.inbox().address().tag())];
        let mut statement = rows.prepare_cached(
            "SELECT id, kind, role, tag FROM space WHERE relay = ?1 AND kind <> 1 ORDER BY added, id LIMIT 200",
        )?;
        let found = statement.query_map([relay], |row| {
            Ok((SpaceId(row.get(0)?), row.get::<_, u8>(1)?, row.get::<_, u8>(2)?, row.get::<_, Tag>(3)?))
        })?;
        for row in found {
            let (space, kind, role, tag) = row?;
            places.push((From::Space(space), tag));
            if kind == SpaceKind::Directory as u8 && role >= 3 {
                let inbox = self.keys.published_inbox(&space).address();
                places.push((From::Published(space), inbox.tag()));
            }
        }
        Ok(places)
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
            From::Inbox | From::Published(_) => {
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
        let list = if row.role >= 3 && number > place.keys {
            let mut list = KeyList { number, keys: listed(rows, &row, &membership)?, signature: [0; 64] };
            sign_key_list(&list_key, tag, &mut list);
            Some(list)
        } else {
            None
        };
        Ok((key, open, list))
    }

    /// Takes a relay's answer to the last [`Sync::next_exchange`]. Each envelope is committed by itself, the position at the end:
    /// killed half-way, the rest is asked for again.
    ///
    /// Errors: `Invalid{field: "response"}` if it is no answer to what was asked (a cut line, a lying relay): nothing was taken;
    /// `StorageFull` and the like, after which the same answer may come again.
    pub fn receive(&self, bytes: &[u8]) -> Result<Received> {
        let response = Response::decode(bytes).map_err(|_| Error::invalid("response", "format"))?;
        // An answer to an earlier request counts what that one brought. The right one may still come.
        let ours = self.pending.lock().take_if(|pending| pending.request == response.request);
        let pending = ours.ok_or(Error::invalid("response", "unexpected"))?;
        let counts_fit =
            response.results.len() == pending.sections.len() && response.posts.len() == pending.posts.len();
        let stored_fit = response
            .results
            .iter()
            .zip(&pending.sections)
            .all(|(result, part)| result.stored as usize <= part.numbers.len());
        if !counts_fit || !stored_fit {
            return Err(Error::invalid("response", "does-not-fit"));
        }
        let mut received = Received::default();
        // First: the rows that were sent are told by their numbers, and a restored relay makes the outbox be written anew.
        self.acknowledged(&pending, &response, &mut received)?;
        let restored = self.meet_relay(&pending, &response, bytes.len() as i64)?;
        received.again = restored || pending.nonce.is_none() && response.nonce.is_some();
        received.again |= response.results.iter().any(|result| result.more);
        self.take_envelopes(&pending, &response, &mut received)?;
        if !restored {
            self.move_on(&pending, &response, &mut received)?;
        }
        if !received.delivered.is_empty() || received.stored > 0 {
            self.replica.announce("sync");
        }
        Ok(received)
    }

    /// Notes which relay this is. If it is another one or was restored, what it had acknowledged may be gone: everything of
    /// ours is offered again and everything is read from the start.
    fn meet_relay(&self, pending: &Pending, response: &Response, bytes: i64) -> Result<bool> {
        let now = self.replica.now_ms();
        self.replica.store().write(|rows| {
            let known: Option<([u8; 16], u32)> = rows
                .query_row("SELECT instance, restores FROM relay WHERE url = ?1", [&pending.relay], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let restored = known.is_some_and(|known| known != (response.instance, response.restores));
            if restored {
                rows.execute("DELETE FROM relay_cursor WHERE relay = ?1", [&pending.relay])?;
                self.offer_again(rows, &pending.relay)?;
            }
            rows.execute(
                "INSERT INTO relay (url, instance, restores, nonce, exchanged, sent, received) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (url) DO UPDATE SET instance = ?2, restores = ?3, nonce = coalesce(?4, nonce), exchanged = ?5,
                 sent = sent + ?6, received = received + ?7",
                params![
                    pending.relay,
                    &response.instance[..],
                    response.restores,
                    response.nonce.map(|nonce| nonce.to_vec()),
                    now,
                    pending.bytes,
                    bytes
                ],
            )?;
            Ok(restored)
        })
    }

    /// What is committed there leaves the outbox.
    fn acknowledged(&self, pending: &Pending, response: &Response, received: &mut Received) -> Result<()> {
        self.replica.store().write(|rows| {
            let mut done = Vec::new();
            for (result, part) in response.results.iter().zip(&pending.sections) {
                done.extend(&part.numbers[..result.stored as usize]);
                if matches!(result.status, Status::TooMany | Status::Full) {
                    received.retry_after_s = received.retry_after_s.max(result.retry_after.map(i64::from));
                }
            }
            for (result, number) in response.posts.iter().zip(&pending.posts) {
                match result.status {
                    Status::Ok => done.push(*number),
                    // The inbox may not be open yet, or is full: keep the note, behind the others.
                    _ => {
                        rows.execute("UPDATE outbox SET later = later + 1 WHERE number = ?1", [number])?;
                        received.retry_after_s = received.retry_after_s.max(result.retry_after.map(i64::from));
                    }
                }
            }
            for number in &done {
                rows.prepare_cached("DELETE FROM outbox WHERE number = ?1")?.execute([number])?;
            }
            received.stored = done.len() as i64;
            Ok(())
        })
    }

    /// Alerts of all places first, then what is small, then what is large.
    fn take_envelopes(&self, pending: &Pending, response: &Response, received: &mut Received) -> Result<()> {
        for urgency in Urgency::ALL {
            for (result, part) in response.results.iter().zip(&pending.sections) {
                for stored in &result.envelopes {
                    // The outer header says it; what is not even a header is taken (and set aside) with the last.
                    let stated = rafiq_protocol::EnvelopeHeader::parse(&stored.bytes).map(|header| header.urgency);
                    if stated.unwrap_or(Urgency::Large) == urgency {
                        self.take_envelope(&part.from, &pending.relay, &stored.bytes, received)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn move_on(&self, pending: &Pending, response: &Response, received: &mut Received) -> Result<()> {
        self.replica.store().write(|rows| {
            for (result, part) in response.results.iter().zip(&pending.sections) {
                self.move_place(rows, pending, part, result, received)?;
            }
            Ok(())
        })?;
        let left = self.replica.read(|rows| {
            Ok(rows.query_row(
                "SELECT EXISTS (SELECT 1 FROM outbox WHERE relay = ?1 AND later = 0)",
                [&pending.relay],
                |row| row.get::<_, bool>(0),
            )?)
        })?;
        // What this answer itself has put into the outbox may wait for the next time; what did not fit the request goes on.
        received.again |= left && received.stored > 0 && received.retry_after_s.is_none() && pending.full();
        Ok(())
    }

    fn move_place(
        &self,
        rows: &Connection,
        pending: &Pending,
        part: &Part,
        result: &SectionResult,
        received: &mut Received,
    ) -> Result<()> {
        let (cursor, opened, keys) = match result.status {
            // A cursor behind ours: the relay has lost its tail. Ask again from the start; what we hold is known.
            Status::Ok | Status::TooMany | Status::Full | Status::Behind if is_behind(&result.cursor, &part.sent) => {
                received.again = true;
                (Cursor::START, true, part.keys)
            }
            Status::Ok if !result.more && self.shall_read_again(rows, &pending.relay, part)? => {
                (Cursor::START, true, part.keys)
            }
            Status::Ok | Status::TooMany | Status::Full | Status::Behind => (result.cursor, true, part.keys),
            Status::StaleNonce => {
                received.again |= response_differs(pending.nonce, rows, &pending.relay)?;
                return Ok(());
            }
            Status::Forbidden => {
                // It may have forgotten the space: open it again once, with its keys.
                received.again |= part.opened;
                (part.sent, false, 0)
            }
            Status::Invalid => return Ok(()),
        };
        rows.prepare_cached(
            "INSERT INTO relay_cursor (relay, tag, alert, small, large, opened, keys) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (relay, tag) DO UPDATE SET alert = ?3, small = ?4, large = ?5, opened = ?6, keys = ?7",
        )?
        .execute(params![
            pending.relay,
            &part.tag[..],
            position(cursor.alert),
            position(cursor.small),
            position(cursor.large),
            opened,
            keys
        ])?;
        Ok(())
    }
}

/// As the store holds it. No relay has a position that does not fit; one that says so is believed until it is asked again.
fn position(said: u64) -> i64 {
    i64::try_from(said).unwrap_or(i64::MAX)
}

/// Whether a relay stands before where we stood, for any urgency: it has lost its tail.
fn is_behind(answered: &Cursor, sent: &Cursor) -> bool {
    Urgency::ALL.into_iter().any(|urgency| answered.of(urgency) < sent.of(urgency))
}

impl Pending {
    fn new(relay: &str, nonce: Option<[u8; 16]>, posts: Vec<i64>) -> Self {
        Self { relay: relay.to_owned(), nonce, sections: Vec::new(), posts, bytes: 0, request: RequestId::default() }
    }

    /// Whether the outbox may have held more than went into the request.
    fn full(&self) -> bool {
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

/// Whether the relay gave us a nonce that we did not use: only then is it worth trying again.
fn response_differs(used: Option<[u8; 16]>, rows: &Connection, relay: &str) -> Result<bool> {
    let held: Option<[u8; 16]> = rows.query_row("SELECT nonce FROM relay WHERE url = ?1", [relay], |row| row.get(0))?;
    Ok(held.is_some() && held != used)
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
        for epoch in super::spaces::epochs(rows, &space.id)? {
            let key = epoch.reader_relay_key().verifying_key().to_bytes();
            keys.push(ListedKey { key, rights: Rights::Read });
        }
    }
    Ok(keys)
}

fn place(rows: &Connection, relay: &str, tag: &Tag) -> Result<Place> {
    let found = rows
        .prepare_cached("SELECT alert, small, large, opened, keys FROM relay_cursor WHERE relay = ?1 AND tag = ?2")?
        .query_row(params![relay, &tag[..]], |row| {
            let position = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
            Ok(Place {
                cursor: Cursor { alert: position(0)?, small: position(1)?, large: position(2)? },
                opened: row.get(3)?,
                keys: row.get(4)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// The next envelopes of ours for one place, as many as there is room for.
fn envelopes(rows: &Connection, relay: &str, tag: &Tag, room: &mut usize) -> Result<(Vec<Vec<u8>>, Vec<i64>)> {
    let mut statement = rows.prepare_cached(
        "SELECT number, envelope FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL ORDER BY urgency, number LIMIT ?3",
    )?;
    let mut found = statement.query(params![relay, &tag[..], MAX_ENVELOPES as i64])?;
    let (mut put, mut numbers) = (Vec::new(), Vec::new());
    while let Some(row) = found.next()? {
        let envelope: Vec<u8> = row.get(1)?;
        if envelope.len() > *room {
            break;
        }
        *room -= envelope.len();
        numbers.push(row.get(0)?);
        put.push(envelope);
    }
    Ok((put, numbers))
}

/// The next notes to the inboxes of others: alerts first, and behind the others what was refused before.
fn posts(rows: &Connection, relay: &str, room: &mut usize) -> Result<(Vec<Post>, Vec<i64>)> {
    let mut statement = rows.prepare_cached(
        "SELECT number, tag, token, envelope FROM outbox WHERE relay = ?1 AND token IS NOT NULL
         ORDER BY urgency, later, number LIMIT ?2",
    )?;
    let mut found = statement.query(params![relay, MAX_POSTS as i64])?;
    let (mut posts, mut numbers) = (Vec::new(), Vec::new());
    while let Some(row) = found.next()? {
        let envelope: Vec<u8> = row.get(3)?;
        if envelope.len() > *room {
            break;
        }
        *room -= envelope.len();
        numbers.push(row.get(0)?);
        posts.push(Post { tag: row.get(1)?, token: row.get(2)?, envelope });
    }
    Ok((posts, numbers))
}

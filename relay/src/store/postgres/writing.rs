//! Groups of writes: facts, decisions (`store::deciding`) and effects in one transaction with three round trips.

use super::announcing::Arrivals;
use super::pool::Connected;
use super::{fixed, reading::place as index};
use crate::config::Limits;
use crate::limits::Level;
use crate::store::deciding::{Drawer, Effects, Facts, Name, Place, Questions, decide, rights_in};
use crate::store::{Due, Job, SWEEP, WorkOutcome, gather};
use crate::{RelayError, Result};
use rafiq_protocol::{RelayKey, Tag, key_short_name};
use std::collections::HashMap;
use tokio::sync::mpsc;
use tokio_postgres::{Config, Row};

/// Rows are locked in the order of their tags: two processes never wait for each other crosswise.
const LOCK: &str = "SELECT number, tag, kind, list_key, list_number, post_token, last_position, bytes, covered
    FROM space WHERE tag = ANY ($1::bytea[]) ORDER BY tag FOR UPDATE";
const NOW: &str = "SELECT extract(epoch FROM clock_timestamp())::double precision";
const RIGHTS: &str = "SELECT a.i, allowed.rights
    FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) WITH ORDINALITY a (space, name, key, i)
    JOIN allowed ON allowed.space = a.space AND allowed.name = a.name AND allowed.key = a.key";
const HAVE: &str = "SELECT a.i FROM unnest($1::bigint[], $2::bytea[]) WITH ORDINALITY a (space, id, i)
    JOIN envelope e ON e.space = a.space AND e.id = a.id";
const NEWEST: &str =
    "SELECT a.i, n.id FROM unnest($1::bigint[], $2::bytea[], $3::bigint[]) WITH ORDINALITY a (space, name, many, i),
    LATERAL (SELECT id, position FROM envelope
      WHERE envelope.space = a.space AND envelope.writer = a.name ORDER BY position DESC LIMIT a.many) n
    ORDER BY a.i, n.position DESC";
const LEVELS: &str =
    "SELECT a.i, level.tokens, level.at FROM unnest($1::bigint[], $2::bytea[]) WITH ORDINALITY a (space, who, i)
    JOIN level ON level.space = a.space AND level.who = a.who";
const OPEN: &str =
    "INSERT INTO space (tag, kind, list_key, list_number, post_token, last_position, bytes, day, covered)
    SELECT tag, kind, list_key, 0, token, 0, 0, day, 0
    FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bigint[]) a (tag, kind, list_key, token, day)
    ORDER BY tag ON CONFLICT (tag) DO NOTHING RETURNING tag, number";
const SHUT_OUT: &str = "DELETE FROM allowed WHERE space = ANY ($1::bigint[])";
const ALLOW: &str = "INSERT INTO allowed (space, name, key, rights)
    SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[])";
const PUT: &str = "INSERT INTO envelope (space, position, urgency, writer, id, size, day, bytes)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bigint[], $8::bytea[])";
const UPDATE: &str = "UPDATE space SET last_position = a.last, bytes = a.bytes, list_number = a.list, covered = a.covered, list_key = a.key
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[]) a (number, last, bytes, list, covered, key)
    WHERE space.number = a.number";
/// The rows stay, empty. The old ones are overwritten when the server vacuums.
const DROP: &str = "WITH named AS (SELECT * FROM unnest($1::bigint[], $2::bytea[]) a (space, id)),
    held AS (SELECT e.space, e.position, e.size FROM envelope e JOIN named ON named.space = e.space AND named.id = e.id
      WHERE e.urgency = 2 AND e.size > 0),
    gone AS (UPDATE envelope SET bytes = ''::bytea, size = 0 FROM held
      WHERE envelope.space = held.space AND envelope.position = held.position)
    UPDATE space SET bytes = space.bytes - freed.size
    FROM (SELECT space, sum(size)::bigint AS size FROM held GROUP BY space) freed WHERE space.number = freed.space";
const DRAW: &str = "INSERT INTO level (space, who, tokens, at)
    SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::double precision[], $4::double precision[])
    ON CONFLICT (space, who) DO UPDATE SET tokens = excluded.tokens, at = excluded.at";
/// Where something is due: mostly nowhere, and then no writer waits for a lock of a sweep.
const DUE: &str = "SELECT s.number FROM space s WHERE s.covered > 0 AND EXISTS (
      SELECT 1 FROM envelope e WHERE e.space = s.number AND e.position <= s.covered
      AND (e.day <= $1 OR s.kind = 2 AND s.bytes > $2)) ORDER BY s.number";
const SWEEP_OLD: &str = "DELETE FROM envelope WHERE (space, position) IN (
      SELECT e.space, e.position FROM envelope e WHERE e.space = $1 AND e.position <= $2 AND e.day <= $3 LIMIT $4)
    RETURNING size";
/// In a crowded inbox also the oldest, until it holds `$5` bytes less.
const SWEEP_CROWDED: &str = "DELETE FROM envelope WHERE (space, position) IN (
      SELECT e.space, e.position FROM (
        SELECT space, position, day, sum(size) OVER (ORDER BY position) - size AS older
        FROM envelope WHERE space = $1 AND position <= $2) e
      WHERE e.day <= $3 OR e.older < $5::bigint ORDER BY e.position LIMIT $4)
    RETURNING size";
/// Of an allowance nobody has drawn from for so long there is nothing to say.
const FORGET: &str = "DELETE FROM level WHERE at < extract(epoch FROM clock_timestamp()) - 3600";

/// How often a group is tried again when another process opened one of its spaces at the same moment.
const TRIES: usize = 3;

/// The one who writes for this process.
pub(super) struct Writer {
    server: Config,
    connected: Connected,
    limits: Limits,
    announce: mpsc::UnboundedSender<Arrivals>,
}

impl Writer {
    pub(super) fn new(
        server: Config,
        connected: Connected,
        limits: Limits,
        announce: mpsc::UnboundedSender<Arrivals>,
    ) -> Self {
        Self { server, connected, limits, announce }
    }

    pub(super) async fn write_until_closed(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(first) = queue.recv().await {
            let group = gather(first, &mut queue);
            match self.commit(&group).await {
                Ok(outcomes) => {
                    for (job, outcome) in group.into_iter().zip(outcomes) {
                        let _ = job.reply.send(Ok(outcome)); // the client may have gone; its envelopes are kept
                    }
                }
                Err(_) if self.connected.client.is_closed() => {
                    for job in group {
                        let _ = job.reply.send(Err(RelayError::Stopping)); // nothing is promised; the clients come again
                    }
                }
                Err(_) => {
                    // One of them could not be written: each by itself, so that it fails alone.
                    for job in group {
                        let alone = self.commit(std::slice::from_ref(&job)).await;
                        let _ = job.reply.send(alone.map(|mut outcomes| outcomes.pop().unwrap_or_default()));
                    }
                }
            }
        }
    }

    async fn commit(&mut self, group: &[Job]) -> Result<Vec<WorkOutcome>> {
        if self.connected.client.is_closed() {
            self.connected = Connected::to(&self.server).await?;
        }
        let mut last = RelayError::Stopping;
        for _ in 0..TRIES {
            match self.try_to_commit(group).await {
                Ok(outcomes) => return Ok(outcomes),
                Err(error) => last = error,
            }
            // Also where the connection is gone: then so is the transaction.
            let _ = self.connected.client.batch_execute("ROLLBACK").await;
            if !matches!(last, RelayError::Raced) {
                break;
            }
        }
        Err(last)
    }

    async fn try_to_commit(&mut self, group: &[Job]) -> Result<Vec<WorkOutcome>> {
        let works = || group.iter().map(|job| &job.work);
        let questions = Questions::of(works());
        let (facts, mut numbers) = facts(&mut self.connected, &questions).await?;
        let (outcomes, effects) = decide(facts, &self.limits, works());
        if !effects.opened.is_empty() {
            open(&mut self.connected, &effects, &mut numbers).await?;
        }
        if !effects.lists.is_empty() {
            replace_keys(&mut self.connected, &effects, &numbers).await?;
        }
        carry_out(&mut self.connected, &effects, &numbers).await?;
        let arrivals = effects.arrivals();
        if !arrivals.is_empty() {
            let _ = self.announce.send(arrivals); // whoever announces ends with this store
        }
        Ok(outcomes)
    }
}

/// Begins the transaction, locks the places and reads what the group asks about.
async fn facts(connected: &mut Connected, questions: &Questions) -> Result<(Facts, HashMap<Tag, i64>)> {
    let (lock, now) = (connected.prepared(LOCK).await?, connected.prepared(NOW).await?);
    let (rights, have) = (connected.prepared(RIGHTS).await?, connected.prepared(HAVE).await?);
    let (newest, levels) = (connected.prepared(NEWEST).await?, connected.prepared(LEVELS).await?);
    let client = &connected.client;

    let tags: Vec<&[u8]> = questions.tags.iter().map(|tag| &tag[..]).collect();
    let (begun, places) =
        tokio::join!(biased; client.batch_execute("BEGIN"), async { client.query(&lock, &[&tags]).await });
    begun?;
    let (mut facts, mut numbers) = (Facts::default(), HashMap::new());
    for row in places? {
        let tag: Tag = fixed(&row, 1)?;
        numbers.insert(tag, row.get(0));
        facts.places.insert(tag, place(&row)?);
    }
    let here = |tag: &Tag| numbers.get(tag).copied();

    let keys: Vec<(i64, Tag, RelayKey)> =
        questions.keys.iter().filter_map(|(tag, key)| Some((here(tag)?, *tag, *key))).collect();
    let names: Vec<Name> = keys.iter().map(|(_, _, key)| key_short_name(key)).collect();
    let envelopes: Vec<_> = questions.envelopes.iter().filter_map(|(tag, id)| Some((here(tag)?, *tag, *id))).collect();
    let writers: Vec<_> = questions
        .newest
        .iter()
        .filter_map(|((tag, name), many)| Some((here(tag)?, *tag, *name, *many as i64)))
        .collect();
    let drawers: Vec<_> =
        questions.drawers.iter().filter_map(|(tag, drawer)| Some((here(tag)?, *tag, *drawer, who(drawer)))).collect();

    let asked = (
        (column(&keys, |key| key.0), bytes(&names, |name| &name[..]), bytes(&keys, |key| &key.2[..])),
        (column(&envelopes, |e| e.0), bytes(&envelopes, |e| &e.2[..])),
        (column(&writers, |w| w.0), bytes(&writers, |w| &w.2[..]), column(&writers, |w| w.3)),
        (column(&drawers, |d| d.0), bytes(&drawers, |d| &d.3[..])),
    );
    let (a, b, c, d, e) = tokio::join!(biased;
        client.query_one(&now, &[]),
        async { client.query(&rights, &[&asked.0.0, &asked.0.1, &asked.0.2]).await },
        async { client.query(&have, &[&asked.1.0, &asked.1.1]).await },
        async { client.query(&newest, &[&asked.2.0, &asked.2.1, &asked.2.2]).await },
        async { client.query(&levels, &[&asked.3.0, &asked.3.1]).await },
    );
    facts.now = a?.get(0);
    for row in b? {
        let (_, tag, key) = keys[index(&row, 0)];
        facts.rights.insert((tag, key), u8::try_from(row.get::<_, i64>(1)).unwrap_or(0));
    }
    for row in c? {
        let (_, tag, id) = envelopes[index(&row, 0)];
        facts.have.insert((tag, id));
    }
    facts.newest = questions.newest.keys().map(|who| (*who, Vec::new())).collect();
    for row in d? {
        let (_, tag, name, _) = writers[index(&row, 0)];
        facts.newest.entry((tag, name)).or_default().push(fixed(&row, 1)?);
    }
    for row in e? {
        let (_, tag, drawer, _) = &drawers[index(&row, 0)];
        facts.levels.insert((*tag, *drawer), Level { tokens: row.get(1), at: row.get(2) });
    }
    Ok((facts, numbers))
}

fn place(row: &Row) -> Result<Place> {
    let token: Option<&[u8]> = row.get(5);
    Ok(Place {
        inbox: row.get::<_, i64>(2) == 2,
        list_key: fixed(row, 3)?,
        list_number: u32::try_from(row.get::<_, i64>(4)).map_err(|_| RelayError::NotOurs)?,
        post_token: token.map(|token| token.try_into().map_err(|_| RelayError::NotOurs)).transpose()?,
        last_position: row.get::<_, i64>(6).cast_unsigned(),
        bytes: row.get::<_, i64>(7).cast_unsigned(),
        covered: row.get::<_, i64>(8).cast_unsigned(),
    })
}

/// Another process may have opened one of them since we looked: then we look again.
async fn open(connected: &mut Connected, effects: &Effects<'_>, numbers: &mut HashMap<Tag, i64>) -> Result<()> {
    let (insert, allow) = (connected.prepared(OPEN).await?, connected.prepared(ALLOW).await?);
    let new: Vec<_> =
        effects.opened.iter().filter_map(|(tag, opened)| Some((tag, opened, effects.places.get(tag)?))).collect();
    let kinds = column(&new, |(_, _, place)| if place.inbox { 2_i64 } else { 1 });
    let tokens: Vec<_> = new.iter().map(|(_, _, place)| place.post_token.as_ref().map(|token| &token[..])).collect();
    let (tags, lists) = (bytes(&new, |new| &new.0[..]), bytes(&new, |new| &new.2.list_key[..]));
    let days = column(&new, |(_, opened, _)| i64::from(opened.day));
    let rows = connected.client.query(&insert, &[&tags, &kinds, &lists, &tokens, &days]).await?;
    for row in &rows {
        numbers.insert(fixed(row, 0)?, row.get(1));
    }
    if rows.len() < new.len() {
        return Err(RelayError::Raced);
    }
    // A list that came with the opening replaces its key.
    let with_key: Vec<_> = new.iter().filter(|(tag, ..)| !effects.lists.contains_key(*tag)).collect();
    let spaces = with_key.iter().map(|(tag, ..)| number(numbers, tag)).collect::<Result<Vec<_>>>()?;
    let names: Vec<Name> = with_key.iter().map(|(_, opened, _)| key_short_name(&opened.key)).collect();
    let (names, keys) = (bytes(&names, |name| &name[..]), bytes(&with_key, |new| &new.1.key[..]));
    connected.client.execute(&allow, &[&spaces, &names, &keys, &vec![3_i64; spaces.len()]]).await?;
    Ok(())
}

async fn replace_keys(connected: &mut Connected, effects: &Effects<'_>, numbers: &HashMap<Tag, i64>) -> Result<()> {
    let (shut_out, allow) = (connected.prepared(SHUT_OUT).await?, connected.prepared(ALLOW).await?);
    let (mut spaces, mut listed) = (Vec::new(), Vec::new());
    for (tag, list) in &effects.lists {
        let space = number(numbers, tag)?;
        spaces.push(space);
        listed.extend(rights_in(list).into_iter().map(|(key, rights)| (space, key_short_name(&key), key, rights)));
    }
    let (names, keys) = (bytes(&listed, |listed| &listed.1[..]), bytes(&listed, |listed| &listed.2[..]));
    let rights = column(&listed, |listed| i64::from(listed.3));
    connected.client.execute(&shut_out, &[&spaces]).await?;
    connected.client.execute(&allow, &[&column(&listed, |listed| listed.0), &names, &keys, &rights]).await?;
    Ok(())
}

/// Writes envelopes, places and allowances, and commits: one round trip.
async fn carry_out(connected: &mut Connected, effects: &Effects<'_>, numbers: &HashMap<Tag, i64>) -> Result<()> {
    let (put, update) = (connected.prepared(PUT).await?, connected.prepared(UPDATE).await?);
    let (draw, drop) = (connected.prepared(DRAW).await?, connected.prepared(DROP).await?);
    let client = &connected.client;

    let stored = &effects.envelopes;
    let spaces = stored.iter().map(|stored| number(numbers, &stored.tag)).collect::<Result<Vec<_>>>()?;
    let positions = column(stored, |stored| stored.position.cast_signed());
    let urgencies = column(stored, |stored| stored.envelope.urgency as i64);
    let writers: Vec<_> = stored.iter().map(|stored| stored.writer.as_ref().map(|name| &name[..])).collect();
    let ids = bytes(stored, |stored| &stored.envelope.id[..]);
    let sizes = column(stored, |stored| stored.envelope.bytes.len() as i64);
    let days = column(stored, |stored| i64::from(stored.day));
    let contents = bytes(stored, |stored| &stored.envelope.bytes[..]);

    let places: Vec<_> = effects.places.iter().collect();
    let changed = places.iter().map(|(tag, _)| number(numbers, tag)).collect::<Result<Vec<_>>>()?;
    let lasts = column(&places, |(_, place)| place.last_position.cast_signed());
    let held = column(&places, |(_, place)| place.bytes.cast_signed());
    let lists = column(&places, |(_, place)| i64::from(place.list_number));
    let covered = column(&places, |(_, place)| place.covered.cast_signed());
    let list_keys = bytes(&places, |(_, place)| &place.list_key[..]);

    // A place whose opening was refused has no row, and so no allowance to keep.
    let drawn =
        effects.levels.iter().filter_map(|((tag, drawer), level)| Some((*numbers.get(tag)?, who(drawer), level)));
    let drawn: Vec<_> = drawn.collect();
    let (drawn_in, drawn_by) = (column(&drawn, |drawn| drawn.0), bytes(&drawn, |drawn| &drawn.1[..]));
    let (tokens, at) = (column(&drawn, |drawn| drawn.2.tokens), column(&drawn, |drawn| drawn.2.at));

    let drops: Vec<_> = effects.drops.iter().collect();
    let drops_in = drops.iter().map(|(tag, _)| number(numbers, tag)).collect::<Result<Vec<_>>>()?;
    let dropped = bytes(&drops, |(_, id)| &id[..]);

    let (a, b, c, d, committed) = tokio::join!(biased;
        async { client.execute(&put, &[&spaces, &positions, &urgencies, &writers, &ids, &sizes, &days, &contents]).await },
        async { client.execute(&update, &[&changed, &lasts, &held, &lists, &covered, &list_keys]).await },
        async { client.execute(&draw, &[&drawn_in, &drawn_by, &tokens, &at]).await },
        async { client.execute(&drop, &[&drops_in, &dropped]).await },
        client.batch_execute("COMMIT"),
    );
    // A statement that failed makes the commit a rollback, though the commit itself does not say so.
    a?;
    b?;
    c?;
    d?;
    Ok(committed?)
}

/// Deletes some of what is covered and due, space by space under its lock; see [`crate::store::Store::sweep`].
pub(super) async fn sweep(connected: &mut Connected, due: Due) -> Result<u64> {
    connected.client.execute(FORGET, &[]).await?;
    let (day, crowded, most) = (due.day, due.crowded.cast_signed(), i64::from(SWEEP));
    let mut deleted = 0;
    for row in connected.client.query(DUE, &[&day, &crowded]).await? {
        let number: i64 = row.get(0);
        let transaction = connected.client.transaction().await?;
        // Looked at again: another process may have been here since.
        let lock =
            "SELECT covered, CASE kind WHEN 2 THEN bytes - $2 ELSE 0 END FROM space WHERE number = $1 FOR UPDATE";
        let Some(row) = transaction.query_opt(lock, &[&number, &crowded]).await? else { continue };
        let (covered, too_much): (i64, i64) = (row.get(0), row.get(1));
        let rows = match too_much {
            1.. => transaction.query(SWEEP_CROWDED, &[&number, &covered, &day, &most, &too_much]).await?,
            _ => transaction.query(SWEEP_OLD, &[&number, &covered, &day, &most]).await?,
        };
        let freed: i64 = rows.iter().map(|row| row.get::<_, i64>(0)).sum();
        transaction.execute("UPDATE space SET bytes = bytes - $2 WHERE number = $1", &[&number, &freed]).await?;
        transaction.commit().await?;
        deleted += rows.len() as u64;
    }
    Ok(deleted)
}

fn number(numbers: &HashMap<Tag, i64>, tag: &Tag) -> Result<i64> {
    numbers.get(tag).copied().ok_or(RelayError::Raced)
}

fn who(drawer: &Drawer) -> Vec<u8> {
    match drawer {
        Drawer::Writer(name) => name.to_vec(),
        Drawer::Notes => vec![0],
        Drawer::Alerts => vec![1],
    }
}

/// One column of many rows, as `unnest` takes it.
fn column<T, V>(rows: &[T], of: impl Fn(&T) -> V) -> Vec<V> {
    rows.iter().map(of).collect()
}

fn bytes<T>(rows: &[T], of: impl Fn(&T) -> &[u8]) -> Vec<&[u8]> {
    rows.iter().map(of).collect()
}

//! What an exchange reads: who is allowed, and the envelopes that wait, the most urgent of all spaces first.

use super::fixed;
use super::pool::Connected;
use crate::Result;
use crate::store::{Answer, Ask, ENVELOPE_OVERHEAD, Known, LookUp};
use rafiq_protocol::limits::{MAX_COUNTED, MAX_ENVELOPES};
use rafiq_protocol::{KeyName, MIN_ENVELOPE, RelayKey, StoredEnvelope, Urgency, Within, key_short_name};

const KEYS: &str = "SELECT a.i, allowed.key
    FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY a (tag, name, i)
    JOIN space ON space.tag = a.tag JOIN allowed ON allowed.space = space.number AND allowed.name = a.name";
const TOKENS: &str = "SELECT a.i, post_token FROM unnest($1::bytea[]) WITH ORDINALITY a (tag, i)
    JOIN space ON space.tag = a.tag AND space.kind = 2";
const PLACES: &str = "SELECT a.i, space.number, space.last_position, CASE WHEN a.wanted THEN
      (SELECT id FROM envelope WHERE space = space.number AND writer = a.name ORDER BY position DESC LIMIT 1) END
    FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::boolean[]) WITH ORDINALITY a (tag, name, key, wanted, i)
    JOIN space ON space.tag = a.tag
    JOIN allowed ON allowed.space = space.number AND allowed.name = a.name AND allowed.key = a.key AND allowed.rights & 1 = 1";
const WAITING: &str = "SELECT u.urgency, a.i, e.position, e.size
    FROM (VALUES (0::bigint), (1), (2)) u (urgency),
      unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[]) WITH ORDINALITY a (space, skip, c0, c1, c2, i),
      LATERAL (SELECT position, size FROM envelope
        WHERE envelope.space = a.space AND envelope.urgency = u.urgency AND envelope.writer IS DISTINCT FROM a.skip
          AND envelope.size > 0 AND position > CASE u.urgency WHEN 0 THEN a.c0 WHEN 1 THEN a.c1 ELSE a.c2 END
        ORDER BY position LIMIT $6) e
    ORDER BY u.urgency, a.i, e.position LIMIT $6";
const LEFT: &str = "SELECT a.i, coalesce(sum(e.size), 0)::bigint
    FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[]) WITH ORDINALITY a (space, skip, urgency, after, i),
      LATERAL (SELECT size FROM envelope
        WHERE envelope.space = a.space AND envelope.urgency = a.urgency AND envelope.writer IS DISTINCT FROM a.skip
          AND envelope.size > 0 AND position > a.after
        ORDER BY position LIMIT $5) e
    GROUP BY a.i";
const BYTES: &str = "SELECT a.i, e.bytes FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY a (space, position, i)
    JOIN envelope e ON e.space = a.space AND e.position = a.position";

/// Keys and tokens; see [`crate::store::Store::look_up`].
pub(super) async fn look_up(connected: &mut Connected, query: &LookUp) -> Result<Known> {
    let mut known = Known { sections: vec![Vec::new(); query.sections.len()], posts: vec![false; query.posts.len()] };
    if !query.sections.is_empty() {
        let tags: Vec<&[u8]> = query.sections.iter().map(|(tag, _)| &tag[..]).collect();
        let names: Vec<[u8; 8]> = query.sections.iter().map(|(_, name)| short(name)).collect();
        let names: Vec<&[u8]> = names.iter().map(|name| &name[..]).collect();
        let keys = connected.prepared(KEYS).await?;
        for row in connected.client.query(&keys, &[&tags, &names]).await? {
            let (index, key): (usize, RelayKey) = (place(&row, 0), fixed(&row, 1)?);
            if query.sections[index].1.names(&key) {
                known.sections[index].push(key);
            }
        }
    }
    if !query.posts.is_empty() {
        let tags: Vec<&[u8]> = query.posts.iter().map(|(tag, _)| &tag[..]).collect();
        let tokens = connected.prepared(TOKENS).await?;
        for row in connected.client.query(&tokens, &[&tags]).await? {
            let index = place(&row, 0);
            // Hashes of secrets are compared, so the time it takes tells nothing about the secret.
            known.posts[index] = row.get::<_, Option<&[u8]>>(1) == Some(&query.posts[index].1[..]);
        }
    }
    Ok(known)
}

/// Envelopes for all asks; see [`crate::store::Store::read`]. Positions are committed in order, so whatever a later statement sees
/// beyond an earlier one is complete up to there.
pub(super) async fn fill(connected: &mut Connected, asks: &[Ask], mut room: usize) -> Result<Vec<Answer>> {
    let mut answers: Vec<_> = asks.iter().map(|ask| Answer { cursor: ask.cursor, ..Answer::default() }).collect();
    let mut desks = desks(connected, asks, &mut answers).await?;
    keep_back(connected, &mut desks, &mut answers).await?;
    // More than fit in the room need not be listed, nor more than one section may bring.
    let most = (room / (MIN_ENVELOPE + ENVELOPE_OVERHEAD)).min(desks.len().max(1) * MAX_ENVELOPES) as i64 + 1;
    let rows = match desks.iter().any(|desk| desk.waits(&answers[desk.answer])) {
        true => waiting(connected, &desks, &answers, most).await?,
        false => Vec::new(),
    };
    let end = (rows.len() as i64 == most).then(|| rows.last().map(|row| (row.urgency, row.desk))).flatten();
    let (mut chosen, mut counts, mut next) = (Vec::new(), vec![0; desks.len()], rows.into_iter().peekable());
    let mut unread = Vec::new();
    for urgency in Urgency::ALL {
        for (index, desk) in desks.iter().enumerate() {
            let (here, answer) = ((urgency as usize, index), &mut answers[desk.answer]);
            if desk.keeps_back(urgency) {
                continue;
            }
            let (mut full, mut reached) = (false, 0);
            while let Some(row) = next.next_if(|row| (row.urgency, row.desk) == here) {
                let size = row.size + ENVELOPE_OVERHEAD;
                full |= size > room || counts[index] >= MAX_ENVELOPES;
                if !full {
                    room -= size;
                    counts[index] += 1;
                    reached = row.position.cast_unsigned();
                    *answer.cursor.of_mut(urgency) = reached;
                    chosen.push(Chosen { desk: index, position: row.position });
                }
            }
            let unlisted = end.is_some_and(|end| here >= end);
            if full || unlisted && answer.cursor.of(urgency) < desk.last_position {
                answer.more = true;
                unread.push((index, urgency));
            } else {
                // Lower than asked when this relay lost its tail: the reader sees it.
                *answer.cursor.of_mut(urgency) = desk.last_position.max(reached);
            }
        }
    }
    let counted = left(connected, &desks, &unread, &answers).await?;
    for ((index, urgency), bytes) in unread.into_iter().zip(counted) {
        *answers[desks[index].answer].left.of_mut(urgency) = bytes;
    }
    bring(connected, &desks, &chosen, &mut answers).await?;
    Ok(answers)
}

/// A place that the asking key may read.
struct Desk {
    answer: usize,
    space: i64,
    last_position: u64,
    /// Whose envelopes are left out: the reader's own.
    skip: Option<[u8; 8]>,
    within: Option<Within>,
    /// Of which nothing comes, by urgency: more waits than was asked for.
    kept_back: [bool; 3],
}

struct Waiting {
    urgency: usize,
    desk: usize,
    position: i64,
    size: usize,
}

struct Chosen {
    desk: usize,
    position: i64,
}

impl Desk {
    fn waits(&self, answer: &Answer) -> bool {
        Urgency::ALL
            .into_iter()
            .any(|urgency| !self.keeps_back(urgency) && answer.cursor.of(urgency) < self.last_position)
    }

    const fn keeps_back(&self, urgency: Urgency) -> bool {
        self.kept_back[urgency as usize]
    }
}

async fn desks(connected: &mut Connected, asks: &[Ask], answers: &mut [Answer]) -> Result<Vec<Desk>> {
    let names: Vec<[u8; 8]> = asks.iter().map(|ask| key_short_name(&ask.key)).collect();
    let tags: Vec<&[u8]> = asks.iter().map(|ask| &ask.tag[..]).collect();
    let short: Vec<&[u8]> = names.iter().map(|name| &name[..]).collect();
    let keys: Vec<&[u8]> = asks.iter().map(|ask| &ask.key[..]).collect();
    let wanted: Vec<bool> = asks.iter().map(|ask| ask.last.is_some() && !ask.own).collect();
    let places = connected.prepared(PLACES).await?;
    let mut desks = Vec::new();
    for row in connected.client.query(&places, &[&tags, &short, &keys, &wanted]).await? {
        let answer = place(&row, 0);
        let ask = &asks[answer];
        let newest: Option<&[u8]> = row.get(3);
        let newest = newest.and_then(|id| id.first_chunk::<8>().copied());
        let behind = newest.zip(ask.last).filter(|(newest, last)| newest != last).map(|(newest, _)| newest);
        answers[answer].behind = behind;
        let skip = (behind.is_none() && !ask.own).then_some(names[answer]);
        let (space, last_position) = (row.get(1), row.get::<_, i64>(2).cast_unsigned());
        // Who may be a copy reads what is needed to find that out.
        let within = ask.within.filter(|_| skip.is_some());
        desks.push(Desk { answer, space, last_position, skip, within, kept_back: [false; 3] });
    }
    desks.sort_by_key(|desk| desk.answer);
    Ok(desks)
}

async fn waiting(connected: &mut Connected, desks: &[Desk], answers: &[Answer], most: i64) -> Result<Vec<Waiting>> {
    let spaces: Vec<i64> = desks.iter().map(|desk| desk.space).collect();
    let skips: Vec<Option<&[u8]>> = desks.iter().map(|desk| desk.skip.as_ref().map(|name| &name[..])).collect();
    let cursors = |urgency: Urgency| -> Vec<i64> {
        let of = |desk: &Desk| match desk.keeps_back(urgency) {
            true => i64::MAX,
            false => signed(answers[desk.answer].cursor.of(urgency)),
        };
        desks.iter().map(of).collect()
    };
    let [alerts, small, large] = Urgency::ALL.map(cursors);
    let statement = connected.prepared(WAITING).await?;
    let rows = connected.client.query(&statement, &[&spaces, &skips, &alerts, &small, &large, &most]).await?;
    let waiting = |row: &tokio_postgres::Row| Waiting {
        urgency: usize::try_from(row.get::<_, i64>(0)).unwrap_or(0),
        desk: place(row, 1),
        position: row.get(2),
        size: usize::try_from(row.get::<_, i64>(3)).unwrap_or(usize::MAX / 2),
    };
    Ok(rows.iter().map(waiting).collect())
}

/// Finds out of what more waits than was asked for.
async fn keep_back(connected: &mut Connected, desks: &mut [Desk], answers: &mut [Answer]) -> Result<()> {
    let mut limited = Vec::new();
    for (index, desk) in desks.iter().enumerate() {
        for urgency in Urgency::ALL {
            let waits = answers[desk.answer].cursor.of(urgency) < desk.last_position;
            if waits && desk.within.is_some_and(|within| within.of(urgency).is_some()) {
                limited.push((index, urgency));
            }
        }
    }
    let counted = left(connected, desks, &limited, answers).await?;
    for ((index, urgency), bytes) in limited.into_iter().zip(counted) {
        let desk = &mut desks[index];
        if desk.within.and_then(|within| within.of(urgency)).is_some_and(|most| bytes > most) {
            desk.kept_back[urgency as usize] = true;
            *answers[desk.answer].left.of_mut(urgency) = bytes;
        }
    }
    Ok(())
}

/// Bytes that wait beyond the cursors, for each of these.
async fn left(
    connected: &mut Connected,
    desks: &[Desk],
    of: &[(usize, Urgency)],
    answers: &[Answer],
) -> Result<Vec<u32>> {
    let mut counted = vec![0; of.len()];
    if of.is_empty() {
        return Ok(counted);
    }
    let spaces: Vec<i64> = of.iter().map(|(index, _)| desks[*index].space).collect();
    let skips: Vec<Option<&[u8]>> =
        of.iter().map(|(index, _)| desks[*index].skip.as_ref().map(|name| &name[..])).collect();
    let urgencies: Vec<i64> = of.iter().map(|(_, urgency)| *urgency as i64).collect();
    let after: Vec<i64> =
        of.iter().map(|(index, urgency)| signed(answers[desks[*index].answer].cursor.of(*urgency))).collect();
    let statement = connected.prepared(LEFT).await?;
    let most = i64::from(MAX_COUNTED);
    for row in connected.client.query(&statement, &[&spaces, &skips, &urgencies, &after, &most]).await? {
        counted[place(&row, 0)] = u32::try_from(row.get::<_, i64>(1)).unwrap_or(u32::MAX);
    }
    Ok(counted)
}

/// As the database counts; no position of its own does not fit.
fn signed(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

async fn bring(connected: &mut Connected, desks: &[Desk], chosen: &[Chosen], answers: &mut [Answer]) -> Result<()> {
    if chosen.is_empty() {
        return Ok(());
    }
    let spaces: Vec<i64> = chosen.iter().map(|chosen| desks[chosen.desk].space).collect();
    let positions: Vec<i64> = chosen.iter().map(|chosen| chosen.position).collect();
    let bytes = connected.prepared(BYTES).await?;
    let rows = connected.client.query(&bytes, &[&spaces, &positions]).await?;
    let mut found = vec![None; chosen.len()];
    for row in &rows {
        found[place(row, 0)] = Some(row.get::<_, Vec<u8>>(1));
    }
    // What is not found any more was covered, old, and swept since it was listed.
    for (chosen, bytes) in chosen.iter().zip(found) {
        if let Some(bytes) = bytes {
            let position = chosen.position.cast_unsigned();
            answers[desks[chosen.desk].answer].envelopes.push(StoredEnvelope { position, bytes });
        }
    }
    Ok(())
}

/// From SQL's count from 1 to ours from 0.
pub(super) fn place(row: &tokio_postgres::Row, column: usize) -> usize {
    usize::try_from(row.get::<_, i64>(column) - 1).unwrap_or(0)
}

fn short(name: &KeyName) -> [u8; 8] {
    match name {
        KeyName::Short(short) => *short,
        KeyName::Whole(key) => key_short_name(key),
    }
}

//! What goes into a request: as much of the outbox as there is room for, and as the line allows.

use super::sparing::Spared;
use crate::error::Result;
use rafiq_protocol::limits::{MAX_ENVELOPES, MAX_POSTS};
use rafiq_protocol::{Post, Tag, Urgency};
use rusqlite::{Connection, params};

/// The next envelopes of ours for one place, as many as there is room for.
pub(super) fn envelopes(
    rows: &Connection,
    relay: &str,
    tag: &Tag,
    spared: Option<&Spared>,
    room: &mut usize,
) -> Result<(Vec<Vec<u8>>, Vec<i64>)> {
    let holds = |urgency| spared.is_some_and(|spared| spared.holds(urgency));
    let mut statement = rows.prepare_cached(
        "SELECT number, envelope FROM outbox WHERE relay = ?1 AND tag = ?2 AND token IS NULL
         AND NOT (?4 AND urgency = 1) AND NOT (?5 AND urgency = 2) ORDER BY urgency, later, number LIMIT ?3",
    )?;
    let most = MAX_ENVELOPES as i64;
    let mut found = statement.query(params![relay, &tag[..], most, holds(Urgency::Small), holds(Urgency::Large)])?;
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

/// Which notes are meant: alerts and those that no relay was offered yet, or all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tried {
    NotYet,
    Perhaps,
}

/// So long a note is offered with every exchange, in milliseconds: people who sit together open their inboxes within minutes, and an invite
/// from hand to hand holds for ten.
const AT_EVERY_EXCHANGE_MS: i64 = 3_600_000;
/// Then it waits for a quarter of the time since it was first refused, and no longer than this: a welcome has some hundred bytes or sixty
/// thousand, a line may cost, and an inbox may open in a year or never.
const MOST_WAIT_MS: i64 = 6 * 3_600_000;

/// When a note that an inbox refuses since `since_ms` is offered again, at the earliest.
pub(super) fn not_before(since_ms: i64, now_ms: i64) -> i64 {
    let refused_for = now_ms.saturating_sub(since_ms);
    if refused_for < AT_EVERY_EXCHANGE_MS { 0 } else { now_ms.saturating_add((refused_for / 4).min(MOST_WAIT_MS)) }
}

/// Notes to the inboxes of others that go into a request, with their numbers in the outbox.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) posts: Vec<Post>,
    pub(super) numbers: Vec<i64>,
}

impl Notes {
    /// The next ones: alerts first, and behind the others what was refused before. Together no longer than `share`, but one that
    /// was never tried leaves alone if it is longer. `now_ms` by our clock: what was refused often has its time.
    pub(super) fn take(
        &mut self,
        rows: &Connection,
        (relay, now_ms): (&str, i64),
        tried: Tried,
        share: usize,
        room: &mut usize,
    ) -> Result<()> {
        let mut statement = rows.prepare_cached(
            "SELECT number, tag, token, envelope FROM outbox
             WHERE relay = ?1 AND token IS NOT NULL
             AND (urgency = ?4 OR later = 0 AND acknowledged IS NULL OR ?3 AND not_before NOT BETWEEN ?5 + 1 AND ?5 + ?6)
             ORDER BY urgency, later, number LIMIT ?2",
        )?;
        let all = tried == Tried::Perhaps;
        let mut found =
            statement.query(params![relay, MAX_POSTS as i64, all, Urgency::Alert as u8, now_ms, MOST_WAIT_MS])?;
        let least = room.saturating_sub(share);
        while let Some(row) = found.next()? {
            let number = row.get(0)?;
            if self.numbers.contains(&number) {
                continue;
            }
            let envelope: Vec<u8> = row.get(3)?;
            let fits = envelope.len() <= room.saturating_sub(least) || self.posts.is_empty();
            if !fits || envelope.len() > *room || self.posts.len() >= MAX_POSTS {
                break;
            }
            *room -= envelope.len();
            self.numbers.push(number);
            self.posts.push(Post { tag: row.get(1)?, token: row.get(2)?, envelope });
        }
        Ok(())
    }
}

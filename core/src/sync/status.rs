//! What an app shows of sync: the last exchange, what waits for whom, what stands aside and why.

use super::Sync;
use super::sparing::MeteredLine;
use super::trouble::Trouble;
use super::waiting::Standing;
use crate::error::{Error, Result};
use crate::ids::{SpaceId, to_text};
use rusqlite::Connection;

/// How things stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncStatus {
    /// Each relay that was ever reached.
    pub relays: Vec<RelayStatus>,
    /// Changes that no entry carries yet, in spaces that are shared and that this profile writes to.
    pub unsent_changes: i64,
    /// Envelopes that a relay has not acknowledged, and private words and erasures that have no envelope yet.
    pub outbox: i64,
    /// Devices whose work we know to exist and have not got.
    pub waiting_for: Vec<WaitingFor>,
    /// Items that wait for something.
    pub waiting: i64,
    /// Items that are refused or did not survive probation, and spaces that could not be exchanged for a fault of the store.
    pub quarantined: i64,
    /// What the person has said about lines that cost by the byte; `None` if they have not been asked.
    pub metered_line: Option<MeteredLine>,
    /// Bytes that wait for a line that does not cost by the byte, of all spaces and both ways, as of the last exchanges ([`Sync::progress`] says of which).
    /// With `metered_line` not given an app asks now.
    pub unmetered_bytes: i64,
}

/// One relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayStatus {
    /// Its address.
    pub url: String,
    /// The last answered exchange, Unix milliseconds by our clock.
    pub last_exchange_ms: i64,
    /// Bytes sent to it in all answered exchanges.
    pub bytes_sent: i64,
    /// Bytes received from it.
    pub bytes_received: i64,
}

/// "Waiting for Amina's phone": someone has seen entries of this device that we have not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingFor {
    /// In which space.
    pub space: SpaceId,
    /// Whose device, if the membership says.
    pub person: Option<String>,
    /// How many entries are missing.
    pub entries: i64,
}

/// An item that stands aside; or a whole space, which a fault of the store kept from the last exchange while the others went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldItem {
    /// Its id; of a space, the space's.
    pub id: String,
    /// Why it stands aside, in one stable word. Of a space `store-fault`, or `bug` for a mistake of ours.
    pub reason: String,
    /// Waiting, refused, or in local quarantine.
    pub standing: Standing,
    /// The step of admission that it did not pass (1 envelope, 2 signature and chain, 3 scanner, 4 probation); 0 for what
    /// waits. With the reason `removed` it waits at step 2: its author had been taken out, and nobody else's work names it yet.
    pub step: u8,
    /// When it came, Unix milliseconds by our clock.
    pub arrived_ms: i64,
}

impl Sync {
    /// How things stand.
    pub fn status(&self) -> Result<SyncStatus> {
        let unmetered_bytes = self.unmetered_bytes()?;
        let metered_line = self.metered_line()?;
        self.replica.read(|rows| {
            let count = |sql: &str| -> Result<i64> { Ok(rows.query_row(sql, [], |row| row.get(0))?) };
            Ok(SyncStatus {
                relays: relays(rows)?,
                // From the few spaces to their changes: what is one's own alone is never sent, and is not gone through either.
                unsent_changes: count(
                    "SELECT count(*) FROM space s CROSS JOIN change c ON c.space = s.id WHERE c.entry IS NULL AND (s.kind <> 1 OR s.relay <> '') AND s.role >= 2",
                )?,
                outbox: count(
                    "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM offer o JOIN entry e ON e.space = o.space
                     JOIN space s ON s.id = o.space WHERE s.role >= 2 AND e.own = 1 AND e.number > o.after AND e.number <= o.until)
                     + (SELECT count(*) FROM space s CROSS JOIN blob b ON b.space = s.id
                        WHERE (s.kind <> 1 OR s.relay <> '') AND s.role >= 2 AND b.unsent = 1)
                     + (SELECT count(*) FROM space s CROSS JOIN erased e ON e.space = s.id
                        WHERE (s.kind <> 1 OR s.relay <> '') AND s.role >= 2 AND e.operation IS NULL)",
                )?,
                waiting_for: self.waiting_for(rows)?,
                waiting: count("SELECT count(*) FROM held_item WHERE state = 1")?,
                quarantined: count("SELECT count(*) FROM held_item WHERE state <> 1")? + self.troubles.lock().len() as i64,
                metered_line,
                unmetered_bytes,
            })
        })
    }

    /// What stands aside, at most `limit`: spaces first, then items, the oldest first.
    pub fn held_items(&self, limit: u32) -> Result<Vec<HeldItem>> {
        self.replica.read(|rows| {
            let mut statement = rows.prepare_cached(
                "SELECT id, reason, state, arrived, step FROM held_item ORDER BY arrived, id LIMIT ?1",
            )?;
            let mut found = statement.query([limit])?;
            let spaces = self.troubles.lock().iter().take(limit as usize).map(HeldItem::of_space).collect::<Vec<_>>();
            let mut items = spaces;
            while let Some(row) = found.next()?.filter(|_| items.len() < limit as usize) {
                let standing = match row.get::<_, u8>(2)? {
                    1 => Standing::Waiting,
                    2 => Standing::Refused,
                    3 => Standing::LocalQuarantine,
                    _ => return Err(Error::Corrupt),
                };
                let id: [u8; 32] = row.get(0)?;
                let (reason, arrived_ms, step) = (row.get(1)?, row.get(3)?, row.get(4)?);
                items.push(HeldItem { id: to_text(&id), reason, standing, step, arrived_ms });
            }
            Ok(items)
        })
    }

    fn waiting_for(&self, rows: &Connection) -> Result<Vec<WaitingFor>> {
        let mut statement = rows.prepare_cached(
            "SELECT n.space, n.device, n.sequence - coalesce(max(e.sequence), 0) FROM named_head n
             LEFT JOIN entry e ON e.space = n.space AND e.device = n.device AND e.incarnation = n.incarnation
             WHERE n.device <> ?1 AND n.space IN (SELECT id FROM space WHERE role > 0) GROUP BY n.space, n.device, n.incarnation
             HAVING n.sequence > coalesce(max(e.sequence), 0) ORDER BY n.space, n.device",
        )?;
        let mut found = statement.query([&self.keys.device().0[..]])?;
        let mut waiting = Vec::new();
        while let Some(row) = found.next()? {
            let space = SpaceId(row.get(0)?);
            let device = super::wire::DeviceId(row.get(1)?);
            // Of a space that cannot be read nobody can say whose it is; that much is said of the others all the same.
            let membership = self.membership(rows, &space).ok();
            let person = membership.and_then(|known| known.member(device).map(|member| member.person.to_string()));
            waiting.push(WaitingFor { space, person, entries: row.get(2)? });
        }
        Ok(waiting)
    }
}

impl HeldItem {
    fn of_space(trouble: &Trouble) -> Self {
        Self {
            id: trouble.space.to_string(),
            reason: trouble.reason().to_owned(),
            standing: Standing::LocalQuarantine,
            step: 0,
            arrived_ms: trouble.at_ms,
        }
    }
}

fn relays(rows: &Connection) -> Result<Vec<RelayStatus>> {
    let mut statement = rows.prepare_cached("SELECT url, exchanged, sent, received FROM relay ORDER BY url")?;
    let found = statement.query_map([], |row| {
        Ok(RelayStatus {
            url: row.get(0)?,
            last_exchange_ms: row.get(1)?,
            bytes_sent: row.get(2)?,
            bytes_received: row.get(3)?,
        })
    })?;
    found.collect::<Result<_, _>>().map_err(Error::from)
}

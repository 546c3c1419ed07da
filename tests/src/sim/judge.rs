//! What must be true once the world has healed.

use super::device::Device;
use super::mallory::Mallory;
use super::world::World;
use automerge::Change;
use automerge::legacy::OpType;
use rafiq::host::NoProgress;
use rafiq::ids::SpaceId;
use rafiq::replica::{ALERT, NoteState, REPORT};
use rafiq::sync::wire::{Item, Operation};
use std::collections::BTreeSet;

/// What was found; every count of something wrong is zero, or [`World::judge`] has stopped before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Replicas of shared spaces that hold what all others of their space hold.
    pub converged: usize,
    /// Replicas of shared spaces.
    pub replicas: usize,
    /// Changes that an acknowledged call had written.
    pub promised: usize,
    /// Of those, missing anywhere they belong.
    pub lost: usize,
    /// Alerts raised, all of them delivered once.
    pub alerts: usize,
    /// Reports written, all of them delivered once.
    pub reports: usize,
    /// Devices on which private words were found, each time on their author's alone.
    pub private: usize,
    /// People who came late and began to read behind a pack.
    pub late: usize,
    /// Entries of people who had been taken out that a steward has kept, since nobody had built on them.
    pub kept: usize,
    /// Envelopes on the relays.
    pub envelopes: usize,
    /// Times that one of them was opened, by somebody whom it was for.
    pub opened: usize,
    /// Times that something had to wait for what it needed. Nothing does any more.
    pub waited: usize,
    /// Items that every replica of a space keeps and refuses: a byzantine member's, nobody else's.
    pub quarantined: usize,
}

impl Verdict {
    /// What another world came to beside it.
    pub(super) fn add(&mut self, other: &Self) {
        self.converged += other.converged;
        self.replicas += other.replicas;
        self.promised += other.promised;
        self.lost += other.lost;
        self.alerts += other.alerts;
        self.reports += other.reports;
        self.private += other.private;
        self.late += other.late;
        self.kept += other.kept;
        self.envelopes += other.envelopes;
        self.opened += other.opened;
        self.waited += other.waited;
        self.quarantined += other.quarantined;
    }
}

impl World {
    /// Looks at everything. Stops with a word about the first thing that is wrong.
    pub fn judge(&mut self) -> Verdict {
        let mut verdict = Verdict { waited: self.waited, late: self.late, kept: self.kept, ..Verdict::default() };
        for who in 0..self.devices.len() {
            verdict.quarantined += self.is_not_stuck(who);
        }
        self.everybody_knows_whether_they_belong();
        self.same_everywhere(&mut verdict);
        self.nothing_lost(&mut verdict);
        self.notes_arrived_once(&mut verdict);
        verdict.private = self.words_are_where_they_belong();
        self.everybody_is_in_the_roster();
        for who in 0..self.devices.len() {
            let digest = rebuilt_is_incremental(&self.devices[who]);
            self.note(&digest);
        }
        (verdict.envelopes, verdict.opened) = self.relays_give_nothing_away();
        verdict
    }

    /// Nothing waits, nothing is refused, nothing is still to be sent: but for what a byzantine member has sent, which stands aside, and what
    /// may in a circle. How much of hers does.
    fn is_not_stuck(&self, who: usize) -> usize {
        let (device, mallory) = (&self.devices[who], self.mallory.as_ref());
        let status = device.rafiq().sync().status().unwrap();
        let aside = device.rafiq().replica().read(|rows| {
            let mut statement = rows.prepare("SELECT space, item, reason FROM held_item ORDER BY arrived, id")?;
            let found = statement.query_map([], |row| Ok((SpaceId(row.get(0)?), row.get(1)?, row.get(2)?)))?;
            Ok(found.collect::<Result<Vec<(SpaceId, Vec<u8>, String)>, _>>()?)
        });
        let mut aside = aside.unwrap();
        aside.retain(|(space, item, reason)| !self.may_stand_aside(who, space, item, reason));
        for (space, item, reason) in &aside {
            let hers = mallory.is_some_and(|mallory| *space == mallory.space());
            // What cannot be read is nobody's; what can be has an author.
            let is_hers = |device| mallory.is_some_and(|mallory| mallory.signs_as(device));
            let honest = matches!(Item::decode(&item[1..]), Ok(Item::Entry(entry)) if !is_hers(entry.device));
            // One side of a fork, and what was written on top of it: its authors have written it again.
            let fell = reason == "fork" && (hers || self.plan.restored_backups);
            // Who asked to be let in, read again by a phone that was put back to before it had invited anybody.
            let forgot = reason == "no-invite" && self.plan.restored_backups && Self::breaks(who);
            let nameless = reason == "unnamed" && self.nobody_can_name(space, item);
            assert!(hers && !honest || fell || forgot || nameless, "{}: stands aside: {reason}", device.name);
        }
        assert_eq!((status.outbox, status.unsent_changes), (0, 0), "{}: still to be sent", device.name);
        assert!(status.waiting_for.is_empty(), "{}: {:?}", device.name, status.waiting_for);
        aside.len()
    }

    /// Words from a bent card, on which what names them could not be read, of a phone that was put back to before it had written them.
    fn nobody_can_name(&self, space: &SpaceId, item: &[u8]) -> bool {
        let Ok(Item::Blob(blob)) = Item::decode(&item[1..]) else { return false };
        let author = self.devices.iter().position(|device| device.rafiq().sync().device().0 == blob.author);
        let names = |rows: &rusqlite::Connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM change c WHERE instr(c.bytes, ?1) > 0)";
            Ok(rows.query_row(sql, [&blob.id(space)[..]], |row| row.get::<_, bool>(0))?)
        };
        let is_named = self.devices.iter().any(|device| device.rafiq().replica().read(names).unwrap());
        self.plan.restored_backups && author.is_some_and(Self::breaks) && !is_named
    }

    fn same_everywhere(&self, verdict: &mut Verdict) {
        let digest = |device: &Device, space: &SpaceId| device.rafiq().replica().digest(Some(space)).unwrap();
        for (space, members) in self.spaces() {
            let first = &self.devices[members[0]];
            if let Some(mallory) = self.mallory.as_ref().filter(|mallory| mallory.space() == space) {
                let taken = hashes(first, "entry", &space).contains(&mallory.last().0)
                    || hashes(first, "fallen", &space).contains(&mallory.last().0);
                assert!(taken, "what Mallory writes well is taken, or falls with a side of a fork");
            }
            let (tables, rows) = (["change", "entry", "operation"], digest(first, &space));
            // What is not hers to sign counts nowhere, so nobody names it, and nobody misses it.
            let hers = operations_by(self.mallory.as_ref(), &self.devices, &space);
            let logs = tables.map(|table| &hashes(first, table, &space) - &hers);
            for who in members {
                let device = &self.devices[who];
                verdict.replicas += 1;
                for (table, theirs) in tables.iter().zip(&logs) {
                    let ours = &hashes(device, table, &space) - &hers;
                    assert!(!ours.is_empty(), "{}: no {table} in {space}", device.name);
                    let differ = ours.symmetric_difference(theirs).count();
                    assert_eq!(differ, 0, "{} and {} differ in {table} of {space}", device.name, first.name);
                }
                assert_eq!(digest(device, &space), rows, "read models of {} and {}", device.name, first.name);
                verdict.converged += 1;
            }
        }
    }

    fn nothing_lost(&self, verdict: &mut Verdict) {
        let spaces = self.spaces().into_iter().map(|(space, members)| {
            let everywhere = members.iter().map(|member| hashes(&self.devices[*member], "change", &space));
            (everywhere.reduce(|a, b| &a & &b).unwrap_or_default(), members)
        });
        let spaces: Vec<_> = spaces.collect();
        for (who, device) in self.devices.iter().enumerate() {
            let personal = device.rafiq().replica().personal_space().unwrap();
            let own = hashes(device, "change", &personal);
            let mut left: BTreeSet<[u8; 32]> = device.promised.changes.difference(&own).copied().collect();
            for (everywhere, _) in spaces.iter().filter(|(_, members)| members.contains(&who)) {
                left = &left - everywhere;
            }
            left = &(&left - &self.still_with_them(who)) - &self.with_all_inside(who);
            // What was written again under another name is another change that says the same.
            if !left.is_empty() {
                let logs = self.spaces().into_iter().filter(|(_, members)| members.contains(&who));
                let mut said: BTreeSet<String> = logs.flat_map(|(space, _)| said_in(device, &space)).collect();
                said.append(&mut self.said_where_they_are_out(who));
                left.retain(|hash| !says(&device.promised.bytes[hash]).is_subset(&said));
            }
            verdict.promised += device.promised.changes.len();
            verdict.lost += left.len();
            let missing = left.iter().flat_map(|hash| says(&device.promised.bytes[hash])).collect::<Vec<_>>();
            let (name, count) = (&device.name, left.len());
            assert!(left.is_empty(), "{name}: {count} acknowledged changes are missing somewhere: {missing:?}");
        }
    }

    fn notes_arrived_once(&self, verdict: &mut Verdict) {
        let mut raised = vec![BTreeSet::new(); self.devices.len()];
        for (who, device) in self.devices.iter().enumerate() {
            let alerts = device.own_notes(ALERT);
            assert_eq!(alerts.len(), device.promised.alerts, "{}: alerts raised", device.name);
            let open = alerts.iter().filter(|(_, state)| *state != NoteState::Settled as u8).count();
            assert_eq!(open, 0, "{}: alerts whose arrival nobody has confirmed", device.name);
            verdict.alerts += alerts.len();
            if let Some((_, members)) = self.pairings.iter().find(|(_, members)| members.get(1) == Some(&who)) {
                raised[members[0]].extend(alerts.into_iter().map(|(id, _)| id));
            }
            let reports = device.own_notes(REPORT);
            assert_eq!(reports.len(), device.promised.reports, "{}: reports written", device.name);
            verdict.reports += reports.len();
            raised[0].extend(reports.into_iter().map(|(id, _)| id));
        }
        for (device, raised) in self.devices.iter().zip(raised) {
            let notes = |kind| device.rafiq().replica().received_notes(kind, true).unwrap();
            let mut came = BTreeSet::new();
            for note in notes(ALERT).into_iter().chain(notes(REPORT)) {
                assert!(came.insert(note.id.clone()), "{}: a note came twice", device.name);
                let settled = device.promised.settled.contains(&note.id);
                assert_eq!(note.state == NoteState::Settled, settled, "{}: dealt with once and for all", device.name);
            }
            assert_eq!(&came - &self.forgotten, raised, "{}: alerts and reports", device.name);
        }
    }

    fn everybody_is_in_the_roster(&self) {
        for (space, members) in self.spaces() {
            let space = space.to_string();
            // Whoever may write may also write nonsense into the roster.
            let mallorys = self.mallory.as_ref().is_some_and(|mallory| mallory.space().to_string() == space);
            let circle = self.circles.iter().any(|circle| circle.space.to_string() == space);
            if space == self.directory || mallorys || circle {
                continue;
            }
            for who in &members {
                let people = self.devices[*who].rafiq().people().list(&space).unwrap();
                let with_device = people.iter().filter(|person| person.entered_by.is_none()).count();
                assert_eq!(with_device, members.len(), "{}: people in {space}", self.devices[*who].name);
            }
        }
    }
}

/// Empties the read model and every cached document, writes it again from the log, and compares.
fn rebuilt_is_incremental(device: &Device) -> String {
    let replica = device.rafiq().replica();
    let incremental = replica.digest(None).unwrap();
    replica.forget_read_model().unwrap();
    assert_ne!(replica.digest(None).unwrap(), incremental, "{}: nothing was forgotten", device.name);
    replica.project_missing(&NoProgress).unwrap();
    assert_eq!(replica.digest(None).unwrap(), incremental, "{}: rebuilt and incremental", device.name);
    format!("{incremental:?}")
}

pub(super) fn hashes(device: &Device, table: &str, space: &SpaceId) -> BTreeSet<[u8; 32]> {
    let hash = if table == "fallen" { "entry" } else { "hash" };
    let sql = format!("SELECT {hash} FROM {table} WHERE space = ?1");
    let found = device.rafiq().replica().read(|rows| {
        let mut statement = rows.prepare(&sql)?;
        let found = statement.query_map([&space.0[..]], |row| row.get(0))?;
        Ok(found.collect::<Result<_, _>>()?)
    });
    found.unwrap()
}

/// What a change says that a person would miss: each value with the name of its field.
fn says(bytes: &[u8]) -> BTreeSet<String> {
    let change = Change::from_bytes(bytes.to_vec()).unwrap().decode();
    let puts = change.operations.iter().filter(|operation| matches!(operation.action, OpType::Put(_)));
    puts.map(|operation| format!("{:?} {:?}", operation.key, operation.action)).collect()
}

pub(super) fn said_in(device: &Device, space: &SpaceId) -> BTreeSet<String> {
    let found = device.rafiq().replica().read(|rows| {
        let mut statement = rows.prepare("SELECT bytes FROM change WHERE space = ?1")?;
        let found = statement.query_map([&space.0[..]], |row| row.get::<_, Vec<u8>>(0))?;
        Ok(found.collect::<Result<Vec<_>, _>>()?)
    });
    found.unwrap().iter().flat_map(|bytes| says(bytes)).collect()
}

/// The operations that a byzantine member has signed: everybody refuses them.
fn operations_by(mallory: Option<&Mallory>, devices: &[Device], space: &SpaceId) -> BTreeSet<[u8; 32]> {
    let mut hers = BTreeSet::new();
    for device in devices.iter().filter(|_| mallory.is_some_and(|mallory| mallory.space() == *space)) {
        let found = device.rafiq().replica().read(|rows| {
            let mut statement = rows.prepare("SELECT bytes FROM operation WHERE space = ?1")?;
            let found = statement.query_map([&space.0[..]], |row| row.get::<_, Vec<u8>>(0))?;
            Ok(found.collect::<Result<Vec<_>, _>>()?)
        });
        let operations = found.unwrap().into_iter().map(|bytes| Operation::decode(&bytes).unwrap());
        let signed = |operation: &Operation| mallory.is_some_and(|mallory| mallory.signs_as(operation.author));
        hers.extend(operations.filter(signed).map(|operation| operation.hash().0));
    }
    hers
}

//! A disk that can lose power and can be full: what SQLite wrote and did not sync is held here and not in the file.

use super::random::Dice;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

/// The smallest piece that a disk writes whole.
pub(super) const SECTOR: u64 = 512;

/// What stays of unsynced writes when the power goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Left {
    /// Nothing: all of it was still in memory.
    Nothing,
    /// Each sector by itself, with this chance in a hundred, in no order: torn pages, holes, a length without its bytes.
    Some(u64),
}

/// One folder's disk. Only what SQLite does in that folder goes through it.
pub struct Disk {
    folder: PathBuf,
    inner: Mutex<State>,
}

pub(super) struct State {
    /// Ordered, so that the same seed leaves the same behind.
    pub(super) files: BTreeMap<PathBuf, Unsynced>,
    /// Handles of before a power cut are dead for ever.
    pub(super) life: u64,
    power: bool,
    cut_after: Option<u64>,
    left: Left,
    full_after: Option<u64>,
    room: bool,
    dice: Dice,
    /// Writes, truncations and syncs so far.
    steps: u64,
    syncs: u64,
}

/// What of one file is in memory only.
#[derive(Default)]
pub(super) struct Unsynced {
    pub(super) sectors: BTreeMap<u64, [u8; SECTOR as usize]>,
    /// The shortest that the file has been since it was synced: behind it, what is on the platter counts no more.
    pub(super) floor: u64,
    /// How long the file seems to be.
    pub(super) length: u64,
    /// How long it is on the platter.
    pub(super) durable: u64,
}

/// What a step met.
pub(super) enum Step {
    Go,
    NoPower,
    Full,
}

impl Disk {
    /// A disk for this folder. SQLite's files in it are watched from their next opening on.
    pub fn new(folder: &Path, seed: u64) -> Arc<Self> {
        super::vfs::install();
        let folder = folder.canonicalize().expect("the folder is there");
        let disk = Arc::new(Self {
            folder: folder.clone(),
            inner: Mutex::new(State {
                files: BTreeMap::new(),
                life: 0,
                power: true,
                cut_after: None,
                left: Left::Nothing,
                full_after: None,
                room: true,
                dice: Dice::new(seed),
                steps: 0,
                syncs: 0,
            }),
        });
        super::vfs::watch(folder, &disk);
        disk
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.inner.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The power goes after this many further writes and syncs.
    pub fn cut_after(&self, steps: u64, left: Left) {
        let mut state = self.state();
        (state.cut_after, state.left) = (Some(steps), left);
    }

    /// The power goes now.
    pub fn cut(&self, left: Left) {
        let mut state = self.state();
        state.left = left;
        state.lose_power();
    }

    /// Whether the power is gone.
    pub fn is_dark(&self) -> bool {
        !self.state().power
    }

    /// The power is back. Every file handle of before stays dead.
    pub fn power_on(&self) {
        let mut state = self.state();
        (state.power, state.cut_after) = (true, None);
    }

    /// After this many further writes there is no room, until [`Disk::make_room`].
    pub fn full_after(&self, writes: u64) {
        self.state().full_after = Some(writes);
    }

    /// There is room again.
    pub fn make_room(&self) {
        let mut state = self.state();
        (state.room, state.full_after) = (true, None);
    }

    /// Whether a write was refused for want of room since the last [`Disk::make_room`].
    pub fn was_full(&self) -> bool {
        !self.state().room
    }

    /// Writes and syncs so far, and syncs among them.
    pub fn steps(&self) -> (u64, u64) {
        let state = self.state();
        (state.steps, state.syncs)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        super::vfs::forget(&self.folder);
    }
}

impl State {
    pub(super) fn alive(&self, life: u64) -> bool {
        self.power && self.life == life
    }

    /// One write, truncation (`writes`) or sync of a handle.
    pub(super) fn step(&mut self, life: u64, writes: bool) -> Step {
        if !self.alive(life) {
            return Step::NoPower;
        }
        self.steps += 1;
        self.syncs += u64::from(!writes);
        match self.cut_after.as_mut() {
            Some(0) => {
                self.lose_power();
                return Step::NoPower;
            }
            Some(left) => *left -= 1,
            None => {}
        }
        if writes {
            match self.full_after.as_mut() {
                Some(0) => {
                    self.room = false;
                    return Step::Full;
                }
                Some(left) => *left -= 1,
                None => {}
            }
        }
        Step::Go
    }

    fn lose_power(&mut self) {
        let files = std::mem::take(&mut self.files);
        if let Left::Some(chance) = self.left {
            for (path, file) in files {
                file.leave_some(&path, chance, &mut self.dice);
            }
        }
        self.power = false;
        self.life += 1;
    }
}

impl Unsynced {
    pub(super) fn of(durable: u64) -> Self {
        Self { sectors: BTreeMap::new(), floor: durable, length: durable, durable }
    }

    /// Some of what was not synced has reached the platter all the same.
    fn leave_some(&self, path: &Path, chance: u64, dice: &mut Dice) {
        let Ok(file) = fs::OpenOptions::new().write(true).open(path) else { return };
        if self.floor < self.durable && dice.chance(chance) {
            file.set_len(self.floor).expect("a test's file");
        }
        for (number, bytes) in &self.sectors {
            let at = number * SECTOR;
            if at < self.length && dice.chance(chance) {
                let count = SECTOR.min(self.length - at) as usize;
                file.write_all_at(&bytes[..count], at).expect("a test's file");
            }
        }
    }
}

//! Memory cards: what one phone wrote for another, in somebody's pocket for a day or some, sometimes bent on the way.

use super::Fault;
use super::device::folder;
use super::world::World;
use rafiq::Error;
use rafiq::ids::SpaceId;
use rafiq::replica::SpaceKind;
use rafiq::sync::BundleContents;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// A device gives a card to somebody on one day of so many.
const GIVEN: usize = 16;
/// Once in so many calls with a card something is wrong with the phone's disk.
const DISK_TROUBLE: usize = 8;
/// Bits that are turned over where a card was damaged.
const MOST_SPOTS: usize = 4;

/// A card on its way.
struct Card {
    by: usize,
    to: usize,
}

/// All cards: each phone has one, and what lies on it stays there until it is written to again.
pub(super) struct Cards {
    folder: TempDir,
    on_the_way: Vec<Card>,
    /// Whose card was damaged or cut at any time, or was being written when the phone failed: it may say so for good.
    spoilt: Vec<usize>,
}

impl Cards {
    pub(super) fn new() -> Self {
        Self { folder: folder(), on_the_way: Vec::new(), spoilt: Vec::new() }
    }

    /// What is on its way does not arrive any more.
    pub(super) fn lose(&mut self) {
        self.on_the_way.clear();
    }

    fn file(&self, by: usize) -> PathBuf {
        self.folder.path().join(by.to_string())
    }

    /// A card that nobody can read is thrown away.
    fn throw_away(&mut self, by: usize) {
        fs::remove_file(self.file(by)).unwrap();
        self.spoilt.retain(|spoilt| *spoilt != by);
    }
}

impl World {
    /// Now and then somebody writes what they have onto their card, beside what is there, and gives it to somebody: one with whom they
    /// share something, or one who only carries it on.
    pub(super) fn give_card(&mut self, who: usize) {
        let is_away = self.cards.on_the_way.iter().any(|card| card.by == who);
        if is_away || !self.rng.once_in(GIVEN) {
            return;
        }
        let to = (who + 1 + self.rng.below(self.devices.len() - 1)) % self.devices.len();
        let mut contents = BundleContents { spaces: Vec::new(), carried: true };
        if self.rng.once_in(2) {
            // Only what they share: the directory, or more.
            let theirs = self.spaces_of(to);
            contents.spaces = self.spaces_of(who);
            contents.spaces.retain(|space| theirs.contains(space));
        }
        if self.rng.once_in(DISK_TROUBLE) {
            self.devices[who].arm(&mut self.rng, 40);
        }
        let file = self.cards.file(who);
        let written = self.devices[who].rafiq().sync().write_bundle(&file, &contents);
        self.note(&format!("{} writes {written:?}", self.devices[who].name));
        let Err(error) = written else {
            self.over(who, "write_bundle", None);
            self.cards.on_the_way.push(Card { by: who, to });
            return;
        };
        if error == no_bundle() {
            assert!(self.cards.spoilt.contains(&who), "{}: a whole card is no bundle", self.devices[who].name);
            self.cards.throw_away(who);
            return self.over(who, "write_bundle", None);
        }
        self.over(who, "write_bundle", Some(&error));
        if file.exists() {
            self.cards.spoilt.push(who);
        }
    }

    fn spaces_of(&self, who: usize) -> Vec<SpaceId> {
        let mut spaces = self.devices[who].rafiq().replica().spaces(None).unwrap();
        spaces.retain(|space| space.kind != SpaceKind::Personal && space.role > 0);
        spaces.into_iter().map(|space| space.id).collect()
    }

    /// Somebody has brought a card. It is read, perhaps over a disk that fails, and perhaps once more.
    pub(super) fn read_cards(&mut self, who: usize) {
        while let Some(place) = self.cards.on_the_way.iter().position(|card| card.to == who) {
            if self.rng.once_in(3) {
                return; // not today
            }
            let by = self.cards.on_the_way.swap_remove(place).by;
            self.bend(by);
            let bytes = fs::read(self.cards.file(by)).unwrap();
            let is_armed = self.rng.once_in(DISK_TROUBLE);
            if is_armed {
                self.devices[who].arm(&mut self.rng, 40);
            }
            let first = self.read_card(who, by, &bytes);
            let again = self.rng.once_in(2).then(|| self.read_card(who, by, &bytes));
            // An entry whose commit failed stands aside, and the rest is read: then it is new once more.
            if let (Read::Taken(_), Some(Read::Taken(new)), false) = (&first, &again, is_armed) {
                assert_eq!(*new, 0, "{}: what is new in a card that was read before", self.devices[who].name);
            }
            let all = [Some(first), again];
            if all.iter().flatten().any(|read| matches!(read, Read::Taken(_))) {
                self.faults.count(Fault::Bundle);
            }
            if all.iter().flatten().any(|read| matches!(read, Read::NoBundle)) {
                self.cards.throw_away(by);
            }
        }
    }

    fn read_card(&mut self, who: usize, by: usize, bytes: &[u8]) -> Read {
        let mut from = bytes;
        let read = self.devices[who].rafiq().read_bundle(&mut from);
        self.note(&format!("{} reads {} {read:?}", self.devices[who].name, bytes.len()));
        let whole = !self.cards.spoilt.contains(&by);
        match read {
            Ok(report) => {
                self.over(who, "read_bundle", None);
                assert!(!whole || report.damaged.is_empty(), "{}: a whole card: {report:?}", self.devices[who].name);
                Read::Taken(report.taken)
            }
            Err(error) if error == no_bundle() => {
                self.over(who, "read_bundle", None);
                assert!(!whole, "{}: a whole card is no bundle", self.devices[who].name);
                Read::NoBundle
            }
            Err(error) => {
                self.over(who, "read_bundle", Some(&error));
                Read::Failed
            }
        }
    }

    /// Two cards in three are not what they were: cut somewhere, or with some bits turned over.
    fn bend(&mut self, by: usize) {
        let file = self.cards.file(by);
        let mut bytes = fs::read(&file).unwrap();
        match self.rng.below(3) {
            0 => bytes.truncate(self.rng.below(bytes.len())),
            1 => {
                for _ in 0..=self.rng.below(MOST_SPOTS) {
                    let at = self.rng.below(bytes.len());
                    bytes[at] ^= 1 << self.rng.below(8);
                }
            }
            _ => return,
        }
        fs::write(file, bytes).unwrap();
        self.cards.spoilt.push(by);
    }
}

/// What reading a card led to.
enum Read {
    /// So many items were new.
    Taken(i64),
    /// The phone's disk failed.
    Failed,
    /// Nobody would know what it was.
    NoBundle,
}

fn no_bundle() -> Error {
    Error::invalid("file", "not-a-bundle")
}

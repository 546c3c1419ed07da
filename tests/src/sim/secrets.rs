//! Who can read what: words that betray whose they are are looked for in everything that anybody holds, with every key they hold.

use super::device::Device;
use super::world::World;
use crate::phone::START_MS;
use rafiq::sync::wire::space_tag;
use std::collections::{BTreeMap, BTreeSet};

/// Words that stand in private notes, in those shared with a mentor, and in what a group plans; whose they are is added.
pub(super) const PRIVATE: &str = "onlyforme7f3a";
pub(super) const SHARED: &str = "foryoutoo7f3a";
pub(super) const GROUP: &str = "forourgroup7f3a";
/// In what was written by somebody who knew that another was out; which of all who ever were is added.
pub(super) const SINCE: &str = "withoutyou7f3a";
/// What all of them end with, before whose they are.
const END: &str = "7f3a-";
/// Nobody's but the members': they must not stand in a relay's file either.
const NEVER_ON_A_RELAY: [&str; 5] = [END, "Tuesday tea", "Port Alder", "Coordinator", "newcomer-mentoring"];
/// Devices that try their keys on each envelope; in a larger world others for each.
const MOST_SPIES: usize = 6;

/// Whose words: the marker's first letters up to [`END`], and the number behind it.
pub(super) type Found = BTreeSet<(String, usize)>;

impl World {
    /// Private words are with their author alone, shared ones with the pairing, a group's with the group. How many devices have
    /// written privately.
    pub(super) fn words_are_where_they_belong(&self) -> usize {
        let everything: Vec<Found> = self.devices.iter().map(held_by).collect();
        for (marker, members) in self.readers() {
            let with: Vec<usize> = (0..everything.len()).filter(|who| everything[*who].contains(&marker)).collect();
            // That the search finds what is there: such words are with everybody whom they are for, or were never written.
            assert!(with.is_empty() || with == members, "{marker:?} for {members:?} is with {with:?}");
        }
        self.nobody_reads_on(&everything);
        everything.iter().enumerate().filter(|(who, held)| held.contains(&(marker(PRIVATE), *who))).count()
    }

    /// For whom each word is.
    fn readers(&self) -> BTreeMap<(String, usize), Vec<usize>> {
        let mut readers = BTreeMap::new();
        for who in 0..self.devices.len() {
            readers.insert((marker(PRIVATE), who), vec![who]);
            let mut members = self.pairing_of(who).map_or(Vec::new(), |(_, members)| members.clone());
            members.sort_unstable();
            readers.insert((marker(SHARED), who), members);
        }
        for (group, (_, members)) in self.groups.iter().enumerate() {
            let mut members = members.clone();
            members.sort_unstable();
            readers.insert((marker(GROUP), group), members);
        }
        readers
    }

    /// What lies on the relays says nothing by itself, nothing to a stranger's phone, and to each device only what is for it. How many
    /// envelopes there are, and how often one was opened.
    pub(super) fn relays_give_nothing_away(&mut self) -> (usize, usize) {
        let stranger = Device::new(u64::MAX, START_MS, "Stranger", "en", None);
        let mut members: BTreeMap<_, _> =
            self.spaces().into_iter().map(|(space, members)| (space_tag(&space), members)).collect();
        // Whoever is out has read what was there before.
        members.extend(self.circles.iter().map(|circle| (space_tag(&circle.space), circle.members.clone())));
        let (mut envelopes, mut opened) = (0, 0);
        for site in 0..self.sites.len() {
            let raw = self.sites[site].raw();
            let raw = String::from_utf8_lossy(&raw);
            for word in NEVER_ON_A_RELAY {
                assert!(!raw.contains(word), "{word} on a relay");
            }
            for (tag, bytes) in self.sites[site].envelopes() {
                envelopes += 1;
                let opens = |device: &Device| device.rafiq().sync().open_any(&bytes).unwrap().is_some();
                assert!(!opens(&stranger), "a stranger opens an envelope");
                let first = self.rng.below(self.devices.len());
                let spies = (0..self.devices.len().min(MOST_SPIES)).map(|n| (first + n) % self.devices.len());
                let readers: Vec<usize> = spies.filter(|who| opens(&self.devices[*who])).collect();
                for who in readers.iter().filter(|who| self.gone.iter().any(|gone| gone.who == **who)) {
                    let parts = self.devices[*who].rafiq().sync().open_any(&bytes).unwrap().unwrap_or_default();
                    assert!(!self.was_written_without(*who, &parts), "{} reads on", self.devices[*who].name);
                }
                opened += readers.len();
                match members.get(&tag) {
                    Some(members) => assert!(readers.iter().all(|who| members.contains(who)), "read by {readers:?}"),
                    None => assert!(readers.len() <= 1, "an inbox is read by {readers:?}"),
                }
            }
        }
        assert!(held_by(&stranger).is_empty(), "a stranger holds words of others");
        (envelopes, opened)
    }
}

pub(super) fn marker(word: &str) -> String {
    word.trim_end_matches(END.trim_end_matches('-')).to_owned()
}

/// Every marked word in an opened store: rows, changes unpacked, envelopes that wait to leave.
fn held_by(device: &Device) -> Found {
    let mut found = BTreeSet::new();
    let mut look = |_: &str, bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        for (at, _) in text.match_indices(END) {
            let start = text[..at].rfind(|letter: char| !letter.is_ascii_lowercase()).map_or(0, |before| before + 1);
            let digits: String = text[at + END.len()..].chars().take_while(char::is_ascii_digit).collect();
            if let (Some(start), Ok(number)) = (text.get(start..at), digits.parse()) {
                let known = [PRIVATE, SHARED, GROUP, SINCE].map(marker);
                // Before the word may stand what looks like a letter of it.
                found.extend(known.into_iter().filter(|word| start.ends_with(word)).map(|word| (word, number)));
            }
        }
    };
    device.rafiq().sync().dump(&mut look).unwrap();
    found
}

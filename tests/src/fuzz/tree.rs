//! CBOR taken apart, so that one thing in it can be wrong while all around it fits; and bytes that are simply damaged.

use crate::mutants::Rng;

/// What our formats use of CBOR: no maps, no tags, no indefinite lengths.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree {
    /// A number, or a simple value such as null: major type and argument.
    Number(u8, u64),
    /// Bytes or a text, by major type.
    Bytes(u8, Vec<u8>),
    /// A list.
    List(Vec<Self>),
}

impl Tree {
    /// The one item that these bytes are; `None` for anything else.
    pub fn of(mut bytes: &[u8]) -> Option<Self> {
        let tree = Self::take(&mut bytes)?;
        bytes.is_empty().then_some(tree)
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        let (major, short) = (first >> 5, first & 31);
        let value = match short {
            0..24 => u64::from(short),
            24..28 => {
                let (number, rest) = bytes.split_at_checked(1 << (short - 24))?;
                *bytes = rest;
                number.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
            }
            _ => return None,
        };
        match major {
            0 | 1 | 7 => Some(Self::Number(major, value)),
            2 | 3 => {
                let (content, rest) = bytes.split_at_checked(usize::try_from(value).ok()?)?;
                *bytes = rest;
                Some(Self::Bytes(major, content.to_vec()))
            }
            4 => (0..value).map(|_| Self::take(bytes)).collect::<Option<_>>().map(Self::List),
            _ => None,
        }
    }

    /// As bytes, in the shortest form.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.put(&mut out);
        out
    }

    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Number(major, value) => put_head(out, *major, *value),
            Self::Bytes(major, bytes) => {
                put_head(out, *major, bytes.len() as u64);
                out.extend(bytes);
            }
            Self::List(items) => {
                put_head(out, 4, items.len() as u64);
                items.iter().for_each(|item| item.put(out));
            }
        }
    }

    /// The items of a list; of anything else, none.
    pub fn items(&mut self) -> &mut [Self] {
        if let Self::List(items) = self { items } else { &mut [] }
    }

    fn count(&self) -> usize {
        1 + if let Self::List(items) = self { items.iter().map(Self::count).sum() } else { 0 }
    }

    fn at(&mut self, mut place: usize) -> Option<&mut Self> {
        if place == 0 {
            return Some(self);
        }
        place -= 1;
        for item in self.items() {
            let count = item.count();
            if place < count {
                return item.at(place);
            }
            place -= count;
        }
        None
    }

    /// Makes one thing in it wrong, or another than it was.
    pub fn spoil(&mut self, rng: &mut Rng) {
        let count = self.count();
        let other = self.at(rng.below(count)).cloned();
        let Some(node) = self.at(rng.below(count)) else { return };
        if let Some(other) = other.filter(|_| rng.once_in(6)) {
            *node = other;
            return;
        }
        match node {
            Self::Number(major, value) => match rng.below(6) {
                0 => (*major, *value) = (7, 22), // null
                1 => *value = value.wrapping_add(1),
                2 => *value = value.wrapping_sub(1),
                3 => *value = rng.below(9) as u64,
                4 => *major ^= 1,
                _ => *value = rng.next() >> rng.below(64),
            },
            Self::Bytes(major, bytes) => match rng.below(8) {
                0 => *major ^= 1,
                1 => bytes.clear(),
                2 if rng.once_in(40) => bytes.resize(rng.below(80_000), 0x41),
                _ => spoil(rng, bytes),
            },
            Self::List(items) => {
                let place = rng.below(items.len());
                let Some(item) = items.get(place).cloned() else { return items.push(Self::Number(0, 1)) };
                match rng.below(6) {
                    0 => drop(items.remove(place)),
                    1 => items.insert(place, item),
                    2 => items.rotate_left(1),
                    3 => items.clear(),
                    4 if rng.once_in(40) => items.extend(std::iter::repeat_n(item, rng.below(3_000))),
                    _ => {
                        let last = items.len() - 1;
                        items.swap(place, last);
                    }
                }
            }
        }
    }
}

fn put_head(out: &mut Vec<u8>, major: u8, value: u64) {
    let (size, short) = match value {
        0..24 => (0, value as u8),
        24..0x100 => (1, 24),
        0x100..0x1_0000 => (2, 25),
        0x1_0000..0x1_0000_0000 => (4, 26),
        _ => (8, 27),
    };
    out.push(major << 5 | short);
    out.extend(&value.to_be_bytes()[8 - size..]);
}

/// Damages bytes as a bad card, a bad line or somebody without a plan would.
pub fn spoil(rng: &mut Rng, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return bytes.push(rng.next() as u8);
    }
    let place = rng.below(bytes.len());
    let end = (place + 1 + rng.below(40)).min(bytes.len());
    match rng.below(8) {
        0 | 1 => bytes[place] ^= 1 << rng.below(8),
        2 => bytes[place] = *rng.pick(&[0, 1, 0x7f, 0x80, 0xff]),
        3 => bytes.truncate(place),
        4 => bytes.insert(place, rng.next() as u8),
        5 => drop(bytes.drain(place..end)),
        6 => bytes.extend_from_within(place..end),
        // A number where a length may stand.
        _ => {
            let number = (rng.next() >> rng.below(64)).to_be_bytes();
            let width = (1 << rng.below(4)).min(bytes.len() - place);
            bytes[place..place + width].copy_from_slice(&number[8 - width..]);
        }
    }
}

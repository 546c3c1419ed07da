//! CBOR in one form only.
//!
//! Everything on the wire is arrays, integers, byte strings, texts, booleans and null, in their shortest forms and with
//! definite lengths. [`decode`] checks that of the whole input first, at a cost linear in the bytes that are really there, so
//! that neither depth nor claimed lengths can hurt what reads it afterwards.

use super::error::{Result, WireError};
use minicbor::{Decode, Decoder, Encode, decode::Error};
use rafiq_protocol::ProtocolError;

pub(crate) use rafiq_protocol::cbor::list;

/// The version of the format that is written and the newest that is read.
pub const VERSION: u8 = 1;

/// Arrays within arrays. The format needs six (item, welcome, operation, action, device record, inbox address).
const MAX_DEPTH: usize = 12;

/// The bytes of a value.
pub(crate) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    #[allow(clippy::expect_used)] // writing into a Vec cannot fail and no encoder of ours raises an error
    minicbor::to_vec(value).expect("encoding into memory")
}

/// A value from a stranger's bytes. Elements beyond those known are skipped: a later version may have added them.
pub(crate) fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8], limit: usize) -> Result<T> {
    if bytes.len() > limit {
        return Err(WireError::TooLarge);
    }
    one_form(bytes)?;
    minicbor::decode(bytes).map_err(|error| reason(&error))
}

/// A value that begins with `[version, needs, …]`. Above [`VERSION`], `needs` makes it wait without a look at the rest;
/// a newer version that we can read passes as it is; ours must be exactly what we would have written.
pub(crate) fn decode_versioned<'b, T>(bytes: &'b [u8], limit: usize) -> Result<T>
where
    T: Decode<'b, ()> + Encode<()>,
{
    if bytes.len() > limit {
        return Err(WireError::TooLarge);
    }
    one_form(bytes)?;
    let mut head = Decoder::new(bytes);
    let count = head.array().map_err(|error| reason(&error))?;
    if count.is_none_or(|count| count < 2) {
        return Err(WireError::Malformed);
    }
    let numbers = head.u8().and_then(|version| Ok((version, head.u8()?)));
    let (version, needs) = numbers.map_err(|error| reason(&error))?;
    if needs > VERSION {
        return Err(WireError::Newer { needs });
    }
    if version == 0 || needs == 0 || needs > version {
        return Err(WireError::Malformed);
    }
    let value: T = minicbor::decode(bytes).map_err(|error| reason(&error))?;
    if version <= VERSION && encode(&value) != bytes {
        return Err(WireError::Malformed);
    }
    Ok(value)
}

/// For a decoder inside a decoder: carries our error through minicbor's.
pub(crate) fn refused(error: WireError) -> Error {
    Error::custom(error)
}

fn reason(error: &Error) -> WireError {
    let source = std::error::Error::source(error);
    let ours = source.and_then(|e| e.downcast_ref::<WireError>().copied());
    let theirs = source.and_then(|e| e.downcast_ref::<ProtocolError>().copied().map(WireError::from));
    ours.or(theirs).unwrap_or(WireError::Malformed)
}

/// Whether the bytes are exactly one item in the one form.
fn one_form(bytes: &[u8]) -> Result<()> {
    let mut left = [0u64; MAX_DEPTH];
    let mut depth = 0;
    let mut at = 0;
    loop {
        let (major, value, behind) = item_head(bytes, at).ok_or(WireError::Malformed)?;
        at = behind;
        match major {
            0 | 1 => {}
            2 | 3 => {
                let length = usize::try_from(value).map_err(|_| WireError::Malformed)?;
                at = at.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(WireError::Malformed)?;
            }
            4 if value > 0 => {
                // An element takes a byte at least, so a longer array than there are bytes is cut short.
                if depth == MAX_DEPTH || value > (bytes.len() - at) as u64 {
                    return Err(WireError::Malformed);
                }
                left[depth] = value;
                depth += 1;
                continue;
            }
            4 => {}
            7 if (20..=22).contains(&value) => {} // false, true, null
            _ => return Err(WireError::Malformed),
        }
        while depth > 0 {
            left[depth - 1] -= 1;
            if left[depth - 1] > 0 {
                break;
            }
            depth -= 1;
        }
        if depth == 0 {
            return if at == bytes.len() { Ok(()) } else { Err(WireError::Malformed) };
        }
    }
}

/// Major type, value and the place behind the head of the item at `at`; `None` if it is cut short or not the shortest form.
fn item_head(bytes: &[u8], at: usize) -> Option<(u8, u64, usize)> {
    let first = *bytes.get(at)?;
    let (major, small) = (first >> 5, first & 31);
    let width = match small {
        0..=23 => return Some((major, u64::from(small), at + 1)),
        24..=27 => 1usize << (small - 24),
        _ => return None,
    };
    let value = bytes.get(at + 1..at + 1 + width)?.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
    let shortest = match width {
        1 => value > 23,
        2 => value > 0xff,
        4 => value > 0xffff,
        _ => value > 0xffff_ffff,
    };
    // Simple values above 23 are never written.
    (shortest && major != 7).then_some((major, value, at + 1 + width))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // tests may stop at the first surprise
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
    #[cbor(array)]
    struct Two {
        #[n(0)]
        version: u8,
        #[n(1)]
        needs: u8,
        #[n(2)]
        text: String,
    }

    fn two(version: u8, needs: u8) -> Vec<u8> {
        encode(&Two { version, needs, text: "x".into() })
    }

    #[test]
    fn one_form_only() {
        for good in
            [&[0x00][..], &[0x18, 24], &[0x20], &[0x80], &[0x82, 0x01, 0xf6], &[0x41, 9], &[0x61, b'a'], &[0xf4]]
        {
            assert_eq!(one_form(good), Ok(()), "{good:02x?}");
        }
        let bad: [&[u8]; 16] = [
            &[],
            &[0x18, 23],                                             // a number longer than need be
            &[0x19, 0, 255],                                         // the same, two bytes
            &[0x1a, 0, 0, 255, 255],                                 // the same, four
            &[0x58, 1, 9],                                           // a length longer than need be
            &[0x81],                                                 // cut short
            &[0x00, 0x00],                                           // something behind
            &[0x9f, 0x00, 0xff],                                     // indefinite array
            &[0x5f, 0x41, 0, 0xff],                                  // indefinite bytes
            &[0xa0],                                                 // map
            &[0xc0, 0x00],                                           // tag
            &[0xf7],                                                 // undefined
            &[0xf9, 0x3c, 0x00],                                     // float
            &[0xf8, 22],                                             // null, longer than need be
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], // claims more than there is
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ];
        for bytes in bad {
            assert_eq!(one_form(bytes), Err(WireError::Malformed), "{bytes:02x?}");
        }
        assert_eq!(one_form(&[vec![0x81; MAX_DEPTH], vec![0]].concat()), Ok(()));
        assert_eq!(one_form(&[vec![0x81; MAX_DEPTH + 1], vec![0]].concat()), Err(WireError::Malformed));
    }

    #[test]
    fn versions() {
        assert!(decode_versioned::<Two>(&two(1, 1), 99).is_ok());
        assert_eq!(decode_versioned::<Two>(&two(2, 2), 99), Err(WireError::Newer { needs: 2 }));
        assert_eq!(decode_versioned::<Two>(&two(0, 0), 99), Err(WireError::Malformed));
        assert_eq!(decode_versioned::<Two>(&two(2, 3), 99), Err(WireError::Newer { needs: 3 }));
        assert_eq!(decode_versioned::<Two>(&two(1, 1), 4), Err(WireError::TooLarge));
        // A fourth element: a newer version that we can read may have it, ours may not.
        for (version, accepted) in [(2, true), (1, false)] {
            let mut more = two(version, 1);
            more[0] += 1;
            more.push(0);
            assert_eq!(decode_versioned::<Two>(&more, 99).is_ok(), accepted);
        }
        // What needs more than we know need not even have the shape that we know.
        assert_eq!(decode_versioned::<Two>(&[0x83, 9, 9, 0xf6], 99), Err(WireError::Newer { needs: 9 }));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(two) = decode_versioned::<Two>(&bytes, 64) && two.version == 1 {
                prop_assert_eq!(encode(&two), bytes);
            }
        }

        #[test]
        fn what_we_write_is_in_the_one_form(version: u8, needs: u8, text: String) {
            prop_assert_eq!(one_form(&encode(&Two { version, needs, text })), Ok(()));
        }
    }
}

//! How a payload is written inside an envelope: as it is, or deflated. Both are bounded before memory is spent.

use super::cbor::VERSION;
use super::error::{Result, WireError};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

/// The most bytes of a payload before encoding: the changes of an entry (512 KiB) and what stands beside them (64 KiB).
pub const MAX_PAYLOAD: usize = (512 + 64) * 1024;

/// As it is.
pub(crate) const STORED: u8 = 0;
/// Raw deflate, RFC 1951.
pub(crate) const DEFLATE: u8 = 1;

/// miniz's densest level that still costs about a millisecond for a full envelope.
const LEVEL: u8 = 8;

/// The payload in the smaller of the two codecs.
pub(crate) fn encode(payload: &[u8]) -> Result<(u8, Vec<u8>)> {
    if payload.len() > MAX_PAYLOAD {
        return Err(WireError::TooLarge);
    }
    let deflated = compress_to_vec(payload, LEVEL);
    Ok(if deflated.len() < payload.len() { (DEFLATE, deflated) } else { (STORED, payload.to_vec()) })
}

/// The payload back, never more than [`MAX_PAYLOAD`] bytes whatever the input claims. An unknown codec waits for an upgrade.
pub(crate) fn decode(codec: u8, encoded: &[u8]) -> Result<Vec<u8>> {
    match codec {
        STORED if encoded.len() > MAX_PAYLOAD => Err(WireError::TooLarge),
        STORED => Ok(encoded.to_vec()),
        DEFLATE => decompress_to_vec_with_limit(encoded, MAX_PAYLOAD).map_err(|error| match error.status {
            TINFLStatus::HasMoreOutput => WireError::TooLarge,
            _ => WireError::Malformed,
        }),
        _ => Err(WireError::Newer { needs: VERSION + 1 }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // tests may stop at the first surprise
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_smaller_codec_is_chosen() {
        assert_eq!(encode(&[7; 5000]).unwrap().0, DEFLATE);
        assert_eq!(encode(b"no").unwrap(), (STORED, b"no".to_vec()));
        assert_eq!(encode(&vec![0; MAX_PAYLOAD + 1]), Err(WireError::TooLarge));
    }

    #[test]
    fn deflate_bomb() {
        let fits = compress_to_vec(&vec![0; MAX_PAYLOAD], LEVEL);
        assert_eq!(decode(DEFLATE, &fits).unwrap().len(), MAX_PAYLOAD);
        for size in [MAX_PAYLOAD + 1, 100 << 20] {
            let bomb = compress_to_vec(&vec![0; size], LEVEL);
            assert!(bomb.len() < 200 << 10);
            assert_eq!(decode(DEFLATE, &bomb), Err(WireError::TooLarge));
        }
        assert_eq!(decode(DEFLATE, &[]), Err(WireError::Malformed));
        assert_eq!(decode(9, b"later"), Err(WireError::Newer { needs: 2 }));
    }

    proptest! {
        #[test]
        fn any_payload_returns(payload in proptest::collection::vec(any::<u8>(), 0..4000)) {
            let (codec, encoded) = encode(&payload).unwrap();
            prop_assert!(encoded.len() <= payload.len());
            prop_assert_eq!(decode(codec, &encoded).unwrap(), payload);
        }

        #[test]
        fn any_bytes_inflate_within_bounds(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            if let Ok(payload) = decode(DEFLATE, &bytes) {
                prop_assert!(payload.len() <= MAX_PAYLOAD);
            }
        }
    }
}

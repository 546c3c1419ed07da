#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::*;
use crate::ids::to_text;
use crate::sync::scanner::tests::{edits, written};
use crate::sync::wire::envelope::encoded_len;
use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjType, ROOT, ScalarValue};
use proptest::prelude::*;

/// An entry's item of these changes, with a header that says nothing.
fn item(changes: &[(u16, Vec<u8>)]) -> Vec<u8> {
    compact::join(Kind::Entry, &noise(300, 0), &noise(64, 1), changes).unwrap()
}

/// Bytes that do not compress.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().update(&seed.to_be_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}

/// Goals, one after another, as a phone writes them; the clock goes on between them.
fn goals(count: u64) -> Vec<(u16, Vec<u8>)> {
    let mut document = AutoCommit::new().with_actor(ActorId::from([1; 16]));
    let me = to_text(&noise(16, 7));
    for number in 0..count {
        let key = format!("goal/{}", to_text(&noise(16, 1000 + number)));
        let goal = document.put_object(ROOT, key, ObjType::Map).unwrap();
        document.put(&goal, "text", format!("goal number {number}")).unwrap();
        document.put(&goal, "by", me.as_str()).unwrap();
        document.put(&goal, "at", 1_795_334_400_000 + (number * 7919 % 997) as i64 * 60_000).unwrap();
        document.put(&goal, "done_at", ScalarValue::Null).unwrap();
        document.commit();
    }
    document.get_changes(&[]).iter().map(|change| (0, change.raw_bytes().to_vec())).collect()
}

/// A thousand changes of 200 KB deflate to 75; their ids alone, which are random, take 16.
#[test]
fn a_thousand_edits_are_small() {
    let item = item(&goals(1000));
    assert!(item.len() > 200_000);
    let (codec, encoded) = encode(&item).unwrap();
    assert_eq!(codec, COMPACT);
    assert!(encoded.len() < 23_000, "{}", encoded.len());
    assert_eq!(decode(codec, &encoded).unwrap(), item);
    assert_eq!(encoded_len(&item).unwrap(), encoded.len());
}

#[test]
fn one_edit_is_no_longer_than_before() {
    let item = item(&goals(1));
    let (_, encoded) = encode(&item).unwrap();
    assert!(encoded.len() <= compress_to_vec(&item, LEVEL).len().min(item.len()));
}

/// What an older version deflated is read as before.
#[test]
fn older_codecs_are_read() {
    let item = item(&goals(20));
    assert_eq!(decode(STORED, &item).unwrap(), item);
    assert_eq!(decode(DEFLATE, &compress_to_vec(&item, LEVEL)).unwrap(), item);
}

/// No change, a damaged one, one with a wrong checksum, a longer number than need be: another codec carries the entry.
#[test]
fn what_cannot_be_put_together_again_is_deflated() {
    let good = goals(3);
    assert!(compact::write(&item(&good)).is_some());
    assert!(compact::write(&item(&[])).is_some());
    assert_eq!(compact::write(&good[0].1), None);
    let mut wrong_sum = good.clone();
    wrong_sum[1].1[5] ^= 1;
    let mut cut = good.clone();
    cut[2].1.pop();
    let mut longer = good.clone();
    longer[0].1.push(0);
    let mut other = good.clone();
    other[1].1 = vec![7; 40];
    for changes in [wrong_sum, cut, longer, other] {
        let item = item(&changes);
        assert_eq!(compact::write(&item), None);
        let (codec, encoded) = encode(&item).unwrap();
        assert_eq!(decode(codec, &encoded).unwrap(), item);
    }
    // A document that no header can name.
    assert_eq!(compact::write(&item(&[(256, good[0].1.clone())])), None);
}

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
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever three people write, in whatever documents and order it stands.
    #[test]
    fn any_honest_batch_returns(edits in edits(), documents in 1u16..5, shuffled: bool, twice: bool) {
        let mut all = written(&edits);
        let changes = all.get_changes(&[]);
        let mut changes: Vec<_> =
            (0u16..).zip(&changes).map(|(number, change)| (number % documents, change.raw_bytes().to_vec())).collect();
        if shuffled {
            changes.sort_by_key(|(_, bytes)| bytes[4]);
        }
        if twice {
            changes.extend(changes.clone());
        }
        let item = item(&changes);
        let encoded = compact::write(&item);
        prop_assert!(encoded.is_some());
        prop_assert_eq!(decode(COMPACT, &encoded.unwrap().1).unwrap(), item);
    }

    #[test]
    fn any_payload_returns(payload in proptest::collection::vec(any::<u8>(), 0..4000)) {
        let (codec, encoded) = encode(&payload).unwrap();
        prop_assert!(encoded.len() <= payload.len());
        prop_assert_eq!(decode(codec, &encoded).unwrap(), payload);
    }

    #[test]
    fn any_bytes_inflate_within_bounds(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        for codec in [DEFLATE, COMPACT] {
            if let Ok(payload) = decode(codec, &bytes) {
                prop_assert!(payload.len() <= MAX_PAYLOAD);
            }
        }
    }
}

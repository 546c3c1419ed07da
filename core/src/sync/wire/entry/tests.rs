#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::*;
use ed25519_dalek::Signer;
use proptest::prelude::*;

fn keys() -> DeviceKeys {
    DeviceKeys::from_seed([1; 32], 1)
}

fn name(kind: u16, bucket: &str) -> DocumentName {
    DocumentName { kind, bucket: bucket.into(), generation: 0 }
}

fn draft(changes: Vec<(DocumentName, Vec<u8>)>) -> Draft {
    Draft {
        space: SpaceId([2; 32]),
        sequence: 2,
        previous: Some(EntryHash([3; 32])),
        auth_heads: vec![OperationHash([5; 32]), OperationHash([4; 32])],
        entry_heads: vec![
            EntryHead { device: DeviceId([9; 32]), incarnation: 1, sequence: 7, hash: EntryHash([8; 32]) },
            EntryHead { device: DeviceId([6; 32]), incarnation: 2, sequence: 1, hash: EntryHash([7; 32]) },
        ],
        changes,
    }
}

fn sample() -> Entry {
    let changes =
        vec![(name(20, "2026-11"), vec![1, 2, 3]), (name(31, "2026-q4"), vec![4, 5]), (name(20, "2026-11"), vec![6])];
    Entry::sign(&keys(), draft(changes)).unwrap()
}

/// A header of someone else's making, signed as it is.
fn signed_raw(header: &Header) -> (Vec<u8>, [u8; 64]) {
    let bytes = cbor::encode(header);
    let signature = keys().signing().sign(&[b"rafiq entry v1\0", &bytes[..]].concat()).to_bytes();
    (bytes, signature)
}

#[test]
fn returns_as_it_was() {
    let entry = sample();
    assert_eq!(entry.documents, [name(20, "2026-11"), name(31, "2026-q4")]);
    assert_eq!(entry.auth_heads, [OperationHash([4; 32]), OperationHash([5; 32])]);
    assert_eq!(entry.entry_heads[0].device, DeviceId([6; 32]));
    let again = Entry::decode(&entry.encode()).unwrap();
    assert_eq!(again, entry);
    assert_eq!(again.encode(), entry.encode());
    let named: Vec<_> = again.named_changes().map(|(name, bytes)| (name.kind, bytes.to_vec())).collect();
    assert_eq!(named, [(20, vec![1, 2, 3]), (31, vec![4, 5]), (20, vec![6])]);
    let apart = Entry::assemble(entry.header_bytes().to_vec(), *entry.signature(), entry.changes().to_vec());
    assert_eq!(apart.unwrap(), entry);
    let empty = Entry::sign(&keys(), draft(vec![])).unwrap();
    assert_eq!(Entry::decode(&empty.encode()).unwrap().changes(), []);
    assert_eq!(empty.author(), keys().author());
}

/// Whatever nobody has signed has no room: not another part of a change, not a number written at greater length.
#[test]
fn nothing_rides_along_beside_the_signature() {
    let entry = sample();
    let bytes = entry.encode();
    // The first change: an array of two, the document's place 0, three bytes.
    let first = [0x82, 0x00, 0x43, 1, 2, 3];
    let at = bytes.windows(first.len()).position(|window| window == first).unwrap();
    for other in
        [&[0x83, 0x00, 0x43, 1, 2, 3, 0x41, 9][..], &[0x82, 0x18, 0x00, 0x43, 1, 2, 3], &[0x82, 0x00, 0x58, 3, 1, 2, 3]]
    {
        let ridden = [&bytes[..at], other, &bytes[at + first.len()..]].concat();
        assert_eq!(Entry::decode(&ridden), Err(WireError::Malformed), "{other:x?}");
    }
    assert_eq!(Entry::decode(&bytes).unwrap(), entry);
}

#[test]
fn bad_entry_signature() {
    let entry = sample();
    let bytes = entry.encode();
    for place in 0..bytes.len() {
        for bit in [1, 0x80] {
            let mut bad = bytes.clone();
            bad[place] ^= bit;
            assert!(Entry::decode(&bad).is_err(), "byte {place}");
        }
    }
    for length in 0..bytes.len() {
        assert!(Entry::decode(&bytes[..length]).is_err(), "cut at {length}");
    }
    assert_eq!(Entry::decode(&[&bytes[..], &[0]].concat()), Err(WireError::Malformed));

    let assemble = |signature| Entry::assemble(entry.header_bytes().to_vec(), signature, entry.changes().to_vec());
    let mut other = *entry.signature();
    other[3] ^= 1;
    assert_eq!(assemble(other), Err(WireError::BadSignature));
    // Malleability: s + the group's order verifies in lax implementations.
    let order: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut malleable = *entry.signature();
    let mut carry = 0u16;
    for (byte, more) in malleable[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(more) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    assert_eq!(assemble(malleable), Err(WireError::BadSignature));
    // A signature by the same key over the same bytes for another purpose.
    let message = [b"rafiq operation v1\0", entry.header_bytes()].concat();
    assert_eq!(assemble(keys().signing().sign(&message).to_bytes()), Err(WireError::BadSignature));
    // A key of small order, under which one signature fits many messages.
    let mut header = (*entry).clone();
    header.device = DeviceId([0; 32]);
    header.device.0[0] = 1;
    let weak = Entry::assemble(cbor::encode(&header), [0; 64], entry.changes().to_vec());
    assert_eq!(weak, Err(WireError::BadSignature));
}

#[test]
fn other_changes_than_were_signed() {
    let entry = sample();
    let assemble = |changes| Entry::assemble(entry.header_bytes().to_vec(), *entry.signature(), changes);
    let mut swapped = entry.changes().to_vec();
    swapped.swap(0, 2);
    assert_eq!(assemble(swapped), Err(WireError::BadRoot));
    let mut moved = entry.changes().to_vec();
    moved[0].document = 1;
    assert_eq!(assemble(moved), Err(WireError::BadRoot));
    let mut fewer = entry.changes().to_vec();
    fewer.pop();
    assert_eq!(assemble(fewer), Err(WireError::BadRoot));
    let mut outside = entry.changes().to_vec();
    outside[0].document = 2;
    assert_eq!(assemble(outside), Err(WireError::Malformed));
    let mut changed = entry.changes().to_vec();
    changed[1].bytes[0] ^= 1;
    assert_eq!(assemble(changed), Err(WireError::BadRoot));
}

#[test]
fn rules_of_the_header() {
    let good = (*Entry::sign(&keys(), draft(vec![])).unwrap()).clone();
    let judge = |change: &dyn Fn(&mut Header)| {
        let mut header = good.clone();
        change(&mut header);
        let (bytes, signature) = signed_raw(&header);
        Entry::assemble(bytes, signature, vec![])
    };
    assert!(judge(&|_| ()).is_ok());
    let malformed: [&dyn Fn(&mut Header); 11] = [
        &|h| h.sequence = 0,
        &|h| h.sequence = 1,
        &|h| h.previous = None,
        &|h| h.sequence = u64::MAX,
        &|h| h.auth_heads.clear(),
        &|h| h.auth_heads.reverse(),
        &|h| h.auth_heads[1] = h.auth_heads[0],
        &|h| h.entry_heads.reverse(),
        &|h| h.entry_heads[0].sequence = 0,
        &|h| h.documents = vec![name(1, "a"), name(1, "a")],
        &|h| h.documents = vec![name(1, "a\u{7}")],
    ];
    for (number, change) in malformed.iter().enumerate() {
        assert_eq!(judge(change), Err(WireError::Malformed), "rule {number}");
    }
    assert_eq!(judge(&|h| h.documents = vec![name(1, &"a".repeat(65))]), Err(WireError::TooLarge));
    assert_eq!(judge(&|h| h.documents = (0..257).map(|k| name(k, "")).collect()), Err(WireError::TooLarge));
    let heads = |h: &mut Header| h.auth_heads = (0..1025u16).map(head).collect();
    assert_eq!(judge(&heads), Err(WireError::TooLarge));
    assert_eq!(judge(&|h| h.kind = 9), Err(WireError::Newer { needs: 2 }));
    assert_eq!(judge(&|h| h.needs = 2), Err(WireError::Newer { needs: 2 }));
    assert_eq!(judge(&|h| h.version = 0), Err(WireError::Malformed));
}

fn head(number: u16) -> OperationHash {
    let mut hash = [0; 32];
    hash[..2].copy_from_slice(&number.to_be_bytes());
    OperationHash(hash)
}

#[test]
fn a_newer_version_that_we_can_read_is_kept_verbatim() {
    let mut header = (*Entry::sign(&keys(), draft(vec![])).unwrap()).clone();
    header.version = 2;
    let mut bytes = cbor::encode(&header);
    assert_eq!(bytes[0], 0x8c);
    bytes[0] = 0x8d; // a thirteenth element
    bytes.extend([0x82, 0x01, 0x61, b'x']);
    let signature = keys().signing().sign(&[b"rafiq entry v1\0", &bytes[..]].concat()).to_bytes();
    let entry = Entry::assemble(bytes.clone(), signature, vec![]).unwrap();
    assert_eq!(entry.header_bytes(), bytes);
    assert_eq!(Entry::decode(&entry.encode()).unwrap().hash(), EntryHash::of(&bytes));
}

#[test]
fn limits_when_writing() {
    let one = |length| Entry::sign(&keys(), draft(vec![(name(1, ""), noise(length, 1))]));
    assert!(one(MAX_CHANGE).is_ok());
    assert_eq!(one(MAX_CHANGE + 1), Err(WireError::TooLarge));
    assert_eq!(one(0), Err(WireError::Malformed));
    let two = vec![(name(1, ""), noise(30_000, 1)), (name(1, ""), noise(30_000, 2))];
    assert_eq!(Entry::sign(&keys(), draft(two)), Err(WireError::TooLarge));
    // What compresses well may be longer, up to the limit as it is.
    let many = |count| (0..count).map(|_| (name(1, ""), vec![7; 32 * 1024])).collect::<Vec<_>>();
    assert!(Entry::sign(&keys(), draft(many(16))).is_ok());
    assert_eq!(Entry::sign(&keys(), draft(many(17))), Err(WireError::TooLarge));
}

#[test]
fn limits_when_reading() {
    let accepted = |changes: Vec<Vec<u8>>| {
        let changes: Vec<_> = changes.into_iter().map(|bytes| Change { document: 0, bytes }).collect();
        let mut header = (*Entry::sign(&keys(), draft(vec![])).unwrap()).clone();
        header.documents = vec![name(1, "")];
        header.root = root(&header, &changes);
        let (bytes, signature) = signed_raw(&header);
        Entry::assemble(bytes, signature, changes)
    };
    assert!(accepted(vec![vec![1; MAX_CHANGE]]).is_ok());
    assert_eq!(accepted(vec![vec![1; MAX_CHANGE + 1]]), Err(WireError::TooLarge));
    assert_eq!(accepted(vec![vec![1; 32 * 1024]; 17]), Err(WireError::TooLarge));
    assert!(accepted(vec![vec![1]; MAX_CHANGES]).is_ok());
    assert_eq!(accepted(vec![vec![1]; MAX_CHANGES + 1]), Err(WireError::TooLarge));
    assert_eq!(accepted(vec![vec![]]), Err(WireError::Malformed));
    assert_eq!(Entry::decode(&vec![0; MAX_PAYLOAD + 1]), Err(WireError::TooLarge));
}

#[test]
fn batches_fit() {
    assert_eq!(batch(&[]), 0);
    let entry_heads: Vec<_> = (0..MAX_HEADS_WRITTEN as u64)
        .map(|n| EntryHead {
            device: DeviceId(noise(32, n).try_into().unwrap()),
            incarnation: 1,
            sequence: 1 << 40,
            hash: EntryHash(noise(32, n + 1000).try_into().unwrap()),
        })
        .collect();
    for (length, count) in [(170, 3000), (2000, 100), (32 * 1024, 3), (60_000, 2)] {
        let mut left: Vec<_> = (0..count).map(|n| (name(20, "2026-11"), noise(length, n))).collect();
        let mut rounds = 0;
        while !left.is_empty() {
            let count = batch(&left);
            assert!(count >= 1);
            let taken: Vec<_> = left.drain(..count).collect();
            if length <= MAX_CHANGE {
                Entry::sign(&keys(), Draft { entry_heads: entry_heads.clone(), ..draft(taken) }).unwrap();
            }
            rounds += 1;
        }
        assert!(rounds <= length as u64 * count / 40_000 + 2, "{rounds} entries for {count} changes of {length}");
    }
    let spread: Vec<_> = (0..300).map(|n| (name(n, ""), vec![1])).collect();
    assert_eq!(batch(&spread), MAX_DOCUMENTS);
}

/// Bytes that do not compress.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().update(&seed.to_be_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_entry_returns(
        changes in proptest::collection::vec((0u16..4, "[a-z0-9-]{0,8}", proptest::collection::vec(any::<u8>(), 1..300)), 0..20),
        sequence in 2u64..1_000_000,
    ) {
        let changes: Vec<_> = changes.into_iter().map(|(kind, bucket, bytes)| (name(kind, &bucket), bytes)).collect();
        let entry = Entry::sign(&keys(), Draft { sequence, ..draft(changes.clone()) }).unwrap();
        let again = Entry::decode(&entry.encode()).unwrap();
        let named: Vec<_> = again.named_changes().map(|(name, bytes)| (name.clone(), bytes.to_vec())).collect();
        prop_assert_eq!(named, changes);
        prop_assert_eq!(again.head(), entry.head());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Entry::decode(&bytes).is_err());
    }
}

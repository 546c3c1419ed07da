#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::super::ids::EntryHash;
use super::packed::{Head, Short};
use super::*;
use crate::ids::PersonId;
use crate::replica::SpaceKind;
use crate::sync::wire::codec::{self, COMPACT_PART};
use crate::sync::wire::entry::Draft;
use crate::sync::wire::{FounderKey, Item};
use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ROOT};

fn keys(seed: u8) -> DeviceKeys {
    DeviceKeys::from_seed([seed; 32], 1)
}

fn name(bucket: &str) -> DocumentName {
    DocumentName { kind: 40, bucket: bucket.into(), generation: 0 }
}

fn founding() -> Operation {
    Operation::found(&keys(1), SpaceKind::Group, [4; 16], FounderKey::from_seed([3; 32]).id(), PersonId([5; 16]))
        .unwrap()
}

/// What a phone writes, one change an entry, to two documents in turn; each entry names the last of the other's.
fn chains(count: u64) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut written =
        [AutoCommit::new().with_actor(ActorId::from([1; 16])), AutoCommit::new().with_actor(ActorId::from([2; 16]))];
    let mut last: [Option<(u64, EntryHash)>; 2] = [None, None];
    for number in 0..count {
        let one = usize::from(number % 2 == 1);
        let keys = keys(one as u8 + 1);
        let before = written[one].get_heads();
        written[one].put(ROOT, format!("field {}", number % 7), number).unwrap();
        written[one].commit();
        let change = written[one].get_changes(&before)[0].raw_bytes().to_vec();
        let other = last[1 - one].map(|(sequence, hash)| EntryHead {
            device: DeviceKeys::from_seed([2 - one as u8; 32], 1).device(),
            incarnation: 1,
            sequence,
            hash,
        });
        let draft = Draft {
            space: founding().space_id(),
            sequence: last[one].map_or(1, |(sequence, _)| sequence + 1),
            previous: last[one].map(|(_, hash)| hash),
            auth_heads: vec![founding().hash()],
            entry_heads: other.into_iter().collect(),
            changes: vec![(name(if one == 1 { "b" } else { "a" }), change)],
        };
        let entry = Entry::sign(&keys, draft).unwrap();
        last[one] = Some((entry.sequence, entry.hash()));
        entries.push(entry);
    }
    entries
}

fn draft(entries: Vec<Entry>) -> PartDraft {
    PartDraft {
        space: founding().space_id(),
        auth_heads: vec![founding().hash()],
        covers: Covers { instance: [7; 16], restores: 0, position: 99 },
        number: 1,
        operations: vec![founding()],
        epochs: vec![],
        entries,
        ends: None,
    }
}

#[test]
fn every_entry_returns_to_the_byte_and_no_flip_does() {
    let entries = chains(6);
    let part = Part::sign(&keys(1), draft(entries.clone())).unwrap();
    let bytes = part.encode();
    let again = Part::decode(&bytes).unwrap();
    assert_eq!(again, part);
    assert_eq!(again.entries(), entries);
    assert_eq!(again.encode(), bytes);
    for place in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[place] ^= 1;
        assert!(Part::decode(&bad).is_err(), "byte {place}");
        assert!(Part::decode(&bytes[..place]).is_err(), "cut at {place}");
    }
}

/// What begins in the middle names what stands before it in full.
#[test]
fn a_part_stands_by_itself() {
    let entries = chains(9);
    let part = Part::sign(&keys(1), draft(entries[4..].to_vec())).unwrap();
    assert_eq!(Part::decode(&part.encode()).unwrap().entries(), &entries[4..]);
    let empty = Part::sign(&keys(1), draft(vec![])).unwrap();
    assert!(Part::decode(&empty.encode()).unwrap().entries().is_empty());
}

/// Of each entry little more than its signature is left: two hundred such entries take 150 KB by themselves, padded and sealed.
#[test]
fn entries_are_short_together() {
    let entries = chains(200);
    let alone: usize = entries.iter().map(|entry| super::super::envelope::encoded_len(&entry.encode()).unwrap()).sum();
    let item = Item::Part(Part::sign(&keys(1), draft(entries)).unwrap()).encode();
    let (codec, encoded) = codec::encode(&item).unwrap();
    assert_eq!(codec, COMPACT_PART);
    assert!(encoded.len() / 200 < 64 + 32, "{}", encoded.len());
    assert!(encoded.len() * 3 < alone, "{} of {alone}", encoded.len());
    assert_eq!(codec::decode(codec, &encoded).unwrap(), item);
    assert!(matches!(Item::decode(&item), Ok(Item::Part(_))));
}

type Lie<'a> = &'a dyn Fn(&mut PartBody);

#[test]
fn a_part_says_nothing_that_its_entries_authors_did_not_sign() {
    let entries = chains(4);
    let part = Part::sign(&keys(1), draft(entries.clone())).unwrap();
    let honest = part.encode();
    let sign = |change: Lie<'_>| {
        let mut body = (*part).clone();
        change(&mut body);
        let signed = Signed::sign(body, keys(1).signing())?;
        // The changes as they are, behind another body.
        let mut beside = Decoder::new(&honest);
        let _ = (beside.array(), beside.bytes(), beside.bytes());
        let mut lying = Encoder::new(Vec::new());
        lying.array(3).and_then(|e| e.bytes(signed.bytes())?.bytes(signed.signature())).unwrap();
        Part::decode(&[&lying.into_writer()[..], &honest[beside.position()..]].concat())
    };
    assert!(sign(&|_| {}).is_ok());
    let short = |body: &mut PartBody, change: &dyn Fn(&mut Short)| {
        if let Some(Packed { head: Head::Short(short), .. }) = body.packed.last_mut() {
            change(short);
        }
    };
    let lies: [(&str, Lie<'_>); 7] = [
        ("another life", &|body| {
            short(body, &|short| (short.incarnation, short.previous) = (2, Some(EntryHash([9; 32]))))
        }),
        ("another place", &|body| short(body, &|short| short.sequence = 1)),
        ("another past", &|body| short(body, &|short| short.previous = Some(EntryHash([9; 32])))),
        ("another head", &|body| short(body, &|short| short.entry_heads[0].hash = Some(EntryHash([9; 32])))),
        ("another document", &|body| body.documents[0] = name("c")),
        ("fewer changes", &|body| body.packed[3].changes = 0),
        ("another's signature", &|body| body.packed[3].signature = body.packed[1].signature),
    ];
    for (what, lie) in lies {
        assert_eq!(sign(lie), Err(WireError::BadSignature), "{what}");
    }
    let broken: [(&str, Lie<'_>); 7] = [
        ("more changes", &|body| body.packed[3].changes = 2),
        ("no such document", &|body| short(body, &|short| short.documents = vec![2])),
        ("nobody before it", &|body| short(body, &|short| short.sequence = 9)),
        ("from nowhere", &|body| short(body, &|short| short.sequence = 0)),
        ("part 0", &|body| body.number = 0),
        ("nobody's", &|body| body.auth_heads = vec![]),
        ("ends before the end", &|body| body.ends = vec![entries[3].head()]),
    ];
    for (what, lie) in broken {
        assert_eq!(sign(lie), Err(WireError::Malformed), "{what}");
    }
    let foreign = |body: &mut PartBody| body.space = SpaceId([9; 32]);
    assert!(sign(&foreign).is_err());
}

/// A newer version's header has more in it than we know: it travels whole.
#[test]
fn a_header_that_cannot_be_shortened_is_carried_whole() {
    let entries = chains(2);
    let mut header = entries[1].header_bytes().to_vec();
    header[0] += 1; // an element more
    header[1] = 2; // written by version 2, for us too
    header.push(0);
    let signature =
        ed25519_dalek::Signer::sign(keys(2).signing(), &[b"rafiq entry v1\0", &header[..]].concat()).to_bytes();
    let newer = Entry::assemble(header, signature, entries[1].changes().to_vec()).unwrap();
    let both = vec![entries[0].clone(), newer];
    let part = Part::sign(&keys(1), draft(both.clone())).unwrap();
    assert!(matches!(part.packed[1].head, Head::Whole(_)));
    assert_eq!(Part::decode(&part.encode()).unwrap().entries(), both);
}

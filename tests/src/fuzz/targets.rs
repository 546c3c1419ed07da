//! The readers, each with its bound, its mutants, and what it promises of what it takes.

use super::sealed::{DEVICE, seal, sign_entry, sign_part};
use super::tree::{Tree, spoil};
use super::{Maker, Met, Target, unhex};
use crate::mutants::{Rng, honest, spoil::spoil as spoil_change};
use rafiq::ids::{from_text, to_text};
use rafiq::sync::bundle::scan::{Found, scan as scan_bundle};
use rafiq::sync::bundle::sheet::{HASH, HEAD, ROW, Sheets, index_hash, trailer};
use rafiq::sync::scanner::{self, Expected, Scan};
use rafiq::sync::wire::codec::{self, MAX_PAYLOAD};
use rafiq::sync::wire::{
    Covers, DeviceKeys, DocumentName, Draft, Entry, EpochKey, InboxKeys, Invite, Item, OperationHash,
};
use rafiq::sync::wire::{Part, PartDraft};
use rafiq::sync::wire::{open, open_from_inbox, seal_to_inbox};
use rafiq_protocol::limits::MAX_ENVELOPE;
use rafiq_protocol::{Request, Response, SectionBody, Tag, Urgency, envelope_id};
use serde_json::Value;
use std::fmt::Debug;

/// All of them. A new reader of strangers' bytes is one more line here and one more test in `tests/tests/fuzz.rs`.
pub const ALL: [Target; 7] = [
    // The streams of a payload, what comes out of them, and that again as one item, as in `tests/tests/codec.rs`; and the envelope
    // while it is opened.
    Target { name: "envelope", bound: |_| 8 * MAX_PAYLOAD + 4 * MAX_ENVELOPE, maker: envelopes, read: read_envelope },
    // The smallest change is 4 bytes and 32 once it is read, three times that while a list of them grows.
    Target { name: "entry", bound: |length| 32 * length + 16 * 1024, maker: entries, read: read_entry },
    // Of an entry, a part says about 80 bytes; it is read three times: packed, put together again, and as its author signed it.
    Target { name: "pack", bound: |length| 32 * length + 64 * 1024, maker: parts, read: read_part },
    // As in `tests/tests/admission.rs`.
    Target { name: "change", bound: |_| 2 << 20, maker: changes, read: read_change },
    // A sheet's index, one envelope and a stride, twice over while a buffer grows; however long the bundle.
    Target { name: "bundle", bound: |_| 512 * 1024, maker: bundles, read: read_bundle },
    // The smallest result of a section is 9 bytes and about 80 once it is read, three times that while the list grows.
    Target { name: "exchange", bound: |length| 32 * length + 16 * 1024, maker: exchanges, read: read_exchange },
    // A text is at most 4 KiB when it is looked at, and stands there twice with its bytes.
    Target { name: "invite", bound: |_| 16 * 1024, maker: invites, read: read_invite },
];

const TAG: Tag = [5; 16];

fn epoch() -> EpochKey {
    EpochKey::new(1, [1; 32])
}

fn inbox() -> InboxKeys {
    InboxKeys::from_seed([3; 32])
}

/// An error's name without what it holds.
fn named(error: impl Debug) -> String {
    format!("{error:?}").chars().take_while(|letter| letter.is_alphanumeric()).collect()
}

fn vectors(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn bytes_of(value: &Value) -> Vec<u8> {
    unhex(value.as_str().unwrap()).unwrap()
}

fn wire() -> Value {
    vectors(include_str!("../../vectors/wire.json"))
}

/// One of each kind of item, and entries with changes that people make.
fn items() -> Vec<Vec<u8>> {
    let mut items: Vec<_> = wire()["items"].as_array().unwrap().iter().map(|item| bytes_of(&item["item"])).collect();
    items.extend(signed_entries());
    items
}

fn signed_entries() -> Vec<Vec<u8>> {
    let keys = DeviceKeys::from_seed(DEVICE, 1);
    let name = |number: usize| DocumentName { kind: 3, bucket: format!("2026-{:02}", number % 3), generation: 0 };
    let sign = |seed| {
        let session = honest::session(seed, 2, 3 + seed as usize % 5).into_iter().enumerate();
        let changes = session.map(|(number, change)| (name(number), change.bytes)).collect();
        let (space, auth_heads) = (rafiq::ids::SpaceId([2; 32]), vec![OperationHash([9; 32])]);
        let draft = Draft { space, sequence: 1, previous: None, auth_heads, entry_heads: vec![], changes };
        Item::Entry(Entry::sign(&keys, draft).unwrap()).encode()
    };
    (0..20).map(sign).collect()
}

fn spoiled_tree(rng: &mut Rng, bytes: &[u8]) -> Vec<u8> {
    let mut tree = Tree::of(bytes).unwrap();
    (0..=rng.below(2)).for_each(|_| tree.spoil(rng));
    tree.bytes()
}

fn nonce(rng: &mut Rng) -> [u8; 24] {
    let mut nonce = [0; 24];
    nonce.copy_from_slice(&rng.hash()[..24]);
    nonce
}

fn inner(codec: u8, length: u32, payload: &[u8]) -> Vec<u8> {
    let mut inner = [&[codec][..], &length.to_be_bytes(), payload].concat();
    inner.resize(inner.len().max(512), 0);
    inner
}

fn envelopes() -> Maker {
    let items = items();
    Box::new(move |rng| {
        let mut item = rng.pick(&items).clone();
        if rng.once_in(2) {
            item = spoiled_tree(rng, &item);
        }
        let (mut codec, mut payload) = codec::encode(&item).unwrap_or((0, vec![1]));
        let way = rng.below(8);
        if way == 0 {
            let to_inbox = seal_to_inbox(&inbox().address(), Urgency::Alert, &item, &rng.hash());
            return to_inbox.unwrap_or_default();
        }
        if matches!(way, 1..4) {
            (0..=rng.below(2)).for_each(|_| spoil(rng, &mut payload));
        }
        let mut length = payload.len() as u32;
        match way {
            4 => codec = rng.below(4) as u8,
            5 => length = (rng.next() >> (32 + rng.below(32))) as u32,
            _ => {}
        }
        let mut whole = inner(codec, length, &payload);
        if way == 6 {
            spoil(rng, &mut whole);
        }
        let mut envelope = seal(&epoch(), TAG, nonce(rng), &whole);
        if way == 7 {
            spoil(rng, &mut envelope);
        }
        envelope
    })
}

fn read_envelope(bytes: &[u8]) -> Met {
    let opened = if bytes.get(1..17) == Some(&inbox().address().tag()) {
        open_from_inbox(&inbox(), bytes)
    } else {
        open(&[epoch()], &TAG, bytes)
    };
    let item = opened.map_err(named)?;
    assert!(item.len() <= MAX_PAYLOAD);
    Item::decode(&item).map(drop).map_err(|error| format!("{}InItem", named(error)))
}

fn entries() -> Maker {
    let items = signed_entries();
    Box::new(move |rng| spoiled_signed(rng, &items, |item, rng| sign_entry(item, !rng.once_in(8))))
}

/// An item of signed bytes and changes beside them, spoiled somewhere and mostly signed again.
fn spoiled_signed(rng: &mut Rng, items: &[Vec<u8>], sign: impl Fn(&mut Tree, &mut Rng)) -> Vec<u8> {
    let mut item = Tree::of(rng.pick::<Vec<u8>>(items)).unwrap();
    let way = rng.below(8);
    let [_, whole] = item.items() else { unreachable!("an item is a number and a thing") };
    match (way, whole.items()) {
        (0..4, [Tree::Bytes(_, signed), ..]) => *signed = spoiled_tree(rng, signed),
        (4, [Tree::Bytes(_, signed), ..]) => spoil(rng, signed),
        (5 | 6, [.., changes]) => changes.spoil(rng),
        _ => whole.spoil(rng),
    }
    if !rng.once_in(16) {
        sign(&mut item, rng);
    }
    let mut bytes = item.bytes();
    if rng.once_in(16) {
        spoil(rng, &mut bytes);
    }
    bytes
}

fn read_entry(bytes: &[u8]) -> Met {
    let item = Item::decode(bytes).map_err(named)?;
    let Item::Entry(entry) = &item else { return Err("AnotherItem".into()) };
    for (name, change) in entry.named_changes() {
        assert!(!change.is_empty() && name.bucket.len() <= 64);
    }
    assert!(item.encode() == bytes, "the same bytes as were read");
    Ok(())
}

/// Parts of entries alone, and those of the vectors: with operations, epochs and the ends of chains.
fn parts() -> Maker {
    let given = vectors(include_str!("../../vectors/pack.json"));
    let mut items: Vec<_> = given["parts"].as_array().unwrap().iter().map(|part| bytes_of(&part["item"])).collect();
    items.retain(|item| item.len() < 8 * 1024); // the one that is an envelope full would only make the others rare
    items.push(packed_entries());
    Box::new(move |rng| spoiled_signed(rng, &items, |item, _| sign_part(item)))
}

fn packed_entries() -> Vec<u8> {
    let entry = |item: &Vec<u8>| match Item::decode(item) {
        Ok(Item::Entry(entry)) => entry,
        _ => unreachable!("made of an entry"),
    };
    let draft = PartDraft {
        space: rafiq::ids::SpaceId([2; 32]),
        auth_heads: vec![OperationHash([9; 32])],
        covers: Covers { instance: [4; 16], restores: 0, position: 9 },
        number: 1,
        operations: vec![],
        epochs: vec![],
        entries: signed_entries().iter().take(6).map(entry).collect(),
        ends: Some(vec![]),
    };
    Item::Part(Part::sign(&DeviceKeys::from_seed(DEVICE, 1), draft).unwrap()).encode()
}

fn read_part(bytes: &[u8]) -> Met {
    let item = Item::decode(bytes).map_err(named)?;
    let Item::Part(part) = &item else { return Err("AnotherItem".into()) };
    assert!(part.entries().iter().all(|entry| entry.space == part.space), "of one space");
    assert!(part.operations.iter().all(|operation| operation.space_id() == part.space), "of one space");
    assert!(item.encode() == bytes, "the same bytes as were read");
    Ok(())
}

fn changes() -> Maker {
    let sessions: Vec<_> = (0..40).map(|seed| honest::session(seed, 3, 24)).collect();
    Box::new(move |rng| {
        let session = rng.pick(&sessions);
        let place = rng.below(session.len());
        spoil_change(rng, &session[place], &session[..place]).bytes
    })
}

/// Who wrote it and after what is believed, so that its inside is looked at.
fn read_change(bytes: &[u8]) -> Met {
    let head = scanner::peek(bytes).map_err(named)?;
    let before = head.start_operation.saturating_sub(1);
    let expected = Expected {
        actor: head.actor,
        sequence: head.sequence,
        previous: head.dependencies.first().copied().filter(|_| head.sequence > 1),
        highest_operation: &|_| Some(before),
    };
    match scanner::scan(bytes, &expected).map_err(named)? {
        Scan::Ready(scanned) => {
            assert_eq!((scanned.hash, scanned.sequence), (head.hash, head.sequence));
            assert!(scanned.operations <= scanner::MAX_OPERATIONS as u64);
            Ok(())
        }
        Scan::Waiting { .. } => Err("Waiting".into()),
    }
}

fn bundles() -> Maker {
    let given = vectors(include_str!("../../vectors/bundle.json"));
    let envelopes: Vec<_> =
        wire()["items"].as_array().unwrap().iter().map(|item| bytes_of(&item["envelope"])).collect();
    let given = [bytes_of(&given["bundle"]), bytes_of(&given["empty"])];
    Box::new(move |rng| {
        let mut bytes = Vec::new();
        for _ in 0..=rng.below(2) {
            if rng.once_in(4) {
                bytes.extend(rng.pick(&given));
                continue;
            }
            let (mut sheet, count) = (Vec::new(), rng.below(5));
            let mut sheets = Sheets::new(&mut sheet);
            (0..count).for_each(|_| sheets.put(rng.pick::<Vec<u8>>(&envelopes)).unwrap());
            sheets.finish().unwrap();
            if rng.once_in(2) {
                lie_in_index(rng, &mut sheet, count);
            }
            bytes.extend(sheet);
        }
        (0..rng.below(3)).for_each(|_| spoil(rng, &mut bytes));
        bytes
    })
}

/// Another index than the envelopes have, with hash and trailer that fit it.
fn lie_in_index(rng: &mut Rng, sheet: &mut [u8], count: usize) {
    let end = HEAD + ROW * count;
    let place = 9 + rng.below(end - 9);
    match rng.below(3) {
        0 => sheet[10..12].copy_from_slice(&(rng.next() as u16 >> rng.below(16)).to_be_bytes()),
        1 if count > 0 => {
            let length = HEAD + ROW * rng.below(count) + 32;
            sheet[length..length + 4].copy_from_slice(&((rng.next() >> (32 + rng.below(32))) as u32).to_be_bytes());
        }
        _ => sheet[place] ^= 1 << rng.below(8),
    }
    let hash = index_hash(&sheet[..end]);
    sheet[end..end + HASH].copy_from_slice(&hash);
    let last = sheet.len() - HASH;
    sheet[last..].copy_from_slice(&trailer(&hash));
}

fn read_bundle(mut bytes: &[u8]) -> Met {
    let (mut damage, length) = (None, bytes.len());
    let mut whole = 0;
    let is_bundle = scan_bundle(&mut bytes, &mut |found| {
        match found {
            Found::Envelope(id, envelope) => {
                whole += envelope.len();
                assert!(envelope_id(envelope) == *id && envelope.len() <= MAX_ENVELOPE);
            }
            Found::Damaged(found) => damage = damage.or(Some(found.what)),
            Found::Begins(at) => assert!((at as usize) < length),
            Found::Ends => {}
        }
        Ok(())
    });
    assert!(whole <= length, "more than was there");
    match (is_bundle, damage) {
        (Ok(true), None) => Ok(()),
        (Ok(false), _) => Err("no bundle".into()),
        (Ok(true), Some(damage)) => Err(damage.code().into()),
        (Err(error), _) => panic!("scanning made an error of its own: {error}"),
    }
}

fn exchanges() -> Maker {
    let given = vectors(include_str!("../../vectors/exchange.json"));
    let given = ["first_request", "request", "response"].map(|name| bytes_of(&given[name]));
    Box::new(move |rng| {
        let mut tree = Tree::of(rng.pick::<Vec<u8>>(&given)).unwrap();
        // What a section says is CBOR in a string of its own.
        if let Some(Tree::List(sections)) = tree.items().get_mut(3).filter(|_| rng.once_in(2)) {
            let place = rng.below(sections.len());
            if let Some([.., Tree::Bytes(2, body)]) = sections.get_mut(place).map(Tree::items)
                && Tree::of(body).is_some()
            {
                *body = spoiled_tree(rng, body);
            }
        } else {
            tree.spoil(rng);
        }
        let mut bytes = tree.bytes();
        if rng.once_in(4) {
            spoil(rng, &mut bytes);
        }
        bytes
    })
}

/// A request as a relay reads it, or an answer as a phone does. What is taken is written as it was.
fn read_exchange(bytes: &[u8]) -> Met {
    if let Ok(answer) = Response::decode(bytes) {
        assert!(answer.encode().is_ok_and(|again| again == bytes));
        return Ok(());
    }
    let request = Request::decode(bytes).map_err(named)?;
    assert!(request.encode().is_ok_and(|again| again == bytes));
    for section in &request.sections {
        let body = SectionBody::decode(&section.body).map_err(|error| format!("{}InSection", named(error)))?;
        assert!(body.encode().is_ok_and(|again| again == section.body));
    }
    Ok(())
}

fn invites() -> Maker {
    let wire = wire();
    let texts: Vec<String> = wire["invites"]
        .as_array()
        .unwrap()
        .iter()
        .map(|invite| invite.as_str().or_else(|| invite["text"].as_str()).unwrap().to_owned())
        .collect();
    Box::new(move |rng| {
        let text = rng.pick(&texts);
        let whole = from_text(&text[7..]).unwrap();
        let mut body = whole[..whole.len() - 4].to_vec();
        if rng.once_in(4) {
            spoil(rng, &mut body);
        } else {
            body = spoiled_tree(rng, &body);
        }
        let sum = blake3::derive_key("rafiq 2026 invite checksum v1", &body);
        let mut text = format!("RAFIQ1:{}", to_text(&[&body[..], &sum[..4]].concat())).into_bytes();
        match rng.below(8) {
            0 => spoil(rng, &mut text),
            1 => text.make_ascii_uppercase(),
            2 => text.insert(rng.below(text.len()), b' '),
            _ => {}
        }
        text
    })
}

fn read_invite(bytes: &[u8]) -> Met {
    let text = std::str::from_utf8(bytes).map_err(|_| "no text")?;
    let invite = Invite::parse(text).map_err(named)?;
    assert!(Invite::parse(&invite.to_text()).is_ok_and(|again| again == invite));
    Ok(())
}

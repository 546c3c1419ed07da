//! Entries of real changes in each codec.

use super::*;
use crate::ids::to_text;
use crate::sync::wire::codec::{self, COMPACT, DEFLATE, STORED};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ObjType, ROOT, ScalarValue};
use miniz_oxide::deflate::compress_to_vec;

fn id(byte: u8) -> String {
    to_text(&[byte; 16])
}

/// Changes of three people in one document: records, lists, texts, counters, values of every kind, a message, times, ids as names
/// and as values, dependencies on each other's changes.
fn changes() -> Vec<Vec<u8>> {
    let mut amina = AutoCommit::new().with_actor(ActorId::from([0xc1; 16]));
    let mut third = ROOT;
    for number in 0..12u8 {
        let goal = amina.put_object(ROOT, format!("goal/{}", id(number)), ObjType::Map).unwrap();
        amina.put(&goal, "text", format!("goal number {number}")).unwrap();
        amina.put(&goal, "by", id(0xb1)).unwrap();
        amina.put(&goal, "at", 1_795_334_400_000 + i64::from(number) * 61_000).unwrap();
        amina.put(&goal, "done_at", ScalarValue::Null).unwrap();
        amina.commit_with(CommitOptions::default().with_time(i64::from(number) * 60));
        if number == 3 {
            third = goal;
        }
    }
    amina.put(&third, "done_at", 1_795_334_999_000i64).unwrap();
    amina.commit_with(CommitOptions::default().with_message("done: تمام شد"));
    let mut bohdan = amina.fork().with_actor(ActorId::from([0xc2; 16]));
    let mut zahra = amina.fork().with_actor(ActorId::from([0xc3; 16]));
    bohdan.put(ROOT, format!("attendance/{}/{}", id(0xd1), id(0xb2)), "came").unwrap();
    bohdan.put(ROOT, "step/first meeting", true).unwrap();
    bohdan.put(ROOT, "step/empty", "").unwrap();
    bohdan.commit();
    let list = zahra.put_object(ROOT, "list", ObjType::List).unwrap();
    let scalars = [
        ScalarValue::Null,
        ScalarValue::Boolean(false),
        ScalarValue::Uint(u64::MAX),
        ScalarValue::Int(i64::MIN),
        ScalarValue::F64(1.5),
        ScalarValue::Bytes(vec![0, 255, 7]),
        ScalarValue::Timestamp(-1),
        ScalarValue::counter(5),
        ScalarValue::Str("слово".into()),
        ScalarValue::Str(id(0xe1).into()),
        ScalarValue::Str(id(0xe2).into()),
    ];
    for (place, value) in scalars.into_iter().enumerate() {
        zahra.insert(&list, place, value).unwrap();
    }
    zahra.increment(&list, 7, -2).unwrap();
    zahra.delete(&list, 0).unwrap();
    zahra.commit();
    amina.merge(&mut bohdan).unwrap();
    amina.merge(&mut zahra).unwrap();
    let text = amina.put_object(ROOT, "note", ObjType::Text).unwrap();
    amina.splice_text(&text, 0, 0, "call back").unwrap();
    amina.commit();
    amina.splice_text(&text, 5, 4, "tomorrow").unwrap();
    amina.commit();
    amina.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect()
}

fn entry(changes: Vec<(DocumentName, Vec<u8>)>) -> Vec<u8> {
    let draft = Draft {
        space: space(),
        sequence: 1,
        previous: None,
        auth_heads: membership().heads(),
        entry_heads: vec![],
        changes,
    };
    Item::Entry(Entry::sign(&inviter(), draft).unwrap()).encode()
}

/// Two documents; the first changes are left out, so that others build on what is not here.
fn mixed() -> Vec<u8> {
    let name = |kind| DocumentName { kind, bucket: "2026-q4".into(), generation: 0 };
    let placed = |(number, bytes)| (name(if number == 5 { 41 } else { 40 }), bytes);
    entry(changes().into_iter().enumerate().skip(2).map(placed).collect())
}

/// So many alike that streams are packed by themselves.
pub(super) fn alike() -> Vec<u8> {
    let mut document = AutoCommit::new().with_actor(ActorId::from([0xc4; 16]));
    for number in 0..150u64 {
        let random: [u8; 16] = ids::first(crate::ids::hash("rafiq 2026 vector ids v1", &[&number.to_be_bytes()]));
        let goal = document.put_object(ROOT, format!("goal/{}", to_text(&random)), ObjType::Map).unwrap();
        document.put(&goal, "text", format!("goal number {number}")).unwrap();
        document.put(&goal, "at", 1_795_334_400_000 + (number * 7919 % 997) as i64).unwrap();
        document.commit();
    }
    let name = DocumentName { kind: 40, bucket: String::new(), generation: 0 };
    entry(document.get_changes(&[]).iter().map(|change| (name.clone(), change.raw_bytes().to_vec())).collect())
}

fn vectors() -> Value {
    let compact = |item: &[u8]| {
        let (chosen, encoded) = codec::encode(item).unwrap();
        assert_eq!(chosen, COMPACT);
        encoded
    };
    let case = |name: &str, codec: u8, item: &[u8], encoded: &[u8]| {
        assert_eq!(codec::decode(codec, encoded).unwrap(), item, "{name}");
        json!({ "name": name, "codec": codec, "item": hex(item), "encoded": hex(encoded) })
    };
    let (mixed, alike) = (mixed(), alike());
    let cut = &compact(&mixed)[..200];
    json!({
        "about": "Entries of real changes, written by core/src/sync/wire/vectors/codecs.rs. Decoding `encoded` gives `item`. How \
                  well an encoder packs is its own affair: other bytes that decode to the same item are as good.",
        "cases": [
            case("stored", STORED, &mixed, &mixed),
            case("deflated", DEFLATE, &mixed, &compress_to_vec(&mixed, 8)),
            case("compact: every kind of value, three people, two documents", COMPACT, &mixed, &compact(&mixed)),
            case("compact: streams packed by themselves", COMPACT, &alike, &compact(&alike)),
        ],
        "malformed": ["", "00", "0100", "ff", hex(cut)],
    })
}

#[test]
fn codec_vectors() {
    let ours = vectors();
    for text in ours["malformed"].as_array().unwrap().iter().map(|bytes| bytes.as_str().unwrap()) {
        let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
        let bytes: Vec<u8> = (0..text.len()).step_by(2).map(byte).collect();
        assert_eq!(codec::decode(COMPACT, &bytes), Err(WireError::Malformed), "{text}");
    }
    hold_against("codec.json", &ours);
}

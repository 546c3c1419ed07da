//! Parts of packs, and the entries that come out of them.

use super::*;
use crate::sync::wire::codec::{self, COMPACT_PART};

fn third_entry() -> Entry {
    let name = DocumentName { kind: 30, bucket: String::new(), generation: 1 };
    let draft = Draft {
        space: space(),
        sequence: 2,
        previous: Some(first_entry().hash()),
        auth_heads: membership().heads(),
        entry_heads: vec![second_entry().head()],
        changes: vec![(name, vec![0x64; 9])],
    };
    Entry::sign(&inviter(), draft).unwrap()
}

fn part(number: u32, entries: Vec<Entry>) -> PartDraft {
    PartDraft {
        space: space(),
        auth_heads: membership().heads(),
        covers: Covers { instance: [0xa1; 16], restores: 1, position: 1_000 },
        number,
        operations: vec![],
        epochs: vec![],
        entries,
        ends: None,
    }
}

fn vectors() -> Value {
    let sign = |part: PartDraft| Part::sign(&inviter(), part).unwrap();
    let entries = vec![first_entry(), second_entry(), third_entry()];
    let ends = Some(vec![third_entry().head(), second_entry().head()]);
    let Item::Entry(alike) = Item::decode(&super::codecs::alike()).unwrap() else { panic!("it is an entry") };
    let case = |name: &str, part: Part| {
        let entries: Vec<String> = part.entries().iter().map(|entry| hex(&entry.encode())).collect();
        json!({ "name": name, "item": hex(&Item::Part(part).encode()), "entries": entries })
    };
    let compact = Item::Part(sign(part(3, vec![alike.clone()]))).encode();
    let (codec, encoded) = codec::encode(&compact).unwrap();
    assert_eq!(codec, COMPACT_PART);
    assert_eq!(codec::decode(codec, &encoded).unwrap(), compact);
    json!({
        "about": "Parts of packs, written by core/src/sync/wire/vectors/packs.rs: the keys are those of wire.json. What comes out are \
                  the entries, as their authors signed them. The first device is the steward.",
        "parts": [
            case("operations", sign(PartDraft { operations: vec![founding(), add(), publish()], ..part(1, vec![]) })),
            case("entries that name each other", sign(part(2, entries))),
            case("an entry whose past is elsewhere", sign(part(2, vec![second_entry(), third_entry()]))),
            case("real changes", sign(part(3, vec![alike]))),
            case("the last", sign(PartDraft { ends, ..part(4, vec![]) })),
        ],
        "compact": { "codec": codec, "encoded": hex(&encoded), "item": hex(&compact) },
    })
}

#[test]
fn pack_vectors() {
    hold_against("pack.json", &vectors());
}

//! A bundle, and what a reader makes of it when it has suffered.

use super::exchange::{sealed_alert, sealed_entry};
use super::*;
use crate::sync::bundle::scan::{Found, scan};
use crate::sync::bundle::sheet::{HASH, HEAD, MAGIC, ROW, Sheets};

/// More than a sheet holds.
const MANY: u16 = 1_030;

fn envelopes() -> Vec<Vec<u8>> {
    let large = seal(&epoch(), &space_tag(&space()), Urgency::Large, &[0x65; 900]).unwrap();
    let small = seal(&epoch(), &space_tag(&space()), Urgency::Small, &Item::Operation(add()).encode()).unwrap();
    vec![sealed_alert(), sealed_entry(), small, large, b"of a version to come".to_vec()]
}

fn bundle(envelopes: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut sheets = Sheets::new(&mut bytes);
    envelopes.iter().for_each(|envelope| sheets.put(envelope).unwrap());
    sheets.finish().unwrap();
    bytes
}

/// Two bundles, one behind the other.
fn whole() -> (Vec<u8>, usize) {
    let first = bundle(&envelopes()[..3]);
    let second = first.len();
    ([first, bundle(&envelopes()[3..])].concat(), second)
}

/// What is done to the bundle, and what is read of it then.
fn case(name: &str, edit: Value) -> Value {
    let (mut bytes, _) = whole();
    let number = |place: usize| edit[place].as_u64().unwrap() as usize;
    match edit[0].as_str().unwrap() {
        "flip" => bytes[number(1)] ^= 1,
        "set" => bytes[number(1)] = number(2) as u8,
        "cut" => bytes.truncate(number(1)),
        "drop" => drop(bytes.drain(number(1)..number(2))),
        "insert" => drop(bytes.splice(number(1)..number(1), b"noise of some length".iter().copied())),
        "only" => bytes = edit[1].as_str().unwrap().as_bytes().to_vec(),
        other => panic!("{other}"),
    }
    let (mut read, mut damaged) = (Vec::new(), Vec::new());
    let is_bundle = scan(&mut &bytes[..], &mut |found| {
        match found {
            Found::Envelope(_, bytes) => read.push(envelopes().iter().position(|known| known == bytes).unwrap()),
            Found::Damaged(damage) => damaged.push(json!([damage.what.code(), damage.at])),
            Found::Begins(_) | Found::Ends => {}
        }
        Ok(())
    });
    json!({ "name": name, "edit": edit, "is_bundle": is_bundle.unwrap(), "read": read, "damaged": damaged })
}

fn vectors() -> Value {
    let (bytes, second) = whole();
    let lengths: Vec<usize> = envelopes().iter().map(Vec::len).collect();
    let first = HEAD + 3 * ROW + HASH;
    let (entry, small) = (first + lengths[0], first + lengths[0] + lengths[1]);
    let trailer = small + lengths[2];
    let many: Vec<Vec<u8>> = (0..MANY).map(|number| number.to_be_bytes().to_vec()).collect();
    json!({
        "about": "A bundle, written by core/src/sync/wire/vectors/bundle.rs: two, one behind the other. Each case does something to it \
                  and says what is read then: places in `envelopes`, and what is damaged where. `many` is a bundle of so many \
                  envelopes of two bytes, 0000, 0001, …, told by its length and by the name that an envelope of these bytes would have.",
        "envelopes": envelopes().iter().map(|envelope| hex(envelope)).collect::<Vec<_>>(),
        "bundle": hex(&bytes),
        "empty": hex(&bundle(&[])),
        "many": { "count": MANY, "length": bundle(&many).len(), "name": hex(&envelope_id(&bundle(&many))) },
        "cases": [
            case("whole", json!(["cut", bytes.len()])),
            case("an envelope", json!(["flip", entry + 40])),
            case("the last envelope of a sheet", json!(["flip", small + 1])),
            case("a name in an index", json!(["flip", HEAD + 3])),
            case("a length in an index", json!(["flip", HEAD + ROW - 1])),
            case("a count", json!(["set", 11, 200])),
            case("a magic", json!(["flip", 0])),
            case("a version to come", json!(["set", 8, 2])),
            case("no version", json!(["set", 8, 0])),
            case("neither last nor not", json!(["set", 9, 2])),
            case("a trailer", json!(["flip", trailer + 5])),
            case("the last trailer", json!(["flip", bytes.len() - 1])),
            case("cut in the magic", json!(["cut", second + 5])),
            case("cut in an index", json!(["cut", second + HEAD + ROW])),
            case("cut in an envelope", json!(["cut", bytes.len() - HASH - 3])),
            case("cut in a trailer", json!(["cut", bytes.len() - 3])),
            case("cut between sheets", json!(["cut", second])),
            case("cut in the first sheet and added to", json!(["drop", entry + 100, second])),
            case("cut right before an envelope and added to", json!(["drop", small, second])),
            case("cut so that the next begins in an envelope's last bytes", json!(["drop", trailer - 4, second])),
            case("cut in the trailer and added to", json!(["drop", trailer + 7, second])),
            case("cut in an index and added to", json!(["drop", HEAD + 20, second])),
            case("noise before", json!(["insert", 0])),
            case("noise between", json!(["insert", second])),
            case("noise behind", json!(["insert", bytes.len()])),
            case("noise in an envelope", json!(["insert", entry + 100])),
            case("nothing", json!(["cut", 0])),
            case("the beginning of a magic", json!(["cut", 3])),
            case("something else", json!(["only", "a photograph, say"])),
        ],
    })
}

#[test]
fn bundle_vectors() {
    assert!(whole().0.starts_with(&MAGIC));
    hold_against("bundle.json", &vectors());
}

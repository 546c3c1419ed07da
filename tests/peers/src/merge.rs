//! 1,000 edits to a shard of 500 services, received: ours opened, judged, tried on a clone, committed, and in rows and in the search index;
//! Loro's imported into a document in memory, in clear, and nothing else.

use crate::{Row, median, ms, timed};
use loro::{Container, ExportMode, LoroDoc, LoroMap, ValueOrContainer};
use rafiq::host::NoProgress;
use rafiq::sharing::Reach;
use rafiq::sync::Budget;
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::phone::{Phone, post};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A shard's services, and how many of their fields are edited.
const SERVICES: usize = 500;
const EDITS: usize = 1_000;
const TURNS: usize = 5;

pub fn rows() -> Vec<Row> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(our_turn());
        theirs.push(loro_turn());
    }
    let (ours, theirs) = (median(ours), median(theirs));
    vec![Row {
        work: "merge 1,000 edits into a shard of 500 services, rows and search included",
        ours: format!("{}, durable", ms(ours)),
        other: format!("{} Loro, import alone", ms(theirs)),
        ratio: ours.as_secs_f64() / theirs.as_secs_f64(),
        bar: "4",
    }]
}

/// The services as HSDS, with two fields that an edit changes.
fn services(edited: bool) -> Vec<Value> {
    let word = if edited { "moved to the first floor" } else { "on the ground floor" };
    let contents = (0..SERVICES).map(|n| {
        json!({
            "id": format!("00000000-0000-4000-8000-{n:012}"),
            "name": format!("Advice centre {n}, {word}"),
            "description": format!("Help with housing, health, school and work, room {n}, {word}."),
            "status": "active",
            "assured_date": "2026-10-01",
            "email": format!("centre{n}@example.org"),
            "url": format!("https://example.org/{n}"),
            "organization": { "id": format!("10000000-0000-4000-8000-{:012}", n / 40), "name": format!("Bridge {}", n / 40) },
        })
    });
    contents.collect()
}

fn our_turn() -> Duration {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayHandle::start(Config::new(folder.path().join("relay.db"))).unwrap();
    let url = relay.url();
    let (curator, reader) = (Phone::new(5, "Olena", "uk"), Phone::new(6, "Amina", "prs"));
    curator.sync().set_home_relay(&url).unwrap();
    let space = curator.directory().found("Region", SERVICES as i64).unwrap().space;
    let import = |edited| {
        let file = folder.path().join("services.json");
        std::fs::write(&file, json!({ "contents": services(edited) }).to_string()).unwrap();
        curator.directory().import(&space, &file, &NoProgress).unwrap()
    };
    import(false);
    let invite = curator.sharing().invite(&space, Reach::InPerson).unwrap();
    curator.exchange(&url);
    reader.sharing().accept(&invite.text).unwrap();
    reader.exchange(&url);
    curator.exchange(&url);
    for request in curator.sharing().requests().unwrap() {
        curator.sharing().admit(&request.id).unwrap();
    }
    curator.exchange(&url);
    reader.exchange(&url);
    reader.exchange(&url);
    assert_eq!(reader.directory().search("ground", 50).unwrap().len(), 50);
    import(true);
    curator.exchange(&url);
    // The line's time is not the merge's.
    let mut line = Duration::ZERO;
    let carry = |exchange: &rafiq::sync::Exchange| {
        let start = Instant::now();
        let answer = post(&exchange.relay, &exchange.bytes);
        line += start.elapsed();
        answer
    };
    let (_, time) = timed(|| reader.rafiq().exchange(&url, Budget { bytes: 1 << 20, metered: false }, 20, carry).unwrap());
    assert_eq!(reader.directory().search("moved", 50).unwrap().len(), 50);
    time - line
}

fn loro_turn() -> Duration {
    let source = LoroDoc::new();
    let write = |edited: bool| {
        for (n, service) in services(edited).into_iter().enumerate() {
            let map = map_of(&source, n);
            for (field, value) in service.as_object().unwrap() {
                let text = value.to_string();
                if !edited || matches!(field.as_str(), "name" | "description") {
                    map.insert(field, text).unwrap();
                    source.commit(); // each edit a change of its own, as a person's are
                }
            }
        }
    };
    write(false);
    let sink = LoroDoc::new();
    sink.import(&source.export(ExportMode::all_updates()).unwrap()).unwrap();
    let before = source.oplog_vv();
    write(true);
    assert_eq!(
        source.oplog_vv().iter().map(|(_, end)| *end).sum::<i32>() - before.iter().map(|(_, end)| *end).sum::<i32>(),
        EDITS as i32
    );
    let update = source.export(ExportMode::updates(&before)).unwrap();
    let (_, time) = timed(|| sink.import(&update).unwrap());
    time
}

/// One service's map, made at the first edit.
fn map_of(document: &LoroDoc, n: usize) -> LoroMap {
    let services = document.get_map("services");
    match services.get(&n.to_string()) {
        Some(ValueOrContainer::Container(Container::Map(map))) => map,
        _ => services.insert_container(&n.to_string(), LoroMap::new()).unwrap(),
    }
}

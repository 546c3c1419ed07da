//! What somebody who was away for a while gets, and by how many bytes.

use crate::{Row, beside, deflated_len, ms, timed};
use automerge::sync::{State, SyncDoc};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT};
use rafiq::mentoring::NewPairing;
use rafiq::sync::Budget;
use rafiq::sync::wire::codec;
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::phone::{Phone, let_in, post};
use std::time::Duration;

/// 1,000 edits by one phone, caught up by another over a real relay; beside automerge's own sync of the same edits.
pub fn catch_up_bytes_and_time() -> Vec<Row> {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayHandle::start(Config::new(folder.path().join("relay.db"))).unwrap();
    let url = relay.url();
    let (mentor, newcomer) = (Phone::new(3, "Bohdan", "uk"), Phone::new(4, "Amina", "prs"));
    mentor.sync().set_home_relay(&url).unwrap();
    let new = NewPairing { model: "newcomer-mentoring".into(), my_role: "mentor".into(), title: "pair".into() };
    let pairing = mentor.mentoring().begin(new).unwrap();
    let_in(&mentor, &newcomer, &pairing.id.value, |each| drop(each.exchange(&url)));
    for n in 0..1000 {
        mentor.mentoring().add_goal(&pairing.id, &format!("goal number {n}")).unwrap();
    }
    mentor.exchange(&url);
    let mut bytes = 0;
    let mut rounds = 0;
    let time = timed(|| {
        newcomer
            .rafiq()
            .exchange(&url, Budget { bytes: 1 << 20, metered: false }, 20, |exchange| {
                rounds += 1;
                let answer = post(&exchange.relay, &exchange.bytes)?;
                bytes += exchange.bytes.len() + answer.len();
                Ok::<_, rafiq::Error>(answer)
            })
            .unwrap()
    });
    assert_eq!(newcomer.mentoring().goals(&pairing.id).unwrap().len(), 1000);

    let mut source = AutoCommit::new();
    source.put(ROOT, "made", 1).unwrap();
    source.commit();
    let mut sink = source.fork();
    for n in 0..1000 {
        let goal = source.put_object(ROOT, format!("goal/{n:026}"), automerge::ObjType::Map).unwrap();
        source.put(&goal, "text", format!("goal number {n}")).unwrap();
        source.put(&goal, "by", "a".repeat(26)).unwrap();
        source.put(&goal, "at", 1_795_334_400_000i64).unwrap();
        source.commit();
    }
    let (mut there, mut here) = (State::new(), State::new());
    let (mut peer_bytes, mut peer_rounds) = (0, 0);
    let peer = timed(|| {
        loop {
            let out = sink.sync().generate_sync_message(&mut here);
            let answer = {
                if let Some(message) = out.clone() {
                    peer_bytes += message.clone().encode().len();
                    source.sync().receive_sync_message(&mut there, message).unwrap();
                }
                source.sync().generate_sync_message(&mut there)
            };
            if let Some(message) = answer.clone() {
                peer_bytes += message.clone().encode().len();
                sink.sync().receive_sync_message(&mut here, message).unwrap();
            }
            if out.is_none() && answer.is_none() {
                break;
            }
            peer_rounds += 1;
        }
    });
    let changes = raw_changes(&mentor);
    let raw = changes.concat();
    let deflated = deflated_len(&raw);
    let (packing, deflating) = packing_time(&changes);
    vec![
        Row {
            work: "catch up 1,000 edits, bytes",
            ours: format!("{:.1} KB in {rounds} round trip(s), sealed", bytes as f64 / 1e3),
            other: "26 KB".into(),
            ratio: bytes as f64 / 26e3,
            bar: "1",
        },
        Row {
            work: "catch up 1,000 edits, bytes, beside the same changes deflated in one piece",
            ours: format!("{:.1} KB in {rounds} round trip(s), sealed", bytes as f64 / 1e3),
            other: format!("{:.1} KB ({:.0} KB raw)", deflated as f64 / 1e3, raw.len() as f64 / 1e3),
            ratio: bytes as f64 / deflated as f64,
            bar: "1.3",
        },
        Row {
            work: "catch up 1,000 edits, bytes, beside automerge's sync",
            ours: format!("{:.1} KB in {rounds} round trip(s), sealed", bytes as f64 / 1e3),
            other: format!("{:.1} KB in {peer_rounds}, automerge sync, in clear", peer_bytes as f64 / 1e3),
            ratio: bytes as f64 / peer_bytes as f64,
            bar: "–",
        },
        Row {
            work: "catch up 1,000 edits, time (admission, durable commit and rows included)",
            ours: ms(time),
            other: format!("{} automerge sync in memory, nothing kept", ms(peer)),
            ratio: time.as_secs_f64() / peer.as_secs_f64(),
            bar: "–",
        },
        Row {
            work: "encode 1,000 edits for an envelope, read back, and decode them",
            ours: ms(packing),
            other: format!("{} deflating and inflating them", ms(deflating)),
            ratio: packing.as_secs_f64() / deflating.as_secs_f64(),
            bar: "–",
        },
    ]
}

/// The codec on an entry of these changes, and deflate on the same.
fn packing_time(changes: &[Vec<u8>]) -> (Duration, Duration) {
    let mut item = minicbor::Encoder::new(Vec::new());
    item.array(2).unwrap().u8(1).unwrap().array(3).unwrap().bytes(&[7; 300]).unwrap().bytes(&[9; 64]).unwrap();
    item.array(changes.len() as u64).unwrap();
    for change in changes {
        item.array(2).unwrap().u16(0).unwrap().bytes(change).unwrap();
    }
    let item = item.into_writer();
    let ours = |_| {
        timed(|| {
            let (codec, encoded) = codec::encode(&item).unwrap();
            assert_eq!(codec, codec::COMPACT);
            codec::decode(codec, &encoded).unwrap()
        })
    };
    let theirs = |_| {
        timed(|| miniz_oxide::inflate::decompress_to_vec(&miniz_oxide::deflate::compress_to_vec(&item, 8)).unwrap())
    };
    beside(21, ours, theirs)
}

/// The changes of the spaces that this phone shares, as they lie in its log.
fn raw_changes(phone: &Phone) -> Vec<Vec<u8>> {
    phone
        .replica()
        .read(|rows| {
            let mut statement = rows.prepare("SELECT bytes FROM change WHERE entry IS NOT NULL ORDER BY number")?;
            let found = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            Ok(found.map(|bytes| bytes.unwrap()).collect())
        })
        .unwrap()
}

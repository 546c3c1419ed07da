//! Test vectors: one of each, from fixed seeds, compared with the files in `tests/vectors`, so that another implementation can be
//! held against this one and no change of the format passes unseen. `tests/run vectors` derives them again in Python.
//!
//! `RAFIQ_WRITE_VECTORS=1 cargo test -p rafiq wire::vectors` writes the files again.
#![allow(clippy::unwrap_used)] // tests may stop at the first surprise

mod bundle;
mod codecs;
mod exchange;
mod membership;
mod packs;

use super::*;
use crate::ids::{PersonId, SpaceId};
use crate::replica::{Blob, SpaceKind};
use crate::sync::wire::operation::INBOX_REPORTS;
use rafiq_protocol::{Urgency, envelope_id};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

const RELAY: &str = "https://relay.example/";
const PERSON: PersonId = PersonId([0x21; 16]);
const NEWCOMER: PersonId = PersonId([0x22; 16]);

fn inviter() -> DeviceKeys {
    DeviceKeys::from_seed([0x11; 32], 1)
}

fn newcomer() -> DeviceKeys {
    DeviceKeys::from_seed([0x12; 32], 1)
}

fn epoch() -> EpochKey {
    EpochKey::new(1, [0x31; 32])
}

fn founding() -> Operation {
    let founder = FounderKey::from_seed([0x13; 32]).id();
    Operation::found(&inviter(), SpaceKind::Group, [0x41; 16], founder, PERSON).unwrap()
}

fn space() -> SpaceId {
    founding().space_id()
}

fn add() -> Operation {
    let device = DeviceRecord::of(&newcomer(), &space());
    let action = Action::Add(Add { person: NEWCOMER, device, role: Role::Writer });
    Operation::sign(&inviter(), space(), vec![founding().hash()], action).unwrap()
}

fn publish() -> Operation {
    let inbox = inviter().published_inbox(&space()).address();
    let action = Action::PublishInbox(PublishInbox { inbox, purpose: INBOX_REPORTS });
    Operation::sign(&inviter(), space(), vec![add().hash()], action).unwrap()
}

fn membership() -> Membership {
    Membership::replay(space(), [founding(), add(), publish()])
}

fn first_entry() -> Entry {
    let name = DocumentName { kind: 20, bucket: "2026-11".into(), generation: 0 };
    let draft = Draft {
        space: space(),
        sequence: 1,
        previous: None,
        auth_heads: membership().heads(),
        entry_heads: vec![],
        changes: vec![(name, vec![0x85, 0x6f, 0x4a, 0x83, 1])],
    };
    Entry::sign(&inviter(), draft).unwrap()
}

fn second_entry() -> Entry {
    let name = |kind, bucket: &str, generation| DocumentName { kind, bucket: bucket.into(), generation };
    let draft = Draft {
        space: space(),
        sequence: 2,
        previous: Some(EntryHash([0x51; 32])),
        auth_heads: membership().heads(),
        entry_heads: vec![first_entry().head()],
        changes: vec![
            (name(31, "2026-q4", 0), vec![0x61; 40]),
            (name(30, "", 1), vec![0x62; 3]),
            (name(31, "2026-q4", 0), vec![0x63; 7]),
        ],
    };
    Entry::sign(&newcomer(), draft).unwrap()
}

fn draft(title: &str) -> InviteDraft<'_> {
    InviteDraft {
        space: space(),
        kind: SpaceKind::Group,
        title,
        secret: [0x71; 16],
        inviter: inviter().device(),
        inbox: inviter().inbox().address(),
        relay: RELAY,
        expires: 1_800_000_000,
    }
}

fn invite() -> Invite {
    Invite::to_join(draft("گروه زنان"), Role::Writer).unwrap()
}

fn alert() -> Alert {
    Alert::new(&newcomer(), NoteId([0x81; 16]), CONTACT_ME_TODAY, NEWCOMER, "زهرا", 1_790_000_000_000).unwrap()
}

fn blob() -> Blob {
    Blob::seal(newcomer().device().0, [0x83; 32], "چیزی که تنها برای تو است").unwrap()
}

fn erase() -> Operation {
    let blobs = vec![ErasedBlob { author: newcomer().device(), digest: blob().digest() }];
    Operation::sign(&inviter(), space(), membership().heads(), Action::Erase(Erase { blobs })).unwrap()
}

/// One of each item.
pub(super) fn samples() -> Vec<(&'static str, Item)> {
    let note = "No such number.\nSince May.";
    let report = Report::new(NoteId([0x82; 16]), space(), "svc-1", "wrong-number", note, 1_790_000_000_000).unwrap();
    // As if the welcome held the last operation alone.
    let past = Past::new(&inviter(), newcomer().device(), space(), vec![founding(), add()]).unwrap();
    let welcome = Welcome::new(&inviter(), newcomer().device(), &membership(), &epoch(), (RELAY, None)).unwrap();
    vec![
        ("entry", Item::Entry(first_entry())),
        ("entry with previous, heads and three documents", Item::Entry(second_entry())),
        ("operation: found", Item::Operation(founding())),
        ("operation: add", Item::Operation(add())),
        ("operation: publish inbox", Item::Operation(publish())),
        ("alert", Item::Alert(alert())),
        ("join request", {
            Item::JoinRequest(JoinRequest::new(&newcomer(), &invite(), NEWCOMER, "زهرا", "prs").unwrap())
        }),
        ("welcome", Item::Welcome(welcome)),
        ("report", Item::Report(report)),
        ("alert received", {
            Item::AlertReceived(AlertReceived::new(&inviter(), &alert(), 1_790_000_060_000).unwrap())
        }),
        ("operation: erase", Item::Operation(erase())),
        ("blob", Item::Blob(blob())),
        ("blob, told again", {
            let mut blob = blob();
            blob.again = Some(1_000);
            Item::Blob(blob)
        }),
        ("past", Item::Past(past)),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn device(keys: &DeviceKeys) -> Value {
    let inbox = keys.inbox();
    json!({
        "seed": hex(keys.seed()),
        "incarnation": keys.incarnation(),
        "device": hex(&keys.device().0),
        "relay_key": hex(keys.relay_key(&space()).verifying_key().as_bytes()),
        "founding_relay_key": hex(keys.founding_relay_key(&[0x41; 16]).verifying_key().as_bytes()),
        "list_key": hex(keys.list_key(&space()).verifying_key().as_bytes()),
        "inbox": {
            "key": hex(&inbox.address().key),
            "token": hex(&inbox.address().token),
            "tag": hex(&inbox.address().tag()),
            "key_id": hex(&inbox.address().key_id()),
            "relay_key": hex(inbox.relay_key().verifying_key().as_bytes()),
            "list_key": hex(inbox.list_key().verifying_key().as_bytes()),
        },
        "published_inbox": hex(&keys.published_inbox(&space()).address().key),
    })
}

fn vectors() -> Value {
    let tag = space_tag(&space());
    let items: Vec<Value> = samples()
        .into_iter()
        .map(|(name, item)| {
            let bytes = item.encode();
            let entropy = [0x91; 32];
            let to = newcomer().inbox().address();
            let sealed = match item {
                Item::Entry(_) | Item::Operation(_) | Item::Blob(_) => seal(&epoch(), &tag, item.urgency(), &bytes),
                _ => seal_to_inbox(&to, item.urgency(), &bytes, &entropy),
            };
            let sealed = sealed.unwrap();
            json!({ "name": name, "item": hex(&bytes), "envelope": hex(&sealed), "envelope_id": hex(&envelope_id(&sealed)) })
        })
        .collect();
    let deflated = vec![0x65; 5000];
    let author = inviter().author();
    let document = first_entry().documents[0].id(&space());
    let directory = InviteDraft { kind: SpaceKind::Directory, ..draft("Довідник") };
    let read = Invite::to_read(directory, &EpochKey::new(3, [0x32; 32])).unwrap();
    json!({
        "about": "Fixed seeds; written by core/src/sync/wire/vectors. Envelopes of entries, operations and blobs are sealed \
                  with the epoch key, the others to the inbox of the second device with 32 bytes 91 as entropy.",
        "devices": [device(&inviter()), device(&newcomer())],
        "founder": { "seed": hex(&[0x13; 32]), "key": hex(&FounderKey::from_seed([0x13; 32]).id().0) },
        "epoch": {
            "number": epoch().number(),
            "key": hex(epoch().secret()),
            "key_id": hex(&epoch().key_id()),
            "list_key": hex(epoch().list_key().verifying_key().as_bytes()),
            "reader_relay_key": hex(epoch().reader_relay_key().verifying_key().as_bytes()),
        },
        "ids": {
            "space": hex(&space().0),
            "space_tag": hex(&tag),
            "operations": [hex(&founding().hash().0), hex(&add().hash().0), hex(&publish().hash().0)],
            "entries": [hex(&first_entry().hash().0), hex(&second_entry().hash().0)],
            "document": hex(&document.0),
            "actor": hex(&author.actor(&document)),
            "blob_digest": hex(&blob().digest()),
            "blob": hex(&blob().id(&space())),
            "change": hex(&ChangeHash::of(&first_entry().changes()[0].bytes).0),
        },
        "items": items,
        "deflated": {
            "item": hex(&deflated),
            "envelope": hex(&seal(&epoch(), &tag, Urgency::Large, &deflated).unwrap()),
        },
        "invites": [invite().to_text(), read.to_text()],
    })
}

/// Compares with the file, or writes it.
fn hold_against(file: &str, ours: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(file);
    if std::env::var_os("RAFIQ_WRITE_VECTORS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("{ours:#}\n")).unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    for (name, value) in kept.as_object().unwrap() {
        assert_eq!(&ours[name], value, "{file}, {name}: the format has changed");
    }
    assert_eq!(ours.as_object().unwrap().len(), kept.as_object().unwrap().len());
}

#[test]
fn wire_vectors() {
    hold_against("wire.json", &vectors());
}

#[test]
fn vectors_open() {
    let tag = space_tag(&space());
    for (name, item) in samples() {
        let bytes = item.encode();
        let opened = match item {
            Item::Entry(_) | Item::Operation(_) | Item::Blob(_) => {
                open(&[epoch()], &tag, &seal(&epoch(), &tag, item.urgency(), &bytes).unwrap())
            }
            _ => {
                let to = newcomer().inbox().address();
                open_from_inbox(newcomer().inbox(), &seal_to_inbox(&to, item.urgency(), &bytes, &[7; 32]).unwrap())
            }
        };
        assert_eq!(Item::decode(&opened.unwrap()).unwrap(), item, "{name}");
    }
}

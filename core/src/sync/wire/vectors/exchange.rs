//! A request to a relay, and an answer.

use super::*;
use ed25519_dalek::SigningKey;
use rafiq_protocol::{
    Cursor, DropList, DroppedEnvelope, KeyList, Left, ListedKey, MESSAGE_VERSION, Open, Post, PostResult, Request,
    Response, Rights, SectionBody, SectionResult, SpaceKind as RelayKind, Status, StoredEnvelope, Succession, Tag,
    Within, key_short_name, request_id, sign_handover, sign_key_list, sign_section,
};

const NONCE: [u8; 16] = [0xa1; 16];

pub(super) fn sealed_entry() -> Vec<u8> {
    seal(&epoch(), &space_tag(&space()), Urgency::Small, &Item::Entry(first_entry()).encode()).unwrap()
}

pub(super) fn sealed_alert() -> Vec<u8> {
    seal_to_inbox(&inviter().inbox().address(), Urgency::Alert, &Item::Alert(alert()).encode(), &[0x92; 32]).unwrap()
}

/// The founder opens the space on the relay, says who may read and write, and puts an entry there.
fn founding_section() -> (SigningKey, Tag, SectionBody) {
    let tag = space_tag(&space());
    let listed = |key: &SigningKey, rights| ListedKey { key: key.verifying_key().to_bytes(), rights };
    let founder = inviter().founding_relay_key(&[0x41; 16]);
    let before = EpochKey::new(1, [0x77; 32]).list_key();
    let mut list = KeyList {
        number: 2,
        keys: vec![
            listed(&founder, Rights::Both),
            listed(&newcomer().relay_key(&space()), Rights::Write),
            listed(&epoch().reader_relay_key(), Rights::Read),
        ],
        signature: [0; 64],
        succession: Some(Succession {
            list_key: epoch().list_key().verifying_key().to_bytes(),
            handovers: vec![sign_handover(&before, &tag, &epoch().list_key().verifying_key().to_bytes())],
        }),
    };
    sign_key_list(&epoch().list_key(), &tag, &mut list);
    let list_key = epoch().list_key().verifying_key().to_bytes();
    let body = SectionBody {
        cursor: Cursor::START,
        put: vec![sealed_entry()],
        last: Some([0; 8]),
        open: Some(Open { kind: RelayKind::Space, list_key, post_token: None }),
        keys: Some(list),
        covered: None,
        drop: Some(DropList { envelopes: vec![DroppedEnvelope([0xa6; 32])] }),
        within: None,
    };
    (founder, tag, body)
}

/// Our inbox, opened before, read up to three different places over a line that costs.
fn inbox_section() -> (SigningKey, Tag, SectionBody) {
    let inbox = newcomer().inbox().clone();
    let cursor = Cursor { alert: 3, small: 24, large: 0 };
    let within = Some(Within { small: 524_288, large: 65_536 });
    (inbox.relay_key(), inbox.address().tag(), SectionBody { cursor, within, ..SectionBody::default() })
}

fn request() -> Request {
    let signed = |(key, tag, body)| sign_section(&key, Some(&NONCE), tag, &body).unwrap();
    let inbox = inviter().inbox().address();
    Request {
        version: MESSAGE_VERSION,
        nonce: Some(NONCE),
        budget: 262_144,
        sections: [founding_section(), inbox_section()].map(signed).to_vec(),
        posts: vec![Post { tag: inbox.tag(), token: inbox.token, envelope: sealed_alert() }],
    }
}

fn response(request: &[u8]) -> Response {
    let result = |status, stored, envelopes: Vec<StoredEnvelope>, retry_after| SectionResult {
        status,
        cursor: Cursor { alert: 3, small: 25, large: 1 },
        more: !envelopes.is_empty(),
        stored,
        envelopes,
        retry_after,
        last: retry_after.map(|_| [0xa4; 8]),
        left: retry_after.is_none().then_some(Left { alert: 0, small: 1_200, large: 70_000 }),
    };
    Response {
        version: MESSAGE_VERSION,
        instance: [0xa2; 16],
        restores: 1,
        nonce: Some([0xa3; 16]),
        results: vec![
            result(Status::Full, 1, vec![], Some(3600)),
            result(Status::Ok, 0, vec![StoredEnvelope { position: 25, bytes: sealed_alert() }], None),
        ],
        posts: vec![PostResult { status: Status::TooMany, retry_after: Some(60) }],
        request: request_id(request),
    }
}

fn vectors() -> Value {
    let section = |(key, tag, body): (SigningKey, Tag, SectionBody)| {
        let public = key.verifying_key().to_bytes();
        json!({
            "secret": hex(key.as_bytes()),
            "key": hex(&public),
            "short_name": hex(&key_short_name(&public)),
            "tag": hex(&tag),
            "body": hex(&body.encode().unwrap()),
        })
    };
    let bytes = request().encode().unwrap();
    let first = Request { nonce: None, sections: vec![], posts: vec![], ..request() };
    json!({
        "about": "Two requests to a relay and an answer to the second, written by core/src/sync/wire/vectors/exchange.rs. Keys are \
                  those of wire.json.",
        "nonce": hex(&NONCE),
        "sections": [section(founding_section()), section(inbox_section())],
        "first_request": hex(&first.encode().unwrap()),
        "request": hex(&bytes),
        "request_id": hex(&request_id(&bytes)),
        "response": hex(&response(&bytes).encode().unwrap()),
    })
}

#[test]
fn exchange_vectors() {
    let bytes = request().encode().unwrap();
    assert_eq!(Request::decode(&bytes).unwrap(), request());
    let answer = response(&bytes).encode().unwrap();
    assert_eq!(Response::decode(&answer).unwrap(), response(&bytes));
    hold_against("exchange.json", &vectors());
}

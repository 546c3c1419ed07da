//! Messages: what comes out is what went in, and nothing else is let in.
#![allow(clippy::unwrap_used)] // tests may stop at the first surprise

use ed25519_dalek::SigningKey;
use proptest::{collection::vec, option, prelude::*};
use rafiq_protocol::limits::{MAX_BODY, MAX_ENVELOPES, MAX_SECTIONS};
use rafiq_protocol::*;

fn device(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn request(sections: Vec<Section>) -> Request {
    Request { version: MESSAGE_VERSION, nonce: Some([7; 16]), budget: 256 * 1024, sections, posts: vec![] }
}

fn response(results: Vec<SectionResult>) -> Response {
    let (version, request) = (MESSAGE_VERSION, [2; 8]);
    Response { version, instance: [1; 16], restores: 0, nonce: None, results, posts: vec![], request }
}

/// The bar: an exchange of four sections in which nobody has anything to say takes at most 600 bytes, both ways together.
#[test]
fn empty_exchange_is_small() {
    let position = 40_000; // a busy group after some years
    let body = SectionBody { cursor: Cursor::at(position), last: Some([3; 8]), ..SectionBody::default() };
    let sections = (1..=4).map(|n| sign_section(&device(n), Some(&[7; 16]), [n; 16], &body).unwrap()).collect();
    let asked = request(sections).encode().unwrap().len();
    let answer = || SectionResult::refused(Status::Ok, Cursor::at(position));
    let answered = response((0..4).map(|_| answer()).collect()).encode().unwrap().len();
    println!("empty exchange: {asked} + {answered} = {} bytes", asked + answered);
    assert!(asked + answered <= 600, "{asked} + {answered}");
}

#[test]
fn only_the_named_key_signs() {
    let body = SectionBody::default();
    let section = sign_section(&device(1), Some(&[7; 16]), [9; 16], &body).unwrap();
    let key = device(1).verifying_key().to_bytes();
    assert_eq!(verify_section(&section, Some(&[7; 16]), &key), Ok(()));
    let refused = Err(ProtocolError::BadSignature);
    assert_eq!(verify_section(&section, Some(&[8; 16]), &key), refused, "another day");
    assert_eq!(verify_section(&section, None, &key), refused, "no nonce");
    assert_eq!(verify_section(&section, Some(&[7; 16]), &device(2).verifying_key().to_bytes()), refused);
    assert_eq!(verify_section(&Section { tag: [8; 16], ..section.clone() }, Some(&[7; 16]), &key), refused);
    assert_eq!(verify_section(&Section { body: vec![0], ..section.clone() }, Some(&[7; 16]), &key), refused);
    // A key of small order would let anyone sign; the name fits, so only the strict check stands in the way.
    let weak = [0; 32];
    let forged = Section { key: KeyName::Whole(weak), signature: [0; 64], ..section };
    assert_eq!(verify_section(&forged, Some(&[7; 16]), &weak), refused);
}

#[test]
fn an_opening_names_its_whole_key() {
    let open = Open { kind: SpaceKind::Inbox, list_key: [4; 32], post_token: Some([5; 16]) };
    let body = SectionBody { open: Some(open), ..SectionBody::default() };
    let section = sign_section(&device(1), None, [9; 16], &body).unwrap();
    assert_eq!(section.key, KeyName::Whole(device(1).verifying_key().to_bytes()));
    assert_eq!(SectionBody::decode(&section.body), Ok(body));
}

#[test]
fn a_key_list_is_bound_to_its_space_and_number() {
    let key = |n: u8, rights| ListedKey { key: [n; 32], rights };
    let mut list = KeyList {
        number: 2,
        keys: vec![key(1, Rights::Both), key(2, Rights::Read)],
        signature: [0; 64],
        succession: None,
    };
    sign_key_list(&device(5), &[9; 16], &mut list);
    let list_key = device(5).verifying_key().to_bytes();
    assert_eq!(verify_key_list(&list, &[9; 16], &list_key), Ok(()));
    assert!(verify_key_list(&list, &[8; 16], &list_key).is_err());
    assert!(verify_key_list(&KeyList { number: 3, ..list.clone() }, &[9; 16], &list_key).is_err());
    let mut raised = list.clone();
    raised.keys[1].rights = Rights::Both;
    assert!(verify_key_list(&raised, &[9; 16], &list_key).is_err());
}

#[test]
fn a_list_key_hands_over_to_the_one_it_names_in_its_space() {
    let public = |n| device(n).verifying_key().to_bytes();
    let mut list = KeyList { number: 1, keys: vec![], signature: [0; 64], succession: None };
    sign_key_list(&device(6), &[9; 16], &mut list);
    assert_eq!(key_list_signer(&list, &[9; 16], &public(6)), Ok(public(6)));
    assert!(key_list_signer(&list, &[9; 16], &public(5)).is_err(), "nobody handed over");
    let to =
        |tag: &[u8; 16], key: &[u8; 32]| vec![sign_handover(&device(4), tag, key), sign_handover(&device(5), tag, key)];
    let with = |list_key, handovers| KeyList { succession: Some(Succession { list_key, handovers }), ..list.clone() };
    let good = with(public(6), to(&[9; 16], &public(6)));
    for known in [4, 5, 6] {
        assert_eq!(key_list_signer(&good, &[9; 16], &public(known)), Ok(public(6)));
    }
    assert!(key_list_signer(&good, &[9; 16], &public(7)).is_err(), "a key that handed nothing over");
    let elsewhere = [
        with(public(6), to(&[8; 16], &public(6))), // in another space
        with(public(6), to(&[9; 16], &public(7))), // to another key
        with(public(7), to(&[9; 16], &public(7))), // which did not sign
    ];
    for bad in elsewhere {
        assert!(key_list_signer(&bad, &[9; 16], &public(5)).is_err());
    }
}

#[test]
fn claimed_lengths_cost_nothing() {
    // A list that claims 2⁶⁴−1 sections, one of 2³² envelopes, a byte string of 2⁶³ bytes.
    let sections = [&[0x85, 1, 0xf6, 0, 0x9b][..], &[0xff; 8]].concat();
    assert_eq!(Request::decode(&sections), Err(ProtocolError::TooMany { what: "elements", limit: MAX_SECTIONS }));
    let envelopes = [0x82, 0, 0x9b, 0, 0, 0, 1, 0, 0, 0, 0];
    assert_eq!(
        SectionBody::decode(&envelopes),
        Err(ProtocolError::TooMany { what: "envelopes", limit: MAX_ENVELOPES })
    );
    let nonce = [0x85, 1, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(Request::decode(&nonce), Err(ProtocolError::Malformed { what: "a request" }));
    assert_eq!(
        Request::decode(&vec![0; MAX_BODY + 1]),
        Err(ProtocolError::TooLarge { what: "a request", limit: MAX_BODY })
    );
}

#[test]
fn only_the_shortest_form_is_read() {
    let good = request(vec![]).encode().unwrap();
    assert!(Request::decode(&good).is_ok());
    let refused = Err(ProtocolError::NotCanonical { what: "a request" });
    assert_eq!(Request::decode(&[&good[..], &[0]].concat()), refused, "trailing byte");
    let mut wide = vec![0x85, 0x18, 1]; // version 1 in two bytes
    wide.extend(&good[2..]);
    assert_eq!(Request::decode(&wide), refused);
    let mut open_ended = vec![0x9f];
    open_ended.extend(&good[1..]);
    open_ended.push(0xff);
    assert_eq!(Request::decode(&open_ended), refused);
    let mut longer = vec![0x86]; // a sixth element that nobody knows
    longer.extend(&good[1..]);
    longer.push(0);
    assert_eq!(Request::decode(&longer), refused);
    let spread = [&[0x82, 0x83, 5, 5, 5][..], &[0x80]].concat(); // a cursor of three equal positions
    assert_eq!(SectionBody::decode(&spread), Err(ProtocolError::NotCanonical { what: "a section" }));
}

#[test]
fn other_versions_are_told_apart() {
    let mut newer = request(vec![]);
    newer.version = 2;
    let bytes = newer.encode().unwrap();
    assert_eq!(Request::decode(&bytes), Err(ProtocolError::NewerVersion { what: "a request", version: 2 }));
    let mut zero = response(vec![]);
    zero.version = 0;
    assert_eq!(Response::decode(&zero.encode().unwrap()), Err(ProtocolError::Malformed { what: "a response" }));
}

#[test]
fn a_cut_message_is_malformed() {
    let body = SectionBody { put: vec![vec![1; MIN_ENVELOPE]], ..SectionBody::default() };
    let section = sign_section(&device(1), None, [9; 16], &body).unwrap();
    let bytes = request(vec![section]).encode().unwrap();
    for length in 0..bytes.len() {
        assert!(Request::decode(&bytes[..length]).is_err(), "{length}");
    }
    let short = SectionBody { put: vec![vec![1; MIN_ENVELOPE - 1]], ..SectionBody::default() };
    let refused = SectionBody::decode(&short.encode().unwrap());
    assert_eq!(refused, Err(ProtocolError::Malformed { what: "a byte string" }));
}

prop_compose! {
    fn envelopes()(all in vec(vec(any::<u8>(), MIN_ENVELOPE..MIN_ENVELOPE + 40), 0..4)) -> Vec<Vec<u8>> { all }
}

prop_compose! {
    fn cursors()(alert: u64, small: u64, large: u64, same: bool) -> Cursor {
        if same { Cursor::at(alert) } else { Cursor { alert, small, large } }
    }
}

fn bodies() -> impl Strategy<Value = SectionBody> {
    let kind = prop_oneof![Just(SpaceKind::Space), Just(SpaceKind::Inbox)];
    let open = (kind, any::<[u8; 32]>(), any::<Option<[u8; 16]>>()).prop_map(|(kind, list_key, post_token)| Open {
        kind,
        list_key,
        post_token,
    });
    let rights = prop_oneof![Just(Rights::Read), Just(Rights::Write), Just(Rights::Both)];
    let listed = (any::<[u8; 32]>(), rights).prop_map(|(key, rights)| ListedKey { key, rights });
    let keys = (any::<u32>(), vec(listed, 0..4)).prop_map(|(number, keys)| KeyList {
        number,
        keys,
        signature: [number as u8; 64],
        succession: number.is_multiple_of(2).then(|| Succession {
            list_key: [number as u8; 32],
            handovers: vec![Handover { from: [1; 32], signature: [2; 64] }; number as usize % 3],
        }),
    });
    let drop = vec(any::<[u8; 32]>().prop_map(DroppedEnvelope), 0..4).prop_map(|envelopes| DropList { envelopes });
    let within = any::<(u32, u32)>().prop_map(|(small, large)| Within { small, large });
    let (open, keys, drop, within) = (option::of(open), option::of(keys), option::of(drop), option::of(within));
    (cursors(), envelopes(), any::<Option<[u8; 8]>>(), open, keys, any::<Option<u64>>(), drop, within).prop_map(
        |(cursor, put, last, open, keys, covered, drop, within)| SectionBody {
            cursor,
            put,
            last,
            open,
            keys,
            covered,
            drop,
            within,
        },
    )
}

fn responses() -> impl Strategy<Value = Response> {
    let status = prop::sample::select(vec![
        Status::Ok,
        Status::Forbidden,
        Status::StaleNonce,
        Status::TooMany,
        Status::Full,
        Status::Invalid,
        Status::Behind,
    ]);
    let answers = (any::<bool>(), any::<u32>(), any::<Option<u32>>(), any::<Option<[u8; 8]>>(), any::<[u32; 3]>());
    let result = (status.clone(), cursors(), envelopes(), answers).prop_map(|(status, cursor, envelopes, answers)| {
        let (more, stored, retry_after, last, [alert, small, large]) = answers;
        let left = more.then_some(Left { alert, small, large });
        let envelopes = envelopes.into_iter().zip(1..).map(|(bytes, position)| StoredEnvelope { position, bytes });
        SectionResult { status, cursor, more, stored, envelopes: envelopes.collect(), retry_after, last, left }
    });
    let post = (status, any::<Option<u32>>()).prop_map(|(status, retry_after)| PostResult { status, retry_after });
    let identity = (any::<[u8; 16]>(), any::<u32>(), any::<Option<[u8; 16]>>(), any::<[u8; 8]>());
    (identity, vec(result, 0..4), vec(post, 0..3)).prop_map(|((instance, restores, nonce, request), results, posts)| {
        Response { version: 1, instance, restores, nonce, results, posts, request }
    })
}

proptest! {
    #[test]
    fn any_request_round_trips(
        seeds in vec((1u8..50, any::<[u8; 16]>(), bodies()), 0..4),
        nonce: Option<[u8; 16]>,
        budget: u32,
        posts in vec((any::<[u8; 16]>(), any::<[u8; 16]>(), envelopes()), 0..3),
    ) {
        let sections = seeds
            .iter()
            .map(|(n, tag, body)| sign_section(&device(*n), nonce.as_ref(), *tag, body).unwrap())
            .collect();
        let posts = posts
            .into_iter()
            .flat_map(|(tag, token, all)| all.into_iter().map(move |envelope| Post { tag, token, envelope }))
            .collect();
        let request = Request { version: 1, nonce, budget, sections, posts };
        let read = Request::decode(&request.encode().unwrap()).unwrap();
        prop_assert_eq!(&read, &request);
        for (section, (n, _, body)) in read.sections.iter().zip(&seeds) {
            let key = device(*n).verifying_key().to_bytes();
            prop_assert_eq!(verify_section(section, nonce.as_ref(), &key), Ok(()));
            prop_assert_eq!(&SectionBody::decode(&section.body).unwrap(), body);
        }
    }

    #[test]
    fn any_response_round_trips(response in responses()) {
        prop_assert_eq!(Response::decode(&response.encode().unwrap()), Ok(response));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..300)) {
        let _ = Request::decode(&bytes);
        let _ = Response::decode(&bytes);
        let _ = SectionBody::decode(&bytes);
    }

    /// One byte changed anywhere: refused, or read as something else that is written exactly so.
    #[test]
    fn a_changed_byte_never_confuses(response in responses(), at: prop::sample::Index, flip in 1u8..) {
        let mut bytes = response.encode().unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(read) = Response::decode(&bytes) {
            prop_assert_eq!(read.encode().unwrap(), bytes);
        }
    }
}

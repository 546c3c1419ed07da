#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::*;
use crate::replica::SpaceKind;
use crate::sync::wire::invite::InviteDraft;
use crate::sync::wire::keys::FounderKey;
use crate::sync::wire::operation::{Operation, Role};

pub(in crate::sync::wire) fn keys(seed: u8) -> DeviceKeys {
    DeviceKeys::from_seed([seed; 32], 1)
}

pub(in crate::sync::wire) fn founding() -> Operation {
    let founder = FounderKey::from_seed([9; 32]).id();
    Operation::found(&keys(1), SpaceKind::Group, [4; 16], founder, PersonId([1; 16])).unwrap()
}

pub(in crate::sync::wire) fn space() -> SpaceId {
    founding().space_id()
}

pub(in crate::sync::wire) fn invite(inviter: u8) -> Invite {
    let draft = InviteDraft {
        space: space(),
        kind: SpaceKind::Group,
        title: "گروه زنان",
        secret: [6; 16],
        inviter: keys(inviter).device(),
        inbox: keys(inviter).inbox().address(),
        relay: "https://relay.example/",
        expires: 1_800_000_000,
    };
    Invite::to_join(draft, Role::Writer).unwrap()
}

#[test]
fn joining() {
    let request = JoinRequest::new(&keys(2), &invite(1), PersonId([2; 16]), "Zahra", "prs").unwrap();
    let request = JoinRequest::decode(&request.encode()).unwrap();
    let space = invite(1).space;
    assert!(request.answers(&space, &[6; 16]));
    assert!(!request.answers(&space, &[7; 16]));
    assert!(!request.answers(&SpaceId([0; 32]), &[6; 16]));
    // The proof is for one device: another cannot use it.
    let mut stolen = (*request).clone();
    stolen.device = DeviceRecord::of(&keys(3), &space);
    let stolen = Signed::sign(stolen, keys(3).signing()).unwrap();
    assert!(!stolen.answers(&space, &[6; 16]));
    let long = JoinRequest::new(&keys(2), &invite(1), PersonId([2; 16]), &"z".repeat(65), "prs");
    assert_eq!(long, Err(WireError::TooLarge));
    let control = JoinRequest::new(&keys(2), &invite(1), PersonId([2; 16]), "Zahra\u{1b}[2J", "prs");
    assert_eq!(control, Err(WireError::Malformed));
}

#[test]
fn every_flip_and_cut_is_refused() {
    let request = JoinRequest::new(&keys(2), &invite(1), PersonId([2; 16]), "Zahra", "prs").unwrap().encode();
    for place in 0..request.len() {
        let mut bad = request.clone();
        bad[place] ^= 1;
        assert!(JoinRequest::decode(&bad).is_err(), "byte {place}");
        assert!(JoinRequest::decode(&request[..place]).is_err(), "cut at {place}");
    }
}

#[test]
fn reports() {
    let report = |note: &str| Report::new(NoteId([1; 16]), SpaceId([2; 32]), "svc-1", "wrong-number", note, 5);
    assert!(report("nobody answers\nsince May").is_ok());
    assert_eq!(report(&"x".repeat(MAX_REPORT_NOTE + 1)), Err(WireError::TooLarge));
    assert_eq!(report("\u{0}"), Err(WireError::Malformed));
}

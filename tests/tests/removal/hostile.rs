//! What somebody who is out, or a member who means harm, could do with the keys that they hold.

use super::scene::*;
use rafiq::ids::SpaceId;
use rafiq::sync::wire::{Draft, Entry, EntryHash, EntryHead, Epoch, EpochKey, Item, Membership, seal, space_tag};
use rafiq_protocol::{
    Cursor, KeyList, ListedKey, MESSAGE_VERSION, Request, Response, Rights, SectionBody, Status, Succession, Urgency,
    sign_handover, sign_key_list, sign_section,
};
use rafiq_tests::card::card;
use rafiq_tests::phone::{Phone, post};
use rafiq_tests::taken::{last_own, operations, secrets};

#[test]
fn whoever_was_removed_does_not_let_themselves_in_again_at_the_relay() {
    let circle = circle();
    let Circle { mentor, newcomer, other, url, pairing, .. } = &circle;
    let space = SpaceId::parse(&pairing.value).unwrap();
    mentor.sharing().remove(&pairing.value, &circle.person(newcomer)).unwrap();
    circle.exchange(&[mentor]);
    let (keys, epochs) = secrets(newcomer, &space);
    assert!(!epochs.is_empty());
    let (tag, key) = (space_tag(&space), keys.relay_key(&space));
    let public = key.verifying_key().to_bytes();
    let ask = |nonce, sections| {
        let request = Request { version: MESSAGE_VERSION, nonce, budget: 1 << 17, sections, posts: vec![] };
        Response::decode(&post(url, &request.encode().unwrap()).unwrap()).unwrap()
    };
    let nonce = ask(None, vec![]).nonce;
    for epoch in &epochs {
        let list_key = epoch.list_key();
        // A list of its own, by the key that it holds; and by its own key, to which that one hands over.
        let evil = Succession { list_key: public, handovers: vec![sign_handover(&list_key, &tag, &public)] };
        for (signer, succession) in [(&list_key, None), (&key, Some(evil))] {
            let keys = vec![ListedKey { key: public, rights: Rights::Both }];
            let mut list = KeyList { number: u32::MAX, keys, signature: [0; 64], succession };
            sign_key_list(signer, &tag, &mut list);
            let body = SectionBody { cursor: Cursor::START, keys: Some(list), ..SectionBody::default() };
            let answer = ask(nonce, vec![sign_section(&key, nonce.as_ref(), tag, &body).unwrap()]);
            assert_eq!((answer.results[0].status, answer.results[0].envelopes.len()), (Status::Forbidden, 0));
        }
    }
    other.mentoring().add_goal(pairing, "after").unwrap();
    circle.exchange(&[other, mentor, other]);
    assert_eq!(circle.goals(mentor), ["after"]);
    assert_eq!(circle.goals(other), ["after"], "who had not heard of it goes on");
}

/// Epochs as a member can plant them: numbered as they like, sealed to whom they like, under the key that all have. On a card.
fn planted(circle: &Circle, to: &[&Phone], numbers: &[u32]) -> Vec<u8> {
    let space = SpaceId::parse(&circle.pairing.value).unwrap();
    let (keys, epochs) = secrets(&circle.other, &space);
    let membership = Membership::replay(space, operations(&circle.other, &space));
    let devices: Vec<_> = to.iter().map(|phone| phone.sync().device()).collect();
    let members: Vec<_> = membership.members().filter(|member| devices.contains(&member.device.device)).collect();
    let mint = |(at, number): (usize, &u32)| {
        let key = EpochKey::new(*number, [at as u8 + 1; 32]);
        Epoch::mint(&keys, space, &membership.heads(), &members, (&key, &[]), &[at as u8; 32]).unwrap()
    };
    let items = numbers.iter().enumerate().flat_map(mint).map(|part| Item::Epoch(part).encode());
    card(items.map(|item| seal(&epochs[0], &space_tag(&space), Urgency::Small, &item).unwrap()))
}

#[test]
fn keys_that_a_member_planted_at_one_of_us_keep_no_removal_from_the_others() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let card = planted(&circle, &[mentor], &(100..140).collect::<Vec<_>>());
    assert_eq!(mentor.rafiq().read_bundle(&mut &card[..]).unwrap().taken, 40);
    assert_eq!(mentor.rafiq().read_bundle(&mut &card[..]).unwrap().taken, 0, "keys are new once");
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    mentor.mentoring().add_goal(pairing, "after").unwrap();
    circle.exchange(&[mentor, newcomer, mentor, newcomer]);
    assert_eq!(newcomer.people().list(&pairing.value).unwrap().len(), 3, "the roster stays");
    assert_eq!(circle.goals(newcomer), ["after"]);
    newcomer.mentoring().add_goal(pairing, "heard").unwrap();
    circle.exchange(&[newcomer, mentor]);
    assert_eq!(circle.goals(mentor), ["after", "heard"]);
    assert_eq!(newcomer.sync().status().unwrap().waiting, 0);
}

#[test]
fn a_member_who_uses_up_the_numbers_stops_nobody() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let card = planted(&circle, &[mentor, newcomer, other], &[u32::MAX / 2, u32::MAX / 2 - 1]);
    for phone in [mentor, newcomer] {
        assert_eq!(phone.rafiq().read_bundle(&mut &card[..]).unwrap().taken, 2);
    }
    mentor.mentoring().add_goal(pairing, "before").unwrap();
    circle.exchange(&[mentor, newcomer]);
    assert_eq!(circle.goals(newcomer), ["before"]);
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    mentor.mentoring().add_goal(pairing, "after").unwrap();
    circle.exchange(&[mentor, newcomer, mentor]);
    newcomer.mentoring().add_goal(pairing, "we go on").unwrap();
    circle.exchange(&[newcomer, mentor]);
    for phone in [mentor, newcomer] {
        assert_eq!(circle.goals(phone), ["after", "before", "we go on"]);
    }
    // Nor does a newcomer lack anything of the past.
    let late = Phone::new(4, "Shirin", "prs");
    join(mentor, &late, &circle.url, pairing);
    circle.exchange(&[&late, mentor, &late]);
    assert_eq!(circle.goals(&late), ["after", "before", "we go on"]);
}

#[test]
fn whoever_was_removed_fills_no_phone_with_what_nobody_speaks_for() {
    let circle = circle();
    let Circle { mentor, newcomer, other, pairing, .. } = &circle;
    let space = SpaceId::parse(&pairing.value).unwrap();
    mentor.sharing().remove(&pairing.value, &circle.person(other)).unwrap();
    circle.exchange(&[mentor, newcomer, mentor]);
    let (keys, epochs) = secrets(other, &space);
    let auth_heads = Membership::replay(space, operations(other, &space)).heads();
    let last = last_own(other, &space);
    // The next entry of the chain, signed two hundred times, never the same.
    let card = card((1..=200_u8).map(|number| {
        let (device, hash) = (newcomer.sync().device(), EntryHash([number; 32]));
        let draft = Draft {
            space,
            sequence: last.as_ref().map_or(1, |(_, last)| last.sequence + 1),
            previous: last.as_ref().map(|(hash, _)| *hash),
            auth_heads: auth_heads.clone(),
            entry_heads: vec![EntryHead { device, incarnation: 1, sequence: 1_000, hash }],
            changes: vec![],
        };
        let item = Item::Entry(Entry::sign(&keys, draft).unwrap()).encode();
        seal(&epochs[0], &space_tag(&space), Urgency::Small, &item).unwrap()
    }));
    assert_eq!(mentor.rafiq().read_bundle(&mut &card[..]).unwrap().aside, 200);
    let held = mentor.sync().held_items(1_000).unwrap();
    assert_eq!(held.iter().filter(|item| item.reason == "removed").count(), 64);
    assert_eq!(held.iter().filter(|item| item.reason == "too-many").count(), 136);
    // The same again changes nothing, and the others go on.
    mentor.rafiq().read_bundle(&mut &card[..]).unwrap();
    assert_eq!(mentor.sync().held_items(1_000).unwrap(), held);
    newcomer.mentoring().add_goal(pairing, "we go on").unwrap();
    circle.exchange(&[newcomer, mentor]);
    assert_eq!(circle.goals(mentor), ["we go on"]);
}

#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::super::cbor;
use super::*;
use ed25519_dalek::Signer;

fn keys(seed: u8) -> DeviceKeys {
    DeviceKeys::from_seed([seed; 32], 1)
}

fn founding() -> Operation {
    let founder = FounderKey::from_seed([9; 32]).id();
    Operation::found(&keys(1), SpaceKind::Group, [4; 16], founder, PersonId([1; 16])).unwrap()
}

fn add() -> Operation {
    let space = founding().space_id();
    let device = DeviceRecord::of(&keys(2), &space);
    let action = Action::Add(Add { person: PersonId([2; 16]), device, role: Role::Writer });
    Operation::sign(&keys(1), space, vec![founding().hash()], action).unwrap()
}

/// A body of someone else's making, signed as it is.
fn raw(bytes: &[u8]) -> Result<Operation> {
    let signature = keys(1).signing().sign(&[b"rafiq operation v1\0", bytes].concat()).to_bytes();
    Signed::verify(bytes.to_vec(), signature).map(Operation::with)
}

#[test]
fn returns_as_it_was() {
    let publish = PublishInbox { inbox: keys(1).inbox().address(), purpose: INBOX_REPORTS };
    let space = founding().space_id();
    let publish = Operation::sign(&keys(1), space, vec![add().hash()], Action::PublishInbox(publish)).unwrap();
    assert!(!publish.critical && add().critical);
    for operation in [founding(), add(), publish] {
        let again = Operation::decode(&operation.encode()).unwrap();
        assert_eq!(again, operation);
        assert_eq!(again.encode(), operation.encode());
        assert_eq!(again.space_id(), space);
    }
}

#[test]
fn every_flip_and_cut_is_refused() {
    for bytes in [founding().encode(), add().encode()] {
        for place in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[place] ^= 1;
            assert!(Operation::decode(&bad).is_err(), "byte {place}");
            assert!(Operation::decode(&bytes[..place]).is_err(), "cut at {place}");
        }
        assert_eq!(Operation::decode(&[&bytes[..], &[0]].concat()), Err(WireError::Malformed));
    }
}

#[test]
fn rules_of_the_body() {
    let judge = |change: &dyn Fn(&mut OperationBody)| {
        let mut body = (*add()).clone();
        change(&mut body);
        raw(&cbor::encode(&body))
    };
    assert_eq!(judge(&|_| ()).unwrap(), add());
    let malformed: [&dyn Fn(&mut OperationBody); 5] = [
        &|b| b.parents.clear(),
        &|b| b.space = None,
        &|b| b.parents = vec![OperationHash([2; 32]), OperationHash([1; 32])],
        &|b| b.action = founding().action.clone(),
        &|b| b.action = Action::Unknown(9), // our own version would know it
    ];
    for (number, change) in malformed.iter().enumerate() {
        assert_eq!(judge(change), Err(WireError::Malformed), "rule {number}");
    }
    assert_eq!(judge(&|b| b.author = keys(2).device()), Err(WireError::BadSignature));
    assert_eq!(judge(&|b| b.needs = 2), Err(WireError::Newer { needs: 2 }));
    let many = |b: &mut OperationBody| b.parents = (0..65).map(|n| OperationHash([n; 32])).collect();
    assert_eq!(judge(&many), Err(WireError::TooLarge));
    // Someone else's founding under one's own name.
    let mut stolen = (*founding()).clone();
    stolen.author = keys(2).device();
    let bytes = cbor::encode(&stolen);
    let signature = keys(2).signing().sign(&[b"rafiq operation v1\0", &bytes[..]].concat()).to_bytes();
    assert_eq!(Signed::<OperationBody>::verify(bytes, signature).unwrap_err(), WireError::Malformed);
}

#[test]
fn a_join_is_nothing_but_its_parents() {
    let parents = vec![OperationHash([1; 32]), OperationHash([2; 32])];
    let join = Operation::sign(&keys(1), add().space_id(), parents.clone(), Action::Join).unwrap();
    assert_eq!((&join.parents, join.critical), (&parents, false));
    assert_eq!(Operation::decode(&join.encode()).unwrap(), join);
    let mut bytes = cbor::encode(&*join);
    assert_eq!(bytes.pop(), Some(0xf6));
    bytes.push(0x01);
    assert_eq!(raw(&bytes), Err(WireError::Malformed));
}

#[test]
fn actions_to_come() {
    let mut body = (*add()).clone();
    body.version = 2;
    body.action = Action::Unknown(77);
    let later = raw(&cbor::encode(&body)).unwrap();
    assert_eq!(later.action, Action::Unknown(77));
    // Verbatim, with whatever stands inside.
    let mut bytes = cbor::encode(&body);
    assert_eq!(bytes.pop(), Some(0xf6));
    bytes.extend([0x83, 1, 2, 0x43, 1, 2, 3]);
    let later = raw(&bytes).unwrap();
    assert_eq!(later.action, Action::Unknown(77));
    assert_eq!(Operation::decode(&later.encode()).unwrap().hash(), OperationHash::of(&bytes));
}

#[test]
fn only_one_nonce_makes_one_space() {
    let founder = FounderKey::from_seed([9; 32]).id();
    let other = Operation::found(&keys(1), SpaceKind::Group, [5; 16], founder, PersonId([1; 16])).unwrap();
    assert_ne!(other.space_id(), founding().space_id());
    assert_ne!(founding().space_id().0, founding().hash().0);
}

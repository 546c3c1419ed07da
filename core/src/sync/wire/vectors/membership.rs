//! Removals, and the keys of a space one after the other.

use super::*;

/// 32 random bytes of whoever makes an epoch.
const ENTROPY: [u8; 32] = [0x93; 32];

/// A second device of the newcomer, vouched for by the first.
fn second_device() -> DeviceKeys {
    DeviceKeys::from_seed([0x14; 32], 3)
}

fn vouch() -> Operation {
    let device = DeviceRecord::of(&second_device(), &space());
    let action = Action::Add(Add { person: NEWCOMER, device, role: Role::Writer });
    Operation::sign(&newcomer(), space(), vec![publish().hash()], action).unwrap()
}

/// The steward takes the newcomer's first device out, having seen its second entry.
fn remove() -> Operation {
    let action = Action::Remove(Remove { devices: vec![newcomer().device()], cut: vec![second_entry().head()] });
    Operation::sign(&inviter(), space(), vec![vouch().hash()], action).unwrap()
}

fn keep() -> Operation {
    let later = EntryHead { sequence: 3, hash: EntryHash([0x52; 32]), ..second_entry().head() };
    let action = Action::Keep(Keep { ends: vec![later] });
    Operation::sign(&inviter(), space(), vec![remove().hash()], action).unwrap()
}

/// The founder's key recovers: it lets a device in again.
fn recover() -> Operation {
    let device = DeviceRecord::of(&newcomer(), &space());
    let action = Action::Add(Add { person: NEWCOMER, device, role: Role::Steward });
    let founder = FounderKey::from_seed([0x13; 32]);
    Operation::sign_as_founder(&founder, space(), vec![keep().hash()], action).unwrap()
}

/// Whoever finds more heads than an operation may name joins some first; here it is one.
fn join() -> Operation {
    Operation::sign(&inviter(), space(), vec![recover().hash()], Action::Join).unwrap()
}

/// Another key of the same number, made far away.
fn elsewhere() -> EpochKey {
    EpochKey::new(4, [0x33; 32])
}

fn joined() -> EpochKey {
    EpochKey::new(5, [0x34; 32])
}

/// The epoch after the removal, for the two devices that are left, joining two keys.
fn after_removal() -> Epoch {
    let membership = Membership::replay(space(), [founding(), add(), publish(), vouch(), remove(), keep()]);
    let members: Vec<_> = membership.members().collect();
    assert_eq!(members.len(), 2);
    let parents = [epoch(), elsewhere()];
    let parts =
        Epoch::mint(&inviter(), space(), &membership.heads(), &members, (&joined(), &parents), &ENTROPY).unwrap();
    parts.into_iter().next().unwrap()
}

fn vectors() -> Value {
    let item = |name: &str, operation: Operation| {
        let hash = hex(&operation.hash().0);
        json!({ "name": name, "item": hex(&Item::Operation(operation).encode()), "hash": hash })
    };
    let key =
        |key: &EpochKey| json!({ "number": key.number(), "key": hex(key.secret()), "key_id": hex(&key.key_id()) });
    let made = Item::Epoch(after_removal());
    let envelope = |under: &EpochKey| {
        let sealed = seal(under, &space_tag(&space()), made.urgency(), &made.encode()).unwrap();
        json!({ "key_id": hex(&under.key_id()), "envelope": hex(&sealed) })
    };
    json!({
        "about": "Removals and epochs, written by core/src/sync/wire/vectors/membership.rs; keys and the operations before these are \
                  those of wire.json. The epoch's author had 32 bytes 93 as entropy.",
        "second_device": device(&second_device()),
        "operations": [
            item("add: a second device", vouch()),
            item("remove", remove()),
            item("keep", keep()),
            item("add: by the founder's key", recover()),
            item("join", join()),
        ],
        "keys": [key(&epoch()), key(&elsewhere()), key(&joined())],
        "epoch": hex(&made.encode()),
        "envelopes": [envelope(&epoch()), envelope(&elsewhere()), envelope(&joined())],
    })
}

#[test]
fn membership_vectors() {
    let epoch = after_removal();
    assert_eq!(epoch.key_for(newcomer().device(), newcomer().inbox()), None, "not for whoever was taken out");
    for keys in [inviter(), second_device()] {
        assert_eq!(epoch.key_for(keys.device(), keys.inbox()), Some(joined()));
    }
    hold_against("membership.json", &vectors());
}

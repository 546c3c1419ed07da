#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::*;
use crate::ids::PersonId;
use crate::sync::wire::operation::{DeviceRecord, Role};

fn keys(seed: u8) -> DeviceKeys {
    DeviceKeys::from_seed([seed; 32], 1)
}

fn member(seed: u8) -> Member {
    let device = DeviceRecord::of(&keys(seed), &SPACE);
    Member { person: PersonId([seed; 16]), device, role: Role::Writer, operation: OperationHash([0; 32]) }
}

const SPACE: SpaceId = SpaceId([3; 32]);
const HEADS: [OperationHash; 1] = [OperationHash([5; 32])];

fn mint(members: &[Member], epoch: &EpochKey, parents: &[EpochKey]) -> Result<Vec<Epoch>> {
    let members: Vec<&Member> = members.iter().collect();
    Epoch::mint(&keys(1), SPACE, &HEADS, &members, (epoch, parents), &[9; 32])
}

#[test]
fn members_open_it_and_all_that_came_before() {
    let (first, other, second) = (EpochKey::new(1, [1; 32]), EpochKey::new(4, [4; 32]), EpochKey::new(5, [2; 32]));
    let parts = mint(&[member(1), member(2)], &second, &[first.clone(), other.clone()]).unwrap();
    let [epoch] = &parts[..] else { panic!("one part") };
    for seed in [1, 2] {
        let opened = epoch.key_for(keys(seed).device(), keys(seed).inbox()).unwrap();
        assert_eq!(opened, second);
        let mut parents = epoch.parent_keys(&opened);
        parents.sort_unstable_by_key(EpochKey::number);
        assert_eq!(parents, [first.clone(), other.clone()]);
    }
    assert_eq!(epoch.key_for(keys(3).device(), keys(3).inbox()), None);
    assert_eq!(epoch.key_for(keys(1).device(), keys(3).inbox()), None); // another's seal
    assert_eq!(epoch.parent_keys(&first), []); // an earlier key opens nothing
    assert_eq!(Epoch::decode(&epoch.encode()).unwrap(), *epoch);
}

#[test]
fn a_large_space_takes_several_parts_and_each_fits() {
    let many: Vec<Member> = (0..=255u8).map(member).collect();
    let twice: Vec<Member> = many
        .iter()
        .cloned()
        .chain((0..200u8).map(|n| {
            let device = DeviceRecord::of(&DeviceKeys::from_seed([n; 32], 1), &SPACE);
            let device = DeviceRecord { device: DeviceId([n ^ 0x5a; 32]), ..device };
            Member { device, ..member(n) }
        }))
        .collect();
    let key = EpochKey::new(2, [7; 32]);
    let parts = mint(&twice, &key, &[EpochKey::new(1, [1; 32])]).unwrap();
    assert_eq!(parts.iter().map(|part| part.seals.len()).collect::<Vec<_>>(), [MAX_SEALS, twice.len() - MAX_SEALS]);
    let device = keys(200);
    assert_eq!(parts.iter().filter_map(|part| part.key_for(device.device(), device.inbox())).count(), 1);
    assert!(parts.iter().all(|part| part.encode().len() < 60 * 1024));
}

#[test]
fn what_breaks_the_rules_is_refused() {
    let first = EpochKey::new(1, [1; 32]);
    assert_eq!(mint(&[member(1)], &EpochKey::new(1, [2; 32]), &[]), Err(WireError::Malformed)); // 1 is the founding's
    let early = mint(&[member(1)], &EpochKey::new(2, [2; 32]), &[EpochKey::new(2, [3; 32])]);
    assert_eq!(early, Err(WireError::Malformed));
    let mut bytes = mint(&[member(1)], &EpochKey::new(2, [2; 32]), &[first]).unwrap()[0].encode();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    assert!(Epoch::decode(&bytes).is_err());
}

#[test]
fn a_key_that_is_not_what_it_says_is_not_taken() {
    let (said, given) = (EpochKey::new(2, [2; 32]), EpochKey::new(2, [3; 32]));
    let honest = mint(&[member(1)], &said, &[]).unwrap().remove(0);
    // A minter gives this device another key than it names for all.
    let mut body = honest.into_body();
    let inbox = keys(1).inbox().address();
    let mut false_seal = seal(&given, &SPACE, keys(1).device(), &inbox, &[1; 32]).unwrap();
    false_seal.device = keys(1).device();
    body.seals = vec![false_seal];
    let epoch = Epoch::sign(body, keys(1).signing()).unwrap();
    assert_eq!(epoch.key_for(keys(1).device(), keys(1).inbox()), None);
}

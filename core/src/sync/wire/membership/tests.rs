#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::*;
use crate::sync::wire::keys::FounderKey;
use crate::sync::wire::operation::{Add, Erase, ErasedBlob, INBOX_REPORTS, Keep, OperationBody, PublishInbox};
use crate::sync::wire::signed::Signed;
use crate::sync::wire::{Draft, Entry, EntryHash};
use ed25519_dalek::Signer;
use proptest::prelude::*;

fn keys(seed: u8) -> DeviceKeys {
    DeviceKeys::from_seed([seed; 32], 1)
}

fn founder() -> FounderKey {
    FounderKey::from_seed([99; 32])
}

fn founding() -> Operation {
    Operation::found(&keys(1), SpaceKind::Group, [4; 16], founder().id(), PersonId([1; 16])).unwrap()
}

fn space() -> SpaceId {
    founding().space_id()
}

fn add_with(author: &DeviceKeys, parents: Vec<OperationHash>, device: &DeviceKeys, role: Role) -> Operation {
    let person = PersonId([device.seed()[0]; 16]);
    let action = Action::Add(Add { person, device: DeviceRecord::of(device, &space()), role });
    Operation::sign(author, space(), parents, action).unwrap()
}

fn add(author: u8, parents: &[&Operation], device: u8, role: Role) -> Operation {
    add_with(&keys(author), parents.iter().map(|parent| parent.hash()).collect(), &keys(device), role)
}

fn replay(operations: &[&Operation]) -> Membership {
    Membership::replay(space(), operations.iter().map(|operation| (*operation).clone()))
}

fn role(membership: &Membership, heads: &[&Operation], device: u8) -> Option<Role> {
    let heads: Vec<_> = heads.iter().map(|head| head.hash()).collect();
    membership.authorised_at(&heads, keys(device).device(), 1).role()
}

#[test]
fn a_space_grows() {
    let start = founding();
    let mentor = add(1, &[&start], 2, Role::Steward);
    let newcomer = add(2, &[&mentor], 3, Role::Writer);
    let membership = replay(&[&newcomer, &start, &mentor, &newcomer]);
    assert_eq!(membership.kind(), Some(SpaceKind::Group));
    assert_eq!(membership.heads(), [newcomer.hash()]);
    assert_eq!(membership.operations(), [start.clone(), mentor.clone(), newcomer.clone()]);
    assert_eq!(membership.people().values().copied().collect::<Vec<_>>(), [Role::Steward, Role::Steward, Role::Writer]);
    assert_eq!(role(&membership, &[&start], 1), Some(Role::Steward));
    assert_eq!(role(&membership, &[&start], 2), None); // not yet, there
    assert_eq!(role(&membership, &[&mentor], 2), Some(Role::Steward));
    assert_eq!(role(&membership, &[&newcomer], 3), Some(Role::Writer));
    assert_eq!(role(&membership, &[&newcomer], 4), None);
    assert_eq!(membership.relay_key(&keys(1)).unwrap(), keys(1).founding_relay_key(&[4; 16]));
    assert_eq!(membership.relay_key(&keys(2)).unwrap(), keys(2).relay_key(&space()));
    assert_eq!(membership.relay_key(&keys(4)), Err(WireError::NotForUs));
}

#[test]
fn only_stewards_add() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let by_writer = add(2, &[&writer], 3, Role::Writer); // of somebody else
    let by_stranger = add(4, &[&start], 4, Role::Steward);
    let on_refused = add(1, &[&by_writer], 5, Role::Writer);
    let too_early = add(2, &[&start], 6, Role::Writer); // names a past in which it was nobody
    let membership = replay(&[&start, &writer, &by_writer, &by_stranger, &on_refused, &too_early]);
    let refused = membership.refused();
    assert_eq!(refused[&by_writer.hash()], Refusal::NotAllowed);
    assert_eq!(refused[&by_stranger.hash()], Refusal::NotAllowed);
    assert_eq!(refused[&too_early.hash()], Refusal::NotAllowed);
    assert_eq!(refused[&on_refused.hash()], Refusal::RefusedParent);
    assert_eq!(membership.members().count(), 2);
    let stranger = membership.authorised_at(&[writer.hash(), by_writer.hash()], keys(1).device(), 1);
    assert_eq!(stranger, Authority::Stranger);
    // Another space's operations, its founding too, change nothing.
    let other = Operation::found(&keys(5), SpaceKind::Group, [8; 16], founder().id(), PersonId([5; 16])).unwrap();
    let membership = replay(&[&start, &other]);
    assert_eq!(membership.refused()[&other.hash()], Refusal::OtherSpace);
    assert_eq!(membership.members().count(), 1);
}

#[test]
fn what_is_missing_waits() {
    let start = founding();
    let mentor = add(1, &[&start], 2, Role::Steward);
    let newcomer = add(2, &[&mentor], 3, Role::Writer);
    let last = add(1, &[&newcomer], 4, Role::Writer);
    let membership = replay(&[&start, &newcomer, &last]);
    assert_eq!(membership.waiting()[&newcomer.hash()], BTreeSet::from([mentor.hash()]));
    assert_eq!(membership.waiting()[&last.hash()], BTreeSet::new());
    assert_eq!(membership.heads(), [start.hash()]);
    let waiting = membership.authorised_at(&[start.hash(), last.hash()], keys(1).device(), 1);
    assert_eq!(waiting, Authority::Waiting(vec![last.hash()]));
    // Without the founding operation nobody is anybody.
    let membership = replay(&[&mentor, &newcomer]);
    assert_eq!((membership.kind(), membership.members().count(), membership.waiting().len()), (None, 0, 2));
}

fn later(critical: bool, author: u8, parents: Vec<OperationHash>) -> Operation {
    let body = OperationBody {
        version: 2,
        needs: 1,
        critical,
        space: Some(space()),
        parents,
        author: keys(author).device(),
        incarnation: 1,
        action: Action::Unknown(77),
    };
    let bytes = super::super::cbor::encode(&body);
    let signature = keys(author).signing().sign(&[b"rafiq operation v1\0", &bytes[..]].concat()).to_bytes();
    Operation::decode(&Signed::<OperationBody>::verify(bytes, signature).unwrap().encode()).unwrap()
}

#[test]
fn unknown_operations() {
    let start = founding();
    let critical = later(true, 1, vec![start.hash()]);
    let harmless = later(false, 1, vec![start.hash()]);
    let strangers = later(true, 9, vec![start.hash()]);
    let after_critical = add(1, &[&critical], 2, Role::Writer);
    let after_harmless = add(1, &[&harmless], 3, Role::Writer);
    let membership = replay(&[&start, &critical, &harmless, &strangers, &after_critical, &after_harmless]);
    assert_eq!(membership.waiting().keys().copied().collect::<BTreeSet<_>>(), {
        BTreeSet::from([critical.hash(), after_critical.hash()])
    });
    assert_eq!(membership.refused()[&strangers.hash()], Refusal::NotAllowed);
    assert_eq!(role(&membership, &[&after_harmless], 3), Some(Role::Writer));
    assert_eq!(membership.member(keys(2).device()), None);
    let at = membership.authorised_at(&[after_critical.hash()], keys(2).device(), 1);
    assert_eq!(at, Authority::Waiting(vec![after_critical.hash()]));
}

#[test]
fn roles_and_incarnations() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let promoted = add(1, &[&writer], 2, Role::Steward);
    let membership = replay(&[&promoted, &writer, &start]);
    assert_eq!(role(&membership, &[&writer], 2), Some(Role::Writer));
    assert_eq!(role(&membership, &[&promoted], 2), Some(Role::Steward));
    // A restored phone goes on at once under a later incarnation; a record may end earlier ones from there on.
    let restored = DeviceKeys::from_seed([2; 32], 3);
    let renewed = add_with(&keys(1), vec![promoted.hash()], &restored, Role::Steward);
    let membership = replay(&[&promoted, &writer, &start, &renewed]);
    let at = |head: &Operation, incarnation| membership.authorised_at(&[head.hash()], restored.device(), incarnation);
    assert_eq!(at(&promoted, 3), Authority::Role(Role::Steward));
    assert_eq!(at(&promoted, 1), Authority::Role(Role::Steward));
    assert_eq!(at(&renewed, 2), Authority::Stranger);
    assert_eq!(at(&renewed, 3), Authority::Role(Role::Steward));
    assert_eq!(at(&writer, 0), Authority::Stranger);
}

#[test]
fn the_founders_key_recovers() {
    let start = founding();
    let action = Action::Add(Add {
        person: PersonId([1; 16]),
        device: DeviceRecord::of(&keys(7), &space()),
        role: Role::Steward,
    });
    let recovery = Operation::sign_as_founder(&founder(), space(), vec![start.hash()], action.clone()).unwrap();
    let forged = Operation::sign_as_founder(&FounderKey::from_seed([98; 32]), space(), vec![start.hash()], action);
    let forged = forged.unwrap();
    let membership = replay(&[&start, &recovery, &forged]);
    assert_eq!(role(&membership, &[&recovery], 7), Some(Role::Steward));
    assert_eq!(membership.refused()[&forged.hash()], Refusal::NotAllowed);
    // It is no device: it writes no entries.
    let at = membership.authorised_at(&[recovery.hash()], DeviceId(founder().id().0), 0);
    assert_eq!(at, Authority::Stranger);
}

#[test]
fn inboxes() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let publish = |author: u8, parent: &Operation, seed: u8| {
        let inbox = keys(seed).inbox().address();
        let action = Action::PublishInbox(PublishInbox { inbox, purpose: INBOX_REPORTS });
        Operation::sign(&keys(author), space(), vec![parent.hash()], action).unwrap()
    };
    let first = publish(1, &writer, 1);
    let second = publish(1, &first, 5);
    let diverted = publish(2, &second, 2);
    let membership = replay(&[&diverted, &second, &first, &writer, &start]);
    assert_eq!(membership.inboxes(INBOX_REPORTS), [keys(5).inbox().address(), keys(1).inbox().address()]);
    assert_eq!(membership.inboxes(9), []);
    assert_eq!(membership.refused()[&diverted.hash()], Refusal::NotAllowed);
}

fn remove(author: u8, parents: &[&Operation], devices: &[u8], cut: Vec<EntryHead>) -> Operation {
    let mut devices: Vec<DeviceId> = devices.iter().map(|seed| keys(*seed).device()).collect();
    devices.sort_unstable();
    let parents = parents.iter().map(|parent| parent.hash()).collect();
    Operation::sign(&keys(author), space(), parents, Action::Remove(Remove { devices, cut })).unwrap()
}

/// Whether a device belongs by all that is known.
fn belongs(membership: &Membership, device: u8) -> bool {
    membership.member(keys(device).device()).is_some()
}

fn erase(author: &DeviceKeys, parents: &[&Operation], whose: &[u8]) -> Operation {
    let mut blobs: Vec<_> =
        whose.iter().map(|seed| ErasedBlob { author: keys(*seed).device(), digest: [*seed; 32] }).collect();
    blobs.sort_unstable();
    let parents = parents.iter().map(|parent| parent.hash()).collect();
    Operation::sign(author, space(), parents, Action::Erase(Erase { blobs })).unwrap()
}

#[test]
fn the_author_or_a_steward_erases_and_nobody_else() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let other = add(1, &[&writer], 3, Role::Writer);
    // A second device of the writer's, which the writer has let in; and the other says that the writer's is theirs.
    let of = |author: u8, parent: &Operation, person: u8, device: u8| {
        let action = Action::Add(Add {
            person: PersonId([person; 16]),
            device: DeviceRecord::of(&keys(device), &space()),
            role: Role::Writer,
        });
        Operation::sign(&keys(author), space(), vec![parent.hash()], action).unwrap()
    };
    let second = of(2, &other, 2, 12);
    let claim = of(3, &second, 3, 2);
    let all = [&start, &writer, &other, &second, &claim];
    let counts = |erasure: &Operation| {
        let membership = replay(&[&all[..], &[erasure]].concat());
        assert_eq!(membership.heads(), [second.hash()], "no operation builds on an erasure");
        assert!(membership.refused().contains_key(&claim.hash()), "nobody claims another's device");
        assert!(membership.waiting().is_empty());
        membership.erasures().any(|(operation, _)| operation == erasure)
    };
    assert!(counts(&erase(&keys(2), &[&second], &[2])), "one's own");
    assert!(counts(&erase(&keys(12), &[&second], &[2, 12])), "and what one's other device wrote");
    assert!(counts(&erase(&keys(1), &[&second], &[2, 3, 77])), "a steward's word is enough, also on what is not known");
    assert!(!counts(&erase(&keys(3), &[&second], &[2])));
    assert!(!counts(&erase(&keys(3), &[&second], &[2, 3])), "all of it, or nothing");
    assert!(!counts(&erase(&keys(3), &[&claim], &[2])), "not by claiming the device");
    assert!(!counts(&erase(&keys(4), &[&second], &[4])), "nor by whoever does not belong");
    let membership = replay(&all);
    let may = |device: u8, author: u8| membership.may_erase(keys(device).device(), keys(author).device());
    assert_eq!([may(1, 2), may(2, 2), may(3, 2), may(3, 3), may(9, 9)], [true, true, false, true, false]);
}

#[test]
fn an_erasure_is_named_by_entries_and_nothing_rests_on_it() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let erasure = erase(&keys(2), &[&writer], &[2]);
    let on_it = add(1, &[&erasure], 3, Role::Writer);
    let membership = replay(&[&start, &writer, &erasure, &on_it]);
    assert_eq!(membership.refused().get(&on_it.hash()), Some(&Refusal::RefusedParent));
    assert_eq!(role(&membership, &[&writer, &erasure], 2), Some(Role::Writer));
    assert!(matches!(
        replay(&[&start, &writer]).authorised_at(&[writer.hash(), erasure.hash()], keys(2).device(), 1),
        Authority::Waiting(missing) if missing == [erasure.hash()]
    ));
    // Whoever is taken out by somebody who does not know of it: what is gone is gone.
    let removal = remove(1, &[&writer], &[2], vec![]);
    assert_eq!(replay(&[&start, &writer, &erasure, &removal]).erasures().count(), 1);
    // What says nothing is not said, and it is said in one order.
    let body = |blobs| Operation::sign(&keys(2), space(), vec![writer.hash()], Action::Erase(Erase { blobs }));
    let blob = |n: u8| ErasedBlob { author: keys(2).device(), digest: [n; 32] };
    for bad in [vec![], vec![blob(2), blob(1)], vec![blob(1), blob(1)]] {
        assert_eq!(body(bad).err(), Some(WireError::Malformed));
    }
    assert!(body((0..64).map(blob).collect()).unwrap().encode().len() < 8 * 1024);
    // A welcome leaves it out.
    let welcome = crate::sync::wire::Welcome::new(
        &keys(1),
        keys(2).device(),
        &replay(&[&start, &writer, &erasure]),
        &crate::sync::wire::EpochKey::new(1, [3; 32]),
        ("", None),
    );
    assert_eq!(welcome.unwrap().operations, [start, writer]);
}

#[test]
fn who_is_removed_is_out_and_may_come_back() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let removed = remove(1, &[&writer], &[2], vec![]);
    let back = add(1, &[&removed], 2, Role::Reader);
    let membership = replay(&[&start, &writer, &removed]);
    assert!(!belongs(&membership, 2));
    assert_eq!(role(&membership, &[&writer], 2), Some(Role::Writer)); // there it did
    assert_eq!(role(&membership, &[&removed], 2), None);
    assert_eq!(role(&replay(&[&start, &writer, &removed, &back]), &[&back], 2), Some(Role::Reader));
}

#[test]
fn everybody_may_leave_and_look_after_their_own_devices() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let other = add(1, &[&writer], 3, Role::Writer);
    let leaves = remove(2, &[&other], &[2], vec![]);
    let removes_other = remove(2, &[&other], &[3], vec![]);
    let own = |role, parent: &Operation| {
        let device = DeviceRecord::of(&keys(4), &space());
        let action = Action::Add(Add { person: PersonId([2; 16]), device, role });
        Operation::sign(&keys(2), space(), vec![parent.hash()], action).unwrap()
    };
    let (vouched, too_much) = (own(Role::Writer, &other), own(Role::Steward, &other));
    let lost = remove(4, &[&vouched], &[2], vec![]);
    let membership = replay(&[&start, &writer, &other, &leaves, &removes_other, &vouched, &too_much, &lost]);
    assert_eq!(membership.refused()[&removes_other.hash()], Refusal::NotAllowed);
    assert_eq!(membership.refused()[&too_much.hash()], Refusal::NotAllowed);
    assert!(!belongs(&membership, 2) && belongs(&membership, 3));
    assert_eq!(role(&membership, &[&lost], 4), Some(Role::Writer));
    // It left while it vouched, neither knowing of the other: a device that leaves takes nobody in.
    assert!(!belongs(&membership, 4));
    assert!(belongs(&replay(&[&start, &writer, &other, &vouched, &lost]), 4));
}

#[test]
fn a_removal_beats_what_the_removed_did_meanwhile() {
    let start = founding();
    let steward = add(1, &[&start], 2, Role::Steward);
    let before = add(2, &[&steward], 3, Role::Writer);
    let removed = remove(1, &[&before], &[2], vec![]);
    let meanwhile = add(2, &[&before], 4, Role::Steward);
    let by_the_added = add(4, &[&meanwhile], 5, Role::Writer);
    let membership = replay(&[&start, &steward, &before, &removed, &meanwhile, &by_the_added]);
    assert!(belongs(&membership, 3)); // the remover knew of it
    assert!(!belongs(&membership, 4) && !belongs(&membership, 5));
    // Nor does giving it a role meanwhile keep it in.
    let promoted = add(1, &[&steward], 2, Role::Writer);
    let membership = replay(&[&start, &steward, &before, &removed, &promoted]);
    assert!(!belongs(&membership, 2));
}

#[test]
fn who_removes_each_other_are_both_out_and_the_founders_key_recovers() {
    let start = founding();
    let steward = add(1, &[&start], 2, Role::Steward);
    let one = remove(1, &[&steward], &[2], vec![]);
    let two = remove(2, &[&steward], &[1], vec![]);
    let membership = replay(&[&start, &steward, &one, &two]);
    assert_eq!(membership.members().count(), 0);
    let device = DeviceRecord::of(&keys(1), &space());
    let again = Action::Add(Add { person: PersonId([1; 16]), device, role: Role::Steward });
    let again = Operation::sign_as_founder(&founder(), space(), vec![one.hash(), two.hash()], again).unwrap();
    let membership = replay(&[&start, &steward, &one, &two, &again]);
    assert_eq!(membership.members().map(|member| member.role).collect::<Vec<_>>(), [Role::Steward]);
}

#[test]
fn a_cut_holds_what_came_after_it() {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let end = |sequence| EntryHead { device: keys(2).device(), incarnation: 1, sequence, hash: EntryHash([7; 32]) };
    let removed = remove(1, &[&writer], &[2], vec![end(3)]);
    let keep = |author: u8, sequence| {
        let ends = Action::Keep(Keep { ends: vec![end(sequence)] });
        Operation::sign(&keys(author), space(), vec![removed.hash()], ends).unwrap()
    };
    let entry = |sequence, heads: &Operation| {
        let previous = (sequence > 1).then_some(EntryHash([7; 32]));
        let auth_heads = vec![heads.hash()];
        let (entry_heads, changes, space) = (vec![], vec![], space());
        Entry::sign(&keys(2), Draft { space, sequence, previous, auth_heads, entry_heads, changes }).unwrap()
    };
    let membership = replay(&[&start, &writer, &removed]);
    assert!(!membership.beyond_cut(&entry(3, &writer)));
    assert!(membership.beyond_cut(&entry(4, &writer)));
    let membership = replay(&[&start, &writer, &removed, &keep(1, 4)]);
    assert!(!membership.beyond_cut(&entry(4, &writer)) && membership.beyond_cut(&entry(5, &writer)));
    assert_eq!(replay(&[&start, &writer, &removed, &keep(2, 9)]).refused().len(), 1);
    // Let in again: what was written meanwhile comes with them, or what they write from now on would wait for it for ever.
    let back = add(1, &[&removed], 2, Role::Writer);
    let membership = replay(&[&start, &writer, &removed, &back]);
    assert!(!membership.beyond_cut(&entry(4, &back)) && !membership.beyond_cut(&entry(4, &writer)));
    assert!(membership.knows_all_removals(&[back.hash()]) && !membership.knows_all_removals(&[writer.hash()]));
}

/// Operations by random authors on random known parents, some of them not allowed, some of them unknown.
fn history(steps: &[(u8, u8, u8, u8, u8)]) -> Vec<Operation> {
    let mut operations = vec![founding()];
    for (author, one, two, device, what) in steps {
        let mut parents: Vec<OperationHash> =
            [one, two].iter().map(|n| operations[usize::from(**n) % operations.len()].hash()).collect();
        parents.sort_unstable();
        parents.dedup();
        let role = [Role::Reader, Role::Writer, Role::Steward, Role::Steward][usize::from(what % 4)];
        let (author, device) = (1 + author % 5, keys(1 + device % 5));
        operations.push(match what {
            0..=159 => add_with(&keys(author), parents, &device, role),
            160..=234 => {
                let removal = Action::Remove(Remove { devices: vec![device.device()], cut: vec![] });
                Operation::sign(&keys(author), space(), parents, removal).unwrap()
            }
            235..=245 => later(false, author, parents),
            _ => later(true, author, parents),
        });
    }
    operations
}

/// The rules once more, written plainly and slowly, over the names of operations.
struct Plain<'a>(&'a [Operation]);

type Past = BTreeSet<OperationHash>;

impl Plain<'_> {
    fn operation(&self, hash: &OperationHash) -> &Operation {
        self.0.iter().find(|operation| operation.hash() == *hash).unwrap()
    }

    /// These and all before them.
    fn past(&self, heads: &[OperationHash]) -> Past {
        let mut past = Past::new();
        let mut open = heads.to_vec();
        while let Some(hash) = open.pop() {
            if past.insert(hash) {
                open.extend(&self.operation(&hash).parents);
            }
        }
        past
    }

    fn removals(&self, known: &Past, device: DeviceId) -> Vec<OperationHash> {
        let removes = |operation: &&Operation| match &operation.action {
            Action::Remove(remove) => remove.devices.contains(&device) && known.contains(&operation.hash()),
            _ => false,
        };
        self.0.iter().filter(removes).map(Operation::hash).collect()
    }

    fn before(&self, one: &OperationHash, other: &OperationHash) -> bool {
        self.past(&self.operation(other).parents).contains(one)
    }

    fn stands(&self, known: &Past, hash: &OperationHash) -> bool {
        let operation = self.operation(hash);
        let apart =
            |removal: &OperationHash| removal != hash && !self.before(removal, hash) && !self.before(hash, removal);
        if self.removals(known, operation.author).iter().any(apart) {
            return false;
        }
        match &operation.action {
            Action::Found(_) => true,
            _ => self
                .member(&self.past(&operation.parents), operation.author)
                .is_some_and(|ground| self.stands(known, &ground.operation)),
        }
    }

    fn member(&self, known: &Past, device: DeviceId) -> Option<Member> {
        let removals = self.removals(known, device);
        let mut found = None;
        for operation in self.0.iter().filter(|operation| known.contains(&operation.hash())) {
            let (record, person, role) = match &operation.action {
                Action::Found(found) => (&found.device, found.person, Role::Steward),
                Action::Add(add) => (&add.device, add.person, add.role),
                _ => continue,
            };
            let hash = operation.hash();
            let knowing = removals.iter().all(|removal| self.before(removal, &hash));
            if record.device == device && knowing && self.stands(known, &hash) {
                found = Some(Member { person, device: record.clone(), role, operation: hash });
            }
        }
        found
    }

    fn may(&self, operation: &Operation) -> bool {
        let past = self.past(&operation.parents);
        let Some(author) = self.member(&past, operation.author) else { return false };
        match &operation.action {
            Action::Add(add) => {
                let of_another = |operation: &Operation| match &operation.action {
                    Action::Found(found) => found.device.device == add.device.device && found.person != add.person,
                    Action::Add(other) => other.device.device == add.device.device && other.person != add.person,
                    _ => false,
                };
                let mut known = self.0.iter().filter(|operation| past.contains(&operation.hash()));
                let own = add.person == author.person && add.role <= author.role;
                author.role == Role::Steward || own && !known.any(of_another)
            }
            Action::Remove(remove) => {
                let own = |device: &DeviceId| self.member(&past, *device).map(|other| other.person);
                author.role == Role::Steward || remove.devices.iter().all(|device| own(device) == Some(author.person))
            }
            _ => true,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_order_of_delivery_gives_the_same_membership(
        steps in proptest::collection::vec(any::<(u8, u8, u8, u8, u8)>(), 0..24),
        order in proptest::collection::vec(any::<u32>(), 25),
        cut in 0usize..25,
    ) {
        let operations = history(&steps);
        let whole = Membership::replay(space(), operations.clone());
        let mut shuffled: Vec<(u32, Operation)> = order.iter().copied().zip(operations.iter().cloned()).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<Operation> = shuffled.into_iter().map(|(_, operation)| operation).collect();
        prop_assert_eq!(&Membership::replay(space(), shuffled.clone()), &whole);
        let twice = shuffled.iter().chain(&shuffled).cloned();
        prop_assert_eq!(&Membership::replay(space(), twice), &whole);

        // A verdict never changes when more is known: with a part of them, each is judged alike or waits.
        let part = Membership::replay(space(), shuffled.into_iter().take(cut));
        for (hash, refusal) in part.refused() {
            prop_assert_eq!(whole.refused().get(hash), Some(refusal));
        }
        for operation in part.operations() {
            prop_assert!(whole.place.contains_key(&operation.hash()));
            for device in 1..6 {
                let (heads, device) = ([operation.hash()], keys(device).device());
                prop_assert_eq!(part.authorised_at(&heads, device, 1), whole.authorised_at(&heads, device, 1));
            }
        }
        prop_assert_eq!(whole.operations().len() + whole.refused().len() + whole.waiting().len(), {
            operations.iter().map(Operation::hash).collect::<BTreeSet<_>>().len()
        });
    }

    #[test]
    fn the_same_as_the_rules_said_plainly(steps in proptest::collection::vec(any::<(u8, u8, u8, u8, u8)>(), 0..24)) {
        let operations = history(&steps);
        let membership = Membership::replay(space(), operations.clone());
        let accepted = membership.operations();
        let plain = Plain(accepted);
        for (place, operation) in accepted.iter().enumerate() {
            // Causality first: all parents stand before.
            for parent in &operation.parents {
                prop_assert!(accepted[..place].iter().any(|earlier| earlier.hash() == *parent));
            }
            prop_assert!(place == 0 || plain.may(operation));
            for device in (1..6).map(|seed| keys(seed).device()) {
                let here = plain.member(&plain.past(&[operation.hash()]), device).map(|member| member.role);
                prop_assert_eq!(membership.authorised_at(&[operation.hash()], device, 1).role(), here);
            }
        }
        for operation in operations.iter().filter(|o| membership.refused().get(&o.hash()) == Some(&Refusal::NotAllowed)) {
            prop_assert!(!plain.may(operation));
        }
        let heads = membership.heads();
        for member in membership.members() {
            let now = membership.authorised_at(&heads, member.device.device, 1);
            prop_assert_eq!(now, Authority::Role(member.role));
            let plainly = plain.member(&plain.past(&heads), member.device.device);
            prop_assert_eq!(Some(member), plainly.as_ref());
        }
    }
}

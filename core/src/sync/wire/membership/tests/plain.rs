//! Any history, replayed, against the rules written once more.

use super::*;
use proptest::prelude::*;

/// Operations by random authors on random known parents, some of them not allowed, some of them unknown.
fn history(steps: &[(u8, u8, u8, u8, u8)]) -> Vec<Operation> {
    let start = founding();
    let writer = add(1, &[&start], 2, Role::Writer);
    let mut operations = vec![add(1, &[&writer], 3, Role::Writer), writer, start];
    for (author, one, two, device, what) in steps {
        let firm: Vec<&Operation> = operations.iter().filter(|it| !matches!(it.action, Action::Erase(_))).collect();
        let mut parents: Vec<OperationHash> =
            [one, two].iter().map(|n| firm[usize::from(**n) % firm.len()].hash()).collect();
        parents.sort_unstable();
        parents.dedup();
        let role = [Role::Reader, Role::Writer, Role::Steward, Role::Steward][usize::from(what % 4)];
        let (author, device) = (1 + author % 5, keys(1 + device % 5));
        // A device of its own person, or one that its author says is theirs.
        let person = PersonId([if what % 3 == 0 { author } else { device.seed()[0] }; 16]);
        operations.push(match what {
            0..=159 => add_as(person, &keys(author), parents, &device, role),
            160..=189 => {
                let mut blobs: Vec<_> = [device.device(), keys(1 + one % 5).device()]
                    .map(|author| ErasedBlob { author, digest: [*two; 32] })
                    .to_vec();
                blobs.truncate(1 + usize::from(what % 2));
                blobs.sort_unstable();
                blobs.dedup();
                Operation::sign(&keys(author), space(), parents, Action::Erase(Erase { blobs })).unwrap()
            }
            190..=234 => {
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

    /// Whether all that an erasure names was written by its author, or by devices of the author's person that never were another's.
    fn erases_own(&self, operation: &Operation, past: &Past, author: &Member) -> bool {
        let Action::Erase(erase) = &operation.action else { return false };
        let people = |device: DeviceId| -> Vec<PersonId> {
            let known = self.0.iter().filter(|operation| past.contains(&operation.hash()));
            known
                .filter_map(|operation| match &operation.action {
                    Action::Found(found) if found.device.device == device => Some(found.person),
                    Action::Add(add) if add.device.device == device => Some(add.person),
                    _ => None,
                })
                .collect()
        };
        erase.blobs.iter().all(|blob| {
            let people = people(blob.author);
            blob.author == operation.author || !people.is_empty() && people.iter().all(|one| *one == author.person)
        })
    }

    /// Whether an erasure takes away what others wrote, by a steward who is none now.
    fn needs_witness(&self, operation: &Operation) -> bool {
        let past = self.past(&operation.parents);
        let own = self.member(&past, operation.author).is_some_and(|then| self.erases_own(operation, &past, &then));
        let all = self.0.iter().map(Operation::hash).collect();
        !own && self.member(&all, operation.author).is_none_or(|now| now.role != Role::Steward)
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
            Action::Erase(_) => author.role == Role::Steward || self.erases_own(operation, &past, &author),
            _ => true,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_order_of_delivery_gives_the_same_membership(
        steps in proptest::collection::vec(any::<(u8, u8, u8, u8, u8)>(), 0..24),
        order in proptest::collection::vec(any::<u32>(), 27),
        cut in 0usize..27,
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
        for (erasure, _) in membership.erasures() {
            prop_assert_eq!(membership.needs_witness(erasure), plain.needs_witness(erasure));
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

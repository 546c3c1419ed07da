//! Trying changes on a copy of a document.
//!
//! The [scanner](super::scanner) has bounded what a change can cost and what it can say by itself. What is left only
//! shows against the document: an operation on an object that is not there, a predecessor under another key, a change
//! that is accepted and makes the saved document unreadable. So changes are applied to a clone, saved, loaded and
//! compared, under `catch_unwind`, before anything of them touches the real document. Run it outside the writer's lock;
//! when it succeeds, commit and then adopt the clone.
//!
//! A failure is about this replica and this version of automerge, not about the change: keep the change and try it
//! again after an upgrade. An abort of the process (out of memory) is not caught here; the caller's write-ahead row
//! notices that.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{ActorId, Automerge, Change, ChangeHash, ObjId, Prop, ROOT, ReadDoc};

use super::scanner::{MAX_DEPTH, Shape, Touched};

/// How many changes are applied at a time. 1,000 edits to a document of 5,000 records took 90 ms in batches of 50, 1.3 s
/// one by one and as long in one batch (measured).
pub const BATCH: usize = 50;

/// How often it is looked up in which place of a list an object stands, which takes as long as the list: 4 ms among
/// 4,000. With more, every key at the root counts as written to.
const MAX_LIST_LOOKUPS: usize = 64;

/// The document with the changes in it.
#[derive(Debug)]
pub struct Tried {
    /// A clone of the document given, with all changes applied; same actor. Adopt it after the commit.
    pub document: Automerge,
    /// The keys at the root under which anything was written, also deep inside: the rows to be read again. Patches would
    /// not do: they are silent when a value changes that loses against another.
    pub root_keys: BTreeSet<String>,
}

/// The change that could not be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspect {
    /// Its place among the changes given. All before it can be tried without it.
    pub index: usize,
    /// What went wrong.
    pub trouble: Trouble,
}

/// What can go wrong with changes that passed the scanner. Stored as its name beside the quarantined change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trouble {
    /// automerge could not parse it.
    Unreadable,
    /// automerge returned an error when applying it.
    NotApplied,
    /// It was taken but did not become part of the document: it waits for others.
    NotAdvanced,
    /// It refers to what its author cannot have seen.
    NotInThePast,
    /// It uses an object that is not in the document, or of another kind, or that lies deeper than
    /// [`MAX_DEPTH`].
    BadObject,
    /// The document with it could not be loaded after it was saved.
    NotReloaded,
    /// The document was loaded, but its heads or changes are others.
    Different,
    /// automerge panicked.
    Panicked,
}

impl Trouble {
    /// A short stable word for the quarantine table and the tests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NotApplied => "not-applied",
            Self::NotAdvanced => "not-advanced",
            Self::NotInThePast => "not-in-the-past",
            Self::BadObject => "bad-object",
            Self::NotReloaded => "not-reloaded",
            Self::Different => "different",
            Self::Panicked => "panicked",
        }
    }
}

/// A change to be tried: its bytes as they came and what the scanner said it writes to.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// The uncompressed change chunk.
    pub bytes: &'a [u8],
    /// From [`Scanned::touched`](super::scanner::Scanned::touched).
    pub touched: &'a Touched,
}

/// Apply changes to a clone of `base`, save it, load it and compare.
///
/// The changes must have passed the scanner and must stand in an order in which each builds on those before it and on
/// `base`. It takes one clone, one save and one load, however many changes; after a failure about as many more as the
/// number of changes has binary digits.
///
/// # Errors
/// The first change with which it does not work.
pub fn apply(base: &Automerge, changes: &[Trial<'_>]) -> Result<Tried, Suspect> {
    let mut trouble = match attempt(base, changes) {
        Ok(tried) => return Ok(tried),
        Err(trouble) => trouble,
    };
    // The shortest beginning that fails ends with the suspect.
    let (mut works, mut fails) = (0, changes.len());
    while fails - works > 1 {
        let middle = works + (fails - works) / 2;
        match attempt(base, &changes[..middle]) {
            Ok(_) => works = middle,
            Err(earlier) => (fails, trouble) = (middle, earlier),
        }
    }
    Err(Suspect { index: fails.saturating_sub(1), trouble })
}

/// The same without a search for the suspect: for changes that are tried in another way if these fail together. One try.
/// Everything it works on is its own or read only, so nothing half-done outlives a panic.
///
/// # Errors
/// What went wrong.
pub fn attempt(base: &Automerge, changes: &[Trial<'_>]) -> Result<Tried, Trouble> {
    catch_unwind(AssertUnwindSafe(|| try_all(base, changes))).unwrap_or(Err(Trouble::Panicked))
}

fn try_all(base: &Automerge, changes: &[Trial<'_>]) -> Result<Tried, Trouble> {
    let mut document = base.clone();
    let mut heads = Vec::with_capacity(changes.len());
    for batch in changes.chunks(BATCH) {
        let read = |trial: &Trial<'_>| Change::try_from(trial.bytes).map_err(|_| Trouble::Unreadable);
        let batch = batch.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        heads.extend(batch.iter().map(Head::of));
        document.apply_changes(batch).map_err(|_| Trouble::NotApplied)?;
    }
    if !has_all(&document, &heads) {
        return Err(Trouble::NotAdvanced);
    }
    only_the_past(&document, changes, &heads)?;
    let root_keys = root_keys(&document, changes.iter().map(|trial| trial.touched))?;
    reload(&document, &heads)?;
    Ok(Tried { document, root_keys })
}

/// What is asked of a change after it has been applied.
struct Head {
    hash: ChangeHash,
    actor: ActorId,
    dependencies: Vec<ChangeHash>,
}

impl Head {
    fn of(change: &Change) -> Self {
        Self { hash: change.hash(), actor: change.actor_id().clone(), dependencies: change.deps().to_vec() }
    }

    /// Whether its author did nothing but go on writing.
    fn follows(&self, before: &Self) -> bool {
        self.actor == before.actor && self.dependencies == [before.hash]
    }
}

fn has_all(document: &Automerge, heads: &[Head]) -> bool {
    heads.iter().all(|head| document.get_change_meta_by_hash(&head.hash).is_some())
}

/// Whatever a change refers to must lie in its causal past.
fn only_the_past(document: &Automerge, changes: &[Trial<'_>], heads: &[Head]) -> Result<(), Trouble> {
    let (mut since, mut unseen) = (&[][..], None);
    for (place, (trial, head)) in changes.iter().zip(heads).enumerate() {
        // While one author only goes on writing, the same changes of others stay unseen.
        if place == 0 || !head.follows(&heads[place - 1]) {
            (since, unseen) = (&head.dependencies[..], None);
        }
        if trial.touched.others.is_empty() {
            continue;
        }
        let unseen = unseen.get_or_insert_with(|| first_unseen(document, since));
        if trial
            .touched
            .others
            .iter()
            .any(|(actor, highest)| unseen.get(&actor[..]).is_some_and(|first| highest >= first))
        {
            return Err(Trouble::NotInThePast);
        }
    }
    Ok(())
}

/// For each actor the first operation that does not lie in the past of these heads; all that follow do not either.
fn first_unseen(document: &Automerge, heads: &[ChangeHash]) -> BTreeMap<Vec<u8>, u64> {
    let mut first = BTreeMap::new();
    for change in document.get_changes_meta(heads) {
        let operation = first.entry(change.actor.to_bytes().to_vec()).or_insert(change.start_op);
        *operation = change.start_op.min(*operation);
    }
    first
}

/// Loading builds every change again from its operations and compares the hashes of the heads, which cover all before
/// them; so equal heads mean equal bytes of every change.
fn reload(document: &Automerge, heads: &[Head]) -> Result<(), Trouble> {
    let loaded = Automerge::load(&document.save()).map_err(|_| Trouble::NotReloaded)?;
    if loaded.get_heads() == document.get_heads() && has_all(&loaded, heads) { Ok(()) } else { Err(Trouble::Different) }
}

/// The keys at the root that lead to what was written.
fn root_keys<'a>(
    document: &Automerge,
    touched: impl Iterator<Item = &'a Touched>,
) -> Result<BTreeSet<String>, Trouble> {
    let (mut keys, mut seen, mut in_lists) = (BTreeSet::new(), BTreeSet::new(), 0);
    for touched in touched {
        keys.extend(touched.root_keys.iter().cloned());
        for ((counter, actor), shape) in &touched.objects {
            // The index is only a hint; it is looked up by the actor when it is wrong.
            let object = ObjId::Id(*counter, ActorId::from(*actor), 0);
            let kind = document.object_type(&object).map_err(|_| Trouble::BadObject)?;
            // automerge takes a position in a map, and then the order of arrival matters.
            if kind.is_sequence() != (*shape == Shape::Positional) {
                return Err(Trouble::BadObject);
            }
            if seen.insert((*counter, *actor)) && in_lists < MAX_LIST_LOOKUPS {
                keys.insert(root_key(document, &object, &mut in_lists)?);
            }
        }
    }
    if in_lists >= MAX_LIST_LOOKUPS {
        keys.extend(document.keys(ROOT));
    }
    Ok(keys)
}

fn root_key(document: &Automerge, object: &ObjId, in_lists: &mut usize) -> Result<String, Trouble> {
    let mut parents = document.parents(object).map_err(|_| Trouble::BadObject)?;
    let mut last = None;
    for _ in 0..=MAX_DEPTH {
        match (parents.next(), last) {
            (Some(parent), _) => {
                *in_lists += usize::from(matches!(parent.prop, Prop::Seq(_)));
                last = Some(parent.prop);
            }
            (None, Some(Prop::Map(key))) => return Ok(key),
            (None, _) => return Err(Trouble::BadObject),
        }
    }
    Err(Trouble::BadObject)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)] // tests may stop at the first surprise

    use automerge::transaction::Transactable;
    use automerge::{AutoCommit, ObjType};

    use super::super::scanner::{Expected, Scan, scan};
    use super::*;

    static NOTHING: Touched = Touched { root_keys: BTreeSet::new(), objects: BTreeMap::new(), others: BTreeMap::new() };

    fn trials(changes: &[Vec<u8>]) -> Vec<Trial<'_>> {
        changes.iter().map(|bytes| Trial { bytes, touched: &NOTHING }).collect()
    }

    fn person(actor: u8) -> AutoCommit {
        AutoCommit::new().with_actor(ActorId::from([actor; 16]))
    }

    /// The raw bytes of everything since these heads.
    fn since(document: &mut AutoCommit, heads: &[ChangeHash]) -> Vec<Vec<u8>> {
        document.get_changes(heads).iter().map(|change| change.raw_bytes().to_vec()).collect()
    }

    #[test]
    fn the_clone_has_the_changes_and_the_document_has_not() {
        let mut writer = person(1);
        for number in 0..120 {
            writer.put(ROOT, format!("scalar/{}", number % 7), number).unwrap();
            writer.commit();
        }
        let base = Automerge::new().with_actor(ActorId::from([2; 16]));
        let tried = apply(&base, &trials(&since(&mut writer, &[]))).unwrap();
        assert_eq!(tried.document.get_heads(), writer.get_heads());
        assert_eq!(tried.document.get_actor(), base.get_actor());
        assert_eq!(tried.document.keys(ROOT).count(), 7);
        assert!(base.get_heads().is_empty());
        // Again: it is there already.
        let again = apply(&tried.document, &trials(&since(&mut writer, &[]))).unwrap();
        assert_eq!(again.document.save(), tried.document.save());
    }

    #[test]
    fn the_first_bad_change_is_found() {
        let mut writer = person(1);
        for number in 0..130 {
            writer.put(ROOT, "scalar", number).unwrap();
            writer.commit();
        }
        let honest = since(&mut writer, &[]);
        for bad in [0, 1, 49, 50, 99, 129] {
            let mut changes = honest.clone();
            changes[bad] = vec![0x85, 0x6f];
            let suspect = apply(&Automerge::new(), &trials(&changes)).unwrap_err();
            assert_eq!(suspect, Suspect { index: bad, trouble: Trouble::Unreadable });
        }
        // One is missing: the first after it waits.
        let mut changes = honest;
        changes.remove(60);
        let suspect = apply(&Automerge::new(), &trials(&changes)).unwrap_err();
        assert_eq!(suspect, Suspect { index: 60, trouble: Trouble::NotAdvanced });
        assert!(apply(&Automerge::new(), &[]).is_ok());
    }

    #[test]
    fn a_panic_inside_is_caught() {
        // A list that is not there: automerge panics.
        let mut writer = person(1);
        let list = writer.put_object(ROOT, "list", ObjType::List).unwrap();
        writer.commit();
        let heads = writer.get_heads();
        writer.insert(&list, 0, 1).unwrap();
        writer.commit();
        let mut change = writer.get_changes(&heads)[0].decode();
        change.deps = vec![];
        change.seq = 1;
        let bytes = Change::from(change).raw_bytes().to_vec();
        let suspect = apply(&Automerge::new(), &trials(&[bytes])).unwrap_err();
        assert_eq!(suspect, Suspect { index: 0, trouble: Trouble::Panicked });
    }

    /// automerge makes no patch for a losing value that changes.
    #[test]
    fn root_keys_tell_of_a_value_that_loses() {
        let mut base = person(9);
        let record = base.put_object(ROOT, "records/1", ObjType::Map).unwrap();
        base.put(&record, "title", "first").unwrap();
        base.commit();
        let start = base.get_heads();
        let (mut lower, mut higher) =
            (base.fork().with_actor(ActorId::from([1; 16])), base.fork().with_actor(ActorId::from([2; 16])));
        higher.put(&record, "title", "theirs").unwrap();
        higher.commit();
        lower.put(&record, "title", "ours").unwrap();
        lower.commit();
        let mut both = higher.fork();
        both.merge(&mut lower).unwrap();
        let before = both.document().clone();
        let heads = lower.get_heads();
        let highest = lower.get_changes(&start)[0].max_op();
        lower.put(&record, "title", "ours, again").unwrap();
        lower.commit();
        let bytes = &since(&mut lower, &heads)[0];
        let expected =
            Expected { actor: [1; 16], sequence: 2, previous: Some(heads[0].0), highest_operation: &|_| Some(highest) };
        let Ok(Scan::Ready(scanned)) = scan(bytes, &expected) else { panic!("it is honest") };
        let tried = apply(&before, &[Trial { bytes, touched: &scanned.touched }]).unwrap();
        assert_eq!(tried.root_keys, BTreeSet::from(["records/1".to_owned()]));
    }
    /// Taken here, it would be set aside where the other's change has not arrived.
    #[test]
    fn what_the_author_cannot_have_seen_is_set_aside() {
        let mut base = person(9);
        base.put(ROOT, "time", "18:00").unwrap();
        base.commit();
        let start = base.get_heads();
        let (mut one, mut other) =
            (base.fork().with_actor(ActorId::from([1; 16])), base.fork().with_actor(ActorId::from([2; 16])));
        one.put(ROOT, "place", "here").unwrap();
        one.put(ROOT, "place", "there").unwrap();
        one.commit();
        other.put(ROOT, "time", "17:00").unwrap();
        other.commit();
        one.merge(&mut other).unwrap();
        let heads = one.get_heads();
        one.put(ROOT, "time", "16:00").unwrap();
        one.commit();
        let mut change = one.get_changes(&heads)[0].decode();
        change.deps.retain(|dependency| *dependency != other.get_heads()[0]);
        let bytes = Change::from(change).raw_bytes().to_vec();
        let before = one.fork_at(&heads).unwrap().document().clone();
        let previous = one.get_changes(&start).iter().find(|change| change.len() == 2).unwrap().hash().0;
        let expected =
            Expected { actor: [1; 16], sequence: 2, previous: Some(previous), highest_operation: &|_| Some(3) };
        let Ok(Scan::Ready(scanned)) = scan(&bytes, &expected) else { panic!("its form is right") };
        let suspect = apply(&before, &[Trial { bytes: &bytes, touched: &scanned.touched }]).unwrap_err();
        assert_eq!(suspect, Suspect { index: 0, trouble: Trouble::NotInThePast });
    }
}

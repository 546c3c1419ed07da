//! What somebody wrote last, before they were out or knew that they were, comes to the others: though nothing had signed it when they heard, and
//! though it names an erasure of theirs.

use rafiq::Error;
use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, NewCheckIn, Share};
use rafiq::mentoring::PairingId;
use rafiq::people::PersonRef;
use rafiq::sync::wire::{Action, Item};
use rafiq::sync::{Budget, BundleContents};
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};
use std::fs::File;

struct Scene {
    world: World,
    mentor: Phone,
    amina: Phone,
    farid: Phone,
    shirin: Phone,
    pairing: PairingId,
}

/// Four stewards of one pairing, all of whom have read what Farid wrote in a check-in.
fn scene() -> Scene {
    let world = World::default();
    let ([mentor, amina, farid, shirin], pairing) = world.pairing();
    let share = Share::Pairing { pairing: pairing.value.clone() };
    let note = "too much said".into();
    let new = NewCheckIn { feeling: Feeling::Hard, helps: vec![], contact: ContactWish::No, share, note };
    farid.check_ins().record(new).unwrap();
    world.exchange(&[&farid, &mentor, &amina, &shirin, &farid]);
    Scene { world, mentor, amina, farid, shirin, pairing }
}

impl Scene {
    fn erase(&self) {
        let filter = CheckInFilter { space: Some(self.pairing.value.clone()), ..CheckInFilter::default() };
        let check_in = self.farid.check_ins().list(filter, 10, None).unwrap().items.remove(0);
        self.farid.check_ins().erase_words(&check_in.id).unwrap();
    }

    fn write(&self, goal: &str) {
        self.farid.mentoring().add_goal(&self.pairing, goal).unwrap();
    }

    fn person(&self) -> PersonRef {
        self.farid.people().me().unwrap().unwrap().id
    }

    fn everybody(&self) -> [&Phone; 4] {
        [&self.farid, &self.mentor, &self.amina, &self.shirin]
    }

    /// A week, and everybody is on the line each day.
    fn pass_a_week(&self) {
        for _ in 0..7 {
            self.world.exchange(&[&self.farid]);
            self.world.exchange(&self.everybody());
            self.world.pass(1, &self.everybody());
        }
    }

    /// Farid has no line and does not know that he is out; what he wrote then the mentor keeps.
    fn taken_out_and_kept(&self, does_erase: bool) {
        self.mentor.sharing().remove(&self.pairing.value, &self.person()).unwrap();
        if does_erase {
            self.erase();
        }
        self.write("my last word");
        self.world.exchange(&[&self.mentor, &self.mentor, &self.amina, &self.shirin]);
        self.pass_a_week();
        self.mentor.sharing().keep(&self.pairing.value, &self.person()).unwrap();
        self.world.exchange(&[&self.mentor, &self.amina, &self.shirin]);
    }

    /// He knows that he is out; some days later the mentor keeps what he had written, and all who stay have it.
    fn is_out_and_kept(&self) {
        let refused = self.farid.mentoring().add_goal(&self.pairing, "one more").unwrap_err();
        assert!(matches!(refused, Error::NotAllowed { .. }), "{refused:?}");
        self.pass_a_week();
        self.mentor.sharing().keep(&self.pairing.value, &self.person()).unwrap();
        self.world.exchange(&[&self.mentor, &self.amina, &self.shirin]);
        self.all_have(&[&self.mentor, &self.amina, &self.shirin], &["my last word"]);
    }

    /// All of these have the same goals, and nothing is left to come or to go.
    fn all_have(&self, phones: &[&Phone], expected: &[&str]) {
        for phone in phones {
            assert_eq!(phone.goals(&self.pairing), expected);
            phone.has_nothing_left();
        }
    }
}

#[test]
fn of_somebody_who_was_taken_out_and_had_erased_nothing_they_are_kept() {
    let scene = scene();
    scene.taken_out_and_kept(false);
    scene.all_have(&[&scene.mentor, &scene.amina, &scene.shirin], &["my last word"]);
}

#[test]
fn of_somebody_who_was_taken_out_they_are_kept() {
    let scene = scene();
    scene.taken_out_and_kept(true);
    scene.all_have(&[&scene.mentor, &scene.amina, &scene.shirin], &["my last word"]);
}

/// His line breaks off, and the others hear that he has left before they hear what he wrote.
#[test]
fn of_somebody_who_left_they_come_by_the_inboxes() {
    let scene = scene();
    scene.erase();
    scene.write("before I go");
    scene.farid.sharing().leave(&scene.pairing.value).unwrap();
    let sealed = scene.farid.replica().read(|rows| {
        let mut statement = rows.prepare("SELECT number, envelope FROM outbox WHERE token IS NULL ORDER BY number")?;
        let found = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        Ok(found.collect::<Result<Vec<_>, _>>()?)
    });
    let is_late = |envelope: &[u8]| match Item::decode(&scene.farid.sync().open_any(envelope).unwrap().unwrap()[0]) {
        Ok(Item::Entry(_)) => true,
        Ok(Item::Operation(operation)) => matches!(operation.action, Action::Erase(_)),
        _ => false,
    };
    let late = sealed.unwrap().into_iter().filter(|(_, envelope)| is_late(envelope));
    let late: Vec<String> = late.map(|(number, _)| number.to_string()).collect();
    assert_eq!(late.len(), 2);
    let outbox = |sql: &str| scene.farid.replica().store().write(|rows| Ok(rows.execute_batch(sql)?)).unwrap();
    let these = format!("FROM outbox WHERE number IN ({})", late.join(","));
    outbox(&format!("CREATE TEMP TABLE late AS SELECT * {these}; DELETE {these}"));
    scene.world.exchange(&[&scene.farid, &scene.mentor, &scene.mentor]);
    outbox("INSERT INTO outbox SELECT * FROM late");
    scene.pass_a_week();
    scene.all_have(&scene.everybody(), &["before I go"]);
}

#[test]
fn of_somebody_who_is_let_in_again_they_stand_before_what_is_new() {
    let scene = scene();
    scene.taken_out_and_kept(true);
    scene.world.join(&scene.mentor, &scene.farid, &scene.pairing.value);
    scene.world.exchange(&[&scene.farid, &scene.mentor, &scene.amina, &scene.farid]);
    scene.write("back again");
    scene.pass_a_week();
    scene.all_have(&scene.everybody(), &["back again", "my last word"]);
}

/// He hears of it from a card, before anything had signed what he wrote.
#[test]
fn of_somebody_who_hears_by_card_that_they_are_out_they_are_kept() {
    let scene = scene();
    scene.mentor.sharing().remove(&scene.pairing.value, &scene.person()).unwrap();
    scene.write("my last word");
    let card = scene.mentor.path().join("card");
    scene.mentor.sync().write_bundle(&card, &BundleContents::default()).unwrap();
    scene.farid.rafiq().read_bundle(&mut File::open(&card).unwrap()).unwrap();
    scene.is_out_and_kept();
}

/// He writes while a request of his is on its way, and the answer says that he is out.
#[test]
fn of_somebody_who_writes_while_the_answer_is_on_its_way_they_are_kept() {
    let scene = scene();
    scene.mentor.sharing().remove(&scene.pairing.value, &scene.person()).unwrap();
    scene.world.exchange(&[&scene.mentor]);
    let request = scene.farid.sync().next_exchange(URL, Budget::default()).unwrap();
    scene.write("my last word");
    let answer = scene.world.answer(&request.bytes);
    scene.farid.sync().receive(&answer).unwrap();
    scene.is_out_and_kept();
}

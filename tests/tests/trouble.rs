//! A fault of the store in one space keeps no other from its exchange, and is told until it is mended.

use rafiq::Error;
use rafiq::check_ins::{ContactWish, Feeling, NewCheckIn, Share};
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sync::{BundleContents, Standing};
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};
use rusqlite::params;

struct Scene {
    world: World,
    mentor: Phone,
    newcomer: Phone,
    /// The one that is spoiled, and the other.
    pairings: [PairingId; 2],
}

fn scene() -> Scene {
    let world = World::default();
    let (mentor, newcomer) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"));
    mentor.sync().set_home_relay(URL).unwrap();
    let pairings = ["One", "Two"].map(|title| {
        let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: title.into() };
        let pairing = mentor.mentoring().begin(new).unwrap().id;
        world.join(&mentor, &newcomer, &pairing.value);
        mentor.mentoring().add_goal(&pairing, "before").unwrap();
        pairing
    });
    world.exchange(&[&mentor, &newcomer]);
    Scene { world, mentor, newcomer, pairings }
}

impl Scene {
    fn spoiled(&self) -> SpaceId {
        SpaceId::parse(&self.pairings[0].value).unwrap()
    }

    /// Puts other bytes in the place of all of one table's of the spoiled space; what was there.
    fn spoil(&mut self, table: &str) -> Vec<(i64, Vec<u8>)> {
        let space = self.spoiled();
        let before = self.mentor.replica().store().write(|rows| {
            let mut statement = rows.prepare(&format!("SELECT number, bytes FROM {table} WHERE space = ?1"))?;
            let found = statement.query_map([&space.0[..]], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let before = found.collect::<Result<Vec<_>, _>>()?;
            rows.execute(&format!("UPDATE {table} SET bytes = x'00' WHERE space = ?1"), [&space.0[..]])?;
            Ok(before)
        });
        self.mentor.stop();
        self.mentor.start();
        before.unwrap()
    }

    fn mend(&mut self, table: &str, before: &[(i64, Vec<u8>)]) {
        let mended = self.mentor.replica().store().write(|rows| {
            for (number, bytes) in before {
                rows.execute(&format!("UPDATE {table} SET bytes = ?2 WHERE number = ?1"), params![number, bytes])?;
            }
            Ok(())
        });
        mended.unwrap();
        self.mentor.stop();
        self.mentor.start();
    }

    fn goals(&self, phone: &Phone, pairing: usize) -> usize {
        phone.mentoring().goals(&self.pairings[pairing]).unwrap().len()
    }
}

/// What cannot be read is the membership, which every exchange needs, or a document, into which something new is to go.
#[test]
fn one_space_that_cannot_be_read_keeps_no_other_from_its_exchange() {
    for table in ["operation", "change"] {
        println!("{table}");
        let mut scene = scene();
        let before = scene.spoil(table);
        for pairing in &scene.pairings {
            scene.newcomer.mentoring().add_goal(pairing, "from her").unwrap();
        }
        scene.mentor.mentoring().add_goal(&scene.pairings[1], "from him").unwrap();
        let Scene { world, mentor, newcomer, .. } = &scene;
        world.exchange(&[newcomer, mentor, newcomer]);
        assert_eq!((scene.goals(mentor, 1), scene.goals(newcomer, 1)), (3, 3), "the other space went on");
        assert_eq!(scene.goals(mentor, 0), 1);
        let status = mentor.sync().status().unwrap();
        assert_eq!(status.quarantined, 1);
        let held = mentor.sync().held_items(10).unwrap().remove(0);
        let told = (held.id, held.reason.as_str(), held.standing);
        assert_eq!(told, (scene.spoiled().to_string(), "store-fault", Standing::LocalQuarantine));
        if table == "operation" {
            // A card that would lack it is not said to be written.
            let contents = BundleContents { spaces: vec![scene.spoiled()], carried: false };
            assert_eq!(mentor.sync().stream_bundle(&mut Vec::new(), &contents).err(), Some(Error::Corrupt));
        }
        // Nothing was passed over: once it can be read again, all of it comes.
        scene.mend(table, &before);
        let Scene { world, mentor, newcomer, .. } = &scene;
        world.exchange(&[mentor, newcomer, mentor]);
        assert_eq!((scene.goals(mentor, 0), scene.goals(newcomer, 0)), (2, 2));
        assert_eq!(mentor.sync().status().unwrap().quarantined, 0);
        assert!(mentor.sync().held_items(10).unwrap().is_empty());
    }
}

/// What was erased in the other spaces is told as ever; of this one only that it was erased here.
#[test]
fn one_space_that_cannot_be_read_hides_no_other_receipt() {
    let mut scene = scene();
    for pairing in &scene.pairings {
        let share = Share::Pairing { pairing: pairing.value.clone() };
        let (feeling, contact, note) = (Feeling::Hard, ContactWish::No, "words".into());
        let check_in =
            scene.mentor.check_ins().record(NewCheckIn { feeling, helps: Vec::new(), contact, share, note }).unwrap();
        scene.mentor.check_ins().erase_words(&check_in.id).unwrap();
    }
    scene.spoil("operation");
    let told = scene.mentor.sync().erasures(10).unwrap();
    let devices = |at: usize| {
        let of = SpaceId::parse(&scene.pairings[at].value).unwrap();
        told.iter().find(|erasure| erasure.space == of).unwrap().devices.len()
    };
    assert_eq!((told.len(), devices(0), devices(1)), (2, 0, 2));
}

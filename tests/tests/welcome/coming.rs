//! Let in after many: by relay and by card, in any order, over days and restarts, for the first time and again.

use super::scene::*;
use rafiq::Error;
use rafiq::people::PersonRef;
use rafiq::sharing::Reach;
use rafiq::sync::BundleContents;
use rafiq::sync::wire::Item;
use rafiq_relay::Limits;
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};
use rusqlite::Connection;

fn comes_by_relay(count: usize) {
    let scene = group_of(count);
    let place = scene.space.to_string();
    scene.world.join(&scene.steward, &scene.newcomer, &place);
    assert!(scene.is_in());
    scene.world.exchange(&[&scene.steward, &scene.newcomer]);
    scene.are_together();
}

#[test]
fn into_a_group_of_three_hundred_operations_by_relay() {
    comes_by_relay(300);
}

#[test]
fn into_a_group_of_a_thousand_operations_by_relay() {
    comes_by_relay(1_100);
}

#[test]
fn into_a_group_that_is_nearly_full_at_a_relay_with_its_usual_limits() {
    let (steward, newcomer) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"));
    steward.sync().set_home_relay(URL).unwrap();
    let space = found(&steward, 3_900);
    // The relay has had them over the years, and has let go of them.
    let sent = |rows: &Connection| Ok(rows.execute("UPDATE operation SET unsent = 0", [])?);
    steward.replica().store().write(sent).unwrap();
    let scene = Scene { world: World::with(Limits::default()), steward, newcomer, space };
    scene.admitted();
    let notes = scene.ready().len();
    assert!(notes >= 15, "{notes} notes");
    let both = [&scene.steward, &scene.newcomer];
    for _ in 0..2 {
        scene.world.exchange(&both);
        scene.world.wait(1, &both);
    }
    assert!(scene.is_in());
    scene.are_together();
}

#[test]
fn into_a_group_of_a_thousand_operations_by_card_alone() {
    let (steward, newcomer) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"));
    let space = found(&steward, 1_100);
    let pass = |from: &Phone, to: &Phone| {
        let mut card = Vec::new();
        from.sync().stream_bundle(&mut card, &BundleContents::default()).unwrap();
        to.rafiq().read_bundle(&mut &card[..]).unwrap()
    };
    let invite = steward.sharing().invite(&space.to_string(), Reach::InPerson).unwrap();
    newcomer.sharing().accept(&invite.text).unwrap();
    pass(&newcomer, &steward);
    let request = steward.sharing().requests().unwrap().pop().unwrap();
    steward.sharing().admit(&request.id).unwrap();
    let report = pass(&steward, &newcomer);
    assert!(is_in(&newcomer, &space), "{report:?}");
    assert_eq!(newcomer.sync().status().unwrap().waiting, 0);
    assert_eq!(known(&newcomer, &space), known(&steward, &space));
    assert_eq!(newcomer.groups().list().unwrap().pop().unwrap().name, "Sundays");
    assert_eq!(count(&newcomer, "SELECT count(*) FROM past"), 0);
}

#[test]
fn few_operations_come_with_the_welcome_as_ever() {
    let scene = group_of(100);
    scene.admitted();
    let ready = scene.ready();
    assert!(matches!(&ready[..], [one] if matches!(scene.opened(one), Item::Welcome(_))));
}

#[test]
fn notes_and_welcome_come_in_any_order_and_days_apart() {
    let mut scene = group_of(700);
    scene.admitted();
    let ready = scene.ready();
    let (welcome, notes) = ready.split_last().unwrap();
    assert!(notes.len() >= 3, "{} notes", notes.len());
    // The welcome first, then the notes from the last to the first, the app ending behind each.
    for (number, envelope) in [welcome].into_iter().chain(notes.iter().rev()).enumerate() {
        assert!(!scene.is_in(), "by {number} of {}", ready.len());
        hand(&scene.newcomer, [envelope]);
        scene.newcomer.stop();
        scene.newcomer.start();
        // The same again is nothing new.
        hand(&scene.newcomer, [envelope]);
        let waits = usize::try_from(scene.newcomer.sync().status().unwrap().waiting).unwrap();
        assert_eq!(waits, usize::from(!scene.is_in()));
    }
    assert!(scene.is_in());
    assert_eq!(scene.newcomer.sharing().spaces().unwrap().len(), 1);
    scene.world.exchange(&[&scene.steward, &scene.newcomer]);
    scene.are_together();
}

#[test]
fn notes_alone_let_nobody_in() {
    let scene = group_of(700);
    scene.admitted();
    let ready = scene.ready();
    let (welcome, notes) = ready.split_last().unwrap();
    hand(&scene.newcomer, notes);
    assert!(!scene.is_in());
    assert!(scene.newcomer.sharing().spaces().unwrap().is_empty());
    let ahead = scene.kept_ahead();
    assert!(ahead > 400, "{ahead}");
    hand(&scene.newcomer, notes);
    assert_eq!((scene.kept_ahead(), scene.newcomer.sync().status().unwrap().waiting), (ahead, 0));
    hand(&scene.newcomer, [welcome]);
    assert!(scene.is_in());
    // What comes again then is known.
    hand(&scene.newcomer, &ready);
    assert_eq!((scene.kept_ahead(), count(&scene.newcomer, "SELECT count(*) FROM held_item")), (0, 0));
}

#[test]
fn what_came_while_the_app_ended_is_looked_at_again() {
    let mut scene = group_of(400);
    scene.admitted();
    let ready = scene.ready();
    let (welcome, notes) = ready.split_last().unwrap();
    hand(&scene.newcomer, [welcome]);
    // The notes are kept, and the process ends before what waited for them is tried.
    let held = "CREATE TABLE late AS SELECT * FROM held_item; DELETE FROM held_item";
    scene.newcomer.replica().store().write(|rows| Ok(rows.execute_batch(held)?)).unwrap();
    hand(&scene.newcomer, notes);
    let back = "INSERT INTO held_item SELECT * FROM late; DROP TABLE late";
    scene.newcomer.replica().store().write(|rows| Ok(rows.execute_batch(back)?)).unwrap();
    assert!(!scene.is_in());
    scene.newcomer.stop();
    scene.newcomer.start();
    assert!(scene.is_in());
}

#[test]
fn whoever_left_is_let_in_again_where_many_come_and_go() {
    let scene = group_of(300);
    let Scene { world, steward, newcomer, space } = &scene;
    let place = space.to_string();
    world.join(steward, newcomer, &place);
    scene.are_together();
    newcomer.sharing().leave(&place).unwrap();
    world.exchange(&[newcomer, steward, newcomer]);
    assert!(!scene.is_in());
    came_and_went(steward, space, 300);
    world.exchange(&[steward]);

    scene.admitted();
    let ready = scene.ready();
    assert!(ready.len() >= 3, "{} notes", ready.len());
    // What they knew before need not come again: the notes that hold it are lost. What they do not know must.
    let lost = ready.iter().position(|envelope| matches!(scene.opened(envelope), Item::Past(_))).unwrap();
    hand(newcomer, ready.last());
    assert!(!scene.is_in() && newcomer.sync().status().unwrap().waiting == 1);
    hand(newcomer, ready[lost + 1..].iter().rev());
    assert!(scene.is_in());
    world.exchange(&[steward, newcomer, steward]);
    scene.are_together();

    // Taken out this time. The relay brings notes and welcomes of both times again, and nothing comes of it.
    let me = newcomer.people().me().unwrap().unwrap().id;
    steward.sharing().remove(&place, &PersonRef { value: me.value }).unwrap();
    world.exchange(&[steward, newcomer]);
    newcomer.replica().store().write(|rows| Ok(rows.execute_batch("DELETE FROM relay_cursor")?)).unwrap();
    for _ in 0..3 {
        world.exchange(&[newcomer]);
    }
    hand(newcomer, &ready);
    assert!(!scene.is_in());
    assert_eq!((scene.kept_ahead(), newcomer.sync().status().unwrap().waiting), (0, 0));
}

#[test]
fn beyond_what_anybody_keeps_it_is_said_and_nothing_is_half_done() {
    let scene = group_of(2);
    came_and_went(&scene.steward, &scene.space, 4_400);
    let invite = scene.steward.sharing().invite(&scene.space.to_string(), Reach::InPerson).unwrap();
    scene.newcomer.sharing().accept(&invite.text).unwrap();
    let mut card = Vec::new();
    scene.newcomer.sync().stream_bundle(&mut card, &BundleContents::default()).unwrap();
    scene.steward.rafiq().read_bundle(&mut &card[..]).unwrap();
    let before = known(&scene.steward, &scene.space);
    let request = scene.steward.sharing().requests().unwrap().pop().unwrap();
    let outgrown = Err(Error::invalid("space", "outgrown"));
    assert_eq!(scene.steward.sharing().admit(&request.id), outgrown);
    assert_eq!(known(&scene.steward, &scene.space), before);
    assert_eq!((scene.ready().len(), scene.steward.sharing().requests().unwrap().len()), (0, 1));
}

#[test]
fn a_relay_that_lost_the_notes_gets_them_again() {
    let scene = group_of(400);
    scene.admitted();
    scene.world.exchange(&[&scene.steward]);
    // Another relay in its place: what it had acknowledged is gone.
    let Scene { steward, newcomer, space, .. } = scene;
    let scene = Scene { world: World::default(), steward, newcomer, space };
    for _ in 0..3 {
        scene.world.exchange(&[&scene.steward, &scene.newcomer]);
    }
    assert!(scene.is_in());
    scene.are_together();
}

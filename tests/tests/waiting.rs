//! What waits for something is taken when that comes, also when the app or the power ends in between.

use rafiq::mentoring::NewPairing;
use rafiq_tests::card::card;
use rafiq_tests::faults::{Disk, Left};
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};

#[test]
fn what_waited_is_taken_wherever_the_power_goes_while_what_it_waited_for_is_taken() {
    let world = World::default();
    let (mut mentor, newcomer) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "ar"));
    mentor.sync().set_home_relay(URL).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Both".into() };
    let pairing = mentor.mentoring().begin(new).unwrap().id;
    world.join(&mentor, &newcomer, &pairing.value);
    let before = world.envelopes().len();
    for goal in ["first", "second", "third"] {
        newcomer.mentoring().add_goal(&pairing, goal).unwrap();
        world.exchange(&[&newcomer]);
    }
    let [first, later @ ..] = &world.envelopes()[before..] else { panic!("three entries") };
    let later: Vec<Vec<u8>> = later.iter().map(|(_, envelope)| envelope.clone()).collect();
    let first = card(std::slice::from_ref(&first.1));
    assert_eq!(mentor.read_bundle(&mut &card(&later)[..]).unwrap().aside, 2);
    let copy = mentor.copied();
    let disk = Disk::new(mentor.path(), 1);
    for steps in 0.. {
        mentor.stop();
        disk.cut(Left::Nothing);
        disk.power_on();
        mentor.put_back(&copy);
        disk.cut_after(steps, Left::Nothing);
        let taken = mentor.read_bundle(&mut &first[..]);
        if !disk.is_dark() {
            assert_eq!(taken.unwrap().taken, 3);
            assert!(steps > 10, "the power went in every place");
            break;
        }
        mentor.stop();
        disk.power_on();
        mentor.start();
        // The same again, as it would be asked for again; the others do not come twice.
        mentor.read_bundle(&mut &first[..]).unwrap();
        let goals = mentor.mentoring().goals(&pairing).unwrap();
        assert_eq!(goals.len(), 3, "the power went after {steps} steps");
        assert_eq!(mentor.sync().status().unwrap().waiting, 0);
    }
}

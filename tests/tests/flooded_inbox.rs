//! Whoever has seen an invite may post to an inbox, and so may fill it. Its owner tells the relay what they have read; then there is room
//! again for those who need them, and nothing is lost of what they have not read.

use rafiq::Error;
use rafiq::ids::PersonId;
use rafiq::sharing::Reach;
use rafiq::sync::wire::{Alert, DeviceKeys, InboxAddress, Invite, Item, NoteId, seal_to_inbox};
use rafiq::sync::{Budget, Exchange};
use rafiq_protocol::{MESSAGE_VERSION, Post, Request, Response, SectionBody, Status, Urgency};
use rafiq_relay::{Limits, Rate};
use rafiq_tests::phone::Phone;
use rafiq_tests::world::{URL, World};
use std::cell::{Cell, RefCell};

const QUARTER_MS: i64 = 15 * 60_000;
/// The smallest budget: several exchanges for a full inbox.
const LITTLE: i64 = 73_728;

/// A phone whose inbox is open at a relay with little room, and somebody who knows its address.
struct Scene {
    world: World,
    phone: Phone,
    inbox: InboxAddress,
    stranger: DeviceKeys,
    posted: Cell<u16>,
}

impl Scene {
    fn new() -> Self {
        Self::with_room_for(600_000)
    }

    fn with_room_for(space: u64) -> Self {
        let never = Rate { per_minute: u32::MAX, burst: u32::MAX };
        let limits = Limits { writes: never, posts: never, space, alert_reserve: 0, ..Limits::default() };
        let world = World::with(Limits { posts_from_address: never, opens_from_address: never, ..limits });
        let ([phone], pairing) = world.pairing();
        let invite = phone.sharing().invite(&pairing.value, Reach::InPerson).unwrap();
        let inbox = Invite::parse(&invite.text).unwrap().inbox;
        Self { world, phone, inbox, stranger: DeviceKeys::from_seed([66; 32], 1), posted: Cell::new(0) }
    }

    fn post(&self, urgency: Urgency, item: &[u8]) -> Status {
        let mut entropy = [7; 32];
        entropy[..2].copy_from_slice(&self.posted.get().to_be_bytes());
        let envelope = seal_to_inbox(&self.inbox, urgency, item, &entropy).unwrap();
        let posts = vec![Post { tag: self.inbox.tag(), token: self.inbox.token, envelope }];
        let request = Request { version: MESSAGE_VERSION, nonce: None, budget: 73_728, sections: vec![], posts };
        Response::decode(&self.world.answer(&request.encode().unwrap())).unwrap().posts[0].status
    }

    /// Somebody needs this phone's person; whether the relay has taken it.
    fn ask_for_help(&self, urgency: Urgency) -> bool {
        let mut id = [1; 16];
        id[..2].copy_from_slice(&(self.posted.get() + 1).to_be_bytes());
        let alert = Alert::new(&self.stranger, NoteId(id), "contact-me-today", PersonId([9; 16]), "آمنه", 0).unwrap();
        let taken = self.post(urgency, &Item::Alert(alert).encode()) == Status::Ok;
        self.posted.set(self.posted.get() + u16::from(taken));
        taken
    }

    /// Noise, with what is meant between it, until nothing goes in any more.
    fn flood(&self) {
        for round in 0_u32.. {
            let mut noise = [0; 30_000];
            blake3::Hasher::new().update(&round.to_be_bytes()).finalize_xof().fill(&mut noise);
            let filled = self.post(Urgency::Small, &noise) != Status::Ok;
            // Some of it comes first when it is read, wherever it lies.
            let urgency = if round % 4 == 3 { Urgency::Alert } else { Urgency::Small };
            if !self.ask_for_help(urgency) && filled {
                return;
            }
        }
    }

    /// How many of those who asked for help this phone shows.
    fn heard(&self) -> u16 {
        self.phone.safety().alerts().unwrap().len() as u16
    }

    /// The relay looks for what it may let go of, on the same day.
    fn tidy(&self) {
        self.world.pass(0, &[]);
    }

    fn held(&self) -> i64 {
        let sum = "SELECT sum(bytes) FROM space WHERE kind = 2";
        self.world.database().query_row(sum, [], |row| row.get(0)).unwrap()
    }

    /// What the phone says in an exchange to be covered in its inbox, each time that it does.
    fn told(&self) -> Vec<u64> {
        let told = RefCell::new(Vec::new());
        let carry = |exchange: &Exchange| {
            let sections = Request::decode(&exchange.bytes).unwrap().sections;
            let own = sections.into_iter().filter(|section| section.tag == self.inbox.tag());
            told.borrow_mut().extend(own.filter_map(|section| SectionBody::decode(&section.body).unwrap().covered));
            Ok::<_, Error>(self.world.answer(&exchange.bytes))
        };
        self.phone.rafiq().exchange(URL, Budget::default(), 40, carry).unwrap();
        told.into_inner()
    }
}

#[test]
fn what_is_read_makes_room_and_what_is_not_read_stays() {
    let scene = Scene::new();
    scene.flood();
    // However long nobody reads it, it stays and is in the way.
    scene.world.pass(200, &[&scene.phone]);
    assert!(!scene.ask_for_help(Urgency::Alert));
    // In part: what is urgent first, then some of the rest. Only what lies before all that is unread may go.
    for _ in ["the relay's word of the day", "a part of it", "that this part was read"] {
        scene.world.exchange_with(&scene.phone, LITTLE, 1);
    }
    let (heard, before) = (scene.heard(), scene.held());
    assert!((1..scene.posted.get()).contains(&heard), "{heard} of {}", scene.posted.get());
    scene.tidy();
    let held = scene.held();
    assert!((before / 2..before).contains(&held), "{held} of {before} bytes");
    assert!(scene.ask_for_help(Urgency::Alert));
    // All of it: everybody who got through was heard.
    scene.world.exchange_with(&scene.phone, LITTLE, 40);
    assert_eq!(scene.heard(), scene.posted.get());
    scene.flood();
    scene.world.exchange(&[&scene.phone]);
    assert_eq!(scene.heard(), scene.posted.get());
    scene.world.wait(24 * 60, &[&scene.phone]);
    scene.world.exchange(&[&scene.phone]);
    scene.tidy();
    assert!(scene.held() <= 300_000, "and all that was read has gone, until half is free");
    assert!(scene.ask_for_help(Urgency::Small));
}

/// A relay writes it down each time, and a phone that looks every quarter of an hour must not make it write each time.
#[test]
fn it_is_said_once_a_day_and_once_a_start() {
    let mut scene = Scene::new();
    assert_eq!(scene.told(), [0; 0], "nothing was read");
    let mut by_day = Vec::new();
    for _ in 0..3 {
        let mut today = 0;
        for _ in 0..96 {
            assert!(scene.ask_for_help(Urgency::Small));
            today += scene.told().len();
            scene.world.wait(15, &[&scene.phone]);
        }
        by_day.push(today);
    }
    assert_eq!(by_day, [1, 1, 1]);
    scene.phone.pass(-30 * 96 * QUARTER_MS);
    assert_eq!(scene.told().len(), 1, "a clock that was set back keeps nobody from it");
    assert_eq!(scene.told().len(), 0, "the same is not said twice");
    scene.phone.stop();
    scene.phone.start();
    assert_eq!([scene.told().len(), scene.told().len()], [1, 0]);
}

/// Whoever looks once a day need not come a second time before others find room.
#[test]
fn a_flood_is_said_to_be_read_while_it_is_read() {
    let scene = Scene::with_room_for(10_000_000);
    scene.flood();
    let told = scene.told();
    assert_eq!(told.len(), 2, "at once, and after 8 MiB: {told:?}");
    scene.tidy();
    assert!(scene.ask_for_help(Urgency::Alert));
    scene.world.exchange(&[&scene.phone]);
    assert_eq!(scene.heard(), scene.posted.get());
}

/// What is read and covered stays for some time all the same: a phone that is put back reads it once more.
#[test]
fn a_phone_that_is_put_back_reads_again_what_it_had_read() {
    let mut scene = Scene::new();
    let copy = scene.phone.copied();
    for _ in 0..5 {
        assert!(scene.ask_for_help(Urgency::Alert));
    }
    assert_eq!([scene.told(), scene.told()], [vec![], vec![5]]);
    scene.world.pass(89, &[&scene.phone]);
    scene.phone.put_back(&copy);
    assert_eq!(scene.heard(), 0);
    scene.world.exchange(&[&scene.phone]);
    assert_eq!(scene.heard(), 5);
    scene.world.pass(1, &[&scene.phone]);
    assert_eq!(scene.held(), 0);
}

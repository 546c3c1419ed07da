//! The whole road: two phones, a real relay over loopback, apart and together again.

use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, NewCheckIn, Share};
use rafiq::mentoring::{Meeting, NewPairing};
use rafiq::sharing::Reach;
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::phone::{Phone, START_MS};

fn check_in(share: Share, contact: ContactWish, note: &str) -> NewCheckIn {
    NewCheckIn { feeling: Feeling::Hard, helps: vec![], contact, share, note: note.into() }
}

#[test]
fn a_field_day_between_two_phones() {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayHandle::start(Config::new(folder.path().join("relay.db"))).unwrap();
    let url = relay.url();
    let newcomer = Phone::new(1, "آمنه", "prs");
    let mentor = Phone::new(2, "Богдан", "uk");
    mentor.sync().set_home_relay(&url).unwrap();
    let new =
        NewPairing { model: "newcomer-mentoring".into(), my_role: "mentor".into(), title: "Amina & Bohdan".into() };
    let pairing = mentor.mentoring().begin(new).unwrap();
    let invite = mentor.sharing().invite(&pairing.id.value, Reach::InPerson).unwrap();
    assert!(newcomer.sharing().accept(&invite.text).unwrap().needs_confirmation);
    mentor.exchange(&url);
    newcomer.exchange(&url);
    let got = mentor.exchange(&url);
    let requests = mentor.sharing().requests().unwrap();
    assert_eq!(requests.len(), 1, "{got:?}");
    assert_eq!(requests[0].name, "آمنه");
    mentor.sharing().admit(&requests[0].id).unwrap();
    mentor.exchange(&url);
    let joined = newcomer.exchange(&url);
    assert!(joined.iter().any(|received| !received.joined.is_empty()), "{joined:?}");
    newcomer.mentoring().take_role(&pairing.id, "newcomer").unwrap();
    newcomer.exchange(&url);
    mentor.exchange(&url);
    let people: Vec<String> =
        mentor.mentoring().get(&pairing.id).unwrap().people.into_iter().map(|person| person.name).collect();
    assert_eq!(people.len(), 2, "{people:?}");

    // Apart.
    let at = |hours: i64| Meeting {
        starts_at_ms: START_MS + hours * 3_600_000,
        zone: "Europe/Vienna".into(),
        place: "".into(),
    };
    newcomer.mentoring().set_next_meeting(&pairing.id, at(24)).unwrap();
    mentor.mentoring().set_next_meeting(&pairing.id, at(26)).unwrap();
    let shared = || Share::Pairing { pairing: pairing.id.value.clone() };
    newcomer.check_ins().record(check_in(Share::Private, ContactWish::No, "only for me")).unwrap();
    newcomer.check_ins().record(check_in(shared(), ContactWish::No, "for my mentor")).unwrap();
    newcomer.check_ins().record(check_in(shared(), ContactWish::Today, "please call")).unwrap();

    // Together.
    assert_eq!(newcomer.exchange(&url).len(), 1, "one round trip");
    let got = mentor.exchange(&url);
    assert_eq!(got.len(), 1, "one round trip");
    assert_eq!(got[0].delivered.first(), Some(&"alert"), "{got:?}");
    let alerts = mentor.safety().alerts().unwrap();
    assert_eq!(alerts.len(), 1);
    newcomer.exchange(&url);
    let kept = |phone: &Phone| phone.mentoring().get(&pairing.id).unwrap().next_meeting.unwrap();
    assert_eq!(kept(&newcomer), kept(&mentor));
    assert_eq!(kept(&mentor).others.len(), 1, "both values are kept");
    mentor.mentoring().resolve_next_meeting(&pairing.id, at(26)).unwrap();
    for _ in 0..2 {
        mentor.exchange(&url);
        newcomer.exchange(&url);
    }
    assert!(kept(&newcomer).others.is_empty());
    assert_eq!(kept(&newcomer), kept(&mentor));
    let seen = mentor.check_ins().list(CheckInFilter::default(), 50, None).unwrap().items;
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|check_in| check_in.note != "only for me"));

    // Nothing is left to say.
    let quiet = newcomer.exchange(&url);
    assert_eq!((quiet.len(), quiet[0].stored, quiet[0].delivered.len()), (1, 0, 0), "{quiet:?}");
    let status = newcomer.sync().status().unwrap();
    assert_eq!((status.waiting, status.quarantined, status.outbox, status.unsent_changes), (0, 0, 0, 0));
    assert!(status.waiting_for.is_empty());
    let space = rafiq::ids::SpaceId::parse(&pairing.id.value).unwrap();
    assert_eq!(newcomer.replica().digest(Some(&space)).unwrap(), mentor.replica().digest(Some(&space)).unwrap());
    relay.stop().unwrap();
}

#[test]
fn a_mistyped_relay_can_be_corrected() {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayHandle::start(Config::new(folder.path().join("relay.db"))).unwrap();
    let phone = Phone::new(3, "Maria", "en");
    phone.sync().set_home_relay("http://127.0.0.1:9").unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "pair".into() };
    phone.mentoring().begin(new).unwrap();
    phone.sync().next_exchange("http://127.0.0.1:9", Default::default()).unwrap();
    phone.sync().set_home_relay(&relay.url()).unwrap();
    assert_eq!(phone.sync().relays().unwrap(), [relay.url()]);
    let stored: i64 = phone.exchange(&relay.url()).iter().map(|received| received.stored).sum();
    assert!(stored > 0, "what was to go to the wrong address goes to the right one");
    // One that has answered is no typing mistake: its spaces stay there.
    phone.sync().set_home_relay("http://127.0.0.1:10").unwrap();
    assert!(phone.sharing().spaces().unwrap().iter().all(|space| space.relay == relay.url()));
    relay.stop().unwrap();
}

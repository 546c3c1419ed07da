//! Faults that somebody looked for and found, each with what it would have done to a person; they stay mended.

#![allow(clippy::unwrap_used)] // tests may stop at the first surprise

use rafiq::Error;
use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, HelpKind, NewCheckIn, Share};
use rafiq::directory::ReportKind;
use rafiq::host::NoProgress;
use rafiq::ids::{PersonId, SpaceId};
use rafiq::mentoring::{ContactKind, NewContact, NewPairing, Pairing};
use rafiq::people::NewPerson;
use rafiq::replica::{DocumentKey, SpaceKind};
use rafiq::sharing::Reach;
use rafiq::sync::Budget;
use rafiq::sync::wire::{
    Alert, DeviceKeys, EpochKey, InboxAddress, Invite, InviteDraft, Item, JoinRequest, NoteId, seal_to_inbox, space_tag,
};
use rafiq::today::DueKind;
use rafiq_protocol::{EnvelopeHeader, MESSAGE_VERSION, Post, Request, Response, Status, StoredEnvelope, Tag, Urgency};
use rafiq_relay::{Config, Rate, RelayHandle};
use rafiq_tests::phone::{Phone, let_in, post};
use rafiq_tests::proxy::{Line, Proxy};
use tempfile::TempDir;

const HOUR: i64 = 3_600_000;

fn relay() -> (TempDir, RelayHandle, String) {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayHandle::start(Config::new(folder.path().join("relay.db"))).unwrap();
    let url = relay.url();
    (folder, relay, url)
}

fn begin(mentor: &Phone, url: &str) -> Pairing {
    mentor.sync().set_home_relay(url).unwrap();
    let new = NewPairing { model: "newcomer-mentoring".into(), my_role: "mentor".into(), title: "Two".into() };
    mentor.mentoring().begin(new).unwrap()
}

/// `joining` answers an invite of `inviting`, who lets them in.
fn join(inviting: &Phone, joining: &Phone, space: &str, url: &str) {
    let_in(inviting, joining, space, |each| drop(each.exchange(url)));
}

fn says(phone: &Phone, pairing: &Pairing, contact: ContactWish, note: &str) {
    let share = Share::Pairing { pairing: pairing.id.value.clone() };
    let new = NewCheckIn { feeling: Feeling::Hard, helps: vec![], contact, share, note: note.into() };
    phone.check_ins().record(new).unwrap();
}

fn reads(phone: &Phone) -> Vec<String> {
    let page = phone.check_ins().list(CheckInFilter::default(), 50, None).unwrap();
    page.items.into_iter().map(|check_in| check_in.note).collect()
}

/// Somebody whom no phone of ours has let in puts a note into an inbox.
fn slip_in(url: &str, inbox: &InboxAddress, item: &Item) {
    let envelope = seal_to_inbox(inbox, item.urgency(), &item.encode(), &[7; 32]).unwrap();
    let posts = vec![Post { tag: inbox.tag(), token: inbox.token, envelope }];
    let request = Request { version: MESSAGE_VERSION, nonce: None, budget: 73_728, sections: vec![], posts };
    let answer = post(url, &request.encode().unwrap()).unwrap();
    assert_eq!(Response::decode(&answer).unwrap().posts[0].status, Status::Ok);
}

/// Somebody who once saw an invite makes one "to read" of the same space, with a key and a relay of their own. A member scans it,
/// and from then on wrote for that person, on their relay, under their key.
#[test]
fn an_unsigned_invite_takes_no_space_over() {
    let (_folder, _relay, url) = relay();
    let (mentor, newcomer) = (Phone::new(1, "Богдан", "uk"), Phone::new(2, "آمنه", "prs"));
    let pairing = begin(&mentor, &url);
    join(&mentor, &newcomer, &pairing.id.value, &url);
    let directory = mentor.directory().found("Services", 0).unwrap();
    let stranger = DeviceKeys::from_seed([66; 32], 1);
    let forged = |space: &str, kind| {
        let draft = InviteDraft {
            space: SpaceId::parse(space).unwrap(),
            kind,
            title: "A list of doctors",
            secret: [6; 16],
            inviter: stranger.device(),
            inbox: stranger.inbox().address(),
            relay: "http://127.0.0.1:9",
            expires: i64::MAX,
        };
        Invite::to_read(draft, &EpochKey::new(99, [66; 32])).map(|invite| invite.to_text())
    };
    for kind in [SpaceKind::Personal, SpaceKind::Circle, SpaceKind::Group, SpaceKind::Programme] {
        assert!(forged(&pairing.id.value, kind).is_err(), "only a directory is read without being let in");
    }
    let before = (newcomer.sharing().spaces().unwrap(), mentor.sharing().spaces().unwrap());
    newcomer.sharing().accept(&forged(&pairing.id.value, SpaceKind::Directory).unwrap()).unwrap();
    mentor.sharing().accept(&forged(&directory.space, SpaceKind::Directory).unwrap()).unwrap();
    assert_eq!((newcomer.sharing().spaces().unwrap(), mentor.sharing().spaces().unwrap()), before);
    // One who only reads the directory keeps its key and its relay too; the curator's own invite may be scanned again.
    let honest = mentor.sharing().invite(&directory.space, Reach::Remote).unwrap().text;
    newcomer.sharing().accept(&honest).unwrap();
    let other = newcomer.sharing().accept(&forged(&directory.space, SpaceKind::Directory).unwrap());
    assert_eq!(other.err(), Some(Error::invalid("invite", "other-key")));
    newcomer.sharing().accept(&honest).unwrap();
    assert_eq!(newcomer.sync().relays().unwrap(), vec![url.clone()]);
    // And the two still read each other, which nobody can who lacks the pairing's key.
    says(&newcomer, &pairing, ContactWish::No, "for my mentor");
    newcomer.exchange(&url);
    mentor.exchange(&url);
    assert_eq!(reads(&mentor), ["for my mentor"]);
}

/// The first invite was over before its giver had a line; another steward gave a second. The answer to it went to the first one's
/// inbox, who could make nothing of it, and the newcomer waited for ever.
#[test]
fn an_answer_goes_to_whoever_gave_the_invite() {
    let (_folder, _relay, url) = relay();
    let (first, second, third) = (Phone::new(1, "A", "en"), Phone::new(2, "B", "en"), Phone::new(3, "C", "en"));
    let pairing = begin(&first, &url);
    join(&first, &second, &pairing.id.value, &url);
    let lapsed = first.sharing().invite(&pairing.id.value, Reach::InPerson).unwrap();
    third.sharing().accept(&lapsed.text).unwrap();
    for phone in [&first, &second, &third] {
        phone.pass(HOUR);
    }
    join(&second, &third, &pairing.id.value, &url);
    assert!(third.mentoring().get(&pairing.id).is_ok());
}

/// A report of 300 Arabic letters, or one with a tab in it, could not be sealed; the error ended every exchange from then on, and with
/// it every alert.
#[test]
fn a_long_report_keeps_nothing_else_from_leaving() {
    let (folder, _relay, url) = relay();
    let (mentor, newcomer) = (Phone::new(1, "Богдан", "uk"), Phone::new(2, "آمنه", "prs"));
    let pairing = begin(&mentor, &url);
    join(&mentor, &newcomer, &pairing.id.value, &url);
    let directory = mentor.directory().found("Services", 0).unwrap();
    let service = "s".repeat(100);
    let file = folder.path().join("hsds");
    std::fs::create_dir(&file).unwrap();
    std::fs::write(file.join("organizations.csv"), "id,name,description\no1,Open Door,Helps\n").unwrap();
    let row = format!("id,organization_id,name,status\n{service},o1,Soup kitchen,active\n");
    std::fs::write(file.join("services.csv"), row).unwrap();
    mentor.directory().import(&directory.space, &file, &NoProgress).unwrap();
    mentor.exchange(&url);
    newcomer.sharing().accept(&mentor.sharing().invite(&directory.space, Reach::Remote).unwrap().text).unwrap();
    newcomer.exchange(&url);
    newcomer.exchange(&url);
    let words = "بسته است ".repeat(50);
    newcomer.directory().report(&directory.space, &service, ReportKind::Closed, &words).unwrap();
    newcomer.directory().report(&directory.space, &service, ReportKind::Other, "one\ttwo\r\nthree").unwrap();
    says(&newcomer, &pairing, ContactWish::Today, "please call");
    newcomer.exchange(&url);
    mentor.exchange(&url);
    assert_eq!(mentor.safety().alerts().unwrap().len(), 1);
    let mut reports: Vec<String> =
        mentor.directory().reports().unwrap().into_iter().map(|report| report.note).collect();
    reports.sort();
    assert_eq!(reports, ["one two\nthree", words.trim()]);
}

/// Somebody who has no phone was named as the one who hears first. The alert waited for their inbox, and nobody heard.
#[test]
fn an_alert_for_one_without_a_phone_reaches_the_others() {
    let (_folder, _relay, url) = relay();
    let (mentor, newcomer) = (Phone::new(1, "Богдан", "uk"), Phone::new(2, "آمنه", "prs"));
    let pairing = begin(&mentor, &url);
    join(&mentor, &newcomer, &pairing.id.value, &url);
    let new = NewPerson { name: "Olena".into(), language: "uk".into() };
    let olena = newcomer.people().add_person(&pairing.id.value, new).unwrap();
    newcomer.mentoring().set_responder(&pairing.id, &olena.id).unwrap();
    says(&newcomer, &pairing, ContactWish::Today, "please call");
    newcomer.exchange(&url);
    mentor.exchange(&url);
    let alerts = mentor.safety().alerts().unwrap();
    assert_eq!((alerts.len(), alerts[0].confirmed, alerts[0].name.as_str()), (1, true, "آمنه"));
    // The mentor's phone has it, so it is not said again every hour.
    mentor.exchange(&url);
    newcomer.exchange(&url);
    newcomer.pass(2 * HOUR);
    assert_eq!(newcomer.exchange(&url).iter().map(|received| received.stored).sum::<i64>(), 0);
}

/// Weeks without a line, and an app that tries every hour: each try put one more copy of the alert before everything else.
#[test]
fn an_alert_that_has_not_left_is_not_repeated() {
    let (_folder, _relay, url) = relay();
    let (mentor, newcomer) = (Phone::new(1, "Богдан", "uk"), Phone::new(2, "آمنه", "prs"));
    let pairing = begin(&mentor, &url);
    join(&mentor, &newcomer, &pairing.id.value, &url);
    newcomer.mentoring().take_role(&pairing.id, "newcomer").unwrap();
    newcomer.exchange(&url);
    says(&newcomer, &pairing, ContactWish::Today, "please call");
    newcomer.sync().next_exchange(&url, Budget::default()).unwrap();
    let outbox = newcomer.sync().status().unwrap().outbox;
    for _ in 0..48 {
        newcomer.pass(HOUR);
        newcomer.sync().next_exchange(&url, Budget::default()).unwrap();
    }
    assert_eq!(newcomer.sync().status().unwrap().outbox, outbox);
    newcomer.exchange(&url);
    // It has left, and nobody says that it has arrived: now it is said again.
    newcomer.pass(2 * HOUR);
    assert!(newcomer.exchange(&url)[0].stored > 0);
}

/// Three alerts were lost with a relay's last days. Each was repeated only when the one before it had been answered: hours for the last.
#[test]
fn alerts_are_repeated_beside_each_other() {
    let (_folder, _relay, url) = relay();
    let (mentor, newcomer) = (Phone::new(1, "Богдан", "uk"), Phone::new(2, "آمنه", "prs"));
    let pairing = begin(&mentor, &url);
    join(&mentor, &newcomer, &pairing.id.value, &url);
    newcomer.mentoring().take_role(&pairing.id, "newcomer").unwrap();
    for words in ["please call", "please come", "please"] {
        says(&newcomer, &pairing, ContactWish::Today, words);
        newcomer.exchange(&url);
    }
    newcomer.pass(2 * HOUR);
    assert_eq!(newcomer.exchange(&url)[0].stored, 3);
}

/// A newcomer says that they are somebody who is here already. Let in, their phone got the alerts that were for that person, and
/// could say that they had arrived.
#[test]
fn nobody_is_let_in_as_somebody_else() {
    let (_folder, _relay, url) = relay();
    let (mentor, newcomer) = (Phone::new(1, "Богдан", "uk"), Phone::new(2, "آمنه", "prs"));
    let pairing = begin(&mentor, &url);
    join(&mentor, &newcomer, &pairing.id.value, &url);
    let victim = PersonId::parse(&mentor.people().me().unwrap().unwrap().id.value).unwrap();
    let stranger = DeviceKeys::from_seed([66; 32], 1);
    let ask = |person| {
        let invite = newcomer.sharing().invite(&pairing.id.value, Reach::InPerson).unwrap();
        let invite = Invite::parse(&invite.text).unwrap();
        let request = JoinRequest::new(&stranger, &invite, person, "Богдан", "uk").unwrap();
        slip_in(&url, &invite.inbox, &Item::JoinRequest(request));
        newcomer.exchange(&url);
        newcomer.sharing().requests().unwrap().pop().unwrap()
    };
    let request = ask(victim);
    assert_eq!(newcomer.sharing().admit(&request.id).err(), Some(Error::invalid("person", "taken")));
    newcomer.sharing().decline(&request.id).unwrap();
    // As themselves they may come; what they call themselves in an alert is not what the pairing vouches for.
    let own = PersonId([9; 16]);
    newcomer.sharing().admit(&ask(own).id).unwrap();
    newcomer.exchange(&url);
    mentor.exchange(&url);
    let inbox =
        Invite::parse(&mentor.sharing().invite(&pairing.id.value, Reach::InPerson).unwrap().text).unwrap().inbox;
    let alert = Alert::new(&stranger, NoteId([1; 16]), "contact-me-today", own, "آمنه", 0).unwrap();
    slip_in(&url, &inbox, &Item::Alert(alert));
    mentor.exchange(&url);
    let alerts = mentor.safety().alerts().unwrap();
    assert_eq!((alerts.len(), alerts[0].confirmed), (1, false), "a name that nobody vouches for");
}

/// A relay invents envelopes that seem to wait for a key; each was kept whole, until the phone was full.
#[test]
fn a_relay_cannot_fill_a_phone() {
    let (_folder, _relay, url) = relay();
    let proxy = Proxy::start(&url);
    let url = proxy.url();
    let mentor = Phone::new(1, "Богдан", "uk");
    let pairing = begin(&mentor, &url);
    mentor.exchange(&url);
    let tag: Tag = space_tag(&SpaceId::parse(&pairing.id.value).unwrap());
    let round = std::sync::atomic::AtomicU64::new(0);
    proxy.set(Line::lying(move |_, mut answer| {
        let round = round.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let noise = (0..600).map(|number: u64| {
            let mut nonce = [0; 24];
            nonce[..8].copy_from_slice(&(round * 1_000 + number).to_be_bytes());
            let header =
                EnvelopeHeader { version: 1, tag, urgency: Urgency::Small, key_id: [6; 8], nonce, commitment: [6; 32] };
            StoredEnvelope { position: number + 1, bytes: [&header.to_bytes()[..], &[0; 600]].concat() }
        });
        answer.results.last_mut().unwrap().envelopes = noise.collect();
        answer
    }));
    for _ in 0..3 {
        mentor.exchange(&url);
    }
    assert_eq!(mentor.sync().status().unwrap().waiting, 1_000);
}

/// A newer app keeps something in the pairing that this one does not know. The second change to it could not be taken, and with it
/// nothing that came after, in any space.
#[test]
fn what_only_a_newer_app_knows_keeps_nothing_back() {
    let (_folder, _relay, url) = relay();
    let (mut mentor, newcomer) = (Phone::new(1, "Богдан", "uk"), Phone::new(2, "آمنه", "prs"));
    let pairing = begin(&mentor, &url);
    join(&mentor, &newcomer, &pairing.id.value, &url);
    let unknown = DocumentKey::new(SpaceId::parse(&pairing.id.value).unwrap(), 60_000, "");
    for number in 0..3 {
        newcomer.replica().write(|w| w.set(&unknown, "scalar", number.into())).unwrap();
        says(&newcomer, &pairing, ContactWish::No, "a word");
        newcomer.exchange(&url);
        mentor.exchange(&url);
        mentor.stop();
        mentor.start();
    }
    assert_eq!(reads(&mentor).len(), 3);
    assert_eq!(mentor.sync().status().unwrap().waiting, 0);
}

/// A phone whose clock is years ahead logged a contact, and for those years everybody who asked counted as answered.
#[test]
fn a_contact_in_years_answers_nobody() {
    let (_folder, _relay, url) = relay();
    let (mentor, newcomer) = (Phone::new(1, "Богдан", "uk"), Phone::new(2, "آمنه", "prs"));
    let pairing = begin(&mentor, &url);
    join(&mentor, &newcomer, &pairing.id.value, &url);
    newcomer.mentoring().take_role(&pairing.id, "newcomer").unwrap();
    newcomer.pass(10 * 365 * 24 * HOUR);
    let at_ms = newcomer.replica().now_ms();
    let call = NewContact { kind: ContactKind::Call, help: HelpKind::Emotional, at_ms };
    newcomer.mentoring().log_contact(&pairing.id, call).unwrap();
    newcomer.pass(-10 * 365 * 24 * HOUR);
    says(&newcomer, &pairing, ContactWish::ThisWeek, "when you can");
    newcomer.exchange(&url);
    mentor.exchange(&url);
    let now = mentor.replica().now_ms();
    let due = mentor.today().list(now, "Europe/Kyiv").unwrap();
    assert!(due.iter().any(|item| item.kind == DueKind::CheckIn), "{due:?}");
}

/// The relay had too many writes of the one who lets somebody in, just when the list of keys came: the list was not sent again, and
/// the newcomer's phone stayed a stranger to the relay.
#[test]
fn a_list_of_keys_is_sent_until_the_relay_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path().join("relay.db"));
    config.limits.writes = Rate { per_minute: 20, burst: 1 };
    let relay = RelayHandle::start(config).unwrap();
    let url = relay.url();
    let (mentor, newcomer) = (Phone::new(1, "Богдан", "uk"), Phone::new(2, "آمنه", "prs"));
    let pairing = begin(&mentor, &url);
    let invite = mentor.sharing().invite(&pairing.id.value, Reach::InPerson).unwrap();
    newcomer.sharing().accept(&invite.text).unwrap();
    mentor.exchange(&url);
    newcomer.exchange(&url);
    mentor.exchange(&url);
    mentor.sharing().admit(&mentor.sharing().requests().unwrap()[0].id).unwrap();
    assert!(mentor.exchange(&url).iter().any(|received| received.retry_after_s.is_some()), "too many writes");
    std::thread::sleep(std::time::Duration::from_secs(4));
    mentor.exchange(&url);
    newcomer.exchange(&url);
    newcomer.exchange(&url);
    assert_eq!(newcomer.mentoring().get(&pairing.id).unwrap().model, "newcomer-mentoring");
}

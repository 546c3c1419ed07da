//! Two phones with everything in them: each noun used on both, apart and together, with differences that were kept.

use rafiq::check_ins::{CheckInFilter, ContactWish, Feeling, HelpKind, NewCheckIn, Share};
use rafiq::directory::FreshnessLimits;
use rafiq::groups::{Mark, Modality, NewGroup, NewSession, Presence, SupportGroupId};
use rafiq::host::NoProgress;
use rafiq::ids::SpaceId;
use rafiq::mentoring::{ContactKind, Meeting, Milestone, NewContact, NewPairing, PairingId};
use rafiq::people::{NewMe, NewPerson};
use rafiq::sharing::Reach;
use rafiq::sync::Budget;
use rafiq_relay::{Config, LocalRelay};
use rafiq_tests::phone::{Phone, START_MS};
use std::path::Path;
use tempfile::TempDir;

const RELAY: &str = "http://relay.test";
const HOUR_MS: i64 = 3_600_000;
pub const ZONE: &str = "Europe/Vienna";

pub struct Rich {
    pub mentor: Phone,
    pub newcomer: Phone,
    pub pairing: PairingId,
    pub group: SupportGroupId,
    pub directory: String,
    relay: LocalRelay,
    _folder: TempDir,
}

impl Rich {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let relay = LocalRelay::open(&Config::new(folder.path().join("relay.db"))).unwrap();
        let (mentor, newcomer) = (Phone::new(1, "Богдан", "uk"), Phone::new(2, "آمنه", "prs"));
        mentor.sync().set_home_relay(RELAY).unwrap();
        let new = NewPairing { model: "newcomer-mentoring".into(), my_role: "mentor".into(), title: "Two".into() };
        let pairing = mentor.mentoring().begin(new).unwrap().id;
        let new = NewGroup { name: "Tea".into(), language: "en".into(), capacity: 12, place: "Library".into() };
        let group = mentor.groups().found(new).unwrap().id;
        let directory = mentor.directory().found("Port Alder", 40).unwrap().space;
        let rich = Self { mentor, newcomer, pairing, group, directory, relay, _folder: folder };
        rich.meet();
        rich.apart();
        rich.together();
        rich
    }

    /// What both hold, with what each of them wrote.
    pub fn shared_spaces(&self) -> [SpaceId; 3] {
        [&self.pairing.value, &self.group.value, &self.directory].map(|space| SpaceId::parse(space).unwrap())
    }

    fn meet(&self) {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/directory/services.json");
        self.mentor.directory().import(&self.directory, &sample, &NoProgress).unwrap();
        for space in [&self.directory, &self.pairing.value, &self.group.value] {
            let invite = self.mentor.sharing().invite(space, Reach::InPerson).unwrap();
            self.newcomer.sharing().accept(&invite.text).unwrap();
        }
        self.together();
        for request in self.mentor.sharing().requests().unwrap() {
            self.mentor.sharing().admit(&request.id).unwrap();
        }
        self.together();
        self.newcomer.mentoring().take_role(&self.pairing, "newcomer").unwrap();
        for days in [1, 8] {
            let starts_at_ms = START_MS + days * 24 * HOUR_MS;
            let (zone, place) = (ZONE.into(), "Hall".into());
            let new = NewSession { starts_at_ms, zone, place, modality: Modality::InPerson };
            self.mentor.groups().schedule_session(&self.group, new).unwrap();
        }
        self.together();
    }

    /// Exchanges until both have everything.
    pub fn together(&self) {
        for phone in [&self.mentor, &self.newcomer, &self.mentor, &self.newcomer, &self.mentor] {
            phone
                .rafiq()
                .exchange(RELAY, Budget::default(), 20, |ask| {
                    Ok::<_, rafiq::Error>(self.relay.answer(&ask.bytes).unwrap())
                })
                .unwrap();
        }
    }

    /// The same things done on both phones, differently.
    fn apart(&self) {
        for (phone, other) in [(&self.mentor, 1i64), (&self.newcomer, 2)] {
            self.in_the_pairing(phone, other);
            self.in_the_group(phone, other);
            let (name, language) = (format!("Person {other}"), "en".to_owned());
            phone.people().set_me(NewMe { name, language, calendar: Some("persian".into()) }).unwrap();
        }
        let limits = FreshnessLimits { ageing_after_days: 30, stale_after_days: 60 };
        self.mentor.directory().set_freshness(&self.directory, limits).unwrap();
    }

    fn in_the_pairing(&self, phone: &Phone, other: i64) {
        let (mentoring, pairing) = (phone.mentoring(), &self.pairing);
        let share = Share::Pairing { pairing: pairing.value.clone() };
        for (share, contact) in [
            (Share::Private, ContactWish::No),
            (share.clone(), ContactWish::No),
            (share.clone(), ContactWish::ThisWeek),
            (share, ContactWish::Today),
        ] {
            let (feeling, helps) = (Feeling::SoSo, vec![HelpKind::Practical, HelpKind::Emotional]);
            let new = NewCheckIn { feeling, helps, contact, share, note: format!("as it is {other}") };
            phone.check_ins().record(new).unwrap();
        }
        let mine = CheckInFilter { space: Some(pairing.value.clone()), person: None };
        let mine = phone.check_ins().list(mine, 50, None).unwrap().items;
        phone.check_ins().retract(&mine.iter().find(|check_in| check_in.is_mine).unwrap().id).unwrap();
        let (zone, place) = (ZONE.to_owned(), "Café".to_owned());
        let meeting = Meeting { starts_at_ms: START_MS + other * 48 * HOUR_MS, zone, place };
        mentoring.set_next_meeting(pairing, meeting).unwrap();
        for what in ["learn", "walk", "rest"] {
            mentoring.add_goal(pairing, &format!("{what} {other}")).unwrap();
        }
        let me = phone.people().me().unwrap().unwrap().id;
        let goals: Vec<_> = mentoring.goals(pairing).unwrap().into_iter().filter(|goal| goal.by == me).collect();
        mentoring.finish_goal(&goals[0].id).unwrap();
        mentoring.withdraw_goal(&goals[1].id).unwrap();
        let listed = phone.models().catalogue("arrival").unwrap().milestones[other as usize].id.clone();
        mentoring.reach_milestone(pairing, Milestone::Catalogue { id: listed }).unwrap();
        mentoring.reach_milestone(pairing, Milestone::Own { text: format!("first bus {other}") }).unwrap();
        let contact =
            NewContact { kind: ContactKind::Call, help: HelpKind::Emotional, at_ms: START_MS - HOUR_MS * other };
        mentoring.log_contact(pairing, contact).unwrap();
        let step = mentoring.plan(pairing, START_MS, 1, ZONE).unwrap().swap_remove(0);
        mentoring.complete_step(pairing, &step.id).unwrap();
    }

    fn in_the_group(&self, phone: &Phone, other: i64) {
        let groups = phone.groups();
        let sessions = groups.sessions(&self.group, START_MS, 10, None).unwrap().items;
        groups.move_session(&sessions[0].id, START_MS + (30 + other) * HOUR_MS).unwrap();
        groups.cancel_session(&sessions[1].id).unwrap();
        let presence = if other == 1 { Presence::Came } else { Presence::Late };
        let people = phone.people().list(&self.group.value).unwrap();
        let marks = people.into_iter().map(|person| Mark { person: person.id, presence });
        groups.record_attendance(&sessions[0].id, marks.collect()).unwrap();
        let guest = NewPerson { name: format!("Guest {other}"), language: "fa".into() };
        phone.people().add_person(&self.group.value, guest).unwrap();
    }
}

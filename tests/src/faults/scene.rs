//! Two people with a pairing, a real relay, and a line between that can be spoilt.

use crate::phone::Phone;
use crate::proxy::{Line, PATIENCE, Proxy, carry};
use rafiq::Error;
use rafiq::ids::SpaceId;
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sharing::Reach;
use rafiq::sync::{Budget, Received};
use rafiq_protocol::Tag;
use rafiq_relay::{Config, Rate, RelayHandle};
use std::collections::BTreeSet;
use std::time::Duration;
use tempfile::TempDir;

/// A newcomer and a mentor, joined, all said.
pub struct Scene {
    /// Hers.
    pub newcomer: Phone,
    /// His.
    pub mentor: Phone,
    /// What they share.
    pub pairing: PairingId,
    /// Between both phones and the relay.
    pub line: Proxy,
    /// How long both wait for an answer.
    pub patience: Duration,
    _relay: RelayHandle,
    _folder: TempDir,
}

impl Scene {
    /// From the beginning to the end of joining.
    pub fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = Config::new(folder.path().join("relay.db"));
        let much = Rate { per_minute: 1_000_000, burst: 1_000_000 };
        (config.limits.writes, config.limits.posts, config.limits.posts_from_address) = (much, much, much);
        let relay = RelayHandle::start(config).expect("a relay");
        let line = Proxy::start(&relay.url());
        let (newcomer, mentor) = (Phone::new(2 * seed + 1, "Amina", "prs"), Phone::new(2 * seed + 2, "Bohdan", "uk"));
        mentor.sync().set_home_relay(&line.url()).expect("an address");
        let new = NewPairing { model: "newcomer-mentoring".into(), my_role: "mentor".into(), title: "Both".into() };
        let pairing = mentor.mentoring().begin(new).expect("a pairing").id;
        let invite = mentor.sharing().invite(&pairing.value, Reach::InPerson).expect("an invite");
        newcomer.sharing().accept(&invite.text).expect("accepted");
        let scene = Self { newcomer, mentor, pairing, line, patience: PATIENCE, _relay: relay, _folder: folder };
        scene.mentor_exchange().expect("opens the space");
        scene.newcomer_exchange().expect("asks to join");
        scene.mentor_exchange().expect("hears of it");
        let requests = scene.mentor.sharing().requests().expect("requests");
        scene.mentor.sharing().admit(&requests[0].id).expect("admitted");
        scene.mentor_exchange().expect("welcomes");
        scene.newcomer_exchange().expect("is in");
        scene.newcomer.mentoring().take_role(&scene.pairing, "newcomer").expect("a role");
        scene.converge();
        scene
    }

    /// One try of hers, with whatever the line does.
    pub fn newcomer_exchange(&self) -> Result<Vec<Received>, Error> {
        self.exchange(&self.newcomer)
    }

    /// One try of his.
    pub fn mentor_exchange(&self) -> Result<Vec<Received>, Error> {
        self.exchange(&self.mentor)
    }

    fn exchange(&self, phone: &Phone) -> Result<Vec<Received>, Error> {
        phone.rafiq().exchange(&self.line.url(), Budget::default(), 8, |exchange| {
            carry(&exchange.relay, &exchange.bytes, self.patience)
        })
    }

    /// He writes a goal and says what it says.
    pub fn mentor_writes(&self, text: &str) -> String {
        self.mentor.mentoring().add_goal(&self.pairing, text).expect("written").text
    }

    /// She does.
    pub fn newcomer_writes(&self, text: &str) -> String {
        self.newcomer.mentoring().add_goal(&self.pairing, text).expect("written").text
    }

    /// What the goals on a phone say.
    pub fn goals(&self, phone: &Phone) -> BTreeSet<String> {
        phone.mentoring().goals(&self.pairing).expect("readable").into_iter().map(|goal| goal.text).collect()
    }

    /// The pairing's space.
    pub fn space(&self) -> SpaceId {
        SpaceId::parse(&self.pairing.value).expect("a space")
    }

    /// The name by which the relay knows that space.
    pub fn tag(&self) -> Tag {
        rafiq::sync::wire::space_tag(&self.space())
    }

    /// The line is honest again: both try three times (missed, noticed, read again), then both hold the same, nothing is left to send, nothing waits for anything.
    pub fn converge(&self) {
        self.line.set(Line::Honest);
        for _ in 0..3 {
            self.newcomer_exchange().expect("an honest line");
            self.mentor_exchange().expect("an honest line");
        }
        let digest = |phone: &Phone| phone.replica().digest(Some(&self.space())).expect("readable");
        assert_eq!(self.goals(&self.newcomer), self.goals(&self.mentor));
        assert_eq!(digest(&self.newcomer), digest(&self.mentor));
        for phone in [&self.newcomer, &self.mentor] {
            let status = phone.sync().status().expect("readable");
            assert_eq!((status.outbox, status.unsent_changes), (0, 0), "{status:?}");
            assert!(status.waiting_for.is_empty(), "{status:?}");
            let needs =
                phone.sync().held_items(100).expect("readable").into_iter().filter(|held| held.reason == "needs");
            assert_eq!(needs.count(), 0, "nothing waits for what was kept back");
        }
    }

    /// What was written bit by bit is what the log says.
    pub fn assert_sound(phone: &Phone) {
        let before = phone.replica().digest(None).expect("readable");
        phone.replica().forget_read_model().expect("forgotten");
        phone.replica().project_missing(&rafiq::host::NoProgress).expect("projected");
        assert_eq!(before, phone.replica().digest(None).expect("readable"));
    }
}

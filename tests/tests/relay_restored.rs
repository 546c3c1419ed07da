//! A relay is restored from a backup that lacks the last days. What it had acknowledged is offered again: an answer to an invite,
//! a welcome, a report, as well as everybody's work.

use rafiq::directory::ReportKind;
use rafiq::host::NoProgress;
use rafiq::mentoring::NewPairing;
use rafiq::sharing::Reach;
use rafiq_relay::{Config, RelayHandle, mark_restored};
use rafiq_tests::phone::Phone;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A relay at one address whose file can be set back.
struct Site {
    folder: TempDir,
    config: Config,
    relay: Option<RelayHandle>,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(folder.path().join("relay.db"));
        let relay = RelayHandle::start(config.clone()).unwrap();
        config.listen = relay.addr(); // the same after a restart
        Self { folder, config, relay: Some(relay) }
    }

    fn url(&self) -> String {
        self.relay.as_ref().unwrap().url()
    }

    fn stopped(&mut self, work: impl FnOnce(&Path, &Config)) {
        self.relay.take().unwrap().stop().unwrap();
        work(self.folder.path(), &self.config);
        self.relay = Some(RelayHandle::start(self.config.clone()).unwrap());
    }

    fn back_up(&mut self) {
        self.stopped(|folder, config| {
            assert!(fs::copy(config.database.file().unwrap(), folder.join("backup")).unwrap() > 0)
        });
    }

    fn restore(&mut self) {
        self.stopped(|folder, config| {
            fs::copy(folder.join("backup"), config.database.file().unwrap()).unwrap();
            for side in ["-wal", "-shm"] {
                let _ = fs::remove_file(folder.join(format!("relay.db{side}")));
            }
            mark_restored(config).unwrap();
        });
    }
}

fn begin(mentor: &Phone, url: &str) -> String {
    mentor.sync().set_home_relay(url).unwrap();
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Two".into() };
    let pairing = mentor.mentoring().begin(new).unwrap();
    mentor.exchange(url);
    pairing.id.value
}

#[test]
fn an_answer_to_an_invite_that_the_relay_lost_comes_again() {
    let mut site = Site::new();
    let (mentor, newcomer) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "prs"));
    let url = site.url();
    let space = begin(&mentor, &url);
    let invite = mentor.sharing().invite(&space, Reach::Remote).unwrap();
    mentor.exchange(&url);
    site.back_up();
    newcomer.sharing().accept(&invite.text).unwrap();
    newcomer.exchange(&url);
    assert_eq!(newcomer.sync().status().unwrap().outbox, 0, "acknowledged");
    site.restore();
    mentor.exchange(&url);
    assert!(mentor.sharing().requests().unwrap().is_empty(), "it was lost");
    newcomer.exchange(&url);
    mentor.exchange(&url);
    assert_eq!(mentor.sharing().requests().unwrap().len(), 1);
}

#[test]
fn a_welcome_that_the_relay_lost_comes_again() {
    let mut site = Site::new();
    let (mentor, newcomer) = (Phone::new(1, "Olena", "uk"), Phone::new(2, "Amina", "prs"));
    let url = site.url();
    let space = begin(&mentor, &url);
    let invite = mentor.sharing().invite(&space, Reach::Remote).unwrap();
    newcomer.sharing().accept(&invite.text).unwrap();
    newcomer.exchange(&url);
    mentor.exchange(&url);
    let request = mentor.sharing().requests().unwrap().remove(0);
    site.back_up();
    mentor.sharing().admit(&request.id).unwrap();
    mentor.exchange(&url);
    assert_eq!(mentor.sync().status().unwrap().outbox, 0, "acknowledged");
    site.restore();
    newcomer.exchange(&url);
    assert!(newcomer.sharing().spaces().unwrap().is_empty(), "it was lost");
    mentor.exchange(&url);
    let joined: Vec<_> = newcomer.exchange(&url).into_iter().flat_map(|received| received.joined).collect();
    assert_eq!(joined.len(), 1);
    // Twice is once, and the second restore finds nothing missing.
    site.restore();
    mentor.exchange(&url);
    newcomer.exchange(&url);
    assert_eq!(newcomer.sharing().spaces().unwrap().len(), 1);
}

#[test]
fn a_report_that_the_relay_lost_comes_again_and_once() {
    let mut site = Site::new();
    let (curator, newcomer) = (Phone::new(1, "Maria", "en"), Phone::new(2, "Amina", "prs"));
    let url = site.url();
    curator.sync().set_home_relay(&url).unwrap();
    let space = curator.directory().found("Port Alder", 40).unwrap().space;
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/directory/services.json");
    curator.directory().import(&space, &sample, &NoProgress).unwrap();
    let invite = curator.sharing().invite(&space, Reach::Remote).unwrap();
    curator.exchange(&url);
    newcomer.sharing().accept(&invite.text).unwrap();
    newcomer.exchange(&url);
    let hit = newcomer.directory().browse(&space, 1, None).unwrap().items.remove(0);
    site.back_up();
    newcomer.directory().report(&space, &hit.id, ReportKind::WrongNumber, "").unwrap();
    newcomer.exchange(&url);
    site.restore();
    newcomer.exchange(&url);
    curator.exchange(&url);
    assert_eq!(curator.directory().reports().unwrap().len(), 1);
    site.restore();
    newcomer.exchange(&url);
    curator.exchange(&url);
    assert_eq!(curator.directory().reports().unwrap().len(), 1, "the same note again is the same note");
}

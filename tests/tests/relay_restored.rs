//! A relay is restored from a backup that lacks the last days. What it had acknowledged is offered again: an answer to an invite,
//! a welcome, a report, as well as everybody's work.

use rafiq::directory::ReportKind;
use rafiq::host::{NoProgress, Random};
use rafiq::mentoring::{NewPairing, PairingId};
use rafiq::sharing::Reach;
use rafiq::sync::Budget;
use rafiq_protocol::limits::{MAX_ENVELOPE, MIN_BUDGET};
use rafiq_protocol::{
    MESSAGE_VERSION, PostResult, Request, Response, SectionBody, SectionResult, Status, Urgency, request_id,
};
use rafiq_relay::{Config, RelayHandle, mark_restored};
use rafiq_tests::phone::{Phone, SeededRandom, let_in};
use rusqlite::{Connection, params};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const TEN_YEARS_MS: i64 = 3_652 * 86_400_000;

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
    let pairing = begin_offline(mentor);
    mentor.exchange(url);
    pairing.value
}

fn begin_offline(mentor: &Phone) -> PairingId {
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Two".into() };
    mentor.mentoring().begin(new).unwrap().id
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
    let again = newcomer.exchange(&url);
    assert!(again.iter().any(|received| received.delivered.contains(&"known")), "{again:?}");
    assert!(again.iter().all(|received| received.taken() == 0), "what was here already is no change: {again:?}");
    assert_eq!(newcomer.sharing().spaces().unwrap().len(), 1);
}

/// Three people in one space of a site's relay: who began it, and two whom they let in.
fn three(site: &Site) -> ([Phone; 3], PairingId) {
    let people = [(1, "Olena", "uk"), (2, "Amina", "prs"), (3, "Farid", "prs")];
    let [mentor, amina, farid] = people.map(|(seed, name, language)| Phone::new(seed, name, language));
    let url = site.url();
    let place = begin(&mentor, &url);
    for phone in [&amina, &farid] {
        let_in(&mentor, phone, &place, |each| drop(each.exchange(&url)));
    }
    [&amina, &farid, &mentor].into_iter().for_each(|phone| drop(phone.exchange(&url)));
    ([mentor, amina, farid], PairingId { value: place })
}

/// The others had taken her out too, and the relay that came back knew of that before she had a line: it never took anything of hers.
#[test]
fn last_words_that_never_left_come_to_those_who_belong_though_the_relay_was_put_back() {
    let mut site = Site::new();
    let ([mentor, amina, farid], pairing) = three(&site);
    let url = site.url();
    let exchange = |phones: &[&Phone]| phones.iter().for_each(|phone| drop(phone.exchange(&url)));
    site.back_up();
    amina.mentoring().add_goal(&pairing, "before I go").unwrap();
    amina.sharing().leave(&pairing.value).unwrap();
    let person = amina.people().me().unwrap().unwrap().id;
    mentor.sharing().remove(&pairing.value, &person).unwrap();
    exchange(&[&mentor]);
    site.restore();
    exchange(&[&mentor, &farid, &mentor]);
    exchange(&[&amina, &mentor, &farid, &mentor]);
    mentor.sharing().keep(&pairing.value, &person).unwrap();
    exchange(&[&mentor, &farid]);
    for phone in [&mentor, &farid] {
        assert_eq!(phone.goals(&pairing), ["before I go"]);
    }
}

/// Another had left before that, and was let in again: their last words are of their second stay, as is the key for them.
#[test]
fn last_words_of_somebody_who_was_let_in_again_come_to_nobody_who_was_out_before_them() {
    let mut site = Site::new();
    let ([mentor, amina, farid], pairing) = three(&site);
    let url = site.url();
    let exchange = |phones: &[&Phone]| phones.iter().for_each(|phone| drop(phone.exchange(&url)));
    amina.sharing().leave(&pairing.value).unwrap();
    exchange(&[&amina, &mentor, &farid]);
    let_in(&mentor, &amina, &pairing.value, |each| drop(each.exchange(&url)));
    exchange(&[&amina, &mentor, &farid]);
    site.back_up();
    mentor.sharing().remove(&pairing.value, &farid.people().me().unwrap().unwrap().id).unwrap();
    exchange(&[&mentor, &mentor, &amina]);
    amina.mentoring().add_goal(&pairing, "before I go").unwrap();
    amina.sharing().leave(&pairing.value).unwrap();
    exchange(&[&amina]);
    assert_eq!(amina.sync().status().unwrap().outbox, 0, "acknowledged");
    site.restore();
    exchange(&[&amina, &farid, &mentor, &mentor, &farid]);
    assert_eq!(mentor.goals(&pairing), ["before I go"]);
    assert_eq!(farid.goals(&pairing), [""; 0]);
}

/// Whoever has left offers their last words again, but has heard since that another is out, who holds every key that they hold.
#[test]
fn last_words_that_the_relay_lost_come_to_those_who_belong_and_to_nobody_who_is_out() {
    let mut site = Site::new();
    let ([mentor, amina, farid], pairing) = three(&site);
    let url = site.url();
    site.back_up();
    amina.mentoring().add_goal(&pairing, "before I go").unwrap();
    amina.sharing().leave(&pairing.value).unwrap();
    mentor.sharing().remove(&pairing.value, &farid.people().me().unwrap().unwrap().id).unwrap();
    mentor.exchange(&url);
    // With her last words there she reads of that, for the last time.
    amina.exchange(&url);
    assert_eq!(amina.sync().status().unwrap().outbox, 0, "acknowledged");
    // But not the key that was made because of it: as if the relay had kept that back.
    let forget =
        |rows: &Connection| Ok(rows.execute_batch("DELETE FROM epoch; DELETE FROM space_key WHERE number > 1")?);
    amina.replica().store().write(forget).unwrap();
    site.restore();
    for phone in [&amina, &farid, &mentor, &mentor, &farid] {
        phone.exchange(&url);
    }
    assert_eq!(mentor.goals(&pairing), ["before I go"]);
    assert_eq!(farid.goals(&pairing), [""; 0]);
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
    // How old a note seems decides nothing: a phone's clock may jump ahead, and back.
    newcomer.pass(TEN_YEARS_MS);
    newcomer.exchange(&url);
    newcomer.pass(-TEN_YEARS_MS);
    site.restore();
    newcomer.exchange(&url);
    curator.exchange(&url);
    assert_eq!(curator.directory().reports().unwrap().len(), 1);
    site.restore();
    newcomer.exchange(&url);
    curator.exchange(&url);
    assert_eq!(curator.directory().reports().unwrap().len(), 1, "the same note again is the same note");
}

/// A note in the outbox as if it had been refused so often, of so many bytes.
fn queue_note(phone: &Phone, url: &str, bytes: usize, refused: i64) {
    let sql =
        "INSERT INTO outbox (relay, tag, token, urgency, envelope, later) VALUES (?1, ?2, ?2, ?3, zeroblob(?4), ?5)";
    let values = params![url, &[5u8; 16][..], Urgency::Small as u8, bytes as i64, refused];
    phone.replica().store().write(|rows| Ok(rows.execute(sql, values)?)).unwrap();
}

fn number(phone: &Phone, sql: &str) -> i64 {
    phone.replica().read(|rows| Ok(rows.query_row(sql, [], |row| row.get(0))?)).unwrap()
}

/// One exchange with a relay that answers everything with one word, and says so many restores more than it had.
fn answered(phone: &Phone, url: &str, bytes: i64, status: Status, more_restores: u32) -> Request {
    let sql = "SELECT instance, restores FROM relay WHERE url = ?1";
    let known = |rows: &Connection| Ok(rows.query_row(sql, [url], |row| Ok((row.get(0)?, row.get::<_, u32>(1)?)))?);
    let (instance, restores) = phone.replica().read(known).unwrap();
    let exchange = phone.sync().next_exchange(url, Budget { bytes, metered: false }).unwrap();
    let request = Request::decode(&exchange.bytes).unwrap();
    let results = request.sections.iter().map(|section| {
        let body = SectionBody::decode(&section.body).unwrap();
        let stored = if status == Status::Ok { body.put.len() as u32 } else { 0 };
        SectionResult { stored, ..SectionResult::refused(status, body.cursor) }
    });
    let response = Response {
        version: MESSAGE_VERSION,
        instance,
        restores: restores + more_restores,
        nonce: None,
        results: results.collect(),
        posts: request.posts.iter().map(|_| PostResult { status, retry_after: None }).collect(),
        request: request_id(&exchange.bytes),
    };
    phone.sync().receive(&response.encode().unwrap()).unwrap();
    request
}

fn entries(request: &Request) -> usize {
    request.sections.iter().map(|section| SectionBody::decode(&section.body).unwrap().put.len()).sum()
}

#[test]
fn notes_that_a_relay_refuses_or_loses_keep_no_entry_from_leaving() {
    let site = Site::new();
    let (mentor, url) = (Phone::new(1, "Olena", "uk"), site.url());
    begin(&mentor, &url);
    let smallest = i64::from(MIN_BUDGET);

    // As long as a note may be: it leaves alone once, and from then on behind what else there is.
    queue_note(&mentor, &url, MAX_ENVELOPE, 0);
    begin_offline(&mentor);
    assert_eq!(answered(&mentor, &url, smallest, Status::Forbidden, 0).posts.len(), 1);
    let next = answered(&mentor, &url, smallest, Status::Forbidden, 0);
    assert!(next.posts.is_empty() && entries(&next) > 0);

    // The same for one that it acknowledges and then says to have lost, at every answer.
    mentor.replica().store().write(|rows| Ok(rows.execute("UPDATE outbox SET later = 0", [])?)).unwrap();
    answered(&mentor, &url, smallest, Status::Ok, 1);
    for _ in 0..3 {
        begin_offline(&mentor);
        let next = answered(&mentor, &url, smallest, Status::Ok, 1);
        assert!(next.posts.is_empty() && entries(&next) > 0);
    }
    // With room for all, all leaves.
    assert_eq!(answered(&mentor, &url, 4 * smallest, Status::Ok, 0).posts.len(), 1);
}

#[test]
fn what_is_offered_again_keeps_its_first_date_and_no_clock_ends_it() {
    let site = Site::new();
    let (mentor, url) = (Phone::new(1, "Olena", "uk"), site.url());
    begin(&mentor, &url);
    queue_note(&mentor, &url, 500, 0);
    answered(&mentor, &url, 500_000, Status::Ok, 0);
    let first = number(&mentor, "SELECT at FROM posted");
    mentor.pass(DAY_MS);
    answered(&mentor, &url, 500_000, Status::Ok, 1);
    assert_eq!(number(&mentor, "SELECT count(*) FROM posted"), 0);
    answered(&mentor, &url, 500_000, Status::Ok, 0);
    assert_eq!(number(&mentor, "SELECT at FROM posted"), first);
    // Offered again, and refused from now on.
    answered(&mentor, &url, 500_000, Status::Forbidden, 1);
    answered(&mentor, &url, 500_000, Status::Forbidden, 0);
    assert_eq!(number(&mentor, "SELECT count(*) FROM outbox WHERE token IS NOT NULL"), 1);
    mentor.pass(TEN_YEARS_MS);
    answered(&mentor, &url, 500_000, Status::Forbidden, 0);
    assert_eq!(number(&mentor, "SELECT count(*) FROM outbox WHERE token IS NOT NULL"), 1);
}

#[test]
fn what_is_kept_for_a_restore_is_bounded_by_its_bytes_and_for_each_relay() {
    let site = Site::new();
    let (mentor, url) = (Phone::new(1, "Olena", "uk"), site.url());
    begin(&mentor, &url);
    let elsewhere = "INSERT INTO posted (relay, at, size, tag, token, urgency, envelope)
        VALUES ('https://other.example', 1795334400000, 1, x'05', x'05', 2, x'05')";
    mentor.replica().store().write(|rows| Ok(rows.execute(elsewhere, [])?)).unwrap();
    for _ in 0..80 {
        queue_note(&mentor, &url, MAX_ENVELOPE, 0);
    }
    while number(&mentor, "SELECT count(*) FROM outbox WHERE token IS NOT NULL") > 0 {
        mentor.pass(1_000);
        answered(&mentor, &url, 1_000_000, Status::Ok, 0);
    }
    assert_eq!(number(&mentor, "SELECT sum(size) FROM posted WHERE size > 1"), 4 * 1024 * 1024);
    assert_eq!(number(&mentor, "SELECT count(*) FROM posted WHERE size = 1"), 1, "another relay's stay");
}

#[test]
fn a_relay_that_says_at_every_answer_that_it_was_restored_costs_a_bounded_piece_of_work() {
    let site = Site::new();
    let (mentor, url) = (Phone::new(1, "Olena", "uk"), site.url());
    begin(&mentor, &url);
    let pairing = begin_offline(&mentor);
    let random = SeededRandom::new(7);
    for round in 0..12 {
        for _ in 0..50 {
            let mut noise = [0; 1_000];
            random.fill(&mut noise).unwrap();
            // Letters that deflate makes little of: there are 16,384 to choose from.
            let letter =
                |pair: &[u8]| char::from_u32(0x4e00 + u32::from(pair[0] & 0x3f) * 256 + u32::from(pair[1])).unwrap();
            let text: String = noise.chunks(2).map(letter).collect();
            mentor.mentoring().add_goal(&pairing, &text).unwrap();
        }
        mentor.exchange(&url);
        assert_eq!(mentor.sync().status().unwrap().outbox, 0, "round {round}");
    }
    let own = number(&mentor, "SELECT count(*) FROM entry WHERE own = 1");
    let ready = |mentor: &Phone| number(mentor, "SELECT coalesce(sum(length(envelope)), 0) FROM outbox");
    for _ in 0..3 {
        answered(&mentor, &url, 512 * 1024, Status::Ok, 1);
        assert!(mentor.sync().status().unwrap().outbox >= own, "told as still to be sent");
        mentor.sync().next_exchange(&url, Budget::default()).unwrap();
        assert!((1..(256 + 64 + 8) * 1024).contains(&ready(&mentor)), "{}", ready(&mentor));
    }
    // What is written meanwhile leaves behind it, and a relay that at last tells the truth gets everything, in one go and in order.
    mentor.mentoring().add_goal(&pairing, "something new").unwrap();
    mentor.exchange(&url);
    assert_eq!(mentor.sync().status().unwrap().outbox, 0);
    assert_eq!(mentor.sync().status().unwrap().unsent_changes, 0);
    assert_eq!(number(&mentor, "SELECT count(*) FROM offer"), 0);
    assert_eq!(number(&mentor, "SELECT count(*) FROM entry WHERE own = 1"), own + 1);
}

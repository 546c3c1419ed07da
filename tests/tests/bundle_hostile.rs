//! Bundles as large, as interrupted and as hostile as they may come: bounded memory, nothing lost, nobody stuck.

use rafiq::Error;
use rafiq::mentoring::NewPairing;
use rafiq::sync::bundle::scan::{Found, scan};
use rafiq::sync::bundle::sheet::Sheets;
use rafiq::sync::{BundleContents, Damaged};
use rafiq_protocol::Urgency;
use rafiq_tests::heap::{Counting, peak_of};
use rafiq_tests::phone::Phone;
use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::thread;

#[global_allocator]
static HEAP: Counting = Counting;

/// An envelope to a place of nobody here.
fn foreign(number: u32, urgency: Urgency, length: usize) -> Vec<u8> {
    let mut bytes = vec![1; length];
    bytes[1..17].copy_from_slice(&[0xee; 16]);
    bytes[17] = urgency as u8;
    bytes[26..30].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// A bundle that is made while it is read, and never whole in memory.
struct Endless {
    left: u32,
    ready: VecDeque<u8>,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ready.is_empty() && self.left > 0 {
            let mut bytes = Vec::new();
            let mut sheets = Sheets::new(&mut bytes);
            for _ in 0..self.left.min(300) {
                sheets.put(&foreign(self.left, Urgency::Small, 700))?;
                self.left -= 1;
            }
            sheets.finish()?;
            self.ready = bytes.into();
        }
        self.ready.read(buffer)
    }
}

const MANY: u32 = 100_000;

#[test]
fn a_hundred_thousand_envelopes_are_read_and_written_in_little_memory() {
    let phone = Phone::new(1, "Maria", "en");
    phone.sync().carry(1 << 20).unwrap();
    let mut bundle = Endless { left: MANY, ready: VecDeque::new() };
    let (report, peak) = peak_of(|| phone.rafiq().read_bundle(&mut bundle).unwrap());
    assert_eq!((report.carried, report.damaged.len()), (i64::from(MANY), 0));
    let carried = phone.sync().carried().unwrap();
    assert!(carried.bytes <= 1 << 20 && carried.bytes > (1 << 20) - 700, "{carried:?}");
    assert!(peak < 6 << 20, "reading took {peak} bytes");

    // A file of so many is added to, and holds each once.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("card.rafiq");
    io::copy(&mut Endless { left: MANY, ready: VecDeque::new() }, &mut File::create(&file).unwrap()).unwrap();
    let before = fs::metadata(&file).unwrap().len();
    let contents = BundleContents { spaces: vec![], carried: true };
    let (written, peak) = peak_of(|| phone.sync().write_bundle(&file, &contents).unwrap());
    assert_eq!((written.there, written.envelopes), (i64::from(MANY), 0), "what is carried was there already");
    assert_eq!(fs::metadata(&file).unwrap().len(), before);
    assert!(peak < 8 << 20, "writing took {peak} bytes");
}

#[test]
fn a_file_with_too_many_envelopes_is_not_added_to() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("card.rafiq");
    let mut sheets_to = io::BufWriter::new(File::create(&file).unwrap());
    let mut sheets = Sheets::new(&mut sheets_to);
    for number in 0..=1 << 18 {
        sheets.put(&u32::to_be_bytes(number)).unwrap();
    }
    sheets.finish().unwrap();
    drop(sheets_to);
    let phone = Phone::new(1, "Maria", "en");
    let refused = phone.sync().write_bundle(&file, &BundleContents::default());
    assert_eq!(refused, Err(Error::invalid("file", "full")));
}

#[test]
fn false_alerts_do_not_push_out_what_people_asked() {
    let phone = Phone::new(1, "Maria", "en");
    phone.sync().carry(200_000).unwrap();
    let read = |envelopes: &[Vec<u8>]| {
        let mut bytes = Vec::new();
        let mut sheets = Sheets::new(&mut bytes);
        envelopes.iter().for_each(|envelope| sheets.put(envelope).unwrap());
        sheets.finish().unwrap();
        phone.rafiq().read_bundle(&mut &bytes[..]).unwrap()
    };
    let honest = [foreign(1, Urgency::Alert, 1_218), foreign(2, Urgency::Small, 700)];
    read(&honest);
    let noise: Vec<_> = (10..20).map(|number| foreign(number, Urgency::Alert, 60_000)).collect();
    read(&noise);
    let mut bytes = Vec::new();
    phone.sync().stream_bundle(&mut bytes, &BundleContents { spaces: vec![], carried: true }).unwrap();
    let held = envelopes(&bytes);
    assert!(honest.iter().all(|envelope| held.contains(envelope)));
    assert_eq!(held[0], honest[0], "the alert first");
}

fn envelopes(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    scan(&mut bytes, &mut |found| {
        if let Found::Envelope(_, bytes) = found {
            all.push(bytes.to_vec());
        }
        Ok(())
    })
    .unwrap();
    all
}

/// Somebody with a pairing of their own and some goals in it.
fn busy(seed: u64, goals: usize) -> Phone {
    let phone = Phone::new(seed, "Olena", "uk");
    let new = NewPairing { model: "buddy".into(), my_role: "buddy".into(), title: "Two".into() };
    let pairing = phone.mentoring().begin(new).unwrap().id;
    for number in 0..goals {
        phone.mentoring().add_goal(&pairing, &format!("Goal {number}")).unwrap();
        phone.sync().stream_bundle(&mut io::sink(), &BundleContents::default()).unwrap();
    }
    phone
}

fn scanned(file: &Path) -> (usize, Vec<Damaged>) {
    let (mut whole, mut damaged) = (0, Vec::new());
    scan(&mut File::open(file).unwrap(), &mut |found| {
        match found {
            Found::Envelope(..) => whole += 1,
            Found::Damaged(damage) => damaged.push(damage.what),
            Found::Begins(_) | Found::Ends => {}
        }
        Ok(())
    })
    .unwrap();
    (whole, damaged)
}

#[test]
fn one_writes_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("card.rafiq");
    let phone = busy(1, 1);
    let other = OpenOptions::new().write(true).create(true).truncate(false).open(&file).unwrap();
    other.lock().unwrap();
    let refused = phone.sync().write_bundle(&file, &BundleContents::default());
    assert_eq!(refused, Err(Error::InUse));
    assert_eq!(fs::metadata(&file).unwrap().len(), 0);
    drop(other);

    let (one, two) = (busy(1, 12), busy(2, 12));
    let written = |phone: &Phone| loop {
        match phone.sync().write_bundle(&file, &BundleContents::default()) {
            Err(Error::InUse) => thread::yield_now(),
            written => return written.unwrap().envelopes,
        }
    };
    let counts = thread::scope(|scope| {
        let (one, two) = (scope.spawn(|| written(&one)), scope.spawn(|| written(&two)));
        [one.join().unwrap(), two.join().unwrap()]
    });
    assert_eq!(scanned(&file), (counts.iter().sum::<i64>() as usize, vec![]));
}

#[test]
fn whoever_reads_while_another_writes_gets_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("card.rafiq");
    let (writer, reader) = (busy(1, 30), Phone::new(2, "Maria", "en"));
    reader.sync().carry(10 << 20).unwrap();
    let mut bytes = Vec::new();
    writer.sync().stream_bundle(&mut bytes, &BundleContents::default()).unwrap();
    // As slowly as a poor card writes.
    let mut card = File::create(&file).unwrap();
    let mut carried = 0;
    for piece in bytes.chunks(3_000) {
        card.write_all(piece).unwrap();
        let report = reader.rafiq().read_bundle(&mut File::open(&file).unwrap()).unwrap();
        assert!(report.damaged.iter().all(|damage| damage.what == Damaged::Cut), "{report:?}");
        carried += report.carried;
    }
    assert_eq!(carried as usize, envelopes(&bytes).len(), "each once, and all of them");
    let last = reader.rafiq().read_bundle(&mut File::open(&file).unwrap()).unwrap();
    assert_eq!((last.carried, last.known, last.damaged.len()), (0, carried, 0));
}

#[test]
fn a_card_that_is_pulled_out_while_writing_is_told_and_goes_on_later() {
    /// Takes so many bytes, then there is no card.
    struct Pulled(Vec<u8>, usize);
    impl Write for Pulled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let room = self.1 - self.0.len();
            if room == 0 && !bytes.is_empty() {
                return Err(io::Error::from(io::ErrorKind::StorageFull));
            }
            self.0.extend(&bytes[..room.min(bytes.len())]);
            Ok(room.min(bytes.len()))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("card.rafiq");
    let phone = busy(1, 12);
    let mut whole = Vec::new();
    phone.sync().stream_bundle(&mut whole, &BundleContents::default()).unwrap();
    for room in (0..whole.len()).step_by(whole.len() / 9) {
        let mut card = Pulled(Vec::new(), room);
        let refused = phone.sync().stream_bundle(&mut card, &BundleContents::default());
        assert_eq!(refused, Err(Error::StorageFull));
        fs::write(&file, &card.0).unwrap();
        let written = phone.sync().write_bundle(&file, &BundleContents::default()).unwrap();
        let count = envelopes(&whole).len();
        assert_eq!(written.there + written.envelopes, count as i64);
        assert_eq!(scanned(&file), (count, vec![]), "{room}");
    }
}

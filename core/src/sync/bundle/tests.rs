#![allow(clippy::unwrap_used)] // tests may stop at the first surprise
use super::file::mended_at;
use super::scan::{Found, MOST_DAMAGED, scan};
use super::sheet::{HASH, HEAD, MAGIC, ROW, Sheets};
use super::{Damage, Damaged};
use proptest::prelude::*;

fn envelope(number: usize) -> Vec<u8> {
    (0..100 + number * 37).map(|at| (at * 31 + number) as u8).collect()
}

fn bundle(count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut sheets = Sheets::new(&mut bytes);
    for number in 0..count {
        sheets.put(&envelope(number)).unwrap();
    }
    let written = sheets.finish().unwrap();
    assert_eq!(written, bytes.len() as u64);
    bytes
}

/// What is whole, what is not, and whether it is a bundle at all.
fn read(mut bytes: &[u8]) -> (Vec<Vec<u8>>, Vec<Damage>, bool) {
    let (mut whole, mut damaged) = (Vec::new(), Vec::new());
    let is_bundle = scan(&mut bytes, &mut |found| {
        match found {
            Found::Envelope(_, bytes) => whole.push(bytes.to_vec()),
            Found::Damaged(damage) => damaged.push(damage),
            Found::Begins(_) | Found::Ends => {}
        }
        Ok(())
    });
    (whole, damaged, is_bundle.unwrap())
}

fn all(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(envelope).collect()
}

fn what(damaged: &[Damage]) -> Vec<Damaged> {
    damaged.iter().map(|damage| damage.what).collect()
}

#[test]
fn what_was_written_is_read() {
    for count in [0, 1, 3, 300] {
        assert_eq!(read(&bundle(count)), (all(count), vec![], true));
    }
    let sheets = bundle(300).windows(8).filter(|window| *window == MAGIC).count();
    assert!(sheets > 4, "{sheets} sheets");
    let two = [bundle(3), bundle(2)].concat();
    assert_eq!(read(&two).1, [], "one bundle behind another is a bundle");
}

#[test]
fn a_damaged_envelope_costs_only_itself() {
    let good = bundle(5);
    let begin = HEAD + 5 * ROW + HASH;
    for number in 0..5 {
        let at = begin + (0..number).map(|before| envelope(before).len()).sum::<usize>();
        let mut bad = good.clone();
        bad[at + 50] ^= 1;
        let mut rest = all(5);
        rest.remove(number);
        assert_eq!(read(&bad), (rest, vec![Damage { what: Damaged::Envelope, at: at as i64 }], true));
    }
}

#[test]
fn a_damaged_index_costs_its_sheet() {
    let mut bytes = [bundle(3), bundle(5)].concat();
    for at in [3, 8, 11, HEAD + 2, HEAD + 3 * ROW + 1] {
        bytes[at] ^= 0x40;
        let (whole, damaged, is_bundle) = read(&bytes);
        assert_eq!((whole, is_bundle), (all(5), true), "{at}");
        let expected = if at == 8 { Damaged::Newer } else { Damaged::Index };
        assert_eq!(damaged, [Damage { what: expected, at: 0 }], "{at}");
        bytes[at] ^= 0x40;
    }
}

#[test]
fn a_cut_bundle_gives_what_is_whole_and_says_that_it_was_cut() {
    let good = bundle(20);
    for length in 1..good.len() {
        let (whole, damaged, is_bundle) = read(&good[..length]);
        assert!(is_bundle);
        assert_eq!(what(&damaged), [Damaged::Cut], "{length}");
        assert_eq!(whole, all(whole.len()), "{length}");
        // And another written behind it is read whole.
        let (more, damaged, _) = read(&[&good[..length], &bundle(2)].concat());
        assert_eq!(more, [whole, all(2)].concat(), "{length}");
        assert_eq!(damaged.len(), 1, "{length} {damaged:?}");
    }
    assert_eq!(what(&read(&good[..good.len() - HASH]).1), [Damaged::Cut]);
}

#[test]
fn a_card_that_is_pulled_out_while_a_cut_bundle_is_mended_has_no_less_on_it() {
    let good = [bundle(2), bundle(6)].concat();
    let at = bundle(2).len();
    for length in (at + 1..good.len()).step_by(23).chain(good.len() - HASH..good.len()) {
        let (whole, _, _) = read(&good[..length]);
        let mut sheet = Vec::new();
        let mut sheets = Sheets::new(&mut sheet);
        whole[2..].iter().for_each(|envelope| sheets.put(envelope).unwrap());
        sheets.finish().unwrap();
        let mut card = good[..length].to_vec();
        for place in mended_at(at as u64, length as u64, sheet.len() as u64) {
            let place = place as usize;
            for torn in (0..sheet.len()).step_by(31).chain([sheet.len()]) {
                let mut card = card.clone();
                card.resize(card.len().max(place + torn), 0);
                card[place..place + torn].copy_from_slice(&sheet[..torn]);
                let (still, _, _) = read(&card);
                assert!(whole.iter().all(|envelope| still.contains(envelope)), "{length} {place} {torn}");
            }
            card.resize(card.len().max(place + sheet.len()), 0);
            card[place..place + sheet.len()].copy_from_slice(&sheet);
        }
        card.truncate(at + sheet.len());
        assert_eq!(read(&card), (whole, vec![], true), "{length}");
    }
}

#[test]
fn every_kind_of_damage_has_a_sentence() {
    let language = crate::language::Language::open("en").unwrap();
    for damaged in Damaged::ALL {
        let said = language.text(&damaged.text_id(), &crate::language::Args::new().number("at", 1_234)).unwrap();
        assert!(said.text.contains("1,234"), "{damaged:?}: {}", said.text);
    }
}

#[test]
fn something_else_is_no_bundle() {
    for other in [&b""[..], b"x", b"%PDF-1.7 and so on", &[0; 5000]] {
        assert!(!read(other).2);
    }
}

#[test]
fn a_medium_that_fails_is_told() {
    struct Fails<'a>(&'a [u8]);
    impl std::io::Read for Fails<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.0.read(buffer)?;
            if count == 0 && !buffer.is_empty() { Err(std::io::Error::other("bad sector")) } else { Ok(count) }
        }
    }
    let (good, mut whole, mut damaged) = (bundle(20), 0, Vec::new());
    scan(&mut Fails(&good[..5_000]), &mut |found| {
        whole += usize::from(matches!(found, Found::Envelope(..)));
        damaged.extend(if let Found::Damaged(damage) = found { Some(damage) } else { None });
        Ok(())
    })
    .unwrap();
    assert!(whole > 5);
    assert_eq!(what(&damaged), [Damaged::Unreadable]);
    let mut damaged = Vec::new();
    let none = scan(&mut Fails(b""), &mut |found| {
        damaged.extend(if let Found::Damaged(damage) = found { Some(damage) } else { None });
        Ok(())
    });
    assert_eq!((none, what(&damaged)), (Ok(true), vec![Damaged::Unreadable]), "nobody can say that it is none");
}

#[test]
fn damage_without_end_is_read_to_an_end() {
    let (whole, damaged, _) = read(&MAGIC.repeat(100_000));
    assert_eq!((whole.len(), damaged.len()), (0, MOST_DAMAGED + 1));
    assert_eq!(damaged.last().map(|damage| damage.what), Some(Damaged::TooMuch));
}

proptest! {
    #[test]
    fn noise_is_read_to_its_end(noise in proptest::collection::vec(any::<u8>(), 0..4_000)) {
        let (whole, _, _) = read(&noise);
        prop_assert!(whole.is_empty());
        let (whole, _, _) = read(&[noise, bundle(3)].concat());
        prop_assert_eq!(whole, all(3));
    }

    #[test]
    fn a_flip_a_hole_or_a_lump_costs_no_other_sheet(at in 0usize..60_000, length in 1usize..3_000, how in 0u8..3) {
        let mut bad = bundle(50);
        let at = at % bad.len();
        match how {
            0 => bad[at] ^= 0x10,
            1 => drop(bad.drain(at..(at + length).min(bad.len()))),
            _ => drop(bad.splice(at..at, vec![7; length])),
        }
        let (whole, damaged, is_bundle) = read(&[bad, bundle(3)].concat());
        prop_assert!(is_bundle);
        prop_assert!(!damaged.is_empty());
        prop_assert!(whole.ends_with(&all(3)));
        prop_assert!(whole.iter().all(|envelope| all(50).contains(envelope)));
    }
}

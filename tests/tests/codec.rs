//! The compact codec against what is not honest: bounded time and memory whatever its streams claim, and no entry that it would
//! bring back otherwise than it was.

use rafiq::sync::wire::WireError;
use rafiq::sync::wire::codec::{COMPACT, MAX_PAYLOAD, decode, encode};
use rafiq_tests::heap::{Counting, peak_of};
use rafiq_tests::mutants::spoil::spoil;
use rafiq_tests::mutants::{Rng, honest};
use std::time::{Duration, Instant};

/// How much of the heap reading may take: the streams, what comes out of them, and that again as one item.
const MEMORY: usize = 8 * MAX_PAYLOAD;
/// How long it may take, of an unoptimised build on a machine that does other things too.
const TIME: Duration = Duration::from_secs(2);

/// Where each stream stands in the format.
const DOCUMENTS: usize = 1;
const DEPENDENCIES: usize = 6;
const OTHERS: usize = 9;
const STRUCTURE: usize = 11;
const LENGTHS: usize = 18;
const STREAMS: usize = 54;

type Streams = Vec<Vec<u8>>;

fn number(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn take_number(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for place in 0.. {
        let (byte, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}

/// Streams as one part that is not deflated.
fn pack(streams: &Streams) -> Vec<u8> {
    let table: Vec<u8> = streams.iter().flat_map(|stream| number((stream.len() as u64) << 1)).collect();
    let common = [table, streams.concat()].concat();
    [number((common.len() as u64) << 1), common].concat()
}

fn part(packed: &mut &[u8]) -> Vec<u8> {
    let length = take_number(packed);
    let (bytes, rest) = packed.split_at((length >> 1) as usize);
    *packed = rest;
    if length & 1 == 1 { miniz_oxide::inflate::decompress_to_vec(bytes).unwrap() } else { bytes.to_vec() }
}

fn unpack(mut packed: &[u8]) -> Streams {
    let common = part(&mut packed);
    let mut common = &common[..];
    let table: Vec<u64> = (0..STREAMS).map(|_| take_number(&mut common)).collect();
    let mut take = |length: u64| {
        if length & 1 == 1 {
            return part(&mut packed);
        }
        let (bytes, rest) = common.split_at((length >> 1) as usize);
        common = rest;
        bytes.to_vec()
    };
    table.into_iter().map(&mut take).collect()
}

/// An entry's item of these changes. Its header says nothing: a codec asks it nothing.
fn item(changes: &[Vec<u8>]) -> Vec<u8> {
    let mut item = minicbor::Encoder::new(Vec::new());
    item.array(2).unwrap().u8(1).unwrap().array(3).unwrap().bytes(&[7; 200]).unwrap().bytes(&[9; 64]).unwrap();
    item.array(changes.len() as u64).unwrap();
    for change in changes {
        item.array(2).unwrap().u16(0).unwrap().bytes(change).unwrap();
    }
    item.into_writer()
}

fn session(seed: u64, steps: usize) -> Vec<Vec<u8>> {
    honest::session(seed, 3, steps).into_iter().map(|change| change.bytes).collect()
}

/// Reads, and sees that nothing gets out of hand.
fn bounded(packed: &[u8]) -> Result<Vec<u8>, WireError> {
    let start = Instant::now();
    let (read, peak) = peak_of(|| decode(COMPACT, packed));
    assert!(start.elapsed() < TIME, "{:?} for {} bytes", start.elapsed(), packed.len());
    assert!(peak <= MEMORY, "{peak} bytes of memory for {}", packed.len());
    if let Ok(item) = &read {
        assert!(item.len() <= MAX_PAYLOAD);
    }
    read
}

#[test]
fn sessions_return() {
    let (mut raw, mut encoded) = (0, 0);
    for seed in 0..60 {
        let item = item(&session(seed, 80));
        let (codec, bytes) = encode(&item).unwrap();
        assert_eq!(codec, COMPACT, "seed {seed}");
        assert_eq!(bounded(&bytes).unwrap(), item, "seed {seed}");
        (raw, encoded) = (raw + item.len(), encoded + bytes.len());
    }
    println!("{raw} bytes as {encoded}");
}

/// What a hostile member's changes look like does not matter: they come out as they went in, and the scanner judges them.
#[test]
fn mutants_return() {
    let mut rng = Rng::new(11);
    let mut compact = 0;
    for seed in 0..400 {
        let past = honest::session(seed % 20, 3, 12);
        let mut changes: Vec<_> = past.iter().map(|change| change.bytes.clone()).collect();
        for _ in 0..=rng.below(3) {
            let place = rng.below(changes.len());
            changes[place] = spoil(&mut rng, &past[place], &past[..place]).bytes;
        }
        let item = item(&changes);
        let (codec, bytes) = encode(&item).unwrap();
        assert_eq!(decode(codec, &bytes).unwrap(), item, "seed {seed}");
        compact += usize::from(codec == COMPACT);
    }
    println!("{compact} of 400 in compact form");
    assert!(compact > 100 && compact < 400, "{compact}");
}

/// A hundred thousand payloads: honest streams of which something is changed, and streams of nothing but noise.
#[test]
fn a_hundred_thousand_inputs() {
    let mut rng = Rng::new(12);
    let bases: Vec<Streams> =
        (0..20).map(|seed| unpack(&encode(&item(&session(100 + seed, 6))).map(|(_, bytes)| bytes).unwrap())).collect();
    let (mut read, mut refused, mut worst) = (0, 0, 0);
    let start = Instant::now();
    for round in 0..100_000 {
        let mut streams = rng.pick(&bases).clone();
        if round % 4 == 3 {
            for stream in &mut streams {
                let length = if rng.once_in(3) { rng.below(40) } else { 0 };
                *stream = (0..length).map(|_| (rng.next() >> (8 * rng.below(8))) as u8 & 0x7f).collect();
            }
            streams[0].resize(64, 0);
        } else {
            for _ in 0..=rng.below(3) {
                spoil_streams(&mut streams, &mut rng);
            }
        }
        let mut packed = pack(&streams);
        if rng.once_in(20) {
            let place = rng.below(packed.len());
            packed[place] ^= 1 << rng.below(8);
        }
        let (result, peak) = peak_of(|| bounded(&packed));
        worst = worst.max(peak);
        if result.is_ok() { read += 1 } else { refused += 1 }
    }
    println!("{read} read, {refused} refused, worst memory {worst} bytes, {:?}", start.elapsed());
    assert!(read > 1000 && refused > 1000, "{read} {refused}");
}

fn spoil_streams(streams: &mut Streams, rng: &mut Rng) {
    let filled: Vec<usize> = (0..STREAMS).filter(|place| !streams[*place].is_empty()).collect();
    let from = rng.pick(&filled);
    let other = streams[*rng.pick(&filled)].clone();
    let stream = &mut streams[*from];
    let place = rng.below(stream.len());
    match rng.below(6) {
        0 => stream[place] ^= 1 << rng.below(8),
        1 => drop(stream.remove(place)),
        2 => drop(stream.splice(place..=place, number(rng.next() >> rng.below(64)))),
        3 => stream.insert(place, rng.next() as u8),
        4 => stream.truncate(place),
        _ => *stream = other,
    }
}

/// Streams of one change with nothing in it, up to its structure.
fn bare(structure: &[u64]) -> Streams {
    let mut streams = vec![Vec::new(); STREAMS];
    streams[0] = vec![0; 64];
    for single in [DOCUMENTS, 2, 3, 4, 5, DEPENDENCIES, OTHERS, 10] {
        streams[single] = vec![0];
    }
    streams[8] = vec![5; 16];
    streams[STRUCTURE] = structure.iter().flat_map(|value| number(*value)).collect();
    streams
}

#[test]
fn bombs_cost_nothing() {
    assert!(bounded(&pack(&bare(&[0, 0]))).is_ok());
    let huge = u64::MAX >> 1;
    let run = |times: u64| (times << 1) + 1; // folded, plus one
    let literals = |times: u64| times << 1;
    // Columns, run lengths, texts and names without end.
    for structure in [
        vec![0, huge],
        vec![0, 3, 0x56, run(1 << 60), 4, 0],
        vec![0, 3, 0x56, run(1 << 60), 6, 0],
        vec![0, 3, 0x56, run(1 << 60), 5, 0],
        vec![0, 3, 0x56, literals(1 << 60), 0],
        vec![0, 2, 0x02, literals(1 << 60), 1],
        vec![0, 2, 0x15, run(2), huge, 0],
        vec![0, 2, 0x99, huge],
        vec![0, 2, 0x56, 0x03, 16, 0],
    ] {
        assert_eq!(bounded(&pack(&bare(&structure))), Err(WireError::Malformed), "{structure:?}");
    }
    // A run of a great many empty texts is a few bytes here and there.
    let mut empty = bare(&[0, 2, 0x56, run(1 << 60), 6, 0]);
    empty[LENGTHS + 8] = vec![1];
    assert!(bounded(&pack(&empty)).unwrap().len() < 200);
    for stream in [DOCUMENTS, DEPENDENCIES, OTHERS, 10] {
        let mut streams = bare(&[0, 0]);
        streams[stream] = number(huge);
        assert_eq!(bounded(&pack(&streams)), Err(WireError::Malformed), "stream {stream}");
    }
    // A byte for each of 500,000 dependencies of 32 bytes, or for actors of 17.
    let mut dependencies = bare(&[0, 0, 0, 0]);
    for single in [DOCUMENTS, 3, 4, 5, OTHERS, 10] {
        dependencies[single] = vec![0, 0];
    }
    dependencies[2] = vec![0, 1];
    dependencies[DEPENDENCIES] = [&[0][..], &number(500_000), &vec![1; 500_000]].concat();
    assert_eq!(bounded(&pack(&dependencies)), Err(WireError::TooLarge));
    let mut others = bare(&[0, 0]);
    others[OTHERS] = [&number(500_000)[..], &vec![1; 500_000]].concat();
    assert_eq!(bounded(&pack(&others)), Err(WireError::TooLarge));
    // As many changes as bytes.
    let mut many = bare(&[]);
    for single in [DOCUMENTS, 3, 4, 5, DEPENDENCIES, OTHERS, 10] {
        many[single] = vec![0; 60_000];
    }
    many[2] = [vec![0], vec![1; 59_999]].concat();
    many[STRUCTURE] = vec![0; 120_000];
    assert_eq!(bounded(&pack(&many)), Err(WireError::TooLarge));
    // Deflated nothing: a table of streams, each of which claims another 500 KB.
    let zeros = miniz_oxide::deflate::compress_to_vec(&vec![0; 500_000], 9);
    let zeros = [number((zeros.len() as u64) << 1 | 1), zeros].concat();
    let table: Vec<u8> = (0..STREAMS).flat_map(|_| number(500_000 << 1 | 1)).collect();
    let bomb = [number((table.len() as u64) << 1), table, zeros.repeat(STREAMS)].concat();
    assert_eq!(bounded(&bomb), Err(WireError::TooLarge));
    assert_eq!(bounded(&number(u64::MAX)), Err(WireError::Malformed));
}

#[global_allocator]
static HEAP: Counting = Counting;

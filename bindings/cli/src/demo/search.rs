//! Looks for somebody's words wherever they should not be, with every key that the demo holds.

use super::person::Person;
use super::relay::RelayProcess;
use crate::failure::Failure;

/// Where words were found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// In the relay's envelopes, opened, or in its files as they are.
    pub(super) relay: usize,
    /// Relay envelopes that no key of the demo opened.
    pub(super) unopened: usize,
}

/// What the relay's bytes give away to all keys of these people together.
pub(super) fn on_relay(relay: &RelayProcess, people: &[&Person], words: &str) -> Result<Found, Failure> {
    let mut found = Found { relay: usize::from(contains(&relay.files()?, words)), unopened: 0 };
    for envelope in relay.envelopes()? {
        let mut opened = false;
        let mut given_away = false;
        for person in people {
            if let Some(parts) = person.sync().open_any(&envelope)? {
                opened = true;
                given_away |= parts.iter().any(|part| contains(part, words));
            }
        }
        found.relay += usize::from(given_away);
        found.unopened += usize::from(!opened);
    }
    Ok(found)
}

/// In how many values of somebody's opened store the words stand.
pub(super) fn in_store(person: &Person, words: &str) -> Result<usize, Failure> {
    let mut count = 0;
    person.sync().dump(&mut |_, bytes| count += usize::from(contains(bytes, words)))?;
    Ok(count)
}

/// Whether the files of a profile show the words as they lie on the disk.
pub(super) fn in_files(person: &Person, words: &str) -> Result<bool, Failure> {
    for entry in std::fs::read_dir(person.folder())? {
        let entry = entry?;
        if entry.file_type()?.is_file() && contains(&std::fs::read(entry.path())?, words) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn contains(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn words_are_found_in_bytes() {
        assert!(contains("xx سلام yy".as_bytes(), "سلام"));
        assert!(!contains(b"sala", "salam"));
    }
}

//! Private words: what people write about themselves is no value in a document, which keeps its history for ever, but a *blob* beside it,
//! sealed under a random key of its own. The document holds the blob's id, a hash; the key is in no document and no entry. Where blob
//! and key are gone, the hash that stays tells nothing.
//!
//! A blob's id is bound to the space and to the device that wrote it: whoever copies the bytes is not their author, and an erasure can be
//! judged before the blob has come.

use super::{Replica, Writer, incarnation};
use crate::error::{Error, Result};
use crate::ids::{Author, DocumentId, SpaceId, hash};
use crate::store::set_meta;
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use minicbor::{Decode, Encode};
use rusqlite::{Connection, OptionalExtension, Row, params};
use zeroize::{Zeroize, Zeroizing};

/// The most bytes of words in one blob: with all that surrounds it, it fits an envelope. A note has at most 2,000 characters.
pub const MAX_WORDS: usize = 48 * 1024;
/// Commitment and authentication tag.
const BESIDE: usize = 32 + 16;
/// Set while the write-ahead log may hold what was erased. Released databases say so by this word.
pub(crate) const EMPTY_WAL: &str = "empty log";

/// A blob's id: what documents hold, and what is erased.
pub type BlobId = [u8; 32];

/// Sealed words with their key.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Blob {
    /// The version of the format that wrote it.
    #[n(0)]
    pub version: u8,
    /// The least version that can read it.
    #[n(1)]
    pub needs: u8,
    /// The device that wrote it.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub author: [u8; 32],
    /// 32 random bytes, for this blob alone.
    #[cbor(n(3), with = "minicbor::bytes")]
    key: [u8; 32],
    /// The commitment to the key, then the words.
    #[cbor(n(4), with = "minicbor::bytes")]
    sealed: Vec<u8>,
    /// Told again behind a pack that covers up to there: another envelope than the one that the relay may let go of.
    #[n(5)]
    pub again: Option<u64>,
}

impl Blob {
    /// Seals words under a key that seals nothing else.
    ///
    /// # Errors
    /// `Invalid{words, too-long}` above [`MAX_WORDS`].
    pub fn seal(author: [u8; 32], key: [u8; 32], words: &str) -> Result<Self> {
        if words.len() > MAX_WORDS {
            return Err(Error::invalid("words", "too-long"));
        }
        let commitment = commitment(&key);
        let mut sealed = words.as_bytes().to_vec();
        cipher(&key)
            .encrypt_in_place(&[0; 24].into(), &commitment, &mut sealed)
            .map_err(|_| Error::bug("sealing words"))?;
        Ok(Self { version: 1, needs: 1, author, key, sealed: [&commitment[..], &sealed].concat(), again: None })
    }

    /// The words; `None` if the key is not the one that the blob commits to, or they are no text.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let (commitment, sealed) = self.sealed.split_first_chunk::<32>()?;
        // Compared as hashes, which takes the same time wherever they differ.
        if blake3::Hash::from_bytes(*commitment) != blake3::Hash::from_bytes(self::commitment(&self.key)) {
            return None;
        }
        let mut words = sealed.to_vec();
        cipher(&self.key).decrypt_in_place(&[0; 24].into(), commitment, &mut words).ok()?;
        String::from_utf8(words).ok()
    }

    /// Whether it is as long as a blob may be.
    #[must_use]
    pub fn fits(&self) -> bool {
        (BESIDE..=BESIDE + MAX_WORDS).contains(&self.sealed.len())
    }

    /// Of the sealed bytes: with space and author it makes the id.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        hash("rafiq 2026 blob digest v1", &[&self.sealed])
    }

    /// What documents of this space call it.
    #[must_use]
    pub fn id(&self, space: &SpaceId) -> BlobId {
        blob_id(space, &self.author, &self.digest())
    }

    fn from_row(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        let (author, key, sealed) = (row.get(first)?, row.get(first + 1)?, row.get(first + 2)?);
        Ok(Self { version: 1, needs: 1, author, key, sealed, again: None })
    }
}

impl std::fmt::Debug for Blob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "blob of {} bytes", self.sealed.len())
    }
}

impl Drop for Blob {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// The id of a blob by what an erasure names.
#[must_use]
pub fn blob_id(space: &SpaceId, author: &[u8; 32], digest: &[u8; 32]) -> BlobId {
    hash("rafiq 2026 blob v1", &[&space.0, author, digest])
}

/// One key seals one blob, so the nonce may be zeros.
fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    let key = Zeroizing::new(hash("rafiq 2026 blob cipher key v1", &[key]));
    XChaCha20Poly1305::new((&*key).into())
}

fn commitment(key: &[u8; 32]) -> [u8; 32] {
    hash("rafiq 2026 blob commitment v1", &[key])
}

impl Writer<'_> {
    /// Seals words beside the documents of a space, in this write; their id is for a field of a record.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed{role}` as for any edit there; `Invalid{words, too-long}`.
    pub fn put_words(&mut self, space: &SpaceId, words: &str) -> Result<BlobId> {
        self.may_write(space)?;
        let blob = Blob::seal(self.device, self.random.bytes()?, words)?;
        keep(self.rows, space, &blob, &self.me().to_string(), true)?;
        Ok(blob.id(space))
    }

    /// Erases a person's words: here with this write, elsewhere once it is signed and has come there. Erasing again changes nothing.
    ///
    /// # Errors
    /// `Invalid{words, not-here-yet}` if the blob has not come, or is not that person's: anybody may write any id into a record.
    pub fn erase_words(&mut self, space: &SpaceId, id: &BlobId, person: &str) -> Result<()> {
        if is_erased(self.rows, id)? {
            return Ok(());
        }
        let blob = of_person(self.rows, space, id, person)?.filter(|blob| blob.id(space) == *id);
        let blob = blob.ok_or(Error::invalid("words", "not-here-yet"))?;
        keep_erased(self.rows, space, &blob.author, &blob.digest(), None, self.now_ms)
    }
}

impl Replica {
    /// The words of a space that its rows name and that have neither come nor been erased: no entry's chain shows that they lack.
    pub(crate) fn lacking_words(&self, rows: &Connection, space: &SpaceId) -> Result<Vec<BlobId>> {
        let mut lacking = Vec::new();
        for named in self.nouns.iter().filter_map(|noun| noun.words()) {
            let mut statement = rows.prepare_cached(&format!(
                "SELECT DISTINCT words FROM ({named}) WHERE NOT EXISTS (SELECT 1 FROM blob WHERE id = words)
                 AND NOT EXISTS (SELECT 1 FROM erased WHERE blob = words) ORDER BY words"
            ))?;
            let found = statement.query_map([&space.0[..]], |row| row.get(0))?;
            lacking.extend(found.collect::<Result<Vec<BlobId>, _>>()?);
        }
        Ok(lacking)
    }
}

/// Keeps a blob of a person's, unless it was erased. Whether it was new.
pub(crate) fn keep(rows: &Connection, space: &SpaceId, blob: &Blob, person: &str, unsent: bool) -> Result<bool> {
    let id = blob.id(space);
    if is_erased(rows, &id)? {
        return Ok(false);
    }
    let count = rows
        .prepare_cached(
            "INSERT INTO blob (id, space, author, key, sealed, unsent, person) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![&id[..], &space.0[..], &blob.author[..], &blob.key[..], blob.sealed, unsent, person])?;
    Ok(count > 0)
}

/// The words that this id names, if they are here and this person's, written in this space.
pub(crate) fn of_person(rows: &Connection, space: &SpaceId, id: &BlobId, person: &str) -> Result<Option<Blob>> {
    let mut statement =
        rows.prepare_cached("SELECT author, key, sealed FROM blob WHERE id = ?1 AND space = ?2 AND person = ?3")?;
    let found = statement.query_row(params![&id[..], &space.0[..], person], |row| Blob::from_row(row, 0));
    found.optional().map_err(Error::from)
}

/// Whether a field of a document was written by this device, in whichever of its lives.
pub(crate) fn is_by(
    rows: &Connection,
    space: &SpaceId,
    device: &[u8; 32],
    document: &DocumentId,
    actor: &[u8; 16],
) -> Result<bool> {
    let mut lives = rows.prepare_cached("SELECT DISTINCT incarnation FROM entry WHERE space = ?1 AND device = ?2")?;
    let said = lives.query_map([&space.0[..], &device[..]], |row| row.get(0))?.collect::<Result<Vec<u32>, _>>()?;
    // What is our own may be in no entry yet.
    let mut lives = said.into_iter().chain(incarnation(rows)?).chain([1]);
    Ok(lives.any(|incarnation| Author { device: *device, incarnation }.actor(document) == *actor))
}

pub(crate) fn is_here(rows: &Connection, id: &BlobId) -> Result<bool> {
    Ok(rows.prepare_cached("SELECT 1 FROM blob WHERE id = ?1")?.exists([&id[..]])?)
}

/// How many bytes of a device's words are kept in a space.
pub(crate) fn size_of_author(rows: &Connection, space: &SpaceId, author: &[u8; 32]) -> Result<i64> {
    let found = rows
        .prepare_cached("SELECT bytes FROM blob_size WHERE space = ?1 AND author = ?2")?
        .query_row([&space.0[..], &author[..]], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(0))
}

/// The blob of a space after this one, by our numbers; only what has not been sent, if asked for.
pub(crate) fn next(rows: &Connection, space: &SpaceId, after: i64, unsent: bool) -> Result<Option<(i64, Blob)>> {
    let sql = if unsent {
        "SELECT number, author, key, sealed FROM blob WHERE space = ?1 AND number > ?2 AND unsent = 1 ORDER BY number LIMIT 1"
    } else {
        "SELECT number, author, key, sealed FROM blob WHERE space = ?1 AND number > ?2 ORDER BY number LIMIT 1"
    };
    let mut statement = rows.prepare_cached(sql)?;
    let found = statement.query_row(params![&space.0[..], after], |row| Ok((row.get(0)?, Blob::from_row(row, 1)?)));
    found.optional().map_err(Error::from)
}

/// The words that an entry of somebody else's names go to the relay again, with it: it is not there, and nobody else may have them.
pub(crate) fn unsend_named_by(rows: &Connection, space: &SpaceId, entry: &[u8; 32]) -> Result<()> {
    rows.prepare_cached(
        "UPDATE blob SET unsent = 1 WHERE space = ?1 AND author = (SELECT device FROM entry WHERE hash = ?2)
         AND EXISTS (SELECT 1 FROM change c WHERE c.entry = ?2 AND instr(c.bytes, blob.id) > 0)",
    )?
    .execute(params![&space.0[..], &entry[..]])?;
    Ok(())
}

pub(crate) fn is_erased(rows: &Connection, id: &BlobId) -> Result<bool> {
    Ok(rows.prepare_cached("SELECT 1 FROM erased WHERE blob = ?1")?.exists([&id[..]])?)
}

/// Erases words in this transaction: the blob, its key and the envelopes that have not left. What comes later under this id is not kept.
/// `operation` is what was signed so; without one it is a wish of ours that is still to be signed.
pub(crate) fn keep_erased(
    rows: &Connection,
    space: &SpaceId,
    author: &[u8; 32],
    digest: &[u8; 32],
    operation: Option<&[u8; 32]>,
    now_ms: i64,
) -> Result<()> {
    let id = blob_id(space, author, digest);
    rows.prepare_cached(
        "INSERT INTO erased (blob, space, author, digest, operation, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (blob) DO UPDATE SET operation = coalesce(operation, excluded.operation)",
    )?
    .execute(params![
        &id[..],
        &space.0[..],
        &author[..],
        &digest[..],
        operation.map(|operation| &operation[..]),
        now_ms
    ])?;
    rows.prepare_cached("DELETE FROM blob WHERE id = ?1")?.execute([&id[..]])?;
    rows.prepare_cached("DELETE FROM outbox WHERE blob = ?1")?.execute([&id[..]])?;
    rows.prepare_cached("DELETE FROM held_item WHERE needs = ?1")?.execute([&id[..]])?; // words that nothing named yet
    set_meta(rows, EMPTY_WAL, &[1])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail
    use super::*;

    const SPACE: SpaceId = SpaceId([7; 32]);

    #[test]
    fn words_open_with_their_key_and_no_other() {
        let blob = Blob::seal([1; 32], [2; 32], "سلام").unwrap();
        assert_eq!(blob.words().as_deref(), Some("سلام"));
        assert!(blob.fits() && !format!("{blob:?}").contains("سلام"));
        let mut other = blob.clone();
        other.key = [3; 32];
        assert_eq!(other.words(), None);
        assert_eq!(other.id(&SPACE), blob.id(&SPACE), "whoever spoils the key cannot take the place of the words");
        for place in 0..blob.sealed.len() {
            let mut spoiled = blob.clone();
            spoiled.sealed[place] ^= 1;
            assert!(spoiled.words().is_none() && spoiled.id(&SPACE) != blob.id(&SPACE));
        }
        assert_eq!(
            Blob::seal([1; 32], [2; 32], &"x".repeat(MAX_WORDS + 1)).err(),
            Some(Error::invalid("words", "too-long"))
        );
    }

    #[test]
    fn a_blob_is_bound_to_its_space_and_author() {
        let blob = Blob::seal([1; 32], [2; 32], "mine").unwrap();
        let mut copied = blob.clone();
        copied.author = [9; 32];
        assert_ne!(copied.id(&SPACE), blob.id(&SPACE));
        assert_ne!(blob.id(&SpaceId([8; 32])), blob.id(&SPACE));
        // The same words again are another blob: the hash tells nobody what they were.
        assert_ne!(Blob::seal([1; 32], [3; 32], "mine").unwrap().id(&SPACE), blob.id(&SPACE));
    }
}

//! For tools and tests that must show what somebody can, and cannot, find out: what an envelope gives away to all the keys of
//! a profile, and everything that an opened store holds. No app needs it; nothing here changes anything.

use super::Sync;
use super::epochs::epochs;
use super::wire::entry::MAX_CHANGES_RAW;
use super::wire::{Item, open, open_from_inbox, space_tag};
use crate::error::Result;
use crate::replica::words;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use rusqlite::types::ValueRef;

/// How every change begins, compressed or not.
const CHANGE_MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// After magic and checksum stands which of the two it is.
const UNCOMPRESSED: u8 = 1;
const COMPRESSED: u8 = 2;

impl Sync {
    /// What an envelope holds, opened with any key of this profile, whatever tag it was found under: its item, and each of its
    /// changes uncompressed, or its words. `None` if no key of ours opens it.
    pub fn open_any(&self, envelope: &[u8]) -> Result<Option<Vec<Vec<u8>>>> {
        let mut inboxes = vec![self.keys.inbox().clone()];
        let mut opened = None;
        for space in self.replica.spaces(None)? {
            inboxes.push(self.keys.published_inbox(&space.id));
            let keys = self.replica.read(|rows| epochs(rows, &space.id))?;
            opened = opened.or_else(|| open(&keys, &space_tag(&space.id), envelope).ok());
        }
        let item = opened.or_else(|| inboxes.iter().find_map(|inbox| open_from_inbox(inbox, envelope).ok()));
        Ok(item.map(|item| {
            let changes = match Item::decode(&item) {
                Ok(Item::Entry(entry)) => entry.changes().iter().filter_map(|change| plain(&change.bytes)).collect(),
                Ok(Item::Part(part)) => {
                    let changes = part.entries().iter().flat_map(|entry| entry.changes());
                    changes.filter_map(|change| plain(&change.bytes)).collect()
                }
                Ok(Item::Blob(blob)) => blob.words().map(String::into_bytes).into_iter().collect(),
                _ => Vec::new(),
            };
            std::iter::once(item).chain(changes).collect()
        }))
    }

    /// Hands over every text and every blob of every table of the opened store, with the table's name; changes also uncompressed,
    /// envelopes that wait to leave and private words also opened.
    pub fn dump(&self, each: &mut dyn FnMut(&str, &[u8])) -> Result<()> {
        self.replica.read(|rows| {
            let mut statement = rows.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
            let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            for name in names {
                let mut statement = rows.prepare(&format!("SELECT * FROM \"{}\"", name.replace('"', "\"\"")))?;
                let columns = statement.column_count();
                let mut found = statement.query([])?;
                while let Some(row) = found.next()? {
                    for column in 0..columns {
                        let (ValueRef::Text(bytes) | ValueRef::Blob(bytes)) = row.get_ref(column)? else { continue };
                        each(&name, bytes);
                        let inside =
                            if name == "outbox" { self.open_any(bytes)?.unwrap_or_default() } else { Vec::new() };
                        for bytes in inside.into_iter().chain(plain(bytes)) {
                            each(&name, &bytes);
                        }
                    }
                }
            }
            for space in self.replica.spaces(None)? {
                let mut after = 0;
                while let Some((number, blob)) = words::next(rows, &space.id, after, false)? {
                    after = number;
                    each("blob", blob.words().unwrap_or_default().as_bytes());
                }
            }
            Ok(())
        })
    }
}

/// A change uncompressed; `None` for what is no change. Looked at without automerge: what stands aside may be a bomb, and is dumped too.
fn plain(bytes: &[u8]) -> Option<Vec<u8>> {
    let body = bytes.strip_prefix(&CHANGE_MAGIC)?.get(4..)?;
    match body.split_first()? {
        (&UNCOMPRESSED, _) => Some(bytes.to_vec()),
        (&COMPRESSED, rest) => {
            // A length in seven-bit groups, then the deflated body.
            let length = rest.iter().position(|byte| byte & 0x80 == 0)? + 1;
            decompress_to_vec_with_limit(&rest[length..], MAX_CHANGES_RAW).ok()
        }
        _ => None,
    }
}

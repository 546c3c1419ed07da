//! Lists in pieces: a page, and where the next one begins.

use crate::error::{Error, Result};

/// One piece of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// In the order that the call promises.
    pub items: Vec<T>,
    /// Hand this in for the next piece; `None` at the end. Opaque, and good for as long as the store is.
    pub next: Option<String>,
}

/// More would not fit a screen of any phone, nor one call through a foreign-language seam in good time.
pub(crate) const MOST: i32 = 500;

/// How many rows to ask for: one more than wanted, to know whether there are more.
pub(crate) fn rows_for(limit: i32) -> Result<i64> {
    if (1..=MOST).contains(&limit) { Ok(i64::from(limit) + 1) } else { Err(Error::invalid("limit", "range")) }
}

/// Makes a page of what [`rows_for`] asked for; `place` tells an item's place in the list: its time and id.
pub(crate) fn page<T>(mut items: Vec<T>, limit: i32, place: impl Fn(&T) -> (i64, String)) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(place).map(|(at, id)| format!("{at}.{id}")) } else { None };
    Page { items, next }
}

/// The place that a page ended at.
pub(crate) fn place(cursor: &str) -> Result<(i64, String)> {
    let parts = if cursor.len() <= 100 { cursor.split_once('.') } else { None };
    let place = parts.and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    place.ok_or(Error::invalid("cursor", "format"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may fail
    use super::*;

    #[test]
    fn the_next_page_begins_where_this_one_ends() {
        let all = vec![(3, "a"), (2, "b"), (1, "c")];
        let first = page(all, 2, |(at, id)| (*at, (*id).to_owned()));
        assert_eq!(first.items.len(), 2);
        assert_eq!(place(&first.next.unwrap()).unwrap(), (2, "b".to_owned()));
        assert_eq!(page(vec![(1, "c")], 2, |(at, id)| (*at, (*id).to_owned())).next, None);
        for bad in ["", "x", "x.y", &"1.".repeat(100)] {
            assert_eq!(place(bad), Err(Error::invalid("cursor", "format")));
        }
        assert_eq!(rows_for(0), Err(Error::invalid("limit", "range")));
        assert_eq!(rows_for(MOST + 1), Err(Error::invalid("limit", "range")));
    }
}

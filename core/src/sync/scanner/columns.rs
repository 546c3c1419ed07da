//! Columns: run lengths, differences and booleans, accepted only as automerge 0.12 (hexane) writes them.
//!
//! Every reader takes the number of values there may be, and adds up run lengths before it repeats anything, so a run
//! that claims millions costs nothing. One sequence of values has exactly one accepted encoding: a document that is
//! saved and loaded builds its changes again from their operations, and their hashes must come out the same.

use super::Refused;
use super::leb::Reader;

/// The columns of a change, empty where one is absent.
#[derive(Debug, Default)]
pub(super) struct Columns<'a> {
    pub(super) object_actor: &'a [u8],
    pub(super) object_counter: &'a [u8],
    pub(super) key_actor: &'a [u8],
    pub(super) key_counter: &'a [u8],
    pub(super) key_text: &'a [u8],
    pub(super) insert: &'a [u8],
    pub(super) action: &'a [u8],
    pub(super) value_kind: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) predecessor_count: &'a [u8],
    pub(super) predecessor_actor: &'a [u8],
    pub(super) predecessor_counter: &'a [u8],
}

impl<'a> Columns<'a> {
    /// Read the table of columns and then their bytes, which must be all that is left.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Refused> {
        let count = reader.count()?;
        let mut columns = Self::default();
        // Twelve columns are known and each may stand once, so a longer table is wrong before it is read.
        if count > 12 {
            return Err(Refused::UnknownColumn);
        }
        let mut table = Vec::with_capacity(count);
        for _ in 0..count {
            let (specification, length) = (reader.unsigned()?, reader.count()?);
            if table.last().is_some_and(|(before, _)| *before >= specification) {
                return Err(Refused::UnknownColumn);
            }
            if length == 0 {
                return Err(Refused::NotCanonical); // automerge leaves an empty column out
            }
            table.push((specification, length));
        }
        for (specification, length) in table {
            // `id << 4 | compressed << 3 | type` (automerge storage/columns/column_specification.rs). The columns
            // for marks (0x94, 0xa5) are left out: rich text is not written, and marks can make a document that
            // cannot be loaded again.
            let column = match specification {
                0x01 => &mut columns.object_actor,
                0x02 => &mut columns.object_counter,
                0x11 => &mut columns.key_actor,
                0x13 => &mut columns.key_counter,
                0x15 => &mut columns.key_text,
                0x34 => &mut columns.insert,
                0x42 => &mut columns.action,
                0x56 => &mut columns.value_kind,
                0x57 => &mut columns.value,
                0x70 => &mut columns.predecessor_count,
                0x71 => &mut columns.predecessor_actor,
                0x73 => &mut columns.predecessor_counter,
                _ => return Err(Refused::UnknownColumn),
            };
            *column = reader.take(length)?;
        }
        reader.end()?;
        Ok(columns)
    }
}

/// How many values a column may have, and what to say when it has more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub(super) values: usize,
    pub(super) beyond: Refused,
}

/// What the run before this one was: it decides what may follow.
#[derive(PartialEq)]
enum Before<T> {
    Nothing,
    Nulls,
    Repeated(T),
    Literal(T),
}

/// A run-length column whose values may be null. Nulls throughout must have been left out by the writer.
pub(super) fn optional<'a, T: PartialEq + Copy>(
    bytes: &'a [u8],
    limit: Limit,
    read: impl FnMut(&mut Reader<'a>) -> Result<T, Refused>,
) -> Result<Vec<Option<T>>, Refused> {
    let values = runs(bytes, limit, read)?;
    if values.iter().all(Option::is_none) && !values.is_empty() {
        return Err(Refused::NotCanonical);
    }
    Ok(values)
}

/// A run-length column without nulls.
pub(super) fn required<'a, T: PartialEq + Copy>(
    bytes: &'a [u8],
    limit: Limit,
    read: impl FnMut(&mut Reader<'a>) -> Result<T, Refused>,
) -> Result<Vec<T>, Refused> {
    runs(bytes, limit, read)?.into_iter().map(|value| value.ok_or(Refused::NotCanonical)).collect()
}

/// Differences turned back into values.
pub(super) fn sums(differences: Vec<Option<i64>>) -> Result<Vec<Option<i64>>, Refused> {
    let mut sum = 0i64;
    let mut values = differences;
    for value in values.iter_mut().flatten() {
        sum = sum.checked_add(*value).ok_or(Refused::BadNumber)?;
        *value = sum;
    }
    Ok(values)
}

/// A column of booleans: how many are false, how many then true, and so on.
pub(super) fn booleans(bytes: &[u8], limit: Limit) -> Result<Vec<bool>, Refused> {
    let mut reader = Reader::new(bytes);
    let (mut values, mut value) = (Vec::new(), false);
    while !reader.is_empty() {
        let count = reader.count()?;
        // Only the first count may be nothing, and only before something true.
        if count == 0 && (value || !values.is_empty() || reader.is_empty()) {
            return Err(Refused::NotCanonical);
        }
        repeat(&mut values, value, count, limit)?;
        value = !value;
    }
    Ok(values)
}

fn runs<'a, T: PartialEq + Copy>(
    bytes: &'a [u8],
    limit: Limit,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<T, Refused>,
) -> Result<Vec<Option<T>>, Refused> {
    let mut reader = Reader::new(bytes);
    let mut values = Vec::new();
    let mut before = Before::Nothing;
    while !reader.is_empty() {
        let length = reader.signed()?;
        before = match length {
            0 => {
                let count = reader.count()?;
                if count == 0 || before == Before::Nulls {
                    return Err(Refused::NotCanonical);
                }
                repeat(&mut values, None, count, limit)?;
                Before::Nulls
            }
            1 => return Err(Refused::NotCanonical), // a single value is written as a literal
            2.. => {
                let value = read(&mut reader)?;
                if before == Before::Repeated(value) || before == Before::Literal(value) {
                    return Err(Refused::NotCanonical);
                }
                repeat(&mut values, Some(value), usize::try_from(length).map_err(|_| limit.beyond)?, limit)?;
                Before::Repeated(value)
            }
            ..0 => {
                if matches!(before, Before::Literal(_)) {
                    return Err(Refused::NotCanonical);
                }
                let count = usize::try_from(length.unsigned_abs()).map_err(|_| limit.beyond)?;
                if count > limit.values.saturating_sub(values.len()) {
                    return Err(limit.beyond);
                }
                let mut last = match before {
                    Before::Repeated(value) => Some(value),
                    _ => None,
                };
                for _ in 0..count {
                    let value = read(&mut reader)?;
                    if last == Some(value) {
                        return Err(Refused::NotCanonical);
                    }
                    values.push(Some(value));
                    last = Some(value);
                }
                last.map_or(Before::Nothing, Before::Literal)
            }
        };
    }
    Ok(values)
}

/// Append a run, unless the column gets longer than it may be.
fn repeat<T: Clone>(values: &mut Vec<T>, value: T, count: usize, limit: Limit) -> Result<(), Refused> {
    if count > limit.values.saturating_sub(values.len()) {
        return Err(limit.beyond);
    }
    values.resize(values.len() + count, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { values: 10, beyond: Refused::TooManyOperations };

    fn numbers(bytes: &[u8]) -> Result<Vec<Option<u64>>, Refused> {
        optional(bytes, LIMIT, |reader| reader.unsigned())
    }

    #[test]
    fn runs_have_one_form() {
        assert_eq!(numbers(&[3, 7]), Ok(vec![Some(7); 3]));
        assert_eq!(numbers(&[0x7e, 1, 2, 0, 2, 2, 9]), Ok(vec![Some(1), Some(2), None, None, Some(9), Some(9)]));
        for wrong in [
            &[1, 7][..],         // a run of one
            &[0, 0],             // no nulls
            &[0, 3],             // nothing but nulls
            &[0, 1, 0, 1, 2, 7], // nulls after nulls
            &[2, 7, 2, 7],       // a run cut in two
            &[0x7e, 7, 7],       // equal literals
            &[2, 7, 0x7f, 7],    // a literal that belongs to the run
            &[0x7e, 6, 7, 2, 7], // a run that swallows the literal before it
            &[0x7f, 6, 0x7f, 7], // literals cut in two
        ] {
            assert_eq!(numbers(wrong), Err(Refused::NotCanonical), "{wrong:?}");
        }
    }

    #[test]
    fn runs_that_claim_too_much_cost_nothing() {
        assert_eq!(numbers(&[11, 7]), Err(Refused::TooManyOperations));
        assert_eq!(numbers(&[0xc0, 0x8d, 0xb7, 0x01, 7]), Err(Refused::TooManyOperations));
        assert_eq!(numbers(&[0, 0xff, 0xff, 0xff, 0xff, 0x0f]), Err(Refused::TooManyOperations));
        assert_eq!(numbers(&[0x80, 0x80, 0x80, 0x80, 0x78]), Err(Refused::TooManyOperations));
        let least = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert_eq!(numbers(&least), Err(Refused::TooManyOperations));
        assert_eq!(booleans(&[0xff, 0xff, 0xff, 0xff, 0x0f], LIMIT), Err(Refused::TooManyOperations));
    }

    #[test]
    fn booleans_have_one_form() {
        assert_eq!(booleans(&[2], LIMIT), Ok(vec![false, false]));
        assert_eq!(booleans(&[0, 1, 1], LIMIT), Ok(vec![true, false]));
        for wrong in [&[0][..], &[0, 0, 2], &[1, 0], &[1, 1, 0]] {
            assert_eq!(booleans(wrong, LIMIT), Err(Refused::NotCanonical), "{wrong:?}");
        }
    }

    #[test]
    fn differences_do_not_overflow() {
        assert_eq!(sums(vec![Some(2), None, Some(-1)]), Ok(vec![Some(2), None, Some(1)]));
        assert_eq!(sums(vec![Some(i64::MAX), Some(1)]), Err(Refused::BadNumber));
    }
}

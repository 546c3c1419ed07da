//! Finding services by words, in whatever script they are typed.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::records::{Freshness, Hit};
use super::rows::ServiceRow;
use crate::error::{Error, Result};
use crate::folding::tokens;
use crate::ids::SpaceId;
use crate::page::{self, Page};

/// Characters of a query that are looked at; more is a paste by mistake.
const MAX_QUERY: usize = 200;
/// Words of a query that are looked at.
const MAX_WORDS: usize = 8;
/// Hits of one answer at most.
const MAX_HITS: i32 = 100;
/// A last word of fewer characters must match whole: one letter begins half of all words.
const MIN_PREFIX: usize = 2;

/// The query for FTS5, or nothing when there is no word in it. `any`: one of the words is enough.
fn expression(query: &str, any: bool) -> Option<String> {
    let query: String = query.chars().take(MAX_QUERY).collect();
    let words: Vec<String> = tokens(&query).into_iter().take(MAX_WORDS).collect();
    let last = words.len().checked_sub(1)?;
    let terms: Vec<String> = words
        .iter()
        .enumerate()
        .map(|(n, word)| {
            // Folded words hold letters, digits and marks only; no quote can get in.
            if n < last || word.chars().count() < MIN_PREFIX {
                return format!("\"{word}\"");
            }
            // Somebody typing an Arabic word with its article has not typed enough yet for folding to take it off.
            match word.strip_prefix("ال").filter(|rest| rest.chars().count() >= MIN_PREFIX) {
                Some(rest) => format!("(\"{word}\" * OR \"{rest}\" *)"),
                None => format!("\"{word}\" *"),
            }
        })
        .collect();
    Some(terms.join(if any { " OR " } else { " AND " }))
}

/// Services with all the words, best first; if there are none, those with any of the words.
pub(super) fn search(rows: &Connection, query: &str, limit: i32, now_ms: i64) -> Result<Vec<Hit>> {
    if !(1..=MAX_HITS).contains(&limit) {
        return Err(Error::invalid("limit", "range"));
    }
    for any in [false, true] {
        let Some(expression) = expression(query, any) else { return Ok(Vec::new()) };
        let hits = matching(rows, &expression, i64::from(limit), now_ms)?;
        if !hits.is_empty() {
            return Ok(hits);
        }
    }
    Ok(Vec::new())
}

fn matching(rows: &Connection, expression: &str, limit: i64, now_ms: i64) -> Result<Vec<Hit>> {
    // Ranked and cut inside, joined outside: joined inside its ORDER BY the commonest word takes ten times as long.
    let sql = format!(
        "SELECT f.rank, t.language, t.space, {} FROM
             (SELECT rowid AS entry, rank FROM service_words WHERE service_words MATCH ?1 ORDER BY rank LIMIT ?2) f
         JOIN service_text t ON t.entry = f.entry
         JOIN service s ON s.space = t.space AND s.document = t.document AND s.id = t.service {}",
        ServiceRow::COLUMNS,
        ServiceRow::JOIN
    );
    let mut statement = rows.prepare_cached(&sql)?;
    // A service has an entry a language; three of them find it in most directories.
    let mut found = statement.query(params![expression, limit * 3])?;
    let mut ranked: Vec<(bool, f64, Hit)> = Vec::new();
    while let Some(row) = found.next()? {
        let (rank, language): (f64, String) = (row.get(0)?, row.get(1)?);
        let space = SpaceId(row.get(2)?);
        let service = ServiceRow::from(row, 3)?;
        let closed = matches!(service.status.as_str(), "inactive" | "defunct");
        ranked.push((closed, rank, hit(space, service, language, now_ms)));
    }
    ranked.sort_by(|(closed, rank, hit), (other_closed, other_rank, other)| {
        closed
            .cmp(other_closed)
            .then(rank.total_cmp(other_rank))
            .then_with(|| hit.name.cmp(&other.name))
            .then_with(|| hit.id.cmp(&other.id))
    });
    let mut seen = BTreeSet::new();
    let first = |hit: &Hit| seen.insert((hit.directory.clone(), hit.id.clone()));
    Ok(ranked.into_iter().map(|(.., hit)| hit).filter(first).take(limit as usize).collect())
}

/// All services of a directory by name.
pub(super) fn browse(
    rows: &Connection,
    space: &SpaceId,
    limit: i32,
    after: Option<&str>,
    now_ms: i64,
) -> Result<Page<Hit>> {
    let wanted = page::rows_for(limit)?;
    // Folded names hold no line break, so it can stand between name and id.
    let (name, id) = match after {
        None => ("", ""),
        Some(after) => after.split_once('\n').ok_or(Error::invalid("cursor", "format"))?,
    };
    let sql = format!(
        "SELECT s.name_key, {} FROM service s {} WHERE s.space = ?1 AND (s.name_key, s.id) > (?2, ?3)
         ORDER BY s.name_key, s.id LIMIT ?4",
        ServiceRow::COLUMNS,
        ServiceRow::JOIN
    );
    let mut statement = rows.prepare_cached(&sql)?;
    let mut found = statement.query(params![&space.0[..], name, id, wanted])?;
    let (mut items, mut next, mut last) = (Vec::new(), None, None);
    while let Some(row) = found.next()? {
        if items.len() as i64 == i64::from(limit) {
            next = last; // one more than wanted: there is another page
            break;
        }
        let name_key: String = row.get(0)?;
        let service = ServiceRow::from(row, 1)?;
        last = Some(format!("{name_key}\n{}", service.id));
        let language = service.fields.get("language").cloned().unwrap_or_default();
        items.push(hit(*space, service, language, now_ms));
    }
    Ok(Page { items, next })
}

fn hit(directory: SpaceId, mut service: ServiceRow, language: String, now_ms: i64) -> Hit {
    let mut text = |field: &str| {
        let translated = service.fields.remove(&format!("{field}@{language}"));
        translated.or_else(|| service.fields.remove(field)).unwrap_or_default()
    };
    Hit {
        directory: directory.to_string(),
        name: text("name"),
        organization: text("organization"),
        language,
        freshness: Freshness::of(service.assured_date.as_deref(), now_ms, service.limits),
        id: service.id,
        city: service.city,
        status: service.status,
        assured_date: service.assured_date,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_become_expressions() {
        let all = |query: &str| expression(query, false);
        assert_eq!(all("Legal ad"), Some("\"legal\" AND \"ad\" *".into()));
        assert_eq!(all("  "), None);
        assert_eq!(all("\" OR * NEAR("), Some("\"or\" AND \"near\" *".into()), "an operator is a word");
        assert_eq!(all("a"), Some("\"a\"".into()));
        assert_eq!(all("المد"), Some("(\"المد\" * OR \"مد\" *)".into()));
        assert_eq!(expression("law їжа", true), Some("\"law\" OR \"іжа\" *".into()));
        assert_eq!(all(&"word ".repeat(1_000)).map(|e| e.matches("AND").count()), Some(MAX_WORDS - 1));
    }
}

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

/// Entries of which the best are sought. A word that more services have than this tells them apart so little that their
/// order does not matter, and ranking all 20,000 would take twenty times as long.
const CANDIDATES: i64 = 400;

/// Services with all the words: first those that have them in their name, then the others; if there are none, those with
/// any of the words.
pub(super) fn search(rows: &Connection, query: &str, limit: i32, now_ms: i64) -> Result<Vec<Hit>> {
    if !(1..=MAX_HITS).contains(&limit) {
        return Err(Error::invalid("limit", "range"));
    }
    let mut found = Found { limit: limit as usize, now_ms, seen: BTreeSet::new(), hits: Vec::new() };
    for any in [false, true] {
        let Some(expression) = expression(query, any) else { return Ok(Vec::new()) };
        found.add(rows, &format!("name : ({expression})"), query)?;
        if found.hits.len() < found.limit {
            found.add(rows, &expression, query)?;
        }
        if !found.hits.is_empty() {
            break;
        }
    }
    // Closed ones are shown, since somebody may look for just these, but last.
    found.hits.sort_by_key(|hit| matches!(hit.status.as_str(), "inactive" | "defunct"));
    Ok(found.hits)
}

struct Found {
    limit: usize,
    now_ms: i64,
    seen: BTreeSet<(SpaceId, String)>,
    hits: Vec<Hit>,
}

impl Found {
    fn add(&mut self, rows: &Connection, expression: &str, query: &str) -> Result<()> {
        // Ranked and cut inside, joined outside: joined inside its ORDER BY the commonest word takes ten times as long.
        let sql = format!(
            "SELECT f.rank, s.space, {} FROM
                 (SELECT entry, rank FROM
                     (SELECT rowid AS entry, rank FROM service_words WHERE service_words MATCH ?1 LIMIT {CANDIDATES})
                  ORDER BY rank, entry LIMIT ?2) f
             JOIN service s ON s.entry = f.entry {}",
            ServiceRow::COLUMNS,
            ServiceRow::JOIN
        );
        let mut statement = rows.prepare_cached(&sql)?;
        let mut found = statement.query(params![expression, self.limit as i64 + self.seen.len() as i64])?;
        let mut ranked: Vec<(f64, Hit)> = Vec::new();
        while let Some(row) = found.next()? {
            let (rank, space): (f64, SpaceId) = (row.get(0)?, SpaceId(row.get(1)?));
            let id: String = row.get(2)?;
            if self.seen.insert((space, id)) {
                let service = ServiceRow::from(row, 2)?;
                let language = language_of(&service, query);
                ranked.push((rank, hit(space, service, language, self.now_ms)));
            }
        }
        ranked.sort_by(|(rank, hit), (other_rank, other)| {
            rank.total_cmp(other_rank).then_with(|| hit.name.cmp(&other.name)).then_with(|| hit.id.cmp(&other.id))
        });
        let room = self.limit - self.hits.len();
        self.hits.extend(ranked.into_iter().map(|(_, hit)| hit).take(room));
        Ok(())
    }
}

/// In which of a service's languages a question was asked: one with a name in the question's script that has its words,
/// its own first.
fn language_of(service: &ServiceRow, query: &str) -> String {
    let own = service.fields.get("language").cloned().unwrap_or_default();
    let asked = script(query);
    let name = |tag: &str| service.fields.get(&format!("name@{tag}"));
    let mut others: Vec<String> = super::document::languages(&service.fields);
    others.retain(|tag| name(tag).is_some_and(|name| script(name) == asked));
    if asked.is_none() || service.fields.get("name").is_some_and(|name| script(name) == asked) || others.is_empty() {
        return own;
    }
    if others.len() > 1 {
        // Several languages share the script: the one that has most of the words.
        let words = tokens(query);
        let count = |tag: &String| {
            let suffix = format!("@{tag}");
            let texts =
                service.fields.iter().filter(|(field, _)| field.ends_with(&suffix)).map(|(_, text)| text.as_str());
            let all = tokens(&texts.collect::<Vec<_>>().join("\n"));
            words.iter().filter(|word| all.iter().any(|found| found.starts_with(word.as_str()))).count()
        };
        others.sort_by_key(|tag| std::cmp::Reverse(count(tag)));
    }
    others.swap_remove(0)
}

/// The script of a text's first letter, as far as it tells languages apart: by blocks of Unicode.
fn script(text: &str) -> Option<u32> {
    let letter = text.chars().find(|c| c.is_alphabetic())? as u32;
    Some(match letter {
        ..0x0250 | 0x1e00..0x1f00 => 0,                        // Latin
        0x0400..0x0530 => 1,                                   // Cyrillic
        0x0600..0x0780 | 0xfb50..0xfe00 | 0xfe70..0xff00 => 2, // Arabic
        other => other >> 7 | 0x100,
    })
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
        assert_eq!(script("їжа"), script("Food їжа").map(|_| 1));
        assert_eq!(script("«استشارة»"), Some(2));
        assert_eq!(expression("law їжа", true), Some("\"law\" OR \"іжа\" *".into()));
        assert_eq!(all(&"word ".repeat(1_000)).map(|e| e.matches("AND").count()), Some(MAX_WORDS - 1));
    }
}

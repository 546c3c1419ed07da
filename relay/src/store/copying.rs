//! From one database into another, of whatever kind, row by row out of one snapshot: a backup, a restore, a move.

use super::postgres::pool::Connected;
use super::{Identity, postgres, sqlite};
use crate::config::{Database, DatabaseKey};
use crate::{RelayError, Result};
use rusqlite::types::{Null, ToSqlOutput, Value};
use rusqlite::{Connection, params_from_iter};
use tokio_postgres::types::ToSql;

/// Rows in memory at a time: of the longest envelopes these are 16 MB.
const PAGE: usize = 256;

/// A table that both kinds of database have, with the columns that are copied. What is counted is a number, all else bytes.
struct Table {
    name: &'static str,
    numbers: &'static [&'static str],
    bytes: &'static [&'static str],
}

/// Spaces first: the others refer to them.
const TABLES: [Table; 3] = [
    Table {
        name: "space",
        numbers: &["number", "kind", "list_number", "last_position", "bytes", "day", "covered"],
        bytes: &["tag", "list_key", "post_token"],
    },
    Table { name: "allowed", numbers: &["space", "rights"], bytes: &["name", "key"] },
    Table {
        name: "envelope",
        numbers: &["space", "position", "urgency", "size", "day"],
        bytes: &["writer", "id", "bytes"],
    },
];

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Spaces and inboxes.
    pub spaces: u64,
    /// Envelopes.
    pub envelopes: u64,
    /// How often the copy came back from a backup: the original's count, or one more.
    pub restores: u32,
}

#[derive(Default)]
struct Row {
    numbers: Vec<i64>,
    bytes: Vec<Option<Vec<u8>>>,
}

/// Copies everything into an empty database, all or nothing. The source may be served meanwhile: what is acknowledged later is not
/// in the copy. `restored` says that the copy takes the place of an original that knew more.
pub(crate) async fn copy(from: &Database, to: &Database, key: Option<&DatabaseKey>, restored: bool) -> Result<Copied> {
    let (mut source, mut identity) = Source::open(from, key).await?;
    let mut target = Target::open(to, key).await?;
    if target.count("space").await? > 0 {
        return Err(RelayError::NotEmpty);
    }
    if restored {
        identity = identity.restored()?;
    }
    target.begin(&identity).await?;
    let mut rows = [0; TABLES.len()];
    for (table, rows) in TABLES.iter().zip(&mut rows) {
        *rows = source.pour(table, &mut target).await?;
    }
    target.end().await?;
    Ok(Copied { spaces: rows[0], envelopes: rows[2], restores: identity.restores })
}

impl Table {
    fn columns(&self) -> String {
        [self.numbers, self.bytes].concat().join(", ")
    }

    fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.columns(), self.name)
    }
}

enum Source {
    Sqlite(Connection),
    Postgres(Connected),
}

impl Source {
    /// Opened in one snapshot.
    async fn open(database: &Database, key: Option<&DatabaseKey>) -> Result<(Self, Identity)> {
        match database {
            Database::File(path) => {
                // Opening would create it, and an empty copy of a mistyped name is no backup.
                std::fs::metadata(path).map_err(RelayError::io("opening the file to copy from"))?;
                let (_, identity) = sqlite::open_writer(path, key)?;
                let connection = sqlite::open_reader(path, key)?;
                connection.execute_batch("BEGIN")?;
                Ok((Self::Sqlite(connection), identity))
            }
            Database::Postgres(url) => {
                let (connected, identity) = postgres::open(url).await?;
                connected.client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                Ok((Self::Postgres(connected), identity))
            }
        }
    }

    /// Hands over a table, page by page; returns how many rows there were.
    async fn pour(&mut self, table: &Table, target: &mut Target) -> Result<u64> {
        let mut poured = 0;
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare(&table.select())?;
                let mut rows = statement.query([])?;
                let mut page = Vec::with_capacity(PAGE);
                while let Some(row) = rows.next()? {
                    page.push(from_sqlite(table, row)?);
                    if page.len() == PAGE {
                        target.write(table, &page).await?;
                        page.clear();
                    }
                    poured += 1;
                }
                target.write(table, &page).await?;
            }
            Self::Postgres(connected) => {
                // A cursor, so that neither side holds the whole table.
                let declare = format!("DECLARE page NO SCROLL CURSOR FOR {}", table.select());
                connected.client.batch_execute(&declare).await?;
                loop {
                    let rows = connected.client.query(&format!("FETCH {PAGE} FROM page"), &[]).await?;
                    if rows.is_empty() {
                        break;
                    }
                    poured += rows.len() as u64;
                    let page = rows.iter().map(|row| from_postgres(table, row)).collect::<Result<Vec<_>>>()?;
                    target.write(table, &page).await?;
                }
                connected.client.batch_execute("CLOSE page").await?;
            }
        }
        Ok(poured)
    }
}

fn from_sqlite(table: &Table, row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    let count = table.numbers.len();
    Ok(Row {
        numbers: (0..count).map(|column| row.get(column)).collect::<rusqlite::Result<_>>()?,
        bytes: (count..count + table.bytes.len()).map(|column| row.get(column)).collect::<rusqlite::Result<_>>()?,
    })
}

fn from_postgres(table: &Table, row: &tokio_postgres::Row) -> Result<Row> {
    let count = table.numbers.len();
    Ok(Row {
        numbers: (0..count).map(|column| Ok(row.try_get(column)?)).collect::<Result<_>>()?,
        bytes: (count..count + table.bytes.len()).map(|column| Ok(row.try_get(column)?)).collect::<Result<_>>()?,
    })
}

/// Writes in one transaction, so that an interrupted copy is none.
enum Target {
    Sqlite(Connection),
    Postgres(Connected),
}

impl Target {
    async fn open(database: &Database, key: Option<&DatabaseKey>) -> Result<Self> {
        Ok(match database {
            Database::File(path) => Self::Sqlite(sqlite::open_writer(path, key)?.0),
            Database::Postgres(url) => Self::Postgres(postgres::open(url).await?.0),
        })
    }

    async fn count(&self, table: &str) -> Result<i64> {
        let count = format!("SELECT count(*) FROM {table}");
        Ok(match self {
            Self::Sqlite(connection) => connection.query_row(&count, [], |row| row.get(0))?,
            Self::Postgres(connected) => connected.client.query_one(&count, &[]).await?.get(0),
        })
    }

    async fn begin(&self, identity: &Identity) -> Result<()> {
        let (instance, secret) = (&identity.instance[..], &identity.secret[..]);
        match self {
            Self::Sqlite(connection) => {
                connection.execute_batch("BEGIN IMMEDIATE")?;
                let update = "UPDATE relay SET instance = ?1, secret = ?2, restores = ?3";
                connection.execute(update, (instance, secret, identity.restores))?;
            }
            Self::Postgres(connected) => {
                connected.client.batch_execute("BEGIN").await?;
                let update = "UPDATE relay SET instance = $1, secret = $2, restores = $3";
                connected.client.execute(update, &[&instance, &secret, &i64::from(identity.restores)]).await?;
            }
        }
        Ok(())
    }

    async fn write(&mut self, table: &Table, rows: &[Row]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let (columns, count) = (table.columns(), table.numbers.len());
        match self {
            Self::Sqlite(connection) => {
                let marks = vec!["?"; count + table.bytes.len()].join(", ");
                let mut insert =
                    connection.prepare_cached(&format!("INSERT INTO {} ({columns}) VALUES ({marks})", table.name))?;
                for row in rows {
                    let numbers = row.numbers.iter().map(|number| ToSqlOutput::Owned(Value::Integer(*number)));
                    let bytes = row.bytes.iter().map(|bytes| match bytes {
                        Some(bytes) => ToSqlOutput::from(&bytes[..]),
                        None => ToSqlOutput::from(Null),
                    });
                    insert.execute(params_from_iter(numbers.chain(bytes)))?;
                }
            }
            Self::Postgres(connected) => {
                let arrays = (0..count).map(|n| format!("${}::bigint[]", n + 1));
                let arrays = arrays.chain((0..table.bytes.len()).map(|n| format!("${}::bytea[]", count + n + 1)));
                let arrays = arrays.collect::<Vec<_>>().join(", ");
                let insert = format!("INSERT INTO {} ({columns}) SELECT * FROM unnest({arrays})", table.name);
                let numbers: Vec<Vec<i64>> =
                    (0..count).map(|column| rows.iter().map(|row| row.numbers[column]).collect()).collect();
                let bytes: Vec<Vec<Option<&[u8]>>> = (0..table.bytes.len())
                    .map(|column| rows.iter().map(|row| row.bytes[column].as_deref()).collect())
                    .collect();
                let numbers = numbers.iter().map(|column| column as &(dyn ToSql + Sync));
                let values: Vec<_> = numbers.chain(bytes.iter().map(|column| column as &(dyn ToSql + Sync))).collect();
                connected.client.execute(&insert, &values).await?;
            }
        }
        Ok(())
    }

    async fn end(self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                connection.execute_batch("COMMIT")?;
                // All in the one file, which an operator carries away.
                connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            }
            Self::Postgres(connected) => {
                // The next space is numbered after those that were brought.
                let next = "SELECT setval(pg_get_serial_sequence('space', 'number'), coalesce(max(number), 0) + 1, false) FROM space";
                connected.client.execute(next, &[]).await?;
                connected.client.batch_execute("COMMIT; ANALYZE space, allowed, envelope").await?;
            }
        }
        Ok(())
    }
}

//! From a source to documents: what is new or different, shard by shard, in slices that each commit.

use std::cell::Cell;

use super::hsds::{Parsed, ReadError, ServiceRecord, Watch};
use super::records::ImportReport;
use super::{document, rows};
use crate::error::{Error, Result};
use crate::host::Progress;
use crate::ids::SpaceId;
use crate::replica::{DocumentKey, Replica, SpaceKind, WRITER, space as space_row};

/// Text of one slice. A change holds 20 KiB at most; two of them commit in some 20 ms on a slow phone's measure.
const SLICE_TEXT: usize = 36 << 10;
/// Services of one slice.
const SLICE_SERVICES: usize = 32;

/// Changed services from which on the index is put in order afterwards; searching is then up to twice as fast.
const TIDY_FROM: i64 = 1_000;

/// Thousandths of the work that reading takes; the rest is writing.
const READING: i64 = 200;
const WHOLE: i64 = 1_000;

/// A service to be written.
struct Pending {
    shard: DocumentKey,
    record: ServiceRecord,
    /// Other shards in which it still stands: its organization has changed.
    moved_from: Vec<DocumentKey>,
}

pub(super) fn run(
    replica: &Replica,
    space: &SpaceId,
    progress: &dyn Progress,
    read: &dyn Fn(Watch<'_>) -> Result<Parsed, ReadError>,
) -> Result<ImportReport> {
    let shards = replica.read(|rows| {
        let about = space_row(rows, space)?;
        if about.kind != SpaceKind::Directory {
            return Err(Error::NotFound);
        }
        if about.role < WRITER {
            return Err(Error::NotAllowed { role: "reader" });
        }
        let (shards, _) = rows::profile(rows, space)?.ok_or(Error::NotFound)?;
        Ok(shards)
    })?;

    let last = Cell::new(-1);
    let parsed = read(&mut |done, total| {
        let share = if total == 0 { 0 } else { (done.min(total) as i128 * i128::from(READING) / total as i128) as i64 };
        // Bytes go by in thousands; the host hears of it when the number moves.
        last.replace(share) == share || progress.report(share, WHOLE)
    });
    let parsed = parsed.map_err(|error| match error {
        ReadError::NotFound => Error::NotFound,
        ReadError::Cancelled => Error::Cancelled,
    })?;

    let mut report = ImportReport {
        services: parsed.services.len() as i64,
        changed: 0,
        organizations: parsed.organizations as i64,
        errors: parsed.errors,
        unlisted_errors: parsed.unlisted_errors as i64,
    };
    let pending = different(replica, space, shards, parsed.services)?;
    let total = pending.len() as i64;
    for slice in slices(&pending) {
        write(replica, space, slice)?;
        report.changed += slice.len() as i64;
        if !progress.report(READING + report.changed * (WHOLE - READING) / total.max(1), WHOLE) {
            return Err(Error::Cancelled);
        }
    }
    if report.changed >= TIDY_FROM {
        while replica.store().write(rows::tidy_index)? {}
    }
    progress.report(WHOLE, WHOLE);
    Ok(report)
}

/// Services that are not here yet just so, in the order of their shards, so that each document is loaded once.
fn different(replica: &Replica, space: &SpaceId, shards: i64, services: Vec<ServiceRecord>) -> Result<Vec<Pending>> {
    let known = replica.read(|rows| rows::digests(rows, space))?;
    let mut pending = Vec::new();
    for record in services {
        let shard = document::shard(space, &record, shards);
        let digest = document::digest(&record.fields());
        let stands = known.get(&record.id).map_or(&[][..], Vec::as_slice);
        if let [(bucket, old)] = stands
            && *bucket == shard.bucket
            && *old == digest
        {
            continue;
        }
        let elsewhere = stands.iter().filter(|(bucket, _)| *bucket != shard.bucket);
        let moved_from = elsewhere.map(|(bucket, _)| DocumentKey { bucket: bucket.clone(), ..shard.clone() }).collect();
        pending.push(Pending { shard, record, moved_from });
    }
    pending.sort_by(|a, b| a.shard.cmp(&b.shard));
    Ok(pending)
}

/// Consecutive services of one shard, as many as fit into one commit.
fn slices(pending: &[Pending]) -> impl Iterator<Item = &[Pending]> {
    let (mut text, mut count) = (0, 0);
    pending.chunk_by(move |a, b| {
        text += a.record.size();
        count += 1;
        let together = a.shard == b.shard && text < SLICE_TEXT && count < SLICE_SERVICES;
        if !together {
            (text, count) = (0, 0);
        }
        together
    })
}

fn write(replica: &Replica, space: &SpaceId, slice: &[Pending]) -> Result<()> {
    replica.write(|writer| {
        for Pending { shard, record, moved_from } in slice {
            for old in moved_from {
                writer.delete(old, &document::key_of(&record.id))?;
            }
            // Looked up inside the transaction: another write may have come in between.
            match rows::fields_in(writer.rows(), space, &shard.id().0, &record.id)? {
                Some(old) => document::update(writer, shard, &record.id, &old, &record.fields())?,
                None => document::create(writer, shard, &record.id, &record.fields())?,
            }
        }
        Ok(())
    })
}

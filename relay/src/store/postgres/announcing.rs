//! `LISTEN` and `NOTIFY`: what one process commits rings the bells of all.

use super::pool::Connected;
use crate::bell::Bell;
use crate::{RelayError, Result};
use rafiq_protocol::Tag;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_postgres::Config;

/// In which places something arrived, and by whom.
pub(super) type Arrivals = BTreeSet<(Tag, Option<[u8; 8]>)>;
/// An announcement has at most 8,000 bytes; a place takes 50.
const PLACES: usize = 150;

/// Announces what is sent to it, and rings `bell` for what anybody announces, until the sender is gone. A wake is a hint: what is
/// lost with a connection is made up for by waking everybody when there is one again.
pub(super) fn start(server: Config, bell: Arc<Bell>) -> mpsc::UnboundedSender<Arrivals> {
    let (announce, mut arrivals) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while !arrivals.is_closed() {
            if listen(&server, &bell, &mut arrivals).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
            while arrivals.try_recv().is_ok() {} // everybody is woken anyway
        }
    });
    announce
}

/// Returns when nothing more will be announced; an error is a lost connection.
async fn listen(server: &Config, bell: &Bell, arrivals: &mut mpsc::UnboundedReceiver<Arrivals>) -> Result<()> {
    let (mut connected, mut notified) = Connected::listening(server).await?;
    let notify = connected.prepared("SELECT pg_notify('rafiq_wake', $1)").await?;
    connected.client.batch_execute("LISTEN rafiq_wake").await?;
    bell.ring_all();
    loop {
        tokio::select! {
            notification = notified.recv() => {
                let notification = notification.ok_or(RelayError::Stopping)?;
                for place in notification.payload().split(' ') {
                    if let Some((tag, writer)) = parse(place) {
                        bell.ring(&tag, writer);
                    }
                }
            }
            arrived = arrivals.recv() => {
                let Some(mut arrived) = arrived else { return Ok(()) };
                while let Ok(more) = arrivals.try_recv() {
                    arrived.extend(more);
                }
                let places: Vec<String> = arrived.iter().map(print).collect();
                for places in places.chunks(PLACES) {
                    connected.client.execute(&notify, &[&places.join(" ")]).await?;
                }
            }
        }
    }
}

fn print((tag, writer): &(Tag, Option<[u8; 8]>)) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{}-{}", hex(tag), writer.as_ref().map(|writer| hex(writer)).unwrap_or_default())
}

/// Whoever may write to the database may announce anything: what is not ours is passed over.
fn parse(place: &str) -> Option<(Tag, Option<[u8; 8]>)> {
    let (tag, writer) = place.split_once('-')?;
    let writer = if writer.is_empty() { None } else { Some(bytes(writer)?) };
    Some((bytes(tag)?, writer))
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if hex.len() != 2 * N || !hex.is_ascii() {
        return None;
    }
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_printed_and_parsed() {
        for place in [([0xa1; 16], Some([0x0b; 8])), ([0; 16], None)] {
            assert_eq!(parse(&print(&place)), Some(place));
        }
        for garbage in
            ["", "-", "a1", "zz-", "a1-0b", &format!("{}-1", "00".repeat(16)), &format!("{}-", "é".repeat(16))]
        {
            assert_eq!(parse(garbage), None);
        }
    }
}

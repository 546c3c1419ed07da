//! Wake streams: server-sent events that say "something waits, exchange", and nothing else.

use crate::bell::{Bell, Listener};
use crate::connections::Peer;
use crate::exchange::{Desk, Watch};
use axum::body::Bytes;
use hyper::body::{Body, Frame};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time;

const WAKE: &[u8] = b"event: wake\ndata:\n\n";
/// A comment, so that both sides and whatever is between them know that the line stands.
const STILL_HERE: &[u8] = b":\n\n";
const PULSE: Duration = Duration::from_secs(25);
/// Between two wakes: a busy space must not keep a phone's radio on, and one exchange brings everything.
const PAUSE: Duration = Duration::from_millis(500);

/// Opens wake streams.
#[derive(Clone)]
pub(crate) struct Waking {
    bell: Arc<Bell>,
    stopping: watch::Receiver<bool>,
    open: Arc<Mutex<HashMap<Peer, usize>>>,
}

impl Waking {
    pub(crate) fn new(bell: Arc<Bell>, stopping: watch::Receiver<bool>) -> Self {
        Self { bell, stopping, open: Arc::default() }
    }

    /// `None` when this address has as many as it may.
    pub(crate) fn stream(&self, desk: Arc<Desk>, peer: Peer, watch: Watch) -> Option<Events> {
        let seat = self.sit(&desk, peer)?;
        // Listening first: what arrives while we look is heard.
        let listener = self.bell.listen(watch.places.clone());
        let (events, stream) = mpsc::channel(1);
        let mut stopping = self.stopping.clone();
        let lasts = desk.limits.wake;
        tokio::spawn(async move {
            let talk = talk(&desk, &watch, &listener, &events);
            tokio::select! {
                () = talk => {}
                () = events.closed() => {}
                () = time::sleep(lasts) => {}
                _ = stopping.wait_for(|stopping| *stopping) => {}
            }
            drop(seat);
        });
        Some(Events(stream))
    }

    fn sit(&self, desk: &Arc<Desk>, peer: Peer) -> Option<Seat> {
        let mut open = self.open.lock();
        let count = open.entry(peer).or_insert(0);
        if *count >= desk.limits.wakes_from_address {
            return None;
        }
        *count += 1;
        desk.metrics.wakes.add(1);
        Some(Seat { open: Arc::clone(&self.open), peer, desk: Arc::clone(desk) })
    }
}

async fn talk(desk: &Desk, watch: &Watch, listener: &Listener, events: &mpsc::Sender<&'static [u8]>) {
    // In doubt it wakes: an exchange too many costs little.
    let mut event = if desk.waits(watch).await.unwrap_or(true) { WAKE } else { STILL_HERE };
    while events.send(event).await.is_ok() {
        if event == WAKE {
            time::sleep(PAUSE).await;
        }
        event = time::timeout(PULSE, listener.rung()).await.map_or(STILL_HERE, |()| WAKE);
    }
}

/// One stream in the count of its address.
struct Seat {
    open: Arc<Mutex<HashMap<Peer, usize>>>,
    peer: Peer,
    desk: Arc<Desk>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.desk.metrics.wakes.subtract(1);
        let mut open = self.open.lock();
        if let Some(count) = open.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.peer);
            }
        }
    }
}

/// The body of such a response; it ends when the relay stops, or after its time.
pub(crate) struct Events(mpsc::Receiver<&'static [u8]>);

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|event| Some(Ok(Frame::data(Bytes::from_static(event?)))))
    }
}

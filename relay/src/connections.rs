//! Accepting connections: so many from one address, none that dawdle, and a quiet end.

use crate::config::Limits;
use axum::{Router, body::Body};
use hyper::{Request, body::Incoming, server::conn::http1, service::Service, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::{sync::watch, task::JoinSet, time};

/// How long an address stays known after its last valid signature.
const KNOWN_FOR: Duration = Duration::from_secs(3_600);

/// Where a connection comes from: an IPv4 address, or the /64 network that one IPv6 line gets. Kept in memory while it
/// is needed for counting, never written anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Peer(IpAddr);

impl Peer {
    pub(crate) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(v6) => Self(IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)))),
            v4 => Self(v4),
        }
    }
}

/// Serves until `stop` says true, then lets requests under way end within the time to drain.
pub(crate) async fn accept(
    listener: TcpListener,
    router: Router,
    peers: Arc<Peers>,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            _ = stop.wait_for(|stopping| *stopping) => break,
        };
        let Ok((stream, address)) = accepted else {
            // Out of file descriptors, most likely: wait until some are free again.
            time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        // Above the limit the connection is closed at once; the client's next try may find room.
        let Some(seat) = peers.admit(Peer::of(address.ip())) else { continue };
        connections.spawn(converse(stream, router.clone(), seat, limits.clone(), stop.clone()));
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    let _ = time::timeout(limits.drain, all_ended).await; // the rest is cut off when the set is dropped
}

async fn converse(stream: TcpStream, router: Router, seat: Seat, limits: Limits, mut stop: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let peer = seat.peer;
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_headers(64)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(Patient::new(stream, limits.body_timeout)), service);
    let mut connection = pin!(connection);
    // Errors are the client's: it went away, dawdled, or does not speak HTTP.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stopping| *stopping) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Who is connected, counted by address.
pub(crate) struct Peers {
    unknown: usize,
    known: usize,
    all: usize,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    open: usize,
    peers: HashMap<Peer, Presence>,
}

#[derive(Default)]
struct Presence {
    open: usize,
    known_at: Option<Instant>,
}

impl Presence {
    fn is_known(&self) -> bool {
        self.known_at.is_some_and(|at| at.elapsed() < KNOWN_FOR)
    }
}

impl Peers {
    pub(crate) fn new(limits: &Limits) -> Arc<Self> {
        let table = Mutex::default();
        let (unknown, known) = (limits.connections_unknown, limits.connections_known);
        Arc::new(Self { unknown, known, all: limits.connections, table })
    }

    /// Connections open now.
    pub(crate) fn open(&self) -> usize {
        self.table.lock().open
    }

    /// One of the peer's requests was signed by a key that is allowed somewhere.
    pub(crate) fn vouch(&self, peer: Peer) {
        self.table.lock().peers.entry(peer).or_default().known_at = Some(Instant::now());
    }

    fn admit(self: &Arc<Self>, peer: Peer) -> Option<Seat> {
        let mut table = self.table.lock();
        if table.open >= self.all {
            return None;
        }
        if table.peers.len() > 4 * self.all {
            table.peers.retain(|_, presence| presence.open > 0 || presence.is_known());
        }
        let presence = table.peers.entry(peer).or_default();
        if presence.open >= if presence.is_known() { self.known } else { self.unknown } {
            return None;
        }
        presence.open += 1;
        table.open += 1;
        drop(table);
        Some(Seat { peers: Arc::clone(self), peer })
    }
}

/// One connection's place in the count.
struct Seat {
    peers: Arc<Peers>,
    peer: Peer,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut table = self.peers.table.lock();
        table.open -= 1;
        if let Some(presence) = table.peers.get_mut(&self.peer) {
            presence.open -= 1;
            if presence.open == 0 && !presence.is_known() {
                table.peers.remove(&self.peer);
            }
        }
    }
}

/// A stream whose other side must take some bytes of a response within the limit. Reading has its own limits.
struct Patient {
    stream: TcpStream,
    limit: Duration,
    stalled: Option<Pin<Box<time::Sleep>>>,
}

impl Patient {
    fn new(stream: TcpStream, limit: Duration) -> Self {
        Self { stream, limit, stalled: None }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, poll: Poll<std::io::Result<T>>) -> Poll<std::io::Result<T>> {
        if poll.is_ready() {
            self.stalled = None;
            return poll;
        }
        let limit = self.limit;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(time::sleep(limit)));
        stalled.as_mut().poll(cx).map(|()| Err(std::io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, poll)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // tests may stop at the first surprise
    use super::*;

    fn peer(text: &str) -> Peer {
        Peer::of(text.parse().unwrap())
    }

    #[test]
    fn a_line_is_one_peer() {
        assert_eq!(peer("2001:db8::1"), peer("2001:db8::2:3"));
        assert_ne!(peer("2001:db8:0:1::1"), peer("2001:db8::1"));
        assert_eq!(peer("::ffff:192.0.2.1"), peer("192.0.2.1"));
        assert_ne!(peer("192.0.2.2"), peer("192.0.2.1"));
    }

    #[test]
    fn known_addresses_get_more_seats() {
        let limits = Limits { connections_unknown: 2, connections_known: 4, connections: 5, ..Limits::default() };
        let peers = Peers::new(&limits);
        let (a, b) = (peer("192.0.2.1"), peer("192.0.2.2"));
        let mut seats: Vec<_> = (0..2).map(|_| peers.admit(a).unwrap()).collect();
        assert!(peers.admit(a).is_none());
        peers.vouch(a);
        seats.extend((0..2).map(|_| peers.admit(a).unwrap()));
        assert!(peers.admit(a).is_none());
        seats.push(peers.admit(b).unwrap());
        assert!(peers.admit(b).is_none(), "full");
        seats.clear();
        assert_eq!(peers.table.lock().peers.len(), 1, "the unknown one is forgotten");
        assert!(peers.admit(b).is_some());
    }
}

//! 1,000 edits that somebody made while the other was away, caught up over loopback: ours through a relay, sealed, admitted and written
//! to rows; samod's from one repository straight into another, in clear. Both keep what they get on disk.

use crate::{Row, median, ms, timed};
use automerge::transaction::Transactable;
use automerge::{Automerge, ObjType, ROOT};
use rafiq::mentoring::NewPairing;
use rafiq::sync::Budget;
use rafiq_relay::{Config, RelayHandle};
use rafiq_tests::phone::{Phone, let_in, post};
use samod::storage::TokioFilesystemStorage;
use samod::{BackoffConfig, DialError, Dialer, DocHandle, Repo, Transport};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const EDITS: usize = 1_000;
const TURNS: usize = 5;

pub fn rows() -> Vec<Row> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(our_turn());
        theirs.push(samod_turn());
    }
    let mid = |of: &[(Duration, u64)]| {
        (median(of.iter().map(|turn| turn.0).collect()), median(of.iter().map(|turn| turn.1).collect()))
    };
    let rounds = median(ours.iter().map(|turn| turn.2).collect());
    let ours: Vec<_> = ours.into_iter().map(|(time, bytes, _)| (time, bytes)).collect();
    let ((our_time, our_bytes), (their_time, their_bytes)) = (mid(&ours), mid(&theirs));
    vec![
        Row {
            work: "catch up 1,000 edits, time until all are on disk",
            ours: format!("{}, rows written too", ms(our_time)),
            other: format!("{} samod, TCP, files", ms(their_time)),
            ratio: our_time.as_secs_f64() / their_time.as_secs_f64(),
            bar: "1",
        },
        Row {
            work: "catch up 1,000 edits, bytes both ways",
            ours: format!("{:.1} KB in {rounds} round trip(s), sealed", our_bytes as f64 / 1e3),
            other: format!("{:.1} KB samod, in clear", their_bytes as f64 / 1e3),
            ratio: our_bytes as f64 / their_bytes as f64,
            bar: "–",
        },
    ]
}

fn our_turn() -> (Duration, u64, u64) {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayHandle::start(Config::new(folder.path().join("relay.db"))).unwrap();
    let url = relay.url();
    let (mentor, newcomer) = (Phone::new(3, "Bohdan", "uk"), Phone::new(4, "Amina", "prs"));
    mentor.sync().set_home_relay(&url).unwrap();
    let new = NewPairing { model: "newcomer-mentoring".into(), my_role: "mentor".into(), title: "pair".into() };
    let pairing = mentor.mentoring().begin(new).unwrap();
    let_in(&mentor, &newcomer, &pairing.id.value, |each| drop(each.exchange(&url)));
    for n in 0..EDITS {
        mentor.mentoring().add_goal(&pairing.id, &format!("goal number {n}")).unwrap();
    }
    mentor.exchange(&url);
    let (mut bytes, mut rounds) = (0, 0);
    let ((), time) = timed(|| {
        let carry = |exchange: &rafiq::sync::Exchange| {
            let answer = post(&exchange.relay, &exchange.bytes)?;
            rounds += 1;
            bytes += (exchange.bytes.len() + answer.len()) as u64;
            Ok::<_, rafiq::Error>(answer)
        };
        newcomer.rafiq().exchange(&url, Budget { bytes: 1 << 20, metered: false }, 20, carry).unwrap();
    });
    assert_eq!(newcomer.mentoring().goals(&pairing.id).unwrap().len(), EDITS);
    (time, bytes, rounds)
}

fn samod_turn() -> (Duration, u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let folders = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let repo = |folder: &tempfile::TempDir| {
            let storage = TokioFilesystemStorage::new(folder.path());
            Repo::builder(tokio::runtime::Handle::current()).with_storage(storage).load()
        };
        let (source, sink) = (repo(&folders.0).await, repo(&folders.1).await);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let acceptor = source.make_acceptor(url(address)).unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                acceptor.accept(Transport::from_tokio_io(stream)).unwrap();
            }
        });
        // Both begin with the same document, as our two phones do.
        let mut base = Automerge::new();
        base.transact(|t| t.put(ROOT, "made", 1)).unwrap();
        let here = source.create(base).await.unwrap();
        let bytes = Arc::new(AtomicU64::new(0));
        let dialer = || Arc::new(Counted { address, bytes: bytes.clone() });
        let line = sink.dial(BackoffConfig::default(), dialer()).unwrap();
        line.established().await.unwrap();
        let there = sink.find(here.document_id().clone()).await.unwrap().unwrap();
        line.close();
        for n in 0..EDITS {
            let edit = |document: &mut Automerge| {
                document.transact::<_, _, automerge::AutomergeError>(|t| {
                    let goal = t.put_object(ROOT, format!("goal/{n:026}"), ObjType::Map)?;
                    t.put(&goal, "text", format!("goal number {n}"))?;
                    t.put(&goal, "by", "a".repeat(26))?;
                    t.put(&goal, "at", 1_795_334_400_000i64)
                })
            };
            here.with_document(edit).unwrap();
        }
        let target = heads(&here);
        bytes.store(0, Ordering::Relaxed);
        let start = std::time::Instant::now();
        let _line = sink.dial(BackoffConfig::default(), dialer()).unwrap();
        while heads(&there) != target {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        let time = start.elapsed();
        source.stop().await;
        sink.stop().await;
        (time, bytes.load(Ordering::Relaxed))
    })
}

fn heads(document: &DocHandle) -> Vec<automerge::ChangeHash> {
    document.with_document(|document| document.get_heads())
}

fn url(address: std::net::SocketAddr) -> url::Url {
    format!("tcp://{address}").parse().unwrap()
}

/// Dials over TCP and counts what goes through.
struct Counted {
    address: std::net::SocketAddr,
    bytes: Arc<AtomicU64>,
}

impl Dialer for Counted {
    type Error = io::Error;

    fn url(&self) -> url::Url {
        url(self.address)
    }

    fn connect(&self) -> Pin<Box<dyn Future<Output = Result<Transport, DialError<io::Error>>> + Send>> {
        let (address, bytes) = (self.address, self.bytes.clone());
        Box::pin(async move {
            let stream = TcpStream::connect(address).await.map_err(DialError::transient)?;
            Ok(Transport::from_tokio_io(Counting { stream, bytes }))
        })
    }
}

struct Counting {
    stream: TcpStream,
    bytes: Arc<AtomicU64>,
}

impl AsyncRead for Counting {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, into);
        self.bytes.fetch_add((into.filled().len() - before) as u64, Ordering::Relaxed);
        polled
    }
}

impl AsyncWrite for Counting {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Poll::Ready(Ok(written)) = &polled {
            self.bytes.fetch_add(*written as u64, Ordering::Relaxed);
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

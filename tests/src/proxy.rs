//! What stands between a phone and its relay on a bad day: a line that is slow or cut, or somebody who changes the answers.

use crate::phone::post;
use rafiq::Error;
use rafiq_protocol::Response;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long a phone in these tests waits for an answer: long, for a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

type Lie = dyn Fn(&[u8], Response) -> Vec<u8> + Send + Sync;
type Invention = dyn Fn(&[u8]) -> Vec<u8> + Send + Sync;

/// What the line does with a request.
#[derive(Clone)]
pub enum Line {
    /// Carries it to the relay and the answer back.
    Honest,
    /// Ends without a word.
    Closed,
    /// The request reaches the relay, and the answer is lost.
    AnswerLost,
    /// The answer ends after this part of it, in percent, though its length was said.
    Cut(usize),
    /// The answer comes in this many pieces, with this pause before each.
    Slow(usize, Duration),
    /// The answer is what this makes of it.
    Lying(Arc<Lie>),
    /// The relay hears nothing; this is the answer.
    Invented(Arc<Invention>),
}

impl Line {
    /// Changes answers.
    pub fn lying(lie: impl Fn(&[u8], Response) -> Response + Send + Sync + 'static) -> Self {
        Self::Lying(Arc::new(move |request, answer| lie(request, answer).encode().expect("a lie of legal size")))
    }
}

/// A line to a relay.
pub struct Proxy {
    address: SocketAddr,
    line: Arc<Mutex<Line>>,
    requests: Arc<AtomicU64>,
}

impl Proxy {
    /// An honest line to this relay. It stands until the process ends.
    pub fn start(relay: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (line, requests) = (Arc::new(Mutex::new(Line::Honest)), Arc::new(AtomicU64::new(0)));
        let (relay, mode, count) = (relay.to_owned(), line.clone(), requests.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::Relaxed);
                let (relay, line) = (relay.clone(), mode.lock().expect("the mode").clone());
                // A phone that gives up in the middle is no fault of the line's.
                std::thread::spawn(move || serve(stream, &relay, &line).unwrap_or(()));
            }
        });
        Self { address, line, requests }
    }

    /// Where phones find it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From the next request on.
    pub fn set(&self, line: Line) {
        *self.line.lock().expect("the mode") = line;
    }

    /// Requests so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

/// Carries a request as an app does: it waits for so long and no longer.
pub fn carry(relay: &str, body: &[u8], patience: Duration) -> Result<Vec<u8>, Error> {
    let failed = |_| Error::Host { reason: "carrier" };
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(patience)).build().into();
    let sent = agent.post(format!("{relay}/v1/exchange")).header("content-type", "application/cbor").send(body);
    sent.map_err(failed)?.body_mut().with_config().limit(2 << 20).read_to_vec().map_err(failed)
}

fn serve(mut stream: TcpStream, relay: &str, line: &Line) -> std::io::Result<()> {
    let body = read_request(&mut stream)?;
    let forward = || post(relay, &body).map_err(|_| std::io::Error::other("the relay"));
    let answer = match line {
        Line::Closed => return Ok(()),
        Line::Invented(answer) => answer(&body),
        Line::Lying(lie) => match Response::decode(&forward()?) {
            Ok(response) => lie(&body, response),
            Err(_) => return Err(std::io::Error::other("the relay's answer")),
        },
        _ => forward()?,
    };
    if matches!(line, Line::AnswerLost) {
        return Ok(());
    }
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/cbor\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        answer.len()
    );
    stream.write_all(head.as_bytes())?;
    match line {
        Line::Cut(percent) => stream.write_all(&answer[..answer.len() * percent / 100]),
        Line::Slow(pieces, pause) => answer.chunks(answer.len().div_ceil(*pieces).max(1)).try_for_each(|piece| {
            std::thread::sleep(*pause);
            stream.write_all(piece)
        }),
        _ => stream.write_all(&answer),
    }
}

fn read_request(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut piece = [0; 16 << 10];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
            let length = length.ok_or_else(|| std::io::Error::other("no length"))?;
            if bytes.len() >= end + 4 + length {
                return Ok(bytes[end + 4..end + 4 + length].to_vec());
            }
        }
        match stream.read(&mut piece)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            count => bytes.extend_from_slice(&piece[..count]),
        }
    }
}

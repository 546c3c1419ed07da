//! One exchange: who asks, what is written, what is read, what is answered.

use crate::checking::{Line, Note, Signed, check_post, check_section};
use crate::config::{Config, Limits, Log, RelayClock};
use crate::connections::{Peer, Peers};
use crate::limits::Buckets;
use crate::store::{Ask, ENVELOPE_OVERHEAD, Known, LookUp, SectionWork, Store, Work, WorkOutcome, token_hash};
use crate::{RelayError, Result};
use rafiq_protocol::limits::{MAX_BODY, MAX_ENVELOPE, MIN_BUDGET};
use rafiq_protocol::{
    MESSAGE_VERSION, Nonce, PostResult, ProtocolError, RelayKey, Request, RequestId, Response, Status, Tag, Urgency,
    request_id,
};
use std::sync::Arc;

/// What a response takes beside its results, and a result beside its envelopes, at most.
const RESPONSE_OVERHEAD: usize = 64;
const RESULT_OVERHEAD: usize = 48;
const POST_OVERHEAD: usize = 8;
/// Seconds, for a full space or disk: nothing changes by the minute there.
const RETRY_WHEN_FULL: u32 = 3_600;

const _: () = assert!(
    RESPONSE_OVERHEAD + RESULT_OVERHEAD + ENVELOPE_OVERHEAD + MAX_ENVELOPE <= MIN_BUDGET as usize,
    "the smallest budget must hold the longest envelope"
);

/// Where exchanges are dealt with.
pub(crate) struct Desk<S> {
    pub(crate) store: S,
    pub(crate) limits: Limits,
    pub(crate) log: Log,
    clock: RelayClock,
    peers: Arc<Peers>,
    writes: Buckets<RelayKey>,
    // The flag is for alerts, which have an allowance of their own.
    posts: Buckets<(Tag, bool)>,
    posts_from: Buckets<(Peer, bool)>,
    opens_from: Buckets<Peer>,
}

/// Why there is no response at all.
pub(crate) enum Refusal {
    NotUnderstood(ProtocolError),
    Failed(RelayError),
}

impl<S: Store> Desk<S> {
    pub(crate) fn new(store: S, config: &Config, peers: Arc<Peers>) -> Self {
        let limits = config.limits.clone();
        Self {
            store,
            log: config.log,
            clock: config.clock.clone(),
            peers,
            writes: Buckets::new(limits.writes),
            posts: Buckets::new(limits.posts),
            posts_from: Buckets::new(limits.posts_from_address),
            opens_from: Buckets::new(limits.opens_from_address),
            limits,
        }
    }

    /// From the bytes of a request to the bytes of a response.
    pub(crate) async fn exchange(&self, peer: Peer, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
        let request = Request::decode(bytes).map_err(Refusal::NotUnderstood)?;
        self.answer(peer, request, request_id(bytes)).await.map_err(Refusal::Failed)
    }

    async fn answer(&self, peer: Peer, request: Request, id: RequestId) -> Result<Vec<u8>> {
        let (day, today) = (self.clock.day(), self.nonce(0));
        let budget = request.budget;
        let nonce = request.nonce.filter(|nonce| *nonce == today || *nonce == self.nonce(1));

        let known = self.look_up(&request).await?;
        let check = move || check(request, nonce, &known); // many signatures: not on the threads that serve sockets
        let (mut lines, mut notes) = tokio::task::spawn_blocking(check).await.map_err(|_| RelayError::Stopping)?;

        self.write(peer, day, &mut lines, &mut notes).await?;
        if lines.iter().any(|line| line.signed.as_ref().is_some_and(|s| s.known || line.result.status == Status::Ok)) {
            self.peers.vouch(peer);
        }
        self.read(budget, &mut lines, notes.len()).await?;

        let identity = self.store.identity();
        let response = Response {
            version: MESSAGE_VERSION,
            instance: identity.instance,
            restores: identity.restores,
            nonce: (nonce != Some(today)).then_some(today),
            results: lines.into_iter().map(|line| line.result).collect(),
            posts: notes.into_iter().map(|note| note.result).collect(),
            request: id,
        };
        // The room was counted before; were it ever miscounted, the client would hear "later" and not half an answer.
        response.encode().map_err(|_| RelayError::Stopping)
    }

    /// The word of the day, so many days ago. It needs no memory and no clock but the day.
    fn nonce(&self, days_ago: u32) -> Nonce {
        let day = self.clock.day().saturating_sub(days_ago);
        let mac = blake3::keyed_hash(&self.store.identity().secret, &day.to_be_bytes());
        let mut nonce = Nonce::default();
        nonce.copy_from_slice(&mac.as_bytes()[..16]);
        nonce
    }

    async fn look_up(&self, request: &Request) -> Result<Known> {
        let query = LookUp {
            sections: request.sections.iter().map(|section| (section.tag, section.key)).collect(),
            posts: request.posts.iter().map(|post| (post.tag, token_hash(&post.token))).collect(),
        };
        if query.sections.is_empty() && query.posts.is_empty() {
            return Ok(Known::default());
        }
        self.store.look_up(query).await
    }

    /// Hands what is within the limits to the store and notes what became of it. Returns after the commit.
    async fn write(&self, peer: Peer, day: u32, lines: &mut [Line], notes: &mut [Note]) -> Result<()> {
        let mut work = Work { day, ..Work::default() };
        let (mut writing, mut posting) = (Vec::new(), Vec::new());
        for line in lines {
            if let Some(section) = self.admit_section(peer, line) {
                work.sections.push(section);
                writing.push(line);
            }
        }
        for note in notes {
            if let Some(post) = note.work.take() {
                let alert = post.envelope.urgency == Urgency::Alert;
                match self.posts_from.take((peer, alert)).and_then(|()| self.posts.take((post.tag, alert))) {
                    Ok(()) => {
                        work.posts.push(post);
                        posting.push(note);
                    }
                    Err(wait) => note.result = PostResult { status: Status::TooMany, retry_after: Some(wait) },
                }
            }
        }
        if writing.is_empty() && posting.is_empty() {
            return Ok(());
        }
        let outcome = match self.store.write(work).await {
            Err(RelayError::StorageFull) => WorkOutcome {
                sections: vec![(Status::Full, 0); writing.len()],
                posts: vec![Status::Full; posting.len()],
            },
            outcome => outcome?,
        };
        let retry = |status| (status == Status::Full).then_some(RETRY_WHEN_FULL);
        for (line, (status, stored)) in writing.into_iter().zip(outcome.sections) {
            line.result.status = status;
            line.result.stored = stored;
            line.result.retry_after = retry(status);
        }
        for (note, status) in posting.into_iter().zip(outcome.posts) {
            note.result = PostResult { status, retry_after: retry(status) };
        }
        Ok(())
    }

    /// What a section writes, if anything and within its limits.
    fn admit_section(&self, peer: Peer, line: &mut Line) -> Option<SectionWork> {
        let Signed { key, body, envelopes, known } = line.signed.as_mut()?;
        let open = body.open.take().filter(|_| !*known); // a key that is allowed already has nothing to open
        if open.is_none() && body.keys.is_none() && envelopes.is_empty() {
            return None;
        }
        let opening = if open.is_some() { self.opens_from.take(peer) } else { Ok(()) };
        if let Err(wait) = opening.and_then(|()| self.writes.take(*key)) {
            line.result.status = Status::TooMany;
            line.result.retry_after = Some(wait);
            return None;
        }
        let (tag, key, keys) = (line.tag, *key, body.keys.take());
        // Taken: after this write an older `last` says nothing any more.
        Some(SectionWork { tag, key, open, keys, last: body.last.take(), put: std::mem::take(envelopes) })
    }

    async fn read(&self, budget: u32, lines: &mut [Line], posts: usize) -> Result<()> {
        let overhead = RESPONSE_OVERHEAD + lines.len() * RESULT_OVERHEAD + posts * POST_OVERHEAD;
        let room = (budget as usize).min(MAX_BODY).saturating_sub(overhead);
        let (mut asks, mut asking) = (Vec::new(), Vec::new());
        for line in lines {
            let served = !matches!(line.result.status, Status::Forbidden | Status::Invalid | Status::StaleNonce);
            if let Some(signed) = line.signed.as_ref().filter(|_| served) {
                let own = line.result.status == Status::Behind;
                let (tag, key, cursor, last) = (line.tag, signed.key, signed.body.cursor, signed.body.last);
                asks.push(Ask { tag, key, cursor, last, own });
                asking.push(line);
            }
        }
        if asks.is_empty() {
            return Ok(());
        }
        for (line, answer) in asking.into_iter().zip(self.store.read(asks, room).await?) {
            line.result.cursor = answer.cursor;
            line.result.envelopes = answer.envelopes;
            line.result.more = answer.more;
            if answer.behind {
                line.result.status = Status::Behind;
                line.result.retry_after = None;
            }
        }
        Ok(())
    }
}

fn check(request: Request, nonce: Option<Nonce>, known: &Known) -> (Vec<Line>, Vec<Note>) {
    let sections = request.sections.iter().zip(&known.sections);
    let lines = sections.map(|(section, allowed)| check_section(section, nonce.as_ref(), allowed)).collect();
    let posts = request.posts.into_iter().zip(&known.posts);
    (lines, posts.map(|(post, may)| check_post(post, *may)).collect())
}

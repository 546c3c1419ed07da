//! One exchange: who asks, what is written, what is read, what is answered.

use crate::checking::{Line, Note, Signed, check_post, check_section};
use crate::config::{Config, Limits, Log, RelayClock};
use crate::connections::{Peer, Peers};
use crate::limits::Buckets;
use crate::metrics::Metrics;
use crate::store::{
    Ask, Due, ENVELOPE_OVERHEAD, Known, LookUp, Outcome, RETRY_WHEN_FULL, SectionWork, Store, Work, WorkOutcome,
    token_hash,
};
use crate::{RelayError, Result};
use rafiq_protocol::limits::{MAX_BODY, MAX_ENVELOPE, MIN_BUDGET};
use rafiq_protocol::{
    Cursor, MESSAGE_VERSION, Nonce, PostResult, ProtocolError, Request, RequestId, Response, SpaceKind, Status, Tag,
    Urgency, key_short_name, request_id,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a response takes beside its results, and a result beside its envelopes, at most.
const RESPONSE_OVERHEAD: usize = 64;
const RESULT_OVERHEAD: usize = 72;
const POST_OVERHEAD: usize = 8;

const _: () = assert!(
    RESPONSE_OVERHEAD + RESULT_OVERHEAD + ENVELOPE_OVERHEAD + MAX_ENVELOPE <= MIN_BUDGET as usize,
    "the smallest budget must hold the longest envelope"
);

/// Where exchanges are dealt with.
pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) limits: Limits,
    pub(crate) log: Log,
    pub(crate) metrics: Metrics,
    clock: RelayClock,
    peers: Arc<Peers>,
    operator_token: Option<blake3::Hash>,
    /// Bytes that were held when they were last counted.
    held: AtomicU64,
    // Addresses are counted in memory only. The flag is for alerts, which have an allowance of their own.
    posts_from: Buckets<(Peer, bool)>,
    opens_from: Buckets<Peer>,
}

/// Who asks: an address, and whether it brought the operator's token.
#[derive(Clone, Copy)]
pub(crate) struct Caller {
    pub(crate) peer: Peer,
    pub(crate) operator: bool,
}

/// Why there is no response at all.
pub(crate) enum Refusal {
    NotUnderstood(ProtocolError),
    /// Nothing in it may be watched, or there is no such place.
    Unknown,
    Failed(RelayError),
}

/// Places whose wake somebody may hear.
pub(crate) struct Watch {
    pub(crate) places: Vec<(Tag, [u8; 8])>,
    asks: Vec<Ask>,
}

impl Desk {
    pub(crate) fn new(store: Store, config: &Config, peers: Arc<Peers>) -> Self {
        let limits = config.limits.clone();
        Self {
            store,
            log: config.log,
            clock: config.clock.clone(),
            peers,
            metrics: Metrics::default(),
            operator_token: config.operator_token.as_deref().map(|token| blake3::hash(token.as_bytes())),
            held: AtomicU64::new(0),
            posts_from: Buckets::new(limits.posts_from_address),
            opens_from: Buckets::new(limits.opens_from_address),
            limits,
        }
    }

    /// From the bytes of a request to the bytes of a response.
    pub(crate) async fn exchange(&self, caller: Caller, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
        let request = Request::decode(bytes).map_err(Refusal::NotUnderstood)?;
        self.answer(caller, request, request_id(bytes)).await.map_err(Refusal::Failed)
    }

    async fn answer(&self, caller: Caller, request: Request, id: RequestId) -> Result<Vec<u8>> {
        let (day, today, budget) = (self.clock.day(), self.nonce(0), request.budget);
        let (nonce, mut lines, mut notes) = self.check(request).await?;
        self.write(caller, day, &mut lines, &mut notes).await?;
        if lines.iter().any(|line| line.signed.as_ref().is_some_and(|s| s.known || line.result.status == Status::Ok)) {
            self.peers.vouch(caller.peer);
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

    /// The nonce, if it is a good one, and what can be said of each section and post before anything is written.
    async fn check(&self, request: Request) -> Result<(Option<Nonce>, Vec<Line>, Vec<Note>)> {
        let nonce = request.nonce.filter(|nonce| *nonce == self.nonce(0) || *nonce == self.nonce(1));
        let known = self.look_up(&request).await?;
        let check = move || check(request, nonce, &known); // many signatures: not on the threads that serve sockets
        let (lines, notes) = tokio::task::spawn_blocking(check).await.map_err(|_| RelayError::Stopping)?;
        Ok((nonce, lines, notes))
    }

    /// Whose wake is asked for: the readable places of a request, with the reader's name and where it stands.
    pub(crate) async fn wake(&self, peer: Peer, bytes: &[u8]) -> Result<Watch, Refusal> {
        let request = Request::decode(bytes).map_err(Refusal::NotUnderstood)?;
        let (_, lines, _) = self.check(request).await.map_err(Refusal::Failed)?;
        let known =
            lines.iter().filter_map(|line| Some((line.tag, line.signed.as_ref().filter(|signed| signed.known)?)));
        let ask = |(tag, signed): (Tag, &Signed)| {
            let (key, cursor) = (signed.key, signed.body.cursor);
            Ask { tag, key, cursor, last: None, own: false, within: signed.body.within }
        };
        let asks: Vec<_> = known.map(ask).collect();
        if asks.is_empty() {
            return Err(Refusal::Unknown);
        }
        self.peers.vouch(peer);
        Ok(Watch { places: asks.iter().map(|ask| (ask.tag, key_short_name(&ask.key))).collect(), asks })
    }

    /// Whether anything waits there already.
    pub(crate) async fn waits(&self, watch: &Watch) -> Result<bool> {
        Ok(self.store.read(watch.asks.clone(), 0).await?.iter().any(|answer| answer.more))
    }

    pub(crate) fn is_operator(&self, token: Option<&str>) -> bool {
        // Hashes are compared, in constant time.
        self.operator_token.is_none_or(|own| token.is_some_and(|token| blake3::hash(token.as_bytes()) == own))
    }

    /// Deletes what need not be kept any more, and counts what is left.
    pub(crate) async fn tidy(&self) -> Result<()> {
        let due = Due::on(self.clock.day(), &self.limits);
        loop {
            let deleted = self.store.sweep(due).await?;
            self.metrics.deleted.add(deleted);
            if deleted == 0 {
                break;
            }
        }
        let holdings = self.store.holdings().await?;
        self.held.store(holdings.bytes, Ordering::Relaxed);
        self.metrics.spaces.set(holdings.spaces);
        self.metrics.bytes.set(holdings.bytes);
        Ok(())
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
    async fn write(&self, caller: Caller, day: u32, lines: &mut [Line], notes: &mut [Note]) -> Result<()> {
        let mut work = Work { day, ..Work::default() };
        let (mut writing, mut posting) = (Vec::new(), Vec::new());
        for line in lines {
            if let Some(section) = self.admit_section(caller, line) {
                work.sections.push(section);
                writing.push(line);
            }
        }
        for note in notes {
            if let Some(post) = note.work.take() {
                let alert = post.envelope.urgency == Urgency::Alert;
                match self.posts_from.take((caller.peer, alert)) {
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
        let full =
            Outcome { status: Status::Full, stored: 0, retry_after: Some(RETRY_WHEN_FULL), grown: None, last: None };
        let outcome = match self.store.write(work).await {
            Err(RelayError::StorageFull) => {
                WorkOutcome { sections: vec![full; writing.len()], posts: vec![full; posting.len()] }
            }
            outcome => outcome?,
        };
        for (line, outcome) in writing.into_iter().zip(outcome.sections) {
            line.result.status = outcome.status;
            line.result.stored = outcome.stored;
            line.result.retry_after = outcome.retry_after;
            line.result.last = outcome.last;
            // A writer that had read everything knows what it put itself: nothing is left to read.
            let grown = outcome.grown.filter(|(before, _)| line.result.cursor == Cursor::at(*before));
            if let Some((_, after)) = grown.filter(|_| outcome.status == Status::Ok) {
                line.result.cursor = Cursor::at(after);
                line.up_to_date = true;
            }
            self.metrics.written(outcome);
        }
        for (note, outcome) in posting.into_iter().zip(outcome.posts) {
            note.result = PostResult { status: outcome.status, retry_after: outcome.retry_after };
            self.metrics.written(outcome);
        }
        Ok(())
    }

    /// What a section writes, if anything and within its limits.
    fn admit_section(&self, caller: Caller, line: &mut Line) -> Option<SectionWork> {
        let Signed { key, body, envelopes, known } = line.signed.as_mut()?;
        let mut open = body.open.take().filter(|_| !*known); // a key that is allowed already has nothing to open
        if open.is_none()
            && body.keys.is_none()
            && body.covered.is_none()
            && body.drop.is_none()
            && envelopes.is_empty()
        {
            return None;
        }
        if body.keys.is_some() && !caller.operator {
            // The place may be there: then the list alone says whether this key is let in.
            open = open.filter(|open| open.kind != SpaceKind::Space || self.operator_token.is_none());
        }
        if !*known {
            let opens_space = open.as_ref().is_some_and(|open| open.kind == SpaceKind::Space);
            let refused = if opens_space && !caller.operator {
                Some((Status::Forbidden, None))
            } else if open.is_some() && self.held.load(Ordering::Relaxed) >= self.limits.total {
                Some((Status::Full, Some(RETRY_WHEN_FULL)))
            } else {
                self.opens_from.take(caller.peer).err().map(|wait| (Status::TooMany, Some(wait)))
            };
            if let Some((status, retry_after)) = refused {
                line.result.status = status;
                line.result.retry_after = retry_after;
                return None;
            }
        }
        let (tag, key, keys, covered) = (line.tag, *key, body.keys.take(), body.covered);
        // Taken: after this write an older `last` says nothing any more.
        let last = body.last.take();
        let drop =
            body.drop.take().map(|list| list.envelopes.iter().map(|named| named.0).collect()).unwrap_or_default();
        Some(SectionWork { tag, key, open, keys, last, covered, drop, put: std::mem::take(envelopes) })
    }

    async fn read(&self, budget: u32, lines: &mut [Line], posts: usize) -> Result<()> {
        let overhead = RESPONSE_OVERHEAD + lines.len() * RESULT_OVERHEAD + posts * POST_OVERHEAD;
        let room = (budget as usize).min(MAX_BODY).saturating_sub(overhead);
        let (mut asks, mut asking) = (Vec::new(), Vec::new());
        for line in lines {
            let served = !matches!(line.result.status, Status::Forbidden | Status::Invalid | Status::StaleNonce);
            if let Some(signed) = line.signed.as_ref().filter(|_| served && !line.up_to_date) {
                let own = line.result.status == Status::Behind;
                let (tag, key, cursor, last) = (line.tag, signed.key, signed.body.cursor, signed.body.last);
                asks.push(Ask { tag, key, cursor, last, own, within: signed.body.within });
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
            line.result.left = answer.left.some();
            if let Some(newest) = answer.behind {
                line.result.status = Status::Behind;
                line.result.last = Some(newest);
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

//! A new phone asks a relay what lies in the inbox of a kit. Nothing of it is in the store: a line that breaks is as if it had not been tried.

use super::super::Sync;
use super::super::exchange::Exchange;
use super::super::wire::{
    DeviceId, DeviceKeys, Item, Membership, Role, Welcome, WireError, open_from_inbox, space_tag,
};
use super::is_fresh;
use crate::error::{Error, Result};
use crate::replica::SpaceKind;
use rafiq_protocol::{
    Cursor, MESSAGE_VERSION, Nonce, Request, RequestId, Response, SectionBody, Status, request_id, sign_section,
};

/// The most bytes of one answer.
const BUDGET: u32 = 512 * 1024;
/// So many answers of an inbox are read; behind them lies nothing that a device of the person's has put there.
const ROUNDS: u8 = 16;
/// Nobody has made a kit of these words, or not at this relay; or another kit has taken its place.
const NO_KIT: Error = Error::invalid("words", "no-kit");

/// A question whose answer has not come. The words' keys are in memory alone, and wiped with it.
pub(in super::super) struct Asking {
    pub(super) kit: DeviceKeys,
    pub(super) relay: String,
    pub(super) nonce: Option<Nonce>,
    cursor: Cursor,
    request: RequestId,
    rounds: u8,
    found: Vec<Welcome>,
    newer: bool,
    /// What the inbox has said. Then the space itself is asked whether it still knows the kit: another may have taken its place.
    pub(super) chosen: Option<(Welcome, Membership)>,
}

/// What an answer led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Carry this one too.
    Again(Exchange),
    /// This phone is the person's from now on. What they had written comes with the next exchanges.
    Found,
}

impl Sync {
    /// Begins to ask with a kit's keys. It replaces a question that was not answered.
    pub(crate) fn ask_with_kit(&self, kit: DeviceKeys, relay: &str) -> Result<Exchange> {
        super::super::wire::invite::check_relay_url(relay).map_err(|error| error.in_field("relay"))?;
        let relay = relay.trim_end_matches('/').to_owned();
        if relay.is_empty() {
            return Err(Error::invalid("relay", "missing"));
        }
        if !self.replica.read(is_fresh)? {
            return Err(Error::invalid("profile", "in-use"));
        }
        let mut asking = Asking {
            kit,
            relay,
            nonce: None,
            cursor: Cursor::START,
            request: RequestId::default(),
            rounds: 0,
            found: Vec::new(),
            newer: false,
            chosen: None,
        };
        let exchange = asking.next()?;
        *self.asking.lock() = Some(asking);
        Ok(exchange)
    }

    /// Takes the answer. After an error everything is as it was before the question, but for one that answers another: the right one may come.
    pub(crate) fn take_kit_answer(&self, bytes: &[u8]) -> Result<Asked> {
        let response = Response::decode(bytes).map_err(|_| Error::invalid("response", "format"))?;
        let ours = self.asking.lock().take_if(|asking| asking.request == response.request);
        let mut asking = ours.ok_or(Error::invalid("response", "unexpected"))?;
        if asking.take(&response)? {
            let exchange = asking.next()?;
            *self.asking.lock() = Some(asking);
            return Ok(Asked::Again(exchange));
        }
        self.take_over(&asking, &response)?;
        Ok(Asked::Found)
    }

    /// Forgets the question and the words' keys.
    pub(crate) fn forget_asking(&self) {
        *self.asking.lock() = None;
    }
}

impl Asking {
    fn next(&mut self) -> Result<Exchange> {
        let mut sections = Vec::new();
        if self.nonce.is_some() {
            let (key, tag) = match &self.chosen {
                None => (self.kit.inbox().relay_key(), self.kit.inbox().address().tag()),
                Some((welcome, membership)) => {
                    (membership.relay_key(&self.kit).map_err(|_| Error::bug("relay key"))?, space_tag(&welcome.space))
                }
            };
            let body = SectionBody {
                cursor: self.cursor,
                put: Vec::new(),
                last: None,
                open: None,
                keys: None,
                covered: None,
                drop: None,
                within: None,
            };
            let section = sign_section(&key, self.nonce.as_ref(), tag, &body);
            sections.push(section.map_err(|_| Error::bug("section"))?);
        }
        let request =
            Request { version: MESSAGE_VERSION, nonce: self.nonce, budget: BUDGET, sections, posts: Vec::new() };
        let bytes = request.encode().map_err(|_| Error::bug("request"))?;
        self.request = request_id(&bytes);
        self.rounds += 1;
        Ok(Exchange { relay: self.relay.clone(), bytes })
    }

    /// Whether to ask again.
    fn take(&mut self, response: &Response) -> Result<bool> {
        let unfit = Error::invalid("response", "does-not-fit");
        let goes_on = self.rounds < ROUNDS;
        let first = self.nonce.is_none();
        if let Some(nonce) = response.nonce {
            self.nonce = Some(nonce);
        }
        if first {
            return if self.nonce.is_some() && response.results.is_empty() { Ok(goes_on) } else { Err(unfit) };
        }
        let [result] = &response.results[..] else { return Err(unfit) };
        match result.status {
            Status::Ok => {}
            Status::StaleNonce if response.nonce.is_some() && goes_on => return Ok(true),
            Status::Forbidden => return Err(NO_KIT),
            Status::TooMany | Status::Full => return Err(Error::invalid("relay", "busy")),
            Status::StaleNonce | Status::Invalid | Status::Behind => return Err(unfit),
        }
        if self.chosen.is_some() {
            return Ok(false);
        }
        for stored in &result.envelopes {
            let item = open_from_inbox(self.kit.inbox(), &stored.bytes).and_then(|item| Item::decode(&item));
            match item {
                Ok(Item::Welcome(welcome)) if welcome.to == self.kit.device() => self.found.push(welcome),
                Err(WireError::Newer { .. }) => self.newer = true,
                Ok(_) | Err(_) => {} // whoever knows the address may post
            }
        }
        self.cursor = result.cursor;
        if result.more && goes_on {
            return Ok(true);
        }
        (self.cursor, self.chosen) = (Cursor::START, Some(self.choose()?));
        Ok(true)
    }

    /// The newest welcome into the space of the first one. Only a member knows the address, and the first was the maker of the kit: a thief who
    /// has opened the phone cannot lead its person into another space. A phone that was lost knows the address too, and may say again what it said
    /// before it was out: whoever is out by what all of them know together has no say.
    fn choose(&self) -> Result<(Welcome, Membership)> {
        let accepted = || self.found.iter().filter(|welcome| accepted(welcome, &self.kit));
        let found = accepted().next().and_then(|first| {
            let of_space = || accepted().filter(|welcome| welcome.space == first.space);
            let all = of_space().flat_map(|welcome| welcome.operations.iter().cloned());
            let membership = Membership::replay(first.space, all);
            let newest = of_space().rfind(|welcome| fits(&membership, welcome.author, &self.kit))?;
            Some((newest.clone(), membership))
        });
        found.ok_or(if self.newer { Error::NewerVersion } else { NO_KIT })
    }
}

/// Whether a welcome, by what it brings, lets this kit into a personal space and a steward there has signed it.
fn accepted(welcome: &Welcome, kit: &DeviceKeys) -> bool {
    fits(&Membership::replay(welcome.space, welcome.operations.iter().cloned()), welcome.author, kit)
}

fn fits(membership: &Membership, author: DeviceId, kit: &DeviceKeys) -> bool {
    let steward = |device| membership.member(device).is_some_and(|member| member.role == Role::Steward);
    membership.kind() == Some(SpaceKind::Personal)
        && steward(author)
        && steward(kit.device())
        && membership.relay_key(kit).is_ok()
}

//! What can be decided about a request from its own bytes and the keys that are allowed.

use crate::store::{NewEnvelope, PostWork, token_hash};
use rafiq_protocol::{
    Cursor, EnvelopeHeader, KeyName, Nonce, Post, PostResult, RelayKey, Section, SectionBody, SectionResult, Status,
    Tag, envelope_id, verify_section,
};

/// A section on its way through an exchange: what is asked, and what will be answered.
pub(crate) struct Line {
    pub(crate) tag: Tag,
    pub(crate) result: SectionResult,
    /// `None` when the section was refused; then `result` is final.
    pub(crate) signed: Option<Signed>,
    /// Known to have nothing left to read.
    pub(crate) up_to_date: bool,
}

/// A section whose signature holds.
pub(crate) struct Signed {
    pub(crate) key: RelayKey,
    /// What it asks and brings; its envelopes have moved to `envelopes`.
    pub(crate) body: SectionBody,
    pub(crate) envelopes: Vec<NewEnvelope>,
    /// The key was allowed in that space before this exchange.
    pub(crate) known: bool,
}

/// A post on its way through an exchange.
pub(crate) struct Note {
    pub(crate) result: PostResult,
    /// `None` when the post was refused; then `result` is final.
    pub(crate) work: Option<PostWork>,
}

/// Checks one section: `nonce` is the request's when it is a good one, `allowed` the keys that bear the section's key name
/// in its space. That there is no such space, no such key, or no such signature gives one answer.
pub(crate) fn check_section(section: &Section, nonce: Option<&Nonce>, allowed: &[RelayKey]) -> Line {
    let tag = section.tag;
    let Ok(mut body) = SectionBody::decode(&section.body) else {
        return Line {
            tag,
            result: SectionResult::refused(Status::Invalid, Cursor::START),
            signed: None,
            up_to_date: false,
        };
    };
    let refused =
        |status| Line { tag, result: SectionResult::refused(status, body.cursor), signed: None, up_to_date: false };
    if nonce.is_none() {
        return refused(Status::StaleNonce);
    }
    let known = allowed.iter().find(|key| verify_section(section, nonce, key).is_ok());
    let key = match (known, section.key) {
        (Some(key), _) => *key,
        (None, KeyName::Whole(key)) if introduces(&body) && verify_section(section, nonce, &key).is_ok() => key,
        (None, _) => return refused(Status::Forbidden),
    };
    let put = std::mem::take(&mut body.put);
    let envelopes: Option<Vec<_>> = put.into_iter().map(|bytes| check_envelope(&tag, bytes)).collect();
    let cursor = body.cursor;
    match envelopes {
        None => Line { tag, result: SectionResult::refused(Status::Invalid, cursor), signed: None, up_to_date: false },
        Some(envelopes) => Line {
            tag,
            result: SectionResult::refused(Status::Ok, cursor),
            signed: Some(Signed { key, body, envelopes, known: known.is_some() }),
            up_to_date: false,
        },
    }
}

/// Whether a section may bring its own key in: by opening the place, or by a list that the store will look at.
fn introduces(body: &SectionBody) -> bool {
    body.open.is_some() || body.keys.is_some()
}

/// Checks one post; `may` says whether its token fits.
pub(crate) fn check_post(post: Post, may: bool) -> Note {
    let refused = |status| Note { result: PostResult { status, retry_after: None }, work: None };
    if !may {
        return refused(Status::Forbidden);
    }
    let Some(envelope) = check_envelope(&post.tag, post.envelope) else { return refused(Status::Invalid) };
    let work = PostWork { tag: post.tag, token: token_hash(&post.token), envelope };
    Note { result: PostResult { status: Status::Ok, retry_after: None }, work: Some(work) }
}

fn check_envelope(tag: &Tag, bytes: Vec<u8>) -> Option<NewEnvelope> {
    let header = EnvelopeHeader::parse(&bytes).ok().filter(|header| header.tag == *tag)?;
    Some(NewEnvelope { id: envelope_id(&bytes), urgency: header.urgency, bytes })
}

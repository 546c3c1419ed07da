//! `rafiq sync`: exchanges with every relay of the profile.

use crate::carrier::Carrier;
use crate::certificate;
use crate::failure::Failure;
use crate::profile::Profile;
use crate::progress::Bar;
use crate::voice::{Voice, sentence};
use rafiq::language::Args;
use rafiq::sync::{Budget, Received};
use serde_json::json;
use std::path::Path;

/// A catch-up of any size ends before this; a relay that always says "more" does not hold us for ever.
const MOST_ROUNDS: u32 = 1_000;

/// How the lines to relays are, this time.
pub(crate) struct Line<'a> {
    /// Whom encrypted ones may end at, instead of what the public authorities vouch for.
    pub(crate) certificates: Option<&'a Path>,
    /// What the operator of the relay that is named asks of those who open spaces there.
    pub(crate) operator_token: Option<&'a Path>,
}

/// Exchanges until nothing is left to do. What was committed stays whatever becomes of the line.
pub(crate) fn run(relay: Option<&str>, line: &Line<'_>, profile: &Profile, voice: &Voice) -> Result<(), Failure> {
    let rafiq = profile.open_existing(voice)?;
    // Before a relay is kept: whoever mistyped a file will name all of it again.
    let trusted = certificate::trusted(line.certificates)?;
    let token = line.operator_token.map(|path| {
        let at = |error: rafiq::Error| Failure::At(path.to_owned(), error);
        let text = std::fs::read_to_string(path).map_err(|error| at(error.into()))?;
        rafiq_relay::cli::operator_token(&text).ok_or_else(|| at(rafiq::Error::invalid("token", "format")))
    });
    let token = token.transpose()?;
    let named = relay.map(|url| url.trim_end_matches('/'));
    if let Some(url) = relay {
        rafiq.sync().set_home_relay(url)?;
    }
    let relays = rafiq.sync().relays()?;
    if relays.is_empty() {
        return Err(Failure::NoRelay);
    }
    let (mut objects, mut failed) = (Vec::new(), None);
    for relay in &relays {
        let mut carrier = Carrier::new(trusted.clone());
        if let Some(token) = token.as_deref().filter(|_| named == Some(relay.as_str())) {
            carrier = carrier.with_operator_token(token.to_owned());
        }
        let bar = Bar::new(&sentence(voice.language(), "cli-exchanging", &Args::new()));
        let rounds = rafiq.exchange(relay, Budget::default(), MOST_ROUNDS, |exchange| carrier.carry(exchange));
        drop(bar);
        voice.line(relay);
        match rounds {
            Ok(rounds) => {
                let sent: i64 = rounds.iter().map(|received| received.stored).sum();
                let delivered: Vec<&str> =
                    rounds.iter().flat_map(|received| received.delivered.iter().copied()).collect();
                voice.say("sync-sent", &Args::new().number("count", sent));
                let taken: i64 = rounds.iter().map(Received::taken).sum();
                voice.say("sync-received", &Args::new().number("count", taken));
                objects.push(json!({
                    "relay": relay, "rounds": rounds.len(), "sent": sent, "received": delivered, "taken": taken,
                    "bytes_sent": carrier.sent(), "bytes_received": carrier.received(),
                }));
            }
            // The others may be there. In the end the command says all the same that not all is done.
            Err(failure) if relays.len() > 1 => {
                if let Some(id) = failure.message_id() {
                    voice.say(id, &Args::new());
                }
                failed = failed.or(Some(failure));
            }
            Err(failure) => return Err(failure),
        }
    }
    if let Some(failure) = failed {
        rafiq.shutdown()?;
        return Err(failure);
    }
    let status = rafiq.sync().status()?;
    let waiting = status.unsent_changes + status.outbox;
    voice.say(if waiting == 0 { "sync-up-to-date" } else { "cli-not-taken" }, &Args::new().number("count", waiting));
    voice.object(&json!({
        "relays": objects, "unsent": waiting, "waiting": status.waiting, "quarantined": status.quarantined,
    }));
    rafiq.shutdown()?;
    Ok(())
}

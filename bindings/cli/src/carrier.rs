//! Carries exchanges over HTTP, with TLS or without, and counts the bytes.
//!
//! Envelopes are sealed and requests signed whatever carries them; what TLS adds is that a listener between here and the relay does
//! not see which tags are asked for. So `http://` is spoken too: a relay on a laptop in the same house has no certificate.

use crate::certificate::Distrust;
use crate::failure::Failure;
use rafiq::sync::Exchange;
use rafiq_protocol::limits::MAX_BODY;
use std::cell::Cell;
use std::time::Duration;
use ureq::tls::{RootCerts, TlsConfig};

const CONNECT: Duration = Duration::from_secs(10);
const WHOLE: Duration = Duration::from_secs(60);

/// Carries bytes to relays and back.
pub(crate) struct Carrier {
    agent: ureq::Agent,
    /// What a relay asks of those who may open a space there.
    operator_token: Option<String>,
    online: Cell<bool>,
    sent: Cell<u64>,
    received: Cell<u64>,
    trips: Cell<u64>,
}

impl Carrier {
    /// A connection that works as far as we know. Where it is encrypted, it ends at a relay for which one of these vouches.
    pub(crate) fn new(trusted: RootCerts) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .max_redirects(0)
            .tls_config(TlsConfig::builder().root_certs(trusted).build())
            .user_agent("rafiq")
            .build();
        Self {
            agent: config.into(),
            operator_token: None,
            online: Cell::new(true),
            sent: Cell::default(),
            received: Cell::default(),
            trips: Cell::default(),
        }
    }

    /// The same, showing the word by which a relay's operator lets somebody open spaces there.
    pub(crate) fn with_operator_token(self, token: String) -> Self {
        Self { operator_token: Some(token), ..self }
    }

    /// Pulls the plug, or puts it back.
    pub(crate) fn set_online(&self, online: bool) {
        self.online.set(online);
    }

    /// Bytes of request bodies sent so far.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.get()
    }

    /// Bytes of answers' bodies received so far.
    pub(crate) fn received(&self) -> u64 {
        self.received.get()
    }

    /// Round trips so far.
    pub(crate) fn trips(&self) -> u64 {
        self.trips.get()
    }

    /// One round trip.
    pub(crate) fn carry(&self, exchange: &Exchange) -> Result<Vec<u8>, Failure> {
        if !self.online.get() {
            return Err(Failure::Offline("no connection".into()));
        }
        let url = format!("{}/v1/exchange", exchange.relay);
        let mut request = self.agent.post(&url).header("content-type", "application/cbor");
        if let Some(token) = &self.operator_token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        // A proxy for the outer world does not know the relay on this machine.
        let request =
            request.config().proxy(if is_loopback(&url) { None } else { ureq::Proxy::try_from_env() }).build();
        self.sent.set(self.sent.get() + exchange.bytes.len() as u64);
        let mut answer = request.send(&exchange.bytes[..]).map_err(|error| not_carried(&error))?;
        let body = answer.body_mut().with_config().limit(MAX_BODY as u64 + 1).read_to_vec();
        let body = body.map_err(|error| Failure::Interrupted(error.to_string()))?;
        self.received.set(self.received.get() + body.len() as u64);
        self.trips.set(self.trips.get() + 1);
        Ok(body)
    }
}

fn not_carried(error: &ureq::Error) -> Failure {
    let reason = error.to_string();
    match (tls_error(error), error) {
        (Some(rustls::Error::InvalidCertificate(why)), _) => Failure::Distrusted(Distrust::of(why), reason),
        (Some(_), _) => Failure::NotEncrypted(reason),
        (
            None,
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve)
            | ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
            | ureq::Error::Io(_),
        ) => Failure::Offline(reason),
        (None, _) => Failure::Interrupted(reason),
    }
}

/// What TLS says about it. While a line is being opened, ureq hands that on in the clothes of an input or output error.
fn tls_error(error: &ureq::Error) -> Option<&rustls::Error> {
    match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}

fn is_loopback(url: &str) -> bool {
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).unwrap_or_default();
    ["127.", "[::1]", "localhost:", "localhost/"].iter().any(|start| host.starts_with(start))
}

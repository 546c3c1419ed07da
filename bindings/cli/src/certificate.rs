//! Whose certificates an encrypted line to a relay may end at, and why one did not do.
//!
//! Mozilla's list of authorities is compiled in. The system's own list would want other crates on every system (JNI on Android,
//! `security-framework` on Apple's, two more on Linux) and would make a relay reachable at one desk and not at the next. What this
//! costs: the list is as old as the program, and an authority that an office made for itself is not on it. So its certificate can be
//! named. There is no way to do without: whoever answers must show who they are.

use crate::failure::Failure;
use rustls::pki_types::CertificateDer;
use rustls::{CertificateError, RootCertStore};
use std::path::Path;
use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

/// Why a relay's certificate is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Distrust {
    /// No authority on the list vouches for it, or it cannot be read.
    Unknown,
    /// It is for another address.
    Address,
    /// It is no longer valid, or not yet: one of the two calendars may be wrong.
    Date,
}

impl Distrust {
    /// What TLS found wrong.
    pub(crate) fn of(error: &CertificateError) -> Self {
        use CertificateError::{
            Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext,
        };
        match error {
            NotValidForName | NotValidForNameContext { .. } => Self::Address,
            Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. } => Self::Date,
            _ => Self::Unknown,
        }
    }

    /// The message that says it.
    pub(crate) fn message_id(self) -> &'static str {
        match self {
            Self::Unknown => "cli-certificate-unknown",
            Self::Address => "cli-certificate-address",
            Self::Date => "cli-certificate-date",
        }
    }
}

/// Those in this file and nobody else; without one, Mozilla's.
pub(crate) fn trusted(file: Option<&Path>) -> Result<RootCerts, Failure> {
    let Some(path) = file else { return Ok(RootCerts::WebPki) };
    let pem = std::fs::read(path).map_err(|error| Failure::At(path.to_owned(), error.into()))?;
    let certificates = parse(&pem).ok_or_else(|| Failure::NoCertificate(path.to_owned()))?;
    Ok(RootCerts::new_with_certs(&certificates))
}

/// The certificates in it that TLS can use, if there is one; a long list may well hold an old one that it cannot. It would do without all
/// of them and not say a word, and the relay would then be called unknown.
fn parse(pem: &[u8]) -> Option<Vec<Certificate<'static>>> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.ok()?
            && RootCertStore::empty().add(CertificateDer::from(certificate.der())).is_ok()
        {
            certificates.push(certificate);
        }
    }
    (!certificates.is_empty()).then_some(certificates)
}

//! `rafiq sync` over an encrypted line, from a real TLS socket to a real relay, and with whom it does not speak.
//! The certificates were made with OpenSSL by `certificates/make`.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail

mod common;

use common::{code, curator, object, rafiq, text};
use rafiq_relay::{Config, RelayHandle};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn certificate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates").join(name)
}

/// What stands before a relay and speaks TLS, with one of our certificates. It stands until the process ends.
struct Front {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Front {
    fn start(certificate_file: &str, relay: SocketAddr) -> Self {
        let chain = vec![CertificateDer::from_pem_file(certificate(certificate_file)).unwrap()];
        let key = PrivateKeyDer::from_pem_file(certificate("relay.key")).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let config = Arc::new(config.with_single_cert(chain, key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, requests) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let count = requests.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (connection, count) = (ServerConnection::new(config.clone()).unwrap(), count.clone());
                // Whoever does not trust us goes away in the middle; that is what is asked for here.
                std::thread::spawn(move || serve(StreamOwned::new(connection, stream), relay, &count).unwrap_or(()));
            }
        });
        Self { address, requests }
    }

    fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

/// Carries requests to the relay and its answers back, one by one.
fn serve(
    mut line: StreamOwned<ServerConnection, TcpStream>,
    relay: SocketAddr,
    requests: &AtomicUsize,
) -> std::io::Result<()> {
    let mut relay = TcpStream::connect(relay)?;
    loop {
        let request = message(&mut line)?;
        requests.fetch_add(1, Ordering::Relaxed);
        relay.write_all(&request)?;
        line.write_all(&message(&mut relay)?)?;
        line.flush()?;
    }
}

/// One message of HTTP, whose head says how long its body is.
fn message(stream: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        bytes.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let start = bytes.len();
    bytes.resize(start + length.ok_or_else(|| std::io::Error::other("no length"))?, 0);
    stream.read_exact(&mut bytes[start..])?;
    Ok(bytes)
}

/// Syncs with this relay, trusting this file, and gives back what was said.
fn sync(profile: &Path, relay: &str, trusted: Option<&Path>) -> (i32, Value) {
    let mut arguments = vec!["--json", "sync", "--relay", relay];
    arguments.extend(trusted.iter().flat_map(|file| ["--certificate", file.to_str().unwrap()]));
    let output = rafiq(profile, &arguments, None);
    (code(&output), object(&output))
}

#[test]
fn whoever_is_not_vouched_for_hears_nothing_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let profile = curator(folder.path());
    let relay = RelayHandle::start(Config::new(folder.path().join("relay.sqlite"))).unwrap();
    let plain = relay.url();
    let address = plain.strip_prefix("http://").unwrap().parse().unwrap();
    let digest = || text(&rafiq(&profile, &["inspect", "--digest"], None).stdout);
    let before = digest();
    let authority = certificate("authority.pem");

    for (shown, trusted, id) in [
        ("relay.pem", None, "cli-certificate-unknown"),
        // Who is named is trusted instead of others, and whoever has the same name is not the same.
        ("relay.pem", Some(certificate("own.pem")), "cli-certificate-unknown"),
        ("elsewhere.pem", Some(authority.clone()), "cli-certificate-address"),
        ("expired.pem", Some(authority.clone()), "cli-certificate-date"),
    ] {
        let front = Front::start(shown, address);
        let (code, told) = sync(&profile, &front.url(), trusted.as_deref());
        assert_eq!((code, &told["error"]["id"]), (1, &Value::from(id)), "{shown}: {told}");
        assert_eq!((front.requests(), digest()), (0, before.clone()), "{shown}");
    }
    // A relay that speaks no TLS is no relay that is away.
    let (code, told) = sync(&profile, &plain.replace("http:", "https:"), None);
    assert_eq!((code, &told["error"]["id"]), (1, &Value::from("cli-not-encrypted")), "{told}");

    // None of them was kept: all goes to the first that can be trusted, by its address and by its name.
    let front = Front::start("relay.pem", address);
    let (code, told) = sync(&profile, &front.url(), Some(&authority));
    assert_eq!((code, &told["unsent"]), (0, &Value::from(0)), "{told}");
    assert!(told["relays"][0]["sent"].as_i64().unwrap() > 0 && front.requests() > 0, "{told}");
    assert_eq!((told["relays"].as_array().unwrap().len(), digest()), (1, before));
    let named = format!("https://localhost:{}", front.address.port());
    assert_eq!(sync(&curator(&folder.path().join("other")), &named, Some(&authority)).0, 0);
    // A certificate that signed itself, named by itself.
    let front = Front::start("own.pem", address);
    let own = certificate("own.pem");
    assert_eq!(sync(&curator(&folder.path().join("third")), &front.url(), Some(&own)).0, 0);
    assert!(front.requests() > 0);
}

#[test]
fn a_file_without_a_certificate_is_refused_before_a_relay_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let profile = curator(folder.path());
    let damaged = folder.path().join("damaged.pem");
    std::fs::write(&damaged, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    for (file, id) in [
        (damaged, "cli-no-certificate"),
        (certificate("relay.key"), "cli-no-certificate"),
        (folder.path().join("none.pem"), "error-not-found"),
    ] {
        let (code, told) = sync(&profile, "https://127.0.0.1:1", Some(&file));
        assert_eq!((code, &told["error"]["id"]), (1, &Value::from(id)), "{told}");
        let said = rafiq(&profile, &["sync", "--certificate", file.to_str().unwrap()], None);
        assert!(text(&said.stderr).starts_with(&format!("{}: ", file.display())), "{said:?}");
    }
    let told = object(&rafiq(&profile, &["--json", "sync"], None));
    assert_eq!(told["error"]["id"], "cli-no-relay", "{told}");
}

//! `tests/vectors/recovery.json`: from words to keys, held against what Python derives from the protocol's page.
//!
//! `RAFIQ_WRITE_VECTORS=1 cargo test -p rafiq recovery::vectors` writes the file again.

use super::words::KitSecret;
use crate::ids::SpaceId;
use serde_json::{Value, json};
use std::path::Path;

const SPACE: SpaceId = SpaceId([0x21; 32]);

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn kit(entropy: [u8; 16]) -> Value {
    let secret = KitSecret::new(entropy);
    let keys = secret.keys();
    json!({
        "entropy": hex(&entropy),
        "words": *secret.words(),
        "seed": hex(keys.seed()),
        "device": hex(&keys.device().0),
        "inbox": hex(&keys.inbox().address().key),
        "inbox_token": hex(&keys.inbox().address().token),
        "inbox_tag": hex(&keys.inbox().address().tag()),
        "inbox_relay_key": hex(&keys.inbox().relay_key().verifying_key().to_bytes()),
        "relay_key": hex(&keys.relay_key(&SPACE).verifying_key().to_bytes()),
    })
}

#[test]
fn recovery_vectors() {
    let mixed = *b"\x9e\x88\x5d\x95\x2a\xd3\x62\xca\xeb\x4e\xfe\x34\xa8\xe9\x1b\xd2";
    let ours = json!({
        "about": "Recovery kits, written by core/src/recovery/vectors.rs: words, and the keys that follow from them. The relay key is the one in `space`.",
        "space": hex(&SPACE.0),
        "kits": [kit([0; 16]), kit([0x7f; 16]), kit([0xff; 16]), kit(mixed)],
    });
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/recovery.json");
    if std::env::var_os("RAFIQ_WRITE_VECTORS").is_some() {
        std::fs::write(&path, format!("{ours:#}\n")).unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(ours, kept, "the format has changed");
}

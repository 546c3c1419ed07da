//! The limits that both sides keep, see *Exchange with a relay* in core/docs/protocol.md. A relay may be set stricter, never laxer.

use std::time::Duration;

/// The longest envelope, header included. Larger things travel in parts.
pub const MAX_ENVELOPE: usize = 64 * 1024;
/// The longest request and the longest response.
pub const MAX_BODY: usize = 1024 * 1024;
/// The smallest budget under which any single envelope fits. Below it a response may say `more` and bring nothing.
pub const MIN_BUDGET: u32 = 72 * 1024;
/// Sections in a request: more spaces than that take a second request.
pub const MAX_SECTIONS: usize = 256;
/// Posts to inboxes in a request.
pub const MAX_POSTS: usize = 64;
/// Envelopes in one section, in either direction.
pub const MAX_ENVELOPES: usize = 1024;
/// Envelopes of one urgency that a relay counts to say what is left: somewhat over 6 MB of the smallest. Above that it says how much at least.
pub const MAX_COUNTED: u32 = 10_000;
/// Envelopes that one section asks to be dropped.
pub const MAX_DROPS: usize = 256;
/// Keys in a key list: the devices of one space.
pub const MAX_KEYS: usize = 1024;
/// Older list keys that hand over in one key list: the newest of a space.
pub const MAX_HANDOVERS: usize = 64;
/// What a space or an inbox may hold on a relay, in bytes of envelopes.
pub const SPACE_QUOTA: u64 = 200_000_000;
/// Writes a key may make in a minute. A write is one section that puts something, however many envelopes it carries.
pub const WRITES_PER_MINUTE: u32 = 60;
/// Writes a key may make at once after a pause.
pub const WRITE_BURST: u32 = 30;
/// How long a client may take to send its request headers.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take to send its request body.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(60);
/// Connections from one address before one of its requests was signed validly.
pub const CONNECTIONS_UNKNOWN: usize = 20;
/// Connections from one address afterwards: a camp shares one address.
pub const CONNECTIONS_KNOWN: usize = 500;
/// Days for which a relay keeps what a pack covers, or an inbox's owner has kept. What nothing covers it keeps without limit of age.
pub const RETENTION_DAYS: u32 = 90;

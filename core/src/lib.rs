//! Rafiq's core: an offline-first companion library for peer-support networks.
//!
//! One profile keeps a person's groups, pairings, directory and check-ins in an encrypted file on their device. Every call works
//! without a network; when a connection turns up, [`sync`] exchanges sealed envelopes with a relay that cannot read them.
//!
//! ```
//! use rafiq::check_ins::{ContactWish, Feeling, HelpKind, NewCheckIn, Share};
//! use rafiq::people::NewMe;
//! use rafiq::{Host, Rafiq};
//! # use rafiq::host::{Clock, HostError, KeyVault, Random};
//! # use std::sync::Arc;
//! # struct Phone;
//! # impl Clock for Phone { fn now_ms(&self) -> i64 { 1_795_000_000_000 } }
//! # impl Random for Phone {
//! #     fn fill(&self, buffer: &mut [u8]) -> Result<(), HostError> { getrandom::fill(buffer).unwrap(); Ok(()) }
//! # }
//! # impl KeyVault for Phone {
//! #     fn wrap(&self, secret: &[u8]) -> Result<Vec<u8>, HostError> { Ok(secret.to_vec()) }
//! #     fn unwrap(&self, wrapped: &[u8]) -> Result<Vec<u8>, HostError> { Ok(wrapped.to_vec()) }
//! #     fn delete(&self) -> Result<(), HostError> { Ok(()) }
//! # }
//! # let folder = tempfile::tempdir().unwrap();
//! # let folder = folder.path();
//! # let host = Host { vault: Arc::new(Phone), clock: Arc::new(Phone), random: Arc::new(Phone) };
//!
//! let rafiq = Rafiq::open(folder, host, None)?; // makes the profile; the host brings clock, randomness and key vault
//! rafiq.people().set_me(NewMe { name: "آمنه".into(), language: "prs".into(), calendar: None })?;
//! rafiq.check_ins().record(NewCheckIn {
//!     feeling: Feeling::Good,
//!     helps: vec![HelpKind::Practical],
//!     contact: ContactWish::No,
//!     share: Share::Private, // stays on this device
//!     note: String::new(),
//! })?; // on disk when this returns
//! # Ok::<(), rafiq::Error>(())
//! ```
//!
//! # The house
//!
//! A noun is a folder: its calls, the values an app sees, and, where it has documents, where they live there and its SQL. Below the nouns stands
//! machinery that knows no noun; arrows point down.
//!
//! | room | what |
//! |---|---|
//! | [`Rafiq`] | the root: open, suspend, resume, shut down; hands out the nouns |
//! | [`people`] [`groups`] [`mentoring`] [`check_ins`] [`directory`] [`safety`] [`sharing`] [`recovery`] | the nouns |
//! | [`today`] | what is due now, across nouns |
//! | [`support_models`] [`schedule`] [`language`] | what runs a programme; time zones and the buckets of time; sentences and calendars |
//! | [`sync`] | envelopes, membership, admission, exchange |
//! | [`replica`] | the one road: change → document → rows |
//! | [`vault`] [`store`] [`folding`] | keys, the encrypted file, one text folding |

pub mod check_ins;
pub mod directory;
pub mod error;
pub mod folding;
pub mod groups;
pub mod host;
pub mod ids;
pub mod language;
mod limits;
pub mod mentoring;
pub mod page;
pub mod people;
mod profile;
mod rafiq;
pub mod recovery;
pub mod replica;
pub mod safety;
pub mod schedule;
pub mod sharing;
pub mod store;
pub mod support_models;
pub mod sync;
pub mod today;
pub mod vault;

pub use error::{Error, Result};
pub use page::Page;
pub use profile::{ProfileState, StoredProfile};
pub use rafiq::{Host, Rafiq};

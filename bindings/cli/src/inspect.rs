//! `rafiq inspect`: what lies in a profile's folder.

use crate::failure::Failure;
use crate::host::host;
use crate::profile::Profile;
use crate::voice::Voice;
use rafiq::ids::SpaceId;
use rafiq::language::Args;
use rafiq::replica::SpaceKind;
use rafiq::{ProfileState, Rafiq};
use serde_json::json;

/// Says the state.
pub(crate) fn state(profile: &Profile, voice: &Voice) -> Result<(), Failure> {
    let state = Rafiq::inspect(profile.folder(), &host(profile.folder())).map_err(|error| profile.at(error))?;
    let (word, id) = match state {
        ProfileState::Empty => ("empty", "cli-profile-empty"),
        ProfileState::Ready => ("ready", "cli-profile-ready"),
        ProfileState::NeedsPassphrase => ("needs-passphrase", "error-locked"),
        ProfileState::NeedsMigration { .. } => ("needs-migration", "cli-profile-needs-migration"),
        ProfileState::KeyLost => ("key-lost", "error-key-lost"),
        ProfileState::Corrupt => ("corrupt", "error-corrupt"),
        ProfileState::NewerVersion => ("newer-version", "error-newer-version"),
        ProfileState::InUse => ("in-use", "error-in-use"),
    };
    voice.line(&format!("{word}: {}", profile.folder().display()));
    voice.say(id, &Args::new());
    voice.object(&json!({ "state": word, "profile": profile.folder().display().to_string() }));
    Ok(())
}

/// One line for each shared space, in the order of their ids: `digest <kind> <title> <hex>`. The profile must not be open elsewhere.
pub(crate) fn digest(profile: &Profile, voice: &Voice) -> Result<(), Failure> {
    let rafiq = profile.open_existing(voice)?;
    let mut spaces = rafiq.sharing().spaces()?;
    spaces.sort_by(|one, other| one.id.cmp(&other.id));
    let mut objects = Vec::new();
    for space in spaces {
        let tables = rafiq.replica().digest(Some(&SpaceId::parse(&space.id)?))?;
        let hex: String = tables.values().flatten().map(|byte| format!("{byte:02x}")).collect();
        let kind = kind_word(space.kind);
        voice.line(&format!("digest {kind} {} {hex}", space.title));
        objects.push(json!({ "space": space.id, "kind": kind, "title": space.title, "digest": hex }));
    }
    voice.object(&json!({ "digests": objects }));
    rafiq.shutdown()?;
    Ok(())
}

fn kind_word(kind: SpaceKind) -> &'static str {
    match kind {
        SpaceKind::Personal => "personal",
        SpaceKind::Circle => "circle",
        SpaceKind::Group => "group",
        SpaceKind::Programme => "programme",
        SpaceKind::Directory => "directory",
    }
}

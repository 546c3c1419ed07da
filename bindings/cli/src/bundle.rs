//! `rafiq bundle write | read | carry`.

use crate::failure::Failure;
use crate::profile::Profile;
use crate::voice::Voice;
use clap::Subcommand;
use rafiq::ids::SpaceId;
use rafiq::language::Args;
use rafiq::sync::{BundleContents, BundleReport, Carried};
use rafiq::{Error, Rafiq};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufReader, BufWriter, stdin, stdout};
use std::path::{Path, PathBuf};

/// What to do with a bundle.
#[derive(Subcommand)]
pub(crate) enum What {
    /// Writes everything that is held of the shared spaces, and what waits to leave, sealed. A bundle that is there is added to.
    Write {
        /// The file; `-` for standard output.
        file: PathBuf,
        /// Only this space: its title, or its id as `inspect --digest --json` gives it. May be repeated [default: all].
        #[arg(long, value_name = "SPACE")]
        space: Vec<String>,
        /// Also what is carried for others.
        #[arg(long)]
        carried: bool,
    },
    /// Reads a bundle, and says what in it is damaged. Reading it again does no harm.
    Read {
        /// The file; `-` for standard input.
        file: PathBuf,
    },
    /// Says what is carried for others, or sets how much may be.
    Carry {
        /// From now on at most so many kilobytes, in a profile that is made if there is none; 0 carries nothing and drops what
        /// is carried.
        #[arg(value_name = "KILOBYTES", value_parser = clap::value_parser!(i64).range(0..=1 << 40))]
        most: Option<i64>,
    },
}

/// Does it.
pub(crate) fn run(what: What, profile: &Profile, voice: &mut Voice) -> Result<(), Failure> {
    match what {
        What::Write { file, space, carried } => {
            if is_stream(&file) {
                voice.step_aside();
            }
            write(&file, &space, carried, profile, voice)
        }
        What::Read { file } => read(&file, profile, voice),
        What::Carry { most } => carry(most, profile, voice),
    }
}

fn is_stream(file: &Path) -> bool {
    file == Path::new("-")
}

fn write(file: &Path, spaces: &[String], carried: bool, profile: &Profile, voice: &Voice) -> Result<(), Failure> {
    let rafiq = profile.open_existing(voice)?;
    let contents = BundleContents { spaces: named(&rafiq, spaces)?, carried };
    let written = if is_stream(file) {
        rafiq.sync().stream_bundle(&mut BufWriter::new(stdout().lock()), &contents)?
    } else {
        rafiq.sync().write_bundle(file, &contents).map_err(|error| Failure::At(file.to_owned(), error))?
    };
    voice.say("bundle-written", &Args::new().number("count", written.envelopes));
    voice.say("bundle-size", &Args::new().number("kilobytes", kilobytes(written.bytes)));
    voice.object(&json!({ "envelopes": written.envelopes, "there": written.there, "bytes": written.bytes }));
    rafiq.shutdown()?;
    Ok(())
}

/// The spaces of these titles or ids.
fn named(rafiq: &Rafiq, names: &[String]) -> Result<Vec<SpaceId>, Failure> {
    let known = rafiq.sharing().spaces()?;
    let mut ids = Vec::new();
    for name in names {
        let before = ids.len();
        for space in known.iter().filter(|space| space.id == *name || space.title == *name) {
            ids.push(SpaceId::parse(&space.id)?);
        }
        if ids.len() == before {
            return Err(Failure::At(PathBuf::from(name), Error::NotFound));
        }
    }
    Ok(ids)
}

fn read(file: &Path, profile: &Profile, voice: &Voice) -> Result<(), Failure> {
    let at = |error: Error| Failure::At(file.to_owned(), error);
    let rafiq = profile.open_existing(voice)?;
    let report = if is_stream(file) {
        rafiq.read_bundle(&mut stdin().lock())
    } else {
        let opened = File::open(file).map_err(|error| at(error.into()))?;
        rafiq.read_bundle(&mut BufReader::new(opened))
    };
    let report = report.map_err(at)?;
    voice.say("sync-received", &Args::new().number("count", report.taken));
    for (id, count) in
        [("bundle-aside", report.aside), ("bundle-carried", report.carried), ("bundle-left", report.left)]
    {
        if count > 0 {
            voice.say(id, &Args::new().number("count", count));
        }
    }
    say_damage(&report, voice);
    voice.object(&report_object(&report));
    rafiq.shutdown()?;
    Ok(())
}

/// Every damaged place, and what helps.
pub(crate) fn say_damage(report: &BundleReport, voice: &Voice) {
    for damage in &report.damaged {
        voice.say(&damage.what.text_id(), &Args::new().number("at", damage.at));
    }
    if !report.damaged.is_empty() {
        voice.say("bundle-write-again", &Args::new());
    }
}

fn report_object(report: &BundleReport) -> Value {
    let BundleReport { taken, known, aside, carried, left, damaged } = report;
    let damaged: Vec<Value> =
        damaged.iter().map(|damage| json!({ "what": damage.what.code(), "at": damage.at })).collect();
    json!({ "taken": taken, "known": known, "aside": aside, "carried": carried, "left": left, "damaged": damaged })
}

fn carry(most: Option<i64>, profile: &Profile, voice: &Voice) -> Result<(), Failure> {
    // Whoever only carries has nothing else to begin a profile with.
    let rafiq = if most.is_some() { profile.open(voice)? } else { profile.open_existing(voice)? };
    if let Some(kilobytes) = most {
        rafiq.sync().carry(kilobytes * 1024)?;
    }
    let Carried { quota_bytes, bytes, envelopes } = rafiq.sync().carried()?;
    if quota_bytes == 0 {
        voice.say("bundle-carrying-nothing", &Args::new());
    } else {
        let args = Args::new().number("count", envelopes);
        let args = args.number("used", kilobytes(bytes)).number("most", quota_bytes / 1024);
        voice.say("bundle-carrying", &args);
    }
    voice.object(&json!({ "quota_bytes": quota_bytes, "bytes": bytes, "envelopes": envelopes }));
    rafiq.shutdown()?;
    Ok(())
}

fn kilobytes(bytes: i64) -> i64 {
    bytes.unsigned_abs().div_ceil(1024).cast_signed()
}

//! The `rafiq` command, for coordinators and field workers at a laptop, and for whoever runs a relay. It holds no logic of its own:
//! it hands the library a clock, randomness, a key vault and a carrier, and says what comes back.

mod bundle;
mod carrier;
mod certificate;
mod demo;
mod directory;
mod failure;
mod host;
mod inspect;
mod profile;
mod progress;
mod sync;
mod voice;

use clap::{Args, Parser, Subcommand};
use failure::Failure;
use profile::Profile;
use std::path::PathBuf;
use std::process::ExitCode;
use voice::Voice;

/// An offline-first companion for peer-support networks.
#[derive(Parser)]
#[command(name = "rafiq", version)]
struct Command {
    #[command(flatten)]
    general: General,
    #[command(subcommand)]
    what: What,
}

/// What every command takes.
#[derive(Args)]
pub(crate) struct General {
    /// Which store: the folder of a profile [default: `rafiq` in the folder for your data].
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) profile: Option<PathBuf>,
    /// In which language to speak, as a BCP 47 tag: ar, en, prs, uk, … A profile that is opened keeps it [default: the
    /// profile's, then the system's].
    #[arg(long, global = true, value_name = "TAG", value_parser = profile::language_tag)]
    pub(crate) language: Option<String>,
    /// Print one JSON object instead of sentences.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Read the passphrase from this open file descriptor (its first line). Never from the arguments: others on this
    /// computer can read those.
    #[arg(long, global = true, value_name = "N")]
    pub(crate) passphrase_fd: Option<u32>,
}

#[derive(Subcommand)]
enum What {
    /// Plays one field day: four people, a real relay, offline and together again.
    Demo {
        /// Import this HSDS file or folder instead of the sample.
        #[arg(long, value_name = "PATH")]
        directory: Option<PathBuf>,
    },
    /// The directory of services.
    #[command(subcommand)]
    Directory(directory::What),
    /// Takes what is to be shared to a memory card, a file or a cable, and reads it from there: where no relay is reached.
    #[command(subcommand)]
    Bundle(bundle::What),
    /// Exchanges with the relays of this profile.
    Sync {
        /// Use this relay for spaces that have none, from now on: https://… or http://…
        #[arg(long, value_name = "URL")]
        relay: Option<String>,
        /// Whom https:// relays are to be vouched for by, this time, instead of the public authorities: a PEM file with the
        /// certificate of an office's own authority, or of a relay that signed its own.
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
        /// The words that the operator of this relay asks of those who open spaces there, in a file. No other relay sees them.
        #[arg(long, value_name = "FILE", requires = "relay")]
        operator_token_file: Option<PathBuf>,
    },
    /// Says what lies in the profile's folder, without changing it.
    Inspect {
        /// One line for each shared space with a digest of its rows: equal digests mean equal rows.
        #[arg(long)]
        digest: bool,
    },
    /// Runs a relay.
    Relay {
        #[command(flatten)]
        options: rafiq_relay::cli::Options,
        /// End when standard input ends, and so with whoever started it, however that ends.
        #[arg(long, hide = true)]
        until_input_ends: bool,
    },
}

fn main() -> ExitCode {
    let Command { general, what } = Command::parse();
    let mut voice = match Voice::for_profile(&general) {
        Ok(voice) => voice,
        Err(failure) => {
            eprintln!("{failure}");
            return ExitCode::FAILURE;
        }
    };
    match run(&general, what, &mut voice) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            voice.failure(&failure);
            ExitCode::FAILURE
        }
    }
}

fn run(general: &General, what: What, voice: &mut Voice) -> Result<(), Failure> {
    let profile = Profile::new(general)?;
    match what {
        What::Demo { directory } => demo::run(directory.as_deref(), voice),
        What::Directory(what) => directory::run(what, &profile, voice),
        What::Bundle(what) => bundle::run(what, &profile, voice),
        What::Sync { relay, certificate, operator_token_file } => {
            let line =
                sync::Line { certificates: certificate.as_deref(), operator_token: operator_token_file.as_deref() };
            sync::run(relay.as_deref(), &line, &profile, voice)
        }
        What::Inspect { digest: false } => inspect::state(&profile, voice),
        What::Inspect { digest: true } => inspect::digest(&profile, voice),
        What::Relay { options, until_input_ends } => {
            if until_input_ends {
                std::thread::spawn(|| {
                    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
                    // What a relay has acknowledged is on its disk: it may end at any moment.
                    std::process::exit(0)
                });
            }
            rafiq_relay::cli::run(&options).map_err(|error| Failure::Relay(error.to_string()))
        }
    }
}

//! `rafiq-relay`: the relay as a program of its own.

use clap::Parser;
use rafiq_relay::cli::{Options, run};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "rafiq-relay", version, about)]
struct CommandLine {
    #[command(flatten)]
    options: Options,
}

fn main() -> ExitCode {
    match run(&CommandLine::parse().options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rafiq-relay: {error}");
            ExitCode::FAILURE
        }
    }
}

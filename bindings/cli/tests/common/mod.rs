//! Runs the command and reads what it says.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The directory that the tests import.
pub(crate) fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples/directory")
}

/// Runs the command on a profile; what is given as input is the passphrase on descriptor 0.
pub(crate) fn rafiq(profile: &Path, arguments: &[&str], passphrase: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rafiq"));
    command.arg("--profile").arg(profile).args(arguments).env("LC_ALL", "C");
    if passphrase.is_some() {
        command.args(["--passphrase-fd", "0"]);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // It may end without having read: a closed pipe is no fault here.
    let _ = input.write_all(passphrase.unwrap_or_default().as_bytes());
    drop(input);
    child.wait_with_output().unwrap()
}

/// What was printed.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The JSON object that was printed.
pub(crate) fn object(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// How it ended.
pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A profile with a directory of its own, shared with nobody yet.
pub(crate) fn curator(folder: &Path) -> PathBuf {
    let (profile, sample) = (folder.join("curator"), sample());
    rafiq(&profile, &["directory", "import", sample.to_str().unwrap(), "--name", "Port Alder"], None);
    profile
}

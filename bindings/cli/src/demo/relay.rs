//! The relay of the demo: a real process of its own, this program run as `rafiq relay`, on the loopback interface.

use crate::failure::Failure;
use rusqlite::{Connection, OpenFlags};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Longer than any start takes.
const START: Duration = Duration::from_secs(30);

/// A relay that ends with this value.
pub(super) struct RelayProcess {
    child: Child,
    url: String,
    database: PathBuf,
}

impl RelayProcess {
    /// Starts it with its file in this folder, and waits until it listens.
    pub(super) fn start(folder: &Path) -> Result<Self, Failure> {
        let database = folder.join("relay.sqlite");
        let mut child = Command::new(std::env::current_exe()?)
            .args(["relay", "--listen", "127.0.0.1:0", "--until-input-ends", "--database"])
            .arg(&database)
            .stdin(Stdio::piped()) // kept by `child`: it ends with us, even if we are killed
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take();
        let mut relay = Self { child, url: String::new(), database };
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            // Read to its end, so that the relay never waits for somebody to read.
            for line in BufReader::new(output?).lines() {
                tell.send(line.ok()?).ok()?;
            }
            Some(())
        });
        let line = told.recv_timeout(START).unwrap_or_default();
        relay.url = line.strip_prefix("listening on ").unwrap_or_default().to_owned();
        if relay.url.is_empty() { Err(Failure::Relay("it did not start".into())) } else { Ok(relay) }
    }

    /// Where it listens.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Every envelope that it holds, as it holds them.
    pub(super) fn envelopes(&self) -> Result<Vec<Vec<u8>>, Failure> {
        let file = Connection::open_with_flags(&self.database, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(rafiq::Error::from)?;
        let mut statement = file.prepare("SELECT bytes FROM envelope").map_err(rafiq::Error::from)?;
        let found = statement.query_map([], |row| row.get(0)).map_err(rafiq::Error::from)?;
        Ok(found.collect::<Result<_, _>>().map_err(rafiq::Error::from)?)
    }

    /// The bytes of its files, as they lie on the disk.
    pub(super) fn files(&self) -> Result<Vec<u8>, Failure> {
        let mut bytes = std::fs::read(&self.database)?;
        for side in ["-wal", "-shm"] {
            let mut name = self.database.clone().into_os_string();
            name.push(side);
            bytes.extend(std::fs::read(name).unwrap_or_default());
        }
        Ok(bytes)
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        // It acknowledges only what is on its disk: it may be ended like this.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

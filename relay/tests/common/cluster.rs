//! A PostgreSQL server of our own: on loopback, in a temporary folder, gone when this process is.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// The URL of a new, empty database.
pub(crate) fn database() -> String {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let cluster = CLUSTER.get_or_init(Cluster::start);
    let name = format!("relay_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    cluster.say("postgres", &format!("CREATE DATABASE {name}")).unwrap();
    format!("postgres://postgres@127.0.0.1:{}/{name}", cluster.port)
}

struct Cluster {
    port: u16,
    tools: PathBuf,
    /// Its standard input is a pipe that ends with this process, however that ends; then it stops the server and tidies up.
    _keeper: Child,
}

/// Runs the server, waits for the end of its own input, ends the server.
const KEEPER: &str = r#"
set -e
folder=$(mktemp -d "${TMPDIR:-/tmp}/rafiq-postgres.XXXXXX")
trap 'rm -rf "$folder"' EXIT
as=""
if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; as="setpriv --reuid=postgres --regid=postgres --clear-groups --"; fi
cd /
$as "$tools/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >"$folder/log" 2>&1
$as "$tools/postgres" -D "$folder/data" -c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= \
  -c max_connections=400 -c max_wal_size=4GB >>"$folder/log" 2>&1 &
server=$!
cat >/dev/null
kill -INT $server
wait $server || true
"#;

impl Cluster {
    fn start() -> Self {
        let tools = tools();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut keeper = Command::new("bash");
        keeper.args(["-c", KEEPER]).env("tools", &tools).env("port", port.to_string());
        keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut keeper = keeper.spawn().unwrap();
        let input = keeper.stdin.take();
        std::mem::forget(input); // open until this process ends
        let cluster = Self { port, tools, _keeper: keeper };
        let deadline = Instant::now() + Duration::from_secs(60);
        while let Err(error) = cluster.say("postgres", "SELECT 1") {
            assert!(Instant::now() < deadline, "PostgreSQL does not start: {error}");
            std::thread::sleep(Duration::from_millis(100));
        }
        cluster
    }

    fn say(&self, database: &str, sql: &str) -> Result<(), String> {
        let mut psql = Command::new(self.tools.join("psql"));
        psql.args([
            "-X",
            "-q",
            "-h",
            "127.0.0.1",
            "-U",
            "postgres",
            "-p",
            &self.port.to_string(),
            "-d",
            database,
            "-c",
            sql,
        ]);
        let output = psql.output().map_err(|error| error.to_string())?;
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }
}

/// Where Debian puts the server's programs, or wherever the path leads.
fn tools() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> =
        versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).collect();
    found.sort();
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let elsewhere = || std::env::split_paths(&on_path).find(|bin: &PathBuf| Path::new(bin).join("initdb").exists());
    found.pop().or_else(elsewhere).expect("PostgreSQL's server programs are not installed: apt-get install postgresql")
}

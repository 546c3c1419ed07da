//! SQLCipher's cryptography from the RustCrypto crates, handed to it through its own hook `SQLCIPHER_CRYPTO_CUSTOM`.
//!
//! SQLCipher is compiled (see `.cargo/config.toml`) to ask the symbol `rafiq_sqlcipher_provider` for its cipher, MAC, key
//! derivation and randomness. Whoever links rusqlite in this workspace must link this crate: call [`link`] once before the
//! first connection. The files are plain SQLCipher 4 files: any SQLCipher opens them (`tests/` shows it).
//!
//! Every function here is called by C with the sizes that SQLCipher documents in `sqlcipher.h`; a non-zero answer is an
//! error there. None may unwind into C, so none panics.

use aes::Aes256;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::NoPadding};
use hmac::{Hmac, KeyInit, Mac};
use parking_lot::{RwLock, RwLockReadGuard};
use sha2::{Sha256, Sha512};
use std::cell::Cell;
use std::ffi::{c_char, c_int, c_uchar, c_void};
use std::sync::Once;
use std::time::Duration;

type Context = *mut c_void;

const OK: c_int = 0; // SQLITE_OK
const ERROR: c_int = 1; // SQLITE_ERROR

// sqlcipher.h: SQLCIPHER_HMAC_SHA1 0, _SHA256 1, _SHA512 2; the same numbers for the key derivation.
const SHA256: c_int = 1;
const SHA512: c_int = 2;

type HmacCall = unsafe extern "C" fn(
    Context,
    c_int,
    *const c_uchar,
    c_int,
    *const c_uchar,
    c_int,
    *const c_uchar,
    c_int,
    *mut c_uchar,
) -> c_int;
type DeriveCall = unsafe extern "C" fn(
    Context,
    c_int,
    *const c_uchar,
    c_int,
    *const c_uchar,
    c_int,
    c_int,
    c_int,
    *mut c_uchar,
) -> c_int;
type CipherCall = unsafe extern "C" fn(
    Context,
    c_int,
    *const c_uchar,
    c_int,
    *const c_uchar,
    *const c_uchar,
    c_int,
    *mut c_uchar,
) -> c_int;

/// `sqlcipher_provider` of `sqlcipher.h`, field by field.
#[repr(C)]
pub struct Provider {
    init: Option<extern "C" fn() -> c_int>,
    shutdown: Option<extern "C" fn()>,
    get_provider_name: extern "C" fn(Context) -> *const c_char,
    add_random: extern "C" fn(Context, *const c_void, c_int) -> c_int,
    random: unsafe extern "C" fn(Context, *mut c_void, c_int) -> c_int,
    hmac: HmacCall,
    kdf: DeriveCall,
    cipher: CipherCall,
    get_cipher: extern "C" fn(Context) -> *const c_char,
    get_key_sz: extern "C" fn(Context) -> c_int,
    get_iv_sz: extern "C" fn(Context) -> c_int,
    get_block_sz: extern "C" fn(Context) -> c_int,
    get_hmac_sz: extern "C" fn(Context, c_int) -> c_int,
    ctx_init: extern "C" fn(*mut Context) -> c_int,
    ctx_free: extern "C" fn(*mut Context) -> c_int,
    fips_status: extern "C" fn(Context) -> c_int,
    get_provider_version: extern "C" fn(Context) -> *const c_char,
    next: *mut Provider,
}

/// Makes SQLCipher ready. Call it before a connection is opened; all but the first call cost nothing.
///
/// SQLite says that it is ready before SQLCipher's own start has run (`SQLITE_EXTRA_INIT` stands after `isInit` in
/// `sqlite3_initialize`), so of two threads that open the first connections of a process, one may find no cipher and fail
/// with `SQLITE_ERROR`. Here the second waits for the first. Should the start fail, the first connection says why.
pub fn link() {
    static READY: Once = Once::new();
    READY.call_once(|| {
        std::hint::black_box(rafiq_sqlcipher_provider as *const ()); // keeps the provider in the linked program
        // SAFETY: takes nothing, and may be called at any time and from any thread.
        unsafe { rusqlite::ffi::sqlite3_initialize() };
        // SAFETY: the handler is a function of ours that does not unwind. Registered after SQLCipher's own, it runs before that one.
        unsafe { atexit(wait_for_work) };
    });
}

/// Keeps the end of the process away from work with the database: hold it while a connection is used, opened or closed.
///
/// SQLCipher takes its cipher away when a process exits (`atexit`), also from threads that are still at work: closing a file in that
/// moment reads a null pointer. So the exit waits for who holds this, and who asks for it afterwards waits for the end.
#[must_use]
pub fn at_work() -> AtWork {
    // Work within work on one thread must not wait for an exit that waits for it.
    let outermost = DEPTH.with(|depth| depth.replace(depth.get() + 1)) == 0;
    AtWork { _running: outermost.then(|| WORK.read()) }
}

/// See [`at_work`].
pub struct AtWork {
    _running: Option<RwLockReadGuard<'static, ()>>, // which keeps it on its thread
}

impl Drop for AtWork {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get() - 1));
    }
}

thread_local! {
    /// How much work stands within work; without a destructor, so it is there until a thread's very end.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

static WORK: RwLock<()> = RwLock::new(());

/// How long an exit waits: it may have been called from within such work.
const PATIENCE: Duration = Duration::from_secs(2);

extern "C" fn wait_for_work() {
    std::mem::forget(WORK.try_write_for(PATIENCE)); // nobody begins again
}

unsafe extern "C" {
    fn atexit(handler: extern "C" fn()) -> c_int;
}

/// Fills in the provider.
///
/// # Safety
/// Called by SQLCipher alone, with a provider of its own making.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rafiq_sqlcipher_provider(provider: *mut Provider) -> c_int {
    if provider.is_null() {
        return ERROR;
    }
    // SAFETY: not null, and SQLCipher gives a whole, writable `sqlcipher_provider`; `next` is its own list and is kept.
    unsafe {
        let next = (*provider).next;
        provider.write(Provider {
            init: None,
            shutdown: None,
            get_provider_name: provider_name,
            add_random,
            random,
            hmac,
            kdf: derive,
            cipher,
            get_cipher: cipher_name,
            get_key_sz: key_size,
            get_iv_sz: block_size,
            get_block_sz: block_size,
            get_hmac_sz: hmac_size,
            ctx_init: context,
            ctx_free: context,
            fips_status: no_fips,
            get_provider_version: provider_version,
            next,
        });
    }
    OK
}

extern "C" fn provider_name(_: Context) -> *const c_char {
    c"rustcrypto".as_ptr()
}

extern "C" fn provider_version(_: Context) -> *const c_char {
    c"1".as_ptr()
}

extern "C" fn cipher_name(_: Context) -> *const c_char {
    c"aes-256-cbc".as_ptr()
}

/// The system's generator needs no help.
extern "C" fn add_random(_: Context, _: *const c_void, _: c_int) -> c_int {
    OK
}

unsafe extern "C" fn random(_: Context, buffer: *mut c_void, size: c_int) -> c_int {
    // SAFETY: SQLCipher gives a buffer of `size` bytes.
    let out = unsafe { output(buffer.cast(), size) };
    if getrandom::fill(out).is_ok() { OK } else { ERROR }
}

unsafe extern "C" fn hmac(
    _: Context,
    algorithm: c_int,
    key: *const c_uchar,
    key_size: c_int,
    first: *const c_uchar,
    first_size: c_int,
    second: *const c_uchar,
    second_size: c_int,
    out: *mut c_uchar,
) -> c_int {
    // SAFETY: each pointer comes with its own length; `out` has room for the algorithm's MAC.
    unsafe {
        let (key, first, second) = (input(key, key_size), input(first, first_size), input(second, second_size));
        match algorithm {
            SHA512 => mac::<Hmac<Sha512>>(key, first, second, output(out, hmac_size(Context::default(), SHA512))),
            SHA256 => mac::<Hmac<Sha256>>(key, first, second, output(out, hmac_size(Context::default(), SHA256))),
            _ => ERROR,
        }
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], first: &[u8], second: &[u8], out: &mut [u8]) -> c_int {
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return ERROR };
    mac.update(first);
    mac.update(second);
    let code = mac.finalize().into_bytes();
    if code.len() != out.len() {
        return ERROR;
    }
    out.copy_from_slice(&code);
    OK
}

unsafe extern "C" fn derive(
    _: Context,
    algorithm: c_int,
    passphrase: *const c_uchar,
    passphrase_size: c_int,
    salt: *const c_uchar,
    salt_size: c_int,
    rounds: c_int,
    key_size: c_int,
    key: *mut c_uchar,
) -> c_int {
    let Ok(rounds) = u32::try_from(rounds) else { return ERROR };
    // SAFETY: each pointer comes with its own length.
    let (passphrase, salt, key) =
        unsafe { (input(passphrase, passphrase_size), input(salt, salt_size), output(key, key_size)) };
    match algorithm {
        SHA512 => pbkdf2::pbkdf2_hmac::<Sha512>(passphrase, salt, rounds, key),
        SHA256 => pbkdf2::pbkdf2_hmac::<Sha256>(passphrase, salt, rounds, key),
        _ => return ERROR,
    }
    OK
}

unsafe extern "C" fn cipher(
    _: Context,
    mode: c_int,
    key: *const c_uchar,
    key_size: c_int,
    iv: *const c_uchar,
    data: *const c_uchar,
    size: c_int,
    out: *mut c_uchar,
) -> c_int {
    // SAFETY: the key comes with its length, the IV is one block, input and output are both `size` bytes and do not overlap.
    let (key, iv, data, out) =
        unsafe { (input(key, key_size), input(iv, BLOCK), input(data, size), output(out, size)) };
    let done = match mode {
        1 => cbc::Encryptor::<Aes256>::new_from_slices(key, iv)
            .is_ok_and(|c| c.encrypt_padded_b2b::<NoPadding>(data, out).is_ok()),
        _ => cbc::Decryptor::<Aes256>::new_from_slices(key, iv)
            .is_ok_and(|c| c.decrypt_padded_b2b::<NoPadding>(data, out).is_ok()),
    };
    if done { OK } else { ERROR }
}

const BLOCK: c_int = 16;

extern "C" fn key_size(_: Context) -> c_int {
    32
}

extern "C" fn block_size(_: Context) -> c_int {
    BLOCK
}

extern "C" fn hmac_size(_: Context, algorithm: c_int) -> c_int {
    match algorithm {
        SHA512 => 64,
        SHA256 => 32,
        0 => 20,
        _ => 0,
    }
}

extern "C" fn context(_: *mut Context) -> c_int {
    OK
}

extern "C" fn no_fips(_: Context) -> c_int {
    0
}

/// # Safety
/// `pointer` is null or points to `size` readable bytes that outlive the call.
unsafe fn input<'a>(pointer: *const u8, size: c_int) -> &'a [u8] {
    match usize::try_from(size) {
        // SAFETY: as promised above.
        Ok(size) if !pointer.is_null() => unsafe { std::slice::from_raw_parts(pointer, size) },
        _ => &[],
    }
}

/// # Safety
/// `pointer` is null or points to `size` writable bytes that nobody else uses during the call.
unsafe fn output<'a>(pointer: *mut u8, size: c_int) -> &'a mut [u8] {
    match usize::try_from(size) {
        // SAFETY: as promised above.
        Ok(size) if !pointer.is_null() => unsafe { std::slice::from_raw_parts_mut(pointer, size) },
        _ => &mut [],
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    #[test]
    fn sqlcipher_uses_this_provider() {
        super::link();
        let directory = std::env::temp_dir().join(format!("rafiq-sqlcipher-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let path = directory.join("a.db");
        let open = |key: u8| {
            let connection = Connection::open(&path).unwrap();
            connection.execute_batch(&format!("PRAGMA key = \"x'{}'\";", format!("{key:02x}").repeat(32))).unwrap();
            connection
        };
        let connection = open(7);
        connection.execute_batch("CREATE TABLE word (text TEXT); INSERT INTO word VALUES ('companion');").unwrap();
        let name: String = connection.query_row("PRAGMA cipher_provider", [], |r| r.get(0)).unwrap();
        assert_eq!(name, "rustcrypto");
        drop(connection);
        let text: String = open(7).query_row("SELECT text FROM word", [], |r| r.get(0)).unwrap();
        assert_eq!(text, "companion");
        assert!(open(8).query_row("SELECT text FROM word", [], |r| r.get::<_, String>(0)).is_err());
        assert!(!std::fs::read(&path).unwrap().windows(9).any(|w| w == b"companion"));
        std::fs::remove_dir_all(&directory).unwrap();
    }
}

//! The shim between SQLite and the system's files. Registered as the default VFS of the test process, so the core needs no seam.
//!
//! Files of a folder with a [`Disk`] are opened through the real VFS twice over: locks and shared memory are the real file's;
//! reads, writes, truncations and syncs go through the disk's memory. All other files are the real VFS's alone.
#![allow(unsafe_code)] // a VFS is a table of C functions; each block says why it holds

use super::disk::{Disk, SECTOR, State, Step, Unsynced};
use rusqlite::ffi::{
    self, SQLITE_FCNTL_SIZE_HINT, SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ,
    SQLITE_IOERR_WRITE, SQLITE_NOTFOUND, SQLITE_OK, sqlite3_file, sqlite3_io_methods, sqlite3_vfs,
};
use std::collections::HashMap;
use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, Once, OnceLock, Weak};

static DISKS: LazyLock<Mutex<HashMap<PathBuf, Weak<Disk>>>> = LazyLock::new(Mutex::default);
static REAL: OnceLock<Real> = OnceLock::new();

struct Real(*mut sqlite3_vfs);
// SAFETY: SQLite's own VFS is a static table that lives as long as the process and is never changed after its registration.
unsafe impl Send for Real {}
// SAFETY: as above; its functions may be called from any thread.
unsafe impl Sync for Real {}

/// What stands at the place where SQLite keeps a file of ours; the real VFS's file stands behind it.
#[repr(C)]
struct Handle {
    methods: *const sqlite3_io_methods,
    inside: *mut Inside,
}

struct Inside {
    disk: Arc<Disk>,
    path: PathBuf,
    life: u64,
}

/// Registers the shim, once a process.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        rafiq_sqlcipher::link();
        // SAFETY: asks for the default VFS and reads that static table.
        let (real, table) = unsafe {
            let real = ffi::sqlite3_vfs_find(std::ptr::null());
            assert!(!real.is_null());
            (real, *real)
        };
        let _ = REAL.set(Real(real));
        let ours = Box::leak(Box::new(sqlite3_vfs {
            zName: c"rafiq-tests".as_ptr(),
            pNext: std::ptr::null_mut(),
            szOsFile: table.szOsFile + size_of::<Handle>() as c_int,
            xOpen: Some(open),
            xDelete: Some(delete),
            // All else is the real one's: those functions look at nothing of the table but `pAppData`, which is copied too.
            ..table
        }));
        // SAFETY: the table is leaked, so it lives as long as the process.
        assert_eq!(unsafe { ffi::sqlite3_vfs_register(ours, 1) }, SQLITE_OK);
    });
}

pub(super) fn watch(folder: PathBuf, disk: &Arc<Disk>) {
    DISKS.lock().expect("the table of disks").insert(folder, Arc::downgrade(disk));
}

pub(super) fn forget(folder: &Path) {
    DISKS.lock().expect("the table of disks").remove(folder);
}

fn disk_of(path: &Path) -> Option<Arc<Disk>> {
    let folder = path.parent()?.canonicalize().ok()?;
    DISKS.lock().expect("the table of disks").get(&folder)?.upgrade()
}

fn real_vfs() -> *mut sqlite3_vfs {
    REAL.get().expect("installed").0
}

/// # Safety
/// `name` is null or a C string.
unsafe fn path_of(name: *const c_char) -> Option<PathBuf> {
    // SAFETY: the caller's promise; SQLite gives a full path that ends in NUL.
    let name = unsafe { name.as_ref().map(|_| CStr::from_ptr(name)) }?;
    Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

/// The real VFS's file behind a handle of ours.
fn behind(file: *mut sqlite3_file) -> *mut sqlite3_file {
    file.cast::<u8>().wrapping_add(size_of::<Handle>()).cast()
}

/// # Safety
/// `file` was opened by [`open`] with a disk and is not closed.
unsafe fn inside<'a>(file: *mut sqlite3_file) -> &'a Inside {
    // SAFETY: the caller's promise: `open` put a live box there and only `close` takes it away.
    unsafe { &*(*file.cast::<Handle>()).inside }
}

/// Calls a method of the real file.
macro_rules! real {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        let real = behind($file);
        // SAFETY: the real VFS opened this file and filled in its table; the arguments are SQLite's own or ours of the same kind.
        unsafe { (*(*real).pMethods).$method.map_or(SQLITE_NOTFOUND, |method| method(real $(, $argument)*)) }
    }};
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let real = real_vfs();
    // SAFETY: SQLite gives null or a C string.
    let path = unsafe { path_of(name) };
    // SAFETY: the real VFS's own function, table and arguments; `file` has room for its file and for ours before it.
    let real_open = |at: *mut sqlite3_file| unsafe {
        (*real).xOpen.map_or(SQLITE_NOTFOUND, |open| open(real, name, at, flags, out))
    };
    let Some((path, disk)) = path.and_then(|path| disk_of(&path).map(|disk| (path, disk))) else {
        return real_open(file);
    };
    // SAFETY: SQLite gave us `szOsFile` bytes here; no method table means "not open".
    unsafe { (*file).pMethods = std::ptr::null() };
    let life = disk.state().life;
    if !disk.state().alive(life) {
        return ffi::SQLITE_CANTOPEN;
    }
    let code = real_open(behind(file));
    if code != SQLITE_OK {
        return code;
    }
    let mut length = 0;
    let code = real!(file, xFileSize, &raw mut length);
    assert_eq!(code, SQLITE_OK, "a file just opened tells its size");
    disk.state().files.entry(path.clone()).or_insert_with(|| Unsynced::of(length.unsigned_abs()));
    let handle = Handle { methods: &raw const METHODS, inside: Box::into_raw(Box::new(Inside { disk, path, life })) };
    // SAFETY: the memory is SQLite's for this file, at least as long and as aligned as a `Handle`.
    unsafe { file.cast::<Handle>().write(handle) };
    SQLITE_OK
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: SQLite gives a C string.
    let path = unsafe { path_of(name) };
    if let Some((path, disk)) = path.and_then(|path| disk_of(&path).map(|disk| (path, disk))) {
        let mut state = disk.state();
        let life = state.life;
        if !matches!(state.step(life, true), Step::Go) {
            return ffi::SQLITE_IOERR_DELETE;
        }
        state.files.remove(&path);
    }
    let real = real_vfs();
    // SAFETY: the real VFS's own function and arguments.
    unsafe { (*real).xDelete.map_or(SQLITE_NOTFOUND, |delete| delete(real, name, sync)) }
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2, // no memory-mapped reading: it would go past us
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let code = real!(file, xClose);
    // SAFETY: `open` put the box there; SQLite closes a file once and does not use it again.
    unsafe { drop(Box::from_raw((*file.cast::<Handle>()).inside)) };
    code
}

/// What the file seems to hold from `at` on; zeros behind its end. How many bytes there really were.
fn look(file: *mut sqlite3_file, unsynced: &Unsynced, buffer: &mut [u8], at: u64) -> Result<u64, c_int> {
    buffer.fill(0);
    let end = (at + buffer.len() as u64).min(unsynced.length);
    if at >= end {
        return Ok(0);
    }
    let durable = end.min(unsynced.floor).min(unsynced.durable);
    if at < durable {
        let part = &mut buffer[..(durable - at) as usize];
        let code = real!(file, xRead, part.as_mut_ptr().cast(), part.len() as c_int, at as i64);
        if code != SQLITE_OK {
            return Err(code);
        }
    }
    for (number, bytes) in unsynced.sectors.range(at / SECTOR..end.div_ceil(SECTOR)) {
        let start = number * SECTOR;
        let (from, to) = (start.max(at), (start + SECTOR).min(end));
        buffer[(from - at) as usize..(to - at) as usize]
            .copy_from_slice(&bytes[(from - start) as usize..(to - start) as usize]);
    }
    Ok(end - at)
}

unsafe extern "C" fn read(file: *mut sqlite3_file, to: *mut c_void, count: c_int, at: i64) -> c_int {
    // SAFETY: the method table is only given to files of `open`; SQLite gives a buffer of `count` bytes.
    let (inside, buffer) = unsafe { (inside(file), std::slice::from_raw_parts_mut(to.cast::<u8>(), count as usize)) };
    let state = inside.disk.state();
    let Some(unsynced) = state.files.get(&inside.path).filter(|_| state.alive(inside.life)) else {
        return SQLITE_IOERR_READ;
    };
    match look(file, unsynced, buffer, at as u64) {
        Ok(found) if found == buffer.len() as u64 => SQLITE_OK,
        Ok(_) => SQLITE_IOERR_SHORT_READ,
        Err(code) => code,
    }
}

/// Takes a step that writes; the file's unsynced part if it may.
fn step<'a>(state: &'a mut State, inside: &Inside) -> Result<&'a mut Unsynced, c_int> {
    match state.step(inside.life, true) {
        Step::Go => state.files.get_mut(&inside.path).ok_or(SQLITE_IOERR_WRITE),
        Step::NoPower => Err(SQLITE_IOERR_WRITE),
        Step::Full => Err(SQLITE_FULL),
    }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, count: c_int, at: i64) -> c_int {
    // SAFETY: as in `read`.
    let (inside, bytes) = unsafe { (inside(file), std::slice::from_raw_parts(from.cast::<u8>(), count as usize)) };
    let mut state = inside.disk.state();
    let unsynced = match step(&mut state, inside) {
        Ok(unsynced) => unsynced,
        Err(code) => return code,
    };
    let (at, mut done) = (at as u64, 0);
    while done < bytes.len() {
        let (number, offset) = ((at + done as u64) / SECTOR, ((at + done as u64) % SECTOR) as usize);
        let part = (SECTOR as usize - offset).min(bytes.len() - done);
        let mut sector = [0; SECTOR as usize];
        if part < SECTOR as usize
            && let Err(code) = look(file, unsynced, &mut sector, number * SECTOR)
        {
            return code;
        }
        sector[offset..offset + part].copy_from_slice(&bytes[done..done + part]);
        unsynced.sectors.insert(number, sector);
        done += part;
        // A next sector of the same write must see this one.
        unsynced.length = unsynced.length.max(at + done as u64);
    }
    SQLITE_OK
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: i64) -> c_int {
    // SAFETY: the method table is only given to files of `open`.
    let inside = unsafe { inside(file) };
    let mut state = inside.disk.state();
    let unsynced = match step(&mut state, inside) {
        Ok(unsynced) => unsynced,
        Err(code) => return code,
    };
    let length = length as u64;
    unsynced.floor = unsynced.floor.min(length);
    unsynced.length = length;
    unsynced.sectors.split_off(&length.div_ceil(SECTOR));
    if let Some(last) = unsynced.sectors.get_mut(&(length / SECTOR)) {
        last[(length % SECTOR) as usize..].fill(0);
    }
    SQLITE_OK
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    // SAFETY: the method table is only given to files of `open`.
    let inside = unsafe { inside(file) };
    let mut state = inside.disk.state();
    if !matches!(state.step(inside.life, false), Step::Go) {
        return SQLITE_IOERR_FSYNC;
    }
    let Some(unsynced) = state.files.get_mut(&inside.path) else { return SQLITE_IOERR_FSYNC };
    if unsynced.floor < unsynced.durable && real!(file, xTruncate, unsynced.floor as i64) != SQLITE_OK {
        return SQLITE_IOERR_FSYNC;
    }
    for (number, bytes) in std::mem::take(&mut unsynced.sectors) {
        let at = number * SECTOR;
        let count = SECTOR.min(unsynced.length.saturating_sub(at));
        let code =
            if count == 0 { SQLITE_OK } else { real!(file, xWrite, bytes.as_ptr().cast(), count as c_int, at as i64) };
        if code != SQLITE_OK {
            return SQLITE_IOERR_FSYNC; // the real disk: the test must not go on as if nothing was
        }
    }
    (unsynced.floor, unsynced.durable) = (unsynced.length, unsynced.length);
    SQLITE_OK
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut i64) -> c_int {
    // SAFETY: the method table is only given to files of `open`.
    let inside = unsafe { inside(file) };
    let state = inside.disk.state();
    let Some(unsynced) = state.files.get(&inside.path).filter(|_| state.alive(inside.life)) else {
        return ffi::SQLITE_IOERR_FSTAT;
    };
    // SAFETY: SQLite gives a place for the answer.
    unsafe { *size = unsynced.length as i64 };
    SQLITE_OK
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, what: c_int, argument: *mut c_void) -> c_int {
    // A hint would lengthen the real file behind our back.
    if what == SQLITE_FCNTL_SIZE_HINT { SQLITE_OK } else { real!(file, xFileControl, what, argument) }
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    real!(file, xLock, level)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    real!(file, xUnlock, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, answer: *mut c_int) -> c_int {
    real!(file, xCheckReservedLock, answer)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    real!(file, xSectorSize)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    real!(file, xDeviceCharacteristics)
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    to: *mut *mut c_void,
) -> c_int {
    real!(file, xShmMap, region, size, extend, to)
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, count: c_int, flags: c_int) -> c_int {
    real!(file, xShmLock, offset, count, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    let real = behind(file);
    // SAFETY: as in `real!`; this method alone gives nothing back.
    unsafe { (*(*real).pMethods).xShmBarrier.into_iter().for_each(|barrier| barrier(real)) }
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, remove: c_int) -> c_int {
    real!(file, xShmUnmap, remove)
}

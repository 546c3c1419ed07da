//! A heap that counts, for each thread by itself.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// To be named as the `global_allocator` of a test that asks [`peak_of`].
pub struct Counting;

thread_local! {
    static USED: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

fn count(change: impl FnOnce(usize) -> usize) {
    // A thread that is ending has no counters any more.
    let _ = USED.try_with(|used| {
        used.set(change(used.get()));
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(used.get())));
    });
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(|used| used.wrapping_add(layout.size()));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(|used| used.wrapping_sub(layout.size()));
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(|used| used.wrapping_add(layout.size()));
        unsafe { System.alloc_zeroed(layout) }
    }

    // Counted as if both were there for a moment, which is so when it cannot grow where it lies.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(|used| used.wrapping_add(size));
        let moved = unsafe { System.realloc(pointer, layout, size) };
        count(|used| used.wrapping_sub(if moved.is_null() { size } else { layout.size() }));
        moved
    }
}

/// What a call returns, and how much more of the heap it held at its highest than before.
pub fn peak_of<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let before = USED.with(Cell::get);
    PEAK.with(|peak| peak.set(before));
    let result = call();
    (result, PEAK.with(Cell::get).saturating_sub(before))
}

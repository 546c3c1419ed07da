//! What stands around every exported call.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::RafiqError;

/// Runs a call. A panic becomes [`RafiqError::Bug`] with the call's name: nothing was half-written, since a transaction that is
/// open at a panic is rolled back while unwinding, and no lock of the core stays poisoned.
pub(crate) fn guarded<T>(place: &str, work: impl FnOnce() -> rafiq::Result<T>) -> Result<T, RafiqError> {
    quiet_panics();
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(answer) => answer.map_err(RafiqError::from),
        Err(_) => Err(RafiqError::Bug { place: place.to_owned() }),
    }
}

/// A panic's text may hold a person's words or a host's stack trace: only its place is written.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            if let Some(place) = panic.location() {
                eprintln!("rafiq: panic at {}:{}", place.file(), place.line());
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::panic)] // that is what is tested
    fn a_panic_is_an_error() {
        let bug = guarded::<()>("here", || panic!("a person's words"));
        assert_eq!(bug, Err(RafiqError::Bug { place: "here".to_owned() }));
        assert_eq!(guarded("here", || Ok(1)), Ok(1));
        assert_eq!(guarded::<()>("here", || Err(rafiq::Error::Closed)), Err(RafiqError::Closed));
    }
}

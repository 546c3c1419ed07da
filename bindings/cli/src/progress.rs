//! A bar on the terminal for what takes long. Nothing is drawn where standard error is no terminal.

use indicatif::{ProgressBar, ProgressStyle};
use rafiq::host::Progress;
use std::time::Duration;

/// A bar that is gone when it is dropped.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// Named by what is done.
    pub(crate) fn new(what: &str) -> Self {
        let style =
            ProgressStyle::with_template("{spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::no_length().with_style(style).with_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }
}

impl Progress for Bar {
    fn report(&self, done: i64, total: i64) -> bool {
        let (done, total) = (done.unsigned_abs(), total.unsigned_abs());
        if total > 0 && self.0.length() != Some(total) {
            self.0.set_length(total);
            let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} %");
            self.0.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        }
        self.0.set_position(done);
        true
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

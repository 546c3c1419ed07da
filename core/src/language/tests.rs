#![allow(clippy::unwrap_used, clippy::panic)] // tests may stop at the first surprise

mod calendar;
mod checks;
mod parsing;
mod sentences;

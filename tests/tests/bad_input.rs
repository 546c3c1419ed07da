//! Each fault by its name: a typed error or a kept state that the next try goes on from; nothing lost, no panic.

#[path = "bad_input/files.rs"]
mod files;
#[path = "bad_input/line.rs"]
mod line;
#[path = "bad_input/lying.rs"]
mod lying;
#[path = "bad_input/words.rs"]
mod words;

//! Somebody is taken out of a space, or leaves: what is written from then on is sealed under a key that they do not get, and those
//! who come later read the past with it.

#[path = "removal/hostile.rs"]
mod hostile;
#[path = "removal/inboxes.rs"]
mod inboxes;
#[path = "removal/keeping.rs"]
mod keeping;
#[path = "removal/leaving.rs"]
mod leaving;
#[path = "removal/scene.rs"]
mod scene;

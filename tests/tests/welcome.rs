//! Somebody comes into a space that has seen many come and go: more than a welcome holds goes before it.

#[path = "welcome/coming.rs"]
mod coming;
#[path = "welcome/hostile.rs"]
mod hostile;
#[path = "welcome/scene.rs"]
mod scene;

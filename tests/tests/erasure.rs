//! Words that were erased are nowhere any more: a search through everything that a phone holds, its log of writes, what lies on the relay and
//! what a bundle brings, opened with every key that is still held, finds those that were kept and none of the others.

#[path = "erasure/hostile.rs"]
mod hostile;
#[path = "erasure/limits.rs"]
mod limits;
#[path = "erasure/scene.rs"]
mod scene;
#[path = "erasure/words.rs"]
mod words;

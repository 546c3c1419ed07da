//! A member has packed an entry better than our codec can: it came in an envelope, and put together anew it fits none. It goes on as it came; where
//! a version before this one has taken it, it cannot, and is in nobody's way.

#[path = "unfit_entry/going_on.rs"]
mod going_on;
#[path = "unfit_entry/kept.rs"]
mod kept;
#[path = "unfit_entry/scene.rs"]
mod scene;

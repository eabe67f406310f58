//! What the lock-free code is made of. A test puts loom's in its place and tries every order of the threads' steps.

pub(super) use std::{
    sync::atomic::{AtomicU64, Ordering, fence},
    thread::yield_now,
};

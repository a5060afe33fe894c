//! Two works at the same time.
//!
//! Why it exists: most machines have two processors, and what comes of a work must depend neither on how many there are nor
//! on who is first. So works are parted by what they are about, always in the same two halves.

use std::sync::{Mutex, PoisonError};

/// The stack of each thread that does work, in bytes: policies nest, and analysis walks as deep as there are facts.
pub const STACK: usize = 256 << 20;

/// Does two works, the second on a thread of its own; behind the first, where no thread can be started.
pub fn side_by_side<A, B: Send>(first: impl FnOnce() -> A, second: impl FnOnce() -> B + Send) -> (A, B) {
    // Whoever takes it does it.
    let work = Mutex::new(Some(second));
    let take = || {
        let second = work.lock().unwrap_or_else(PoisonError::into_inner).take();
        second.map(|second| second())
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, take);
        let first = first();
        let second = match thread {
            Ok(thread) => thread.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault)),
            Err(_) => take(),
        };
        (first, second.expect("it is taken once"))
    })
}

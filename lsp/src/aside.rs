//! Work for requests that takes longer than typing may wait -> its answer, on a thread of its own.
//!
//! One piece of work after the other, each on a state that nobody changes any more. Work whose answer nobody awaits any more
//! is skipped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use tokio::sync::oneshot;

type Work = Box<dyn FnOnce() + Send>;

/// How to have something worked on aside.
pub struct Aside {
    work: Sender<Work>,
}

impl Aside {
    pub fn start() -> std::io::Result<Self> {
        let (work, inbox) = channel::<Work>();
        let thread = std::thread::Builder::new().name("aside".into()).stack_size(ordain::cli::STACK);
        thread.spawn(move || {
            for work in inbox {
                // A fault of the compiler must not end the server: the request fails, since its answer is dropped.
                let _ = catch_unwind(AssertUnwindSafe(work));
            }
        })?;
        Ok(Self { work })
    }

    /// The answer comes once the work is done; it never comes after a fault.
    pub fn ask<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> oneshot::Receiver<T> {
        let (reply, answer) = oneshot::channel();
        // Fails only when the thread is gone, and then the server ends.
        let _ = self.work.send(Box::new(move || {
            if !reply.is_closed() {
                let _ = reply.send(work());
            }
        }));
        answer
    }
}

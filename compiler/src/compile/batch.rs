//! Many cases -> their answers, in order, on all processors.
//!
//! The one place of the core that knows threads. Each thread decides a stretch of its own, so the answers do not depend on
//! how many there are.

use super::{Decision, Fault, Policy};
use crate::model::Case;

/// Fewer cases than this are not worth a thread.
const FEW: usize = 8192;

impl Policy {
    /// Decides many cases, see [`decide`](Policy::decide): their answers, in the same order.
    pub fn decide_batch(&self, cases: &[Case]) -> Vec<Result<Decision<'_>, Fault>> {
        let worth = cases.len() / FEW;
        // Of few cases nobody needs to know how many processors there are, which takes longer than some decisions.
        let processors = if worth < 2 { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) };
        let threads = processors.min(worth).max(1);
        let one_by_one = |cases: &[Case]| cases.iter().map(|case| self.decide(case)).collect::<Vec<_>>();
        if threads == 1 {
            return one_by_one(cases);
        }
        std::thread::scope(|scope| {
            let stretches = cases.chunks(cases.len().div_ceil(threads));
            let workers: Vec<_> = stretches.map(|part| (part, scope.spawn(move || one_by_one(part)))).collect();
            // A thread that failed has its part decided here.
            let parts = workers.into_iter().map(|(part, worker)| worker.join().unwrap_or_else(|_| one_by_one(part)));
            parts.flatten().collect()
        })
    }
}

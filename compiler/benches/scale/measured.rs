//! Repeated runs of one piece of work -> what was measured, as a value and as one line between two processes.

use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// Work that takes less is repeated until it has taken this long together, or [`MOST`] times.
const TOGETHER: Duration = Duration::from_millis(1500);
const MOST: usize = 60;
/// It is done three times, unless that takes this long.
const ENOUGH: Duration = Duration::from_secs(6);

/// What one row came to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Nanoseconds of one run: the middle one and the shortest of all.
    pub median: f64,
    pub least: f64,
    pub runs: usize,
    /// Kibibytes; 0 where the system does not say.
    pub peak: u64,
    /// Bytes of the policy's text.
    pub bytes: usize,
    /// What came out of it: findings, or rows of a table.
    pub count: usize,
    /// What to know about the result.
    pub note: String,
    /// It is wrong, or nothing came out of it: the time means nothing.
    pub broken: bool,
    /// Some of the analyses gave up and said so: the time is real, the figure is not reached.
    pub partial: bool,
    /// It took longer than so many seconds and was stopped.
    pub over: Option<u64>,
}

impl Measured {
    /// Times `work` again and again; what it returns is dropped while the clock stands. Gives the last result.
    pub fn repeat<T>(mut work: impl FnMut() -> T) -> (Measured, T) {
        Measured::repeat_after(|| (), |()| work())
    }

    /// The same, with something to be made before each run while the clock stands.
    pub fn repeat_after<S, T>(mut before: impl FnMut() -> S, mut work: impl FnMut(S) -> T) -> (Measured, T) {
        let mut times: Vec<f64> = Vec::new();
        let begin = Instant::now();
        loop {
            let made = before();
            let start = Instant::now();
            let result = work(made);
            times.push(start.elapsed().as_nanos() as f64);
            if times.len() >= MOST || begin.elapsed() >= TOGETHER && (times.len() >= 3 || begin.elapsed() > ENOUGH) {
                return (Measured::of(times), result);
            }
        }
    }

    fn of(mut times: Vec<f64>) -> Measured {
        times.sort_by(f64::total_cmp);
        Measured { median: times[times.len() / 2], least: times[0], runs: times.len(), ..Measured::default() }
    }

    pub fn broken(note: impl Into<String>) -> Measured {
        Measured { broken: true, note: note.into(), ..Measured::default() }
    }

    /// Times mean nothing.
    pub fn failed(&self) -> bool {
        self.broken || self.over.is_some()
    }

    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn parse(line: &str) -> Option<Measured> {
        serde_json::from_str(line).ok()
    }
}

/// The most memory that this process has held, in kibibytes.
pub fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// `2 cores, …`: what it was measured on.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name =
        info.lines().find(|l| l.starts_with("model name")).and_then(|l| l.split_once(": ")).map(|(_, n)| n.trim());
    format!(
        "Measured with `ordain` {} on {cores} cores of {}",
        env!("CARGO_PKG_VERSION"),
        name.unwrap_or("an unknown processor")
    )
}

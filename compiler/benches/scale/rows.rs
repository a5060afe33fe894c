//! The rows of the benchmark: what is measured at which size, and the figure to reach.

use crate::report::time;
use crate::work::Work;

/// The seed of every input.
pub const SEED: u64 = 1;

pub struct Row {
    /// `findings/aup/1000`: the work, the shape, the size.
    pub name: String,
    pub work: Work,
    pub target: Option<Target>,
}

#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// At most so many milliseconds.
    Time(f64),
    /// At most so many milliseconds and mebibytes.
    TimeAndMemory(f64, u64),
    /// At least so many megabytes of text in a second.
    Speed(f64),
}

impl Target {
    /// Median in nanoseconds, peak in kibibytes, text in bytes; without a median it did not finish.
    pub fn reached(self, median: Option<f64>, peak: Option<f64>, bytes: Option<f64>) -> bool {
        let Some(median) = median else { return false };
        match self {
            Target::Time(ms) => median <= ms * 1e6,
            Target::TimeAndMemory(ms, mib) => median <= ms * 1e6 && peak.is_some_and(|k| k <= (mib * 1024) as f64),
            Target::Speed(mb) => bytes.is_some_and(|b| speed(b, median) >= mb),
        }
    }
}

/// Megabytes of text a second.
pub fn speed(bytes: f64, nanoseconds: f64) -> f64 {
    bytes / nanoseconds * 1e3
}

pub fn words(target: Target) -> String {
    match target {
        Target::Time(ms) => time(ms * 1e6),
        Target::TimeAndMemory(ms, mib) => format!("{}, {mib} MiB", time(ms * 1e6)),
        Target::Speed(mb) => format!("{mb:.0} MB/s"),
    }
}

/// All rows, those of one curve in order of size.
pub fn all() -> Vec<Row> {
    use Target::*;
    let mut rows = Vec::new();
    let mut add = |work: Work, target: Option<Target>| rows.push(Row { name: work.name(), work, target });
    let findings = |shape, rules| Work::Findings { shape, rules };

    for (rules, target) in [
        (100, None),
        (300, None),
        (1_000, Some(Time(10.0))),
        (3_000, None),
        (10_000, Some(Time(150.0))),
        (30_000, None),
        (100_000, Some(TimeAndMemory(3_000.0, 1536))),
    ] {
        add(findings("aup", rules), target);
    }
    for shape in ["bpm3", "bpm5", "bpm7", "bpm9", "bpm13"] {
        for rules in [500, 1_500, 5_000] {
            let target = match (shape, rules) {
                ("bpm5", 1_500) => Some(Time(25.0)),
                ("bpm13", 5_000) => Some(Time(600.0)),
                _ => None,
            };
            add(findings(shape, rules), target);
        }
    }
    add(findings("bpm5-distinct", 1_500), Some(Time(25.0)));
    add(findings("bpm13-distinct", 5_000), Some(Time(600.0)));
    for (shape, milliseconds) in [("hard20", 500.0), ("wide40", 200.0)] {
        for rules in [100, 300, 1_000] {
            add(findings(shape, rules), (rules == 1_000).then_some(Time(milliseconds)));
        }
    }
    for rules in [1_000, 10_000, 100_000] {
        add(findings("sel8", rules), None);
    }
    for (shape, sizes) in [
        ("dense8", [30, 100, 300]),
        ("dense20", [30, 100, 300]),
        ("wildcards", [30, 100, 300]),
        ("products", [100, 300, 1_000]),
        ("staircase", [100, 300, 1_000]),
        ("diagonal", [4, 8, 16]),
        ("layers", [1_000, 3_000, 10_000]),
        ("hard20-open", [100, 300, 1_000]),
        ("wide40-open", [100, 300, 1_000]),
    ] {
        for rules in sizes {
            add(findings(shape, rules), None);
        }
    }

    for (rules, target) in [(1_000, None), (10_000, Some(Time(10.0))), (100_000, None)] {
        add(Work::Change { rules, files: true }, target);
        add(Work::Change { rules, files: false }, target);
    }
    for (shape, rules, target) in [
        ("aup", 1_000, None),
        ("aup", 10_000, Some(Speed(15.0))),
        ("aup", 100_000, None),
        ("bpm13", 5_000, Some(Speed(15.0))),
    ] {
        add(Work::Understand { shape, rules }, target);
    }
    for name in [
        "lowering",
        "never-applies",
        "exceptions",
        "conflicts",
        "requirements",
        "duties",
        "unreachable",
        "redundant",
        "parts",
    ] {
        for rules in [300, 1_000, 3_000, 10_000, 30_000] {
            add(Work::Question { name, shape: "aup", rules }, None);
        }
    }
    for name in ["lowering", "conflicts", "gaps", "unreachable", "redundant"] {
        for rules in [500, 1_500, 5_000] {
            add(Work::Question { name, shape: "bpm5", rules }, None);
        }
    }
    for (shape, rules, target) in
        [("aup", 100, None), ("aup", 300, None), ("aup", 1_000, Some(Time(100.0))), ("wide40", 1_000, None)]
    {
        add(Work::Table { shape, rules, ordered: false }, target);
    }
    for shape in ["hard20", "wide40"] {
        add(Work::Table { shape, rules: 1_000, ordered: true }, None);
    }
    for (rules, target) in [(100, None), (1_000, Some(Time(100.0))), (10_000, Some(Time(1_000.0))), (30_000, None)] {
        add(Work::Compare { rules }, target);
    }
    for (shape, rules, nanoseconds) in [
        ("dense8", 20, Some(40.0)),
        ("aup", 100, None),
        ("aup", 1_000, Some(60.0)),
        ("aup", 10_000, None),
        ("hard20", 1_000, None),
        ("wide40", 1_000, None),
    ] {
        add(Work::Decide { shape, rules }, nanoseconds.map(|n| Time(n / 1e6)));
    }
    rows
}

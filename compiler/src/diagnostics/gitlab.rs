//! Reports -> GitLab's Code Quality report: an array of findings with fingerprints, by which GitLab tells new from old.
//!
//! It knows five severities and one place for each finding; what else there is stands in the description.

use super::Level;
use super::json::Report;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub fn gitlab(reports: &[Report]) -> Value {
    // Two projects of one run may have files of one name.
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let entry = |report: &'_ Report, seen: usize| {
        let fingerprint = if seen > 1 { format!("{}-{seen}", report.fingerprint) } else { report.fingerprint.clone() };
        json!({
            "description": format!("{}: {}", report.name, report.words()),
            "check_name": report.code,
            "fingerprint": fingerprint,
            "severity": severity(report.level),
            "location": {
                "path": report.place.file,
                "lines": { "begin": report.place.start.line, "end": report.place.end.line },
            },
        })
    };
    let mut entries = Vec::with_capacity(reports.len());
    for report in reports {
        let count = seen.entry(&report.fingerprint).or_default();
        *count += 1;
        entries.push(entry(report, *count));
    }
    Value::Array(entries)
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "critical",
        Level::Warning => "minor",
        Level::Note => "info",
    }
}

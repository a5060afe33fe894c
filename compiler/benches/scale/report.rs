//! What was measured -> a line, the table at the end, and the CSV file that the cost curves are drawn from.

use crate::measured::Measured;
use crate::rows::{Row, Target};
use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

/// `12.3 ms`: three digits and a unit.
pub fn time(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    let digits = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.digits$} {unit}")
}

fn memory(kibibytes: u64) -> String {
    match kibibytes {
        0 => String::new(),
        k => format!("{:.0} MiB", k as f64 / 1024.0),
    }
}

/// Megabytes of text a second.
fn speed(measured: &Measured) -> f64 {
    measured.bytes as f64 / measured.median * 1e3
}

pub fn brief(measured: &Measured) -> String {
    match measured.over {
        Some(seconds) => format!("over {seconds} s"),
        None if measured.broken => measured.note.clone(),
        None => time(measured.median),
    }
}

fn target(target: Target) -> String {
    match target {
        Target::Time(ms) => time(ms * 1e6),
        Target::TimeAndMemory(ms, mib) => format!("{}, {mib} MiB", time(ms * 1e6)),
        Target::Speed(mb) => format!("{mb:.0} MB/s"),
    }
}

fn reached(target: Target, measured: &Measured) -> bool {
    !measured.failed()
        && match target {
            Target::Time(ms) => measured.median <= ms * 1e6,
            Target::TimeAndMemory(ms, mib) => measured.median <= ms * 1e6 && measured.peak <= mib * 1024,
            Target::Speed(mb) => speed(measured) >= mb,
        }
}

/// A column of the table: its title, and whether it is flush left.
const COLUMNS: [(&str, bool); 9] = [
    ("row", true),
    ("text", false),
    ("median", false),
    ("least", false),
    ("MB/s", false),
    ("peak", false),
    ("found", false),
    ("to reach", true),
    ("", true),
];

pub fn table(results: &[(&Row, Measured)]) -> String {
    let mut lines = vec![COLUMNS.map(|(title, _)| title.to_string())];
    for (row, measured) in results {
        let some = |text: String| if measured.failed() { String::new() } else { text };
        let verdict = match row.target {
            Some(target) if reached(target, measured) => "reached".to_string(),
            Some(_) => "NOT REACHED".to_string(),
            None => String::new(),
        };
        let remarks: Vec<&str> =
            [verdict.as_str(), measured.note.as_str()].into_iter().filter(|t| !t.is_empty()).collect();
        lines.push([
            row.name.clone(),
            some(format!("{} kB", measured.bytes / 1000)),
            measured.over.map_or_else(|| some(time(measured.median)), |s| format!("over {s} s")),
            some(time(measured.least)),
            some(format!("{:.1}", speed(measured))),
            some(memory(measured.peak)),
            some(measured.count.to_string()),
            row.target.map(target).unwrap_or_default(),
            remarks.join(": "),
        ]);
    }
    let widths: Vec<usize> =
        (0..COLUMNS.len()).map(|c| lines.iter().map(|l| l[c].chars().count()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for line in &lines {
        let mut shown = String::new();
        for ((cell, width), (_, left)) in line.iter().zip(&widths).zip(COLUMNS) {
            shown.push_str(&if left { format!("{cell:width$}  ") } else { format!("{cell:>width$}  ") });
        }
        text.push('\n');
        text.push_str(shown.trim_end());
    }
    text
}

const HEADER: [&str; 11] =
    ["row", "work", "shape", "rules", "bytes", "median_ns", "least_ns", "runs", "peak_kib", "found", "note"];

/// Writes the rows in their order. With `keep`, rows that were not measured now stay as the file has them.
pub fn save(path: &Path, all: &[Row], results: &[(&Row, Measured)], keep: bool) -> Result<(), Box<dyn Error>> {
    let mut lines: HashMap<String, Vec<String>> = HashMap::new();
    if keep && path.exists() {
        for record in csv::Reader::from_path(path)?.records() {
            let record = record?;
            let fields: Vec<String> = record.iter().map(str::to_string).collect();
            lines.insert(fields.first().cloned().unwrap_or_default(), fields);
        }
    }
    for (row, measured) in results {
        let mut parts = row.name.split('/');
        let mut part = || parts.next().unwrap_or_default().to_string();
        let number = |n: f64| if measured.failed() { String::new() } else { format!("{n:.0}") };
        let note = measured.over.map_or_else(|| measured.note.clone(), |s| format!("over {s} s"));
        let fields = vec![
            row.name.clone(),
            part(),
            part(),
            part(),
            measured.bytes.to_string(),
            number(measured.median),
            number(measured.least),
            measured.runs.to_string(),
            number(measured.peak as f64),
            number(measured.count as f64),
            note,
        ];
        lines.insert(row.name.clone(), fields);
    }
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(HEADER)?;
    for fields in all.iter().filter_map(|row| lines.get(&row.name)) {
        writer.write_record(fields)?;
    }
    writer.flush()?;
    Ok(())
}

//! What was measured -> a line, the table at the end, and the CSV file that the cost curves are drawn from.

use crate::measured::Measured;
use crate::rows::{self, Row, Target};
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

/// `12 MiB`, of bytes.
pub fn data(bytes: f64) -> String {
    let (value, unit) = match bytes {
        b if b < 1024.0 => (b, "B"),
        b if b < 1024.0 * 1024.0 => (b / 1024.0, "KiB"),
        b if b < 1024.0 * 1024.0 * 1024.0 => (b / 1024.0 / 1024.0, "MiB"),
        b => (b / 1024.0 / 1024.0 / 1024.0, "GiB"),
    };
    format!("{value:.*} {unit}", usize::from(value < 10.0 && unit == "GiB"))
}

pub fn brief(measured: &Measured) -> String {
    match measured.over {
        Some(seconds) => format!("over {seconds} s"),
        None if measured.broken => measured.note.clone(),
        None => time(measured.median),
    }
}

/// Megabytes of text a second.
fn speed(measured: &Measured) -> f64 {
    rows::speed(measured.bytes as f64, measured.median)
}

fn reached(target: Target, measured: &Measured) -> bool {
    let median = (!measured.failed() && !measured.partial).then_some(measured.median);
    target.reached(median, Some(measured.peak as f64), Some(measured.bytes as f64))
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
            some(data(measured.bytes as f64)),
            measured.over.map_or_else(|| some(time(measured.median)), |s| format!("over {s} s")),
            some(time(measured.least)),
            some(if row.name.starts_with("understand") { format!("{:.1}", speed(measured)) } else { String::new() }),
            some(if measured.peak > 0 { data(measured.peak as f64 * 1024.0) } else { String::new() }),
            some(measured.count.to_string()),
            row.target.map(rows::words).unwrap_or_default(),
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

const HEADER: [&str; 12] =
    ["row", "work", "shape", "rules", "bytes", "median_ns", "least_ns", "runs", "peak_kib", "found", "partial", "note"];

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
            usize::from(measured.partial).to_string(),
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

/// A line of the file. What is not known is `None`.
pub struct Line {
    pub row: String,
    pub work: String,
    pub shape: String,
    pub rules: f64,
    pub bytes: Option<f64>,
    /// Nanoseconds.
    pub median: Option<f64>,
    pub least: Option<f64>,
    /// Kibibytes.
    pub peak: Option<f64>,
    pub found: Option<f64>,
    /// Some analyses gave up.
    pub partial: bool,
    pub note: String,
}

pub fn read(path: &Path) -> Result<Vec<Line>, Box<dyn Error>> {
    let mut lines = Vec::new();
    for record in csv::Reader::from_path(path)?.records() {
        let record = record?;
        let text = |i: usize| record.get(i).unwrap_or_default().to_string();
        let number = |i: usize| record.get(i).and_then(|f| f.parse().ok());
        lines.push(Line {
            row: text(0),
            work: text(1),
            shape: text(2),
            rules: number(3).unwrap_or(0.0),
            bytes: number(4),
            median: number(5),
            least: number(6),
            peak: number(8),
            found: number(9),
            partial: text(10) == "1",
            note: text(11),
        });
    }
    Ok(lines)
}

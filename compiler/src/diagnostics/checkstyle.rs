//! Reports -> the XML of Checkstyle, which many review tools read: findings by file.
//!
//! It knows a line, a column and a sentence for each; fixes and further places are left out.

use super::Level;
use super::json::Report;
use crate::xml::Xml;

/// `files` are all that were checked; those without a finding are named, too.
pub fn checkstyle(files: &[String], reports: &[Report]) -> String {
    let mut xml = Xml::new();
    xml.open("checkstyle", &[("version", "4.3")]);
    for file in files_of(files, reports) {
        xml.open("file", &[("name", file)]);
        for report in reports.iter().filter(|r| r.place.file == file) {
            let severity = match report.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Note => "info",
            };
            xml.empty(
                "error",
                &[
                    ("line", &report.place.start.line.to_string()),
                    ("column", &report.place.start.column.to_string()),
                    ("severity", severity),
                    ("message", &format!("{}: {}", report.name, report.message)),
                    ("source", &format!("ordain.{}", report.code)),
                ],
            );
        }
        xml.close("file");
    }
    xml.close("checkstyle");
    xml.finish()
}

/// The files that were checked, and those with a finding besides (settings, texts).
pub(super) fn files_of<'a>(files: &'a [String], reports: &'a [Report]) -> Vec<&'a str> {
    let mut all: Vec<&str> = files.iter().map(String::as_str).collect();
    for report in reports {
        if !all.contains(&report.place.file.as_str()) {
            all.push(&report.place.file);
        }
    }
    all
}

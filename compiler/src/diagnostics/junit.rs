//! Reports -> JUnit XML: a suite for each file, a case for each finding, and a case that passes for a file without one.
//!
//! A finding below the fail level is a case that passes and says what was found. JUnit has no columns and no fixes. There
//! is no time in it, so that two runs give the same bytes.

use super::checkstyle::files_of;
use super::json::Report;
use super::{Level, render};
use crate::xml::Xml;

pub fn junit(files: &[String], reports: &[Report], fail_level: Level) -> String {
    let fails = |report: &&Report| report.level >= fail_level;
    let files = files_of(files, reports);
    let of = |file: &str| reports.iter().filter(move |r| r.place.file == file).collect::<Vec<_>>();
    let cases: usize = files.iter().map(|f| of(f).len().max(1)).sum();
    let mut xml = Xml::new();
    let failures = reports.iter().filter(fails).count().to_string();
    xml.open("testsuites", &[("name", "ordain check"), ("tests", &cases.to_string()), ("failures", &failures)]);
    for file in files {
        let found = of(file);
        let failures = found.iter().filter(|r| fails(r)).count().to_string();
        let tests = found.len().max(1).to_string();
        xml.open("testsuite", &[("name", file), ("tests", &tests), ("failures", &failures), ("errors", "0")]);
        if found.is_empty() {
            xml.empty("testcase", &[("classname", file), ("name", "no findings")]);
        }
        for report in found {
            let line = report.place.start.line.to_string();
            let name = format!("{} {}: {}", report.code, report.name, report.message);
            let place = format!("{file}:{line}:{}", report.place.start.column);
            let text = format!("{}[{}] at {place}\n{}", render::level_name(report.level), report.code, report.words());
            xml.open("testcase", &[("classname", file), ("name", &name), ("file", file), ("line", &line)]);
            if fails(&report) {
                xml.leaf("failure", &[("type", report.code), ("message", &report.message)], &text);
            } else {
                xml.leaf("system-out", &[], &text);
            }
            xml.close("testcase");
        }
        xml.close("testsuite");
    }
    xml.close("testsuites");
    xml.finish()
}

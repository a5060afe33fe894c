//! Reports -> commands of a GitHub workflow, which marks the lines of a change with them.
//!
//! `::error file=…,line=…,col=…,endLine=…,endColumn=…,title=…::message`, a line each; what has a meaning in such a line
//! stands as `%0A` and the like. Columns are given only for what stands on one line, as GitHub asks. Labels at other
//! places, fixes with edits and fingerprints have no place there; the places are told in words.

use super::Level;
use super::json::Report;

pub fn github(reports: &[Report]) -> String {
    reports.iter().map(command).collect()
}

fn command(report: &Report) -> String {
    let word = match report.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let (start, end) = (&report.place.start, &report.place.end);
    let mut options = format!("file={},line={}", property(&report.place.file), start.line);
    if start.line == end.line {
        options.push_str(&format!(",col={},endLine={},endColumn={}", start.column, end.line, end.column));
    } else {
        options.push_str(&format!(",endLine={}", end.line));
    }
    let title = property(&format!("{} {}", report.code, report.name));
    format!("::{word} {options},title={title}::{}\n", data(&report.words()))
}

/// In the message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// In what stands before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_is_written_otherwise() {
        assert_eq!(data("90 % sure: a,\r\nb"), "90 %25 sure: a,%0D%0Ab");
        assert_eq!(property("a,b: 5 %"), "a%2Cb%3A 5 %25");
    }
}

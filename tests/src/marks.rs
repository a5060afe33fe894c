//! The marks in a program's text -> the diagnostics that must be found.
//!
//! `//~ O3001` expects a diagnostic that starts on its own line, `//~^ O3001` one on the line above, each further `^` one
//! line more. Markdown files write `<!--~ O5002 -->`, TOML files `#~ O9003`.

use crate::project::File;

/// A diagnostic that is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub path: String,
    /// A line of the page.
    pub line: usize,
    pub code: String,
}

pub fn of_file(file: &File) -> Vec<Mark> {
    let opening = if file.path.ends_with(".md") {
        "<!--~"
    } else if file.path.ends_with(".toml") {
        "#~"
    } else {
        "//~"
    };
    let mut marks = Vec::new();
    for (index, line) in file.text.lines().enumerate().skip(file.marks_from) {
        let Some((_, rest)) = line.split_once(opening) else { continue };
        let codes = rest.trim_start_matches('^');
        let up = rest.len() - codes.len();
        let line = file.lines[index.saturating_sub(up)];
        let codes = codes.trim_end().trim_end_matches("-->").split_whitespace();
        marks.extend(codes.map(|code| Mark { path: file.path.clone(), line, code: code.to_string() }));
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_point_at_lines() {
        let text = "rule a {}\nrule b {} //~ O3001 O3005\n//~^^ O5001\n".to_string();
        let file = File { path: "a.ordain".into(), text, lines: vec![10, 11, 12], marks_from: 0, bytes: None };
        let found: Vec<(usize, String)> = of_file(&file).into_iter().map(|m| (m.line, m.code)).collect();
        assert_eq!(found, [(11, "O3001".into()), (11, "O3005".into()), (10, "O5001".into())]);
    }
}

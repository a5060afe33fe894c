//! Diagnostics -> text for a terminal.
//!
//! One report is a headline, the quoted places with their labels, the notes as `= …` and the fixes as `= help: …`; all
//! reports of a run end in one summary line. Colours are added last and change no letter. Must not know where files
//! come from or where the text goes.

pub mod paint;
pub mod quote;

use super::{Diagnostic, Level, thousands};
use crate::source::Sources;
use paint::{Paint, Tint};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How reports look.
#[derive(Debug, Clone, Default)]
pub struct Look {
    pub paint: Paint,
    pub stand: Stand,
    /// The most reports that are printed; 0 for all.
    pub limit: usize,
}

/// From where the reader looks at a project, so that shown paths lead to its files. Both end in `/` or are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stand {
    /// The way from the reader down to the project: `policies/aup/`.
    pub prefix: String,
    /// The reader's own folder where that lies inside the project: `drafts/`. Then `prefix` is empty.
    pub inside: String,
}

impl Stand {
    /// A file's path as shown; what is no file of the project (`<std/school.ordain>`) stays.
    pub fn path(&self, path: &str) -> String {
        if path.starts_with('<') {
            return path.to_string();
        }
        let (mut inside, mut rest) = (self.inside.as_str(), path);
        while let Some((folder, below)) = inside.split_once('/') {
            match rest.strip_prefix(folder).and_then(|r| r.strip_prefix('/')) {
                Some(r) => (inside, rest) = (below, r),
                None => break,
            }
        }
        format!("{}{}{rest}", self.prefix, "../".repeat(inside.matches('/').count()))
    }
}

/// All reports with a blank line behind each, and a line that says how many were left out. Where not all are shown, the
/// worst are.
pub fn reports(diagnostics: &[Diagnostic], sources: &Sources, look: &Look) -> String {
    let mut shown: Vec<&Diagnostic> = diagnostics.iter().collect();
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    if look.limit > 0 && shown.len() > look.limit {
        let mut order: Vec<usize> = (0..shown.len()).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(diagnostics[i].level), i));
        order[look.limit..].iter().for_each(|&i| *left.entry(diagnostics[i].code.id).or_default() += 1);
        let mut keep = order[..look.limit].to_vec();
        keep.sort_unstable();
        shown = keep.into_iter().map(|i| &diagnostics[i]).collect();
    }
    let mut out = String::new();
    for diagnostic in shown {
        report(diagnostic, sources, look, &mut out);
        out.push('\n');
    }
    let more: usize = left.values().sum();
    if more > 0 {
        let kinds: Vec<String> = left.iter().map(|(code, n)| format!("{n} of {code}")).collect();
        let _ = writeln!(out, "and {} more: {} (`--limit 0` shows all)\n", thousands(more as u128), kinds.join(", "));
    }
    out
}

/// One report.
pub fn report(diagnostic: &Diagnostic, sources: &Sources, look: &Look, out: &mut String) {
    let paint = look.paint;
    let level = level_name(diagnostic.level);
    let head = paint.text(tint(diagnostic.level), &format!("{level}[{}]", diagnostic.code.id));
    let message = paint.text(Tint::Strong, &format!("{}: {}", diagnostic.code.name, quote::clean(&diagnostic.message)));
    let _ = writeln!(out, "{head} {message}");
    let margin = quote::quotes(diagnostic, sources, look, out);
    let mut line = |mark: &str, text: &str| {
        let mut parts = text.lines();
        let bullet = paint.text(Tint::Gutter, "=");
        let _ = writeln!(out, "{margin}{bullet} {mark}{}", quote::clean(parts.next().unwrap_or_default()));
        for part in parts {
            let _ = writeln!(out, "{margin}  {}", quote::clean(part));
        }
    };
    diagnostic.notes.iter().for_each(|note| line("", note));
    diagnostic.fixes.iter().for_each(|fix| line(&format!("{} ", paint.text(Tint::Help, "help:")), &fix.title));
}

/// `2 errors, 1 warning in 3 files`; `None` where there is nothing to count.
pub fn summary<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>, paint: Paint) -> Option<String> {
    let (mut counts, mut files) = (BTreeMap::new(), std::collections::BTreeSet::new());
    for diagnostic in diagnostics {
        *counts.entry(std::cmp::Reverse(diagnostic.level)).or_insert(0usize) += 1;
        files.insert(diagnostic.span.file);
    }
    summary_of(counts.into_iter().map(|(level, n)| (level.0, n)), files.len(), paint)
}

/// The same from counts, worst level first.
pub fn summary_of(counts: impl Iterator<Item = (Level, usize)>, files: usize, paint: Paint) -> Option<String> {
    let parts: Vec<String> = counts
        .filter(|c| c.1 > 0)
        .map(|(level, n)| paint.text(tint(level), &plural(n as u128, level_name(level))))
        .collect();
    (!parts.is_empty()).then(|| format!("{} in {}", parts.join(", "), plural(files as u128, "file")))
}

/// `1 error`, `2,304 errors`
pub fn plural(n: u128, noun: &str) -> String {
    format!("{} {noun}{}", thousands(n), if n == 1 { "" } else { "s" })
}

pub fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn tint(level: Level) -> Tint {
    match level {
        Level::Error => Tint::Error,
        Level::Warning => Tint::Warning,
        Level::Note => Tint::Note,
    }
}

#[cfg(test)]
mod tests;

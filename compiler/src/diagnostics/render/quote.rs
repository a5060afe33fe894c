//! Quoted source lines with labels under them.
//!
//! ```text
//!    ┌─ student_aup.ordain:61:8
//! 61 │   rule group_chat { forbid group_messaging from student to staff }
//!    │        ─────┬────  policy.md#other-tools
//!    │             ╰─ forbids
//! ```
//!
//! Labels on lines close to each other share one quote, others get their own. A label's text may have a second line,
//! an aside such as the citation, which stands behind the underline. Whatever a file contains, a quote is calm: tabs become
//! blanks, characters that steer a terminal or turn the reading direction become `�`, and of a very long line only
//! the part around its labels is shown.

use super::paint::Tint;
use super::{Look, tint};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Source, Sources, Span};
use ariadne::{Config, IndexType, Label, LabelAttach, Report, ReportKind};
use std::fmt::Write;
use unicode_width::UnicodeWidthChar;

/// Labels at most this many lines apart share a quote.
const NEAR: u32 = 3;
/// Columns of a line that are shown.
const WIDTH: usize = 160;
/// Columns before the first label that are kept when a line is cut.
const LEAD: usize = 40;

struct Mark<'a> {
    line: u32,
    span: Span,
    text: &'a str,
    aside: &'a str,
    first: bool,
}

struct Quote<'a> {
    file: FileId,
    marks: Vec<Mark<'a>>,
}

/// Writes all quotes of a diagnostic and returns the margin for the notes below them.
pub fn quotes(diagnostic: &Diagnostic, sources: &Sources, look: &Look, out: &mut String) -> String {
    let quotes = group(diagnostic, sources);
    let last = quotes.iter().flat_map(|q| &q.marks).map(|m| m.line + 1).max().unwrap_or(1);
    let width = last.to_string().len().max(2);
    let pen = Pen { look, width, tint: tint(diagnostic.level) };
    quotes.iter().for_each(|quote| pen.quote(quote, sources.get(quote.file), sources, out));
    " ".repeat(width + 1)
}

/// Text as it may be shown: one line, nothing that steers a terminal.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &Sources) -> Vec<Quote<'a>> {
    let mark = |span: Span, text: &'a str, first: bool| {
        let (text, aside) = text.split_once('\n').unwrap_or((text, ""));
        Mark { line: sources.get(span.file).line_column(span.start).0, span, text, aside, first }
    };
    let mut marks: Vec<Mark> =
        diagnostic.labels.iter().enumerate().map(|(i, label)| mark(label.span, &label.text, i == 0)).collect();
    // The place itself is always quoted, whether or not something stands at it.
    let own = diagnostic.span;
    let quoted = |l: &Span| l.file == own.file && l.start <= own.end && own.start <= l.end;
    if !diagnostic.labels.iter().any(|l| quoted(&l.span)) {
        marks.iter_mut().for_each(|m| m.first = false);
        marks.insert(0, mark(own, "", true));
    }
    let mut quotes: Vec<Quote> = Vec::new();
    for mark in marks {
        let near = quotes.iter_mut().find(|quote| {
            quote.file == mark.span.file && quote.marks.iter().any(|other| other.line.abs_diff(mark.line) <= NEAR)
        });
        match near {
            Some(quote) => quote.marks.push(mark),
            None => quotes.push(Quote { file: mark.span.file, marks: vec![mark] }),
        }
    }
    quotes
}

struct Pen<'a> {
    look: &'a Look,
    width: usize,
    tint: Tint,
}

impl Pen<'_> {
    fn quote(&self, quote: &Quote, source: &Source, sources: &Sources, out: &mut String) {
        let Some(first) = quote.marks.first() else { return };
        let place = sources.place(first.span);
        let place = format!(
            "{}{}",
            self.look.stand.path(&source.path),
            place.strip_prefix(source.path.as_str()).unwrap_or(&place)
        );
        let _ = writeln!(out, "{} {}", self.margin("┌─"), clean(&place));
        let mut lines: Vec<u32> = quote.marks.iter().map(|m| m.line).collect();
        lines.sort_unstable();
        lines.dedup();
        let mut before: Option<u32> = None;
        for line in lines {
            match before {
                // A single line between two quoted ones costs no more than the sign that it is left out.
                Some(b) if line == b + 2 => self.line(source, b + 1, &[], out),
                Some(b) if line > b + 2 => {
                    let _ = writeln!(out, "{}", self.margin("┆"));
                }
                _ => {}
            }
            let marks: Vec<&Mark> = quote.marks.iter().filter(|m| m.line == line).collect();
            self.line(source, line, &marks, out);
            before = Some(line);
        }
    }

    fn margin(&self, mark: &str) -> String {
        format!("{} {}", " ".repeat(self.width), self.look.paint.text(Tint::Gutter, mark))
    }

    /// One source line with the marks under it.
    fn line(&self, source: &Source, line: u32, marks: &[&Mark], out: &mut String) {
        let start = source.line_start(line);
        let text = source.line(line).trim_end();
        let columns = Columns::new(text);
        let mut places: Vec<(usize, usize, &Mark)> = marks
            .iter()
            .map(|m| {
                let from = columns.of(m.span.start.saturating_sub(start) as usize);
                let to = columns.of(m.span.end.max(m.span.start).saturating_sub(start) as usize);
                (from, to.max(from + 1), *m)
            })
            .collect();
        let (shown, cut) = columns.window(places.iter().map(|p| p.0).min(), places.iter().map(|p| p.1).max());
        for place in &mut places {
            place.0 = place.0.saturating_sub(cut).min(WIDTH + 2);
            place.1 = place.1.saturating_sub(cut).clamp(place.0 + 1, WIDTH + 3);
        }
        let number = format!("{:>width$} │", line + 1, width = self.width);
        let _ = writeln!(out, "{}", format!("{} {shown}", self.look.paint.text(Tint::Gutter, &number)).trim_end());
        places.sort_by_key(|p| (p.0, std::cmp::Reverse(p.1)));
        // Marks that overlap get rows of their own.
        while !places.is_empty() {
            let (mut row, mut rest) = (Vec::new(), Vec::new());
            let mut end = 0;
            for place in places {
                if row.is_empty() || place.0 >= end {
                    end = place.1;
                    row.push(place);
                } else {
                    rest.push(place);
                }
            }
            self.row(&shown, &row, out);
            places = rest;
        }
    }

    /// Underlines side by side, then their texts from right to left. ariadne lays them out, for one line as it is shown and
    /// the marks that do not overlap on it; what stands around (places, margins, asides, colours) is added here.
    fn row(&self, shown: &str, row: &[(usize, usize, &Mark)], out: &mut String) {
        let tint = |mark: &Mark| if mark.first { self.tint } else { Tint::Second };
        // Columns beyond the text, where something is missing at its end, are blanks to be underlined.
        let end = row.last().map_or(0, |r| r.1);
        let mut padded = shown.to_string();
        padded.extend(std::iter::repeat_n('\u{a0}', end.saturating_sub(width(shown))));
        let columns = Columns::new(&padded);
        // What has no text is underlined here: ariadne leaves it out beside labels that have one.
        let told = row.iter().enumerate().filter(|(_, r)| !r.2.text.is_empty());
        let labels = told.map(|(i, &(from, to, mark))| {
            Label::new(columns.byte(from)..columns.byte(to)).with_order(-(i as i32)).with_message(clean(mark.text))
        });
        let config = Config::new()
            .with_color(false)
            .with_compact(false)
            .with_underlines(true)
            .with_index_type(IndexType::Byte)
            .with_label_attach(LabelAttach::Middle);
        let report = Report::build(ReportKind::Error, 0..0).with_config(config).with_labels(labels).finish();
        let mut drawn = Vec::new();
        if report.write(ariadne::Source::from(padded.as_str()), &mut drawn).is_err() {
            return;
        }
        let drawn = String::from_utf8_lossy(&drawn);
        // Its lines are `1 │ text` for the source and `  │ marks` below; the first and the last frame them.
        let below = drawn.lines().filter_map(|line| line.split_once('│').or_else(|| line.split_once('┆')));
        let below = below.filter(|(number, marks)| number.trim().is_empty() && !marks.trim().is_empty());
        let mut lines: Vec<String> =
            below.map(|(_, marks)| shorten(marks.strip_prefix(' ').unwrap_or(marks).trim_end())).collect();
        let mut bars: Vec<char> = lines.first().map_or(Vec::new(), |l| l.chars().collect());
        for &(from, to, _) in row.iter().filter(|r| r.2.text.is_empty()) {
            bars.resize(bars.len().max(to), ' ');
            bars[from..to].fill('─');
        }
        lines.splice(..lines.len().min(1), [bars.into_iter().collect()]);
        let mut first = true;
        lines.retain(|l| std::mem::take(&mut first) || l.contains('╰'));
        for (i, marks) in lines.into_iter().enumerate() {
            let mut line = String::new();
            let (mut column, mut ended) = (0, None);
            for c in marks.chars() {
                let at = row.iter().position(|&(from, to, _)| match i {
                    0 => (from..to).contains(&column),
                    _ => middle(from, to) == column,
                });
                let at = ended.or(at).filter(|_| c != ' ' || ended.is_some());
                line.push_str(&at.map_or(c.to_string(), |r| self.look.paint.text(tint(row[r].2), &c.to_string())));
                if c == '╰' {
                    ended = at;
                }
                column += c.width().unwrap_or(0);
            }
            // An aside stands behind the underline of the last mark, behind the text of the others.
            let behind = if i == 0 { row.len().checked_sub(1) } else { ended.filter(|r| r + 1 < row.len()) };
            if let Some(aside) = behind.map(|r| row[r].2.aside).filter(|a| !a.is_empty()) {
                let _ = write!(line, "  {}", self.look.paint.text(Tint::Faint, &clean(aside)));
            }
            let _ = writeln!(out, "{} {line}", self.margin("│"));
        }
    }
}

fn middle(from: usize, to: usize) -> usize {
    from + (to - from) / 2
}

fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// `╰──── text` as `╰─ text`: the text stands close to what it is about.
fn shorten(marks: &str) -> String {
    match marks.split_once('╰') {
        Some((before, rest)) => format!("{before}╰─{}", rest.trim_start_matches('─')),
        None => marks.to_string(),
    }
}

/// A line as it is shown: for each character its byte, its first column and what stands there.
struct Columns {
    chars: Vec<(usize, usize, char)>,
    bytes: usize,
    width: usize,
}

impl Columns {
    fn new(text: &str) -> Self {
        let (mut chars, mut width) = (Vec::new(), 0);
        for (byte, c) in text.char_indices() {
            let (c, wide) = match c {
                '\t' => ('\t', 4 - width % 4),
                c if steers(c) => ('\u{fffd}', 1),
                c => (c, c.width().unwrap_or(1)),
            };
            chars.push((byte, width, c));
            width += wide;
        }
        Self { chars, bytes: text.len(), width }
    }

    /// The column of a byte; past the end, the end.
    fn of(&self, byte: usize) -> usize {
        if byte >= self.bytes {
            return self.width;
        }
        let i = self.chars.partition_point(|c| c.0 <= byte);
        self.chars.get(i.saturating_sub(1)).map_or(0, |c| c.1)
    }

    /// The byte at which the character of a column begins; past the end, the end.
    fn byte(&self, column: usize) -> usize {
        self.chars.iter().find(|c| c.1 >= column).map_or(self.bytes, |c| c.0)
    }

    /// The columns that are shown, and how far they moved left.
    fn window(&self, first: Option<usize>, last: Option<usize>) -> (String, usize) {
        let first = first.unwrap_or(0);
        let cut = if last.unwrap_or(0) <= WIDTH { 0 } else { first.saturating_sub(LEAD) };
        let cut = self.chars.iter().find(|c| c.1 >= cut).map_or(0, |c| c.1);
        let mut shown = String::new();
        if cut > 0 {
            shown.push('…');
        }
        for (i, &(_, column, c)) in self.chars.iter().enumerate().skip_while(|(_, c)| c.1 < cut) {
            let next = self.chars.get(i + 1).map_or(self.width, |n| n.1);
            if next - cut > WIDTH {
                shown.push('…');
                break;
            }
            match c {
                '\t' => shown.push_str(&" ".repeat(next - column)),
                c => shown.push(c),
            }
        }
        // The ellipsis took a column.
        (shown, if cut > 0 { cut - 1 } else { 0 })
    }
}

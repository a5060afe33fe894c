//! The headings of a Markdown text, and those of an adopted text that nothing cites.

use super::cite::Texts;
use super::context::Cx;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::source::{FileId, Span};
use crate::syntax::ast::Text;
use rustc_hash::{FxHashMap, FxHashSet};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    /// As links name it: `opening-hours`, `opening-hours-1`.
    pub id: Text,
    /// 1 to 6.
    pub level: u8,
    /// The line.
    pub span: Span,
    /// Something stands between it and the next heading.
    pub text: bool,
}

/// The `#` headings outside fenced code, named as GitHub names them.
pub(crate) fn headings(file: FileId, text: &str) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut taken: FxHashMap<String, u32> = FxHashMap::default();
    let mut fence: Option<(char, usize)> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let content = line.trim_end();
        let inner = content.trim_start();
        let indent = content.len() - inner.len();
        let mark = inner.chars().next().filter(|c| *c == '`' || *c == '~');
        let run = mark.map_or(0, |m| inner.chars().take_while(|c| *c == m).count());
        if let Some((open, length)) = fence {
            if indent < 4 && mark == Some(open) && run >= length && inner[run..].trim().is_empty() {
                fence = None;
            }
            continue;
        }
        if indent < 4 && run >= 3 {
            fence = mark.map(|m| (m, run));
            found.iter_mut().last().into_iter().for_each(|h| h.text = true);
            continue;
        }
        let level = inner.bytes().take_while(|b| *b == b'#').count();
        let rest = &inner[level..];
        if indent < 4 && (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t'])) {
            let id = slug(title(rest));
            let count = taken.entry(id.clone()).or_insert(0);
            let id = if *count == 0 { id } else { format!("{id}-{count}") };
            *count += 1;
            let span = Span::new(file, start + indent..start + content.len());
            found.push(Heading { id: Text::new(id), level: level as u8, span, text: false });
        } else if !inner.is_empty() {
            found.iter_mut().last().into_iter().for_each(|h| h.text = true);
        }
    }
    found
}

/// The text of a heading without the `#` that may close it.
fn title(rest: &str) -> &str {
    let rest = rest.trim();
    let open = rest.trim_end_matches('#');
    if open.is_empty() || open.ends_with([' ', '\t']) { open.trim() } else { rest }
}

/// Small letters, blanks as `-`, other signs left out; of a link its text.
fn slug(title: &str) -> String {
    let mut plain = String::new();
    let mut rest = title;
    while let Some((before, after)) = rest.split_once("](") {
        let Some((_, tail)) = after.split_once(')') else { break };
        plain.push_str(before);
        rest = tail;
    }
    plain.push_str(rest);
    let keep = |c: char| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c => c.is_alphanumeric().then_some(c),
    };
    plain.to_lowercase().chars().filter_map(keep).collect()
}

impl Cx<'_> {
    /// Headings of adopted texts that no rule cites and no `not encoded` names.
    pub fn uncited(&self, texts: &mut Texts) {
        let mut seen = FxHashSet::default();
        for (i, policy) in self.policies.iter().enumerate() {
            for (path, span) in &policy.sources {
                let using = self.project.file(*span).map_or("", |f| f.path);
                let Some(file) = texts.find(using, path).filter(|f| seen.insert(*f)) else { continue };
                let headings = &texts.headings(self, file).list;
                let answered = answered(
                    headings,
                    |h| texts.cited.contains(&(file, h.id.clone())),
                    |h| texts.left_out.contains(&(file, h.id.clone())),
                );
                for heading in headings.iter().zip(answered).filter(|h| !h.1).map(|h| h.0) {
                    self.report(self.uncited_heading(heading, path, *span, i));
                }
            }
        }
    }

    fn uncited_heading(&self, heading: &Heading, path: &str, source: Span, policy: usize) -> Diagnostic {
        let id = &heading.id;
        let d = Diagnostic::new(&codes::UNCITED, heading.span, format!("nothing cites `{path}#{id}`"))
            .label(heading.span, "no rule cites this heading")
            .label(source, "the policy adopts this text")
            .help(format!("write the rule, with `cite \"{path}#{id}\"`"));
        let file = self.decls.policies.get(policy).map(|p| p.0.name.span.file);
        match file.map(|f| (f, &self.sources.get(f).text)) {
            Some((file, text)) => {
                let end = Span::new(file, text.len()..text.len());
                let gap = if text.is_empty() || text.ends_with('\n') { "\n" } else { "\n\n" };
                let item = format!("{gap}not encoded \"{path}#{id}\" because \"…\"\n");
                d.fix(
                    format!("say why it is left out: `not encoded \"{path}#{id}\" because \"…\"`"),
                    vec![Edit::replace(end, item)],
                )
            }
            None => d,
        }
    }
}

/// For each heading, whether it needs no citation (any more). What is left out is left out with all that is below it.
fn answered(headings: &[Heading], cited: impl Fn(&Heading) -> bool, left_out: impl Fn(&Heading) -> bool) -> Vec<bool> {
    let mut answered: Vec<bool> = Vec::with_capacity(headings.len());
    let mut outer: Option<u8> = None;
    for (i, heading) in headings.iter().enumerate() {
        if outer.is_some_and(|level| heading.level <= level) {
            outer = None;
        }
        if outer.is_none() && left_out(heading) {
            outer = Some(heading.level);
        }
        let is_title = i == 0 && heading.level == 1;
        answered.push(outer.is_some() || is_title || cited(heading));
    }
    // Headings that only hold other headings ask for nothing once these are answered; the inner ones first.
    for i in (0..headings.len()).rev() {
        if !headings[i].text {
            let inner = headings.iter().enumerate().skip(i + 1).take_while(|(_, h)| h.level > headings[i].level);
            let all = inner.map(|(j, _)| j).all(|j| answered[j]);
            answered[i] |= all;
        }
    }
    answered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_headings_as_github_does() {
        let text = "# Title\n\ntext\n\n## What's new?\n```\n# no heading\n```\n### [Opening](x.md) hours ###\n## What's new?\n#nothing\n";
        let found = headings(FileId(0), text);
        let ids: Vec<_> = found.iter().map(|h| (h.id.as_str(), h.level, h.text)).collect();
        assert_eq!(
            ids,
            [("title", 1, true), ("whats-new", 2, true), ("opening-hours", 3, false), ("whats-new-1", 2, true)]
                .map(|x| x)
        );
    }

    #[test]
    fn holders_of_headings_need_no_citation() {
        let found = headings(FileId(0), "# T\n## a\n### b\nx\n### c\nx\n## d\nx\n### e\nx\n");
        let answer = |cited: &[&str], out: &[&str]| {
            answered(&found, |h| cited.contains(&h.id.as_str()), |h| out.contains(&h.id.as_str()))
        };
        assert_eq!(answer(&["b", "c"], &[]), [true, true, true, true, false, false]);
        assert_eq!(answer(&["b"], &["d"]), [true, false, true, false, true, true]);
    }
}

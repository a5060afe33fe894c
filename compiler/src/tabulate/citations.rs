//! Citations -> for every heading of the adopted texts, the rules that carry it out and the rows they decide.

use super::table::Table;
use crate::model::{Cite, ClauseId, Model, Parent};
use crate::source::Sources;

/// One heading of a text (or a whole text without headings).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitationNote {
    pub file: String,
    /// As it is cited behind `#`; `None` for the text as a whole.
    pub slug: Option<String>,
    /// The heading as the text has it; for the whole text its name.
    pub title: String,
    /// The depth of the heading, 1 to 6; 0 for the whole text.
    pub depth: usize,
    pub rules: Vec<ClauseId>,
    /// Numbers of rows that these rules decide or give duties in, from 1.
    pub rows: Vec<usize>,
    /// The policy says that it is not encoded, and perhaps why.
    pub not_encoded: Option<Option<String>>,
}

/// The citations of a clause: its own, else its rule's, else those of the nearest section that has some.
pub fn cited(model: &Model, clause: ClauseId) -> Vec<Cite> {
    let mut at = Some(clause);
    let mut steps = 0;
    while let Some(id) = at {
        let rule = model.clause(id);
        if !rule.cites.is_empty() {
            return rule.cites.clone();
        }
        let mut section = rule.section;
        while let Some(s) = section {
            let found = &model.sections[s.index()];
            if !found.cites.is_empty() && !matches!(rule.parent, Parent::Nested(_)) {
                return found.cites.clone();
            }
            section = found.parent;
        }
        steps += 1;
        at = match &rule.parent {
            Parent::Nested(parent) if steps <= model.clauses.len() => Some(*parent),
            _ => None,
        };
    }
    Vec::new()
}

/// The headings of a Markdown text: depth, text, and the slug under which they are cited (lower case, blanks to hyphens,
/// other punctuation dropped, `-1` and so on for repeats).
pub fn headings(text: &str) -> Vec<(usize, String, String)> {
    let mut found: Vec<(usize, String, String)> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut used: Vec<(String, usize)> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|m| trimmed.starts_with(m));
        match (fence, mark) {
            (None, Some(m)) => fence = Some(m),
            (Some(open), Some(m)) if open == m => fence = None,
            _ => {}
        }
        let depth = line.bytes().take_while(|b| *b == b'#').count();
        if fence.is_some() || !(1..=6).contains(&depth) || !line[depth..].starts_with([' ', '\t']) {
            continue;
        }
        let title = line[depth..].trim().trim_end_matches('#').trim_end().to_string();
        let base: String = title
            .to_lowercase()
            .chars()
            .filter_map(|c| match c {
                ' ' => Some('-'),
                c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
                _ => None,
            })
            .collect();
        let slug = match used.iter_mut().find(|u| u.0 == base) {
            Some((_, n)) => {
                *n += 1;
                format!("{base}-{n}")
            }
            None => {
                used.push((base.clone(), 0));
                base
            }
        };
        found.push((depth, title, slug));
    }
    found
}

/// Every heading of the policies' texts in order, then citations of anything else; with the rules that cite it and the
/// rows they decide.
pub fn by_citation(model: &Model, sources: &Sources, table: &Table) -> Vec<CitationNote> {
    let mut notes: Vec<CitationNote> = Vec::new();
    let note = |file: &str, slug: Option<&str>, title: &str, depth: usize| CitationNote {
        file: file.to_string(),
        slug: slug.map(str::to_string),
        title: title.to_string(),
        depth,
        rules: Vec::new(),
        rows: Vec::new(),
        not_encoded: None,
    };
    for (path, _) in model.policies.iter().flat_map(|p| &p.sources) {
        if notes.iter().any(|n| n.file == *path) {
            continue;
        }
        notes.push(note(path, None, path, 0));
        let text = sources.iter().find(|(_, s)| s.path == *path || s.path.ends_with(&format!("/{path}")));
        for (depth, title, slug) in text.map(|(_, s)| headings(&s.text)).unwrap_or_default() {
            notes.push(note(path, Some(&slug), &title, depth));
        }
    }
    for clause in model.clause_ids() {
        for cite in cited(model, clause) {
            let at = place(&mut notes, &cite, &note);
            notes[at].rules.push(clause);
        }
    }
    for (cite, because) in &model.not_encoded {
        let at = place(&mut notes, cite, &note);
        notes[at].not_encoded = Some(because.as_ref().map(|b| b.to_string()));
    }
    for note in &mut notes {
        let decides = |clauses: &[ClauseId]| clauses.iter().any(|c| note.rules.contains(c));
        note.rows = (1..=table.rows.len())
            .filter(|i| decides(&table.rows[i - 1].by) || decides(&table.rows[i - 1].also))
            .collect();
    }
    // A text as a whole is listed only where it has no headings or is cited itself.
    let bare: Vec<bool> = notes
        .iter()
        .map(|n| {
            n.slug.is_none()
                && n.rules.is_empty()
                && n.not_encoded.is_none()
                && notes.iter().any(|o| o.file == n.file && o.slug.is_some())
        })
        .collect();
    let mut bare = bare.into_iter();
    notes.retain(|_| !bare.next().unwrap_or(false));
    notes
}

/// The note of a citation; a new one at the end if no text has it.
fn place(
    notes: &mut Vec<CitationNote>,
    cite: &Cite,
    note: &dyn Fn(&str, Option<&str>, &str, usize) -> CitationNote,
) -> usize {
    let slug = cite.heading.as_ref().map(|h| h.as_str());
    match notes.iter().position(|n| n.file == cite.file && n.slug.as_deref() == slug) {
        Some(at) => at,
        None => {
            notes.push(note(&cite.file, slug, slug.unwrap_or(&cite.file), usize::from(slug.is_some())));
            notes.len() - 1
        }
    }
}

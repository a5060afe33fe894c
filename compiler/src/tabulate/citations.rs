//! Citations -> for every heading of the adopted texts, the rules that carry it out and the rows they decide.

use super::table::Table;
use crate::check::uncited::headings;
use crate::model::{Cite, ClauseId, Model, Parent};
use crate::resolve;
use crate::source::{FileId, Sources, Span};

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

/// The citations of a clause: its own; of a nested exception without any those of its rule; else those of the nearest
/// section that has some.
pub fn cited(model: &Model, clause: ClauseId) -> Vec<Cite> {
    let mut rule = model.clause(clause);
    for _ in 0..model.clauses.len() {
        match rule.parent {
            Parent::Nested(parent) if rule.cites.is_empty() => rule = model.clause(parent),
            _ => break,
        }
    }
    let mut cites = &rule.cites;
    let mut section = rule.section;
    while let (true, Some(s)) = (cites.is_empty(), section) {
        cites = &model.sections[s.index()].cites;
        section = model.sections[s.index()].parent;
    }
    cites.clone()
}

/// Every heading of the policies' texts in order, then citations of anything else; with the rules that cite it, or whose
/// sections do, and the rows they decide.
pub fn by_citation(model: &Model, sources: &Sources, table: &Table) -> Vec<CitationNote> {
    let mut notes = Notes { sources, notes: Vec::new() };
    for (path, span) in model.policies.iter().flat_map(|p| &p.sources) {
        notes.text(path, *span);
    }
    for clause in model.clause_ids() {
        for cite in cited(model, clause) {
            let at = notes.place(&cite);
            notes.notes[at].1.rules.push(clause);
        }
    }
    // A heading that a section cites is carried out by all of the section.
    for clause in model.clause_ids() {
        let mut section = model.clause(clause).section;
        while let Some(s) = section {
            for cite in &model.sections[s.index()].cites {
                let at = notes.place(cite);
                let rules = &mut notes.notes[at].1.rules;
                if !rules.contains(&clause) {
                    rules.push(clause);
                }
            }
            section = model.sections[s.index()].parent;
        }
    }
    for (cite, because) in &model.not_encoded {
        let at = notes.place(cite);
        notes.leave_out(at, because.as_ref().map(|b| b.to_string()));
    }
    let mut notes: Vec<CitationNote> = notes.notes.into_iter().map(|n| n.1).collect();
    for note in &mut notes {
        note.rules.sort_unstable();
        let decides = |clauses: &[ClauseId]| clauses.iter().any(|c| note.rules.contains(c));
        note.rows = (1..=table.rows.len())
            .filter(|i| decides(&table.rows[i - 1].by) || decides(&table.rows[i - 1].also))
            .collect();
    }
    // A text as a whole is listed only where it has no headings or is cited itself.
    let bare = |n: &CitationNote| {
        n.slug.is_none()
            && n.rules.is_empty()
            && n.not_encoded.is_none()
            && notes.iter().any(|o| o.file == n.file && o.slug.is_some())
    };
    let listed: Vec<CitationNote> = notes.iter().filter(|n| !bare(n)).cloned().collect();
    listed
}

/// The notes so far, each with the text it is about: a file that was found, or a name.
struct Notes<'a> {
    sources: &'a Sources,
    notes: Vec<(Option<FileId>, CitationNote)>,
}

impl Notes<'_> {
    /// The file that a citation at this place means.
    fn find(&self, written: &str, span: Span) -> Option<FileId> {
        let using = &self.sources.get(span.file).path;
        resolve::near(using, written).iter().find_map(|path| self.sources.find(path))
    }

    /// Adds a text with its headings, once.
    fn text(&mut self, path: &str, span: Span) {
        let file = self.find(path, span);
        if self.notes.iter().any(|n| n.0 == file && (file.is_some() || n.1.file == path)) {
            return;
        }
        self.notes.push((file, note(path, None, path, 0)));
        let Some(file) = file else { return };
        for heading in headings(file, &self.sources.get(file).text) {
            let title = self.sources.text(heading.span).trim_matches(['#', ' ', '\t']).to_string();
            self.notes.push((Some(file), note(path, Some(&heading.id), &title, usize::from(heading.level))));
        }
    }

    /// The index of a citation's note; a new one at the end if no text has it.
    fn place(&mut self, cite: &Cite) -> usize {
        let file = self.find(&cite.file, cite.span);
        let slug = cite.heading.as_deref();
        let found = self
            .notes
            .iter()
            .position(|(f, n)| *f == file && (file.is_some() || n.file == cite.file) && n.slug.as_deref() == slug);
        found.unwrap_or_else(|| {
            let title = slug.unwrap_or(&cite.file);
            self.notes.push((file, note(&cite.file, slug, title, usize::from(slug.is_some()))));
            self.notes.len() - 1
        })
    }

    /// Marks a heading and what is below it as not encoded, but not what some rule cites.
    fn leave_out(&mut self, at: usize, because: Option<String>) {
        let depth = self.notes[at].1.depth;
        for (i, (_, note)) in self.notes.iter_mut().enumerate().skip(at) {
            if i > at && (note.depth <= depth || depth == 0) {
                break;
            }
            if i == at || (note.rules.is_empty() && note.not_encoded.is_none()) {
                note.not_encoded = Some(because.clone());
            }
        }
    }
}

fn note(file: &str, slug: Option<&str>, title: &str, depth: usize) -> CitationNote {
    CitationNote {
        file: file.to_string(),
        slug: slug.map(str::to_string),
        title: title.to_string(),
        depth,
        rules: Vec::new(),
        rows: Vec::new(),
        not_encoded: None,
    }
}

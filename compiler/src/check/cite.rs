//! Citations: `policy.md#email` -> a text of the project and a heading in it.

use super::context::Cx;
use super::uncited::{self, Heading};
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::{Cite, Clause, Section};
use crate::resolve::{near, similar};
use crate::source::FileId;
use crate::syntax::ast::{Str, Text};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::rc::Rc;

pub(crate) fn cite(text: &Str) -> Cite {
    match text.text.split_once('#') {
        Some((file, heading)) => Cite { file: Text::new(file), heading: Some(Text::new(heading)), span: text.span },
        None => Cite { file: text.text.clone(), heading: None, span: text.span },
    }
}

/// The headings of a text, and their names for looking up.
pub(crate) struct Headings {
    pub list: Vec<Heading>,
    ids: FxHashSet<Text>,
}

/// The texts of a project, read where they are cited.
pub(crate) struct Texts<'t> {
    pub files: &'t BTreeMap<String, FileId>,
    headings: FxHashMap<FileId, Rc<Headings>>,
    /// Headings that something cites.
    pub cited: FxHashSet<(FileId, Text)>,
    /// Headings that a `not encoded` names.
    pub left_out: FxHashSet<(FileId, Text)>,
}

impl Texts<'_> {
    pub fn find(&self, using: &str, written: &str) -> Option<FileId> {
        near(using, written).iter().find_map(|p| self.files.get(p)).copied()
    }

    pub fn headings(&mut self, cx: &Cx, file: FileId) -> Rc<Headings> {
        let read = || {
            let list = uncited::headings(file, &cx.sources.get(file).text);
            let ids = list.iter().map(|h| h.id.clone()).collect();
            Rc::new(Headings { list, ids })
        };
        self.headings.entry(file).or_insert_with(read).clone()
    }
}

impl Cx<'_> {
    pub fn not_encoded(&self) -> Vec<(Cite, Option<Text>)> {
        let lower = |(text, because): &(&Str, Option<&Str>)| (cite(text), because.map(|b| b.text.clone()));
        self.decls.not_encoded.iter().map(lower).collect()
    }

    /// Checks every citation once, then looks for headings that none of them names.
    pub fn citations(
        &self,
        files: &BTreeMap<String, FileId>,
        sections: &[Section],
        clauses: &[Clause],
        not_encoded: &[(Cite, Option<Text>)],
    ) {
        let mut texts = Texts {
            files,
            headings: FxHashMap::default(),
            cited: FxHashSet::default(),
            left_out: FxHashSet::default(),
        };
        // A text that is missing is said once: where a policy adopts it, else where it is cited first.
        let mut missing: FxHashSet<Text> = FxHashSet::default();
        for (path, span) in self.policies.iter().flat_map(|p| &p.sources) {
            let using = self.project.file(*span).map_or("", |f| f.path);
            if texts.find(using, path).is_none() && missing.insert(path.clone()) {
                self.report(self.no_text(path, *span, &texts));
            }
        }
        let own = sections.iter().flat_map(|s| &s.cites).chain(clauses.iter().flat_map(|c| &c.cites));
        let own = own.map(|c| (c, false)).chain(not_encoded.iter().map(|n| (&n.0, true)));
        let mut seen = FxHashSet::default();
        let mut found: FxHashMap<(FileId, &str), Option<FileId>> = FxHashMap::default();
        for (cite, left_out) in own {
            if !seen.insert(cite.span) {
                continue;
            }
            let using = || self.project.file(cite.span).map_or("", |f| f.path);
            let file = *found.entry((cite.span.file, &cite.file)).or_insert_with(|| texts.find(using(), &cite.file));
            let Some(file) = file else {
                if missing.insert(cite.file.clone()) {
                    self.report(self.no_text(&cite.file, cite.span, &texts));
                }
                continue;
            };
            let Some(heading) = &cite.heading else { continue };
            let headings = texts.headings(self, file);
            if headings.ids.contains(heading) {
                let set = if left_out { &mut texts.left_out } else { &mut texts.cited };
                set.insert((file, heading.clone()));
            } else {
                self.report(self.no_heading(cite, heading, &headings.list));
            }
        }
        // Citations in text that was not understood are not known.
        if !self.project.is_broken() {
            self.uncited(&mut texts);
        }
    }

    fn no_text(&self, path: &str, span: crate::source::Span, texts: &Texts) -> Diagnostic {
        let message = format!("there is no file `{path}`");
        let using = self.project.file(span).map_or("", |f| f.path);
        let d = Diagnostic::new(&codes::UNKNOWN_TEXT, span, message)
            .note(format!("looked for {}", similar::list(&near(using, path), "and for")));
        // Paths are shown as they would be written here.
        let folder = using.rsplit_once('/').map_or(String::new(), |p| format!("{}/", p.0));
        let known = texts.files.keys().map(|k| k.strip_prefix(&folder).unwrap_or(k));
        match similar::closest(path, known) {
            Some(best) => {
                let written = self.sources.text(span).replacen(path, &best, 1);
                d.fix(format!("did you mean `{best}`?"), vec![Edit::replace(span, written)])
            }
            None => d,
        }
    }

    fn no_heading(&self, cite: &Cite, heading: &str, headings: &[Heading]) -> Diagnostic {
        let ids: Vec<&str> = headings.iter().map(|h| h.id.as_str()).collect();
        let message = format!("`{}` has no heading `#{heading}`", cite.file);
        let mut d = Diagnostic::new(&codes::UNKNOWN_HEADING, cite.span, message);
        let longer = || ids.iter().find(|i| !heading.is_empty() && i.starts_with(heading)).map(|i| i.to_string());
        if let Some(best) = similar::closest(heading, ids.iter()).or_else(longer) {
            let edit = Edit::replace(cite.span, format!("\"{}#{best}\"", cite.file));
            d = d.fix(format!("did you mean `#{best}`?"), vec![edit]);
        }
        match ids.is_empty() {
            true => d.note("the file has no headings"),
            false => d.note(format!("its headings are {}", similar::list(&ids, "and"))),
        }
    }
}

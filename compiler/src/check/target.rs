//! What each exception replaces: the clause it stands in, the rules it names, or the rules of a section.

use super::context::Cx;
use super::fact::circular;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::{ClauseId, Parent, SectionId};
use crate::resolve::names::{Kind, Wanted};
use crate::resolve::{graph, similar};
use crate::source::Span;
use crate::syntax::ast::{Str, Target};

/// Exceptions may follow one another this often.
const DEEPEST: u32 = 200;

pub(crate) struct Replaces {
    pub parent: Parent,
    pub clauses: Vec<ClauseId>,
}

enum Aim {
    Clause(ClauseId),
    Section(SectionId),
}

impl Cx<'_> {
    /// For each clause; without circles.
    pub fn replaces(&self) -> Vec<Replaces> {
        let mut all: Vec<Replaces> = Vec::with_capacity(self.decls.clauses.len());
        for decl in &self.decls.clauses {
            all.push(match (decl.parent, decl.targets) {
                (Some(parent), _) => {
                    Replaces { parent: Parent::Nested(ClauseId(parent)), clauses: vec![ClauseId(parent)] }
                }
                (None, None) => Replaces { parent: Parent::None, clauses: Vec::new() },
                (None, Some(targets)) => self.targets(targets),
            });
        }
        let shape = graph::shape_of(all.len(), |i, next| all[i].clauses.get(next).map(|c| c.index()));
        let place = |i: usize| (self.decls.clauses[i].path.clone(), self.decls.clauses[i].clause.name.span);
        for circle in &shape.circles {
            let circle: Vec<_> = circle.iter().map(|&i| place(i)).collect();
            self.report(circular(&circle, "is an exception to"));
        }
        for (i, replaces) in all.iter_mut().enumerate() {
            if shape.depth[i] == DEEPEST {
                let (name, span) = place(i);
                let message = format!("`{name}` is an exception to exceptions {DEEPEST} levels deep");
                self.report(
                    Diagnostic::new(&codes::TOO_DEEP, span, message).help("make it an exception to the rule itself"),
                );
            }
            if shape.cut[i] || shape.depth[i] >= DEEPEST {
                replaces.clauses.clear();
            }
        }
        all
    }

    fn targets(&self, targets: &[Target]) -> Replaces {
        let aims: Vec<Aim> = targets.iter().filter_map(|t| self.aim(t)).collect();
        let mut clauses = Vec::new();
        for aim in &aims {
            match aim {
                Aim::Clause(id) => clauses.push(*id),
                Aim::Section(id) => clauses.extend(self.rules_in(*id)),
            }
        }
        let mut seen = rustc_hash::FxHashSet::default();
        clauses.retain(|id| seen.insert(*id));
        let parent = match aims.as_slice() {
            [Aim::Section(id)] => Parent::Section(*id),
            _ => Parent::Clauses(clauses.clone()),
        };
        Replaces { parent, clauses }
    }

    fn aim(&self, target: &Target) -> Option<Aim> {
        match target {
            Target::Section(title) => self.section_titled(title).map(Aim::Section),
            Target::Named { path, section: true } => {
                let symbol = self.find_text(&path.dotted(), path.span, Wanted::SECTION)?;
                Some(Aim::Section(SectionId(symbol.index)))
            }
            Target::Named { path, section: false } => {
                let name = path.dotted();
                let is_rule = self.peek(&name, path.span, Kind::Rule).is_some();
                if let Some(symbol) = self.peek(&name, path.span, Kind::Section).filter(|_| !is_rule) {
                    let message = format!("`{name}` is a section, but a rule is expected here");
                    self.report(
                        Diagnostic::new(&codes::WRONG_TYPE, path.span, message)
                            .label(path.span, "a rule is expected here")
                            .label(symbol.span, "declared here")
                            .fix(
                                format!("write `section {name}`"),
                                vec![Edit::replace(path.span, format!("section {name}"))],
                            ),
                    );
                    return None;
                }
                let symbol = self.find_text(&name, path.span, Wanted::RULE)?;
                Some(Aim::Clause(ClauseId(symbol.index)))
            }
        }
    }

    fn section_titled(&self, title: &Str) -> Option<SectionId> {
        let sees = |span: Span| match (self.project.position(title.span.file), self.project.position(span.file)) {
            (Some(from), Some(file)) => self.project.files[from].sees.contains(file),
            _ => false,
        };
        let sections = &self.decls.sections;
        let titled =
            |i: &usize| sections[*i].section.title.as_ref().is_some_and(|t| t.text == title.text && sees(t.span));
        let found: Vec<usize> = (0..sections.len()).filter(titled).collect();
        match found.as_slice() {
            [only] => Some(SectionId(*only as u32)),
            [] => {
                let titles = sections.iter().filter_map(|s| s.section.title.as_ref()).filter(|t| sees(t.span));
                let message = format!("no section has the title `{}`", title.text);
                let mut d = Diagnostic::new(&codes::UNKNOWN_NAME, title.span, message);
                if let Some(best) = similar::closest(&title.text, titles.map(|t| t.text.as_str())) {
                    let edit = Edit::replace(title.span, format!("\"{best}\""));
                    d = d.fix(format!("did you mean `{best}`?"), vec![edit]);
                }
                self.report(d);
                None
            }
            several => {
                let message = format!("{} sections have the title `{}`", several.len(), title.text);
                let mut d = Diagnostic::new(&codes::DUPLICATE_NAME, title.span, message)
                    .label(title.span, "which one is meant?");
                for &i in several.iter().take(3) {
                    d = d.label(sections[i].section.title.as_ref().map_or(sections[i].span, |t| t.span), "one of them");
                }
                self.report(
                    d.help("give the section a name, as in `section devices \"…\"`, and write `to section devices`"),
                );
                None
            }
        }
    }

    /// The rules of a section and of the sections in it; no exceptions.
    fn rules_in(&self, section: SectionId) -> Vec<ClauseId> {
        // A section stands before those in it.
        let mut inside = vec![false; self.decls.sections.len()];
        for (i, decl) in self.decls.sections.iter().enumerate() {
            inside[i] = i == section.index() || decl.parent.is_some_and(|p| inside[p as usize]);
        }
        let rules = self.decls.clauses.iter().enumerate();
        rules
            .filter(|(_, c)| c.parent.is_none() && c.targets.is_none() && c.section.is_some_and(|s| inside[s as usize]))
            .map(|(i, _)| ClauseId(i as u32))
            .collect()
    }
}

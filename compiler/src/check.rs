//! ast + names -> model: every name resolved, every condition typed.
//!
//! Why it exists: behind it nobody looks at the syntax tree again. It never fails: as much of the model as can be
//! understood is built, and every mistake is reported once, where its cause is. Must not know cells or diagrams.
//!
//! The steps below are in the order in which they need one another: roles before the facts that range over them, all
//! types before the first condition.

pub(crate) mod again;
mod cite;
mod clause;
mod cond;
mod context;
mod decision;
mod domain;
mod expect;
mod fact;
mod literal;
mod moment;
mod number;
mod period;
mod policy;
mod target;
mod tree;
pub(crate) mod uncited;
mod unused;
mod value;

#[cfg(test)]
pub(crate) mod tests;

use crate::diagnostics::Diagnostic;
use crate::model::{Clause, ClauseId, Model};
use crate::resolve::names::Symbols;
use crate::resolve::{Project, collect};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast;
use again::{Before, Bodies};
use context::Cx;
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The model of a project and everything wrong with its names and types.
pub fn check(
    sources: &Sources,
    files: &[(FileId, impl Borrow<ast::File>)],
    texts: &BTreeMap<String, FileId>,
) -> (Model, Vec<Diagnostic>) {
    let understood = understand(sources, files, texts, None);
    (understood.model, understood.diagnostics)
}

/// What is known of a project once its names and types are.
pub struct Understood {
    pub model: Model,
    pub names: Symbols,
    pub diagnostics: Vec<Diagnostic>,
    /// For the next state.
    pub bodies: Bodies,
    /// Where everything is written but clauses.
    pub declarations: Arc<[Span]>,
}

/// The same, and all its names. What an edit since `before` left alone is taken over; the result does not depend on it.
///
/// `files` are the project's files and those of the standard library that they use; `texts` the cited documents by
/// project-relative path.
pub fn understand(
    sources: &Sources,
    files: &[(FileId, impl Borrow<ast::File>)],
    texts: &BTreeMap<String, FileId>,
    mut before: Option<Before>,
) -> Understood {
    let (project, mut diagnostics) = Project::new(sources, files);
    let (decls, names, duplicates) = collect::collect(sources, &project, before.as_mut().map(|b| &mut b.names));
    diagnostics.extend(duplicates);

    let mut cx = Cx::new(sources, &project, &decls, &names);
    cx.trees();
    cx.policies();
    cx.periods();
    cx.facts();
    cx.duties();
    cx.decisions();
    let mut defines = cx.defines();
    cx.existence(&mut defines);
    let sections = cx.sections();
    let declarations: Arc<[Span]> = again::declarations(files).into();
    let (clauses, mut bodies) = cx.clauses(&sections, &declarations, before);
    let expectations = cx.expectations();
    let assumptions = cx.assumptions();
    let not_encoded = cx.not_encoded();
    cx.citations(texts, &sections, &clauses, &not_encoded);
    // A name that is misspelt where it is used would be told twice.
    let unused = if cx.has_errors() || project.is_broken() { Vec::new() } else { cx.unused() };

    let model = Model {
        policies: std::mem::take(&mut cx.policies),
        facts: std::mem::take(&mut cx.facts),
        defines,
        periods: std::mem::take(&mut cx.periods),
        sections,
        replaced_by: replaced_by(&clauses),
        asked: OnceLock::new(),
        clauses,
        decisions: std::mem::take(&mut cx.decisions),
        duties: std::mem::take(&mut cx.duties),
        assumptions,
        expectations,
        on: cx.on,
        zone: cx.zone.clone(),
        not_encoded,
        unused,
    };
    let hidden = cx.missed.imports();
    bodies.finish(hidden.is_empty() && project.files.iter().all(|f| !f.incomplete));
    diagnostics.extend(hidden);
    diagnostics.extend(cx.finish());
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    Understood { model, names: names.known, diagnostics, bodies, declarations }
}

fn replaced_by(clauses: &[Clause]) -> Vec<Vec<ClauseId>> {
    let mut all = vec![Vec::new(); clauses.len()];
    for (i, clause) in clauses.iter().enumerate() {
        clause.replaces.iter().for_each(|rule| all[rule.index()].push(ClauseId(i as u32)));
    }
    all
}

//! What is kept of a proved project for its next state: which clauses an edit has changed.
//!
//! The declarations of both states must be the same text; then a clause of the same text, of the same policy, that replaces
//! the same clauses means the same, and `analyse::again` asks only about the others.

use super::Checked;
use crate::analyse::{self, again};
use crate::lower::{Edit, Lowered};
use crate::model::*;
use crate::source::{Sources, Span, States, between};
use smallvec::SmallVec;
use smol_str::SmolStr;
use std::sync::Arc;

/// See [`Checked::prove`].
#[derive(Clone)]
pub struct Kept {
    sources: Sources,
    declarations: Arc<[Span]>,
    names: Names,
    clauses: Identities,
    budget: u64,
    analysis: again::Kept,
}

/// What has a number that conditions use.
#[derive(Clone, PartialEq)]
struct Names {
    facts: Vec<(SmolStr, FactKind, usize)>,
    decisions: Vec<(SmolStr, usize, Option<u32>)>,
    others: [Vec<SmolStr>; 4],
    sections: usize,
    assumptions: usize,
    on: Option<FactId>,
}

/// By clause.
#[derive(Clone)]
pub(super) struct Identities(Vec<Identity>);

impl Identities {
    fn of(model: &Model) -> Self {
        Self(model.clauses.iter().map(Identity::of).collect())
    }
}

/// Where a clause stands, and what it belongs to.
#[derive(Clone)]
struct Identity {
    span: Span,
    policy: PolicyId,
    section: Option<SectionId>,
    replaces: SmallVec<[ClauseId; 2]>,
}

impl Kept {
    /// `clauses` are the model's, if they are known.
    pub(super) fn new(checked: &Checked, analysis: again::Kept, clauses: Option<Identities>) -> Self {
        let clauses = clauses.unwrap_or_else(|| Identities::of(&checked.model));
        Self {
            sources: checked.sources.clone(),
            declarations: Arc::clone(&checked.declarations),
            names: Names::of(&checked.model),
            clauses,
            budget: checked.settings.budget,
            analysis,
        }
    }

    /// How large the diagrams were at first.
    pub(super) fn nodes(&self) -> usize {
        self.analysis.nodes()
    }

    /// The project's rules, with what is still known of them; `None` where a fresh start must be made.
    pub(super) fn resume<'m>(self, checked: &'m Checked) -> Option<(Lowered<'m>, analyse::again::Past, Identities)> {
        let (edit, clauses) = self.edit(checked)?;
        let (lowered, past) = self.analysis.resume(&checked.model, &edit)?;
        Some((lowered, past, clauses))
    }

    /// Asks something else of the rules, if they are those of the very state that was proved.
    pub fn with<T>(self, checked: &Checked, ask: impl FnOnce(&mut Lowered<'_>) -> T) -> Option<(T, Self)> {
        self.edit(checked).filter(|edit| edit.0.is_none())?;
        let (answer, analysis) = self.analysis.with(&checked.model, ask);
        Some((answer, Self { analysis, ..self }))
    }

    /// What an edit has changed, and the clauses now; `None` if more than clauses.
    fn edit(&self, checked: &Checked) -> Option<(Edit, Identities)> {
        let files = |sources: &Sources| sources.iter().map(|(_, s)| s.path.clone()).collect::<Vec<_>>();
        let states = States::new(&self.sources, &checked.sources);
        if self.budget != checked.settings.budget
            || self.names != Names::of(&checked.model)
            || files(&self.sources) != files(&checked.sources)
            || !states.all_same(&self.declarations, &checked.declarations)
        {
            return None;
        }
        let (old, new) = (&self.clauses.0, Identities::of(&checked.model));
        let same = |old: &Identity, new: &Identity| {
            (old.policy, old.section) == (new.policy, new.section) && states.same(old.span, new.span)
        };
        let (there, here) = between(old, &new.0, same);
        let mut edit = Edit { old: there.clone(), new: here, changed: Vec::new(), replaced: Vec::new() };
        for (i, clause) in new.0.iter().enumerate() {
            let id = ClauseId(i as u32);
            let Some(before) = edit.before(id) else { continue };
            let replaced = &old[before.index()].replaces;
            let moved = replaced.iter().map(|r| edit.now(*r));
            if replaced.len() != clause.replaces.len() || !moved.eq(clause.replaces.iter().map(|r| Some(*r))) {
                edit.changed.push(id);
            }
        }
        let gone = edit.changed.iter().filter_map(|id| edit.before(*id)).map(ClauseId::index).chain(there);
        let replaced = gone.flat_map(|gone| &old[gone].replaces).filter_map(|rule| edit.now(*rule));
        edit.replaced = replaced.collect();
        Some((edit, new))
    }
}

impl Names {
    fn of(model: &Model) -> Self {
        let values = |ty: &Type| match ty {
            Type::Choice(domain) | Type::Set(domain) => domain.values.len(),
            _ => 0,
        };
        let facts = model.facts.iter().map(|f| (f.name.clone(), f.kind, values(&f.ty))).collect();
        let decisions = model.decisions.iter().map(|d| (d.name.clone(), d.values.len(), d.default)).collect();
        let others = [
            model.policies.iter().map(|p| p.name.clone()).collect(),
            model.defines.iter().map(|d| d.name.clone()).collect(),
            model.periods.iter().map(|p| p.name.clone()).collect(),
            model.duties.iter().map(|d| d.name.clone()).collect(),
        ];
        let (sections, assumptions) = (model.sections.len(), model.assumptions.len());
        Self { facts, decisions, others, sections, assumptions, on: model.on }
    }
}

impl Identity {
    fn of(clause: &Clause) -> Self {
        let replaces = clause.replaces.as_slice().into();
        Self { span: clause.span, policy: clause.policy, section: clause.section, replaces }
    }
}

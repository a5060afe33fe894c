//! What all steps of checking share: the names, what is known so far, and the diagnostics.

use super::again::Bodies;
use super::tree::Hierarchy;
use crate::diagnostics::{Diagnostic, Level};
use crate::model::calendar::Calendars;
use crate::model::{Decision, Duty, Fact, FactId, Period, PeriodId, Policy, PolicyId, Zone};
use crate::resolve::Project;
use crate::resolve::names::{Decls, Kind, Missed, Names, Symbol, Wanted};
use crate::source::{Sources, Span};
use crate::syntax::ast::{Name, Text};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// The fields are filled step by step, in the order of [`super::check`]; lowering a condition only reads them.
pub(crate) struct Cx<'a> {
    pub sources: &'a Sources,
    pub project: &'a Project<'a>,
    pub decls: &'a Decls<'a>,
    pub names: &'a Names,
    pub missed: Missed,
    out: RefCell<Vec<Diagnostic>>,
    /// By symbol.
    used: RefCell<Vec<bool>>,
    /// What was used since the last time that somebody asked, with repeats.
    noted: RefCell<Vec<u32>>,
    /// Since then something was reported, or left out because of what was reported elsewhere.
    unsure: Cell<bool>,
    pub roles: Hierarchy,
    pub channels: Hierarchy,
    pub policies: Vec<Policy>,
    /// For each file of the project, the policy that its rules belong to.
    pub file_policy: Vec<PolicyId>,
    pub zone: Zone,
    pub periods: Vec<Period>,
    pub facts: Vec<Fact>,
    /// Facts whose type could not be understood: what is said of them is not checked.
    pub broken: Vec<bool>,
    /// For each fact, the names that stand for sets of its values, as positions in the groups of its domain.
    pub groups: Vec<Arc<FxHashMap<Text, u32>>>,
    /// The facts that heads speak of, as symbols: `channel`, `sender`, `recipient`.
    pub heads: [Option<usize>; 3],
    pub on: Option<FactId>,
    pub duties: Vec<Duty>,
    pub decisions: Vec<Decision>,
    /// Of the periods that distances to constants count by.
    pub calendars: RefCell<FxHashMap<PeriodId, Arc<Calendars>>>,
}

impl<'a> Cx<'a> {
    pub fn new(sources: &'a Sources, project: &'a Project<'a>, decls: &'a Decls<'a>, names: &'a Names) -> Self {
        Self {
            sources,
            project,
            decls,
            names,
            missed: Missed::default(),
            out: RefCell::default(),
            used: RefCell::new(vec![false; names.known.symbols.len()]),
            noted: RefCell::default(),
            unsure: Cell::new(false),
            roles: Hierarchy::default(),
            channels: Hierarchy::default(),
            policies: Vec::new(),
            file_policy: Vec::new(),
            zone: Zone::utc(),
            periods: Vec::new(),
            facts: Vec::new(),
            broken: Vec::new(),
            groups: Vec::new(),
            heads: [None; 3],
            on: None,
            duties: Vec::new(),
            decisions: Vec::new(),
            calendars: RefCell::default(),
        }
    }

    /// Another one that knows the same and to which nothing was reported yet, for another thread.
    pub fn fork(&self) -> Cx<'a> {
        Cx {
            roles: self.roles.clone(),
            channels: self.channels.clone(),
            policies: self.policies.clone(),
            file_policy: self.file_policy.clone(),
            zone: self.zone.clone(),
            periods: self.periods.clone(),
            facts: self.facts.clone(),
            broken: self.broken.clone(),
            groups: self.groups.clone(),
            heads: self.heads,
            on: self.on,
            duties: self.duties.clone(),
            decisions: self.decisions.clone(),
            calendars: self.calendars.clone(),
            ..Cx::new(self.sources, self.project, self.decls, self.names)
        }
    }

    /// What a fork used is used.
    pub fn join(&self, fork: Cx) {
        self.used.borrow_mut().iter_mut().zip(fork.used.into_inner()).for_each(|(used, there)| *used |= there);
    }

    pub fn report(&self, diagnostic: Diagnostic) {
        self.unsure.set(true);
        self.out.borrow_mut().push(diagnostic);
    }

    pub fn finish(self) -> Vec<Diagnostic> {
        self.out.into_inner()
    }

    /// What a name means, marked as used; reports where it means nothing that may stand here.
    pub fn find(&self, name: &Name, wanted: Wanted) -> Option<&'a Symbol> {
        self.find_text(&name.text, name.span, wanted)
    }

    pub fn find_text(&self, text: &str, span: Span, wanted: Wanted) -> Option<&'a Symbol> {
        self.look_up(text, span, wanted).map(|i| self.used(i))
    }

    /// The symbol at a position, marked as used.
    pub fn used(&self, symbol: usize) -> &'a Symbol {
        self.mark(symbol);
        self.noted.borrow_mut().push(symbol as u32);
        &self.names.known.symbols[symbol]
    }

    /// What a name means, without marking it as used; reports like `find`.
    pub fn look(&self, name: &Name, wanted: Wanted) -> Option<&'a Symbol> {
        self.names.known.symbols.get(self.look_up(&name.text, name.span, wanted)?)
    }

    fn look_up(&self, text: &str, span: Span, wanted: Wanted) -> Option<usize> {
        let (symbol, why) = self.names.find(&self.missed, self.project, text, span, wanted);
        match (symbol, why) {
            (_, Some(d)) => self.report(*d),
            (None, None) => self.unsure(),
            _ => {}
        }
        symbol
    }

    /// Something means nothing, and there is nothing to say about it here.
    pub fn unsure(&self) {
        self.unsure.set(true);
    }

    /// Lowers the next clause; what it uses is noted, or that something is wrong with it.
    pub fn noting<T>(&self, bodies: &mut Bodies, lower: impl FnOnce() -> T) -> T {
        self.noted.borrow_mut().clear();
        self.unsure.set(false);
        let lowered = lower();
        let mut used = self.noted.borrow_mut();
        used.sort_unstable();
        used.dedup();
        bodies.push((!self.unsure.get()).then(|| used.iter().copied()));
        lowered
    }

    /// Is a name of this kind visible at the span? Neither reports nor marks.
    pub fn peek(&self, text: &str, span: Span, kind: Kind) -> Option<&'a Symbol> {
        self.names.known.get(kind, text).filter(|s| s.kind == kind && self.project.sees(span, s))
    }

    /// Has something been found that is wrong with names or types?
    pub fn has_errors(&self) -> bool {
        self.out.borrow().iter().any(|d| d.level == Level::Error)
    }

    pub fn is_used(&self, symbol: usize) -> bool {
        self.used.borrow()[symbol]
    }

    /// The fact of this name, whoever declares it.
    pub fn fact_named(&self, name: &str) -> Option<FactId> {
        self.names.known.get(Kind::Fact, name).filter(|s| s.kind == Kind::Fact).map(|s| FactId(s.index))
    }

    /// It is used somewhere.
    pub fn mark(&self, symbol: usize) {
        self.used.borrow_mut()[symbol] = true;
    }

    pub fn mark_fact(&self, name: &str) {
        self.names.known.position(Kind::Fact, name).into_iter().for_each(|i| self.mark(i));
    }

    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[id.index()]
    }

    /// Is the fact one whose type could not be understood?
    pub fn is_broken(&self, id: FactId) -> bool {
        self.broken.get(id.index()).copied().unwrap_or(true)
    }
}

//! What a project was before an edit -> the clauses that the edit left alone, as they were lowered then.
//!
//! Why it exists: whoever types changes one clause of many, and to move a lowered clause is much cheaper than to resolve
//! and type it again. What a clause's statements mean depends on their text and on the declarations alone; so where these
//! are the same text, in files that see the same, the clauses before the change and behind it mean the same. Must not
//! guess: a clause about which something was reported, or a name of which was not found, is always lowered anew; and
//! everything that a clause has from its surroundings (its number, path, section, period, citations) is worked out anew.

use super::context::Cx;
use crate::model::{Clause, Cond, CondKind};
use crate::resolve::names::{Kind, Symbol, Symbols};
use crate::source::{FileId, Sources, Span, States, between};
use crate::syntax::ast::{self, ItemKind};
use std::borrow::Borrow;
use std::ops::Range;
use std::sync::Arc;

/// What lowering the clauses used, beside what came of it.
#[derive(Debug, Clone, Default)]
pub struct Bodies {
    /// Symbols that the statements name, clause after clause: ascending, each once.
    used: Vec<u32>,
    /// By clause: where its symbols end, and whether nothing was reported about it and all names were found.
    clauses: Vec<(u32, bool)>,
    /// Every file sees all that it uses, and lacks no `use`.
    whole: bool,
    /// How many were taken over from an earlier state.
    pub taken: usize,
}

impl Bodies {
    /// Adds the next clause; `None` where something is wrong with it.
    pub fn push(&mut self, used: Option<impl IntoIterator<Item = u32>>) {
        let sure = used.is_some();
        self.used.extend(used.into_iter().flatten());
        self.clauses.push((self.used.len() as u32, sure));
    }

    /// Adds the clauses that follow.
    pub fn append(&mut self, more: Bodies) {
        let before = self.used.len() as u32;
        self.used.extend(more.used);
        self.clauses.extend(more.clauses.into_iter().map(|(end, sure)| (before + end, sure)));
    }

    /// Nothing is wrong with any of them.
    pub fn are_sure(&self) -> bool {
        self.clauses.iter().all(|(_, sure)| *sure)
    }

    pub fn finish(&mut self, whole: bool) {
        self.whole = whole;
    }

    /// The symbols of a clause about which there was nothing to say.
    fn of(&self, clause: usize) -> Option<&[u32]> {
        let (end, sure) = *self.clauses.get(clause)?;
        let start = clause.checked_sub(1).map_or(0, |before| self.clauses[before].0);
        sure.then(|| &self.used[start as usize..end as usize])
    }
}

/// A project as it was understood before.
#[derive(Debug)]
pub struct Before {
    pub sources: Sources,
    pub declarations: Arc<[Span]>,
    pub clauses: Vec<Clause>,
    pub names: Arc<Symbols>,
    pub bodies: Bodies,
}

/// What of it can be taken over.
pub(super) struct Alike {
    pub clauses: Vec<Clause>,
    /// Between the clauses that are the same: those that were there, and those that are there now.
    pub old: Range<usize>,
    pub new: Range<usize>,
    bodies: Bodies,
    /// Of each symbol that was there, what it is now; `None` where all are the same.
    now: Option<Vec<u32>>,
}

impl Alike {
    /// What a clause uses that was there, and about which there was nothing to say.
    pub fn of(&self, clause: usize) -> Option<impl Iterator<Item = u32> + Clone + '_> {
        let was = match clause {
            c if c < self.new.start => c,
            c if c >= self.new.end => c - self.new.end + self.old.end,
            _ => return None,
        };
        let now = |symbol: u32| self.now.as_ref().map_or(symbol, |now| now[symbol as usize]);
        Some(self.bodies.of(was)?.iter().map(move |i| now(*i)))
    }
}

impl Before {
    /// `None` where more than clauses may mean something else now.
    /// `declarations` are those of now.
    pub(super) fn alike(self, cx: &Cx, declarations: &[Span]) -> Option<Alike> {
        let files: Vec<(FileId, &ast::File)> = cx.project.files.iter().map(|f| (f.id, f.ast)).collect();
        let path = |sources: &Sources, id: FileId| sources.iter().find(|s| s.0 == id).map(|s| s.1.path.clone());
        let known = self.names.files.iter().map(|f| f.0);
        let alike = self.bodies.whole
            && cx.project.files.iter().all(|f| !f.incomplete)
            && known.eq(files.iter().map(|f| f.0))
            && files.iter().all(|f| path(&self.sources, f.0) == path(cx.sources, f.0));
        let states = States::new(&self.sources, cx.sources);
        if !alike || !states.all_same(&self.declarations, declarations) {
            return None;
        }
        let now = if cx.names.as_before { None } else { Some(moved(&self.names.symbols, &cx.names.known.symbols)?) };
        let same = |old: &Clause, new: &crate::resolve::names::ClauseDecl| {
            old.is_exception() == (new.parent.is_some() || new.targets.is_some()) && states.same(old.span, new.span)
        };
        let (old, new) = between(&self.clauses, &cx.decls.clauses, same);
        Some(Alike { clauses: self.clauses, old, new, bodies: self.bodies, now })
    }
}

/// Where the symbols that are no rules stand now; `None` if they are others. A clause's statements name no rules.
fn moved(old: &[Symbol], new: &[Symbol]) -> Option<Vec<u32>> {
    let mut now = vec![u32::MAX; old.len()];
    let others = |list: &'_ [Symbol]| list.iter().enumerate().filter(|s| s.1.kind != Kind::Rule).count();
    if others(old) != others(new) {
        return None;
    }
    let rest = |s: &(usize, &Symbol)| s.1.kind != Kind::Rule;
    for ((i, a), (j, b)) in old.iter().enumerate().filter(rest).zip(new.iter().enumerate().filter(rest)) {
        if (a.kind, &a.name, a.file, a.index) != (b.kind, &b.name, b.file, b.index) {
            return None;
        }
        now[i] = j as u32;
    }
    Some(now)
}

/// Where everything is written but clauses, and what is only asked of them or was not understood. Of sections, their heads.
pub(crate) fn declarations(files: &[(FileId, impl Borrow<ast::File>)]) -> Vec<Span> {
    let mut found = Vec::new();
    for (_, file) in files {
        let mut open: Vec<&ast::Item> = file.borrow().items.iter().rev().collect();
        while let Some(item) = open.pop() {
            match &item.kind {
                ItemKind::Rule(_) | ItemKind::Exception { .. } | ItemKind::Error => {}
                ItemKind::Expect(_) | ItemKind::NotEncoded { .. } | ItemKind::Allow(_) => {}
                ItemKind::Section(section) => {
                    let end = section.items.first().map_or(item.span.end, |first| first.span.start);
                    found.push(Span { end, ..item.span });
                    open.extend(section.items.iter().rev());
                }
                _ => found.push(item.span),
            }
        }
    }
    found
}

/// Moves what the statements of a clause became, with the clause, to where it stands now.
pub(super) fn shift(clause: &mut Clause, to: Span) {
    let by = to.start.wrapping_sub(clause.span.start);
    if by == 0 {
        return;
    }
    let span = |span: &mut Span| {
        span.start = span.start.wrapping_add(by);
        span.end = span.end.wrapping_add(by);
    };
    span(&mut clause.span);
    span(&mut clause.name_span);
    cond(&mut clause.scope, &span);
    if let Some(outcome) = &mut clause.outcome {
        span(&mut outcome.span);
        span(&mut outcome.keyword);
        for proviso in &mut outcome.provisos {
            span(&mut proviso.name_span);
            cond(&mut proviso.cond, &span);
        }
    }
    for requirement in &mut clause.requirements {
        span(&mut requirement.span);
        span(&mut requirement.keyword);
        cond(&mut requirement.cond, &span);
        cond(&mut requirement.when, &span);
    }
    for obligation in &mut clause.obligations {
        span(&mut obligation.span);
        cond(&mut obligation.when, &span);
    }
    for advice in &mut clause.advice {
        span(&mut advice.span);
        cond(&mut advice.cond, &span);
        cond(&mut advice.when, &span);
    }
}

/// Recursion is as deep as conditions nest, which the parser bounds.
fn cond(moved: &mut Cond, span: &impl Fn(&mut Span)) {
    span(&mut moved.span);
    match &mut moved.kind {
        CondKind::And(parts) | CondKind::Or(parts) => parts.iter_mut().for_each(|part| cond(part, span)),
        CondKind::Not(inner) => cond(inner, span),
        CondKind::True | CondKind::Atom(_) | CondKind::Define(_) => {}
    }
}

//! Rules and exceptions: statements -> outcome, requirements, duties and advice; their scope, validity and citations.

use super::again::{self, Alike, Before, Bodies};
use super::context::Cx;
use super::target::Replaces;
use crate::beside::side_by_side;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{
    Advice, Clause, ClauseId, Cond, DutyId, FORBID, Obligation, Outcome, PERMIT, Parent, PolicyId, Proviso,
    Requirement, Section, SectionId, VERDICT,
};
use crate::resolve::names::{ClauseDecl, Wanted};
use crate::source::Span;
use crate::syntax::ast::{self, Name, Statement, StatementKind};
use rustc_hash::FxHashMap;

/// Fewer clauses are not worth a thread to lower them, or to place them.
const MANY: usize = 500;
const VERY_MANY: usize = 1_500;

/// What the statements of one clause say.
#[derive(Default)]
struct Body {
    outcome: Option<(Outcome, Cond)>,
    waive: Option<(Cond, Span)>,
    requirements: Vec<Requirement>,
    obligations: Vec<Obligation>,
    advice: Vec<Advice>,
}

impl Cx<'_> {
    pub fn sections(&self) -> Vec<Section> {
        let lower = |decl: &crate::resolve::names::SectionDecl| Section {
            name: decl.section.name.as_ref().map(|n| n.text.clone()),
            title: decl.section.title.as_ref().map(|t| t.text.clone()),
            span: decl
                .section
                .name
                .as_ref()
                .map(|n| n.span)
                .or(decl.section.title.as_ref().map(|t| t.span))
                .unwrap_or(decl.span),
            cites: decl.section.cites.iter().map(super::cite::cite).collect(),
            parent: decl.parent.map(SectionId),
        };
        self.decls.sections.iter().map(lower).collect()
    }

    /// All clauses, and what there is to know of them after an edit; those that an edit since `before` left alone are
    /// taken over.
    pub fn clauses(
        &self,
        sections: &[Section],
        declarations: &[Span],
        before: Option<Before>,
    ) -> (Vec<Clause>, Bodies) {
        let replaces = self.replaces();
        let (mut clauses, bodies) = match before.and_then(|before| before.alike(self, declarations)) {
            Some(alike) => self.clauses_from(alike),
            None => self.all_clauses(),
        };
        self.place_all(&mut clauses, replaces);
        if sections.iter().any(|s| !s.cites.is_empty()) || self.decls.clauses.iter().any(|d| !d.bare) {
            self.inherit_cites(sections, &mut clauses);
        }
        (clauses, bodies)
    }

    /// What clauses have from their surroundings, and from periods and citations of their own; of very many, one half on a
    /// thread of its own.
    fn place_all(&self, clauses: &mut [Clause], mut replaces: Vec<Replaces>) {
        let decls = &self.decls.clauses;
        // By file: its policy, and when that is in force; where a clause stands in it that is in force as long.
        let mut around: Vec<Option<(PolicyId, Option<Cond>)>> = vec![None; self.project.files.len()];
        for decl in decls.iter().filter(|d| d.bare) {
            around[decl.file].get_or_insert_with(|| {
                let policy = self.policy_at(decl.file);
                (policy, self.limit(policy).filter(|c| !c.is_true()))
            });
        }
        let all = |clauses: &mut [Clause], decls: &[ClauseDecl], replaces: Vec<Replaces>| {
            for ((clause, decl), replaces) in clauses.iter_mut().zip(decls).zip(replaces) {
                again::shift(clause, decl.span);
                place(clause, decl, replaces);
                if let Some((policy, limit)) = around[decl.file].as_ref().filter(|_| decl.bare) {
                    clause.policy = *policy;
                    clause.in_force = limit.clone().unwrap_or_else(|| Cond::always(clause.name_span));
                    clause.period = None;
                    clause.cites.clear();
                }
            }
        };
        let middle = if decls.len() < VERY_MANY { decls.len() } else { decls.len() / 2 };
        let rest = replaces.split_off(middle);
        let ((some, others), (first, second)) = (clauses.split_at_mut(middle), decls.split_at(middle));
        if second.is_empty() {
            all(some, first, replaces);
        } else {
            side_by_side(|| all(some, first, replaces), || all(others, second, rest));
        }
        for (clause, decl) in clauses.iter_mut().zip(decls).filter(|(_, decl)| !decl.bare) {
            self.place_own(clause, decl);
        }
    }

    /// Every clause lowered; of many, one half on a thread of its own.
    fn all_clauses(&self) -> (Vec<Clause>, Bodies) {
        let lower = |cx: &Cx, decls: &[ClauseDecl], clauses: &mut Vec<Clause>, bodies: &mut Bodies| {
            clauses.extend(decls.iter().map(|decl| cx.noting(bodies, || cx.lowered(decl))));
        };
        let all = &self.decls.clauses;
        let (first, second) = all.split_at(if all.len() < MANY { all.len() } else { all.len() / 2 });
        let (mut clauses, mut bodies) = (Vec::with_capacity(all.len()), Bodies::default());
        if second.is_empty() {
            lower(self, first, &mut clauses, &mut bodies);
            return (clauses, bodies);
        }
        let fork = self.fork();
        let beside = || {
            let (mut clauses, mut bodies) = (Vec::with_capacity(second.len()), Bodies::default());
            lower(&fork, second, &mut clauses, &mut bodies);
            (fork, clauses, bodies)
        };
        let ((), (fork, rest, more)) = side_by_side(|| lower(self, first, &mut clauses, &mut bodies), beside);
        if fork.missed.is_empty() && more.are_sure() {
            self.join(fork);
            clauses.extend(rest);
            bodies.append(more);
        } else {
            // What is told of a name depends on what was told before.
            lower(self, second, &mut clauses, &mut bodies);
        }
        (clauses, bodies)
    }

    /// The same after an edit: what it left alone is taken over.
    fn clauses_from(&self, alike: Alike) -> (Vec<Clause>, Bodies) {
        let mut bodies = Bodies::default();
        // Those that are lowered now, by number; the others have their places.
        let mut new: Vec<(usize, Clause)> = Vec::new();
        for (i, decl) in self.decls.clauses.iter().enumerate() {
            if let Some(used) = alike.of(i) {
                used.clone().for_each(|symbol| self.mark(symbol as usize));
                bodies.push(Some(used));
                bodies.taken += 1;
            } else {
                new.push((i, self.noting(&mut bodies, || self.lowered(decl))));
            }
        }
        let Alike { mut clauses, old, new: range, .. } = alike;
        let (within, without): (Vec<_>, Vec<_>) = new.into_iter().partition(|c| range.contains(&c.0));
        clauses.splice(old, within.into_iter().map(|c| c.1));
        without.into_iter().for_each(|(i, clause)| clauses[i] = clause);
        (clauses, bodies)
    }

    /// A clause as far as its own statements say what it means: that depends on its text and the declarations alone.
    fn lowered(&self, decl: &ClauseDecl) -> Clause {
        let ast = decl.clause;
        let body = self.body(decl);
        let waive = body.waive.is_some();
        let (outcome, scope) = match (body.outcome, body.waive) {
            (Some((outcome, scope)), _) => (Some(outcome), scope),
            (None, Some((scope, _))) => (None, scope),
            (None, None) => {
                let when = body.requirements.iter().map(|r| &r.when);
                let when =
                    when.chain(body.obligations.iter().map(|o| &o.when)).chain(body.advice.iter().map(|a| &a.when));
                (None, union(when.cloned().collect(), ast.span))
            }
        };
        Clause {
            name: ast.name.text.clone(),
            path: decl.path.clone(),
            title: ast.title.as_ref().map(|t| t.text.clone()),
            docs: Vec::new(),
            span: ast.span,
            name_span: ast.name.span,
            policy: PolicyId(0),
            section: None,
            parent: Parent::None,
            replaces: Vec::new(),
            in_force: Cond::always(ast.name.span),
            period: None,
            scope,
            outcome,
            waive,
            requirements: body.requirements,
            obligations: body.obligations,
            advice: body.advice,
            cites: Vec::new(),
        }
    }

    /// A clause's periods and citations, where it has some of its own.
    fn place_own(&self, clause: &mut Clause, decl: &ClauseDecl) {
        let ast = decl.clause;
        clause.policy = self.policy_at(decl.file);
        clause.period = self.validity(&ast.in_force);
        let mut in_force = Vec::new();
        if let (Some(period), Some(first)) = (clause.period, ast.in_force.first()) {
            in_force.push(self.in_force(period, first.span));
        }
        in_force.extend(self.limit(clause.policy));
        clause.in_force = Cond::and(in_force, ast.name.span);
        clause.cites.clear();
        clause.cites.extend(ast.cites.iter().map(super::cite::cite));
    }

    /// When a policy is in force, if it says so.
    fn limit(&self, policy: PolicyId) -> Option<Cond> {
        let policy = self.policies.get(policy.index())?;
        Some(self.in_force(policy.in_force?, policy.span))
    }

    fn body(&self, decl: &ClauseDecl) -> Body {
        let mut body = Body::default();
        let clause = decl.clause;
        let is_rule = decl.parent.is_none() && decl.targets.is_none();
        for statement in &clause.statements {
            self.statement(statement, clause, is_rule, &mut body);
        }
        if clause.statements.is_empty() {
            let what = if is_rule { "rule" } else { "exception" };
            let message = format!("the {what} `{}` says nothing", clause.name.text);
            self.report(
                Diagnostic::new(&codes::MISPLACED, clause.name.span, message)
                    .help("give it a `permit`, `forbid`, `require`, `oblige` or `advise`, or delete it"),
            );
        }
        if let Some((_, span)) = &body.waive {
            let other = body.outcome.as_ref().map(|o| o.0.keyword);
            let other = other.or_else(|| body.requirements.first().map(|r| r.keyword));
            let other = other.or_else(|| body.obligations.first().map(|o| o.span));
            if let Some(other) = other.or_else(|| body.advice.first().map(|a| a.span)) {
                let message = format!("`{}` waives its rule and says something as well", clause.name.text);
                self.report(
                    Diagnostic::new(&codes::MISPLACED, other, message)
                        .label(other, "an exception that waives says nothing else")
                        .label(*span, "waived here")
                        .help("leave `waive` out: an exception replaces its rule anyway"),
                );
            }
        }
        body
    }

    fn statement(&self, statement: &Statement, clause: &ast::Clause, is_rule: bool, body: &mut Body) {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Permit { head, when, provided } => {
                let scope = self.scope(head, when.as_ref(), span);
                let provisos = self.provisos(provided);
                let outcome = Outcome { decision: VERDICT, value: PERMIT, span, keyword: statement.keyword, provisos };
                self.set_outcome(body, outcome, scope, clause);
            }
            StatementKind::Forbid { head, when } => {
                let scope = self.scope(head, when.as_ref(), span);
                let outcome = Outcome {
                    decision: VERDICT,
                    value: FORBID,
                    span,
                    keyword: statement.keyword,
                    provisos: Vec::new(),
                };
                self.set_outcome(body, outcome, scope, clause);
            }
            StatementKind::Decide { decision, value, head, when } => {
                let scope = self.scope(head, when.as_ref(), span);
                let Some(decision) = self.decided(decision) else { return };
                let Some(value) = self.outcome(decision, value) else { return };
                let outcome = Outcome { decision, value, span, keyword: statement.keyword, provisos: Vec::new() };
                self.set_outcome(body, outcome, scope, clause);
            }
            StatementKind::Require { cond, when } => {
                let (cond, when) = (self.cond(cond), self.when(when.as_ref(), span));
                body.requirements.push(Requirement { cond, when, span, keyword: statement.keyword });
            }
            StatementKind::Advise { cond, when } => {
                let (cond, when) = (self.cond(cond), self.when(when.as_ref(), span));
                body.advice.push(Advice { cond, when, span });
            }
            StatementKind::Oblige { duties, when } => {
                let found = duties.iter().filter_map(|d| self.find(d, Wanted::DUTY));
                let duties = found.map(|s| DutyId(s.index)).collect();
                body.obligations.push(Obligation { duties, when: self.when(when.as_ref(), span), span });
            }
            StatementKind::Waive { when } => {
                let scope = self.when(when.as_ref(), span);
                if is_rule {
                    let message = format!("only an exception can waive, and `{}` is a rule", clause.name.text);
                    self.report(
                        Diagnostic::new(&codes::MISPLACED, statement.keyword, message)
                            .help("put it into an `except` of the rule that it lifts"),
                    );
                } else if let Some((_, first)) = body.waive {
                    self.report(
                        Diagnostic::new(
                            &codes::MISPLACED,
                            statement.keyword,
                            format!("`{}` waives twice", clause.name.text),
                        )
                        .label(statement.keyword, "again here")
                        .label(first, "first here")
                        .help("join the conditions with `or`"),
                    );
                } else {
                    body.waive = Some((scope, statement.keyword));
                }
            }
            StatementKind::Error => self.unsure(),
        }
    }

    /// The decision that a statement `NAME is VALUE` gives an outcome to.
    pub fn decided(&self, name: &Name) -> Option<crate::model::DecisionId> {
        self.decision(name)
    }

    fn set_outcome(&self, body: &mut Body, outcome: Outcome, scope: Cond, clause: &ast::Clause) {
        if let Some((first, _)) = &body.outcome {
            let message = format!("`{}` gives two outcomes, and a rule or exception gives one", clause.name.text);
            self.report(
                Diagnostic::new(&codes::MISPLACED, outcome.keyword, message)
                    .label(outcome.keyword, "the second outcome")
                    .label(first.keyword, "the first")
                    .help("make the second a rule of its own"),
            );
            return;
        }
        body.outcome = Some((outcome, scope));
    }

    fn provisos(&self, provisos: &[ast::Proviso]) -> Vec<Proviso> {
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        for proviso in provisos {
            if let Some(&first) = seen.get(proviso.name.text.as_str()) {
                let message = format!("there are two provisos called `{}`", proviso.name.text);
                self.report(
                    Diagnostic::new(&codes::DUPLICATE_NAME, proviso.name.span, message)
                        .label(proviso.name.span, "named again here")
                        .label(first, "first named here")
                        .help("give one of them another name"),
                );
            } else {
                seen.insert(&proviso.name.text, proviso.name.span);
            }
        }
        let lower =
            |p: &ast::Proviso| Proviso { name: p.name.text.clone(), name_span: p.name.span, cond: self.cond(&p.cond) };
        provisos.iter().map(lower).collect()
    }

    /// Clauses without citations of their own have those of the rule they except, or of their section.
    fn inherit_cites(&self, sections: &[Section], clauses: &mut [Clause]) {
        for i in 0..clauses.len() {
            if !clauses[i].cites.is_empty() {
                continue;
            }
            if let Parent::Nested(ClauseId(parent)) = clauses[i].parent {
                clauses[i].cites = clauses[parent as usize].cites.clone();
                continue;
            }
            let mut section = clauses[i].section;
            while let Some(id) = section {
                let Some(at) = sections.get(id.index()) else { break };
                if !at.cites.is_empty() {
                    clauses[i].cites = at.cites.clone();
                    break;
                }
                section = at.parent;
            }
        }
        // An exception apart may stand before its rule, so it looks last.
        for i in 0..clauses.len() {
            if clauses[i].cites.is_empty()
                && let Some(first) = clauses[i].replaces.first().copied()
            {
                clauses[i].cites = clauses[first.index()].cites.clone();
            }
        }
    }
}

/// Where a clause stands, and what it replaces. What was taken over has most of it already.
fn place(clause: &mut Clause, decl: &ClauseDecl, replaces: Replaces) {
    if clause.path != decl.path {
        clause.path = decl.path.clone();
    }
    if clause.docs != decl.docs {
        clause.docs = decl.docs.to_vec();
    }
    clause.section = decl.section.map(SectionId);
    clause.parent = replaces.parent;
    clause.replaces = replaces.clauses;
}

/// Where any of the conditions holds; everywhere if one is `True` or there is none.
fn union(conds: Vec<Cond>, span: Span) -> Cond {
    if conds.is_empty() || conds.iter().any(Cond::is_true) { Cond::always(span) } else { Cond::or(conds, span) }
}

//! Claims about parts of conditions: that each makes a difference where it stands, or that it is always true or false.
//!
//! Walks each condition as the finding is defined: the context of a part of `and` is that of the whole with the other parts
//! holding, less those behind it that are always true; the parts of `or` have the context of the whole.

use super::Encoding;
use super::cond::term;
use super::facts;
use super::script::{Certificates, Claim, either, sat, unsat};
use super::terms::{and, not, or};
use crate::analyse::parts::apart;
use crate::analyse::scope::statement_conditions;
use crate::analyse::{Kind, Place};
use crate::model::*;
use crate::source::Span;

/// Conditions nested more deeply are not taken apart further, as the finding says.
const DEPTH: usize = 64;

pub fn defines(e: &Encoding<'_>, findings: &[Kind], to: &mut Certificates) {
    for (i, define) in e.model.defines.iter().enumerate() {
        let mut walk = Walk { e, findings, place: Place::Define(DefineId(i as u32)), claims: Vec::new() };
        walk.part(&define.cond, "true", DEPTH);
        to.add(
            &format!("define-{}", define.name),
            format!("The parts of the definition `{}`", define.name),
            walk.claims,
        );
    }
}

pub fn rule(e: &Encoding<'_>, id: ClauseId, findings: &[Kind], claims: &mut Vec<Claim>) {
    let clause = e.model.clause(id);
    let applies = e.of(id, "applies");
    let mut walk = Walk { e, findings, place: Place::Scope(id), claims: Vec::new() };
    let context = match clause.is_exception() {
        true => or(clause.replaces.iter().map(|r| e.of(*r, "applies"))),
        false => "true".into(),
    };
    walk.scope(&clause.scope, context);
    walk.place = Place::When(id);
    for when in statement_conditions(clause) {
        let is_scope = clause.outcome.is_none() && clause.scope.span == when.span;
        if !is_scope && !when.is_true() && !never(findings, id, when.span) {
            walk.part(when, &applies, DEPTH);
        }
    }
    for (i, proviso) in clause.outcome.iter().flat_map(|o| &o.provisos).enumerate() {
        walk.place = Place::Proviso(id, i);
        walk.part(&proviso.cond, &applies, DEPTH);
    }
    for (i, requirement) in clause.requirements.iter().enumerate().filter(|(_, r)| !never(findings, id, r.when.span)) {
        walk.place = Place::Requirement(id, i);
        let asked = and([applies.clone(), term(e, &requirement.when)]);
        walk.part(&requirement.cond, &asked, DEPTH);
    }
    claims.append(&mut walk.claims);
}

/// The statement with this condition is never asked.
fn never(findings: &[Kind], id: ClauseId, when: Span) -> bool {
    findings
        .iter()
        .any(|k| matches!(k, Kind::NeverApplies { clause, statement: Some(s), .. } if *clause == id && *s == when))
}

struct Walk<'a, 'm> {
    e: &'a Encoding<'m>,
    findings: &'a [Kind],
    place: Place,
    claims: Vec<Claim>,
}

impl Walk<'_, '_> {
    /// Whether a part was found to be always so; and whether only because other parts' facts exist.
    fn always(&self, span: Span, value: bool) -> Option<bool> {
        self.findings.iter().find_map(|k| match k {
            Kind::Always { place, part, value: v, implied } if *place == self.place && *part == span && *v == value => {
                Some(*implied)
            }
            _ => None,
        })
    }

    /// The head's parts are context; what stands behind `when` is looked at.
    fn scope(&mut self, scope: &Cond, context: String) {
        let (head, rest): (Vec<&Cond>, Vec<&Cond>) = match &scope.kind {
            CondKind::And(parts) if apart(scope) => parts.iter().partition(|p| self.is_head(p)),
            CondKind::True => return,
            _ if self.is_head(scope) => return,
            _ => (Vec::new(), vec![scope]),
        };
        let inner = and(std::iter::once(context).chain(head.iter().map(|p| term(self.e, p))));
        match rest[..] {
            [] => {}
            [one] => self.part(one, &inner, DEPTH),
            _ => self.all(&rest, &inner, DEPTH),
        }
    }

    fn is_head(&self, cond: &Cond) -> bool {
        let CondKind::Atom(Atom::OneOf(f, _)) = &cond.kind else { return false };
        let fact = self.e.model.fact(*f);
        fact.kind == FactKind::Head || ["channel", "sender", "recipient"].contains(&fact.name.as_str())
    }

    fn part(&mut self, cond: &Cond, context: &str, depth: usize) {
        if cond.is_true() {
            return;
        }
        let quoted = format!("`{}`", self.e.quote(cond.span));
        let term = term(self.e, cond);
        let (here, less) = (and([context.into(), term.clone()]), and([context.into(), not(term)]));
        for value in [true, false] {
            if self.always(cond.span, value).is_some() {
                self.claims.push(sat(format!("{} comes to be asked", quoted), context.into()));
                let never = if value { less.clone() } else { here.clone() };
                self.claims.push(unsat(format!("{quoted} is always {value} where it is asked"), never));
                return;
            }
        }
        self.claims.push(sat(format!("{quoted} is true somewhere where it is asked"), here.clone()));
        self.claims.push(sat(format!("{quoted} is false somewhere where it is asked"), less));
        if depth == 0 {
            return;
        }
        match &cond.kind {
            CondKind::And(_) | CondKind::Or(_) if !apart(cond) => {}
            CondKind::And(parts) => self.all(&parts.iter().collect::<Vec<_>>(), context, depth - 1),
            CondKind::Or(parts) => parts.iter().for_each(|p| self.part(p, context, depth - 1)),
            CondKind::Not(inner) => {
                self.absence(cond, inner, &here);
                self.part(inner, context, depth - 1);
            }
            CondKind::True | CondKind::Atom(_) | CondKind::Define(_) => {}
        }
    }

    /// The parts of a conjunction, each where the others hold; from the last to the first.
    fn all(&mut self, parts: &[&Cond], context: &str, depth: usize) {
        let terms: Vec<String> = parts.iter().map(|p| term(self.e, p)).collect();
        let mut kept: Vec<usize> = (0..parts.len()).collect();
        for i in (0..parts.len()).rev() {
            let others: Vec<usize> = kept.iter().copied().filter(|j| *j != i).collect();
            let inner = and(std::iter::once(context.to_string()).chain(others.iter().map(|j| terms[*j].clone())));
            let Some(implied) = self.always(parts[i].span, true) else {
                self.part(parts[i], &inner, depth);
                continue;
            };
            let quoted = format!("`{}`", self.e.quote(parts[i].span));
            self.claims.push(sat(format!("{quoted} comes to be asked"), inner.clone()));
            self.claims
                .push(unsat(format!("{quoted} is always true where it is asked"), and([inner, not(terms[i].clone())])));
            kept = others;
            let model = self.e.model;
            let facts = kept.iter().flat_map(|j| show::fact_facts(model, parts[*j]));
            let exist = facts.map(|f| facts::exists(model.fact(f)));
            let apart = and(std::iter::once(context.to_string()).chain(exist).chain([not(terms[i].clone())]));
            let so = format!("{quoted} is false where only the facts beside it exist");
            let not_so = format!("{quoted} is true wherever the facts beside it exist");
            self.claims.push(either(!implied, so, not_so, apart));
        }
    }

    /// Where a negative condition holds although a fact is absent.
    fn absence(&mut self, cond: &Cond, inner: &Cond, here: &str) {
        let model = self.e.model;
        for id in show::fact_facts(model, inner) {
            let fact = model.fact(id);
            if fact.exists_if.is_none() {
                continue;
            }
            let told = self.findings.iter().any(|k| {
                matches!(k, Kind::RestsOnAbsence { place, part, fact } if *place == self.place && *part == cond.span && *fact == id)
            });
            let quoted = self.e.quote(cond.span);
            let so = format!("`{quoted}` holds in a case in which `{}` is absent", fact.name);
            let not_so = format!("`{quoted}` holds in no case in which `{}` is absent", fact.name);
            self.claims.push(either(told, so, not_so, and([here.into(), not(facts::exists(fact))])));
        }
    }
}

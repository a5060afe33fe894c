//! Conditions that no case satisfies: assumptions that leave no case, clauses and statements that never apply; and those
//! that are too much for the budget by themselves.

use super::cover::contradiction;
use super::{Finding, Found, Kind, Question};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::show::{atoms_through, clause_conditions};
use crate::model::*;
use crate::source::Span;

/// The clauses because of which nothing can be asked: the one that was too much to lower, or those that measure facts from
/// one another that are too entangled.
pub fn too_much(lowered: &Lowered<'_>) -> Vec<ClauseId> {
    let model = lowered.model;
    if lowered.space.unfinished.is_empty() {
        return lowered.last.into_iter().collect();
    }
    let entangled = |atom: &Atom| {
        lowered.space.unfinished.iter().any(|group| {
            let mut facts = atom.facts();
            // One alone is asked about in too many ways, several are measured from one another.
            facts.all(|f| group.facts.contains(&f)) && (group.facts.len() == 1 || atom.facts().count() > 1)
        })
    };
    let asks = |id: &ClauseId| {
        clause_conditions(model.clause(*id)).any(|cond| {
            let mut asks = false;
            atoms_through(model, cond, &mut |atom| asks |= entangled(atom));
            asks
        })
    };
    model.clause_ids().filter(asks).collect()
}

/// Assumptions that rule out everything, with the smallest set of them that already does.
pub fn no_cases(lowered: &mut Lowered<'_>) -> Finding {
    let model = lowered.model;
    let nodes: Vec<Node> = model.assumptions.iter().map(|a| lowered.raw(&a.cond)).collect();
    let assumptions = contradiction(&mut lowered.dd, lowered.space.possible, &nodes);
    Finding::about_nothing(Kind::NoCases { assumptions })
}

/// Clauses, and statements in clauses, whose condition no case satisfies.
pub fn find(lowered: &mut Lowered<'_>, found: &mut Found) {
    for id in lowered.model.clause_ids() {
        if found.known(id, |kind| matches!(kind, Kind::NeverApplies { .. })) {
            continue;
        }
        found.ask(lowered, Question::Scopes, id, |lowered, findings| never(lowered, id, findings));
    }
}

fn never(lowered: &mut Lowered<'_>, id: ClauseId, findings: &mut Vec<Finding>) {
    let clause = lowered.model.clause(id);
    let applies = lowered.applies[id.index()];
    if applies == Diagrams::FALSE {
        let in_force = lowered.cond(&clause.in_force);
        let scope = lowered.cond(&clause.scope);
        // If its condition has cases, but none of them in its period, they contradict each other.
        let within = if scope == Diagrams::FALSE { lowered.space.valid } else { in_force };
        if in_force != Diagrams::FALSE && lowered.dd.disjoint(scope, within) || scope == Diagrams::FALSE {
            let parts = contradicting(lowered, within, &clause.scope);
            findings.push(Finding::about_nothing(Kind::NeverApplies { clause: id, parts, statement: None }));
        }
        return; // Else the exceptions' and the periods' own findings.
    }
    for when in statement_conditions(clause).filter(|w| !w.is_true()) {
        let node = lowered.raw(when);
        if lowered.dd.disjoint(applies, node) {
            let parts = contradicting(lowered, applies, when);
            let kind = Kind::NeverApplies { clause: id, parts, statement: Some(when.span) };
            findings.push(Finding::about_nothing(kind));
        }
    }
}

/// When its requirements, duties and advice are asked.
pub fn statement_conditions(clause: &Clause) -> impl Iterator<Item = &Cond> {
    let requirements = clause.requirements.iter().map(|r| &r.when);
    let obligations = clause.obligations.iter().map(|o| &o.when);
    requirements.chain(obligations).chain(clause.advice.iter().map(|a| &a.when))
}

/// The smallest set of the condition's parts that no case of `within` satisfies together.
fn contradicting(lowered: &mut Lowered<'_>, within: Node, cond: &Cond) -> Vec<Span> {
    let parts = conjuncts(cond);
    let nodes: Vec<Node> = parts.iter().map(|p| lowered.cond(p)).collect();
    contradiction(&mut lowered.dd, within, &nodes).into_iter().map(|i| parts[i].span).collect()
}

/// The parts of nested conjunctions, in order.
pub fn conjuncts(cond: &Cond) -> Vec<&Cond> {
    let mut list = Vec::new();
    let mut stack = vec![cond];
    while let Some(next) = stack.pop() {
        match &next.kind {
            CondKind::And(parts) => stack.extend(parts.iter().rev()),
            CondKind::True => {}
            _ => list.push(next),
        }
    }
    list
}

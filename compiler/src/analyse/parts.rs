//! Parts of conditions that are always true or always false where they stand, and conditions that hold only because a fact
//! is absent.
//!
//! The context of a condition is where its statement stands: the cases in which the exception's rule applies, in which the
//! rule applies (for provisos, requirements and `when`s of statements), or every case (for defines and rules). The context
//! of a part of `and` is that, less nothing, with the other parts holding; parts found always true are left out of it for
//! the rest, so of two equal parts one is reported. The parts of `or` have the context of the whole.

use super::{Finding, Found, Kind, Place, Question};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::show::fact_facts;
use crate::model::*;

/// Conditions nested more deeply are not taken apart further.
const DEPTH: usize = 64;

pub fn find(lowered: &mut Lowered<'_>, found: &mut Found) {
    let model = lowered.model;
    let valid = lowered.space.valid;
    for (i, define) in model.defines.iter().enumerate() {
        found.ask(lowered, Question::Parts, None, |lowered, findings| {
            check(lowered, Place::Define(DefineId(i as u32)), &define.cond, valid, findings);
        });
    }
    for (i, _) in model.assumptions.iter().enumerate().filter(|(_, a)| !a.implied) {
        found.ask(lowered, Question::Parts, None, |lowered, findings| findings.extend(assumption(lowered, i)));
    }
    for id in model.clause_ids().filter(|id| lowered.applies[id.index()] != Diagrams::FALSE).collect::<Vec<_>>() {
        if found.known(id, |kind| matches!(kind, Kind::Always { .. } | Kind::RestsOnAbsence { .. })) {
            continue;
        }
        found.ask(lowered, Question::Parts, id, |lowered, findings| clause_parts(lowered, id, findings));
    }
}

/// The assumption rules out nothing that the others leave.
fn assumption(lowered: &mut Lowered<'_>, i: usize) -> Option<Finding> {
    let model = lowered.model;
    let mut context = lowered.space.possible;
    for (_, other) in model.assumptions.iter().enumerate().filter(|(j, _)| *j != i) {
        let node = lowered.raw(&other.cond);
        context = lowered.dd.and(context, node);
    }
    let own = &model.assumptions[i].cond;
    let cond = lowered.raw(own);
    let kind = Kind::Always { place: Place::Assumption(i), part: own.span, value: true, implied: false };
    (lowered.dd.implies(context, cond) && !repeated_later(lowered, i)).then(|| Finding::about_nothing(kind))
}

fn clause_parts(lowered: &mut Lowered<'_>, id: ClauseId, findings: &mut Vec<Finding>) {
    let clause = lowered.model.clause(id);
    let applies = lowered.applies[id.index()];
    let context = if clause.is_exception() {
        let rules: Vec<Node> = clause.replaces.iter().map(|p| lowered.applies[p.index()]).collect();
        lowered.dd.or_all(&rules)
    } else {
        lowered.space.valid
    };
    check_scope(lowered, id, context, findings);
    for when in super::scope::statement_conditions(clause).filter(|w| !w.is_true()) {
        if !clause_scope_is(clause, when) {
            let node = lowered.raw(when);
            if !lowered.dd.disjoint(node, applies) {
                check(lowered, Place::When(id), when, applies, findings);
            }
        }
    }
    for (i, proviso) in clause.outcome.iter().flat_map(|o| &o.provisos).enumerate() {
        check(lowered, Place::Proviso(id, i), &proviso.cond, applies, findings);
    }
    for (i, requirement) in clause.requirements.iter().enumerate() {
        let when = lowered.raw(&requirement.when);
        let asked = lowered.dd.and(applies, when);
        check(lowered, Place::Requirement(id, i), &requirement.cond, asked, findings);
    }
}

/// A later assumption says the same: of two equal ones the later is reported.
fn repeated_later(lowered: &mut Lowered<'_>, i: usize) -> bool {
    let model = lowered.model;
    let own = lowered.raw(&model.assumptions[i].cond);
    let own = lowered.dd.and(own, lowered.space.possible);
    model.assumptions[i + 1..].iter().any(|later| {
        let node = lowered.raw(&later.cond);
        lowered.dd.and(node, lowered.space.possible) == own
    })
}

/// A clause without outcome has its statements' conditions as its scope; they are looked at once.
fn clause_scope_is(clause: &Clause, when: &Cond) -> bool {
    clause.outcome.is_none() && clause.scope.span == when.span
}

/// The scope: the head's parts are context, what stands behind `when` is looked at.
fn check_scope(lowered: &mut Lowered<'_>, id: ClauseId, context: Node, found: &mut Vec<Finding>) {
    let model = lowered.model;
    let scope = &model.clause(id).scope;
    if lowered.speaks_for_itself(id) {
        return;
    }
    let (head, rest): (Vec<&Cond>, Vec<&Cond>) = match &scope.kind {
        CondKind::And(parts) if apart(scope) => parts.iter().partition(|p| is_head(model, p)),
        CondKind::True => return,
        _ if is_head(model, scope) => return,
        _ => (Vec::new(), vec![scope]),
    };
    let mut inner = context;
    for part in head {
        let node = lowered.cond(part);
        inner = lowered.dd.and(inner, node);
    }
    match rest[..] {
        [] => {}
        [one] => check(lowered, Place::Scope(id), one, inner, found),
        _ => check_all(lowered, Place::Scope(id), &rest, inner, DEPTH, found),
    }
}

/// From the head, `call from student`: a choice of `channel`, `sender` or `recipient`.
fn is_head(model: &Model, cond: &Cond) -> bool {
    matches!(&cond.kind, CondKind::Atom(Atom::OneOf(f, _)) if model.fact(*f).kind == FactKind::Head
        || ["channel", "sender", "recipient"].contains(&model.fact(*f).name.as_str()))
}

/// Its parts are written apart, so that each can be named: `x between y and z` is one condition to people.
pub fn apart(cond: &Cond) -> bool {
    match &cond.kind {
        CondKind::And(parts) | CondKind::Or(parts) => parts.iter().all(|p| p.span != cond.span),
        _ => true,
    }
}

fn check(lowered: &mut Lowered<'_>, place: Place, cond: &Cond, context: Node, found: &mut Vec<Finding>) {
    check_part(lowered, place, cond, context, DEPTH, found);
}

fn check_part(
    lowered: &mut Lowered<'_>,
    place: Place,
    cond: &Cond,
    context: Node,
    depth: usize,
    found: &mut Vec<Finding>,
) {
    if context == Diagrams::FALSE || cond.is_true() {
        return;
    }
    let node = lowered.cond(cond);
    let here = lowered.dd.and(node, context);
    if here == context || here == Diagrams::FALSE {
        let value = here == context;
        let kind = Kind::Always { place, part: cond.span, value, implied: false };
        found.push(Finding::about_nothing(kind));
        return;
    }
    if depth == 0 {
        return;
    }
    match &cond.kind {
        CondKind::And(_) | CondKind::Or(_) if !apart(cond) => {}
        CondKind::And(parts) => {
            let parts: Vec<&Cond> = parts.iter().collect();
            check_all(lowered, place, &parts, context, depth - 1, found);
        }
        CondKind::Or(parts) => {
            for part in parts {
                check_part(lowered, place, part, context, depth - 1, found);
            }
        }
        CondKind::Not(inner) => {
            absence(lowered, place, cond, inner, context, found);
            check_part(lowered, place, inner, context, depth - 1, found);
        }
        CondKind::True | CondKind::Atom(_) | CondKind::Define(_) => {}
    }
}

/// The parts of a conjunction, each where the others hold.
fn check_all(
    lowered: &mut Lowered<'_>,
    place: Place,
    parts: &[&Cond],
    context: Node,
    depth: usize,
    found: &mut Vec<Finding>,
) {
    let nodes: Vec<Node> = parts.iter().map(|p| lowered.cond(p)).collect();
    let mut before = vec![context];
    for node in &nodes {
        before.push(lowered.dd.and(before[before.len() - 1], *node));
    }
    let mut kept: Vec<usize> = (0..parts.len()).collect();
    let mut after = Diagrams::TRUE;
    // From the last to the first, so that of two equal parts the later is reported.
    for i in (0..parts.len()).rev() {
        let inner = lowered.dd.and(before[i], after);
        if inner != Diagrams::FALSE && lowered.dd.implies(inner, nodes[i]) {
            kept.remove(i);
            let implied = by_existence(lowered, parts, &kept, nodes[i], context);
            let kind = Kind::Always { place, part: parts[i].span, value: true, implied };
            found.push(Finding::about_nothing(kind));
            continue;
        }
        after = lowered.dd.and(after, nodes[i]);
        if inner != Diagrams::FALSE {
            check_part(lowered, place, parts[i], inner, depth, found);
        }
    }
}

/// The part follows already from where the other parts' facts exist.
fn by_existence(lowered: &mut Lowered<'_>, parts: &[&Cond], others: &[usize], node: Node, context: Node) -> bool {
    let model = lowered.model;
    let mut exist = context;
    for &j in others {
        for fact in fact_facts(model, parts[j]) {
            if let Some(cond) = &model.fact(fact).exists_if {
                let here = lowered.cond(cond);
                exist = lowered.dd.and(exist, here);
            }
        }
    }
    lowered.dd.implies(exist, node)
}

/// `not recorded` holds also where `recorded` is absent: a note, with the cases.
fn absence(
    lowered: &mut Lowered<'_>,
    place: Place,
    cond: &Cond,
    inner: &Cond,
    context: Node,
    found: &mut Vec<Finding>,
) {
    let model = lowered.model;
    let node = lowered.cond(cond);
    let holds = lowered.dd.and(node, context);
    for fact in fact_facts(model, inner) {
        let Some(exists) = &model.fact(fact).exists_if else { continue };
        let exists = lowered.cond(exists);
        let region = lowered.dd.diff(holds, exists);
        if region != Diagrams::FALSE {
            found.push(Finding::new(Kind::RestsOnAbsence { place, part: cond.span, fact }, region));
        }
    }
}

//! A world -> every finding there is, by looking at each case.
//!
//! The definitions are those of the heads of `analyse` and its parts, done naively: sets of cases instead of diagrams,
//! `decide` on a changed model instead of algebra. Findings that name a set (the parts that contradict, the rules that
//! cover) come with it empty; `names` says whether a set that was named is a right one.

mod impossible;
mod names;
mod parts;
mod redundant;

pub use impossible::impossible;
pub use names::names;

use super::set::Set;
use super::world::World;
use ordain::analyse::Kind;
use ordain::decide::Verdict;
use ordain::model::*;

/// A finding without its named set, and the cases that show it.
pub type Found = (Kind, Set);

/// Everything `analyse::findings` is to find, but for impossible requirements (see `impossible`).
pub fn findings(world: &World<'_>, as_of: i64) -> Vec<Found> {
    if world.legal.is_empty() {
        return vec![(Kind::NoCases { assumptions: Vec::new() }, world.none())];
    }
    let mut found = Vec::new();
    never(world, &mut found);
    exceptions(world, &mut found);
    conflicts(world, &mut found);
    gaps(world, &mut found);
    unreachable(world, &mut found);
    redundant::find(world, &mut found);
    duties(world, &mut found);
    parts::find(world, &mut found);
    for id in world.model.clause_ids() {
        let (from, until) = world.model.clause(id).period.unwrap_or_default();
        if let Some(until) = until.filter(|u| *u < as_of) {
            found.push((Kind::Expired { clause: id, until }, world.none()));
        } else if let Some(from) = from.filter(|f| *f > as_of) {
            found.push((Kind::NotYetInForce { clause: id, from }, world.none()));
        }
    }
    found
}

/// When its requirements, duties and advice are asked.
pub fn whens(clause: &Clause) -> Vec<&Cond> {
    let requirements = clause.requirements.iter().map(|r| &r.when);
    let obligations = clause.obligations.iter().map(|o| &o.when);
    requirements.chain(obligations).chain(clause.advice.iter().map(|a| &a.when)).collect()
}

fn never(world: &World<'_>, found: &mut Vec<Found>) {
    for id in world.model.clause_ids() {
        let clause = world.model.clause(id);
        if clause.period.is_some() && world.holds(&clause.in_force).is_empty() {
            found.push((Kind::NeverInForce { clause: id }, world.none()));
        }
        let (scope, in_force) = (world.holds(&clause.scope), world.holds(&clause.in_force));
        if scope.is_empty() || (!in_force.is_empty() && !scope.meets(&in_force)) {
            found.push((Kind::NeverApplies { clause: id, parts: Vec::new(), statement: None }, world.none()));
            continue;
        }
        let applies = &world.applies[id.index()];
        for when in whens(clause) {
            if !applies.is_empty() && !applies.meets(&world.holds(when)) {
                let statement = Some(when.span);
                found.push((Kind::NeverApplies { clause: id, parts: Vec::new(), statement }, world.none()));
            }
        }
    }
}

fn exceptions(world: &World<'_>, found: &mut Vec<Found>) {
    let model = world.model;
    for id in model.clause_ids().filter(|id| model.clause(*id).is_exception()) {
        let clause = model.clause(id);
        let applies = &world.applies[id.index()];
        if applies.is_empty() {
            let own = world.holds(&clause.scope).and(&world.holds(&clause.in_force));
            let rules = clause.replaces.iter().any(|p| !world.applies[p.index()].is_empty());
            if !own.is_empty() && rules {
                found.push((Kind::ExceptionMisses { exception: id }, own));
            }
        } else if model.exceptions_of(id).next().is_none() && says_the_same(world, id) {
            found.push((Kind::NoEffect { exception: id }, applies.clone()));
        }
    }
}

/// In each case in which it applies: the same as each clause that it replaces there, and that clause, or another exception
/// to it that says the same, would be left without it.
fn says_the_same(world: &World<'_>, id: ClauseId) -> bool {
    let model = world.model;
    let own = model.clause(id);
    let yields = model.policies.iter().any(|p| !p.yields_to.is_empty());
    let alike = |other: ClauseId| !yields || model.clause(other).policy == own.policy;
    own.advice.is_empty()
        && world.applies[id.index()].iter().all(|case| {
            let said = words(world, own, case);
            own.replaces.iter().filter(|p| world.applies[p.index()].has(case)).all(|p| {
                let rule = model.clause(*p);
                let others: Vec<ClauseId> =
                    model.exceptions_of(*p).filter(|o| *o != id && world.applies[o.index()].has(case)).collect();
                let instead = |o: &ClauseId| {
                    alike(*o) && world.remains[o.index()].has(case) && words(world, model.clause(*o), case) == said
                };
                alike(*p)
                    && rule.advice.is_empty()
                    && words(world, rule, case) == said
                    && (others.is_empty() || others.iter().any(instead))
            })
        })
}

/// What a clause says if nothing replaces or outranks it: its outcome, its duties, whether a requirement fails.
fn words(world: &World<'_>, clause: &Clause, case: usize) -> (Option<(DecisionId, u32)>, Vec<DutyId>, bool) {
    let holds = |cond: &Cond| ordain::decide::holds(world.model, cond, &world.cases[case]);
    let outcome = clause.outcome.as_ref().map(|o| {
        let kept = o.provisos.iter().all(|p| holds(&p.cond));
        (o.decision, if kept { o.value } else { FORBID })
    });
    // Those of a permit follow only where it is the answer, so not where a proviso fails.
    let kept = clause.outcome.as_ref().is_none_or(|o| o.provisos.iter().all(|p| holds(&p.cond)));
    let asked = clause.obligations.iter().filter(|o| kept && holds(&o.when));
    let mut duties: Vec<DutyId> = asked.flat_map(|o| o.duties.iter().copied()).collect();
    duties.sort_unstable();
    duties.dedup();
    let fails = clause.requirements.iter().any(|r| holds(&r.when) && !holds(&r.cond));
    (outcome, duties, fails)
}

fn conflicts(world: &World<'_>, found: &mut Vec<Found>) {
    let model = world.model;
    for decision in (0..model.decisions.len() as u32).map(DecisionId) {
        let conflict = world.result(decision, Verdict::Conflict);
        if conflict.is_empty() {
            continue;
        }
        for a in model.clause_ids() {
            for b in model.clause_ids().filter(|b| a < *b) {
                let mut region = world.none();
                for case in conflict.iter() {
                    let by = &world.decided[case].answers[decision.index()].by;
                    let says = |id: ClauseId| match world.decided[case].status.of(id) {
                        ordain::decide::Status::Stands { says, .. } => *says,
                        _ => None,
                    };
                    if by.contains(&a) && by.contains(&b) && says(a) != says(b) {
                        region.insert(case);
                    }
                }
                if !region.is_empty() {
                    found.push((Kind::Conflict { decision, a, b }, region));
                }
            }
        }
    }
}

fn gaps(world: &World<'_>, found: &mut Vec<Found>) {
    let model = world.model;
    let gives = |c: &Clause| c.outcome.as_ref().is_some_and(|o| o.decision == VERDICT) || !c.requirements.is_empty();
    for decision in (0..model.decisions.len() as u32).map(DecisionId) {
        let undecided = world.result(decision, Verdict::Undecided);
        if !undecided.is_empty() && (decision != VERDICT || model.clauses.iter().any(gives)) {
            found.push((Kind::Gap { decision }, undecided));
        }
    }
}

/// Whether a clause does anything anywhere.
fn matters(world: &World<'_>, id: ClauseId) -> bool {
    let i = id.index();
    let any = |sets: &[Set]| sets.iter().any(|s| !s.is_empty());
    any(&world.obligations[i])
        || any(&world.advice[i])
        || (world.model.clause(id).waive && !world.remains[i].is_empty())
        || !world.decides[i].is_empty()
}

/// Where a clause applies, one of its requirements is asked, and fails.
pub fn breaks(world: &World<'_>, id: ClauseId) -> Set {
    let clause = world.model.clause(id);
    let fails = |r: &Requirement| world.applies[id.index()].and(&world.holds(&r.when)).less(&world.holds(&r.cond));
    clause.requirements.iter().fold(world.none(), |all, r| all.or(&fails(r)))
}

fn unreachable(world: &World<'_>, found: &mut Vec<Found>) {
    for id in world.model.clause_ids() {
        let clause = world.model.clause(id);
        if !world.applies[id.index()].is_empty() && !matters(world, id) {
            let only_asks = clause.outcome.is_none() && !clause.requirements.is_empty();
            let region = if only_asks { breaks(world, id) } else { world.applies[id.index()].clone() };
            found.push((Kind::Unreachable { clause: id, by: Vec::new() }, region));
        }
    }
}

fn duties(world: &World<'_>, found: &mut Vec<Found>) {
    for (i, duty) in world.model.duties.iter().enumerate() {
        let a = DutyId(i as u32);
        for &b in duty.excludes.iter().filter(|b| a < **b) {
            let region = world.duties[a.index()].and(&world.duties[b.index()]);
            if !region.is_empty() {
                found.push((Kind::DutiesContradict { a, b }, region));
            }
        }
    }
}

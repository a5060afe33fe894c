//! The nearest case with another result: as few given facts changed as possible, then by the smallest steps.
//!
//! The cases with another result are a diagram. Its cheapest way to TRUE is found node by node from the leaves, each node
//! once: keeping an axis as it is costs nothing, changing a given fact costs one change, and every change costs its steps
//! besides. Axes that follow from others (weekdays, distances) cost no change of their own, since given values are cells
//! of their own and cannot move alone. Moments and numbers are then moved back as far as the result allows.

use super::facts_of;
use crate::decide::legal::fits;
use crate::decide::{self, Verdict, decide};
use crate::diagram::{Assignment, Diagrams, Node};
use crate::lower::Lowered;
use crate::model::show::HeadFacts;
use crate::model::*;
use crate::space::{AxisKind, Cell, Space};
use crate::witness;
use rustc_hash::FxHashMap;

/// Another case, and how it differs.
#[derive(Debug, Clone)]
pub struct Flip {
    pub result: Verdict,
    pub case: Case,
    /// The facts that change, in the order of the model; `None` is absence.
    pub changes: Vec<Change>,
    /// Facts that were not given, do not change, and matter for the other result.
    pub provided: Vec<FactId>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub fact: FactId,
    pub from: Option<Value>,
    pub to: Option<Value>,
}

/// Given facts changed, steps made.
type Cost = (u32, u64);

pub fn nearest(
    lowered: &mut Lowered<'_>,
    decision: DecisionId,
    result: Verdict,
    case: &Case,
    known: &[FactId],
) -> Option<Flip> {
    let model = lowered.model;
    let sets = lowered.decision(decision).result.clone();
    let others: Vec<Node> =
        sets.iter().enumerate().filter(|(v, _)| result != Verdict::Is(*v as u32)).map(|(_, node)| *node).collect();
    let target = lowered.dd.or_all(&others);
    if target == Diagrams::FALSE {
        return None;
    }
    let from = lowered.space.locate(model, case);
    let head = HeadFacts::of(model);
    let (dd, space) = (&lowered.dd, &lowered.space);
    let mut search = Search { dd, space, from: &from, known, head, best: FxHashMap::default() };
    let assignment = search.walk(target)?;
    let mut flipped = lowered.space.case(model, &assignment)?;
    let wanted = decide(model, &flipped).answers.get(decision.index())?.result;
    if wanted == result {
        return None;
    }
    calm(model, decision, wanted, case, &mut flipped);
    for fact in model.fact_ids() {
        closer(lowered, decision, wanted, case, &mut flipped, fact);
    }
    let changes: Vec<Change> = model
        .fact_ids()
        .map(|fact| Change { fact, from: case.values[fact.index()].clone(), to: flipped.values[fact.index()].clone() })
        .filter(|change| change.from != change.to)
        .collect();
    let region = match wanted {
        Verdict::Is(v) => sets[v as usize],
        _ => target,
    };
    let mut provided = witness::relevant_facts(lowered, region, &flipped);
    provided
        .retain(|f| !known.contains(f) && changes.iter().all(|c| c.fact != *f) && flipped.values[f.index()].is_some());
    Some(Flip { result: wanted, case: flipped, changes, provided })
}

struct Search<'a> {
    dd: &'a Diagrams,
    space: &'a Space,
    from: &'a [u32],
    known: &'a [FactId],
    head: HeadFacts,
    best: FxHashMap<Node, Option<Cost>>,
}

impl Search<'_> {
    /// The assignment at the end of the cheapest way.
    fn walk(&mut self, root: Node) -> Option<Assignment> {
        self.cost(root)?;
        let mut assignment = self.from.to_vec();
        let mut node = root;
        while let Some(level) = self.dd.level(node) {
            let (_, cell, child) = self
                .dd
                .runs(node)
                .filter_map(|(first, last, child)| {
                    let rest = self.cost(child)?;
                    let (cell, step) = self.step(level, first, last);
                    Some((add(step, rest), cell, child))
                })
                .min_by_key(|way| (way.0, way.1))?;
            assignment[level] = cell;
            node = child;
        }
        Some(assignment)
    }

    /// The least cost from a node to TRUE. As deep as there are levels.
    fn cost(&mut self, node: Node) -> Option<Cost> {
        let Some(level) = self.dd.level(node) else { return (node == Diagrams::TRUE).then_some((0, 0)) };
        if let Some(known) = self.best.get(&node) {
            return *known;
        }
        let mut best: Option<Cost> = None;
        for (first, last, child) in self.dd.runs(node) {
            if let Some(rest) = self.cost(child) {
                let cost = add(self.step(level, first, last).1, rest);
                best = Some(best.map_or(cost, |b| b.min(cost)));
            }
        }
        self.best.insert(node, best);
        best
    }

    /// The cell of a run that is the cheapest to go to, and its cost.
    fn step(&self, level: usize, first: u32, last: u32) -> (u32, Cost) {
        let current = self.from[level];
        let cell = current.clamp(first, last);
        if cell == current {
            return (cell, (0, 0));
        }
        let axis = &self.space.axes[level];
        let absent = |cell: u32| axis.cells.get(cell as usize) == Some(&Cell::Absent);
        // Coming and going is one change of the fact, told by the first of its axes.
        if absent(current) || absent(cell) {
            let cell = if absent(current) { first } else { cell };
            let (fact, other) = axis.kind.facts();
            let told = other.is_none() && self.space.axes_of(fact).first() == Some(&level);
            return (cell, (u32::from(told && self.known.contains(&fact)), 1));
        }
        let own = match axis.kind {
            AxisKind::YesNo(_) | AxisKind::Choice(_) | AxisKind::Range(_) | AxisKind::Member(..) => true,
            AxisKind::Weekday(_) | AxisKind::Within(..) | AxisKind::Distance(..) => false,
        };
        let given = own && facts_of(self.space, level).any(|f| self.known.contains(&f));
        let head = facts_of(self.space, level).any(|f| self.head.contains(f));
        // Another channel or another person is a larger step than another value, and that than more or less of one.
        let steps = match axis.kind {
            AxisKind::Range(_) | AxisKind::Distance(..) => u64::from(cell.abs_diff(current)),
            AxisKind::Choice(_) if head => 20,
            AxisKind::Choice(_) => 4,
            _ => 1,
        };
        (cell, (u32::from(given), steps))
    }
}

fn add(a: Cost, b: Cost) -> Cost {
    (a.0.saturating_add(b.0), a.1.saturating_add(b.1))
}

/// Whether a case is legal and has this result.
fn has(model: &Model, decision: DecisionId, wanted: Verdict, case: &Case) -> bool {
    decide::check_case(model, case).is_empty()
        && decide(model, case).answers.get(decision.index()).is_some_and(|answer| answer.result == wanted)
}

/// Sets every fact back to what it was, where the result stays.
fn calm(model: &Model, decision: DecisionId, wanted: Verdict, original: &Case, flipped: &mut Case) {
    for i in 0..flipped.values.len() {
        if flipped.values[i] != original.values[i] && original.values[i].is_some() && flipped.values[i].is_some() {
            let changed = std::mem::replace(&mut flipped.values[i], original.values[i].clone());
            if !has(model, decision, wanted, flipped) {
                flipped.values[i] = changed;
            }
        }
    }
}

/// Moves a changed number or moment as near to what it was as the result allows: of the values at which some condition
/// may change its mind, the nearest that has the result.
fn closer(
    lowered: &Lowered<'_>,
    decision: DecisionId,
    wanted: Verdict,
    original: &Case,
    flipped: &mut Case,
    fact: FactId,
) {
    let model = lowered.model;
    let (Some(Value::Int(old)), Some(Value::Int(new))) =
        (&original.values[fact.index()], &flipped.values[fact.index()])
    else {
        return;
    };
    let (old, new) = (*old, *new);
    if old == new {
        return;
    }
    let mut candidates = turning_points(lowered, flipped, fact, old);
    candidates.retain(|v| *v != old && v.abs_diff(old) < new.abs_diff(old));
    candidates.sort_by_key(|v| (v.abs_diff(old), *v));
    candidates.dedup();
    for candidate in candidates {
        flipped.values[fact.index()] = Some(Value::Int(candidate));
        if has(model, decision, wanted, flipped) {
            return;
        }
    }
    flipped.values[fact.index()] = Some(Value::Int(new));
}

/// The values of a fact next to which some condition changes, and the days around the old one.
fn turning_points(lowered: &Lowered<'_>, case: &Case, fact: FactId, old: i64) -> Vec<i64> {
    let model = lowered.model;
    let mut points = Vec::new();
    let datetime = matches!(model.fact(fact).ty, Type::DateTime { .. });
    // The same time of another day.
    let on_day = |day: i64| {
        let day = day.clamp(time::ALL_DAYS.0, time::ALL_DAYS.1);
        if datetime { model.zone.instant(day, model.zone.local(old).1) } else { day }
    };
    let day_of = |id: FactId, v: i64| match model.fact(id).ty {
        Type::DateTime { .. } => model.zone.day(v),
        _ => v,
    };
    if matches!(model.fact(fact).ty, Type::DateTime { .. } | Type::Date { .. }) {
        points.extend((-14..=14).map(|d| on_day(day_of(fact, old) + d)));
    }
    for &axis in lowered.space.axes_of(fact) {
        let axis = &lowered.space.axes[axis];
        let ends = axis.cells.iter().flat_map(|cell| match cell {
            Cell::Ranges(parts) => parts.as_slice(),
            _ => &[],
        });
        let ends = ends.flat_map(|(a, b)| [*a, *b]).filter(|v| *v != i64::MIN && *v != i64::MAX);
        match axis.kind {
            AxisKind::Range(_) => points.extend(ends),
            AxisKind::Distance(from, to, unit) => {
                // distance(from, to) = to - from: the fact is one end, the other stands.
                let (other, sign) = if fact == from { (to, -1) } else { (from, 1) };
                let Some(Some(Value::Int(anchor))) = case.values.get(other.index()) else { continue };
                for end in ends {
                    let away = end.saturating_mul(sign);
                    points.push(match unit {
                        Unit::Days => on_day(day_of(other, *anchor).saturating_add(away)),
                        Unit::Months => on_day(time::add_months(day_of(other, *anchor), away.clamp(-4800, 4800))),
                        Unit::Minutes | Unit::Number => anchor.saturating_add(away),
                        Unit::PeriodDays(_) => continue,
                    });
                }
            }
            _ => {}
        }
    }
    points.retain(|v| fits(&model.fact(fact).ty, &Value::Int(*v)));
    points
}

//! Gaps: cases that no rule and no default decides.
//!
//! Three ways, with one answer:
//!
//! * **diagram**: all cases less those that a rule decides. Of few rules it is small, and it counts.
//! * **counting** (`boxes::count`): rules that hardly overlap, as the rows of a table, leave what their volumes fall short of.
//! * **search** (`boxes`, then `sat`): many rules over many facts. It finds whether anything is open and one widest box of
//!   it, but not how much.
//!
//! Few rules go to the diagram at once; else counting is tried where it applies, then the diagram within a part of the
//! budget, then the search.

use super::{Finding, Found, Kind, Question};
use crate::boxes::{Boxes, Left};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use crate::sat::{Answer, Sat};
use crate::space::Hull;

/// Up to so many rules, the diagram is not tried within a part of the budget but with all of it.
const FEW: usize = 60;
/// Steps for the diagram before the search.
const DIAGRAM: u64 = 300_000;
/// Steps for the search that remembers nothing before the one that learns.
const SEARCH: u64 = 2_000_000;
/// Steps of the search that cost as much as one step of the budget, and of the counting.
const CHEAP: u64 = 4;
/// The most parts that counting may leave.
const PARTS: usize = 4000;

pub fn find(lowered: &mut Lowered<'_>, found: &mut Found) {
    let model = lowered.model;
    for decision in (0..model.decisions.len() as u32).map(DecisionId) {
        // A verdict that no clause speaks of, in a policy of duties or of other decisions, is not missed by anyone.
        if model.decision(decision).default.is_some() || (decision == VERDICT && !speaks_of_verdict(model)) {
            continue;
        }
        found.ask(lowered, Question::Gaps, None, |lowered, findings| {
            let kind = Kind::Gap { decision };
            match gap(lowered, decision) {
                Gap::None => {}
                Gap::These(node) => findings.push(Finding::new(kind, node)),
                Gap::Some(node) => findings.push(Finding::some_of(kind, node)),
            }
        });
    }
}

/// Whether any clause gives a verdict or asks something of one.
pub fn speaks_of_verdict(model: &Model) -> bool {
    let gives = |c: &Clause| c.outcome.as_ref().is_some_and(|o| o.decision == VERDICT);
    model.clauses.iter().any(|c| gives(c) || !c.requirements.is_empty())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    None,
    /// All open cases.
    These(Node),
    /// Some open cases; how many there are is not known.
    Some(Node),
}

impl Gap {
    fn of(node: Node) -> Self {
        if node == Diagrams::FALSE { Gap::None } else { Gap::These(node) }
    }
}

fn gap(lowered: &mut Lowered<'_>, decision: DecisionId) -> Gap {
    let by_diagram = |lowered: &mut Lowered<'_>| lowered.decision(decision).undecided;
    if lowered.speakers(decision).take(FEW + 1).count() <= FEW {
        return Gap::of(by_diagram(lowered));
    }
    let voices = voices(lowered, decision);
    let counted = voices.as_ref().and_then(|v| lowered.attempt(u64::MAX, |lowered| by_counting(lowered, v)).flatten());
    if let Some(node) = counted {
        return Gap::of(node);
    }
    if let Some(node) = lowered.attempt(DIAGRAM, by_diagram) {
        return Gap::of(node);
    }
    match voices {
        Some(voices) => by_search(lowered, &voices),
        None => Gap::of(by_diagram(lowered)),
    }
}

/// What decides something somewhere, in boxes, with the clause; `None` where some clause takes too many.
fn voices(lowered: &mut Lowered<'_>, decision: DecisionId) -> Option<Vec<(ClauseId, Hull)>> {
    let mut all = Vec::new();
    for id in lowered.speakers(decision) {
        all.extend(lowered.voices(id)?.iter().map(|(_, hull)| (id, hull.clone())));
    }
    if decision == VERDICT {
        for id in lowered.model.clause_ids() {
            for fails in lowered.fails[id.index()].clone() {
                all.extend(lowered.boxes(fails)?.iter().map(|hull| (id, hull.clone())));
            }
        }
    }
    Some(all)
}

pub fn by_counting(lowered: &mut Lowered<'_>, voices: &[(ClauseId, Hull)]) -> Option<Node> {
    if lowered.space.valid != Diagrams::TRUE {
        return None;
    }
    let mut boxes = Boxes::new(lowered.dd.cells());
    voices.iter().for_each(|(_, hull)| boxes.push(hull));
    let mut first = vec![u32::MAX; lowered.model.clauses.len()];
    for (i, (id, _)) in voices.iter().enumerate().rev() {
        first[id.index()] = i as u32;
    }
    let mut meets = Vec::with_capacity(voices.len());
    for (i, (id, hull)) in voices.iter().enumerate() {
        let mut before = Vec::new();
        for other in lowered.near(*id).iter().filter(|o| first[o.index()] != u32::MAX) {
            let own = (first[other.index()] as usize..i).take_while(|j| voices[*j].0 == *other);
            before.extend(own.filter(|j| !voices[*j].1.disjoint(hull)).map(|j| j as u32));
        }
        // Where every rule meets most others there is nothing to count.
        if before.len() > 64 {
            return None;
        }
        meets.push(before);
    }
    let mut steps = lowered.dd.steps_left().saturating_mul(CHEAP);
    let left = boxes.left(&meets, PARTS, &mut steps)?;
    let parts: Vec<Node> = left.iter().map(|region| lowered.cube(&boxes.hull(region))).collect();
    Some(lowered.dd.or_all(&parts))
}

pub fn by_search(lowered: &mut Lowered<'_>, voices: &[(ClauseId, Hull)]) -> Gap {
    let mut boxes = Boxes::new(lowered.dd.cells());
    voices.iter().for_each(|(_, hull)| boxes.push(hull));
    let ids: Vec<u32> = (0..boxes.len() as u32).collect();
    let whole = boxes.region(&Hull::default());
    let mut counts = |part: &[u64]| lowered.occurs(&boxes.hull(part));
    let found = match boxes.uncovered(&whole, &ids, &mut counts, &mut Bits::new(), &mut SEARCH.clone()) {
        Left::Nothing => None,
        Left::Part(part) => Some(boxes.hull(&part)),
        Left::Unknown => {
            let mut sat = Sat::new(lowered.dd.cells());
            sat.require(&lowered.dd, lowered.space.valid);
            voices.iter().for_each(|(_, hull)| sat.forbid(hull));
            let mut steps = lowered.dd.steps_left();
            match sat.find(&Hull::default(), &mut steps) {
                Answer::None => None,
                Answer::Assignment(cells) => {
                    let sides = cells.iter().enumerate().map(|(axis, c)| (axis, Bits::one(*c as usize)));
                    Some(Hull { sides: sides.collect() })
                }
                Answer::Unknown => {
                    lowered.dd.exhaust();
                    None
                }
            }
        }
    };
    let Some(mut open) = found else { return Gap::None };
    // The widest box around it that no rule meets: as few facts to tell as possible.
    for axis in (0..lowered.dd.cells().len()).rev() {
        let mut wider = open.clone();
        wider.sides.retain(|s| s.0 != axis);
        if voices.iter().all(|(_, hull)| hull.disjoint(&wider)) {
            open = wider;
        }
    }
    let node = lowered.cube(&open);
    Gap::Some(lowered.dd.and(node, lowered.space.valid))
}

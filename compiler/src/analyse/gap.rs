//! Gaps: cases that no rule and no default decides.
//!
//! Three ways, with one answer:
//!
//! * **diagram**: all cases less those that a rule decides. Of few rules it is small, and it counts.
//! * **counting** (`boxes::count`): rules that hardly overlap, as the rows of a table, leave what their volumes fall short of. It
//!   says how much is open, and finds some of it.
//! * **search** (`boxes`, then `sat`): many rules over many facts. It finds whether anything is open and one widest box of
//!   it, but not how much.
//!
//! Few rules go to the diagram at once; else counting is tried where it applies, then the diagram within a part of the
//! budget, then the search.

use super::{CHEAP, Finding, Found, Kind, Question};
use crate::boxes::{Boxes, Left};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use crate::sat::{Answer, Sat};
use crate::space::Hull;
use std::sync::Arc;

/// Up to so many rules, the diagram is not tried within a part of the budget but with all of it.
const FEW: usize = 60;
/// Steps for the diagram before the search.
const DIAGRAM: u64 = 300_000;
/// After an edit the diagram may take more or fewer steps than at a fresh start, by less than one in so many.
const CLOSE: u64 = 4;
/// Steps for the search that remembers nothing before the one that learns.
const SEARCH: u64 = 2_000_000;
/// So many parts of what counting leaves are looked for.
const PARTS: usize = 12;
/// Boxes that a box may meet, on average, for counting.
const MEETS: usize = 40;

pub fn find(lowered: &mut Lowered<'_>, found: &mut Found) {
    let model = lowered.model;
    for decision in (0..model.decisions.len() as u32).map(DecisionId) {
        // A verdict that no clause speaks of, in a policy of duties or of other decisions, is not missed by anyone.
        if model.decision(decision).default.is_some() || (decision == VERDICT && !speaks_of_verdict(model)) {
            continue;
        }
        let fresh = found.is_fresh();
        let sure = found.ask(lowered, Question::Gaps, None, |lowered, findings| {
            let kind = Kind::Gap { decision };
            let (gap, sure) = gap(lowered, decision, fresh);
            match gap {
                Gap::None => {}
                Gap::These(node) => findings.push(Finding::new(kind, node)),
                Gap::Some(node, count) => findings.push(Finding::some_of(kind, node, count)),
            }
            sure
        });
        found.unsure |= sure == Some(false);
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
    /// Some open cases, and how many there are in all, if that is known.
    Some(Node, Option<u128>),
}

impl Gap {
    fn of(node: Node) -> Self {
        if node == Diagrams::FALSE { Gap::None } else { Gap::These(node) }
    }
}

/// The gap, and whether a fresh start surely finds it the same way.
fn gap(lowered: &mut Lowered<'_>, decision: DecisionId, fresh: bool) -> (Gap, bool) {
    if lowered.speakers(decision).take(FEW + 1).count() <= FEW {
        return (by_diagram(lowered, decision), true);
    }
    let voices = voices(lowered, decision);
    let counted = voices.as_ref().and_then(|v| lowered.attempt(u64::MAX, |lowered| by_counting(lowered, v)).flatten());
    if let Some(gap) = counted {
        return (gap, true);
    }
    let margin = if fresh { 0 } else { DIAGRAM / CLOSE };
    if !fresh {
        // What was worked out before the edit would make the diagram cheaper than it is at a fresh start.
        lowered.dd.forget_results();
    }
    let before = lowered.dd.steps();
    if let Some(gap) = lowered.attempt(DIAGRAM + margin, |lowered| by_diagram(lowered, decision)) {
        return (gap, fresh || lowered.dd.steps() - before <= DIAGRAM - margin);
    }
    match voices {
        Some(voices) => (by_search(lowered, &voices), true),
        None => (by_diagram(lowered, decision), true),
    }
}

pub fn by_diagram(lowered: &mut Lowered<'_>, decision: DecisionId) -> Gap {
    Gap::of(lowered.decision(decision).undecided)
}

/// A box in which a clause decides something.
pub struct Voice {
    clause: ClauseId,
    part: Part,
}

/// One of the boxes of what a clause says, or of where a requirement fails.
enum Part {
    Says(Arc<[(u32, Hull)]>, usize),
    Fails(Arc<[Hull]>, usize),
}

impl Voice {
    fn hull(&self) -> &Hull {
        match &self.part {
            Part::Says(boxes, at) => &boxes[*at].1,
            Part::Fails(boxes, at) => &boxes[*at],
        }
    }
}

/// What decides something somewhere, in boxes; `None` where some clause takes too many.
pub fn voices(lowered: &mut Lowered<'_>, decision: DecisionId) -> Option<Vec<Voice>> {
    let mut all = Vec::new();
    for clause in lowered.speakers(decision) {
        let says = lowered.voices(clause)?;
        all.extend((0..says.len()).map(|at| Voice { clause, part: Part::Says(Arc::clone(&says), at) }));
    }
    if decision == VERDICT {
        for clause in lowered.model.clause_ids() {
            for node in lowered.fails[clause.index()].clone() {
                let fails = lowered.boxes(node)?;
                all.extend((0..fails.len()).map(|at| Voice { clause, part: Part::Fails(Arc::clone(&fails), at) }));
            }
        }
    }
    Some(all)
}

pub fn by_counting(lowered: &mut Lowered<'_>, voices: &[Voice]) -> Option<Gap> {
    if lowered.space.valid != Diagrams::TRUE {
        return None;
    }
    let mut boxes = Boxes::new(lowered.dd.cells());
    voices.iter().for_each(|voice| boxes.push(voice.hull()));
    let mut first = vec![u32::MAX; lowered.model.clauses.len()];
    for (i, voice) in voices.iter().enumerate().rev() {
        first[voice.clause.index()] = i as u32;
    }
    let mut meets = Vec::with_capacity(voices.len());
    let mut room = MEETS * voices.len();
    for (i, voice) in voices.iter().enumerate() {
        let mut before = Vec::new();
        for other in lowered.near(voice.clause).iter().filter(|o| first[o.index()] != u32::MAX) {
            let own = (first[other.index()] as usize..i).take_while(|j| voices[*j].clause == *other);
            before.extend(own.filter(|j| !voices[*j].hull().disjoint(voice.hull())).map(|j| j as u32));
        }
        // Where rules meet most others there is nothing to count.
        room = room.checked_sub(before.len())?;
        meets.push(before);
    }
    let most = lowered.dd.steps_left().saturating_mul(CHEAP);
    let mut steps = most;
    let left = boxes.left(&meets, PARTS, &mut steps);
    lowered.dd.charge((most - steps) / CHEAP);
    let (count, left) = left?;
    let parts: Vec<Hull> = left.iter().map(|region| wider(lowered, voices, boxes.hull(region))).collect();
    let parts: Vec<Node> = parts.iter().map(|part| lowered.cube(part)).collect();
    let node = lowered.dd.or_all(&parts);
    Some(if count == 0 { Gap::None } else { Gap::Some(node, Some(count)) })
}

/// The widest box around a box that no rule meets: as few facts to tell as possible.
fn wider(lowered: &Lowered<'_>, voices: &[Voice], mut open: Hull) -> Hull {
    for axis in (0..lowered.dd.cells().len()).rev() {
        let mut wider = open.clone();
        wider.sides.retain(|s| s.0 != axis);
        if voices.iter().all(|voice| voice.hull().disjoint(&wider)) {
            open = wider;
        }
    }
    open
}

pub fn by_search(lowered: &mut Lowered<'_>, voices: &[Voice]) -> Gap {
    let mut boxes = Boxes::new(lowered.dd.cells());
    voices.iter().for_each(|voice| boxes.push(voice.hull()));
    let ids: Vec<u32> = (0..boxes.len() as u32).collect();
    let whole = boxes.region(&Hull::default());
    let most = SEARCH.min(lowered.dd.steps_left().saturating_mul(CHEAP));
    let mut steps = most;
    let mut counts = |part: &[u64]| lowered.occurs(&boxes.hull(part));
    let left = boxes.uncovered(&whole, &ids, &mut counts, &mut Bits::new(), &mut steps);
    lowered.dd.charge((most - steps) / CHEAP);
    let found = match left {
        Left::Nothing => None,
        Left::Part(part) => Some(boxes.hull(&part)),
        Left::Unknown => {
            let mut sat = Sat::new(lowered.dd.cells());
            sat.require(&lowered.dd, lowered.space.valid);
            voices.iter().for_each(|voice| sat.forbid(voice.hull()));
            let most = lowered.dd.steps_left();
            let mut steps = most;
            let answer = sat.find(&Hull::default(), &mut steps);
            lowered.dd.charge(most - steps);
            match answer {
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
    let Some(open) = found else { return Gap::None };
    let open = wider(lowered, voices, open);
    let node = lowered.cube(&open);
    Gap::Some(lowered.dd.and(node, lowered.space.valid), None)
}

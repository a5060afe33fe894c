//! Redundant rules: every case a rule decides is decided the same by other rules, and it adds no duty or advice.
//!
//! That is: in each of these cases another clause is among those that decide, and with the rule gone the answer is what it
//! was. (A rule of a policy that yields is not among them, even if it would say the same once the rule is gone.) Rules are
//! looked at from the last to the first, and one found redundant counts as gone for the rest, so
//! of two equal rules the later is reported, and all that are reported could be deleted together if their exceptions are made
//! exceptions to the rules named instead. Exceptions are not rules here: without one its rule would speak again, which is
//! the finding "exception without effect".

mod wide;

use super::cover::cover_all;
use super::{CHEAP, Finding, Found, Kind, Question};
use crate::boxes::{Boxes, Left};
use crate::diagram::{Diagrams, Node};
use crate::lower::{DecisionSets, Lowered};
use crate::model::*;
use crate::sat::{self, Sat};
use crate::space::Hull;
use batsat::Lit;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use wide::Wide;

/// Steps of the search that remembers nothing before the one that learns.
const SEARCH: u64 = 4_000;
/// Of up to so many neighbours the smallest set that covers is looked for; of more, one of which none can be left out.
const FEW: usize = 60;
/// Rules with so many neighbours are asked about at once, if these are at least so large a part of all clauses.
const MANY: usize = 128;
const PART: usize = 4;

/// By clause, whether it was seen to decide something that nobody else does, is returned: such a clause is reachable, too.
pub fn find(lowered: &mut Lowered<'_>, found: &mut Found) -> Vec<bool> {
    let part = lowered.model.clauses.len().div_ceil(PART);
    find_from(lowered, found, MANY.max(part))
}

/// The same, with rules that have so many neighbours asked about at once (`wide`). What is found does not depend on it, which
/// the tests show.
pub fn find_from(lowered: &mut Lowered<'_>, found: &mut Found, many: usize) -> Vec<bool> {
    let fresh = found.is_fresh();
    // After an edit there is too little to ask.
    let rules: Vec<ClauseId> = lowered.model.clause_ids().filter(|id| fresh && may_be(lowered, *id)).collect();
    // A question of its own; where its budget does not suffice the rules are asked about one by one.
    lowered.dd.begin();
    let mut wide = lowered.attempt(u64::MAX, |lowered| Wide::new(lowered, &rules, many)).unwrap_or_default();
    find_by(lowered, found, |lowered, id, gone| by_words(lowered, id, gone, &mut wide))
}

/// The same by diagrams alone, which the tests compare.
pub fn find_by_diagrams(lowered: &mut Lowered<'_>, found: &mut Found) {
    find_by(lowered, found, |_, _, _| Answer::Open);
}

fn find_by(
    lowered: &mut Lowered<'_>,
    found: &mut Found,
    mut answer: impl FnMut(&mut Lowered<'_>, ClauseId, &[bool]) -> Answer,
) -> Vec<bool> {
    let model = lowered.model;
    let mut needed = vec![false; model.clauses.len()];
    let mut gone = vec![false; model.clauses.len()];
    let mut list = Vec::new();
    for id in (0..model.clauses.len() as u32).rev().map(ClauseId) {
        if !may_be(lowered, id) {
            found.is_gone(lowered, id, false);
            continue;
        }
        if let Some((needs, finding)) = found.need(id) {
            (needed[id.index()], gone[id.index()]) = (needs, finding.is_some());
            list.extend(finding);
            continue;
        }
        let finding = found.ask(lowered, Question::Redundant, id, |lowered, _| {
            gone[id.index()] = true;
            let answer = answer(lowered, id, &gone);
            let needs = matches!(answer, Answer::Needed);
            (needs, if needs { None } else { redundant(lowered, id, answer, &gone) })
        });
        let (needs, finding) = finding.unwrap_or_default();
        needed[id.index()] = needs;
        gone[id.index()] = finding.is_some();
        found.is_gone(lowered, id, finding.is_some());
        list.extend(finding);
    }
    list.reverse();
    found.findings.extend(list);
    needed
}

/// It is a rule, and no duty or advice comes of it.
fn may_be(lowered: &Lowered<'_>, id: ClauseId) -> bool {
    let none = |nodes: &[Node]| nodes.iter().all(|n| *n == Diagrams::FALSE);
    !lowered.model.clause(id).is_exception()
        && none(&lowered.obligations[id.index()])
        && none(&lowered.advice[id.index()])
}

fn redundant(lowered: &mut Lowered<'_>, id: ClauseId, answer: Answer, gone: &[bool]) -> Option<Finding> {
    if lowered.decides(id) == Diagrams::FALSE {
        return None;
    }
    let by = match answer {
        Answer::Needed => return None,
        Answer::Covered(by) => by,
        Answer::Open => {
            if !decided_without(lowered, id, gone) {
                return None;
            }
            covered_by(lowered, id, gone)?
        }
    };
    Some(Finding::plain(Kind::Redundant { clause: id, by }))
}

/// What the boxes say.
enum Answer {
    Needed,
    /// Other words cover all of its own, these in all.
    Covered(Vec<ClauseId>),
    /// It takes more than boxes.
    Open,
}

/// A rule decides wherever it stands and no requirement fails, and another answers for it exactly where it says the same;
/// or, where there are more than two values, where others quarrel anyway. So a part of its boxes that no failing
/// requirement meets, and nobody else's boxes of the same value, shows that it is needed; and if others of the same value
/// alone leave nothing of it, it is not.
fn by_words(lowered: &mut Lowered<'_>, id: ClauseId, gone: &[bool], wide: &mut Wide) -> Answer {
    let model = lowered.model;
    if lowered.yields {
        return Answer::Open;
    }
    let near = lowered.near(id);
    if lowered.fails[id.index()].iter().any(|f| *f != Diagrams::FALSE) {
        // Where its requirement decides and no other fails, what it turns would stand without it.
        let mut alone = lowered.decides_by_requirement(id);
        for &other in near.iter().filter(|o| **o != id && !gone[o.index()]) {
            for fails in lowered.fails[other.index()].clone() {
                alone = lowered.dd.diff(alone, fails);
            }
        }
        return if alone == Diagrams::FALSE { Answer::Open } else { Answer::Needed };
    }
    let Some(outcome) = &model.clause(id).outcome else { return Answer::Open };
    let Some(own) = lowered.voices(id) else { return Answer::Open };
    if wide.is_left(lowered, id, &own, gone) {
        return Answer::Needed;
    }
    let mut cover = Vec::new();
    for (value, hull) in own.iter() {
        let mut around = Around::new(lowered.dd.cells(), hull);
        for &other in near.iter().filter(|o| !gone[o.index()]) {
            if model.clause(other).outcome.as_ref().is_some_and(|o| o.decision == outcome.decision) {
                let Some(said) = lowered.voices(other) else { return Answer::Open };
                for (_, there) in said.iter().filter(|s| s.0 == *value && !s.1.disjoint(hull)) {
                    around.whose.push(other);
                    around.boxes.push(there);
                }
            }
        }
        if outcome.decision == VERDICT {
            for &other in near.iter() {
                for i in 0..lowered.fails[other.index()].len() {
                    let Some(parts) = lowered.boxes(lowered.fails[other.index()][i]) else { return Answer::Open };
                    parts.iter().filter(|part| !part.disjoint(hull)).for_each(|part| around.boxes.push(part));
                }
            }
        }
        let all: Vec<u32> = (0..around.boxes.len() as u32).collect();
        match around.covered(lowered, hull, &all) {
            Some(Some(used)) => cover.push((around, used)),
            Some(None) => {
                let quarrel =
                    model.decision(outcome.decision).values.len() > 2 && quarrels(lowered, id, hull, around, gone);
                return if quarrel { Answer::Open } else { Answer::Needed };
            }
            None => return Answer::Open,
        }
    }
    let by_failing = |(around, used): &(Around, Bits)| used.iter().any(|v| v >= around.whose.len());
    if near.len() <= FEW || cover.iter().any(by_failing) {
        return Answer::Open;
    }
    Answer::Covered(fewer(lowered, &own, cover))
}

/// The boxes that meet one box of a rule: first what others say, then where requirements fail.
struct Around {
    boxes: Boxes,
    /// Whose word a box is.
    whose: Vec<ClauseId>,
    /// The same for the solver that learns, once it was needed.
    solver: Option<(Sat, Vec<Lit>)>,
    /// Where the last answer was that they do not cover it: an assignment that none of them has, if one was seen.
    outside: Option<Vec<u32>>,
}

impl Around {
    fn new(cells: &[u32], hull: &Hull) -> Self {
        Self { boxes: Boxes::within(cells, hull), whose: Vec::new(), solver: None, outside: None }
    }

    /// Those of these boxes that cover the box, `None` inside if they do not; `None` if that is not known.
    fn covered(&mut self, lowered: &mut Lowered<'_>, hull: &Hull, list: &[u32]) -> Option<Option<Bits>> {
        self.outside = None;
        let whole = self.boxes.region(hull);
        // Often one is enough.
        if let Some(one) = list.iter().find(|v| self.boxes.contains(self.boxes.get(**v as usize), &whole)) {
            return Some(Some(Bits::one(*one as usize)));
        }
        if self.solver.is_none() {
            let mut used = Bits::new();
            let most = SEARCH.min(lowered.dd.steps_left().saturating_mul(CHEAP));
            let mut steps = most;
            // The box of the part that was taken.
            let mut part = Hull::default();
            let mut counts = |region: &[u64]| {
                part = self.boxes.hull(region);
                lowered.occurs(&part)
            };
            let left = self.boxes.uncovered(&whole, list, &mut counts, &mut used, &mut steps);
            lowered.dd.charge((most - steps) / CHEAP);
            match left {
                Left::Nothing => return Some(Some(used)),
                Left::Part(_) => {
                    let mut first = vec![0; lowered.dd.cells().len()];
                    for (axis, cells) in part.sides {
                        first[axis] = cells.first().unwrap_or(0) as u32;
                    }
                    self.outside = Some(first).filter(|at| lowered.dd.eval(lowered.space.valid, at) == 1);
                    return Some(None);
                }
                Left::Unknown => {}
            }
        }
        let (sat, asked) = self.solver.get_or_insert_with(|| {
            let mut sat = Sat::new(lowered.dd.cells());
            sat.require(&lowered.dd, lowered.space.valid);
            let boxes = (0..self.boxes.len()).map(|v| self.boxes.hull(self.boxes.get(v)));
            let asked = boxes.map(|hull| sat.may_forbid(&hull)).collect();
            (sat, asked)
        });
        let list: Vec<Lit> = list.iter().map(|v| asked[*v as usize]).collect();
        let most = lowered.dd.steps_left();
        let mut steps = most;
        let answer = sat.find_outside(hull, &list, &mut steps);
        lowered.dd.charge(most - steps);
        match answer {
            (sat::Answer::None, core) => {
                let core: FxHashSet<Lit> = core.into_iter().collect();
                Some(Some((0..asked.len()).filter(|v| core.contains(&asked[*v])).collect()))
            }
            (sat::Answer::Assignment(at), _) => {
                self.outside = Some(at);
                Some(None)
            }
            (sat::Answer::Unknown, _) => {
                lowered.dd.exhaust();
                None
            }
        }
    }
}

impl Around {
    /// From an assignment that only one of these clauses has to others that only another one has, by a change of one axis:
    /// that one is needed, too (recursive model rotation: Belov and Marques-Silva, "Accelerating MUS extraction with
    /// recursive model rotation", FMCAD 2011). So most of the clauses need not be asked about.
    fn rotate(
        &self,
        lowered: &Lowered<'_>,
        hull: &Hull,
        by: &[ClauseId],
        from: (Vec<u32>, ClauseId),
        needed: &mut FxHashSet<ClauseId>,
    ) {
        let counted = self.whose.iter().enumerate().filter(|(_, c)| by.binary_search(c).is_ok());
        let boxes: Vec<(ClauseId, Hull)> = counted.map(|(v, c)| (*c, self.boxes.hull(self.boxes.get(v)))).collect();
        let side = |hull: &Hull, axis: usize, cell: usize| hull.side(axis).is_none_or(|set| set.contains(cell));
        let mut open = vec![from];
        while let Some((at, only)) = open.pop() {
            // By axis, the others that the assignment misses on it alone.
            let mut missed: BTreeMap<usize, Vec<&(ClauseId, Hull)>> = BTreeMap::new();
            for other in boxes.iter().filter(|b| b.0 != only) {
                let mut axes = other.1.sides.iter().filter(|(axis, set)| !set.contains(at[*axis] as usize));
                if let (Some((axis, _)), None) = (axes.next(), axes.next()) {
                    missed.entry(*axis).or_default().push(other);
                }
            }
            for (axis, others) in missed {
                let cells = others.iter().filter_map(|b| b.1.side(axis)).flat_map(Bits::iter).collect::<Bits>();
                for cell in cells.iter().filter(|cell| side(hull, axis, *cell)) {
                    let mut has = others.iter().filter(|b| side(&b.1, axis, cell)).map(|b| b.0);
                    let Some(one) = has.next().filter(|one| !needed.contains(one)) else { continue };
                    let mut changed = at.clone();
                    changed[axis] = cell as u32;
                    let holds = |b: &Hull| b.sides.iter().all(|(axis, set)| set.contains(changed[*axis] as usize));
                    if has.all(|other| other == one)
                        && !boxes.iter().any(|b| b.0 == only && holds(&b.1))
                        && lowered.dd.eval(lowered.space.valid, &changed) == 1
                    {
                        needed.insert(one);
                        open.push((changed, one));
                    }
                }
            }
        }
    }
}

/// Perhaps others quarrel wherever nobody says the same: unless there is a part where nobody speaks at all.
fn quarrels(lowered: &mut Lowered<'_>, id: ClauseId, hull: &Hull, mut around: Around, gone: &[bool]) -> bool {
    let model = lowered.model;
    let word = |c: ClauseId| model.clause(c).outcome.as_ref().map(|o| (o.decision, o.value));
    let own = word(id);
    let mut others = 0;
    for &other in lowered.near(id).iter().filter(|o| !gone[o.index()]) {
        if word(other).map(|w| w.0) == own.map(|w| w.0) && word(other) != own {
            let Some(said) = lowered.voices(other) else { return true };
            let meeting = said.iter().filter(|s| !s.1.disjoint(hull));
            others += usize::from(meeting.map(|s| around.boxes.push(&s.1)).count() > 0);
        }
    }
    let all: Vec<u32> = (0..around.boxes.len() as u32).collect();
    around.solver = None;
    others > 1 && around.covered(lowered, hull, &all) != Some(None)
}

/// Of the clauses whose boxes cover the rule, so few that none can be left out. `cover` is, for each of its boxes, what lies
/// around it and which of that covers it.
fn fewer(lowered: &mut Lowered<'_>, own: &[(u32, Hull)], mut cover: Vec<(Around, Bits)>) -> Vec<ClauseId> {
    let mut by: Vec<ClauseId> = cover.iter().flat_map(|(around, used)| used.iter().map(|v| around.whose[v])).collect();
    by.sort_unstable();
    by.dedup();
    let mut needed: FxHashSet<ClauseId> = FxHashSet::default();
    let mut i = by.len();
    while i > 0 {
        i -= 1;
        if needed.contains(&by[i]) {
            continue;
        }
        let others: Vec<ClauseId> = by.iter().copied().filter(|c| *c != by[i]).collect();
        let mut taken: Vec<ClauseId> = Vec::new();
        let covered = own.iter().zip(&mut cover).all(|((_, hull), (around, _))| {
            let left = |v: &u32| others.contains(&around.whose[*v as usize]);
            let list: Vec<u32> = (0..around.whose.len() as u32).filter(left).collect();
            let used = around.covered(lowered, hull, &list).flatten();
            taken.extend(used.iter().flat_map(Bits::iter).map(|v| around.whose[v]));
            used.is_some()
        });
        if covered {
            // Those that took no part this time are not needed either.
            by.retain(|c| taken.contains(c));
            i = i.min(by.len());
            continue;
        }
        let seen = own
            .iter()
            .zip(&mut cover)
            .find_map(|((_, hull), (around, _))| Some((hull, around.outside.take()?, around)));
        if let Some((hull, at, around)) = seen {
            around.rotate(lowered, hull, &by, (at, by[i]), &mut needed);
        }
    }
    by
}

/// The decisions that the clause takes part in, with where it does: its own, and the verdict by a requirement.
fn regions(lowered: &mut Lowered<'_>, id: ClauseId) -> Vec<(DecisionId, Node)> {
    let own = lowered.model.clause(id).outcome.as_ref().map_or(VERDICT, |o| o.decision);
    let mut regions = vec![(own, lowered.decides_in(id, own))];
    if own != VERDICT {
        regions.push((VERDICT, lowered.decides_in(id, VERDICT)));
    }
    regions
}

/// Wherever the clause decides, the answer without it is the same and a rule's.
fn decided_without(lowered: &mut Lowered<'_>, id: ClauseId, gone: &[bool]) -> bool {
    regions(lowered, id).into_iter().filter(|r| r.1 != Diagrams::FALSE).all(|(decision, region)| {
        let with = answer(lowered, id, decision, region, &|_| true);
        let without = answer(lowered, id, decision, region, &|other| !gone[other.index()]);
        // Where both are in conflict or have the same result, and a rule gives it.
        let mut other = lowered.dd.diff(region, without.conflict);
        for (a, b) in with.result.iter().zip(&without.result) {
            let by_rule = lowered.dd.diff(*b, without.defaulted);
            let same = lowered.dd.and(*a, by_rule);
            other = lowered.dd.diff(other, same);
        }
        let settled = lowered.dd.diff(without.conflict, with.conflict);
        other == Diagrams::FALSE && settled == Diagrams::FALSE
    })
}

/// The decision's answer in some of the clause's cases, from the clauses that `counted` accepts.
fn answer(
    lowered: &mut Lowered<'_>,
    id: ClauseId,
    decision: DecisionId,
    cases: Node,
    counted: &dyn Fn(ClauseId) -> bool,
) -> DecisionSets {
    let model = lowered.model;
    let near = lowered.near(id);
    let mut said = vec![Vec::new(); model.decision(decision).values.len()];
    let mut fails = Vec::new();
    for &other in near.iter().filter(|o| counted(**o)) {
        let clause = model.clause(other);
        if clause.outcome.as_ref().is_some_and(|o| o.decision == decision) {
            let stands = lowered.not_outranked(other, decision, counted);
            let here = lowered.dd.and(stands, cases);
            for (value, node) in lowered.words_where(other, here) {
                said[value as usize].push(node);
            }
        }
        if decision == VERDICT && !clause.requirements.is_empty() {
            let asking = lowered.not_outranked(other, VERDICT, counted);
            let here = lowered.dd.and(asking, cases);
            fails.push(super::reach::breaks(lowered, other, here));
        }
    }
    let said: Vec<Node> = said.iter().map(|parts| lowered.dd.or_all(parts)).collect();
    let failing = lowered.dd.or_all(&fails);
    lowered.combine(decision, said, failing, cases)
}

/// A smallest set of the clauses that are left with one of them among those that decide, wherever this clause does; its own
/// decision and the verdict, which a requirement decides, each by itself.
fn covered_by(lowered: &mut Lowered<'_>, id: ClauseId, gone: &[bool]) -> Option<Vec<ClauseId>> {
    let (decisions, regions): (Vec<DecisionId>, Vec<Node>) = regions(lowered, id).into_iter().unzip();
    let mut candidates = Vec::new();
    let mut sets: Vec<Vec<Node>> = Vec::new();
    for &other in lowered.near(id).iter().filter(|o| !gone[o.index()]) {
        candidates.push(other);
        sets.push(decisions.iter().map(|d| lowered.decides_in(other, *d)).collect());
    }
    let chosen = cover_all(&mut lowered.dd, &regions, &sets)?;
    Some(chosen.into_iter().map(|i| candidates[i]).collect())
}

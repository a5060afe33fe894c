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
use std::sync::Arc;
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
    let wide = lowered.attempt(u64::MAX, |lowered| Wide::new(lowered, &rules, many)).unwrap_or_default();
    find_by(lowered, found, Some(wide))
}

/// The same by diagrams alone, which the tests compare.
pub fn find_by_diagrams(lowered: &mut Lowered<'_>, found: &mut Found) {
    find_by(lowered, found, None);
}

fn find_by(lowered: &mut Lowered<'_>, found: &mut Found, mut wide: Option<Wide>) -> Vec<bool> {
    let model = lowered.model;
    let mut needed = vec![false; model.clauses.len()];
    let mut gone = vec![false; model.clauses.len()];
    let mut list = Vec::new();
    let mut later = Vec::new();
    for id in (0..model.clauses.len() as u32).rev().map(ClauseId) {
        if let Some((needs, finding)) = found.need(id) {
            (needed[id.index()], gone[id.index()]) = (needs, finding.is_some());
            list.extend(finding.map(|finding| (id, finding)));
            continue;
        }
        if !may_be(lowered, id) {
            found.is_gone(lowered, id, false);
            continue;
        }
        let answer = found.ask(lowered, Question::Redundant, id, |lowered, _| {
            gone[id.index()] = true;
            match wide.as_mut().map_or(Answer::Open, |wide| by_words(lowered, id, &gone, wide)) {
                Answer::Needed => Answer::Needed,
                _ if lowered.decides(id) == Diagrams::FALSE => Answer::Open,
                Answer::Open => by_diagrams(lowered, id, &gone).map_or(Answer::Open, Answer::CoveredBy),
                covered => covered,
            }
        });
        let answer = answer.unwrap_or(Answer::Open);
        needed[id.index()] = matches!(answer, Answer::Needed);
        gone[id.index()] = matches!(answer, Answer::Covered | Answer::CoveredBy(_));
        found.is_gone(lowered, id, gone[id.index()]);
        match answer {
            Answer::CoveredBy(by) => list.push((id, redundant(id, by))),
            Answer::Covered => later.push(id),
            Answer::Needed | Answer::Open => {}
        }
    }
    for (id, by) in wide.iter().flat_map(|wide| wide::covers(lowered, &later, &gone, wide)) {
        match by {
            Some(by) => list.push((id, redundant(id, by))),
            None => found.give_up(Question::Redundant, id),
        }
    }
    list.sort_unstable_by_key(|f| f.0);
    found.findings.extend(list.into_iter().map(|f| f.1));
    needed
}

/// It is a rule, and no duty or advice comes of it.
fn may_be(lowered: &Lowered<'_>, id: ClauseId) -> bool {
    let none = |nodes: &[Node]| nodes.iter().all(|n| *n == Diagrams::FALSE);
    !lowered.model.clause(id).is_exception()
        && none(&lowered.obligations[id.index()])
        && none(&lowered.advice[id.index()])
}

fn redundant(id: ClauseId, by: Vec<ClauseId>) -> Finding {
    Finding::plain(Kind::Redundant { clause: id, by })
}

/// Who decides the same wherever the rule decides.
fn by_diagrams(lowered: &mut Lowered<'_>, id: ClauseId, gone: &[bool]) -> Option<Vec<ClauseId>> {
    if decided_without(lowered, id, gone) { covered_by(lowered, id, gone) } else { None }
}

/// Whether a rule is needed.
enum Answer {
    Needed,
    /// Other words cover all of its own; whose is still to be found out.
    Covered,
    /// These clauses do.
    CoveredBy(Vec<ClauseId>),
    /// It takes more to find out, or does not count as redundant.
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
    match wide.is_left(lowered, id, &own, gone) {
        Some(true) => return Answer::Needed,
        Some(false) if near.len() > FEW => return Answer::Covered,
        _ => {}
    }
    let mut cover = Vec::new();
    for (value, hull) in own.iter() {
        let word = (outcome.decision, *value);
        let around = wide.around(word, hull, gone).or_else(|| Around::new(lowered, &near, word, hull, gone));
        let Some(mut around) = around else { return Answer::Open };
        let all = around.all.clone();
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
    let by_failing = |(around, used): &(Around, Bits)| used.iter().any(|v| around.whose(v as u32).is_none());
    if near.len() <= FEW || cover.iter().any(by_failing) {
        return Answer::Open;
    }
    Answer::CoveredBy(fewer(lowered, &own, cover))
}

/// Boxes: first what clauses say, then where requirements fail.
#[derive(Clone)]
struct Said {
    boxes: Boxes,
    /// Whose word a box is.
    whose: Vec<ClauseId>,
}

/// The boxes that meet one box of a rule.
struct Around {
    said: Arc<Said>,
    /// Which of these do.
    all: Vec<u32>,
    /// The same for the solver that learns, once it was needed.
    solver: Option<(Sat, Vec<(u32, Lit)>)>,
    /// Where the last answer was that they do not cover it: an assignment that none of them has, if one was seen.
    outside: Option<Vec<u32>>,
}

impl Around {
    /// What the clauses around say of this, those that are gone apart; `None` where it takes more than boxes.
    fn new(
        lowered: &mut Lowered<'_>,
        near: &[ClauseId],
        (decision, value): (DecisionId, u32),
        hull: &Hull,
        gone: &[bool],
    ) -> Option<Self> {
        let model = lowered.model;
        let mut said = Said { boxes: Boxes::within(lowered.dd.cells(), hull), whose: Vec::new() };
        for &other in near.iter().filter(|o| !gone[o.index()]) {
            if model.clause(other).outcome.as_ref().is_some_and(|o| o.decision == decision) {
                for (_, there) in lowered.voices(other)?.iter().filter(|s| s.0 == value && !s.1.disjoint(hull)) {
                    said.whose.push(other);
                    said.boxes.push(there);
                }
            }
        }
        if decision == VERDICT {
            for &other in near.iter() {
                for i in 0..lowered.fails[other.index()].len() {
                    let parts = lowered.boxes(lowered.fails[other.index()][i])?;
                    parts.iter().filter(|part| !part.disjoint(hull)).for_each(|part| said.boxes.push(part));
                }
            }
        }
        let all = (0..said.boxes.len() as u32).collect();
        Some(Self { said: Arc::new(said), all, solver: None, outside: None })
    }

    /// The boxes of `said` that meet the box, but for the words of the clauses that are gone.
    fn among(said: &Arc<Said>, hull: &Hull, gone: &[bool]) -> Self {
        let (boxes, whose) = (&said.boxes, &said.whose);
        let whole = boxes.region(hull);
        let counted = |v: &u32| whose.get(*v as usize).is_none_or(|clause| !gone[clause.index()]);
        let meets = |v: &u32| boxes.meet(boxes.get(*v as usize), &whole);
        let all = (0..boxes.len() as u32).filter(|v| counted(v) && meets(v)).collect();
        Self { said: Arc::clone(said), all, solver: None, outside: None }
    }

    /// Whose word a box is; of none where a requirement fails.
    fn whose(&self, v: u32) -> Option<ClauseId> {
        self.said.whose.get(v as usize).copied()
    }

    /// Those of these boxes that cover the box, `None` inside if they do not; `None` if that is not known.
    fn covered(&mut self, lowered: &mut Lowered<'_>, hull: &Hull, list: &[u32]) -> Option<Option<Bits>> {
        self.outside = None;
        let boxes = &self.said.boxes;
        let whole = boxes.region(hull);
        // Often one is enough.
        if let Some(one) = list.iter().find(|v| boxes.contains(boxes.get(**v as usize), &whole)) {
            return Some(Some(Bits::one(*one as usize)));
        }
        if self.solver.is_none() {
            let mut used = Bits::new();
            let most = SEARCH.min(lowered.dd.steps_left().saturating_mul(CHEAP));
            let mut steps = most;
            // The box of the part that was taken.
            let mut part = Hull::default();
            let mut counts = |region: &[u64]| {
                part = boxes.hull(region);
                lowered.occurs(&part)
            };
            let left = boxes.uncovered(&whole, list, &mut counts, &mut used, &mut steps);
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
            let within = |v: &u32| {
                let mut other = boxes.hull(boxes.get(*v as usize));
                other.intersect(hull);
                other
            };
            let asked = self.all.iter().map(|v| (*v, sat.may_forbid(&within(v)))).collect();
            (sat, asked)
        });
        let lit = |v: &u32| asked.binary_search_by_key(v, |a| a.0).ok().map(|i| asked[i].1);
        let list: Vec<Lit> = list.iter().filter_map(lit).collect();
        let most = lowered.dd.steps_left();
        let mut steps = most;
        let answer = sat.find_outside(hull, &list, &mut steps);
        lowered.dd.charge(most - steps);
        match answer {
            (sat::Answer::None, core) => {
                let core: FxHashSet<Lit> = core.into_iter().collect();
                Some(Some(asked.iter().filter(|a| core.contains(&a.1)).map(|a| a.0 as usize).collect()))
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
        let words = self.all.iter().filter_map(|v| Some((self.whose(*v)?, self.said.boxes.get(*v as usize))));
        let counted = words.filter(|(clause, _)| by.binary_search(clause).is_ok());
        let boxes: Vec<(ClauseId, Hull)> = counted.map(|(clause, b)| (clause, self.said.boxes.hull(b))).collect();
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
            let boxes = &mut Arc::make_mut(&mut around.said).boxes;
            let before = boxes.len() as u32;
            meeting.for_each(|s| boxes.push(&s.1));
            let added = before..boxes.len() as u32;
            others += usize::from(!added.is_empty());
            around.all.extend(added);
        }
    }
    around.solver = None;
    let all = around.all.clone();
    others > 1 && around.covered(lowered, hull, &all) != Some(None)
}

/// Of the clauses whose boxes cover the rule, so few that none can be left out. `cover` is, for each of its boxes, what lies
/// around it and which of that covers it.
fn fewer(lowered: &mut Lowered<'_>, own: &[(u32, Hull)], mut cover: Vec<(Around, Bits)>) -> Vec<ClauseId> {
    let clauses = |around: &Around, used: &Bits| -> Vec<ClauseId> {
        used.iter().filter_map(|v| around.whose(v as u32)).collect()
    };
    let mut by: Vec<ClauseId> = cover.iter().flat_map(|(around, used)| clauses(around, used)).collect();
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
            let left = |v: &u32| around.whose(*v).is_some_and(|clause| others.binary_search(&clause).is_ok());
            let list: Vec<u32> = around.all.iter().copied().filter(left).collect();
            let used = around.covered(lowered, hull, &list).flatten();
            taken.extend(used.iter().flat_map(|used| clauses(around, used)));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rules that a third contains are redundant, and it is needed once they are gone: also where only the third has so
    /// many neighbours that it is asked about with others.
    #[test]
    fn who_is_gone_covers_nobody() {
        let others = (0..40).map(|n| {
            format!(
                "rule f{n} {{ forbid when half and n = {n} }}\nrule g{n} {{ forbid when not half and n = {} }}\n",
                n + 40
            )
        });
        let text = format!(
            "policy p {{ default forbid }}
            fact half: yes/no
            fact n: number 0 to 99
            rule whole {{ permit }}
            rule one {{ permit when half }}
            rule other {{ permit when not half }}
            {}",
            others.collect::<String>()
        );
        let (_, model) = crate::tabulate::tests::model(&text);
        let mut lowered = Lowered::new(&model, &[], 1_000_000);
        let redundant = |found: Found| found.findings.into_iter().map(|f| f.kind).collect::<Vec<_>>();
        let mut expected = Found::default();
        find_by_diagrams(&mut lowered, &mut expected);
        let expected = redundant(expected);
        assert_eq!(expected.len(), 2, "{expected:?}");
        for many in [0, 60, usize::MAX] {
            let mut found = Found::default();
            find_from(&mut lowered, &mut found, many);
            assert_eq!(found.unfinished(), 0, "from {many} neighbours");
            assert_eq!(redundant(found), expected, "from {many} neighbours");
        }
    }
}

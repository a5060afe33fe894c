//! Time constraints: which combinations of cells do some moments have?
//!
//! The cells of a moment (range, weekday, periods) and the distances between moments are not independent: a meeting of
//! tomorrow is not a week after its invitation. For each group, cells are chosen axis by axis in the order of the levels;
//! what is chosen so far must have a solution (`solve`), else the branch ends there. The tree of what remains is the
//! diagram. Solutions of a part are where the search for the whole goes on from, for they only rise.
//!
//! Cost: a solution for each combination that is possible, or that first becomes impossible. Each group may take as much as
//! the budget of one question is worth; past that it is cut into pairs of facts, and what is then left unsaid is reported as
//! unfinished.

use super::moments::{Group, Link, Moments};
use super::solve::{FREE, Problem};
use super::values::{Cursors, Values};
use super::{Axis, AxisId, Cell, Entangled};
use crate::diagram::{Diagrams, Node};
use crate::model::Model;
use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

/// Axes of a group that are searched at all; the search recurses once for each.
const AXES: usize = 256;

/// What one group may take. At the default budget of two million steps that is as long as a question about rules takes at
/// most, about a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limits {
    /// Constraints looked at while solving.
    steps: u64,
    /// Combinations tried.
    combinations: u64,
    /// Ways to choose one interval from each distance's cell, followed at once.
    branches: usize,
}

impl Limits {
    fn of(budget: u64) -> Self {
        let part = |of_a_million: u128| {
            u64::try_from(u128::from(budget) * of_a_million / 1_000_000).unwrap_or(u64::MAX).max(1)
        };
        let branches = usize::try_from(part(2_048)).unwrap_or(usize::MAX);
        Self { steps: part(10_000_000), combinations: part(750_000), branches }
    }
}

/// Why a group was not searched to its end.
enum Halt {
    Axes,
    Budget,
}

/// The combinations that the groups' axes can have, and the groups that were too large.
pub(super) fn possible(
    model: &Model,
    moments: &Moments,
    axes: &[Axis],
    dd: &mut Diagrams,
    budget: u64,
) -> (Node, Vec<Entangled>) {
    let limits = Limits::of(budget);
    let mut parts = Vec::new();
    let mut unfinished = Vec::new();
    for group in &moments.groups {
        let halt = match combinations(model, moments, axes, dd, group, limits) {
            Ok(node) => {
                parts.push(node);
                continue;
            }
            Err(halt) => halt,
        };
        let facts = group.moments.iter().map(|m| m.fact).collect();
        unfinished.push(Entangled { facts, budget: matches!(halt, Halt::Budget) });
        for part in pairs(group) {
            parts.extend(combinations(model, moments, axes, dd, &part, limits));
        }
    }
    (dd.and_all(&parts), unfinished)
}

/// Each moment alone, and each two that are linked.
fn pairs(group: &Group) -> Vec<Group> {
    let alone = group.moments.iter().map(|m| Group { moments: vec![m.clone()], links: Vec::new() });
    let mut linked: Vec<(usize, usize)> = group.links.iter().map(|l| (l.from.min(l.to), l.from.max(l.to))).collect();
    linked.sort_unstable();
    linked.dedup();
    let pairs = linked.into_iter().map(|(a, b)| {
        let links = group.links.iter().filter(|l| (l.from.min(l.to), l.from.max(l.to)) == (a, b)).cloned();
        let links = links.map(|mut l| {
            (l.from, l.to) = (usize::from(l.from == b), usize::from(l.to == b));
            l
        });
        Group { moments: vec![group.moments[a].clone(), group.moments[b].clone()], links: links.collect() }
    });
    alone.chain(pairs).collect()
}

fn combinations(
    model: &Model,
    moments: &Moments,
    axes: &[Axis],
    dd: &mut Diagrams,
    group: &Group,
    limits: Limits,
) -> Result<Node, Halt> {
    let mut levels: Vec<(AxisId, Part)> = Vec::new();
    for (i, link) in group.links.iter().enumerate() {
        levels.push((link.axis, Part::Link(i)));
    }
    for (i, moment) in group.moments.iter().enumerate() {
        levels.extend(moment.axes.iter().map(|&a| (a, Part::Moment(i))));
    }
    levels.sort_unstable_by_key(|l| l.0);
    if levels.len() > AXES {
        return Err(Halt::Axes);
    }
    let mut search = Search {
        moments,
        axes,
        dd,
        problem: Problem::new(moments, model, group),
        levels: &levels,
        empty: FxHashMap::default(),
        pairs: FxHashMap::default(),
        left: limits,
    };
    let start = State {
        exists: group.moments.iter().map(|m| (!m.conditional).then_some(true)).collect(),
        links: smallvec![None; group.links.len()],
        chosen: smallvec![Cells::new(); group.moments.len()],
        values: group.moments.iter().map(|m| moments.whole(model, m)).collect(),
        branches: vec![Branch {
            solution: group.moments.iter().map(|m| m.range.0).collect(),
            spans: smallvec![FREE; group.links.len()],
        }],
    };
    let node = search.explore(0, &start);
    if search.left.steps > 0 && search.left.combinations > 0 { Ok(node) } else { Err(Halt::Budget) }
}

/// The cells of a moment's first axes.
type Cells = SmallVec<[u32; 4]>;
type Spans = SmallVec<[(i64, i64); 4]>;

/// What an axis belongs to: index into the group's moments or links.
#[derive(Debug, Clone, Copy)]
enum Part {
    Moment(usize),
    Link(usize),
}

/// What the cells chosen so far say.
#[derive(Clone)]
struct State<'a> {
    /// By moment: whether it exists, if known.
    exists: SmallVec<[Option<bool>; 4]>,
    /// By link: whether both its moments exist, if its cell is chosen.
    links: SmallVec<[Option<bool>; 4]>,
    /// By moment: the cells of its own axes, and the values that they have in common.
    chosen: SmallVec<[Cells; 4]>,
    values: SmallVec<[Values<'a>; 4]>,
    /// The ways to choose one interval from each distance's cell that have a solution; at least one.
    branches: Vec<Branch>,
}

#[derive(Clone)]
struct Branch {
    /// The least one.
    solution: SmallVec<[i64; 4]>,
    spans: Spans,
}

struct Search<'a> {
    moments: &'a Moments,
    axes: &'a [Axis],
    dd: &'a mut Diagrams,
    problem: Problem<'a>,
    levels: &'a [(AxisId, Part)],
    /// By moment and the cells of its first axes: they have no value in common.
    empty: FxHashMap<(usize, Cells), bool>,
    /// By two moments, the distances between them and their cells: they have a solution, whatever the others do.
    pairs: FxHashMap<(usize, usize, Spans, Cells, Cells), bool>,
    left: Limits,
}

impl<'a> Search<'a> {
    fn explore(&mut self, depth: usize, state: &State<'a>) -> Node {
        let Some(&(axis, part)) = self.levels.get(depth) else { return Diagrams::TRUE };
        let mut children = Vec::with_capacity(self.axes[axis].cells.len());
        for cell in 0..self.axes[axis].cells.len() as u32 {
            if self.left.steps == 0 || self.left.combinations == 0 || self.dd.exhausted() {
                return Diagrams::FALSE;
            }
            self.left.combinations -= 1;
            let next = match part {
                Part::Moment(m) => self.choose_cell(state, m, axis, cell),
                Part::Link(l) => self.choose_distance(state, l, axis, cell),
            };
            children.push(match next {
                Some(next) => self.explore(depth + 1, &next),
                None => Diagrams::FALSE,
            });
        }
        self.dd.node(axis, &children)
    }

    fn choose_cell(&mut self, state: &State<'a>, m: usize, axis: AxisId, cell: u32) -> Option<State<'a>> {
        let exists = self.axes[axis].cells[cell as usize] != Cell::Absent;
        let mut next = state.clone();
        next.chosen[m].push(cell);
        if next.exists[m] != Some(exists) {
            if next.exists[m].is_some() {
                return None;
            }
            next.exists[m] = Some(exists);
            self.agree(&mut next)?;
        }
        if !exists {
            return Some(next);
        }
        let moment = &self.problem.group.moments[m];
        next.values[m].parts.extend(self.moments.part(moment, &self.axes[axis], cell));
        let values = &next.values[m];
        if *self.empty.entry((m, next.chosen[m].clone())).or_insert_with(|| values.next(values.range.0).is_none()) {
            return None;
        }
        let mut branches = std::mem::take(&mut next.branches);
        branches.retain_mut(|branch| next.values[m].contains(branch.solution[m]) || self.settle(&next, branch, m));
        next.branches = branches;
        (!next.branches.is_empty()).then_some(next)
    }

    fn choose_distance(&mut self, state: &State<'a>, l: usize, axis: AxisId, cell: u32) -> Option<State<'a>> {
        let parts = match &self.axes[axis].cells[cell as usize] {
            Cell::Ranges(parts) => Some(parts),
            _ => None,
        };
        let mut next = state.clone();
        next.links[l] = Some(parts.is_some());
        self.agree(&mut next)?;
        let Some(parts) = parts else { return Some(next) };
        let mut branches = Vec::new();
        for branch in &next.branches {
            for &span in parts {
                if branches.len() >= self.left.branches {
                    self.left.combinations = 0;
                    return None;
                }
                let mut branch = branch.clone();
                branch.spans[l] = span;
                let from = self.problem.group.links[l].from;
                if !self.problem.refuted(&branch.spans) && self.settle(&next, &mut branch, from) {
                    branches.push(branch);
                }
            }
        }
        next.branches = branches;
        (!next.branches.is_empty()).then_some(next)
    }

    /// Raises a branch to its least solution after news about moment `m`. Two moments that cannot agree may climb for long
    /// until that is known, so it is remembered.
    fn settle(&mut self, state: &State<'a>, branch: &mut Branch, m: usize) -> bool {
        let group = self.problem.group;
        if group.moments.len() > 2 {
            for other in (0..group.moments.len()).filter(|&o| o != m) {
                let between = |l: &Link| (l.from == m && l.to == other) || (l.from == other && l.to == m);
                if group.links.iter().zip(&branch.spans).any(|(l, s)| between(l) && *s != FREE)
                    && !self.pair(state, branch, (m.min(other), m.max(other)))
                {
                    return false;
                }
            }
        }
        solve(&self.problem, &state.values, &branch.spans, &mut branch.solution, &mut self.left.steps)
    }

    fn pair(&mut self, state: &State<'a>, branch: &Branch, (a, b): (usize, usize)) -> bool {
        let links = &self.problem.group.links;
        let between = |l: &Link| (l.from.min(l.to), l.from.max(l.to)) == (a, b);
        let spans: Spans = links.iter().zip(&branch.spans).map(|(l, s)| if between(l) { *s } else { FREE }).collect();
        let key = (a, b, spans, state.chosen[a].clone(), state.chosen[b].clone());
        if let Some(&known) = self.pairs.get(&key) {
            return known;
        }
        let mut solution: SmallVec<[i64; 4]> = self.problem.group.moments.iter().map(|m| m.range.0).collect();
        let possible = solve(&self.problem, &state.values, &key.2, &mut solution, &mut self.left.steps);
        self.pairs.insert(key, possible);
        possible
    }

    /// A distance exists exactly if both its moments do.
    fn agree(&self, state: &mut State) -> Option<()> {
        loop {
            let mut news = false;
            for (link, given) in self.problem.group.links.iter().zip(&state.links) {
                let ends = (state.exists[link.from], state.exists[link.to]);
                let (learn, what) = match (given, ends) {
                    (Some(true), (Some(false), _) | (_, Some(false))) => return None,
                    (Some(false), (Some(true), Some(true))) => return None,
                    (Some(true), (None, _)) => (link.from, true),
                    (Some(true), (_, None)) => (link.to, true),
                    (Some(false), (Some(true), None)) => (link.to, false),
                    (Some(false), (None, Some(true))) => (link.from, false),
                    _ => continue,
                };
                state.exists[learn] = Some(what);
                news = true;
            }
            if !news {
                return Some(());
            }
        }
    }
}

fn solve(problem: &Problem, values: &[Values], spans: &[(i64, i64)], solution: &mut [i64], steps: &mut u64) -> bool {
    let mut cursors: SmallVec<[Cursors; 4]> = smallvec![Cursors::new(); values.len()];
    let mut next = |m: usize, value: i64| values[m].next_from(&mut cursors[m], value);
    problem.settle(spans, solution, &mut next, steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The default.
    const BUDGET: u64 = 2_000_000;

    #[test]
    fn what_a_group_may_take_goes_with_the_budget() {
        assert_eq!(Limits::of(BUDGET), Limits { steps: 20_000_000, combinations: 1_500_000, branches: 4_096 });
        assert_eq!(Limits::of(4 * BUDGET), Limits { steps: 80_000_000, combinations: 6_000_000, branches: 16_384 });
        assert_eq!(Limits::of(1), Limits { steps: 10, combinations: 1, branches: 1 });
        assert_eq!(Limits::of(u64::MAX).steps, u64::MAX);
    }
}

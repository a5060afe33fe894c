//! Time constraints: which combinations of cells do some moments have?
//!
//! The cells of a moment (range, weekday, periods) and the distances between moments are not independent: a meeting of
//! tomorrow is not a week after its invitation. For each group, cells are chosen axis by axis in the order of the levels;
//! what is chosen so far must have a solution (`solve`), else the branch ends there. The tree of what remains is the
//! diagram. Solutions of a part are where the search for the whole goes on from, for they only rise.
//!
//! Cost: a solution for each combination that is possible, or that first becomes impossible. Past a budget of steps or
//! combinations the group is cut into pairs of facts, and what is then left unsaid is reported as unfinished.

use super::moments::{Group, Moments};
use super::solve::{FREE, Problem};
use super::{Axis, AxisId, Cell};
use crate::diagram::{Diagrams, Node};
use crate::model::{Intervals, Model, show};
use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};
use std::sync::Arc;

/// Constraints looked at while solving, for one group.
const STEPS: u64 = 20_000_000;
/// Combinations tried, for one group.
const COMBINATIONS: u64 = 400_000;
/// Axes of a group that are searched at all; the search recurses once for each.
const AXES: usize = 256;
/// Ways to choose one interval from each distance's cell, followed at once.
const BRANCHES: usize = 4096;

/// The combinations that the groups' axes can have, and the groups that were too large.
pub(super) fn possible(model: &Model, moments: &mut Moments, axes: &[Axis], dd: &mut Diagrams) -> (Node, Vec<String>) {
    let mut parts = Vec::new();
    let mut unfinished = Vec::new();
    for index in 0..moments.groups.len() {
        let group = moments.groups[index].clone();
        if let Some(node) = combinations(model, moments, axes, dd, &group) {
            parts.push(node);
            continue;
        }
        let names: Vec<String> = group.moments.iter().map(|m| format!("`{}`", model.fact(m.fact).name)).collect();
        unfinished.push(show::list(&names, "and"));
        for part in pairs(&group) {
            parts.extend(combinations(model, moments, axes, dd, &part));
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

fn combinations(model: &Model, moments: &mut Moments, axes: &[Axis], dd: &mut Diagrams, group: &Group) -> Option<Node> {
    let mut levels: Vec<(AxisId, Part)> = Vec::new();
    for (i, link) in group.links.iter().enumerate() {
        levels.push((link.axis, Part::Link(i)));
    }
    for (i, moment) in group.moments.iter().enumerate() {
        levels.extend(moment.axes.iter().map(|&a| (a, Part::Moment(i))));
    }
    levels.sort_unstable_by_key(|l| l.0);
    if levels.len() > AXES {
        return None;
    }
    let mut search = Search {
        model,
        moments,
        axes,
        dd,
        problem: Problem { ruler: moments.ruler(model), group, slack: moments.slack },
        levels: &levels,
        cells: FxHashMap::default(),
        sets: FxHashMap::default(),
        steps: STEPS,
        combinations: COMBINATIONS,
    };
    let whole: SmallVec<[Arc<Intervals>; 4]> =
        group.moments.iter().map(|m| Arc::new(Intervals::one(m.range.0, m.range.1))).collect();
    let values = group.moments.iter().map(|m| m.range.0).collect();
    let start = State {
        exists: group.moments.iter().map(|m| (!m.conditional).then_some(true)).collect(),
        links: smallvec![None; group.links.len()],
        chosen: smallvec![SmallVec::new(); group.moments.len()],
        sets: whole,
        branches: vec![Branch { values, spans: smallvec![FREE; group.links.len()] }],
    };
    let node = search.explore(0, &start);
    let finished = search.steps > 0 && search.combinations > 0;
    let sets = search.sets;
    if finished {
        let full = |m: usize, cells: &[u32]| cells.len() == group.moments[m].axes.len();
        let sets = sets.into_iter().filter(|((m, cells), set)| full(*m, cells) && !set.is_empty());
        moments.keep(sets.map(|((m, cells), set)| ((group.moments[m].fact, cells.to_vec()), set)));
    }
    finished.then_some(node)
}

/// What an axis belongs to: index into the group's moments or links.
#[derive(Debug, Clone, Copy)]
enum Part {
    Moment(usize),
    Link(usize),
}

/// What the cells chosen so far say.
#[derive(Clone)]
struct State {
    /// By moment: whether it exists, if known.
    exists: SmallVec<[Option<bool>; 4]>,
    /// By link: whether both its moments exist, if its cell is chosen.
    links: SmallVec<[Option<bool>; 4]>,
    /// By moment: the cells of its own axes.
    chosen: SmallVec<[SmallVec<[u32; 4]>; 4]>,
    /// By moment: the values that these cells have in common.
    sets: SmallVec<[Arc<Intervals>; 4]>,
    /// The ways to choose one interval from each distance's cell that have a solution; at least one.
    branches: Vec<Branch>,
}

#[derive(Clone)]
struct Branch {
    /// The least solution.
    values: SmallVec<[i64; 4]>,
    spans: SmallVec<[(i64, i64); 4]>,
}

struct Search<'a> {
    model: &'a Model,
    moments: &'a Moments,
    axes: &'a [Axis],
    dd: &'a mut Diagrams,
    problem: Problem<'a>,
    levels: &'a [(AxisId, Part)],
    /// The values of one cell of a moment's axis.
    cells: FxHashMap<(AxisId, u32), Arc<Intervals>>,
    /// The values of the first cells of a moment's axes.
    sets: FxHashMap<(usize, SmallVec<[u32; 4]>), Arc<Intervals>>,
    steps: u64,
    combinations: u64,
}

impl Search<'_> {
    fn explore(&mut self, depth: usize, state: &State) -> Node {
        let Some(&(axis, part)) = self.levels.get(depth) else { return Diagrams::TRUE };
        let mut children = Vec::with_capacity(self.axes[axis].cells.len());
        for cell in 0..self.axes[axis].cells.len() as u32 {
            if self.steps == 0 || self.combinations == 0 || self.dd.exhausted() {
                return Diagrams::FALSE;
            }
            self.combinations -= 1;
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

    fn choose_cell(&mut self, state: &State, m: usize, axis: AxisId, cell: u32) -> Option<State> {
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
        let set = self.set(&state.sets[m], m, axis, cell, &next.chosen[m]);
        if set.is_empty() {
            return None;
        }
        next.sets[m] = set;
        let sets = &next.sets;
        let (problem, steps) = (&self.problem, &mut self.steps);
        next.branches.retain_mut(|branch| sets[m].contains(branch.values[m]) || settle(problem, sets, branch, steps));
        (!next.branches.is_empty()).then_some(next)
    }

    fn choose_distance(&mut self, state: &State, l: usize, axis: AxisId, cell: u32) -> Option<State> {
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
                if branches.len() >= BRANCHES {
                    self.combinations = 0;
                    return None;
                }
                let mut branch = branch.clone();
                branch.spans[l] = span;
                if !self.problem.refuted(&branch.spans)
                    && settle(&self.problem, &next.sets, &mut branch, &mut self.steps)
                {
                    branches.push(branch);
                }
            }
        }
        next.branches = branches;
        (!next.branches.is_empty()).then_some(next)
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

    fn set(
        &mut self,
        before: &Arc<Intervals>,
        m: usize,
        axis: AxisId,
        cell: u32,
        chosen: &SmallVec<[u32; 4]>,
    ) -> Arc<Intervals> {
        if let Some(set) = self.sets.get(&(m, chosen.clone())) {
            return set.clone();
        }
        let (model, moments, axes, group) = (self.model, self.moments, self.axes, self.problem.group);
        let values = self
            .cells
            .entry((axis, cell))
            .or_insert_with(|| Arc::new(moments.values(model, &group.moments[m], &axes[axis], cell)));
        let set = if chosen.len() == 1 { values.clone() } else { Arc::new(before.intersection(values)) };
        self.sets.insert((m, chosen.clone()), set.clone());
        set
    }
}

fn settle(problem: &Problem, sets: &[Arc<Intervals>], branch: &mut Branch, steps: &mut u64) -> bool {
    let mut cursors: SmallVec<[usize; 4]> = smallvec![0; sets.len()];
    let mut next = |m: usize, value: i64| sets[m].next_from(&mut cursors[m], value);
    problem.settle(&branch.spans, &mut branch.values, &mut next, steps)
}

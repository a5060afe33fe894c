//! A function over cells -> few disjoint boxes on each of which it is constant.
//!
//! The function's terminal 0 means "don't care": assignments that no case has. Every other terminal is an output.
//!
//! ```text
//! solve(g): g has one output                -> one row
//!           else, for the axes g depends on:   the cells of an axis whose rests agree wherever both care form one group;
//!                                              a split costs the sum of its groups' rows
//!           the cheapest of the most promising axes wins
//! ```
//!
//! Which axes are promising is estimated by the number of paths of the groups' diagrams. How many of them are tried in
//! earnest falls with the work done (`WIDE`, `NARROW`), so small policies get the best tree there is among the likely ones
//! and policies of thousands of rules still end; past `PLAIN` the diagram's own order is used, which needs no search.
//! Afterwards rows of one output are joined where the box around them meets no other row.

use super::boxes::BoxRow;
use crate::diagram::{Diagrams, Node};
use crate::model::Bits;
use rustc_hash::FxHashMap;

/// Up to this many subproblems four axes are tried in each.
const WIDE: usize = 400;
/// Up to this many subproblems two axes are tried in each; then one.
const NARROW: usize = 3_000;
/// From this many subproblems, or this many nodes, on the diagram's own order is used.
const PLAIN: usize = 30_000;
const PLAIN_NODES: usize = 1_500_000;
/// Rows are joined until this many comparisons of two rows have been made.
const JOIN_LIMIT: usize = 20_000_000;

/// Levels as the reader meets them.
pub struct Levels {
    /// By level: its place among the columns.
    pub rank: Vec<usize>,
    /// By level: its cells stand in an order, as ranges of numbers and moments do; the last cell apart if it is absence.
    pub ordered: Vec<bool>,
    pub absent: Vec<Option<u32>>,
}

/// Disjoint boxes that cover all assignments where `g` is not 0; inside each `g` has the box's output, or 0.
pub fn partition(dd: &mut Diagrams, g: Node, levels: &Levels) -> Vec<BoxRow> {
    let mut solver = Solver {
        dd,
        levels,
        solved: FxHashMap::default(),
        outputs: FxHashMap::default(),
        paths: FxHashMap::default(),
        calls: 0,
    };
    solver.solve(g);
    let mut rows = Vec::new();
    let sizes = solver.dd.cells().to_vec();
    solver.rows(g, &mut vec![None; sizes.len()], &mut rows);
    join(dd, g, rows, &sizes)
}

/// A split of a function by one level: the cells of each group and what is left to decide there. Cells nobody cares about
/// may be in no group.
#[derive(Clone)]
struct Split {
    level: usize,
    groups: Vec<(Bits, Node)>,
}

struct Solver<'a> {
    dd: &'a mut Diagrams,
    levels: &'a Levels,
    solved: FxHashMap<Node, (u64, Option<Split>)>,
    outputs: FxHashMap<Node, Bits>,
    paths: FxHashMap<Node, u64>,
    calls: usize,
}

impl Solver<'_> {
    /// The rows needed for `g`. Recursion is as deep as there are levels.
    fn solve(&mut self, g: Node) -> u64 {
        let outputs = self.outputs(g).len() as u64;
        if outputs <= 1 {
            return outputs;
        }
        if let Some((rows, _)) = self.solved.get(&g) {
            return *rows;
        }
        self.calls += 1;
        let (rows, split) =
            if self.calls > PLAIN || self.dd.nodes() > PLAIN_NODES { self.plain(g) } else { self.search(g) };
        self.solved.insert(g, (rows, split));
        rows
    }

    /// Tries the most promising axes.
    fn search(&mut self, g: Node) -> (u64, Option<Split>) {
        let mut candidates = Vec::new();
        for (level, classes) in self.classes(g) {
            let split = self.split(g, level, &classes);
            if split.groups.len() == 1 {
                // Nothing depends on this axis once don't-cares are used.
                let rows = self.solve(split.groups[0].1);
                return (rows, Some(split));
            }
            let estimate = split.groups.iter().fold(0u64, |sum, group| sum.saturating_add(self.paths(group.1)));
            candidates.push((estimate, self.levels.rank[level], split));
        }
        candidates.sort_by_key(|c| (c.0, c.1));
        let breadth = match self.calls {
            n if n <= WIDE => 4,
            n if n <= NARROW => 2,
            _ => 1,
        };
        let mut best: Option<(u64, Split)> = None;
        for (_, _, split) in candidates.into_iter().take(breadth) {
            let limit = best.as_ref().map_or(u64::MAX, |b| b.0);
            let mut rows = 0u64;
            let mut rest: u64 = split.groups.iter().map(|group| self.outputs(group.1).len() as u64).sum();
            for group in &split.groups {
                rest -= self.outputs(group.1).len() as u64;
                rows = rows.saturating_add(self.solve(group.1));
                if rows.saturating_add(rest) >= limit {
                    rows = u64::MAX;
                    break;
                }
            }
            if rows < limit {
                best = Some((rows, split));
            }
        }
        match best {
            Some((rows, split)) => (rows, Some(split)),
            None => self.plain(g),
        }
    }

    /// The diagram's own first level.
    fn plain(&mut self, g: Node) -> (u64, Option<Split>) {
        let Some(level) = self.dd.level(g) else { return (1, None) };
        let mut groups: Vec<(Bits, Node)> = Vec::new();
        for (first, last, child) in self.dd.runs(g) {
            if child == Diagrams::FALSE {
                continue;
            }
            let cells = first as usize..=last as usize;
            match groups.iter_mut().find(|group| group.1 == child) {
                Some(group) => cells.for_each(|c| group.0.insert(c)),
                None => groups.push((cells.collect(), child)),
            }
        }
        self.adopt(level, &mut groups);
        let rows = groups.iter().fold(0u64, |sum, group| sum.saturating_add(self.solve(group.1)));
        (rows, Some(Split { level, groups }))
    }

    /// The levels that `g` depends on, each with the last cells of the runs of cells that `g` never tells apart.
    fn classes(&self, g: Node) -> Vec<(usize, Vec<u32>)> {
        let mut ends: FxHashMap<usize, Vec<u32>> = FxHashMap::default();
        let mut seen = rustc_hash::FxHashSet::default();
        let mut open = vec![g];
        while let Some(node) = open.pop() {
            let Some(level) = self.dd.level(node) else { continue };
            if !seen.insert(node) {
                continue;
            }
            let ends = ends.entry(level).or_default();
            for (_, last, child) in self.dd.runs(node) {
                if let Err(at) = ends.binary_search(&last) {
                    ends.insert(at, last);
                }
                open.push(child);
            }
        }
        let mut levels: Vec<(usize, Vec<u32>)> = ends.into_iter().collect();
        levels.sort_by_key(|l| self.levels.rank[l.0]);
        levels
    }

    /// Groups the cells of a level: those with equal rests, then those whose rests agree wherever both care.
    fn split(&mut self, g: Node, level: usize, ends: &[u32]) -> Split {
        let mut groups: Vec<(Bits, Node)> = Vec::new();
        let mut first = 0;
        for &last in ends {
            let rest = self.dd.cofactor(g, level, first);
            let cells = first as usize..=last as usize;
            first = last + 1;
            if rest == Diagrams::FALSE {
                continue;
            }
            match groups.iter_mut().find(|group| group.1 == rest) {
                Some(group) => cells.for_each(|c| group.0.insert(c)),
                None => groups.push((cells.collect(), rest)),
            }
        }
        let mut merged: Vec<(Bits, Node)> = Vec::new();
        for (cells, rest) in groups {
            let found = merged.iter().position(|group| agree(self.dd, group.1, rest, &mut FxHashMap::default()));
            match found {
                Some(i) => {
                    let both = self.dd.combine(0, merged[i].1, rest, &mut |a, b| a.max(b));
                    merged[i] = (merged[i].0.union(&cells), both);
                }
                None => merged.push((cells, rest)),
            }
        }
        self.adopt(level, &mut merged);
        Split { level, groups: merged }
    }

    /// In an axis whose cells stand in order, cells that nobody cares about join their neighbours, so that ranges have no
    /// needless ends.
    fn adopt(&self, level: usize, groups: &mut [(Bits, Node)]) {
        if !self.levels.ordered[level] || groups.is_empty() {
            return;
        }
        let absent = self.levels.absent[level];
        let end = absent.unwrap_or(self.dd.cells()[level]) as usize;
        let owner = |cell: usize| groups.iter().position(|g| g.0.contains(cell));
        let owners: Vec<Option<usize>> = (0..end).map(owner).collect();
        let mut current = owners.iter().flatten().next().copied();
        for (cell, owner) in owners.iter().enumerate() {
            match (owner, current) {
                (Some(_), _) => current = *owner,
                (None, Some(group)) => groups[group].0.insert(cell),
                (None, None) => {}
            }
        }
    }

    /// The outputs that `g` has anywhere.
    fn outputs(&mut self, g: Node) -> Bits {
        if let Some(value) = self.dd.value(g) {
            return if value == 0 { Bits::new() } else { Bits::one(value as usize) };
        }
        if let Some(known) = self.outputs.get(&g) {
            return known.clone();
        }
        let mut all = Bits::new();
        for (_, _, child) in self.dd.runs(g) {
            all = all.union(&self.outputs(child));
        }
        self.outputs.insert(g, all.clone());
        all
    }

    /// How many rows the diagram's own order would take: an estimate of the rows needed.
    fn paths(&mut self, g: Node) -> u64 {
        if self.dd.value(g).is_some() {
            return u64::from(g != Diagrams::FALSE);
        }
        if let Some(&known) = self.paths.get(&g) {
            return known;
        }
        let mut children: Vec<Node> = self.dd.runs(g).into_iter().map(|r| r.2).collect();
        children.sort_unstable();
        children.dedup();
        let mut sum = 0u64;
        for child in children {
            sum = sum.saturating_add(self.paths(child));
        }
        self.paths.insert(g, sum);
        sum
    }

    /// Reads the chosen splits as boxes.
    fn rows(&mut self, g: Node, cells: &mut Vec<Option<Bits>>, rows: &mut Vec<BoxRow>) {
        let outputs = self.outputs(g);
        if outputs.len() <= 1 {
            if let Some(output) = outputs.first() {
                rows.push(BoxRow { cells: cells.clone(), output: output as u32 });
            }
            return;
        }
        let Some((_, Some(split))) = self.solved.get(&g).cloned() else { return };
        for (group, rest) in &split.groups {
            let whole = split.groups.len() == 1 || group.len() == self.dd.cells()[split.level] as usize;
            cells[split.level] = (!whole).then(|| group.clone());
            self.rows(*rest, cells, rows);
        }
        cells[split.level] = None;
    }
}

/// Whether two functions have the same output wherever both care.
fn agree(dd: &Diagrams, a: Node, b: Node, done: &mut FxHashMap<(Node, Node), bool>) -> bool {
    if a == b || a == Diagrams::FALSE || b == Diagrams::FALSE {
        return true;
    }
    if dd.value(a).is_some() && dd.value(b).is_some() {
        return false;
    }
    if let Some(&known) = done.get(&(a, b)) {
        return known;
    }
    let level = dd.raw_level(a).min(dd.raw_level(b));
    let (xs, ys) = (dd.runs_at(a, level), dd.runs_at(b, level));
    let (mut i, mut j) = (0, 0);
    let mut same = true;
    while same && i < xs.len() && j < ys.len() {
        same = agree(dd, xs[i].1, ys[j].1, done);
        let last = xs[i].0.min(ys[j].0);
        i += usize::from(xs[i].0 == last);
        j += usize::from(ys[j].0 == last);
    }
    done.insert((a, b), same);
    same
}

/// Joins rows of one output where the box around them meets no other row in any case; rows that lie in that box go with
/// them. Boxes may then meet where nobody cares.
fn join(dd: &mut Diagrams, g: Node, mut rows: Vec<BoxRow>, sizes: &[u32]) -> Vec<BoxRow> {
    let care = dd.preimage(g, &|v| v != 0);
    let mut work = 0;
    let mut i = 0;
    while i < rows.len() {
        let mut j = i + 1;
        while j < rows.len() {
            if work > JOIN_LIMIT || dd.nodes() > 2 * PLAIN_NODES {
                return rows;
            }
            work += 1;
            if rows[i].output == rows[j].output {
                work += rows.len();
                let around = rows[i].around(&rows[j], sizes);
                let inside: Vec<bool> =
                    rows.iter().map(|r| r.output == around.output && r.is_within(&around)).collect();
                if free(dd, care, &around, &rows, &inside) {
                    let mut keep = inside.iter().enumerate().map(|(k, inside)| k == i || !inside);
                    rows[i] = around;
                    rows.retain(|_| keep.next().unwrap_or(true));
                    // Earlier rows may join the grown one now.
                    i = 0;
                    j = 1;
                    continue;
                }
            }
            j += 1;
        }
        i += 1;
    }
    rows
}

/// Whether a box meets no case of the rows that are not inside it.
fn free(dd: &mut Diagrams, care: Node, around: &BoxRow, rows: &[BoxRow], inside: &[bool]) -> bool {
    let meets: Vec<&BoxRow> =
        rows.iter().zip(inside).filter(|(r, inside)| !**inside && !r.disjoint(around)).map(|(r, _)| r).collect();
    if meets.is_empty() {
        return true;
    }
    let around = around.node(dd);
    let cases = dd.and(around, care);
    meets.into_iter().all(|row| {
        let row = row.node(dd);
        dd.disjoint(cases, row)
    })
}

#[cfg(test)]
pub(super) mod tests;

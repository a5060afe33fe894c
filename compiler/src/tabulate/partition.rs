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
//! earnest depends on that number, too: small functions get the best tree there is among the likely ones. Where the
//! diagram's own order gives more than `SEARCHED` rows nothing is tried: it asks first what most rules ask, and the
//! joining does the rest.
//!
//! Boxes of different outputs meet in no case, whatever they are, so the least rows of each output are a question of its
//! own: a tree for one output alone counts only that output's rows. It takes the place of the common tree's rows where it
//! has fewer. Last, rows of one output are joined where the box around them meets no other row (`join`).

use super::boxes::BoxRow;
use super::join::join;
use crate::beside::side_by_side;
use crate::diagram::{Diagrams, Node};
use crate::model::Bits;
use rustc_hash::FxHashMap;

/// Where the diagram's own order gives more rows than these, no other is searched for.
pub(super) const SEARCHED: usize = 150;
/// Functions of up to so many paths are split by the best of four axes, of up to so many by the better of two.
const SMALL: u64 = 60;
const MEDIUM: u64 = 150;
/// From so many subproblems on one axis is tried in each.
const NARROW: usize = 3_000;
/// From so many nodes on the diagram's own order is used.
const PLAIN_NODES: usize = 1_500_000;

/// Levels as the reader meets them.
pub struct Levels {
    /// By level: its place among the columns.
    pub rank: Vec<usize>,
    /// By level: its cells stand in an order, as ranges of numbers and moments do; the last cell apart if it is absence.
    pub ordered: Vec<bool>,
    pub absent: Vec<Option<u32>>,
}

/// At most about so many boxes are needed, found without making them: of these outputs; of all if none is named.
pub fn estimate(dd: &mut Diagrams, g: Node, levels: &Levels, outputs: &[u32]) -> u64 {
    if outputs.is_empty() {
        return Solver::new(dd, levels, Way::Common).paths(g);
    }
    let h = dd.relabel(g, &|v| if v == 0 { 0 } else { 1 + u32::from(!outputs.contains(&v)) });
    Solver::new(dd, levels, Way::Plain).paths(h).max(outputs.len() as u64)
}

/// Disjoint boxes for some of the outputs: each for itself, as those of the others are not wanted.
pub fn some(dd: &mut Diagrams, g: Node, levels: &Levels, outputs: &[u32]) -> Vec<BoxRow> {
    let plain: Vec<Vec<BoxRow>> = outputs.iter().map(|o| alone(dd, g, *o, levels, Way::Plain)).collect();
    if plain.iter().map(Vec::len).sum::<usize>() > SEARCHED {
        return plain.into_iter().flatten().collect();
    }
    let mut rows = Vec::new();
    for (output, plain) in outputs.iter().zip(plain) {
        let mut best = plain;
        if best.len() > 1 {
            let searched = alone(dd, g, *output, levels, Way::Alone);
            // Among equals, the one whose axes were chosen.
            if searched.len() <= best.len() {
                best = searched;
            }
        }
        rows.extend(best);
    }
    rows
}

/// Disjoint boxes that cover all assignments where `g` is not 0; inside each `g` has the box's output, or 0.
pub fn partition(dd: &mut Diagrams, g: Node, levels: &Levels) -> Vec<BoxRow> {
    let outputs: Vec<u32> = Solver::new(dd, levels, Way::Plain).outputs(g).iter().map(|o| o as u32).collect();
    let plain = plain(dd, g, &outputs, levels);
    if plain.iter().map(Vec::len).sum::<usize>() > SEARCHED {
        return plain.into_iter().flatten().collect();
    }
    // Readers find their way more easily in rows of one tree, so these go first among equals.
    let common = common(dd, g, levels);
    let mut rows = Vec::new();
    for (output, plain) in outputs.into_iter().zip(plain) {
        let mut best: Vec<BoxRow> = common.iter().filter(|r| r.output == output).cloned().collect();
        if best.len() > 1 {
            let searched = alone(dd, g, output, levels, Way::Alone);
            for other in [searched, plain] {
                if other.len() < best.len() {
                    best = other;
                }
            }
        }
        rows.extend(best);
    }
    rows
}

/// The boxes of each output, by the diagram's own order. Where there are many, in two parts, each with the outputs that are
/// about half of the work.
fn plain(dd: &mut Diagrams, g: Node, outputs: &[u32], levels: &Levels) -> Vec<Vec<BoxRow>> {
    let mut work: Vec<(u64, usize)> =
        outputs.iter().enumerate().map(|(i, o)| (estimate(dd, g, levels, &[*o]), i)).collect();
    let all = work.iter().fold(0u64, |sum, w| sum.saturating_add(w.0));
    if outputs.len() < 2 || all <= SEARCHED as u64 {
        return outputs.iter().map(|o| alone(dd, g, *o, levels, Way::Plain)).collect();
    }
    work.sort_unstable_by_key(|w| std::cmp::Reverse(*w));
    let mut parts: [(u64, Vec<usize>); 2] = Default::default();
    for (paths, i) in work {
        let [one, two] = &mut parts;
        let lighter = if one.0 <= two.0 { one } else { two };
        lighter.0 = lighter.0.saturating_add(paths);
        lighter.1.push(i);
    }
    let mut copy = dd.clone();
    let [one, two] = parts.map(|p| p.1);
    let each = |dd: &mut Diagrams, part: &[usize]| -> Vec<Vec<BoxRow>> {
        part.iter().map(|i| alone(dd, g, outputs[*i], levels, Way::Plain)).collect()
    };
    let (a, b) = side_by_side(|| each(dd, &one), || each(&mut copy, &two));
    if copy.exhausted() {
        dd.exhaust();
    }
    let mut rows = vec![Vec::new(); outputs.len()];
    one.into_iter().zip(a).chain(two.into_iter().zip(b)).for_each(|(i, boxes)| rows[i] = boxes);
    rows
}

/// The boxes of all outputs by one tree.
pub fn common(dd: &mut Diagrams, g: Node, levels: &Levels) -> Vec<BoxRow> {
    let rows = Solver::new(dd, levels, Way::Common).read(g);
    join(dd, g, rows)
}

/// The boxes of one output.
fn alone(dd: &mut Diagrams, g: Node, output: u32, levels: &Levels, way: Way) -> Vec<BoxRow> {
    let h = dd.relabel(g, &|v| if v == 0 { 0 } else { 1 + u32::from(v != output) });
    let rows = Solver::new(dd, levels, way).read(h);
    let mut rows = join(dd, h, rows);
    rows.iter_mut().for_each(|r| r.output = output);
    rows
}

/// How a function is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The axes that are best for the rows of all outputs.
    Common,
    /// The axes that are best for the rows of output 1; the others' do not count and are not read.
    Alone,
    /// The same output, and the diagram's own order.
    Plain,
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
    way: Way,
    solved: FxHashMap<Node, (u64, Option<Split>)>,
    outputs: FxHashMap<Node, Bits>,
    paths: FxHashMap<Node, u64>,
    /// The rows of small functions, by function.
    joined: FxHashMap<Node, Vec<BoxRow>>,
    calls: usize,
}

impl<'a> Solver<'a> {
    fn new(dd: &'a mut Diagrams, levels: &'a Levels, way: Way) -> Self {
        let (solved, outputs, paths, joined) = Default::default();
        Self { dd, levels, way, solved, outputs, paths, joined, calls: 0 }
    }

    /// Solves, and reads the chosen splits as boxes.
    fn read(&mut self, g: Node) -> Vec<BoxRow> {
        self.solve(g);
        let mut rows = Vec::new();
        self.rows(g, &mut vec![None; self.dd.cells().len()], &mut rows);
        rows
    }

    /// At least so many rows are needed for `g`: the outputs that count.
    fn least(&mut self, g: Node) -> u64 {
        let outputs = self.outputs(g);
        if self.way != Way::Common { u64::from(outputs.contains(1)) } else { outputs.len() as u64 }
    }

    /// Whether `g` needs no split, because it has one output or none that counts.
    fn is_leaf(&mut self, g: Node) -> bool {
        let outputs = self.outputs(g);
        outputs.len() <= 1 || (self.way != Way::Common && !outputs.contains(1))
    }

    /// The rows needed for `g`. Recursion is as deep as there are levels.
    fn solve(&mut self, g: Node) -> u64 {
        if self.is_leaf(g) {
            return self.least(g);
        }
        if let Some((rows, _)) = self.solved.get(&g) {
            return *rows;
        }
        self.calls += 1;
        let (rows, split) =
            if self.way == Way::Plain || self.dd.nodes() > PLAIN_NODES { self.plain(g) } else { self.search(g) };
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
        let paths = self.paths(g);
        let breadth = match paths {
            _ if self.calls > NARROW => 1,
            n if n <= SMALL => 4,
            n if n <= MEDIUM => 2,
            _ => 1,
        };
        let mut best: Option<(u64, Split)> = None;
        for (_, _, split) in candidates.into_iter().take(breadth) {
            let limit = best.as_ref().map_or(paths + 1, |b| b.0);
            let mut rows = 0u64;
            let mut rest: u64 = split.groups.iter().map(|group| self.least(group.1)).sum();
            for group in &split.groups {
                rest -= self.least(group.1);
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
        for (_, _, child) in self.dd.runs(g).collect::<Vec<_>>() {
            all = all.union(&self.outputs(child));
        }
        self.outputs.insert(g, all.clone());
        all
    }

    /// How many rows the diagram's own order would take: an estimate of the rows needed.
    fn paths(&mut self, g: Node) -> u64 {
        if let Some(value) = self.dd.value(g) {
            return u64::from(if self.way != Way::Common { value == 1 } else { value != 0 });
        }
        if let Some(&known) = self.paths.get(&g) {
            return known;
        }
        let mut children: Vec<Node> = self.dd.runs(g).map(|r| r.2).collect();
        children.sort_unstable();
        children.dedup();
        let mut sum = 0u64;
        for child in children {
            sum = sum.saturating_add(self.paths(child));
        }
        self.paths.insert(g, sum);
        sum
    }

    /// Reads the chosen splits as boxes; those of a small function are joined at once, wherever it occurs.
    fn rows(&mut self, g: Node, cells: &mut Vec<Option<Bits>>, rows: &mut Vec<BoxRow>) {
        if self.paths(g) > SMALL || self.is_leaf(g) {
            return self.split_rows(g, cells, rows);
        }
        if !self.joined.contains_key(&g) {
            let mut own = Vec::new();
            self.split_rows(g, &mut vec![None; cells.len()], &mut own);
            let own = join(self.dd, g, own);
            self.joined.insert(g, own);
        }
        for row in &self.joined[&g] {
            let own = row.cells.iter().zip(cells.iter()).map(|(own, around)| own.as_ref().or(around.as_ref()).cloned());
            rows.push(BoxRow { cells: own.collect(), output: row.output });
        }
    }

    fn split_rows(&mut self, g: Node, cells: &mut Vec<Option<Bits>>, rows: &mut Vec<BoxRow>) {
        if self.is_leaf(g) {
            if let Some(output) = self.outputs(g).first().filter(|_| self.least(g) > 0) {
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

#[cfg(test)]
pub(super) mod tests;

//! Questions about diagrams that make no new ones: disjoint, implies, count, evaluate, pick, support.

use super::{Assignment, Diagrams, Node};
use crate::model::Bits;
use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use std::hash::Hash;

/// Is told of a box: levels, ascending, each with its cells.
type Told<'a> = dyn FnMut(&[(usize, Bits)]) + 'a;

/// So many nodes are looked at before it is kept in mind which.
const FEW: usize = 32;

/// What was looked at: the first few in a list, as mostly there are no more.
pub(crate) struct Seen<T> {
    few: SmallVec<[T; FEW]>,
    many: FxHashSet<T>,
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self { few: SmallVec::new(), many: FxHashSet::default() }
    }
}

impl<T: Eq + Hash> Seen<T> {
    /// It was not there.
    pub fn insert(&mut self, what: T) -> bool {
        if self.few.contains(&what) {
            return false;
        }
        if self.few.len() < FEW {
            self.few.push(what);
            return true;
        }
        self.many.insert(what)
    }
}

impl Diagrams {
    /// No common assignment; builds nothing.
    pub fn disjoint(&mut self, a: Node, b: Node) -> bool {
        self.disjoint_from(a, b, &mut Seen::default())
    }

    fn disjoint_from(&mut self, a: Node, b: Node, seen: &mut Seen<(Node, Node)>) -> bool {
        if a == Self::FALSE || b == Self::FALSE || self.exhausted {
            return true;
        }
        if a == Self::TRUE || b == Self::TRUE || a == b {
            return false;
        }
        let pair = (a.min(b), a.max(b));
        if !seen.insert(pair) {
            return true;
        }
        self.step();
        self.pairs(a, b, |dd, _, x, y| dd.disjoint_from(x, y, seen))
    }

    /// Some assignment has on each level one of these cells, or any where there are none; builds nothing.
    pub fn meets(&mut self, f: Node, cells: &[Option<Bits>]) -> bool {
        // A diagram does not ask about a level where nothing depends on it.
        let empty = cells.iter().flatten().any(Bits::is_empty);
        !empty && self.meets_where(f, |level| cells.get(level).and_then(Option::as_ref))
    }

    /// The same of a box: for some levels the cells that it has there.
    pub fn meets_box(&mut self, f: Node, sides: &[(usize, Bits)]) -> bool {
        let side = |level| sides.iter().find(|side| side.0 == level).map(|side| &side.1);
        !sides.iter().any(|side| side.1.is_empty()) && self.meets_where(f, side)
    }

    /// The same of a box that has other cells at one level.
    pub fn meets_box_but(&mut self, f: Node, sides: &[(usize, Bits)], at: usize, cells: &Bits) -> bool {
        let side = |level| {
            if level == at { Some(cells) } else { sides.iter().find(|side| side.0 == level).map(|side| &side.1) }
        };
        let empty = cells.is_empty() || sides.iter().any(|side| side.0 != at && side.1.is_empty());
        !empty && self.meets_where(f, side)
    }

    fn meets_where<'s>(&mut self, f: Node, side: impl Fn(usize) -> Option<&'s Bits>) -> bool {
        let (mut seen, mut looked) = (FxHashSet::default(), 0);
        if self.value(f).is_some() {
            return f != Self::FALSE;
        }
        let mut open: SmallVec<[Node; 32]> = SmallVec::from_slice(&[f]);
        while let Some(node) = open.pop() {
            // Mostly there are few nodes to look at, and none of them twice.
            if self.exhausted || looked > FEW && !seen.insert(node) {
                continue;
            }
            looked += 1;
            self.step();
            let Some(level) = self.level(node) else { return true };
            let (set, mut first) = (side(level), 0);
            for &(last, child) in self.run_slice(node) {
                if child != Self::FALSE && set.is_none_or(|set| set.meets(first as usize, last as usize)) {
                    if child == Self::TRUE {
                        return true;
                    }
                    open.push(child);
                }
                first = last + 1;
            }
        }
        false
    }

    /// Every assignment of `a` is one of `b`; builds nothing.
    pub fn implies(&mut self, a: Node, b: Node) -> bool {
        self.implies_from(a, b, &mut Seen::default())
    }

    fn implies_from(&mut self, a: Node, b: Node, seen: &mut Seen<(Node, Node)>) -> bool {
        if a == Self::FALSE || b == Self::TRUE || a == b || self.exhausted {
            return true;
        }
        if b == Self::FALSE || (a == Self::TRUE && self.value(b).is_some()) {
            return false;
        }
        if !seen.insert((a, b)) {
            return true;
        }
        self.step();
        self.pairs(a, b, |dd, _, x, y| dd.implies_from(x, y, seen))
    }

    /// How many assignments are TRUE; `u128::MAX` for that many or more.
    pub fn count(&mut self, f: Node) -> u128 {
        let own = self.count_below(f);
        self.widen(own, 0, self.raw_level(f))
    }

    /// Assignments of the levels from the node's own on.
    fn count_below(&mut self, f: Node) -> u128 {
        if let Some(value) = self.value(f) {
            return u128::from(value == 1);
        }
        if let Some(&known) = self.counts.get(&f) {
            return known;
        }
        let level = self.raw_level(f);
        let mut total: u128 = 0;
        let mut first = 0;
        for (last, child) in self.runs_at(f, level) {
            let below = self.count_below(child);
            let below = self.widen(below, level + 1, self.raw_level(child));
            total = total.saturating_add(below.saturating_mul(u128::from(last + 1 - first)));
            first = last + 1;
        }
        self.counts.insert(f, total);
        total
    }

    /// Times the cells of the skipped levels `from..to`.
    fn widen(&self, count: u128, from: u32, to: u32) -> u128 {
        let to = (to as usize).min(self.cells().len());
        self.cells()[(from as usize).min(to)..to].iter().fold(count, |n, &c| n.saturating_mul(u128::from(c)))
    }

    /// The terminal of one assignment.
    pub fn eval(&self, f: Node, assignment: &[u32]) -> u32 {
        let mut node = f;
        loop {
            let Some(level) = self.level(node) else { return self.value(node).unwrap_or(0) };
            let runs = self.run_slice(node);
            node = runs[runs.partition_point(|r| r.0 < assignment[level]).min(runs.len() - 1)].1;
        }
    }

    /// An assignment that is TRUE: level by level the best cell, `best(level, first, last)` being the rank and the cell of
    /// the best in a run.
    pub fn pick_by(&self, f: Node, best: &dyn Fn(usize, u32, u32) -> (u64, u32)) -> Option<Assignment> {
        if f == Self::FALSE {
            return None;
        }
        let mut node = f;
        let mut assignment = Vec::with_capacity(self.cells().len());
        for level in 0..self.cells().len() {
            if self.level(node) == Some(level) {
                let runs = self.runs(node).filter(|r| r.2 != Self::FALSE);
                let ((_, cell), child) = runs.map(|(first, last, child)| (best(level, first, last), child)).min()?;
                assignment.push(cell);
                node = child;
            } else {
                assignment.push(best(level, 0, self.cells()[level] - 1).1);
            }
        }
        Some(assignment)
    }

    /// An assignment that is TRUE: level by level the cell that `prefer(level, cell)` ranks lowest.
    pub fn pick(&self, f: Node, prefer: &dyn Fn(usize, u32) -> u64) -> Option<Assignment> {
        if f == Self::FALSE {
            return None;
        }
        let mut node = f;
        let mut assignment = Vec::with_capacity(self.cells().len());
        for level in 0..self.cells().len() {
            if self.level(node) == Some(level) {
                let best = self
                    .runs(node)
                    .filter(|r| r.2 != Self::FALSE)
                    .flat_map(|(first, last, child)| (first..=last).map(move |c| (c, child)))
                    .min_by_key(|&(c, _)| (prefer(level, c), c))?;
                assignment.push(best.0);
                node = best.1;
            } else {
                assignment.push((0..self.cells()[level]).min_by_key(|&c| (prefer(level, c), c))?);
            }
        }
        Some(assignment)
    }

    /// By level: the cells that a TRUE assignment may have; `None` for any.
    pub fn hull(&self, f: Node) -> Vec<Option<Bits>> {
        let n = self.cells().len();
        let mut sides: Vec<Option<Bits>> = vec![Some(Bits::new()); n];
        let skip = |sides: &mut Vec<Option<Bits>>, from: u32, to: u32| {
            (from as usize..(to as usize).min(n)).for_each(|l| sides[l] = None);
        };
        if f != Self::FALSE {
            skip(&mut sides, 0, self.raw_level(f));
        }
        self.walk(f, &mut |dd, node| {
            let level = dd.raw_level(node);
            let mut first = 0;
            for &(last, child) in dd.run_slice(node) {
                if child != Self::FALSE {
                    if let Some(cells) = &mut sides[level as usize] {
                        cells.insert_run(first as usize, last as usize);
                    }
                    skip(&mut sides, level + 1, dd.raw_level(child));
                }
                first = last + 1;
            }
        });
        sides.into_iter().zip(self.cells()).map(|(s, n)| s.filter(|s| s.len() < *n as usize)).collect()
    }

    /// The ways to TRUE, each as a box: the levels it passes, ascending, with the cells that go on to the same child. False
    /// if there are more than `most`; then some were told.
    pub fn boxes(&self, f: Node, most: usize, told: &mut Told) -> bool {
        let mut left = most;
        self.ways(f, &mut Vec::new(), &mut left, told)
    }

    fn ways(&self, f: Node, way: &mut Vec<(usize, Bits)>, left: &mut usize, told: &mut Told) -> bool {
        let Some(level) = self.level(f) else {
            if f == Self::FALSE {
                return true;
            }
            if *left == 0 {
                return false;
            }
            *left -= 1;
            told(way);
            return true;
        };
        let mut children: SmallVec<[(Node, Bits); 4]> = SmallVec::new();
        let mut first = 0;
        for &(last, child) in self.run_slice(f) {
            if child != Self::FALSE {
                match children.iter_mut().find(|c| c.0 == child) {
                    Some((_, set)) => set.insert_run(first as usize, last as usize),
                    None => children.push((child, Bits::run(first as usize, last as usize))),
                }
            }
            first = last + 1;
        }
        for (child, set) in children {
            way.push((level, set));
            let whole = self.ways(child, way, left, told);
            way.pop();
            if !whole {
                return false;
            }
        }
        true
    }

    /// The levels that the function depends on, ascending.
    pub fn support(&self, f: Node) -> Vec<usize> {
        let mut levels = vec![false; self.cells().len()];
        self.walk(f, &mut |dd, node| {
            if let Some(level) = dd.level(node) {
                levels[level] = true;
            }
        });
        levels.iter().enumerate().filter(|(_, used)| **used).map(|(l, _)| l).collect()
    }

    /// Inner nodes of one diagram.
    pub fn size(&self, f: Node) -> usize {
        let mut n = 0;
        self.walk(f, &mut |dd, node| n += usize::from(dd.level(node).is_some()));
        n
    }

    fn walk(&self, f: Node, visit: &mut dyn FnMut(&Self, Node)) {
        let mut seen = FxHashSet::default();
        let mut stack = vec![f];
        while let Some(node) = stack.pop() {
            if seen.insert(node) {
                visit(self, node);
                stack.extend(self.run_slice(node).iter().map(|r| r.1));
            }
        }
    }
}

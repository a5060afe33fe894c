//! Operations that make new diagrams: and, or, less, if-then-else, combine, quantify, fix, simplify.

use super::{Diagrams, Node, Runs};
use crate::model::Bits;
use rustc_hash::FxHashMap;

const AND: u32 = 0;
const OR: u32 = 1;
const DIFF: u32 = 2;
/// Keys of `combine` follow.
const FIRST_KEY: u32 = 8;
/// The cache of if-then-else is dropped when it holds more than this.
const CACHE_LIMIT: usize = 8_000_000;

impl Diagrams {
    /// TRUE where the level's cell is in the set.
    pub fn literal(&mut self, level: usize, cells: &Bits) -> Node {
        self.above(level, cells, Self::TRUE)
    }

    /// `below`, of deeper levels, where the level's cell is in the set; FALSE elsewhere.
    pub fn above(&mut self, level: usize, cells: &Bits, below: Node) -> Node {
        let (mut runs, mut next) = (Runs::new(), 0);
        let last = self.cells()[level] - 1;
        for (first, end) in cells.runs().map(|(first, end)| (first as u32, (end as u32).min(last))) {
            if first > last {
                break;
            }
            if first > next {
                runs.push((first - 1, Self::FALSE));
            }
            runs.push((end, below));
            next = end + 1;
        }
        if next <= last {
            runs.push((last, Self::FALSE));
        }
        self.make(level as u32, runs)
    }

    /// At this level, `children[cell]`; the children lie at deeper levels.
    pub fn node(&mut self, level: usize, children: &[Node]) -> Node {
        let runs = children.iter().enumerate().map(|(i, &c)| (i as u32, c)).collect();
        self.make(level as u32, runs)
    }

    pub fn and(&mut self, a: Node, b: Node) -> Node {
        self.apply(AND, a, b)
    }

    pub fn or(&mut self, a: Node, b: Node) -> Node {
        self.apply(OR, a, b)
    }

    /// a and not b
    pub fn diff(&mut self, a: Node, b: Node) -> Node {
        self.apply(DIFF, a, b)
    }

    pub fn not(&mut self, a: Node) -> Node {
        self.diff(Self::TRUE, a)
    }

    /// Balanced, so that many small sets stay small for long.
    pub fn or_all(&mut self, nodes: &[Node]) -> Node {
        self.balanced(nodes, Self::FALSE, OR)
    }

    pub fn and_all(&mut self, nodes: &[Node]) -> Node {
        self.balanced(nodes, Self::TRUE, AND)
    }

    fn balanced(&mut self, nodes: &[Node], neutral: Node, op: u32) -> Node {
        let mut layer = nodes.to_vec();
        while layer.len() > 1 {
            layer = layer.chunks(2).map(|c| if c.len() == 2 { self.apply(op, c[0], c[1]) } else { c[0] }).collect();
        }
        layer.first().copied().unwrap_or(neutral)
    }

    fn apply(&mut self, op: u32, a: Node, b: Node) -> Node {
        let (no, yes) = (Self::FALSE, Self::TRUE);
        match op {
            AND if a == no || b == no => return no,
            AND if a == yes || a == b => return b,
            AND if b == yes => return a,
            OR if a == yes || b == yes => return yes,
            OR if a == no || a == b => return b,
            OR if b == no => return a,
            DIFF if a == no || b == yes || a == b => return no,
            DIFF if b == no => return a,
            _ => {}
        }
        let (a, b) = if op != DIFF && a > b { (b, a) } else { (a, b) };
        if let Some(known) = self.cache.get(op, a, b) {
            return known;
        }
        if self.exhausted {
            return no;
        }
        self.step();
        let level = self.raw_level(a).min(self.raw_level(b));
        let (xs, ys) = (self.runs_at(a, level), self.runs_at(b, level));
        let runs = self.zip(&xs, &ys, |dd, x, y| dd.apply(op, x, y));
        let result = self.make(level, runs);
        self.remember((op, a, b), result);
        result
    }

    fn zip(&mut self, xs: &Runs, ys: &Runs, mut f: impl FnMut(&mut Self, Node, Node) -> Node) -> Runs {
        let mut runs = Runs::new();
        let (mut i, mut j) = (0, 0);
        while i < xs.len() && j < ys.len() {
            let last = xs[i].0.min(ys[j].0);
            let child = f(self, xs[i].1, ys[j].1);
            runs.push((last, child));
            i += usize::from(xs[i].0 == last);
            j += usize::from(ys[j].0 == last);
        }
        runs
    }

    fn remember(&mut self, key: (u32, Node, Node), result: Node) {
        if !self.exhausted {
            self.cache.put(key.0, key.1, key.2, result);
        }
    }

    /// Where `cond` then `a` else `b`; `a` and `b` may have any terminals.
    pub fn ite(&mut self, cond: Node, a: Node, b: Node) -> Node {
        if cond == Self::TRUE || a == b {
            return a;
        }
        if cond == Self::FALSE {
            return b;
        }
        if a == Self::TRUE && b == Self::FALSE {
            return cond;
        }
        if let Some(&known) = self.ite_cache.get(&(cond, a, b)) {
            return known;
        }
        if self.exhausted {
            return Self::FALSE;
        }
        self.step();
        let level = self.raw_level(cond).min(self.raw_level(a)).min(self.raw_level(b));
        let (cs, xs, ys) = (self.runs_at(cond, level), self.runs_at(a, level), self.runs_at(b, level));
        let mut runs = Runs::new();
        let (mut h, mut i, mut j) = (0, 0, 0);
        while h < cs.len() && i < xs.len() && j < ys.len() {
            let last = cs[h].0.min(xs[i].0).min(ys[j].0);
            let child = self.ite(cs[h].1, xs[i].1, ys[j].1);
            runs.push((last, child));
            h += usize::from(cs[h].0 == last);
            i += usize::from(xs[i].0 == last);
            j += usize::from(ys[j].0 == last);
        }
        let result = self.make(level, runs);
        if self.ite_cache.len() >= CACHE_LIMIT {
            self.ite_cache.clear();
        }
        if !self.exhausted {
            self.ite_cache.insert((cond, a, b), result);
        }
        result
    }

    /// Combines two functions terminal by terminal. `key` names the operation for the cache: one key, one function.
    pub fn combine(&mut self, key: u32, a: Node, b: Node, f: &mut dyn FnMut(u32, u32) -> u32) -> Node {
        if let (Some(x), Some(y)) = (self.value(a), self.value(b)) {
            return self.terminal(f(x, y));
        }
        let op = FIRST_KEY + key;
        if let Some(known) = self.cache.get(op, a, b) {
            return known;
        }
        if self.exhausted {
            return Self::FALSE;
        }
        self.step();
        let level = self.raw_level(a).min(self.raw_level(b));
        let (xs, ys) = (self.runs_at(a, level), self.runs_at(b, level));
        let runs = self.zip(&xs, &ys, |dd, x, y| dd.combine(key, x, y, f));
        let result = self.make(level, runs);
        self.remember((op, a, b), result);
        result
    }

    /// The set where the function has a value that `wanted` accepts.
    pub fn preimage(&mut self, f: Node, wanted: &dyn Fn(u32) -> bool) -> Node {
        self.map(f, &mut FxHashMap::default(), &mut |_, v| if wanted(v) { Self::TRUE } else { Self::FALSE })
    }

    /// The function with other values.
    pub fn relabel(&mut self, f: Node, value: &dyn Fn(u32) -> u32) -> Node {
        self.map(f, &mut FxHashMap::default(), &mut |dd, v| dd.terminal(value(v)))
    }

    fn map(&mut self, f: Node, done: &mut FxHashMap<Node, Node>, leaf: &mut dyn FnMut(&mut Self, u32) -> Node) -> Node {
        if let Some(value) = self.value(f) {
            return leaf(self, value);
        }
        if let Some(&known) = done.get(&f) {
            return known;
        }
        self.step();
        let level = self.raw_level(f);
        let runs = self.runs_at(f, level).iter().map(|&(last, c)| (last, self.map(c, done, leaf))).collect();
        let result = self.make(level, runs);
        done.insert(f, result);
        result
    }

    /// TRUE where some choice of these levels makes `f` true.
    pub fn exists(&mut self, f: Node, levels: &[usize]) -> Node {
        let mut gone = vec![false; self.cells().len()];
        levels.iter().for_each(|&l| gone[l] = true);
        self.quantify(f, &gone, &mut FxHashMap::default())
    }

    fn quantify(&mut self, f: Node, gone: &[bool], done: &mut FxHashMap<Node, Node>) -> Node {
        let Some(level) = self.level(f) else { return f };
        if let Some(&known) = done.get(&f) {
            return known;
        }
        if self.exhausted {
            return Self::FALSE;
        }
        self.step();
        let runs: Runs =
            self.runs_at(f, level as u32).iter().map(|&(last, c)| (last, self.quantify(c, gone, done))).collect();
        let result = if gone[level] {
            let children: Vec<Node> = runs.iter().map(|r| r.1).collect();
            self.or_all(&children)
        } else {
            self.make(level as u32, runs)
        };
        done.insert(f, result);
        result
    }

    /// `f` with the level fixed to a cell.
    pub fn cofactor(&mut self, f: Node, level: usize, cell: u32) -> Node {
        self.fix(f, level as u32, cell, &mut FxHashMap::default())
    }

    fn fix(&mut self, f: Node, level: u32, cell: u32, done: &mut FxHashMap<Node, Node>) -> Node {
        let own = self.raw_level(f);
        if own > level {
            return f;
        }
        if own == level {
            let runs = self.run_slice(f);
            return runs[runs.partition_point(|r| r.0 < cell)].1;
        }
        if let Some(&known) = done.get(&f) {
            return known;
        }
        self.step();
        let runs = self.runs_at(f, own).iter().map(|&(last, c)| (last, self.fix(c, level, cell, done))).collect();
        let result = self.make(own, runs);
        done.insert(f, result);
        result
    }

    /// A function that equals `f` wherever `care` holds and is chosen to be small elsewhere (Coudert and Madre 1990,
    /// "restrict"): where a branch is out of care it takes its neighbour's child.
    pub fn simplify(&mut self, f: Node, care: Node) -> Node {
        self.restrict(f, care, &mut FxHashMap::default())
    }

    fn restrict(&mut self, f: Node, care: Node, done: &mut FxHashMap<(Node, Node), Node>) -> Node {
        if care == Self::TRUE || care == Self::FALSE || self.value(f).is_some() {
            return f;
        }
        if let Some(&known) = done.get(&(f, care)) {
            return known;
        }
        if self.exhausted {
            return Self::FALSE;
        }
        self.step();
        let (fl, cl) = (self.raw_level(f), self.raw_level(care));
        let result = if cl < fl {
            let children: Vec<Node> = self.run_slice(care).iter().map(|r| r.1).collect();
            let wider = self.or_all(&children);
            self.restrict(f, wider, done)
        } else {
            let (xs, ys) = (self.runs_at(f, fl), self.runs_at(care, fl));
            let mut known: Option<Node> = None;
            let mut runs: SmallRuns = SmallRuns::new();
            let (mut i, mut j) = (0, 0);
            while i < xs.len() && j < ys.len() {
                let last = xs[i].0.min(ys[j].0);
                let child = if ys[j].1 == Self::FALSE { None } else { Some(self.restrict(xs[i].1, ys[j].1, done)) };
                known = known.or(child);
                runs.push((last, child));
                i += usize::from(xs[i].0 == last);
                j += usize::from(ys[j].0 == last);
            }
            let mut previous = known.unwrap_or(f);
            let runs = runs
                .into_iter()
                .map(|(last, child)| {
                    previous = child.unwrap_or(previous);
                    (last, previous)
                })
                .collect();
            self.make(fl, runs)
        };
        done.insert((f, care), result);
        result
    }
}

type SmallRuns = smallvec::SmallVec<[(u32, Option<Node>); 8]>;

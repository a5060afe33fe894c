//! Operations that make new diagrams: and, or, less, if-then-else, combine, quantify, fix, simplify.

use super::{Diagrams, Node};
use crate::model::Bits;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

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
        let (base, mut next) = (self.open.len(), 0);
        let last = self.cells()[level] - 1;
        for (first, end) in cells.runs().map(|(first, end)| (first as u32, (end as u32).min(last))) {
            if first > last {
                break;
            }
            if first > next {
                self.add_run(base, (first - 1, Self::FALSE));
            }
            self.add_run(base, (end, below));
            next = end + 1;
        }
        if next <= last {
            self.add_run(base, (last, Self::FALSE));
        }
        self.make(level as u32, base)
    }

    /// At this level, `children[cell]`; the children lie at deeper levels.
    pub fn node(&mut self, level: usize, children: &[Node]) -> Node {
        debug_assert_eq!(children.len(), self.cells()[level] as usize, "a child for each cell");
        let base = self.open.len();
        children.iter().enumerate().for_each(|(cell, child)| self.add_run(base, (cell as u32, *child)));
        self.make(level as u32, base)
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
        let mut layer: SmallVec<[Node; 16]> = SmallVec::from_slice(nodes);
        while layer.len() > 1 {
            let half = layer.len().div_ceil(2);
            for i in 0..half {
                layer[i] = layer.get(2 * i + 1).copied().map_or(layer[2 * i], |b| self.apply(op, layer[2 * i], b));
            }
            layer.truncate(half);
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
        let result = self.zip(a, b, |dd, x, y| dd.apply(op, x, y));
        self.remember((op, a, b), result);
        result
    }

    /// The node with what `f` makes of the children of both, cell by cell; one of them is an inner node.
    fn zip(&mut self, a: Node, b: Node, mut f: impl FnMut(&mut Self, Node, Node) -> Node) -> Node {
        let (level, base) = (self.raw_level(a).min(self.raw_level(b)), self.open.len());
        self.pairs(a, b, |dd, last, x, y| {
            let child = f(dd, x, y);
            dd.add_run(base, (last, child));
            true
        });
        self.make(level, base)
    }

    /// The node with what `f` makes of each child of an inner node.
    fn each(&mut self, node: Node, mut f: impl FnMut(&mut Self, Node) -> Node) -> Node {
        self.zip(node, Self::TRUE, |dd, child, _| f(dd, child))
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
        let (base, end) = (self.open.len(), self.cells()[level as usize] - 1);
        let (mut cs, mut xs, mut ys) = (self.row(cond, level), self.row(a, level), self.row(b, level));
        let result = loop {
            let (c, x, y) = (self.run(&cs), self.run(&xs), self.run(&ys));
            let last = c.0.min(x.0).min(y.0);
            let child = self.ite(c.1, x.1, y.1);
            self.add_run(base, (last, child));
            if last == end {
                break self.make(level, base);
            }
            cs.pass(c, last);
            xs.pass(x, last);
            ys.pass(y, last);
        };
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
        let result = self.zip(a, b, |dd, x, y| dd.combine(key, x, y, f));
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
        let result = self.each(f, |dd, child| dd.map(child, done, leaf));
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
        let result = if gone[level] {
            let mut children: SmallVec<[Node; 16]> = self.run_slice(f).iter().map(|r| r.1).collect();
            children.iter_mut().for_each(|child| *child = self.quantify(*child, gone, done));
            self.or_all(&children)
        } else {
            self.each(f, |dd, child| dd.quantify(child, gone, done))
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
        let result = self.each(f, |dd, child| dd.fix(child, level, cell, done));
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
            let mut known: Option<Node> = None;
            let mut runs: SmallVec<[(u32, Option<Node>); 8]> = SmallVec::new();
            self.pairs(f, care, |dd, last, x, y| {
                let child = (y != Self::FALSE).then(|| dd.restrict(x, y, done));
                known = known.or(child);
                runs.push((last, child));
                true
            });
            let (mut previous, base) = (known.unwrap_or(f), self.open.len());
            for (last, child) in runs {
                previous = child.unwrap_or(previous);
                self.add_run(base, (last, previous));
            }
            self.make(fl, base)
        };
        done.insert((f, care), result);
        result
    }
}

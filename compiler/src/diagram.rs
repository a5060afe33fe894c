//! Multi-valued decision diagrams over the cells of a space.
//!
//! A diagram is a function from an assignment (one cell for each axis) to a terminal: `FALSE` and `TRUE` for sets of
//! cases, any number for functions (`terminal`). Diagrams are ordered (level 0 at the root), reduced and shared: two
//! diagrams are the same function exactly if their `Node`s are equal (Bryant 1986; Kam et al. 1998 for many values).
//!
//! A node's children are stored as runs of cells with the same child, so an axis of thousands of cells costs only its
//! distinct runs. Work is bounded: past the node limit every operation returns `FALSE` and `exhausted()` turns true; what
//! was computed since is worthless and the caller says so (code O9001).
//!
//! Must not know what the levels and cells mean.

mod apply;
mod cache;
mod query;

#[cfg(test)]
mod tests;

pub(crate) use query::Seen;

use cache::Cache;
use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;
use std::hash::Hasher;
use std::sync::Arc;

/// A diagram; only meaningful with the [`Diagrams`] that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node(u32);

/// How far the diagrams were when a question began.
#[derive(Debug, Clone, Copy)]
pub struct Mark(u32, u32);

impl Mark {
    /// The diagram was there already.
    pub fn has(self, node: Node) -> bool {
        node.0 < self.0
    }
}

/// One cell for each level.
pub type Assignment = Vec<u32>;

/// (last cell of the run, child)
pub(crate) type Run = (u32, Node);
pub(crate) type Runs = SmallVec<[Run; 8]>;

const TERMINAL: u32 = u32::MAX;
/// Room for so many times what is there is given back.
const SPARE: usize = 4;

/// A node with its hash, so that a larger table needs no look at the nodes.
#[derive(Debug, Clone, Copy)]
struct Known(u32, Node);

#[derive(Debug, Clone, Copy)]
struct Inner {
    /// `TERMINAL` for terminals, whose value is in `start`.
    level: u32,
    start: u32,
    len: u32,
}

/// Whether whoever asked still wants to know. What is asked after that has no answer.
#[derive(Clone, Default)]
pub struct Stop(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

impl Stop {
    /// Once this says so.
    pub fn when(unwanted: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(unwanted)))
    }

    pub fn now(&self) -> bool {
        self.0.as_ref().is_some_and(|unwanted| unwanted())
    }
}

/// After so many steps somebody looks whether the answer is still wanted; a power of two.
const LOOK: u64 = 1024;

/// The nodes, shared by all diagrams of one space.
#[derive(Clone)]
pub struct Diagrams {
    cells: Vec<u32>,
    limit: usize,
    exhausted: bool,
    stop: Stop,
    steps: u64,
    /// The steps that one question may take, and where the present one ends.
    budget: u64,
    deadline: u64,
    /// Where the present question began, and the most steps that one took.
    began: u64,
    most: u64,
    inner: Vec<Inner>,
    runs: Vec<Run>,
    /// The runs of nodes that are being made, those of the innermost last.
    open: Vec<Run>,
    unique: HashTable<Known>,
    terminals: FxHashMap<u32, Node>,
    cache: Cache,
    ite_cache: FxHashMap<(Node, Node, Node), Node>,
    counts: FxHashMap<Node, u128>,
}

impl Diagrams {
    pub const FALSE: Node = Node(0);
    pub const TRUE: Node = Node(1);

    /// `cells[level]` is the number of cells of that level, at least 1. `limit` is the most nodes it may hold.
    pub fn new(cells: Vec<u32>, limit: usize) -> Self {
        let mut dd = Self {
            cells,
            limit: limit.max(2),
            exhausted: false,
            stop: Stop::default(),
            steps: 0,
            budget: u64::MAX,
            deadline: u64::MAX,
            began: 0,
            most: 0,
            inner: Vec::new(),
            runs: Vec::new(),
            open: Vec::new(),
            unique: HashTable::new(),
            terminals: FxHashMap::default(),
            cache: Cache::new(),
            ite_cache: FxHashMap::default(),
            counts: FxHashMap::default(),
        };
        dd.terminal(0);
        dd.terminal(1);
        dd
    }

    /// Makes room for so many nodes, within the limit.
    pub fn reserve(&mut self, nodes: usize) {
        let nodes = nodes.min(self.limit);
        self.inner.reserve(nodes);
        self.runs.reserve(3 * nodes);
        self.unique.reserve(nodes, |known| spread(known.0));
    }

    /// Cells by level.
    pub fn cells(&self) -> &[u32] {
        &self.cells
    }

    /// The budget or the node limit was reached: results since then are worthless.
    pub fn exhausted(&self) -> bool {
        self.exhausted
    }

    /// Sets how many steps each question may take, from now on.
    pub fn set_budget(&mut self, steps: u64) {
        self.budget = steps;
        self.begin();
    }

    /// A new question begins, with the whole budget. What it returns is for `roll_back`.
    pub fn begin(&mut self) -> Mark {
        (self.most, self.began) = (self.most_steps(), self.steps);
        self.deadline = self.steps.saturating_add(self.budget);
        self.mark()
    }

    /// How far the diagrams are.
    pub fn mark(&self) -> Mark {
        Mark(self.inner.len() as u32, self.runs.len() as u32)
    }

    /// Forgets every diagram made since, for instance for a question whose budget did not suffice. None of them may be
    /// used again.
    pub fn roll_back(&mut self, mark: Mark) {
        let Mark(nodes, runs) = mark;
        let all = self.inner.len() as u32;
        if all - nodes.min(all) < all / 8 {
            // Few: each is looked up.
            for id in nodes..all {
                let Inner { level, start, len } = self.inner[id as usize];
                if level == TERMINAL {
                    self.terminals.remove(&start);
                } else {
                    let hash = hash(level, &self.runs[start as usize..(start + len) as usize]);
                    if let Ok(entry) = self.unique.find_entry(spread(hash), |known| known.1.0 == id) {
                        entry.remove();
                    }
                }
                self.counts.remove(&Node(id));
            }
        } else {
            self.unique.retain(|known| known.1.0 < nodes);
            self.terminals.retain(|_, n| n.0 < nodes);
            self.counts.retain(|n, _| n.0 < nodes);
        }
        self.inner.truncate(nodes as usize);
        self.runs.truncate(runs as usize);
        // What a question needed that was too much would stay with those who keep the diagrams.
        if self.runs.capacity() > SPARE * self.runs.len() {
            self.inner.shrink_to(2 * self.inner.len());
            self.runs.shrink_to(2 * self.runs.len());
            self.unique.shrink_to(2 * self.inner.len(), |known| spread(known.0));
        }
        self.forget_results();
        self.exhausted = false;
    }

    /// The steps that one question may take.
    pub fn budget(&self) -> u64 {
        self.budget
    }

    /// The most steps that a question took.
    pub fn most_steps(&self) -> u64 {
        self.most.max(self.steps - self.began)
    }

    /// The present question took so many steps of another kind: boxes looked at, clauses learnt.
    pub fn charge(&mut self, steps: u64) {
        self.steps = self.steps.saturating_add(steps);
        self.exhausted |= self.steps > self.deadline;
    }

    /// Questions that were asked of a copy took so many steps since, all of them and one of them at most.
    pub fn note_steps(&mut self, copy: &Self, since: u64) {
        let all = copy.steps - since;
        self.most = self.most.max(copy.most_steps());
        (self.steps, self.began) = (self.steps + all, self.began + all);
        self.deadline = self.deadline.saturating_add(all);
    }

    /// Forgets what questions took.
    pub fn forget_steps(&mut self) {
        (self.began, self.most) = (self.steps, 0);
    }

    /// Forgets what was worked out, but none of the diagrams.
    pub fn forget_results(&mut self) {
        self.cache.clear();
        self.ite_cache.clear();
    }

    /// Steps that the present question may still take.
    pub fn steps_left(&self) -> u64 {
        self.deadline.saturating_sub(self.steps)
    }

    /// The present question was too much: of whatever the work on it was.
    pub fn exhaust(&mut self) {
        self.exhausted = true;
    }

    /// Where the present question ends from now on; what it was is returned.
    pub(crate) fn set_deadline(&mut self, steps: u64) -> u64 {
        std::mem::replace(&mut self.deadline, steps)
    }

    /// One step of work.
    fn step(&mut self) {
        self.steps += 1;
        if self.steps > self.deadline || self.steps & (LOOK - 1) == 0 && self.stop.now() {
            self.exhausted = true;
        }
    }

    /// From now on questions are given up as soon as their answers are not wanted any more.
    pub fn stop_when(&mut self, stop: Stop) {
        self.stop = stop;
    }

    /// Nobody wants to know any more.
    pub fn stopped(&self) -> bool {
        self.stop.now()
    }

    /// Recursive calls made so far: a measure of work that does not depend on the machine.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Nodes held.
    pub fn nodes(&self) -> usize {
        self.inner.len()
    }

    /// The terminal with this value; `terminal(0)` is `FALSE`, `terminal(1)` is `TRUE`.
    pub fn terminal(&mut self, value: u32) -> Node {
        if let Some(&node) = self.terminals.get(&value) {
            return node;
        }
        let node = Node(self.inner.len() as u32);
        self.inner.push(Inner { level: TERMINAL, start: value, len: 0 });
        self.terminals.insert(value, node);
        node
    }

    /// The value of a terminal, or `None` for an inner node.
    pub fn value(&self, node: Node) -> Option<u32> {
        let inner = self.inner[node.0 as usize];
        (inner.level == TERMINAL).then_some(inner.start)
    }

    /// Level of an inner node.
    pub fn level(&self, node: Node) -> Option<usize> {
        let level = self.inner[node.0 as usize].level;
        (level != TERMINAL).then_some(level as usize)
    }

    /// Children of an inner node as (first cell, last cell, child), in order, covering all cells. Empty for terminals.
    pub fn runs(&self, node: Node) -> impl Iterator<Item = (u32, u32, Node)> + Clone + use<'_> {
        let runs = self.run_slice(node);
        let first = move |i: usize| i.checked_sub(1).map_or(0, |before| runs[before].0 + 1);
        runs.iter().enumerate().map(move |(i, &(last, child))| (first(i), last, child))
    }

    pub(crate) fn run_slice(&self, node: Node) -> &[Run] {
        let inner = self.inner[node.0 as usize];
        if inner.level == TERMINAL { &[] } else { &self.runs[inner.start as usize..(inner.start + inner.len) as usize] }
    }

    /// `TERMINAL` for terminals, so that the smaller of two levels is the one to branch on.
    pub(crate) fn raw_level(&self, node: Node) -> u32 {
        self.inner[node.0 as usize].level
    }

    /// The runs of `node` seen from `level`: its own if it branches there, else one run with the node itself.
    pub(crate) fn runs_at(&self, node: Node, level: u32) -> Runs {
        if self.raw_level(node) == level {
            SmallVec::from_slice(self.run_slice(node))
        } else {
            SmallVec::from_slice(&[(self.cells[level as usize] - 1, node)])
        }
    }

    /// The same, one after the other.
    fn row(&self, node: Node, level: u32) -> Row {
        let inner = self.inner[node.0 as usize];
        Row { next: inner.start, own: inner.level == level, whole: (self.cells[level as usize] - 1, node) }
    }

    /// The run that a row is at.
    fn run(&self, row: &Row) -> Run {
        if row.own { self.runs[row.next as usize] } else { row.whole }
    }

    /// The children of two nodes, cell by cell, each pair with its last cell, as long as `go_on` says so; one of the nodes is an
    /// inner one.
    fn pairs(&mut self, a: Node, b: Node, mut go_on: impl FnMut(&mut Self, u32, Node, Node) -> bool) -> bool {
        let level = self.raw_level(a).min(self.raw_level(b));
        let end = self.cells[level as usize] - 1;
        let (mut xs, mut ys) = (self.row(a, level), self.row(b, level));
        loop {
            let (x, y) = (self.run(&xs), self.run(&ys));
            let last = x.0.min(y.0);
            if !go_on(self, last, x.1, y.1) {
                return false;
            }
            if last == end {
                return true;
            }
            xs.pass(x, last);
            ys.pass(y, last);
        }
    }

    /// Adds a run to the node that began at `base`; it is merged with the one before where both have one child.
    fn add_run(&mut self, base: usize, (last, child): Run) {
        match self.open[base..].last_mut() {
            Some(before) if before.1 == child => before.0 = last,
            _ => self.open.push((last, child)),
        }
    }

    /// The reduced node whose runs were added since `base`.
    fn make(&mut self, level: u32, base: usize) -> Node {
        let node = self.find_or_make(level, base);
        self.open.truncate(base);
        node
    }

    fn find_or_make(&mut self, level: u32, base: usize) -> Node {
        let runs = &self.open[base..];
        if let [(_, child)] = runs {
            return *child;
        }
        let hash = hash(level, runs);
        let same =
            |&Known(of, n): &Known| of == hash && self.inner[n.0 as usize].level == level && self.run_slice(n) == runs;
        if let Some(&Known(_, node)) = self.unique.find(spread(hash), same) {
            return node;
        }
        if self.inner.len() >= self.limit || self.runs.len() + runs.len() >= self.limit.saturating_mul(16) {
            self.exhausted = true;
            return Self::FALSE;
        }
        let node = Node(self.inner.len() as u32);
        self.inner.push(Inner { level, start: self.runs.len() as u32, len: runs.len() as u32 });
        self.runs.extend_from_slice(runs);
        self.unique.insert_unique(spread(hash), Known(hash, node), |known| spread(known.0));
        node
    }
}

/// The runs of a node as seen from a level, of which one is next. Where they lie is kept, not the runs: while they are looked at
/// more nodes are made.
struct Row {
    next: u32,
    own: bool,
    whole: Run,
}

impl Row {
    /// Goes on behind this cell, where that ends the run.
    fn pass(&mut self, run: Run, last: u32) {
        self.next += u32::from(run.0 == last);
    }
}

fn hash(level: u32, runs: &[Run]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(level);
    runs.iter().for_each(|(last, child)| hasher.write_u64(u64::from(*last) << 32 | u64::from(child.0)));
    let hash = hasher.finish();
    (hash ^ hash >> 32) as u32
}

/// As the table wants it: it looks at both ends.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

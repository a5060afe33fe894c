//! A diagram of answers -> its nodes as one array, see the head of `array`.

use super::super::cells::{Cells, Kind, Plain};
use super::super::outcome::{NO_CASE, Outcomes};
use super::{Array, DENSE, END, FIRST, FIRST_BITS, LATER, NOTHING, OTHER};
use crate::diagram::{Diagrams, Node};
use rustc_hash::{FxHashMap, FxHashSet};

/// Cells are found before the walk if at least so many of a hundred walks ask for them: found later they take thrice as
/// long. Only speed hangs on it.
const LIKELY: f64 = 0.33;
/// Nodes with up to so many cells are dense, and those with up to so many cells a run.
const FEW: usize = 16;
const CELLS_A_RUN: usize = 4;

impl Array {
    /// `None` where the array would have more words than references can reach, or than `limit`.
    pub fn new(outcomes: &Outcomes, cells: &Cells, limit: usize) -> Option<Self> {
        let bits = (usize::BITS - cells.len().leading_zeros()).max(FIRST_BITS);
        let most = limit.min(1 << (30 - bits.min(20)));
        let mut reached = Reached::new(&outcomes.dd, cells);
        let root = reached.follow(outcomes.root);
        if reached.answers.len() >= most {
            return None;
        }
        // Nodes of a level stand together; the checks are last.
        let mut places = FxHashMap::default();
        let mut size = 0usize;
        for (level, node) in reached.nodes() {
            let edges = reached.edges(level, node);
            let n = edges.last().map_or(0, |e| e.0 as usize + 1);
            let dense = n <= FEW || n <= CELLS_A_RUN * edges.len();
            places.insert(node, (size, dense));
            size += if dense { n } else { 1 + 2 * edges.len() };
            if size >= most {
                return None;
            }
        }
        let mut checks = FxHashMap::default();
        for (node, facts, _) in &reached.checks {
            checks.insert(*node, size);
            size += 3 + facts.len();
        }
        if size >= most {
            return None;
        }
        let asked = reached.asked(root);
        let likely = |plain: &Plain| asked.get(plain.axis as usize).is_some_and(|p| *p >= LIKELY);
        let plain = || (0..cells.len().min(FIRST)).filter_map(|axis| cells.as_plain(axis)).filter(likely);
        let first = [Kind::Bool, Kind::Choice, Kind::Int].map(|kind| plain().filter(|p| p.kind == kind).collect());
        let early = plain().fold(0u32, |bits, plain| bits | 1 << plain.axis);

        let real = |node: Node| match (outcomes.dd.level(node), places.get(&node)) {
            (Some(level), Some(&(place, dense))) => {
                let found = level < FIRST && early >> level & 1 == 1;
                let kind = if !dense {
                    OTHER
                } else if found {
                    DENSE
                } else {
                    LATER
                };
                (place as u32) << (2 + bits) | (level as u32) << 2 | kind
            }
            _ => reached.end(node) << 2 | END,
        };
        let refer = |node: Node| match checks.get(&node) {
            Some(place) => (*place as u32) << (2 + bits) | OTHER,
            None => real(node),
        };
        let mut words = Vec::with_capacity(size);
        for (level, node) in reached.nodes() {
            let edges = reached.edges(level, node);
            if places.get(&node).is_some_and(|p| p.1) {
                let place = words.len();
                edges.iter().for_each(|e| words.resize(place + e.0 as usize + 1, refer(e.1)));
            } else {
                words.push(edges.len() as u32);
                words.extend(edges.iter().map(|e| e.0));
                words.extend(edges.iter().map(|e| refer(e.1)));
            }
        }
        for (_, facts, behind) in &reached.checks {
            words.extend([0, facts.len() as u32]);
            words.extend(facts);
            words.push(real(*behind));
        }
        let width = outcomes.answers.iter().map(|a| a.len()).max().unwrap_or(0);
        let answers = reached.answers.iter().flat_map(|value| match outcomes.answers.get(*value as usize) {
            Some(words) if *value != NO_CASE => words.to_vec(),
            _ => vec![NOTHING; width],
        });
        Some(Self {
            root: refer(outcomes.root),
            answers: answers.collect(),
            nodes: words.into(),
            bits,
            first,
            early,
            width,
        })
    }
}

/// The nodes that walks come to.
struct Reached<'a> {
    dd: &'a Diagrams,
    cells: &'a Cells,
    by_level: Vec<Vec<Node>>,
    /// Nodes before which facts are checked: the facts, and the node behind them.
    checks: Vec<(Node, Vec<u32>, Node)>,
    checked: FxHashSet<Node>,
    /// The answers that are reached, by number, and their numbers.
    answers: Vec<u32>,
    ends: FxHashMap<u32, u32>,
}

impl<'a> Reached<'a> {
    fn new(dd: &'a Diagrams, cells: &'a Cells) -> Self {
        Self {
            dd,
            cells,
            by_level: vec![Vec::new(); cells.len()],
            checks: Vec::new(),
            checked: FxHashSet::default(),
            answers: Vec::new(),
            ends: FxHashMap::default(),
        }
    }

    /// Takes note of all that is reached from a node; the first real node.
    fn follow(&mut self, root: Node) -> Node {
        let start = self.behind(root);
        let (mut seen, mut stack) = (FxHashSet::default(), vec![start]);
        while let Some(node) = stack.pop() {
            if !seen.insert(node) {
                continue;
            }
            match self.dd.level(node) {
                Some(level) => {
                    self.by_level[level].push(node);
                    for (_, child) in self.edges(level, node).into_iter().rev() {
                        stack.push(self.behind(child));
                    }
                }
                None => {
                    let value = self.dd.value(node).unwrap_or(NO_CASE);
                    self.ends.insert(value, self.answers.len() as u32);
                    self.answers.push(value);
                }
            }
        }
        start
    }

    /// The nodes with their levels, level by level.
    fn nodes(&self) -> impl Iterator<Item = (usize, Node)> + '_ {
        self.by_level.iter().enumerate().flat_map(|(level, nodes)| nodes.iter().map(move |node| (level, *node)))
    }

    /// The number of an end.
    fn end(&self, node: Node) -> u32 {
        self.dd.value(node).and_then(|value| self.ends.get(&value)).copied().unwrap_or(0)
    }

    /// The node behind the checks that stand before this one.
    fn behind(&mut self, node: Node) -> Node {
        let (facts, behind) = self.must_be_absent(node);
        if !facts.is_empty() && self.checked.insert(node) {
            self.checks.push((node, facts, behind));
        }
        behind
    }

    /// The facts that must be absent from here on, as long as nothing else is asked, and the node at which something is.
    fn must_be_absent(&self, node: Node) -> (Vec<u32>, Node) {
        let (mut facts, mut distances) = (Vec::new(), Vec::new());
        let mut at = node;
        while let Some(level) = self.dd.level(at) {
            let edges = self.edges(level, at);
            let (Some(absent), [(before, none), (last, child)]) = (self.cells.absence(level), edges.as_slice()) else {
                break;
            };
            if *last != absent || before + 1 != absent || self.dd.value(*none) != Some(NO_CASE) {
                break;
            }
            match self.cells.facts(level) {
                (fact, None) => facts.push(fact as u32),
                (from, Some(to)) => distances.push((from as u32, to as u32)),
            }
            at = *child;
        }
        // A distance is absent where one of its facts is.
        let told = distances.iter().all(|(from, to)| facts.contains(from) || facts.contains(to));
        facts.sort_unstable();
        facts.dedup();
        if told { (facts, at) } else { (Vec::new(), node) }
    }

    /// The children of a node, each with its last cell. What is asked of a fact that is absent is answered already.
    fn edges(&self, level: usize, node: Node) -> Vec<(u32, Node)> {
        let mut edges: Vec<(u32, Node)> = self.dd.runs(node).map(|r| (r.1, r.2)).collect();
        let (Some(absent), (fact, None)) = (self.cells.absence(level), self.cells.facts(level)) else { return edges };
        let Some(&(last, child)) = edges.last().filter(|e| e.0 == absent) else { return edges };
        let mut behind = child;
        while let Some(level) = self.dd.level(behind) {
            let (one, other) = self.cells.facts(level);
            let (true, Some(absent)) = (one == fact || other == Some(fact), self.cells.absence(level)) else { break };
            let Some(run) = self.dd.runs(behind).find(|r| r.1 >= absent) else { break };
            behind = run.2;
        }
        if behind != child {
            // The run may have more cells than that of absence.
            let alone = last == 0 || edges.iter().rev().nth(1).is_some_and(|e| e.0 + 1 == last);
            if alone {
                edges.pop();
            } else if let Some(run) = edges.last_mut() {
                run.0 = last - 1;
            }
            edges.push((last, behind));
        }
        edges
    }

    /// By level: how many of all walks ask for its cell, if the cells that lead to cases are equally likely.
    fn asked(&self, root: Node) -> Vec<f64> {
        let mut asked = vec![0.0; self.by_level.len()];
        let mut walks: FxHashMap<Node, f64> = FxHashMap::from_iter([(root, 1.0)]);
        for (level, node) in self.nodes() {
            let here = walks.get(&node).copied().unwrap_or(0.0);
            asked[level] += here;
            let mut first = 0;
            let edges = self.edges(level, node).into_iter().map(|(last, child)| {
                let count = last + 1 - first;
                first = last + 1;
                (f64::from(count), child)
            });
            let edges: Vec<(f64, Node)> = edges.filter(|e| self.dd.value(e.1) != Some(NO_CASE)).collect();
            let all: f64 = edges.iter().map(|e| e.0).sum();
            for (count, child) in edges {
                *walks.entry(self.must_be_absent(child).1).or_insert(0.0) += here * count / all;
            }
        }
        asked
    }
}

//! Boxes over cells -> clauses of a satisfiability solver: is there an assignment in a region that no box has?
//!
//! The search of `boxes` remembers nothing; a solver that learns from each contradiction decides quickly where many boxes
//! lie across one another (Marques-Silva and Sakallah 1999; here the solver `batsat`, a MiniSat). One variable says that an
//! axis has a cell; each axis has exactly one (a sequential counter, Sinz 2005). A set of cells that boxes use often gets a
//! variable of its own. A forbidden box is one clause: on some axis the cell lies outside it. Which assignments some case
//! has is a diagram, and becomes a clause for each branch of each of its nodes (Tseitin 1968).
//!
//! A step is a clause learnt. Must not know what the axes mean.

use crate::diagram::{Diagrams, Node};
use crate::model::Bits;
use crate::space::Hull;
use batsat::{Callbacks, ClauseKind, Lit, Solver, SolverInterface, SolverOpts, lbool};
use rustc_hash::{FxHashMap, FxHashSet};

/// Axes of so few cells need no counter.
const PAIRS: usize = 5;

pub struct Sat {
    solver: Solver<Steps>,
    /// By axis and cell.
    cells: Vec<Vec<Lit>>,
    sets: FxHashMap<(usize, Bits), Lit>,
}

/// Counts what the solver learns, and stops it.
#[derive(Default)]
struct Steps {
    learnt: u64,
    limit: u64,
}

impl Callbacks for Steps {
    fn on_new_clause(&mut self, _: &[Lit], kind: ClauseKind) {
        self.learnt += u64::from(kind == ClauseKind::Learnt);
    }

    fn stop(&self) -> bool {
        self.learnt >= self.limit
    }
}

/// What the solver found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// By axis, the cell.
    Assignment(Vec<u32>),
    None,
    /// The steps ran out.
    Unknown,
}

impl Sat {
    /// `cells` by axis.
    pub fn new(cells: &[u32]) -> Self {
        let mut sat = Self {
            solver: Solver::new(SolverOpts::default(), Steps::default()),
            cells: Vec::with_capacity(cells.len()),
            sets: FxHashMap::default(),
        };
        for &n in cells {
            let axis: Vec<Lit> = (0..n).map(|_| sat.fresh()).collect();
            sat.add(axis.clone());
            if axis.len() <= PAIRS {
                for (i, &a) in axis.iter().enumerate() {
                    axis[i + 1..].iter().for_each(|&b| sat.add(vec![!a, !b]));
                }
            } else {
                // One of the first i is set.
                let mut before = axis[0];
                for &cell in &axis[1..] {
                    sat.add(vec![!before, !cell]);
                    let now = sat.implied();
                    sat.add(vec![!before, now]);
                    sat.add(vec![!cell, now]);
                    before = now;
                }
            }
            sat.cells.push(axis);
        }
        sat
    }

    fn fresh(&mut self) -> Lit {
        Lit::new(self.solver.new_var_default(), true)
    }

    /// One that is never chosen: where nothing implies it, it is false and satisfies its clauses.
    fn implied(&mut self) -> Lit {
        Lit::new(self.solver.new_var(lbool::UNDEF, false), true)
    }

    fn add(&mut self, mut clause: Vec<Lit>) {
        self.solver.add_clause_reuse(&mut clause);
    }

    /// True exactly if the axis has one of these cells.
    fn among(&mut self, axis: usize, set: &Bits) -> Lit {
        if let Some(&known) = self.sets.get(&(axis, set.clone())) {
            return known;
        }
        let n = self.cells[axis].len();
        let complement = set.complement(n);
        let lit = if let Some(&other) = self.sets.get(&(axis, complement)) {
            !other
        } else if set.len() == 1 {
            self.cells[axis][set.first().unwrap_or(0)]
        } else {
            let lit = self.fresh();
            let inside: Vec<Lit> = set.iter().filter(|c| *c < n).map(|c| self.cells[axis][c]).collect();
            inside.iter().for_each(|&c| self.add(vec![!c, lit]));
            self.add(std::iter::once(!lit).chain(inside).collect());
            lit
        };
        self.sets.insert((axis, set.clone()), lit);
        lit
    }

    /// No assignment of the box counts.
    pub fn forbid(&mut self, hull: &Hull) {
        let clause = hull.sides.iter().map(|(axis, set)| !self.among(*axis, set)).collect();
        self.add(clause);
    }

    /// The same where it is asked for, with what is returned.
    pub fn may_forbid(&mut self, hull: &Hull) -> Lit {
        let asked = self.implied();
        let mut clause: Vec<Lit> = hull.sides.iter().map(|(axis, set)| !self.among(*axis, set)).collect();
        clause.push(!asked);
        self.add(clause);
        asked
    }

    /// What was returned for a box is asked for from now on.
    pub fn set(&mut self, asked: Lit) {
        self.add(vec![asked]);
    }

    /// An assignment of the region outside the boxes asked for; or, if there is none, those of them that were needed to see
    /// it.
    pub fn find_outside(&mut self, region: &Hull, asked: &[Lit], steps: &mut u64) -> (Answer, Vec<Lit>) {
        let answer = self.solve(region, asked, steps);
        if answer != Answer::None {
            return (answer, Vec::new());
        }
        // The core says which assumptions contradict, each the other way round.
        let core: FxHashSet<Lit> = self.solver.unsat_core().iter().flat_map(|l| [*l, !*l]).collect();
        (answer, asked.iter().copied().filter(|l| core.contains(l)).collect())
    }

    /// Only assignments of the diagram count.
    pub fn require(&mut self, dd: &Diagrams, node: Node) {
        if node == Diagrams::TRUE {
            return;
        }
        if node == Diagrams::FALSE {
            self.add(Vec::new());
            return;
        }
        let mut here: FxHashMap<Node, Lit> = FxHashMap::default();
        let root = self.fresh();
        here.insert(node, root);
        self.add(vec![root]);
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            let own = here[&node];
            let Some(axis) = dd.level(node) else { continue };
            let mut by_child: Vec<(Node, Bits)> = Vec::new();
            for (first, last, child) in dd.runs(node) {
                let cells = first as usize..=last as usize;
                match by_child.iter_mut().find(|c| c.0 == child) {
                    Some((_, set)) => cells.for_each(|c| set.insert(c)),
                    None => by_child.push((child, cells.collect())),
                }
            }
            for (child, set) in by_child {
                if child == Diagrams::TRUE {
                    continue;
                }
                let mut clause = vec![!own, !self.among(axis, &set)];
                if child != Diagrams::FALSE {
                    let next = match here.get(&child) {
                        Some(&lit) => lit,
                        None => {
                            let lit = self.fresh();
                            here.insert(child, lit);
                            open.push(child);
                            lit
                        }
                    };
                    clause.push(next);
                }
                self.add(clause);
            }
        }
    }

    /// An assignment of the box that counts. Takes what it uses from `steps`.
    pub fn find(&mut self, region: &Hull, steps: &mut u64) -> Answer {
        self.solve(region, &[], steps)
    }

    fn solve(&mut self, region: &Hull, asked: &[Lit], steps: &mut u64) -> Answer {
        let mut assumed: Vec<Lit> = region.sides.iter().map(|(axis, set)| self.among(*axis, set)).collect();
        assumed.extend(asked);
        if *steps == 0 {
            return Answer::Unknown;
        }
        let calls = self.solver.cb_mut();
        (calls.learnt, calls.limit) = (0, *steps);
        let result = self.solver.solve_limited(&assumed);
        *steps -= self.solver.cb_mut().learnt.min(*steps);
        if result == lbool::TRUE {
            let cell = |axis: &Vec<Lit>| axis.iter().position(|&l| self.solver.value_lit(l) == lbool::TRUE);
            Answer::Assignment(self.cells.iter().map(|a| cell(a).unwrap_or(0) as u32).collect())
        } else if result == lbool::FALSE {
            Answer::None
        } else {
            Answer::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boxes::{Boxes, Left};

    #[test]
    fn finds_what_the_boxes_leave() {
        let mut rng = fastrand::Rng::with_seed(11);
        for _ in 0..200 {
            let cells: Vec<u32> = (0..4).map(|_| rng.u32(1..9)).collect();
            let mut dd = Diagrams::new(cells.clone(), 100_000);
            let mut random = || {
                let mut hull = Hull::default();
                for (axis, &n) in cells.iter().enumerate() {
                    if rng.bool() {
                        hull.narrow(axis, &(0..rng.usize(1..6)).map(|_| rng.usize(0..n as usize)).collect());
                    }
                }
                hull
            };
            let hulls: Vec<Hull> = (0..8).map(|_| random()).collect();
            let region = random();
            let valid: Vec<Hull> = (0..3).map(|_| random()).collect();
            let node = |dd: &mut Diagrams, hull: &Hull| {
                let parts: Vec<Node> = hull.sides.iter().map(|(a, set)| dd.literal(*a, set)).collect();
                dd.and_all(&parts)
            };
            let parts: Vec<Node> = valid.iter().map(|h| node(&mut dd, h)).collect();
            let valid = dd.or_all(&parts);
            let mut rest = node(&mut dd, &region);
            rest = dd.and(rest, valid);
            let (mut sat, mut boxes) = (Sat::new(&cells), Boxes::new(&cells));
            sat.require(&dd, valid);
            for hull in &hulls {
                let node = node(&mut dd, hull);
                rest = dd.diff(rest, node);
                sat.forbid(hull);
                boxes.push(hull);
            }
            match sat.find(&region, &mut 1_000_000) {
                Answer::Assignment(at) => assert_eq!(dd.eval(rest, &at), 1),
                Answer::None => assert_eq!(rest, Diagrams::FALSE),
                Answer::Unknown => unreachable!("the steps suffice"),
            }
            // The search without memory says the same.
            let ids: Vec<u32> = (0..boxes.len() as u32).collect();
            let whole = boxes.region(&region);
            let mut counts = |part: &[u64]| {
                let part = node(&mut dd, &boxes.hull(part));
                !dd.disjoint(part, valid)
            };
            let left = boxes.uncovered(&whole, &ids, &mut counts, &mut Bits::new(), &mut u64::MAX.clone());
            assert_eq!(left == Left::Nothing, rest == Diagrams::FALSE);
        }
    }
}

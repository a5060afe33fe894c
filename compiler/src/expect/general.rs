//! Sets of cases in which the same is decided -> the most general conditions that say it and cover most of what is wanted.
//!
//! A condition gives some facts one value each, so it is a cube; it may be claimed of where all its cases are within the
//! result. Every fact in turn is left open, or gets each of its values: `outside`, and what is wanted, become what they
//! are of the rest; what is wanted is only looked for where nothing is outside, for nothing else can be covered. Where
//! nothing is left outside, the facts that come may stay open. What has no more than was found already is not followed,
//! nor what was followed from another condition that leaves the same; leaving open comes first and finds most early, so
//! little is.
//!
//! Moments and numbers that are measured against one another stay open here: to say one exactly says something of the
//! others, too. Neither does a condition say that a fact is absent: some case must have all its facts (`there`).

use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use crate::space::AxisKind;
use rustc_hash::{FxHashMap, FxHashSet};

/// Conditions that are looked at.
const STEPS: u64 = 50_000;

/// A condition, and what it covers.
#[derive(Debug, Clone)]
pub struct Cube {
    pub covers: Bits,
    pub facts: Vec<FactId>,
    /// Its cells, by level.
    pub cells: Vec<(usize, Bits)>,
}

/// The cases of a condition.
pub fn cases(lowered: &mut Lowered<'_>, cells: &[(usize, Bits)]) -> Node {
    let mut cells: Vec<&(usize, Bits)> = cells.iter().collect();
    cells.sort_by_key(|c| std::cmp::Reverse(c.0));
    let cube = cells.into_iter().fold(Diagrams::TRUE, |below, (level, cells)| lowered.dd.above(*level, cells, below));
    lowered.dd.and(cube, lowered.space.valid)
}

/// Those of the cases that have all these facts.
pub fn present(lowered: &mut Lowered<'_>, cases: Node, facts: &[FactId]) -> Node {
    let mut present = cases;
    for level in facts.iter().flat_map(|fact| lowered.space.axes_of(*fact).to_vec()) {
        let cells = lowered.space.axes[level].present();
        let there = lowered.dd.literal(level, &cells);
        present = lowered.dd.and(present, there);
    }
    present
}

/// What is wanted, by its number, of the cases that a condition leaves.
type Places = Vec<(usize, Node)>;

/// What a condition leaves of the facts that come.
#[derive(Clone)]
struct Rest {
    /// The cases in which something else is decided.
    outside: Node,
    places: Places,
    /// The cases that have all facts of the condition.
    there: Node,
}

impl Rest {
    /// The places without what is outside: no condition that keeps clear of that has a case there.
    fn new(dd: &mut Diagrams, outside: Node, places: Places, there: Node) -> Self {
        let inside = places.into_iter().map(|(i, node)| (i, dd.diff(node, outside)));
        Self { outside, places: inside.filter(|p| p.1 != Diagrams::FALSE).collect(), there }
    }
}

/// Cells, by level, and what they leave.
type State = (Vec<(usize, Bits)>, Rest);

struct Search<'s, 'm> {
    lowered: &'s mut Lowered<'m>,
    /// The facts that may get a value, with their axes.
    facts: Vec<(FactId, Vec<usize>)>,
    found: Vec<Cube>,
    /// What was followed: the fact that comes, what is outside, the places; with the cases that had all facts.
    followed: FxHashMap<(usize, Node, Places), Vec<Node>>,
    steps: u64,
}

/// Conditions within `result` such that each that there is covers no more than one of these. `None` if that is too much work.
pub fn cubes(lowered: &mut Lowered<'_>, result: Node, places: &Places) -> Option<Vec<Cube>> {
    let axes = &lowered.space.axes;
    let is_measured = |level: &usize| matches!(axes[*level].kind, AxisKind::Distance(..));
    let mut facts: Vec<(FactId, Vec<usize>)> = Vec::new();
    let mut open = Vec::new();
    for fact in lowered.model.fact_ids() {
        let own = lowered.space.axes_of(fact);
        if own.iter().any(is_measured) {
            open.extend_from_slice(own);
        } else if !own.is_empty() {
            facts.push((fact, own.to_vec()));
        }
    }
    facts.sort_by_key(|f| f.1.iter().min().copied());
    let outside = lowered.dd.diff(lowered.space.valid, result);
    let outside = lowered.dd.exists(outside, &open);
    let places: Places = places.iter().map(|(i, node)| (*i, lowered.dd.exists(*node, &open))).collect();
    let there = lowered.dd.exists(lowered.space.valid, &open);
    let rest = Rest::new(&mut lowered.dd, outside, places, there);
    let mut search = Search { lowered, facts, found: Vec::new(), followed: FxHashMap::default(), steps: STEPS };
    let whole = search.follow(0, rest, &mut Vec::new());
    (whole && !search.lowered.dd.exhausted()).then_some(search.found)
}

impl Search<'_, '_> {
    /// Follows a condition that leaves the facts from `at` on to be said. False where the steps do not suffice.
    fn follow(&mut self, at: usize, rest: Rest, said: &mut Vec<(FactId, Vec<(usize, Bits)>)>) -> bool {
        let covers: Bits = rest.places.iter().map(|p| p.0).collect();
        if self.found.iter().any(|f| covers.is_subset(&f.covers)) {
            return true;
        }
        if rest.outside == Diagrams::FALSE {
            let facts = said.iter().map(|s| s.0).collect();
            self.found.push(Cube { covers, facts, cells: said.iter().flat_map(|s| s.1.clone()).collect() });
            return true;
        }
        let Some((fact, levels)) = self.facts.get(at).cloned() else { return true };
        if self.steps == 0 || self.lowered.dd.exhausted() {
            return false;
        }
        let like = self.followed.entry((at, rest.outside, rest.places.clone())).or_default();
        if like.iter().any(|there| self.lowered.dd.implies(rest.there, *there)) {
            return true;
        }
        like.push(rest.there);
        self.steps -= 1;
        let dd = &mut self.lowered.dd;
        let outside = dd.exists(rest.outside, &levels);
        let places = rest.places.iter().map(|(i, node)| (*i, dd.exists(*node, &levels))).collect();
        let there = dd.exists(rest.there, &levels);
        let open = Rest::new(dd, outside, places, there);
        // Of values that leave the same outside and wanted, one is enough that is there wherever the others are.
        let mut seen: FxHashMap<(Node, Places), Vec<Node>> = FxHashMap::default();
        seen.insert((open.outside, open.places.clone()), vec![open.there]);
        if !self.follow(at + 1, open, said) {
            return false;
        }
        for (cells, rest) in self.values(&levels, rest) {
            let like = seen.entry((rest.outside, rest.places.clone())).or_default();
            if like.iter().any(|there| self.lowered.dd.implies(rest.there, *there)) {
                continue;
            }
            like.push(rest.there);
            said.push((fact, cells));
            let whole = self.follow(at + 1, rest, said);
            said.pop();
            if !whole {
                return false;
            }
        }
        true
    }

    /// The values of a fact, as cells of its axes, that leave something wanted and a case; of those that leave the same, the
    /// first.
    fn values(&mut self, levels: &[usize], rest: Rest) -> Vec<State> {
        let mut states = vec![(Vec::new(), rest)];
        for &level in levels {
            let axis = &self.lowered.space.axes[level];
            let values: Vec<(u32, Bits)> =
                axis.present().iter().map(|cell| (cell as u32, axis.told(cell as u32))).collect();
            let mut next = Vec::new();
            let mut seen: FxHashSet<(Node, Places, Node)> = FxHashSet::default();
            for (said, rest) in &states {
                for (cell, cells) in &values {
                    // A value that no case has says nothing, also where its words hold of absence.
                    let there = self.lowered.dd.cofactor(rest.there, level, *cell);
                    if there == Diagrams::FALSE {
                        continue;
                    }
                    let places = rest.places.iter().map(|(i, node)| (*i, self.fixed(*node, level, cells))).collect();
                    let outside = self.fixed(rest.outside, level, cells);
                    let Rest { outside, places, there } = Rest::new(&mut self.lowered.dd, outside, places, there);
                    if places.is_empty() {
                        continue;
                    }
                    // Several axes are of one value together: then each of their cells matters.
                    if levels.len() > 1 || seen.insert((outside, places.clone(), there)) {
                        let said: Vec<(usize, Bits)> = said.iter().cloned().chain([(level, cells.clone())]).collect();
                        next.push((said, Rest { outside, places, there }));
                    }
                }
            }
            states = next;
        }
        states
    }

    /// The function where the level has one of these cells.
    fn fixed(&mut self, node: Node, level: usize, cells: &Bits) -> Node {
        let dd = &mut self.lowered.dd;
        let parts: Vec<Node> = cells.iter().map(|cell| dd.cofactor(node, level, cell as u32)).collect();
        dd.or_all(&parts)
    }
}

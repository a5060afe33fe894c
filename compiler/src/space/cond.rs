//! Conditions -> diagrams, and conditions -> yes or no in one assignment.
//!
//! An atom is a conjunction of alternatives, each of them some cells of one axis; the absent cell is never among them.
//! The conditions' atoms must be those the space was built for.

use super::uses::{flip, others};
use super::{AxisId, AxisKind, Cell, Hull, Space, hull, is_box};
use crate::diagram::{Diagrams, Mark, Node};
use crate::model::{Atom, Bits, Cond, CondKind, DefineId, FactId, Model, SetTest};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::sync::Arc;

/// What has been lowered already.
#[derive(Debug, Default, Clone)]
pub struct Memo {
    pub(super) defines: FxHashMap<DefineId, Node>,
    /// Copies share them: once the rules are lowered there are hardly any more.
    pub(super) atoms: Arc<FxHashMap<Atom, Lowered>>,
}

#[derive(Debug, Clone)]
pub(super) struct Lowered {
    node: Node,
    /// The demands that one axis alone can meet.
    pub hull: Hull,
}

impl Memo {
    /// Forgets the diagrams made since the mark.
    pub fn forget(&mut self, mark: Mark) {
        self.defines.retain(|_, node| mark.has(*node));
        if !self.atoms.values().all(|known| mark.has(known.node)) {
            Arc::make_mut(&mut self.atoms).retain(|_, known| mark.has(known.node));
        }
    }
}

type Nodes = SmallVec<[Node; 8]>;

/// Where a condition holds, as a diagram over the space's axes; not restricted to `valid`.
pub fn lower_cond(space: &Space, model: &Model, dd: &mut Diagrams, memo: &mut Memo, cond: &Cond) -> Node {
    lower_defines(space, model, dd, memo, cond);
    lower(space, model, dd, memo, cond)
}

/// The same, with the box around it: a condition that is its box is made as one.
pub fn lower_with_hull(space: &Space, model: &Model, dd: &mut Diagrams, memo: &mut Memo, cond: &Cond) -> (Node, Hull) {
    if !is_box(cond) {
        let node = lower_cond(space, model, dd, memo, cond);
        return (node, hull(space, dd, memo, cond));
    }
    let mut never = false;
    for part in cond.conjuncts() {
        never |= lower(space, model, dd, memo, part) == Diagrams::FALSE;
    }
    let hull = hull(space, dd, memo, cond);
    let node = if never { Diagrams::FALSE } else { hull.cube(dd) };
    (node, hull)
}

/// Lowers the defines that a condition needs, those they need first; without recursion, as chains may be long.
fn lower_defines(space: &Space, model: &Model, dd: &mut Diagrams, memo: &mut Memo, cond: &Cond) {
    let mut stack: Vec<(DefineId, bool)> = Vec::new();
    let mut open = Bits::new();
    defines(cond, &mut |d| stack.push((d, false)));
    while let Some((define, ready)) = stack.pop() {
        if memo.defines.contains_key(&define) {
            continue;
        }
        if ready {
            let node = lower(space, model, dd, memo, &model.define(define).cond);
            if !dd.exhausted() {
                memo.defines.insert(define, node);
            }
        } else if !open.contains(define.index()) {
            open.insert(define.index());
            stack.push((define, true));
            defines(&model.define(define).cond, &mut |d| stack.push((d, false)));
        }
    }
}

fn defines(cond: &Cond, f: &mut impl FnMut(DefineId)) {
    match &cond.kind {
        CondKind::True | CondKind::Atom(_) => {}
        CondKind::And(parts) | CondKind::Or(parts) => parts.iter().for_each(|p| defines(p, f)),
        CondKind::Not(inner) => defines(inner, f),
        CondKind::Define(d) => f(*d),
    }
}

fn lower(space: &Space, model: &Model, dd: &mut Diagrams, memo: &mut Memo, cond: &Cond) -> Node {
    match &cond.kind {
        CondKind::True => Diagrams::TRUE,
        CondKind::And(parts) => {
            let nodes: Nodes = parts.iter().map(|p| lower(space, model, dd, memo, p)).collect();
            dd.and_all(&nodes)
        }
        CondKind::Or(parts) => {
            let nodes: Nodes = parts.iter().map(|p| lower(space, model, dd, memo, p)).collect();
            dd.or_all(&nodes)
        }
        CondKind::Not(inner) => {
            let node = lower(space, model, dd, memo, inner);
            dd.not(node)
        }
        CondKind::Define(d) => memo.defines.get(d).copied().unwrap_or(Diagrams::FALSE),
        CondKind::Atom(atom) => {
            if let Some(known) = memo.atoms.get(atom) {
                return known.node;
            }
            let (mut parts, mut hull) = (Nodes::new(), Hull::default());
            for alternatives in demands(space, model, atom) {
                let nodes: Nodes = alternatives.iter().map(|(axis, cells)| dd.literal(*axis, cells)).collect();
                parts.push(dd.or_all(&nodes));
                if let [(axis, cells)] = &alternatives[..] {
                    hull.narrow(*axis, cells);
                }
            }
            let node = dd.and_all(&parts);
            if !dd.exhausted() {
                Arc::make_mut(&mut memo.atoms).insert(atom.clone(), Lowered { node, hull });
            }
            node
        }
    }
}

/// Whether a condition holds in one assignment.
pub fn holds(space: &Space, model: &Model, cond: &Cond, assignment: &[u32]) -> bool {
    let mut defines = FxHashMap::default();
    truth(space, model, cond, assignment, &mut defines)
}

fn truth(space: &Space, model: &Model, cond: &Cond, assignment: &[u32], known: &mut FxHashMap<DefineId, bool>) -> bool {
    // Defines first, without recursion from one into the next.
    let mut stack: Vec<(DefineId, bool)> = Vec::new();
    defines(cond, &mut |d| stack.push((d, false)));
    let mut open = Bits::new();
    while let Some((define, ready)) = stack.pop() {
        if known.contains_key(&define) {
            continue;
        }
        if ready {
            let value = plain(space, model, &model.define(define).cond, assignment, known);
            known.insert(define, value);
        } else if !open.contains(define.index()) {
            open.insert(define.index());
            stack.push((define, true));
            defines(&model.define(define).cond, &mut |d| stack.push((d, false)));
        }
    }
    plain(space, model, cond, assignment, known)
}

fn plain(space: &Space, model: &Model, cond: &Cond, cells: &[u32], known: &FxHashMap<DefineId, bool>) -> bool {
    match &cond.kind {
        CondKind::True => true,
        CondKind::And(parts) => parts.iter().all(|p| plain(space, model, p, cells, known)),
        CondKind::Or(parts) => parts.iter().any(|p| plain(space, model, p, cells, known)),
        CondKind::Not(inner) => !plain(space, model, inner, cells, known),
        CondKind::Define(d) => known.get(d).copied().unwrap_or(false),
        CondKind::Atom(atom) => demands(space, model, atom).iter().all(|alternatives| {
            alternatives.iter().any(|(axis, set)| cells.get(*axis).is_some_and(|&c| set.contains(c as usize)))
        }),
    }
}

pub(crate) type Demand = Vec<(AxisId, Bits)>;

/// Of so many intervals it is quicker to ask each cell.
const MANY: usize = 1000;

/// An atom as demands that must all be met; each is met by any of its alternatives, cells of an axis.
pub(crate) fn demands(space: &Space, model: &Model, atom: &Atom) -> Vec<Demand> {
    let on = |kind: AxisKind, test: &dyn Fn(&Cell) -> bool| -> Vec<Demand> {
        match space.find(kind) {
            Some(axis) => vec![vec![(axis, space.axes[axis].cells_where(test))]],
            None => vec![Vec::new()],
        }
    };
    match atom {
        Atom::Yes(fact) => on(AxisKind::YesNo(*fact), &|c| *c == Cell::Bool(true)),
        Atom::OneOf(fact, values) => match space.find(AxisKind::Choice(*fact)) {
            // The set is a union of cells: each is met at its first value.
            Some(axis) => {
                let cells = &space.cells_of[axis];
                vec![vec![(axis, values.iter().filter_map(|v| cells.get(v)).map(|c| *c as usize).collect())]]
            }
            None => vec![Vec::new()],
        },
        Atom::Range(fact, ranges) if ranges.len() < MANY => match space.find(AxisKind::Range(*fact)) {
            Some(axis) if !space.starts[axis].is_empty() => {
                // A cell lies in all of an interval or in nothing of it, so where it begins tells.
                let starts = &space.starts[axis];
                let mut cells = Bits::new();
                for &(low, high) in ranges {
                    let behind = starts.partition_point(|s| *s <= high);
                    behind.checked_sub(1).into_iter().for_each(|last| {
                        cells.insert_run(starts.partition_point(|s| *s < low), last);
                    });
                }
                vec![vec![(axis, cells)]]
            }
            Some(axis) => vec![vec![(axis, space.axes[axis].cells_where(|c| within(c, i64::MIN, ranges)))]],
            None => vec![Vec::new()],
        },
        Atom::Range(fact, ranges) => on(AxisKind::Range(*fact), &|c| within(c, i64::MIN, ranges)),
        Atom::Weekday(fact, days) => on(AxisKind::Weekday(*fact), &|c| matches!(c, Cell::Days(d) if d & days != 0)),
        Atom::Within { fact, period, inside } => on(AxisKind::Within(*fact, *period), &|c| *c == Cell::Bool(*inside)),
        Atom::Set { fact, test } => set_demands(space, model, *fact, test),
        Atom::Distance { from, to, low, high, .. } if from == to => {
            let zero = low.is_none_or(|l| l <= 0) && high.is_none_or(|h| h >= 0);
            if zero { present(space, *from) } else { vec![Vec::new()] }
        }
        Atom::Distance { from, to, unit, low, high } => {
            let kind = AxisKind::Distance(*from, *to, *unit);
            let range = (low.unwrap_or(i64::MIN), high.unwrap_or(i64::MAX));
            let Some(axis) = space.find(kind) else { return vec![Vec::new()] };
            let range = if space.axes[axis].kind == kind { range } else { flip(range) };
            let least = space.moments.least(axis);
            on(kind, &|c| within(c, least, &[range]))
        }
    }
}

/// The cell lies in these intervals: a cell lies in all or none of an atom's, so one value tells. `least` is the least
/// value that a distance can have, for cells with an open start.
fn within(cell: &Cell, least: i64, ranges: &[(i64, i64)]) -> bool {
    let Cell::Ranges(parts) = cell else { return false };
    let Some(value) = parts.first().map(|p| p.0.max(least)) else { return false };
    let i = ranges.partition_point(|r| r.1 < value);
    ranges.get(i).is_some_and(|r| r.0 <= value)
}

/// The fact exists: said on its first axis.
fn present(space: &Space, fact: FactId) -> Vec<Demand> {
    let own = space.axes_of(fact).iter().copied().find(|&a| space.axes[a].kind.facts().1.is_none());
    match own {
        Some(axis) if space.axes[axis].absent().is_some() => vec![vec![(axis, space.axes[axis].present())]],
        _ => Vec::new(),
    }
}

fn set_demands(space: &Space, model: &Model, fact: FactId, test: &SetTest) -> Vec<Demand> {
    // The member axes whose block lies in the set, with the cell for "has one" or "has none".
    let blocks = |set: &Bits, with: bool| -> Demand {
        let axes = space.axes_of(fact).iter().copied();
        axes.filter_map(|axis| match space.axes[axis].cells.first() {
            Some(Cell::Block(block, _)) if !block.is_empty() && block.is_subset(set) => {
                Some((axis, space.axes[axis].cells_where(|c| matches!(c, Cell::Block(_, w) if *w == with))))
            }
            _ => None,
        })
        .collect()
    };
    let none = |set: &Bits| -> Vec<Demand> { blocks(set, false).into_iter().map(|d| vec![d]).collect() };
    let mut all = match test {
        SetTest::Any(set) => vec![blocks(set, true)],
        SetTest::All(sets) => sets.iter().map(|s| blocks(s, true)).collect(),
        SetTest::None(set) => none(set),
        SetTest::Only(set) => none(&others(model, fact, set)),
    };
    if all.is_empty() {
        all = present(space, fact);
    }
    all
}

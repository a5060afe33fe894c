//! The axes of one set -> one level of combinations, so that "a principal or an assistant principal" is one row.
//!
//! A set has one axis for each block of its elements. Boxes over such axes cannot say "one of the two"; boxes over their
//! combinations can. Sets of many blocks keep their axes: combinations grow as powers of two.

use crate::diagram::{Diagrams, Node};
use crate::model::Bits;
use crate::space::{AxisId, AxisKind, Cell, Space};
use rustc_hash::FxHashMap;

/// Up to this many blocks are fused: 64 combinations.
const BLOCKS: usize = 6;
/// Larger diagrams are not rebuilt over fused levels.
const SIZE: usize = 50_000;

/// The levels of a table's diagrams: one for each axis, or for all axes of a set.
#[derive(Debug, Clone)]
pub struct Fused {
    /// By level: its axes.
    pub axes: Vec<Vec<AxisId>>,
    /// By level: its cells, each one cell for each of the axes.
    pub cells: Vec<Vec<Vec<u32>>>,
    /// By axis: its level.
    level: Vec<usize>,
}

impl Fused {
    /// `nodes` are diagrams that will be converted.
    pub fn new(space: &Space, dd: &Diagrams, nodes: &[Node]) -> Self {
        let small = nodes.iter().all(|n| dd.size(*n) <= SIZE);
        let mut fused = Self { axes: Vec::new(), cells: Vec::new(), level: vec![0; space.axes.len()] };
        for (axis, a) in space.axes.iter().enumerate() {
            let siblings: Vec<AxisId> = match a.kind {
                AxisKind::Member(fact, _) if small => (0..space.axes.len())
                    .filter(|b| matches!(space.axes[*b].kind, AxisKind::Member(f, _) if f == fact))
                    .collect(),
                _ => Vec::new(),
            };
            let together = (2..=BLOCKS).contains(&siblings.len());
            if together && siblings[0] != axis {
                fused.level[axis] = fused.level[siblings[0]];
                continue;
            }
            fused.level[axis] = fused.axes.len();
            let members = if together { siblings } else { vec![axis] };
            fused.cells.push(combinations(space, &members));
            fused.axes.push(members);
        }
        fused
    }

    pub fn sizes(&self) -> Vec<u32> {
        self.cells.iter().map(|c| c.len() as u32).collect()
    }

    /// The kind of a level's axis, of the first if there are several.
    pub fn kind(&self, space: &Space, level: usize) -> AxisKind {
        space.axes[self.axes[level][0]].kind
    }

    /// The level's cell that is absence.
    pub fn absent(&self, space: &Space, level: usize) -> Option<u32> {
        let absent = space.axes[self.axes[level][0]].absent()?;
        self.cells[level].iter().position(|c| c[0] == absent).map(|c| c as u32)
    }

    /// A diagram over the space's axes -> the same function over the fused levels, in other diagrams.
    pub fn convert(
        &self,
        from: &mut Diagrams,
        node: Node,
        to: &mut Diagrams,
        done: &mut FxHashMap<Node, Node>,
    ) -> Node {
        if let Some(value) = from.value(node) {
            return to.terminal(value);
        }
        if let Some(&known) = done.get(&node) {
            return known;
        }
        let support = from.support(node);
        let Some(level) = support.iter().map(|a| self.level[*a]).min() else { return Diagrams::FALSE };
        let mut children = Vec::with_capacity(self.cells[level].len());
        if let [axis] = self.axes[level][..]
            && from.level(node) == Some(axis)
        {
            for (first, last, child) in from.runs(node).collect::<Vec<_>>() {
                let child = self.convert(from, child, to, done);
                children.extend((first..=last).map(|_| child));
            }
        } else {
            for cell in &self.cells[level] {
                let mut rest = node;
                for (axis, c) in self.axes[level].iter().zip(cell) {
                    rest = from.cofactor(rest, *axis, *c);
                }
                children.push(self.convert(from, rest, to, done));
            }
        }
        let result = to.node(level, &children);
        done.insert(node, result);
        result
    }
}

/// The combinations of the axes' cells: every choice of present cells, then absence, which is of all or of none.
fn combinations(space: &Space, axes: &[AxisId]) -> Vec<Vec<u32>> {
    if let [axis] = axes {
        return (0..space.axes[*axis].cells.len() as u32).map(|c| vec![c]).collect();
    }
    let mut all: Vec<Vec<u32>> = vec![Vec::new()];
    for &axis in axes {
        let cells = &space.axes[axis].cells;
        let present = (0..cells.len() as u32).filter(|c| cells[*c as usize] != Cell::Absent);
        let present: Vec<u32> = present.collect();
        all = all
            .into_iter()
            .flat_map(|prefix| present.iter().map(move |c| prefix.iter().copied().chain([*c]).collect::<Vec<u32>>()))
            .collect();
    }
    all.extend(axes.iter().map(|a| space.axes[*a].absent()).collect::<Option<Vec<u32>>>());
    all
}

/// The assignments of the space in which the axes have one of these combinations.
pub fn node(dd: &mut Diagrams, axes: &[AxisId], cells: &[Vec<u32>], chosen: &Bits) -> Node {
    if let [axis] = axes {
        let set: Bits = chosen.iter().filter_map(|c| cells.get(c)).map(|c| c[0] as usize).collect();
        return dd.literal(*axis, &set);
    }
    let mut parts = Vec::new();
    for cell in chosen.iter().filter_map(|c| cells.get(c)) {
        let mut part = Diagrams::TRUE;
        for (axis, c) in axes.iter().zip(cell).rev() {
            let literal = dd.literal(*axis, &Bits::one(*c as usize));
            part = dd.and(literal, part);
        }
        parts.push(part);
    }
    dd.or_all(&parts)
}

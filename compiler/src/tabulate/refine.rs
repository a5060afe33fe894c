//! The rows of a table over the cells of one space -> their cases over the finer cells of another.
//!
//! Two spaces of one policy differ where more conditions can be expressed in one of them: expectations, boundaries that
//! move. A table of its own may divide the cases otherwise there; this keeps the rows that a person sees.

use super::{Hit, Table, decisions, tabulate};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::{Bits, DecisionId, FactId};
use crate::space::{AxisKind, Cell, Space};

/// The rows of a decision's table.
#[derive(Debug, Clone)]
pub struct Rows {
    pub decision: DecisionId,
    /// By row: its cases.
    pub regions: Vec<Node>,
}

/// The rows of the policy's unique tables, those that it has whatever is expected of it, in the space at hand. A table that
/// is too much for the budget has none.
pub fn rows(lowered: &mut Lowered<'_>, budget: u64) -> Vec<Rows> {
    let mut plain = Lowered::without_expectations(lowered.model, budget);
    let mut all = Vec::new();
    for decision in decisions(lowered.model) {
        plain.dd.begin();
        let table = plain.attempt(budget, |plain| tabulate(plain, decision, Hit::Unique));
        lowered.dd.begin();
        let regions = table.map(|table| refined(&table, &plain.space, lowered)).unwrap_or_default();
        all.push(Rows { decision, regions });
    }
    all
}

/// The cases of each row of a unique table over one space, in a space in which at least as much can be expressed.
fn refined(table: &Table, from: &Space, lowered: &mut Lowered<'_>) -> Vec<Node> {
    // By axis of the table: the cases of each of its cells.
    let mut cells: Vec<Vec<Node>> = Vec::with_capacity(table.axes.len());
    for axis in &table.axes {
        let mut own = Vec::with_capacity(axis.cells.len());
        for tuple in &axis.cells {
            let said = axis.axes.iter().zip(tuple);
            let said = said.map(|(a, cell)| (&from.axes[*a].kind, &from.axes[*a].cells[*cell as usize]));
            let parts: Vec<Node> = said.map(|(kind, cell)| cases(lowered, *kind, cell)).collect();
            own.push(lowered.dd.and_all(&parts));
        }
        cells.push(own);
    }
    let mut regions = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let mut parts = vec![lowered.space.valid];
        for (set, cells) in row.cells.iter().zip(&cells) {
            if let Some(set) = set {
                let chosen: Vec<Node> = set.iter().filter_map(|cell| cells.get(cell).copied()).collect();
                parts.push(lowered.dd.or_all(&chosen));
            }
        }
        regions.push(lowered.dd.and_all(&parts));
    }
    regions
}

/// Where a cell of the less fine space is.
fn cases(lowered: &mut Lowered<'_>, kind: AxisKind, cell: &Cell) -> Node {
    if let (AxisKind::Member(fact, _), Cell::Block(elements, has)) = (kind, cell) {
        return block(lowered, fact, elements, *has);
    }
    let Lowered { space, dd, .. } = lowered;
    match space.axes.iter().position(|axis| axis.kind == kind) {
        Some(level) => dd.literal(level, &inside(&space.axes[level].cells, cell)),
        // The axis was there only to tell whether the fact exists; another one of it alone tells it here.
        None => match space.axes_of(kind.facts().0).iter().find(|a| space.axes[**a].kind.facts().1.is_none()) {
            Some(&level) if *cell == Cell::Absent => dd.literal(level, &inside(&space.axes[level].cells, cell)),
            Some(&level) => dd.literal(level, &space.axes[level].present()),
            None => Diagrams::TRUE,
        },
    }
}

/// Where a set is there, with one of these elements or with none. Its elements may be told apart further.
fn block(lowered: &mut Lowered<'_>, fact: FactId, elements: &Bits, has: bool) -> Node {
    let Lowered { space, dd, .. } = lowered;
    let (mut there, mut without) = (Diagrams::TRUE, Diagrams::TRUE);
    for &level in space.axes_of(fact).iter().rev() {
        let axis = &space.axes[level];
        let present = dd.literal(level, &axis.present());
        there = dd.and(present, there);
        let is_part = |cell: &Cell| matches!(cell, Cell::Block(part, _) if part.is_subset(elements));
        let lacks = axis.cells_where(|cell| matches!(cell, Cell::Block(_, false)));
        if axis.cells.first().is_some_and(is_part) {
            let lacks = dd.literal(level, &lacks);
            without = dd.and(lacks, without);
        }
    }
    if has { dd.diff(there, without) } else { dd.and(there, without) }
}

/// The cells that lie in a less fine one.
fn inside(fine: &[Cell], cell: &Cell) -> Bits {
    (0..).zip(fine).filter(|(_, f)| lies_in(f, cell)).map(|(i, _)| i).collect()
}

/// Of cells of one axis, cut finer and less fine.
fn lies_in(fine: &Cell, cell: &Cell) -> bool {
    match (fine, cell) {
        (Cell::Ranges(fine), Cell::Ranges(all)) => {
            fine.first().is_some_and(|(low, _)| all.iter().any(|(first, last)| first <= low && low <= last))
        }
        (Cell::Values(fine), Cell::Values(all)) => fine.is_subset(all),
        (Cell::Days(fine), Cell::Days(all)) => fine & !all == 0,
        _ => fine == cell,
    }
}

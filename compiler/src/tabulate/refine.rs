//! A table over the cells of one space -> the same rows over the finer cells of another.
//!
//! Two spaces of one policy differ where more conditions can be expressed in one of them. A table of its own may divide the
//! cases otherwise there; this keeps the rows that a person sees.

use super::{AxisNote, Table};
use crate::model::Bits;
use crate::space::{Cell, Space};

/// `None` where an axis of the table, or a cell of it, is not there.
pub fn refined(table: &Table, from: &Space, to: &Space) -> Option<Table> {
    let mut table = table.clone();
    for (at, axis) in table.axes.iter_mut().enumerate() {
        let finer = finer(axis, from, to)?;
        for row in &mut table.rows {
            if let Some(cells) = row.cells.get_mut(at).and_then(Option::as_mut) {
                *cells = cells.iter().filter_map(|cell| finer.get(cell)).flat_map(Bits::iter).collect();
            }
        }
    }
    Some(table)
}

/// Puts an axis over the other space; by its cells, which of the new ones they are.
fn finer(axis: &mut AxisNote, from: &Space, to: &Space) -> Option<Vec<Bits>> {
    let mut axes = Vec::new();
    for own in &axis.axes {
        let kind = from.axes.get(*own)?.kind;
        axes.push((*own, to.axes.iter().position(|a| a.kind == kind)?));
    }
    let mut cells: Vec<Vec<u32>> = Vec::new();
    let mut new = Vec::with_capacity(axis.cells.len());
    for tuple in &axis.cells {
        let mut tuples: Vec<Vec<u32>> = vec![Vec::new()];
        for ((own, other), cell) in axes.iter().zip(tuple) {
            let cell = from.axes[*own].cells.get(*cell as usize)?;
            let inside = (0u32..).zip(&to.axes[*other].cells).filter(|(_, c)| lies_in(c, cell)).map(|(i, _)| i);
            let inside: Vec<u32> = inside.collect();
            // The elements of a set may be told apart otherwise there.
            if inside.is_empty() {
                return None;
            }
            let longer = |t: Vec<u32>| inside.iter().map(move |i| t.iter().copied().chain([*i]).collect());
            tuples = tuples.into_iter().flat_map(longer).collect();
        }
        new.push((cells.len()..cells.len() + tuples.len()).collect());
        cells.extend(tuples);
    }
    axis.parts = axes.iter().map(|(_, other)| to.axes[*other].cells.clone()).collect();
    axis.axes = axes.into_iter().map(|(_, other)| other).collect();
    axis.cells = cells;
    Some(new)
}

/// Of cells of one axis, cut finer and less fine.
fn lies_in(fine: &Cell, cell: &Cell) -> bool {
    match (fine, cell) {
        (Cell::Ranges(fine), Cell::Ranges(all)) => {
            fine.first().is_some_and(|(low, _)| all.iter().any(|(first, last)| first <= low && low <= last))
        }
        (Cell::Values(fine), Cell::Values(all)) => fine.is_subset(all),
        _ => fine == cell,
    }
}

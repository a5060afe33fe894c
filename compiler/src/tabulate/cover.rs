//! Boxes that may overlap: ordered rows of which the first decides, and the boxes of one rule's cases.

use super::boxes::BoxRow;
use super::partition::{Levels, common, partition};
use crate::diagram::{Diagrams, Node};
use rustc_hash::FxHashMap;

/// How many outputs are tried as the last row, and up to how many rows more than one is.
const LAST_ROWS: usize = 3;
const LAST_ROWS_LIMIT: usize = 200;
/// The next row is the one that covers most until this many have been looked at; then rows keep their order.
const CHOOSE_LIMIT: usize = 4_000;

/// Ordered rows, the first that fits decides. `unique` are rows that decide `g` without order. The last row is the output
/// that saves most rows; each row before it grows as far as the rows above it allow.
pub fn first_hit(dd: &mut Diagrams, g: Node, unique: &[BoxRow], levels: &Levels) -> Vec<BoxRow> {
    let mut outputs: Vec<(usize, u32)> = Vec::new();
    for row in unique {
        match outputs.iter_mut().find(|o| o.1 == row.output) {
            Some(output) => output.0 += 1,
            None => outputs.push((1, row.output)),
        }
    }
    outputs.sort_by_key(|o| (std::cmp::Reverse(o.0), o.1));
    let mut best: Option<Vec<BoxRow>> = None;
    let few = unique.len() <= LAST_ROWS_LIMIT;
    // Rows that are fewer in all may be worse to begin with.
    let others = if few { common(dd, g, levels) } else { Vec::new() };
    let tried = if few { LAST_ROWS } else { 1 };
    for &(_, last) in outputs.iter().take(tried) {
        for begin in [unique, &others] {
            if begin.is_empty() {
                continue;
            }
            let rows = before(dd, g, begin, last, levels);
            if best.as_ref().is_none_or(|b| rows.len() < b.len()) {
                best = Some(rows);
            }
        }
    }
    best.unwrap_or_default()
}

/// The rows before the last, and the last.
fn before(dd: &mut Diagrams, g: Node, unique: &[BoxRow], last: u32, levels: &Levels) -> Vec<BoxRow> {
    let mut open = dd.preimage(g, &|v| v != 0);
    let mut waiting: Vec<BoxRow> = unique.iter().filter(|r| r.output != last).cloned().collect();
    let mut rows = Vec::new();
    let mut looked = 0;
    let mut others: FxHashMap<u32, Node> = FxHashMap::default();
    while !waiting.is_empty() {
        let considered = if looked <= CHOOSE_LIMIT { waiting.len() } else { 1 };
        looked += considered;
        let mut wrongs: FxHashMap<u32, Node> = FxHashMap::default();
        let mut best: Option<(usize, BoxRow)> = None;
        for row in waiting.iter().take(considered) {
            let output = row.output;
            let wrong = *wrongs.entry(output).or_insert_with(|| {
                let wrong = *others.entry(output).or_insert_with(|| dd.preimage(g, &|v| v != 0 && v != output));
                dd.and(wrong, open)
            });
            let grown = grow(dd, row, wrong, levels);
            let covers = waiting.iter().filter(|w| w.output == output && w.is_within(&grown)).count();
            let better = best.as_ref().is_none_or(|(most, other)| {
                (covers, std::cmp::Reverse(grown.constraints())) > (*most, std::cmp::Reverse(other.constraints()))
            });
            if better {
                best = Some((covers, grown));
            }
        }
        let Some((_, row)) = best else { break };
        let node = row.node(dd);
        open = dd.diff(open, node);
        // What is covered now, even if only because the rest of a row went to the rows above.
        let done: Vec<bool> = waiting.iter().map(|w| !w.disjoint(&row) && w.misses(dd, open)).collect();
        let mut done = done.into_iter();
        waiting.retain(|_| !done.next().unwrap_or(false));
        rows.push(row);
    }
    if open != Diagrams::FALSE {
        rows.push(BoxRow::everything(dd.cells().len(), last));
    }
    rows
}

/// The row without the constraints it can do without, those of the last columns first: it still meets nothing wrong.
fn grow(dd: &Diagrams, row: &BoxRow, wrong: Node, levels: &Levels) -> BoxRow {
    let mut row = row.clone();
    let mut order: Vec<usize> = (0..row.cells.len()).filter(|l| row.cells[*l].is_some()).collect();
    order.sort_by_key(|l| std::cmp::Reverse(levels.rank[*l]));
    for level in order {
        let kept = row.cells[level].take();
        if !row.misses(dd, wrong) {
            row.cells[level] = kept;
        }
    }
    row
}

/// Boxes, overlapping where that saves constraints, that together are `region` among the cases of `care`.
pub fn boxes_of(dd: &mut Diagrams, region: Node, care: Node, levels: &Levels) -> Vec<BoxRow> {
    let wrong = dd.diff(care, region);
    // Most rules are about one box.
    let hull = BoxRow { cells: dd.hull(region), output: 1 };
    if region != Diagrams::FALSE && hull.misses(dd, wrong) {
        return vec![grow(dd, &hull, wrong, levels)];
    }
    let (inside, outside) = (dd.terminal(1), dd.terminal(2));
    let g = dd.ite(region, inside, outside);
    let g = dd.ite(care, g, Diagrams::FALSE);
    let mut rows: Vec<BoxRow> = Vec::new();
    for row in partition(dd, g, levels).into_iter().filter(|r| r.output == 1) {
        let row = grow(dd, &row, wrong, levels);
        if !rows.iter().any(|r| row.is_within(r)) {
            rows.retain(|r| !r.is_within(&row));
            rows.push(row);
        }
    }
    // A row that the others cover together goes, the last first.
    let mut i = rows.len();
    while i > 0 && rows.len() > 1 {
        i -= 1;
        let nodes: Vec<Node> = (0..rows.len()).filter(|k| *k != i).map(|k| rows[k].node(dd)).collect();
        let others = dd.or_all(&nodes);
        let own = rows[i].node(dd);
        let own = dd.and(own, care);
        if dd.implies(own, others) {
            rows.remove(i);
        }
    }
    rows
}

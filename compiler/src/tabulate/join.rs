//! Disjoint rows -> fewer disjoint rows that say the same.
//!
//! Rows of one output that differ on one axis become one row: that is exact, and needs no more than a look at each row.
//! Then two rows become the box around them where that box meets no row of another place in any case; rows that lie in it
//! go with them. Boxes may then meet where nobody cares.

use super::boxes::BoxRow;
use crate::diagram::{Diagrams, Node};
use crate::model::Bits;
use rustc_hash::FxHashMap;

/// Up to so many rows are compared with one another, until so many comparisons have been made.
const COMPARED_ROWS: usize = 300;
const COMPARISONS: usize = 2_000_000;
/// Among more rows than these only such are compared that differ on few axes: others are hardly ever joined.
const FEW_ROWS: usize = 40;
const FEW_AXES: usize = 2;

/// `g` is the function: 0 where nobody cares. Rows need not be of all its outputs.
pub fn join(dd: &mut Diagrams, g: Node, mut rows: Vec<BoxRow>) -> Vec<BoxRow> {
    let sizes = dd.cells().to_vec();
    beside(&mut rows, &sizes);
    if rows.len() <= COMPARED_ROWS { around(dd, g, rows, &sizes) } else { rows }
}

/// Joins rows that differ on one axis, axis by axis, until no two do.
fn beside(rows: &mut Vec<BoxRow>, sizes: &[u32]) {
    loop {
        let before = rows.len();
        for (level, &size) in sizes.iter().enumerate() {
            if rows.iter().all(|r| r.cells[level].is_none()) {
                continue;
            }
            let mut places: FxHashMap<BoxRow, usize> = FxHashMap::default();
            let mut joined: Vec<(BoxRow, Option<Bits>)> = Vec::with_capacity(rows.len());
            for mut row in rows.drain(..) {
                let own = row.cells[level].take();
                match places.get(&row) {
                    Some(&place) => {
                        let all = joined[place].1.as_ref().zip(own.as_ref()).map(|(a, b)| a.union(b));
                        joined[place].1 = all.filter(|u| u.len() < size as usize);
                    }
                    None => {
                        places.insert(row.clone(), joined.len());
                        joined.push((row, own));
                    }
                }
            }
            rows.extend(joined.into_iter().map(|(mut row, own)| {
                row.cells[level] = own;
                row
            }));
        }
        if rows.len() == before {
            return;
        }
    }
}

/// Joins rows where the box around them meets no other row and no other output.
fn around(dd: &mut Diagrams, g: Node, mut rows: Vec<BoxRow>, sizes: &[u32]) -> Vec<BoxRow> {
    let mut wrongs: FxHashMap<u32, Node> = FxHashMap::default();
    let mut work = 0;
    let mut i = 0;
    while i < rows.len() {
        let mut j = i + 1;
        while j < rows.len() {
            if work > COMPARISONS {
                return rows;
            }
            work += 1;
            let output = rows[i].output;
            if output == rows[j].output && (rows.len() <= FEW_ROWS || rows[i].differs(&rows[j]) <= FEW_AXES) {
                let around = rows[i].around(&rows[j], sizes);
                let wrong = *wrongs.entry(output).or_insert_with(|| dd.preimage(g, &|v| v != 0 && v != output));
                if around.misses(dd, wrong) {
                    work += rows.len();
                    let inside: Vec<bool> = rows.iter().map(|r| r.output == output && r.is_within(&around)).collect();
                    if free(dd, g, &around, &rows, &inside) {
                        let mut keep = inside.iter().enumerate().map(|(k, inside)| k == i || !inside);
                        rows[i] = around;
                        rows.retain(|_| keep.next().unwrap_or(true));
                        // Earlier rows may join the grown one now.
                        i = 0;
                        j = 1;
                        continue;
                    }
                }
            }
            j += 1;
        }
        i += 1;
    }
    rows
}

/// Whether a box meets no case of the rows that are not inside it.
fn free(dd: &Diagrams, g: Node, around: &BoxRow, rows: &[BoxRow], inside: &[bool]) -> bool {
    let others = rows.iter().zip(inside).filter(|(r, inside)| !**inside && r.output == around.output);
    others.into_iter().all(|(row, _)| match row.meet(around) {
        None => true,
        Some(both) => both.misses(dd, g),
    })
}

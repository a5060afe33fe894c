//! Disjoint rows -> fewer disjoint rows that say the same.
//!
//! Rows of one output that differ on one axis become one row: that is exact, and needs no more than a look at each row.
//! Then two rows become the box around them where that box meets no row of another place in any case; rows that lie in it
//! go with them. Boxes may then meet where nobody cares.

use super::boxes::BoxRow;
use crate::diagram::{Diagrams, Node};
use crate::model::Bits;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;
use std::hash::{Hash, Hasher};

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
    let mut sets = Sets::default();
    let mut numbered: Vec<Numbered> = rows.iter().map(|row| sets.row(row)).collect();
    let axes: Vec<usize> = (0..sizes.len()).filter(|axis| numbered.iter().any(|r| r[*axis] != 0)).collect();
    loop {
        let before = numbered.len();
        for &axis in &axes {
            let mut places: HashTable<usize> = HashTable::with_capacity(numbered.len());
            let mut joined: Vec<Numbered> = Vec::with_capacity(numbered.len());
            for row in numbered.drain(..) {
                let same = |a: &Numbered, b: &Numbered| a[..axis] == b[..axis] && a[axis + 1..] == b[axis + 1..];
                let hash = |row: &Numbered| {
                    let mut hasher = FxHasher::default();
                    (&row[..axis], &row[axis + 1..]).hash(&mut hasher);
                    hasher.finish()
                };
                match places.entry(hash(&row), |i| same(&joined[*i], &row), |i| hash(&joined[*i])) {
                    Entry::Occupied(place) => {
                        let own = &mut joined[*place.get()][axis];
                        *own = sets.union(*own, row[axis], sizes[axis]);
                    }
                    Entry::Vacant(free) => {
                        free.insert(joined.len());
                        joined.push(row);
                    }
                }
            }
            numbered = joined;
        }
        if numbered.len() == before {
            break;
        }
    }
    if numbered.len() < rows.len() {
        *rows = numbered.iter().map(|row| sets.written(row)).collect();
    }
}

/// A row: by axis the number of its set of cells, last its output.
type Numbered = SmallVec<[u32; 24]>;

/// Sets of cells by number; 0 is all cells.
#[derive(Default)]
struct Sets {
    numbers: FxHashMap<Bits, u32>,
    sets: Vec<Bits>,
    /// The unions that were asked for.
    unions: FxHashMap<(u32, u32), u32>,
}

impl Sets {
    fn row(&mut self, row: &BoxRow) -> Numbered {
        let cells = row.cells.iter().map(|cells| cells.as_ref().map_or(0, |set| self.number(set)));
        cells.chain([row.output]).collect()
    }

    fn number(&mut self, set: &Bits) -> u32 {
        if let Some(&known) = self.numbers.get(set) {
            return known;
        }
        self.sets.push(set.clone());
        let number = self.sets.len() as u32;
        self.numbers.insert(set.clone(), number);
        number
    }

    fn get(&self, number: u32) -> Option<&Bits> {
        self.sets.get((number as usize).checked_sub(1)?)
    }

    /// Of an axis of so many cells.
    fn union(&mut self, a: u32, b: u32, size: u32) -> u32 {
        let (Some(x), Some(y)) = (self.get(a), self.get(b)) else { return 0 };
        let number = match self.unions.get(&(a, b)) {
            Some(&known) => known,
            None => {
                let both = x.union(y);
                let number = self.number(&both);
                self.unions.insert((a, b), number);
                number
            }
        };
        // What is all of one axis may be less than all of another.
        if self.get(number).is_some_and(|both| both.len() == size as usize) { 0 } else { number }
    }

    fn written(&self, row: &Numbered) -> BoxRow {
        let (cells, output) = row.split_at(row.len() - 1);
        BoxRow { cells: cells.iter().map(|n| self.get(*n).cloned()).collect(), output: output[0] }
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

//! Decision tables in the shape of those of Calvanese, Dumas, Laurson, Maggi, Montali and Teinemaa, "Semantics and
//! Analysis of DMN Decision Tables" (BPM 2016).
//!
//! The space is split again and again, each time one region along one column, until there are as many regions as rows:
//! complete and without overlap. Then 5 % of the rows are enlarged in one column (overlaps), 3 % are shrunk and 1 % are
//! left out (gaps), and 0.5 % of the rows are stated once more in a narrower form (dead rows).

use super::{is_any, list};
use fastrand::Rng;
use std::fmt::Write;

/// Which table.
#[derive(Debug, Clone, Copy)]
pub struct Bpm {
    pub columns: usize,
    pub rules: usize,
    /// Each row has an outcome of its own, so every overlap is a conflict. Else there are five outcomes.
    pub distinct: bool,
    pub seed: u64,
}

/// Every third column is an enumeration of this many values, the others are numbers below [`NUMBERS`].
const VALUES: u32 = 12;
const NUMBERS: u32 = 10_000;

/// For each column the first and the last value.
type Region = Vec<(u32, u32)>;

fn enumerated(column: usize) -> bool {
    column % 3 == 2
}

fn domain(column: usize) -> u32 {
    if enumerated(column) { VALUES } else { NUMBERS }
}

/// `c3 between 5 and 9 and c5 is any of v1, v2`
fn condition(region: &Region) -> String {
    let mut parts = Vec::new();
    for (column, &(low, high)) in region.iter().enumerate() {
        if (low, high) == (0, domain(column) - 1) {
            continue;
        }
        parts.push(if enumerated(column) {
            is_any(&format!("c{column}"), &(low..=high).map(|v| format!("v{v}")).collect::<Vec<_>>())
        } else if low == high {
            format!("c{column} = {low}")
        } else if low == 0 {
            format!("c{column} <= {high}")
        } else if high == NUMBERS - 1 {
            format!("c{column} >= {low}")
        } else {
            format!("c{column} between {low} and {high}")
        });
    }
    parts.join(" and ")
}

/// As many regions as asked for, that together are everything and do not overlap.
fn partition(columns: usize, count: usize, rng: &mut Rng) -> Vec<Region> {
    let mut regions: Vec<Region> = vec![(0..columns).map(|c| (0, domain(c) - 1)).collect()];
    let mut next = 0;
    while regions.len() < count {
        // The regions in turn, now and then left as they are, so that their depths differ a little.
        let at = next % regions.len();
        next += 1;
        let open: Vec<usize> = (0..columns).filter(|&c| regions[at][c].0 < regions[at][c].1).collect();
        if open.is_empty() || rng.u32(..4) == 0 {
            continue;
        }
        let column = open[rng.usize(..open.len())];
        let (low, high) = regions[at][column];
        let quarter = (high - low) / 4;
        let cut = rng.u32(low + quarter..high - quarter);
        let mut upper = regions[at].clone();
        upper[column] = (cut + 1, high);
        regions[at][column] = (low, cut);
        regions.push(upper);
    }
    regions
}

/// The table as a policy with the decision `grade`, without a default.
pub fn bpm(table: &Bpm) -> String {
    let mut rng = Rng::with_seed(table.seed);
    let again = table.rules / 200;
    let mut regions = partition(table.columns, table.rules - again, &mut rng);
    let mut left_out = vec![false; regions.len()];
    for (row, region) in regions.iter_mut().enumerate() {
        let narrowed: Vec<usize> = (0..table.columns).filter(|&c| region[c] != (0, domain(c) - 1)).collect();
        let Some(&column) = narrowed.get(rng.usize(..narrowed.len().max(1))) else { continue };
        let (low, high) = region[column];
        match rng.u32(..100) {
            0..5 => {
                let more = (domain(column) / 20).max(1);
                region[column] = (low.saturating_sub(rng.u32(0..=more)), (high + more).min(domain(column) - 1));
            }
            5..8 => region[column].0 = low + (high - low).div_ceil(4),
            8 => left_out[row] = true,
            _ => {}
        }
    }
    let outcomes: Vec<u32> = (0..regions.len()).map(|r| if table.distinct { r as u32 } else { rng.u32(..5) }).collect();
    let count = if table.distinct { regions.len() as u32 } else { 5 };

    let mut text = String::from("policy grades \"Grades\" { }\n\n");
    let _ = writeln!(text, "decision grade: one of {}\n", list((0..count).map(|o| format!("g{o}"))));
    for column in 0..table.columns {
        let _ = if enumerated(column) {
            writeln!(text, "fact c{column}: one of {}", list((0..VALUES).map(|v| format!("v{v}"))))
        } else {
            writeln!(text, "fact c{column}: number 0 to {}", NUMBERS - 1)
        };
    }
    text.push('\n');
    let mut rows: Vec<(u32, String)> = Vec::new();
    for (row, region) in regions.iter().enumerate() {
        if !left_out[row] {
            rows.push((outcomes[row], condition(region)));
        }
    }
    for _ in 0..again {
        let row = rng.usize(..regions.len());
        let mut region = regions[row].clone();
        let column = rng.usize(..table.columns);
        let (low, high) = region[column];
        region[column].1 = low + (high - low) / 2;
        if !left_out[row] && (low, high) != region[column] {
            rows.push((outcomes[row], condition(&region)));
        }
    }
    rng.shuffle(&mut rows);
    for (row, (outcome, condition)) in rows.iter().enumerate() {
        let when = if condition.is_empty() { String::new() } else { format!(" when {condition}") };
        let _ = writeln!(text, "rule r{row} {{ grade is g{outcome}{when} }}");
    }
    text
}

//! Partitions against the function itself, assignment by assignment.

mod least;

use super::*;
use crate::tabulate::cover::{boxes_of, first_hit};

pub fn plain_levels(n: usize) -> Levels {
    Levels { rank: (0..n).collect(), ordered: vec![false; n], absent: vec![None; n] }
}

/// Every assignment over these cells, in order.
fn assignments(cells: &[u32]) -> Vec<Vec<u32>> {
    let mut all = vec![Vec::new()];
    for &n in cells {
        all = all.into_iter().flat_map(|a| (0..n).map(move |c| [a.clone(), vec![c]].concat())).collect();
    }
    all
}

fn has(row: &BoxRow, assignment: &[u32]) -> bool {
    row.cells.iter().zip(assignment).all(|(cells, c)| cells.as_ref().is_none_or(|s| s.contains(*c as usize)))
}

/// The diagram of a function given as a closure. 0 is "don't care".
fn diagram(dd: &mut Diagrams, cells: &[u32], level: usize, prefix: &mut Vec<u32>, f: &dyn Fn(&[u32]) -> u32) -> Node {
    if level == cells.len() {
        return dd.terminal(f(prefix));
    }
    let mut children = Vec::new();
    for c in 0..cells[level] {
        prefix.push(c);
        children.push(diagram(dd, cells, level + 1, prefix, f));
        prefix.pop();
    }
    dd.node(level, &children)
}

struct Made {
    dd: Diagrams,
    g: Node,
    rows: Vec<BoxRow>,
}

/// Partitions and checks: every assignment with an output is in exactly one row, of that output.
fn check(cells: &[u32], f: &dyn Fn(&[u32]) -> u32) -> Made {
    let mut dd = Diagrams::new(cells.to_vec(), 1_000_000);
    let g = diagram(&mut dd, cells, 0, &mut Vec::new(), f);
    let rows = partition(&mut dd, g, &plain_levels(cells.len()));
    for a in assignments(cells).iter().filter(|a| f(a) != 0) {
        let hits: Vec<&BoxRow> = rows.iter().filter(|r| has(r, a)).collect();
        assert_eq!(hits.len(), 1, "{a:?} in {hits:?}");
        assert_eq!(hits[0].output, f(a), "{a:?}");
    }
    Made { dd, g, rows }
}

#[test]
fn random_functions_are_partitioned_exactly() {
    for seed in 0..40 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let cells: Vec<u32> = (0..rng.usize(1..6)).map(|_| rng.u32(1..5)).collect();
        let outputs = rng.u32(1..4);
        let cares = rng.u32(1..5);
        let table: Vec<u32> = assignments(&cells)
            .iter()
            .map(|a| match rng.u32(0..5) {
                n if n >= cares => 0,
                // Some structure, so that rows can be joined.
                0 => 1 + a[0] % outputs,
                _ => 1 + rng.u32(0..outputs),
            })
            .collect();
        let index = |a: &[u32]| a.iter().zip(&cells).fold(0, |i, (c, n)| i * *n as usize + *c as usize);
        let f = |a: &[u32]| table[index(a)];
        let mut made = check(&cells, &f);
        let levels = plain_levels(cells.len());
        let ordered = first_hit(&mut made.dd, made.g, &made.rows, &levels);
        assert!(ordered.len() <= made.rows.len());
        for a in assignments(&cells).iter().filter(|a| f(a) != 0) {
            assert_eq!(ordered.iter().find(|r| has(r, a)).map(|r| r.output), Some(f(a)), "{a:?}");
        }
        let region = made.dd.preimage(made.g, &|v| v == 1);
        let care = made.dd.preimage(made.g, &|v| v != 0);
        let boxes = boxes_of(&mut made.dd, region, care, &levels);
        for a in assignments(&cells).iter().filter(|a| f(a) != 0) {
            assert_eq!(boxes.iter().any(|r| has(r, a)), f(a) == 1, "{a:?}");
        }
    }
}

#[test]
fn known_least_rows_are_found() {
    // One axis decides: a row for each output, however the cells are spread.
    assert_eq!(check(&[3, 6, 2], &|a| 1 + a[1] % 2).rows.len(), 2);
    // Conjunction of n: n + 1 rows.
    assert_eq!(check(&[2, 2, 2, 2], &|a| 1 + u32::from(a.iter().all(|c| *c == 1))).rows.len(), 5);
    // A multiplexer: the selector first, though it is the last axis.
    assert_eq!(check(&[2, 2, 2, 3], &|a| 1 + a[a[3] as usize]).rows.len(), 6);
    // Don't-cares: an axis that only matters where nobody cares costs nothing.
    assert_eq!(check(&[2, 3], &|a| if a[0] == 0 && a[1] != 2 { 0 } else { 1 + a[0] }).rows.len(), 2);
    // Parity cannot be shortened.
    assert_eq!(check(&[2, 2, 2], &|a| 1 + (a[0] + a[1] + a[2]) % 2).rows.len(), 8);
    // A corner and its opposite: no tree splits this into five boxes, but five are the least.
    assert!(check(&[2, 2, 2], &|a| 1 + u32::from(a[0] == a[1] && a[1] == a[2])).rows.len() <= 6);
}

#[test]
fn ordered_rows_need_fewer() {
    // Permit, except forbid, except permit.
    let f = |a: &[u32]| match a {
        [1, 1, 1] => 2,
        [1, 1, 0] => 1,
        [1, 0, _] => 2,
        _ => 1,
    };
    let mut made = check(&[2, 2, 2], &f);
    let levels = plain_levels(3);
    assert_eq!(first_hit(&mut made.dd, made.g, &made.rows, &levels).len(), 3);
}

#[test]
fn ranges_close_over_cells_nobody_has() {
    let mut dd = Diagrams::new(vec![5], 1000);
    let children = [2, 0, 2, 0, 1].map(|v| dd.terminal(v));
    let g = dd.node(0, &children);
    let levels = Levels { rank: vec![0], ordered: vec![true], absent: vec![None] };
    let rows = partition(&mut dd, g, &levels);
    // Output by output.
    assert_eq!(rows[0].cells[0], Some(Bits::one(4)));
    assert_eq!(rows[1].cells[0], Some((0..4).collect()));
}

//! Tables of small functions against the least rows that any table of theirs can have, found by search.
//!
//! The search is exact and shares nothing with what makes the tables: a function is the list of its values, a box is the
//! set of the assignments that it has. Unique: the least exact cover, output by output, for boxes of different outputs
//! never meet. First: the shortest list of boxes of which each says one thing about what the ones before have left.
//! Functions on which the search takes too many steps do not count, nor those of more than twelve least rows.
//! `ORDAIN_TABLES` says how many functions of each kind are looked at: a dozen, unless more are asked for.

use super::{assignments, diagram, has, plain_levels};
use crate::diagram::Diagrams;
use crate::tabulate::cover::first_hit;
use crate::tabulate::partition::partition;
use rustc_hash::{FxHashMap, FxHashSet};

const STEPS: u64 = 3_000;
const MOST: usize = 12;

struct Function {
    cells: Vec<u32>,
    all: Vec<Vec<u32>>,
    /// By assignment, at most 128; 0 is "don't care".
    values: Vec<u32>,
}

fn members(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let first = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(first)
    })
}

impl Function {
    fn set(&self, wanted: impl Fn(usize) -> bool) -> u128 {
        (0..self.all.len()).filter(|i| wanted(*i)).fold(0, |set, i| set | 1 << i)
    }

    fn outputs(&self) -> Vec<u128> {
        let most = self.values.iter().copied().max().unwrap_or(0);
        (1..=most).map(|v| self.set(|i| self.values[i] == v)).filter(|s| *s != 0).collect()
    }

    /// Every box, as the assignments that somebody cares about.
    fn boxes(&self) -> Vec<u128> {
        let mut found = vec![self.set(|i| self.values[i] != 0)];
        for (level, &n) in self.cells.iter().enumerate() {
            let sides: Vec<u128> =
                (1u32..1 << n).map(|cells| self.set(|i| cells >> self.all[i][level] & 1 == 1)).collect();
            found = found.iter().flat_map(|b| sides.iter().map(move |s| b & s)).filter(|b| *b != 0).collect();
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// The least rows of a table with each case in one row.
    fn unique(&self) -> Option<usize> {
        let (boxes, mut steps) = (self.boxes(), STEPS);
        let mut total = 0;
        for region in self.outputs() {
            let mut inside: Vec<u128> = boxes.iter().copied().filter(|b| b & !region == 0).collect();
            inside.sort_by_key(|b| std::cmp::Reverse(b.count_ones()));
            let mut failed = FxHashSet::default();
            let mut rows = 1;
            while !self.covers(region, rows, &inside, &mut failed, &mut steps)? {
                rows += 1;
            }
            total += rows;
        }
        Some(total)
    }

    /// Whether so many of the boxes, no two with an assignment in common, make up the set.
    fn covers(
        &self,
        open: u128,
        rows: usize,
        boxes: &[u128],
        failed: &mut FxHashSet<(u128, usize)>,
        steps: &mut u64,
    ) -> Option<bool> {
        if open == 0 || rows == 0 || failed.contains(&(open, rows)) {
            return Some(open == 0);
        }
        *steps = steps.checked_sub(1)?;
        let boxes: Vec<u128> = boxes.iter().copied().filter(|b| b & !open == 0).collect();
        // By assignment: all that some box has together with it.
        let mut with = [0u128; 128];
        let mut count = [0usize; 128];
        for &b in &boxes {
            members(b).for_each(|i| {
                with[i] |= b;
                count[i] += 1;
            });
        }
        let mut order: Vec<usize> = members(open).collect();
        order.sort_by_key(|i| (with[*i].count_ones(), *i));
        let (mut blocked, mut apart) = (0u128, 0);
        for i in order {
            if blocked >> i & 1 == 0 {
                blocked |= with[i];
                apart += 1;
            }
        }
        let place = members(open).min_by_key(|i| count[*i])?;
        if apart <= rows {
            for b in boxes.iter().filter(|b| **b >> place & 1 == 1) {
                if self.covers(open & !b, rows - 1, &boxes, failed, steps)? {
                    return Some(true);
                }
            }
        }
        failed.insert((open, rows));
        Some(false)
    }

    /// The least rows of a table in which the first that fits decides.
    fn first(&self) -> Option<usize> {
        let (boxes, outputs, mut steps) = (self.boxes(), self.outputs(), STEPS);
        let care = outputs.iter().fold(0, |all, o| all | o);
        let mut failed = FxHashMap::default();
        for rows in outputs.len()..=MOST {
            if Self::decides(care, rows, &boxes, &outputs, &mut failed, &mut steps)? {
                return Some(rows);
            }
        }
        None
    }

    /// Whether so many ordered boxes decide what is open.
    fn decides(
        open: u128,
        rows: usize,
        boxes: &[u128],
        outputs: &[u128],
        failed: &mut FxHashMap<u128, usize>,
        steps: &mut u64,
    ) -> Option<bool> {
        let left = outputs.iter().filter(|o| *o & open != 0).count();
        if left <= 1 || left > rows || failed.get(&open).is_some_and(|f| *f >= rows) {
            return Some(left <= 1 && left <= rows);
        }
        *steps = steps.checked_sub(1)?;
        let pure = |b: &u128| *b != 0 && outputs.iter().any(|o| b & !o == 0);
        let mut moves: Vec<u128> = boxes.iter().map(|b| b & open).filter(pure).collect();
        moves.sort_unstable_by_key(|m| (std::cmp::Reverse(m.count_ones()), *m));
        moves.dedup();
        // What takes less than another move leaves more to do.
        let mut kept: Vec<u128> = Vec::new();
        for m in moves {
            if !kept.iter().any(|k| m & !k == 0) {
                kept.push(m);
            }
        }
        for m in kept {
            if Self::decides(open & !m, rows - 1, boxes, outputs, failed, steps)? {
                return Some(true);
            }
        }
        failed.insert(open, rows);
        Some(false)
    }
}

/// Cells that a rule is about: any, a range, or a group of a hierarchy.
fn side(rng: &mut fastrand::Rng, n: u32, shape: &str) -> Vec<u32> {
    let low = rng.u32(0..n);
    match shape {
        "ranges" => (low..=rng.u32(low..n)).collect(),
        "hierarchies" if rng.bool() => (0..n).filter(|c| (*c < n / 2) == (low < n / 2)).collect(),
        "hierarchies" => vec![low],
        _ => (0..n).filter(|c| *c == low || rng.u32(0..3) == 0).collect(),
    }
}

fn function(shape: &str, seed: u64) -> Function {
    let mut rng = fastrand::Rng::with_seed(seed);
    let (axes, most) = match shape {
        "ranges" => (2..4, 6),
        "yes and no" => (3..7, 2),
        "noise" => (2..4, 3),
        _ => (2..5, 4),
    };
    let cells = loop {
        let cells: Vec<u32> = (0..rng.usize(axes.clone())).map(|_| rng.u32(2..=most)).collect();
        if (6..=72).contains(&cells.iter().product::<u32>()) {
            break cells;
        }
    };
    let all = assignments(&cells);
    let rule = |rng: &mut fastrand::Rng| -> Vec<Option<Vec<u32>>> {
        cells.iter().map(|n| (rng.u32(0..cells.len() as u32 + 1) < 2).then(|| side(rng, *n, shape))).collect()
    };
    let rules: Vec<_> = (0..rng.usize(2..7)).map(|_| (rule(&mut rng), 1 + rng.u32(0..2))).collect();
    let impossible: Vec<_> = (0..rng.usize(0..2)).map(|_| rule(&mut rng)).collect();
    let fits = |rule: &[Option<Vec<u32>>], a: &[u32]| {
        rule.iter().zip(a).all(|(side, cell)| side.as_ref().is_none_or(|s| s.contains(cell)))
    };
    let values = all.iter().map(|a| {
        let mut said = rules.iter().filter(|r| fits(&r.0, a)).map(|r| r.1);
        if impossible.iter().any(|r| r.iter().any(Option::is_some) && fits(r, a)) {
            return 0;
        }
        match shape {
            "noise" => rng.u32(0..4),
            "exceptions" => said.next().unwrap_or(2),
            // Permit, forbid, conflict; forbid by default.
            _ => match said.fold((false, false), |s, v| (s.0 || v == 1, s.1 || v == 2)) {
                (true, true) => 3,
                (true, false) => 1,
                _ => 2,
            },
        }
    });
    let values = values.collect();
    Function { cells, all, values }
}

#[test]
fn tables_are_near_the_least() {
    let seeds = std::env::var("ORDAIN_TABLES").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let shapes = ["sets", "ranges", "hierarchies", "yes and no", "exceptions", "noise"];
    let mut told = String::new();
    for shape in shapes {
        // Sum of ratios, functions, and how many have so many rows more than the least.
        let mut tally = [(0.0f64, 0usize, [0usize; 5]); 2];
        for seed in 0..seeds {
            let f = function(shape, seed);
            let mut dd = Diagrams::new(f.cells.clone(), 1_000_000);
            let index = |a: &[u32]| a.iter().zip(&f.cells).fold(0, |i, (c, n)| i * *n as usize + *c as usize);
            let g = diagram(&mut dd, &f.cells, 0, &mut Vec::new(), &|a| f.values[index(a)]);
            let levels = plain_levels(f.cells.len());
            let unique = partition(&mut dd, g, &levels);
            let first = first_hit(&mut dd, g, &unique, &levels);
            for (a, value) in f.all.iter().zip(&f.values).filter(|(_, v)| **v != 0) {
                assert_eq!(unique.iter().filter(|r| has(r, a)).map(|r| r.output).collect::<Vec<_>>(), [*value]);
                assert_eq!(first.iter().find(|r| has(r, a)).map(|r| r.output), Some(*value));
            }
            let both = [(unique.len(), f.unique()), (first.len(), f.first())];
            for ((rows, least), tally) in both.into_iter().zip(&mut tally) {
                if let Some(least) = least.filter(|n| (1..=MOST).contains(n)) {
                    assert!(rows >= least, "{shape} {seed}: the search is wrong: {rows} rows, not {least}");
                    tally.0 += rows as f64 / least as f64;
                    tally.1 += 1;
                    tally.2[(rows - least).min(4)] += 1;
                }
            }
        }
        for (hit, (sum, n, more)) in ["unique", "first"].iter().zip(tally) {
            let ratio = sum / n.max(1) as f64;
            told.push_str(&format!("{shape}, {hit}: {ratio:.3} of the least; of {n} with 0, 1, 2… more: {more:?}\n"));
            assert!(n as u64 >= seeds / 4, "too few {shape} are searched through:\n{told}");
            assert!(ratio <= 1.15, "{told}");
        }
    }
    println!("{told}");
}

#[test]
fn the_search_knows_the_least() {
    let of = |cells: &[u32], f: &dyn Fn(&[u32]) -> u32| {
        let all = assignments(cells);
        let values = all.iter().map(|a| f(a)).collect();
        let f = Function { cells: cells.to_vec(), all, values };
        (f.unique(), f.first())
    };
    // A conjunction, parity, and the corner with its opposite, which no tree splits into five.
    assert_eq!(of(&[2, 2, 2], &|a| 1 + u32::from(a == [1, 1, 1])), (Some(4), Some(2)));
    assert_eq!(of(&[2, 2, 2], &|a| 1 + (a[0] + a[1] + a[2]) % 2).0, Some(8));
    assert_eq!(of(&[2, 2, 2], &|a| 1 + u32::from(a[0] == a[1] && a[1] == a[2])), (Some(5), Some(3)));
    assert_eq!(of(&[3, 2], &|a| if a[0] == 0 { 0 } else { a[0] }), (Some(2), Some(2)));
}

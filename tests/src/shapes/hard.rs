//! Shapes that are hard for one method or another: few conditions a rule, and diagonals.
//!
//! A diagonal of pairs needs a diagram of 2^n nodes where all the first halves are asked before the second ones, and 3n
//! where each pair is asked together. A staircase has as many overlaps as a table of intervals can have, and a diagonal
//! of products has no two rules that meet although every pair of conditions does.

use super::{Boxes, boxes, list};
use crate::shapes::boxes::Domain;
use std::fmt::Write;

/// 12 facts; each rule narrows one or two of them and leaves all others open.
pub fn wildcards(rules: usize, seed: u64) -> String {
    let facts = (0..12).map(|i| match i % 4 {
        0 => Domain::YesNo,
        1 => Domain::OneOf(9),
        2 => Domain::Number(1000),
        _ => Domain::OneOf(5),
    });
    boxes(&Boxes {
        facts: facts.collect(),
        rules,
        constrained: (1, 2),
        wide: false,
        selective: None,
        default: false,
        seed,
    })
}

/// `n` facts `a…`, then `n` facts `b…`; permitted where all pairs are equal, forbidden where the first or the last
/// differs. Two rules a pair, besides.
pub fn diagonal(n: usize) -> String {
    let mut text = String::from("policy diagonal { }\n\n");
    let _ = writeln!(text, "fact {}: yes/no", list((0..n).map(|i| format!("a{i}"))));
    let _ = writeln!(text, "fact {}: yes/no\n", list((0..n).map(|i| format!("b{i}"))));
    let equal = (0..n).map(|i| format!("(a{i} and b{i} or not a{i} and not b{i})"));
    let _ = writeln!(text, "rule equal {{ permit when {} }}", equal.collect::<Vec<_>>().join(" and "));
    for i in 0..n {
        let _ = writeln!(text, "rule left{i}  {{ forbid when a{i} and not b{i} }}");
        let _ = writeln!(text, "rule right{i} {{ forbid when b{i} and not a{i} }}");
    }
    text
}

/// `n` rules, the i-th about the i-th value of two facts and a step of a third; nothing overlaps, most is undecided.
pub fn products(n: usize) -> String {
    let mut text = String::from("policy products { }\n\n");
    let values = list((0..n).map(|i| format!("v{i}")));
    let _ = writeln!(text, "fact x: one of {values}\nfact y: one of {values}");
    let _ = writeln!(text, "fact z: number 0 to {}\n", 10 * n.max(1));
    for i in 0..n {
        let says = if i % 2 == 0 { "permit" } else { "forbid" };
        let _ = writeln!(text, "rule r{i} {{ {says} when x is v{i} and y is v{i} and z >= {} }}", 10 * i);
    }
    text
}

/// `n` intervals, each of which reaches into the next eight; every other one forbids.
pub fn staircase(n: usize) -> String {
    let mut text = String::from("policy staircase { }\n\n");
    let _ = writeln!(text, "fact x: number 0 to {}\nfact y: number 0 to {}\n", 10 * n + 90, 10 * n + 90);
    for i in 0..n {
        let says = if i % 2 == 0 { "permit" } else { "forbid" };
        let (low, high) = (10 * i, 10 * i + 85);
        let _ = writeln!(text, "rule r{i} {{ {says} when x between {low} and {high} and y between {low} and {high} }}");
    }
    text
}

//! Permits and prohibitions at random, each narrowing some of the facts: the shapes on which solvers, decision diagrams
//! and set indexes have been compared.
//!
//! `dense8` and `dense20` saturate: after some hundred rules all later ones are covered. `sel8` is the realistic large
//! one (one fact that every rule narrows, so rules rarely meet), `hard20` the one on which diagrams explode.

use super::{is_any, list};
use fastrand::Rng;
use std::fmt::Write;

/// Which rules.
#[derive(Debug, Clone)]
pub struct Boxes {
    pub facts: Vec<Domain>,
    pub rules: usize,
    /// How many facts a rule narrows, at least and at most.
    pub constrained: (usize, usize),
    /// Sets and intervals of half of the values and more; else of up to half of them.
    pub wide: bool,
    /// Every rule narrows the first fact, to an interval of at most so many values.
    pub selective: Option<u32>,
    /// `default forbid`; else what no rule speaks about is undecided.
    pub default: bool,
    pub seed: u64,
}

/// The values of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain {
    YesNo,
    OneOf(u32),
    /// From 0, so many.
    Number(u32),
}

use Domain::{Number, OneOf, YesNo};

const EIGHT: [Domain; 8] = [OneOf(8), OneOf(5), OneOf(5), OneOf(3), YesNo, YesNo, Number(31), Number(24)];
const TWENTY: [Domain; 20] = [
    OneOf(8),
    OneOf(5),
    OneOf(5),
    OneOf(3),
    YesNo,
    YesNo,
    Number(31),
    Number(24),
    OneOf(6),
    OneOf(4),
    YesNo,
    OneOf(10),
    Number(12),
    YesNo,
    OneOf(7),
    OneOf(3),
    Number(60),
    YesNo,
    OneOf(4),
    OneOf(9),
];

impl Boxes {
    fn new(facts: &[Domain], rules: usize, constrained: (usize, usize), seed: u64) -> Boxes {
        Boxes { facts: facts.to_vec(), rules, constrained, wide: false, selective: None, default: true, seed }
    }

    /// The same rules without a default.
    pub fn undecided(mut self) -> Boxes {
        self.default = false;
        self
    }
}

pub fn dense8(rules: usize, seed: u64) -> Boxes {
    Boxes::new(&EIGHT, rules, (2, 5), seed)
}

pub fn dense20(rules: usize, seed: u64) -> Boxes {
    Boxes::new(&TWENTY, rules, (2, 5), seed)
}

pub fn hard20(rules: usize, seed: u64) -> Boxes {
    Boxes { wide: true, ..Boxes::new(&TWENTY, rules, (6, 10), seed) }
}

pub fn sel8(rules: usize, seed: u64) -> Boxes {
    let facts: Vec<Domain> = std::iter::once(Number(100_000)).chain(EIGHT).collect();
    Boxes { selective: Some(60), ..Boxes::new(&facts, rules, (2, 5), seed) }
}

pub fn wide40(rules: usize, seed: u64) -> Boxes {
    let facts: Vec<Domain> = TWENTY.into_iter().chain(TWENTY).collect();
    Boxes::new(&facts, rules, (2, 5), seed)
}

/// A condition that leaves some values of the fact and not all.
fn narrow(fact: &str, domain: Domain, wide: bool, rng: &mut Rng) -> String {
    let share = |n: u32, rng: &mut Rng| if wide { rng.u32(n.div_ceil(2)..n) } else { rng.u32(1..=(n / 2).max(1)) };
    match domain {
        YesNo => {
            if rng.bool() {
                fact.to_string()
            } else {
                format!("not {fact}")
            }
        }
        OneOf(n) => {
            let mut values: Vec<u32> = (0..n).collect();
            rng.shuffle(&mut values);
            values.truncate(share(n, rng) as usize);
            values.sort_unstable();
            is_any(fact, &values.iter().map(|v| format!("v{v}")).collect::<Vec<_>>())
        }
        Number(n) => {
            let width = share(n, rng);
            let low = rng.u32(0..=n - width);
            between(fact, low, low + width - 1)
        }
    }
}

fn between(fact: &str, low: u32, high: u32) -> String {
    if low == high { format!("{fact} = {low}") } else { format!("{fact} between {low} and {high}") }
}

/// The rules as a policy.
pub fn boxes(shape: &Boxes) -> String {
    let mut rng = Rng::with_seed(shape.seed);
    let mut text =
        String::from(if shape.default { "policy boxes { default forbid }\n\n" } else { "policy boxes { }\n\n" });
    for (i, domain) in shape.facts.iter().enumerate() {
        let _ = match domain {
            YesNo => writeln!(text, "fact f{i}: yes/no"),
            OneOf(n) => writeln!(text, "fact f{i}: one of {}", list((0..*n).map(|v| format!("v{v}")))),
            Number(n) => writeln!(text, "fact f{i}: number 0 to {}", n - 1),
        };
    }
    text.push('\n');
    let first = usize::from(shape.selective.is_some());
    for rule in 0..shape.rules {
        let mut parts = Vec::new();
        if let (Some(most), Number(n)) = (shape.selective, shape.facts[0]) {
            let width = rng.u32(1..=most);
            let low = rng.u32(0..=n - width);
            parts.push(between("f0", low, low + width - 1));
        }
        let mut facts: Vec<usize> = (first..shape.facts.len()).collect();
        rng.shuffle(&mut facts);
        facts.truncate(rng.usize(shape.constrained.0..=shape.constrained.1));
        facts.sort_unstable();
        parts.extend(facts.iter().map(|&f| narrow(&format!("f{f}"), shape.facts[f], shape.wide, &mut rng)));
        let says = if rng.bool() { "permit" } else { "forbid" };
        let _ = writeln!(text, "rule r{rule} {{ {says} when {} }}", parts.join(" and "));
    }
    text
}

//! A shape, a size and a seed -> a policy as text, the same one every time.
//!
//! Benchmarks measure on these policies and tests compare strategies on them, so both speak of the same inputs. Each
//! shape is a family that someone else has measured, or that is known to be hard, or that an owner of a policy would
//! write; the header of its file says which. Must not know how the compiler works inside: it writes text.

mod aup;
mod boxes;
mod bpm;
mod hard;
mod layers;
mod minimal;

pub use aup::{aup, aup_files};
pub use boxes::{Boxes, boxes, dense8, dense20, hard20, sel8, wide40};
pub use bpm::{Bpm, bpm};
pub use hard::{diagonal, products, staircase, wildcards};
pub use layers::layers;
pub use minimal::{Minimal, minimal};

/// The names that [`by_name`] knows, with what they make of a size.
pub const NAMES: [(&str, &str); 20] = [
    ("aup", "a district's policy: 12 facts, exceptions, times, hierarchies"),
    ("bpm3", "a table over 3 columns"),
    ("bpm5", "a table over 5 columns"),
    ("bpm7", "a table over 7 columns"),
    ("bpm9", "a table over 9 columns"),
    ("bpm13", "a table over 13 columns"),
    ("bpm5-distinct", "the same over 5 columns; each row has an outcome of its own"),
    ("bpm13-distinct", "the same over 13 columns"),
    ("dense8", "8 facts, rules constrain 2 to 5"),
    ("dense20", "20 facts, rules constrain 2 to 5"),
    ("hard20", "20 facts, rules constrain 6 to 10 with wide sets"),
    ("hard20-open", "the same without a default"),
    ("layers", "four policies that yield to one another, in a file each"),
    ("sel8", "9 facts, one of them narrowed by every rule"),
    ("wide40", "40 facts, rules constrain 2 to 5"),
    ("wide40-open", "the same without a default"),
    ("wildcards", "12 facts, rules constrain 1 or 2"),
    ("diagonal", "pairs of facts that have to be equal, in the worst order"),
    ("products", "a fact of many values for each of two, along a diagonal"),
    ("staircase", "overlapping intervals, each reaching into the next ones"),
];

/// The policy of a shape, with about `size` rules: path and text of its files.
pub fn by_name(name: &str, size: usize, seed: u64) -> Option<Vec<(String, String)>> {
    match name {
        "layers" => Some(layers(size, seed)),
        name => Some(vec![("policy.ordain".to_string(), one(name, size, seed)?)]),
    }
}

fn one(name: &str, size: usize, seed: u64) -> Option<String> {
    let table = |columns, distinct| bpm(&Bpm { columns, rules: size, distinct, seed });
    Some(match name {
        "aup" => aup(size, seed),
        "bpm3" => table(3, false),
        "bpm5" => table(5, false),
        "bpm7" => table(7, false),
        "bpm9" => table(9, false),
        "bpm13" => table(13, false),
        "bpm5-distinct" => table(5, true),
        "bpm13-distinct" => table(13, true),
        "dense8" => boxes(&dense8(size, seed)),
        "dense20" => boxes(&dense20(size, seed)),
        "hard20" => boxes(&hard20(size, seed)),
        "hard20-open" => boxes(&hard20(size, seed).undecided()),
        "sel8" => boxes(&sel8(size, seed)),
        "wide40" => boxes(&wide40(size, seed)),
        "wide40-open" => boxes(&wide40(size, seed).undecided()),
        "wildcards" => wildcards(size, seed),
        "diagonal" => diagonal(size),
        "products" => products(size),
        "staircase" => staircase(size),
        _ => return None,
    })
}

/// `a, b and so on`: a list of names.
fn list<T: std::fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|n| n.to_string()).collect::<Vec<_>>().join(", ")
}

/// `x is a` or `x is any of a, b`.
fn is_any(fact: &str, values: &[String]) -> String {
    match values {
        [value] => format!("{fact} is {value}"),
        values => format!("{fact} is any of {}", list(values)),
    }
}

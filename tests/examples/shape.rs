//! `shape NAME RULES SEED`: writes the policy of a shape to standard output.

use ordain_tests::shapes::{NAMES, by_name};
use std::io::Write;

fn main() -> std::process::ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, otherwise: u64| given.get(i).map_or(Some(otherwise), |n| n.parse().ok());
    let text = match (given.first(), number(1, 100), number(2, 1)) {
        (Some(name), Some(rules), Some(seed)) => by_name(name, rules as usize, seed),
        _ => None,
    };
    let Some(text) = text else {
        eprintln!("usage: shape NAME [RULES [SEED]]");
        NAMES.iter().for_each(|(name, what)| eprintln!("  {name:14} {what}"));
        return std::process::ExitCode::from(2);
    };
    // Who reads it may stop early.
    let _ = std::io::stdout().write_all(text.as_bytes());
    std::process::ExitCode::SUCCESS
}

//! `shape NAME RULES SEED`: writes the policy of a shape to standard output, each of several files behind its name.

use ordain_tests::shapes::{NAMES, by_name};
use std::io::Write;

fn main() -> std::process::ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, otherwise: u64| given.get(i).map_or(Some(otherwise), |n| n.parse().ok());
    let files = match (given.first(), number(1, 100), number(2, 1)) {
        (Some(name), Some(rules), Some(seed)) => by_name(name, rules as usize, seed),
        _ => None,
    };
    let Some(files) = files else {
        eprintln!("usage: shape NAME [RULES [SEED]]");
        NAMES.iter().for_each(|(name, what)| eprintln!("  {name:14} {what}"));
        return std::process::ExitCode::from(2);
    };
    let mut out = std::io::stdout();
    for (path, text) in &files {
        let name = if files.len() > 1 { format!("// ---- {path}\n") } else { String::new() };
        // Who reads it may stop early.
        let _ = out.write_all(format!("{name}{text}").as_bytes());
    }
    std::process::ExitCode::SUCCESS
}

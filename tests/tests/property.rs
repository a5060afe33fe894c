//! Random policies: whatever the compiler says of them is held against looking at every case.
//!
//! `cargo test` checks `DEFAULT` programs, about a minute of one core. A full run, two or three minutes, is to be made after
//! every change of the space, the diagrams, the analysis or the tables:
//!
//! ```text
//! ORDAIN_CASES=20000 cargo test --profile thorough -p ordain-tests --test property -- --nocapture
//! ```
//!
//! Programs come from the numbers 0, 1, 2, …, or from `ORDAIN_SEED` on, so every run of as many programs is the same. A
//! program that fails is made smaller and printed; put what is printed into `tests/regressions/` as `NAME.ordain`, or
//! the seed into `SEEDS`: both are checked in every run.

use ordain::diagnostics::codes;
use ordain_tests::random::check::{Failure, Tally, check, check_files};
use ordain_tests::random::generate::generate;
use ordain_tests::random::shrink::shrink;
use ordain_tests::random::tree::Program;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Programs of an ordinary run.
const DEFAULT: u64 = 1000;
/// Seeds that failed once.
const SEEDS: &[u64] = &[];

/// The failure of a program; a panic is one too.
fn failure(program: &Program, seed: u64, tally: &mut Tally) -> Option<Failure> {
    match catch_unwind(AssertUnwindSafe(|| check(program, seed, tally))) {
        Ok(result) => result.err(),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| s.to_string())).unwrap_or_default();
            let first = text.lines().next().unwrap_or_default();
            let label: String = first.chars().filter(|c| !c.is_ascii_digit()).take(40).collect();
            Some(Failure { label: format!("panic: {label}"), text })
        }
    }
}

/// A failing program, as small as it gets, in words.
fn report(seed: u64, program: Program, first: &Failure) -> String {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let small = shrink(program, |p| failure(p, seed, &mut Tally::default()).is_some_and(|f| f.label == first.label));
    let last = failure(&small, seed, &mut Tally::default()).unwrap_or_else(|| first.clone());
    std::panic::set_hook(hook);
    format!("seed {seed}: {}: {}\n\n{}", last.label, last.text, small.text())
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn random_policies() {
    let (from, count) = (number("ORDAIN_SEED", 0), number("ORDAIN_CASES", DEFAULT));
    let most = number("ORDAIN_FAILURES", 1) as usize;
    // Every second program each; what is told does not depend on who was faster.
    let half = |turn: u64| {
        let mut tally = Tally::default();
        let mut failures: Vec<(String, String)> = Vec::new();
        let seeds = SEEDS.iter().copied().chain(from..from + count).filter(|seed| seed % 2 == turn);
        for seed in seeds {
            let program = generate(seed);
            let Some(first) = failure(&program, seed, &mut tally) else { continue };
            if failures.iter().all(|f| f.0 != first.label) {
                let text = report(seed, program, &first);
                eprintln!("{text}");
                failures.push((first.label, text));
            }
            tally.see("FAILED");
            if failures.len() >= most {
                break;
            }
        }
        (tally, failures)
    };
    let ((mut tally, mut failures), (other, more)) = std::thread::scope(|scope| {
        let other = std::thread::Builder::new().stack_size(ordain::cli::STACK).spawn_scoped(scope, || half(1));
        let one = half(0);
        (one, other.expect("a thread").join().expect("no panic beyond those of a program"))
    });
    tally.add(other);
    failures.extend(more);
    eprintln!("{} programs ({} too large), {} cases, {} kinds", tally.programs, tally.large, tally.cases, tally.kinds);
    for (what, times) in &tally.seen {
        eprintln!("{times:8}  {what}");
    }
    // Enough programs show every finding, and nearly all are small enough to look at every case.
    if count >= DEFAULT {
        assert!(tally.large * 50 <= tally.programs, "{} of {} were too large", tally.large, tally.programs);
        let seen = |code: &str| tally.seen.keys().any(|what| what.starts_with(&format!("code {code} ")));
        let unseen: Vec<&str> =
            codes::ALL.iter().map(|c| c.id).filter(|id| id.starts_with("O3") && !seen(id)).collect();
        assert!(unseen.is_empty(), "no program shows {unseen:?}");
    }
    assert!(failures.is_empty(), "{}", failures.into_iter().map(|f| f.1).collect::<Vec<_>>().join("\n\n"));
}

/// Programs that failed once, as text.
#[test]
fn regressions() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/regressions");
    let mut paths: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "ordain"));
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let files = split(&text);
        // The number decides how small the budget is that is tried besides: all of them.
        for seed in 0..12 {
            if let Err(failure) = check_files(&files, seed, &mut Tally::default()) {
                panic!("{}: {}: {}", path.display(), failure.label, failure.text);
            }
        }
    }
}

/// `// ---- main.ordain` begins a file; without, the whole text is one.
fn split(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = vec![("main.ordain".into(), String::new())];
    for line in text.lines() {
        match line.strip_prefix("// ---- ") {
            Some(path) => files.push((path.trim().to_string(), String::new())),
            None => {
                let last = files.len() - 1;
                files[last].1.push_str(line);
                files[last].1.push('\n');
            }
        }
    }
    // What stands before the first file is about the program.
    if files.len() > 1 {
        files.remove(0);
    }
    files
}

//! Random pairs of policies: what `compare` says of two versions is held against deciding every case by both.
//!
//! `cargo test` checks `DEFAULT` pairs. A full run is to be made after every change of the comparison:
//!
//! ```text
//! ORDAIN_CASES=5000 cargo test --profile thorough -p ordain-tests --test compare -- --nocapture
//! ```
//!
//! Pairs come from the numbers 0, 1, 2, …, or from `ORDAIN_SEED` on. A pair that fails is made smaller and printed.

use ordain_tests::random::check::{Failure, Tally, compile};
use ordain_tests::random::generate::generate;
use ordain_tests::random::mutate::mutate;
use ordain_tests::random::pair;
use ordain_tests::random::shrink::without;
use ordain_tests::random::tree::Program;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pairs of an ordinary run.
const DEFAULT: u64 = 200;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(otherwise)
}

/// A program and another version of it that checks, too.
fn versions(seed: u64) -> Option<(Program, Program)> {
    let old = generate(seed);
    let mut rng = fastrand::Rng::with_seed(seed ^ 0x5eed);
    (0..20).map(|_| mutate(&old, &mut rng)).find(|new| compile(&new.files()).is_ok()).map(|new| (old, new))
}

fn failure(old: &Program, new: &Program, tally: &mut Tally) -> Option<Failure> {
    match catch_unwind(AssertUnwindSafe(|| pair::check(&old.files(), &new.files(), tally))) {
        Ok(result) => result.err(),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| s.to_string())).unwrap_or_default();
            Some(Failure { label: format!("panic: {}", text.chars().take(30).collect::<String>()), text })
        }
    }
}

/// A failing pair, as small as leaving parts out of both, or of one, makes it.
fn smaller(mut old: Program, mut new: Program, label: &str) -> (Program, Program) {
    let fails = |a: &Program, b: &Program| failure(a, b, &mut Tally::default()).is_some_and(|f| f.label == label);
    loop {
        let (mut k, mut better) = (0, false);
        loop {
            let (a, b) = (without(&old, k), without(&new, k));
            if a.is_none() && b.is_none() {
                break;
            }
            let both = a.clone().zip(b.clone());
            let tried = [both, a.map(|a| (a, new.clone())), b.map(|b| (old.clone(), b))];
            match tried.into_iter().flatten().find(|(a, b)| fails(a, b)) {
                Some(pair) => {
                    (old, new) = pair;
                    better = true;
                }
                None => k += 1,
            }
        }
        if !better {
            return (old, new);
        }
    }
}

#[test]
fn random_pairs() {
    let (from, count) = (number("ORDAIN_SEED", 0), number("ORDAIN_CASES", DEFAULT));
    let most = number("ORDAIN_FAILURES", 1) as usize;
    let mut tally = Tally::default();
    let mut failures: Vec<(String, String)> = Vec::new();
    for seed in from..from + count {
        let Some((old, new)) = versions(seed) else {
            tally.see("no other version checks");
            continue;
        };
        if let Err(same) = pair::check_same(&old.files()) {
            failures.push((same.label.clone(), format!("seed {seed}: {}: {}", same.label, same.text)));
        }
        if let Some(first) = failure(&old, &new, &mut tally)
            && failures.iter().all(|f| f.0 != first.label)
        {
            let hook = std::panic::take_hook();
            std::panic::set_hook(Box::new(|_| {}));
            let (old, new) = smaller(old, new, &first.label);
            let last = failure(&old, &new, &mut Tally::default()).unwrap_or(first.clone());
            std::panic::set_hook(hook);
            let text = format!(
                "seed {seed}: {}: {}\n\n---- old\n{}\n---- new\n{}",
                last.label,
                last.text,
                old.text(),
                new.text()
            );
            eprintln!("{text}");
            failures.push((first.label, text));
        }
        if failures.len() >= most {
            break;
        }
    }
    eprintln!("{} pairs ({} too large), {} cases, {} kinds", tally.programs, tally.large, tally.cases, tally.kinds);
    for (what, times) in &tally.seen {
        eprintln!("{times:8}  {what}");
    }
    assert!(failures.is_empty(), "{}", failures.into_iter().map(|f| f.1).collect::<Vec<_>>().join("\n\n"));
    let seen = |what: &str| tally.seen.get(what).copied().unwrap_or(0);
    assert!(count < DEFAULT || (seen("decision differs") > 0 && seen("nothing is decided differently") > 0));
}

//! A policy of many rules -> how fast each stage reads it: `cargo run --release --example stages FILE [RUNS]`.
//!
//! Why it exists: a text is meant to be read at well over 15 MB in a second; this says which stage takes how long, as
//! the median of several runs and as the best. Texts of any size come from `cargo run -p ordain-tests --example shape`.

use ordain::source::{FileId, Source, Sources};
use std::collections::BTreeMap;
use std::time::Instant;

/// Seconds that this thread has run, where the system tells; what else runs on the machine counts less then.
fn busy(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|t| t.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or(start.elapsed().as_secs_f64(), |n| n / 1e9)
}

fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(why) => return eprintln!("usage: stages FILE [RUNS]: {path}: {why}"),
    };
    // In the middle a condition is turned round.
    let middle = text.get(text.len() / 2..).and_then(|t| t.find(" when ")).map_or(0, |at| text.len() / 2 + at);
    let edited = format!("{}{}", &text[..middle], text[middle..].replacen(" when ", " when not ", 1));
    let runs: usize = std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(5);
    let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut said = String::new();
    let start = Instant::now();
    for _ in 0..runs {
        let mut clock = busy(start);
        let mut lap = |name: &'static str| {
            times.entry(name).or_default().push(busy(start) - clock);
            clock = busy(start);
        };
        let tokens = ordain::lex::lex(FileId(0), &text).0.len();
        lap("1 lex");
        let (file, errors) = ordain::parse::parse(FileId(0), &text);
        lap("2 lex and parse");
        let mut sources = Sources::default();
        sources.add(Source::new("policy.ordain", text.as_str()));
        lap("3 lines");
        let files = [(FileId(0), file)];
        let (model, faults) = ordain::check::check(&sources, &files, &BTreeMap::new());
        lap("4 resolve and check");
        said = format!(
            "{} bytes, {tokens} tokens, {} clauses, {} syntax errors, {} faults",
            text.len(),
            model.clauses.len(),
            errors.len(),
            faults.len()
        );
        drop(model);
        lap("5 drop the model");
        let [(_, file)] = files;
        lap("");
        let mut tree = file;
        let patch = ordain::parse::Patch::new(FileId(0), &text, &tree, &edited).filter(|patch| patch.errors.is_empty());
        said += if patch.is_some() { "" } else { ", parsed as a whole after an edit" };
        patch.map(|patch| patch.apply(&mut tree));
        lap("6 parse after an edit");
        drop(tree);
        lap("7 drop the tree");
    }
    println!("{said}");
    for (name, mut times) in times.into_iter().filter(|(name, _)| !name.is_empty()) {
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        let rate = |t: f64| text.len() as f64 / 1e6 / t;
        println!(
            "{name:<20} {:8.2} ms {:8.1} MB/s, best {:8.2} ms {:8.1} MB/s",
            median * 1e3,
            rate(median),
            times[0] * 1e3,
            rate(times[0])
        );
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|l| l.starts_with("VmHWM")).for_each(|l| println!("{l}"));
}

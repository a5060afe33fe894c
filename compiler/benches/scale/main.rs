//! `cargo bench -p ordain`: the work of the compiler at each size -> a table of times and peak memory, and a CSV file.
//!
//! Each row runs in a process of its own, so that its peak memory is its own and a row that takes too long can be
//! stopped. The inputs are the seeded shapes of `ordain_tests::shapes`, made before the clock starts. Peak memory is read
//! from `/proc/self/status`, on Linux only; elsewhere it is left out.
//!
//! ```text
//! cargo bench -p ordain                      the rows that have a figure to reach
//! cargo bench -p ordain -- --curves          all rows: each analysis against the number of rules
//! cargo bench -p ordain -- findings/aup      rows whose name contains a word
//! cargo bench -p ordain -- --list
//! cargo bench -p ordain -- --curves --docs   all rows, and the table and picture of docs/performance.md from them
//! cargo bench -p ordain -- --redraw          table and picture from the last run
//! cargo bench -p ordain -- --strategies      each way to the answer of a question, on shapes that suit it and others
//! ```

mod child;
mod curves;
mod deciding;
mod docs;
mod measured;
mod report;
mod rows;
mod ways;
mod work;

use clap::Parser;
use measured::Measured;
use rows::Row;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use work::Work;

/// Measure the compiler
#[derive(Debug, Parser)]
#[command(name = "cargo bench -p ordain --")]
struct Args {
    /// Only rows whose name contains one of these
    words: Vec<String>,
    /// The rows of the cost curves as well
    #[arg(long)]
    curves: bool,
    /// Each way to the answer of a question instead, also those that would not be taken
    #[arg(long, conflicts_with_all = ["curves", "redraw", "save", "keep"])]
    strategies: bool,
    /// Stop a row after so many seconds [default: 60; 10 for --strategies]
    #[arg(long, value_name = "SECONDS")]
    limit: Option<u64>,
    /// Write the results to this file as CSV [default: bench.csv in the target folder]
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Rows that are not measured now keep what the file says about them
    #[arg(long)]
    keep: bool,
    /// Write the table and the picture of docs/performance.md from the file
    #[arg(long)]
    docs: bool,
    /// Measure nothing, and write them from the file as it is
    #[arg(long)]
    redraw: bool,
    /// Print the names of the rows and do nothing else
    #[arg(long)]
    list: bool,
    /// Measure this row in this process and print the result as one line
    #[arg(long, hide = true, value_name = "NAME")]
    row: Option<String>,
    /// Decide the cases of a file by the policy in this folder, and print answers and nanoseconds as JSON
    #[arg(long, value_name = "FOLDER", requires = "cases")]
    decide: Option<PathBuf>,
    /// A JSON list of cases: facts by name
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// What cargo says to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    if let (Some(folder), Some(cases)) = (&args.decide, &args.cases) {
        return match deciding::answers(folder, cases) {
            Ok(answers) => {
                println!("{answers}");
                ExitCode::SUCCESS
            }
            Err(error) => fault(&error.to_string()),
        };
    }
    let rows = rows::all();
    if let Some(name) = &args.row {
        let ways = ways::all();
        let works = rows.iter().map(|r| &r.work).chain(&ways);
        let Some(work) = works.into_iter().find(|w| w.name() == *name) else {
            return fault(&format!("no row `{name}`"));
        };
        println!("{}", work.run().line());
        return ExitCode::SUCCESS;
    }
    if args.strategies {
        return strategies(&args);
    }
    let limit = Duration::from_secs(args.limit.unwrap_or(60));
    // A whole name means its row alone.
    let fits = |word: &String, row: &Row| {
        if rows.iter().any(|r| r.name == *word) { row.name == *word } else { row.name.contains(word.as_str()) }
    };
    let named = |row: &&Row| {
        args.words.iter().any(|w| fits(w, row)) || args.words.is_empty() && (args.curves || row.target.is_some())
    };
    let chosen: Vec<&Row> = rows.iter().filter(named).collect();
    if args.list {
        chosen.iter().for_each(|row| println!("{}", row.name));
        return ExitCode::SUCCESS;
    }
    if chosen.is_empty() {
        return fault("no row has such a name; `--list` prints them");
    }
    let file = args.save.clone().unwrap_or_else(|| target().join("bench.csv"));
    if args.redraw {
        return write_docs(&file, &rows);
    }
    let mut results: Vec<(&Row, Measured)> = Vec::new();
    for row in chosen {
        eprint!("{:40}", row.name);
        let measured = child::measure(&row.name, limit);
        eprintln!("{}", report::brief(&measured));
        results.push((row, measured));
    }
    println!("{}", report::table(&results));
    match report::save(&file, &rows, &results, args.keep) {
        Ok(()) => eprintln!("\nwritten to {}", file.display()),
        Err(error) => return fault(&format!("{} cannot be written: {error}", file.display())),
    }
    if args.docs && write_docs(&file, &rows) != ExitCode::SUCCESS {
        return ExitCode::from(2);
    }
    // A row without a figure to reach may take as long as it wants: it is a cross in the picture.
    let failed = |row: &Row, m: &Measured| m.broken || m.over.is_some() && row.target.is_some();
    if results.iter().any(|(row, m)| failed(row, m)) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Measures the ways, prints the tables, and writes them into the page where that is asked.
fn strategies(args: &Args) -> ExitCode {
    let limit = Duration::from_secs(args.limit.unwrap_or(10));
    let chosen = |name: &String| args.words.is_empty() || args.words.iter().any(|w| name.contains(w.as_str()));
    let mut results: Vec<(String, Measured)> = Vec::new();
    for name in ways::all().iter().map(Work::name).filter(chosen) {
        eprint!("{name:40}");
        let measured = child::measure(&name, limit);
        eprintln!("{}", report::brief(&measured));
        results.push((name, measured));
    }
    let text = ways::tables(&results);
    println!("\n{text}");
    if args.docs
        && let Err(error) = docs::write_strategies(&text)
    {
        return fault(&format!("docs/performance.md cannot be written: {error}"));
    }
    if results.iter().any(|(_, m)| m.broken) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn write_docs(file: &Path, rows: &[Row]) -> ExitCode {
    match docs::write(file, rows) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fault(&format!("docs/performance.md cannot be written: {error}")),
    }
}

fn fault(text: &str) -> ExitCode {
    eprintln!("{text}");
    ExitCode::from(2)
}

/// The target folder of this build.
fn target() -> PathBuf {
    let temporary = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().map_or(temporary.clone(), PathBuf::from)
}

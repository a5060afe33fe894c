//! `ordain decide --batch`: cases line by line -> the same lines with what the policy says of each.
//!
//! ```text
//! file --lines--> records --fields--> cases --Policy--> answers --answers--> lines, in the same order
//! ```
//!
//! A stretch of lines is read, decided on all processors, and written; so a file may be larger than the memory. Where a bad
//! line is fatal nothing is written before the last line is read. Must not know how cases are decided.

mod answers;
mod fields;
mod lines;
mod progress;

use crate::cli::ui::{Done, Exit, Failure, Ui};
use crate::cli::{STACK, check, write};
use crate::compile::{NODES, Policy};
use crate::diagnostics::thousands;
use crate::model::Model;
use answers::Answers;
use clap::ValueEnum;
use fields::Reader;
use lines::{Input, Line, Lines};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

/// Lines that are decided at a time, for each thread.
const SHARE: usize = 8192;
/// Bad lines that are told one by one.
const TOLD: usize = 10;

#[derive(Debug, clap::Args)]
pub struct Batch {
    /// Decide many cases: a CSV file with names of facts in its first line, or NDJSON, a JSON object on each line; - for
    /// standard input. The lines come back in their order with verdict, duties, advice and rules
    #[arg(long, value_name = "FILE", conflicts_with_all = ["facts", "more", "json", "when", "format"])]
    pub batch: Option<PathBuf>,
    /// What the cases of --batch are written in, where the file's name does not say it
    #[arg(long, value_enum, value_name = "FORMAT", requires = "batch")]
    input_format: Option<Syntax>,
    /// What becomes of lines of --batch that are no case: fail writes nothing, skip marks them and goes on
    #[arg(long, value_enum, value_name = "WHAT", requires = "batch", default_value_t = BadLines::Fail)]
    bad_lines: BadLines,
    /// Write what --batch decides to this file instead of standard output
    #[arg(long, value_name = "FILE", requires = "batch")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Syntax {
    Csv,
    Ndjson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BadLines {
    Fail,
    Skip,
}

/// A line that has no answer: its number from 1, and why.
struct Bad {
    line: u64,
    why: String,
    help: String,
}

pub fn run(args: &Batch, file: &Path, path: &Path, options: &check::Common, ui: &Ui) -> Done {
    if file.as_os_str() == "-" && path.as_os_str() == "-" {
        return Err(Failure::usage("policy and cases cannot both come from standard input"));
    }
    let syntax = syntax(args, file)?;
    let (_, checked) = check::understood(path, &options.options(), ui)?;
    let model = &checked.model;
    let policy =
        ui.busy("compiling", || Policy::compile_within(model, checked.settings.budget.min(NODES as u64) as usize));
    let mut input = Input::open(file)?;
    let mut lines = Lines::new(syntax, &mut input)?;
    let skip = args.bad_lines == BadLines::Skip;
    let reader = Reader::new(model, lines.header())?;
    for remark in reader.remarks() {
        ui.remark(&remark);
    }
    let answers = Answers::new(model, &policy, lines.header(), skip)?;
    // What may yet turn out to be wrong waits in a file without a name.
    let mut spool = match (&args.out, skip) {
        (Some(out), _) => Sink::Named(write::Staged::new(out)?),
        (None, true) => Sink::Stdout,
        (None, false) => Sink::Spool(tempfile::tempfile().map_err(unwritable)?),
    };
    let count = decide(&mut lines, &reader, &answers, skip, &mut spool)?;
    let shown = lines.shown();
    match count.told.as_slice() {
        [] => {}
        [first, more @ ..] if !skip => return Err(fatal(shown, first, more)),
        _ => skipped(shown, &count, ui),
    }
    spool.finish()?;
    Ok(if count.bad == 0 { Exit::Fine } else { Exit::Findings })
}

/// By the option, else by the file's name.
fn syntax(args: &Batch, file: &Path) -> Result<Syntax, Failure> {
    let extension = file.extension().map(|e| e.to_string_lossy().to_lowercase());
    match (args.input_format, extension.as_deref()) {
        (Some(syntax), _) => Ok(syntax),
        (None, Some("csv")) => Ok(Syntax::Csv),
        (None, Some("ndjson" | "jsonl")) => Ok(Syntax::Ndjson),
        _ => Err(Failure::usage("the name of the cases' file does not say what they are written in")
            .help("say it with `--input-format csv` or `--input-format ndjson`")),
    }
}

/// What was read.
#[derive(Default)]
struct Count {
    lines: u64,
    bad: u64,
    /// The first of the bad ones.
    told: Vec<Bad>,
}

/// Decides all lines; where a bad one is fatal, those up to the end of its stretch.
fn decide(
    lines: &mut Lines<'_>,
    reader: &Reader<'_>,
    answers: &Answers<'_>,
    skip: bool,
    sink: &mut Sink,
) -> Result<Count, Failure> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut workers: Vec<fields::Memory> = (0..threads).map(|_| reader.memory()).collect();
    let progress = progress::Progress::new(lines.length());
    let mut count = Count::default();
    let mut stretch: Vec<Line> = Vec::new();
    if let Err(error) = sink.write(&answers.head()) {
        return gone(error).map(|()| count);
    }
    loop {
        lines.read(&mut stretch, SHARE * threads)?;
        if stretch.is_empty() {
            break;
        }
        count.lines += stretch.len() as u64;
        let share = stretch.len().div_ceil(threads);
        let parts = std::thread::scope(|scope| {
            let work = |part, memory| move || part_of(part, memory, reader, answers, skip);
            let start =
                |(part, memory)| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work(part, memory));
            let parts: std::io::Result<Vec<_>> = stretch.chunks(share).zip(&mut workers).map(start).collect();
            let parts = parts.map_err(|error| Failure::usage(format!("no thread can be started: {error}")))?;
            // A thread that panics is a fault of Ordain itself, and goes on being one.
            let ended = parts.into_iter().map(|p| p.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault)));
            Ok::<Vec<(Vec<u8>, Vec<Bad>)>, Failure>(ended.collect())
        })?;
        for (text, more) in parts {
            count.bad += more.len() as u64;
            // One more than is told shows that there are more.
            count.told.extend(more.into_iter().take((TOLD + 1).saturating_sub(count.told.len())));
            if count.bad == 0 || skip {
                match sink.write(&text) {
                    Ok(()) => {}
                    // Whoever read the output has seen enough.
                    Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(Count::default()),
                    Err(error) => return Err(unwritable(error)),
                }
            }
        }
        progress.at(lines.bytes(), count.lines);
        if !skip && count.bad > 0 {
            break;
        }
    }
    progress.finish();
    Ok(count)
}

/// One thread's part of a stretch.
fn part_of(
    part: &[Line],
    memory: &mut fields::Memory,
    reader: &Reader<'_>,
    answers: &Answers<'_>,
    skip: bool,
) -> (Vec<u8>, Vec<Bad>) {
    let (mut text, mut bad) = (Vec::new(), Vec::new());
    for line in part {
        let written = reader.case(line, memory).and_then(|case| answers.write(line, case, &mut text));
        if let Err((why, help)) = written {
            if skip {
                answers.write_bad(line, &why, &mut text);
            }
            bad.push(Bad { line: line.number, why, help });
        }
    }
    (text, bad)
}

fn fatal(shown: &str, first: &Bad, more: &[Bad]) -> Failure {
    let mut failure = Failure::usage(format!("line {} of {shown}: {}", first.line, first.why));
    for bad in more.iter().take(TOLD - 1) {
        failure = failure.note(format!("line {}: {}", bad.line, bad.why));
    }
    if more.len() >= TOLD {
        failure = failure.note("and more bad lines");
    }
    if !first.help.is_empty() {
        failure = failure.help(&first.help);
    }
    failure.help("`--bad-lines skip` decides the other lines and marks these")
}

fn skipped(shown: &str, count: &Count, ui: &Ui) {
    for bad in count.told.iter().take(TOLD) {
        ui.remark(&format!("line {} of {shown}: {}", bad.line, bad.why));
    }
    let lines = |n: u64| if n == 1 { "1 line".into() } else { format!("{} lines", thousands(u128::from(n))) };
    let verb = if count.bad == 1 { "is" } else { "are" };
    ui.remark(&format!("{} of {} {verb} skipped", thousands(u128::from(count.bad)), lines(count.lines)));
}

/// Where the results go.
enum Sink {
    Stdout,
    Spool(std::fs::File),
    Named(write::Staged),
}

impl Sink {
    fn write(&mut self, text: &[u8]) -> std::io::Result<()> {
        match self {
            Sink::Stdout => std::io::stdout().lock().write_all(text),
            Sink::Spool(file) => file.write_all(text),
            Sink::Named(file) => file.write_all(text),
        }
    }

    fn finish(self) -> Result<(), Failure> {
        match self {
            Sink::Stdout => std::io::stdout().lock().flush().or_else(gone),
            Sink::Spool(mut file) => {
                file.rewind().map_err(unwritable)?;
                std::io::copy(&mut file, &mut std::io::stdout().lock()).map(|_| ()).or_else(gone)
            }
            Sink::Named(file) => file.finish(),
        }
    }
}

/// A reader that has gone away is no fault.
fn gone(error: std::io::Error) -> Result<(), Failure> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(unwritable(error)) }
}

fn unwritable(error: std::io::Error) -> Failure {
    Failure::usage(format!("the result cannot be written: {error}"))
}

/// The names that results have besides those of the facts.
fn result_names(model: &Model) -> Vec<String> {
    let decisions = crate::tabulate::decisions(model);
    let names = decisions.iter().map(|d| model.decision(*d).name.to_string());
    names.chain(["duties", "advice", "rules", "error"].map(String::from)).collect()
}

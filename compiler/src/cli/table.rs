//! `ordain table`: the policy as a decision table, proved equal to its rules.

use super::ui::{Done, Exit, Failure, Ui};
use super::{check, write};
use crate::diagnostics::render::paint::Tint;
use crate::diagnostics::{codes, thousands};
use crate::emit;
use crate::lower::Lowered;
use crate::model::{DecisionId, Model};
use crate::tabulate::{self, Hit, Table};
use clap::ValueEnum;
use std::io::IsTerminal;
use std::path::PathBuf;
use unicode_width::UnicodeWidthStr;

/// The width of a list that goes elsewhere than to a terminal.
const LIST_WIDTH: usize = 100;
/// The most steps that go into a unique table that nobody asked for.
const UNASKED: u64 = 3_000_000;

/// Print a policy as a decision table
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ordain table policies/\n  ordain table policies/ --to csv --out table.csv\n  ordain table policies/ --hit first --decision approval\n  ordain table policies/ --by-citation"
)]
pub struct Args {
    /// A file, a folder, or - for standard input
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The format of the table [default: markdown, or a list in a terminal that is narrower than the table]
    #[arg(long, value_enum)]
    to: Option<To>,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// unique: every case is in one row; first: the first row that fits decides; collect: one rule a row
    /// [default: unique, or first where unique would be too large]
    #[arg(long, value_enum)]
    hit: Option<HitPolicy>,
    /// Only the table of this decision, such as verdict
    #[arg(long, value_name = "NAME")]
    decision: Option<String>,
    /// The headings of the adopted texts with their rules and rows, instead of the table
    #[arg(long)]
    by_citation: bool,
    #[command(flatten)]
    options: check::Common,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    Markdown,
    /// For reading in a terminal: each row says only what matters in it
    List,
    Csv,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HitPolicy {
    Unique,
    First,
    Collect,
}

pub fn run(args: &Args, ui: &Ui) -> Done {
    if args.by_citation && args.to.is_some_and(|to| to != To::Markdown) {
        return Err(Failure::usage("`--by-citation` is written as Markdown only").help("leave out `--to`"));
    }
    let (_, checked) = check::understood(&args.path, &args.options.options(), ui)?;
    let model = &checked.model;
    let decisions = chosen(model, args)?;
    let tables = ui.busy("tabulating", || made(model, &decisions, args.hit, checked.settings.budget))?;
    for table in tables.iter().filter(|t| t.from_rules) {
        let insist = if args.hit.is_none() { "; `--hit unique` with a larger `--budget` insists on one" } else { "" };
        ui.remark(&format!("note: {}: {}{insist}", table.name, table.reason().unwrap_or_default()));
    }
    let to = args.to.unwrap_or_else(|| if args.by_citation { To::Markdown } else { readable(&tables, args) });
    let text = match to {
        To::Markdown if args.by_citation => joined(&tables, |table| {
            emit::markdown::citations(model, table, &tabulate::by_citation(model, &checked.sources, table))
        }),
        To::Markdown => joined(&tables, emit::markdown::write),
        To::List => {
            let width = if args.out.is_some() { None } else { terminal() };
            joined(&tables, |table| emit::list::write(table, width.unwrap_or(LIST_WIDTH)))
        }
        To::Csv => joined(&tables, emit::csv::write),
        To::Json => match tables.as_slice() {
            [table] => emit::json::write(model, table),
            tables => {
                let all: Vec<_> = tables.iter().map(|table| emit::json::value(model, table)).collect();
                format!("{}\n", serde_json::to_string_pretty(&all).unwrap_or_default())
            }
        },
    };
    match &args.out {
        Some(path) => write::replace(path, &text)?,
        None => ui.print(&text)?,
    }
    Ok(proofs(&tables, !matches!(to, To::Markdown | To::List) || args.out.is_some(), ui))
}

/// The tables. Where nobody asked for a hit policy, unique tables if they are small enough to be of use, else ordered ones.
fn made(model: &Model, decisions: &[DecisionId], asked: Option<HitPolicy>, budget: u64) -> Result<Vec<Table>, Failure> {
    let hit = match asked {
        None | Some(HitPolicy::Unique) => Hit::Unique,
        Some(HitPolicy::First) => Hit::First,
        Some(HitPolicy::Collect) => Hit::Collect,
    };
    let limit = if asked.is_none() { budget.min(UNASKED) } else { budget };
    let mut lowered = Lowered::new(model, &[], budget);
    if lowered.dd.exhausted() {
        return Err(check::exhausted(budget));
    }
    let mut tables = Vec::with_capacity(decisions.len());
    for &decision in decisions {
        lowered.dd.begin();
        let made = lowered.attempt(limit, |lowered| tabulate::tabulate(lowered, decision, hit));
        if let Some(table) = made.filter(|t| t.proof.is_none_or(|p| p.finished)) {
            tables.push(table);
            continue;
        }
        if matches!(asked, Some(HitPolicy::Unique | HitPolicy::Collect)) {
            return Err(too_large(model, decision, hit, budget));
        }
        // Each rule for itself: what it says is known without the others.
        lowered.dd.begin();
        match lowered
            .attempt(budget, |lowered| tabulate::by_rules(lowered, decision))
            .flatten()
            .filter(|t| t.proof.is_none_or(|p| p.finished))
        {
            Some(table) => tables.push(table),
            None => return Err(too_large(model, decision, hit, budget)),
        }
    }
    Ok(tables)
}

/// No table of the asked kind within the budget.
fn too_large(model: &Model, decision: DecisionId, hit: Hit, budget: u64) -> Failure {
    let name = &model.decision(decision).name;
    let (message, help) = match hit {
        Hit::Unique => (
            format!("the table of `{name}` in which every case is in exactly one row is too large"),
            "try `--hit first`, in which the first row that fits decides, or a larger `--budget` than",
        ),
        _ => (format!("the table of `{name}` is too large"), "try a larger `--budget` than"),
    };
    Failure { code: Some(&codes::BUDGET), ..Failure::usage(message).finding() }
        .help(format!("{help} {}", thousands(budget as u128)))
}

/// The columns of the terminal that standard output is, if it is one.
fn terminal() -> Option<usize> {
    let is_terminal = std::io::stdout().is_terminal();
    is_terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0))
}

/// Markdown, unless standard output is a terminal in which its rows would not fit on lines.
fn readable(tables: &[Table], args: &Args) -> To {
    let Some(width) = terminal().filter(|_| args.out.is_none()) else { return To::Markdown };
    let wide =
        |table: &Table| emit::markdown::write(table).lines().filter(|l| l.starts_with('|')).any(|l| l.width() > width);
    if tables.iter().any(wide) { To::List } else { To::Markdown }
}

fn joined(tables: &[Table], write: impl Fn(&Table) -> String) -> String {
    tables.iter().map(write).collect::<Vec<_>>().join("\n")
}

/// The decisions to print.
fn chosen(model: &Model, args: &Args) -> Result<Vec<DecisionId>, Failure> {
    let all = tabulate::decisions(model);
    let names = |ids: &[DecisionId]| {
        let names: Vec<String> = ids.iter().map(|d| format!("`{}`", model.decision(*d).name)).collect();
        names.join(", ")
    };
    match &args.decision {
        Some(name) => match model.decisions.iter().position(|d| d.name == name.as_str()) {
            Some(i) => Ok(vec![DecisionId(i as u32)]),
            None => Err(Failure::usage(format!("the policy makes no decision `{name}`"))
                .help(format!("it decides {}", names(&all)))),
        },
        None if args.to == Some(To::Csv) && all.len() > 1 => {
            Err(Failure::usage("a CSV file holds one table, and the policy makes more than one decision")
                .help(format!("choose with `--decision`: {}", names(&all))))
        }
        None => Ok(all),
    }
}

/// Says how the proofs went. A table that is not the policy must not go unnoticed.
fn proofs(tables: &[Table], all: bool, ui: &Ui) -> Exit {
    let mut exit = Exit::Fine;
    for table in tables {
        let Some(proof) = &table.proof else { continue };
        let tint = if proof.holds() { Tint::Good } else { Tint::Error };
        // Markdown on the terminal says it already.
        if all || !proof.holds() {
            ui.remark(&format!("{}: {}", table.name, ui.remarks.text(tint, &proof.sentence())));
        }
        if !proof.finished {
            exit = Exit::Findings;
        } else if !proof.holds() {
            super::ui::internal_fault("a table does not say what the rules say");
            return Exit::Fault;
        }
    }
    exit
}

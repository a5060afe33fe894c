//! `ordain table`: the policy as a decision table, proved equal to its rules.

mod columns;
mod fresh;
mod verify;

use super::ui::{Done, Exit, Failure, Ui};
use super::{check, write};
use crate::diagnostics::render::paint::Tint;
use crate::diagnostics::{codes, thousands};
use crate::emit::{self, Export, Format};
use crate::lower::Lowered;
use crate::model::{DecisionId, Model};
use crate::tabulate::{self, Hit, Table, Unmade};
use crate::witness;
use clap::ValueEnum;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use unicode_width::UnicodeWidthStr;

/// Write a policy as a decision table, for people or for the tools that run it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ordain table policies/\n  ordain table policies/ --to csv --out table.csv\n  ordain table policies/ --hit first --decision approval\n  ordain table policies/ --to csv --out table.csv --check\n  ordain table policies/ --verify edited.csv\n  ordain table policies/ --by-citation"
)]
pub struct Args {
    /// A file, a folder, or - for standard input
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The format of the table [default: what the name after --out ends in, else markdown, or a list in a terminal that is
    /// narrower than the table]
    #[arg(long, value_enum, value_name = "FORMAT")]
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
    /// The facts whose columns come first, in this order, separated by commas; a fact that does not matter gets an empty column
    #[arg(long, value_name = "FACTS", value_delimiter = ',')]
    columns: Vec<String>,
    /// Whose SQL is written
    #[arg(long, value_enum, default_value_t = Dialect::Ansi)]
    dialect: Dialect,
    /// Write nothing and exit with 1 where the format cannot carry all that the policy decides
    #[arg(long)]
    strict: bool,
    /// Write nothing; exit with 1 and show the difference where the file after --out is not up to date
    #[arg(long, requires = "out", conflicts_with = "verify")]
    check: bool,
    /// Read this table (csv, json, dmn or jdm), which others may have changed, and prove that it decides as the policy does,
    /// or show a case that it decides otherwise
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "by_citation"])]
    verify: Option<PathBuf>,
    /// The headings of the adopted texts with their rules and rows, instead of the table
    #[arg(long)]
    by_citation: bool,
    /// The version of the DMN standard whose XML is written
    #[arg(long, value_enum, value_name = "VERSION", default_value = "1.3")]
    dmn_version: DmnVersion,
    #[command(flatten)]
    options: check::Common,
}

/// See [`emit::DmnVersion`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DmnVersion {
    #[value(name = "1.2")]
    V1_2,
    #[value(name = "1.3")]
    V1_3,
    #[value(name = "1.4")]
    V1_4,
    #[value(name = "1.5")]
    V1_5,
}

impl DmnVersion {
    fn version(self) -> emit::DmnVersion {
        match self {
            DmnVersion::V1_2 => emit::DmnVersion::V1_2,
            DmnVersion::V1_3 => emit::DmnVersion::V1_3,
            DmnVersion::V1_4 => emit::DmnVersion::V1_4,
            DmnVersion::V1_5 => emit::DmnVersion::V1_5,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    Markdown,
    /// For reading in a terminal: each row says only what matters in it
    List,
    /// One page for a browser, with filters and search
    Html,
    Csv,
    /// A workbook for Excel, LibreOffice and other spreadsheets
    Xlsx,
    Json,
    /// For OPA, with tests beside it
    Rego,
    /// Permit and forbid only, with a schema beside it
    Cedar,
    /// For engines of the DMN standard: Drools, Camunda and others
    Dmn,
    /// For GoRules and its ZEN engine
    Jdm,
    /// A module without dependencies
    Typescript,
    /// A module without dependencies
    Python,
    /// A module without dependencies
    Rust,
    /// A view that decides the rows of a table, see --dialect
    Sql,
    /// A policy in the Open Digital Rights Language of the W3C, as JSON-LD
    Odrl,
}

impl To {
    fn format(self) -> Format {
        match self {
            To::Markdown => Format::Markdown,
            To::List => Format::List,
            To::Html => Format::Html,
            To::Csv => Format::Csv,
            To::Xlsx => Format::Xlsx,
            To::Json => Format::Json,
            To::Rego => Format::Rego,
            To::Cedar => Format::Cedar,
            To::Dmn => Format::Dmn,
            To::Jdm => Format::Jdm,
            To::Typescript => Format::Typescript,
            To::Python => Format::Python,
            To::Rust => Format::Rust,
            To::Sql => Format::Sql,
            To::Odrl => Format::Odrl,
        }
    }

    /// By what a file's name ends in.
    fn of(path: &Path) -> Option<To> {
        Some(match path.extension()?.to_str()? {
            "md" | "markdown" => To::Markdown,
            "txt" => To::List,
            "html" | "htm" => To::Html,
            "csv" => To::Csv,
            "xlsx" => To::Xlsx,
            "json" => To::Json,
            "rego" => To::Rego,
            "cedar" => To::Cedar,
            "dmn" => To::Dmn,
            "jdm" => To::Jdm,
            "ts" => To::Typescript,
            "py" => To::Python,
            "rs" => To::Rust,
            "sql" => To::Sql,
            "jsonld" => To::Odrl,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HitPolicy {
    Unique,
    First,
    Collect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Dialect {
    Ansi,
    Postgresql,
    Sqlite,
    Duckdb,
    Spark,
}

impl From<Dialect> for emit::Dialect {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Ansi => emit::Dialect::Ansi,
            Dialect::Postgresql => emit::Dialect::Postgresql,
            Dialect::Sqlite => emit::Dialect::Sqlite,
            Dialect::Duckdb => emit::Dialect::Duckdb,
            Dialect::Spark => emit::Dialect::Spark,
        }
    }
}

pub fn run(args: &Args, ui: &Ui) -> Done {
    if args.by_citation && args.to.is_some_and(|to| to != To::Markdown) {
        return Err(Failure::usage("`--by-citation` is written as Markdown only").help("leave out `--to`"));
    }
    let named = match args.verify.as_ref().or(args.out.as_ref()) {
        Some(path) if args.to.is_none() && !args.by_citation => named(path)?,
        _ => None,
    };
    let to = args.to.or(named).filter(|_| !args.by_citation);
    let (_, checked) = check::understood(&args.path, &args.options.options(), ui)?;
    let model = &checked.model;
    let decisions = chosen(model, args, to)?;
    let budget = checked.settings.budget;
    let mut tables = ui.busy("tabulating", || made(model, &decisions, args.hit, budget))?;
    for table in tables.iter().filter(|t| t.from_rules) {
        let insist = if args.hit.is_none() { "; `--hit unique` with a larger `--budget` insists on one" } else { "" };
        ui.remark(&format!("note: {}: {}{insist}", table.name, table.reason().unwrap_or_default()));
    }
    if !args.columns.is_empty() {
        columns::arrange(model, &mut tables, &args.columns)?;
    }
    if args.by_citation {
        let citations = |table: &Table| {
            emit::markdown::citations(model, table, &tabulate::by_citation(model, &checked.sources, table))
        };
        let text = tables.iter().map(citations).collect::<Vec<_>>().join("\n");
        deliver(args, ui, &[(None, text.into_bytes())])?;
        return Ok(proofs(&tables, args.out.is_some(), ui));
    }
    let format = to.map_or_else(|| readable(&tables, args), To::format);
    if tables.iter().any(|t| t.hit == Hit::Collect) && !format.holds_rules() {
        let failure =
            Failure::usage("`--hit collect` lists what each rule says, and this format holds what is decided");
        return Err(failure.help("use `--hit unique` or `--hit first`"));
    }
    if let Some(table) = tables.iter().find(|t| t.hit == Hit::First && !format.holds_order()) {
        let failure =
            Failure::usage(format!("the table of `{}` is ordered, and this format knows no order", table.name));
        return Err(match args.hit {
            Some(_) => failure.help("use `--hit unique`"),
            None => failure.finding().help("`--hit unique` with a larger `--budget` may find one without"),
        });
    }
    let mut export = Export::of(model, &tables);
    if format.takes_examples() && args.verify.is_none() {
        ui.busy("choosing examples", || examples(model, &mut export, budget));
    }
    if let Some(file) = &args.verify {
        return verify::run(file, format, &export, budget, ui);
    }
    let width = if args.out.is_some() { None } else { terminal() };
    let options = emit::Options { width, dmn: args.dmn_version.version(), dialect: args.dialect.into() };
    let written = ui.busy("writing", || format.write(&export, &options));
    if !format.is_for_people() {
        written.fidelity.lines().iter().for_each(|line| ui.remark(line));
    }
    if args.strict && written.fidelity.losses().next().is_some() {
        return Err(Failure::usage("the format does not carry all that the policy decides, so nothing is written")
            .finding()
            .help("without `--strict` it is written with what it can carry"));
    }
    if let Ok(text) = std::str::from_utf8(&written.main) {
        verify::own(format, text, &export, budget, ui)?;
    }
    let mut files = vec![(None, written.main)];
    files.extend(written.beside.into_iter().map(|(ending, bytes)| (Some(ending), bytes)));
    if args.check {
        return fresh::run(args.out.as_deref(), &files, ui);
    }
    deliver(args, ui, &files)?;
    Ok(proofs(&tables, !format.is_for_people() || args.out.is_some(), ui))
}

/// A case of each row. Rows that are rules' own have none: what they leave to later rows is too much to know.
fn examples(model: &Model, export: &mut Export<'_>, budget: u64) {
    // The space of the tables, see `tabulate::within`.
    let mut lowered = Lowered::without_expectations(model, budget);
    for sheet in export.sheets.iter_mut().filter(|s| !s.table.from_rules) {
        lowered.dd.begin();
        let chosen = lowered.attempt(budget, |lowered| {
            let regions = tabulate::row_regions(lowered, sheet.table);
            regions.into_iter().map(|r| Some(witness::choose(lowered, r, None)?.0)).collect()
        });
        sheet.examples = chosen.unwrap_or_default();
    }
}

/// The format that a file's name asks for; none if it ends in nothing.
fn named(path: &Path) -> Result<Option<To>, Failure> {
    match (To::of(path), path.extension()) {
        (None, Some(ending)) => {
            let failure = Failure::usage(format!("no format is known by the ending `.{}`", ending.to_string_lossy()));
            Err(failure.help("name it with `--to`"))
        }
        (to, _) => Ok(to),
    }
}

/// Writes the artefact, and what stands beside it, where it is wanted.
fn deliver(args: &Args, ui: &Ui, files: &[(Option<String>, Vec<u8>)]) -> Result<(), Failure> {
    for (ending, bytes) in files {
        match (&args.out, ending) {
            (Some(path), ending) => write::replace(&beside(path, ending.as_deref()), bytes)?,
            (None, None) if std::str::from_utf8(bytes).is_err() && std::io::stdout().is_terminal() => {
                return Err(Failure::usage("this format is not text, and standard output is a terminal")
                    .help("name a file with `--out`"));
            }
            (None, None) => ui.print_bytes(bytes)?,
            (None, Some(ending)) => {
                ui.remark(&format!("note: with `--out` a file that ends in `{ending}` is written beside it"));
            }
        }
    }
    Ok(())
}

/// The file itself, or one beside it whose name ends otherwise: `table.rego`, `table_test.rego`.
fn beside(path: &Path, ending: Option<&str>) -> PathBuf {
    let Some(ending) = ending else { return path.to_path_buf() };
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!("{stem}{ending}"))
}

/// The tables. Where nobody asked for a hit policy, unique tables if they are small enough to be of use, else ordered ones.
fn made(model: &Model, decisions: &[DecisionId], asked: Option<HitPolicy>, budget: u64) -> Result<Vec<Table>, Failure> {
    let hit = asked.map(|asked| match asked {
        HitPolicy::Unique => Hit::Unique,
        HitPolicy::First => Hit::First,
        HitPolicy::Collect => Hit::Collect,
    });
    tabulate::within(model, decisions, hit, budget).map_err(|unmade| match unmade {
        Unmade::Exhausted => check::exhausted(budget),
        Unmade::TooLarge(decision, hit) => too_large(model, decision, hit, budget),
    })
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
fn readable(tables: &[Table], args: &Args) -> Format {
    let Some(width) = terminal().filter(|_| args.out.is_none()) else { return Format::Markdown };
    let wide =
        |table: &Table| emit::markdown::write(table).lines().filter(|l| l.starts_with('|')).any(|l| l.width() > width);
    if tables.iter().any(wide) { Format::List } else { Format::Markdown }
}

/// The decisions to print.
fn chosen(model: &Model, args: &Args, to: Option<To>) -> Result<Vec<DecisionId>, Failure> {
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
        None if to.is_some_and(|to| !to.format().holds_several()) && all.len() > 1 => {
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

//! `ordain decide`: one case, or a part of one, and what the policy says of it.

mod batch;
mod question;
mod report;

use super::ui::{Done, Exit, Failure, Format, Ui};
use super::{check, load};
use crate::compile::Policy;
use crate::explain::{self, Explained, Fault, Given, Known, given};
use crate::model::{Case, Model, Type};
use std::path::PathBuf;

/// Decide a case: the verdict, the rules behind it, what is missing and what would change it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ordain decide policies/ sender=visitor purpose=delivery signed_in=yes
  ordain decide policies/ --fact \"starts=2026-09-14 08:00\" --fact attendees=guardian,teacher
  ordain decide policies/ --when \"purpose is repair and arrives after 17:00\"
  ordain decide policies/ --json case.json --format json
  ordain decide policies/ --batch cases.csv --out decided.csv
Facts that are left out may have any value. A parent (sender=staff) means any of those below it, a day any time of it,
`-` that the fact does not apply.")]
pub struct Args {
    /// A file or a folder
    path: PathBuf,
    /// What is known of the case
    #[arg(value_name = "NAME=VALUE")]
    facts: Vec<String>,
    /// The same, as an option
    #[arg(long = "fact", value_name = "NAME=VALUE")]
    more: Vec<String>,
    /// Facts as a JSON object, from a file or - for standard input
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Ask about all cases in which this holds, written as in a rule
    #[arg(long, value_name = "CONDITION")]
    when: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    batch: batch::Batch,
    #[command(flatten)]
    options: check::Common,
}

pub fn run(args: &Args, ui: &Ui) -> Done {
    if let Some(file) = &args.batch.batch {
        return batch::run(&args.batch, file, &args.path, &args.options, ui);
    }
    let options = args.options.options();
    let (project, checked) = match &args.when {
        None => check::understood(&args.path, &options, ui)?,
        Some(when) => {
            let project = load::project(&args.path, &options)?;
            question::ask(project, when, ui)?
        }
    };
    let model = &checked.model;
    let known = known(model, args)?;
    if known.is_empty() && args.when.is_none() {
        return Err(nothing_known(model));
    }
    let scope = args.when.as_ref().and_then(|_| question::scope(model));
    let budget = checked.settings.budget;
    let explained = ui.busy("deciding", || explain::explain(model, &checked.sources, &known, scope, budget));
    let explained = explained.map_err(|fault| match fault {
        Fault::Exhausted => check::exhausted(budget),
        Fault::NoCase { facts, why } => {
            let refused = Failure::usage(explain::no_such_case(model, &facts, scope.is_some()));
            why.into_iter().fold(refused, Failure::note)
        }
    })?;
    if !confirmed(model, &known, &explained) {
        super::ui::internal_fault("the compiled policy does not say what the rules say");
        return Ok(Exit::Fault);
    }
    let (sources, stand) = (&checked.sources, &project.stand);
    match args.format {
        Format::Text => ui.print(&report::Report { model, sources, stand }.text(&explained, ui.paint))?,
        Format::Json => {
            let path = |source: &crate::source::Source| stand.path(&source.path);
            ui.json(&explain::Writer { model, sources, path: &path, known: &known }.document(&explained))?;
        }
    }
    Ok(Exit::Fine)
}

/// The compiled policy, asked the same, says the same, as far as it says anything without the facts that are missing.
fn confirmed(model: &Model, known: &[Known], explained: &Explained) -> bool {
    let mut case = Case { values: vec![None; model.facts.len()] };
    for known in known {
        if let Given::One(value) = &known.given {
            case.values[known.fact.index()] = Some(value.clone());
        }
    }
    // One case is not worth the diagrams of the other form.
    let policy = Policy::compile_within(model, 0);
    let Ok(decision) = policy.decide(&case) else { return true };
    explained.answers.iter().all(|a| a.result == Some(decision.result(a.decision)))
}

/// All facts that are given, each once.
fn known(model: &Model, args: &Args) -> Result<Vec<Known>, Failure> {
    let mut given: Vec<(String, String)> = Vec::new();
    for text in args.facts.iter().chain(&args.more) {
        let Some((name, value)) = text.split_once('=') else {
            return Err(Failure::usage(format!("`{text}` is no fact with a value"))
                .help(format!("write it like `{text}=VALUE`")));
        };
        given.push((name.trim().to_string(), value.to_string()));
    }
    if let Some(path) = &args.json {
        given.extend(object(path)?);
    }
    given::case(model, given).map_err(|refused| {
        let failure = Failure::usage(refused.message);
        if refused.help.is_empty() { failure } else { failure.help(refused.help) }
    })
}

/// The facts of a JSON object, their values as people would write them.
fn object(path: &std::path::Path) -> Result<Vec<(String, String)>, Failure> {
    let (text, shown) = match path.as_os_str() == "-" {
        true => (load::stdin()?, "standard input".to_string()),
        false => (load::read(path)?, format!("`{}`", load::shown(path))),
    };
    let wrong = |why: String| {
        Failure::usage(format!("{shown} is no case: {why}"))
            .help("write a JSON object like {\"approved\": true, \"channel\": \"text\"}")
    };
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let serde_json::Value::Object(facts) = value else { return Err(wrong("it is no object".into())) };
    facts
        .into_iter()
        .map(|(name, value)| {
            let text = given::plain(&value).ok_or_else(|| wrong(format!("the value of `{name}` is an object")))?;
            Ok((name, text))
        })
        .collect()
}

/// The facts that could be given, with what each can be.
fn nothing_known(model: &Model) -> Failure {
    let failure = Failure::usage("nothing is known of the case").help("say what is known like `NAME=VALUE`");
    model.facts.iter().fold(failure, |failure, fact| {
        let can_be = match &fact.ty {
            Type::YesNo => "yes, no".to_string(),
            Type::Choice(domain) => {
                domain.values.iter().take(6).map(|v| v.name.as_str()).collect::<Vec<_>>().join(", ")
            }
            Type::Set(domain) => {
                format!(
                    "some of {}",
                    domain.values.iter().take(6).map(|v| v.name.as_str()).collect::<Vec<_>>().join(", ")
                )
            }
            Type::Number { unit, .. } => {
                format!("a number{}", unit.as_ref().map_or(String::new(), |u| format!(" of {u}")))
            }
            Type::Date { .. } => "a date".into(),
            Type::Time => "a time".into(),
            Type::DateTime { .. } => "a date and time".into(),
        };
        failure.note(format!("`{}` can be {can_be}", fact.name))
    })
}

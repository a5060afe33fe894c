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
        Fault::NoCase { facts, why } => no_case(model, &facts, why, scope.is_some()),
    })?;
    if !confirmed(model, &known, &explained) {
        super::ui::internal_fault("the compiled policy does not say what the rules say");
        return Ok(Exit::Fault);
    }
    let report = report::Report { model, sources: &checked.sources, stand: &project.stand, known: &known };
    match args.format {
        Format::Text => ui.print(&report.text(&explained, ui.paint))?,
        Format::Json => ui.json(&report.document(&explained))?,
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
    let mut known: Vec<Known> = Vec::new();
    let mut add = |name: &str, value: &str| {
        let name = name.trim();
        let Some(fact) = model.find_fact(name) else { return Err(no_fact(model, name)) };
        let read = given::read(model, fact, value);
        let given = read.map_err(|refused| Failure::usage(refused.message).help(refused.help))?;
        if known.iter().any(|k| k.fact == fact) {
            return Err(Failure::usage(format!("`{name}` is given twice")));
        }
        known.push(Known { fact, given });
        Ok(())
    };
    for text in args.facts.iter().chain(&args.more) {
        let Some((name, value)) = text.split_once('=') else {
            return Err(Failure::usage(format!("`{text}` is no fact with a value"))
                .help(format!("write it like `{text}=VALUE`")));
        };
        add(name, value)?;
    }
    if let Some(path) = &args.json {
        for (name, value) in object(path)? {
            add(&name, &value)?;
        }
    }
    known.sort_by_key(|k| k.fact);
    Ok(known)
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
            let text = plain(&value).ok_or_else(|| wrong(format!("the value of `{name}` is an object")))?;
            Ok((name, text))
        })
        .collect()
}

fn plain(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::Null => Some("-".into()),
        Value::Bool(true) => Some("yes".into()),
        Value::Bool(false) => Some("no".into()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let parts: Option<Vec<String>> = parts.iter().map(|p| p.as_str().map(str::to_string)).collect();
            parts.map(|parts| parts.join(","))
        }
        Value::Object(_) => None,
    }
}

fn no_fact(model: &Model, name: &str) -> Failure {
    let near = model.facts.iter().map(|f| (strsim::damerau_levenshtein(&f.name, name), &f.name)).min();
    let failure = Failure::usage(format!("the policy has no fact `{name}`"));
    match near.filter(|n| n.0 <= 1.max(name.chars().count() / 3)) {
        Some((_, near)) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help(format!("its facts are {}", names(model))),
    }
}

fn names(model: &Model) -> String {
    given::shortened(&model.facts.iter().map(|f| f.name.to_string()).collect::<Vec<_>>())
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

fn no_case(model: &Model, facts: &[crate::model::FactId], why: Vec<String>, asked: bool) -> Failure {
    let names: Vec<String> = facts.iter().map(|f| format!("`{}`", model.fact(*f).name)).collect();
    let what = match (names.as_slice(), asked) {
        ([], _) => "no case fulfils the condition".to_string(),
        ([one], false) => format!("no case has this value of {one}"),
        (names, false) => format!("no case has these values of {}", crate::model::show::list(names, "and")),
        ([one], true) => format!("no case fulfils the condition with this value of {one}"),
        (names, true) => {
            format!("no case fulfils the condition with these values of {}", crate::model::show::list(names, "and"))
        }
    };
    why.into_iter().fold(Failure::usage(what), Failure::note)
}

//! A project -> cases of its policy: `write-cases FOLDER COUNT [SEED]` prints at least COUNT cases (all, where there are
//! fewer) as lines of JSON, as artefacts and `ordain decide --batch` take them: every fact, null where it does not exist.

use ordain::emit::words;
use ordain::model::*;
use ordain::workspace::Options;
use ordain_tests::sample::sample;
use std::io::Write;
use std::process::ExitCode;

fn json(model: &Model, fact: FactId, value: &Value) -> String {
    let name = |domain: &Domain, v: usize| words::quoted(&domain.values[v].name);
    match (&model.fact(fact).ty, value) {
        (_, Value::Bool(yes)) => yes.to_string(),
        (Type::Choice(domain), Value::Choice(v)) => name(domain, *v as usize),
        (Type::Set(domain), Value::Set(set)) => {
            let names: Vec<String> = set.iter().map(|v| name(domain, v)).collect();
            format!("[{}]", names.join(","))
        }
        (Type::Number { scale, .. }, Value::Int(v)) => words::decimal(*v, *scale),
        (Type::Date { .. }, Value::Int(v)) => words::quoted(&words::date(*v)),
        (Type::Time, Value::Int(v)) => words::quoted(&words::time_of_day(*v)),
        (Type::DateTime { .. }, Value::Int(v)) => words::quoted(&words::local_instant(&model.zone, *v)),
        _ => "null".to_string(),
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| arguments.get(i).and_then(|a| a.parse::<u64>().ok());
    let (Some(folder), Some(count)) = (arguments.first(), number(1)) else {
        eprintln!("usage: write-cases FOLDER COUNT [SEED]");
        return ExitCode::from(2);
    };
    let project = match ordain::cli::load::project(folder.as_ref(), &Options::default()) {
        Ok(project) => project,
        Err(failure) => {
            eprintln!("{}", failure.message);
            return ExitCode::from(2);
        }
    };
    let model = project.workspace.understand().model;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for case in sample(&model, count as usize, number(2).unwrap_or(1)) {
        let fields = model.fact_ids().map(|f| {
            let value = case.values[f.index()].as_ref().map_or("null".to_string(), |v| json(&model, f, v));
            format!("{}:{value}", words::quoted(&model.fact(f).name))
        });
        let line = fields.collect::<Vec<_>>().join(",");
        if writeln!(out, "{{{line}}}").is_err() {
            return ExitCode::FAILURE;
        }
    }
    match out.flush() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

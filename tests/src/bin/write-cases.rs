//! A project -> cases of its policy: `write-cases FOLDER COUNT [SEED]` prints at least COUNT cases (all, where there are
//! fewer) as lines of JSON, as artefacts and `ordain decide --batch` take them: every fact, null where it does not exist.

use ordain::emit::case;
use ordain::workspace::Options;
use ordain_tests::sample::sample;
use std::io::Write;
use std::process::ExitCode;

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
    for chosen in sample(&model, count as usize, number(2).unwrap_or(1)) {
        if writeln!(out, "{}", case::json(&model, &chosen, model.fact_ids())).is_err() {
            return ExitCode::FAILURE;
        }
    }
    match out.flush() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

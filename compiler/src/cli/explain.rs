//! `ordain explain CODE`: the page of a diagnostic.

use super::ui::{Done, Exit, Failure, Ui};
use crate::diagnostics::codes;

/// Explain the code of a diagnostic
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ordain explain O3001\n  ordain explain conflict")]
pub struct Args {
    /// The code, or its name
    #[arg(required = true, num_args = 1..)]
    code: Vec<String>,
}

pub fn run(args: &Args, ui: &Ui) -> Done {
    // A name may have several words: `ordain explain never applies`.
    let wanted = args.code.join(" ");
    match codes::find(wanted.trim()) {
        Some(code) => {
            ui.print(&format!("{}\n", code.page.trim_end()))?;
            Ok(Exit::Fine)
        }
        None => Err(unknown(&wanted)),
    }
}

fn unknown(wanted: &str) -> Failure {
    let failure = Failure::usage(format!("no diagnostic is called `{wanted}`"));
    let lower = wanted.to_lowercase();
    let near = codes::ALL
        .iter()
        .flat_map(|code| [(code.id.to_lowercase(), code), (code.name.to_lowercase(), code)])
        .map(|(text, code)| (strsim::damerau_levenshtein(&text, &lower), code))
        .min_by_key(|(distance, code)| (*distance, code.id))
        .filter(|(distance, _)| *distance <= 2.max(lower.len() / 3));
    match near {
        Some((_, code)) => failure.help(format!("did you mean `{}`, {}?", code.id, code.name)),
        None => failure,
    }
    .help("`ordain codes` lists them all")
}

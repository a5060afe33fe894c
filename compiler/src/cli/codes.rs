//! `ordain codes`: all diagnostics, one line each.

use super::ui::{Done, Exit, Format, Ui};
use crate::diagnostics::{Level, codes, json, render};
use serde::Serialize;

/// List the codes of all diagnostics
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ordain codes --format json\n\n`ordain explain O3001` explains one of them.")]
pub struct Args {
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Document {
    version: u32,
    codes: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    code: &'static str,
    name: &'static str,
    level: Level,
    page: &'static str,
}

pub fn run(args: &Args, ui: &Ui) -> Done {
    match args.format {
        Format::Text => {
            let lines: Vec<String> = codes::ALL
                .iter()
                .map(|code| format!("{}  {:<7}  {}\n", code.id, render::level_name(code.level), code.name))
                .collect();
            ui.print(&lines.concat())?;
        }
        Format::Json => {
            let entry = |code: &&'static crate::diagnostics::Code| Entry {
                code: code.id,
                name: code.name,
                level: code.level,
                page: code.page,
            };
            ui.json(&Document { version: json::VERSION, codes: codes::ALL.iter().map(entry).collect() })?;
        }
    }
    Ok(Exit::Fine)
}

//! `--verify`: a table that others may have changed -> the proof that it decides as the policy does, or a case that differs.

use crate::cli::load;
use crate::cli::ui::{Done, Exit, Failure, Ui, internal_fault};
use crate::emit::back::{self, Back, Told};
use crate::emit::{Export, Format};
use std::path::Path;

pub fn run(file: &Path, format: Format, export: &Export<'_>, budget: u64, ui: &Ui) -> Done {
    let shown = load::shown(file);
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::unreadable(format!("`{shown}` cannot be read: {error}")))?;
    let told = match format.read(&text, export) {
        None => {
            return Err(Failure::usage("tables of this format cannot be read back")
                .help("`--to csv`, `--to json`, `--to dmn` and `--to jdm` can"));
        }
        Some(Err(message)) => return Err(Failure::unreadable(format!("`{shown}`: {message}"))),
        Some(Ok(told)) => told,
    };
    let mut exit = Exit::Fine;
    for (name, back) in ui.busy("comparing", || compared(&told, export, budget)) {
        let Some(back) = back else {
            exit = Exit::Findings;
            ui.print(&format!("{name}: not the policy: `{shown}` has no table of this decision\n"))?;
            continue;
        };
        match back {
            Back::Equal => ui.print(&format!("{name}: proved: it decides every case as the rules do\n"))?,
            Back::Same => ui.print(&format!("{name}: its rows are those of the proved table\n"))?,
            Back::Differs { case, told, rules } => {
                exit = Exit::Findings;
                ui.print(&format!(
                    "{name}: not the policy: {case}\n   = `{shown}` says {told}, the rules say {rules}\n"
                ))?;
            }
            Back::TooLarge => {
                exit = Exit::Findings;
                ui.print(&format!("{name}: not compared: the table is too large for the budget\n"))?;
            }
        }
    }
    Ok(exit)
}

/// Each table of the policy with what reading it back has shown; nothing where the text has none of this decision.
fn compared(told: &[Told], export: &Export<'_>, budget: u64) -> Vec<(String, Option<Back>)> {
    let back = |sheet: &crate::emit::Sheet<'_>| {
        let own = told.iter().find(|t| t.decision == sheet.table.name);
        (sheet.table.name.clone(), own.map(|t| back::verify(sheet, t, budget)))
    };
    export.sheets.iter().map(back).collect()
}

/// Reads what was just written. Anything but the policy is a fault of ours, and is not handed out.
pub fn own(format: Format, text: &str, export: &Export<'_>, budget: u64, ui: &Ui) -> Result<(), Failure> {
    let fault = |message: String| {
        internal_fault(&message);
        Failure {
            exit: Exit::Fault,
            ..Failure::usage("the table was not written, as it does not say what the rules say")
        }
    };
    let Some(told) = format.read(text, export) else { return Ok(()) };
    let told = told.map_err(|message| fault(format!("the table that was written cannot be read back: {message}")))?;
    for (name, back) in ui.busy("reading back", || compared(&told, export, budget)) {
        match back {
            None => return Err(fault(format!("read back, there is no table of {name}"))),
            Some(Back::Equal | Back::Same) => {}
            Some(Back::Differs { case, told, rules }) => {
                return Err(fault(format!("read back, {name} says {told} and not {rules}: {case}")));
            }
            Some(Back::TooLarge) => {
                ui.remark(&format!("note: {name}: too large to be read back and compared within the budget"))
            }
        }
    }
    Ok(())
}

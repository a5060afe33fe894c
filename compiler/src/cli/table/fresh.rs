//! `--check`: files that were committed -> whether they are what would be written now, or how they differ.

use super::beside;
use crate::cli::load;
use crate::cli::ui::{Done, Exit, Failure, Ui};
use similar::TextDiff;
use std::path::Path;

/// Compares each file with the bytes that it should have.
pub fn run(out: Option<&Path>, files: &[(Option<String>, Vec<u8>)], ui: &Ui) -> Done {
    let Some(out) = out else { return Ok(Exit::Fine) };
    let mut exit = Exit::Fine;
    for (ending, bytes) in files {
        let path = beside(out, ending.as_deref());
        let shown = load::shown(&path);
        let old = match std::fs::read(&path) {
            Ok(old) => old,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                exit = Exit::Findings;
                ui.print(&format!("`{shown}` does not exist; without `--check` it is written\n"))?;
                continue;
            }
            Err(error) => return Err(Failure::unreadable(format!("`{shown}` cannot be read: {error}"))),
        };
        if old == *bytes {
            ui.remark(&format!("`{shown}` is up to date"));
            continue;
        }
        exit = Exit::Findings;
        match (std::str::from_utf8(&old), std::str::from_utf8(bytes)) {
            (Ok(old), Ok(new)) => {
                let diff = TextDiff::from_lines(old, new);
                let text = diff.unified_diff().context_radius(1).header(&shown, "what the policy says now").to_string();
                ui.print(&text)?;
            }
            _ => ui.print(&format!("`{shown}` is not what would be written now\n"))?,
        }
        ui.remark(&format!("`{shown}` is not up to date; without `--check` it is written anew"));
    }
    Ok(exit)
}

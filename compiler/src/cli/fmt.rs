//! `ordain fmt`: files -> the same files in the one style.

use super::ui::{Done, Exit, Ui};
use super::{load, write};
use crate::diagnostics::render::paint::Tint;
use crate::diagnostics::render::{self, Look};
use crate::source::{FileId, Source, Sources};
use crate::{format, parse};
use std::path::PathBuf;

/// Write policies in the one style
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ordain fmt policies/\n  ordain fmt --check\n  ordain fmt - < draft.ordain")]
pub struct Args {
    /// Files, folders, or - to turn standard input into standard output
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Change nothing; name the files that are not in style and exit with 1
    #[arg(long)]
    check: bool,
}

pub fn run(args: &Args, ui: &Ui) -> Done {
    let mut exit = Exit::Fine;
    for path in args.paths.iter().filter(|p| p.as_os_str() == "-") {
        let text = load::stdin()?;
        match format::format(&text) {
            Some(new) if args.check && new != text => {
                ui.print(&format!("{}\n", path.display()))?;
                exit = Exit::Findings;
            }
            Some(_) if args.check => {}
            Some(new) => ui.print(&new)?,
            None => {
                broken("<stdin>", &text, ui);
                exit = Exit::Findings;
            }
        }
    }
    let paths: Vec<PathBuf> = args.paths.iter().filter(|p| p.as_os_str() != "-").cloned().collect();
    for file in load::files(&paths)? {
        let text = load::read(&file)?;
        let shown = load::shown(&file);
        match format::format(&text) {
            Some(new) if new == text => {}
            Some(_) if args.check => {
                ui.print(&format!("{shown}\n"))?;
                exit = Exit::Findings;
            }
            Some(new) => {
                write::replace(&file, &new)?;
                ui.remark(&format!("{} {shown}", ui.remarks.text(Tint::Good, "formatted")));
            }
            None => {
                broken(&shown, &text, ui);
                exit = Exit::Findings;
            }
        }
    }
    Ok(exit)
}

fn broken(path: &str, text: &str, ui: &Ui) {
    let mut sources = Sources::default();
    sources.add(Source::new(path, text));
    let (_, diagnostics) = parse::parse(FileId(0), text);
    let look = Look { paint: ui.remarks, limit: 5, ..Look::default() };
    ui.remark(render::reports(&diagnostics, &sources, &look).trim_end());
    ui.remark(&format!("`{path}` stays as it is: it has syntax errors"));
}

//! `ordain new`: a small policy to start from, with its text, expectations, settings, a check on every change, and a README.

use super::ui::{Done, Exit, Failure, Ui};
use super::{load, write};
use crate::diagnostics::render::paint::Tint;
use std::path::PathBuf;

/// Start a policy in a new folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ordain new visitors\n  ordain check visitors")]
pub struct Args {
    /// The folder; it must not hold a policy yet
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// File name, text.
const FILES: &[(&str, &str)] = &[
    ("rules.ordain", include_str!("template/rules.ordain")),
    ("policy.md", include_str!("template/policy.md")),
    ("ordain.toml", include_str!("template/ordain.toml")),
    ("README.md", include_str!("template/README.md")),
    (".github/workflows/policy.yml", include_str!("template/workflow.yml")),
    (".editorconfig", include_str!("template/editorconfig")),
    (".vscode/settings.json", include_str!("template/settings.json")),
    (".vscode/extensions.json", include_str!("template/extensions.json")),
];

pub fn run(args: &Args, ui: &Ui) -> Done {
    let shown = args.folder.display();
    let fault = |error: std::io::Error| Failure::unreadable(format!("`{shown}` cannot be written: {error}"));
    if args.folder.exists() && !args.folder.is_dir() {
        return Err(Failure::usage(format!("`{shown}` is a file, not a folder")));
    }
    if let Some((name, _)) = FILES.iter().find(|(name, _)| args.folder.join(name).exists()) {
        return Err(Failure::usage(format!("`{shown}` already has a file `{name}`, and nothing is overwritten"))
            .help("name a folder that does not exist yet"));
    }
    for (file, _) in FILES {
        let folder = args.folder.join(file);
        std::fs::create_dir_all(folder.parent().unwrap_or(&args.folder)).map_err(fault)?;
    }
    let full = std::path::absolute(&args.folder).map_err(fault)?;
    let title = full.file_name().map_or("policy".into(), |n| n.to_string_lossy().into_owned());
    let (name, title) = (identifier(&title), heading(&title));
    for (file, text) in FILES {
        let text = text.replace("VERSION", env!("CARGO_PKG_VERSION")).replace("NAME", &name).replace("TITLE", &title);
        write::replace(&args.folder.join(file), &text)?;
        let path = load::shown(&full.join(file));
        ui.print(&format!("{} {path}\n", ui.paint.text(Tint::Good, "wrote")))?;
    }
    ui.print(&format!("\nnext: ordain check {shown}\n"))?;
    Ok(Exit::Fine)
}

/// `Our visitors!` becomes `our_visitors`.
fn identifier(folder: &str) -> String {
    let name: String = folder.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let name = name.trim_matches('_');
    match name.chars().next() {
        Some(first) if first.is_alphabetic() => format!("{name}_policy"),
        _ => "house_policy".into(),
    }
}

/// `our-visitors` becomes `Our visitors`.
fn heading(folder: &str) -> String {
    let text = folder.replace(['-', '_'], " ").replace(['"', '\\'], "");
    let text = text.trim();
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.map_or("House policy".into(), |first| first + letters.as_str())
}

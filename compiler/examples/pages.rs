//! The command's own definition -> its manual pages (`man1`) and completions (`completions`, named as the shells look for
//! them), in a folder: `cargo run -p ordain --example pages -- FOLDER`. Releases carry both; nothing is kept by hand.

use clap_complete::Shell;
use std::io::{Error, Result};
use std::path::Path;

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).ok_or_else(|| Error::other("usage: pages FOLDER"))?;
    let folder = Path::new(&folder);
    pages(&folder.join("man1"))?;
    completions(&folder.join("completions"))
}

/// `ordain.1`, and one page for each verb.
fn pages(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    // Verbs are sections of their own page; `help` is told by every page.
    clap_mangen::generate_to(ordain::cli::definition().disable_help_subcommand(true), folder)
}

fn completions(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for (shell, name) in [
        (Shell::Bash, "ordain.bash"),
        (Shell::Zsh, "_ordain"),
        (Shell::Fish, "ordain.fish"),
        (Shell::PowerShell, "ordain.ps1"),
        (Shell::Elvish, "ordain.elv"),
    ] {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut ordain::cli::definition(), "ordain", &mut text);
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}

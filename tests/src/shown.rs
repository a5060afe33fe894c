//! `message`, `table` and `console` blocks: what the compiler prints about the project above, compared word for word.
//!
//! A `console` block holds commands behind `$ `, each followed by what it prints, run in a folder with the project's files;
//! without a project above, at the root of the repository. Where something else is printed, the page is out of date. With `ORDAIN_BLESS=1` in the environment the page is rewritten
//! instead, and the difference is for people to read.

use crate::markdown::{Block, Page};
use crate::project::File;
use crate::{commands, root};
use ordain::diagnostics::{Diagnostic, Level, render};
use ordain::lower::Lowered;
use ordain::tabulate::{self, Hit};
use ordain::workspace::Checked;
use std::path::Path;
use std::process::Command;

/// What a page says that the compiler prints.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The line of the page on which the text begins.
    pub line: usize,
    pub text: String,
    pub how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Message,
    Table,
    Console,
}

impl Shown {
    /// The claim of a block, if it is one of these.
    pub fn of(block: &Block) -> Option<Self> {
        let how = match block.tag.as_str() {
            "message" => How::Message,
            "table" => How::Table,
            "console" => How::Console,
            _ => return None,
        };
        Some(Self { line: block.line, text: block.text.clone(), how })
    }

    /// A complaint where the compiler prints something else; or none, and the page is rewritten.
    pub fn complaint(&self, page: &Page, files: &[File], checked: &Checked) -> Option<String> {
        let printed = match self.how {
            How::Message => messages(checked),
            How::Table => table(checked),
            How::Console => console(&self.text, files),
        };
        let printed = format!("{}\n", printed.trim());
        if printed == self.text {
            return None;
        }
        if std::env::var_os("ORDAIN_BLESS").is_some() && self.rewrite(page, &printed).is_some() {
            return None;
        }
        let hint = "`ORDAIN_BLESS=1 cargo test -p ordain-tests` rewrites the page";
        Some(format!("{}:{}: the compiler prints something else ({hint}):\n{printed}", page.path, self.line))
    }

    fn rewrite(&self, page: &Page, printed: &str) -> Option<()> {
        let path = root().join(&page.path);
        let text = std::fs::read_to_string(&path).ok()?;
        // Earlier blocks may have changed their length: the old text is found, not counted to.
        let at = text.find(&format!("\n{}```", self.text))? + 1;
        let text = [&text[..at], printed, &text[at + self.text.len()..]].concat();
        std::fs::write(path, text).ok()
    }
}

fn messages(checked: &Checked) -> String {
    let told: Vec<Diagnostic> = checked.diagnostics.iter().filter(|d| d.level > Level::Note).cloned().collect();
    render::reports(&told, &checked.sources, &render::Look::default())
}

fn table(checked: &Checked) -> String {
    let mut lowered = Lowered::without_expectations(&checked.model, checked.settings.budget);
    let mut out = String::new();
    for decision in tabulate::decisions(&checked.model) {
        out.push_str(&ordain::emit::markdown::write(&tabulate::tabulate(&mut lowered, decision, Hit::Unique)));
    }
    out
}

/// Runs the commands of a block and writes down what they print.
fn console(block: &str, files: &[File]) -> String {
    let folder = tempfile::tempdir().expect("a folder for the project");
    for file in files {
        let path = folder.path().join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder.path())).expect("a folder for the file");
        std::fs::write(path, file.bytes.as_deref().unwrap_or(file.text.as_bytes())).expect("a file of the project");
    }
    let root = root();
    let place = if files.is_empty() { root.as_path() } else { folder.path() };
    let mut out = String::new();
    for command in block.lines().filter_map(|l| l.strip_prefix("$ ")) {
        out.push_str(&format!("$ {command}\n{}\n", run(command, place)));
    }
    out
}

/// What a command prints: its results, then its remarks.
fn run(command: &str, place: &Path) -> String {
    let path = std::env::join_paths(
        [commands()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let done = Command::new("sh")
        .args(["-c", command])
        .current_dir(place)
        .env("PATH", path.unwrap_or_default())
        .env("NO_COLOR", "1")
        .output();
    match done {
        Ok(done) => [done.stdout, done.stderr].map(|o| String::from_utf8_lossy(&o).into_owned()).concat(),
        Err(error) => error.to_string(),
    }
}

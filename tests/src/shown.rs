//! `message` and `table` blocks: what the compiler prints about the project above, compared word for word.
//!
//! Where it prints something else, the page is out of date. With `ORDAIN_BLESS=1` in the environment the page is rewritten
//! instead, and the difference is for people to read.

use crate::markdown::{Block, Page};
use crate::root;
use ordain::diagnostics::{Diagnostic, Level, render};
use ordain::lower::Lowered;
use ordain::tabulate::{self, Hit};
use ordain::workspace::Checked;

/// What a page says that the compiler prints.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The line of the page on which the text begins.
    pub line: usize,
    pub text: String,
    pub table: bool,
}

impl Shown {
    /// The claim of a block, if it is one of these.
    pub fn of(block: &Block) -> Option<Self> {
        let table = block.tag == "table";
        (table || block.tag == "message").then(|| Self { line: block.line, text: block.text.clone(), table })
    }

    /// A complaint where the compiler prints something else; or none, and the page is rewritten.
    pub fn complaint(&self, page: &Page, checked: &Checked) -> Option<String> {
        let printed = if self.table { table(checked) } else { messages(checked) };
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
    let mut lowered = Lowered::new(&checked.model, &[], checked.settings.budget);
    let mut out = String::new();
    for decision in tabulate::decisions(&checked.model) {
        out.push_str(&ordain::emit::markdown::write(&tabulate::tabulate(&mut lowered, decision, Hit::Unique)));
    }
    out
}

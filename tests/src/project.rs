//! Blocks of a page -> projects, each with its files, options and claims; and the check of one project.
//!
//! `ordain` starts a project; `ordain also file=…`, `markdown file=…`, `toml file=…` and `hex file=…` join it; `ordain more` starts a new
//! one with the files of the last, its text behind theirs; `decide` claims something about the last.

use crate::case;
use crate::markdown::{Block, Page};
use crate::marks::{self, Mark};
use crate::shown::Shown;
use ordain::diagnostics::{Diagnostic, Level};
use ordain::model::time::parse_date;
use ordain::workspace::{Change, Checked, Options, Workspace};

/// The name of a program's file where the fence gives none.
pub const MAIN: &str = "policy.ordain";

/// A project put together from blocks.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// The line of the page on which its last program begins.
    pub line: usize,
    /// `fails`, `passes`.
    pub words: Vec<String>,
    pub files: Vec<File>,
    pub options: Options,
    /// Codes that are found without a mark: `finds=O3001,O5001`.
    pub finds: Vec<String>,
    /// The lines of the `decide` blocks, with their lines of the page.
    pub claims: Vec<(usize, String)>,
    /// What the compiler prints, as the page says.
    pub shown: Vec<Shown>,
}

#[derive(Debug, Clone)]
pub struct File {
    pub path: String,
    pub text: String,
    /// The line of the page of each line of the text.
    pub lines: Vec<usize>,
    /// Marks are taken from here on: earlier lines come from the project that this one continues.
    pub marks_from: usize,
    /// From a `hex` block: what the file holds instead of the text.
    pub bytes: Option<Vec<u8>>,
}

impl Project {
    /// The projects of a page, or what is wrong with its fences.
    pub fn of_page(page: &Page) -> Result<Vec<Project>, String> {
        let mut projects: Vec<Project> = Vec::new();
        for block in &page.blocks {
            let at = |text: &str| format!("{}:{}: {text}", page.path, block.line);
            let joins = block.has("also")
                || matches!(block.tag.as_str(), "markdown" | "toml" | "hex") && block.option("file").is_some();
            match block.tag.as_str() {
                "ordain" if block.has("more") => {
                    let mut project = projects.last().ok_or_else(|| at("`more` without a program"))?.clone();
                    project.claims.clear();
                    project.shown.clear();
                    project.finds.clear();
                    for file in &mut project.files {
                        file.marks_from = file.lines.len();
                    }
                    let path = block.option("file").unwrap_or(&project.files[0].path).to_string();
                    project.put(&path, block);
                    project.take_options(block).map_err(|e| at(&e))?;
                    projects.push(project);
                }
                "ordain" | "markdown" | "toml" | "hex" if joins => {
                    let path = block.option("file").ok_or_else(|| at("`also` needs `file=…`"))?;
                    projects.last_mut().ok_or_else(|| at("nothing to join"))?.put(path, block);
                }
                "ordain" => {
                    let mut project = Project::default();
                    project.put(block.option("file").unwrap_or(MAIN), block);
                    project.take_options(block).map_err(|e| at(&e))?;
                    projects.push(project);
                }
                "decide" => {
                    let claims = &mut projects.last_mut().ok_or_else(|| at("`decide` without a program"))?.claims;
                    let lines = block.text.lines().enumerate();
                    claims.extend(
                        lines
                            .filter(|(_, l)| !l.trim().is_empty() && !l.trim_start().starts_with("//"))
                            .map(|(i, l)| (block.line + i, l.to_string())),
                    );
                }
                _ => {
                    if let Some(shown) = Shown::of(block) {
                        if projects.is_empty() {
                            projects.push(Project { line: block.line, ..Project::default() });
                        }
                        if let Some(project) = projects.last_mut() {
                            project.shown.push(shown);
                        }
                    }
                }
            }
        }
        Ok(projects)
    }

    fn put(&mut self, path: &str, block: &Block) {
        let lines = (0..block.text.lines().count()).map(|i| block.line + i);
        match self.files.iter_mut().find(|f| f.path == path) {
            Some(file) => {
                file.text.push_str(&block.text);
                file.lines.extend(lines);
            }
            None => self.files.push(File {
                path: path.to_string(),
                text: block.text.clone(),
                lines: lines.collect(),
                marks_from: 0,
                bytes: (block.tag == "hex").then(|| bytes(&block.text)),
            }),
        }
    }

    fn take_options(&mut self, block: &Block) -> Result<(), String> {
        self.line = block.line;
        self.words = block.words.clone();
        for (key, value) in &block.options {
            match key.as_str() {
                "file" => {}
                "as-of" => self.options.as_of = Some(parse_date(value).ok_or(format!("`{value}` is no date"))?),
                "budget" => self.options.budget = Some(value.parse().map_err(|_| format!("`{value}` is no number"))?),
                "finds" => self.finds = value.split(',').map(str::to_string).collect(),
                _ => return Err(format!("unknown option `{key}`")),
            }
        }
        Ok(())
    }

    /// Puts the files into a workspace and checks it.
    pub fn check(&self) -> Checked {
        let mut workspace = Workspace::default();
        workspace.apply(Change::Options(self.options.clone()));
        for file in &self.files {
            workspace.apply(Change::Set { path: file.path.clone(), text: file.text.as_str().into() });
        }
        workspace.check()
    }

    /// Where a diagnostic stands: its file's path, and the line of the page where the file is one of the page's.
    pub fn place(&self, checked: &Checked, diagnostic: &Diagnostic) -> (String, usize) {
        let source = checked.sources.get(diagnostic.span.file);
        let line = source.line_column(diagnostic.span.start).0 as usize;
        let file = self.files.iter().find(|f| f.path == source.path);
        let line = file.and_then(|f| f.lines.get(line).or(f.lines.last())).copied().unwrap_or(line + 1);
        (source.path.clone(), line)
    }

    /// Everything that is not as the page says: marks, `finds=` and `decide` lines; each complaint with its line.
    pub fn complaints(&self, page: &Page) -> Vec<String> {
        let checked = self.check();
        let at = |line: usize, text: &str| format!("{}:{line}: {text}", page.path);
        let mut expected: Vec<Mark> = self.files.iter().flat_map(marks::of_file).collect();
        let mut finds = self.finds.clone();
        let mut complaints = Vec::new();
        for diagnostic in &checked.diagnostics {
            let (path, line) = self.place(&checked, diagnostic);
            let code = diagnostic.code.id;
            if let Some(i) = expected.iter().position(|m| m.path == path && m.line == line && m.code == code) {
                expected.remove(i);
            } else if let Some(i) = finds.iter().position(|c| c == code) {
                finds.remove(i);
            } else if diagnostic.level > Level::Note {
                complaints.push(at(line, &format!("{path}: unexpected {code}: {}", shown(diagnostic))));
            }
        }
        complaints.extend(expected.iter().map(|m| at(m.line, &format!("{}: {} is not found", m.path, m.code))));
        complaints.extend(finds.iter().map(|c| at(self.line, &format!("{c} is not found"))));
        if checked.complete {
            for (line, claim) in &self.claims {
                complaints.extend(case::complaints(&checked.model, claim).into_iter().map(|c| at(*line, &c)));
            }
        } else if !self.claims.is_empty() {
            complaints.push(at(self.line, "nothing is decided: the program has errors"));
        }
        complaints.extend(self.shown.iter().filter_map(|s| s.complaint(page, &self.files, &checked)));
        complaints
    }
}

/// `c3 a9`
fn bytes(text: &str) -> Vec<u8> {
    text.split_whitespace().filter_map(|b| u8::from_str_radix(b, 16).ok()).collect()
}

/// A diagnostic on one line.
pub fn shown(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    for note in &diagnostic.notes {
        text.push_str(" | ");
        text.push_str(note);
    }
    text
}

//! Names -> what they refer to: which files a project has, which of them each file sees, and what they declare.
//!
//! Why it exists: everything that depends only on *where* a name is declared is settled here, once; `check` asks for a
//! name and a kind. Must not know types, conditions or the meaning of rules.

pub mod collect;
pub mod graph;
pub mod names;
pub mod similar;

use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::Bits;
use crate::source::{FileId, Sources, Span};
use crate::stdlib;
use crate::syntax::ast::{self, ItemKind};
use crate::syntax::uses::{BY_USE, Uses};
use std::borrow::Borrow;
use std::collections::BTreeMap;

/// The modules that a file uses, dotted, in order.
pub fn imports(file: &ast::File) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for item in &file.items {
        if let ItemKind::Use(path) = &item.kind {
            found.push((path.dotted(), path.span));
        }
    }
    found
}

/// The paths that `use MODULE` in the file `using` may mean, best first: `<std/….ordain>` for `std.…`, else a file
/// relative to the folder of the using file, then one relative to the project's root.
pub fn candidates(using: &str, module: &str) -> Vec<String> {
    if let Some(name) = module.strip_prefix("std.") {
        return vec![format!("<std/{name}.ordain>")];
    }
    let file = format!("{}.ordain", module.replace('.', "/"));
    near(using, &file)
}

/// The project-relative paths that a path written in the file `using` may mean: from its folder, then from the root.
pub fn near(using: &str, written: &str) -> Vec<String> {
    let folder = using.rsplit_once('/').map_or("", |p| p.0);
    let mut paths = Vec::new();
    for base in [folder, ""] {
        if let Some(path) = join(base, written)
            && !paths.contains(&path)
        {
            paths.push(path);
        }
    }
    paths
}

/// `.` and `..` worked out; `None` where the path leaves the project.
fn join(folder: &str, written: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// What `use …` would name this file from anywhere; `None` where its path has parts that are no names.
pub fn module_of(path: &str) -> Option<String> {
    if let Some(name) = path.strip_prefix("<std/") {
        return Some(format!("std.{}", name.strip_suffix(".ordain>")?));
    }
    let stem = path.strip_suffix(".ordain")?;
    let named = |p: &str| {
        !p.is_empty() && p.chars().all(|c| c.is_alphanumeric() || c == '_') && !p.starts_with(|c: char| c.is_numeric())
    };
    stem.split('/').all(named).then(|| stem.replace('/', "."))
}

/// One file of a project.
#[derive(Debug)]
pub struct File<'a> {
    pub id: FileId,
    pub path: &'a str,
    pub ast: &'a ast::File,
    pub std: bool,
    /// The files whose names it sees: itself and what it uses, directly or through others.
    pub sees: Bits,
    /// It uses something that does not exist or was not understood, so names may be missing for that reason.
    pub incomplete: bool,
}

/// The files of a project: its own by path, then those of the standard library.
#[derive(Debug)]
pub struct Project<'a> {
    pub files: Vec<File<'a>>,
    sources: &'a Sources,
    /// What comes into being by use, and whether something was not understood.
    pub uses: Uses,
    /// By file id; `usize::MAX` for files that are none of the project.
    index: Vec<usize>,
}

impl<'a> Project<'a> {
    pub fn new(sources: &'a Sources, files: &'a [(FileId, impl Borrow<ast::File>)]) -> (Self, Vec<Diagnostic>) {
        let mut list: Vec<File<'a>> = files
            .iter()
            .map(|(id, ast)| {
                let (id, ast) = (*id, ast.borrow());
                let path = sources.get(id).path.as_str();
                // A `use` that could not be understood: names may be missing for that reason.
                let broken =
                    |i: &ast::Item| matches!(i.kind, ItemKind::Error) && sources.text(i.span).starts_with("use");
                let incomplete = ast.items.iter().any(broken);
                File { id, path, ast, std: stdlib::is_std(path), sees: Bits::new(), incomplete }
            })
            .collect();
        list.sort_by(|a, b| (a.std, a.path, a.id).cmp(&(b.std, b.path, b.id)));
        let mut index = vec![usize::MAX; list.iter().map(|f| f.id.0 as usize + 1).max().unwrap_or(0)];
        list.iter().enumerate().for_each(|(i, f)| index[f.id.0 as usize] = i);
        let mut uses = Uses::default();
        list.iter().for_each(|file| uses.add(&file.ast.items));
        let mut project = Self { files: list, sources, uses, index };
        let diagnostics = project.link();
        (project, diagnostics)
    }

    /// The position in `files` of a file of the project.
    pub fn position(&self, file: FileId) -> Option<usize> {
        self.index.get(file.0 as usize).copied().filter(|&i| i != usize::MAX)
    }

    pub fn file(&self, span: Span) -> Option<&File<'a>> {
        self.position(span.file).map(|i| &self.files[i])
    }

    fn link(&mut self) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let by_path: BTreeMap<&str, usize> = self.files.iter().enumerate().map(|(i, f)| (f.path, i)).collect();
        let mut edges: Vec<Vec<usize>> = Vec::new();
        let mut missing = Bits::new();
        for (i, file) in self.files.iter().enumerate() {
            let mut targets = Vec::new();
            for (module, span) in imports(file.ast) {
                match candidates(file.path, &module).iter().find_map(|p| by_path.get(p.as_str())) {
                    Some(&target) => targets.push(target),
                    None => {
                        missing.insert(i);
                        let known = module.strip_prefix("std.").is_some_and(|m| stdlib::find(m).is_some());
                        if !known {
                            diagnostics.push(unknown_import(file, &module, span, &by_path));
                        }
                    }
                }
            }
            edges.push(targets);
        }
        for i in 0..self.files.len() {
            let mut sees = Bits::one(i);
            let mut open = vec![i];
            while let Some(at) = open.pop() {
                for &next in &edges[at] {
                    if !sees.contains(next) {
                        sees.insert(next);
                        open.push(next);
                    }
                }
            }
            self.files[i].incomplete |= !sees.is_disjoint(&missing);
            self.files[i].sees = sees;
        }
        diagnostics
    }

    /// The edit that makes a file of the project see `path`; `None` where no `use` can name it.
    pub fn import_edit(&self, from: FileId, path: &str) -> Option<(String, Edit)> {
        let file = &self.files[self.position(from)?];
        let folder = file.path.rsplit_once('/').map_or(String::new(), |p| format!("{}/", p.0));
        // The shortest name that means this file and not one that stands nearer.
        let means = |module: &String| {
            let found = candidates(file.path, module).into_iter().find(|p| self.files.iter().any(|f| f.path == *p));
            found.is_none_or(|p| p == path)
        };
        let near = path.strip_prefix(&folder).and_then(module_of).filter(means);
        let module = near.or_else(|| module_of(path).filter(means))?;
        let last_use = file.ast.items.iter().rev().find(|i| matches!(i.kind, ItemKind::Use(_)));
        let policy = file.ast.items.iter().find(|i| matches!(i.kind, ItemKind::Policy(_)));
        let edit = match (last_use, policy, file.ast.items.first()) {
            (Some(item), ..) => Edit::replace(self.line_end(item.span), format!("\nuse {module}")),
            (None, Some(item), _) => Edit::replace(self.line_end(item.span), format!("\n\nuse {module}")),
            // Not between an item and its documentation.
            (None, None, Some(item)) if item.docs.is_empty() => {
                Edit::replace(Span { end: item.span.start, ..item.span }, format!("use {module}\n\n"))
            }
            _ => Edit::replace(Span::new(from, 0..0), format!("use {module}\n\n")),
        };
        Some((module, edit))
    }

    /// The end of the line on which a span ends, if only a comment is left on it; else the end of the span.
    fn line_end(&self, span: Span) -> Span {
        let rest = self.sources.get(span.file).text.get(span.end as usize..).unwrap_or("");
        let line = rest.lines().next().unwrap_or("");
        let comment = line.trim_start();
        let free = comment.is_empty() || comment.starts_with("//");
        let end = if free { span.end + line.len() as u32 } else { span.end };
        Span { start: end, end, ..span }
    }

    /// Is there an item or statement somewhere that could not be understood?
    pub fn is_broken(&self) -> bool {
        self.uses.broken
    }

    /// Is a name visible at this place?
    pub fn sees(&self, span: Span, symbol: &names::Symbol) -> bool {
        match (symbol.file, self.position(span.file)) {
            (Some(file), Some(from)) => {
                // What heads speak of is the same in all files, also where a file narrows it.
                self.files[from].sees.contains(file)
                    || (symbol.kind == names::Kind::Fact && BY_USE.contains(&symbol.name.as_str()))
            }
            _ => true,
        }
    }
}

fn unknown_import(file: &File, module: &str, span: Span, by_path: &BTreeMap<&str, usize>) -> Diagnostic {
    let modules = || stdlib::FILES.iter().map(|f| format!("std.{}", f.0));
    if module == "std" || module.starts_with("std.") {
        let all = similar::list(&modules().collect::<Vec<_>>(), "and");
        let message = if module == "std" {
            "`use std` does not say which module of the standard library".to_string()
        } else {
            format!("the standard library has no module `{module}`")
        };
        let mut d = Diagnostic::new(&codes::UNKNOWN_IMPORT, span, message);
        if let Some(best) = similar::closest(module, modules()) {
            d = d.fix(format!("did you mean `{best}`?"), vec![Edit::replace(span, best)]);
        }
        return d.help(format!("its modules are {all}"));
    }
    let tried = candidates(file.path, module);
    let message = format!("there is no file for `use {module}`");
    let mut d = Diagnostic::new(&codes::UNKNOWN_IMPORT, span, message)
        .note(format!("looked for {}", similar::list(&tried, "and for")));
    let others = by_path.keys().filter(|p| **p != file.path && !stdlib::is_std(p)).filter_map(|p| module_of(p));
    if let Some(best) = similar::closest(module, others.chain(modules())) {
        d = d.fix(format!("did you mean `{best}`?"), vec![Edit::replace(span, best)]);
    } else if stdlib::find(module).is_some() {
        let std = format!("std.{module}");
        d = d.fix(format!("did you mean `{std}`?"), vec![Edit::replace(span, std)]);
    }
    d
}

//! A place -> what there is to know about it, as Markdown.
//!
//! What a name is stands first, as it is declared; then what was proved about it.

mod figures;
mod times;

use super::View;
use super::index::Target;
use super::words;
use crate::lex::lex;
use crate::model::show;
use crate::resolve::names::Kind;
use crate::source::{FileId, Span};
use crate::stdlib;

/// A text about what stands under `span`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    pub span: Span,
    pub text: String,
}

/// The most lines of a declaration, or of an adopted text, that are shown.
const MOST_LINES: usize = 14;

/// What there is to know at an offset.
pub fn hover(view: &View, file: FileId, offset: u32) -> Option<Hover> {
    let condition = figures::condition(view, file, offset);
    if let Some(found) = view.name_at(file, offset) {
        let mut parts = about(view, found.target);
        parts.extend(condition.map(|c| c.1));
        return Some(Hover { span: found.span, text: parts.join("\n\n") });
    }
    let word = word(view, file, offset);
    let time = times::constraint(view, file, offset);
    let span = word.as_ref().map(|w| w.0).or(time.as_ref().map(|t| t.0)).or(condition.as_ref().map(|c| c.0))?;
    let parts: Vec<String> = word.into_iter().chain(time).chain(condition).map(|p| p.1).collect();
    Some(Hover { span, text: parts.join("\n\n") })
}

/// A keyword and what it means.
fn word(view: &View, file: FileId, offset: u32) -> Option<(Span, String)> {
    view.tree(file)?;
    let (tokens, _) = lex(file, &view.checked.sources.get(file).text);
    let token = tokens.iter().find(|t| t.span.start <= offset && offset < t.span.end)?;
    let text = view.checked.sources.text(token.span);
    let meaning = words::meaning(text).filter(|_| !token.kind.text().is_empty())?;
    Some((token.span, format!("**`{text}`**: {meaning}")))
}

/// What a name is.
pub(super) fn about(view: &View, target: Target) -> Vec<String> {
    match target {
        Target::Symbol(i) => symbol(view, i),
        Target::Value(i) => value(view, i),
        Target::Proviso(i) => match view.index.proviso(i) {
            Some((rule, name, _)) => {
                vec![format!("Proviso `{name}` of `{rule}`: where it fails, the permit becomes a prohibition.")]
            }
            None => Vec::new(),
        },
        Target::File(file) => vec![of_file(view, file)],
        Target::Heading(file, i) => heading(view, file, i),
    }
}

fn symbol(view: &View, i: u32) -> Vec<String> {
    let Some((symbol, about)) = view.index.symbol(i) else { return Vec::new() };
    let mut parts = vec![declared(view, i)];
    parts.extend(about.title.as_ref().filter(|_| symbol.kind == Kind::Section).map(|t| t.to_string()));
    if !about.docs.is_empty() {
        parts.push(about.docs.join("\n"));
    }
    match symbol.kind {
        Kind::Role | Kind::Channel => parts.extend(covers(view, i)),
        Kind::Fact => parts.extend(fact(view, &symbol.name)),
        Kind::Rule => parts.extend(figures::rule(view, &symbol.name)),
        Kind::Period => parts.extend(times::period(view, &symbol.name)),
        _ => {}
    }
    let path = &view.checked.sources.get(symbol.span.file).path;
    if stdlib::is_std(path) {
        let module = path.trim_start_matches("<std/").trim_end_matches(".ordain>");
        parts.push(format!("From the standard library: `use std.{module}`"));
    }
    parts
}

/// The declaration as it is written, shortened; of rules the header.
fn declared(view: &View, i: u32) -> String {
    let Some((symbol, about)) = view.index.symbol(i) else { return String::new() };
    if symbol.file.is_none() {
        return format!(
            "```ordain\nfact {}\n```\n\nA fact of the language: it exists where heads or periods speak of it.",
            symbol.name
        );
    }
    let kind = symbol.kind.noun();
    let title = about.title.as_ref().map_or(String::new(), |t| format!(" \"{t}\""));
    let text = view.checked.sources.text(about.item);
    let whole = match symbol.kind {
        Kind::Role | Kind::Channel | Kind::Section => format!("{kind} {}{title}", symbol.name),
        Kind::Rule => {
            let what = if symbol.name.contains('.') || text.starts_with("exception") { "exception" } else { kind };
            format!("{what} {}{title}", symbol.name)
        }
        _ => shorten(text),
    };
    format!("```ordain\n{whole}\n```")
}

fn shorten(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    match lines.get(..MOST_LINES) {
        Some(first) if lines.len() > MOST_LINES => format!("{}\n…", first.join("\n")),
        _ => lines.join("\n"),
    }
}

/// What a role or channel covers, and what covers it.
fn covers(view: &View, i: u32) -> Vec<String> {
    let mut parts = Vec::new();
    let names = |list: Vec<u32>| -> Vec<String> {
        list.iter().filter_map(|c| view.index.names.symbols.get(*c as usize)).map(|s| format!("`{}`", s.name)).collect()
    };
    let children = names(view.index.children(i).collect());
    if !children.is_empty() {
        parts.push(format!("Covers {}.", show::list(&children, "and")));
    }
    let mut above = Vec::new();
    let mut next = view.index.parent(i);
    while let Some(parent) = next.filter(|p| !above.contains(p)) {
        above.push(parent);
        next = view.index.parent(parent);
    }
    if !above.is_empty() {
        parts.push(format!("Covered by {}.", show::list(&names(above), "and")));
    }
    parts
}

/// The titles of a fact's values.
fn fact(view: &View, name: &str) -> Option<String> {
    let of = |v: &&super::index::NamedValue| v.owners.iter().any(|o| o == name) && v.title.is_some();
    let lines: Vec<String> = view
        .index
        .values
        .iter()
        .filter(of)
        .map(|v| format!("* `{}`: {}", v.name, v.title.as_deref().unwrap_or_default()))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn value(view: &View, i: u32) -> Vec<String> {
    let Some(value) = view.index.values.get(i as usize) else { return Vec::new() };
    let owners: Vec<String> = value.owners.iter().map(|o| format!("`{o}`")).collect();
    let mut parts = vec![format!("**`{}`**: a value of {}", value.name, show::list(&owners, "and"))];
    parts.extend(value.title.as_ref().map(|t| t.to_string()));
    parts
}

fn of_file(view: &View, file: FileId) -> String {
    let source = view.checked.sources.get(file);
    let rules = |i: &&crate::syntax::ast::Item| matches!(i.kind, crate::syntax::ast::ItemKind::Policy(_));
    let docs = view.tree(file).and_then(|tree| tree.items.iter().find(rules)).map(|item| item.docs.join("\n"));
    let docs = docs.filter(|d| !d.is_empty()).map_or(String::new(), |d| format!("\n\n{d}"));
    let names: Vec<String> = view
        .index
        .names
        .symbols
        .iter()
        .filter(|s| s.span.file == file && s.file.is_some() && !s.name.contains('.'))
        .take(24)
        .map(|s| format!("`{}`", s.name))
        .collect();
    let declares =
        if names.is_empty() { String::new() } else { format!("\n\nDeclares {}.", show::list(&names, "and")) };
    format!("`{}`{docs}{declares}", source.path)
}

/// What the adopted text says there, and which rules cite it.
fn heading(view: &View, file: FileId, i: u32) -> Vec<String> {
    let Some(list) = view.index.headings.get(&file) else { return Vec::new() };
    let Some(heading) = list.get(i as usize) else { return Vec::new() };
    let source = view.checked.sources.get(file);
    let end = list.get(i as usize + 1).map_or(source.text.len() as u32, |next| next.span.start);
    let text = view.checked.sources.text(Span { end, ..heading.span });
    let mut parts = vec![shorten(text.trim_end())];
    let citing: Vec<String> = view
        .checked
        .model
        .clauses
        .iter()
        .filter(|c| {
            c.cites.iter().any(|cite| {
                cite.heading.as_deref() == Some(heading.id.as_str()) && source.path.ends_with(cite.file.as_str())
            })
        })
        .map(|c| format!("`{}`", c.path))
        .collect();
    if !citing.is_empty() {
        parts.push(format!("Put into effect by {}.", show::list(&citing, "and")));
    }
    parts.push(format!("`{}#{}`", source.path, heading.id));
    parts
}

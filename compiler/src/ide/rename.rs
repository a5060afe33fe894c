//! A name and a new one -> the edits that rename it everywhere, or why that would not do.
//!
//! Nothing else may change its meaning: a new name that is taken, reserved or no name is refused, and so is what is
//! declared outside the project.

use super::View;
use super::index::{Occurrence, Target};
use crate::diagnostics::Edit;
use crate::lex::lex;
use crate::resolve::names::Kind;
use crate::source::{FileId, Span};
use crate::stdlib;
use crate::syntax::token::TokenKind;
use crate::syntax::uses;

/// The name that can be renamed at an offset: where it stands and what it is now; or why not.
pub fn prepare(view: &View, file: FileId, offset: u32) -> Result<(Span, String), String> {
    let found = view.index.at(file, offset).ok_or("there is no name here")?;
    let name = own_name(view, found)?;
    if view.checked.sources.text(found.span) != name {
        return Err(format!("`{name}` is named by its title here; rename it where its name stands"));
    }
    Ok((found.span, name))
}

/// The edits that give what stands at an offset another name.
pub fn rename(view: &View, file: FileId, offset: u32, new: &str) -> Result<Vec<Edit>, String> {
    let (_, old) = prepare(view, file, offset)?;
    let found = view.index.at(file, offset).ok_or("there is no name here")?;
    if old == new {
        return Ok(Vec::new());
    }
    check_name(new)?;
    if view.diagnostics.iter().any(|d| d.code.id.starts_with("O1")) {
        return Err("a file of the project could not be understood; names may stand there: repair it first".into());
    }
    clash(view, found.target, new)?;
    let places = view.index.all(found.target).filter(|o| view.checked.sources.text(o.span) == old);
    Ok(places.map(|o| Edit::replace(o.span, new)).collect())
}

/// The name as it is written: of a path its last part.
fn own_name(view: &View, found: Occurrence) -> Result<String, String> {
    let std = |span: Span| stdlib::is_std(&view.checked.sources.get(span.file).path);
    match found.target {
        Target::Symbol(i) => {
            let symbol = view.index.names.symbols.get(i as usize).ok_or("there is no name here")?;
            if symbol.kind == Kind::Fact && uses::BY_USE.contains(&symbol.name.as_str()) {
                return Err(format!("`{}` is a fact of the language, which heads and periods speak of", symbol.name));
            }
            if std(symbol.span) {
                return Err(format!("`{}` belongs to the standard library", symbol.name));
            }
            Ok(symbol.name.rsplit('.').next().unwrap_or_default().to_string())
        }
        Target::Value(i) => {
            let value = view.index.values.get(i as usize).ok_or("there is no name here")?;
            if std(value.span) {
                return Err(format!("`{}` belongs to the standard library", value.name));
            }
            Ok(value.name.to_string())
        }
        Target::Proviso(i) => view.index.proviso(i).map(|p| p.1.to_string()).ok_or("there is no name here".into()),
        Target::File(_) => Err("a file is renamed where files are; its `use` follows it".into()),
        Target::Heading(..) => Err("a heading belongs to the adopted text; what cites it follows the text".into()),
    }
}

fn check_name(new: &str) -> Result<(), String> {
    let (tokens, errors) = lex(FileId(0), new);
    match tokens.as_slice() {
        [one] if errors.is_empty() && one.kind.is_name() && one.span.range() == (0..new.len()) => match one.kind {
            TokenKind::Name => Ok(()),
            // Words such as `section` are reserved; words such as `from` may be read otherwise somewhere.
            _ => Err(format!("`{new}` is a word of the language")),
        },
        [one] if one.kind.is_reserved() => Err(format!("`{new}` is a word of the language")),
        _ => Err(format!("`{new}` is no name: names are made of letters, digits and `_`, and begin with a letter")),
    }
}

/// Would the new name mean something else already?
fn clash(view: &View, target: Target, new: &str) -> Result<(), String> {
    let index = view.index;
    let taken = |what: &str| Err(format!("`{new}` is {what} already"));
    match target {
        Target::Symbol(i) => {
            let Some(symbol) = index.names.symbols.get(i as usize) else { return Ok(()) };
            let full = match symbol.name.rsplit_once('.') {
                Some((above, _)) => format!("{above}.{new}"),
                None => new.to_string(),
            };
            for kind in family(symbol.kind) {
                if index.find(*kind, &full).is_some() {
                    return taken(&format!("the name of a {}", kind.noun()));
                }
            }
            if symbol.kind == Kind::Fact && uses::BY_USE.contains(&new)
                || symbol.kind == Kind::Decision && new == "verdict"
            {
                return taken("a name of the language");
            }
            if symbol.kind == Kind::Period && UNITS.contains(&new) {
                return taken("a unit of time");
            }
            // The exceptions within it are named after it.
            let inner = format!("{full}.");
            if symbol.kind == Kind::Rule
                && index.names.symbols.iter().any(|s| s.kind == Kind::Rule && s.name.starts_with(&inner))
            {
                return taken("what other rules are named after");
            }
            Ok(())
        }
        Target::Value(i) => {
            let owners = index.values.get(i as usize).map(|v| v.owners.clone()).unwrap_or_default();
            let same = |v: &super::index::NamedValue| v.name == new && v.owners.iter().any(|o| owners.contains(o));
            match index.values.iter().any(same) {
                true => taken(&format!("a value of `{}`", owners.join("`, `"))),
                false => Ok(()),
            }
        }
        Target::Proviso(i) => {
            let Some((rule, ..)) = index.proviso(i) else { return Ok(()) };
            match index.has_proviso(rule, new) {
                true => taken(&format!("a proviso of `{rule}`")),
                false => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

const UNITS: [&str; 12] =
    ["minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years"];

fn family(kind: Kind) -> &'static [Kind] {
    match kind {
        Kind::Fact | Kind::Define | Kind::Decision => &[Kind::Fact, Kind::Define, Kind::Decision],
        Kind::Role | Kind::Channel => &[Kind::Role, Kind::Channel],
        Kind::Period => &[Kind::Period],
        Kind::Duty => &[Kind::Duty],
        Kind::Rule => &[Kind::Rule],
        Kind::Section => &[Kind::Section],
        Kind::Policy => &[Kind::Policy],
    }
}

/// The places of a name that may be typed at once: where all that name it lie in one file.
pub fn linked(view: &View, file: FileId, offset: u32) -> Option<Vec<Span>> {
    let (_, name) = prepare(view, file, offset).ok()?;
    let target = view.index.at(file, offset)?.target;
    let places: Vec<Span> = view.index.all(target).map(|o| o.span).collect();
    let here = |span: &Span| span.file == file && view.checked.sources.text(*span) == name;
    (places.len() > 1 && places.iter().all(here)).then_some(places)
}

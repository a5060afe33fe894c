//! Names -> declarations: what a project declares, and what a name means where it stands.
//!
//! Names of one family exclude one another in a whole project: facts, defines and decisions; roles and channels; and each
//! other kind for itself. A name is found only from files that see the file that declares it.

use super::{Project, module_of, similar};
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::Bits;
use crate::source::{FileId, Span};
use crate::stdlib;
use crate::syntax::ast::{self, Item, Name, Target, Text};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Fact,
    Define,
    Decision,
    Role,
    Channel,
    Period,
    Duty,
    Rule,
    Section,
    Policy,
}

impl Kind {
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Fact => "fact",
            Kind::Define => "define",
            Kind::Decision => "decision",
            Kind::Role => "role",
            Kind::Channel => "channel",
            Kind::Period => "period",
            Kind::Duty => "duty",
            Kind::Rule => "rule",
            Kind::Section => "section",
            Kind::Policy => "policy",
        }
    }

    /// Names of one family exclude one another.
    pub(super) fn family(self) -> usize {
        match self {
            Kind::Fact | Kind::Define | Kind::Decision => 0,
            Kind::Role | Kind::Channel => 1,
            Kind::Period => 2,
            Kind::Duty => 3,
            Kind::Rule => 4,
            Kind::Section => 5,
            Kind::Policy => 6,
        }
    }

    /// One kind of each family, those first that a name is most probably meant to be.
    const FAMILIES: [Kind; FAMILIES] =
        [Kind::Fact, Kind::Role, Kind::Period, Kind::Duty, Kind::Rule, Kind::Section, Kind::Policy];
}

const FAMILIES: usize = 7;

/// What may stand at a place, for [`Names::find`].
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub kinds: &'static [Kind],
    /// "a yes/no fact or a define"
    pub text: &'static str,
}

impl Wanted {
    pub const CONDITION: Wanted = Wanted { kinds: &[Kind::Fact, Kind::Define], text: "a yes/no fact or a define" };
    pub const FACT: Wanted = Wanted { kinds: &[Kind::Fact], text: "a fact" };
    pub const ROLE: Wanted = Wanted { kinds: &[Kind::Role], text: "a role" };
    pub const CHANNEL: Wanted = Wanted { kinds: &[Kind::Channel], text: "a channel" };
    pub const PERIOD: Wanted = Wanted { kinds: &[Kind::Period], text: "a period" };
    pub const UNIT: Wanted = Wanted { kinds: &[Kind::Period], text: "a unit of time or a period" };
    pub const DUTY: Wanted = Wanted { kinds: &[Kind::Duty], text: "a duty" };
    pub const DECISION: Wanted = Wanted { kinds: &[Kind::Decision], text: "a decision" };
    pub const RULE: Wanted = Wanted { kinds: &[Kind::Rule], text: "a rule" };
    pub const SECTION: Wanted = Wanted { kinds: &[Kind::Section], text: "a section" };
    pub const POLICY: Wanted = Wanted { kinds: &[Kind::Policy], text: "a policy" };
}

/// A declared name. Clause paths (`phone.authorised_text`) are names of rules.
#[derive(Debug, Clone)]
pub struct Symbol {
    pub kind: Kind,
    pub name: Text,
    pub span: Span,
    /// Position of its file in the project; `None` for what comes into being by use and is seen from everywhere.
    pub file: Option<usize>,
    /// Its id among its kind: the index into the list of [`Decls`], or into the nodes of its tree.
    pub index: u32,
}

/// A role or channel, in the order written. `index` of its symbol is its position in [`Decls::roles`] or `channels`.
#[derive(Debug)]
pub struct NodeDecl<'a> {
    pub name: &'a Name,
    pub title: Option<&'a ast::Str>,
    pub parent: Option<u32>,
    /// `under NAME`, for the outermost nodes of an item that has one.
    pub under: Option<&'a Name>,
    pub item: &'a Item,
}

#[derive(Debug)]
pub struct FactDecl<'a> {
    pub name: &'a Name,
    pub facts: &'a ast::Facts,
    pub item: &'a Item,
}

#[derive(Debug)]
pub struct SectionDecl<'a> {
    pub section: &'a ast::Section,
    pub span: Span,
    pub parent: Option<u32>,
}

/// A rule or an exception; nested exceptions follow the clause they stand in.
#[derive(Debug)]
pub struct ClauseDecl<'a> {
    pub clause: &'a ast::Clause,
    pub docs: &'a [Text],
    pub path: Text,
    pub section: Option<u32>,
    /// The clause it is nested in.
    pub parent: Option<u32>,
    /// Of an exception apart; `None` for rules and nested ones.
    pub targets: Option<&'a [Target]>,
    /// The position of its file.
    pub file: usize,
    pub span: Span,
    /// It has no period and no citation of its own.
    pub bare: bool,
}

/// An item that is not looked at further here, with its section.
pub type Placed<'a, T> = (&'a T, &'a Item);

/// Everything a project declares, in order.
#[derive(Debug, Default)]
pub struct Decls<'a> {
    pub policies: Vec<Placed<'a, ast::Policy>>,
    pub roles: Vec<NodeDecl<'a>>,
    pub channels: Vec<NodeDecl<'a>>,
    pub maybes: Vec<(&'a Name, &'a [Name])>,
    pub facts: Vec<FactDecl<'a>>,
    pub defines: Vec<(&'a Name, &'a ast::Cond, &'a Item)>,
    pub assumes: Vec<Placed<'a, ast::Assume>>,
    pub sections: Vec<SectionDecl<'a>>,
    pub clauses: Vec<ClauseDecl<'a>>,
    pub duties: Vec<(&'a Name, Option<&'a ast::Str>, &'a [Name], &'a Item)>,
    pub periods: Vec<(&'a Name, &'a ast::PeriodExpr, &'a Item)>,
    pub decisions: Vec<(&'a Name, &'a [ast::EnumValue], Option<&'a ast::Str>, &'a Item)>,
    pub expects: Vec<Placed<'a, ast::Expect>>,
    pub not_encoded: Vec<(&'a ast::Str, Option<&'a ast::Str>)>,
    /// Facts by use that no file declares: they come first among the facts.
    pub by_use: Vec<(&'static str, Span)>,
}

/// All names of a project, and which files see which.
#[derive(Debug, Default)]
pub struct Symbols {
    pub symbols: Vec<Symbol>,
    /// Positions in `symbols`, for each family.
    pub(super) map: [FxHashMap<Text, u32>; FAMILIES],
    /// The files in the project's order; of each the positions of those whose names it sees.
    pub files: Vec<(FileId, Bits)>,
}

/// The names of a project as they are looked up.
#[derive(Debug, Default)]
pub struct Names {
    pub known: Symbols,
    /// They are those of the state before, one by one; only where they stand may have changed.
    pub as_before: bool,
    /// Words in text that could not be understood: they may well be declared there.
    pub(super) broken: FxHashSet<Text>,
}

/// What was not found of the names that were looked up.
#[derive(Debug, Default)]
pub struct Missed {
    suggestions: Cell<u32>,
    /// Missing `use`: (using file, declaring file) and the names that would need it.
    hidden: RefCell<BTreeMap<(usize, usize), Hidden>>,
}

/// What is wrong with the first use of a file that lacks its `use`, and all names used from it.
type Hidden = (Diagnostic, Vec<Text>);

/// A name that cannot be used where it stands; `None` where the cause has been reported already.
pub type NotFound = Option<Box<Diagnostic>>;

/// After this many unknown names no more are compared with all others.
const MOST_SUGGESTIONS: u32 = 200;

impl Symbols {
    /// Does a name of this kind's family exist, whoever sees it?
    pub fn get(&self, kind: Kind, name: &str) -> Option<&Symbol> {
        self.map[kind.family()].get(name).map(|&i| &self.symbols[i as usize])
    }

    /// The position in `symbols` of a name of exactly this kind.
    pub fn position(&self, kind: Kind, name: &str) -> Option<usize> {
        let i = *self.map[kind.family()].get(name)? as usize;
        (self.symbols[i].kind == kind).then_some(i)
    }

    /// May this symbol be named in this file?
    pub fn visible(&self, file: FileId, symbol: &Symbol) -> bool {
        match (symbol.file, self.files.iter().find(|f| f.0 == file)) {
            (Some(declaring), Some((_, sees))) => sees.contains(declaring),
            _ => true,
        }
    }

    /// Makes names that were only listed so far known.
    pub(super) fn map_all(&mut self) {
        for (i, symbol) in self.symbols.iter().enumerate() {
            self.map[symbol.kind.family()].insert(symbol.name.clone(), i as u32);
        }
    }

    /// Adds a name, or says who has it already.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        name: Text,
        span: Span,
        file: Option<usize>,
        index: u32,
    ) -> Result<(), u32> {
        let slot = self.map[kind.family()].entry(name.clone());
        match slot {
            std::collections::hash_map::Entry::Occupied(first) => Err(*first.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(self.symbols.len() as u32);
                self.symbols.push(Symbol { kind, name, span, file, index });
                Ok(())
            }
        }
    }
}

impl Names {
    /// The position in `symbols` of what `text` means at `span`, and what is wrong with it there. A name of a file that
    /// is not used is found nevertheless: [`Missed::imports`] tells of it, once for all names of that file.
    pub fn find(
        &self,
        missed: &Missed,
        project: &Project,
        text: &str,
        span: Span,
        wanted: Wanted,
    ) -> (Option<usize>, NotFound) {
        let from = project.position(span.file);
        let incomplete = from.is_some_and(|f| project.files[f].incomplete);
        for kind in wanted.kinds {
            if let Some(&i) = self.known.map[kind.family()].get(text) {
                let symbol = &self.known.symbols[i as usize];
                if !wanted.kinds.contains(&symbol.kind) {
                    continue;
                }
                if !incomplete && !project.sees(span, symbol) {
                    missed.hide(
                        from,
                        symbol.file.unwrap_or(usize::MAX),
                        || missing_import(project, symbol, span),
                        text,
                    );
                }
                return (Some(i as usize), None);
            }
        }
        for kind in Kind::FAMILIES {
            if let Some(&i) = self.known.map[kind.family()].get(text) {
                let symbol = &self.known.symbols[i as usize];
                if project.sees(span, symbol) {
                    let message = format!("`{text}` is a {}, but {} is expected here", symbol.kind.noun(), wanted.text);
                    let d = Diagnostic::new(&codes::WRONG_TYPE, span, message)
                        .label(span, format!("this is a {}", symbol.kind.noun()))
                        .label(symbol.span, "declared here");
                    return (None, Some(Box::new(d)));
                }
            }
        }
        if incomplete || self.broken.contains(text) {
            return (None, None);
        }
        if let Some((module, kind)) = stdlib::declares(text)
            && wanted.kinds.iter().any(|k| k.noun() == kind)
        {
            let number = stdlib::FILES.iter().position(|f| f.0 == module).unwrap_or(0);
            missed.hide(from, usize::MAX - 1 - number, || missing_module(project, text, kind, module, span), text);
            return (None, None);
        }
        (None, Some(Box::new(self.unknown(missed, project, text, span, wanted))))
    }

    fn unknown(&self, missed: &Missed, project: &Project, text: &str, span: Span, wanted: Wanted) -> Diagnostic {
        let message = format!("`{text}` is not declared, and {} is expected here", wanted.text);
        let mut d = Diagnostic::new(&codes::UNKNOWN_NAME, span, message).label(span, "not declared");
        if missed.suggestions.get() < MOST_SUGGESTIONS {
            missed.suggestions.set(missed.suggestions.get() + 1);
            let fit = || self.known.symbols.iter().filter(|s| wanted.kinds.contains(&s.kind) && project.sees(span, s));
            // Of an exception often only the last part of its path is written.
            let nested = fit().find(|s| s.kind == Kind::Rule && s.name.rsplit_once('.').is_some_and(|p| p.1 == text));
            let best = nested.map(|s| s.name.to_string()).or_else(|| similar::closest(text, fit().map(|s| &s.name)));
            if let Some(best) = best {
                d = d.fix(format!("did you mean `{best}`?"), vec![Edit::replace(span, best)]);
            }
        }
        d
    }
}

impl Missed {
    /// Keeps in mind that a file lacks a `use`.
    fn hide(&self, from: Option<usize>, file: usize, first: impl FnOnce() -> Diagnostic, name: &str) {
        let mut hidden = self.hidden.borrow_mut();
        let (_, names) = hidden.entry((from.unwrap_or(usize::MAX), file)).or_insert_with(|| (first(), Vec::new()));
        if !names.iter().any(|n| n == name) {
            names.push(Text::new(name));
        }
    }

    /// No `use` is missing so far.
    pub fn is_empty(&self) -> bool {
        self.hidden.borrow().is_empty()
    }

    /// One error for each `use` that is missing.
    pub fn imports(&self) -> Vec<Diagnostic> {
        let hidden = self.hidden.take().into_values();
        let told = |(d, names): Hidden| match names.get(1..) {
            Some([]) | None => d,
            Some([one]) => d.note(format!("`{one}` is declared there as well")),
            Some(more) => d.note(format!("{} are declared there as well", similar::list(more, "and"))),
        };
        hidden.map(told).collect()
    }
}

fn missing_import(project: &Project, symbol: &Symbol, span: Span) -> Diagnostic {
    let path = symbol.file.map_or("", |f| project.files[f].path);
    let shown = module_of(path).filter(|_| stdlib::is_std(path)).unwrap_or(path.to_string());
    let message = format!("`{}` is a {} of `{shown}`, which this file does not use", symbol.name, symbol.kind.noun());
    let d = Diagnostic::new(&codes::MISSING_IMPORT, span, message)
        .label(span, "not visible here")
        .label(symbol.span, "declared here");
    match project.import_edit(span.file, path) {
        Some((module, edit)) => d.fix(format!("add `use {module}`"), vec![edit]),
        None => d.help(format!("a `use` needs file and folder names made of letters, digits and `_`: rename `{path}`")),
    }
}

fn missing_module(project: &Project, text: &str, kind: &str, module: &str, span: Span) -> Diagnostic {
    let message = format!("`{text}` is a {kind} of `std.{module}`, which this file does not use");
    let d = Diagnostic::new(&codes::MISSING_IMPORT, span, message).label(span, "not visible here");
    match project.import_edit(span.file, &format!("<std/{module}.ordain>")) {
        Some((module, edit)) => d.fix(format!("add `use {module}`"), vec![edit]),
        None => d.help(format!("add `use std.{module}`")),
    }
}

pub(crate) fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Fact => "facts",
        Kind::Define => "defines",
        Kind::Decision => "decisions",
        Kind::Role => "roles",
        Kind::Channel => "channels",
        Kind::Period => "periods",
        Kind::Duty => "duties",
        Kind::Rule => "rules",
        Kind::Section => "sections",
        Kind::Policy => "policies",
    }
}

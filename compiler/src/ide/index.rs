//! A checked project -> every place at which a name stands, and what it means there.
//!
//! Why it exists: hover, definition, references, rename and completion all begin with "what is this name?", and they must
//! answer alike, also in files with errors. Names of one family are unique in a whole project, so a name and the kind that
//! is expected where it stands say what it means; whether it may be used there is the checker's business.

mod declare;
mod walk;

use crate::check::uncited;
use crate::resolve::names::{Kind, Symbol, Symbols};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::{self, Text};
use crate::workspace::Checked;
use declare::Known;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use walk::Walk;

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// Position in the symbols of [`Index::names`].
    Symbol(u32),
    /// Position in [`Index::values`]: a value of an enumeration or of a decision.
    Value(u32),
    /// Position among the project's provisos, see [`Index::proviso`].
    Proviso(u32),
    /// A file, named by `use`, `source` or a citation without a heading.
    File(FileId),
    /// A heading of a cited text, by its position in [`Index::headings`].
    Heading(FileId, u32),
}

/// One place at which something is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    pub span: Span,
    pub target: Target,
    /// It is declared here.
    pub declares: bool,
}

/// A value of enumerations or of a decision.
#[derive(Debug, Clone)]
pub struct NamedValue {
    pub name: Text,
    pub title: Option<Text>,
    pub span: Span,
    /// The facts, or the decision, that can have it.
    pub owners: Vec<Text>,
}

/// A heading of a text that is cited.
#[derive(Debug, Clone)]
pub struct Heading {
    pub id: Text,
    pub level: u8,
    /// Its line.
    pub span: Span,
}

/// All names of a project, by place and by meaning.
///
/// What is declared is read at once, but for rules and what stands in them, which are most of a policy: these are read as
/// somebody asks for them, and so are the places, those around one offset or all.
#[derive(Debug, Default)]
pub struct Index {
    pub names: Arc<Symbols>,
    /// By symbol, but for rules.
    about: BTreeMap<u32, About>,
    pub values: Vec<NamedValue>,
    /// The headings of every text of the project.
    pub headings: BTreeMap<FileId, Vec<Heading>>,
    known: Known,
    sources: Sources,
    trees: Vec<(FileId, Arc<ast::File>)>,
    provisos: OnceLock<Provisos>,
    /// By file, in the order of the text; where one lies within another the inner one comes later.
    places: OnceLock<Vec<Vec<Occurrence>>>,
}

/// The provisos of a project.
#[derive(Debug, Default)]
struct Provisos {
    /// The path of their rule, their name, where.
    list: Vec<(Text, Text, Span)>,
    /// Positions in the list, by where they are named.
    at: FxHashMap<Span, u32>,
}

/// What the text says about a symbol: what is written behind its name, and the `///` lines above it.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub title: Option<Text>,
    pub docs: Vec<Text>,
    /// The whole declaration.
    pub item: Span,
    /// Of a role or channel: the symbol above it.
    parent: Option<u32>,
}

impl Index {
    pub fn new(checked: &Checked) -> Self {
        let (names, sources) = (Arc::clone(&checked.names), checked.sources.clone());
        let mut index = Index { names, sources, trees: checked.files.clone(), ..Index::default() };
        for (id, source) in checked.sources.iter().filter(|(_, s)| s.path.ends_with(".md")) {
            let list = uncited::headings(id, &source.text);
            index
                .headings
                .insert(id, list.into_iter().map(|h| Heading { id: h.id, level: h.level, span: h.span }).collect());
        }
        declare::Declare::new(&mut index).project(&checked.files);
        index
    }

    /// The path of its rule, its name, and where it is named.
    pub fn proviso(&self, i: u32) -> Option<&(Text, Text, Span)> {
        self.provisos().list.get(i as usize)
    }

    /// Does a rule have a proviso of this name?
    pub fn has_proviso(&self, rule: &str, name: &str) -> bool {
        self.provisos().list.iter().any(|p| p.0 == rule && p.1 == name)
    }

    fn provisos(&self) -> &Provisos {
        self.provisos.get_or_init(|| declare::provisos(&self.trees, &self.names))
    }

    /// The places of all files.
    fn places(&self) -> &[Vec<Occurrence>] {
        self.places.get_or_init(|| {
            let mut places = vec![Vec::new(); self.sources.iter().count()];
            for (file, tree) in &self.trees {
                let mut walk = Walk::new(self, *file);
                walk.items(&tree.items);
                places[file.0 as usize] = walk.places();
            }
            for file in self.headings.keys() {
                places[file.0 as usize] = self.headings_of(*file);
            }
            places
        })
    }

    fn headings_of(&self, file: FileId) -> Vec<Occurrence> {
        let place = |(i, heading): (usize, &Heading)| Occurrence {
            span: heading.span,
            target: Target::Heading(file, i as u32),
            declares: true,
        };
        self.headings.get(&file).into_iter().flat_map(|list| list.iter().enumerate().map(place)).collect()
    }

    /// What stands at an offset: the innermost name that begins, contains or ends there; one that begins there first.
    pub fn at(&self, file: FileId, offset: u32) -> Option<Occurrence> {
        let around;
        let places = match self.places.get() {
            Some(places) => places.get(file.0 as usize)?,
            // Nobody has asked for all: the items around will do.
            None => {
                around = match self.trees.iter().find(|t| t.0 == file) {
                    Some((_, tree)) => {
                        let mut walk = Walk::new(self, file);
                        walk.around(&tree.items, offset);
                        walk.places()
                    }
                    None => self.headings_of(file),
                };
                &around
            }
        };
        let end = places.partition_point(|o| o.span.start <= offset);
        // Names do not nest deeply: a title or a path may hold others.
        let near = places.get(end.saturating_sub(8)..end)?;
        near.iter()
            .filter(|o| o.span.contains(offset))
            .max_by_key(|o| (o.span.start, std::cmp::Reverse(o.span.end)))
            .copied()
    }

    /// All names of a file, in the order of the text.
    pub fn of_file(&self, file: FileId) -> &[Occurrence] {
        self.places().get(file.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Every place that names this, files in their order.
    pub fn all(&self, target: Target) -> impl Iterator<Item = Occurrence> + '_ {
        self.places().iter().flatten().filter(move |o| o.target == target).copied()
    }

    /// Where it is declared; where it comes into being by use, where it is first used.
    pub fn declaration(&self, target: Target) -> Option<Span> {
        match target {
            Target::Symbol(i) => self.names.symbols.get(i as usize).map(|s| s.span),
            Target::Value(i) => self.values.get(i as usize).map(|v| v.span),
            Target::Proviso(i) => self.proviso(i).map(|p| p.2),
            Target::File(file) => Some(Span::new(file, 0..0)),
            Target::Heading(file, i) => self.headings.get(&file)?.get(i as usize).map(|h| h.span),
        }
    }

    /// A name of exactly this kind.
    pub fn find(&self, kind: Kind, name: &str) -> Option<u32> {
        self.names.position(kind, name).map(|i| i as u32)
    }

    pub fn symbol(&self, i: u32) -> Option<(&Symbol, Cow<'_, About>)> {
        let symbol = self.names.symbols.get(i as usize)?;
        let about = match symbol.kind {
            Kind::Rule => self.rule(symbol).map(Cow::Owned),
            _ => self.about.get(&i).map(Cow::Borrowed),
        };
        Some((symbol, about.unwrap_or_default()))
    }

    fn rule(&self, symbol: &Symbol) -> Option<About> {
        let tree = self.trees.iter().find(|t| t.0 == symbol.span.file)?;
        declare::rule(&tree.1.items, symbol.span)
    }

    /// Of a role or channel: the one above it.
    pub fn parent(&self, i: u32) -> Option<u32> {
        self.about.get(&i)?.parent
    }

    /// May this symbol be named in this file?
    pub fn visible(&self, file: FileId, symbol: &Symbol) -> bool {
        self.names.visible(file, symbol)
    }

    /// The roles or channels directly under one, in the order written.
    pub fn children(&self, parent: u32) -> impl Iterator<Item = u32> + '_ {
        self.about.iter().filter(move |about| about.1.parent == Some(parent)).map(|(i, _)| *i)
    }
}

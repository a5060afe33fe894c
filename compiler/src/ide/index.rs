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
    /// Position in [`Index::provisos`].
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
/// What is declared is read at once; the places are read as somebody asks for them: those around one offset, or all.
#[derive(Debug, Default)]
pub struct Index {
    pub names: Arc<Symbols>,
    /// By symbol: what is written behind its name, and the `///` lines above it.
    pub about: Vec<About>,
    pub values: Vec<NamedValue>,
    /// Provisos: the path of their rule, their name, where.
    pub provisos: Vec<(Text, Text, Span)>,
    /// The headings of every text of the project.
    pub headings: BTreeMap<FileId, Vec<Heading>>,
    known: Known,
    sources: Sources,
    trees: Vec<(FileId, Arc<ast::File>)>,
    /// By file, in the order of the text; where one lies within another the inner one comes later.
    places: OnceLock<Vec<Vec<Occurrence>>>,
}

/// What the text says about a symbol.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub title: Option<Text>,
    pub docs: Vec<Text>,
    /// The whole declaration.
    pub item: Span,
    /// Of a role or channel: the symbol above it.
    pub parent: Option<u32>,
}

impl Index {
    pub fn new(checked: &Checked) -> Self {
        let about = vec![About::default(); checked.names.symbols.len()];
        let (names, sources) = (Arc::clone(&checked.names), checked.sources.clone());
        let mut index = Index { names, about, sources, trees: checked.files.clone(), ..Index::default() };
        for (id, source) in checked.sources.iter().filter(|(_, s)| s.path.ends_with(".md")) {
            let list = uncited::headings(id, &source.text);
            index
                .headings
                .insert(id, list.into_iter().map(|h| Heading { id: h.id, level: h.level, span: h.span }).collect());
        }
        declare::Declare::new(&mut index).project(&checked.files);
        index
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
            Target::Proviso(i) => self.provisos.get(i as usize).map(|p| p.2),
            Target::File(file) => Some(Span::new(file, 0..0)),
            Target::Heading(file, i) => self.headings.get(&file)?.get(i as usize).map(|h| h.span),
        }
    }

    /// A name of exactly this kind.
    pub fn find(&self, kind: Kind, name: &str) -> Option<u32> {
        self.names.position(kind, name).map(|i| i as u32)
    }

    pub fn symbol(&self, i: u32) -> Option<(&Symbol, &About)> {
        Some((self.names.symbols.get(i as usize)?, self.about.get(i as usize)?))
    }

    /// May this symbol be named in this file?
    pub fn visible(&self, file: FileId, symbol: &Symbol) -> bool {
        self.names.visible(file, symbol)
    }

    /// The roles or channels directly under one, in the order written.
    pub fn children(&self, parent: u32) -> impl Iterator<Item = u32> + '_ {
        let under = move |(_, about): &(usize, &About)| about.parent == Some(parent);
        self.about.iter().enumerate().filter(under).map(|(i, _)| i as u32)
    }
}

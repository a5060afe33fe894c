//! A checked project -> every place at which a name stands, and what it means there.
//!
//! Why it exists: hover, definition, references, rename and completion all begin with "what is this name?", and they must
//! answer alike, also in files with errors. Names of one family are unique in a whole project, so a name and the kind that
//! is expected where it stands say what it means; whether it may be used there is the checker's business.

mod walk;

use crate::check::uncited;
use crate::model::Bits;
use crate::resolve::names::{Kind, Symbol};
use crate::resolve::{Project, names};
use crate::source::{FileId, Span};
use crate::syntax::ast::Text;
use crate::workspace::Checked;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// Position in [`Index::symbols`].
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
#[derive(Debug, Default)]
pub struct Index {
    pub symbols: Vec<Symbol>,
    /// By symbol: what is written behind its name, and the `///` lines above it.
    pub about: Vec<About>,
    pub values: Vec<NamedValue>,
    /// Provisos: the path of their rule, their name, where.
    pub provisos: Vec<(Text, Text, Span)>,
    /// The headings of every text of the project.
    pub headings: BTreeMap<FileId, Vec<Heading>>,
    /// By file, in the order of the text; where one lies within another the inner one comes later.
    places: Vec<Vec<Occurrence>>,
    by_target: FxHashMap<Target, Vec<(u32, u32)>>,
    by_name: FxHashMap<(Kind, Text), u32>,
    /// By file: the positions of the files whose names it sees, and its own position.
    sees: BTreeMap<FileId, (Bits, usize)>,
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
        let sources = &checked.sources;
        let (project, _) = Project::new(sources, &checked.files);
        let (decls, names, _) = names::collect(sources, &project);
        let mut index = Index { places: vec![Vec::new(); sources.iter().count()], ..Index::default() };
        for (i, symbol) in names.symbols.iter().enumerate() {
            index.by_name.insert((symbol.kind, symbol.name.clone()), i as u32);
        }
        index.about = vec![About::default(); names.symbols.len()];
        index.symbols.clone_from(&names.symbols);
        for file in &project.files {
            let position = project.position(file.id).unwrap_or(usize::MAX);
            index.sees.insert(file.id, (file.sees.clone(), position));
        }
        for (id, source) in sources.iter().filter(|(_, s)| s.path.ends_with(".md")) {
            let list = uncited::headings(id, &source.text);
            index
                .headings
                .insert(id, list.into_iter().map(|h| Heading { id: h.id, level: h.level, span: h.span }).collect());
        }
        walk::Walk::new(&mut index, sources, &decls).project(&project);
        let headings: Vec<Occurrence> = index
            .headings
            .iter()
            .flat_map(|(file, list)| {
                list.iter().enumerate().map(|(i, heading)| Occurrence {
                    span: heading.span,
                    target: Target::Heading(*file, i as u32),
                    declares: true,
                })
            })
            .collect();
        headings.into_iter().for_each(|o| index.note(o));
        index.arrange();
        index
    }

    fn note(&mut self, occurrence: Occurrence) {
        if let Some(file) = self.places.get_mut(occurrence.span.file.0 as usize) {
            file.push(occurrence);
        }
    }

    fn arrange(&mut self) {
        for (file, places) in self.places.iter_mut().enumerate() {
            places.sort_by_key(|o| (o.span.start, std::cmp::Reverse(o.span.end), o.target));
            places.dedup();
            for (i, occurrence) in places.iter().enumerate() {
                self.by_target.entry(occurrence.target).or_default().push((file as u32, i as u32));
            }
        }
    }

    /// What stands at an offset: the innermost name that begins, contains or ends there; one that begins there first.
    pub fn at(&self, file: FileId, offset: u32) -> Option<Occurrence> {
        let places = self.places.get(file.0 as usize)?;
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
        self.places.get(file.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Every place that names this, files in their order.
    pub fn all(&self, target: Target) -> impl Iterator<Item = Occurrence> + '_ {
        let found = self.by_target.get(&target).into_iter().flatten();
        found.filter_map(|(file, i)| self.places.get(*file as usize)?.get(*i as usize).copied())
    }

    /// Where it is declared; where it comes into being by use, where it is first used.
    pub fn declaration(&self, target: Target) -> Option<Span> {
        match target {
            Target::Symbol(i) => self.symbols.get(i as usize).map(|s| s.span),
            Target::Value(i) => self.values.get(i as usize).map(|v| v.span),
            Target::Proviso(i) => self.provisos.get(i as usize).map(|p| p.2),
            Target::File(file) => Some(Span::new(file, 0..0)),
            Target::Heading(file, i) => self.headings.get(&file)?.get(i as usize).map(|h| h.span),
        }
    }

    /// A name of exactly this kind.
    pub fn find(&self, kind: Kind, name: &str) -> Option<u32> {
        self.by_name.get(&(kind, Text::new(name))).copied()
    }

    pub fn symbol(&self, i: u32) -> Option<(&Symbol, &About)> {
        Some((self.symbols.get(i as usize)?, self.about.get(i as usize)?))
    }

    /// May this symbol be named in this file?
    pub fn visible(&self, file: FileId, symbol: &Symbol) -> bool {
        match (symbol.file, self.sees.get(&file)) {
            (Some(declaring), Some((sees, _))) => sees.contains(declaring),
            _ => true,
        }
    }

    /// The roles or channels directly under one, in the order written.
    pub fn children(&self, parent: u32) -> impl Iterator<Item = u32> + '_ {
        let under = move |(_, about): &(usize, &About)| about.parent == Some(parent);
        self.about.iter().enumerate().filter(under).map(|(i, _)| i as u32)
    }
}

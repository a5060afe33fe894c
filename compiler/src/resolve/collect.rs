//! ast -> everything that is declared.
//!
//! Recursion follows the nesting of the syntax tree, which the parser bounds.

use super::Project;
use super::names::{ClauseDecl, Decls, FactDecl, Kind, Names, NodeDecl, SectionDecl, Symbol, Symbols, plural};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{Sources, Span};
use crate::syntax::ast::{self, Item, ItemKind, Name, Target, Text};
use crate::syntax::uses::{BY_USE, FirstUse};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Collects all declarations; a second declaration of a name is reported and left out. Where the names are those of the
/// state `before`, what was known of them is taken from it.
pub fn collect<'a>(
    sources: &Sources,
    project: &Project<'a>,
    before: Option<&mut Arc<Symbols>>,
) -> (Decls<'a>, Names, Vec<Diagnostic>) {
    let names = Names { as_before: before.is_some(), ..Names::default() };
    let past = before.as_ref().map_or(&[][..], |b| &b.symbols);
    let rules = project.files.iter().map(|f| count(&f.ast.items)).sum();
    let mut collector = Collector { file: 0, decls: Decls::default(), past, names, out: Vec::new() };
    collector.decls.clauses.reserve(rules);
    collector.names.known.symbols.reserve(rules.max(past.len()));
    if before.is_none() {
        collector.names.known.map[Kind::Rule.family()].reserve(rules);
    }
    collector.by_use(project.uses.first, project);
    collector.names.known.files = project.files.iter().map(|f| (f.id, f.sees.clone())).collect();
    for (i, file) in project.files.iter().enumerate() {
        collector.file = i;
        collector.items(&file.ast.items, None);
        collector.broken(sources, &file.ast.items);
    }
    let Collector { decls, mut names, out, .. } = collector;
    names.as_before &= names.known.symbols.len() == past.len();
    match before {
        Some(before) if names.as_before => {
            let map = |before: &mut Arc<Symbols>| Some(std::mem::take(&mut Arc::get_mut(before)?.map));
            names.known.map = map(before).unwrap_or_else(|| before.map.clone());
        }
        Some(_) if names.known.map.iter().all(FxHashMap::is_empty) => names.known.map_all(),
        _ => {}
    }
    (decls, names, out)
}

/// How many items there are, those in sections included: nearly all are rules.
fn count(items: &[Item]) -> usize {
    let inner = |item: &Item| if let ItemKind::Section(section) = &item.kind { count(&section.items) } else { 0 };
    items.len() + items.iter().map(inner).sum::<usize>()
}

struct Collector<'a, 'p> {
    file: usize,
    decls: Decls<'a>,
    /// The names of the state before.
    past: &'p [Symbol],
    names: Names,
    out: Vec<Diagnostic>,
}

impl<'a> Collector<'a, '_> {
    /// Adds a name, or says who has it already. While the names are those of the state before nobody needs to look: there
    /// was nobody.
    fn add(&mut self, kind: Kind, name: Text, span: Span, file: Option<usize>, index: u32) -> Result<(), u32> {
        let known = &mut self.names.known;
        if self.names.as_before {
            let same = |old: &&Symbol| (old.kind, old.file, old.index) == (kind, file, index) && old.name == name;
            if self.past.get(known.symbols.len()).filter(same).is_some() {
                known.symbols.push(Symbol { kind, name, span, file, index });
                return Ok(());
            }
            self.names.as_before = false;
            known.map_all();
        }
        known.add(kind, name, span, file, index)
    }

    /// `channel` and its like, unless a file declares them.
    fn by_use(&mut self, first: FirstUse, project: &Project<'a>) {
        if first.iter().all(Option::is_none) {
            return;
        }
        let mut declared = FxHashSet::default();
        let mut open: Vec<&[Item]> = project.files.iter().map(|f| f.ast.items.as_slice()).collect();
        while let Some(items) = open.pop() {
            for item in items {
                match &item.kind {
                    ItemKind::Facts(facts) => declared.extend(facts.names.iter().map(|n| n.text.clone())),
                    ItemKind::Section(section) => open.push(&section.items),
                    _ => {}
                }
            }
        }
        for (name, span) in BY_USE.into_iter().zip(first) {
            if let Some(span) = span
                && !declared.contains(name)
            {
                let index = self.decls.by_use.len() as u32;
                let _ = self.add(Kind::Fact, Text::new(name), span, None, index);
                self.decls.by_use.push((name, span));
            }
        }
    }

    fn items(&mut self, items: &'a [Item], section: Option<u32>) {
        for item in items {
            self.item(item, section);
        }
    }

    fn item(&mut self, item: &'a Item, section: Option<u32>) {
        match &item.kind {
            ItemKind::Use(_) | ItemKind::Error => {}
            ItemKind::Policy(policy) => {
                // In a section the parser has said that it does not belong there.
                if section.is_none() && self.declare(Kind::Policy, &policy.name, self.decls.policies.len()) {
                    self.decls.policies.push((policy, item));
                }
            }
            ItemKind::Roles(tree) => self.tree(Kind::Role, tree, item),
            ItemKind::Channels(tree) => self.tree(Kind::Channel, tree, item),
            ItemKind::MayBe { who, also } => self.decls.maybes.push((who, also)),
            ItemKind::Facts(facts) => {
                for name in &facts.names {
                    if self.declare(Kind::Fact, name, self.decls.by_use.len() + self.decls.facts.len()) {
                        self.decls.facts.push(FactDecl { name, facts, item });
                    }
                }
            }
            ItemKind::Assume(assume) => self.decls.assumes.push((assume, item)),
            ItemKind::Define { name, cond } => {
                if self.declare(Kind::Define, name, self.decls.defines.len()) {
                    self.decls.defines.push((name, cond, item));
                }
            }
            ItemKind::Section(inner) => {
                let id = self.decls.sections.len() as u32;
                if let Some(name) = &inner.name {
                    self.declare(Kind::Section, name, id as usize);
                }
                self.decls.sections.push(SectionDecl { section: inner, span: item.span, parent: section });
                self.items(&inner.items, Some(id));
            }
            ItemKind::Rule(clause) => self.clause(clause, item, section, None, None),
            ItemKind::Exception { clause, targets } => self.clause(clause, item, section, None, Some(targets)),
            ItemKind::Duty { name, title, excludes } => {
                if self.declare(Kind::Duty, name, self.decls.duties.len()) {
                    self.decls.duties.push((name, title.as_ref(), excludes, item));
                }
            }
            ItemKind::Period { name, expr } => {
                if self.declare(Kind::Period, name, self.decls.periods.len()) {
                    self.decls.periods.push((name, expr, item));
                }
            }
            ItemKind::Decision { name, values, title } => {
                if self.declare(Kind::Decision, name, self.decls.decisions.len() + 1) {
                    self.decls.decisions.push((name, values, title.as_ref(), item));
                }
            }
            ItemKind::Expect(expect) => self.decls.expects.push((expect, item)),
            // What it accepts is found later, see `allow`.
            ItemKind::Allow(_) => {}
            ItemKind::NotEncoded { cite, because } => self.decls.not_encoded.push((cite, because.as_ref())),
        }
    }

    fn tree(&mut self, kind: Kind, tree: &'a ast::Tree, item: &'a Item) {
        for node in &tree.nodes {
            self.node(kind, node, None, tree.under.as_ref(), item);
        }
    }

    fn node(
        &mut self,
        kind: Kind,
        node: &'a ast::TreeNode,
        parent: Option<u32>,
        under: Option<&'a Name>,
        item: &'a Item,
    ) {
        let list = |d: &Decls<'a>| if kind == Kind::Role { d.roles.len() } else { d.channels.len() } as u32;
        let mut id = Some(list(&self.decls));
        if self.declare(kind, &node.name, list(&self.decls) as usize) {
            let decl = NodeDecl { name: &node.name, title: node.title.as_ref(), parent, under, item };
            if kind == Kind::Role { &mut self.decls.roles } else { &mut self.decls.channels }.push(decl);
        } else {
            // Its children go to the first of the name, so that they are known.
            id = self.names.known.get(kind, &node.name.text).filter(|s| s.kind == kind).map(|s| s.index);
        }
        for child in &node.children {
            self.node(kind, child, id, None, item);
        }
    }

    fn clause(
        &mut self,
        clause: &'a ast::Clause,
        item: &'a Item,
        section: Option<u32>,
        parent: Option<u32>,
        targets: Option<&'a [Target]>,
    ) {
        let id = self.decls.clauses.len() as u32;
        let path = match parent {
            Some(p) => self.path(&self.decls.clauses[p as usize].path, &clause.name.text),
            None => clause.name.text.clone(),
        };
        self.declare_as(Kind::Rule, path.clone(), &clause.name, id as usize);
        let docs = if clause.docs.is_empty() && parent.is_none() { &item.docs } else { &clause.docs };
        let bare = clause.in_force.is_empty() && clause.cites.is_empty();
        let (file, span) = (self.file, clause.span);
        self.decls.clauses.push(ClauseDecl { clause, docs, path, section, parent, targets, file, span, bare });
        for exception in &clause.exceptions {
            self.clause(exception, item, section, Some(id), None);
        }
    }

    /// `above.name`: the next name of the state before, most of the time.
    fn path(&self, above: &str, name: &str) -> Text {
        let next = self.past.get(self.names.known.symbols.len()).filter(|_| self.names.as_before);
        let same = |old: &&Symbol| old.name.strip_prefix(above).and_then(|rest| rest.strip_prefix('.')) == Some(name);
        next.filter(same).map_or_else(|| Text::new(format!("{above}.{name}")), |old| old.name.clone())
    }

    fn declare(&mut self, kind: Kind, name: &Name, index: usize) -> bool {
        self.declare_as(kind, name.text.clone(), name, index)
    }

    fn declare_as(&mut self, kind: Kind, full: Text, name: &Name, index: usize) -> bool {
        if kind == Kind::Decision && full == "verdict" {
            let message = "`verdict` is the decision between permit and forbid, which every policy has";
            self.out.push(
                Diagnostic::new(&codes::DUPLICATE_NAME, name.span, message).help("give this decision another name"),
            );
            return false;
        }
        let Err(first) = self.add(kind, full.clone(), name.span, Some(self.file), index as u32) else {
            return true;
        };
        let first = &self.names.known.symbols[first as usize];
        let taken = BY_USE.contains(&full.as_str()) && first.file.is_none();
        let message = if taken {
            format!("`{full}` is the name of a fact that rules use already, so it cannot name a {}", kind.noun())
        } else if first.kind == kind {
            format!("there are two {} called `{full}`", plural(kind))
        } else {
            format!("`{full}` is declared as a {} and as a {}", first.kind.noun(), kind.noun())
        };
        let other = if taken { "used as a fact here" } else { "first declared here" };
        let mut d = Diagnostic::new(&codes::DUPLICATE_NAME, name.span, message)
            .label(name.span, "declared again here")
            .label(first.span, other);
        d = match kind {
            Kind::Role | Kind::Channel if first.kind == kind => {
                d.help(format!("to add to it write `{} NEW under {full}`", kind.noun()))
            }
            _ => d.help("give one of them another name"),
        };
        self.out.push(d);
        false
    }

    /// The words of text that could not be understood.
    fn broken(&mut self, sources: &Sources, items: &'a [Item]) {
        for item in items {
            match &item.kind {
                ItemKind::Section(section) => self.broken(sources, &section.items),
                ItemKind::Error => {
                    let words = sources.text(item.span).split(|c: char| !(c.is_alphanumeric() || c == '_'));
                    self.names.broken.extend(words.filter(|w| !w.is_empty()).map(Text::new));
                }
                _ => {}
            }
        }
    }
}

//! The only state: the files of a project and what follows from them.
//!
//! Command line and editor both apply changes and ask for the result; nothing below this module knows files, clocks or
//! threads, and it knows only texts by path. What a file needs besides (`use`, cited texts) it asks for with
//! [`Workspace::wanted`]; whoever can read answers with [`Change::Set`]. Parsed files are kept, so that checking again
//! parses only what changed, down to single rules.

mod kept;
pub mod settings;

use crate::allow::{self, Allowance, Allowed, Circumstances};
use crate::beside::side_by_side;
use crate::check::Understood;
pub use crate::check::again::Before;
use crate::check::again::Bodies;
use crate::diagnostics::{Diagnostic, Level, codes};
pub use crate::diagram::Stop;
use crate::lower::Lowered;
use crate::model::Model;
use crate::parse::Patch;
use crate::resolve::names::Symbols;
use crate::source::{FileId, Source, Sources, Span};
use crate::syntax::ast::{self, ItemKind, SettingKind};
use crate::{analyse, check, parse, resolve, stdlib};
use kept::Identities;
pub use kept::Kept;
pub use settings::Settings;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Texts of so many bytes in all are worth a thread for the little that can be read beside the rest.
const LARGE: usize = 256 << 10;

/// The name of a project's settings, in its root.
pub const SETTINGS: &str = "ordain.toml";

/// The files of one project, by path relative to it (`/`-separated): `*.ordain`, the texts that are cited, `ordain.toml`.
#[derive(Clone, Default)]
pub struct Workspace {
    files: BTreeMap<String, Arc<str>>,
    options: Options,
    /// What was parsed, by path.
    parsed: RefCell<BTreeMap<String, Parsed>>,
    /// What is kept of the last state that was proved.
    kept: RefCell<Option<Kept>>,
}

#[derive(Debug, Clone)]
struct Parsed {
    id: FileId,
    source: Source,
    tree: Arc<ast::File>,
    diagnostics: Vec<Diagnostic>,
    /// Where the text has errors: the last one that had none, and its tree.
    good: Option<(Arc<str>, Good)>,
}

/// The tree of an earlier text.
#[derive(Debug, Clone)]
enum Good {
    /// What makes it of the present one.
    Undo(Patch),
    Kept(Arc<ast::File>),
}

impl Parsed {
    /// Parses a text; where its file has been in order, only what has changed since. A tree that nobody else reads becomes
    /// the next one.
    fn new(id: FileId, path: &str, text: Arc<str>, old: Option<Parsed>) -> Self {
        let Some(old) = old else {
            let (tree, diagnostics) = parse::parse(id, &text);
            let source = Source::new(path, text);
            return Self { id, source, tree: Arc::new(tree), diagnostics, good: None };
        };
        let source = old.source.with(Arc::clone(&text));
        let mut tree = old.tree;
        let good = match old.good {
            _ if old.diagnostics.is_empty() => Some((old.source.text, tree)),
            Some((before, Good::Undo(undo))) => {
                undo.apply(Arc::make_mut(&mut tree));
                Some((before, tree))
            }
            Some((before, Good::Kept(tree))) => Some((before, tree)),
            None => None,
        };
        let patch = good.as_ref().and_then(|(before, tree)| Patch::new(id, before, tree, &text));
        match (good, patch) {
            (Some((before, mut tree)), Some(mut patch)) => {
                let diagnostics = std::mem::take(&mut patch.errors);
                let undo = patch.apply(Arc::make_mut(&mut tree));
                let good = (!diagnostics.is_empty()).then_some((before, Good::Undo(undo)));
                Self { id, source, tree, diagnostics, good }
            }
            (good, _) => {
                let (tree, diagnostics) = parse::parse(id, &text);
                let good = good.filter(|_| !diagnostics.is_empty()).map(|(before, tree)| (before, Good::Kept(tree)));
                Self { id, source, tree: Arc::new(tree), diagnostics, good }
            }
        }
    }
}

#[derive(Debug, Clone)]
pub enum Change {
    /// A file appears or has a new text.
    Set {
        path: String,
        text: Arc<str>,
    },
    Remove {
        path: String,
    },
    Options(Options),
}

/// What the caller may choose; it goes before the project's settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Days since 1970-01-01, for expired and not yet in force.
    pub as_of: Option<i64>,
    /// Most steps that one question about the rules may take.
    pub budget: Option<u64>,
    /// The level from which a diagnostic makes a check fail.
    pub fail_level: Option<Level>,
    /// There are more policy files than the workspace holds, so what seems unused or uncited may be used and cited there.
    pub partial: bool,
}

/// Everything known about a project at one moment.
pub struct Checked {
    pub sources: Sources,
    /// The syntax trees, by file of `sources` (the standard library's included, texts not).
    pub files: Vec<(FileId, Arc<ast::File>)>,
    /// Where everything is written but clauses.
    declarations: Arc<[Span]>,
    /// As far as it could be understood; complete if no diagnostic is a syntax or type error.
    pub model: Model,
    /// Its names, also where it is not complete.
    pub names: Arc<Symbols>,
    bodies: Bodies,
    /// Sorted by place. Findings are among them only where the model is complete.
    pub diagnostics: Vec<Diagnostic>,
    /// Findings that the policy accepts.
    pub allowed: Vec<Allowed>,
    /// Where it says so.
    pub allowances: Vec<Allowance>,
    /// No syntax or type error.
    pub complete: bool,
    /// Not all files of the project are here, see [`Options`].
    partial: bool,
    /// How many kinds of case the rules decide, where they were analysed.
    pub kinds: Option<u128>,
    /// The project's settings, the caller's options before them.
    pub settings: Settings,
}

impl Workspace {
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Set { path, text } => {
                self.files.insert(path, text);
            }
            Change::Remove { path } => {
                self.files.remove(&path);
            }
            Change::Options(options) => self.options = options,
        }
    }

    pub fn text(&self, path: &str) -> Option<&Arc<str>> {
        self.files.get(path)
    }

    /// The paths of all files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Paths that the files speak of and that the project does not have: the files they `use`, the texts they cite.
    /// Not all of them need to exist.
    pub fn wanted(&self) -> BTreeSet<String> {
        let (mut sources, mut diagnostics) = (Sources::default(), Vec::new());
        let files = self.parse(&mut sources, &mut diagnostics);
        let mut wanted = BTreeSet::new();
        for (id, tree) in &files {
            let path = &sources.get(*id).path;
            if stdlib::is_std(path) {
                continue;
            }
            let uses = resolve::imports(tree).into_iter().flat_map(|(module, _)| resolve::candidates(path, &module));
            let mut cited = BTreeSet::new();
            texts(&tree.items, &mut cited);
            let texts = cited.iter().flat_map(|text| resolve::near(path, text));
            wanted.extend(uses.chain(texts).filter(|p| !stdlib::is_std(p) && !self.files.contains_key(p)));
        }
        wanted
    }

    /// Reads, resolves and types all files; no findings.
    pub fn understand(&self) -> Checked {
        self.understand_from(None)
    }

    /// The same after an edit. What was understood of an earlier state is taken over where the edit left it alone; what
    /// comes of it is what [`Workspace::understand`] gives.
    pub fn understand_again(&self, before: Before) -> Checked {
        self.understand_from(Some(before))
    }

    fn understand_from(&self, before: Option<Before>) -> Checked {
        let (mut sources, mut diagnostics) = (Sources::default(), Vec::new());
        let files = self.parse(&mut sources, &mut diagnostics);
        let mut settings = Settings::default();
        for (path, text) in self.files.iter().filter(|(path, _)| !is_policy(path)) {
            let file = sources.add(Source::new(path.as_str(), Arc::clone(text)));
            if path == SETTINGS {
                let (found, faults) = settings::parse(file, text);
                settings = found;
                diagnostics.extend(faults);
            }
        }
        let settings = settings.overridden(&self.options);
        let by_path: BTreeMap<String, FileId> = sources.iter().map(|(id, source)| (source.path.clone(), id)).collect();
        let understand = || check::understand(&sources, &files, &by_path, before);
        let allow = || allow::read(&sources, &files);
        let bytes: usize = sources.iter().map(|(_, source)| source.text.len()).sum();
        let (understood, (allowances, allow_faults)) =
            if bytes < LARGE { (understand(), allow()) } else { side_by_side(understand, allow) };
        let Understood { model, names, diagnostics: mut faults, bodies, declarations } = understood;
        if self.options.partial {
            faults.retain(|d| ![codes::UNUSED.id, codes::UNCITED.id].contains(&d.code.id));
        }
        diagnostics.extend(faults);
        diagnostics.extend(allow_faults);
        let complete = diagnostics.iter().all(|d| d.level < Level::Error);
        let allowed = Vec::new();
        let mut checked = Checked {
            sources,
            files,
            declarations,
            model,
            names: Arc::new(names),
            bodies,
            diagnostics,
            allowed,
            allowances,
            complete,
            partial: self.options.partial,
            kinds: None,
            settings,
        };
        checked.tidy();
        checked
    }

    /// Whether it holds a file, by its path in the project.
    pub fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Everything: reads, resolves, types and, where that left no error, finds what the rules get wrong.
    pub fn check(&self) -> Checked {
        self.found(self.understand())
    }

    /// The same after an edit, see [`Workspace::understand_again`].
    pub fn check_again(&self, before: Before) -> Checked {
        self.found(self.understand_again(before))
    }

    fn found(&self, mut checked: Checked) -> Checked {
        let found = checked.prove(&mut self.kept.borrow_mut());
        found.into_iter().for_each(|found| checked.take(found));
        checked
    }

    /// The policy files in order of path, then the files of the standard library that they use, each parsed.
    fn parse(&self, sources: &mut Sources, diagnostics: &mut Vec<Diagnostic>) -> Vec<(FileId, Arc<ast::File>)> {
        let mut parsed = self.parsed.borrow_mut();
        parsed.retain(|path, _| stdlib::is_std(path) || self.files.contains_key(path));
        let mut files: Vec<(FileId, Arc<ast::File>)> = Vec::new();
        let mut std: BTreeSet<&'static str> = BTreeSet::new();
        let mut next: Vec<(String, Arc<str>)> =
            self.files.iter().filter(|f| is_policy(f.0)).map(|(path, text)| (path.clone(), Arc::clone(text))).collect();
        while !next.is_empty() {
            let mut found: BTreeSet<&'static str> = BTreeSet::new();
            for (path, text) in next {
                let id = FileId(files.len() as u32);
                if !parsed.get(&path).is_some_and(|file| file.id == id && file.source.text == text) {
                    let old = parsed.remove(&path).filter(|old| old.id == id);
                    parsed.insert(path.clone(), Parsed::new(id, &path, text, old));
                }
                let Some(file) = parsed.get(&path) else { continue };
                let modules = resolve::imports(&file.tree).into_iter();
                found.extend(
                    modules
                        .filter_map(|(m, _)| stdlib::FILES.iter().find(|f| m.strip_prefix("std.") == Some(f.0)))
                        .map(|f| f.0),
                );
                sources.add(file.source.clone());
                diagnostics.extend_from_slice(&file.diagnostics);
                files.push((id, Arc::clone(&file.tree)));
            }
            next = found
                .into_iter()
                .filter(|module| std.insert(module))
                .filter_map(stdlib::find)
                .map(|(path, text)| (path.to_string(), Arc::from(text)))
                .collect();
        }
        files
    }
}

/// What the rules get wrong, and how many kinds of case they decide, where that could be counted.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    pub diagnostics: Vec<Diagnostic>,
    pub kinds: Option<u128>,
    /// Only what an edit can have changed was asked.
    pub again: bool,
}

impl Checked {
    /// What the next state can take over. Nothing else of this one stays, so that its trees can become the next ones.
    pub fn leave(self) -> Before {
        let Self { sources, declarations, model, names, bodies, .. } = self;
        Before { sources, declarations, clauses: model.clauses, names, bodies }
    }

    /// The rules over cells; `None` where the model is not complete.
    pub fn lower(&self) -> Option<Lowered<'_>> {
        self.complete.then(|| Lowered::new(&self.model, &[], self.settings.budget))
    }

    /// What the rules get wrong. `lowered` is what [`Checked::lower`] gave.
    pub fn findings(&self, lowered: &mut Lowered<'_>) -> Findings {
        let diagnostics = analyse::analyse(lowered, &self.sources, self.settings.as_of);
        Findings { diagnostics, kinds: kinds(lowered), again: false }
    }

    /// The same, with what was kept of an earlier state of the project; what is kept of this one takes its place. The
    /// findings are those of a fresh start. `None` where the model is not complete.
    pub fn prove(&self, kept: &mut Option<Kept>) -> Option<Findings> {
        self.prove_until(kept, &Stop::default())
    }

    /// The same, given up once nobody wants to know: what comes of it then is not to be used, and nothing is kept.
    pub fn prove_until(&self, kept: &mut Option<Kept>, stop: &Stop) -> Option<Findings> {
        if !self.complete {
            return None;
        }
        if let Some(before) = kept.take() {
            let nodes = before.nodes();
            let resumed = before.resume(self);
            let found = resumed
                .and_then(|(lowered, past, clauses)| self.find(lowered, Some((past, nodes, clauses)), kept, stop));
            if found.is_some() {
                return found;
            }
        }
        self.find(self.lower()?, None, kept, stop)
    }

    /// What the rules get wrong, and what is kept of that. From before an edit come what is known, how large the diagrams
    /// were at first, and the clauses for what is kept; then `None` means that a fresh start might say something else.
    fn find<'m>(
        &'m self,
        mut lowered: Lowered<'m>,
        before: Option<(analyse::again::Past, usize, Identities)>,
        kept: &mut Option<Kept>,
        stop: &Stop,
    ) -> Option<Findings> {
        let as_of = self.settings.as_of;
        lowered.dd.stop_when(stop.clone());
        let again = before.is_some();
        let (past, rest) = before.map(|(past, nodes, clauses)| (past, (nodes, clauses))).unzip();
        let (nodes, clauses) = rest.unzip();
        let found = analyse::find(&mut lowered, past, as_of);
        if stop.now() {
            return Some(Findings::default());
        }
        lowered.dd.stop_when(Stop::default());
        let diagnostics = analyse::tell(&mut lowered, &self.sources, &found.findings, as_of);
        let kinds = kinds(&mut lowered);
        let keep = found.can_be_kept(&lowered);
        if keep {
            let analysis = analyse::again::Kept::new(lowered, found, nodes);
            *kept = analysis.map(|analysis| Kept::new(self, analysis, clauses));
        }
        (keep || !again).then_some(Findings { diagnostics, kinds, again })
    }

    /// Adds the findings to what is said already, but for those that the policy accepts.
    pub fn take(&mut self, found: Findings) {
        self.kinds = found.kinds;
        let settled = self.settled(found.diagnostics);
        (self.diagnostics, self.allowed) = (settled.remaining, settled.allowed);
    }

    /// What is said in all with these findings, in the order of the text, and what of it the policy accepts.
    pub fn settled(&self, findings: Vec<Diagnostic>) -> allow::Settled {
        let mut all = self.diagnostics.clone();
        all.extend(findings);
        tidy(&mut all);
        let whole = !self.partial && all.iter().all(|d| d.code != &codes::BUDGET);
        let circumstances = Circumstances { as_of: self.settings.as_of, whole };
        let mut settled = allow::settle(&self.sources, all, &self.allowances, circumstances);
        tidy(&mut settled.remaining);
        settled
    }

    /// One report, in the order of the text.
    fn tidy(&mut self) {
        tidy(&mut self.diagnostics);
    }

    /// How many files of the project (the standard library's not counted) hold rules.
    pub fn policy_files(&self) -> usize {
        self.files.iter().filter(|(id, _)| !stdlib::is_std(&self.sources.get(*id).path)).count()
    }

    /// How many rules and exceptions were taken over from the state before, see [`Workspace::understand_again`].
    pub fn taken_over(&self) -> usize {
        self.bodies.taken
    }

    /// The worst level among the diagnostics.
    pub fn worst(&self) -> Option<Level> {
        self.diagnostics.iter().map(|d| d.level).max()
    }
}

/// How many kinds of case there are, where that could be counted.
fn kinds(lowered: &mut Lowered<'_>) -> Option<u128> {
    let valid = lowered.space.valid;
    (!lowered.dd.exhausted()).then(|| lowered.dd.count(valid))
}

/// One report, in the order of the text.
pub fn tidy(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    diagnostics.dedup_by(|a, b| a.sort_key() == b.sort_key() && a.span == b.span);
}

/// Does this path hold rules?
pub fn is_policy(path: &str) -> bool {
    path.ends_with(".ordain") || path == STDIN || path == QUESTION
}

/// The path of a text that comes from standard input.
pub const STDIN: &str = "<stdin>";
/// The path of a condition that someone asks about.
pub const QUESTION: &str = "<question>";

/// The files that sources and citations name, without their headings.
fn texts(items: &[ast::Item], found: &mut BTreeSet<String>) {
    let mut clauses: Vec<&ast::Clause> = Vec::new();
    let mut open: Vec<&ast::Item> = items.iter().collect();
    let mut note = |text: &ast::Str| {
        let file = text.text.split('#').next().unwrap_or_default();
        if !file.is_empty() {
            found.insert(file.to_string());
        }
    };
    while let Some(item) = open.pop() {
        match &item.kind {
            ItemKind::Policy(policy) => policy.settings.iter().for_each(|setting| {
                if let SettingKind::Source(text) = &setting.kind {
                    note(text);
                }
            }),
            ItemKind::Section(section) => {
                section.cites.iter().for_each(&mut note);
                open.extend(&section.items);
            }
            ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => clauses.push(clause),
            ItemKind::NotEncoded { cite, .. } => note(cite),
            _ => {}
        }
    }
    while let Some(clause) = clauses.pop() {
        clause.cites.iter().for_each(&mut note);
        clauses.extend(&clause.exceptions);
    }
}

#[cfg(test)]
mod tests;

//! A program -> what the compiler makes of it, held against the world of all cases.
//!
//! `check` is the whole comparison; each part of it is a file. A mismatch is a [`Failure`] with a label, so that a program
//! can be made smaller while it fails in the same way.

mod compiled;
mod expects;
mod findings;
mod fixes;
mod sets;
mod sheets;
mod tables;
mod texts;
mod witnesses;

use super::set::Set;
use super::tree::Program;
use super::world::World;
use ordain::analyse;
use ordain::diagram::Node;
use ordain::lower::Lowered;
use ordain::model::Model;
use ordain::source::{Source, Sources};
use std::collections::{BTreeMap, HashMap};

/// Far more steps than any question about these programs needs.
const STEPS: u64 = 50_000_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, the same for all failures of a kind.
    pub label: String,
    pub text: String,
}

pub type Outcome = Result<(), Failure>;

pub fn fail<T>(label: impl Into<String>, text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure { label: label.into(), text: text.into() })
}

/// What was seen in a run.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub programs: u64,
    /// With more cases than are looked at.
    pub large: u64,
    pub cases: u64,
    pub kinds: u64,
    /// How often each finding, each table, each answer occurred.
    pub seen: BTreeMap<String, u64>,
}

impl Tally {
    /// What another one has seen.
    pub fn add(&mut self, other: Tally) {
        self.programs += other.programs;
        self.large += other.large;
        self.cases += other.cases;
        self.kinds += other.kinds;
        for (what, times) in other.seen {
            *self.seen.entry(what).or_default() += times;
        }
    }

    pub fn see(&mut self, what: &str) {
        match self.seen.get_mut(what) {
            Some(n) => *n += 1,
            None => {
                self.seen.insert(what.to_string(), 1);
            }
        }
    }
}

/// The lowered model and the world, side by side.
pub struct Pair<'a, 'm> {
    pub lowered: Lowered<'m>,
    pub world: &'a World<'m>,
    /// By case: its assignment; empty for cases that are not legal.
    pub places: Vec<Vec<u32>>,
    /// Each assignment that some legal case has: the first such case.
    pub first: HashMap<Vec<u32>, usize>,
}

impl Pair<'_, '_> {
    /// The legal cases in a set of assignments.
    pub fn read(&self, node: Node) -> Set {
        Set::of(self.world.n(), |i| self.world.legal.has(i) && self.lowered.dd.eval(node, &self.places[i]) == 1)
    }

    /// Kinds of case in a set.
    pub fn kinds(&self, set: &Set) -> u128 {
        self.first.values().filter(|&&i| set.has(i)).count() as u128
    }

    /// The set and the region are the same.
    pub fn same(&mut self, label: &str, node: Node, set: &Set) -> Outcome {
        let read = self.read(node);
        if read != *set {
            let case = read.less(set).or(&set.less(&read)).iter().next().unwrap_or(0);
            let side = if set.has(case) { "every case looked at has it" } else { "only the diagrams have it" };
            return fail(label, format!("{side}: {}", self.tell(case)));
        }
        let (count, kinds) = (self.lowered.dd.count(node), self.kinds(set));
        if count != kinds {
            return fail(format!("{label}: count"), format!("counted {count}, there are {kinds}"));
        }
        Ok(())
    }

    /// A case in words.
    pub fn tell(&self, case: usize) -> String {
        tell(self.world.model, &self.world.cases[case])
    }
}

pub fn tell(model: &Model, case: &ordain::model::Case) -> String {
    let told = model.fact_ids().map(|f| {
        let value = case.values[f.index()].as_ref();
        let value = value.map_or("-".to_string(), |v| ordain::model::show::value(model, f, v));
        format!("{} {value}", model.fact(f).name)
    });
    told.collect::<Vec<_>>().join(", ")
}

/// The model of a program. Every generated program is to have one.
pub fn compile(files: &[(String, String)]) -> Result<(Sources, Model), Failure> {
    let mut sources = Sources::default();
    let mut parsed = Vec::new();
    let mut errors = Vec::new();
    for (path, text) in files {
        let file = sources.add(Source::new(path.clone(), text.as_str()));
        let (ast, diagnostics) = ordain::parse::parse(file, text);
        parsed.push((file, ast));
        errors.extend(diagnostics);
    }
    let (model, diagnostics) = ordain::check::check(&sources, &parsed, &BTreeMap::new());
    errors.extend(diagnostics.into_iter().filter(|d| d.code.level == ordain::diagnostics::Level::Error));
    match errors.first() {
        Some(error) => fail(
            format!("does not check: {}", error.code.id),
            format!("{} {}: {}", sources.place(error.span), error.code.id, error.message),
        ),
        None => Ok((sources, model)),
    }
}

/// Everything. What is seen is added to the tally.
pub fn check(program: &Program, seed: u64, tally: &mut Tally) -> Outcome {
    whole(Some(program), &program.files(), seed, tally)
}

/// The same of files, path and text, but for what their words mean.
pub fn check_files(files: &[(String, String)], seed: u64, tally: &mut Tally) -> Outcome {
    whole(None, files, seed, tally)
}

fn whole(program: Option<&Program>, files: &[(String, String)], seed: u64, tally: &mut Tally) -> Outcome {
    let (sources, model) = compile(files)?;
    tally.programs += 1;
    let Some(world) = World::new(&model) else {
        tally.large += 1;
        return Ok(());
    };
    tally.cases += world.legal.len() as u64;
    if let Some(program) = program {
        texts::meaning(program, &world)?;
    }
    texts::format(files, &world)?;
    compiled::check(&world, seed, tally)?;
    let lowered = Lowered::new(&model, &[], STEPS);
    if lowered.dd.exhausted() || !lowered.space.unfinished.is_empty() {
        return fail("not finished", "the space is too large");
    }
    let mut pair = sets::locate(lowered, &world)?;
    tally.kinds += pair.first.len() as u64;
    sets::check(&mut pair)?;
    let as_of = ordain::model::time::parse_date("2026-09-16").unwrap_or(0);
    let found = analyse::findings(&mut pair.lowered, Some(as_of));
    findings::check(&mut pair, &found, as_of, tally)?;
    findings::budget(&model, &found, seed, as_of, tally)?;
    if !world.legal.is_empty() {
        witnesses::check(&mut pair, &found)?;
        tables::check(&mut pair, tally)?;
        expects::check(&mut pair, &sources, tally)?;
        fixes::deleted(&pair, &found)?;
        fixes::regions(&mut pair, &sources)?;
        fixes::missing(files, &mut pair, &sources)?;
    }
    for diagnostic in analyse::analyse(&mut pair.lowered, &sources, Some(as_of)) {
        tally.see(&format!("code {} {}", diagnostic.code.id, diagnostic.code.name));
    }
    Ok(())
}

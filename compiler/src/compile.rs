//! A model -> a decider of cases: tables and arrays in place of rules, nothing allocated and nothing hashed for a decision.
//!
//! ```text
//! model --space--> cells of each fact --cells--> the cell of a value, by tables
//!       --lower--> diagrams --outcome--> one diagram of answers --array--> one array, walked from its root   (form `Array`)
//!       --terms, program--> bits of terms by cell --bitsets--> rules that apply, combined as `decide` says   (form `Bitsets`)
//! ```
//!
//! **Array.** A step of the walk is one cell and one load, so a decision costs a few steps for each fact that matters in
//! it, however many rules there are: tens of nanoseconds. But a diagram may have more nodes than any memory holds. Then,
//! or where the array would be large, there is the other form.
//!
//! **Bitsets.** As large as the policy, always: for each cell of an axis the bits of the terms that it lets hold. A
//! decision costs a word for every 64 terms and axis, and then the few clauses that apply: `O(axes · rules / 64)`. It also
//! tells who decided, which the array does not, since there every set of deciders would be an answer of its own. Its first
//! decision on a thread makes room to work in; after that only an answer of more than ten words (a word for each decision, and
//! for each 32 duties and pieces of advice) is allocated.
//!
//! Both give the answers of `decide`, the reference; random policies hold all three together, case by case.

mod array;
mod batch;
mod bitsets;
mod cells;
mod days;
mod outcome;
mod program;
mod record;
mod terms;

#[cfg(test)]
mod tests;

pub use record::Decision;

use crate::model::*;
use array::{Array, Found, Settled};
use bitsets::{Bitsets, Scratch};
use cells::{CELLS, Cells};
use record::{Layout, Source, Words};
use std::cell::RefCell;

/// Most nodes of the diagrams from which an array is made, unless it is said otherwise.
pub const NODES: usize = 300_000;
/// Most words of an array: past this the bits are faster to read.
const WORDS: usize = 16 << 20;
/// Most ways to give values to facts that have none, where there is no array to follow.
const TRIES: usize = 4096;

/// A policy, compiled. It holds all it needs; the model may go.
///
/// ```
/// use ordain::Policy;
/// use ordain::decide::Verdict;
/// use ordain::model::{Case, FORBID, PERMIT, Value};
/// use ordain::workspace::{Change, Workspace};
///
/// let mut workspace = Workspace::default();
/// let text = "policy library { default forbid }
///             fact member: yes/no
///             fact age: number 0 to 120 years
///             rule members  { permit when member }
///             rule children { permit when age < 12 years }";
/// workspace.apply(Change::Set { path: "library.ordain".into(), text: text.into() });
/// let model = workspace.understand().model;
///
/// let policy = Policy::compile(&model);
/// let case = |member, age| Case { values: vec![Some(Value::Bool(member)), Some(Value::Int(age))] };
/// let decision = policy.decide(&case(false, 11))?;
/// assert_eq!(decision.verdict(), Verdict::Is(PERMIT));
/// assert_eq!(policy.rules(&case(false, 11))?, [[model.find_clause("children").unwrap()]]);
///
/// let decisions = policy.decide_batch(&[case(true, 40), case(false, 40)]);
/// let verdicts: Vec<Verdict> = decisions.into_iter().map(|d| d.unwrap().verdict()).collect();
/// assert_eq!(verdicts, [Verdict::Is(PERMIT), Verdict::Is(FORBID)]);
/// # Ok::<(), ordain::compile::Fault>(())
/// ```
pub struct Policy {
    layout: Layout,
    cells: Cells,
    /// Cells by axis.
    counts: Box<[u32]>,
    array: Option<Array>,
    bitsets: Bitsets,
    /// By fact that may be absent: the facts on which its existence hangs.
    hangs_on: Box<[Option<Vec<FactId>>]>,
}

/// Why a case has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The answer depends on these facts, which have no value in the case. Ascending.
    Missing(Vec<FactId>),
    /// The fact has a value that is none of its type's.
    Unfit(FactId),
    /// There is no such case: a fact has a value where it does not exist, or what is assumed does not hold. What exactly,
    /// [`check_case`](crate::decide::check_case) says.
    NoCase,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Fault::Missing(_) => "the answer depends on facts that have no value",
            Fault::Unfit(_) => "a fact has a value that is none of its type's",
            Fault::NoCase => "there is no such case",
        })
    }
}

impl std::error::Error for Fault {}

/// How a policy is held. The answers are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One array, walked from the root to the answer.
    Array,
    /// Bits of all rules, combined case by case.
    Bitsets,
}

impl Policy {
    /// Compiles a model that was understood without errors. Takes the form that suits its rules.
    pub fn compile(model: &Model) -> Self {
        Self::compile_within(model, NODES)
    }

    /// The same with another limit for the diagrams' nodes; 0 is the form without diagrams.
    pub fn compile_within(model: &Model, nodes: usize) -> Self {
        let layout = Layout::new(model);
        let (space, outcomes) = outcome::outcomes(model, &layout, nodes);
        let cells = Cells::new(model, &space);
        let array = outcomes.and_then(|outcomes| Array::new(&outcomes, &cells, WORDS));
        let counts = space.axes.iter().map(|a| a.cells.len() as u32).collect();
        let exists = model.facts.iter().map(|f| f.exists_if.as_ref());
        let hangs_on = exists.map(|cond| cond.map(|cond| show::fact_facts(model, cond))).collect();
        Self { bitsets: Bitsets::new(model, &space), layout, cells, counts, array, hangs_on }
    }

    pub fn form(&self) -> Form {
        if self.array.is_some() { Form::Array } else { Form::Bitsets }
    }

    /// Bytes of the array, or of the bits where there is none.
    pub fn size(&self) -> usize {
        self.array.as_ref().map_or(8 * self.bitsets.size(), |array| 4 * array.size())
    }

    /// Decides a case: its values by fact, in the order of the model.
    ///
    /// A case that can occur gets the answer of [`decide`](crate::decide::decide). Facts may be without value: then the
    /// answer is that of all cases with the values that are there, if they have one and the same. A value that the answer
    /// does not depend on may go unlooked at.
    #[inline]
    pub fn decide(&self, case: &Case) -> Result<Decision<'_>, Fault> {
        match &self.array {
            Some(array) => {
                if let Found::Answer(words) = array.find(&self.cells, case) {
                    return Ok(self.tabled(words));
                }
            }
            None => {
                if let Some(words) = self.combined(case) {
                    return Ok(Decision { layout: &self.layout, words: Source::Own(words) });
                }
            }
        }
        self.settle(case)
    }

    /// By decision: the clauses whose word its result is, ascending, as [`Answer::by`](crate::decide::Answer::by) of the
    /// reference; none where the default decides. With facts that have no value, those of any of the cases.
    pub fn rules(&self, case: &Case) -> Result<Vec<Vec<ClauseId>>, Fault> {
        let mut rules = vec![Vec::new(); self.layout.decisions];
        self.complete(case, &mut |scratch| {
            let mut by = Vec::new();
            let words = self.bitsets.decide(&self.layout, scratch, Some(&mut by));
            rules.iter_mut().zip(by).for_each(|(all, some)| all.extend(some));
            words.is_some()
        })?;
        for by in &mut rules {
            by.sort_unstable();
            by.dedup();
        }
        Ok(rules)
    }

    fn tabled<'p>(&'p self, words: &'p [u32]) -> Decision<'p> {
        Decision { layout: &self.layout, words: Source::Table(words) }
    }

    /// The answer by bits; `None` if a cell is missing, or no case has the cells.
    fn combined(&self, case: &Case) -> Option<Words> {
        scratch(|scratch| match self.locate(case, scratch) {
            true => self.bitsets.decide(&self.layout, scratch, None),
            false => None,
        })
    }

    /// The cells of a case; whether there are all.
    fn locate(&self, case: &Case, scratch: &mut Scratch) -> bool {
        scratch.cells.clear();
        scratch.cells.extend((0..self.cells.len()).map(|axis| self.cells.of(axis, case)));
        scratch.cells.iter().all(|c| *c < CELLS)
    }

    /// What can be said of a case that lacks facts, or is none.
    #[cold]
    fn settle(&self, case: &Case) -> Result<Decision<'_>, Fault> {
        if let Some(array) = &self.array {
            let (known, mut asked) = (self.known(case), Vec::new());
            return match array.settle(&self.cells, &self.counts, case, &known, &mut asked) {
                Settled::Answer(words) => Ok(self.tabled(words)),
                Settled::NoCase => Err(Fault::NoCase),
                Settled::Depends => Err(self.missing(case, asked)),
                Settled::NoCell(axis) => Err(self.unfit(axis, case)),
            };
        }
        let mut found: Option<Words> = None;
        let mut depends = false;
        self.complete(case, &mut |scratch| {
            let words = self.bitsets.decide(&self.layout, scratch, None);
            let any = words.is_some();
            depends |= words.is_some() && found.is_some() && words != found;
            found = found.take().or(words);
            any
        })?;
        match found {
            _ if depends => Err(self.missing(case, self.open(&self.known(case)))),
            Some(words) => Ok(Decision { layout: &self.layout, words: Source::Own(words) }),
            None => Err(Fault::NoCase),
        }
    }

    /// Calls `f` with the cells of a case, and with all cells that open axes may have; it says whether there are such
    /// cases. Too many of them are as good as unknown.
    fn complete(&self, case: &Case, f: &mut dyn FnMut(&mut Scratch) -> bool) -> Result<(), Fault> {
        let whole = scratch(|scratch| self.locate(case, scratch) && f(scratch));
        if whole {
            return Ok(());
        }
        let known = self.known(case);
        scratch(|scratch| {
            scratch.cells.clear();
            let mut open: Vec<usize> = Vec::new();
            for axis in 0..self.cells.len() {
                let cell = self.cells.of(axis, case);
                if self.cells.open(axis, &known).next().is_some() {
                    open.push(axis);
                } else if cell >= CELLS {
                    return Err(self.unfit(axis, case));
                }
                scratch.cells.push(cell);
            }
            let ways = open.iter().try_fold(1usize, |n, axis| n.checked_mul(self.counts[*axis] as usize));
            if ways.is_none_or(|n| n > TRIES) {
                return Err(self.missing(case, self.open(&known)));
            }
            open.iter().for_each(|axis| scratch.cells[*axis] = 0);
            let mut any = false;
            loop {
                if self.is_case(&scratch.cells) {
                    any |= f(scratch);
                }
                let next = open.iter().find(|axis| {
                    let cell = &mut scratch.cells[**axis];
                    *cell = (*cell + 1) % self.counts[**axis];
                    *cell != 0
                });
                if next.is_none() {
                    return if any { Ok(()) } else { Err(Fault::NoCase) };
                }
            }
        })
    }

    /// Whether some case has the cells, as far as the array knows.
    fn is_case(&self, cells: &[u32]) -> bool {
        self.array.as_ref().is_none_or(|array| !matches!(array.at(cells), Found::NoCase))
    }

    /// By fact: it has a value, or what is known says that it is absent.
    fn known(&self, case: &Case) -> Vec<bool> {
        let mut known: Vec<bool> =
            (0..self.hangs_on.len()).map(|f| case.values.get(f).is_some_and(Option::is_some)).collect();
        let mut scratch = Scratch::default();
        self.locate(case, &mut scratch);
        loop {
            let mut more = false;
            for (f, hangs_on) in self.hangs_on.iter().enumerate() {
                if !known[f]
                    && hangs_on.as_ref().is_some_and(|facts| facts.iter().all(|g| known[g.index()]))
                    && !self.bitsets.exists(FactId(f as u32), &mut scratch)
                {
                    known[f] = true;
                    more = true;
                }
            }
            if !more {
                return known;
            }
        }
    }

    /// The facts that are not known, of those that some condition speaks of.
    fn open(&self, known: &[bool]) -> Vec<FactId> {
        (0..self.cells.len()).flat_map(|axis| self.cells.open(axis, known)).collect()
    }

    /// The facts that are missing: those that exist in the case, as far as that is known.
    fn missing(&self, case: &Case, mut facts: Vec<FactId>) -> Fault {
        facts.sort_unstable();
        facts.dedup();
        let mut scratch = Scratch::default();
        self.locate(case, &mut scratch);
        let there: Vec<FactId> = facts.iter().copied().filter(|f| self.bitsets.exists(*f, &mut scratch)).collect();
        Fault::Missing(if there.is_empty() { facts } else { there })
    }

    fn unfit(&self, axis: usize, case: &Case) -> Fault {
        Fault::Unfit(self.cells.unfit(axis, case))
    }
}

/// Lends what a decision is worked out in.
fn scratch<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    thread_local! {
        static SCRATCH: RefCell<Scratch> = RefCell::default();
    }
    SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
        Ok(mut scratch) => work(&mut scratch),
        Err(_) => work(&mut Scratch::default()),
    })
}

//! A model -> bits of terms by cell, and the rules as short lists; always possible, and as large as the policy.
//!
//! ```text
//! cells of the case --and of one row of bits an axis--> terms that may hold --their programs--> clauses that apply
//!     --exceptions, precedence, provisos, requirements--> results --> duties, advice
//! ```
//!
//! Clauses are numbered so that exceptions come after what they replace, and terms stand in the order of their clauses: so
//! one pass over the bits meets every clause when all that it depends on is known. Of axes with very many cells a row
//! stands for a group of them, and the programs of the terms look at the cell itself.

use super::program::{Entry, Programmer, Programs};
use super::record::{CONFLICT, Layout, UNDECIDED, Words};
use super::terms::terms;
use crate::model::*;
use crate::space::{AxisId, Space};

/// Most bytes of the rows of one axis, but there may be `ROWS`; tests have few, so that they meet groups.
const BYTES: usize = if cfg!(test) { 1 << 10 } else { 4 << 20 };
const ROWS: usize = if cfg!(test) { 4 } else { 64 };

pub(super) struct Bitsets {
    programs: Programs,
    /// Words of a row.
    words: usize,
    rows: Vec<Rows>,
    terms: Vec<Holder>,
    clauses: Vec<Rule>,
    /// By policy: those it yields to.
    yields_to: Vec<Vec<u32>>,
    /// By decision.
    defaults: Vec<Option<u32>>,
    /// By axis with a cell of absence: that cell, and the programs of its facts' existence.
    exists: Vec<(u32, u32, Vec<Entry>)>,
    /// By fact that may be absent: the program of its existence.
    by_fact: Vec<Option<Entry>>,
    assumed: Vec<Entry>,
}

/// The bits of the terms that each cell of an axis lets hold.
struct Rows {
    axis: usize,
    /// By cell.
    row: Vec<u32>,
    bits: Vec<u64>,
}

struct Holder {
    clause: u32,
    program: Entry,
}

/// A clause, numbered after all that it replaces.
struct Rule {
    id: ClauseId,
    exception: bool,
    replaces: Vec<u32>,
    policy: u32,
    /// Decision and value.
    says: Option<(u32, u32)>,
    provisos: Vec<Entry>,
    /// Each holds where a requirement fails.
    fails: Vec<Entry>,
    duties: Vec<(Entry, Vec<DutyId>)>,
    /// The first number of its advice.
    first_advice: u32,
    advice: Vec<Entry>,
}

/// What a decision is worked out in; kept from one to the next, so that nothing is allocated.
#[derive(Default)]
pub(super) struct Scratch {
    pub cells: Vec<u32>,
    defines: Vec<u64>,
    alive: Vec<u64>,
    applies: Vec<u64>,
    replaced: Vec<u64>,
    /// The clauses that apply.
    applying: Vec<u32>,
    /// By policy and decision: it speaks.
    speaks: Vec<bool>,
    /// By applying clause: what it says.
    says: Vec<Option<u32>>,
    fails: Vec<bool>,
}

impl Bitsets {
    pub fn new(model: &Model, space: &Space) -> Self {
        let mut programmer = Programmer::new(model, space);
        let order = order(model);
        let mut number = vec![0; model.clauses.len()];
        order.iter().enumerate().for_each(|(n, id)| number[id.index()] = n as u32);

        let mut drafts = Vec::new();
        for id in &order {
            let clause = model.clause(*id);
            drafts.extend(terms(&programmer, clause).into_iter().map(|t| (number[id.index()], t)));
        }
        let words = drafts.len().div_ceil(64);
        let mut grouped = vec![false; space.axes.len()];
        let mut rows = Vec::new();
        for (axis, cells) in space.axes.iter().map(|a| a.cells.len()).enumerate() {
            let asked: Vec<(usize, &Bits)> = drafts
                .iter()
                .enumerate()
                .filter_map(|(t, (_, term))| term.cells.iter().find(|c| c.0 == axis).map(|c| (t, &c.1)))
                .collect();
            if asked.is_empty() {
                continue;
            }
            let most = (BYTES / (8 * words.max(1))).max(ROWS);
            let width = cells.div_ceil(most).max(1);
            grouped[axis] = width > 1;
            rows.push(Rows::new(axis, cells, width, words, drafts.len(), &asked));
        }
        let mut holders = Vec::new();
        for (clause, term) in &drafts {
            let cells: Vec<(AxisId, Bits)> = term.cells.iter().filter(|c| grouped[c.0]).cloned().collect();
            holders.push(Holder { clause: *clause, program: programmer.all(&term.rest, &cells) });
        }

        let mut first_advice = vec![0; model.clauses.len()];
        let mut numbered = 0;
        for id in model.clause_ids() {
            first_advice[id.index()] = numbered as u32;
            numbered += model.clause(id).advice.len();
        }
        let mut clauses = Vec::new();
        for id in &order {
            clauses.push(rule(&mut programmer, *id, &number, first_advice[id.index()]));
        }
        let conditions = model.facts.iter().map(|f| f.exists_if.as_ref());
        let by_fact: Vec<Option<Entry>> = conditions.map(|cond| cond.map(|c| programmer.program(c))).collect();
        let mut exists = Vec::new();
        for (axis, absent) in space.axes.iter().enumerate().filter_map(|(i, a)| Some((i, a.absent()?))) {
            let (one, other) = space.axes[axis].kind.facts();
            let facts = std::iter::once(one).chain(other);
            exists.push((axis as u32, absent, facts.filter_map(|f| by_fact[f.index()]).collect()));
        }
        let assumed = model.assumptions.iter().map(|a| programmer.program(&a.cond)).collect();
        Self {
            words,
            rows,
            terms: holders,
            clauses,
            yields_to: model.policies.iter().map(|p| p.yields_to.iter().map(|q| q.0).collect()).collect(),
            defaults: model.decisions.iter().map(|d| d.default).collect(),
            exists,
            assumed,
            by_fact,
            programs: programmer.programs,
        }
    }

    /// Words of the rows.
    pub fn size(&self) -> usize {
        self.rows.iter().map(|r| r.bits.len()).sum()
    }

    /// Decides the cells in `scratch`: `None` where no case has them. `by` gets the clauses whose word each result is.
    pub fn decide(&self, layout: &Layout, scratch: &mut Scratch, by: Option<&mut Vec<Vec<ClauseId>>>) -> Option<Words> {
        self.programs.define(&scratch.cells, &mut scratch.defines);
        if !self.is_case(scratch) {
            return None;
        }
        self.apply(scratch);
        self.speak(layout, scratch);
        let mut words = Words::from_elem(0, layout.width());
        let mut found = by;
        for d in 0..layout.decisions {
            let (result, requirements) = self.result(d as u32, scratch);
            words[d] = result;
            if let Some(by) = found.as_deref_mut() {
                by.push(self.deciders(d as u32, result, requirements, scratch));
            }
        }
        self.consequences(layout, scratch, &mut words);
        Some(words)
    }

    /// Whether a fact exists as far as the cells tell; what hangs on cells that are not known does not.
    pub fn exists(&self, fact: FactId, scratch: &mut Scratch) -> bool {
        self.programs.define(&scratch.cells, &mut scratch.defines);
        let entry = self.by_fact.get(fact.index()).copied().flatten();
        entry.is_none_or(|entry| self.programs.holds(entry, &scratch.cells, &scratch.defines))
    }

    fn is_case(&self, scratch: &Scratch) -> bool {
        let holds = |entry: &Entry| self.programs.holds(*entry, &scratch.cells, &scratch.defines);
        self.exists.iter().all(|(axis, absent, exists)| {
            (scratch.cells.get(*axis as usize) != Some(absent)) == exists.iter().all(holds)
        }) && self.assumed.iter().all(holds)
    }

    /// Steps 1 and 2: the clauses that apply, in order, and which of them are replaced.
    fn apply(&self, scratch: &mut Scratch) {
        let Scratch { cells, defines, alive, applies, replaced, applying, .. } = scratch;
        alive.clear();
        alive.resize(self.words, u64::MAX);
        for rows in &self.rows {
            let row = rows.of(cells.get(rows.axis).copied().unwrap_or(0), self.words);
            alive.iter_mut().zip(row).for_each(|(a, r)| *a &= r);
        }
        for bits in [&mut *applies, &mut *replaced] {
            bits.clear();
            bits.resize(self.clauses.len().div_ceil(64), 0);
        }
        applying.clear();
        // Only a thread's first decision by this policy makes room, whatever applies in later ones.
        applying.reserve(self.clauses.len());
        for (word, mut bits) in alive.iter().copied().enumerate() {
            while bits != 0 {
                let term = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                // The last word has bits of no term.
                let Some(holder) = self.terms.get(term) else { break };
                let clause = holder.clause;
                let rule = &self.clauses[clause as usize];
                if has(applies, clause)
                    || (rule.exception && !rule.replaces.iter().any(|p| has(applies, *p)))
                    || !self.programs.holds(holder.program, cells, defines)
                {
                    continue;
                }
                set(applies, clause);
                applying.push(clause);
                rule.replaces.iter().for_each(|p| set(replaced, *p));
            }
        }
        applying.retain(|c| !has(replaced, *c));
    }

    /// Step 3, and what is said: by remaining clause.
    fn speak(&self, layout: &Layout, scratch: &mut Scratch) {
        let Scratch { cells, defines, applying, speaks, says, fails, .. } = scratch;
        let holds = |entry: &Entry| self.programs.holds(*entry, cells, defines);
        let width = layout.decisions;
        speaks.clear();
        speaks.resize(self.yields_to.len() * width, false);
        for rule in applying.iter().map(|c| &self.clauses[*c as usize]) {
            if let Some((decision, _)) = rule.says {
                speaks[rule.policy as usize * width + decision as usize] = true;
            }
        }
        let outranked = |rule: &Rule, decision: u32| {
            self.yields_to[rule.policy as usize].iter().any(|p| speaks[*p as usize * width + decision as usize])
        };
        says.clear();
        fails.clear();
        says.reserve(self.clauses.len());
        fails.reserve(self.clauses.len());
        for rule in applying.iter().map(|c| &self.clauses[*c as usize]) {
            says.push(match rule.says {
                Some((decision, value)) if !outranked(rule, decision) => {
                    Some(if rule.provisos.iter().all(holds) { value } else { FORBID })
                }
                _ => None,
            });
            fails.push(!outranked(rule, VERDICT.0) && rule.fails.iter().any(holds));
        }
    }

    /// Steps 4 to 6, and whether requirements decided.
    fn result(&self, decision: u32, scratch: &Scratch) -> (u32, bool) {
        let mut said = None;
        for (clause, says) in scratch.applying.iter().zip(&scratch.says) {
            let own = self.clauses[*clause as usize].says.is_some_and(|s| s.0 == decision);
            match (says.filter(|_| own), said) {
                (Some(value), Some(other)) if value != other => return (CONFLICT, false),
                (Some(value), _) => said = Some(value),
                _ => {}
            }
        }
        let turned = decision == VERDICT.0 && said.is_none_or(|v| v == PERMIT) && scratch.fails.contains(&true);
        match said {
            _ if turned => (FORBID, true),
            Some(value) => (value, false),
            None => (self.defaults[decision as usize].unwrap_or(UNDECIDED), false),
        }
    }

    /// The clauses whose word a result is, ascending.
    fn deciders(&self, decision: u32, result: u32, requirements: bool, scratch: &Scratch) -> Vec<ClauseId> {
        let mut by = Vec::new();
        for (i, clause) in scratch.applying.iter().enumerate() {
            let rule = &self.clauses[*clause as usize];
            let own = rule.says.is_some_and(|s| s.0 == decision);
            let says = scratch.says[i].filter(|_| own);
            if if requirements { scratch.fails[i] } else { says.is_some_and(|v| v == result || result == CONFLICT) } {
                by.push(rule.id);
            }
        }
        by.sort_unstable();
        by
    }

    fn consequences(&self, layout: &Layout, scratch: &Scratch, words: &mut Words) {
        let holds = |entry: &Entry| self.programs.holds(*entry, &scratch.cells, &scratch.defines);
        for (clause, says) in scratch.applying.iter().zip(&scratch.says) {
            let rule = &self.clauses[*clause as usize];
            // What goes with a word follows only where that word, given, is the result.
            let follows = rule.says.is_none_or(|(d, value)| says.is_some() && words[d as usize] == value);
            if !follows {
                continue;
            }
            let mut add = |(word, bit): (usize, u32)| words[word] |= bit;
            for (when, duties) in &rule.duties {
                if holds(when) {
                    duties.iter().for_each(|d| add(layout.duty(*d)));
                }
            }
            for (i, when) in rule.advice.iter().enumerate() {
                if holds(when) {
                    add(layout.advice(rule.first_advice as usize + i));
                }
            }
        }
    }
}

impl Rows {
    fn new(axis: usize, cells: usize, width: usize, words: usize, terms: usize, asked: &[(usize, &Bits)]) -> Self {
        let row: Vec<u32> = (0..cells).map(|c| (c / width) as u32).collect();
        let mut free = vec![u64::MAX; words];
        asked.iter().for_each(|(t, _)| free[t / 64] &= !(1 << (t % 64)));
        if let Some(last) = free.last_mut().filter(|_| !terms.is_multiple_of(64)) {
            *last &= (1 << (terms % 64)) - 1;
        }
        let mut bits = free.repeat(cells.div_ceil(width));
        for (term, set) in asked {
            set.iter().for_each(|cell| bits[cell / width * words + term / 64] |= 1 << (term % 64));
        }
        Self { axis, row, bits }
    }

    fn of(&self, cell: u32, words: usize) -> &[u64] {
        let start = self.row.get(cell as usize).map_or(0, |r| *r as usize) * words;
        &self.bits[start..start + words]
    }
}

fn rule(programmer: &mut Programmer<'_>, id: ClauseId, number: &[u32], first_advice: u32) -> Rule {
    let clause = programmer.model.clause(id);
    let outcome = clause.outcome.as_ref();
    Rule {
        id,
        exception: clause.is_exception(),
        replaces: clause.replaces.iter().map(|p| number[p.index()]).collect(),
        policy: clause.policy.0,
        says: outcome.map(|o| (o.decision.0, o.value)),
        provisos: outcome.iter().flat_map(|o| &o.provisos).map(|p| programmer.program(&p.cond)).collect(),
        fails: clause.requirements.iter().map(|r| programmer.fails(&r.when, &r.cond)).collect(),
        duties: clause.obligations.iter().map(|o| (programmer.program(&o.when), o.duties.clone())).collect(),
        first_advice,
        advice: clause.advice.iter().map(|a| programmer.program(&a.when)).collect(),
    }
}

/// The clauses, each after all that it replaces, else in the order of the model.
fn order(model: &Model) -> Vec<ClauseId> {
    let mut waits: Vec<usize> = model.clauses.iter().map(|c| c.replaces.len()).collect();
    let mut exceptions = vec![Vec::new(); model.clauses.len()];
    for id in model.clause_ids() {
        model.clause(id).replaces.iter().for_each(|p| exceptions[p.index()].push(id));
    }
    let mut order: Vec<ClauseId> = model.clause_ids().filter(|id| waits[id.index()] == 0).collect();
    let mut next = 0;
    while let Some(&id) = order.get(next) {
        for e in &exceptions[id.index()] {
            waits[e.index()] -= 1;
            if waits[e.index()] == 0 {
                order.push(*e);
            }
        }
        next += 1;
    }
    order
}

fn has(bits: &[u64], i: u32) -> bool {
    bits.get(i as usize / 64).is_some_and(|w| w >> (i % 64) & 1 == 1)
}

fn set(bits: &mut [u64], i: u32) {
    if let Some(word) = bits.get_mut(i as usize / 64) {
        *word |= 1 << (i % 64);
    }
}

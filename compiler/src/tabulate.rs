//! Diagram -> decision table with few rows.
//!
//! ```text
//! what each kind of case gets (result, duties, advice), as one function over cells
//!     --partition--> disjoint boxes          unique
//!     --cover------> ordered, growing boxes  first
//! what each rule says, where it stands --cover--> boxes of each rule   collect
//!                                                 the same, in the order in which they count   first, rule by rule
//!     --tidy, sort, words--> rows --prove--> the same function again?
//! ```
//!
//! Where there are many rows, the outputs are parted into two halves of about the same work, tidying into two halves of the
//! rows, and the rules behind the rows are asked for beside the proof, which reads a copy: always so, whatever the machine.
//!
//! The function leaves out which rules decide: rows are not split by rules, they name all rules that decide in some case of
//! theirs. Assignments that no case has may fall into any row. Columns come in reading order (channel, sender, recipient,
//! then the facts as declared), and rows are sorted by them, so a small change of the policy changes few lines.

mod boxes;
mod citations;
mod collect;
mod cover;
mod fuse;
mod join;
mod ordered;
mod partition;
mod prove;
mod refine;
mod regions;
mod sets;
mod table;
mod tidy;
pub(crate) mod touch;
mod within;
mod words;
mod write;

pub use citations::{CitationNote, by_citation, cited};
pub use prove::{Proof, prove, row_regions};
pub use refine::{Rows, rows};
pub use regions::{Region, Regions, regions};
pub use table::{AxisNote, Column, DutyNote, Hit, Output, PolicyNote, Row, RuleNote, Table};
pub use within::{Unmade, within};
pub use words::{ABSENT, text as cells_text, title as axis_title};

use crate::beside::side_by_side;
use crate::decide::Verdict;
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::show::{self, words};
use crate::model::{Bits, ClauseId, DecisionId, DutyId, FactId, Model, Type, VERDICT};
use crate::space::{AxisKind, Space};
use boxes::BoxRow;
use fuse::Fused;
use partition::Levels;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use tidy::Tidier;
use touch::Touch;

/// The most nodes that the diagrams of the search may hold.
const WORK_NODES: usize = 6_000_000;
/// A table of so many rows is not written: nobody reads it, and nothing is gained over the rules.
pub const MOST_ROWS: u64 = 100_000;
/// From so many rows on the work is worth a second thread.
const MANY: usize = 200;
/// Results, duties and advice in more combinations than this are not told apart any further; the proof then fails.
const OUTPUT_LIMIT: usize = 20_000;

/// The decisions that deserve a table: the verdict where some rule speaks of it or nothing else is decided, and all others.
pub fn decisions(model: &Model) -> Vec<DecisionId> {
    let speaks = model
        .clauses
        .iter()
        .any(|c| !c.requirements.is_empty() || c.outcome.as_ref().is_some_and(|o| o.decision == VERDICT));
    let verdict = speaks || model.decision(VERDICT).default.is_some() || model.decisions.len() == 1;
    (0..model.decisions.len() as u32).map(DecisionId).filter(|d| *d != VERDICT || verdict).collect()
}

/// Whether duties and advice are columns of this decision's table: of the first that has one.
pub fn carries_duties(model: &Model, decision: DecisionId) -> bool {
    decisions(model).first() == Some(&decision)
}

/// The table of one decision, proved or found wanting (`table.proof`).
pub fn tabulate(lowered: &mut Lowered<'_>, decision: DecisionId, hit: Hit) -> Table {
    let raw = match hit {
        Hit::Unique | Hit::First => decided(lowered, decision, hit),
        Hit::Collect => said(lowered, decision),
    };
    write::write(lowered, decision, hit, raw)
}

/// The table of one decision with the rules' own rows in the order in which they count, the first that fits decides
/// (`ordered`). It needs no set over all cases. `None` where duties or advice follow, which such rows cannot tell.
pub fn by_rules(lowered: &mut Lowered<'_>, decision: DecisionId) -> Option<Table> {
    if !ordered::can(lowered.model, decision) {
        return None;
    }
    let raw = ordered::rows(lowered, decision);
    Some(write::write(lowered, decision, Hit::First, raw))
}

/// Rows over fused levels, sorted.
struct Boxes {
    fused: Fused,
    levels: Levels,
    rows: Vec<Raw>,
    /// The rules' own rows, in order, see `ordered`.
    from_rules: bool,
    /// If not, it would have been too much.
    finished: bool,
}

/// A row before it has words.
struct Raw {
    cells: BoxRow,
    output: Output,
    /// Collect: the clause that says it, and whether as a requirement.
    source: Option<(ClauseId, bool)>,
    /// See [`Row::conflicts`].
    conflicts: bool,
}

/// Unique or first: rows of the function from cases to outputs.
fn decided(lowered: &mut Lowered<'_>, decision: DecisionId, hit: Hit) -> Boxes {
    let (outputs, g) = function(lowered, decision);
    let valid = lowered.space.valid;
    let fused = Fused::new(&lowered.space, &lowered.dd, &[g, valid]);
    let levels = levels(lowered.model, &lowered.space, &fused);
    let mut work = Diagrams::new(fused.sizes(), WORK_NODES);
    let mut converted = FxHashMap::default();
    let g = fused.convert(&mut lowered.dd, g, &mut work, &mut converted);
    let valid = fused.convert(&mut lowered.dd, valid, &mut work, &mut converted);
    if lowered.dd.exhausted() || work.exhausted() || partition::estimate(&mut work, g, &levels, &[]) > MOST_ROWS {
        return Boxes { fused, levels, rows: Vec::new(), from_rules: false, finished: false };
    }
    let mut rows = partition::partition(&mut work, g, &levels);
    if hit == Hit::First {
        rows = cover::first_hit(&mut work, g, &rows, &levels);
    }
    tidy(lowered, &fused, &levels, &mut work, valid, &mut rows.iter_mut().collect::<Vec<_>>());
    let raw = |row: BoxRow| {
        let output = outputs.get(row.output as usize - 1)?.clone();
        Some(Raw { cells: row, output, source: None, conflicts: false })
    };
    let mut rows: Vec<Raw> = rows.into_iter().filter_map(raw).collect();
    sort(&mut rows, hit, &levels);
    if hit == Hit::First {
        drop_covered(&mut work, valid, &mut rows);
    }
    Boxes { fused, levels, rows, from_rules: false, finished: !work.exhausted() }
}

/// Each row with the columns a person expects; many rows in two halves.
fn tidy(
    lowered: &Lowered<'_>,
    fused: &Fused,
    levels: &Levels,
    work: &mut Diagrams,
    valid: Node,
    rows: &mut [&mut BoxRow],
) {
    let (model, space) = (lowered.model, &lowered.space);
    let all = |work: &mut Diagrams, rows: &mut [&mut BoxRow]| {
        let mut tidier = Tidier::new(model, space, fused, levels, work, valid);
        rows.iter_mut().for_each(|row| tidier.tidy(row));
    };
    if rows.len() < MANY {
        return all(work, rows);
    }
    let mut copy = work.clone();
    let (some, others) = rows.split_at_mut(rows.len() / 2);
    side_by_side(|| all(work, some), || all(&mut copy, others));
    if copy.exhausted() {
        work.exhaust();
    }
}

/// Takes away the rows of an ordered table that the rows above them leave no case.
fn drop_covered(work: &mut Diagrams, valid: Node, rows: &mut Vec<Raw>) {
    let mut open = valid;
    rows.retain(|row| {
        let node = row.cells.node(work);
        let reached = !work.disjoint(node, open);
        open = work.diff(open, node);
        reached
    });
}

/// Collect: rows of what each rule says.
fn said(lowered: &mut Lowered<'_>, decision: DecisionId) -> Boxes {
    let fused = Fused::new(&lowered.space, &lowered.dd, &[lowered.space.valid]);
    let levels = levels(lowered.model, &lowered.space, &fused);
    let mut work = Diagrams::new(fused.sizes(), WORK_NODES);
    let mut said = collect::collect(lowered, decision, &mut work, &fused, &levels);
    let valid = fused.convert(&mut lowered.dd, lowered.space.valid, &mut work, &mut FxHashMap::default());
    let mut cells: Vec<&mut BoxRow> = said.iter_mut().map(|s| &mut s.cells).collect();
    tidy(lowered, &fused, &levels, &mut work, valid, &mut cells);
    let raw = |s: collect::Said| Raw {
        cells: s.cells,
        output: s.output,
        source: Some((s.clause, s.overrides)),
        conflicts: false,
    };
    let mut rows: Vec<Raw> = said.into_iter().map(raw).collect();
    sort(&mut rows, Hit::Collect, &levels);
    Boxes { fused, levels, rows, from_rules: false, finished: !work.exhausted() }
}

/// The outputs, and the diagram that has n + 1 where a case gets output n, 0 where there is no case.
fn function(lowered: &mut Lowered<'_>, decision: DecisionId) -> (Vec<Output>, Node) {
    let model = lowered.model;
    let sets = lowered.decision(decision);
    let output = |result| Output { result: Some(result), duties: Vec::new(), advice: Vec::new() };
    let mut parts: Vec<(Output, Node)> =
        sets.result.iter().enumerate().map(|(v, node)| (output(Verdict::Is(v as u32)), *node)).collect();
    parts.push((output(Verdict::Conflict), sets.conflict));
    parts.push((output(Verdict::Undecided), sets.undecided));
    parts.retain(|p| p.1 != Diagrams::FALSE);
    if carries_duties(model, decision) {
        for (i, node) in lowered.duties().into_iter().enumerate() {
            divide(&mut lowered.dd, &mut parts, node, &|o| o.duties.push(DutyId(i as u32)));
        }
        for clause in model.clause_ids() {
            for (i, node) in lowered.advice[clause.index()].clone().into_iter().enumerate() {
                divide(&mut lowered.dd, &mut parts, node, &|o| o.advice.push((clause, i)));
            }
        }
    }
    let mut g = Diagrams::FALSE;
    for (i, (_, node)) in parts.iter().enumerate() {
        let terminal = lowered.dd.terminal(i as u32 + 1);
        g = lowered.dd.ite(*node, terminal, g);
    }
    (parts.into_iter().map(|p| p.0).collect(), g)
}

/// Tells the parts apart by whether they lie in `node`, and marks those that do.
fn divide(dd: &mut Diagrams, parts: &mut Vec<(Output, Node)>, node: Node, mark: &dyn Fn(&mut Output)) {
    if node == Diagrams::FALSE || parts.len() > OUTPUT_LIMIT {
        return;
    }
    let mut divided = Vec::with_capacity(parts.len() + 1);
    for (output, part) in parts.drain(..) {
        let inside = dd.and(part, node);
        let outside = dd.diff(part, node);
        if outside != Diagrams::FALSE {
            divided.push((output.clone(), outside));
        }
        if inside != Diagrams::FALSE {
            let mut output = output;
            mark(&mut output);
            divided.push((output, inside));
        }
    }
    *parts = divided;
}

/// The fact in whose column an axis stands: for a distance the later one.
fn column_fact(place: &[usize], kind: AxisKind) -> FactId {
    match kind.facts() {
        (a, Some(b)) if place[b.index()] > place[a.index()] => b,
        (a, _) => a,
    }
}

fn levels(model: &Model, space: &Space, fused: &Fused) -> Levels {
    let mut place = vec![0; model.facts.len()];
    for (i, fact) in show::reading_order(model).into_iter().enumerate() {
        place[fact.index()] = i;
    }
    let count = fused.axes.len();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&l| {
        let kind = fused.kind(space, l);
        (place[column_fact(&place, kind).index()], kind)
    });
    let mut rank = vec![0; count];
    for (i, level) in order.into_iter().enumerate() {
        rank[level] = i;
    }
    let ordered = |l| matches!(fused.kind(space, l), AxisKind::Range(_) | AxisKind::Distance(..));
    Levels {
        rank,
        ordered: (0..count).map(ordered).collect(),
        absent: (0..count).map(|l| fused.absent(space, l)).collect(),
    }
}

/// By column, first cell first, rows that leave a column open last. Ordered rows keep their order where it matters; rules'
/// rows stay with their rules.
fn sort(rows: &mut Vec<Raw>, hit: Hit, levels: &Levels) {
    let mut order: Vec<usize> = (0..levels.rank.len()).collect();
    order.sort_by_key(|l| levels.rank[*l]);
    let key = |row: &Raw| -> Vec<Vec<u32>> {
        order
            .iter()
            .map(|l| match &row.cells.cells[*l] {
                None => vec![u32::MAX],
                Some(cells) => cells.iter().map(|c| c as u32).collect(),
            })
            .collect()
    };
    match hit {
        Hit::Unique => rows.sort_by_cached_key(|r| (key(r), r.output.clone())),
        Hit::Collect => {
            rows.sort_by_cached_key(|r| (r.source.map(|s| s.0), r.source.map(|s| s.1), r.output.clone(), key(r)));
        }
        Hit::First => {
            // A row must stay below an earlier one that it meets with another output.
            let mut below: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
            let mut above = vec![0usize; rows.len()];
            for (i, row) in rows.iter().enumerate() {
                for (k, other) in rows[..i].iter().enumerate() {
                    if other.cells.output != row.cells.output && !other.cells.disjoint(&row.cells) {
                        below[k].push(i);
                        above[i] += 1;
                    }
                }
            }
            let keys: Vec<Vec<Vec<u32>>> = rows.iter().map(key).collect();
            let mut ready: BTreeSet<(&Vec<Vec<u32>>, usize)> =
                (0..rows.len()).filter(|i| above[*i] == 0).map(|i| (&keys[i], i)).collect();
            let mut left: Vec<Option<Raw>> = rows.drain(..).map(Some).collect();
            while let Some((_, next)) = ready.pop_first() {
                rows.extend(left[next].take());
                for &i in &below[next] {
                    above[i] -= 1;
                    if above[i] == 0 {
                        ready.insert((&keys[i], i));
                    }
                }
            }
        }
    }
}

fn axis_note(model: &Model, space: &Space, fused: &Fused, level: usize) -> AxisNote {
    let axes = fused.axes[level].clone();
    let (a, b) = space.axes[axes[0]].kind.facts();
    AxisNote {
        kind: space.axes[axes[0]].kind,
        title: axis_title(model, space, axes[0]),
        facts: std::iter::once(a).chain(b).collect(),
        cells: fused.cells[level].clone(),
        parts: axes.iter().map(|x| space.axes[*x].cells.clone()).collect(),
        axes,
    }
}

/// `permit`, `conflict`, `undecided`.
pub fn result_word(model: &Model, decision: DecisionId, verdict: Verdict) -> String {
    match verdict {
        Verdict::Is(v) => {
            model.decision(decision).values.get(v as usize).map(|v| v.name.to_string()).unwrap_or_default()
        }
        Verdict::Conflict => "conflict".to_string(),
        Verdict::Undecided => "undecided".to_string(),
    }
}

fn advice_words(model: &Model, output: &Output) -> Vec<String> {
    let mut all = Vec::new();
    for &(clause, i) in &output.advice {
        let text = model.clause(clause).advice.get(i).map(|a| show::describe(model, &a.cond)).unwrap_or_default();
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// One column an axis, but one for all members of a set.
fn columns(axes: &[AxisNote]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for (i, axis) in axes.iter().enumerate() {
        let same = columns.last().is_some_and(|c| {
            let last = &axes[c.axes[0]];
            matches!((last.kind, axis.kind), (AxisKind::Member(a, _), AxisKind::Member(b, _)) if a == b)
        });
        match columns.last_mut() {
            Some(column) if same => column.axes.push(i),
            _ => columns.push(Column { title: axis.title.clone(), axes: vec![i] }),
        }
    }
    columns
}

/// By axis and cells: the words. Rows say the same again and again.
type Words = FxHashMap<(usize, Bits), String>;

/// The words of a row in a column; `–` where the column does not matter.
fn cell_words(model: &Model, words: &mut Words, axes: &[AxisNote], column: &Column, cells: &[Option<Bits>]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for &i in &column.axes {
        if let Some(cells) = &cells[i] {
            let text = words.entry((i, cells.clone())).or_insert_with(|| cells_text(model, &axes[i], cells));
            // A set that does not exist is absent on each of its axes.
            if !parts.contains(text) {
                parts.push(text.clone());
            }
        }
    }
    if parts.is_empty() { "–".to_string() } else { parts.join("; ") }
}

fn legend(model: &Model, axes: &[AxisNote]) -> Vec<(String, String)> {
    let mut facts: Vec<FactId> = axes.iter().flat_map(|a| a.facts.clone()).collect();
    facts.sort_unstable();
    facts.dedup();
    let mut notes = Vec::new();
    for fact in show::reading_order(model).into_iter().filter(|f| facts.contains(f)) {
        let fact = model.fact(fact);
        if let Some(title) = &fact.title {
            notes.push((words(&fact.name), title.to_string()));
        }
        if let Type::Choice(domain) | Type::Set(domain) = &fact.ty
            && domain.what == crate::model::Element::Enumeration
        {
            let titled = domain.values.iter().filter_map(|v| Some((v.name.to_string(), v.title.as_ref()?.to_string())));
            notes.extend(titled);
        }
    }
    notes.dedup();
    notes
}

fn policy_note(policy: &crate::model::Policy) -> PolicyNote {
    PolicyNote {
        name: policy.name.to_string(),
        title: policy.title.as_ref().map(|t| t.to_string()),
        sources: policy.sources.iter().map(|s| s.0.to_string()).collect(),
    }
}

fn rule_note(model: &Model, clause: ClauseId) -> RuleNote {
    let rule = model.clause(clause);
    RuleNote {
        clause,
        path: rule.path.to_string(),
        title: rule.title.as_ref().map(|t| t.to_string()),
        cites: cited(model, clause).iter().map(|c| c.text()).collect(),
    }
}

#[cfg(test)]
pub(crate) mod tests;

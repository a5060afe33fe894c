//! Rules -> the rows of an ordered table, for policies whose cases are too many to put together.
//!
//! The rows are those of a `Collect` table, which need no more than what each rule says where it stands, in the order in
//! which the semantics counts them, and at the end what holds where nobody speaks:
//!
//! ```text
//! forbid    what a rule forbids, or a proviso that fails
//! forbid    where a requirement fails
//! permit    what a rule permits
//! forbid    everything: the default
//! ```
//!
//! The first row that fits decides. Rules that conflict would need a row for each two of them; instead the earlier row says
//! "or conflict": there a later row with another result, not the last, makes the case a conflict. Other decisions have
//! their values in order, and no requirements. Duties and advice depend on more than the first row, so a decision that
//! carries any has no such table.

use super::boxes::BoxRow;
use super::fuse::Fused;
use super::partition::Levels;
use super::{Boxes, Output, Raw, WORK_NODES, carries_duties, collect, levels, tidy};
use crate::decide::Verdict;
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::{Clause, DecisionId, FORBID, Model, VERDICT};
use rustc_hash::FxHashMap;

/// Where a row stands: its value's place, and after it what overrides. The last row has none.
pub fn stage(decision: DecisionId, output: &Output, overrides: bool) -> Option<(u32, bool)> {
    let Some(Verdict::Is(value)) = output.result else { return None };
    let place = if decision == VERDICT { u32::from(value != FORBID) } else { value };
    Some((place, overrides))
}

/// No rule gives duties or advice, or they are columns of another decision's table.
pub fn can(model: &Model, decision: DecisionId) -> bool {
    let gives = |c: &Clause| !c.obligations.is_empty() || !c.advice.is_empty();
    !carries_duties(model, decision) || !model.clauses.iter().any(gives)
}

pub fn rows(lowered: &mut Lowered<'_>, decision: DecisionId) -> Boxes {
    let model = lowered.model;
    let fused = Fused::new(&lowered.space, &lowered.dd, &[lowered.space.valid]);
    let levels = levels(model, &lowered.space, &fused);
    let mut work = Diagrams::new(fused.sizes(), WORK_NODES);
    let mut said = collect::collect(lowered, decision, &mut work, &fused, &levels);
    let valid = fused.convert(&mut lowered.dd, lowered.space.valid, &mut work, &mut FxHashMap::default());
    let mut cells: Vec<&mut BoxRow> = said.iter_mut().map(|s| &mut s.cells).collect();
    tidy(lowered, &fused, &levels, &mut work, valid, &mut cells);
    said.sort_by_cached_key(|s| (stage(decision, &s.output, s.overrides), s.clause, order(&s.cells, &levels)));
    let marks = conflicts(&work, valid, &said);
    let raw = |(s, conflicts): (collect::Said, bool)| Raw {
        cells: s.cells,
        output: s.output,
        source: Some((s.clause, s.overrides)),
        conflicts,
    };
    let mut rows: Vec<Raw> = said.into_iter().zip(marks).map(raw).collect();
    let rest = model.decision(decision).default.map_or(Verdict::Undecided, Verdict::Is);
    rows.push(Raw {
        cells: BoxRow::everything(fused.axes.len(), 0),
        output: Output { result: Some(rest), duties: Vec::new(), advice: Vec::new() },
        source: None,
        conflicts: false,
    });
    Boxes { fused, levels, rows, from_rules: true, finished: !work.exhausted() }
}

/// By column, first cell first.
fn order(row: &BoxRow, levels: &Levels) -> Vec<(usize, Vec<usize>)> {
    let sides = row.cells.iter().enumerate().filter_map(|(l, c)| Some((levels.rank[l], c.as_ref()?.iter().collect())));
    let mut sides: Vec<(usize, Vec<usize>)> = sides.collect();
    sides.sort_unstable();
    sides
}

/// Whether each row meets a later one of another value in some case.
fn conflicts(work: &Diagrams, valid: Node, rows: &[collect::Said]) -> Vec<bool> {
    let meets = |a: &BoxRow, b: &BoxRow| a.meet(b).is_some_and(|both| !both.misses(work, valid));
    let against = |i: usize, k: usize| {
        let (a, b) = (&rows[i], &rows[k]);
        !b.overrides && a.output.result != b.output.result && meets(&a.cells, &b.cells)
    };
    (0..rows.len()).map(|i| !rows[i].overrides && (i + 1..rows.len()).any(|k| against(i, k))).collect()
}

//! A table -> whether it is the policy: its rows are read back into diagrams and compared with what the rules decide.
//!
//! The check knows nothing of how the table came about; it uses only the cells and outputs that the rows carry.
//!
//! Ordered tables of the rules' own rows are proved without a set over all cases, which they exist to avoid. Each rule's
//! rows are what the rule says where it stands; the rows come in the order in which the semantics counts them; the rows
//! marked as conflicts are those that meet a later one of another value. Then the first row that fits, read with these
//! marks, is steps 4 to 6 of the semantics word by word.

use super::fuse;
use super::ordered::stage;
use super::table::{AxisNote, Hit, Row, Table};
use crate::decide::Verdict;
use crate::diagnostics::thousands;
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::{Bits, ClauseId, FORBID, PERMIT, VERDICT};

/// What reading a table back has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// No case is in two rows. Always true of tables whose rows may overlap.
    pub disjoint: bool,
    /// Every case is in a row; of `Collect` tables: everything a rule says is in a row.
    pub complete: bool,
    /// The rows say what the rules say.
    pub equal: bool,
    /// The diagrams had room for the check; if not, nothing is known.
    pub finished: bool,
    pub rows: usize,
    pub kinds: u128,
}

impl Proof {
    pub fn holds(&self) -> bool {
        self.finished && self.disjoint && self.complete && self.equal
    }

    /// `proved: these 14 rows decide all 2,304 kinds of case as the rules do`
    pub fn sentence(&self) -> String {
        let rows = if self.rows == 1 {
            "this row".to_string()
        } else {
            format!("these {} rows", thousands(self.rows as u128))
        };
        let verb = if self.rows == 1 { "decides" } else { "decide" };
        if self.holds() {
            return match self.kinds {
                1 => format!("proved: {rows} {verb} the only kind of case as the rules do"),
                n => format!("proved: {rows} {verb} all {} kinds of case as the rules do", thousands(n)),
            };
        }
        if !self.finished {
            return "not proved: the table is too large for the budget".to_string();
        }
        let mut faults = Vec::new();
        if !self.disjoint {
            faults.push("some case is in two rows");
        }
        if !self.complete {
            faults.push("some case is in no row");
        }
        if !self.equal {
            faults.push("some row does not say what the rules say");
        }
        format!("not proved: {}", faults.join(", "))
    }
}

/// Reads the rows back and compares them with the policy.
pub fn prove(lowered: &mut Lowered<'_>, table: &Table) -> Proof {
    if table.from_rules {
        return by_rules(lowered, table);
    }
    let valid = lowered.space.valid;
    let boxes = row_regions(lowered, table);
    let covered = lowered.dd.or_all(&boxes);
    let disjoint = table.hit != Hit::Unique || disjoint(lowered, &boxes, covered);
    let complete = table.hit == Hit::Collect || covered == valid;
    let equal = match table.hit {
        Hit::Collect => collected(lowered, table, &boxes),
        _ => decided(lowered, table, &boxes),
    };
    let finished = !lowered.dd.exhausted();
    let kinds = lowered.dd.count(valid);
    Proof { disjoint, complete, equal, finished, rows: table.rows.len(), kinds }
}

/// No two of the sets have a case in common: then there are as many cases in all of them as in each, summed up.
fn disjoint(lowered: &mut Lowered<'_>, boxes: &[Node], covered: Node) -> bool {
    let all = lowered.dd.count(covered);
    if all < u128::MAX {
        return boxes.iter().fold(0u128, |sum, node| sum.saturating_add(lowered.dd.count(*node))) == all;
    }
    // Too many to count.
    let mut above = Diagrams::FALSE;
    boxes.iter().all(|node| {
        let apart = lowered.dd.disjoint(*node, above);
        above = lowered.dd.or(above, *node);
        apart
    })
}

/// The rules' own rows, in order.
fn by_rules(lowered: &mut Lowered<'_>, table: &Table) -> Proof {
    let model = lowered.model;
    let boxes: Vec<Node> = table
        .rows
        .iter()
        .map(|row| {
            let node = read(lowered, table, row);
            lowered.dd.and(node, lowered.space.valid)
        })
        .collect();
    let rest = model.decision(table.decision).default.map_or(Verdict::Undecided, Verdict::Is);
    let everything = |r: &Row| r.cells.iter().all(Option::is_none) && r.by.is_empty() && !r.overrides && !r.conflicts;
    let (complete, said) = match table.rows.split_last() {
        Some((last, said)) if everything(last) && last.output.result == Some(rest) => (true, said),
        _ => (false, &table.rows[..]),
    };
    let stages: Vec<Option<(u32, bool)>> = said.iter().map(|r| stage(table.decision, &r.output, r.overrides)).collect();
    let in_order = stages.is_sorted() && stages.iter().all(Option::is_some);
    let apart =
        |a: &Row, b: &Row| a.cells.iter().zip(&b.cells).any(|c| matches!(c, (Some(a), Some(b)) if a.is_disjoint(b)));
    let mut marked = true;
    for (i, row) in said.iter().enumerate() {
        let against = |k: &usize| {
            let other = &said[*k];
            !other.overrides && other.output.result != row.output.result && !apart(row, other)
        };
        let conflicts =
            !row.overrides && (i + 1..said.len()).filter(against).any(|k| !lowered.dd.disjoint(boxes[i], boxes[k]));
        marked &= conflicts == row.conflicts;
    }
    let own = said.iter().all(|r| r.by.len() == 1 && r.output.duties.is_empty() && r.output.advice.is_empty());
    let equal = in_order && marked && own && collected(lowered, table, &boxes);
    let finished = !lowered.dd.exhausted();
    let kinds = lowered.dd.count(lowered.space.valid);
    Proof { disjoint: true, complete, equal, finished, rows: table.rows.len(), kinds }
}

/// The cases of each row: for ordered rows those that no row above has.
pub fn row_regions(lowered: &mut Lowered<'_>, table: &Table) -> Vec<Node> {
    let mut above = Diagrams::FALSE;
    let mut regions = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let node = read(lowered, table, row);
        let mut node = lowered.dd.and(node, lowered.space.valid);
        if table.hit == Hit::First {
            node = lowered.dd.diff(node, above);
            above = lowered.dd.or(above, node);
        }
        regions.push(node);
    }
    regions
}

/// The assignments of a row.
fn read(lowered: &mut Lowered<'_>, table: &Table, row: &Row) -> Node {
    read_cells(&mut lowered.dd, &table.axes, &row.cells)
}

/// The assignments that have one of these cells on every axis.
pub(super) fn read_cells(dd: &mut Diagrams, axes: &[AxisNote], cells: &[Option<Bits>]) -> Node {
    let mut parts = Vec::new();
    for (axis, set) in axes.iter().zip(cells) {
        if let Some(set) = set {
            parts.push(fuse::node(dd, &axis.axes, &axis.cells, set));
        }
    }
    dd.and_all(&parts)
}

/// The union of the boxes of the rows that satisfy a condition.
fn union(lowered: &mut Lowered<'_>, table: &Table, boxes: &[Node], wanted: &dyn Fn(&Row) -> bool) -> Node {
    let nodes: Vec<Node> = table.rows.iter().zip(boxes).filter(|(row, _)| wanted(row)).map(|(_, node)| *node).collect();
    lowered.dd.or_all(&nodes)
}

/// Unique and first: results, duties and advice are where the rules have them.
fn decided(lowered: &mut Lowered<'_>, table: &Table, boxes: &[Node]) -> bool {
    let model = lowered.model;
    let sets = lowered.decision(table.decision);
    let mut wanted: Vec<(Verdict, Node)> =
        sets.result.iter().enumerate().map(|(v, node)| (Verdict::Is(v as u32), *node)).collect();
    wanted.push((Verdict::Conflict, sets.conflict));
    wanted.push((Verdict::Undecided, sets.undecided));
    let mut equal = true;
    for (verdict, node) in wanted {
        equal &= union(lowered, table, boxes, &|row| row.output.result == Some(verdict)) == node;
    }
    if super::carries_duties(model, table.decision) {
        for (i, node) in lowered.duties().into_iter().enumerate() {
            equal &= union(lowered, table, boxes, &|row| row.output.duties.iter().any(|d| d.index() == i)) == node;
        }
        for clause in model.clause_ids() {
            for (i, node) in lowered.advice[clause.index()].clone().into_iter().enumerate() {
                equal &= union(lowered, table, boxes, &|row| row.output.advice.contains(&(clause, i))) == node;
            }
        }
    }
    equal
}

/// Collect: each rule's rows say what the rule says, where it stands.
fn collected(lowered: &mut Lowered<'_>, table: &Table, boxes: &[Node]) -> bool {
    let model = lowered.model;
    let mut own: Vec<Vec<usize>> = vec![Vec::new(); model.clauses.len()];
    for (i, row) in table.rows.iter().enumerate() {
        row.by.iter().chain(&row.also).for_each(|c| own[c.index()].push(i));
    }
    let mut equal = true;
    for clause in model.clause_ids() {
        let own = &own[clause.index()];
        let union = |lowered: &mut Lowered<'_>, wanted: &dyn Fn(&Row) -> bool| {
            let nodes: Vec<Node> = own.iter().filter(|i| wanted(&table.rows[**i])).map(|i| boxes[*i]).collect();
            lowered.dd.or_all(&nodes)
        };
        let said = model.clause(clause).outcome.as_ref().is_some_and(|o| o.decision == table.decision);
        let values = if said { model.decision(table.decision).values.len() as u32 } else { 0 };
        for value in 0..values {
            let node = lowered.says(clause, value);
            let is = |row: &Row| by(row, clause) && !row.overrides && row.output.result == Some(Verdict::Is(value));
            equal &= union(lowered, &is) == node;
        }
        if table.decision == VERDICT {
            let fails = lowered.fails[clause.index()].clone();
            let fails = lowered.dd.or_all(&fails);
            let is = |row: &Row| by(row, clause) && row.overrides && row.output.result == Some(Verdict::Is(FORBID));
            equal &= union(lowered, &is) == fails;
            equal &= union(lowered, &|r| by(r, clause) && r.overrides && r.output.result == Some(Verdict::Is(PERMIT)))
                == Diagrams::FALSE;
        }
        if super::carries_duties(model, table.decision) {
            for duty in (0..model.duties.len()).map(|d| crate::model::DutyId(d as u32)) {
                let node = super::collect::obliged(lowered, clause, duty);
                let is = |row: &Row| row.also.contains(&clause) && row.output.duties.contains(&duty);
                equal &= union(lowered, &is) == node;
            }
            for (i, node) in lowered.advice[clause.index()].clone().into_iter().enumerate() {
                equal &= union(lowered, &|row| row.output.advice.contains(&(clause, i))) == node;
            }
        }
    }
    equal
}

fn by(row: &Row, clause: ClauseId) -> bool {
    row.by.contains(&clause)
}

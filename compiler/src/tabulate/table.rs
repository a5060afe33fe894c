//! The nouns of a decision table: columns, rows, outputs, the rules behind them.
//!
//! A table carries both its meaning (cells of axes, ids of outputs) and its words, so that formats need nothing else.

use crate::decide::Verdict;
use crate::model::{Bits, ClauseId, DecisionId, DutyId, FactId};
use crate::space::{AxisId, AxisKind, Cell};

/// How rows and cases meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hit {
    /// Every case is in exactly one row.
    Unique,
    /// The first row that fits decides.
    First,
    /// Every row that fits counts: the rows of one rule say what that rule says.
    Collect,
}

impl Row {
    /// The result in words; a failed requirement among the rules' own rows forbids whatever else is said.
    pub fn says(&self) -> String {
        match (self.overrides, self.conflicts) {
            (true, _) => format!("{}, whatever permits it", self.result),
            (false, true) => format!("{}, or conflict", self.result),
            (false, false) => self.result.clone(),
        }
    }
}

impl Hit {
    pub fn name(self) -> &'static str {
        match self {
            Hit::Unique => "unique",
            Hit::First => "first",
            Hit::Collect => "collect",
        }
    }

    /// How to read the rows, as a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Hit::Unique => "every case is in exactly one row",
            Hit::First => "the first row that fits decides",
            Hit::Collect => "every row that fits counts",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Table {
    pub decision: DecisionId,
    pub hit: Hit,
    /// The rows are the rules' own, in the order in which they count; only of ordered tables, see `ordered`.
    pub from_rules: bool,
    /// The decision's name, `verdict`, and its title.
    pub name: String,
    pub title: Option<String>,
    /// The values that the decision can have, in order.
    pub values: Vec<String>,
    /// The value where nothing speaks.
    pub default: Option<String>,
    pub policies: Vec<PolicyNote>,
    /// The axes that some row constrains, in column order.
    pub axes: Vec<AxisNote>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Duties are part of the outputs; there is a column for them if some row has one.
    pub duties: Vec<DutyNote>,
    /// The rules and exceptions that some row names, in source order.
    pub rules: Vec<RuleNote>,
    /// The facts of the columns that have a text of their own: name, text.
    pub legend: Vec<(String, String)>,
    /// Kinds of case that the table is about.
    pub kinds: u128,
    /// Filled in by `prove`.
    pub proof: Option<super::Proof>,
}

#[derive(Debug, Clone)]
pub struct PolicyNote {
    pub name: String,
    pub title: Option<String>,
    pub sources: Vec<String>,
}

/// A column: a fact, or what a fact is measured by.
#[derive(Debug, Clone)]
pub struct Column {
    pub title: String,
    /// Indexes into [`Table::axes`]; more than one for a set of many blocks, which share a column.
    pub axes: Vec<usize>,
}

/// What rows constrain: an axis of the space, or all axes of a set together.
#[derive(Debug, Clone)]
pub struct AxisNote {
    /// One, or several of a set.
    pub axes: Vec<AxisId>,
    /// Of the first axis.
    pub kind: AxisKind,
    pub title: String,
    pub facts: Vec<FactId>,
    /// Each cell: one cell's number for each of the axes.
    pub cells: Vec<Vec<u32>>,
    /// By axis: its cells.
    pub parts: Vec<Vec<Cell>>,
}

impl AxisNote {
    /// What a cell says of each axis.
    pub fn said(&self, cell: usize) -> Vec<&Cell> {
        let numbers = self.cells.get(cell).into_iter().flatten();
        self.parts.iter().zip(numbers).filter_map(|(part, c)| part.get(*c as usize)).collect()
    }
}

#[derive(Debug, Clone)]
pub struct Row {
    /// By axis of the table: the cells it is about, `None` where the axis does not matter.
    pub cells: Vec<Option<Bits>>,
    /// By column.
    pub texts: Vec<String>,
    pub output: Output,
    /// By value of the output, the words for it: `permit`, `conflict`, `undecided`; empty in rows without a result.
    pub result: String,
    pub duties: Vec<String>,
    pub advice: Vec<String>,
    /// The clauses that decide in some case of the row, ascending.
    pub by: Vec<ClauseId>,
    /// The clauses that give its duties and advice, ascending.
    pub also: Vec<ClauseId>,
    /// In some case of the row the default decides.
    pub by_default: bool,
    /// Collect only: a failed requirement, which forbids whatever else is said.
    pub overrides: bool,
    /// Only in rows that are rules' own: where a later row with another result fits, too, and is not the last, the case is
    /// a conflict. There are such cases.
    pub conflicts: bool,
    /// Kinds of case that the row is about; `None` in ordered rows that are rules' own, where they are not counted.
    pub kinds: Option<u128>,
}

/// What a case gets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Output {
    /// `None` in rows of `Collect` tables that only give duties or advice.
    pub result: Option<Verdict>,
    pub duties: Vec<DutyId>,
    /// (clause, index into its advice)
    pub advice: Vec<(ClauseId, usize)>,
}

#[derive(Debug, Clone)]
pub struct DutyNote {
    pub duty: DutyId,
    pub name: String,
    pub title: Option<String>,
}

#[derive(Debug, Clone)]
pub struct RuleNote {
    pub clause: ClauseId,
    pub path: String,
    pub title: Option<String>,
    pub cites: Vec<String>,
}

impl Table {
    /// How to read the rows, as a sentence.
    pub fn meaning(&self) -> String {
        let mut text = self.hit.meaning().to_string();
        if self.rows.iter().any(|r| r.conflicts) {
            text.push_str(
                "; where it says \"or conflict\" and a later row but the last gives another result, too, the rules conflict",
            );
        }
        text
    }

    /// Why the rows are the rules' own, as a sentence.
    pub fn reason(&self) -> Option<&'static str> {
        self.from_rules.then_some(
            "the cases are too many to be put together into rows, so each row is a rule's, in the order in which they count",
        )
    }

    pub fn rule(&self, clause: ClauseId) -> Option<&RuleNote> {
        self.rules.iter().find(|r| r.clause == clause)
    }

    /// The rules of a row as words: their paths, and "default".
    pub fn deciders(&self, row: &Row) -> Vec<String> {
        let mut clauses: Vec<ClauseId> = row.by.iter().chain(&row.also).copied().collect();
        clauses.sort_unstable();
        clauses.dedup();
        let mut names: Vec<String> = clauses.into_iter().filter_map(|c| self.rule(c)).map(|r| r.path.clone()).collect();
        if row.by_default {
            names.push("by default".to_string());
        }
        names
    }
}

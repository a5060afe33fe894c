//! A row -> the same cases with the columns a person expects.
//!
//! Three steps that change no case: a fact that exists only under a condition gives way to the facts of that condition
//! (`channel: email` instead of "account: any"); constraints that the others imply go; cells that no case of the row has go.

use super::boxes::BoxRow;
use super::fuse::Fused;
use super::partition::Levels;
use crate::diagram::{Diagrams, Node};
use crate::model::show::{self, HeadFacts};
use crate::model::{Bits, FactId, Model};
use crate::space::Space;

pub struct Tidier<'a> {
    fused: &'a Fused,
    levels: &'a Levels,
    dd: &'a mut Diagrams,
    valid: Node,
    head: HeadFacts,
    /// By level: its facts.
    facts: Vec<Vec<FactId>>,
    /// By fact: the facts on which its existence depends.
    depends: Vec<Vec<FactId>>,
}

impl<'a> Tidier<'a> {
    pub fn new(
        model: &Model,
        space: &Space,
        fused: &'a Fused,
        levels: &'a Levels,
        dd: &'a mut Diagrams,
        valid: Node,
    ) -> Self {
        let facts = (0..fused.axes.len()).map(|l| {
            let (a, b) = fused.kind(space, l).facts();
            std::iter::once(a).chain(b).collect()
        });
        let depends = model.facts.iter().map(|f| match &f.exists_if {
            Some(cond) => show::fact_facts(model, cond),
            None => Vec::new(),
        });
        let (facts, depends) = (facts.collect(), depends.collect());
        Self { fused, levels, dd, valid, head: HeadFacts::of(model), facts, depends }
    }

    pub fn tidy(&mut self, row: &mut BoxRow) {
        let mut order: Vec<usize> = (0..row.cells.len()).collect();
        order.sort_by_key(|l| std::cmp::Reverse(self.levels.rank[*l]));
        for &level in &order {
            self.explain(row, level);
        }
        for &level in &order {
            self.leave_out(row, level);
        }
        for &level in &order {
            self.trim(row, level);
        }
    }

    /// The facts on which existence depends are said, too: `channel: email` beside `account: district`. Where the
    /// constraint itself is about nothing but existence, or about a value or absence, it goes if that says the same.
    fn explain(&mut self, row: &mut BoxRow, level: usize) {
        let (Some(cells), Some(absent)) = (&row.cells[level], self.levels.absent[level]) else { return };
        let size = self.fused.cells[level].len();
        let has_value = !cells.contains(absent as usize) && cells.len() < size - 1;
        let deciding: Vec<usize> = (0..row.cells.len())
            .filter(|l| {
                *l != level
                    && self.facts[*l].len() == 1
                    && self.facts[level].iter().any(|f| self.depends[f.index()].contains(&self.facts[*l][0]))
            })
            .collect();
        let before = self.cases(row);
        let mut other = row.clone();
        for l in deciding {
            let seen = self.seen(&other, l);
            other.cells[l] = (seen.len() < self.fused.cells[l].len()).then_some(seen);
        }
        if has_value {
            *row = other;
            return;
        }
        other.cells[level] = None;
        if self.cases(&other) == before {
            *row = other;
        }
    }

    /// Drops a constraint that rules out no case. A head's stays, and so does a fact's on which another's existence depends.
    fn leave_out(&mut self, row: &mut BoxRow, level: usize) {
        let Some(cells) = row.cells[level].clone() else { return };
        let facts = &self.facts[level];
        let needed = facts.iter().any(|f| {
            self.head.contains(*f)
                || row.cells.iter().enumerate().any(|(l, cells)| {
                    cells.is_some() && self.facts[l].iter().any(|g| g != f && self.depends[g.index()].contains(f))
                })
        });
        if needed {
            return;
        }
        row.cells[level] = Some(cells.complement(self.fused.cells[level].len()));
        let free = row.misses(self.dd, self.valid);
        row.cells[level] = (!free).then_some(cells);
    }

    /// Drops the cells that no case of the row has. Ranges keep theirs: they have fewer ends.
    fn trim(&mut self, row: &mut BoxRow, level: usize) {
        let Some(cells) = row.cells[level].clone() else { return };
        if self.levels.ordered[level] || cells.len() == 1 {
            return;
        }
        let seen = self.seen(row, level);
        row.cells[level] = Some(if seen.is_empty() { cells } else { seen });
    }

    /// The cells of a level that cases of the row have.
    fn seen(&self, row: &BoxRow, level: usize) -> Bits {
        let seen = row.cells_of(self.dd, self.valid, level);
        match &row.cells[level] {
            Some(cells) => cells.intersection(&seen),
            None => seen,
        }
    }

    fn cases(&mut self, row: &BoxRow) -> Node {
        let node = row.node(self.dd);
        self.dd.and(node, self.valid)
    }
}

//! Some sets of cases -> few disjoint rows in the policy's words, for tables that are not about what is decided.
//!
//! The function has a number for each set and one more for the cases that no row is wanted of; 0 where there is no case.
//! Each set's rows are read back: together they must be the set.

use super::boxes::BoxRow;
use super::partition::{estimate, some};
use super::*;

#[derive(Debug, Clone)]
pub struct Regions {
    pub axes: Vec<AxisNote>,
    pub columns: Vec<Column>,
    pub rows: Vec<Region>,
    /// The facts of the columns that have a text of their own: name, text.
    pub legend: Vec<(String, String)>,
    /// The rows are the sets.
    pub proved: bool,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Region {
    /// By axis of `axes`.
    pub cells: Vec<Option<Bits>>,
    /// By column.
    pub texts: Vec<String>,
    /// The number of its set.
    pub set: usize,
    pub cases: Node,
}

/// The rows of disjoint sets of valid cases; `None` where these would be more than `most`, or the work too much.
pub fn regions(lowered: &mut Lowered<'_>, sets: &[Node], most: u64) -> Option<Regions> {
    let model = lowered.model;
    let mut g = lowered.dd.terminal(sets.len() as u32 + 1);
    for (i, node) in sets.iter().enumerate() {
        let terminal = lowered.dd.terminal(i as u32 + 1);
        g = lowered.dd.ite(*node, terminal, g);
    }
    let valid = lowered.space.valid;
    g = lowered.dd.ite(valid, g, Diagrams::FALSE);
    let fused = Fused::new(&lowered.space, &lowered.dd, &[g, valid]);
    let levels = levels(model, &lowered.space, &fused);
    let mut work = Diagrams::new(fused.sizes(), WORK_NODES);
    let mut converted = FxHashMap::default();
    let g = fused.convert(&mut lowered.dd, g, &mut work, &mut converted);
    let valid = fused.convert(&mut lowered.dd, valid, &mut work, &mut converted);
    let outputs: Vec<u32> = (1..=sets.len() as u32).collect();
    if lowered.dd.exhausted() || work.exhausted() || estimate(&mut work, g, &levels, &outputs) > most {
        return None;
    }
    let mut boxes: Vec<BoxRow> = some(&mut work, g, &levels, &outputs);
    tidy(lowered, &fused, &levels, &mut work, valid, &mut boxes.iter_mut().collect::<Vec<_>>());
    if work.exhausted() {
        return None;
    }
    let nothing = Output { result: None, duties: Vec::new(), advice: Vec::new() };
    let raw = |cells: BoxRow| Raw { cells, output: nothing.clone(), source: None, conflicts: false };
    let mut raw: Vec<Raw> = boxes.into_iter().map(raw).collect();
    sort(&mut raw, Hit::Unique, &levels);
    raw.sort_by_key(|r| r.cells.output);
    let mut used: Vec<usize> =
        (0..fused.axes.len()).filter(|l| raw.iter().any(|r| r.cells.cells[*l].is_some())).collect();
    used.sort_by_key(|l| levels.rank[*l]);
    let axes: Vec<AxisNote> = used.iter().map(|l| axis_note(model, &lowered.space, &fused, *l)).collect();
    let columns = columns(&axes);
    let mut words = Words::default();
    let mut rows = Vec::with_capacity(raw.len());
    let mut read: Vec<Vec<Node>> = vec![Vec::new(); sets.len()];
    let mut apart = true;
    for row in raw {
        let cells: Vec<Option<Bits>> = used.iter().map(|l| row.cells.cells[*l].clone()).collect();
        let node = prove::read_cells(&mut lowered.dd, &axes, &cells);
        let cases = lowered.dd.and(node, lowered.space.valid);
        let texts = columns.iter().map(|c| cell_words(model, &mut words, &axes, c, &cells)).collect();
        let set = row.cells.output as usize - 1;
        read[set].push(cases);
        rows.push(Region { cells, texts, set, cases });
    }
    for (set, nodes) in sets.iter().zip(&read) {
        let all = lowered.dd.or_all(nodes);
        let count = lowered.dd.count(all);
        let sum = nodes.iter().fold(0u128, |sum, node| sum.saturating_add(lowered.dd.count(*node)));
        apart &= all == *set && (count == sum || count == u128::MAX);
    }
    let proved = apart && !lowered.dd.exhausted();
    Some(Regions { legend: legend(model, &axes), axes, columns, rows, proved })
}

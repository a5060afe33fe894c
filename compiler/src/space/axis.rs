//! Axes and their cells.

use crate::model::{Bits, FactId, PeriodId, Unit};

/// One level of the diagrams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    pub kind: AxisKind,
    /// At least one; never empty classes.
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AxisKind {
    /// A yes/no fact: cells `Bool`, no before yes.
    YesNo(FactId),
    /// A choice: cells `Values`.
    Choice(FactId),
    /// A number, date, time or datetime, cut where conditions compare it: cells `Ranges`.
    Range(FactId),
    /// The weekday of a date or datetime: cells `Days`.
    Weekday(FactId),
    /// Whether a date or datetime lies in a period: cells `Bool`, outside before inside.
    Within(FactId, PeriodId),
    /// Whether a set has an element of one block of elements, the block's number: cells `Block`, without before with; the
    /// blocks are the classes of elements that no condition tells apart. Where conditions ask nothing of a set but whether
    /// it exists, it has one axis whose only block is empty.
    Member(FactId, u32),
    /// A distance from one fact to another: cells `Ranges`. One axis for both directions, except in months, where there is
    /// not the opposite of back.
    Distance(FactId, FactId, Unit),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cell {
    Bool(bool),
    /// Indexes into the fact's domain.
    Values(Bits),
    /// Intervals with both ends included, sorted; for distances `i64::MIN` and `i64::MAX` are open ends.
    Ranges(Vec<(i64, i64)>),
    /// Bit 0 is Monday.
    Days(u8),
    /// The member axis of this block: the elements, with whether the set has one of them.
    Block(Bits, bool),
    /// The fact (for a distance: one of the two) does not exist here. Always the last cell.
    Absent,
}

impl Axis {
    /// The cell that says the fact is absent, if it can be.
    pub fn absent(&self) -> Option<u32> {
        (self.cells.last() == Some(&Cell::Absent)).then(|| self.cells.len() as u32 - 1)
    }

    /// The cells in which the fact exists.
    pub fn present(&self) -> Bits {
        Bits::below(self.cells.len() - usize::from(self.absent().is_some()))
    }

    /// The cells that a condition with the value of one cell holds in: "not recorded" also holds where there is nothing to
    /// record, since it does not say that the fact exists.
    pub fn told(&self, cell: u32) -> Bits {
        let mut cells = Bits::one(cell as usize);
        let no = matches!(self.kind, AxisKind::YesNo(_)) && self.cells.get(cell as usize) == Some(&Cell::Bool(false));
        if let Some(absent) = self.absent().filter(|_| no) {
            cells.insert(absent as usize);
        }
        cells
    }

    /// The cells that satisfy `test`; never the absent one.
    pub fn cells_where(&self, test: impl Fn(&Cell) -> bool) -> Bits {
        let holds = |c: &Cell| *c != Cell::Absent && test(c);
        self.cells.iter().enumerate().filter(|(_, c)| holds(c)).map(|(i, _)| i).collect()
    }
}

impl AxisKind {
    /// The facts it speaks of: one, or two for a distance.
    pub fn facts(self) -> (FactId, Option<FactId>) {
        match self {
            AxisKind::YesNo(f)
            | AxisKind::Choice(f)
            | AxisKind::Range(f)
            | AxisKind::Weekday(f)
            | AxisKind::Within(f, _)
            | AxisKind::Member(f, _) => (f, None),
            AxisKind::Distance(from, to, _) => (from, Some(to)),
        }
    }

    /// The same distance seen from its other end; `None` where that is another question.
    pub fn reversed(self) -> Option<AxisKind> {
        match self {
            AxisKind::Distance(_, _, Unit::Months) => None,
            AxisKind::Distance(from, to, unit) => Some(AxisKind::Distance(to, from, unit)),
            _ => None,
        }
    }
}

/// The values of cells of a choice.
pub fn values(cells: &[&Cell]) -> Bits {
    let mut values = Bits::new();
    for cell in cells {
        if let Cell::Values(v) = cell {
            values.extend(v);
        }
    }
    values
}

/// The intervals of several cells, neighbours joined.
pub fn intervals(cells: &[&Cell]) -> Vec<(i64, i64)> {
    let ranges = cells.iter().flat_map(|c| if let Cell::Ranges(r) = c { r.as_slice() } else { &[] });
    let mut all: Vec<(i64, i64)> = ranges.copied().collect();
    all.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (a, b) in all {
        match joined.last_mut() {
            Some(last) if last.1 == i64::MAX || last.1 + 1 >= a => last.1 = last.1.max(b),
            _ => joined.push((a, b)),
        }
    }
    joined
}

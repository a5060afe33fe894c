//! Axes and their cells.

use crate::model::{Bits, FactId, PeriodId, Unit};

/// One level of the diagrams.
#[derive(Debug, Clone)]
pub struct Axis {
    pub kind: AxisKind,
    /// At least one; never empty classes.
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AxisKind {
    /// A yes/no fact: cells `Bool`.
    YesNo(FactId),
    /// A choice: cells `Values`.
    Choice(FactId),
    /// A number, date, time or datetime, cut where conditions compare it: cells `Ranges`.
    Range(FactId),
    /// The weekday of a date or datetime: cells `Days`.
    Weekday(FactId),
    /// Whether a date or datetime lies in a period: cells `Bool`.
    Within(FactId, PeriodId),
    /// Whether a set has an element of one block of elements, the block's number: cells `Block`; the blocks are the
    /// classes of elements that no condition tells apart.
    Member(FactId, u32),
    /// A distance from one fact to another: cells `Ranges`.
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
}

//! The space of cases as axes and cells.
//!
//! Every fact becomes one axis or several; every axis is cut into **cells**, the classes of values that no condition of
//! the policy tells apart. A **kind of case** is one cell for each axis, less what cannot be: `valid` is the diagram of
//! the assignments that some case has. It rules out by `assume`, by facts that exist only in some cases, and by time:
//! the cells of datetimes and of the distances between them are checked together, exactly (see `time`).
//!
//! `build` makes a space, `lower_cond` a diagram of a condition, `Space::locate` and `Space::case` go from cases to
//! assignments and back, `show` puts cells into words. Must not know rules; it gets the conditions in use as a list.

pub mod axis;
pub mod build;
mod choose;
pub mod cond;
mod hull;
mod moments;
mod order;
mod solve;
mod tally;
mod time;
mod uses;
mod values;
pub mod witness;

#[cfg(test)]
mod tests;

pub use axis::{Axis, AxisKind, Cell};
pub use build::{build, fits};
pub use cond::{Memo, lower_cond, lower_with_hull};
pub use hull::{Hull, hull, is_box};
pub use tally::Tally;

use crate::diagram::Node;
use crate::model::FactId;
use moments::Moments;
use std::sync::Arc;

/// Index into [`Space::axes`]; also the level of the diagrams.
pub type AxisId = usize;

#[derive(Debug, Clone)]
pub struct Space {
    /// In the order of the diagrams' levels.
    pub axes: Vec<Axis>,
    /// The axes of each fact; a distance belongs to both its facts. Empty for facts that no condition speaks of.
    pub of_fact: Vec<Vec<AxisId>>,
    /// The assignments that some case has.
    pub valid: Node,
    /// The same without the assumptions.
    pub possible: Node,
    /// Empty nearly always; else `valid` may hold assignments that no case has, and the caller says so (code O9001).
    pub unfinished: Vec<Entangled>,
    /// By axis: of a choice, the cell of each value; else empty.
    cells_of: Vec<Vec<u32>>,
    /// By axis: of a number or moment cut into one interval a cell, where each cell begins; else empty.
    starts: Vec<Vec<i64>>,
    /// What is known of numbers and moments beyond their cells.
    moments: Arc<Moments>,
    /// By fact: some condition speaks of it.
    spoken: Vec<bool>,
}

/// Facts that are measured from one another in more ways than could be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entangled {
    /// In the order of the model's axes.
    pub facts: Vec<FactId>,
    /// They were too many for the budget; otherwise they are too many for any.
    pub budget: bool,
}

impl Space {
    pub fn axes_of(&self, fact: FactId) -> &[AxisId] {
        &self.of_fact[fact.index()]
    }

    /// The axis of this kind; for distances in either direction.
    pub fn find(&self, kind: AxisKind) -> Option<AxisId> {
        let axes = self.of_fact.get(kind.facts().0.index())?;
        axes.iter().copied().find(|&a| self.axes[a].kind == kind || self.axes[a].kind.reversed() == Some(kind))
    }
}

//! The space of cases as axes and cells.
//!
//! Every fact becomes one axis or several; every axis is cut into **cells**, the classes of values that no condition of
//! the policy tells apart. A **kind of case** is one cell for each axis, less what cannot be: `valid` is the diagram of
//! the assignments that some case has. It rules out by `assume`, by facts that exist only in some cases, and by time:
//! the cells of datetimes and of the distances between them are checked together, exactly (see `time`).
//!
//! Must not know rules; it gets the conditions in use as a list.

pub mod axis;
pub mod build;
pub mod time;
pub mod witness;

pub use axis::{Axis, AxisKind, Cell};

use crate::diagram::Node;
use crate::model::FactId;

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
}

impl Space {
    pub fn axes_of(&self, fact: FactId) -> &[AxisId] {
        &self.of_fact[fact.index()]
    }
}

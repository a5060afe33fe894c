//! Conditions in use -> axes and cells.
use super::*;
use crate::diagram::Diagrams;
use crate::model::{Cond, Model};

/// Cuts the facts by the conditions of the model (`conditions` besides those the model has) and finds the valid
/// assignments. The diagrams get one level an axis and the given node limit.
pub fn build(model: &Model, conditions: &[&Cond], limit: usize) -> (Space, Diagrams) {
    todo!()
}

//! Assignments -> cases a person would choose, and back.
use super::*;
use crate::diagram::{Assignment, Diagrams};
use crate::model::{Case, Model};

impl Space {
    /// The assignment (cells) that a case falls into. Every legal case has one.
    pub fn locate(&self, model: &Model, case: &Case) -> Assignment {
        todo!()
    }

    /// A case that falls into a valid assignment, with values a person would choose: round numbers or the boundary itself,
    /// weekday mornings, the smallest sets. `None` only if the assignment is not valid.
    pub fn case(&self, model: &Model, assignment: &[u32]) -> Option<Case> {
        todo!()
    }
}

//! Contradictory duties: two that exclude one another follow in one case.

use super::{Finding, Kind};
use crate::lower::Lowered;
use crate::model::*;

pub fn find(lowered: &mut Lowered<'_>) -> Vec<Finding> {
    let model = lowered.model;
    let mut found = Vec::new();
    for (i, duty) in model.duties.iter().enumerate() {
        let a = DutyId(i as u32);
        for &b in duty.excludes.iter().filter(|b| a < **b) {
            let (x, y) = (lowered.duties[a.index()], lowered.duties[b.index()]);
            if !lowered.dd.disjoint(x, y) {
                let region = lowered.dd.and(x, y);
                found.push(Finding::new(Kind::DutiesContradict { a, b }, region));
            }
        }
    }
    found
}

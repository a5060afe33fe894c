//! Contradictory duties: two that exclude one another follow in one case.

use super::{Finding, Found, Kind, Question};
use crate::diagram::Diagrams;
use crate::lower::Lowered;
use crate::model::*;

pub fn find(lowered: &mut Lowered<'_>, found: &mut Found) {
    for (i, duty) in lowered.model.duties.iter().enumerate() {
        let a = DutyId(i as u32);
        for &b in duty.excludes.iter().filter(|b| a < **b) {
            found.ask(lowered, Question::Duties, None, |lowered, findings| {
                let (x, y) = (lowered.duty(a), lowered.duty(b));
                let region = lowered.dd.and(x, y);
                if region != Diagrams::FALSE {
                    findings.push(Finding::new(Kind::DutiesContradict { a, b }, region));
                }
            });
        }
    }
}

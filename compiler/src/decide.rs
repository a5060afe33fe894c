//! The semantics of one case, straight from the rules. The reference: diagrams, tables, formats and witnesses are
//! checked against it. Must not know cells or diagrams.

use crate::model::*;

/// What one case gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// By decision.
    pub answers: Vec<Answer>,
    /// The duties that follow, ascending, without repeats.
    pub duties: Vec<DutyId>,
    /// The advice that follows: (clause, index into its advice), in order.
    pub advice: Vec<(ClauseId, usize)>,
    /// By clause: what became of it.
    pub status: Vec<Status>,
}

/// One decision's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub result: Verdict,
    /// The clauses whose word this is, ascending: for a conflict all that take part; for a permit turned by requirements
    /// the clauses with a failing requirement; empty where the default decides or nothing does.
    pub by: Vec<ClauseId>,
    /// The default decided.
    pub by_default: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// An index into the decision's values: for the verdict 0 permit, 1 forbid.
    Is(u32),
    Conflict,
    Undecided,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    DoesNotApply,
    /// By the exceptions that apply.
    Replaced(Vec<ClauseId>),
    Waived,
    /// A policy that it yields to speaks.
    Outranked(PolicyId),
    Stands {
        /// What it says of its decision: the value, after provisos.
        says: Option<u32>,
        /// Indexes of the provisos that fail.
        failing: Vec<usize>,
        /// Indexes of the requirements that fail.
        failing_requirements: Vec<usize>,
    },
}

/// Decides one case. The case has a value for every fact exactly where it exists (see [`check_case`]).
pub fn decide(model: &Model, case: &Case) -> Decided {
    todo!()
}

/// Whether a condition holds in a case.
pub fn holds(model: &Model, cond: &Cond, case: &Case) -> bool {
    todo!()
}

/// The signed distance between two values in a unit, see [`Unit`].
pub fn distance(model: &Model, from: (FactId, &Value), to: (FactId, &Value), unit: Unit) -> i64 {
    todo!()
}

/// Whether a moment (an instant for datetimes, else a day) lies in a period.
pub fn within(model: &Model, period: PeriodId, day: i64, minute: Option<i64>) -> bool {
    todo!()
}

/// What is wrong with a case: a fact without a value where it exists, a value where it is absent, out of range, or an
/// assumption that does not hold. Empty for legal cases.
pub fn check_case(model: &Model, case: &Case) -> Vec<String> {
    todo!()
}

//! Expectations and their coverage: every claim is proved or refuted over all cases, never sampled.
//!
//! An expectation has a **scope** S (its head and `when`, within the valid cases) and a **claimed** set C:
//!
//! | claim | C |
//! |---|---|
//! | `permit`, `approval is principal` | where the decision's final result, default included, is this |
//! | `undecided`, `conflict` | where the decision is |
//! | `obliges d` | where the duty d follows |
//! | … `by r` | of that, where r decides (see `Lowered::decides`; a requirement decides where it turns a permit or nothing into forbid), for duties where r is what obliges |
//!
//! It holds if S ⊆ C; with `some`, if S ∩ C is not empty. Without `some`, an empty S is vacuous: it holds and says nothing.
//!
//! **Coverage.** Only expectations that hold and are not vacuous count. What an expectation is *about* is S, or S ∩ C with
//! `some`. It depends on
//!
//! * a clause with an outcome or requirements, where the clause decides the claim's decision in some case it is about; for
//!   `obliges d`, where the clause obliges d there;
//! * a waiver, where it alone lifts a rule in some case it is about, and the rule would have said something else than what
//!   is decided there: another outcome, or a requirement that fails;
//! * a proviso, where in some case it is about the clause decides, this proviso fails, the clause's others hold, and nothing
//!   else forbids: without it the result would be another;
//! * a row of a table of the claim's decision, where the row has a case that it is about; for `obliges`, of the table that
//!   carries the duties.
//!
//! **Mutants.** Whether expectations would notice a mistake is tried: the policy is changed in one place (`mutate`), and
//! the changed one is held against the expectations that hold (`mutants`). A change that no claim could ever see is proved
//! to be one, and does not count.
//!
//! **What is missing.** Expectations for what is uncovered, and for changes that none would notice, are written as few as
//! there can be (`missing`): which things one expectation can cover together is found exactly (`wanted`, `general`), and
//! the fewest of these sets by a search that proves them the fewest (`cover`), or says how many are needed at least.
//!
//! Clauses that only advise are not counted: no claim can be about advice.

mod claim;
mod cover;
mod coverage;
mod general;
mod lcov;
mod missing;
mod mutants;
mod mutate;
mod page;
mod report;
mod wanted;

pub use claim::{ExpectationResult, Shown, prove, run};
pub use coverage::{Coverage, CoveredClause, CoveredProviso, CoveredRows, coverage};
pub use lcov::lcov;
pub use missing::{Missing, missing};
pub use mutants::{Fate, Mutants, Subject, Survivor, mutants};
pub use mutate::{Mutation, mutations};
pub use page::{THINGS, page};
pub use report::{findings, findings_of};

#[cfg(test)]
mod tests;

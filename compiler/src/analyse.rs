//! Rules over cells -> findings: what a careful lawyer would look for, proved.
//!
//! # Algorithm
//!
//! Every clause is a handful of sets of cases ([`Lowered`]): where it applies, remains, stands, what it says, where its
//! requirements fail, where it decides. Each is a decision diagram, so each question of this module is set algebra:
//!
//! | finding | the cases that show it |
//! |---|---|
//! | conflict of a and b | `says(a, v) ∧ says(b, w)` for two values v ≠ w |
//! | gap | `undecided` |
//! | never applies | `scope ∧ valid` is empty; the smallest empty subset of its parts is searched by size |
//! | exception never meets its rule | own scope has cases, `applies` has none |
//! | unreachable | `applies` has cases, `decides` and its duties and advice have none |
//! | redundant | without the rule, the answer in `decides` is the same and some rule gives it |
//! | exception without effect | what it says equals what its rule would say, wherever it applies |
//! | impossible requirement | `∃X permitted without it` less `∃X permitted`, X the facts it speaks of |
//! | contradictory duties | `duty(a) ∧ duty(b)` |
//! | part always true or false | `part ∧ context` equals `context` or is empty |
//!
//! # A worked trace
//!
//! `rule a { permit email }`, `rule b { forbid when personal }`: the axes are channel {email, other} and personal
//! {no, yes}. says(a, permit) = {email}×{no, yes}, says(b, forbid) = {email, other}×{yes}; their intersection is the one
//! cell (email, yes): conflict, 1 of 4 kinds of case. Undecided is (other, no): a gap, 1 of 4.
//!
//! # Cost and budget
//!
//! The diagrams are bounded by a node limit (`Options::budget`); where it is reached the finding is O9001 and no other
//! proof is claimed. Pairs are at most quadratic in the clauses that disagree somewhere; searches for the smallest set of
//! blockers or parts try sets of up to three and then shrink greedily, so those sets are minimal, and smallest up to three.
//!
//! Raw findings ([`Finding`]) say what is the case, in ids and sets, and are what the brute-force tests compare;
//! `report` turns them into messages with witnesses that `decide` replays.

pub mod conflict;
pub mod cover;
pub mod duty;
pub mod exception;
pub mod force;
pub mod gap;
pub mod parts;
pub mod reach;
pub mod redundant;
pub mod report;
pub mod requirement;
pub mod scope;

use crate::diagnostics::Diagnostic;
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use crate::source::{Sources, Span};

/// Something the compiler proved about the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    /// The cases that show it; empty where the finding is that there are none.
    pub region: Node,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// No case is left; these assumptions already contradict (indexes).
    NoCases {
        assumptions: Vec<usize>,
    },
    /// Two clauses say different things of one decision; `a < b`.
    Conflict {
        decision: DecisionId,
        a: ClauseId,
        b: ClauseId,
    },
    Gap {
        decision: DecisionId,
    },
    /// No case satisfies its condition; these parts of it already contradict.
    NeverApplies {
        clause: ClauseId,
        parts: Vec<Span>,
        statement: Option<Span>,
    },
    NeverInForce {
        clause: ClauseId,
    },
    ExceptionMisses {
        exception: ClauseId,
    },
    /// Applies, but decides nothing anywhere; `by` covers it.
    Unreachable {
        clause: ClauseId,
        by: Vec<ClauseId>,
    },
    /// Every case it decides is decided the same by others; `by` covers it.
    Redundant {
        clause: ClauseId,
        by: Vec<ClauseId>,
    },
    NoEffect {
        exception: ClauseId,
    },
    /// No choice of the facts it speaks of is permitted, though one would be without it.
    Impossible {
        clause: ClauseId,
        requirement: usize,
        by: Vec<ClauseId>,
    },
    DutiesContradict {
        a: DutyId,
        b: DutyId,
    },
    /// A part of a condition is the same wherever it matters. `implied`: only because facts it stands beside exist only
    /// where it holds.
    Always {
        place: Place,
        part: Span,
        value: bool,
        implied: bool,
    },
    /// A negative condition holds in cases in which the fact is absent.
    RestsOnAbsence {
        place: Place,
        part: Span,
        fact: FactId,
    },
    Expired {
        clause: ClauseId,
        until: i64,
    },
    NotYetInForce {
        clause: ClauseId,
        from: i64,
    },
    /// The node limit was reached.
    Budget,
}

/// Where a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Scope(ClauseId),
    /// When a statement of the clause is asked.
    When(ClauseId),
    Proviso(ClauseId, usize),
    Requirement(ClauseId, usize),
    Define(DefineId),
    Assumption(usize),
}

/// All findings about the rules, in a fixed order. `as_of` is a day.
pub fn findings(lowered: &mut Lowered<'_>, as_of: Option<i64>) -> Vec<Finding> {
    if let Some(finding) = scope::no_cases(lowered) {
        return vec![finding];
    }
    let mut found = Vec::new();
    for find in [
        scope::find,
        force::find,
        exception::find,
        conflict::find,
        gap::find,
        requirement::find,
        reach::find,
        redundant::find,
        duty::find,
        parts::find,
    ] {
        if lowered.dd.exhausted() {
            break;
        }
        let more = find(lowered);
        if !lowered.dd.exhausted() {
            found.extend(more);
        }
    }
    if let Some(day) = as_of {
        found.extend(force::as_of(lowered, day));
    }
    if lowered.dd.exhausted() || !lowered.space.unfinished.is_empty() {
        // What was computed past the limit is worthless, and a set that is too large may already have been used.
        found.retain(|f| matches!(f.kind, Kind::Expired { .. } | Kind::NotYetInForce { .. }));
        found.push(Finding { kind: Kind::Budget, region: Diagrams::FALSE });
    }
    found
}

/// All findings as diagnostics, expectations included.
pub fn analyse(lowered: &mut Lowered<'_>, sources: &Sources, as_of: Option<i64>) -> Vec<Diagnostic> {
    let found = findings(lowered, as_of);
    let stop = found.iter().any(|f| matches!(f.kind, Kind::Budget | Kind::NoCases { .. }));
    let mut diagnostics = report::report(lowered, sources, &found);
    if let Some(day) = as_of {
        diagnostics.extend(force::policies_as_of(lowered.model, day));
    }
    if !stop {
        diagnostics.extend(crate::expect::findings(lowered, sources));
    }
    diagnostics
}

impl Finding {
    fn new(kind: Kind, region: Node) -> Self {
        Self { kind, region }
    }

    fn about_nothing(kind: Kind) -> Self {
        Self { kind, region: Diagrams::FALSE }
    }
}

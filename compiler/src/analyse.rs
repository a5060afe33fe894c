//! Rules over cells -> findings: what a careful lawyer would look for, proved.
//!
//! # Algorithm
//!
//! Every clause is a handful of sets of cases ([`Lowered`]): where it applies, remains, stands, what it says, where its
//! requirements fail. Each is a small decision diagram, for it restricts a few facts. What a clause does depends only on
//! the clauses that it meets, so no question below looks at all clauses together but the gap:
//!
//! | finding | the cases that show it | from |
//! |---|---|---|
//! | conflict of a and b | `says(a, v) ∧ says(b, w)` for two values v ≠ w | the pairs that meet |
//! | gap | all cases less what clauses say and where requirements fail | a diagram, counting or search: `gap` |
//! | never applies | `scope ∧ valid` is empty; the smallest empty subset of its parts is searched by size | itself |
//! | exception never meets its rule | own scope has cases, `applies` has none | its rule |
//! | unreachable | `applies` has cases, `decides` and its duties and advice have none | exceptions, requirements, policies above |
//! | redundant | without the rule, the answer where it decides is the same and some rule gives it | its neighbours, as boxes |
//! | exception without effect | what it says equals what its rule would say, wherever it applies | its rule |
//! | impossible requirement | `∃X permitted without it` less `∃X permitted`, X the facts it speaks of | whoever speaks there |
//! | contradictory duties | `duty(a) ∧ duty(b)` | who obliges |
//! | part always true or false | `part ∧ context` equals `context` or is empty | itself |
//!
//! The engine, chosen by measurement (`docs/performance.md`):
//!
//! * **Ranked cells.** `space` cuts each fact into the classes of values that no condition tells apart, so numbers and dates
//!   become small integers, and dates that are measured from one another are checked together, exactly (`space::time`).
//! * **Neighbours** (`lower::near`). A box around each clause; who meets whom is read off lists where an axis parts the
//!   clauses, else off bit sets. A pair costs a few words, not a solver's call.
//! * **Diagrams** (`diagram`) of what is local: whether two words have a common case, what exceptions leave, witnesses,
//!   counts. Of everything together they are made only for tables, comparison and expectations (`lower::answers`).
//! * **Boxes** (`boxes`). What a rule says is mostly one box. Whether others cover it is a search with unit propagation;
//!   where that takes long, clauses for a solver that learns (`sat`). Where most rules meet most others, one solver is told
//!   all of them and asked about each, and who covers the redundant ones is found out last (`redundant::wide`). Rows of
//!   tables are counted (`boxes::count`).
//! * **Edits.** What is known of clauses that an edit cannot have touched is taken over (`again`), and whether the facts are
//!   cut as before is counted, not found by cutting them (`space::tally`).
//!
//! # A worked trace
//!
//! `rule a { permit email }`, `rule b { forbid when personal }`: the axes are channel {email, other} and personal
//! {no, yes}. The boxes are a = {email}×{no, yes} and b = {email, other}×{yes}; on each axis they have a cell in common, so
//! they are neighbours. says(a, permit) ∧ says(b, forbid) is the one cell (email, yes): conflict, 1 of 4 kinds of case. No
//! other permit meets a, so the part (email, no) of it is left, and a is needed; so is b. Undecided is what both leave,
//! (other, no): a gap, 1 of 4.
//!
//! # Cost and budget
//!
//! With n clauses of which each meets k others and restricts d facts, everything but gaps is about n·k·d steps; k is small
//! where some fact parts the clauses and n where all are about everything, when the conflicts alone are n². Whether boxes
//! cover a box is coNP-complete in the number of facts, and so are gaps.
//!
//! So each question about each clause has a budget of steps (`Options::budget`): calls that a diagram could not answer from
//! what it knew, every fourth box looked at, clauses learnt. Where it does not suffice, that question is a finding (O9001)
//! that names the rules, and everything else is found as ever ([`Found::ask`]). Steps do not depend on the machine, and
//! tests pin them.
//! Searches for the smallest set of blockers or parts try one, two and three, guided by a place that is still open, and then
//! shrink greedily: those sets are minimal, and smallest up to three; of redundant rules with more than sixty neighbours
//! they are minimal.
//!
//! Raw findings ([`Finding`]) say what is the case, in ids, and are what the brute-force tests compare; the cases of each are
//! worked out where someone asks. `report` turns them into messages with witnesses that `decide` replays.

pub mod again;
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

use crate::beside::side_by_side;
use crate::diagnostics::Diagnostic;
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use crate::source::{Sources, Span};
use again::Past;
use std::collections::BTreeMap;

/// Something the compiler proved about the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    cases: Cases,
}

/// The cases that show a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cases {
    /// There are none: that is the finding.
    None,
    These(Node),
    /// Some of them, and how many there are in all, if that is known.
    Some(Node, Option<u128>),
    /// Worked out where someone asks.
    Asked,
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
    /// The budget did not suffice for this question about these clauses; about the policy as a whole if there are none.
    Budget {
        question: Question,
        clauses: Vec<ClauseId>,
    },
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

/// What is asked, of each clause or of the policy as a whole. Each question has a budget of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Where the rules apply at all; nothing else is asked without it.
    Lowering,
    /// Never applies, never in force.
    Scopes,
    Exceptions,
    Conflicts,
    Gaps,
    Requirements,
    Unreachable,
    Redundant,
    Duties,
    Parts,
}

/// Policies of fewer clauses are not worth a thread.
const SMALL: usize = 200;
/// Steps of a search for what boxes leave, and of counting it, that cost as much as one step of a budget.
const CHEAP: u64 = 4;

/// What was found so far, and what could not be decided.
#[derive(Debug, Default)]
pub struct Found {
    pub findings: Vec<Finding>,
    gave_up: BTreeMap<Question, Vec<ClauseId>>,
    /// What is known from before an edit.
    past: Option<Past>,
    /// By clause, whether it was seen to decide something that nobody else does.
    needed: Vec<bool>,
    /// Some requirement leaves no choice, whether or not that is told.
    impossible: bool,
    /// A fresh start might tell the same otherwise.
    unsure: bool,
}

impl Found {
    /// How many questions could not be decided.
    pub fn unfinished(&self) -> usize {
        self.gave_up.len()
    }

    /// Asks a question within its budget. Where that does not suffice, or nobody wants to know any more, nothing of it is
    /// kept, and what was asked is noted.
    pub fn ask<'m, T>(
        &mut self,
        lowered: &mut Lowered<'m>,
        question: Question,
        clause: impl Into<Option<ClauseId>>,
        answer: impl FnOnce(&mut Lowered<'m>, &mut Vec<Finding>) -> T,
    ) -> Option<T> {
        if !lowered.dd.stopped() {
            let (mark, before) = (lowered.dd.begin(), self.findings.len());
            let result = answer(lowered, &mut self.findings);
            if !lowered.dd.exhausted() {
                return Some(result);
            }
            self.findings.truncate(before);
            lowered.roll_back(mark);
        }
        self.gave_up.entry(question).or_default().extend(clause.into());
        None
    }

    /// A question about a clause could not be decided.
    pub fn give_up(&mut self, question: Question, clause: ClauseId) {
        self.gave_up.entry(question).or_default().push(clause);
    }
}

/// All findings about the rules, in a fixed order. `as_of` is a day.
pub fn findings(lowered: &mut Lowered<'_>, as_of: Option<i64>) -> Vec<Finding> {
    find(lowered, None, as_of).findings
}

/// The same, from what is known from before an edit, if anything is.
pub fn find(lowered: &mut Lowered<'_>, past: Option<Past>, mut as_of: Option<i64>) -> Found {
    let mut found = Found::default();
    if lowered.dd.exhausted() || !lowered.space.unfinished.is_empty() {
        found.gave_up.insert(Question::Lowering, scope::too_much(lowered));
    } else if lowered.space.valid == Diagrams::FALSE {
        found.ask(lowered, Question::Scopes, None, |lowered, findings| findings.push(scope::no_cases(lowered)));
        // Nothing else is said about no case, whether or not it could be found out why there is none.
        as_of = None;
    } else {
        found = match past {
            Some(past) => again(lowered, past),
            None => both_halves(lowered),
        };
        // The order in which they are told.
        found.findings.sort_by_key(|f| f.kind.place());
    }
    if let Some(day) = as_of {
        found.findings.extend(force::as_of(lowered, day));
    }
    let budget = |(question, clauses): (&Question, &Vec<ClauseId>)| {
        Finding::about_nothing(Kind::Budget { question: *question, clauses: clauses.clone() })
    };
    found.findings.extend(found.gave_up.iter().map(budget));
    found
}

/// After an edit there is too little to ask for two threads.
fn again(lowered: &mut Lowered<'_>, past: Past) -> Found {
    let mut found = Found::since(past);
    first_half(lowered, &mut found);
    second_half(lowered, &mut found);
    found
}

fn first_half(lowered: &mut Lowered<'_>, found: &mut Found) {
    scope::find(lowered, found);
    force::find(lowered, found);
    exception::find(lowered, found);
    conflict::find(lowered, found);
    gap::find(lowered, found);
    requirement::find(lowered, found);
    duty::find(lowered, found);
    parts::find(lowered, found);
}

fn second_half(lowered: &mut Lowered<'_>, found: &mut Found) {
    let needed = redundant::find(lowered, found);
    reach::find(lowered, found, &needed);
    found.needed = needed;
}

/// The questions in two halves of about the same work, the second on a copy of the diagrams. Always in two, so that what is
/// found, and where a budget ends, does not depend on the machine.
fn both_halves(lowered: &mut Lowered<'_>) -> Found {
    let (mut copy, before) = (lowered.clone(), lowered.dd.steps());
    let mut ask_second = || {
        let mut second = Found::default();
        second_half(&mut copy, &mut second);
        second
    };
    let mut first = Found::default();
    let few = lowered.model.clauses.len() < SMALL;
    let second = if few {
        first_half(lowered, &mut first);
        ask_second()
    } else {
        side_by_side(|| first_half(lowered, &mut first), ask_second).1
    };
    first.findings.extend(second.findings);
    for (question, clauses) in second.gave_up {
        first.gave_up.entry(question).or_default().extend(clauses);
    }
    first.needed = second.needed;
    lowered.dd.note_steps(&copy.dd, before);
    first
}

/// All findings as diagnostics, expectations included.
pub fn analyse(lowered: &mut Lowered<'_>, sources: &Sources, as_of: Option<i64>) -> Vec<Diagnostic> {
    let found = find(lowered, None, as_of);
    tell(lowered, sources, &found.findings, as_of)
}

/// Findings as diagnostics, and expectations.
pub fn tell(lowered: &mut Lowered<'_>, sources: &Sources, found: &[Finding], as_of: Option<i64>) -> Vec<Diagnostic> {
    let nothing =
        |kind: &Kind| matches!(kind, Kind::Budget { question: Question::Lowering, .. } | Kind::NoCases { .. });
    let stop = found.iter().any(|f| nothing(&f.kind));
    let mut diagnostics = report::report(lowered, sources, found);
    if let Some(day) = as_of {
        diagnostics.extend(force::policies_as_of(lowered.model, day));
    }
    if !stop {
        diagnostics.extend(crate::expect::findings(lowered, sources));
    }
    diagnostics
}

impl Kind {
    /// What is told first.
    fn place(&self) -> usize {
        match self {
            Kind::NoCases { .. } | Kind::NeverApplies { .. } => 0,
            Kind::NeverInForce { .. } => 1,
            Kind::ExceptionMisses { .. } | Kind::NoEffect { .. } => 2,
            Kind::Conflict { .. } => 3,
            Kind::Gap { .. } => 4,
            Kind::Impossible { .. } => 5,
            Kind::Unreachable { .. } => 6,
            Kind::Redundant { .. } => 7,
            Kind::DutiesContradict { .. } => 8,
            Kind::Always { .. } | Kind::RestsOnAbsence { .. } => 9,
            Kind::Expired { .. } | Kind::NotYetInForce { .. } | Kind::Budget { .. } => 10,
        }
    }
}

impl Finding {
    fn new(kind: Kind, cases: Node) -> Self {
        Self { kind, cases: Cases::These(cases) }
    }

    fn some_of(kind: Kind, cases: Node, count: Option<u128>) -> Self {
        Self { kind, cases: Cases::Some(cases, count) }
    }

    /// Its cases follow from its kind.
    fn plain(kind: Kind) -> Self {
        Self { kind, cases: Cases::Asked }
    }

    fn about_nothing(kind: Kind) -> Self {
        Self { kind, cases: Cases::None }
    }

    /// How many cases show it where `region` does not have all of them: `Some(None)` if that was not counted.
    pub fn beyond(&self) -> Option<Option<u128>> {
        match self.cases {
            Cases::Some(_, count) => Some(count),
            _ => None,
        }
    }

    /// The cases that show it; empty where the finding is that there are none.
    pub fn region(&self, lowered: &mut Lowered<'_>) -> Node {
        match (self.cases, &self.kind) {
            (Cases::These(node) | Cases::Some(node, _), _) => node,
            (Cases::Asked, Kind::Conflict { a, b, .. }) => conflict::region(lowered, *a, *b),
            (Cases::Asked, Kind::Unreachable { clause, .. }) => reach::region(lowered, *clause),
            (Cases::Asked, Kind::Redundant { clause, .. }) => lowered.decides(*clause),
            (Cases::Asked, Kind::Impossible { clause, requirement, .. }) => {
                requirement::impossible(lowered, *clause, *requirement)
            }
            _ => Diagrams::FALSE,
        }
    }
}

//! Rules, exceptions, duties, advice, expectations.

use super::{ClauseId, Cond, DecisionId, DutyId, PolicyId, SectionId};
use crate::source::Span;
use smol_str::SmolStr;

/// A rule or an exception.
///
/// It **applies** where `scope` and `in_force` hold and, for an exception, at least one clause of `replaces` applies.
/// Where it applies, every clause of `replaces` that applies is replaced (also where this one is itself replaced or waives).
#[derive(Debug, Clone)]
pub struct Clause {
    pub name: SmolStr,
    /// `phone`, `phone.authorised_text`; an exception apart from its rule has its own name alone.
    pub path: SmolStr,
    pub title: Option<SmolStr>,
    pub docs: Vec<SmolStr>,
    /// The whole clause.
    pub span: Span,
    pub name_span: Span,
    pub policy: PolicyId,
    pub section: Option<SectionId>,
    pub parent: Parent,
    /// The clauses it replaces where both apply; empty for rules. Never cyclic.
    pub replaces: Vec<ClauseId>,
    /// The rule's own and its policy's period, as a condition about the fact `on`; `True` without one.
    pub in_force: Cond,
    /// The clause's own period as days, both ends included, for `--as-of`.
    pub period: Option<(Option<i64>, Option<i64>)>,
    /// Its own condition: head and `when`. Where it has no outcome: the union of its statements' conditions.
    pub scope: Cond,
    /// `permit`, `forbid` or another decision's outcome; at most one.
    pub outcome: Option<Outcome>,
    pub waive: bool,
    pub requirements: Vec<Requirement>,
    pub obligations: Vec<Obligation>,
    pub advice: Vec<Advice>,
    pub cites: Vec<Cite>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parent {
    /// A rule.
    None,
    /// `except` inside this clause.
    Nested(ClauseId),
    /// `exception … to` these clauses.
    Clauses(Vec<ClauseId>),
    /// `exception … to section …`: replaces all rules of the section (and of sections in it), not exceptions.
    Section(SectionId),
}

#[derive(Debug, Clone)]
pub struct Outcome {
    pub decision: DecisionId,
    /// For the verdict 0 permit, 1 forbid; else an index into the decision's values.
    pub value: u32,
    /// The statement.
    pub span: Span,
    /// The keyword alone, where messages point.
    pub keyword: Span,
    /// The permit becomes a forbid where one fails. Only a permit has any.
    pub provisos: Vec<Proviso>,
}

#[derive(Debug, Clone)]
pub struct Proviso {
    pub name: SmolStr,
    pub name_span: Span,
    pub cond: Cond,
}

/// In `when` (within the clause's scope), whatever else permits is forbidden where `cond` fails.
#[derive(Debug, Clone)]
pub struct Requirement {
    pub cond: Cond,
    pub when: Cond,
    pub span: Span,
    pub keyword: Span,
}

#[derive(Debug, Clone)]
pub struct Obligation {
    pub duties: Vec<DutyId>,
    pub when: Cond,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct Advice {
    pub cond: Cond,
    pub when: Cond,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct Duty {
    pub name: SmolStr,
    pub title: Option<SmolStr>,
    pub span: Span,
    /// Symmetric: if a excludes b, b excludes a. Where it is written stands in `excludes_span`.
    pub excludes: Vec<DutyId>,
    pub excludes_span: Option<Span>,
}

/// `policy.md#email`; `file` and `heading` as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cite {
    pub file: SmolStr,
    pub heading: Option<SmolStr>,
    pub span: Span,
}

impl Cite {
    pub fn text(&self) -> String {
        match &self.heading {
            Some(h) => format!("{}#{h}", self.file),
            None => self.file.to_string(),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Expectation {
    pub title: SmolStr,
    pub span: Span,
    pub title_span: Span,
    /// At least one case, instead of every case.
    pub some: bool,
    pub claim: Claim,
    pub scope: Cond,
    pub by: Option<ClauseId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    Outcome(DecisionId, u32),
    Undecided(DecisionId),
    Conflict(DecisionId),
    Obliges(DutyId),
}

impl Clause {
    pub fn is_exception(&self) -> bool {
        self.parent != Parent::None
    }

    /// Where messages point: the outcome's keyword, the first requirement's, or the name.
    pub fn keyword_span(&self) -> Span {
        self.outcome
            .as_ref()
            .map(|o| o.keyword)
            .or_else(|| self.requirements.first().map(|r| r.keyword))
            .unwrap_or(self.name_span)
    }
}

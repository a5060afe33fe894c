//! The typed model: what a project means, every name resolved and every condition typed.
//!
//! Why it exists: it is the one input of `decide`, of `lower` and of all that follows; nothing behind it looks at the
//! syntax tree again. Conditions are typed atoms over facts: names of roles and values have become sets of values,
//! dates have become numbers, heads have become conditions, exceptions know the rules they replace.
//! Must not know cells, diagrams or text formats.

pub mod bits;
pub mod calendar;
pub mod cond;
pub mod distance;
pub mod fact;
pub mod intervals;
pub mod period;
pub mod rule;
pub mod show;
pub mod time;

pub use bits::Bits;
pub use calendar::{Calendar, Calendars};
pub use cond::{Atom, Cond, CondKind, SetTest, Unit};
pub use distance::{Grain, Ruler};
pub use fact::{Case, Domain, Element, Fact, FactKind, Type, Value, ValueName};
pub use intervals::Intervals;
pub use period::{Period, PeriodRule};
pub use rule::{Advice, Cite, Claim, Clause, Duty, Expectation, Obligation, Outcome, Parent, Proviso, Requirement};
pub use time::Zone;

use crate::source::Span;
use smol_str::SmolStr;
use std::sync::OnceLock;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl $name {
            pub fn index(self) -> usize { self.0 as usize }
        }
    )*};
}

ids! {
    /// Index into [`Model::facts`].
    FactId,
    /// Index into [`Model::defines`].
    DefineId,
    /// Index into [`Model::periods`].
    PeriodId,
    /// Index into [`Model::clauses`]: rules and exceptions.
    ClauseId,
    /// Index into [`Model::sections`].
    SectionId,
    /// Index into [`Model::policies`].
    PolicyId,
    /// Index into [`Model::decisions`]; 0 is the verdict.
    DecisionId,
    /// Index into [`Model::duties`].
    DutyId,
    /// Index into [`Model::expectations`].
    ExpectationId,
}

/// The built-in decision, with the values 0 permit and 1 forbid.
pub const VERDICT: DecisionId = DecisionId(0);
pub const PERMIT: u32 = 0;
pub const FORBID: u32 = 1;

#[derive(Debug, Clone)]
pub struct Model {
    /// At least one; rules of files without a `policy` block belong to the project's only policy or to an unnamed one.
    pub policies: Vec<Policy>,
    pub facts: Vec<Fact>,
    pub defines: Vec<Define>,
    pub periods: Vec<Period>,
    pub sections: Vec<Section>,
    /// Rules and exceptions, in source order (files by path); an exception may stand before its rule.
    pub clauses: Vec<Clause>,
    /// For each clause the exceptions that replace it, in order: `replaces` the other way round.
    pub replaced_by: Vec<Vec<ClauseId>>,
    /// What the conditions ask, in short, once somebody wants to know.
    pub asked: OnceLock<Asked>,
    /// `decisions[0]` is the verdict.
    pub decisions: Vec<Decision>,
    pub duties: Vec<Duty>,
    /// `assume` conditions, and the policies' own periods as one condition about the fact `on`.
    pub assumptions: Vec<Assumption>,
    pub expectations: Vec<Expectation>,
    /// The fact `on`, the date of the case, where something has a period of validity.
    pub on: Option<FactId>,
    pub zone: Zone,
    /// `not encoded` headings: the citation and the reason.
    pub not_encoded: Vec<(Cite, Option<SmolStr>)>,
    /// Declared names nothing uses, found while resolving: (what it is: "role", "channel", "fact", "define", "period", "duty"; name; where).
    pub unused: Vec<(&'static str, SmolStr, Span)>,
}

/// What the conditions of a model ask of facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// What is measured: from, to, in which unit; ascending, without repeats.
    pub distances: Vec<(FactId, FactId, Unit)>,
    /// By fact: something is asked of it alone, not only how far it lies from another.
    pub alone: Vec<bool>,
}

#[derive(Debug, Clone)]
pub struct Policy {
    pub name: SmolStr,
    pub title: Option<SmolStr>,
    pub span: Span,
    /// All policies that this one yields to, directly or through others.
    pub yields_to: Vec<PolicyId>,
    /// Days of [`time`] that the policy is in force, both included.
    pub in_force: Option<(Option<i64>, Option<i64>)>,
    /// Paths of the adopted texts, as written.
    pub sources: Vec<(SmolStr, Span)>,
}

#[derive(Debug, Clone)]
pub struct Define {
    pub name: SmolStr,
    pub span: Span,
    pub cond: Cond,
}

#[derive(Debug, Clone)]
pub struct Section {
    pub name: Option<SmolStr>,
    pub title: Option<SmolStr>,
    pub span: Span,
    pub cites: Vec<Cite>,
    pub parent: Option<SectionId>,
}

#[derive(Debug, Clone)]
pub struct Decision {
    pub name: SmolStr,
    pub title: Option<SmolStr>,
    pub span: Span,
    pub values: Vec<ValueName>,
    pub default: Option<u32>,
    /// Where the default is written.
    pub default_span: Option<Span>,
}

#[derive(Debug, Clone)]
pub struct Assumption {
    pub cond: Cond,
    pub because: Option<SmolStr>,
    pub span: Span,
    /// It stands for the policies' own periods, not for an `assume`.
    pub implied: bool,
}

impl Model {
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[id.index()]
    }
    pub fn clause(&self, id: ClauseId) -> &Clause {
        &self.clauses[id.index()]
    }
    pub fn period(&self, id: PeriodId) -> &Period {
        &self.periods[id.index()]
    }
    pub fn decision(&self, id: DecisionId) -> &Decision {
        &self.decisions[id.index()]
    }
    pub fn duty(&self, id: DutyId) -> &Duty {
        &self.duties[id.index()]
    }
    pub fn define(&self, id: DefineId) -> &Define {
        &self.defines[id.index()]
    }
    pub fn clause_ids(&self) -> impl Iterator<Item = ClauseId> + use<> {
        (0..self.clauses.len() as u32).map(ClauseId)
    }
    pub fn fact_ids(&self) -> impl Iterator<Item = FactId> + use<> {
        (0..self.facts.len() as u32).map(FactId)
    }
    pub fn find_fact(&self, name: &str) -> Option<FactId> {
        self.facts.iter().position(|f| f.name == name).map(|i| FactId(i as u32))
    }
    /// A clause by its path: `phone`, `phone.authorised_text`.
    pub fn find_clause(&self, path: &str) -> Option<ClauseId> {
        self.clauses.iter().position(|c| c.path == path).map(|i| ClauseId(i as u32))
    }
    /// The exceptions that replace a clause, in order.
    pub fn exceptions_of(&self, id: ClauseId) -> impl Iterator<Item = ClauseId> + '_ {
        self.replaced_by.get(id.index()).into_iter().flatten().copied()
    }
}

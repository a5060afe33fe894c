//! The answer to a case as a few words: how they are laid out, and how they are read.
//!
//! One word for each decision's result, then the duties as bits, then the advice as bits. Answers of one policy all have
//! the same length, so a table of them is one array. Must not know how an answer was found.

use crate::decide::Verdict;
use crate::model::*;
use smallvec::SmallVec;

/// Results that are no value of the decision.
pub(super) const UNDECIDED: u32 = u32::MAX;
pub(super) const CONFLICT: u32 = u32::MAX - 1;

/// Words of one answer; longer ones than this are kept on the heap when they are not in a table.
pub(super) type Words = SmallVec<[u32; 10]>;

/// Where in an answer's words what stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub decisions: usize,
    pub duties: usize,
    /// Clause and index into its advice, by number of the advice.
    pub advice: Box<[(ClauseId, usize)]>,
}

impl Layout {
    pub fn new(model: &Model) -> Self {
        let advice = model.clause_ids().flat_map(|id| (0..model.clause(id).advice.len()).map(move |i| (id, i)));
        Self { decisions: model.decisions.len(), duties: model.duties.len(), advice: advice.collect() }
    }

    /// Words of an answer.
    pub fn width(&self) -> usize {
        self.first_advice() + self.advice.len().div_ceil(32)
    }

    pub fn duty(&self, duty: DutyId) -> (usize, u32) {
        (self.decisions + duty.index() / 32, 1 << (duty.index() % 32))
    }

    pub fn advice(&self, number: usize) -> (usize, u32) {
        (self.first_advice() + number / 32, 1 << (number % 32))
    }

    fn first_advice(&self) -> usize {
        self.decisions + self.duties.div_ceil(32)
    }
}

/// What one case gets: every decision's result, the duties and the advice that follow.
#[derive(Clone)]
pub struct Decision<'p> {
    pub(super) layout: &'p Layout,
    pub(super) words: Source<'p>,
}

#[derive(Clone)]
pub(super) enum Source<'p> {
    Table(&'p [u32]),
    Own(Words),
}

impl Decision<'_> {
    /// Whether the case is permitted: the result of the built-in decision.
    #[inline]
    pub fn verdict(&self) -> Verdict {
        self.result(VERDICT)
    }

    /// The result of a decision; undecided for one that the policy does not make.
    #[inline]
    pub fn result(&self, decision: DecisionId) -> Verdict {
        let results = &self.words()[..self.layout.decisions];
        match results.get(decision.index()) {
            None | Some(&UNDECIDED) => Verdict::Undecided,
            Some(&CONFLICT) => Verdict::Conflict,
            Some(&value) => Verdict::Is(value),
        }
    }

    /// The duties that follow, ascending.
    pub fn duties(&self) -> impl Iterator<Item = DutyId> + '_ {
        (0..self.layout.duties as u32).map(DutyId).filter(|d| self.has(self.layout.duty(*d)))
    }

    /// The advice that follows, clause by clause: the clause, and the index into its advice.
    pub fn advice(&self) -> impl Iterator<Item = (ClauseId, usize)> + '_ {
        let numbered = self.layout.advice.iter().enumerate();
        numbered.filter(|(number, _)| self.has(self.layout.advice(*number))).map(|(_, advice)| *advice)
    }

    fn has(&self, (word, bit): (usize, u32)) -> bool {
        self.words().get(word).is_some_and(|w| w & bit != 0)
    }

    #[inline]
    pub(super) fn words(&self) -> &[u32] {
        match &self.words {
            Source::Table(words) => words,
            Source::Own(words) => words,
        }
    }
}

impl PartialEq for Decision<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.layout == other.layout && self.words() == other.words()
    }
}

impl Eq for Decision<'_> {}

impl std::fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let results: Vec<Verdict> = (0..self.layout.decisions as u32).map(|d| self.result(DecisionId(d))).collect();
        f.debug_struct("Decision")
            .field("results", &results)
            .field("duties", &self.duties().collect::<Vec<_>>())
            .field("advice", &self.advice().collect::<Vec<_>>())
            .finish()
    }
}

//! A lowered model -> one diagram with an answer at each end.
//!
//! The only part of the compiled decider that knows `lower`. Each decision, each duty and each piece of advice is a function
//! from the cells to a part of the answer; they are joined in pairs, so that functions stay small for long. Assignments
//! that no case has end at no answer, so the diagram also says which cases there are.

use super::record::{CONFLICT, Layout, UNDECIDED};
use crate::diagram::{Diagrams, Node};
use crate::lower::{self, Lowered};
use crate::model::*;
use crate::space::{self, Space};
use rustc_hash::FxHashMap;

/// The end of assignments that no case has.
pub(super) const NO_CASE: u32 = 0;
/// Steps for the space: what the analysis takes by default.
const SPACE: u64 = 2_000_000;
/// Steps for each clause while the policy is lowered.
const LOWERING: u64 = 10_000_000;
/// Steps for each node that the diagram may have in the end.
const STEPS: u64 = 20;
/// A result that another part of the answer says.
const OPEN: u32 = u32::MAX - 2;

pub(super) struct Outcomes {
    pub dd: Diagrams,
    /// Its terminals are indexes into `answers`, or `NO_CASE`.
    pub root: Node,
    pub answers: Vec<Box<[u32]>>,
}

/// The space, and the outcomes if they need no more nodes than `limit`.
pub(super) fn outcomes(model: &Model, layout: &Layout, limit: usize) -> (Space, Option<Outcomes>) {
    if limit == 0 {
        // Of the space only the cells are of use then.
        return (space::build(model, &show::conditions(model), 2, 1).0, None);
    }
    let (space, mut dd) = space::build(model, &show::conditions(model), lower::NODES, SPACE);
    dd.set_budget(LOWERING);
    let mut lowered = Lowered::over(model, space, dd);
    if lowered.dd.exhausted() {
        return (lowered.space, None);
    }
    // What takes many steps makes many nodes; each step makes one at most.
    let joined = lowered.attempt(STEPS.saturating_mul(limit as u64), |lowered| joined(lowered, layout));
    match joined.filter(|(_, root)| lowered.dd.size(*root) <= limit) {
        Some((answers, root)) => (lowered.space, Some(Outcomes { dd: lowered.dd, root, answers })),
        None => (lowered.space, None),
    }
}

/// The answers, and the diagram that tells which of them a case gets.
fn joined(lowered: &mut Lowered<'_>, layout: &Layout) -> (Vec<Box<[u32]>>, Node) {
    let model = lowered.model;
    let mut joiner = Joiner::new(layout);
    let mut parts = Vec::new();
    for d in 0..model.decisions.len() {
        let sets = lowered.decision(DecisionId(d as u32));
        let values = sets.result.iter().enumerate().map(|(v, set)| (v as u32, *set));
        let all: Vec<(u32, Node)> = values.chain([(CONFLICT, sets.conflict), (UNDECIDED, sets.undecided)]).collect();
        let mut function = lowered.dd.terminal(NO_CASE);
        for (value, set) in all {
            let end = joiner.end(&mut lowered.dd, |words| words[d] = value);
            function = lowered.dd.ite(set, end, function);
        }
        parts.push(function);
    }
    let advice: Vec<Node> = lowered.advice.iter().flatten().copied().collect();
    let advice = advice.into_iter().enumerate().map(|(i, set)| (layout.advice(i), set));
    let duties = lowered.duties().into_iter().enumerate().map(|(i, set)| (layout.duty(DutyId(i as u32)), set));
    let bits: Vec<((usize, u32), Node)> = duties.chain(advice).filter(|(_, set)| *set != Diagrams::FALSE).collect();
    let nothing = joiner.end(&mut lowered.dd, |_| {});
    for ((word, bit), set) in bits {
        let end = joiner.end(&mut lowered.dd, |words| words[word] |= bit);
        parts.push(lowered.dd.ite(set, end, nothing));
    }
    let root = joiner.join(&mut lowered.dd, parts);
    (joiner.answers, root)
}

/// Parts of answers, each kept once.
struct Joiner {
    blank: Vec<u32>,
    decisions: usize,
    answers: Vec<Box<[u32]>>,
    known: FxHashMap<Box<[u32]>, u32>,
}

impl Joiner {
    fn new(layout: &Layout) -> Self {
        let mut blank = vec![0; layout.width()];
        blank[..layout.decisions].fill(OPEN);
        // The first is that of no case.
        Self { answers: vec![Box::default()], known: FxHashMap::default(), decisions: layout.decisions, blank }
    }

    /// The terminal of a part of an answer.
    fn end(&mut self, dd: &mut Diagrams, set: impl FnOnce(&mut [u32])) -> Node {
        let mut words = self.blank.clone();
        set(&mut words);
        let number = self.number(words.into());
        dd.terminal(number)
    }

    fn number(&mut self, words: Box<[u32]>) -> u32 {
        if let Some(&number) = self.known.get(&words) {
            return number;
        }
        let number = self.answers.len() as u32;
        self.answers.push(words.clone());
        self.known.insert(words, number);
        number
    }

    /// What both parts say.
    fn both(&mut self, a: u32, b: u32) -> u32 {
        if a == NO_CASE || b == NO_CASE {
            return NO_CASE;
        }
        if a == b {
            return a;
        }
        let (x, y) = (&self.answers[a as usize], &self.answers[b as usize]);
        let words = x.iter().zip(y).enumerate().map(|(i, (x, y))| match i < self.decisions {
            true if *x == OPEN => *y,
            true => *x,
            false => x | y,
        });
        let words = words.collect();
        self.number(words)
    }

    fn join(&mut self, dd: &mut Diagrams, mut parts: Vec<Node>) -> Node {
        while parts.len() > 1 {
            parts = parts
                .chunks(2)
                .map(|pair| match *pair {
                    [a, b] => dd.combine(0, a, b, &mut |x, y| self.both(x, y)),
                    _ => pair[0],
                })
                .collect();
        }
        parts.pop().unwrap_or_else(|| dd.terminal(NO_CASE))
    }
}

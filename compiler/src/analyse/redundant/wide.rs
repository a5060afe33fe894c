//! Policies in which most rules meet most others -> which rules are needed, asked of few solvers for all of them.
//!
//! Why it exists: where each rule speaks of a few facts of many, all others lie around it, and a solver of its own for each
//! rule would be given all of them again. Here each word is told once, and what was learnt for one rule helps with the next.
//! What is left of a rule by all others is left by fewer, too: so most rules are asked about at once, in two parts side by
//! side, and the rest in their turn, when it is known which are gone. By whom those are covered that are not needed changes
//! nothing for the others, so it is found out last, again in two parts.
//!
//! What a solver finds depends on what it was asked before. So only that something is left is taken from it; what covers a
//! rule is asked anew, and no finding depends on the questions before.

use super::{Around, Said, fewer};
use crate::beside::side_by_side;
use crate::boxes::Boxes;
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use crate::sat::{Answer, Sat};
use crate::space::Hull;
use batsat::Lit;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Clauses that the solver may learn for one question; a solver for the rule alone is asked then.
const STEPS: u64 = 2_000;
/// Fewer rules are not worth a thread and a copy of the diagrams.
const TOGETHER: usize = 16;
/// Words of a box that is narrow.
const NARROW: usize = 64;

/// What is known of the rules that have many neighbours.
#[derive(Default)]
pub struct Wide {
    /// By clause: it is needed.
    needed: Vec<bool>,
    words: BTreeMap<(DecisionId, u32), Words>,
    /// All that is said, where boxes are so narrow that they need not be cut out for each rule.
    said: BTreeMap<(DecisionId, u32), Arc<Said>>,
}

/// All that is said of one decision's value.
struct Told {
    /// The boxes of each clause, by clause.
    boxes: Vec<(ClauseId, Hull)>,
    /// Where requirements fail.
    fails: Vec<Hull>,
}

struct Words {
    sat: Sat,
    /// Clauses whose words always count although it is not known that they are needed. Once one of them is gone, that
    /// nothing is left says nothing.
    apart: Vec<ClauseId>,
    /// A box of a clause's words, with what has it counted; nothing once it always is. By clause.
    words: Vec<(ClauseId, Hull, Option<Lit>)>,
}

impl Wide {
    /// Asks about these rules, as far as they have so many neighbours.
    pub fn new(lowered: &mut Lowered<'_>, rules: &[ClauseId], many: usize) -> Self {
        let mut wide = Self::default();
        if lowered.yields || lowered.dd.steps_left() < STEPS {
            return wide;
        }
        let mut asked: BTreeMap<(DecisionId, u32), Vec<ClauseId>> = BTreeMap::new();
        for &id in rules {
            let Some(outcome) = &lowered.model.clause(id).outcome else { continue };
            let fails = lowered.fails[id.index()].iter().any(|f| *f != Diagrams::FALSE);
            if !fails && lowered.model.decision(outcome.decision).values.len() <= 2 && lowered.near(id).len() >= many {
                let values: BTreeSet<u32> = lowered.voices(id).iter().flat_map(|v| v.iter()).map(|v| v.0).collect();
                values.into_iter().for_each(|value| asked.entry((outcome.decision, value)).or_default().push(id));
            }
        }
        wide.needed = vec![false; lowered.model.clauses.len()];
        for ((decision, value), rules) in asked {
            let Some(said) = Told::new(lowered, decision, value) else { continue };
            let (dd, valid) = (&lowered.dd, lowered.space.valid);
            let (some, others) = rules.split_at(rules.len() / 2);
            let most = dd.steps_left() / 2;
            let (a, b) =
                side_by_side(|| needed(dd, valid, &said, some, most), || needed(dd, valid, &said, others, most));
            lowered.dd.charge(a.1 + b.1);
            a.0.into_iter().chain(b.0).for_each(|id| wide.needed[id.index()] = true);
            let (dd, valid) = (&lowered.dd, lowered.space.valid);
            let counted = |id: ClauseId| rules.binary_search(&id).is_err() || wide.needed[id.index()];
            let mut words = Words::new(dd, valid, &said, counted);
            words.apart = said.clauses().filter(|id| rules.binary_search(id).is_err()).collect();
            wide.words.insert((decision, value), words);
            if let Some(boxes) = said.narrow(dd.cells()) {
                wide.said.insert((decision, value), Arc::new(boxes));
            }
        }
        wide
    }

    /// Who covers a rule of which the others leave nothing.
    fn cover(&self, lowered: &mut Lowered<'_>, id: ClauseId, gone: &[bool]) -> Option<Vec<ClauseId>> {
        let mark = lowered.dd.begin();
        let decision = lowered.model.clause(id).outcome.as_ref()?.decision;
        let own = lowered.voices(id)?;
        let gone_behind: Vec<bool> = gone.iter().enumerate().map(|(i, gone)| *gone && i >= id.index()).collect();
        let mut cover = Vec::new();
        for (value, hull) in own.iter() {
            let mut around = self.around((decision, *value), hull, &gone_behind)?;
            let all = around.all.clone();
            let used = around.covered(lowered, hull, &all).flatten();
            cover.extend(used.map(|used| (around, used)));
        }
        let by = if cover.len() == own.len() { Some(fewer(lowered, &own, cover)) } else { None };
        if lowered.dd.exhausted() {
            lowered.roll_back(mark);
            return None;
        }
        by
    }

    /// What others say around a box of a rule, if it is known of all rules.
    pub fn around(&self, word: (DecisionId, u32), hull: &Hull, gone: &[bool]) -> Option<Around> {
        Some(Around::among(self.said.get(&word)?, hull, gone))
    }

    /// Has one of the boxes an assignment that some case has, no requirement fails in, and none of the clauses that are left
    /// says the same of? `None` where that was not found out, or where it might be because of a requirement that there is
    /// none.
    pub fn is_left(
        &mut self,
        lowered: &mut Lowered<'_>,
        id: ClauseId,
        own: &[(u32, Hull)],
        gone: &[bool],
    ) -> Option<bool> {
        let outcome = lowered.model.clause(id).outcome.as_ref()?;
        if self.needed.get(id.index()).is_some_and(|needed| *needed) {
            return Some(true);
        }
        if lowered.dd.steps_left() < STEPS {
            return None;
        }
        let mut known = true;
        for (value, hull) in own {
            let word = (outcome.decision, *value);
            let words = self.words.get_mut(&word).filter(|words| !words.own(id).is_empty());
            let (left, steps) = words.map_or((None, 0), |words| words.is_left(hull, |other| !gone[other.index()]));
            lowered.dd.charge(steps);
            if left == Some(true) {
                self.words.entry(word).and_modify(|words| words.count(id));
                return Some(true);
            }
            let counts_gone = |words: &Words| words.apart.iter().any(|other| gone[other.index()]);
            let said = self.said.get(&word).filter(|said| said.boxes.len() == said.whose.len());
            known &= left.is_some() && said.is_some() && !self.words.get(&word).is_none_or(counts_gone);
        }
        known.then_some(false)
    }
}

/// Who covers each of these rules, so few that none can be left out; in two halves side by side. Of the rules behind one
/// those that are gone do not count. `None` where a budget did not suffice.
pub fn covers(
    lowered: &mut Lowered<'_>,
    rules: &[ClauseId],
    gone: &[bool],
    wide: &Wide,
) -> Vec<(ClauseId, Option<Vec<ClauseId>>)> {
    let all = |lowered: &mut Lowered<'_>, rules: &[ClauseId]| -> Vec<_> {
        rules.iter().map(|id| (*id, wide.cover(lowered, *id, gone))).collect()
    };
    if rules.len() < TOGETHER {
        return all(lowered, rules);
    }
    let (mut copy, since) = (lowered.clone(), lowered.dd.steps());
    let (some, others) = rules.split_at(rules.len() / 2);
    let (mut found, more) = side_by_side(|| all(lowered, some), || all(&mut copy, others));
    lowered.dd.note_steps(&copy.dd, since);
    found.extend(more);
    found
}

/// Those of the rules of which something is left by all that others say, as far as so many steps go; and the steps.
fn needed(dd: &Diagrams, valid: Node, said: &Told, rules: &[ClauseId], most: u64) -> (Vec<ClauseId>, u64) {
    let mut words = Words::new(dd, valid, said, |id| rules.binary_search(&id).is_err());
    let (mut found, mut all) = (Vec::new(), 0);
    for &id in rules {
        let left = said.of(id).iter().any(|(_, hull)| {
            let (left, steps) = if all + STEPS <= most { words.is_left(hull, |other| other != id) } else { (None, 0) };
            all += steps;
            left == Some(true)
        });
        if left {
            found.push(id);
        }
        words.count(id);
    }
    (found, all)
}

impl Told {
    /// `None` where it takes more than boxes.
    fn new(lowered: &mut Lowered<'_>, decision: DecisionId, value: u32) -> Option<Self> {
        let mut said = Self { boxes: Vec::new(), fails: Vec::new() };
        for id in lowered.model.clause_ids() {
            for fails in lowered.fails[id.index()].clone().into_iter().filter(|_| decision == VERDICT) {
                said.fails.extend(lowered.boxes(fails)?.iter().cloned());
            }
            if lowered.model.clause(id).outcome.as_ref().is_some_and(|o| o.decision == decision) {
                let voices = lowered.voices(id)?;
                said.boxes.extend(voices.iter().filter(|v| v.0 == value).map(|v| (id, v.1.clone())));
            }
        }
        Some(said)
    }

    /// Who says it, each once.
    fn clauses(&self) -> impl Iterator<Item = ClauseId> + '_ {
        self.boxes.chunk_by(|a, b| a.0 == b.0).map(|of_one| of_one[0].0)
    }

    /// All of it in boxes, if these are narrow.
    fn narrow(&self, cells: &[u32]) -> Option<Said> {
        let mut boxes = Boxes::new(cells);
        if boxes.width() > NARROW {
            return None;
        }
        self.boxes.iter().map(|b| &b.1).chain(&self.fails).for_each(|hull| boxes.push(hull));
        Some(Said { boxes, whose: self.boxes.iter().map(|b| b.0).collect() })
    }

    fn of(&self, id: ClauseId) -> &[(ClauseId, Hull)] {
        &self.boxes[self.boxes.partition_point(|b| b.0 < id)..self.boxes.partition_point(|b| b.0 <= id)]
    }
}

impl Words {
    fn new(dd: &Diagrams, valid: Node, said: &Told, counted: impl Fn(ClauseId) -> bool) -> Self {
        let mut sat = Sat::new(dd.cells());
        sat.require(dd, valid);
        said.fails.iter().for_each(|hull| sat.forbid(hull));
        let mut words = Vec::with_capacity(said.boxes.len());
        for (id, hull) in &said.boxes {
            if counted(*id) {
                sat.forbid(hull);
            } else {
                words.push((*id, hull.clone(), Some(sat.may_forbid(hull))));
            }
        }
        Self { sat, apart: Vec::new(), words }
    }

    /// Do all that always count, and these besides, leave anything of the box, if that was found out? And the steps that it
    /// took.
    fn is_left(&mut self, hull: &Hull, counted: impl Fn(ClauseId) -> bool) -> (Option<bool>, u64) {
        let words = self.words.iter().filter(|w| w.2.is_some() && counted(w.0) && !w.1.disjoint(hull));
        let asked: Vec<Lit> = words.filter_map(|w| w.2).collect();
        let mut steps = STEPS;
        let (answer, _) = self.sat.find_outside(hull, &asked, &mut steps);
        let left = match answer {
            Answer::Assignment(_) => Some(true),
            Answer::None => Some(false),
            Answer::Unknown => None,
        };
        (left, STEPS - steps)
    }

    /// The words of a clause, if they do not count from the start.
    fn own(&self, id: ClauseId) -> Range<usize> {
        self.words.partition_point(|w| w.0 < id)..self.words.partition_point(|w| w.0 <= id)
    }

    /// From now on the words of a clause always count.
    fn count(&mut self, id: ClauseId) {
        let own = self.own(id);
        self.words[own].iter_mut().filter_map(|w| w.2.take()).for_each(|word| self.sat.set(word));
    }
}

//! A diagram of answers -> one array that is walked from the root to an answer.
//!
//! ```text
//! reference   at << (2 + bits) | level << 2 | kind      (kind 3: the end, with the number of the answer)
//! dense node  a reference for each cell
//! run node    n, the last cell of each run, a reference for each run
//! check node  0, n, n facts that must be absent, a reference
//! ```
//!
//! A reference says of which axis the next cell is asked, so a step is: the cell, and one load. The cells of the axes that
//! most walks ask for, if they are one load away, are found before the walk, all at once; the others when it asks for them.
//! Facts that do not exist behind a node are checked together, and where a fact is absent, what else would be asked of it
//! is passed over.

mod flat;

use super::cells::{CELLS, Cells, Kind, NONE, Plain};
use crate::model::*;
use rustc_hash::FxHashSet;

/// Kinds of references: dense nodes whose cell is found before the walk, dense nodes whose cell is not, other nodes, ends.
const DENSE: u32 = 0;
const LATER: u32 = 1;
const OTHER: u32 = 2;
const END: u32 = 3;

/// Axes whose cells may be found before the walk; a level has at least as many bits.
const FIRST: usize = 32;
const FIRST_BITS: u32 = FIRST.trailing_zeros();
/// The first word where there is no answer.
const NOTHING: u32 = u32::MAX - 2;

pub(super) struct Array {
    nodes: Box<[u32]>,
    root: u32,
    /// Bits of a reference that are the level.
    bits: u32,
    /// The axes whose cells are found before the walk: of yes/no facts, of choices, of numbers and moments. Each in a loop of
    /// its own, which asks nothing twice.
    first: [Box<[Plain]>; 3],
    /// The same as bits.
    early: u32,
    /// Answers, one after the other.
    answers: Box<[u32]>,
    width: usize,
}

/// What the cells of a case lead to.
pub(super) enum Found<'a> {
    Answer(&'a [u32]),
    NoCase,
    /// Some cell that was asked for is none.
    NoCell,
}

/// What is found without some facts.
pub(super) enum Settled<'a> {
    Answer(&'a [u32]),
    NoCase,
    Depends,
    NoCell(usize),
}

impl Array {
    /// Words of the array.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// Walks from the root to the answer.
    #[inline]
    pub fn find(&self, axes: &Cells, case: &Case) -> Found<'_> {
        let mut cells = [NONE; FIRST];
        let [bools, choices, ints] = &self.first;
        for plain in bools {
            cells[plain.axis as usize % FIRST] = axes.plain(plain, Kind::Bool, case);
        }
        for plain in choices {
            cells[plain.axis as usize % FIRST] = axes.plain(plain, Kind::Choice, case);
        }
        for plain in ints {
            cells[plain.axis as usize % FIRST] = axes.plain(plain, Kind::Int, case);
        }
        let (nodes, shift) = (&*self.nodes, 2 + self.bits);
        let mut at = self.root;
        loop {
            while at & 3 == DENSE {
                let cell = cells[(at >> 2) as usize % FIRST];
                match nodes.get((at >> shift) as usize + usize::from(cell)) {
                    Some(next) if cell != NONE => at = *next,
                    _ => return Found::NoCell,
                }
            }
            if at & 3 == END {
                return self.answer(at);
            }
            let (kind, level, place) = self.parts(at);
            if kind == OTHER
                && let Some((facts, next)) = self.check(place)
            {
                if facts.iter().any(|f| has(case, *f)) {
                    return Found::NoCase;
                }
                at = next;
                continue;
            }
            let early = level < FIRST && self.early >> level & 1 == 1 && cells[level % FIRST] != NONE;
            let cell = if early { u32::from(cells[level % FIRST]) } else { axes.of(level, case) };
            // What is no cell is larger than any.
            match self.step(kind, place, cell) {
                Some(next) if cell < CELLS => at = next,
                _ => return Found::NoCell,
            }
        }
    }

    /// Where an assignment leads; that facts are absent where they must be is not looked at.
    pub fn at(&self, cells: &[u32]) -> Found<'_> {
        let mut at = self.root;
        loop {
            let (kind, level, place) = self.parts(at);
            if kind == END {
                return self.answer(at);
            }
            let checked = if kind == OTHER { self.check(place) } else { None };
            let next = match checked {
                Some((_, next)) => Some(next),
                None => cells.get(level).and_then(|cell| self.step(kind, place, *cell)),
            };
            match next {
                Some(next) => at = next,
                None => return Found::NoCell,
            }
        }
    }

    /// Kind, level and place of a reference.
    #[inline]
    fn parts(&self, at: u32) -> (u32, usize, usize) {
        (at & 3, (at >> 2 & ((1 << self.bits) - 1)) as usize, (at >> (2 + self.bits)) as usize)
    }

    /// The facts of a check node, and where it leads.
    #[inline]
    fn check(&self, place: usize) -> Option<(&[u32], u32)> {
        match self.nodes.get(place..)? {
            [0, n, rest @ ..] => Some((rest.get(..*n as usize)?, *rest.get(*n as usize)?)),
            _ => None,
        }
    }

    #[inline]
    fn step(&self, kind: u32, place: usize, cell: u32) -> Option<u32> {
        if kind == OTHER {
            let n = *self.nodes.get(place)? as usize;
            let lasts = self.nodes.get(place + 1..place + 1 + n)?;
            return self.nodes.get(place + 1 + n + lasts.partition_point(|last| *last < cell)).copied();
        }
        self.nodes.get(place + cell as usize).copied()
    }

    #[inline]
    fn answer(&self, end: u32) -> Found<'_> {
        let start = (end >> 2) as usize * self.width;
        match self.answers.get(start..start + self.width) {
            Some([NOTHING, ..]) | None => Found::NoCase,
            Some(words) => Found::Answer(words),
        }
    }

    /// Follows all cells of the axes whose facts are not known; `asked` gets those facts that were asked for.
    pub fn settle(
        &self,
        axes: &Cells,
        counts: &[u32],
        case: &Case,
        known: &[bool],
        asked: &mut Vec<FactId>,
    ) -> Settled<'_> {
        let mut found: Option<u32> = None;
        let (mut seen, mut stack) = (FxHashSet::default(), vec![self.root]);
        let mut depends = false;
        while let Some(at) = stack.pop() {
            if !seen.insert(at) {
                continue;
            }
            let (kind, level, place) = self.parts(at);
            if kind == END {
                if let Found::Answer(_) = self.answer(at) {
                    depends |= found.is_some();
                    found = Some(at);
                }
                continue;
            }
            if kind == OTHER
                && let Some((facts, next)) = self.check(place)
            {
                stack.extend(facts.iter().all(|f| !has(case, *f)).then_some(next));
                continue;
            }
            let before = asked.len();
            asked.extend(axes.open(level, known));
            if asked.len() > before {
                stack.extend((0..counts[level]).filter_map(|cell| self.step(kind, place, cell)));
                continue;
            }
            match axes.of(level, case) {
                cell if cell >= CELLS => return Settled::NoCell(level),
                cell => stack.extend(self.step(kind, place, cell)),
            }
        }
        match found.map(|at| self.answer(at)) {
            _ if depends => Settled::Depends,
            Some(Found::Answer(words)) => Settled::Answer(words),
            _ => Settled::NoCase,
        }
    }
}

#[inline]
fn has(case: &Case, fact: u32) -> bool {
    case.values.get(fact as usize).is_some_and(Option::is_some)
}

//! Conditions -> short programs over cells.
//!
//! A program is a chain of tests "is this axis in these cells", each with where to go on if so and if not; a condition's
//! parts share the ways out, so a program is as long as its condition. A define is a test of its own: all defines are
//! found once for a case, in an order in which each comes after those it speaks of.
//!
//! A condition that speaks of one axis alone, however it is written, is no program but a set of cells (`Simple`).

use crate::model::*;
use crate::space::cond::demands;
use crate::space::{AxisId, Space};
use std::collections::BTreeSet;

/// Where a program ends.
const YES: u32 = u32::MAX;
const NO: u32 = u32::MAX - 1;

/// The begin of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry(u32);

#[derive(Debug, Clone, Copy)]
struct Test {
    what: What,
    yes: u32,
    no: u32,
}

#[derive(Debug, Clone, Copy)]
enum What {
    /// The axis, and the first word of the cells.
    Cell(u32, u32),
    Define(u32),
}

#[derive(Debug, Default)]
pub(super) struct Programs {
    tests: Vec<Test>,
    sets: Vec<u64>,
    /// The defines that programs test, in order, with their programs.
    defines: Vec<(u32, Entry)>,
}

/// A condition, as far as one axis tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Simple {
    Always,
    Never,
    On(AxisId, Bits),
    /// It takes several axes.
    Mixed,
}

/// Makes programs of a model's conditions.
pub(super) struct Programmer<'m> {
    pub model: &'m Model,
    pub space: &'m Space,
    pub programs: Programs,
    /// By define.
    simple: Vec<Simple>,
}

impl<'m> Programmer<'m> {
    pub fn new(model: &'m Model, space: &'m Space) -> Self {
        let simple = vec![Simple::Mixed; model.defines.len()];
        let mut programmer = Self { model, space, programs: Programs::default(), simple };
        for define in ordered(model) {
            let cond = &model.defines[define].cond;
            programmer.simple[define] = programmer.simple(cond);
            if programmer.simple[define] == Simple::Mixed {
                let entry = programmer.program(cond);
                programmer.programs.defines.push((define as u32, entry));
            }
        }
        programmer
    }

    /// The program of a condition.
    pub fn program(&mut self, cond: &Cond) -> Entry {
        Entry(self.lower(cond, YES, NO))
    }

    /// The program of these conditions and cells together.
    pub fn all(&mut self, conds: &[&Cond], cells: &[(AxisId, Bits)]) -> Entry {
        let mut next = YES;
        for cond in conds.iter().rev() {
            next = self.lower(cond, next, NO);
        }
        for (axis, set) in cells {
            next = self.test(*axis, set, next, NO);
        }
        Entry(next)
    }

    /// The program of a condition that fails where another holds.
    pub fn fails(&mut self, when: &Cond, cond: &Cond) -> Entry {
        let fails = self.lower(cond, NO, YES);
        Entry(self.lower(when, fails, NO))
    }

    fn lower(&mut self, cond: &Cond, yes: u32, no: u32) -> u32 {
        match self.simple(cond) {
            Simple::Always => return yes,
            Simple::Never => return no,
            Simple::On(axis, set) => return self.test(axis, &set, yes, no),
            Simple::Mixed => {}
        }
        match &cond.kind {
            CondKind::True => yes,
            CondKind::And(parts) => parts.iter().rev().fold(yes, |next, part| self.lower(part, next, no)),
            CondKind::Or(parts) => parts.iter().rev().fold(no, |next, part| self.lower(part, yes, next)),
            CondKind::Not(inner) => self.lower(inner, no, yes),
            CondKind::Define(define) => self.push(What::Define(define.0), yes, no),
            CondKind::Atom(atom) => {
                let demands = demands(self.space, self.model, atom);
                demands.iter().rev().fold(yes, |next, alternatives| {
                    alternatives.iter().rev().fold(no, |other, (axis, set)| self.test(*axis, set, next, other))
                })
            }
        }
    }

    fn test(&mut self, axis: AxisId, set: &Bits, yes: u32, no: u32) -> u32 {
        let start = self.programs.sets.len();
        self.programs.sets.extend_from_slice(set.words());
        self.programs.sets.resize(start + self.count(axis).div_ceil(64), 0);
        self.push(What::Cell(axis as u32, start as u32), yes, no)
    }

    fn push(&mut self, what: What, yes: u32, no: u32) -> u32 {
        self.programs.tests.push(Test { what, yes, no });
        self.programs.tests.len() as u32 - 1
    }

    /// Cells of an axis.
    fn count(&self, axis: AxisId) -> usize {
        self.space.axes[axis].cells.len()
    }

    /// The condition as cells of one axis.
    pub fn simple(&self, cond: &Cond) -> Simple {
        match &cond.kind {
            CondKind::True => Simple::Always,
            CondKind::And(parts) => self.fold(parts.iter().map(|p| self.simple(p)), true),
            CondKind::Or(parts) => self.fold(parts.iter().map(|p| self.simple(p)), false),
            CondKind::Not(inner) => self.not(self.simple(inner)),
            CondKind::Define(define) => self.simple.get(define.index()).cloned().unwrap_or(Simple::Mixed),
            CondKind::Atom(atom) => {
                let demands = demands(self.space, self.model, atom).into_iter();
                let each = demands.map(|alternatives| {
                    self.fold(alternatives.into_iter().map(|(axis, set)| self.on(axis, set)), false)
                });
                self.fold(each, true)
            }
        }
    }

    /// All of these, or any of them. One that settles it goes before what takes several axes.
    fn fold(&self, parts: impl Iterator<Item = Simple>, all: bool) -> Simple {
        let (neutral, settled) = if all { (Simple::Always, Simple::Never) } else { (Simple::Never, Simple::Always) };
        let mut result = neutral.clone();
        for part in parts {
            if part == settled {
                return settled;
            }
            if part == neutral {
                continue;
            }
            result = match (result, part) {
                (known, part) if known == neutral => part,
                (Simple::On(a, x), Simple::On(b, y)) if a == b => {
                    self.on(a, if all { x.intersection(&y) } else { x.union(&y) })
                }
                (known, _) if known == settled => known,
                _ => Simple::Mixed,
            };
        }
        result
    }

    fn on(&self, axis: AxisId, set: Bits) -> Simple {
        match set.len() {
            0 => Simple::Never,
            n if n >= self.count(axis) => Simple::Always,
            _ => Simple::On(axis, set),
        }
    }

    fn not(&self, simple: Simple) -> Simple {
        match simple {
            Simple::Always => Simple::Never,
            Simple::Never => Simple::Always,
            Simple::On(axis, set) => self.on(axis, set.complement(self.count(axis))),
            Simple::Mixed => Simple::Mixed,
        }
    }
}

impl Programs {
    /// Finds all defines; `defines` has a bit for each that holds.
    pub fn define(&self, cells: &[u32], defines: &mut Vec<u64>) {
        defines.clear();
        for &(define, entry) in &self.defines {
            let (word, bit) = (define as usize / 64, define % 64);
            if defines.len() <= word {
                defines.resize(word + 1, 0);
            }
            if self.holds(entry, cells, defines) {
                defines[word] |= 1 << bit;
            }
        }
    }

    /// Runs a program.
    pub fn holds(&self, entry: Entry, cells: &[u32], defines: &[u64]) -> bool {
        let mut at = entry.0;
        // Ways only lead to tests made before, so this ends.
        while let Some(test) = self.tests.get(at as usize) {
            let (words, index) = match test.what {
                What::Cell(axis, start) => {
                    (&self.sets[start as usize..], cells.get(axis as usize).copied().unwrap_or(u32::MAX) as usize)
                }
                What::Define(define) => (defines, define as usize),
            };
            let holds = words.get(index / 64).is_some_and(|w| w >> (index % 64) & 1 == 1);
            at = if holds { test.yes } else { test.no };
        }
        at == YES
    }
}

/// The defines, those that others speak of first; without recursion, as chains may be long.
fn ordered(model: &Model) -> Vec<usize> {
    let mut order = Vec::new();
    let (mut done, mut open) = (BTreeSet::new(), BTreeSet::new());
    for start in 0..model.defines.len() {
        let mut stack = vec![start];
        while let Some(&define) = stack.last() {
            if done.contains(&define) {
                stack.pop();
            } else if open.insert(define) {
                named(&model.defines[define].cond, &mut |d| {
                    if d.index() < model.defines.len() && !done.contains(&d.index()) && !open.contains(&d.index()) {
                        stack.push(d.index());
                    }
                });
            } else {
                done.insert(define);
                order.push(define);
                stack.pop();
            }
        }
    }
    order
}

fn named(cond: &Cond, f: &mut impl FnMut(DefineId)) {
    match &cond.kind {
        CondKind::True | CondKind::Atom(_) => {}
        CondKind::And(parts) | CondKind::Or(parts) => parts.iter().for_each(|p| named(p, f)),
        CondKind::Not(inner) => named(inner, f),
        CondKind::Define(define) => f(*define),
    }
}

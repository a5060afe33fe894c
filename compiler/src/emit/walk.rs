//! A sheet -> one array that is walked from its root to an answer: what the formats for programming languages are made of.
//!
//! Each feature's values fall into classes that no line tells apart. A node of the array is a feature's number and, class by
//! class, where to go on: another node's place, or, below 0, an answer. Lines that are left over after the same features
//! are the same node, so the array is about as large as the diagram that the table was made of; the features come in its
//! order, too. A decision costs one step for each feature that still matters.

use super::sheet::{Allowed, Feature, Kind, Line, Of, Sheet, Test};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

pub struct Walk {
    /// The features that nodes name, in the order in which they are asked.
    pub classes: Vec<Classes>,
    /// Of each node: the place of its feature in `classes`, then by class a node's place in here, or `-1 - answer`.
    pub nodes: Vec<i64>,
    /// Where the walk begins; below 0 it is an answer at once.
    pub root: i64,
    pub answers: Vec<Answer>,
}

pub struct Classes {
    /// Index into the sheet's features.
    pub feature: usize,
    pub how: How,
    /// The class of absence; that of the first value where it is always there.
    pub absent: usize,
    /// How many there are.
    pub count: usize,
}

/// A value's class.
pub enum How {
    /// By the value: no and yes, a choice's place, a weekday from Monday.
    Table(Vec<usize>),
    /// By how many of the cuts, ascending, are not above the value: one class more than cuts.
    Cuts(Vec<i64>, Vec<usize>),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Answer {
    /// Empty where no line fits: there is no such case.
    pub result: String,
    pub duties: Vec<String>,
    pub advice: Vec<String>,
    pub rules: Vec<String>,
}

/// `None` if it would have more nodes than `most`.
pub fn walk(sheet: &Sheet<'_>, most: usize) -> Option<Walk> {
    let mut order: Vec<usize> = (0..sheet.features.len()).collect();
    let level = |f: &usize| {
        let axis = sheet.of_axis.iter().position(|(first, count)| (*first..first + count).contains(f))?;
        Some((*sheet.table.axes[axis].axes.first()?, *f))
    };
    order.sort_by_key(level);
    let asked = |f: &usize| sheet.lines.iter().any(|l| l.tests[*f].is_some());
    order.retain(asked);
    let parts: Vec<(Classes, Vec<Vec<bool>>)> = order.iter().map(|f| classes(sheet, *f)).collect();
    let mut builder = Builder {
        sheet,
        parts: &parts,
        known: FxHashMap::default(),
        nodes: Vec::new(),
        answers: Vec::new(),
        places: FxHashMap::default(),
        most,
    };
    let all: Vec<u32> = (0..sheet.lines.len() as u32).collect();
    let root = builder.node(0, all)?;
    let (nodes, answers) = (builder.nodes, builder.answers);
    Some(Walk { classes: parts.into_iter().map(|p| p.0).collect(), nodes, root, answers })
}

struct Builder<'a> {
    sheet: &'a Sheet<'a>,
    /// By feature in order: its classes, and by distinct test which classes pass it (by line through `test_of`).
    parts: &'a [(Classes, Vec<Vec<bool>>)],
    known: FxHashMap<(usize, Vec<u32>), i64>,
    nodes: Vec<i64>,
    answers: Vec<Answer>,
    places: FxHashMap<Answer, usize>,
    most: usize,
}

impl Builder<'_> {
    fn answer(&mut self, answer: Answer) -> i64 {
        let next = self.answers.len();
        let place = *self.places.entry(answer.clone()).or_insert(next);
        if place == next {
            self.answers.push(answer);
        }
        -1 - place as i64
    }

    /// The node for these lines, in order, when the features from `depth` on have not been asked.
    fn node(&mut self, depth: usize, mut lines: Vec<u32>) -> Option<i64> {
        // Below a line that asks nothing more, none counts.
        let open = |l: &Line<'_>| self.parts[depth..].iter().any(|p| l.tests[p.0.feature].is_some());
        if let Some(end) = lines.iter().position(|l| !open(&self.sheet.lines[*l as usize])) {
            lines.truncate(end + 1);
        }
        let Some(&first) = lines.first() else { return Some(self.answer(Answer::default())) };
        if !open(&self.sheet.lines[first as usize]) {
            let answer = answer(self.sheet, &self.sheet.lines[first as usize]);
            return Some(self.answer(answer));
        }
        let asks =
            |d: &usize| lines.iter().any(|l| self.sheet.lines[*l as usize].tests[self.parts[*d].0.feature].is_some());
        let depth = (depth..self.parts.len()).find(asks)?;
        if let Some(known) = self.known.get(&(depth, lines.clone())) {
            return Some(*known);
        }
        let (classes, passes) = &self.parts[depth];
        let mut children = Vec::with_capacity(classes.count);
        for class in 0..classes.count {
            let left = lines.iter().copied().filter(|l| passes[*l as usize].get(class) != Some(&false)).collect();
            children.push(self.node(depth + 1, left)?);
        }
        let place = match children.iter().all(|c| *c == children[0]) {
            true => children[0],
            false => {
                let place = self.nodes.len() as i64;
                self.nodes.push(depth as i64);
                self.nodes.extend(children);
                place
            }
        };
        if self.nodes.len() > self.most {
            return None;
        }
        self.known.insert((depth, lines), place);
        Some(place)
    }
}

fn answer(sheet: &Sheet<'_>, line: &Line<'_>) -> Answer {
    let row = line.row;
    let mut rules: Vec<_> = row.by.iter().chain(&row.also).copied().collect();
    rules.sort_unstable();
    rules.dedup();
    let rules = rules.into_iter().filter_map(|c| sheet.table.rule(c)).map(|r| r.path.clone()).collect();
    Answer { result: row.result.clone(), duties: row.duties.clone(), advice: row.advice.clone(), rules }
}

/// The classes of a feature; and by line which of them pass its test, nothing where it has none.
fn classes(sheet: &Sheet<'_>, feature: usize) -> (Classes, Vec<Vec<bool>>) {
    let note = &sheet.features[feature];
    let mut distinct: Vec<&Test> = Vec::new();
    let mut places: FxHashMap<&Test, usize> = FxHashMap::default();
    let of_line: Vec<Option<usize>> = sheet
        .lines
        .iter()
        .map(|l| {
            let test = l.tests[feature].as_ref()?;
            let next = distinct.len();
            let place = *places.entry(test).or_insert(next);
            if place == next {
                distinct.push(test);
            }
            Some(place)
        })
        .collect();
    // What each value passes; values that pass the same are one class.
    let mut signatures: Vec<Vec<bool>> = Vec::new();
    let mut class = |signature: Vec<bool>| match signatures.iter().position(|s| *s == signature) {
        Some(place) => place,
        None => {
            signatures.push(signature);
            signatures.len() - 1
        }
    };
    let how = match size(sheet, note) {
        Some(size) => {
            let of = |v: usize| distinct.iter().map(|t| passes(t, v as i64)).collect::<Vec<bool>>();
            How::Table((0..size).map(|v| class(of(v))).collect())
        }
        None => {
            let mut cuts = BTreeSet::new();
            for test in &distinct {
                if let Allowed::Ranges(ranges) = &test.allowed {
                    cuts.extend(ranges.iter().flat_map(|r| r.lo.into_iter().chain(r.hi.map(|h| h.saturating_add(1)))));
                }
            }
            let cuts: Vec<i64> = cuts.into_iter().collect();
            let below = cuts.first().map_or(0, |c| c.saturating_sub(1));
            let firsts = std::iter::once(below).chain(cuts.iter().copied());
            let of = firsts.map(|v| class(distinct.iter().map(|t| passes(t, v)).collect())).collect();
            How::Cuts(cuts, of)
        }
    };
    let absent = if note.optional { class(distinct.iter().map(|t| t.absent).collect()) } else { 0 };
    let by_test: Vec<Vec<bool>> = (0..distinct.len()).map(|t| signatures.iter().map(|s| s[t]).collect()).collect();
    let count = signatures.len();
    let passes = of_line.into_iter().map(|t| t.map_or_else(Vec::new, |t| by_test[t].clone())).collect();
    (Classes { feature, how, absent, count }, passes)
}

/// How many values a feature has, if they are few and numbered from 0.
fn size(sheet: &Sheet<'_>, feature: &Feature) -> Option<usize> {
    match &feature.of {
        Of::Weekday(_) => Some(7),
        Of::Within(..) | Of::Contains(..) => Some(2),
        Of::Value(i) => match &sheet.inputs[*i].kind {
            Kind::YesNo => Some(2),
            Kind::Choice { values } => Some(values.len()),
            _ => None,
        },
        Of::Distance { .. } => None,
    }
}

fn passes(test: &Test, value: i64) -> bool {
    match &test.allowed {
        Allowed::Nothing => false,
        Allowed::Any => true,
        Allowed::Bool(yes) => value == i64::from(*yes),
        Allowed::Values(values) => values.iter().any(|v| *v as i64 == value),
        Allowed::Days(days) => days >> value & 1 == 1,
        Allowed::Ranges(ranges) => {
            ranges.iter().any(|r| r.lo.is_none_or(|lo| lo <= value) && r.hi.is_none_or(|hi| value <= hi))
        }
    }
}

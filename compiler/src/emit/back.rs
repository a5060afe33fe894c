//! A table's text, read back -> whether it still decides as the policy does.
//!
//! ```text
//! text ──the format's own reader──> Told: a test for each feature, line by line ──cond──> conditions ──lower──> diagrams
//!                                                                the rules ─────────────────────────lower──> diagrams: equal?
//! ```
//!
//! Tests become conditions like those of rules, so a text may cut the facts elsewhere than the policy does, and is still
//! compared exactly. What features measure is taken from the sheet; that engines measure it so is what the tests with real
//! engines are for.

use super::sheet::{Allowed, Feature, Kind, Measure, Of, Sheet, Test};
use crate::decide::Verdict;
use crate::diagram::{Diagrams, Node};
use crate::explain::given::{self, Given};
use crate::lower::Lowered;
use crate::model::*;
use crate::source::{FileId, Span};
use crate::tabulate::Hit;
use crate::witness;

/// One decision's table as a text says it.
#[derive(Debug, Clone)]
pub struct Told {
    /// The decision's name.
    pub decision: String,
    pub hit: Hit,
    pub lines: Vec<ToldLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldLine {
    /// By feature of the sheet; `None` where it does not matter.
    pub tests: Vec<Option<Test>>,
    /// `permit`, `conflict`, `undecided`; empty if the line only gives duties or advice.
    pub result: String,
    pub duties: Vec<String>,
    /// `None` where the format has no place for advice.
    pub advice: Option<Vec<String>>,
}

/// What reading back has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// The text decides every case as the rules do.
    Equal,
    /// The rows are word for word those of the table, which is proved; all cases together are too many to compare again.
    Same,
    /// A case: what the text says of it, and what the rules do.
    Differs { case: String, told: String, rules: String },
    /// It is too large to compare, and not word for word the table.
    TooLarge,
}

/// Compares what a text says with the rules of the policy.
pub fn verify(sheet: &Sheet<'_>, told: &Told, budget: u64) -> Back {
    let same = || {
        told.lines.len() == sheet.lines.len()
            && told.lines.iter().zip(&sheet.lines).all(|(t, l)| {
                same_tests(sheet, &t.tests, &l.tests)
                    && (t.result == l.row.result || t.result == l.row.says())
                    && t.duties == l.row.duties
                    && t.advice.as_ref().is_none_or(|a| *a == l.row.advice)
            })
    };
    if sheet.table.from_rules {
        return if same() { Back::Same } else { Back::TooLarge };
    }
    if told.hit == Hit::Collect {
        return if same() || said_alike(sheet, told, budget) { Back::Same } else { Back::TooLarge };
    }
    let conds: Vec<Cond> = told.lines.iter().map(|line| condition(sheet, &line.tests)).collect();
    let extra: Vec<&Cond> = conds.iter().collect();
    let mut lowered = Lowered::new(sheet.model, &extra, budget);
    let found = compare(&mut lowered, sheet, told, &conds);
    if lowered.dd.exhausted() {
        return if same() { Back::Same } else { Back::TooLarge };
    }
    found
}

/// Result, duties, advice.
type Says = (String, Vec<String>, Vec<String>);

/// What the rows of rules say, they say in the same cases as the table's.
fn said_alike(sheet: &Sheet<'_>, told: &Told, budget: u64) -> bool {
    let told_says = |l: &'_ ToldLine| (l.result.clone(), l.duties.clone(), l.advice.clone().unwrap_or_default());
    let own_says = |l: &super::sheet::Line<'_>| (l.row.result.clone(), l.row.duties.clone(), l.row.advice.clone());
    let all = (told.lines.iter().map(|l| (told_says(l), 0, &l.tests)))
        .chain(sheet.lines.iter().map(|l| (own_says(l), 1, &l.tests)));
    // What is said, and where: by the text, and by the table.
    let mut parts: Vec<(Says, [Vec<Cond>; 2])> = Vec::new();
    for (says, side, tests) in all {
        let cond = condition(sheet, tests);
        match parts.iter_mut().find(|p| p.0 == says) {
            Some(part) => part.1[side].push(cond),
            None => {
                let mut sides = [Vec::new(), Vec::new()];
                sides[side].push(cond);
                parts.push((says, sides));
            }
        }
    }
    let extra: Vec<&Cond> = parts.iter().flat_map(|p| p.1.iter().flatten()).collect();
    let mut lowered = Lowered::new(sheet.model, &extra, budget);
    lowered.dd.begin();
    let alike = parts.iter().all(|(_, sides)| {
        let [told, own] = sides.each_ref().map(|conds| {
            let nodes: Vec<Node> = conds.iter().map(|c| lowered.cond(c)).collect();
            lowered.dd.or_all(&nodes)
        });
        told == own
    });
    alike && !lowered.dd.exhausted()
}

/// The same word for word, but for ends of ranges at which the fact ends anyway.
fn same_tests(sheet: &Sheet<'_>, told: &[Option<Test>], own: &[Option<Test>]) -> bool {
    let open = |i: usize, test: &Test| -> Test {
        let mut test = test.clone();
        if let (Allowed::Ranges(ranges), Of::Value(input)) = (&mut test.allowed, &sheet.features[i].of) {
            let (lo, hi) = bounds(&sheet.inputs[*input].kind);
            for range in ranges {
                range.lo = range.lo.filter(|v| *v > lo);
                range.hi = range.hi.filter(|v| *v < hi);
            }
        }
        if matches!(&test.allowed, Allowed::Ranges(r) if *r == [super::sheet::Range { lo: None, hi: None }]) {
            test.allowed = Allowed::Any;
        }
        test
    };
    told.iter().zip(own).enumerate().all(|(i, (t, o))| t.as_ref().map(|t| open(i, t)) == *o)
}

fn compare(lowered: &mut Lowered<'_>, sheet: &Sheet<'_>, told: &Told, conds: &[Cond]) -> Back {
    let model = sheet.model;
    let decision = sheet.decision();
    lowered.dd.begin();
    let mut regions = Vec::with_capacity(conds.len());
    let mut above = Diagrams::FALSE;
    for (i, cond) in conds.iter().enumerate() {
        let mut node = lowered.cond(cond);
        match told.hit {
            Hit::First => node = lowered.dd.diff(node, above),
            _ => {
                let twice = lowered.dd.and(node, above);
                if twice != Diagrams::FALSE {
                    return differs(lowered, sheet, twice, &format!("two rows, one of them row {}", i + 1));
                }
            }
        }
        above = lowered.dd.or(above, node);
        regions.push(node);
    }
    let left = lowered.dd.diff(lowered.space.valid, above);
    if left != Diagrams::FALSE {
        return differs(lowered, sheet, left, "no row");
    }
    let union = |lowered: &mut Lowered<'_>, fits: &dyn Fn(&ToldLine) -> bool| {
        let nodes: Vec<Node> = told.lines.iter().zip(&regions).filter(|(l, _)| fits(l)).map(|(_, n)| *n).collect();
        lowered.dd.or_all(&nodes)
    };
    let sets = lowered.decision(decision);
    let values = sets.result.iter().enumerate().map(|(v, node)| (Verdict::Is(v as u32), *node));
    let others = [(Verdict::Conflict, sets.conflict), (Verdict::Undecided, sets.undecided)];
    for (verdict, node) in values.chain(others) {
        let word = crate::tabulate::result_word(model, decision, verdict);
        let said = union(lowered, &|l| l.result == word);
        let wrong = lowered.dd.diff(said, node);
        if wrong != Diagrams::FALSE {
            return differs(lowered, sheet, wrong, &word);
        }
        // What else it says, a value that the decision does not have among it.
        let missed = lowered.dd.diff(node, said);
        if missed != Diagrams::FALSE {
            let told = regions.iter().zip(&told.lines).find(|(n, _)| !lowered.dd.disjoint(**n, missed));
            let word = told.map(|(_, l)| l.result.clone()).unwrap_or_default();
            return differs(lowered, sheet, missed, &word);
        }
    }
    if !crate::tabulate::carries_duties(model, decision) {
        return Back::Equal;
    }
    for (i, node) in lowered.duties().into_iter().enumerate() {
        let name = &model.duties[i].name;
        let said = union(lowered, &|l| l.duties.iter().any(|d| d == name));
        let wrong = (lowered.dd.diff(said, node), lowered.dd.diff(node, said));
        for (wrong, word) in [(wrong.0, "the duty"), (wrong.1, "no duty")] {
            if wrong != Diagrams::FALSE {
                return differs(lowered, sheet, wrong, &format!("{word} {name}"));
            }
        }
    }
    if told.lines.iter().any(|l| l.advice.is_none()) {
        return Back::Equal;
    }
    let mut advice: Vec<(String, Node)> = Vec::new();
    for clause in model.clause_ids() {
        for (i, node) in lowered.advice[clause.index()].clone().into_iter().enumerate() {
            let Some(item) = model.clause(clause).advice.get(i) else { continue };
            let text = show::describe(model, &item.cond);
            match advice.iter_mut().find(|a| a.0 == text) {
                Some(known) => known.1 = lowered.dd.or(known.1, node),
                None => advice.push((text, node)),
            }
        }
    }
    for (text, node) in advice {
        let said = union(lowered, &|l| l.advice.iter().flatten().any(|a| *a == text));
        let wrong = (lowered.dd.diff(said, node), lowered.dd.diff(node, said));
        for (wrong, word) in [(wrong.0, "the advice"), (wrong.1, "no advice")] {
            if wrong != Diagrams::FALSE {
                return differs(lowered, sheet, wrong, &format!("{word} {text}"));
            }
        }
    }
    Back::Equal
}

fn differs(lowered: &mut Lowered<'_>, sheet: &Sheet<'_>, region: Node, told: &str) -> Back {
    let model = sheet.model;
    let Some((case, facts)) = witness::choose(lowered, region, None) else {
        return Back::Differs { case: "a case".into(), told: told.into(), rules: "something else".into() };
    };
    let decided = crate::decide::decide(model, &case);
    let mut rules =
        crate::tabulate::result_word(model, sheet.decision(), decided.answers[sheet.decision().index()].result);
    let duties: Vec<&str> = decided.duties.iter().map(|d| model.duty(*d).name.as_str()).collect();
    if !duties.is_empty() {
        rules.push_str(&format!(" with {}", duties.join(", ")));
    }
    Back::Differs { case: show::sentence(model, &case, &facts), told: told.into(), rules }
}

/// Where no text stands behind a condition.
fn nowhere() -> Span {
    Span::new(FileId(0), 0..0)
}

fn atom(atom: Atom) -> Cond {
    Cond::new(CondKind::Atom(atom), nowhere())
}

fn not(cond: Cond) -> Cond {
    Cond::new(CondKind::Not(Box::new(cond)), nowhere())
}

/// The cases of a line, by its tests alone.
pub fn condition(sheet: &Sheet<'_>, tests: &[Option<Test>]) -> Cond {
    let parts = sheet.features.iter().zip(tests).filter_map(|(f, t)| Some(test(sheet, f, t.as_ref()?))).collect();
    Cond::and(parts, nowhere())
}

/// Where the facts of a feature exist.
fn present(sheet: &Sheet<'_>, feature: &Feature) -> Cond {
    let exists = sheet.inputs_of(feature).into_iter().filter_map(|i| sheet.model.fact(i.fact).exists_if.clone());
    Cond::and(exists.collect(), nowhere())
}

fn test(sheet: &Sheet<'_>, feature: &Feature, test: &Test) -> Cond {
    let present = present(sheet, feature);
    let allowed = match &test.allowed {
        Allowed::Nothing => None,
        Allowed::Any => Some(present.clone()),
        some => Some(allowed(sheet, feature, some, &present)),
    };
    match (allowed, test.absent) {
        (Some(allowed), false) => allowed,
        (Some(allowed), true) => Cond::or(vec![allowed, not(present)], nowhere()),
        (None, true) => not(present),
        (None, false) => not(Cond::always(nowhere())),
    }
}

fn allowed(sheet: &Sheet<'_>, feature: &Feature, allowed: &Allowed, present: &Cond) -> Cond {
    let fact = |i: usize| sheet.inputs[i].fact;
    let never = || not(Cond::always(nowhere()));
    match (&feature.of, allowed) {
        (Of::Value(i), Allowed::Bool(true)) => atom(Atom::Yes(fact(*i))),
        (Of::Value(i), Allowed::Bool(false)) => {
            Cond::and(vec![present.clone(), not(atom(Atom::Yes(fact(*i))))], nowhere())
        }
        (Of::Value(i), Allowed::Values(values)) => atom(Atom::OneOf(fact(*i), values.iter().copied().collect())),
        (Of::Value(i), Allowed::Ranges(ranges)) => {
            let (lo, hi) = bounds(&sheet.inputs[*i].kind);
            let parts = ranges.iter().map(|r| (r.lo.unwrap_or(lo).max(lo), r.hi.unwrap_or(hi).min(hi)));
            let mut parts: Vec<(i64, i64)> = parts.filter(|p| p.0 <= p.1).collect();
            parts.sort_unstable();
            let mut joined: Vec<(i64, i64)> = Vec::new();
            for (a, b) in parts {
                match joined.last_mut() {
                    Some(last) if last.1.saturating_add(1) >= a => last.1 = last.1.max(b),
                    _ => joined.push((a, b)),
                }
            }
            if joined.is_empty() { never() } else { atom(Atom::Range(fact(*i), joined)) }
        }
        (Of::Weekday(i), Allowed::Days(days)) => atom(Atom::Weekday(fact(*i), *days)),
        (Of::Within(i, period, _), Allowed::Bool(inside)) => {
            atom(Atom::Within { fact: fact(*i), period: *period, inside: *inside })
        }
        (Of::Contains(i, elements), Allowed::Bool(has)) => {
            let Kind::Set { values } = &sheet.inputs[*i].kind else { return never() };
            let block: Bits = values.iter().enumerate().filter(|(_, v)| elements.contains(v)).map(|(n, _)| n).collect();
            let test = if *has { SetTest::Any(block) } else { SetTest::None(block) };
            atom(Atom::Set { fact: fact(*i), test })
        }
        (Of::Distance { from, to, measure }, Allowed::Ranges(ranges)) => {
            let unit = measure.unit();
            let part = |r: &super::sheet::Range| {
                atom(Atom::Distance { from: fact(*from), to: fact(*to), unit, low: r.lo, high: r.hi })
            };
            if ranges.is_empty() { never() } else { Cond::or(ranges.iter().map(part).collect(), nowhere()) }
        }
        // A test of another kind than its feature holds nowhere.
        _ => never(),
    }
}

fn bounds(kind: &Kind) -> (i64, i64) {
    match kind {
        Kind::Number { lo, hi, .. } | Kind::Date { lo, hi } | Kind::DateTime { lo, hi } => (*lo, *hi),
        _ => (0, time::MINUTES_PER_DAY - 1),
    }
}

/// A number or moment of a feature, in its integers, as tables write it: `50.00`, `2026-09-14`, `15:00`, `-3`.
pub fn value(sheet: &Sheet<'_>, feature: &Feature, text: &str) -> Option<i64> {
    let of_fact = |i: usize| match given::read(sheet.model, sheet.inputs.get(i)?.fact, text).ok()? {
        Given::One(Value::Int(v)) => Some(v),
        _ => None,
    };
    match &feature.of {
        Of::Value(i) => of_fact(*i),
        Of::Distance { measure: Measure::Number { scale }, .. } => given::decimal(text, *scale),
        Of::Distance { .. } => text.parse().ok(),
        _ => None,
    }
}

//! Two versions of a program -> what the comparison says of them, held against deciding every case by both.
//!
//! A **situation** gives a value to every fact that either version declares, by the names of facts and values. Each version
//! reads its own case out of it and decides that; nothing of the comparison's own vocabulary is used for this. The rows are
//! then read as a person would: where two versions decide a situation differently it must lie in exactly one row, which says
//! what both decide, and else in none.

use super::check::{Failure, Outcome, Tally, compile, fail};
use super::world::{SHORT, atoms, breaks, values};
use ordain::compare::{self, Aspect, Comparison, Fault, Row, Version, What};
use ordain::decide::{self, Decided, Verdict};
use ordain::model::*;
use std::collections::{BTreeMap, BTreeSet};

/// Pairs with more situations are left out.
const MOST: usize = 6_000;
const STEPS: u64 = 50_000_000;

/// A value, by names; numbers in the finer steps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Bool(bool),
    Name(String),
    Int(i64),
    Names(BTreeSet<String>),
}

/// A fact by its name and what kind of fact it is: one whose kind has changed is two facts.
type Key = (String, String);

struct Place {
    key: Key,
    /// By version: the fact, and how many joint steps are one of its own.
    own: [Option<(FactId, i64)>; 2],
}

impl Place {
    /// A number with more decimals than one version has.
    fn between(&self, said: &Said) -> bool {
        let own = self.own.iter().flatten();
        matches!(said, Said::Int(v) if own.into_iter().any(|(_, steps)| v % steps != 0))
    }
}

/// Compares two versions, and checks the result. The texts are those of the files.
pub fn check(old: &[(String, String)], new: &[(String, String)], tally: &mut Tally) -> Outcome {
    let (old_sources, old) = compile(old)?;
    let (new_sources, new) = compile(new)?;
    let versions = [Version { model: &old, sources: &old_sources }, Version { model: &new, sources: &new_sources }];
    tally.programs += 1;
    let found = match compare::compare(versions[0], versions[1], STEPS) {
        Ok(found) => found,
        Err(Fault::TimeZones(..)) => {
            tally.see("time zones");
            return Ok(());
        }
        Err(fault) => return fail("no comparison", format!("{fault:?}")),
    };
    sums(&found)?;
    let models = [&old, &new];
    let Some(situations) = Situations::new(models) else {
        tally.large += 1;
        return Ok(());
    };
    situations.check(&found, tally)
}

/// The same version twice differs in nothing.
pub fn check_same(files: &[(String, String)]) -> Outcome {
    let (sources, model) = compile(files)?;
    let version = Version { model: &model, sources: &sources };
    match compare::compare(version, version, STEPS) {
        Ok(c) if c.any() || !c.aspects.is_empty() || !c.edits.is_empty() || !c.notes.is_empty() => {
            fail("a version differs from itself", format!("{:?} {:?}", c.aspects, c.edits))
        }
        Ok(_) => Ok(()),
        Err(fault) => fail("no comparison", format!("{fault:?}")),
    }
}

/// Counts agree with one another, and every row has its case.
fn sums(c: &Comparison) -> Outcome {
    for aspect in &c.aspects {
        let sum: u128 = aspect.rows.iter().map(|r| r.kinds).sum();
        if !aspect.listed || sum != aspect.kinds {
            return fail("kinds of rows", format!("{} rows have {sum} of {}", aspect.rows.len(), aspect.kinds));
        }
        for row in &aspect.rows {
            if row.witness.is_none() {
                return fail("a row without a case", format!("{row:?}"));
            }
            if row.causes.is_empty() {
                return fail("a row without a cause", format!("{row:?}"));
            }
            if row.before == row.after && !matches!(aspect.what, What::Rules(_)) {
                return fail("a row without a change", format!("{row:?}"));
            }
        }
    }
    Ok(())
}

struct Situations<'m> {
    models: [&'m Model; 2],
    places: Vec<Place>,
    all: Vec<Vec<Said>>,
    /// All values of all facts are looked at.
    complete: bool,
}

impl<'m> Situations<'m> {
    fn new(models: [&'m Model; 2]) -> Option<Self> {
        let (places, mut complete) = places(models);
        let mut lists: Vec<BTreeSet<Said>> = vec![BTreeSet::new(); places.len()];
        for (which, model) in models.into_iter().enumerate() {
            let atoms = atoms(model);
            let breaks: Vec<BTreeSet<i64>> = model.fact_ids().map(|f| breaks(model, f, &atoms)).collect();
            for (place, list) in places.iter().zip(&mut lists) {
                let Some((fact, steps)) = place.own[which] else { continue };
                let all = values(model, fact, &atoms, &breaks);
                complete &= steps == 1 && short(&model.fact(fact).ty);
                list.extend(all.iter().map(|v| said(model, fact, v, steps)));
            }
        }
        let mut all: Vec<Vec<Said>> = vec![Vec::new()];
        for list in &lists {
            if all.len() * list.len() > MOST {
                return None;
            }
            let longer = |s: Vec<Said>| list.iter().map(move |v| s.iter().cloned().chain([v.clone()]).collect());
            all = all.into_iter().flat_map(longer).collect();
        }
        Some(Self { models, places, all, complete })
    }

    /// A version's own case; `None` where it does not know some value or the case is not legal.
    fn own(&self, which: usize, situation: &[Said]) -> Option<Case> {
        let model = self.models[which];
        let mut given: Vec<Option<Value>> = vec![None; model.facts.len()];
        let mut unknown = vec![false; model.facts.len()];
        for (place, said) in self.places.iter().zip(situation) {
            if let Some((fact, steps)) = place.own[which] {
                given[fact.index()] = read(&model.fact(fact).ty, said, steps);
                unknown[fact.index()] = given[fact.index()].is_none();
            }
        }
        // Existence, round by round: what depends on others is settled after these. An unknown value of a fact that does
        // not exist matters to nobody, so a value stands in.
        let mut case = Case { values: given.clone() };
        for _ in 0..=model.facts.len() {
            let exists: Vec<bool> = model.fact_ids().map(|f| decide::exists(model, f, &case)).collect();
            case.values = given.iter().zip(&exists).map(|(v, e)| v.clone().filter(|_| *e)).collect();
        }
        let exists = |f: FactId| decide::exists(model, f, &case);
        if model.fact_ids().any(|f| unknown[f.index()] && exists(f)) {
            return None;
        }
        decide::check_case(model, &case).is_empty().then_some(case)
    }

    /// The joint case: every fact that exists in either version.
    fn joint(&self, c: &Comparison, situation: &[Said], exists: &dyn Fn(usize, FactId) -> bool) -> Case {
        let model = &c.joint.models[1];
        let mut case = Case { values: vec![None; model.facts.len()] };
        for (place, said) in self.places.iter().zip(situation) {
            let there = place.own.iter().enumerate().any(|(which, own)| own.is_some_and(|o| exists(which, o.0)));
            let joint = place.own.iter().enumerate().find_map(|(which, own)| {
                let (fact, _) = (*own)?;
                Some(c.joint.sides[which].facts[fact.index()])
            });
            if let (true, Some(joint)) = (there, joint) {
                case.values[joint.index()] = read(&model.fact(joint).ty, said, 1);
            }
        }
        case
    }

    fn check(&self, c: &Comparison, tally: &mut Tally) -> Outcome {
        let mut common: BTreeSet<Vec<u32>> = BTreeSet::new();
        let mut changed: BTreeSet<Vec<u32>> = BTreeSet::new();
        let mut widened: BTreeSet<Vec<u32>> = BTreeSet::new();
        let renamed = c.edits.iter().any(|e| e.was.is_some());
        for situation in &self.all {
            // A number that one version cannot write is of the kind of its neighbours, if one of these can be written.
            if self.places.iter().zip(situation).any(|(place, said)| place.between(said)) {
                continue;
            }
            let cases = [self.own(0, situation), self.own(1, situation)];
            if cases.iter().all(Option::is_none) {
                continue;
            }
            tally.cases += 1;
            let plain = [0, 1].map(|which| self.existing(which, situation));
            let exists = |which: usize, fact: FactId| plain[which][fact.index()];
            let joint = self.joint(c, situation, &exists);
            let cells = c.space.locate(&c.joint.models[1], &joint);
            let decided = [0, 1].map(|w| cases[w].as_ref().map(|case| decide::decide(self.models[w], case)));
            let tell = || format!("{situation:?}");
            match &decided {
                [Some(old), Some(new)] => {
                    common.insert(cells.clone());
                    let differs = self.one(c, &cells, [old, new], renamed).map_err(|mut f| {
                        f.text = format!("{}: {}", tell(), f.text);
                        f
                    })?;
                    if differs {
                        changed.insert(cells.clone());
                    }
                    let permits = |d: &Decided| d.answers[0].result == Verdict::Is(PERMIT);
                    if permits(new) && !permits(old) {
                        widened.insert(cells);
                    }
                }
                [old, new] => {
                    let which = usize::from(old.is_none());
                    let Some(apart) = &c.apart[which] else {
                        return fail("a case of one version is not told", tell());
                    };
                    let Some(decided) = old.as_ref().or(new.as_ref()) else { continue };
                    for aspect in &apart.aspects {
                        let word = result(self.models[which], decided, &aspect.name).unwrap_or("undecided".into());
                        let rows: Vec<&Row> = aspect.rows.iter().filter(|r| fits(aspect, r, &cells)).collect();
                        if rows.len() != 1 || rows[0].after != word {
                            return fail("a case of one version", format!("{}: {word}, {rows:?}", tell()));
                        }
                    }
                }
            }
        }
        tally.kinds += common.len() as u64;
        let counts = [
            ("kinds", common.len(), c.kinds),
            ("changed", changed.len(), c.changed),
            ("widened", widened.len(), c.widened),
        ];
        for (what, seen, said) in counts {
            let wrong = if self.complete { seen as u128 != said } else { seen as u128 > said };
            if wrong {
                return fail(format!("count: {what}"), format!("{seen} seen, {said} said"));
            }
        }
        tally.see(if c.same() { "nothing is decided differently" } else { "something is decided differently" });
        if self.complete {
            tally.see("every case looked at");
        }
        for aspect in &c.aspects {
            let what = match aspect.what {
                What::Decision(_) => "decision differs",
                What::Duty(_) => "duty differs",
                What::Advice(_) => "advice differs",
                What::Rules(_) => "other rules",
            };
            tally.see(what);
        }
        for (apart, what) in c.apart.iter().zip(["gone cases", "new cases"]) {
            if apart.is_some() {
                tally.see(what);
            }
        }
        c.edits.iter().for_each(|e| tally.see(&format!("edit {} {:?}", e.kind, e.how)));
        Ok(())
    }

    fn existing(&self, which: usize, situation: &[Said]) -> Vec<bool> {
        let model = self.models[which];
        let mut given: Vec<Option<Value>> = vec![None; model.facts.len()];
        for (place, said) in self.places.iter().zip(situation) {
            if let Some((fact, steps)) = place.own[which] {
                given[fact.index()] = read(&model.fact(fact).ty, said, steps);
            }
        }
        let mut case = Case { values: given.clone() };
        let mut exists = Vec::new();
        for _ in 0..=model.facts.len() {
            exists = model.fact_ids().map(|f| decide::exists(model, f, &case)).collect();
            case.values = given.iter().zip(&exists).map(|(v, e)| v.clone().filter(|_| *e)).collect();
        }
        exists
    }

    /// One situation that both know: in the right rows and no others. Returns whether it differs.
    fn one(&self, c: &Comparison, cells: &[u32], decided: [&Decided; 2], renamed: bool) -> Result<bool, Failure> {
        let mut differs = false;
        let rows = |aspect: &'_ Aspect| -> Vec<usize> {
            (0..aspect.rows.len()).filter(|i| fits(aspect, &aspect.rows[*i], cells)).collect()
        };
        let expect = |what: &dyn Fn(&What) -> bool, label: &str, before: &str, after: &str| -> Outcome {
            let found: Vec<(&Aspect, usize)> = c
                .aspects
                .iter()
                .filter(|a| what(&a.what))
                .flat_map(|a| rows(a).into_iter().map(move |i| (a, i)))
                .collect();
            let right = match found.as_slice() {
                [] => before == after,
                [(a, i)] => before != after && a.rows[*i].before == before && a.rows[*i].after == after,
                _ => false,
            };
            let said: Vec<&Row> = found.iter().map(|(a, i)| &a.rows[*i]).collect();
            if right { Ok(()) } else { fail(label, format!("{before} → {after}, but {said:?}")) }
        };
        let joint = &c.joint.models[1];
        for decision in (0..joint.decisions.len() as u32).map(DecisionId) {
            let name = joint.decision(decision).name.to_string();
            let both = [0, 1].map(|w| result(self.models[w], decided[w], &name));
            let [Some(before), Some(after)] = both else { continue };
            differs |= before != after;
            expect(&|w| *w == What::Decision(decision), "a decision", &before, &after)?;
        }
        for duty in (0..joint.duties.len() as u32).map(DutyId) {
            let name = &joint.duty(duty).name;
            let word = |w: usize| {
                let model = self.models[w];
                let follows = decided[w].duties.iter().any(|d| model.duty(*d).name == *name);
                if follows { "follows" } else { "does not follow" }
            };
            differs |= word(0) != word(1);
            expect(&|w| *w == What::Duty(duty), "a duty", word(0), word(1))?;
        }
        let advice = |w: usize| -> BTreeSet<String> {
            let model = &c.joint.models[w];
            let given =
                decided[w].advice.iter().map(|(id, i)| show::describe(model, &model.clause(*id).advice[*i].cond));
            given.collect()
        };
        let (before, after) = (advice(0), advice(1));
        for text in before.union(&after) {
            let word = |there: bool| if there { "advised" } else { "not advised" };
            let (a, b) = (before.contains(text), after.contains(text));
            differs |= a != b;
            expect(&|w| *w == What::Advice(text.clone()), "advice", word(a), word(b))?;
        }
        if !renamed {
            self.rules(c, cells, decided, differs)?;
        }
        Ok(differs)
    }

    /// Where nothing else differs, the rules that decide do or do not.
    fn rules(&self, c: &Comparison, cells: &[u32], decided: [&Decided; 2], differs: bool) -> Outcome {
        let joint = &c.joint.models[1];
        for aspect in c.aspects.iter().filter(|a| matches!(a.what, What::Rules(_))) {
            let fitting = aspect.rows.iter().filter(|r| fits(aspect, r, cells)).count();
            if differs && fitting > 0 {
                return fail("other rules where more differs", aspect.name.clone());
            }
        }
        if differs {
            return Ok(());
        }
        for decision in (0..joint.decisions.len() as u32).map(DecisionId) {
            let name = joint.decision(decision).name.as_str();
            let by = |w: usize| {
                let model = self.models[w];
                let at = model.decisions.iter().position(|d| d.name == name)?;
                let answer = &decided[w].answers[at];
                let mut by: Vec<String> = answer.by.iter().map(|id| model.clause(*id).path.to_string()).collect();
                by.sort();
                Some((by, answer.by_default))
            };
            let (Some(before), Some(after)) = (by(0), by(1)) else { continue };
            let own = c.aspects.iter().find(|a| a.what == What::Rules(decision));
            let fitting: Vec<&Row> = own.iter().flat_map(|a| a.rows.iter().filter(|r| fits(a, r, cells))).collect();
            let changed = before != after;
            if fitting.len() != usize::from(changed) {
                return fail("who decides", format!("{before:?} → {after:?}, but {fitting:?}"));
            }
            for (which, by) in [(0, &before), (1, &after)] {
                if let Some(row) = fitting.first()
                    && by.0.iter().any(|name| !row.by[which].contains(name))
                {
                    return fail("who decides in a row", format!("{by:?}, but {row:?}"));
                }
            }
        }
        Ok(())
    }
}

fn fits(aspect: &Aspect, row: &Row, place: &[u32]) -> bool {
    aspect.axes.iter().zip(&row.cells).all(|(note, set)| {
        let here = |c: usize| note.axes.iter().zip(&note.cells[c]).all(|(axis, cell)| place[*axis] == *cell);
        set.as_ref().is_none_or(|s| s.iter().any(here))
    })
}

/// A decision's result by name; `None` where the version does not make it.
fn result(model: &Model, decided: &Decided, name: &str) -> Option<String> {
    let at = model.decisions.iter().position(|d| d.name == name)?;
    Some(match decided.answers[at].result {
        Verdict::Is(v) => model.decisions[at].values[v as usize].name.to_string(),
        Verdict::Conflict => "conflict".into(),
        Verdict::Undecided => "undecided".into(),
    })
}

/// What kind of fact it is: only facts of one kind are the same.
fn kind(ty: &Type) -> (String, u32) {
    match ty {
        Type::YesNo => ("yes/no".into(), 0),
        Type::Choice(d) => (format!("choice {:?}", d.what), 0),
        Type::Set(d) => (format!("set {:?}", d.what), 0),
        Type::Number { scale, unit, .. } => (format!("number {unit:?}"), *scale),
        Type::Date { .. } => ("date".into(), 0),
        Type::Time => ("time".into(), 0),
        Type::DateTime { .. } => ("datetime".into(), 0),
    }
}

fn places(models: [&Model; 2]) -> (Vec<Place>, bool) {
    let mut scales: BTreeMap<Key, BTreeSet<u32>> = BTreeMap::new();
    let linked = |fact: &Fact| {
        models.iter().any(|m| {
            let id = m.find_fact(&fact.name);
            ordain::model::show::asked(m)
                .distances
                .iter()
                .any(|d| d.2 == Unit::Number && (Some(d.0) == id || Some(d.1) == id))
        })
    };
    // A number measured against another keeps its steps: with others it is another fact.
    let key = |fact: &Fact| {
        let (kind, scale) = kind(&fact.ty);
        let kind = if linked(fact) { format!("{kind} {scale}") } else { kind };
        ((fact.name.to_string(), kind), scale)
    };
    for fact in models.iter().flat_map(|m| &m.facts) {
        let (key, scale) = key(fact);
        scales.entry(key).or_default().insert(scale);
    }
    let complete = scales.values().all(|s| s.len() == 1);
    let place = |(wanted, scales): (Key, BTreeSet<u32>)| {
        let finest = scales.last().copied().unwrap_or(0);
        let own = models.map(|m| {
            m.fact_ids().find_map(|f| {
                let (key, scale) = key(m.fact(f));
                (key == wanted).then(|| (f, 10i64.pow(finest - scale)))
            })
        });
        Place { key: wanted, own }
    };
    let places: Vec<Place> = scales.into_iter().map(place).collect();
    debug_assert!(places.iter().all(|p| !p.key.0.is_empty()));
    (places, complete)
}

fn short(ty: &Type) -> bool {
    match ty {
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } => hi - lo < SHORT,
        Type::DateTime { .. } | Type::Time => false,
        _ => true,
    }
}

fn said(model: &Model, fact: FactId, value: &Value, steps: i64) -> Said {
    let name = |domain: &Domain, v: usize| domain.values[v].name.to_string();
    match (&model.fact(fact).ty, value) {
        (_, Value::Bool(b)) => Said::Bool(*b),
        (Type::Choice(domain), Value::Choice(v)) => Said::Name(name(domain, *v as usize)),
        (Type::Set(domain), Value::Set(set)) => Said::Names(set.iter().map(|v| name(domain, v)).collect()),
        (_, Value::Int(v)) => Said::Int(v * steps),
        _ => unreachable!("a value has its fact's type"),
    }
}

fn read(ty: &Type, said: &Said, steps: i64) -> Option<Value> {
    let find = |domain: &Domain, name: &String| domain.values.iter().position(|v| v.name == name.as_str());
    match (ty, said) {
        (_, Said::Bool(b)) => Some(Value::Bool(*b)),
        (Type::Choice(domain), Said::Name(name)) => find(domain, name).map(|v| Value::Choice(v as u32)),
        (Type::Set(domain), Said::Names(names)) => {
            names.iter().map(|n| find(domain, n)).collect::<Option<Bits>>().map(Value::Set)
        }
        (_, Said::Int(v)) => (v % steps == 0).then_some(Value::Int(v / steps)),
        _ => None,
    }
}

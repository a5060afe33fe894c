//! Two versions of a policy -> the same two over one vocabulary: equal facts, periods, definitions, decisions and duties.
//!
//! A joint case has a value of every fact that either version has. Each version reads it its own way:
//!
//! * a fact that only one version has is there in both, where that version has it; the other asks nothing of it;
//! * a fact whose type has become another altogether is two facts;
//! * a fact that exists in other cases than before is there where either version has it, and each version asks about it
//!   only where it has it itself;
//! * values that only one version knows are ruled out by an assumption of the other (`types`).
//!
//! Cases that both versions know are compared; the others are new or gone.

use super::translate::{Translator, named, same};
use super::types::{self, Reading};
use crate::decide;
use crate::model::*;
use crate::source::Span;
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, format_smolstr};
use std::sync::OnceLock;

/// Behind the name of what has another meaning in the new version.
pub const BEFORE: &str = " (before)";
/// Behind the name of a fact, in the name of the condition under which a version has it.
pub const EXISTS: &str = " exists";

#[derive(Debug, Clone)]
pub struct Joint {
    /// The versions over the joint vocabulary, the old one first. Clauses and policies keep their numbers.
    pub models: [Model; 2],
    pub sides: [Side; 2],
}

/// How a version's own vocabulary lies in the joint one.
#[derive(Debug, Clone)]
pub struct Side {
    /// By the version's fact.
    pub facts: Vec<FactId>,
    pub readings: Vec<Reading>,
    /// By the version's decision: the joint one, and by value the joint value.
    pub decisions: Vec<(DecisionId, Vec<u32>)>,
    pub duties: Vec<DutyId>,
}

/// The versions read moments in different time zones, so that no moment is the same case in both.
#[derive(Debug, Clone)]
pub struct TimeZones(pub String, pub String);

impl Side {
    /// The version's own case of a joint one.
    pub fn case(&self, own: &Model, joint: &Case) -> Case {
        let read = |(id, reading): (&FactId, &Reading)| {
            Some(match joint.values.get(id.index())?.as_ref()? {
                Value::Choice(v) => Value::Choice(reading.value(*v as usize)? as u32),
                Value::Set(set) => Value::Set(set.iter().filter_map(|v| reading.value(v)).collect()),
                Value::Int(v) => Value::Int(reading.number(*v)),
                Value::Bool(b) => Value::Bool(*b),
            })
        };
        let all: Vec<Option<Value>> = self.facts.iter().zip(&self.readings).map(read).collect();
        // Facts that depend on others are settled a round after these.
        let mut case = Case { values: all.clone() };
        for _ in 0..all.len() {
            let exists: Vec<bool> = own.fact_ids().map(|f| decide::exists(own, f, &case)).collect();
            let values: Vec<Option<Value>> =
                all.iter().zip(exists).map(|(v, exists)| v.clone().filter(|_| exists)).collect();
            if values == case.values {
                break;
            }
            case.values = values;
        }
        case
    }
}

/// What the old version has is found among what the new one has; the rest comes behind.
struct Places<'a> {
    old: &'a Model,
    new: &'a Model,
    facts: Vec<Fact>,
    /// By version and fact.
    to: [Vec<FactId>; 2],
    readings: [Vec<Reading>; 2],
    /// By old fact: the new one that is the same.
    partner: Vec<Option<FactId>>,
    periods: Vec<Period>,
    old_periods: Vec<PeriodId>,
}

/// Puts two versions over one vocabulary.
pub fn joint(old: &Model, new: &Model) -> Result<Joint, TimeZones> {
    let mut places = facts(old, new);
    let moments = places.facts.iter().any(|f| matches!(f.ty, Type::DateTime { .. }));
    if old.zone != new.zone && moments {
        return Err(TimeZones(old.zone.name.clone(), new.zone.name.clone()));
    }
    periods(&mut places);
    let (defines, guards, maps) = conditions(&mut places);
    let decisions = decisions(old, new);
    let duties = duties(old, new);
    let Places { facts, to, readings, periods, old_periods, .. } = places;
    let new_periods: Vec<PeriodId> = (0..new.periods.len() as u32).map(PeriodId).collect();
    let on = facts.iter().position(|f| f.kind == FactKind::On).map(|i| FactId(i as u32));
    let version = |which: usize, own: &Model| {
        let translator = Translator {
            facts: &to[which],
            readings: &readings[which],
            periods: if which == 0 { &old_periods } else { &new_periods },
            defines: &maps[which],
            guards: &guards[which],
        };
        let mut model = Model {
            facts: facts.clone(),
            periods: periods.clone(),
            defines: defines.clone(),
            decisions: decisions.0[which].clone(),
            duties: duties.0.clone(),
            clauses: own
                .clauses
                .iter()
                .map(|c| clause(c, &translator, &decisions.1[which], &duties.1[which]))
                .collect(),
            assumptions: own.assumptions.iter().map(|a| assumption(a, &translator)).collect(),
            policies: own.policies.clone(),
            sections: own.sections.clone(),
            replaced_by: own.replaced_by.clone(),
            expectations: Vec::new(),
            asked: OnceLock::new(),
            on,
            zone: own.zone.clone(),
            not_encoded: Vec::new(),
            unused: Vec::new(),
        };
        for (i, fact) in own.facts.iter().enumerate() {
            let at = to[which][i];
            if let Some(atom) = types::unknown(at, &facts[at.index()].ty, &fact.ty, &readings[which][i]) {
                model.assumptions.push(never(atom, guards[which][i]));
            }
        }
        model
    };
    let mut models = [version(0, old), version(1, new)];
    between_steps(&mut models, &to, &readings, &guards);
    let [to_old, to_new] = to;
    let [read_old, read_new] = readings;
    let [decisions_old, decisions_new] = decisions.1;
    let [duties_old, duties_new] = duties.1;
    let sides = [
        Side { facts: to_old, readings: read_old, decisions: decisions_old, duties: duties_old },
        Side { facts: to_new, readings: read_new, decisions: decisions_new, duties: duties_new },
    ];
    Ok(Joint { models, sides })
}

fn facts<'a>(old: &'a Model, new: &'a Model) -> Places<'a> {
    let linked = |model: &Model, fact: FactId| {
        let measures = |d: &(FactId, FactId, Unit)| d.2 == Unit::Number && (d.0 == fact || d.1 == fact);
        show::asked(model).distances.iter().any(measures)
    };
    let mut facts = new.facts.clone();
    let mut to = Vec::new();
    let (mut read_old, mut read_new) = (Vec::new(), vec![Reading::Same; facts.len()]);
    let mut partner = Vec::new();
    let by_name: FxHashMap<&str, usize> = new.facts.iter().enumerate().map(|(i, f)| (f.name.as_str(), i)).collect();
    for (i, fact) in old.facts.iter().enumerate() {
        let namesake = by_name.get(fact.name.as_str()).copied();
        let joined = namesake.and_then(|at| {
            let there = FactId(at as u32);
            let linked = linked(old, FactId(i as u32)) || linked(new, there);
            Some((at, types::join(&fact.ty, &new.facts[at].ty, linked)?))
        });
        match joined {
            Some((at, joined)) => {
                facts[at].ty = joined.ty;
                let [before, now] = joined.readings;
                read_old.push(before);
                read_new[at] = now;
                to.push(FactId(at as u32));
                partner.push(Some(FactId(at as u32)));
            }
            None => {
                let name = if namesake.is_some() { renamed(&fact.name) } else { fact.name.clone() };
                to.push(FactId(facts.len() as u32));
                facts.push(Fact { name, ..fact.clone() });
                read_old.push(Reading::Same);
                partner.push(None);
            }
        }
    }
    let to_new = new.fact_ids().collect();
    let (periods, old_periods) = (Vec::new(), Vec::new());
    Places { old, new, facts, to: [to, to_new], readings: [read_old, read_new], partner, periods, old_periods }
}

fn renamed(name: &str) -> SmolStr {
    format_smolstr!("{name}{BEFORE}")
}

/// Periods with the same name that say the same are one.
fn periods(places: &mut Places<'_>) {
    let (old, new) = (places.old, places.new);
    let namesake = |p: &Period| new.periods.iter().position(|q| q.name == p.name);
    let guess: Vec<Option<usize>> = old.periods.iter().map(namesake).collect();
    let place = |p: PeriodId, guess: &[Option<usize>]| {
        PeriodId(guess[p.index()].unwrap_or(new.periods.len() + p.index()) as u32)
    };
    let mut same: Vec<bool> = old
        .periods
        .iter()
        .zip(&guess)
        .map(|(p, at)| at.is_some_and(|at| period_rule(&p.rule, &|p| place(p, &guess)) == new.periods[at].rule))
        .collect();
    loop {
        let holds = |i: &usize| {
            let mut all = true;
            names(&old.periods[*i].rule, &mut |p| all &= same[p.index()]);
            all
        };
        let fewer: Vec<bool> = (0..same.len()).map(|i| same[i] && holds(&i)).collect();
        if fewer == same {
            break;
        }
        same = fewer;
    }
    let mut all = new.periods.clone();
    let mut to = Vec::new();
    for (i, known) in guess.iter().enumerate() {
        match known.filter(|_| same[i]) {
            Some(at) => to.push(PeriodId(at as u32)),
            None => {
                to.push(PeriodId(all.len() as u32));
                let period = &old.periods[i];
                let name = if known.is_some() { renamed(&period.name) } else { period.name.clone() };
                all.push(Period { name, ..period.clone() });
            }
        }
    }
    for (i, at) in to.iter().enumerate().filter(|(i, _)| !same[*i]) {
        all[at.index()].rule = period_rule(&old.periods[i].rule, &|p| to[p.index()]);
    }
    places.periods = all;
    places.old_periods = to;
}

fn period_rule(rule: &PeriodRule, place: &dyn Fn(PeriodId) -> PeriodId) -> PeriodRule {
    let two = |a: &PeriodRule, b: &PeriodRule| (Box::new(period_rule(a, place)), Box::new(period_rule(b, place)));
    match rule {
        PeriodRule::Named(p) => PeriodRule::Named(place(*p)),
        PeriodRule::Either(parts) => PeriodRule::Either(parts.iter().map(|p| period_rule(p, place)).collect()),
        PeriodRule::During(a, b) => {
            let (a, b) = two(a, b);
            PeriodRule::During(a, b)
        }
        PeriodRule::Except(a, b) => {
            let (a, b) = two(a, b);
            PeriodRule::Except(a, b)
        }
        PeriodRule::Dates(..) | PeriodRule::Days { .. } => rule.clone(),
    }
}

/// The periods that a rule names.
fn names(rule: &PeriodRule, f: &mut impl FnMut(PeriodId)) {
    match rule {
        PeriodRule::Named(p) => f(*p),
        PeriodRule::Either(parts) => parts.iter().for_each(|p| names(p, f)),
        PeriodRule::During(a, b) | PeriodRule::Except(a, b) => {
            names(a, f);
            names(b, f);
        }
        PeriodRule::Dates(..) | PeriodRule::Days { .. } => {}
    }
}

type Guards = [Vec<Option<DefineId>>; 2];

/// Sets where the joint facts exist. Returns the joint definitions, the definitions that guard each version's facts, and
/// the places of each version's definitions.
fn conditions(places: &mut Places<'_>) -> (Vec<Define>, Guards, [Vec<DefineId>; 2]) {
    let (old, new) = (places.old, places.new);
    let (exists_alike, defined_alike, guess) = alike(places);
    let mut defines: Vec<Define> = new.defines.clone();
    let mut old_defines = Vec::new();
    for (i, define) in old.defines.iter().enumerate() {
        match guess[i].filter(|_| defined_alike[i]) {
            Some(at) => old_defines.push(DefineId(at as u32)),
            None => {
                let name = if guess[i].is_some() { renamed(&define.name) } else { define.name.clone() };
                old_defines.push(DefineId(defines.len() as u32));
                defines.push(Define { name, ..define.clone() });
            }
        }
    }
    let maps = [old_defines, (0..new.defines.len() as u32).map(DefineId).collect::<Vec<_>>()];
    let mut guards: Guards = [vec![None; old.facts.len()], vec![None; new.facts.len()]];
    for (i, partner) in places.partner.iter().enumerate() {
        let Some(partner) = partner.filter(|_| !exists_alike[i]) else { continue };
        for (which, model, fact) in [(0, old, FactId(i as u32)), (1, new, partner)] {
            if let Some(cond) = &model.fact(fact).exists_if {
                guards[which][fact.index()] = Some(DefineId(defines.len() as u32));
                let name = format_smolstr!("{}{EXISTS}", model.fact(fact).name);
                defines.push(Define { name, span: cond.span, cond: cond.clone() });
            }
        }
    }
    let new_periods: Vec<PeriodId> = (0..new.periods.len() as u32).map(PeriodId).collect();
    let translator = |which: usize| Translator {
        facts: &places.to[which],
        readings: &places.readings[which],
        periods: if which == 0 { &places.old_periods } else { &new_periods },
        defines: &maps[which],
        guards: &guards[which],
    };
    let (before, now) = (translator(0), translator(1));
    for (i, define) in new.defines.iter().enumerate() {
        defines[i].cond = now.cond(&define.cond);
    }
    for (define, at) in old.defines.iter().zip(&maps[0]) {
        if at.index() >= new.defines.len() {
            defines[at.index()].cond = before.cond(&define.cond);
        }
    }
    for (guards, model, translator) in [(&guards[0], old, &before), (&guards[1], new, &now)] {
        for (fact, guard) in model.facts.iter().zip(guards) {
            if let (Some(guard), Some(cond)) = (guard, &fact.exists_if) {
                defines[guard.index()].cond = translator.cond(cond);
            }
        }
    }
    let mut exists: Vec<Option<Cond>> =
        places.facts.iter().take(new.facts.len()).map(|f| f.exists_if.as_ref().map(|c| now.cond(c))).collect();
    exists.resize(places.facts.len(), None);
    for (i, fact) in old.facts.iter().enumerate() {
        let at = places.to[0][i].index();
        match places.partner[i] {
            None => exists[at] = fact.exists_if.as_ref().map(|c| before.cond(c)),
            Some(partner) if !exists_alike[i] => {
                let either = [guards[0][i], guards[1][partner.index()]];
                let part = |d: DefineId| Cond::new(CondKind::Define(d), fact.span);
                let both = either.into_iter().collect::<Option<Vec<DefineId>>>();
                exists[at] = both.map(|both| Cond::or(both.into_iter().map(part).collect(), fact.span));
            }
            Some(_) => {}
        }
    }
    places.facts.iter_mut().zip(exists).for_each(|(fact, cond)| fact.exists_if = cond);
    (defines, guards, maps)
}

/// By old fact: whether it exists in the same cases in the new version, by what is written. By old definition: whether the
/// new one of its name says the same, and which that is.
fn alike(places: &Places<'_>) -> (Vec<bool>, Vec<bool>, Vec<Option<usize>>) {
    let (old, new) = (places.old, places.new);
    let names: FxHashMap<&str, usize> = new.defines.iter().enumerate().map(|(i, d)| (d.name.as_str(), i)).collect();
    let guess: Vec<Option<usize>> = old.defines.iter().map(|d| names.get(d.name.as_str()).copied()).collect();
    let place = |(i, at): (usize, &Option<usize>)| DefineId(at.unwrap_or(new.defines.len() + i) as u32);
    let guessed: Vec<DefineId> = guess.iter().enumerate().map(place).collect();
    let own: Vec<DefineId> = (0..new.defines.len() as u32).map(DefineId).collect();
    let new_periods: Vec<PeriodId> = (0..new.periods.len() as u32).map(PeriodId).collect();
    let before = Translator {
        facts: &places.to[0],
        readings: &places.readings[0],
        periods: &places.old_periods,
        defines: &guessed,
        guards: &[],
    };
    let now = Translator {
        facts: &places.to[1],
        readings: &places.readings[1],
        periods: &new_periods,
        defines: &own,
        guards: &[],
    };
    let alike = |a: &Cond, b: &Cond| same(&before.cond(a), &now.cond(b));
    let defines = old.defines.len();
    // Definitions, then facts: whether each is alike by itself, and who names it.
    let mut good: Vec<bool> = Vec::new();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); defines + old.facts.len()];
    let name = |user: usize, cond: &Cond, users: &mut Vec<Vec<usize>>| {
        let (mut d, mut f) = (Vec::new(), Vec::new());
        named(cond, &mut d, &mut f);
        d.iter().for_each(|d| users[d.index()].push(user));
        f.iter().for_each(|f| users[defines + f.index()].push(user));
    };
    for (i, define) in old.defines.iter().enumerate() {
        good.push(guess[i].is_some_and(|at| alike(&define.cond, &new.defines[at].cond)));
        name(i, &define.cond, &mut users);
    }
    for (i, fact) in old.facts.iter().enumerate() {
        let there = places.partner[i].map(|p| &new.fact(p).exists_if);
        good.push(match (&fact.exists_if, there) {
            (None, None | Some(None)) | (Some(_), None) => true,
            (Some(a), Some(Some(b))) => alike(a, b),
            _ => false,
        });
        if let Some(cond) = &fact.exists_if {
            name(defines + i, cond, &mut users);
        }
    }
    let mut open: Vec<usize> = (0..good.len()).filter(|i| !good[*i]).collect();
    while let Some(i) = open.pop() {
        for &user in &users[i] {
            if std::mem::replace(&mut good[user], false) {
                open.push(user);
            }
        }
    }
    let exists = good.split_off(defines);
    (exists, good, guess)
}

/// By version the decisions, and by version and own decision its place and its values' places.
type Decisions = ([Vec<Decision>; 2], [Vec<(DecisionId, Vec<u32>)>; 2]);

fn decisions(old: &Model, new: &Model) -> Decisions {
    let mut all = new.decisions.clone();
    let own = new.decisions.iter().enumerate();
    let to_new: Vec<_> =
        own.map(|(i, d)| (DecisionId(i as u32), (0..d.values.len() as u32).collect::<Vec<u32>>())).collect();
    let mut to_old = Vec::new();
    for decision in &old.decisions {
        let at = all.iter().position(|d| d.name == decision.name).unwrap_or_else(|| {
            all.push(Decision { values: Vec::new(), ..decision.clone() });
            all.len() - 1
        });
        let values = &mut all[at].values;
        let place = |value: &ValueName| {
            let known = values.iter().position(|v| v.name == value.name);
            known.unwrap_or_else(|| {
                values.push(value.clone());
                values.len() - 1
            }) as u32
        };
        let places: Vec<u32> = decision.values.iter().map(place).collect();
        to_old.push((DecisionId(at as u32), places));
    }
    all.iter_mut().for_each(|d| d.default = None);
    let with_defaults = |own: &Model, to: &[(DecisionId, Vec<u32>)]| {
        let mut all = all.clone();
        for (decision, (at, values)) in own.decisions.iter().zip(to) {
            all[at.index()].default = decision.default.and_then(|v| values.get(v as usize).copied());
        }
        all
    };
    ([with_defaults(old, &to_old), with_defaults(new, &to_new)], [to_old, to_new])
}

fn duties(old: &Model, new: &Model) -> (Vec<Duty>, [Vec<DutyId>; 2]) {
    let mut all = new.duties.clone();
    let mut to_old = Vec::new();
    for duty in &old.duties {
        let at = all.iter().position(|d| d.name == duty.name).unwrap_or_else(|| {
            all.push(Duty { excludes: Vec::new(), ..duty.clone() });
            all.len() - 1
        });
        to_old.push(DutyId(at as u32));
    }
    (all, [to_old, (0..new.duties.len() as u32).map(DutyId).collect()])
}

fn clause(own: &Clause, to: &Translator<'_>, decisions: &[(DecisionId, Vec<u32>)], duties: &[DutyId]) -> Clause {
    let outcome = own.outcome.as_ref().and_then(|o| {
        let (decision, values) = decisions.get(o.decision.index())?;
        Some(Outcome {
            decision: *decision,
            value: values.get(o.value as usize).copied()?,
            provisos: o.provisos.iter().map(|p| Proviso { cond: to.cond(&p.cond), ..p.clone() }).collect(),
            ..o.clone()
        })
    });
    let duty = |d: &DutyId| duties.get(d.index()).copied();
    Clause {
        scope: to.cond(&own.scope),
        in_force: to.cond(&own.in_force),
        outcome,
        requirements: own
            .requirements
            .iter()
            .map(|r| Requirement { cond: to.cond(&r.cond), when: to.cond(&r.when), ..r.clone() })
            .collect(),
        obligations: own
            .obligations
            .iter()
            .map(|o| Obligation {
                duties: o.duties.iter().filter_map(duty).collect(),
                when: to.cond(&o.when),
                span: o.span,
            })
            .collect(),
        advice: own
            .advice
            .iter()
            .map(|a| Advice { cond: to.cond(&a.cond), when: to.cond(&a.when), span: a.span })
            .collect(),
        ..own.clone()
    }
}

fn assumption(own: &Assumption, to: &Translator<'_>) -> Assumption {
    Assumption { cond: to.cond(&own.cond), ..own.clone() }
}

/// The atom holds in no case in which the version has the fact.
fn never(atom: Atom, guard: Option<DefineId>) -> Assumption {
    let span = Span::default();
    let part = |kind| Cond::new(kind, span);
    let mut parts = vec![part(CondKind::Atom(atom))];
    parts.extend(guard.map(|d| part(CondKind::Define(d))));
    let cond = part(CondKind::Not(Box::new(Cond::and(parts, span))));
    Assumption { cond, because: None, span, implied: true }
}

/// Rules out the numbers between the steps of a version that has coarser ones: intervals that no condition divides and in
/// which none of its numbers lies.
fn between_steps(models: &mut [Model; 2], to: &[Vec<FactId>; 2], readings: &[Vec<Reading>; 2], guards: &Guards) {
    for which in 0..2 {
        for (i, reading) in readings[which].iter().enumerate() {
            let fact = to[which][i];
            let (Reading::Steps(steps), Type::Number { lo, hi, .. }) = (reading, &models[which].fact(fact).ty) else {
                continue;
            };
            let (lo, hi) = (*lo, *hi);
            let mut starts = std::collections::BTreeSet::from([lo]);
            for cond in models.iter().flat_map(show::conditions) {
                cond.atoms(&mut |atom| {
                    if let Atom::Range(f, parts) = atom
                        && *f == fact
                    {
                        starts.extend(parts.iter().flat_map(|p| [p.0, p.1.saturating_add(1)]));
                    }
                });
            }
            let starts: Vec<i64> = starts.into_iter().filter(|s| (lo..=hi).contains(s)).collect();
            let mut between: Vec<(i64, i64)> = Vec::new();
            for (k, &start) in starts.iter().enumerate() {
                let end = starts.get(k + 1).map_or(hi, |next| next - 1);
                if end.div_euclid(*steps) * steps >= start {
                    continue;
                }
                match between.last_mut() {
                    Some(last) if last.1 + 1 == start => last.1 = end,
                    _ => between.push((start, end)),
                }
            }
            if !between.is_empty() {
                models[which].assumptions.push(never(Atom::Range(fact, between), guards[which][i]));
            }
        }
    }
}

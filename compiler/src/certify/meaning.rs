//! Rules -> definitions of what each case gets, following the steps of the semantics in `decide`.
//!
//! | step | defined |
//! |---|---|
//! | 1 | `|r applies|` |
//! | 2 | `|r remains|`: less what an applying exception replaces |
//! | 3 | `|r stands|`: less what a policy that speaks outranks; `|r asks|` the same for requirements; `|r says v|` |
//! | 4 | `|d conflict|`, `|d: v is said|` |
//! | 5 | `|some requirement fails|`, `|requirements decide|` |
//! | 6 | `|d is v|`, `|d is undecided|`, `|d by default|` |
//!
//! and then who decides, and which duties and advice follow.

use super::Encoding;
use super::cond::term;
use super::terms::{and, not, or, symbol};
use crate::model::*;

pub fn define(e: &mut Encoding<'_>) {
    let model = e.model;
    for define in &model.defines {
        let body = term(e, &define.cond);
        e.dict.truth(&format!("define {}", define.name), body);
    }
    let assumptions: Vec<String> = model.assumptions.iter().map(|a| term(e, &a.cond)).collect();
    let assumptions: Vec<String> =
        assumptions.into_iter().enumerate().map(|(i, body)| e.dict.truth(&assumption(i), body)).collect();
    e.dict.truth("every assumption holds", and(assumptions));
    for id in model.clause_ids() {
        clause(e, id);
    }
    let all = model.clause_ids().filter(|id| !model.clause(*id).requirements.is_empty()).map(|id| e.fails(id));
    let all = or(all.collect::<Vec<_>>());
    e.dict.truth("some requirement fails", all);
    for d in (0..model.decisions.len() as u32).map(DecisionId) {
        decision(e, d);
    }
    for id in model.clause_ids() {
        decides(e, id);
    }
    for (i, duty) in model.duties.iter().enumerate() {
        let by = model.clause_ids().filter(|id| {
            let mut obligations = model.clause(*id).obligations.iter();
            obligations.any(|o| o.duties.contains(&DutyId(i as u32)))
        });
        let by: Vec<String> = by.map(|id| e.obliges(id, DutyId(i as u32))).collect();
        e.dict.truth(&format!("duty {} follows", duty.name), or(by));
    }
}

/// The name of an assumption's condition.
pub fn assumption(index: usize) -> String {
    format!("assumption {}", index + 1)
}

/// Steps 1 to 3 for one clause.
fn clause(e: &mut Encoding<'_>, id: ClauseId) {
    let model = e.model;
    let clause = model.clause(id);
    let own = [term(e, &clause.scope), term(e, &clause.in_force)];
    let meets = match clause.is_exception() {
        true => or(clause.replaces.iter().map(|p| e.of(*p, "applies"))),
        false => "true".into(),
    };
    e.define(id, "applies", and(own.into_iter().chain([meets])));
    let replaced = or(e.exceptions[id.index()].iter().map(|x| e.of(*x, "applies")).collect::<Vec<_>>());
    e.define(id, "remains", and([e.of(id, "applies"), not(replaced)]));

    let decision = clause.outcome.as_ref().map_or(VERDICT, |o| o.decision);
    let outranked = e.outranked(clause.policy, decision, |_| true);
    e.define(id, "stands", and([e.of(id, "remains"), not(outranked)]));
    if let Some(outcome) = &clause.outcome {
        if !outcome.provisos.is_empty() {
            let kept = and(outcome.provisos.iter().map(|p| term(e, &p.cond)));
            e.define(id, "keeps its provisos", kept);
        }
        for value in e.sayable(id) {
            let says = e.says_where(id, value, &e.of(id, "stands"));
            e.define(id, &e.saying(id, value), says);
        }
    }
    if !clause.requirements.is_empty() {
        let outranked = e.outranked(clause.policy, VERDICT, |_| true);
        e.define(id, "asks", and([e.of(id, "remains"), not(outranked)]));
        for (i, requirement) in clause.requirements.iter().enumerate() {
            let breaks = and([term(e, &requirement.when), not(term(e, &requirement.cond))]);
            e.define(id, &format!("breaks requirement {}", i + 1), breaks);
            let fails = and([e.of(id, "asks"), e.of(id, &format!("breaks requirement {}", i + 1))]);
            e.define(id, &format!("fails requirement {}", i + 1), fails);
        }
    }
}

/// Steps 4 to 6 for one decision.
fn decision(e: &mut Encoding<'_>, d: DecisionId) {
    let decision = e.model.decision(d);
    for value in 0..decision.values.len() as u32 {
        let says = e.speakers(d).filter_map(|id| e.says(id, value)).collect::<Vec<_>>();
        e.dict.truth(&e.said_name(d, value), or(says));
    }
    let fails = symbol("some requirement fails");
    e.answer(d, "", &fails, |e, value| symbol(&e.said_name(d, value)));
}

/// Whose word the answer is, and what follows from it.
fn decides(e: &mut Encoding<'_>, id: ClauseId) {
    let model = e.model;
    let clause = model.clause(id);
    let mut follows = e.of(id, "remains");
    if let Some(outcome) = &clause.outcome {
        let d = outcome.decision;
        let mut ways = vec![e.answers(d, "conflict", "")];
        for value in e.sayable(id) {
            ways.push(and([e.says(id, value).unwrap_or_default(), e.is(d, value, "")]));
        }
        e.define(id, "decides by its outcome", and([e.of(id, "stands"), or(ways)]));
        follows = and([e.of(id, "stands"), e.is(d, outcome.value, "")]);
    }
    if !clause.requirements.is_empty() {
        let by = and([e.fails(id), symbol("requirements decide")]);
        e.define(id, "decides by a requirement", by);
    }
    e.define(id, "follows", follows);
}

impl Encoding<'_> {
    /// The symbol of what is defined for a clause.
    pub fn of(&self, id: ClauseId, what: &str) -> String {
        symbol(&format!("{} {what}", self.labels[id.index()]))
    }

    fn define(&mut self, id: ClauseId, what: &str, term: String) {
        let name = format!("{} {what}", self.labels[id.index()]);
        self.dict.truth(&name, term);
    }

    pub fn speakers(&self, d: DecisionId) -> impl Iterator<Item = ClauseId> + use<'_> {
        self.model.clause_ids().filter(move |id| speaks_on(self.model.clause(*id), d))
    }

    /// Where, of the clauses of policies that this one yields to and that pass, one speaks of the decision.
    pub fn outranked(&self, policy: PolicyId, d: DecisionId, pass: impl Fn(ClauseId) -> bool) -> String {
        let above = self.model.policies.get(policy.index()).map_or(&[][..], |p| &p.yields_to);
        if above.is_empty() {
            return "false".into();
        }
        let speakers = self.speakers(d).filter(|id| above.contains(&self.model.clause(*id).policy) && pass(*id));
        or(speakers.map(|id| self.of(id, "remains")))
    }

    /// The values that a clause may say: its own, and forbid where a proviso fails.
    pub fn sayable(&self, id: ClauseId) -> Vec<u32> {
        match &self.model.clause(id).outcome {
            Some(o) if o.provisos.is_empty() || o.decision != VERDICT || o.value == FORBID => vec![o.value],
            Some(o) => vec![o.value, FORBID],
            None => Vec::new(),
        }
    }

    fn saying(&self, id: ClauseId, value: u32) -> String {
        let decision = self.model.clause(id).outcome.as_ref().map_or(VERDICT, |o| o.decision);
        format!("says {}", self.value_name(decision, value))
    }

    /// Where it stands and says the value, if it ever says it.
    pub fn says(&self, id: ClauseId, value: u32) -> Option<String> {
        self.sayable(id).contains(&value).then(|| self.of(id, &self.saying(id, value)))
    }

    /// The same of `here` instead of where it stands.
    pub fn says_where(&self, id: ClauseId, value: u32, here: &str) -> String {
        let Some(outcome) = &self.model.clause(id).outcome else { return "false".into() };
        if outcome.provisos.is_empty() {
            return if outcome.value == value { here.into() } else { "false".into() };
        }
        let kept = self.of(id, "keeps its provisos");
        match value {
            v if v == outcome.value && v == FORBID && outcome.decision == VERDICT => here.into(),
            v if v == outcome.value => and([here.into(), kept]),
            FORBID if outcome.decision == VERDICT => and([here.into(), not(kept)]),
            _ => "false".into(),
        }
    }

    /// Where one of its requirements is asked and fails.
    pub fn fails(&self, id: ClauseId) -> String {
        let count = self.model.clause(id).requirements.len();
        or((0..count).map(|i| self.of(id, &format!("fails requirement {}", i + 1))))
    }

    /// Where one of its requirements is asked and fails, if nothing replaces or outranks it.
    pub fn breaks(&self, id: ClauseId) -> String {
        let count = self.model.clause(id).requirements.len();
        or((0..count).map(|i| self.of(id, &format!("breaks requirement {}", i + 1))))
    }

    pub fn value_name(&self, d: DecisionId, value: u32) -> &str {
        self.model.decision(d).values.get(value as usize).map_or("", |v| &v.name)
    }

    fn said_name(&self, d: DecisionId, value: u32) -> String {
        format!("{}: {} is said", self.model.decision(d).name, self.value_name(d, value))
    }

    /// The symbol of what is defined for a decision: `conflict`, `is undecided`, `by default`; `without` is behind it.
    pub fn answers(&self, d: DecisionId, what: &str, without: &str) -> String {
        symbol(&format!("{} {what}{without}", self.model.decision(d).name))
    }

    pub fn is(&self, d: DecisionId, value: u32, without: &str) -> String {
        self.answers(d, &format!("is {}", self.value_name(d, value)), without)
    }

    /// Steps 4 to 6: defines the answer, from what is said and where requirements fail. `without` is put behind the names.
    pub fn answer(&mut self, d: DecisionId, without: &str, fails: &str, said: impl Fn(&Self, u32) -> String) {
        let decision = self.model.decision(d);
        let name = &decision.name;
        let values: Vec<u32> = (0..decision.values.len() as u32).collect();
        let said: Vec<String> = values.iter().map(|v| said(self, *v)).collect();
        let two = or((0..said.len())
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| and([said[j].clone(), said[i].clone()])));
        let conflict = self.dict.truth(&format!("{name} conflict{without}"), two);
        let any = or(said.iter().cloned());
        let turned = match d == VERDICT {
            // A failing requirement turns a permit, or nothing, into forbid.
            true => and([fails.to_string(), not(conflict.clone()), not(said[FORBID as usize].clone())]),
            false => "false".into(),
        };
        let turned = match d == VERDICT {
            true => self.dict.truth(&format!("requirements decide{without}"), turned),
            false => turned,
        };
        let nothing = and([not(any), not(turned.clone())]);
        let defaulted = if decision.default.is_some() { nothing.clone() } else { "false".into() };
        let defaulted = self.dict.truth(&format!("{name} by default{without}"), defaulted);
        let undecided = if decision.default.is_some() { "false".into() } else { nothing };
        self.dict.truth(&format!("{name} is undecided{without}"), undecided);
        for value in values {
            let mut ways = vec![and([said[value as usize].clone(), not(conflict.clone())])];
            if d == VERDICT && value == PERMIT {
                ways = vec![and([ways.remove(0), not(turned.clone())])];
            }
            if d == VERDICT && value == FORBID {
                ways.push(turned.clone());
            }
            if decision.default == Some(value) {
                ways.push(defaulted.clone());
            }
            let result = format!("{name} is {}{without}", self.value_name(d, value));
            self.dict.truth(&result, or(ways));
        }
    }

    /// Where the clause is among those whose word the decision's answer is.
    pub fn decides_in(&self, id: ClauseId, d: DecisionId) -> String {
        let clause = self.model.clause(id);
        let outcome = speaks_on(clause, d).then(|| self.of(id, "decides by its outcome"));
        let requires = d == VERDICT && !clause.requirements.is_empty();
        let requirement = requires.then(|| self.of(id, "decides by a requirement"));
        or(outcome.into_iter().chain(requirement))
    }

    /// The decisions that a clause can decide: its own, and the verdict if it has requirements.
    pub fn decided_by(&self, id: ClauseId) -> Vec<DecisionId> {
        let clause = self.model.clause(id);
        let mut decisions: Vec<DecisionId> = clause.outcome.iter().map(|o| o.decision).collect();
        if !clause.requirements.is_empty() && !decisions.contains(&VERDICT) {
            decisions.push(VERDICT);
        }
        decisions
    }

    /// Where the clause makes the duty follow.
    pub fn obliges(&self, id: ClauseId, duty: DutyId) -> String {
        let obligations = self.model.clause(id).obligations.iter().filter(|o| o.duties.contains(&duty));
        and([or(obligations.map(|o| term(self, &o.when))), self.of(id, "follows")])
    }

    /// Where a duty or advice of the clause follows.
    pub fn obliges_or_advises(&self, id: ClauseId) -> String {
        let clause = self.model.clause(id);
        let duties = clause.obligations.iter().map(|o| term(self, &o.when));
        let advice = clause.advice.iter().map(|a| term(self, &a.when));
        and([or(duties.chain(advice)), self.of(id, "follows")])
    }
}

pub fn speaks_on(clause: &Clause, d: DecisionId) -> bool {
    clause.outcome.as_ref().is_some_and(|o| o.decision == d)
}

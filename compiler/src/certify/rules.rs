//! Claims about one rule or exception: that it decides somewhere, or why not.

use super::Encoding;
use super::cond::term;
use super::parts;
use super::redundant;
use super::script::{Certificates, Claim, either, sat, unsat};
use super::terms::{and, not, or};
use crate::analyse::Kind;
use crate::analyse::scope::{conjuncts, statement_conditions};
use crate::model::*;
use crate::source::Span;

pub fn rule(e: &mut Encoding<'_>, id: ClauseId, findings: &[Kind], to: &mut Certificates) {
    let mut claims = Vec::new();
    let applies = reach(e, id, findings, &mut claims);
    if applies {
        statements(e, id, findings, &mut claims);
        redundant::redundant(e, id, findings, &mut claims);
        effect(e, id, findings, &mut claims);
        parts::rule(e, id, findings, &mut claims);
    }
    let clause = e.model.clause(id);
    let title = clause.title.as_ref().map(|t| format!(" \"{t}\"")).unwrap_or_default();
    let name = e.called(id);
    let about = format!("The {name}{title}, {}", e.sources.place(clause.span));
    to.add(&format!("rule-{}", e.labels[id.index()]), about, claims);
    super::impossible::requirements(e, id, findings, to);
}

/// That it decides, or what keeps it from that. False if it applies nowhere.
fn reach(e: &Encoding<'_>, id: ClauseId, findings: &[Kind], claims: &mut Vec<Claim>) -> bool {
    let model = e.model;
    let clause = model.clause(id);
    let (name, applies) = (e.called(id), e.of(id, "applies"));
    let nowhere = |why: &str| unsat(format!("the {name} applies in no case{why}"), applies.clone());
    for kind in findings {
        match kind {
            Kind::NeverApplies { clause, parts, statement: None } if *clause == id => {
                claims.push(nowhere(""));
                contradiction(e, &model.clause(id).scope, parts, "true", claims);
                return false;
            }
            Kind::NeverInForce { clause: c } if *c == id => {
                claims.push(nowhere(""));
                claims.push(unsat(format!("the {name} is in force on no day"), term(e, &clause.in_force)));
                return false;
            }
            Kind::ExceptionMisses { exception } if *exception == id => {
                let own = and([term(e, &clause.scope), term(e, &clause.in_force)]);
                claims.push(nowhere(", for it never meets what it is an exception to"));
                claims.push(sat(format!("the condition of the {name} holds in some case"), own));
                let rules = or(clause.replaces.iter().map(|r| e.of(*r, "applies")));
                claims.push(sat(format!("{} applies in some case", e.names(&clause.replaces)), rules));
                return false;
            }
            _ => {}
        }
    }
    if clause.is_exception() && clause.replaces.iter().all(|r| dead(e, *r, findings)) {
        claims.push(nowhere(", for what it is an exception to applies in none"));
        return false;
    }
    let unreachable = findings.iter().find_map(|k| match k {
        Kind::Unreachable { clause, by } if *clause == id => Some(by),
        _ => None,
    });
    let lifts = if clause.waive { e.of(id, "remains") } else { "false".into() };
    let decides = or(e.decided_by(id).into_iter().map(|d| e.decides_in(id, d)));
    let matters = or([decides, e.obliges_or_advises(id), lifts]);
    let Some(by) = unreachable else {
        claims.push(sat(
            format!("the {name} decides a case, or a duty, advice or a waiver of it counts in one"),
            matters,
        ));
        return true;
    };
    claims.push(sat(format!("the {name} applies in some case"), applies.clone()));
    claims.push(unsat(format!("the {name} decides no case, and no duty, advice or waiver of it counts"), matters));
    let only_asks = clause.outcome.is_none() && !clause.requirements.is_empty();
    let region = if only_asks { and([applies.clone(), e.breaks(id)]) } else { applies.clone() };
    let what = if only_asks { "applies and is not met" } else { "applies" };
    let blocked = |by: &[ClauseId]| or(by.iter().map(|b| blocks(e, *b, id, only_asks)));
    if by.is_empty() {
        claims.push(unsat(format!("the {name} is met wherever it applies"), region));
        return true;
    }
    let all = e.names(by);
    claims.push(unsat(
        format!("wherever the {name} {what}, one of {all} takes its effect"),
        and([region.clone(), not(blocked(by))]),
    ));
    for one in by {
        let others: Vec<ClauseId> = by.iter().copied().filter(|b| b != one).collect();
        let claim =
            format!("somewhere the {name} {what} and no other of {all} than {} takes its effect", e.names(&[*one]));
        claims.push(sat(claim, and([region.clone(), not(blocked(&others))])));
    }
    true
}

/// It applies nowhere, or everything that it is an exception to.
fn dead(e: &Encoding<'_>, id: ClauseId, findings: &[Kind]) -> bool {
    let clause = e.model.clause(id);
    let told = findings.iter().any(|k| match k {
        Kind::NeverApplies { clause, statement: None, .. } | Kind::NeverInForce { clause } => *clause == id,
        Kind::ExceptionMisses { exception } => *exception == id,
        _ => false,
    });
    told || (clause.is_exception() && clause.replaces.iter().all(|r| dead(e, *r, findings)))
}

/// How one clause takes another's effect: as an exception that replaces it; by speaking for a policy that outranks it; by a
/// requirement that turns it; and from a requirement, by forbidding already, or by a conflict.
fn blocks(e: &Encoding<'_>, other: ClauseId, id: ClauseId, only_asks: bool) -> String {
    let model = e.model;
    let (clause, blocker) = (model.clause(id), model.clause(other));
    if blocker.replaces.contains(&id) {
        return e.of(other, "applies");
    }
    let decision = clause.outcome.as_ref().map_or(VERDICT, |o| o.decision);
    let speaks = super::meaning::speaks_on;
    let above = model.policies.get(clause.policy.index()).is_some_and(|p| p.yields_to.contains(&blocker.policy));
    let mut ways = Vec::new();
    if above && speaks(blocker, decision) {
        ways.push(e.of(other, "remains"));
    }
    if only_asks && speaks(blocker, VERDICT) {
        ways.extend(e.says(other, FORBID));
        ways.push(and([e.of(other, "decides by its outcome"), e.answers(VERDICT, "conflict", "")]));
    } else if decision == VERDICT && !only_asks {
        ways.push(e.fails(other));
    }
    or(ways)
}

/// Its statements' own conditions.
fn statements(e: &Encoding<'_>, id: ClauseId, findings: &[Kind], claims: &mut Vec<Claim>) {
    let applies = e.of(id, "applies");
    for kind in findings {
        if let Kind::NeverApplies { clause, parts, statement: Some(span) } = kind
            && *clause == id
            && let Some(when) = statement_conditions(e.model.clause(id)).find(|w| w.span == *span)
        {
            contradiction(e, when, parts, &applies, claims);
        }
    }
}

/// These parts of a condition contradict within a context, and each is needed for that.
fn contradiction(e: &Encoding<'_>, cond: &Cond, parts: &[Span], context: &str, claims: &mut Vec<Claim>) {
    let quoted = |span: &Span| format!("`{}`", e.quote(*span));
    let terms = |pass: &dyn Fn(&Span) -> bool| {
        let named = conjuncts(cond).into_iter().filter(|c| parts.contains(&c.span) && pass(&c.span));
        and(named.map(|c| term(e, c)).chain([context.to_string()]))
    };
    let mut spans: Vec<Span> = Vec::new();
    parts.iter().for_each(|p| {
        if !spans.contains(p) {
            spans.push(*p)
        }
    });
    let all: Vec<String> = spans.iter().map(quoted).collect();
    claims.push(unsat(format!("no case meets {}", show::list(&all, "and")), terms(&|_| true)));
    for one in &spans {
        claims.push(sat(format!("without {} some case meets the rest", quoted(one)), terms(&|p| p != one)));
    }
}

/// What an exception changes. Its rule, or another exception, takes its place if it is deleted; it has an effect unless
/// that says the same wherever it applies. An exception with exceptions of its own is not asked.
fn effect(e: &Encoding<'_>, id: ClauseId, findings: &[Kind], claims: &mut Vec<Claim>) {
    let clause = e.model.clause(id);
    if !clause.is_exception() || !e.exceptions[id.index()].is_empty() {
        return;
    }
    let applies = e.of(id, "applies");
    let changes = match clause.advice.is_empty() {
        false => applies,
        true => {
            or(clause.replaces.iter().map(|rule| and([applies.clone(), e.of(*rule, "applies"), changed(e, id, *rule)])))
        }
    };
    let told = findings.contains(&Kind::NoEffect { exception: id });
    let name = e.called(id);
    let so = format!("the {name} says something else than what takes its place without it");
    let not_so = format!("wherever the {name} applies, what takes its place without it says the same");
    claims.push(either(!told, so, not_so, changes));
}

fn changed(e: &Encoding<'_>, id: ClauseId, rule: ClauseId) -> String {
    let model = e.model;
    let yields = model.policies.iter().any(|p| !p.yields_to.is_empty());
    let alike = |other: ClauseId| !yields || model.clause(other).policy == model.clause(id).policy;
    if !alike(rule) || !model.clause(rule).advice.is_empty() {
        return "true".into();
    }
    let others: Vec<ClauseId> = e.exceptions[rule.index()].iter().copied().filter(|o| *o != id).collect();
    let replaced = or(others.iter().map(|o| e.of(*o, "applies")));
    let same = or(others.iter().filter(|o| alike(**o)).map(|o| and([e.of(*o, "remains"), not(differ(e, id, *o))])));
    or([differ(e, id, rule), and([replaced, not(same)])])
}

/// Where two clauses, if they stood, would not say the same: another outcome, other duties, other failing requirements.
fn differ(e: &Encoding<'_>, a: ClauseId, b: ClauseId) -> String {
    let model = e.model;
    let unlike = |x: String, y: String| if x == y { "false".into() } else { format!("(distinct {x} {y})") };
    let mut ways = vec![unlike(e.breaks(a), e.breaks(b))];
    let speaks = super::meaning::speaks_on;
    for d in (0..model.decisions.len() as u32).map(DecisionId) {
        for value in 0..model.decision(d).values.len() as u32 {
            let word = |id: ClauseId| match speaks(model.clause(id), d) {
                true => e.says_where(id, value, "true"),
                false => "false".into(),
            };
            ways.push(unlike(word(a), word(b)));
        }
    }
    for duty in (0..model.duties.len() as u32).map(DutyId) {
        let obliges = |id: ClauseId| {
            let clause = model.clause(id);
            let when = clause.obligations.iter().filter(|o| o.duties.contains(&duty)).map(|o| term(e, &o.when));
            let kept = clause.outcome.as_ref().map_or("true".into(), |o| e.says_where(id, o.value, "true"));
            and([or(when), kept])
        };
        ways.push(unlike(obliges(a), obliges(b)));
    }
    or(ways)
}

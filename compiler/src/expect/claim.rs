//! Expectation -> whether it holds, and a case that shows that it does not.

use crate::decide::{Decided, Status, Verdict, decide};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use crate::source::Sources;
use crate::tabulate::result_word;
use crate::witness;

/// What became of an expectation.
#[derive(Debug, Clone)]
pub struct ExpectationResult {
    pub id: ExpectationId,
    pub holds: bool,
    /// It is about no case.
    pub vacuous: bool,
    /// Kinds of case in its scope, and those of them that have what it claims.
    pub kinds: u128,
    pub as_claimed: u128,
    /// Where it fails: one case that is not as claimed.
    pub counterexample: Option<Shown>,
    /// What every case of the scope gets instead, if all get the same and it is another result than the claimed.
    pub instead: Option<Verdict>,
    /// The diagrams had room for the proof; if not, nothing is known.
    pub finished: bool,
    /// The cases it is about, see the module. Means something only together with the `Lowered` it was proved with.
    pub about: Node,
}

/// A case as a person is told of it.
#[derive(Debug, Clone)]
pub struct Shown {
    pub case: Case,
    /// The facts that put it there, in reading order.
    pub facts: Vec<FactId>,
    /// `a student reaches a teacher through email, account is district`
    pub sentence: String,
    /// The facts and their values in the words of the policy.
    pub values: Vec<(String, String)>,
    /// What it gets: `permit, by `district_mail``, `forbid, by default`.
    pub gets: String,
    /// Why, a sentence each: provisos and requirements that fail.
    pub why: Vec<String>,
    /// The clauses whose word it is.
    pub by: Vec<ClauseId>,
}

/// Proves all expectations.
pub fn run(lowered: &mut Lowered<'_>, sources: &Sources) -> Vec<ExpectationResult> {
    let all = (0..lowered.model.expectations.len() as u32).map(ExpectationId);
    all.map(|id| {
        lowered.dd.begin();
        let steps = lowered.dd.steps_left();
        let result = lowered.attempt(steps, |lowered| prove(lowered, sources, id));
        result.unwrap_or_else(|| unfinished(id))
    })
    .collect()
}

/// The budget did not suffice.
fn unfinished(id: ExpectationId) -> ExpectationResult {
    ExpectationResult {
        id,
        holds: false,
        vacuous: false,
        kinds: 0,
        as_claimed: 0,
        counterexample: None,
        instead: None,
        finished: false,
        about: Diagrams::FALSE,
    }
}

/// Proves one. The caller says how many steps it may take, see [`Lowered::attempt`].
pub fn prove(lowered: &mut Lowered<'_>, sources: &Sources, id: ExpectationId) -> ExpectationResult {
    let model = lowered.model;
    let expectation = &model.expectations[id.index()];
    let scope = lowered.cond(&expectation.scope);
    let claimed = claimed(lowered, expectation, scope);
    let met = lowered.dd.and(scope, claimed);
    let missed = lowered.dd.diff(scope, claimed);
    let holds = if expectation.some { met != Diagrams::FALSE } else { missed == Diagrams::FALSE };
    let counterexample = if holds { None } else { shown(lowered, sources, missed, expectation.claim) };
    let instead = if holds { None } else { uniform(lowered, scope, expectation.claim) };
    ExpectationResult {
        id,
        holds,
        vacuous: scope == Diagrams::FALSE && !expectation.some,
        kinds: lowered.dd.count(scope),
        as_claimed: lowered.dd.count(met),
        counterexample,
        instead,
        finished: lowered.space.unfinished.is_empty(),
        about: if expectation.some { met } else { scope },
    }
}

/// Whether an expectation holds; less than `run` tells, and faster.
pub(super) fn holds(lowered: &mut Lowered<'_>, expectation: &Expectation) -> bool {
    let scope = lowered.cond(&expectation.scope);
    let claimed = claimed(lowered, expectation, scope);
    if expectation.some { !lowered.dd.disjoint(scope, claimed) } else { lowered.dd.implies(scope, claimed) }
}

/// Those of the cases of its scope that have what is claimed.
fn claimed(lowered: &mut Lowered<'_>, expectation: &Expectation, scope: Node) -> Node {
    let model = lowered.model;
    let node = match expectation.claim {
        Claim::Outcome(d, v) => {
            lowered.decision_within(d, scope).result.get(v as usize).copied().unwrap_or(Diagrams::FALSE)
        }
        Claim::Undecided(d) => lowered.decision_within(d, scope).undecided,
        Claim::Conflict(d) => lowered.decision_within(d, scope).conflict,
        Claim::Obliges(duty) => match expectation.by {
            Some(clause) => return obliges(lowered, clause, duty),
            None => lowered.duty(duty),
        },
    };
    match (expectation.by, decision_of(model, expectation.claim)) {
        (Some(clause), Some(decision)) => {
            let decides = lowered.decides_in(clause, decision);
            lowered.dd.and(node, decides)
        }
        _ => node,
    }
}

/// The decision that a claim is about; `None` for duties.
pub(super) fn decision_of(_: &Model, claim: Claim) -> Option<DecisionId> {
    match claim {
        Claim::Outcome(d, _) | Claim::Undecided(d) | Claim::Conflict(d) => Some(d),
        Claim::Obliges(_) => None,
    }
}

/// Where a clause makes the duty follow.
pub(super) fn obliges(lowered: &mut Lowered<'_>, clause: ClauseId, duty: DutyId) -> Node {
    let obligations = lowered.model.clause(clause).obligations.iter().zip(&lowered.obligations[clause.index()]);
    let nodes: Vec<Node> = obligations.filter(|(o, _)| o.duties.contains(&duty)).map(|(_, node)| *node).collect();
    lowered.dd.or_all(&nodes)
}

/// The one result that all cases of the scope have, if it is another than the claimed.
fn uniform(lowered: &mut Lowered<'_>, scope: Node, claim: Claim) -> Option<Verdict> {
    let decision = decision_of(lowered.model, claim)?;
    let sets = lowered.decision_within(decision, scope);
    let mut results: Vec<(Verdict, Node)> =
        sets.result.iter().enumerate().map(|(v, node)| (Verdict::Is(v as u32), *node)).collect();
    results.push((Verdict::Conflict, sets.conflict));
    results.push((Verdict::Undecided, sets.undecided));
    let claimed = match claim {
        Claim::Outcome(_, v) => Verdict::Is(v),
        Claim::Conflict(_) => Verdict::Conflict,
        Claim::Undecided(_) | Claim::Obliges(_) => Verdict::Undecided,
    };
    let (verdict, _) =
        results.into_iter().find(|(_, node)| scope != Diagrams::FALSE && lowered.dd.implies(scope, *node))?;
    (verdict != claimed).then_some(verdict)
}

/// A case of the region and what it gets.
fn shown(lowered: &mut Lowered<'_>, sources: &Sources, region: Node, claim: Claim) -> Option<Shown> {
    let (case, facts) = witness::choose(lowered, region, None)?;
    let model = lowered.model;
    let decided = decide(model, &case);
    let values = facts
        .iter()
        .filter_map(|f| {
            Some((model.fact(*f).name.to_string(), show::value(model, *f, case.values[f.index()].as_ref()?)))
        })
        .collect();
    let decision = decision_of(model, claim).unwrap_or(VERDICT);
    let by = decided.answers.get(decision.index()).map(|a| a.by.clone()).unwrap_or_default();
    let (gets, why) = match claim {
        Claim::Obliges(_) => (duties(model, &decided), Vec::new()),
        _ => (answer(model, &decided, decision), reasons(model, sources, &case, &decided, &by)),
    };
    Some(Shown { sentence: show::sentence(model, &case, &facts), case, facts, values, gets, why, by })
}

/// `forbid, by `phone` and `tool``; `permit, by default`.
fn answer(model: &Model, decided: &Decided, decision: DecisionId) -> String {
    let Some(answer) = decided.answers.get(decision.index()) else { return String::new() };
    let mut text = result_word(model, decision, answer.result);
    if decision != VERDICT && matches!(answer.result, Verdict::Is(_)) {
        text = format!("{} is {text}", model.decision(decision).name);
    }
    if answer.by_default {
        return format!("{text}, by default");
    }
    if answer.by.is_empty() {
        return text;
    }
    format!("{text}, by {}", names(model, &answer.by))
}

pub(super) fn names(model: &Model, clauses: &[ClauseId]) -> String {
    let names: Vec<String> = clauses.iter().map(|c| format!("`{}`", model.clause(*c).path)).collect();
    show::list(&names, "and")
}

fn duties(model: &Model, decided: &Decided) -> String {
    let names: Vec<String> = decided.duties.iter().map(|d| format!("`{}`", model.duty(*d).name)).collect();
    match names.is_empty() {
        true => "no duty".to_string(),
        false => format!("only {}", show::list(&names, "and")),
    }
}

/// The provisos and requirements of the deciding clauses that fail, with the values they fail for.
fn reasons(model: &Model, sources: &Sources, case: &Case, decided: &Decided, by: &[ClauseId]) -> Vec<String> {
    let mut reasons = Vec::new();
    for id in by {
        let Status::Stands { failing, failing_requirements, .. } = decided.status.of(*id) else {
            continue;
        };
        let clause = model.clause(*id);
        for proviso in clause.outcome.iter().flat_map(|o| failing.iter().filter_map(|i| o.provisos.get(*i))) {
            let why = show::failing(model, sources, &proviso.cond, case);
            reasons.push(format!("`{}` asks for `{}`: {why}", clause.path, proviso.name));
        }
        for requirement in failing_requirements.iter().filter_map(|i| clause.requirements.get(*i)) {
            let why = show::failing(model, sources, &requirement.cond, case);
            reasons.push(format!("`{}` is not met: {why}", clause.path));
        }
    }
    reasons
}

//! A project -> what became of its expectations, and which rules and provisos some expectation depends on.
//!
//! Takes long on large policies.

use crate::expect::{self, Coverage, ExpectationResult};
use crate::lower::Lowered;
use crate::model::{ExpectationId, Model};
use crate::source::Span;
use crate::workspace::Checked;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Also where it is about no case; then its message says so.
    Passed,
    Failed,
    /// It could not be proved or refuted.
    Error,
}

/// One expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub name: String,
    pub span: Span,
    pub status: Status,
    /// What there is to say, the counterexample among it, one line each.
    pub message: Option<String>,
}

/// A rule, an exception or a proviso, and the expectations that depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    pub name: String,
    /// Its name.
    pub span: Span,
    /// `rule`, `exception`, `proviso`.
    pub kind: &'static str,
    pub by: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Expectations {
    pub outcomes: Vec<Outcome>,
    /// In the order of the text; nothing where it could not be worked out.
    pub covered: Vec<Covered>,
}

/// Proves all expectations.
pub fn expectations(checked: &Checked) -> Expectations {
    let model = &checked.model;
    let all = |why: &str| {
        let open = |e: &crate::model::Expectation| Outcome {
            name: e.title.to_string(),
            span: e.span,
            status: Status::Error,
            message: Some(why.to_string()),
        };
        Expectations { outcomes: model.expectations.iter().map(open).collect(), covered: Vec::new() }
    };
    let Some(mut lowered) = checked.lower() else {
        return all("the policy has errors, so nothing can be proved");
    };
    if lowered.dd.exhausted() {
        return all("the rules need more steps than the budget has");
    }
    let results = expect::run(&mut lowered, &checked.sources);
    let outcomes = results.iter().filter_map(|r| outcome(checked, r)).collect();
    let covered = covered(&mut lowered, &results, checked.settings.budget);
    Expectations { outcomes, covered: covered.map(|c| flat(model, &c)).unwrap_or_default() }
}

fn covered(lowered: &mut Lowered<'_>, results: &[ExpectationResult], budget: u64) -> Option<Coverage> {
    lowered.dd.begin();
    lowered.attempt(budget, |lowered| expect::coverage(lowered, results, &[]))
}

fn outcome(checked: &Checked, result: &ExpectationResult) -> Option<Outcome> {
    let expectation = checked.model.expectations.get(result.id.index())?;
    let said = expect::findings_of(&checked.model, &checked.sources, std::slice::from_ref(result));
    let lines = said.iter().flat_map(|d| std::iter::once(&d.message).chain(&d.notes));
    let message = lines.map(String::as_str).collect::<Vec<_>>().join("\n");
    let status = match (result.finished, result.holds) {
        (false, _) => Status::Error,
        (true, true) => Status::Passed,
        (true, false) => Status::Failed,
    };
    Some(Outcome {
        name: expectation.title.to_string(),
        span: expectation.span,
        status,
        message: (!message.is_empty()).then_some(message),
    })
}

/// Rules, exceptions and provisos in one list.
fn flat(model: &Model, coverage: &Coverage) -> Vec<Covered> {
    let titles = |by: &[ExpectationId]| -> Vec<String> {
        by.iter().filter_map(|id| model.expectations.get(id.index())).map(|e| e.title.to_string()).collect()
    };
    let mut out: Vec<Covered> = Vec::new();
    for c in &coverage.clauses {
        let clause = model.clause(c.clause);
        let kind = if clause.is_exception() { "exception" } else { "rule" };
        out.push(Covered { name: clause.path.to_string(), span: clause.name_span, kind, by: titles(&c.by) });
    }
    for p in &coverage.provisos {
        let clause = model.clause(p.clause);
        if let Some(proviso) = clause.outcome.as_ref().and_then(|o| o.provisos.get(p.proviso)) {
            let name = format!("{}.{}", clause.path, proviso.name);
            out.push(Covered { name, span: proviso.name_span, kind: "proviso", by: titles(&p.by) });
        }
    }
    out.sort_by_key(|c| c.span);
    out
}

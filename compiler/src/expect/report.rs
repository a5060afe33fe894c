//! Expectations that fail or are about nothing -> diagnostics O4001 and O4002.

use super::claim::{ExpectationResult, names, run};
use crate::decide::Verdict;
use crate::diagnostics::thousands;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::lower::Lowered;
use crate::model::*;
use crate::source::{Sources, Span};
use crate::tabulate::result_word;

/// Proves all expectations and reports those that fail or are vacuous. Where the budget does not suffice that is a
/// finding of its own (O9001).
pub fn findings(lowered: &mut Lowered<'_>, sources: &Sources) -> Vec<Diagnostic> {
    let results = run(lowered, sources);
    findings_of(lowered.model, sources, &results)
}

/// The same of results at hand.
pub fn findings_of(model: &Model, sources: &Sources, results: &[ExpectationResult]) -> Vec<Diagnostic> {
    results
        .iter()
        .filter_map(|r| match (r.holds, r.vacuous) {
            _ if !r.finished => Some(unfinished(model, r)),
            (false, _) => Some(fails(model, sources, r)),
            (true, true) => Some(vacuous(model, sources, r)),
            (true, false) => None,
        })
        .collect()
}

fn unfinished(model: &Model, result: &ExpectationResult) -> Diagnostic {
    let expectation = &model.expectations[result.id.index()];
    let message = format!("the budget did not suffice to find out whether \"{}\" holds", expectation.title);
    Diagnostic::new(&codes::BUDGET, expectation.title_span, message)
        .label(expectation.title_span, "not decided")
        .help("raise the budget (`--budget`), or let the expectation speak of fewer cases")
}

/// What an expectation claims: `permit`, `approval is principal`, `obliges `report``.
fn claim_words(model: &Model, claim: Claim) -> String {
    match claim {
        Claim::Outcome(VERDICT, v) => result_word(model, VERDICT, Verdict::Is(v)),
        Claim::Outcome(d, v) => {
            format!("{} is {}", model.decision(d).name, result_word(model, d, Verdict::Is(v)))
        }
        Claim::Undecided(VERDICT) => "undecided".to_string(),
        Claim::Undecided(d) => format!("undecided {}", model.decision(d).name),
        Claim::Conflict(VERDICT) => "conflict".to_string(),
        Claim::Conflict(d) => format!("conflict {}", model.decision(d).name),
        Claim::Obliges(duty) => format!("obliges {}", model.duty(duty).name),
    }
}

fn fails(model: &Model, sources: &Sources, result: &ExpectationResult) -> Diagnostic {
    let expectation = &model.expectations[result.id.index()];
    let claim = claim_words(model, expectation.claim);
    let by = expectation.by.map(|c| format!(" by `{}`", model.clause(c).path)).unwrap_or_default();
    let claim = format!("`{claim}`{by}");
    let message = match (expectation.some, result.kinds) {
        (true, 0) => format!("\"{}\" expects some case with {claim}, and its condition has no case", expectation.title),
        (true, _) => format!("\"{}\" expects some case with {claim}, and there is none", expectation.title),
        (false, _) if result.as_claimed == 0 => {
            format!("\"{}\" expects {claim}, and no case it speaks of has that", expectation.title)
        }
        (false, _) => format!("\"{}\" expects {claim}, and not every case it speaks of has that", expectation.title),
    };
    let mut d = Diagnostic::new(&codes::EXPECTATION_FAILS, expectation.title_span, message)
        .label(expectation.title_span, "fails");
    if let Some(shown) = &result.counterexample {
        d = d.note(format!("for example: {}", shown.sentence));
        d = d.note(format!("this case gets {}", shown.gets));
        for why in &shown.why {
            d = d.note(why.clone());
        }
        d.witness = shown.values.clone();
    }
    if result.kinds > 0 && !expectation.some {
        let wrong = result.kinds - result.as_claimed.min(result.kinds);
        d = d.note(match (wrong, result.kinds) {
            (_, 1) => "it fails in the only kind of case it speaks of".to_string(),
            (wrong, all) if wrong == all => format!("it fails in all {} kinds of case it speaks of", thousands(all)),
            (wrong, all) => {
                format!("it fails in {} of the {} kinds of case it speaks of", thousands(wrong), thousands(all))
            }
        });
    }
    fixes(model, sources, result, d)
}

/// Change the claim where all cases agree on another; name the clause that decides; else change the rules, in words.
fn fixes(model: &Model, sources: &Sources, result: &ExpectationResult, mut d: Diagnostic) -> Diagnostic {
    let expectation = &model.expectations[result.id.index()];
    let decision = match expectation.claim {
        Claim::Outcome(d, _) | Claim::Undecided(d) | Claim::Conflict(d) => Some(d),
        Claim::Obliges(_) => None,
    };
    if let (Some(decision), Some(instead)) = (decision, result.instead) {
        let word = result_word(model, decision, instead);
        let title = format!("expect `{word}`, if the rules are right");
        d = match claim_edit(model, sources, expectation, decision, instead) {
            Some(edit) => d.fix(title, vec![edit]),
            None => d.help(title),
        };
    } else if let (Some(by), Some(shown), None) = (expectation.by, &result.counterexample, result.instead)
        && decision.is_some()
        && let [other] = shown.by[..]
        && other != by
    {
        let title = format!("name {}, if it may decide this", names(model, &[other]));
        d = match by_edit(model, sources, expectation, by, other) {
            Some(edit) => d.fix(title, vec![edit]),
            None => d.help(title),
        };
    }
    match result.counterexample.as_ref().map(|s| s.by.as_slice()) {
        Some([]) | None if expectation.some && result.kinds == 0 => d.help("change its condition"),
        Some([]) | None => d.help("write the rule that gives this, if the expectation is right"),
        Some(by) => d.help(format!("change {}, if the expectation is right", names(model, by))),
    }
}

/// The words of the claim: where they stand in the text. `None` where comments stand between them.
fn claim_span(sources: &Sources, expectation: &Expectation) -> Option<(Span, String)> {
    let span = expectation.span;
    let start = expectation.title_span.end.max(span.start) as usize;
    let text = sources.get(span.file).text.get(start..span.end as usize)?;
    let mut at = start + text.find('{')? + 1;
    let mut rest = &text[at - start..];
    loop {
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        let len = trimmed.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(trimmed.len());
        if len == 0 {
            return None;
        }
        if &trimmed[..len] != "some" {
            return Some((Span::new(span.file, at..at + len), trimmed[len..].to_string()));
        }
        rest = &trimmed[len..];
        at += len;
    }
}

/// Replaces the claim by another result of the same decision.
fn claim_edit(
    model: &Model,
    sources: &Sources,
    expectation: &Expectation,
    decision: DecisionId,
    instead: Verdict,
) -> Option<Edit> {
    let (keyword, rest) = claim_span(sources, expectation)?;
    let name = &model.decision(decision).name;
    let new = match (decision, instead) {
        (VERDICT, _) => result_word(model, decision, instead),
        (_, Verdict::Is(_)) => format!("{name} is {}", result_word(model, decision, instead)),
        _ => format!("{} {name}", result_word(model, decision, instead)),
    };
    // The claim is one word for the verdict, else `approval is none` or `conflict approval`.
    let mut words = match (decision, expectation.claim) {
        (VERDICT, _) => 1,
        (_, Claim::Outcome(..)) => 3,
        _ => 2,
    };
    let mut end = keyword.end as usize;
    let mut rest = rest.as_str();
    while words > 1 {
        let trimmed = rest.trim_start();
        let len = trimmed.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(trimmed.len());
        if len == 0 {
            return None;
        }
        end += rest.len() - trimmed.len() + len;
        rest = &trimmed[len..];
        words -= 1;
    }
    Some(Edit::replace(Span::new(keyword.file, keyword.start as usize..end), new))
}

/// Replaces the path behind `by`.
fn by_edit(model: &Model, sources: &Sources, expectation: &Expectation, by: ClauseId, other: ClauseId) -> Option<Edit> {
    let text = sources.text(expectation.span);
    let path = &model.clause(by).path;
    let at = text.rfind(path.as_str())?;
    let before = text[..at].trim_end();
    before.ends_with("by").then(|| {
        let start = expectation.span.start as usize + at;
        Edit::replace(Span::new(expectation.span.file, start..start + path.len()), model.clause(other).path.to_string())
    })
}

fn vacuous(model: &Model, sources: &Sources, result: &ExpectationResult) -> Diagnostic {
    let expectation = &model.expectations[result.id.index()];
    let message = format!("\"{}\" is about no case: nothing satisfies its condition", expectation.title);
    let mut d = Diagnostic::new(&codes::EXPECTATION_VACUOUS, expectation.title_span, message)
        .label(expectation.title_span, "holds, and says nothing")
        .help("change its condition")
        .fix("delete it", vec![Edit::replace(sources.get(expectation.span.file).whole_lines(expectation.span), "")]);
    d.unnecessary = true;
    d
}

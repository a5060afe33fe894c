//! Findings -> diagnostics: what is wrong, both clauses quoted, a case that shows it, what happens today, and the ways out.
//!
//! Every case shown has been replayed through `decide` first. One finding per cause: a finding that only repeats another is
//! dropped here, never in the analysis.

mod crowd;
mod edits;
mod message;
mod open;
mod rules;

use super::{Finding, Kind, Place};
use crate::beside::side_by_side;
use crate::decide::{Decided, Verdict};
use crate::diagnostics::{Diagnostic, percent, thousands};
use crate::diagram::Node;
use crate::lower::Lowered;
use crate::model::*;
use crate::source::{Sources, Span};
use crate::witness;
use rustc_hash::FxHashSet;

/// The diagnostics of these findings, one each, less those that repeat another.
pub fn report(lowered: &mut Lowered<'_>, sources: &Sources, found: &[Finding]) -> Vec<Diagnostic> {
    let told = Told::of(found);
    let kept: Vec<&Finding> = found.iter().filter(|f| !told.repeats(lowered.model, f)).collect();
    let (shown, more) = crowd::first(&kept);
    let mut diagnostics = if shown.len() >= MANY && shown.len() * RATIO >= lowered.model.clauses.len() {
        both_halves(lowered, sources, &shown)
    } else {
        tell_all(lowered, sources, &shown)
    };
    let mut reporter = Reporter { lowered, sources };
    for crowd in &more {
        diagnostics.push(reporter.within_budget(|reporter| reporter.crowd(crowd)));
    }
    diagnostics
}

/// Fewer findings, or fewer among so many rules, are not worth a thread and a copy of the diagrams.
const MANY: usize = 64;
const RATIO: usize = 16;

fn tell_all(lowered: &mut Lowered<'_>, sources: &Sources, findings: &[&Finding]) -> Vec<Diagnostic> {
    let mut reporter = Reporter { lowered, sources };
    findings.iter().map(|finding| reporter.within_budget(|reporter| reporter.diagnostic(finding))).collect()
}

/// The second half on a copy of the diagrams.
fn both_halves(lowered: &mut Lowered<'_>, sources: &Sources, findings: &[&Finding]) -> Vec<Diagnostic> {
    let (first, second) = findings.split_at(findings.len() / 2);
    let (mut copy, before) = (lowered.clone(), lowered.dd.steps());
    let (mut told, more) = side_by_side(|| tell_all(lowered, sources, first), || tell_all(&mut copy, sources, second));
    told.extend(more);
    lowered.dd.note_steps(&copy.dd, before);
    told
}

/// What is told anyway, so that it need not be told twice.
struct Told {
    /// Parts of requirements that always hold, or never.
    always: FxHashSet<(ClauseId, usize, Span)>,
    impossible: FxHashSet<(ClauseId, usize)>,
    /// Parts of conditions that no case satisfies.
    never: FxHashSet<(ClauseId, Span)>,
}

impl Told {
    fn of(found: &[Finding]) -> Self {
        let mut told =
            Told { always: FxHashSet::default(), impossible: FxHashSet::default(), never: FxHashSet::default() };
        for finding in found {
            match &finding.kind {
                Kind::Always { place: Place::Requirement(c, i), part, value: true, .. } => {
                    told.always.insert((*c, *i, *part));
                }
                Kind::Impossible { clause, requirement, .. } => {
                    told.impossible.insert((*clause, *requirement));
                }
                Kind::NeverApplies { clause, parts, .. } => told.never.extend(parts.iter().map(|p| (*clause, *p))),
                _ => {}
            }
        }
        told
    }

    /// Whether another finding tells the same cause better.
    fn repeats(&self, model: &Model, finding: &Finding) -> bool {
        match &finding.kind {
            // A requirement that always holds decides nothing: the condition is the cause.
            Kind::Unreachable { clause, .. } => {
                let asked = model.clause(*clause).requirements.iter().enumerate();
                asked.into_iter().any(|(i, r)| self.always.contains(&(*clause, i, r.cond.span)))
            }
            Kind::Always { place: Place::Requirement(c, i), part, value: false, .. } => {
                self.impossible.contains(&(*c, *i)) && model.clause(*c).requirements[*i].cond.span == *part
            }
            // A condition without a case is told once, as such.
            Kind::Always { place: Place::Scope(c) | Place::When(c), part, value: false, .. } => {
                self.never.contains(&(*c, *part))
            }
            _ => false,
        }
    }
}

/// Of a decision with more values than these not all are offered for an expectation.
const OFFERED: usize = 8;
/// A message may take so many times the steps of a question.
const TELLING: u64 = 16;

struct Reporter<'a, 'm> {
    lowered: &'a mut Lowered<'m>,
    sources: &'a Sources,
}

/// A case that shows a finding.
struct Example {
    decided: Decided,
    sentence: String,
    /// The facts as Ordain conditions: `email from student to staff when account is district`.
    tail: String,
    facts: Vec<(String, String)>,
}

impl<'m> Reporter<'_, 'm> {
    fn model(&self) -> &'m Model {
        self.lowered.model
    }

    /// A message may cost more than the finding: examples are looked for, cases counted. What is too much is left out of it.
    fn within_budget(&mut self, tell: impl FnOnce(&mut Self) -> Diagnostic) -> Diagnostic {
        let mark = self.lowered.dd.begin();
        let end = self.lowered.dd.steps().saturating_add(self.lowered.dd.steps_left().saturating_mul(TELLING));
        self.lowered.dd.set_deadline(end);
        let diagnostic = tell(self);
        if self.lowered.dd.exhausted() {
            self.lowered.roll_back(mark);
        }
        diagnostic
    }

    fn diagnostic(&mut self, finding: &Finding) -> Diagnostic {
        let region = finding.region(self.lowered);
        match &finding.kind {
            Kind::NoCases { assumptions } => self.no_cases(assumptions),
            Kind::Conflict { decision, a, b } => self.conflict(*decision, *a, *b, region),
            Kind::Gap { decision } => self.gap(*decision, region, finding.beyond()),
            Kind::NeverApplies { clause, parts, statement } => self.never_applies(*clause, parts, *statement),
            Kind::NeverInForce { clause } => self.never_in_force(*clause),
            Kind::ExceptionMisses { exception } => self.exception_misses(*exception, region),
            Kind::Unreachable { clause, by } => self.unreachable(*clause, by, region),
            Kind::Redundant { clause, by } => self.redundant(*clause, by, region),
            Kind::NoEffect { exception } => self.no_effect(*exception, region),
            Kind::Impossible { clause, requirement, by } => self.impossible(*clause, *requirement, by, region),
            Kind::DutiesContradict { a, b } => self.duties(*a, *b, region),
            Kind::Always { place, part, value, implied } => self.always(*place, *part, *value, *implied),
            Kind::RestsOnAbsence { place, part, fact } => self.rests_on_absence(*place, *part, *fact, region),
            Kind::Expired { clause, until } => self.expired(*clause, *until),
            Kind::NotYetInForce { clause, from } => self.not_yet(*clause, *from),
            Kind::Budget { question, clauses } => self.budget(*question, clauses),
        }
    }

    /// A case of the region that `replay` accepts, preferably one of `prefer`.
    fn example(
        &mut self,
        region: Node,
        prefer: Option<Node>,
        replay: impl Fn(&Model, &Decided) -> bool,
    ) -> Option<Example> {
        let (case, facts) = witness::choose(self.lowered, region, prefer)?;
        self.replayed(&case, &facts, replay)
    }

    fn replayed(
        &mut self,
        case: &Case,
        facts: &[FactId],
        replay: impl Fn(&Model, &Decided) -> bool,
    ) -> Option<Example> {
        let model = self.model();
        let decided = self.lowered.decide(case);
        if !replay(model, &decided) {
            debug_assert!(self.lowered.dd.exhausted(), "a witness does not replay: {case:?}");
            return None;
        }
        let told = facts.iter().filter_map(|f| {
            let value = case.values[f.index()].as_ref()?;
            Some((model.fact(*f).name.to_string(), show::value(model, *f, value)))
        });
        Some(Example {
            sentence: show::sentence(model, case, facts),
            tail: show::claim_tail(model, case, facts),
            facts: told.collect(),
            decided,
        })
    }

    /// `17 of 2,304 kinds of case (0.74 %)`
    fn share(&mut self, region: Node) -> String {
        let part = self.lowered.dd.count(region);
        self.share_of(part)
    }

    fn share_of(&mut self, part: u128) -> String {
        let all = self.lowered.dd.count(self.lowered.space.valid);
        if self.lowered.dd.exhausted() {
            return "how many kinds of case these are could not be counted within the budget".into();
        }
        let kinds = if all == 1 { "kind" } else { "kinds" };
        format!("{} of {} {kinds} of case ({})", thousands(part), thousands(all), percent(part, all))
    }

    /// The example as an expectation for each answer that it could have; where these are many, for those that clauses give
    /// it, or else the first.
    fn expectations(&self, decision: DecisionId, example: &Example, given: &[ClauseId]) -> Vec<(String, String)> {
        let decision_ = self.model().decision(decision);
        let title = example.sentence.replace('\\', "\\\\").replace('"', "\\\"");
        let mut offered: Vec<u32> = (0..decision_.values.len() as u32).collect();
        if offered.len() > OFFERED {
            let said = given.iter().filter_map(|id| self.model().clause(*id).outcome.as_ref());
            let said: Vec<u32> = said.filter(|o| o.decision == decision).map(|o| o.value).collect();
            offered.retain(|value| said.is_empty() || said.contains(value));
            offered.truncate(OFFERED);
        }
        let claim = |value: u32| match (decision, value) {
            (VERDICT, PERMIT) => ("permitted".to_string(), "permit".to_string()),
            (VERDICT, _) => ("forbidden".into(), "forbid".into()),
            _ => {
                let value = &decision_.values[value as usize].name;
                (format!("{} {value}", decision_.name), format!("{} is {value}", decision_.name))
            }
        };
        let told = offered.into_iter().map(claim);
        told.map(|(said, claim)| (said, format!("expect \"{title}\" {{ {claim}{} }}", example.tail))).collect()
    }

    fn with_example(&self, diagnostic: Diagnostic, example: Option<&Example>) -> Diagnostic {
        match example {
            Some(example) => {
                let mut diagnostic = diagnostic.note(format!("for example: {}", example.sentence));
                diagnostic.witness = example.facts.clone();
                diagnostic
            }
            None => diagnostic,
        }
    }

    /// `rule `phone`` or `exception `phone.text``.
    fn called(&self, id: ClauseId) -> String {
        let clause = self.model().clause(id);
        format!("{} `{}`", if clause.is_exception() { "exception" } else { "rule" }, clause.path)
    }

    fn name(&self, id: ClauseId) -> String {
        format!("`{}`", self.model().clause(id).path)
    }

    fn names(&self, ids: &[ClauseId]) -> String {
        let names: Vec<String> = ids.iter().map(|id| self.name(*id)).collect();
        show::list(&names, "and")
    }

    /// What a label says, with the citations as an aside on a line of its own: `forbids`, `policy.md#phones`.
    fn cited(&self, id: ClauseId, text: &str) -> String {
        let cites: Vec<String> = self.model().clause(id).cites.iter().map(Cite::text).collect();
        if cites.is_empty() { text.to_string() } else { format!("{text}\n{}", cites.join(", ")) }
    }

    /// `permits`, `forbids`, `says approval is teacher`, `requires this`, …
    fn verb(&self, id: ClauseId) -> String {
        let model = self.model();
        let clause = model.clause(id);
        match &clause.outcome {
            Some(o) if o.decision == VERDICT && !o.provisos.is_empty() => "permits with provisos".into(),
            Some(o) if o.decision == VERDICT => ["permits", "forbids"][o.value as usize % 2].into(),
            Some(o) => {
                let decision = model.decision(o.decision);
                format!("says {} is {}", decision.name, decision.values[o.value as usize].name)
            }
            None if clause.waive => "waives".into(),
            None if !clause.requirements.is_empty() => "requires".into(),
            None if !clause.obligations.is_empty() => "obliges".into(),
            None => "advises".into(),
        }
    }

    /// What a decision answers in a case and who says so: `forbid, by `phone``.
    fn answer(&self, decided: &Decided, decision: DecisionId) -> String {
        let model = self.model();
        let Some(answer) = decided.answers.get(decision.index()) else { return String::new() };
        let what = match answer.result {
            Verdict::Is(v) => model.decision(decision).values[v as usize].name.to_string(),
            Verdict::Conflict => "conflict".into(),
            Verdict::Undecided => "undecided".into(),
        };
        match &answer.by[..] {
            [] if answer.by_default => format!("{what}, by default"),
            [] => what,
            by => format!("{what}, by {}", self.names(by)),
        }
    }

    /// A condition's text on one line.
    fn quote(&self, span: Span) -> String {
        self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Where a condition stands: "where `phone` applies".
    fn place(&self, place: Place) -> String {
        let model = self.model();
        match place {
            Place::Scope(c) => format!("in the condition of {}", self.called(c)),
            Place::When(c) | Place::Proviso(c, _) => format!("where {} applies", self.called(c)),
            Place::Requirement(c, _) => format!("where {} asks it", self.called(c)),
            Place::Define(d) => format!("in the definition of `{}`", model.define(d).name),
            Place::Assumption(_) => "among the other assumptions".into(),
        }
    }
}

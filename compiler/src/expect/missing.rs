//! What no expectation depends on -> expectations for it, as Ordain text.
//!
//! Each is about the cases that agree with one chosen case on its relevant facts, so it holds by construction; it states
//! what is decided today, for a person to confirm or to correct.

use super::coverage::{Coverage, depended_on};
use super::mutants::Mutants;
use crate::decide::{Verdict, decide};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use crate::space::AxisKind;
use crate::tabulate::result_word;
use crate::witness;
use std::fmt::Write;

/// Expectations for everything uncovered that some case could cover, in the order of `Coverage`. One that also covers a
/// later thing is not written twice. Behind them one for each change that none would notice. Empty if nothing is missing.
pub fn missing(lowered: &mut Lowered<'_>, coverage: &Coverage, mutants: &Mutants) -> String {
    let model = lowered.model;
    let mut written: Vec<(DecisionId, Node)> = Vec::new();
    let mut out = String::new();
    for uncovered in coverage.clauses.iter().filter(|c| c.by.is_empty()) {
        let clause = model.clause(uncovered.clause);
        let own = clause.outcome.as_ref().map_or(VERDICT, |o| o.decision);
        let others = (0..model.decisions.len() as u32).map(DecisionId).filter(|d| *d != own);
        let mut decides = false;
        for decision in std::iter::once(own).chain(others) {
            let region = depended_on(lowered, uncovered.clause, decision);
            if region != Diagrams::FALSE {
                let by = (!clause.waive).then_some(uncovered.clause);
                write(lowered, &mut out, &mut written, decision, region, by);
                decides = true;
                break;
            }
        }
        if !decides {
            oblige(lowered, &mut out, uncovered.clause);
        }
    }
    for uncovered in coverage.provisos.iter().filter(|p| p.by.is_empty()) {
        let by = Some(uncovered.clause);
        write(lowered, &mut out, &mut written, VERDICT, uncovered.region, by);
    }
    for table in &coverage.rows {
        for (_, region) in table.rows.iter().filter(|r| r.0.is_empty()) {
            write(lowered, &mut out, &mut written, table.decision, *region, None);
        }
    }
    for survivor in &mutants.survivors {
        let line = format!("{}\n", survivor.expectation);
        if !out.contains(&line) {
            out.push_str(&line);
        }
    }
    if out.is_empty() { out } else { format!("{PINNED}\n{out}") }
}

/// What stands above them.
const PINNED: &str = "// Pinned to what is decided today: confirm or correct each.";

/// Writes an expectation about one case of the region, unless one written before is about a case of it.
fn write(
    lowered: &mut Lowered<'_>,
    out: &mut String,
    written: &mut Vec<(DecisionId, Node)>,
    decision: DecisionId,
    region: Node,
    by: Option<ClauseId>,
) {
    let model = lowered.model;
    if region == Diagrams::FALSE || written.iter().any(|(d, n)| *d == decision && !lowered.dd.disjoint(*n, region)) {
        return;
    }
    let Some(told) = Told::decided(lowered, decision, region, by) else { return };
    push(out, model, &told);
    let Told { case, facts, .. } = told;
    // A value that distances are measured from is given exactly, and that may leave fewer of them than its kind has: then
    // it is about the kind of the case at most.
    let linked = |f: FactId| {
        let mut axes = lowered.space.axes_of(f).iter();
        axes.any(|a| matches!(lowered.space.axes[*a].kind, AxisKind::Distance(..)))
    };
    let exactly = facts.iter().any(|f| case.values[f.index()].is_some() && linked(*f));
    let told: Vec<FactId> = if exactly { model.fact_ids().collect() } else { facts };
    written.push((decision, witness::agreeing(lowered, &case, &told)));
}

/// An expectation about the cases that agree with one case on some facts.
pub(super) struct Told {
    pub case: Case,
    pub facts: Vec<FactId>,
    pub claim: String,
    /// ` by phone`, or empty.
    pub by: String,
}

impl Told {
    /// What is decided today in one case of the region, and in all that agree with it on its facts.
    pub fn decided(
        lowered: &mut Lowered<'_>,
        decision: DecisionId,
        region: Node,
        by: Option<ClauseId>,
    ) -> Option<Self> {
        let model = lowered.model;
        let (case, _) = witness::choose(lowered, region, None)?;
        let decided = decide(model, &case);
        let answer = decided.answers.get(decision.index())?;
        let sets = lowered.decision(decision);
        let (claim, same) = match answer.result {
            Verdict::Is(v) => (result_word(model, decision, answer.result), sets.result[v as usize]),
            Verdict::Conflict => ("conflict".to_string(), sets.conflict),
            Verdict::Undecided => ("undecided".to_string(), sets.undecided),
        };
        let claim = match (decision, answer.result) {
            (VERDICT, _) => claim,
            (_, Verdict::Is(_)) => format!("{} is {claim}", model.decision(decision).name),
            _ => format!("{claim} {}", model.decision(decision).name),
        };
        let region = lowered.dd.and(region, same);
        let facts = witness::relevant_facts(lowered, region, &case);
        let by = by.filter(|c| answer.by.contains(c)).map(|c| format!(" by {}", model.clause(c).path));
        Some(Self { case, facts, claim, by: by.unwrap_or_default() })
    }

    /// As Ordain text.
    pub fn text(&self, model: &Model) -> String {
        let title = show::sentence(model, &self.case, &self.facts).replace('\\', "\\\\").replace('"', "\\\"");
        let tail = show::claim_tail(model, &self.case, &self.facts);
        format!("expect \"{title}\" {{ {}{tail}{} }}", self.claim, self.by)
    }
}

/// An expectation that a clause's first duty follows.
fn oblige(lowered: &mut Lowered<'_>, out: &mut String, clause: ClauseId) {
    let model = lowered.model;
    for (i, obligation) in model.clause(clause).obligations.iter().enumerate() {
        let region = lowered.obligations[clause.index()][i];
        let Some(duty) = obligation.duties.first() else { continue };
        if let Some((case, facts)) = witness::choose(lowered, region, None) {
            let claim = format!("obliges {}", model.duty(*duty).name);
            let by = format!(" by {}", model.clause(clause).path);
            push(out, model, &Told { case, facts, claim, by });
            return;
        }
    }
}

fn push(out: &mut String, model: &Model, told: &Told) {
    let _ = writeln!(out, "{}", told.text(model));
}

//! Which clauses, provisos and table rows some expectation depends on. What that means exactly stands in `expect`.

use super::claim::{ExpectationResult, decision_of, obliges};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use crate::tabulate::{Rows, carries_duties};

/// What expectations depend on.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Rules and exceptions in source order; those that only advise are left out.
    pub clauses: Vec<CoveredClause>,
    pub provisos: Vec<CoveredProviso>,
    /// By table.
    pub rows: Vec<CoveredRows>,
}

#[derive(Debug, Clone)]
pub struct CoveredClause {
    pub clause: ClauseId,
    /// The expectations that depend on it.
    pub by: Vec<ExpectationId>,
    /// Where an expectation would depend on it; empty for a clause that decides nothing anywhere.
    pub region: Node,
}

#[derive(Debug, Clone)]
pub struct CoveredProviso {
    pub clause: ClauseId,
    /// Index into its provisos.
    pub proviso: usize,
    pub by: Vec<ExpectationId>,
    pub region: Node,
}

#[derive(Debug, Clone)]
pub struct CoveredRows {
    pub decision: DecisionId,
    /// By row: the expectations, and the row's cases.
    pub rows: Vec<(Vec<ExpectationId>, Node)>,
}

impl Coverage {
    /// (covered, all) of rules and exceptions, provisos, and rows.
    pub fn counts(&self) -> [(usize, usize); 3] {
        let clauses = self.clauses.iter().filter(|c| !c.by.is_empty()).count();
        let provisos = self.provisos.iter().filter(|p| !p.by.is_empty()).count();
        let rows: Vec<_> = self.rows.iter().flat_map(|t| &t.rows).collect();
        let covered = rows.iter().filter(|r| !r.0.is_empty()).count();
        [(clauses, self.clauses.len()), (provisos, self.provisos.len()), (covered, rows.len())]
    }

    /// Everything is depended on.
    pub fn is_full(&self) -> bool {
        self.counts().iter().all(|(covered, all)| covered == all)
    }

    /// What nothing depends on, a line each: `rule `phone``, `proviso `notice` of `meet``, `row 7 of the verdict's table`.
    pub fn uncovered(&self, model: &Model) -> Vec<String> {
        let mut lines = Vec::new();
        for c in self.clauses.iter().filter(|c| c.by.is_empty()) {
            let clause = model.clause(c.clause);
            lines.push(format!("{} `{}`", if clause.is_exception() { "exception" } else { "rule" }, clause.path));
        }
        for p in self.provisos.iter().filter(|p| p.by.is_empty()) {
            let clause = model.clause(p.clause);
            let name = clause.outcome.as_ref().and_then(|o| o.provisos.get(p.proviso)).map_or("", |p| p.name.as_str());
            lines.push(format!("proviso `{name}` of `{}`", clause.path));
        }
        for table in &self.rows {
            for (i, _) in table.rows.iter().enumerate().filter(|(_, r)| r.0.is_empty()) {
                lines.push(format!("row {} of the table of `{}`", i + 1, model.decision(table.decision).name));
            }
        }
        lines
    }
}

/// The coverage of these results; `tables` are the rows of the policy's tables (`tabulate::rows`).
pub fn coverage(lowered: &mut Lowered<'_>, results: &[ExpectationResult], tables: &[Rows]) -> Coverage {
    let model = lowered.model;
    let counted: Vec<&ExpectationResult> = results.iter().filter(|r| r.holds && !r.vacuous && r.finished).collect();
    let mut coverage = Coverage::default();
    for clause in model.clause_ids() {
        if only_advises(model.clause(clause)) {
            continue;
        }
        let mut by = Vec::new();
        for result in &counted {
            let region = match model.expectations[result.id.index()].claim {
                Claim::Obliges(duty) => obliges(lowered, clause, duty),
                claim => {
                    let decision = decision_of(model, claim).unwrap_or(VERDICT);
                    if model.clause(clause).waive {
                        lifts(lowered, clause, decision)
                    } else {
                        lowered.decides_in(clause, decision)
                    }
                }
            };
            if !lowered.dd.disjoint(region, result.about) {
                by.push(result.id);
            }
        }
        let region = anywhere(lowered, clause);
        coverage.clauses.push(CoveredClause { clause, by, region });
        let provisos = model.clause(clause).outcome.as_ref().map_or(0, |o| o.provisos.len());
        for proviso in 0..provisos {
            let region = only_reason(lowered, clause, proviso);
            let mut by = Vec::new();
            for result in &counted {
                let decision = decision_of(model, model.expectations[result.id.index()].claim);
                if decision == Some(VERDICT) && !lowered.dd.disjoint(region, result.about) {
                    by.push(result.id);
                }
            }
            coverage.provisos.push(CoveredProviso { clause, proviso, by, region });
        }
    }
    for table in tables {
        let mut rows = Vec::with_capacity(table.regions.len());
        for &region in &table.regions {
            let mut by = Vec::new();
            for result in &counted {
                let claim = model.expectations[result.id.index()].claim;
                let concerns = match decision_of(model, claim) {
                    Some(decision) => decision == table.decision,
                    None => carries_duties(model, table.decision),
                };
                if concerns && !lowered.dd.disjoint(region, result.about) {
                    by.push(result.id);
                }
            }
            rows.push((by, region));
        }
        coverage.rows.push(CoveredRows { decision: table.decision, rows });
    }
    coverage
}

/// It says nothing that a claim could be about.
fn only_advises(clause: &Clause) -> bool {
    clause.outcome.is_none() && !clause.waive && clause.requirements.is_empty() && clause.obligations.is_empty()
}

/// Where an expectation of any kind would depend on the clause.
fn anywhere(lowered: &mut Lowered<'_>, clause: ClauseId) -> Node {
    let model = lowered.model;
    let mut parts = Vec::new();
    for decision in (0..model.decisions.len() as u32).map(DecisionId) {
        parts.push(depended_on(lowered, clause, decision));
    }
    parts.extend(lowered.obligations[clause.index()].iter().copied());
    lowered.dd.or_all(&parts)
}

/// Where an expectation about this decision would depend on the clause.
pub(super) fn depended_on(lowered: &mut Lowered<'_>, clause: ClauseId, decision: DecisionId) -> Node {
    if lowered.model.clause(clause).waive {
        lifts(lowered, clause, decision)
    } else {
        lowered.decides_in(clause, decision)
    }
}

/// Where a waiver alone lifts a rule that would have said something else than what is decided.
fn lifts(lowered: &mut Lowered<'_>, waiver: ClauseId, decision: DecisionId) -> Node {
    let model = lowered.model;
    let mut parts = Vec::new();
    for &rule in &model.clause(waiver).replaces {
        let others: Vec<Node> = lowered.exceptions[rule.index()]
            .iter()
            .filter(|e| **e != waiver)
            .map(|e| lowered.applies[e.index()])
            .collect();
        let others = lowered.dd.or_all(&others);
        let both = lowered.dd.and(lowered.applies[waiver.index()], lowered.applies[rule.index()]);
        let alone = lowered.dd.diff(both, others);
        if model.clause(rule).outcome.as_ref().is_some_and(|o| o.decision == decision) {
            for value in 0..model.decision(decision).values.len() as u32 {
                let says = lowered.says_where(rule, value, alone);
                let result = lowered.decision(decision).result[value as usize];
                parts.push(lowered.dd.diff(says, result));
            }
        }
        if decision == VERDICT {
            let forbidden = lowered.decision(VERDICT).result[FORBID as usize];
            for requirement in &model.clause(rule).requirements {
                let (when, cond) = (lowered.cond(&requirement.when), lowered.cond(&requirement.cond));
                let asked = lowered.dd.and(alone, when);
                let fails = lowered.dd.diff(asked, cond);
                parts.push(lowered.dd.diff(fails, forbidden));
            }
        }
    }
    lowered.dd.or_all(&parts)
}

/// Where this proviso alone turns its clause's permit into the forbid that is decided, and nothing else forbids.
fn only_reason(lowered: &mut Lowered<'_>, clause: ClauseId, proviso: usize) -> Node {
    let others: Vec<Node> = lowered.provisos[clause.index()]
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != proviso)
        .map(|(_, node)| *node)
        .collect();
    let others = lowered.dd.and_all(&others);
    let mut region = lowered.decides_by_outcome(clause);
    region = lowered.dd.and(region, others);
    region = lowered.dd.diff(region, lowered.provisos[clause.index()][proviso]);
    let failing = lowered.failing();
    region = lowered.dd.diff(region, failing);
    let speakers: Vec<ClauseId> = lowered.speakers(VERDICT).filter(|c| *c != clause).collect();
    let mut forbidding = Vec::new();
    for other in speakers {
        forbidding.push(lowered.says(other, FORBID));
    }
    let forbidding = lowered.dd.or_all(&forbidding);
    region = lowered.dd.diff(region, forbidding);
    if region == Diagrams::FALSE { Diagrams::FALSE } else { region }
}

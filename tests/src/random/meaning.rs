//! A program's tree and a case -> what the program says of it, straight from the words.
//!
//! Why it exists: parser, checker and `decide` are one road from text to answers; this is another, which shares with it
//! only the calendar (dates, the zone, whether a day or moment lies in a period). It knows the generator's trees alone.

mod conditions;

use super::tree::*;
use conditions::Reader;
use ordain::model::{Case, Model};

/// What a case gets: by decision the answer and the paths of those whose word it is; duties; advice by path and place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    pub answers: Vec<(String, Vec<String>)>,
    pub duties: Vec<String>,
    pub advice: Vec<(String, usize)>,
}

struct Rule<'a> {
    path: String,
    policy: usize,
    clause: &'a Clause,
    /// The sections it stands in; only rules are replaced through them.
    sections: Vec<String>,
    /// Indexes of the clauses that it replaces; `None` for rules.
    replaces: Option<Vec<usize>>,
}

pub struct Meaning<'a> {
    program: &'a Program,
    model: &'a Model,
    rules: Vec<Rule<'a>>,
}

impl<'a> Meaning<'a> {
    pub fn new(program: &'a Program, model: &'a Model) -> Self {
        let mut rules = Vec::new();
        for (policy, p) in program.policies.iter().enumerate() {
            collect(&p.items, policy, &mut Vec::new(), &mut rules);
        }
        for i in 0..rules.len() {
            let mut found = Vec::new();
            for to in &rules[i].clause.to {
                let section = to.strip_prefix("section ");
                found.extend((0..rules.len()).filter(|&j| match section {
                    Some(s) => rules[j].replaces.is_none() && rules[j].sections.iter().any(|x| x == s),
                    None => rules[j].path == *to,
                }));
            }
            if !rules[i].clause.to.is_empty() {
                rules[i].replaces = Some(found);
            }
        }
        Self { program, model, rules }
    }

    /// Whether the facts that have values in a case are those that exist, and whether no assumption is broken.
    pub fn legal(&self, case: &Case) -> (bool, bool) {
        let reader = self.reader(case);
        let exists = self
            .program
            .facts
            .iter()
            .all(|f| reader.has(&f.name) == f.exists_if.as_ref().is_none_or(|cond| reader.holds(cond)));
        let policies = &self.program.policies;
        let dated = policies.iter().all(|p| p.in_force.is_some());
        let in_force = !dated || policies.iter().any(|p| reader.in_force(p.in_force.map(|(a, b)| (Some(a), Some(b)))));
        (exists, in_force && self.program.assumes.iter().all(|c| reader.holds(c)))
    }

    fn reader<'b>(&'b self, case: &'b Case) -> Reader<'b> {
        Reader { program: self.program, model: self.model, case }
    }

    pub fn of(&self, case: &Case) -> Said {
        let reader = self.reader(case);
        let own: Vec<bool> = self.rules.iter().map(|r| self.own(&reader, r)).collect();
        let mut applies: Vec<bool> = (0..own.len()).map(|i| own[i] && self.rules[i].replaces.is_none()).collect();
        for _ in 0..self.rules.len() {
            for (i, rule) in self.rules.iter().enumerate() {
                applies[i] |= own[i] && rule.replaces.iter().flatten().any(|&p| applies[p]);
            }
        }
        let left: Vec<bool> = (0..own.len())
            .map(|i| {
                let replaced =
                    (0..own.len()).any(|e| applies[e] && self.rules[e].replaces.iter().flatten().any(|&p| p == i));
                applies[i] && !replaced
            })
            .collect();
        let outranked = |i: usize, decision: &str| {
            let above = self.program.policies[self.rules[i].policy].yields_to.as_ref();
            (0..own.len()).any(|j| {
                left[j]
                    && above == Some(&self.program.policies[self.rules[j].policy].name)
                    && outcome(self.rules[j].clause).is_some_and(|o| o.0 == decision)
            })
        };
        let mut said = Said::default();
        let decisions = std::iter::once("verdict").chain(self.program.decisions.iter().map(|d| d.0.as_str()));
        for decision in decisions {
            let answer = self.answer(&reader, decision, &left, &outranked);
            said.answers.push(answer);
        }
        for (i, rule) in self.rules.iter().enumerate().filter(|(i, _)| left[*i]) {
            if let Some((decision, value, _)) = outcome(rule.clause) {
                let at = 1 + self.program.decisions.iter().position(|d| d.0 == decision).unwrap_or(usize::MAX - 1);
                let at = if decision == "verdict" { 0 } else { at };
                if outranked(i, &decision) || said.answers[at].0 != value {
                    continue;
                }
            }
            let mut place = 0;
            for statement in &rule.clause.statements {
                let asked = reader.when(&statement.when);
                match &statement.kind {
                    StatementKind::Oblige(duties) if asked => said.duties.extend(duties.iter().cloned()),
                    StatementKind::Advise(_) => {
                        if asked {
                            said.advice.push((rule.path.clone(), place));
                        }
                        place += 1;
                    }
                    _ => {}
                }
            }
        }
        said.duties.sort();
        said.duties.dedup();
        said.advice.sort();
        said
    }

    fn answer(
        &self,
        reader: &Reader<'_>,
        decision: &str,
        left: &[bool],
        outranked: &dyn Fn(usize, &str) -> bool,
    ) -> (String, Vec<String>) {
        let paths = |list: &[usize]| {
            let mut paths: Vec<String> = list.iter().map(|&i| self.rules[i].path.clone()).collect();
            paths.sort();
            paths
        };
        let mut words: Vec<(usize, String)> = Vec::new();
        let mut failing: Vec<usize> = Vec::new();
        for (i, rule) in self.rules.iter().enumerate().filter(|(i, _)| left[*i] && !outranked(*i, decision)) {
            if let Some((d, value, provisos)) = outcome(rule.clause)
                && d == decision
            {
                let kept = provisos.iter().all(|p| reader.holds(p));
                words.push((i, if kept { value } else { "forbid".into() }));
            }
            let fails = |s: &Statement| match &s.kind {
                StatementKind::Require(cond) => reader.when(&s.when) && !reader.holds(cond),
                _ => false,
            };
            if decision == "verdict" && rule.clause.statements.iter().any(fails) {
                failing.push(i);
            }
        }
        let all: Vec<usize> = words.iter().map(|w| w.0).collect();
        match words.first().map(|w| w.1.clone()) {
            Some(first) if words.iter().any(|w| w.1 != first) => ("conflict".into(), paths(&all)),
            Some(first) if first == "permit" && !failing.is_empty() => ("forbid".into(), paths(&failing)),
            Some(first) => (first, paths(&all)),
            None if !failing.is_empty() => ("forbid".into(), paths(&failing)),
            None => {
                let prefix =
                    if decision == "verdict" { "default ".to_string() } else { format!("default {decision} ") };
                let defaults = self.program.policies.iter().flat_map(|p| &p.defaults);
                let mut stated = defaults.filter_map(|d| d.strip_prefix(&prefix)).filter(|v| !v.contains(' '));
                (stated.next().unwrap_or("undecided").to_string(), Vec::new())
            }
        }
    }

    /// Its own condition holds, and it is in force.
    fn own(&self, reader: &Reader<'_>, rule: &Rule<'_>) -> bool {
        let policy = self.program.policies[rule.policy].in_force.map(|(a, b)| (Some(a), Some(b)));
        if !reader.in_force(rule.clause.in_force) || !reader.in_force(policy) {
            return false;
        }
        let statements = &rule.clause.statements;
        let scope = statements.iter().find(|s| {
            use StatementKind::*;
            matches!(s.kind, Permit { .. } | Forbid | Decide(..) | Waive)
        });
        match scope {
            Some(s) => reader.head(&s.head) && reader.when(&s.when),
            None => statements.iter().any(|s| reader.when(&s.when)),
        }
    }
}

/// The decision and value that a clause states, and the provisos of a permit.
fn outcome(clause: &Clause) -> Option<(String, String, &[Cond])> {
    clause.statements.iter().find_map(|s| match &s.kind {
        StatementKind::Permit { provisos } => Some(("verdict".into(), "permit".into(), &provisos[..])),
        StatementKind::Forbid => Some(("verdict".into(), "forbid".into(), &[][..])),
        StatementKind::Decide(decision, value) => Some((decision.clone(), value.clone(), &[][..])),
        _ => None,
    })
}

fn collect<'a>(items: &'a [Item], policy: usize, sections: &mut Vec<String>, rules: &mut Vec<Rule<'a>>) {
    for item in items {
        match item {
            Item::Section(name, inner) => {
                sections.push(name.clone());
                collect(inner, policy, sections, rules);
                sections.pop();
            }
            Item::Clause(clause) => {
                let replaces = (!clause.to.is_empty()).then(Vec::new);
                let path = clause.name.clone();
                rules.push(Rule { path, policy, clause, sections: sections.clone(), replaces });
                nested(rules.len() - 1, rules);
            }
        }
    }
}

fn nested(parent: usize, rules: &mut Vec<Rule<'_>>) {
    let (clause, policy) = (rules[parent].clause, rules[parent].policy);
    for exception in &clause.exceptions {
        let path = format!("{}.{}", rules[parent].path, exception.name);
        let replaces = Some(vec![parent]);
        rules.push(Rule { path, policy, clause: exception, sections: Vec::new(), replaces });
        nested(rules.len() - 1, rules);
    }
}

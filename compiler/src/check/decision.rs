//! Decisions with their defaults, and duties.

use super::context::Cx;
use super::domain::value_names;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::{Decision, DecisionId, Duty, DutyId, PolicyId, VERDICT, ValueName};
use crate::resolve::names::{Kind, Wanted};
use crate::resolve::similar;
use crate::source::Span;
use crate::syntax::ast::{Name, SettingKind, Text};

/// A default as one policy states it.
struct Stated {
    policy: PolicyId,
    decision: DecisionId,
    value: u32,
    span: Span,
}

impl Cx<'_> {
    pub fn decisions(&mut self) {
        let value = |name: &str| ValueName { name: Text::new(name), title: None, span: Span::default() };
        let mut decisions = vec![Decision {
            name: Text::new("verdict"),
            title: None,
            span: self.policies.first().map_or(Span::default(), |p| p.span),
            values: vec![value("permit"), value("forbid")],
            default: None,
            default_span: None,
        }];
        for (name, values, title, _) in &self.decls.decisions {
            self.distinct(values);
            decisions.push(Decision {
                name: name.text.clone(),
                title: title.map(|t| t.text.clone()),
                span: name.span,
                values: value_names(values),
                default: None,
                default_span: None,
            });
        }
        self.decisions = decisions;
        let stated = self.stated_defaults();
        for i in 0..self.decisions.len() {
            if let Some(winner) = self.default_of(DecisionId(i as u32), &stated) {
                self.decisions[i].default = Some(winner.0);
                self.decisions[i].default_span = Some(winner.1);
            }
        }
    }

    fn stated_defaults(&self) -> Vec<Stated> {
        let mut all: Vec<Stated> = Vec::new();
        for (i, (policy, _)) in self.decls.policies.iter().enumerate() {
            for setting in &policy.settings {
                let SettingKind::Default { decision, value } = &setting.kind else { continue };
                let decision = match decision {
                    Some(name) => self.decision(name),
                    None => Some(VERDICT),
                };
                let Some(decision) = decision else { continue };
                let Some(value) = self.outcome(decision, value) else { continue };
                let policy = PolicyId(i as u32);
                if let Some(first) = all.iter().find(|s| s.policy == policy && s.decision == decision) {
                    let message = format!(
                        "`{}` states the default of `{}` twice",
                        self.policies[i].name,
                        self.decisions[decision.index()].name
                    );
                    self.report(
                        Diagnostic::new(&codes::DUPLICATE_NAME, setting.span, message)
                            .label(setting.span, "stated again here")
                            .label(first.span, "first stated here")
                            .help("take one of them away"),
                    );
                    continue;
                }
                all.push(Stated { policy, decision, value, span: setting.span });
            }
        }
        all
    }

    /// Of the policies that state a default, those that yield to none of the others must agree.
    fn default_of(&self, decision: DecisionId, stated: &[Stated]) -> Option<(u32, Span)> {
        let stated: Vec<&Stated> = stated.iter().filter(|s| s.decision == decision).collect();
        let yields = |s: &Stated| {
            let to = &self.policies[s.policy.index()].yields_to;
            stated.iter().any(|o| to.contains(&o.policy))
        };
        let top: Vec<&&Stated> = stated.iter().filter(|s| !yields(s)).collect();
        let first = top.first()?;
        if let Some(other) = top.iter().find(|s| s.value != first.value) {
            let d = &self.decisions[decision.index()];
            let value = |s: &Stated| d.values.get(s.value as usize).map_or("", |v| v.name.as_str());
            let name = |s: &Stated| self.policies[s.policy.index()].name.as_str();
            let message = format!(
                "`{}` says `default {}` and `{}` says `default {}`, and neither yields to the other",
                name(first),
                value(first),
                name(other),
                value(other)
            );
            self.report(
                Diagnostic::new(&codes::POLICIES_DISAGREE, other.span, message)
                    .label(other.span, format!("the default of `{}`", name(other)))
                    .label(first.span, format!("the default of `{}`", name(first)))
                    .help(format!("say which goes first: `yields to {}` in `{}`", name(first), name(other))),
            );
        }
        Some((first.value, first.span))
    }

    pub fn decision(&self, name: &Name) -> Option<DecisionId> {
        if name.text == "verdict" {
            return Some(VERDICT);
        }
        Some(DecisionId(self.find(name, Wanted::DECISION)?.index))
    }

    /// An outcome of a decision by its name.
    pub fn outcome(&self, decision: DecisionId, value: &Name) -> Option<u32> {
        let d = self.decisions.get(decision.index())?;
        if let Some(i) = d.values.iter().position(|v| v.name == value.text) {
            return Some(i as u32);
        }
        let names: Vec<&str> = d.values.iter().map(|v| v.name.as_str()).collect();
        let message = if decision == VERDICT && self.peek(&value.text, value.span, Kind::Decision).is_some() {
            format!("`default {}` does not say which of its outcomes is meant", value.text)
        } else {
            format!("`{}` is not an outcome of `{}`", value.text, d.name)
        };
        let mut diagnostic = Diagnostic::new(&codes::NOT_A_VALUE, value.span, message)
            .note(format!("its outcomes are {}", similar::list(&names, "and")));
        if decision != VERDICT {
            diagnostic = diagnostic.label(value.span, "not one of its outcomes").label(d.span, "declared here");
        }
        if let Some(best) = similar::closest(&value.text, names.iter()) {
            diagnostic = diagnostic.fix(format!("did you mean `{best}`?"), vec![Edit::replace(value.span, best)]);
        }
        self.report(diagnostic);
        None
    }

    pub fn duties(&mut self) {
        let mut duties: Vec<Duty> = Vec::new();
        for (name, title, excludes, _) in &self.decls.duties {
            let span = excludes.first().zip(excludes.last()).map(|(a, b)| a.span.to(b.span));
            duties.push(Duty {
                name: name.text.clone(),
                title: title.map(|t| t.text.clone()),
                span: name.span,
                excludes: Vec::new(),
                excludes_span: span,
            });
        }
        for (i, (name, _, excludes, _)) in self.decls.duties.iter().enumerate() {
            for other in *excludes {
                let Some(symbol) = self.look(other, Wanted::DUTY) else { continue };
                if symbol.index as usize == i {
                    let message = format!("`{}` excludes itself, so it could never be done", name.text);
                    self.report(
                        Diagnostic::new(&codes::CYCLE, other.span, message).help("name the other duty that is meant"),
                    );
                    continue;
                }
                let (a, b) = (DutyId(i as u32), DutyId(symbol.index));
                for (x, y) in [(a, b), (b, a)] {
                    if !duties[x.index()].excludes.contains(&y) {
                        duties[x.index()].excludes.push(y);
                    }
                }
            }
        }
        self.duties = duties;
    }
}

//! Policies: their settings, one time zone for all, who yields to whom, and which rules belong to which.

use super::context::Cx;
use super::fact::circular;
use super::number::clip;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::{Assumption, Atom, Cond, CondKind, Policy, PolicyId, Type, Zone};
use crate::resolve::names::Wanted;
use crate::resolve::{graph, similar};
use crate::source::Span;
use crate::syntax::ast::{self, InForce, SettingKind, Str, Text};

/// Days, both included; no end on a side that is `None`.
pub(crate) type Validity = (Option<i64>, Option<i64>);

impl Cx<'_> {
    pub fn policies(&mut self) {
        let mut edges = Vec::new();
        let mut zone: Option<&Str> = None;
        let mut policies = Vec::new();
        for (policy, _) in &self.decls.policies {
            let mut sources = Vec::new();
            let mut periods = Vec::new();
            let mut yields = Vec::new();
            let mut own_zone: Option<Span> = None;
            for setting in &policy.settings {
                match &setting.kind {
                    SettingKind::Source(text) => sources.push((text.text.clone(), text.span)),
                    SettingKind::InForce(period) => periods.push(period),
                    SettingKind::YieldsTo(names) => {
                        for name in names {
                            yields.extend(self.look(name, Wanted::POLICY).map(|s| s.index as usize));
                        }
                    }
                    SettingKind::Timezone(text) => {
                        if let Some(first) = own_zone {
                            let message = format!("`{}` states its time zone twice", policy.name.text);
                            self.report(
                                Diagnostic::new(&codes::DUPLICATE_NAME, text.span, message)
                                    .label(text.span, "stated again here")
                                    .label(first, "first stated here")
                                    .help("take one of them away"),
                            );
                            continue;
                        }
                        own_zone = Some(text.span);
                        match zone {
                            Some(first) if first.text != text.text => self.two_zones(first, text),
                            _ => zone = Some(text),
                        }
                    }
                    SettingKind::Default { .. } | SettingKind::Allow(_) | SettingKind::Error => {}
                }
            }
            edges.push(yields);
            policies.push(Policy {
                name: policy.name.text.clone(),
                title: policy.title.as_ref().map(|t| t.text.clone()),
                span: policy.name.span,
                yields_to: Vec::new(),
                in_force: self.validity(periods.iter().copied()),
                sources,
            });
        }
        if let Some(text) = zone {
            match Zone::find(&text.text) {
                Some(found) => self.zone = found,
                None => self.unknown_zone(text),
            }
        }
        self.yields(&mut policies, edges);
        if policies.is_empty() {
            let span = self.project.files.first().map_or(Span::default(), |f| Span::new(f.id, 0..0));
            policies.push(Policy {
                name: Text::default(),
                title: None,
                span,
                yields_to: Vec::new(),
                in_force: None,
                sources: Vec::new(),
            });
        }
        self.policies = policies;
        self.assign();
    }

    /// Everybody a policy yields to, also through others.
    fn yields(&self, policies: &mut [Policy], mut edges: Vec<Vec<usize>>) {
        let shape = graph::shape(&edges);
        for circle in &shape.circles {
            let circle: Vec<_> = circle.iter().map(|&i| (policies[i].name.clone(), policies[i].span)).collect();
            self.report(circular(&circle, "yields to"));
        }
        for (edges, _) in edges.iter_mut().zip(&shape.cut).filter(|e| *e.1) {
            edges.clear();
        }
        for (i, policy) in policies.iter_mut().enumerate() {
            let mut seen = vec![false; edges.len()];
            let mut open = edges[i].clone();
            while let Some(next) = open.pop() {
                if !std::mem::replace(&mut seen[next], true) {
                    open.extend(&edges[next]);
                }
            }
            policy.yields_to = (0..edges.len()).filter(|&j| seen[j]).map(|j| PolicyId(j as u32)).collect();
        }
    }

    /// Which policy the rules of each file belong to.
    fn assign(&mut self) {
        let mut own: Vec<Option<PolicyId>> = vec![None; self.project.files.len()];
        for (i, (policy, _)) in self.decls.policies.iter().enumerate() {
            let Some(file) = self.project.position(policy.name.span.file) else { continue };
            match own[file] {
                None => own[file] = Some(PolicyId(i as u32)),
                Some(first) => {
                    let first = &self.policies[first.index()];
                    let message =
                        format!("a file has one policy, and this one has `{}` and `{}`", first.name, policy.name.text);
                    self.report(
                        Diagnostic::new(&codes::MISPLACED, policy.name.span, message)
                            .label(policy.name.span, "the second policy of this file")
                            .label(first.span, "the first")
                            .help(format!("move `{}` and its rules to a file of their own", policy.name.text)),
                    );
                }
            }
        }
        if self.policies.len() > 1 {
            let mut told = vec![false; own.len()];
            for decl in &self.decls.clauses {
                let span = decl.clause.name.span;
                let Some(file) = self.project.position(span.file) else { continue };
                if own[file].is_some() || std::mem::replace(&mut told[file], true) {
                    continue;
                }
                let names: Vec<&str> = self.policies.iter().map(|p| p.name.as_str()).collect();
                let message = format!(
                    "`{}` stands in a file without a policy, and the project has {}",
                    decl.path,
                    similar::list(&names, "and")
                );
                self.report(
                    Diagnostic::new(&codes::POLICIES_DISAGREE, span, message)
                        .help("add a `policy` block to this file, or move its rules to the file of their policy"),
                );
            }
        }
        self.file_policy = own.into_iter().map(|p| p.unwrap_or(PolicyId(0))).collect();
    }

    /// Of the file at a position.
    pub fn policy_at(&self, file: usize) -> PolicyId {
        self.file_policy.get(file).copied().unwrap_or(PolicyId(0))
    }

    fn two_zones(&self, first: &Str, second: &Str) {
        let message = format!("one policy counts days in `{}` and another in `{}`", first.text, second.text);
        self.report(
            Diagnostic::new(&codes::POLICIES_DISAGREE, second.span, message)
                .label(second.span, "another zone here")
                .label(first.span, "the first zone")
                .fix(
                    format!("write `{}` in both", first.text),
                    vec![Edit::replace(second.span, format!("\"{}\"", first.text))],
                ),
        );
    }

    fn unknown_zone(&self, text: &Str) {
        let message = format!("there is no time zone `{}`", text.text);
        let names: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
        let city =
            |n: &&String| n.rsplit('/').next().is_some_and(|c| c.eq_ignore_ascii_case(&text.text.replace(' ', "_")));
        let best = names.iter().find(city).cloned().or_else(|| similar::closest(&text.text, names.iter()));
        let d = Diagnostic::new(&codes::UNKNOWN_ZONE, text.span, message);
        self.report(match best {
            Some(best) => {
                d.fix(format!("did you mean `{best}`?"), vec![Edit::replace(text.span, format!("\"{best}\""))])
            }
            None => d.help("zones are named after a continent and a city, as in `America/Chicago` and `Europe/Berlin`"),
        });
    }

    /// The one period of validity; a second one and one that is empty are reported.
    pub fn validity<'p>(&self, periods: impl IntoIterator<Item = &'p InForce>) -> Option<Validity> {
        let mut periods = periods.into_iter();
        let first = periods.next()?;
        if let Some(second) = periods.next() {
            self.report(
                Diagnostic::new(&codes::MISPLACED, second.span, "`in force` is stated twice")
                    .label(second.span, "stated again here")
                    .label(first.span, "first stated here")
                    .help("take one of them away"),
            );
        }
        let from = first.from.as_ref().map(|d| self.date_only(d));
        let until = first.until.as_ref().map(|d| self.date_only(d));
        let known = from != Some(None) && until != Some(None);
        let (from, until) = (from.flatten(), until.flatten());
        if !known {
            return None;
        }
        if let (Some(a), Some(b), Some(x), Some(y)) = (&first.from, &first.until, from, until) {
            self.ordered(a, b, x <= y)?;
        }
        Some((from, until))
    }

    /// The condition on the date of the case that a validity stands for.
    pub fn in_force(&self, validity: Validity, span: Span) -> Cond {
        let Some(on) = self.on else { return Cond::always(span) };
        self.mark_fact("on");
        let Type::Date { lo, hi } = self.fact(on).ty else { return Cond::always(span) };
        let range = (validity.0.unwrap_or(lo), validity.1.unwrap_or(hi));
        Cond::new(CondKind::Atom(Atom::Range(on, clip(vec![range], lo, hi))), span)
    }

    pub fn assumptions(&self) -> Vec<Assumption> {
        let lower = |(assume, item): &(&ast::Assume, &ast::Item)| Assumption {
            cond: self.cond(&assume.cond),
            because: assume.because.as_ref().map(|b| b.text.clone()),
            span: item.span,
            implied: false,
        };
        let mut all: Vec<Assumption> = self.decls.assumes.iter().map(lower).collect();
        all.extend(self.policies_in_force());
        all
    }

    /// Where every policy has a period, cases lie within one of them.
    fn policies_in_force(&self) -> Option<Assumption> {
        let on = self.on?;
        let Type::Date { lo, hi } = self.fact(on).ty else { return None };
        let mut ranges = Vec::new();
        for policy in &self.policies {
            let (from, until) = policy.in_force?;
            ranges.push((from.unwrap_or(lo), until.unwrap_or(hi)));
        }
        ranges.sort_unstable();
        let ranges = clip(ranges, lo, hi);
        let span = self.policies.first()?.span;
        (ranges != [(lo, hi)]).then(|| Assumption {
            cond: Cond::new(CondKind::Atom(Atom::Range(on, ranges)), span),
            because: None,
            span,
            implied: true,
        })
    }
}

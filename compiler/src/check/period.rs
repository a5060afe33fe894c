//! Periods: expressions over days and hours -> rules without circles; and the days that a period contains, where a
//! distance to a constant counts them.

use super::context::Cx;
use super::fact::circular;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::calendar::Calendars;
use crate::model::{Model, Period, PeriodId, PeriodRule, time};
use crate::resolve::graph;
use crate::resolve::names::Wanted;
use crate::syntax::ast::{Literal, LiteralKind, PeriodExpr, PeriodKind};
use std::sync::Arc;

/// Periods may rest on one another this often.
const DEEPEST: u32 = 200;
/// No moment at all: what stands for a period that cannot be understood.
const NOTHING: PeriodRule = PeriodRule::Either(Vec::new());

impl Cx<'_> {
    pub fn periods(&mut self) {
        let lower =
            |&(name, expr, item): &(&crate::syntax::ast::Name, &PeriodExpr, &crate::syntax::ast::Item)| Period {
                name: name.text.clone(),
                span: name.span,
                docs: item.docs.clone(),
                rule: self.period(expr).unwrap_or(NOTHING),
            };
        let mut periods: Vec<Period> = self.decls.periods.iter().map(lower).collect();
        let edges: Vec<Vec<usize>> = periods.iter().map(|p| named(&p.rule)).collect();
        let shape = graph::shape(&edges);
        for circle in &shape.circles {
            let circle: Vec<_> = circle.iter().map(|&i| (periods[i].name.clone(), periods[i].span)).collect();
            self.report(circular(&circle, "rests on"));
        }
        for (i, period) in periods.iter_mut().enumerate() {
            if shape.depth[i] == DEEPEST {
                let message = format!("`{}` rests on other periods {DEEPEST} levels deep", period.name);
                self.report(
                    Diagnostic::new(&codes::TOO_DEEP, period.span, message).help("write its days and hours out"),
                );
            }
            if shape.cut[i] || shape.depth[i] >= DEEPEST {
                period.rule = NOTHING;
            }
        }
        self.periods = periods;
    }

    /// Recursion is as deep as expressions nest, which the parser bounds.
    fn period(&self, expr: &PeriodExpr) -> Option<PeriodRule> {
        Some(match &expr.kind {
            PeriodKind::Dates(first, last) => {
                let days = (self.date_only(first), self.date_only(last));
                let (a, b) = (days.0?, days.1?);
                self.ordered(first, last, a <= b)?;
                PeriodRule::Dates(a, b)
            }
            PeriodKind::Days { days, hours: None } => PeriodRule::Days { days: days & 127, from: 0, to: 1440 },
            PeriodKind::Days { days, hours: Some((from, to)) } => {
                let (a, b) = (self.hour(from, false), self.hour(to, true));
                let (a, b) = (a?, b?);
                if a == b {
                    let message = "the hours end when they begin";
                    self.report(
                        Diagnostic::new(&codes::EMPTY_RANGE, from.span.to(to.span), message)
                            .help("for the whole day leave the hours out"),
                    );
                    return None;
                }
                PeriodRule::Days { days: days & 127, from: a as u32, to: b as u32 }
            }
            PeriodKind::Name(name) => PeriodRule::Named(PeriodId(self.find(name, Wanted::PERIOD)?.index)),
            PeriodKind::Either(parts) => {
                let parts: Vec<_> = parts.iter().map(|p| self.period(p)).collect();
                PeriodRule::Either(parts.into_iter().collect::<Option<_>>()?)
            }
            PeriodKind::During(a, b) => {
                let (a, b) = (self.period(a), self.period(b));
                PeriodRule::During(Box::new(a?), Box::new(b?))
            }
            PeriodKind::Except(a, b) => {
                let (a, b) = (self.period(a), self.period(b));
                PeriodRule::Except(Box::new(a?), Box::new(b?))
            }
            PeriodKind::Error => return None,
        })
    }

    fn hour(&self, literal: &Literal, end: bool) -> Option<i64> {
        match &literal.kind {
            LiteralKind::Time(text) => self.minute(text, literal.span, end),
            _ => {
                self.report(Diagnostic::new(
                    &codes::WRONG_TYPE,
                    literal.span,
                    "hours go from a time to a time, as in `08:00 to 15:30`",
                ));
                None
            }
        }
    }

    /// The days of a period, over all days that can be written.
    pub fn calendar(&self, period: PeriodId) -> Arc<Calendars> {
        if let Some(known) = self.calendars.borrow().get(&period) {
            return known.clone();
        }
        // A calendar needs no more of a model than its periods and zone.
        let model = Model {
            policies: Vec::new(),
            facts: Vec::new(),
            defines: Vec::new(),
            periods: self.periods.clone(),
            sections: Vec::new(),
            clauses: Vec::new(),
            replaced_by: Vec::new(),
            asked: Default::default(),
            decisions: Vec::new(),
            duties: Vec::new(),
            assumptions: Vec::new(),
            expectations: Vec::new(),
            on: None,
            zone: self.zone.clone(),
            not_encoded: Vec::new(),
            unused: Vec::new(),
        };
        let calendars = Arc::new(Calendars::new(&model, time::ALL_DAYS, [period]));
        self.calendars.borrow_mut().insert(period, calendars.clone());
        calendars
    }
}

/// The periods that a rule names.
fn named(rule: &PeriodRule) -> Vec<usize> {
    let mut all = Vec::new();
    rule.named(&mut |p| all.push(p.index()));
    all
}

//! Periods: expressions over days and hours -> rules without circles; and the days that a period contains, where a
//! distance to a constant counts them.

use super::context::Cx;
use super::fact::circular;
use crate::diagnostics::{Diagnostic, codes};
use crate::model::{Period, PeriodId, PeriodRule, time};
use crate::resolve::graph;
use crate::resolve::names::Wanted;
use crate::syntax::ast::{Literal, LiteralKind, PeriodExpr, PeriodKind};
use std::rc::Rc;

/// Periods may rest on one another this often.
const DEEPEST: u32 = 200;
/// No moment at all: what stands for a period that cannot be understood.
const NOTHING: PeriodRule = PeriodRule::Either(Vec::new());

impl Cx<'_> {
    pub fn periods(&mut self) {
        let lower = |&(name, expr, item): &(&crate::syntax::ast::Name, &PeriodExpr, &crate::syntax::ast::Item)| Period {
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
                self.report(Diagnostic::new(&codes::TOO_DEEP, period.span, message).help("write its days and hours out"));
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
                self.report(Diagnostic::new(&codes::WRONG_TYPE, literal.span, "hours go from a time to a time, as in `08:00 to 15:30`"));
                None
            }
        }
    }

    /// For each day of `ALL_DAYS`, how many days up to it the period contains.
    pub fn period_day_counts(&self, period: PeriodId) -> Rc<Vec<u32>> {
        if let Some(known) = self.day_counts.borrow().get(&period) {
            return known.clone();
        }
        let rule = PeriodRule::Named(period);
        let mut count = 0;
        let counts: Vec<u32> = (time::ALL_DAYS.0..=time::ALL_DAYS.1)
            .map(|day| {
                count += u32::from(!self.hours_of(&rule, day).is_empty());
                count
            })
            .collect();
        let counts = Rc::new(counts);
        self.day_counts.borrow_mut().insert(period, counts.clone());
        counts
    }

    /// The minutes of a local day that a period contains: sorted, disjoint, the ends not included.
    fn hours_of(&self, rule: &PeriodRule, day: i64) -> Vec<(u32, u32)> {
        let on = |days: u8, day: i64| days >> time::weekday(day) & 1 == 1;
        match rule {
            PeriodRule::Dates(a, b) => if (*a..=*b).contains(&day) { vec![(0, 1440)] } else { Vec::new() },
            PeriodRule::Days { days, from, to } if from < to => {
                if on(*days, day) { vec![(*from, *to)] } else { Vec::new() }
            }
            PeriodRule::Days { days, from, to } => {
                let mut hours = Vec::new();
                if on(*days, day - 1) && *to > 0 {
                    hours.push((0, *to));
                }
                if on(*days, day) {
                    hours.push((*from, 1440));
                }
                hours
            }
            PeriodRule::Named(id) => self.periods.get(id.index()).map_or(Vec::new(), |p| self.hours_of(&p.rule, day)),
            PeriodRule::Either(parts) => {
                let mut hours: Vec<_> = parts.iter().flat_map(|p| self.hours_of(p, day)).collect();
                hours.sort_unstable();
                let mut joined: Vec<(u32, u32)> = Vec::new();
                for (a, b) in hours {
                    match joined.last_mut() {
                        Some(last) if last.1 >= a => last.1 = last.1.max(b),
                        _ => joined.push((a, b)),
                    }
                }
                joined
            }
            PeriodRule::During(a, b) => both(&self.hours_of(a, day), &self.hours_of(b, day)),
            PeriodRule::Except(a, b) => {
                let (hours, without) = (self.hours_of(a, day), self.hours_of(b, day));
                let mut rest = Vec::new();
                let mut from = 0;
                for (a, b) in without {
                    rest.push((from, a));
                    from = b;
                }
                rest.push((from, 1440));
                both(&hours, &rest)
            }
        }
    }
}

fn both(a: &[(u32, u32)], b: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x.0.max(y.0), x.1.min(y.1))));
    pairs.filter(|p| p.0 < p.1).collect()
}

/// The periods that a rule names.
fn named(rule: &PeriodRule) -> Vec<usize> {
    match rule {
        PeriodRule::Named(id) => vec![id.index()],
        PeriodRule::Either(parts) => parts.iter().flat_map(named).collect(),
        PeriodRule::During(a, b) | PeriodRule::Except(a, b) => {
            let mut all = named(a);
            all.extend(named(b));
            all
        }
        PeriodRule::Dates(..) | PeriodRule::Days { .. } => Vec::new(),
    }
}

//! The grammar of periods: `weekdays 08:00 to 15:30 during school_year except winter_break`.
//!
//! Why it exists: days, hours and their combinations are a small language of their own. Must not know what a name
//! stands for, nor whether a date exists.

use super::conds::{date, days, time};
use super::grammar::{P, name};
use crate::syntax::ast::*;
use crate::syntax::token::TokenKind as K;
use chumsky::prelude::*;

/// All seven days.
const EVERY_DAY: u8 = 0b111_1111;

pub fn period<'a>(text: &'a str) -> P<'a, PeriodExpr> {
    recursive(|period| {
        let term = term(text, period.boxed());
        term.clone()
            .then(just(K::Or).ignore_then(term).repeated().collect::<Vec<_>>())
            .map_with(|(first, mut rest), e| {
                if rest.is_empty() {
                    return first;
                }
                rest.insert(0, first);
                PeriodExpr { span: e.span(), kind: PeriodKind::Either(rest) }
            })
            .boxed()
    })
    .boxed()
}

/// `base (("during" | "except") base)*`, from left to right.
fn term<'a>(text: &'a str, period: P<'a, PeriodExpr>) -> P<'a, PeriodExpr> {
    let base = base(text, period);
    base.clone()
        .foldl(choice((just(K::During), just(K::Except))).then(base).repeated(), |left, (sign, right)| {
            let span = left.span.to(right.span);
            let (left, right) = (Box::new(left), Box::new(right));
            let kind = match sign {
                K::During => PeriodKind::During(left, right),
                _ => PeriodKind::Except(left, right),
            };
            PeriodExpr { span, kind }
        })
        .boxed()
}

fn base<'a>(text: &'a str, period: P<'a, PeriodExpr>) -> P<'a, PeriodExpr> {
    let date = date(text);
    let hours = time(text).then_ignore(just(K::To)).then(time(text)).boxed();
    let kind = choice((
        date.clone()
            .then(just(K::To).ignore_then(date).or_not())
            .map(|(from, to)| PeriodKind::Dates(from.clone(), to.unwrap_or(from)))
            .boxed(),
        days().then(hours.clone().or_not()).map(|(days, hours)| PeriodKind::Days { days, hours }).boxed(),
        hours.map(|hours| PeriodKind::Days { days: EVERY_DAY, hours: Some(hours) }).boxed(),
        period.delimited_by(just(K::LParen), just(K::RParen)).map(|inner| inner.kind).boxed(),
        name(text).map(PeriodKind::Name).boxed(),
    ));
    kind.map_with(|kind, e| PeriodExpr { span: e.span(), kind }).labelled("days, hours, dates or a period").boxed()
}

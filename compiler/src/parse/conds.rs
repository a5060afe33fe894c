//! The grammar of conditions and literals.
//!
//! Why it exists: conditions stand everywhere, so they are defined once. `and` and `or` are n-ary: a chain of 100,000
//! parts is one node. Must not know types: whether `before` suits a fact is for `check`.

use super::grammar::{P, name, name_but, names};
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::token::TokenKind as K;
use chumsky::prelude::*;

/// What follows the subject of a condition.
enum Tail {
    Is(bool, Vec<Name>),
    Compare(Compare, Operand),
    Between(Operand, Operand),
    When(Relation, Operand),
    OnDays(u8),
    During(bool, Name),
    Distance(Bound, Literal, Name, Direction, Operand),
    Include(Include, Vec<Name>),
}

pub fn cond<'a>(text: &'a str) -> P<'a, Cond> {
    recursive(|cond| {
        let group = cond
            .delimited_by(just(K::LParen), just(K::RParen))
            .map_with(|inner: Cond, e| Cond { span: e.span(), kind: inner.kind })
            .boxed();
        let atom = name(text)
            .then(tail(text).or_not())
            .map_with(|(subject, tail), e| Cond { span: e.span(), kind: atom(subject, tail) })
            .boxed();
        let unary = just(K::Not)
            .map_with(|_, e| -> Span { e.span() })
            .repeated()
            .collect::<Vec<_>>()
            .then(choice((atom, group)).labelled("a condition"))
            .map(|(nots, inner)| {
                nots.into_iter()
                    .rev()
                    .fold(inner, |inner, not| Cond { span: not.to(inner.span), kind: CondKind::Not(Box::new(inner)) })
            })
            .labelled("a condition")
            .boxed();
        let both = chain(unary, K::And, CondKind::And);
        chain(both, K::Or, CondKind::Or)
    })
    .boxed()
}

/// `part (sign part)*`; one part alone is itself.
fn chain<'a>(part: P<'a, Cond>, sign: K, join: fn(Vec<Cond>) -> CondKind) -> P<'a, Cond> {
    part.clone()
        .then(just(sign).ignore_then(part).repeated().collect::<Vec<_>>())
        .map(move |(first, rest)| {
            let Some(last) = rest.last() else { return first };
            let span = first.span.to(last.span);
            let mut parts = Vec::with_capacity(rest.len() + 1);
            parts.push(first);
            parts.extend(rest);
            Cond { span, kind: join(parts) }
        })
        .boxed()
}

fn atom(subject: Name, tail: Option<Tail>) -> CondKind {
    match tail {
        None => CondKind::Name(subject),
        Some(Tail::Is(negated, values)) => CondKind::Is { subject, negated, values },
        Some(Tail::Compare(op, value)) => CondKind::Compare { subject, op, value: Box::new(value) },
        Some(Tail::Between(low, high)) => CondKind::Between { subject, low: Box::new(low), high: Box::new(high) },
        Some(Tail::When(relation, value)) => CondKind::When { subject, relation, value: Box::new(value) },
        Some(Tail::OnDays(days)) => CondKind::OnDays { subject, days },
        Some(Tail::During(outside, period)) => CondKind::During { subject, outside, period: Box::new(period) },
        Some(Tail::Distance(bound, amount, unit, direction, other)) => {
            let (amount, unit, other) = (Box::new(amount), Box::new(unit), Box::new(other));
            CondKind::Distance { subject, bound, amount, unit, direction, other }
        }
        Some(Tail::Include(mode, values)) => CondKind::Include { subject, mode, values },
    }
}

fn tail<'a>(text: &'a str) -> P<'a, Tail> {
    let operand = operand(text);
    let date = date(text);
    choice((
        is(text),
        compare().then(operand.clone()).map(|(op, value)| Tail::Compare(op, value)).boxed(),
        include(text),
        just(K::Between)
            .ignore_then(operand.clone())
            .then_ignore(just(K::And))
            .then(operand.clone())
            .map(|(low, high)| Tail::Between(low, high))
            .boxed(),
        just(K::Before).ignore_then(operand.clone()).map(|v| Tail::When(Relation::Before, v)).boxed(),
        just(K::After).ignore_then(operand.clone()).map(|v| Tail::When(Relation::After, v)).boxed(),
        just(K::On).ignore_then(on(text, operand.clone(), date)).boxed(),
        choice((just(K::During).to(false), just(K::Outside).to(true)))
            .then(name_but(text, "the name of a period", |_| true))
            .map(|(outside, period)| Tail::During(outside, period))
            .boxed(),
        distance(text, operand),
    ))
    .labelled("a comparison")
    .boxed()
}

/// `is a`, `is not a`, `is any of a, b`, `is none of a, b`
fn is<'a>(text: &'a str) -> P<'a, Tail> {
    let value = name_but(text, "a value", |_| true);
    let any_of = just(K::Any).ignore_then(just(K::Of)).ignore_then(names(text)).boxed();
    let none_of = just(K::None).ignore_then(just(K::Of)).ignore_then(names(text)).boxed();
    just(K::Is)
        .ignore_then(
            choice((
                just(K::Not)
                    .ignore_then(choice((any_of.clone(), value.clone().map(|v| vec![v]).boxed())).labelled("a value"))
                    .map(|values| Tail::Is(true, values))
                    .boxed(),
                any_of.map(|values| Tail::Is(false, values)).boxed(),
                none_of.map(|values| Tail::Is(true, values)).boxed(),
                value.map(|value| Tail::Is(false, vec![value])).boxed(),
            ))
            .labelled("a value"),
        )
        .boxed()
}

fn compare<'a>() -> P<'a, Compare> {
    select! {
        K::Equal => Compare::Equal,
        K::NotEqual => Compare::NotEqual,
        K::LessSign => Compare::Less,
        K::LessEqual => Compare::LessEqual,
        K::Greater => Compare::Greater,
        K::GreaterEqual => Compare::GreaterEqual,
    }
    .labelled("a comparison")
    .boxed()
}

fn include<'a>(text: &'a str) -> P<'a, Tail> {
    let of = |word: K, mode: Include| just(word).ignore_then(just(K::Of)).to(mode).boxed();
    let mode = choice((
        of(K::Any, Include::Any),
        of(K::All, Include::All),
        of(K::None, Include::None),
        just(K::Only).to(Include::Only).boxed(),
    ));
    // `only` may be a value's name: `include only` alone.
    just(K::Includes)
        .ignore_then(choice((mode.then(names(text)).boxed(), names(text).map(|values| (Include::Any, values)).boxed())))
        .map(|(mode, values)| Tail::Include(mode, values))
        .boxed()
}

/// What follows `on`: days, a date, `or before X`, `or after X`, `the same day as X`.
fn on<'a>(text: &'a str, operand: P<'a, Operand>, date: P<'a, Literal>) -> P<'a, Tail> {
    let or = just(K::Or)
        .ignore_then(choice((just(K::Before).to(Relation::OnOrBefore), just(K::After).to(Relation::OnOrAfter))))
        .then(operand)
        .map(|(relation, value)| Tail::When(relation, value))
        .boxed();
    let same = group((just(K::The), just(K::Same), just(K::Day), just(K::As)))
        .ignore_then(name(text))
        .map(|other| Tail::When(Relation::On, Operand::Name(other)))
        .boxed();
    choice((
        date.map(|date| Tail::When(Relation::On, Operand::Literal(date))).boxed(),
        days().map(Tail::OnDays).boxed(),
        or,
        same,
    ))
    .labelled("days, a date, `or before`, `or after` or `the same day as`")
    .boxed()
}

/// `at least 4 days before X`
fn distance<'a>(text: &'a str, operand: P<'a, Operand>) -> P<'a, Tail> {
    let two = |a: K, b: K, bound: Bound| just(a).then(just(b)).to(bound).boxed();
    let bound = choice((
        two(K::At, K::Least, Bound::AtLeast),
        two(K::At, K::Most, Bound::AtMost),
        two(K::More, K::Than, Bound::MoreThan),
        two(K::Less, K::Than, Bound::LessThan),
        just(K::Exactly).to(Bound::Exactly).boxed(),
        just(K::Within).to(Bound::Within).boxed(),
    ))
    .boxed();
    let direction = choice((just(K::Before).to(Direction::Before), just(K::After).to(Direction::After)));
    bound
        .then(number(text))
        .then(name_but(text, "a unit such as `days`", |k| !matches!(k, K::Before | K::After)))
        .then(direction)
        .then(operand)
        .map(|((((bound, amount), unit), direction), other)| Tail::Distance(bound, amount, unit, direction, other))
        .boxed()
}

/// `weekdays`, `weekends`, `every day`, `Monday, Tuesday`: bit 0 is Monday.
pub fn days<'a>() -> P<'a, u8> {
    let one = any()
        .filter(|k: &K| k.weekday().is_some())
        .map(|k: K| k.weekday().map_or(0, |d| 1u8 << d))
        .labelled("a day of the week")
        .boxed();
    choice((
        just(K::Weekdays).to(0b001_1111).boxed(),
        just(K::Weekends).to(0b110_0000).boxed(),
        just(K::Every).ignore_then(just(K::Day)).to(0b111_1111).boxed(),
        one.clone().foldl(just(K::Comma).ignore_then(one).repeated(), |all, day| all | day).boxed(),
    ))
    .boxed()
}

fn operand<'a>(text: &'a str) -> P<'a, Operand> {
    let unit = name_but(text, "a unit", |k| !matches!(k, K::Because | K::By | K::If | K::To));
    let amount = number(text)
        .then(unit.or_not())
        .map_with(|(number, unit), e| match number.kind {
            LiteralKind::Number { digits, .. } => {
                Literal { span: e.span(), kind: LiteralKind::Number { digits, unit: unit.map(Box::new) } }
            }
            _ => number,
        })
        .boxed();
    let moment = date(text)
        .then(time(text).or_not())
        .map_with(|(date, time), e| match (date.kind, time) {
            (LiteralKind::Date(day), Some(Literal { kind: LiteralKind::Time(time), .. })) => {
                Literal { span: e.span(), kind: LiteralKind::DateTime(day, time) }
            }
            (kind, _) => Literal { kind, span: date.span },
        })
        .boxed();
    choice((name(text).map(Operand::Name).boxed(), choice((amount, moment, time(text))).map(Operand::Literal).boxed()))
        .labelled("a value")
        .boxed()
}

/// A number without a unit.
pub fn number<'a>(text: &'a str) -> P<'a, Literal> {
    literal(text, K::Number, "a number", number_of)
}

/// The digits without `_`, and no unit.
pub fn number_of(digits: &str) -> LiteralKind {
    let digits = if digits.contains('_') { Text::new(digits.replace('_', "")) } else { Text::new(digits) };
    LiteralKind::Number { digits, unit: None }
}

pub fn date<'a>(text: &'a str) -> P<'a, Literal> {
    literal(text, K::Date, "a date", |day| LiteralKind::Date(Text::new(day)))
}

pub fn time<'a>(text: &'a str) -> P<'a, Literal> {
    literal(text, K::Time, "a time", |time| LiteralKind::Time(Text::new(time)))
}

fn literal<'a>(text: &'a str, kind: K, label: &'static str, make: fn(&str) -> LiteralKind) -> P<'a, Literal> {
    just(kind)
        .map_with(move |_, e| {
            let span: Span = e.span();
            Literal { span, kind: make(text.get(span.range()).unwrap_or("")) }
        })
        .labelled(label)
        .boxed()
}

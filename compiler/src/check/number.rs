//! Conditions on numbers -> ranges and differences.

use super::context::Cx;
use super::literal::{noun, unit};
use super::value::{decimal, describe};
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::{Atom, Cond, CondKind, Element, FactId, Type, Unit};
use crate::source::Span;
use crate::syntax::ast::{Compare, Literal, LiteralKind, Name, Operand};

impl Cx<'_> {
    pub fn compare(&self, subject: &Name, op: Compare, value: &Operand, span: Span) -> Option<Cond> {
        let id = self.subject(subject)?;
        let Type::Number { lo, hi, .. } = self.fact(id).ty else {
            let moment = matches!(self.fact(id).ty, Type::Date { .. } | Type::Time | Type::DateTime { .. });
            if moment && matches!(op, Compare::Equal | Compare::NotEqual) {
                return self.equal_moments(id, subject, op == Compare::NotEqual, value, span);
            }
            self.report(self.not_a_number(id, subject, op, value, span));
            return None;
        };
        let atom = |a: Atom| Cond::new(CondKind::Atom(a), span);
        match value {
            Operand::Literal(literal) => {
                let v = self.number_for(id, literal)?;
                let ranges = match op {
                    Compare::Equal => vec![(v, v)],
                    Compare::NotEqual => vec![(lo, v.saturating_sub(1)), (v.saturating_add(1), hi)],
                    Compare::Less => vec![(lo, v.saturating_sub(1))],
                    Compare::LessEqual => vec![(lo, v)],
                    Compare::Greater => vec![(v.saturating_add(1), hi)],
                    Compare::GreaterEqual => vec![(v, hi)],
                };
                Some(atom(Atom::Range(id, clip(ranges, lo, hi))))
            }
            Operand::Name(other) => {
                let other = self.same_number(id, subject, other)?;
                // The difference that grows with the subject.
                let least = |low, high| atom(Atom::Distance { from: other, to: id, unit: Unit::Number, low, high });
                Some(match op {
                    Compare::Equal => least(Some(0), Some(0)),
                    Compare::NotEqual => Cond::or(vec![least(None, Some(-1)), least(Some(1), None)], span),
                    Compare::Less => least(None, Some(-1)),
                    Compare::LessEqual => least(None, Some(0)),
                    Compare::Greater => least(Some(1), None),
                    Compare::GreaterEqual => least(Some(0), None),
                })
            }
        }
    }

    /// `between A and B` for numbers; the other types go to `moment`.
    pub fn between(&self, subject: &Name, low: &Operand, high: &Operand, span: Span) -> Option<Cond> {
        let id = self.subject(subject)?;
        let Type::Number { lo, hi, .. } = self.fact(id).ty else {
            return self.between_moments(id, subject, low, high, span);
        };
        if let (Operand::Literal(a), Operand::Literal(b)) = (low, high) {
            let (x, y) = (self.number_for(id, a), self.number_for(id, b));
            let (x, y) = (x?, y?);
            self.ordered(a, b, x <= y)?;
            return Some(Cond::new(CondKind::Atom(Atom::Range(id, clip(vec![(x, y)], lo, hi))), span));
        }
        let parts = (
            self.compare(subject, Compare::GreaterEqual, low, span),
            self.compare(subject, Compare::LessEqual, high, span),
        );
        Some(Cond::and(vec![parts.0?, parts.1?], span))
    }

    /// A number fact with the same unit and decimals.
    fn same_number(&self, id: FactId, subject: &Name, other: &Name) -> Option<FactId> {
        let to = self.subject(other)?;
        let (a, b) = (self.fact(id), self.fact(to));
        let Type::Number { scale, unit, .. } = &a.ty else { return None };
        let Type::Number { scale: other_scale, unit: other_unit, .. } = &b.ty else {
            let message =
                format!("`{}` is a number and `{}` is {}: they cannot be compared", a.name, b.name, describe(&b.ty));
            self.report(
                Diagnostic::new(&codes::WRONG_TYPE, other.span, message)
                    .label(other.span, describe(&b.ty))
                    .label(b.span, "declared here"),
            );
            return None;
        };
        if id == to {
            self.report(with_itself(subject, other));
            return None;
        }
        if unit != other_unit {
            let say = |u: &Option<smol_str::SmolStr>| u.as_ref().map_or("nothing".to_string(), |u| format!("`{u}`"));
            let message = format!(
                "`{}` counts {} and `{}` counts {}: they cannot be compared",
                a.name,
                say(unit),
                b.name,
                say(other_unit)
            );
            self.report(
                Diagnostic::new(&codes::WRONG_UNIT, other.span, message)
                    .label(a.span, "declared here")
                    .label(b.span, "and here")
                    .help("declare both with the same unit; nothing is converted"),
            );
            return None;
        }
        if scale != other_scale {
            let message = format!(
                "`{}` has {scale} decimals and `{}` has {other_scale}: they cannot be compared",
                a.name, b.name
            );
            self.report(
                Diagnostic::new(&codes::WRONG_TYPE, other.span, message)
                    .label(a.span, "declared here")
                    .label(b.span, "and here")
                    .help("write both ranges with the same number of decimals"),
            );
            return None;
        }
        Some(to)
    }

    /// A literal in the steps of a number fact: exactly its unit, no more decimals than it has.
    fn number_for(&self, id: FactId, literal: &Literal) -> Option<i64> {
        let fact = self.fact(id);
        let Type::Number { scale, unit: wanted, .. } = &fact.ty else { return None };
        let LiteralKind::Number { digits, .. } = &literal.kind else {
            let message = format!("`{}` is a number, and {} stands here", fact.name, noun(literal));
            self.report(
                Diagnostic::new(&codes::WRONG_TYPE, literal.span, message)
                    .label(literal.span, "a number is expected here")
                    .label(fact.span, "declared here"),
            );
            return None;
        };
        let value = self.decimal(digits, literal.span)?;
        let written = unit(literal);
        if written.map(|u| u.text.as_str()) != wanted.as_deref() {
            let (what, right) = match (written, wanted) {
                (None, Some(w)) => {
                    (format!("`{}` counts `{w}`, and the number has no unit", fact.name), format!("{digits} {w}"))
                }
                (Some(u), None) => {
                    (format!("`{}` has no unit, and the number has `{}`", fact.name, u.text), digits.to_string())
                }
                (Some(u), Some(w)) => (
                    format!("`{}` counts `{w}`, and the number counts `{}`", fact.name, u.text),
                    format!("{digits} {w}"),
                ),
                (None, None) => return None,
            };
            self.report(
                Diagnostic::new(&codes::WRONG_UNIT, literal.span, what)
                    .label(fact.span, "declared here")
                    .fix(format!("write `{right}`"), vec![Edit::replace(literal.span, right)]),
            );
            return None;
        }
        if value.decimals > *scale {
            let decimals = |n: u32| match n {
                0 => "no decimals".to_string(),
                1 => "1 decimal".to_string(),
                n => format!("{n} decimals"),
            };
            let (has, may) = (decimals(value.decimals), decimals(*scale));
            let message = format!("`{digits}` has {has}, and `{}` has {may}", fact.name);
            let factor = 10i64.checked_pow(value.decimals - scale).unwrap_or(i64::MAX);
            let unit = wanted.as_ref().map(|w| format!(" {w}")).unwrap_or_default();
            let rounded = format!("{}{unit}", decimal(value.mantissa / factor, *scale));
            self.report(
                Diagnostic::new(&codes::TOO_PRECISE, literal.span, message)
                    .label(fact.span, "its range says how exact it is")
                    .fix(format!("write `{rounded}`"), vec![Edit::replace(literal.span, rounded)])
                    .help(format!("or give the range of `{}` more decimals", fact.name)),
            );
            return None;
        }
        let scaled = value.scaled(*scale);
        if scaled.is_none() {
            self.too_big(literal.span);
        }
        scaled
    }

    fn not_a_number(&self, id: FactId, subject: &Name, op: Compare, value: &Operand, span: Span) -> Diagnostic {
        let asked = format!("`{}` compares numbers", symbol(op));
        let d = self.mismatch(id, subject, &asked);
        let word = match (&self.fact(id).ty, op) {
            (Type::Choice(c), Compare::Equal)
                if c.what != Element::Enumeration || matches!(value, Operand::Name(_)) =>
            {
                Some("is")
            }
            (Type::Choice(_), Compare::NotEqual) if matches!(value, Operand::Name(_)) => Some("is not"),
            (Type::Date { .. } | Type::DateTime { .. } | Type::Time, Compare::Less) => Some("before"),
            (Type::Date { .. } | Type::DateTime { .. } | Type::Time, Compare::LessEqual) => Some("on or before"),
            (Type::Date { .. } | Type::DateTime { .. } | Type::Time, Compare::Greater) => Some("after"),
            (Type::Date { .. } | Type::DateTime { .. } | Type::Time, Compare::GreaterEqual) => Some("on or after"),
            _ => None,
        };
        let right = match value {
            Operand::Name(n) => n.span,
            Operand::Literal(l) => l.span,
        };
        let text = word.map(|word| format!("{} {word} {}", subject.text, self.sources.text(right)));
        self.instead(id, d, span, text)
    }
}

/// "compared with itself"
pub(crate) fn with_itself(subject: &Name, other: &Name) -> Diagnostic {
    Diagnostic::new(&codes::WRONG_TYPE, other.span, format!("`{}` is compared with itself", subject.text))
        .help("name the other fact that is meant")
}

fn symbol(op: Compare) -> &'static str {
    match op {
        Compare::Equal => "=",
        Compare::NotEqual => "!=",
        Compare::Less => "<",
        Compare::LessEqual => "<=",
        Compare::Greater => ">",
        Compare::GreaterEqual => ">=",
    }
}

/// Sorted, disjoint, not adjacent, within `lo..=hi`. The ranges given are sorted and disjoint.
pub(crate) fn clip(ranges: Vec<(i64, i64)>, lo: i64, hi: i64) -> Vec<(i64, i64)> {
    let mut clipped: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (a, b) in ranges {
        let (a, b) = (a.max(lo), b.min(hi));
        if a > b {
            continue;
        }
        match clipped.last_mut() {
            Some(last) if last.1 >= a.saturating_sub(1) => last.1 = last.1.max(b),
            _ => clipped.push((a, b)),
        }
    }
    clipped
}

//! Time constraints and periods -> their boundaries as dates.

use crate::ide::View;
use crate::ide::around::{self, Node};
use crate::model::time::{civil, day_of, show_date_long, show_time};
use crate::model::{Atom, Calendars, Cond, CondKind, Fact, Grain, Model, PeriodId, Ruler, Type, Unit, show};
use crate::source::{FileId, Span};

/// The years in which a period's days are looked for.
const YEARS: (i64, i64) = (1990, 2060);
const MINUTES_PER_DAY: i64 = 1440;

/// The boundary of the time constraint at an offset, from a day that a person would choose.
pub fn constraint(view: &View, file: FileId, offset: u32) -> Option<(Span, String)> {
    let tree = view.tree(file)?;
    let around = around::around(tree, offset);
    let (span, _) = around.into_iter().rfind(|(_, node)| matches!(node, Node::Cond(_)))?;
    let model = &view.checked.model;
    let atom = show::conditions(model).into_iter().find_map(|cond| find(cond, span))?;
    let text = match atom {
        Atom::Distance { from, to, unit, low, high } if *unit != Unit::Number && *unit != Unit::Minutes => {
            distance(model, model.fact(*from), model.fact(*to), *unit, (*low, *high))?
        }
        Atom::Range(fact, parts) if matches!(model.fact(*fact).ty, Type::Date { .. } | Type::DateTime { .. }) => {
            format!("`{}` {}", model.fact(*fact).name, show::ranges(model, *fact, parts))
        }
        _ => return None,
    };
    Some((span, text))
}

/// The atom that was written under a span.
fn find(cond: &Cond, span: Span) -> Option<&Atom> {
    if cond.span.file != span.file || !cond.span.contains(span.start) && !cond.is_true() {
        return None;
    }
    match &cond.kind {
        CondKind::Atom(atom) => (cond.span == span).then_some(atom),
        CondKind::And(parts) | CondKind::Or(parts) => parts.iter().find_map(|p| find(p, span)),
        CondKind::Not(inner) => find(inner, span),
        CondKind::True | CondKind::Define(_) => None,
    }
}

fn distance(
    model: &Model,
    from: &Fact,
    to: &Fact,
    unit: Unit,
    (low, high): (Option<i64>, Option<i64>),
) -> Option<String> {
    let base = sample_day(from)?;
    let periods = if let Unit::PeriodDays(period) = unit { Some(period) } else { None };
    let calendars = Calendars::new(model, (base - 4_000, base + 4_000), periods);
    let ruler = Ruler { zone: &model.zone, calendars: &calendars };
    // Whole days say enough, whatever the clock shows.
    let start = (Grain::Day, base);
    let shown = |day: i64| (day.abs() < i64::MAX / 2).then(|| show_date_long(day));
    let earliest = low.map(|low| ruler.least_to(unit, start, Grain::Day, low)).and_then(shown);
    let latest = high
        .map(|high| ruler.least_to(unit, start, Grain::Day, high.saturating_add(1)).saturating_sub(1))
        .and_then(shown);
    let range = match (earliest, latest) {
        (Some(a), Some(b)) if a == b => format!("on {a}"),
        (Some(a), Some(b)) => format!("from {a} to {b}"),
        (Some(a), None) => format!("on {a} at the earliest"),
        (None, Some(b)) => format!("on {b} at the latest"),
        (None, None) => return None,
    };
    Some(format!("For example: with `{}` on {}, `{}` is {range}.", from.name, show_date_long(base), to.name))
}

/// A Monday within the fact's range, in September where that has one.
fn sample_day(fact: &Fact) -> Option<i64> {
    let (lo, hi) = match fact.ty {
        Type::Date { lo, hi } => (lo, hi),
        Type::DateTime { lo, hi } => (lo.div_euclid(MINUTES_PER_DAY), hi.div_euclid(MINUTES_PER_DAY)),
        _ => return None,
    };
    let usual = day_of(2026, 9, 14)?;
    if (lo..=hi).contains(&usual) { Some(usual) } else { Some(lo) }
}

/// First and last day of a period, or an example of its days where it has no end.
pub fn period(view: &View, name: &str) -> Option<String> {
    let model = &view.checked.model;
    let id = PeriodId(model.periods.iter().position(|p| p.name == name)? as u32);
    let (first, last) = (day_of(YEARS.0, 1, 1)?, day_of(YEARS.1, 12, 31)?);
    let calendars = Calendars::new(model, (first, last), [id]);
    let parts = calendars.get(id).readings().parts();
    let (Some(begin), Some(end)) = (parts.first(), parts.last()) else { return Some("It has no day.".into()) };
    let day = |reading: i64| reading.div_euclid(MINUTES_PER_DAY);
    let bounded = day(begin.0) > first + 7 && day(end.1) < last - 7;
    let from = day_of(2026, 9, 14).unwrap_or(first);
    let sample = parts.iter().find(|p| bounded || day(p.0) >= from).or(parts.first())?;
    let example = format!("For example: {}.", reading(*sample));
    if !bounded {
        return Some(example);
    }
    let days = calendars.get(id).days_until(last);
    let span = format!(
        "From {} to {}: {} {}.",
        show_date_long(day(begin.0)),
        show_date_long(day(end.1)),
        crate::diagnostics::thousands(days.unsigned_abs().into()),
        if days == 1 { "day" } else { "days" }
    );
    let whole = parts.len() == 1 && civil(day(begin.0)) != civil(day(end.1));
    Some(if whole { span } else { format!("{span} {example}") })
}

/// `Monday 14 September 2026, 08:00 to 15:30`
fn reading((from, to): (i64, i64)) -> String {
    let (a, b) = (from.div_euclid(MINUTES_PER_DAY), to.div_euclid(MINUTES_PER_DAY));
    let (start, end) = (from.rem_euclid(MINUTES_PER_DAY), to.rem_euclid(MINUTES_PER_DAY) + 1);
    let whole = start == 0 && end == MINUTES_PER_DAY;
    match (a == b, whole) {
        (true, true) => show_date_long(a),
        (true, false) => format!("{}, {} to {}", show_date_long(a), show_time(start), show_time(end)),
        (false, true) => format!("{} to {}", show_date_long(a), show_date_long(b)),
        (false, false) => {
            format!("{} {} to {} {}", show_date_long(a), show_time(start), show_date_long(b), show_time(end))
        }
    }
}

//! Axes and cells of a table -> features and tests.

use super::{Allowed, Feature, Input, Kind, Line, Measure, Of, Range, Sheet, Test};
use crate::model::calendar::Calendars;
use crate::model::{Bits, Domain, FactId, Model, PeriodId, Type, Unit, time};
use crate::space::{AxisKind, Cell};
use crate::tabulate::{AxisNote, Row, Table};
use std::collections::BTreeSet;

/// A cell's test by feature of one axis; several ways for a set of several blocks.
type Ways = Vec<Vec<Option<Test>>>;

pub fn sheet<'a>(model: &'a Model, table: &'a Table) -> Sheet<'a> {
    let mut facts: Vec<FactId> = Vec::new();
    for fact in table.axes.iter().flat_map(|a| a.facts.iter().copied()) {
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
    let inputs: Vec<Input> = facts.iter().map(|f| input(model, *f)).collect();
    let place = |fact: FactId| facts.iter().position(|f| *f == fact).unwrap_or(0);
    let calendars = calendars(model, table);
    let mut names = BTreeSet::new();
    let mut features = Vec::new();
    // By axis: its first feature, and how many it has.
    let mut of_axis = Vec::with_capacity(table.axes.len());
    for axis in &table.axes {
        let first = features.len();
        for part in &axis.parts {
            features.push(feature(model, axis, part, &calendars, &place, &mut names));
        }
        of_axis.push((first, axis.parts.len()));
    }
    let mut known: rustc_hash::FxHashMap<(usize, Bits), Ways> = rustc_hash::FxHashMap::default();
    let mut lines = Vec::with_capacity(table.rows.len());
    for (number, row) in table.rows.iter().enumerate() {
        for tests in tests(model, table, row, &of_axis, features.len(), &mut known) {
            lines.push(Line { number, row, tests });
        }
    }
    Sheet { model, table, inputs, features, of_axis, lines }
}

fn input(model: &Model, id: FactId) -> Input {
    let fact = model.fact(id);
    let names = |d: &Domain| d.values.iter().map(|v| v.name.to_string()).collect();
    let kind = match &fact.ty {
        Type::YesNo => Kind::YesNo,
        Type::Choice(d) => Kind::Choice { values: names(d) },
        Type::Number { lo, hi, scale, unit } => {
            Kind::Number { lo: *lo, hi: *hi, scale: *scale, unit: unit.as_ref().map(|u| u.to_string()) }
        }
        Type::Date { lo, hi } => Kind::Date { lo: *lo, hi: *hi },
        Type::Time => Kind::Time,
        Type::DateTime { lo, hi } => Kind::DateTime { lo: *lo, hi: *hi },
        Type::Set(d) => Kind::Set { values: names(d) },
    };
    Input {
        fact: id,
        name: fact.name.to_string(),
        title: fact.title.as_ref().map(|t| t.to_string()),
        kind,
        optional: fact.exists_if.is_some(),
    }
}

/// The local days on which moments of a fact may fall, one more on each side.
fn days_of(model: &Model, fact: FactId) -> Option<(i64, i64)> {
    match model.fact(fact).ty {
        Type::Date { lo, hi } => Some((lo - 1, hi + 1)),
        Type::DateTime { lo, hi } => Some((model.zone.day(lo) - 1, model.zone.day(hi) + 1)),
        _ => None,
    }
}

/// The periods that columns speak of, over all days of the facts that are measured by them.
fn calendars(model: &Model, table: &Table) -> Calendars {
    let mut periods = BTreeSet::new();
    let mut days: Option<(i64, i64)> = None;
    for axis in &table.axes {
        let period = match axis.kind {
            AxisKind::Within(_, p) | AxisKind::Distance(_, _, Unit::PeriodDays(p)) => p,
            _ => continue,
        };
        periods.insert(period);
        for (lo, hi) in axis.facts.iter().filter_map(|f| days_of(model, *f)) {
            days = Some(days.map_or((lo, hi), |d| (d.0.min(lo), d.1.max(hi))));
        }
    }
    Calendars::new(model, days.unwrap_or((0, 0)), periods)
}

/// The days or moments of a period, in the integers of a fact and in its range.
fn spans(model: &Model, calendars: &Calendars, fact: FactId, period: PeriodId) -> Vec<(i64, i64)> {
    let calendar = calendars.get(period);
    match model.fact(fact).ty {
        Type::DateTime { lo, hi } => calendar.moments.clip(lo, hi).parts().to_vec(),
        Type::Date { lo, hi } => calendar.days.clip(lo, hi).parts().to_vec(),
        _ => Vec::new(),
    }
}

fn feature(
    model: &Model,
    axis: &AxisNote,
    part: &[Cell],
    calendars: &Calendars,
    place: &dyn Fn(FactId) -> usize,
    names: &mut BTreeSet<String>,
) -> Feature {
    let name = |f: FactId| model.fact(f).name.to_string();
    let mut title = axis.title.clone();
    let (of, wish) = match axis.kind {
        AxisKind::YesNo(f) | AxisKind::Choice(f) | AxisKind::Range(f) => (Of::Value(place(f)), name(f)),
        AxisKind::Weekday(f) => (Of::Weekday(place(f)), format!("day_of_{}", name(f))),
        AxisKind::Within(f, p) => {
            let wish = format!("{}_during_{}", name(f), model.period(p).name);
            (Of::Within(place(f), p, spans(model, calendars, f, p)), wish)
        }
        AxisKind::Member(f, block) => {
            let elements = block_of(model, f, part);
            let wish = match elements.as_slice() {
                [one] => format!("{}_has_{one}", name(f)),
                _ => format!("{}_has_{}", name(f), block + 1),
            };
            title = match elements.is_empty() {
                true => title,
                false => format!("{title} has {}", crate::model::show::list(&elements, "or")),
            };
            (Of::Contains(place(f), elements), wish)
        }
        AxisKind::Distance(a, b, unit) => {
            let measure = measure(model, calendars, (a, b), unit);
            let what = match unit {
                Unit::Days => "days".to_string(),
                Unit::Months => "months".to_string(),
                Unit::Minutes => "minutes".to_string(),
                Unit::PeriodDays(p) => model.period(p).name.to_string(),
                Unit::Number => "difference".to_string(),
            };
            let wish = format!("{what}_from_{}_to_{}", name(a), name(b));
            (Of::Distance { from: place(a), to: place(b), measure }, wish)
        }
    };
    let mut unique = wish.clone();
    let mut n = 1;
    while !names.insert(unique.clone()) {
        n += 1;
        unique = format!("{wish}_{n}");
    }
    let optional = part.last() == Some(&Cell::Absent);
    Feature { title, name: unique, of, optional }
}

fn block_of(model: &Model, fact: FactId, part: &[Cell]) -> Vec<String> {
    let Type::Set(domain) = &model.fact(fact).ty else { return Vec::new() };
    let block = part.iter().find_map(|c| if let Cell::Block(b, _) = c { Some(b) } else { None });
    let values = block.into_iter().flat_map(|b| b.iter()).filter_map(|v| domain.values.get(v));
    values.map(|v| v.name.to_string()).collect()
}

fn measure(model: &Model, calendars: &Calendars, (a, b): (FactId, FactId), unit: Unit) -> Measure {
    match unit {
        Unit::Minutes => Measure::Minutes,
        Unit::Days => Measure::Days,
        Unit::Months => Measure::Months,
        Unit::Number => match model.fact(a).ty {
            Type::Number { scale, .. } => Measure::Number { scale },
            _ => Measure::Number { scale: 0 },
        },
        Unit::PeriodDays(p) => {
            let days = [a, b].into_iter().filter_map(|f| days_of(model, f));
            let (lo, hi) = days.reduce(|x, y| (x.0.min(y.0), x.1.max(y.1))).unwrap_or((0, -1));
            Measure::PeriodDays(p, calendars.get(p).days.clip(lo, hi).parts().to_vec())
        }
    }
}

/// The lines of a row: the ways of its sets, all together.
fn tests(
    model: &Model,
    table: &Table,
    row: &Row,
    of_axis: &[(usize, usize)],
    width: usize,
    known: &mut rustc_hash::FxHashMap<(usize, Bits), Ways>,
) -> Vec<Vec<Option<Test>>> {
    let mut lines = vec![vec![None; width]];
    for (i, (axis, cells)) in table.axes.iter().zip(&row.cells).enumerate() {
        let Some(cells) = cells else { continue };
        let ways = known.entry((i, cells.clone())).or_insert_with(|| ways(model, axis, cells));
        let (first, count) = of_axis[i];
        lines = lines
            .into_iter()
            .flat_map(|line| {
                ways.iter().map(move |way| {
                    let mut line = line.clone();
                    line[first..first + count].clone_from_slice(way);
                    line
                })
            })
            .collect();
    }
    lines
}

fn ways(model: &Model, axis: &AxisNote, cells: &Bits) -> Ways {
    let said: Vec<Vec<&Cell>> = cells.iter().map(|c| axis.said(c)).collect();
    let gone = |cell: &Vec<&Cell>| cell.first() == Some(&&Cell::Absent);
    let absent = said.iter().any(gone);
    let present: Vec<Vec<&Cell>> = said.into_iter().filter(|c| !gone(c)).collect();
    let can_be_absent = (0..axis.cells.len()).any(|c| gone(&axis.said(c)));
    let all = axis.cells.len() - usize::from(can_be_absent);
    if present.len() == all && absent == can_be_absent {
        return vec![vec![None; axis.parts.len()]];
    }
    let one = |allowed| {
        let mut way = vec![None; axis.parts.len()];
        way[0] = Some(Test { absent, allowed });
        way
    };
    if present.len() == all || present.is_empty() {
        return vec![one(if present.is_empty() { Allowed::Nothing } else { Allowed::Any })];
    }
    if axis.parts.len() == 1 {
        let firsts: Vec<&Cell> = present.iter().filter_map(|c| c.first().copied()).collect();
        return vec![one(allowed(model, axis.kind, &firsts))];
    }
    let has = |cell: &&Cell| matches!(cell, Cell::Block(_, true));
    let combinations: Vec<Vec<bool>> = present.iter().map(|c| c.iter().map(has).collect()).collect();
    let mut ways: Ways = cubes(&combinations, axis.parts.len())
        .into_iter()
        .map(|cube| {
            let test = |has: &Option<bool>| has.map(|h| Test { absent: false, allowed: Allowed::Bool(h) });
            cube.iter().map(test).collect()
        })
        .collect();
    if absent {
        ways.push(one(Allowed::Nothing));
    }
    ways
}

/// Combinations as few cubes that have none in common.
pub(in crate::emit) fn cubes(combinations: &[Vec<bool>], width: usize) -> Vec<Vec<Option<bool>>> {
    if width == 0 {
        return if combinations.is_empty() { Vec::new() } else { vec![Vec::new()] };
    }
    let rest = |has: bool| -> Vec<Vec<bool>> {
        let mut rest: Vec<Vec<bool>> =
            combinations.iter().filter(|c| c.first() == Some(&has)).map(|c| c[1..].to_vec()).collect();
        rest.sort_unstable();
        rest
    };
    let (without, with) = (rest(false), rest(true));
    let put = |literal: Option<bool>, rest: &[Vec<bool>]| -> Vec<Vec<Option<bool>>> {
        let put = |cube: Vec<Option<bool>>| std::iter::once(literal).chain(cube).collect();
        cubes(rest, width - 1).into_iter().map(put).collect()
    };
    if without == with {
        return put(None, &with);
    }
    put(Some(true), &with).into_iter().chain(put(Some(false), &without)).collect()
}

fn allowed(model: &Model, kind: AxisKind, cells: &[&Cell]) -> Allowed {
    let mut values = Bits::new();
    let mut parts: Vec<(i64, i64)> = Vec::new();
    let mut days = 0u8;
    let mut yes = None;
    for cell in cells {
        match cell {
            Cell::Bool(b) | Cell::Block(_, b) => yes = Some(*b),
            Cell::Values(v) => values = values.union(v),
            Cell::Ranges(r) => parts.extend(r),
            Cell::Days(d) => days |= d,
            Cell::Absent => {}
        }
    }
    match kind {
        AxisKind::YesNo(_) | AxisKind::Within(..) | AxisKind::Member(..) => yes.map_or(Allowed::Any, Allowed::Bool),
        AxisKind::Choice(_) => Allowed::Values(values.iter().collect()),
        AxisKind::Weekday(_) => Allowed::Days(days),
        AxisKind::Range(f) => ranges(parts, bounds(model, f)),
        AxisKind::Distance(..) => ranges(parts, (i64::MIN, i64::MAX)),
    }
}

/// The least and the greatest value of a number or moment.
fn bounds(model: &Model, fact: FactId) -> (i64, i64) {
    match model.fact(fact).ty {
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi } => (lo, hi),
        _ => (0, time::MINUTES_PER_DAY - 1),
    }
}

/// Neighbours joined, ends of the fact left open.
fn ranges(mut parts: Vec<(i64, i64)>, (lo, hi): (i64, i64)) -> Allowed {
    parts.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (a, b) in parts {
        match joined.last_mut() {
            Some(last) if last.1.saturating_add(1) >= a => last.1 = last.1.max(b),
            _ => joined.push((a, b)),
        }
    }
    let range = |(a, b): (i64, i64)| Range { lo: (a > lo).then_some(a), hi: (b < hi).then_some(b) };
    Allowed::Ranges(joined.into_iter().map(range).collect())
}

#[cfg(test)]
mod tests {
    use super::cubes;

    #[test]
    fn cubes_are_apart_and_few() {
        let bits = |n: u32, width: usize| -> Vec<bool> { (0..width).map(|b| n >> b & 1 == 1).collect() };
        for width in 1..=3usize {
            for chosen in 0u32..1 << (1 << width) {
                let all: Vec<Vec<bool>> = (0..1u32 << width).map(|n| bits(n, width)).collect();
                let wanted: Vec<Vec<bool>> =
                    all.iter().enumerate().filter(|(i, _)| chosen >> i & 1 == 1).map(|(_, c)| c.clone()).collect();
                let cubes = cubes(&wanted, width);
                for case in &all {
                    let fits =
                        |cube: &&Vec<Option<bool>>| cube.iter().zip(case).all(|(l, h)| l.is_none_or(|l| l == *h));
                    assert_eq!(cubes.iter().filter(fits).count(), usize::from(wanted.contains(case)));
                }
                assert!(cubes.len() <= wanted.len());
            }
        }
    }
}

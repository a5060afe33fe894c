//! Axes and sets of cells -> the words of column heads and table cells.

use super::sets;
use super::table::AxisNote;
use crate::model::show::{self, day_words, moment, unit_words, words};
use crate::model::{Bits, FactId, Model, Type, Unit};
use crate::space::{AxisKind, Cell, Space, axis};

/// What stands in a cell where the fact does not exist.
pub const ABSENT: &str = "n/a";

/// The head of an axis's column: `account`, `fee (USD)`, `day of starts`, `days from invited to starts`.
pub fn title(model: &Model, space: &Space, axis: usize) -> String {
    let name = |f: FactId| words(&model.fact(f).name);
    match space.axes[axis].kind {
        AxisKind::YesNo(f) | AxisKind::Choice(f) | AxisKind::Member(f, _) => name(f),
        AxisKind::Range(f) => match &model.fact(f).ty {
            Type::Number { unit: Some(unit), .. } => format!("{} ({unit})", name(f)),
            _ => name(f),
        },
        AxisKind::Weekday(f) => format!("day of {}", name(f)),
        AxisKind::Within(f, p) => format!("{} during {}", name(f), words(&model.period(p).name)),
        AxisKind::Distance(a, b, Unit::Number) => format!("{} less {}", name(b), name(a)),
        AxisKind::Distance(a, b, unit) => format!("{} from {} to {}", unit_words(model, unit), name(a), name(b)),
    }
}

/// A set of cells of an axis: `email, call`, `not personal`, `≤ 50.00`, `weekdays`, `yes`; absence is `n/a`.
pub fn text(model: &Model, axis: &AxisNote, cells: &Bits) -> String {
    let chosen: Vec<Vec<&Cell>> = cells.iter().map(|c| axis.said(c)).collect();
    let is_absent = |cell: &Vec<&Cell>| cell.first() == Some(&&Cell::Absent);
    let absent = chosen.iter().any(is_absent);
    let present: Vec<Vec<&Cell>> = chosen.into_iter().filter(|c| !is_absent(c)).collect();
    let all = (0..axis.cells.len()).filter(|c| !is_absent(&axis.said(*c))).count();
    let firsts: Vec<&Cell> = present.iter().filter_map(|c| c.first().copied()).collect();
    let mut parts = match axis.kind {
        // Every value, only not absence: the fact exists.
        _ if present.len() == all && all > 0 => vec!["any".to_string()],
        AxisKind::Member(f, _) if axis.parts.len() > 1 => vec![combinations(model, f, axis, &present)],
        AxisKind::Choice(f) if absent => {
            let left: Vec<&Cell> =
                axis.parts[0].iter().filter(|c| !firsts.contains(c) && **c != Cell::Absent).collect();
            let names = value_names(model, f, &left);
            if names.len() < value_names(model, f, &firsts).len() {
                vec![format!("not {}", names.join(" or "))]
            } else {
                present_parts(model, axis.kind, &firsts)
            }
        }
        kind => present_parts(model, kind, &firsts),
    };
    parts.retain(|p| !p.is_empty());
    if absent {
        parts.push(ABSENT.to_string());
    }
    parts.join(", ")
}

/// The words for combinations of a set's blocks.
fn combinations(model: &Model, fact: FactId, axis: &AxisNote, present: &[Vec<&Cell>]) -> String {
    if present.is_empty() {
        return String::new();
    }
    let names: Vec<String> = axis
        .parts
        .iter()
        .map(|cells| cells.iter().find_map(|c| block_name(model, fact, c)).unwrap_or_default())
        .collect();
    let has = |c: &&Cell| matches!(c, Cell::Block(_, true));
    let chosen: Vec<Vec<bool>> = present.iter().map(|cells| cells.iter().map(has).collect()).collect();
    sets::words(&names, &chosen)
}

fn present_parts(model: &Model, kind: AxisKind, chosen: &[&Cell]) -> Vec<String> {
    let bool_cell = chosen.iter().find_map(|c| if let Cell::Bool(b) = c { Some(*b) } else { None });
    let yes_no = |b: bool| vec![if b { "yes" } else { "no" }.to_string()];
    match kind {
        AxisKind::YesNo(_) | AxisKind::Within(..) => bool_cell.map(yes_no).unwrap_or_default(),
        AxisKind::Choice(f) => choice(model, f, &axis::values(chosen)),
        AxisKind::Weekday(_) => {
            let days = chosen.iter().fold(0, |all, c| if let Cell::Days(d) = c { all | d } else { all });
            if days == 0 { Vec::new() } else { vec![day_words(days)] }
        }
        AxisKind::Member(f, _) => chosen.iter().flat_map(|cell| member(model, f, cell)).collect(),
        AxisKind::Range(f) => {
            let show = |v: i64| moment(model, f, v);
            let bounds = bounds(model, f);
            axis::intervals(chosen).into_iter().map(|r| interval(r, bounds, is_number(model, f), &show)).collect()
        }
        AxisKind::Distance(a, _, Unit::Number) => {
            let show = |v: i64| moment(model, a, v);
            axis::intervals(chosen).into_iter().map(|r| interval(r, (i64::MIN, i64::MAX), true, &show)).collect()
        }
        AxisKind::Distance(..) => axis::intervals(chosen)
            .into_iter()
            .map(|r| interval(r, (i64::MIN, i64::MAX), false, &|v| v.to_string()))
            .collect(),
    }
}

/// Values by the fewest names; where much shorter, `staff except teacher`, or what they are not.
fn choice(model: &Model, fact: FactId, values: &Bits) -> Vec<String> {
    let Type::Choice(domain) = &model.fact(fact).ty else { return Vec::new() };
    let names = show::value_names(domain, values);
    let others = show::value_names(domain, &values.complement(domain.values.len()));
    let parents = domain.groups.iter().filter(|(_, covers)| values.is_subset(covers) && values != covers);
    let parents = parents.map(|(name, covers)| (name, show::value_names(domain, &covers.difference(values))));
    if let Some((parent, less)) = parents.min_by_key(|(_, less)| less.len())
        && names.len() > 2
        && less.len() < others.len()
        && less.len() + 1 < names.len()
    {
        let less: Vec<&str> = less.iter().map(|n| n.as_str()).collect();
        return vec![format!("{parent} except {}", less.join(", "))];
    }
    if names.len() > 2 && others.len() * 2 < names.len() {
        let others: Vec<&str> = others.iter().map(|n| n.as_str()).collect();
        return vec![format!("not {}", others.join(" or "))];
    }
    names.into_iter().map(|n| n.to_string()).collect()
}

fn value_names(model: &Model, fact: FactId, cells: &[&Cell]) -> Vec<String> {
    let Type::Choice(domain) = &model.fact(fact).ty else { return Vec::new() };
    show::value_names(domain, &axis::values(cells)).iter().map(|n| n.to_string()).collect()
}

/// `guardian`, `no guardian`.
fn member(model: &Model, fact: FactId, cell: &Cell) -> Option<String> {
    let Cell::Block(_, has) = cell else { return None };
    let text = block_name(model, fact, cell)?;
    Some(if *has { text } else { format!("no {text}") })
}

/// A block of elements by the fewest names. One of many elements that no condition tells apart is most often all others.
fn block_name(model: &Model, fact: FactId, cell: &Cell) -> Option<String> {
    let (Cell::Block(elements, _), Type::Set(domain)) = (cell, &model.fact(fact).ty) else { return None };
    let names: Vec<String> = show::value_names(domain, elements).iter().map(|n| n.to_string()).collect();
    Some(if names.len() > 3 { "others".to_string() } else { names.join(" or ") })
}

fn is_number(model: &Model, fact: FactId) -> bool {
    matches!(model.fact(fact).ty, Type::Number { .. })
}

fn bounds(model: &Model, fact: FactId) -> (i64, i64) {
    match model.fact(fact).ty {
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi } => (lo, hi),
        _ => (0, crate::model::time::MINUTES_PER_DAY - 1),
    }
}

/// `≤ 50.00`, `> 50.00`, `4 to 7`, `5`. Of the two ways to write an open end the one with the rounder number is taken, where
/// the number is one (between moments "≥ 08:00" and "< 08:00" read best).
fn interval((a, b): (i64, i64), (lo, hi): (i64, i64), number: bool, show: &dyn Fn(i64) -> String) -> String {
    let round = |v: i64| (1..18).take_while(|n| v % 10i64.pow(*n) == 0).count();
    let at_least = || match a.checked_sub(1) {
        Some(below) if number && round(below) > round(a) && a != 0 => format!("> {}", show(below)),
        _ => format!("≥ {}", show(a)),
    };
    let at_most = || match b.checked_add(1) {
        Some(above) if !number || (round(above) > round(b) && b != 0) => format!("< {}", show(above)),
        _ => format!("≤ {}", show(b)),
    };
    match (a <= lo, b >= hi) {
        (true, true) => "any".to_string(),
        _ if a == b => show(a),
        (false, true) => at_least(),
        (true, false) => at_most(),
        _ => format!("{} to {}", show(a), show(b)),
    }
}

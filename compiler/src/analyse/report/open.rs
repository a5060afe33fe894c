//! A case of a set of cases -> all cases around it that one rule can speak of, as the rule's text after `forbid`.
//!
//! The example of a gap has round values; the rule that closes the gap must not: it speaks of the whole range in which the
//! example lies. Side by side, each fact that tells the example gets all cells with which the cases still lie in the set,
//! if there are words for them. What is written is a box of cells, and the box is within the set.

use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::show::{self, HeadFacts, amount, day_words, moment};
use crate::model::*;
use crate::space::{AxisId, AxisKind, Cell, axis};
use smol_str::SmolStr;

/// What follows `forbid` or another outcome, without a blank before it: ` text from student when minutes >= 30`. The
/// cases it speaks of include the example and lie in `region`. `None` where the box has no words.
pub(super) fn tail(lowered: &mut Lowered<'_>, region: Node, case: &Case, facts: &[FactId]) -> Option<String> {
    let model = lowered.model;
    let sides = widest(lowered, region, case, facts);
    let head_facts = HeadFacts::of(model);
    let (mut head, mut conditions) = ([None, None, None], Vec::new());
    let order = show::reading_order(model);
    let rank = |axis: AxisId| {
        let (a, b) = lowered.space.axes[axis].kind.facts();
        let place = |f: FactId| order.iter().position(|o| *o == f);
        (place(a).max(b.and_then(place)), axis)
    };
    let mut sides: Vec<&Side> = sides.iter().collect();
    sides.sort_by_key(|s| rank(s.axis));
    for side in sides {
        let kind = lowered.space.axes[side.axis].kind;
        let slot = match kind {
            AxisKind::Choice(f) => head_facts_slot(head_facts, f),
            _ => None,
        };
        let names = slot.and_then(|_| head_names(lowered, side));
        match (slot, names) {
            (Some(slot), Some(names)) => head[slot] = Some(names),
            _ => conditions.push(say(lowered, side.axis, &side.cells)?),
        }
    }
    let [channel, sender, recipient] = head;
    let parts = [channel, sender.map(|s| format!("from {s}")), recipient.map(|r| format!("to {r}"))];
    let mut text: Vec<String> = parts.into_iter().flatten().collect();
    if !conditions.is_empty() {
        let text_of = |(text, joined): (String, bool)| {
            if joined && conditions.len() > 1 { format!("({text})") } else { text }
        };
        let parts: Vec<String> = conditions.iter().cloned().map(text_of).collect();
        text.push(format!("when {}", parts.join(" and ")));
    }
    Some(text.join(" "))
}

fn head_facts_slot(head: HeadFacts, fact: FactId) -> Option<usize> {
    [head.channel, head.sender, head.recipient].iter().position(|f| *f == Some(fact))
}

/// The cells that are left of an axis.
struct Side {
    axis: AxisId,
    cells: Bits,
}

/// The box around the case. It starts from all that the facts tell, which is within the region.
fn widest(lowered: &mut Lowered<'_>, region: Node, case: &Case, facts: &[FactId]) -> Vec<Side> {
    let model = lowered.model;
    let assignment = lowered.space.locate(model, case);
    let outside = lowered.dd.diff(lowered.space.valid, region);
    let told = |kind: AxisKind| {
        let (a, b) = kind.facts();
        facts.contains(&a) && b.is_none_or(|b| facts.contains(&b))
    };
    let axes = 0..lowered.space.axes.len();
    let mut sides: Vec<Side> = axes
        .filter(|a| told(lowered.space.axes[*a].kind))
        .map(|axis| Side { axis, cells: lowered.space.axes[axis].told(assignment[axis]) })
        .collect();
    let mut i = 0;
    while i < sides.len() {
        let axis = sides[i].axis;
        let mut others = Diagrams::TRUE;
        for side in sides.iter().rev().filter(|s| s.axis != axis) {
            let literal = lowered.dd.literal(side.axis, &side.cells);
            others = lowered.dd.and(literal, others);
        }
        let wrong = lowered.dd.and(others, outside);
        let wrong = touched(lowered, axis, wrong);
        let valid = lowered.space.valid;
        let occurs = lowered.dd.and(others, valid);
        let occurs = touched(lowered, axis, occurs);
        let all = lowered.space.axes[axis].cells.len();
        let allowed = wrong.complement(all);
        if lowered.dd.exhausted() || !sides[i].cells.is_subset(&allowed) {
            i += 1;
            continue;
        }
        if allowed.len() == all {
            sides.remove(i);
            continue;
        }
        let start = sides[i].cells.clone();
        if let Some(cells) = wider(lowered, axis, &start, &allowed, &occurs) {
            sides[i].cells = cells;
        }
        i += 1;
    }
    sides
}

/// The cells of an axis that some assignment of a set has.
fn touched(lowered: &mut Lowered<'_>, axis: AxisId, node: Node) -> Bits {
    let others: Vec<usize> = (0..lowered.space.axes.len()).filter(|a| *a != axis).collect();
    let node = lowered.dd.exists(node, &others);
    let all = lowered.space.axes[axis].cells.len();
    match lowered.dd.level(node) {
        None if node == Diagrams::FALSE => Bits::new(),
        None => Bits::below(all),
        Some(_) => {
            let runs = lowered.dd.runs(node);
            let runs = runs.filter(|r| r.2 != Diagrams::FALSE);
            runs.flat_map(|(first, last, _)| first as usize..=last as usize).collect()
        }
    }
}

/// The most cells that have words, of those that are allowed: where nothing occurs they may be taken or left.
fn wider(lowered: &Lowered<'_>, axis: AxisId, start: &Bits, allowed: &Bits, occurs: &Bits) -> Option<Bits> {
    let kind = lowered.space.axes[axis].kind;
    let absent = lowered.space.axes[axis].absent().map(|c| Bits::one(c as usize)).unwrap_or_default();
    let needed = allowed.intersection(occurs).union(start);
    let ranges = matches!(kind, AxisKind::Range(_) | AxisKind::Distance(..));
    let mut ways = vec![allowed.clone(), needed.clone(), allowed.difference(&absent), needed.difference(&absent)];
    if ranges {
        // One range without a hole reads best, unless the fact's absence has to be told as well.
        ways = vec![run(start, allowed), allowed.clone(), needed];
    }
    // Most of what occurs first, then the shortest words.
    let mut best: Option<((usize, usize), Bits)> = None;
    for cells in ways.into_iter().filter(|w| start.is_subset(w)) {
        if let Some((text, _)) = say(lowered, axis, &cells) {
            let missing = allowed.intersection(occurs).difference(&cells).len();
            let price =
                (if ranges && best.is_some() && text.contains(" or ") { usize::MAX } else { missing }, text.len());
            if best.as_ref().is_none_or(|b| price < b.0) {
                best = Some((price, cells));
            }
        }
    }
    best.map(|b| b.1)
}

/// The neighbours of some cells that are allowed.
fn run(start: &Bits, allowed: &Bits) -> Bits {
    let mut cells = start.clone();
    let (Some(first), Some(last)) = (start.first(), start.last()) else { return cells };
    (0..first).rev().take_while(|c| allowed.contains(*c)).for_each(|c| cells.insert(c));
    (last + 1..).take_while(|c| allowed.contains(*c)).for_each(|c| cells.insert(c));
    cells
}

/// The names that a head has for a side.
fn head_names(lowered: &Lowered<'_>, side: &Side) -> Option<String> {
    let axis = &lowered.space.axes[side.axis];
    let AxisKind::Choice(fact) = axis.kind else { return None };
    let Type::Choice(domain) = &lowered.model.fact(fact).ty else { return None };
    let present = axis.absent().is_none_or(|a| !side.cells.contains(a as usize));
    let cells: Vec<&Cell> = side.cells.iter().filter_map(|c| axis.cells.get(c)).collect();
    names(domain, &axis::values(&cells)).filter(|_| present)
}

/// The condition that a case lies in these cells of an axis, and whether it is joined by "or".
fn say(lowered: &Lowered<'_>, axis: AxisId, cells: &Bits) -> Option<(String, bool)> {
    let model = lowered.model;
    let axis = &lowered.space.axes[axis];
    let absent = axis.absent().map(|c| c as usize);
    // An atom is false where its fact is absent, so absence is told by what is not so.
    let negated = absent.is_some_and(|a| cells.contains(a));
    if let (AxisKind::YesNo(fact), Some(Cell::Bool(false))) = (axis.kind, cells.first().and_then(|c| axis.cells.get(c)))
    {
        let no = cells.len() == 1 + usize::from(negated) && (negated || absent.is_none());
        return no.then(|| (format!("not {}", model.fact(fact).name), false));
    }
    let said = if negated { axis.present().difference(cells) } else { cells.clone() };
    let parts = atoms(model, axis.kind, &axis.cells, &said)?;
    let joined = parts.len() > 1;
    let text = parts.join(" or ");
    Some(match negated {
        false => (text, joined),
        true if joined || text.contains(" and ") => (format!("not ({text})"), false),
        true => (format!("not {text}"), false),
    })
}

/// Alternatives that together are these cells, none of which is absence.
fn atoms(model: &Model, kind: AxisKind, cells: &[Cell], chosen: &Bits) -> Option<Vec<String>> {
    let name = &model.fact(kind.facts().0).name;
    let taken: Vec<&Cell> = chosen.iter().filter_map(|c| cells.get(c)).collect();
    let only = |value: bool| matches!(taken[..], [Cell::Bool(b) | Cell::Block(_, b)] if *b == value);
    let one = |text: String| Some(vec![text]);
    match kind {
        AxisKind::YesNo(_) if only(true) => one(name.to_string()),
        AxisKind::Within(_, p) if only(true) => one(format!("{name} during {}", model.period(p).name)),
        AxisKind::Within(_, p) if only(false) => one(format!("{name} outside {}", model.period(p).name)),
        AxisKind::Weekday(_) => {
            let days = taken.iter().fold(0, |all, c| if let Cell::Days(d) = c { all | d } else { all });
            one(format!("{name} on {}", day_words(days).replace(" or ", ", "))).filter(|_| days != 0 && days != 0x7f)
        }
        AxisKind::Choice(fact) => {
            let Type::Choice(domain) = &model.fact(fact).ty else { return None };
            let values = axis::values(&taken);
            let others = values.complement(domain.values.len());
            let is = |values: &Bits, one: &str, many: &str| {
                let text = names(domain, values)?;
                Some(format!("{name} {} {text}", if text.contains(',') { many } else { one }))
            };
            let (yes, no) = (is(&values, "is", "is any of"), is(&others, "is not", "is none of"));
            let among = overlapping(domain, &values).map(|(all, none)| {
                let all = all.iter().map(|n| format!("{name} is {n}"));
                let how = if none.len() == 1 { "is not" } else { "is none of" };
                let none = (!none.is_empty()).then(|| format!("{name} {how} {}", none.join(", ")));
                all.chain(none).collect::<Vec<_>>().join(" and ")
            });
            yes.into_iter().chain(no).chain(among).min_by_key(String::len).and_then(one)
        }
        AxisKind::Member(fact, _) => {
            let (Type::Set(domain), [Cell::Block(elements, has)]) = (&model.fact(fact).ty, &taken[..]) else {
                return None;
            };
            let text = names(domain, elements)?;
            let how = match (has, text.contains(',')) {
                (false, _) => "include none of",
                (true, true) => "include any of",
                (true, false) => "include",
            };
            one(format!("{name} {how} {text}"))
        }
        AxisKind::Range(fact) => axis::intervals(&taken).into_iter().map(|r| range(model, fact, r)).collect(),
        AxisKind::Distance(a, b, unit) => {
            axis::intervals(&taken).into_iter().map(|r| distance(model, (a, b), unit, r)).collect()
        }
        _ => None,
    }
}

/// The fewest names, where a text can name all of these: no people with several roles, nobody who has one role alone.
fn names(domain: &Domain, values: &Bits) -> Option<String> {
    let names = show::value_names(domain, values);
    let plain = !names.is_empty() && names.iter().all(|n| !n.contains([' ', '+']));
    plain.then(|| names.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", "))
}

/// People of several roles: the one or two roles that all these values have, and the fewest that none of them has but others
/// with these roles do. `None` where that does not tell them apart.
fn overlapping<'d>(domain: &'d Domain, values: &Bits) -> Option<(Vec<&'d str>, Vec<&'d str>)> {
    if domain.what != Element::Role {
        return None;
    }
    let has: Vec<&'d (SmolStr, Bits)> = domain.groups.iter().filter(|(_, covers)| values.is_subset(covers)).collect();
    let apart: Vec<&'d (SmolStr, Bits)> =
        domain.groups.iter().filter(|(_, covers)| values.is_disjoint(covers)).collect();
    let pairs = has.iter().enumerate().flat_map(|(i, a)| has[i..].iter().map(move |b| (*a, *b)));
    let ways = pairs.filter_map(|(a, b)| {
        let mut rest = a.1.intersection(&b.1).difference(values);
        let mut none: Vec<&'d str> = Vec::new();
        // Outermost first.
        for (name, covers) in apart.iter().copied() {
            if !rest.is_disjoint(covers) {
                rest = rest.difference(covers);
                none.push(name);
            }
        }
        let all: Vec<&'d str> = if a.0 == b.0 { vec![a.0.as_str()] } else { vec![a.0.as_str(), b.0.as_str()] };
        rest.is_empty().then_some((all, none))
    });
    ways.min_by_key(|(all, none)| (all.len() + none.len(), none.len()))
}

/// `minutes >= 30`, `fee > 50.00 USD`, `starts on or after 2026-08-17`, `at before 15:30`.
fn range(model: &Model, fact: FactId, (a, b): (i64, i64)) -> Option<String> {
    let Fact { name, ty, .. } = model.fact(fact);
    let (lo, hi) = match ty {
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi } => (*lo, *hi),
        _ => (0, time::MINUTES_PER_DAY - 1),
    };
    if let Type::Number { scale, unit, .. } = ty {
        let show = |v: i64| amount(v, *scale, unit.as_deref());
        let round = |v: i64| (1..18).take_while(|n| v % 10i64.pow(*n) == 0).count();
        return Some(match (a <= lo, b >= hi) {
            _ if a == b => format!("{name} = {}", show(a)),
            (_, true) if a > lo && a != 0 && round(a - 1) > round(a) => format!("{name} > {}", show(a - 1)),
            (_, true) => format!("{name} >= {}", show(a)),
            (true, false) if b != 0 && round(b + 1) > round(b) => format!("{name} < {}", show(b + 1)),
            (true, false) => format!("{name} <= {}", show(b)),
            (false, false) => format!("{name} between {} and {}", show(a), show(b)),
        });
    }
    let date = matches!(ty, Type::Date { .. });
    let literal = |v: i64| {
        let Type::DateTime { .. } = ty else { return Some(moment(model, fact, v)) };
        let (day, minute) = model.zone.local(v);
        // A time that the clocks show twice has no words of its own.
        let text = if minute == 0 { time::show_date(day) } else { moment(model, fact, v) };
        (model.zone.instant(day, minute) == v && (minute > 0 || model.zone.day_start(day) == v)).then_some(text)
    };
    let from = || Some(format!("{name} on or after {}", literal(a)?));
    let until = || match date {
        true => Some(format!("{name} on or before {}", literal(b)?)),
        false => Some(format!("{name} before {}", literal(b + 1)?)),
    };
    match (a <= lo, b >= hi) {
        _ if a == b && date => Some(format!("{name} on {}", time::show_date(a))),
        _ if a == b => {
            let (day, minute) = model.zone.local(a);
            let text = if *ty == Type::Time {
                time::show_time(a)
            } else {
                format!("{} {}", time::show_date(day), time::show_time(minute))
            };
            (*ty == Type::Time || model.zone.instant(day, minute) == a).then(|| format!("{name} = {text}"))
        }
        (_, true) => from(),
        (true, false) => until(),
        (false, false) if date => Some(format!("{name} between {} and {}", literal(a)?, literal(b)?)),
        (false, false) => Some(format!("{} and {}", from()?, until()?)),
    }
}

/// `invited less than 4 days before starts`, `fee <= budget`.
fn distance(model: &Model, (a, b): (FactId, FactId), unit: Unit, (low, high): (i64, i64)) -> Option<String> {
    let (from, to) = (&model.fact(a).name, &model.fact(b).name);
    if unit == Unit::Number {
        let op = match (low, high) {
            (0, 0) => "=",
            (0, i64::MAX) => "<=",
            (1, i64::MAX) => "<",
            (i64::MIN, 0) => ">=",
            (i64::MIN, -1) => ">",
            _ => return None,
        };
        return Some(format!("{from} {op} {to}"));
    }
    let span = |v: i64| match unit {
        Unit::Days => show::counted(v, "days"),
        Unit::Months if v != 0 && v % 12 == 0 => show::counted(v / 12, "years"),
        Unit::Months => show::counted(v, "months"),
        Unit::Minutes if v != 0 && v % 60 == 0 => show::counted(v / 60, "hours"),
        Unit::PeriodDays(p) => format!("{v} {}", model.period(p).name),
        _ => show::counted(v, "minutes"),
    };
    // Months are not the same counted backwards.
    let back = unit != Unit::Months;
    let at_least = || match low {
        0.. => Some(format!("{from} at least {} before {to}", span(low))),
        _ => back.then(|| format!("{from} at most {} after {to}", span(-low))),
    };
    let below = || match high {
        0.. => Some(format!("{from} less than {} before {to}", span(high.checked_add(1)?))),
        _ => back.then(|| format!("{from} at least {} after {to}", span(-high))),
    };
    match (low, high) {
        (i64::MIN, i64::MAX) => None,
        (i64::MIN, _) => below(),
        (_, i64::MAX) => at_least(),
        _ if low == high && low >= 0 => Some(format!("{from} exactly {} before {to}", span(low))),
        _ if low == high && back => Some(format!("{from} exactly {} after {to}", span(-low))),
        _ => Some(format!("{} and {}", at_least()?, below()?)),
    }
}

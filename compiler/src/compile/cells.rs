//! Facts of a case -> cells of the axes, by tables.
//!
//! Each axis has its shortest way from a value to its cell: a stretch of one common table for yes/no facts, choices and
//! short ranges (`Plain`), sorted cuts for long ones, masks for sets, a table of days for periods. Nothing is allocated. A
//! value that no cell has is said as `UNFIT`, one that is not there as `MISSING`; both are larger than any cell.

use super::days::Days;
use crate::model::intervals::{Intervals, gallop};
use crate::model::time::{MINUTES_PER_DAY, months_between, weekday};
use crate::model::*;
use crate::space::{Axis, AxisKind, Cell, Space};
use std::collections::BTreeSet;

/// The fact has no value, and the axis no cell for that.
pub(super) const MISSING: u32 = u32::MAX;
/// The value is none that the fact can have.
pub(super) const UNFIT: u32 = u32::MAX - 1;
/// Cells are less than this.
pub(super) const CELLS: u32 = u32::MAX - 2;

/// Ranges up to this length are tables, whatever their cuts.
const SHORT: i64 = 4096;
/// Ranges up to this length are tables if they have more than `FEW` cuts.
const LONG: i64 = 1 << 16;
const FEW: usize = 16;

/// Cells of plain axes are less than this; it stands for both `MISSING` and `UNFIT`.
pub(super) const NONE: u16 = u16::MAX;

pub(super) struct Cells {
    axes: Box<[Reader]>,
    /// The tables of the plain axes, one after the other.
    table: Box<[u16]>,
    /// Numbers and moments by fact: the least and the greatest value.
    ranges: Box<[(i64, i64)]>,
    days: Days,
}

struct Reader {
    fact: usize,
    /// The cell of absence, or `MISSING`.
    absent: u32,
    how: How,
}

/// An axis whose cell is one load away: its fact's values are small numbers from a first one on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain {
    pub axis: u32,
    fact: u32,
    pub kind: Kind,
    absent: u16,
    /// The place in the table, and how many values there are.
    start: u32,
    count: u32,
    first: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Choice,
    Int,
}

enum How {
    Plain(Plain),
    /// By value, where there are very many.
    Choice(Box<[u32]>),
    /// The elements of the block, and the cells of sets without and with one of them.
    Member(Box<[u64]>, [u32; 2]),
    Cuts(Cuts),
    /// By weekday; of datetimes.
    Weekday([u32; 7]),
    Within(Box<Within>, [u32; 2]),
    Distance(Box<Distance>),
}

/// Pieces of a line, by their first values.
struct Cuts {
    starts: Box<[i64]>,
    cells: Box<[u32]>,
}

/// The moments of a period.
struct Within {
    moments: Intervals,
    first_day: i64,
    /// By day in UTC: the first part of `moments` that ends on it or later.
    parts: Box<[u32]>,
}

struct Distance {
    to: usize,
    /// The cell of absence of `to`, or `MISSING` where that always exists.
    absent: u32,
    /// Whether the facts are datetimes.
    moments: (bool, bool),
    measure: Measure,
    cuts: Cuts,
}

enum Measure {
    Steps,
    Days,
    Months,
    /// The days of a period up to and with each day, from a first one on.
    Counted(i64, Box<[u32]>),
}

impl Cells {
    pub fn new(model: &Model, space: &Space) -> Self {
        let ranges: Box<[(i64, i64)]> = model.facts.iter().map(|f| range(&f.ty)).collect();
        let days = days(model, space, &ranges);
        let periods: BTreeSet<PeriodId> = space.axes.iter().filter_map(|a| period(a.kind)).collect();
        let calendars = Calendars::new(model, days, periods);
        let mut table = Vec::new();
        let axes =
            space.axes.iter().enumerate().map(|(i, axis)| reader(model, axis, i, &calendars, &mut table)).collect();
        let moments = moments(model, space, &ranges).unwrap_or((0, -1));
        Self { axes, table: table.into(), days: Days::new(&model.zone, moments), ranges }
    }

    pub fn len(&self) -> usize {
        self.axes.len()
    }

    /// The axis, if its cell is one load away.
    pub fn as_plain(&self, axis: usize) -> Option<Plain> {
        match self.axes.get(axis)?.how {
            How::Plain(plain) => Some(plain),
            _ => None,
        }
    }

    /// The cell of a plain axis, or `NONE`. Where its kind is known beforehand, nothing is asked but whether the value is one.
    #[inline(always)]
    pub fn plain(&self, plain: &Plain, kind: Kind, case: &Case) -> u16 {
        let Some(Some(value)) = case.values.get(plain.fact as usize) else { return plain.absent };
        // A value before the first becomes a large one.
        let i = match (kind, value) {
            (Kind::Bool, Value::Bool(yes)) => u64::from(*yes),
            (Kind::Choice, Value::Choice(value)) => u64::from(*value),
            (Kind::Int, Value::Int(value)) => value.wrapping_sub(plain.first) as u64,
            _ => return NONE,
        };
        if i >= u64::from(plain.count) {
            return NONE;
        }
        self.table.get(plain.start as usize + i as usize).copied().unwrap_or(NONE)
    }

    /// The cell of an axis, or `MISSING`, or `UNFIT`.
    #[inline]
    pub fn of(&self, axis: usize, case: &Case) -> u32 {
        let Some(reader) = self.axes.get(axis) else { return MISSING };
        let value = case.values.get(reader.fact).and_then(Option::as_ref);
        let Some(value) = value else {
            return match &reader.how {
                How::Distance(distance) if absent(case, distance.to) && distance.absent == MISSING => MISSING,
                _ => reader.absent,
            };
        };
        match (&reader.how, value) {
            (How::Plain(plain), _) => match self.plain(plain, plain.kind, case) {
                NONE => UNFIT,
                cell => u32::from(cell),
            },
            (How::Choice(cells), Value::Choice(value)) => cells.get(*value as usize).copied().unwrap_or(UNFIT),
            (How::Member(block, cells), Value::Set(set)) => {
                let with = set.words().iter().zip(block.iter()).any(|(a, b)| a & b != 0);
                cells[usize::from(with)]
            }
            (_, Value::Int(value)) => self.line(reader, *value, case),
            _ => UNFIT,
        }
    }

    /// The cells of numbers and moments that have no table.
    fn line(&self, reader: &Reader, value: i64, case: &Case) -> u32 {
        if !self.fits(reader.fact, value) {
            return UNFIT;
        }
        match &reader.how {
            How::Cuts(cuts) => cuts.cell(value),
            How::Weekday(cells) => cells[weekday(self.days.of(value)) as usize],
            How::Within(within, cells) => cells[usize::from(within.has(value))],
            How::Distance(distance) => match case.values.get(distance.to).and_then(Option::as_ref) {
                None => distance.absent,
                Some(Value::Int(to)) if self.fits(distance.to, *to) => {
                    distance.cuts.cell(self.measure(distance, value, *to))
                }
                Some(_) => UNFIT,
            },
            _ => UNFIT,
        }
    }

    fn fits(&self, fact: usize, value: i64) -> bool {
        self.ranges.get(fact).is_some_and(|(lo, hi)| *lo <= value && value <= *hi)
    }

    fn measure(&self, distance: &Distance, from: i64, to: i64) -> i64 {
        let day = |moment: bool, value: i64| if moment { self.days.of(value) } else { value };
        let days = || (day(distance.moments.0, from), day(distance.moments.1, to));
        match &distance.measure {
            Measure::Steps => to.saturating_sub(from),
            Measure::Days => {
                let (from, to) = days();
                to - from
            }
            Measure::Months => {
                let (from, to) = days();
                months_between(from, to)
            }
            Measure::Counted(first, until) => {
                let (from, to) = days();
                let count = |day: i64| {
                    let i = usize::try_from(day - first).unwrap_or(0).min(until.len().saturating_sub(1));
                    until.get(i).map_or(0, |n| i64::from(*n))
                };
                count(to) - count(from)
            }
        }
    }

    /// The cell of absence of an axis.
    pub fn absence(&self, axis: usize) -> Option<u32> {
        let reader = self.axes.get(axis)?;
        let other = match &reader.how {
            How::Distance(distance) => distance.absent,
            _ => MISSING,
        };
        Some(reader.absent.min(other)).filter(|cell| *cell != MISSING)
    }

    /// The facts of an axis: one, or two of a distance.
    pub fn facts(&self, axis: usize) -> (usize, Option<usize>) {
        let reader = &self.axes[axis];
        let other = match &reader.how {
            How::Distance(distance) => Some(distance.to),
            _ => None,
        };
        (reader.fact, other)
    }

    /// The facts of an axis that are not among the known ones.
    pub fn open(&self, axis: usize, known: &[bool]) -> impl Iterator<Item = FactId> + use<> {
        let unknown = |fact: &usize| known.get(*fact) == Some(&false);
        let (one, other) = self.facts(axis);
        let (one, other) = (Some(one).filter(unknown), other.filter(unknown));
        one.into_iter().chain(other).map(|f| FactId(f as u32))
    }

    /// The fact of an axis whose value is none it can have.
    pub fn unfit(&self, axis: usize, case: &Case) -> FactId {
        let reader = &self.axes[axis];
        let fits = |fact: usize| match case.values.get(fact) {
            Some(Some(Value::Int(value))) => self.fits(fact, *value),
            _ => false,
        };
        match &reader.how {
            How::Distance(distance) if fits(reader.fact) => FactId(distance.to as u32),
            _ => FactId(reader.fact as u32),
        }
    }
}

fn absent(case: &Case, fact: usize) -> bool {
    case.values.get(fact).is_none_or(Option::is_none)
}

fn range(ty: &Type) -> (i64, i64) {
    match ty {
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi } => (*lo, *hi),
        Type::Time => (0, MINUTES_PER_DAY - 1),
        Type::YesNo | Type::Choice(_) | Type::Set(_) => (0, -1),
    }
}

/// The days that the moments with axes lie on.
fn days(model: &Model, space: &Space, ranges: &[(i64, i64)]) -> (i64, i64) {
    let spoken = model.fact_ids().filter(|f| !space.axes_of(*f).is_empty());
    let days = spoken.filter_map(|f| {
        let (lo, hi) = ranges[f.index()];
        match Grain::of(&model.fact(f).ty)? {
            Grain::Plain => None,
            Grain::Day => Some((lo, hi)),
            Grain::Minute => Some((model.zone.day(lo), model.zone.day(hi))),
        }
    });
    days.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((0, 0))
}

/// The first and the last moment of the datetimes with axes.
fn moments(model: &Model, space: &Space, ranges: &[(i64, i64)]) -> Option<(i64, i64)> {
    let spoken = model.fact_ids().filter(|f| !space.axes_of(*f).is_empty());
    let datetimes = spoken.filter(|f| Grain::of(&model.fact(*f).ty) == Some(Grain::Minute));
    datetimes.map(|f| ranges[f.index()]).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

fn period(kind: AxisKind) -> Option<PeriodId> {
    match kind {
        AxisKind::Within(_, period) | AxisKind::Distance(_, _, Unit::PeriodDays(period)) => Some(period),
        _ => None,
    }
}

fn reader(model: &Model, axis: &Axis, number: usize, calendars: &Calendars, table: &mut Vec<u16>) -> Reader {
    let fact = axis.kind.facts().0;
    let absence = |fact: FactId| match model.fact(fact).exists_if {
        Some(_) => axis.absent().unwrap_or(MISSING),
        None => MISSING,
    };
    let find = |test: &dyn Fn(&Cell) -> bool| axis.cells.iter().position(test).map_or(UNFIT, |i| i as u32);
    let bools = || [false, true].map(|b| find(&|c| *c == Cell::Bool(b)));
    let (lo, hi) = range(&model.fact(fact).ty);
    let moment = |fact: FactId| Grain::of(&model.fact(fact).ty) == Some(Grain::Minute);
    let short = |cell: u32| u16::try_from(cell).unwrap_or(NONE);
    let mut plain = |kind: Kind, first: i64, cells: &mut dyn Iterator<Item = u32>| {
        let start = table.len();
        table.extend(cells.map(short));
        let (start, count) = (start as u32, (table.len() - start) as u32);
        How::Plain(Plain { axis: number as u32, fact: fact.0, kind, absent: short(absence(fact)), start, count, first })
    };
    let few = axis.cells.len() < usize::from(NONE);
    let how = match axis.kind {
        AxisKind::YesNo(_) => plain(Kind::Bool, 0, &mut bools().into_iter()),
        AxisKind::Choice(_) => {
            let n = match &model.fact(fact).ty {
                Type::Choice(domain) => domain.values.len(),
                _ => 0,
            };
            let mut cells = vec![UNFIT; n];
            for (i, cell) in axis.cells.iter().enumerate() {
                if let Cell::Values(values) = cell {
                    values.iter().take_while(|v| *v < n).for_each(|v| cells[v] = i as u32);
                }
            }
            if few { plain(Kind::Choice, 0, &mut cells.into_iter()) } else { How::Choice(cells.into()) }
        }
        AxisKind::Member(..) => {
            let block = axis.cells.iter().find_map(|c| match c {
                Cell::Block(block, _) => Some(block.words().into()),
                _ => None,
            });
            let cells = [false, true].map(|with| find(&|c| matches!(c, Cell::Block(_, w) if *w == with)));
            How::Member(block.unwrap_or_default(), cells)
        }
        AxisKind::Range(_) => {
            let cuts = Cuts::new(axis);
            let length = hi.saturating_sub(lo);
            let dense = length < SHORT || (length < LONG && cuts.starts.len() > FEW);
            if dense && few { plain(Kind::Int, lo, &mut (lo..=hi).map(|v| cuts.cell(v))) } else { How::Cuts(cuts) }
        }
        AxisKind::Weekday(_) => {
            let on = |day: u32| find(&|c| matches!(c, Cell::Days(mask) if mask >> day & 1 == 1));
            let cells: [u32; 7] = std::array::from_fn(|day| on(day as u32));
            match moment(fact) {
                true => How::Weekday(cells),
                false => plain(Kind::Int, lo, &mut (lo..=hi).map(|v| cells[weekday(v) as usize])),
            }
        }
        AxisKind::Within(_, period) => {
            let calendar = calendars.get(period);
            let cells = bools();
            if moment(fact) {
                How::Within(Box::new(Within::new(calendar.moments.clone())), cells)
            } else {
                plain(Kind::Int, lo, &mut (lo..=hi).map(|v| cells[usize::from(calendar.days.contains(v))]))
            }
        }
        AxisKind::Distance(from, to, unit) => {
            let measure = match unit {
                Unit::Minutes | Unit::Number => Measure::Steps,
                Unit::Days => Measure::Days,
                Unit::Months => Measure::Months,
                Unit::PeriodDays(period) => {
                    let (first, last) = calendars.days();
                    let calendar = calendars.get(period);
                    Measure::Counted(first, (first..=last).map(|d| calendar.days_until(d) as u32).collect())
                }
            };
            let moments = (moment(from), moment(to));
            How::Distance(Box::new(Distance {
                to: to.index(),
                absent: absence(to),
                moments,
                measure,
                cuts: Cuts::new(axis),
            }))
        }
    };
    Reader { fact: fact.index(), absent: absence(fact), how }
}

impl Cuts {
    fn new(axis: &Axis) -> Self {
        let mut pieces: Vec<(i64, u32)> = Vec::new();
        for (i, cell) in axis.cells.iter().enumerate() {
            if let Cell::Ranges(parts) = cell {
                pieces.extend(parts.iter().map(|p| (p.0, i as u32)));
            }
        }
        pieces.sort_unstable();
        Self { starts: pieces.iter().map(|p| p.0).collect(), cells: pieces.iter().map(|p| p.1).collect() }
    }

    fn cell(&self, value: i64) -> u32 {
        let i = self.starts.partition_point(|s| *s <= value);
        i.checked_sub(1).and_then(|i| self.cells.get(i)).copied().unwrap_or(UNFIT)
    }
}

impl Within {
    fn new(moments: Intervals) -> Self {
        let first_day = moments.first().unwrap_or(0).div_euclid(MINUTES_PER_DAY);
        let last_day = moments.last().unwrap_or(0).div_euclid(MINUTES_PER_DAY);
        let mut part = 0;
        let parts = (first_day..=last_day).map(|day| {
            part = gallop(moments.parts(), part, day * MINUTES_PER_DAY);
            part as u32
        });
        let parts = parts.collect();
        Self { moments, first_day, parts }
    }

    fn has(&self, instant: i64) -> bool {
        let day = usize::try_from(instant.div_euclid(MINUTES_PER_DAY) - self.first_day);
        let Some(&part) = day.ok().and_then(|d| self.parts.get(d)) else { return false };
        let parts = self.moments.parts();
        parts.get(gallop(parts, part as usize, instant)).is_some_and(|p| p.0 <= instant)
    }
}

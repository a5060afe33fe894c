//! What is known of numbers and moments beyond their cells.
//!
//! Facts linked by distances form a **group**; so does every other number or moment with axes. A group says which axes
//! belong to which of its facts and which distances link them. The values that the cells of one fact leave together are
//! never listed (a century of nights has 36,500 pieces): `Values` asks one cell after the other for its next value until
//! all agree.

use super::build::range;
use super::uses::Uses;
use super::values::{Part, Values};
use super::{Axis, AxisId, AxisKind, Cell};
use crate::model::{Calendars, FactId, Grain, Model, PeriodId, Ruler, Unit};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::collections::BTreeSet;

/// A number or moment of a group.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub fact: FactId,
    pub grain: Grain,
    pub range: (i64, i64),
    /// Its own axes, ascending.
    pub axes: Vec<AxisId>,
    /// It may be absent.
    pub conditional: bool,
}

/// A distance between two of a group's moments.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub axis: AxisId,
    pub unit: Unit,
    /// Indexes into the group's moments.
    pub from: usize,
    pub to: usize,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub moments: Vec<Moment>,
    pub links: Vec<Link>,
}

#[derive(Clone, Default)]
pub(super) struct Moments {
    pub calendars: Calendars,
    pub groups: Vec<Group>,
    /// What elapsed minutes and the local clock can differ by, between any two of the facts' moments.
    pub slack: i64,
    /// By distance axis: the least value that it can have.
    least: FxHashMap<AxisId, i64>,
}

impl std::fmt::Debug for Moments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Moments").field("groups", &self.groups).finish_non_exhaustive()
    }
}

impl Moments {
    pub fn new(model: &Model, uses: &Uses) -> Self {
        let spoken = model.fact_ids().filter(|f| uses.asked[f.index()].spoken);
        let days = spoken.filter_map(|f| match Grain::of(&model.fact(f).ty)? {
            Grain::Plain => None,
            Grain::Day => range(&model.fact(f).ty),
            Grain::Minute => range(&model.fact(f).ty).map(|(lo, hi)| (model.zone.day(lo), model.zone.day(hi))),
        });
        let days = days.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((0, 0));
        let counted = uses.measured.iter().filter_map(|m| match m.unit {
            Unit::PeriodDays(period) => Some(period),
            _ => None,
        });
        let asked = uses.asked.iter().flat_map(|a| a.periods.iter().copied());
        let periods: BTreeSet<PeriodId> = asked.chain(counted).collect();
        Self { calendars: Calendars::new(model, days, periods), slack: slack(model, days), ..Self::default() }
    }

    pub fn ruler<'a>(&'a self, model: &'a Model) -> Ruler<'a> {
        Ruler { zone: &model.zone, calendars: &self.calendars }
    }

    /// The least and the greatest distance that the facts' ranges allow.
    pub fn span(&self, model: &Model, from: FactId, to: FactId, unit: Unit) -> (i64, i64) {
        let ends = |f: FactId| Some((Grain::of(&model.fact(f).ty)?, range(&model.fact(f).ty)?));
        let (Some((a, (a_lo, a_hi))), Some((b, (b_lo, b_hi)))) = (ends(from), ends(to)) else { return (0, 0) };
        let ruler = self.ruler(model);
        (ruler.distance(unit, (a, a_hi), (b, b_lo)), ruler.distance(unit, (a, a_lo), (b, b_hi)))
    }

    /// The least value of a distance axis.
    pub fn least(&self, axis: AxisId) -> i64 {
        self.least.get(&axis).copied().unwrap_or(i64::MIN)
    }

    /// Takes note of the groups, now that the axes have their levels.
    pub fn group(&mut self, model: &Model, bundles: &[Vec<FactId>], axes: &[Axis], of_fact: &[Vec<AxisId>]) {
        for bundle in bundles {
            let mut group = Group::default();
            let mut index = FxHashMap::default();
            let mut distances = BTreeSet::new();
            for &fact in bundle {
                let fact_axes = &of_fact[fact.index()];
                let (Some(grain), Some(range)) = (Grain::of(&model.fact(fact).ty), range(&model.fact(fact).ty)) else {
                    continue;
                };
                if fact_axes.is_empty() {
                    continue;
                }
                let (linking, own): (Vec<_>, Vec<_>) =
                    fact_axes.iter().partition(|&&a| matches!(axes[a].kind, AxisKind::Distance(..)));
                distances.extend(linking);
                index.insert(fact, group.moments.len());
                let conditional = model.fact(fact).exists_if.is_some();
                group.moments.push(Moment { fact, grain, range, axes: own, conditional });
            }
            for axis in distances {
                let AxisKind::Distance(from, to, unit) = axes[axis].kind else { continue };
                if let (Some(&a), Some(&b)) = (index.get(&from), index.get(&to)) {
                    self.least.insert(axis, self.span(model, from, to, unit).0);
                    group.links.push(Link { axis, unit, from: a, to: b });
                }
            }
            if !group.moments.is_empty() {
                self.groups.push(group);
            }
        }
    }

    /// All values of a number or moment.
    pub fn whole<'a>(&self, model: &'a Model, moment: &Moment) -> Values<'a> {
        Values { range: moment.range, grain: moment.grain, zone: &model.zone, parts: SmallVec::new() }
    }

    /// What one cell of one of its axes leaves of the values of a number or moment.
    pub fn part<'a>(&'a self, moment: &Moment, axis: &'a Axis, cell: u32) -> Option<Part<'a>> {
        match (axis.kind, axis.cells.get(cell as usize)?) {
            (_, Cell::Ranges(parts)) => Some(Part::In(parts)),
            (_, Cell::Days(mask)) => Some(Part::Weekdays(*mask)),
            (AxisKind::Within(_, period), Cell::Bool(inside)) => {
                let calendar = self.calendars.get(period);
                let set = if moment.grain == Grain::Day { &calendar.days } else { &calendar.moments };
                Some(if *inside { Part::In(set.parts()) } else { Part::Out(set.parts()) })
            }
            _ => None,
        }
    }
}

/// The clock's offset is somewhere between its least and its greatest; twice that, as clocks set back over midnight show a
/// date that no longer counts.
fn slack(model: &Model, days: (i64, i64)) -> i64 {
    let (first, last) = (model.zone.day_start(days.0), model.zone.day_start(days.1 + 1));
    let pieces = model.zone.pieces();
    let here =
        pieces.iter().enumerate().filter(|(i, p)| p.0 <= last && pieces.get(i + 1).is_none_or(|next| next.0 >= first));
    let (least, most) = here.fold((i64::MAX, i64::MIN), |(a, b), (_, p)| (a.min(p.1), b.max(p.1)));
    2 * most.saturating_sub(least).max(0)
}

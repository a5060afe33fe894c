//! Cells of a group -> the numbers and moments a person would choose for an example.
//!
//! First any solution is found (`solve`). Then wishes are added one by one and kept where a solution remains: near a Monday
//! morning of a year that reads as present, distances right at the cut ("exactly 3 days" for "less than 4"), weekdays in
//! office hours on the hour, round numbers. Nothing here looks at a clock: the example is the same every day.

use super::moments::{Group, Moment};
use super::solve::{FREE, Problem};
use super::values::{Cursors, Part, Values};
use super::{Cell, Space};
use crate::model::time::weekday;
use crate::model::{Grain, Model, Type, Unit};

/// Monday 14 September 2026.
pub(super) const ANCHOR: i64 = 20710;
/// 09:00.
pub(super) const MORNING: i64 = 540;

/// For the first solution, which decides whether there is any.
const STEPS: u64 = 40_000_000;
/// For one wish more.
const WISH: u64 = 4_000;
/// Most times that a set and a grid may pass one another.
const PASSES: usize = 400;

/// A value for each of the group's moments (for absent ones any); `None` if the cells contradict one another.
pub(super) fn choose(space: &Space, model: &Model, group: &Group, assignment: &[u32]) -> Option<Vec<i64>> {
    let cell = |axis: usize| space.axes.get(axis).zip(assignment.get(axis)).and_then(|(a, &c)| a.cells.get(c as usize));
    let mut sets = Vec::new();
    for moment in &group.moments {
        let absent = moment.axes.iter().any(|&a| cell(a) == Some(&Cell::Absent));
        let mut values = space.moments.whole(model, moment);
        if !absent {
            let parts = moment.axes.iter().zip(moment.axes.iter().filter_map(|&a| assignment.get(a)));
            values.parts.extend(parts.filter_map(|(&a, &c)| space.moments.part(moment, &space.axes[a], c)));
        }
        sets.push(values);
    }
    let spans: Vec<Vec<(i64, i64)>> = group
        .links
        .iter()
        .map(|l| match cell(l.axis) {
            Some(Cell::Ranges(parts)) => parts.clone(),
            _ => vec![FREE],
        })
        .collect();
    let problem = Problem::new(&space.moments, model, group);
    let chooser = Chooser { model, problem, sets };
    let mut wish = chooser.any(spans)?;
    chooser.near(&mut wish);
    chooser.at_the_cut(&mut wish);
    chooser.presentable(&mut wish);
    chooser.solve(&wish, STEPS)
}

struct Chooser<'a> {
    model: &'a Model,
    problem: Problem<'a>,
    sets: Vec<Values<'a>>,
}

/// What a solution should be like.
#[derive(Clone)]
struct Wish {
    /// By link.
    spans: Vec<(i64, i64)>,
    /// By moment: not before.
    floors: Vec<i64>,
    grids: Vec<Grid>,
}

/// The values that read well.
#[derive(Clone, Copy)]
enum Grid {
    Any,
    Exactly(i64),
    Multiple(i64),
    /// A date from Monday to Friday.
    Weekday,
    /// An instant at a multiple of `step` minutes of the local clock, from `open` to `close`.
    Clock {
        weekday: bool,
        open: i64,
        close: i64,
        step: i64,
    },
}

impl Chooser<'_> {
    fn moments(&self) -> &[Moment] {
        &self.problem.group.moments
    }

    fn solve(&self, wish: &Wish, mut steps: u64) -> Option<Vec<i64>> {
        let mut values = wish.floors.clone();
        let mut cursors = vec![Cursors::new(); values.len()];
        let mut next = |m: usize, value: i64| self.next(m, &mut cursors[m], wish.grids[m], value);
        self.problem.settle(&wish.spans, &mut values, &mut next, &mut steps).then_some(values)
    }

    /// Keeps a change of the wish if it can be met.
    fn keep(&self, wish: &mut Wish, change: impl FnOnce(&mut Wish)) -> bool {
        let mut more = wish.clone();
        change(&mut more);
        let met = !self.problem.refuted(&more.spans) && self.solve(&more, WISH).is_some();
        if met {
            *wish = more;
        }
        met
    }

    /// One interval for each distance, so that there is a solution; without any wish.
    fn any(&self, options: Vec<Vec<(i64, i64)>>) -> Option<Wish> {
        let floors = self.moments().iter().map(|m| m.range.0).collect();
        let grids = vec![Grid::Any; self.sets.len()];
        let mut wish = Wish { spans: vec![FREE; options.len()], floors, grids };
        // The next option to try for each link chosen so far: backtracking without recursion.
        let mut tried: Vec<usize> = Vec::new();
        let mut next = 0;
        loop {
            let link = tried.len();
            let Some(choices) = options.get(link) else {
                return (link > 0 || self.solve(&wish, STEPS).is_some()).then_some(wish);
            };
            match choices.get(next) {
                Some(&span) => {
                    wish.spans[link] = span;
                    if !self.problem.refuted(&wish.spans) && self.solve(&wish, STEPS).is_some() {
                        tried.push(next);
                        next = 0;
                    } else {
                        next += 1;
                    }
                }
                None => {
                    wish.spans[link] = FREE;
                    next = tried.pop()? + 1;
                }
            }
        }
    }

    /// Moments of about the present, or next to their cut where they must lie before or after it.
    fn near(&self, wish: &mut Wish) {
        let mut floors: Vec<Vec<i64>> = (0..self.sets.len()).map(|m| self.floors(m)).collect();
        self.together(&mut floors);
        let all = |w: &mut Wish| {
            for (floor, options) in w.floors.iter_mut().zip(&floors) {
                *floor = options.first().map_or(*floor, |f| (*floor).max(*f));
            }
        };
        if self.keep(wish, all) {
            return;
        }
        for (m, options) in floors.iter().enumerate() {
            for &floor in options {
                if self.keep(wish, |w| w.floors[m] = w.floors[m].max(floor)) {
                    break;
                }
            }
        }
    }

    fn floors(&self, m: usize) -> Vec<i64> {
        let (moment, set) = (&self.moments()[m], &self.sets[m]);
        let (Some(first), Some(last)) = (set.next(moment.range.0), set.prev(moment.range.1)) else { return Vec::new() };
        let Some(anchor) = self.morning(m, ANCHOR) else { return Vec::new() };
        if last >= anchor {
            return vec![anchor, first];
        }
        if first > moment.range.0 {
            return vec![first];
        }
        // Everything up to a cut: the cut itself for dates, the last working morning before it for moments.
        let day = self.problem.ruler.day((moment.grain, last));
        match moment.grain {
            Grain::Day => vec![last, last - 3, last - 31, last - 400],
            Grain::Plain => [60, 120, 1440].iter().map(|n| (last + 1 - n).max(0)).collect(),
            Grain::Minute => {
                let works = |d: &i64| weekday(*d) < 5 && self.morning(m, *d).is_some_and(|f| f <= last);
                let near = (0..7).map(|n| day - n).find(works);
                let days = near.into_iter().chain([day - 1, day - 7, day - 31, day - 400]);
                days.filter_map(|d| self.morning(m, d)).collect()
            }
        }
    }

    /// What is linked to moments long before the anchor is looked for in the week before these.
    fn together(&self, floors: &mut [Vec<i64>]) {
        let day = |m: usize, floor: i64| self.problem.ruler.day((self.moments()[m].grain, floor));
        let dated = |m: &usize| self.moments()[*m].grain != Grain::Plain;
        let first = (0..floors.len()).filter(dated).filter_map(|m| floors[m].first().map(|f| day(m, *f))).min();
        let Some(first) = first.filter(|f| *f < ANCHOR) else { return };
        for m in (0..floors.len()).filter(dated) {
            if floors[m].first().is_some_and(|f| day(m, *f) == ANCHOR)
                && let Some(morning) = self.morning(m, first - 7)
            {
                floors[m].insert(0, morning);
            }
        }
    }

    /// A day's morning as a value of a moment; `None` for numbers.
    fn morning(&self, m: usize, day: i64) -> Option<i64> {
        let moment = &self.moments()[m];
        match (moment.grain, &self.model.fact(moment.fact).ty) {
            (Grain::Day, _) => Some(day),
            (Grain::Minute, _) => Some(self.model.zone.instant(day, MORNING)),
            (Grain::Plain, Type::Time) => Some(MORNING),
            (Grain::Plain, _) => None,
        }
    }

    /// Distances at the end of their interval, in round hours where they are hours.
    fn at_the_cut(&self, wish: &mut Wish) {
        for (l, link) in self.problem.group.links.iter().enumerate() {
            let steps: Vec<i64> = match link.unit {
                Unit::Minutes => vec![60, 30, 5, 1],
                Unit::Number => vec![10i64.saturating_pow(self.scale(link.from)), 1],
                Unit::Days | Unit::Months | Unit::PeriodDays(_) => vec![1],
            };
            let (low, high) = wish.spans[l];
            let from_low = || steps.iter().map(|s| low.saturating_add(s - 1).div_euclid(*s) * s);
            let from_high = || steps.iter().map(|s| high.div_euclid(*s) * s);
            let points: Vec<i64> = match (low == i64::MIN, high == i64::MAX) {
                (true, true) => Vec::new(),
                (true, false) => from_high().collect(),
                (false, true) => from_low().collect(),
                (false, false) if high <= 0 => from_high().chain(from_low()).collect(),
                (false, false) => from_low().chain(from_high()).collect(),
            };
            for point in points.into_iter().filter(|p| (low..=high).contains(p)) {
                if self.keep(wish, |w| w.spans[l] = (point, point)) {
                    break;
                }
            }
        }
    }

    /// Dates, times and numbers that read well.
    fn presentable(&self, wish: &mut Wish) {
        for (m, moment) in self.moments().iter().enumerate() {
            let clock = |weekday, open, close, step| Grid::Clock { weekday, open, close, step };
            let grids: Vec<Grid> = match (moment.grain, &self.model.fact(moment.fact).ty) {
                (Grain::Day, _) => vec![Grid::Weekday],
                (Grain::Minute, _) => vec![
                    clock(true, 540, 960, 60),
                    clock(true, 480, 1020, 30),
                    clock(false, 480, 1200, 60),
                    clock(false, 0, 1439, 60),
                    clock(false, 0, 1439, 30),
                    clock(false, 0, 1439, 5),
                ],
                (Grain::Plain, Type::Time) => vec![Grid::Multiple(60), Grid::Multiple(30), Grid::Multiple(5)],
                (Grain::Plain, _) => self.numbers(m).into_iter().map(Grid::Exactly).collect(),
            };
            for grid in grids {
                if self.keep(wish, |w| w.grids[m] = grid) {
                    break;
                }
            }
        }
    }

    fn scale(&self, m: usize) -> u32 {
        match &self.model.fact(self.moments()[m].fact).ty {
            Type::Number { scale, .. } => *scale,
            _ => 0,
        }
    }

    /// Numbers to try: next to the cut where an interval has one cut, else the roundest inside.
    fn numbers(&self, m: usize) -> Vec<i64> {
        let (lo, hi) = self.moments()[m].range;
        let pick = |&(a, b): &(i64, i64)| match (a > lo, b < hi) {
            (true, false) => a,
            (false, true) => b,
            _ => roundest(a, b),
        };
        match self.sets[m].parts.first() {
            Some(Part::In(parts)) => parts.iter().take(8).map(pick).collect(),
            _ => vec![pick(&(lo, hi))],
        }
    }

    /// The least member of the set at or after `value` that lies on the grid.
    fn next(&self, m: usize, cursors: &mut Cursors, grid: Grid, value: i64) -> Option<i64> {
        let mut at = self.sets[m].next_from(cursors, value)?;
        for _ in 0..PASSES {
            let good = self.align(grid, at)?;
            if good == at {
                return Some(at);
            }
            at = self.sets[m].next_from(cursors, good)?;
        }
        None
    }

    /// The first value of the grid at or after `x`.
    fn align(&self, grid: Grid, x: i64) -> Option<i64> {
        match grid {
            Grid::Any => Some(x),
            Grid::Exactly(v) => (x <= v).then_some(v),
            Grid::Multiple(n) => Some(x.saturating_add(n - 1).div_euclid(n) * n),
            Grid::Weekday => Some(if weekday(x) < 5 { x } else { x + 7 - i64::from(weekday(x)) }),
            Grid::Clock { weekday: workday, open, close, step } => {
                let zone = &self.model.zone;
                let (mut day, minute) = zone.local(x);
                let mut minute = (minute.max(open) + step - 1) / step * step;
                for _ in 0..PASSES {
                    if minute > close || (workday && weekday(day) >= 5) {
                        (day, minute) = (day + 1, (open + step - 1) / step * step);
                        continue;
                    }
                    let instant = zone.instant(day, minute);
                    if instant >= x {
                        return Some(instant);
                    }
                    minute += step;
                }
                None
            }
        }
    }
}

/// The least multiple of the greatest power of ten that has one in `a..=b`, positive if possible.
fn roundest(a: i64, b: i64) -> i64 {
    let least = if b > 0 { a.max(1) } else { a };
    let mut power = 1i64;
    let mut best = least;
    loop {
        let multiple = least.div_euclid(power).saturating_add(i64::from(least.rem_euclid(power) > 0));
        let Some(value) = multiple.checked_mul(power).filter(|v| *v <= b) else { return best };
        best = value;
        if value == 0 {
            return 0;
        }
        let Some(next) = power.checked_mul(10) else { return best };
        power = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_round() {
        assert_eq!(roundest(3, 40), 10);
        assert_eq!(roundest(5001, 10000), 10000);
        assert_eq!(roundest(13, 17), 13);
        assert_eq!(roundest(0, 120), 100);
        assert_eq!(roundest(-7, -3), -7);
        assert_eq!(roundest(0, 0), 0);
        assert_eq!(crate::model::time::show_date_long(ANCHOR), "Monday 14 September 2026");
    }
}

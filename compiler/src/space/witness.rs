//! Cases -> assignments, and assignments -> cases a person would choose.
//!
//! A case has one cell on every axis. Back there are many cases; the one to show has the first value of a choice, the
//! smallest sets, round numbers or the number next to the cut, and moments in office hours (`choose`).

use super::choose::choose;
use super::cond::holds;
use super::{AxisId, AxisKind, Cell, Space};
use crate::diagram::Assignment;
use crate::model::{Bits, Case, Domain, Grain, Model, Type, Value};

impl Space {
    /// The assignment (cells) that a case falls into. Every legal case has one.
    pub fn locate(&self, model: &Model, case: &Case) -> Assignment {
        (0..self.axes.len()).map(|axis| self.cell_of(model, axis, case)).collect()
    }

    /// Of a number or moment cut into one interval a cell: the one around a value.
    fn cell_around(&self, axis: AxisId, value: i64) -> Option<u32> {
        let cell = self.starts[axis].partition_point(|start| *start <= value).checked_sub(1)?;
        matches!(&self.axes[axis].cells[cell], Cell::Ranges(parts) if parts[0].1 >= value).then_some(cell as u32)
    }

    fn cell_of(&self, model: &Model, id: AxisId, case: &Case) -> u32 {
        let axis = &self.axes[id];
        let value = |fact: crate::model::FactId| case.values.get(fact.index()).and_then(Option::as_ref);
        let (one, other) = axis.kind.facts();
        let (Some(first), second) = (value(one), other.map(value)) else { return axis.absent().unwrap_or(0) };
        let second = match second {
            Some(None) => return axis.absent().unwrap_or(0),
            second => second.flatten(),
        };
        let grain = |fact: crate::model::FactId| Grain::of(&model.fact(fact).ty).unwrap_or(Grain::Plain);
        let ruler = self.moments.ruler(model);
        let within =
            |parts: &[(i64, i64)], v: i64| parts.get(parts.partition_point(|p| p.1 < v)).is_some_and(|p| p.0 <= v);
        let position = |test: &dyn Fn(&Cell) -> bool| axis.cells.iter().position(test).unwrap_or(0) as u32;
        match (axis.kind, first, second) {
            (AxisKind::Distance(from, to, unit), Value::Int(a), Some(Value::Int(b))) => {
                let distance = ruler.distance(unit, (grain(from), *a), (grain(to), *b));
                position(&|c| matches!(c, Cell::Ranges(parts) if within(parts, distance)))
            }
            (AxisKind::Weekday(fact), Value::Int(v), _) => {
                let day = crate::model::time::weekday(ruler.day((grain(fact), *v)));
                position(&|c| matches!(c, Cell::Days(mask) if mask >> day & 1 == 1))
            }
            (AxisKind::Within(fact, period), Value::Int(v), _) => {
                let calendar = self.moments.calendars.get(period);
                let set = if grain(fact) == Grain::Day { &calendar.days } else { &calendar.moments };
                position(&|c| *c == Cell::Bool(set.contains(*v)))
            }
            (_, Value::Bool(b), _) => position(&|c| *c == Cell::Bool(*b)),
            // At once: it may have thousands of values.
            (_, Value::Choice(v), _) => self.cells_of[id].get(*v as usize).copied().unwrap_or(0),
            (_, Value::Int(v), _) => self
                .cell_around(id, *v)
                .unwrap_or_else(|| position(&|c| matches!(c, Cell::Ranges(parts) if within(parts, *v)))),
            (_, Value::Set(set), _) => {
                position(&|c| matches!(c, Cell::Block(block, with) if set.is_disjoint(block) != *with))
            }
        }
    }

    /// A case that falls into a valid assignment, with values a person would choose: round numbers or the boundary itself,
    /// weekday mornings, the smallest sets. `None` only if the assignment is not valid.
    pub fn case(&self, model: &Model, assignment: &[u32]) -> Option<Case> {
        let cells_exist = assignment.iter().zip(&self.axes).all(|(&c, a)| (c as usize) < a.cells.len());
        if assignment.len() != self.axes.len() || !cells_exist {
            return None;
        }
        if !model.assumptions.iter().all(|a| holds(self, model, &a.cond, assignment)) {
            return None;
        }
        let exists = |f: crate::model::FactId| {
            model.fact(f).exists_if.as_ref().is_none_or(|cond| holds(self, model, cond, assignment))
        };
        let exists: Vec<bool> = model.fact_ids().map(exists).collect();
        for (axis, &cell) in self.axes.iter().zip(assignment) {
            let (one, other) = axis.kind.facts();
            let here = exists[one.index()] && other.is_none_or(|f| exists[f.index()]);
            if here != (axis.cells[cell as usize] != Cell::Absent) {
                return None;
            }
        }
        let mut values: Vec<Option<Value>> =
            model.fact_ids().map(|f| exists[f.index()].then(|| self.value(model, f, assignment))).collect();
        for group in &self.moments.groups {
            let chosen = choose(self, model, group, assignment)?;
            for (moment, value) in group.moments.iter().zip(chosen) {
                if exists[moment.fact.index()] {
                    values[moment.fact.index()] = Some(Value::Int(value));
                }
            }
        }
        Some(Case { values })
    }

    /// A value of a fact that exists; moments with axes get theirs from `choose`.
    fn value(&self, model: &Model, fact: crate::model::FactId, assignment: &[u32]) -> Value {
        let cell = |axis: AxisId| &self.axes[axis].cells[assignment[axis] as usize];
        let axes = self.axes_of(fact);
        match &model.fact(fact).ty {
            Type::YesNo => Value::Bool(axes.iter().any(|&a| *cell(a) == Cell::Bool(true))),
            Type::Choice(domain) => {
                let all = Bits::below(domain.values.len());
                let values = axes.first().map_or(&all, |&a| match cell(a) {
                    Cell::Values(values) => values,
                    _ => &all,
                });
                Value::Choice(first(domain, values) as u32)
            }
            Type::Set(domain) => {
                let wanted = axes.iter().filter_map(|&a| match cell(a) {
                    Cell::Block(block, true) => Some(first(domain, block)),
                    _ => None,
                });
                Value::Set(wanted.collect())
            }
            Type::Number { lo, hi, .. } => Value::Int(0.clamp(*lo, (*hi).max(*lo))),
            Type::Time => Value::Int(super::choose::MORNING),
            Type::Date { lo, hi } => Value::Int(super::choose::ANCHOR.clamp(*lo, (*hi).max(*lo))),
            Type::DateTime { lo, hi } => {
                let anchor = model.zone.instant(super::choose::ANCHOR, super::choose::MORNING);
                Value::Int(anchor.clamp(*lo, (*hi).max(*lo)))
            }
        }
    }
}

/// The value to take for an example: the first that is not a mixture of roles.
fn first(domain: &Domain, values: &Bits) -> usize {
    let mixed = |v: usize| domain.values.get(v).is_some_and(|n| n.name.contains('+'));
    values.iter().min_by_key(|&v| (mixed(v), v)).unwrap_or(0)
}

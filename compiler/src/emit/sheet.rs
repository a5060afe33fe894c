//! A table -> what an engine needs of it: the facts it is given, what is measured of them, and a test for each cell.
//!
//! ```text
//! Table: axes over cells ──build──> Sheet: inputs (facts) ──> features (what columns look at) ──> lines of tests
//! ```
//!
//! A table speaks of cells; no engine knows these. A sheet says the same with values: names, numbers, dates, lists. It is
//! what all formats for engines are written from, so that each of them has nothing left to do but put a test into words.
//!
//! The case, as every format takes it: yes/no facts as booleans, choices as names, numbers as numbers, dates as
//! `2026-09-14`, times as `15:00`, datetimes as RFC 3339 with an offset, sets as lists of names, and what does not exist as
//! null. Must not know any format.

mod build;

pub(super) use build::cubes;

use crate::model::{Case, DecisionId, FactId, Model, PeriodId, Unit};
use crate::tabulate::{Row, Table};

/// One decision, ready to be written for an engine.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    pub model: &'a Model,
    pub table: &'a Table,
    /// The facts that matter, in the order of the columns.
    pub inputs: Vec<Input>,
    /// What the columns look at, in their order.
    pub features: Vec<Feature>,
    /// By axis of the table: its first feature, and how many it has.
    pub of_axis: Vec<(usize, usize)>,
    /// The rows of the table; a row that a set's lists cut in several ways is several lines, one after the other.
    pub lines: Vec<Line<'a>>,
    /// By row: a case of it that is easy to tell, if anyone chose one; for tests beside an artefact.
    pub examples: Vec<Option<Case>>,
}

/// A fact that the engine is given.
#[derive(Debug, Clone)]
pub struct Input {
    pub fact: FactId,
    pub name: String,
    pub title: Option<String>,
    pub kind: Kind,
    /// There are cases without it; it is null there.
    pub optional: bool,
}

/// What an input is. Integers are those of [`Type`](crate::model::Type).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    YesNo,
    Choice {
        values: Vec<String>,
    },
    /// Steps of 10^-scale, both ends included.
    Number {
        lo: i64,
        hi: i64,
        scale: u32,
        unit: Option<String>,
    },
    /// Days since 1970-01-01, both ends included.
    Date {
        lo: i64,
        hi: i64,
    },
    /// Minutes since midnight.
    Time,
    /// Minutes since 1970-01-01 00:00 UTC, both ends included.
    DateTime {
        lo: i64,
        hi: i64,
    },
    Set {
        values: Vec<String>,
    },
}

/// What tests look at.
#[derive(Debug, Clone)]
pub struct Feature {
    /// For people: `fee (USD)`, `days from invited to starts`.
    pub title: String,
    /// For programs: the fact's name, or of letters, digits and underscores, unique in the sheet: `days_from_invited_to_starts`.
    pub name: String,
    pub of: Of,
    /// It does not exist where one of its facts does not.
    pub optional: bool,
}

#[derive(Debug, Clone)]
pub enum Of {
    /// The value of an input.
    Value(usize),
    /// The day of the week of a date or datetime, in the policy's time zone.
    Weekday(usize),
    /// Whether a date or datetime lies in one of these spans, both ends included, ascending, apart; in its own integers.
    Within(usize, PeriodId, Vec<(i64, i64)>),
    /// Whether a set has one of these elements.
    Contains(usize, Vec<String>),
    /// How far it is from one input to another.
    Distance { from: usize, to: usize, measure: Measure },
}

/// See [`Unit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// Minutes between datetimes or times.
    Minutes,
    /// The difference of two numbers, in steps of 10^-scale.
    Number { scale: u32 },
    /// Days between the dates, in the policy's time zone.
    Days,
    /// Whole months between the dates.
    Months,
    /// Of the days in these spans (both ends included, ascending, apart) those after the first date up to and with the
    /// second; less than 0 where the second is the earlier one.
    PeriodDays(PeriodId, Vec<(i64, i64)>),
}

/// A row, or a part of one.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// Its number in the table, from 0.
    pub number: usize,
    pub row: &'a Row,
    /// By feature; `None` where it does not matter.
    pub tests: Vec<Option<Test>>,
}

/// Holds where the feature does not exist, if `absent`, and where its value is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Test {
    pub absent: bool,
    pub allowed: Allowed,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Allowed {
    /// No value: the feature must not exist.
    Nothing,
    /// Every value.
    Any,
    Bool(bool),
    /// Indexes into the input's values, ascending.
    Values(Vec<usize>),
    /// Ascending, apart.
    Ranges(Vec<Range>),
    /// Bit 0 is Monday.
    Days(u8),
}

/// Both ends included; `None` where it is open, or ends where the fact does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    pub lo: Option<i64>,
    pub hi: Option<i64>,
}

/// The paths of the rules that decide in some case of a row, or give its duties and advice.
pub fn rules(table: &Table, row: &Row) -> Vec<String> {
    let mut clauses: Vec<_> = row.by.iter().chain(&row.also).copied().collect();
    clauses.sort_unstable();
    clauses.dedup();
    clauses.into_iter().filter_map(|c| table.rule(c)).map(|r| r.path.clone()).collect()
}

impl<'a> Sheet<'a> {
    pub fn of(model: &'a Model, table: &'a Table) -> Self {
        build::sheet(model, table)
    }

    pub fn decision(&self) -> DecisionId {
        self.table.decision
    }

    /// The values that a feature can have, if it is a choice.
    pub fn values(&self, feature: &Feature) -> &[String] {
        match (&feature.of, feature.input().map(|i| &self.inputs[i].kind)) {
            (Of::Value(_), Some(Kind::Choice { values })) => values,
            _ => &[],
        }
    }

    /// The decimals of a feature's numbers.
    pub fn scale(&self, feature: &Feature) -> u32 {
        match (&feature.of, feature.input().and_then(|i| self.inputs.get(i)).map(|i| &i.kind)) {
            (Of::Distance { measure: Measure::Number { scale }, .. }, _) => *scale,
            (Of::Value(_), Some(Kind::Number { scale, .. })) => *scale,
            _ => 0,
        }
    }

    /// The inputs that a feature looks at.
    pub fn inputs_of(&self, feature: &Feature) -> Vec<&Input> {
        let ids = match feature.of {
            Of::Distance { from, to, .. } => vec![from, to],
            Of::Value(i) | Of::Weekday(i) | Of::Within(i, ..) | Of::Contains(i, _) => vec![i],
        };
        ids.into_iter().filter_map(|i| self.inputs.get(i)).collect()
    }
}

impl Feature {
    /// The input, if it is one.
    pub fn input(&self) -> Option<usize> {
        match self.of {
            Of::Value(i) | Of::Weekday(i) | Of::Within(i, ..) | Of::Contains(i, _) => Some(i),
            Of::Distance { .. } => None,
        }
    }

    /// Of its moments it needs the date or the hour by the clock of the policy's time zone.
    pub fn needs_clock(&self) -> bool {
        match &self.of {
            Of::Weekday(_) | Of::Within(..) => true,
            Of::Distance { measure, .. } => {
                matches!(measure, Measure::Days | Measure::Months | Measure::PeriodDays(..))
            }
            Of::Value(_) | Of::Contains(..) => false,
        }
    }

    /// It is an input's own value, not something measured.
    pub fn is_value(&self) -> bool {
        matches!(self.of, Of::Value(_))
    }
}

impl Measure {
    pub fn unit(&self) -> Unit {
        match self {
            Measure::Minutes => Unit::Minutes,
            Measure::Number { .. } => Unit::Number,
            Measure::Days => Unit::Days,
            Measure::Months => Unit::Months,
            Measure::PeriodDays(period, _) => Unit::PeriodDays(*period),
        }
    }
}

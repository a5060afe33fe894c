//! Periods: named sets of days and hours in the policy's time zone.

use super::PeriodId;
use crate::source::Span;
use smol_str::SmolStr;

#[derive(Debug, Clone)]
pub struct Period {
    pub name: SmolStr,
    pub span: Span,
    pub docs: Vec<SmolStr>,
    pub rule: PeriodRule,
}

/// Never cyclic. Days are days since 1970-01-01, minutes are minutes of the local day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeriodRule {
    /// Both included, whole days.
    Dates(i64, i64),
    /// On these days (bit 0 is Monday), from minute `from` up to, not including, minute `to`. Where `to <= from` the hours
    /// run over midnight and belong to the day they start on. `0..1440` is the whole day.
    Days {
        days: u8,
        from: u32,
        to: u32,
    },
    Named(PeriodId),
    Either(Vec<PeriodRule>),
    During(Box<PeriodRule>, Box<PeriodRule>),
    Except(Box<PeriodRule>, Box<PeriodRule>),
}

//! Facts, their types and values, and cases.

use super::{Bits, Cond};
use crate::source::Span;
use smol_str::SmolStr;

/// One column of the decision table.
#[derive(Debug, Clone)]
pub struct Fact {
    pub name: SmolStr,
    /// The text behind the type: `"approved by the school beforehand"`.
    pub title: Option<SmolStr>,
    /// Where its name is declared; for `channel`, `sender`, `recipient` and `on`, where they are first used.
    pub span: Span,
    pub docs: Vec<SmolStr>,
    pub kind: FactKind,
    pub ty: Type,
    /// The fact exists only where this holds; elsewhere it is absent. Never depends on itself, directly or through others.
    pub exists_if: Option<Cond>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactKind {
    Declared,
    /// Comes into being when heads use it: `channel`, `sender`, `recipient`.
    Head,
    /// The date of the case, `on`.
    On,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Values [`Value::Bool`].
    YesNo,
    /// Enumerations, roles and channels: values [`Value::Choice`], an index into `values`.
    Choice(Domain),
    /// Values [`Value::Int`]: the number times 10^scale; from `lo` to `hi`, both included. At most 15 digits.
    Number { lo: i64, hi: i64, scale: u32, unit: Option<SmolStr> },
    /// Values [`Value::Int`]: days since 1970-01-01; both ends included.
    Date { lo: i64, hi: i64 },
    /// Values [`Value::Int`]: minutes since midnight, 0 to 1439.
    Time,
    /// Values [`Value::Int`]: minutes since 1970-01-01 00:00 UTC; both ends included.
    DateTime { lo: i64, hi: i64 },
    /// Values [`Value::Set`]: any set of the elements' indexes.
    Set(Domain),
}

/// What a choice, or an element of a set, can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    pub what: Element,
    /// The values that exclude one another. For roles that may overlap these are the possible profiles, named
    /// `guardian+teacher`; for sets they are always the single roles (a set of roles says nothing of overlaps).
    pub values: Vec<ValueName>,
    /// All names that stand for sets of these values, parents included, outermost first: a name, its values.
    /// A leaf that is a value of its own stands here too. `describe` uses it to say `staff` instead of five roles.
    pub groups: Vec<(SmolStr, Bits)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    Enumeration,
    Role,
    Channel,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueName {
    pub name: SmolStr,
    pub title: Option<SmolStr>,
    pub span: Span,
}

/// A value of a fact, in the units that [`Type`] names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    Bool(bool),
    Choice(u32),
    Int(i64),
    Set(Bits),
}

/// One case: a value for every fact, or `None` where the fact is absent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Case {
    pub values: Vec<Option<Value>>,
}

//! The syntax tree: what the text says, before any name has a meaning.
//!
//! Why it exists: the parser fills it, `resolve` and `check` read it, and the editor walks it. It has error nodes
//! (`ItemKind::Error`, `CondKind::Error`) so that one broken place costs one error and nothing else.
//! Must not know what any name refers to.

use super::uses::Uses;
use crate::source::Span;
pub use smol_str::SmolStr as Text;

/// A name as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: Text,
    pub span: Span,
}

/// A string literal; `text` is what stands between the quotes, with `\"` and `\\` resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Str {
    pub text: Text,
    pub span: Span,
}

/// A dotted name: `phone.authorised_text`, `std.school`. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub segments: Vec<Name>,
    pub span: Span,
}

impl Path {
    /// The dotted text: `phone.authorised_text`.
    pub fn dotted(&self) -> String {
        self.segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(".")
    }
}

/// One file.
#[derive(Debug, Clone, Default)]
pub struct File {
    pub items: Vec<Item>,
}

#[derive(Debug, Clone)]
pub struct Item {
    /// From the keyword to the end of the item.
    pub span: Span,
    /// The `///` lines above it, without the slashes and one leading blank.
    pub docs: Vec<Text>,
    pub kind: ItemKind,
    /// The facts by use in it.
    pub uses: Uses,
}

impl Item {
    pub fn new(span: Span, docs: Vec<Text>, kind: ItemKind) -> Self {
        let uses = Uses::of(&kind);
        Self { span, docs, kind, uses }
    }
}

#[derive(Debug, Clone)]
pub enum ItemKind {
    /// `use std.school`
    Use(Path),
    Policy(Policy),
    /// `role student`, `role staff { teacher, principal }`, `role coordinator under staff`
    Roles(Tree),
    /// `channel video { google_meet }`
    Channels(Tree),
    /// `guardian may be staff, teacher`
    MayBe {
        who: Name,
        also: Vec<Name>,
    },
    Facts(Box<Facts>),
    Assume(Assume),
    /// `define private_meeting = one_to_one and channel is video`
    Define {
        name: Name,
        cond: Cond,
    },
    Section(Section),
    /// `rule NAME …` at the top level or in a section.
    Rule(Clause),
    /// `exception NAME to TARGET, … { … }`
    Exception {
        clause: Clause,
        targets: Vec<Target>,
    },
    /// `duty report "…" excludes stay_silent`
    Duty {
        name: Name,
        title: Option<Str>,
        excludes: Vec<Name>,
    },
    Period {
        name: Name,
        expr: PeriodExpr,
    },
    /// `decision approval: one of none, teacher, principal`
    Decision {
        name: Name,
        values: Vec<EnumValue>,
        title: Option<Str>,
    },
    Expect(Box<Expect>),
    /// `not encoded "policy.md#contact" because "…"`
    NotEncoded {
        cite: Str,
        because: Option<Str>,
    },
    /// For the section it stands in, or the file.
    Allow(Allow),
    /// Text that could not be understood; an error has been reported.
    Error,
}

#[derive(Debug, Clone)]
pub struct Policy {
    pub name: Name,
    pub title: Option<Str>,
    pub settings: Vec<Setting>,
}

#[derive(Debug, Clone)]
pub struct Setting {
    pub span: Span,
    pub kind: SettingKind,
}

#[derive(Debug, Clone)]
pub enum SettingKind {
    Source(Str),
    Timezone(Str),
    InForce(InForce),
    /// `default forbid` (decision is `None`), `default approval none`
    Default {
        decision: Option<Name>,
        value: Name,
    },
    YieldsTo(Vec<Name>),
    Allow(Allow),
    Error,
}

/// `in force from D until D`; both ends belong to the period.
#[derive(Debug, Clone)]
pub struct InForce {
    pub span: Span,
    pub from: Option<Literal>,
    pub until: Option<Literal>,
}

/// `allow O3001, O3005 until 2027-01-31 because "…"`: findings of these codes are accepted where it stands, up to and
/// with the day.
#[derive(Debug, Clone)]
pub struct Allow {
    pub span: Span,
    pub codes: Vec<Name>,
    pub until: Option<Literal>,
    pub because: Str,
}

/// `role staff "Staff" { teacher, administrator { principal } } under person`, or several separated by commas.
#[derive(Debug, Clone)]
pub struct Tree {
    pub nodes: Vec<TreeNode>,
    /// `under PARENT`: the parent, declared elsewhere, that gets these children.
    pub under: Option<Name>,
}

#[derive(Debug, Clone)]
pub struct TreeNode {
    pub name: Name,
    pub title: Option<Str>,
    pub children: Vec<TreeNode>,
}

/// `fact a, b: TYPE "label" if COND`
#[derive(Debug, Clone)]
pub struct Facts {
    pub names: Vec<Name>,
    pub ty: Type,
    pub title: Option<Str>,
    pub exists_if: Option<Cond>,
}

#[derive(Debug, Clone)]
pub struct Type {
    pub span: Span,
    pub kind: TypeKind,
}

#[derive(Debug, Clone)]
pub enum TypeKind {
    YesNo,
    OneOf(Vec<EnumValue>),
    /// `role`, or `role student, staff`: only these and what is under them.
    Role(Vec<Name>),
    Channel(Vec<Name>),
    /// `number 0.00 to 500.00 USD`
    Number {
        range: Option<(Literal, Literal)>,
        unit: Option<Name>,
    },
    /// `date`, or `date 2026-01-01 to 2026-12-31`
    Date(Option<(Literal, Literal)>),
    Time,
    DateTime(Option<(Literal, Literal)>),
    /// `set of` a `one of`, `role` or `channel` type
    Set(Box<Type>),
    Error,
}

#[derive(Debug, Clone)]
pub struct EnumValue {
    pub name: Name,
    pub title: Option<Str>,
}

#[derive(Debug, Clone)]
pub struct Assume {
    pub cond: Cond,
    pub because: Option<Str>,
}

/// `section NAME? "Title"? cite "…" { … }`
#[derive(Debug, Clone)]
pub struct Section {
    pub name: Option<Name>,
    pub title: Option<Str>,
    pub cites: Vec<Str>,
    pub items: Vec<Item>,
}

/// A rule, or an exception: nested (`except`) or apart (`exception`).
#[derive(Debug, Clone)]
pub struct Clause {
    /// The whole clause, from `rule`/`except`/`exception` to its closing brace.
    pub span: Span,
    pub docs: Vec<Text>,
    pub name: Name,
    pub title: Option<Str>,
    pub cites: Vec<Str>,
    pub in_force: Vec<InForce>,
    pub allows: Vec<Allow>,
    pub statements: Vec<Statement>,
    /// Nested `except` clauses, in the order written.
    pub exceptions: Vec<Clause>,
}

/// What an `exception … to` names: a rule by its path, or a section by its title.
#[derive(Debug, Clone)]
pub enum Target {
    /// `to phone`, `to phone.authorised_text`, `to section devices` (then `section` is true)
    Named { path: Path, section: bool },
    /// `to section "Personal devices"`
    Section(Str),
}

#[derive(Debug, Clone)]
pub struct Statement {
    /// The whole statement.
    pub span: Span,
    /// The keyword alone (`permit`), or the decision's name.
    pub keyword: Span,
    pub kind: StatementKind,
}

#[derive(Debug, Clone)]
pub enum StatementKind {
    Permit {
        head: Head,
        when: Option<Cond>,
        provided: Vec<Proviso>,
    },
    Forbid {
        head: Head,
        when: Option<Cond>,
    },
    /// `approval is principal when …`, with or without provisos it is one outcome of another decision.
    Decide {
        decision: Box<Name>,
        value: Box<Name>,
        head: Head,
        when: Option<Cond>,
    },
    Require {
        cond: Cond,
        when: Option<Cond>,
    },
    Oblige {
        duties: Vec<Name>,
        when: Option<Cond>,
    },
    Advise {
        cond: Cond,
        when: Option<Cond>,
    },
    Waive {
        when: Option<Cond>,
    },
    Error,
}

/// `CHANNELS from ROLES to ROLES`, each part optional.
#[derive(Debug, Clone, Default)]
pub struct Head {
    pub channels: Vec<Name>,
    pub from: Vec<Name>,
    pub to: Vec<Name>,
}

impl Head {
    pub fn is_empty(&self) -> bool {
        self.channels.is_empty() && self.from.is_empty() && self.to.is_empty()
    }
}

#[derive(Debug, Clone)]
pub struct Proviso {
    pub name: Name,
    pub cond: Cond,
}

/// `expect "…" { [some] CLAIM HEAD when S [by RULE] }`
#[derive(Debug, Clone)]
pub struct Expect {
    pub title: Str,
    /// From the claim to the end of the body, without braces.
    pub body: Span,
    pub some: bool,
    pub claim: Claim,
    pub head: Head,
    pub when: Option<Cond>,
    pub by: Option<Path>,
}

#[derive(Debug, Clone)]
pub enum Claim {
    Permit,
    Forbid,
    /// `undecided`, `undecided approval`
    Undecided(Option<Name>),
    Conflict(Option<Name>),
    /// `obliges report`
    Obliges(Name),
    /// `approval is principal`
    Decides {
        decision: Name,
        value: Name,
    },
    Error,
}

/// A condition. `And` and `Or` are n-ary, at least two parts. What only some kinds have is boxed, here as elsewhere: a
/// policy is mostly rules and their conditions, and a tree that is small is made and read fast.
#[derive(Debug, Clone)]
pub struct Cond {
    pub span: Span,
    pub kind: CondKind,
}

#[derive(Debug, Clone)]
pub enum CondKind {
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Not(Box<Cond>),
    /// A yes/no fact or a define: `recorded`, `private_meeting`
    Name(Name),
    /// `is a`, `is not a`, `is any of a, b`, `is none of a, b`
    Is {
        subject: Name,
        negated: bool,
        values: Vec<Name>,
    },
    /// `fee > 50.00 USD`, `fee <= budget`
    Compare {
        subject: Name,
        op: Compare,
        value: Box<Operand>,
    },
    /// `between A and B`, both ends included
    Between {
        subject: Name,
        low: Box<Operand>,
        high: Box<Operand>,
    },
    /// `before X`, `on or before X`, `after X`, `on or after X`, `on X` (X a date, or `on the same day as FACT`)
    When {
        subject: Name,
        relation: Relation,
        value: Box<Operand>,
    },
    /// `on weekdays`, `on Monday, Tuesday`: bit 0 is Monday
    OnDays {
        subject: Name,
        days: u8,
    },
    /// `during PERIOD`, `outside PERIOD`
    During {
        subject: Name,
        outside: bool,
        period: Box<Name>,
    },
    /// `A at least 4 days before B`
    Distance {
        subject: Name,
        bound: Bound,
        amount: Box<Literal>,
        unit: Box<Name>,
        direction: Direction,
        other: Box<Operand>,
    },
    /// `attendees include any of a, b`
    Include {
        subject: Name,
        mode: Include,
        values: Vec<Name>,
    },
    Error,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Before,
    OnOrBefore,
    After,
    OnOrAfter,
    /// `on 2026-09-14`, `on the same day as starts`
    On,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
    Exactly,
    /// `within 4 days before B`: from 0 to 4 days
    Within,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Before,
    After,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Include {
    /// `include a`, `include any of a, b`
    Any,
    All,
    None,
    Only,
}

#[derive(Debug, Clone)]
pub enum Operand {
    Name(Name),
    Literal(Literal),
}

/// A literal as written; `check` gives it a value for the type that is expected.
#[derive(Debug, Clone)]
pub struct Literal {
    pub span: Span,
    pub kind: LiteralKind,
}

#[derive(Debug, Clone)]
pub enum LiteralKind {
    /// `50.00 USD`: the digits as written without `_`, possibly with a leading `-`; and the unit behind it
    Number { digits: Text, unit: Option<Box<Name>> },
    /// `2026-08-17`: checked to be a real date by `check`
    Date(Text),
    /// `08:00`, `24:00` only as the end of a period
    Time(Text),
    /// `2026-08-17 08:00`
    DateTime(Text, Text),
}

/// A named set of days and hours.
#[derive(Debug, Clone)]
pub struct PeriodExpr {
    pub span: Span,
    pub kind: PeriodKind,
}

#[derive(Debug, Clone)]
pub enum PeriodKind {
    /// `2026-08-17 to 2027-06-11`, both included; a single date is both
    Dates(Literal, Literal),
    /// `weekdays 08:00 to 15:30`, `Monday, Friday`, `every day 22:00 to 06:00` (the night belongs to the day it starts)
    Days {
        days: u8,
        hours: Option<(Literal, Literal)>,
    },
    Name(Name),
    /// `a or b`
    Either(Vec<PeriodExpr>),
    /// `a during b`
    During(Box<PeriodExpr>, Box<PeriodExpr>),
    /// `a except b`
    Except(Box<PeriodExpr>, Box<PeriodExpr>),
    Error,
}

//! Two versions of a policy -> the cases that they decide differently, in few rows, and the edits that cause it.
//!
//! ```text
//! old, new --joint-----> both over one vocabulary           facts, values, periods, definitions, decisions, duties
//!          --pairs-----> which clause is which, and what is written differently in it
//!          --sides-----> both as diagrams over one space    the same meaning is the same node
//!          --changes---> the cases in which answers, duties, advice or the deciding rules differ
//!          --rows------> few disjoint rows, read back; each with a case that both versions decide before it is shown
//!          --edits-----> what was written differently, in words
//! ```
//!
//! The result is exact. Where nothing is found that is a proof, not the end of a search: every clause that is written
//! differently has been compared, and a case that meets none of them meets the same clauses in both versions. A budget of
//! steps that does not suffice is a fault of its own. Must not know files, nor how a result is printed.

mod changes;
mod declared;
mod edits;
pub mod html;
mod joint;
pub mod markdown;
mod pairs;
pub mod report;
mod rows;
mod sides;
pub mod text;
mod translate;
mod types;
mod words;

pub use joint::Joint;

use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::show::{self, HeadFacts};
use crate::model::*;
use crate::source::{Sources, Span};
use crate::space::{AxisKind, Cell, Space};
use crate::tabulate::AxisNote;
use sides::{NEW, OLD, Sides};

/// What differs between two versions.
pub struct Comparison {
    /// Kinds of case that both versions know, cut by the conditions of both.
    pub kinds: u128,
    /// Those that differ in a decision, a duty or advice.
    pub changed: u128,
    /// Those permitted now and not before, and the other way round.
    pub widened: u128,
    pub narrowed: u128,
    /// Those that get the same from other rules.
    pub other_rules: u128,
    /// What changed, by what it is: the verdict first, then other decisions, duties, advice, deciding rules.
    pub aspects: Vec<Aspect>,
    /// Who gains or loses a permit.
    pub people: Vec<Person>,
    /// Cases that only one version knows: those that are gone, those that are new.
    pub apart: [Option<Apart>; 2],
    pub edits: Vec<Edit>,
    /// How what only one version has was treated, a sentence each.
    pub notes: Vec<String>,
    /// The versions over one vocabulary, and the space of their cases.
    pub joint: Joint,
    pub space: Space,
    /// The words of the columns.
    pub legend: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// By its joint number.
    Decision(DecisionId),
    Duty(DutyId),
    Advice(String),
    /// The same answer from other rules.
    Rules(DecisionId),
}

/// One thing that changed, and where.
#[derive(Debug, Clone)]
pub struct Aspect {
    pub what: What,
    /// `verdict`, `approval`, `report`.
    pub name: String,
    pub title: Option<String>,
    pub kinds: u128,
    pub columns: Vec<String>,
    pub axes: Vec<AxisNote>,
    pub rows: Vec<Row>,
    /// All cases are in rows. If not, they were too many to list; then one row stands for all, with an example.
    pub listed: bool,
}

/// What a change does to whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Permitted now, and not before.
    Widening,
    /// Permitted before, and not now.
    Narrowing,
    Other,
}

#[derive(Debug, Clone)]
pub struct Row {
    /// By axis of the aspect.
    pub cells: Vec<Option<Bits>>,
    /// By column.
    pub texts: Vec<String>,
    pub before: String,
    pub after: String,
    pub direction: Direction,
    pub kinds: u128,
    pub witness: Option<Witness>,
    /// Who decides in some case of the row, before and now: paths, and "by default".
    pub by: [Vec<String>; 2],
    /// Indexes into the edits.
    pub causes: Vec<usize>,
}

/// A case of a row; both versions decided it as the row says.
#[derive(Debug, Clone)]
pub struct Witness {
    pub sentence: String,
    /// Facts and values.
    pub values: Vec<(String, String)>,
    /// The case over the joint vocabulary.
    pub case: Case,
}

/// How many kinds of case people with a role gain and lose.
#[derive(Debug, Clone)]
pub struct Person {
    /// `sender`, `recipient`, or the fact's name.
    pub fact: String,
    pub roles: Vec<String>,
    pub gains: u128,
    pub loses: u128,
}

/// Cases that only one version knows.
#[derive(Debug, Clone)]
pub struct Apart {
    pub kinds: u128,
    /// What the other version does not know of them, or assumes not to occur.
    pub why: Vec<String>,
    /// Those of them that this version permits.
    pub permitted: u128,
    /// What this version decides there; empty where that would be too much.
    pub aspects: Vec<Aspect>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    Added,
    Removed,
    Changed,
    Renamed,
}

/// What was written differently.
#[derive(Debug, Clone)]
pub struct Edit {
    /// `rule`, `exception`, `fact`, `definition`, …
    pub kind: &'static str,
    pub how: How,
    pub name: String,
    /// The old name of what was renamed.
    pub was: Option<String>,
    pub title: Option<String>,
    /// In the old version's files, and in the new one's.
    pub spans: [Option<Span>; 2],
    /// The same as `file:line`.
    pub places: [Option<String>; 2],
    /// What it was and is, in words.
    pub details: Vec<Detail>,
    /// Kinds of case in which it says something else; `None` where that is no question.
    pub kinds: Option<u128>,
}

#[derive(Debug, Clone)]
pub struct Detail {
    /// `condition`, `says`, `values`, …
    pub part: &'static str,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Why there is no comparison.
#[derive(Debug, Clone)]
pub enum Fault {
    /// A question took more steps than the budget has: what was to be found out, `where `phone` differs`.
    Exhausted(String),
    /// Facts that are measured from one another in more ways than could be tried, each group as "`a` and `b`"; and
    /// whether a larger budget may do.
    Unfinished(Vec<String>, bool),
    /// Moments are not the same in both versions: their time zones.
    TimeZones(String, String),
    /// Rows or a case did not say what the versions decide: a mistake of Ordain itself.
    Unproved(String),
}

/// A version: what it means, and its text.
#[derive(Clone, Copy)]
pub struct Version<'a> {
    pub model: &'a Model,
    pub sources: &'a Sources,
}

/// The versions in words.
const VERSIONS: [&str; 2] = ["the old version", "the new version"];
const CASES: &str = "which cases both versions know";

/// Rows of one aspect that are listed.
pub const MOST_ROWS: u64 = 2_000;

/// Compares two versions. `budget` is the most steps that one question may take.
pub fn compare(old: Version<'_>, new: Version<'_>, budget: u64) -> Result<Comparison, Fault> {
    let versions = [old, new];
    let [old, new] = [old.model, new.model];
    let joint = joint::joint(old, new).map_err(|zones| Fault::TimeZones(zones.0, zones.1))?;
    let pairs = pairs::pairs(&joint);
    let (space, dd, knows) = sides::space(&joint, budget).ok_or_else(|| Fault::Exhausted(CASES.into()))?;
    if !space.unfinished.is_empty() {
        let [_, new] = &joint.models;
        let groups = space.unfinished.iter().map(|group| show::fact_names(new, &group.facts)).collect();
        return Err(Fault::Unfinished(groups, space.unfinished.iter().all(|group| group.budget)));
    }
    let mut sides = Sides::new(&joint, &space, dd, knows);
    if sides.dd().exhausted() {
        return Err(Fault::Exhausted("where the rules of both versions apply".into()));
    }
    let changes = changes::changes(&mut sides, &joint, &pairs).map_err(Fault::Exhausted)?;
    sides.dd().begin();
    let (mut edits, of_pair) = edits::edits(versions, &joint, &pairs, &changes, &mut sides);
    for edit in &mut edits {
        for (which, span) in edit.spans.iter().enumerate() {
            edit.places[which] = span.map(|span| versions[which].place(span));
        }
    }
    let maker = rows::Maker { models: [old, new], joint: &joint, pairs: &pairs, changes: &changes, of_pair: &of_pair };
    let (aspects, legend) = maker.aspects(&mut sides)?;
    let permits = |now: bool| {
        let is = |v: &crate::decide::Verdict| *v == crate::decide::Verdict::Is(PERMIT);
        let rows = changes.results.iter().filter(move |((d, a, b), _)| *d == VERDICT && is(if now { b } else { a }));
        rows.map(|r| *r.1).collect::<Vec<Node>>()
    };
    let (gains, losses) = (permits(true), permits(false));
    let dd = sides.dd();
    let (gains, losses) = (dd.or_all(&gains), dd.or_all(&losses));
    let rules: Vec<Node> = changes.rules.values().copied().collect();
    let rules = dd.or_all(&rules);
    let rules = dd.diff(rules, changes.differs);
    let common = sides.common;
    let count = |sides: &mut Sides<'_>, node: Node| sides.dd().count(node);
    let (kinds, changed) = (count(&mut sides, common), count(&mut sides, changes.differs));
    let (widened, narrowed) = (count(&mut sides, gains), count(&mut sides, losses));
    let other_rules = count(&mut sides, rules);
    let people = people(&mut sides, gains, losses);
    let mut apart = [None, None];
    for which in [OLD, NEW] {
        if sides.apart[which] != Diagrams::FALSE {
            apart[which] = Some(only(&mut sides, &joint, &space, which)?);
        }
    }
    if sides.dd().exhausted() {
        return Err(Fault::Exhausted("how many kinds of case differ".into()));
    }
    let notes = declared::notes(versions, &joint);
    drop(sides);
    Ok(Comparison {
        kinds,
        changed,
        widened,
        narrowed,
        other_rules,
        aspects,
        people,
        apart,
        edits,
        notes,
        joint,
        space,
        legend,
    })
}

impl Comparison {
    /// No case that both versions know gets anything else.
    pub fn same(&self) -> bool {
        self.changed == 0
    }

    /// Kinds of case permitted now that were not permitted before, or were no case.
    pub fn widening(&self) -> u128 {
        self.widened.saturating_add(self.apart[NEW].as_ref().map_or(0, |a| a.permitted))
    }

    /// Kinds of case permitted before that are not permitted now, or are no case.
    pub fn narrowing(&self) -> u128 {
        self.narrowed.saturating_add(self.apart[OLD].as_ref().map_or(0, |a| a.permitted))
    }

    /// Some case has another answer of a decision (the verdict: only of that).
    pub fn decides_differently(&self, verdict: bool) -> bool {
        self.aspects.iter().any(|a| matches!(a.what, What::Decision(d) if !verdict || d == VERDICT))
    }

    pub fn duties_differ(&self) -> bool {
        self.aspects.iter().any(|a| matches!(a.what, What::Duty(_)))
    }

    /// Something is decided differently, or there are other cases, or another decision.
    pub fn any(&self) -> bool {
        !self.same() || self.apart.iter().any(Option::is_some) || self.edits.iter().any(|e| e.kind == "decision")
    }
}

/// By role of the people that the policy knows: how many kinds of case they gain and lose.
fn people(sides: &mut Sides<'_>, gains: Node, losses: Node) -> Vec<Person> {
    let lowered = sides.on(NEW);
    let model = lowered.model;
    let head = HeadFacts::of(model);
    let mut people = Vec::new();
    for fact in show::reading_order(model) {
        let Type::Choice(domain) = &model.fact(fact).ty else { continue };
        if domain.what != Element::Role && !head.contains(fact) || head.channel == Some(fact) {
            continue;
        }
        let Some(axis) = lowered.space.find(AxisKind::Choice(fact)) else { continue };
        let cells = lowered.space.axes[axis].cells.clone();
        for (at, cell) in cells.iter().enumerate() {
            let Cell::Values(values) = cell else { continue };
            let here = lowered.dd.literal(axis, &Bits::one(at));
            let mut count = |node: Node| {
                let node = lowered.dd.and(node, here);
                lowered.dd.count(node)
            };
            let (gained, lost) = (count(gains), count(losses));
            if gained > 0 || lost > 0 {
                let names = show::value_names(domain, values).iter().map(|n| n.to_string()).collect();
                let fact = model.fact(fact).name.to_string();
                people.push(Person { fact, roles: names, gains: gained, loses: lost });
            }
        }
    }
    people
}

/// The cases that only one version knows, and what it decides in them.
fn only(sides: &mut Sides<'_>, joint: &Joint, space: &Space, which: usize) -> Result<Apart, Fault> {
    let region = sides.apart[which];
    let mut space = space.clone();
    space.valid = region;
    let own: Vec<DecisionId> = joint.sides[which].decisions.iter().map(|d| d.0).collect();
    let mut lowered = Lowered::over(&joint.models[which], space, sides.lend());
    let apart = rows::only(&mut lowered, region, &joint.models[1 - which], &own);
    let exhausted = lowered.dd.exhausted();
    sides.give_back(lowered.dd);
    match apart {
        _ if exhausted => {
            Err(Fault::Exhausted(format!("what {} decides in the cases that it alone knows", VERSIONS[which])))
        }
        apart => apart,
    }
}

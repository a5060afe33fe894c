//! What was found before an edit -> what is still so after it.
//!
//! An answer about a clause depends on the clause and on those that it meets. Where neither it nor one of these has changed
//! (`Lowered::unpark` says which have), its findings are those of before, and only their ids and places move along. What is
//! asked of the policy as a whole is asked again. The findings must be those of a fresh start, to the last byte; tests hold
//! them to that. So where a budget came near its end, nothing is kept: a fresh start might have ended differently.

use super::{Finding, Found, Kind, Place};
use crate::lower::{Edit, Lowered, Parked, Touched};
use crate::model::*;
use crate::source::Span;
use crate::space::Hull;

/// What is kept of an analysis for the next one.
#[derive(Clone)]
pub struct Kept {
    parked: Parked,
    /// Nodes there were after the first analysis.
    nodes: usize,
    findings: Vec<Finding>,
    /// By clause, what `redundant::find` returned.
    needed: Vec<bool>,
    /// By clause: its place, as findings have places in it.
    spans: Vec<Span>,
    /// Some requirement leaves no choice.
    impossible: bool,
}

/// What is known of the policy from before an edit.
#[derive(Debug, Default)]
pub struct Past {
    /// By clause: it must be asked again.
    asked: Vec<bool>,
    /// By clause.
    findings: Vec<Vec<Finding>>,
    needed: Vec<bool>,
    /// By clause that was there before: it counted as redundant.
    gone: Vec<bool>,
    /// By clause: what its requirements lead to.
    choices: Vec<Choices>,
    /// Where cases may be decided otherwise now.
    changes: Vec<Hull>,
}

/// What is known from before of the choices that a clause's requirements leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choices {
    Unknown,
    /// There are some wherever no choice is decided otherwise now.
    Elsewhere,
    /// There always are some.
    Everywhere,
}

/// Diagrams may grow so many times by edits before a fresh start clears up.
const GROWTH: usize = 2;
/// A question that took more than one in so many steps of its budget might have ended differently at a fresh start.
const CLOSE: u64 = 8;
/// More than one clause in so many must be asked again: then a fresh start, on two threads, takes no longer.
const MOST: usize = 3;

impl Kept {
    /// Of an analysis of the model, which can be kept. `nodes` are those of the first one that this goes back to; `None`
    /// where the diagrams have grown too much since.
    pub fn new(lowered: Lowered<'_>, found: Found, nodes: Option<usize>) -> Option<Self> {
        let spans = lowered.model.clauses.iter().map(|c| c.span).collect();
        let nodes = nodes.unwrap_or(lowered.dd.nodes());
        (!lowered.dd.exhausted() && lowered.dd.nodes() <= nodes.saturating_mul(GROWTH)).then(|| Self {
            parked: lowered.park(),
            nodes,
            findings: found.findings,
            needed: found.needed,
            spans,
            impossible: found.impossible,
        })
    }

    /// What the diagrams held at first.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// The policy after an edit, with what is still known of it.
    pub fn resume<'m>(self, model: &'m Model, edit: &Edit) -> Option<(Lowered<'m>, Past)> {
        let Kept { parked, findings, needed, spans, impossible, .. } = self;
        let (lowered, touched) = Lowered::unpark(model, parked, edit)?;
        let n = model.clauses.len();
        if n >= super::SMALL && touched.clauses.len() > n / MOST {
            return None;
        }
        let mut past = Past {
            asked: vec![false; n],
            findings: vec![Vec::new(); n],
            needed: vec![false; n],
            gone: vec![false; n],
            choices: Vec::new(),
            changes: Vec::new(),
        };
        touched.clauses.iter().for_each(|id| past.asked[id.index()] = true);
        for id in model.clause_ids() {
            past.needed[id.index()] = edit.before(id).is_some_and(|old| needed[old.index()]);
        }
        for finding in &findings {
            let Some(old) = finding.kind.clause() else { continue };
            let Some(now) = edit.now(old) else { continue };
            past.gone[now.index()] |= matches!(finding.kind, Kind::Redundant { .. });
            let shift = |span: Span| shifted(span, spans[old.index()], model.clause(now).span);
            match finding.moved(edit, &shift) {
                Some(moved) => past.findings[now.index()].push(moved),
                None => past.asked[now.index()] = true,
            }
        }
        past.choices = choices(&lowered, &touched, impossible);
        past.changes = touched.changes;
        Some((lowered, past))
    }

    /// Asks something else of the lowered policy, of the same model. What that makes is forgotten if it is much.
    pub fn with<T>(self, model: &Model, ask: impl FnOnce(&mut Lowered<'_>) -> T) -> (T, Self) {
        let mut lowered = self.parked.again(model);
        let mark = lowered.dd.mark();
        let answer = ask(&mut lowered);
        if lowered.dd.nodes() > self.nodes + self.nodes / GROWTH {
            lowered.roll_back(mark);
        }
        lowered.dd.forget_results();
        (answer, Self { parked: lowered.park(), ..self })
    }
}

/// A place in a clause that stands elsewhere now.
fn shifted(span: Span, old: Span, now: Span) -> Span {
    let by = |at: u32| now.start.wrapping_add(at.wrapping_sub(old.start));
    Span { file: now.file, start: by(span.start), end: by(span.end) }
}

/// The choices of all requirements: none is other than before where what a requirement speaks of may be chosen freely
/// without meeting a clause that has changed, as it is or as it was.
fn choices(lowered: &Lowered<'_>, touched: &Touched, impossible: bool) -> Vec<Choices> {
    let model = lowered.model;
    let left = |id: ClauseId| {
        let clause = model.clause(id);
        if impossible || touched.changed.binary_search(&id).is_ok() {
            return Choices::Unknown;
        }
        if clause.requirements.is_empty() {
            return Choices::Everywhere;
        }
        let mut open = lowered.hull(id).clone();
        for requirement in &clause.requirements {
            let axes = super::requirement::loose(lowered, &requirement.cond);
            open.sides.retain(|(axis, _)| !axes.contains(axis));
        }
        let meets = touched.changes.iter().any(|hull| !hull.disjoint(&open));
        if meets { Choices::Elsewhere } else { Choices::Everywhere }
    };
    model.clause_ids().map(left).collect()
}

impl Found {
    /// Everything could be decided, and nothing came near the end of its budget.
    pub fn can_be_kept(&self, lowered: &Lowered<'_>) -> bool {
        let close = lowered.dd.most_steps() > lowered.dd.budget() / CLOSE;
        // Where there is no case, nothing was asked.
        let asked = self.needed.len() == lowered.model.clauses.len();
        asked && self.unfinished() == 0 && !self.unsure && !close && !lowered.dd.exhausted()
    }

    /// Goes on from what was known before.
    pub fn since(past: Past) -> Self {
        Self { past: Some(past), ..Self::default() }
    }

    /// Nothing is known from before.
    pub fn is_fresh(&self) -> bool {
        self.past.is_none()
    }

    /// What is known of a clause from before; whether anything is. Findings for which `fits` are taken over.
    pub fn known(&mut self, id: ClauseId, fits: impl Fn(&Kind) -> bool) -> bool {
        let Some(past) = self.past.as_ref().filter(|past| !past.asked[id.index()]) else { return false };
        self.findings.extend(past.findings[id.index()].iter().filter(|f| fits(&f.kind)).cloned());
        true
    }

    /// Nothing that the clause requires is impossible, as before.
    pub fn possible(&self, id: ClauseId) -> bool {
        self.past.as_ref().is_some_and(|past| past.choices[id.index()] == Choices::Everywhere)
    }

    /// Where something that the clause requires may have become impossible; `None` where that is not known.
    pub fn changes(&self, id: ClauseId) -> Option<Vec<Hull>> {
        let past = self.past.as_ref().filter(|past| past.choices[id.index()] == Choices::Elsewhere)?;
        Some(past.changes.clone())
    }

    /// Whether the clause was needed, and the finding if it was redundant.
    pub fn need(&self, id: ClauseId) -> Option<(bool, Option<Finding>)> {
        let past = self.past.as_ref().filter(|past| !past.asked[id.index()])?;
        let redundant = |f: &&Finding| matches!(f.kind, Kind::Redundant { .. });
        let finding = past.findings[id.index()].iter().find(redundant);
        Some((past.needed[id.index()], finding.cloned()))
    }

    /// The clause counts as gone now, or does not. Where that is new, its neighbours must be asked again.
    pub fn is_gone(&mut self, lowered: &mut Lowered<'_>, id: ClauseId, gone: bool) {
        let Some(past) = self.past.as_mut() else { return };
        if past.asked[id.index()] && past.gone[id.index()] != gone {
            lowered.near(id).iter().for_each(|other| past.asked[other.index()] = true);
        }
    }
}

impl Kind {
    /// The clause that was asked about, if it was one.
    fn clause(&self) -> Option<ClauseId> {
        match self {
            Kind::Conflict { a, .. } => Some(*a),
            Kind::NeverApplies { clause, .. }
            | Kind::NeverInForce { clause }
            | Kind::Unreachable { clause, .. }
            | Kind::Redundant { clause, .. }
            | Kind::Impossible { clause, .. } => Some(*clause),
            Kind::ExceptionMisses { exception } | Kind::NoEffect { exception } => Some(*exception),
            Kind::Always { place, .. } | Kind::RestsOnAbsence { place, .. } => match place {
                Place::Scope(c) | Place::When(c) | Place::Proviso(c, _) | Place::Requirement(c, _) => Some(*c),
                Place::Define(_) | Place::Assumption(_) => None,
            },
            Kind::NoCases { .. } | Kind::Gap { .. } | Kind::DutiesContradict { .. } => None,
            Kind::Expired { .. } | Kind::NotYetInForce { .. } | Kind::Budget { .. } => None,
        }
    }
}

impl Finding {
    /// The same finding after the edit; `None` where it speaks of a clause that is gone.
    fn moved(&self, edit: &Edit, shift: &dyn Fn(Span) -> Span) -> Option<Self> {
        let all = |ids: &[ClauseId]| ids.iter().map(|id| edit.now(*id)).collect::<Option<Vec<_>>>();
        let place = |place: &Place| {
            Some(match place {
                Place::Scope(c) => Place::Scope(edit.now(*c)?),
                Place::When(c) => Place::When(edit.now(*c)?),
                Place::Proviso(c, i) => Place::Proviso(edit.now(*c)?, *i),
                Place::Requirement(c, i) => Place::Requirement(edit.now(*c)?, *i),
                Place::Define(_) | Place::Assumption(_) => return None,
            })
        };
        let kind = match &self.kind {
            Kind::Conflict { decision, a, b } => {
                Kind::Conflict { decision: *decision, a: edit.now(*a)?, b: edit.now(*b)? }
            }
            Kind::NeverApplies { clause, parts, statement } => Kind::NeverApplies {
                clause: edit.now(*clause)?,
                parts: parts.iter().map(|p| shift(*p)).collect(),
                statement: statement.map(shift),
            },
            Kind::NeverInForce { clause } => Kind::NeverInForce { clause: edit.now(*clause)? },
            Kind::ExceptionMisses { exception } => Kind::ExceptionMisses { exception: edit.now(*exception)? },
            Kind::NoEffect { exception } => Kind::NoEffect { exception: edit.now(*exception)? },
            Kind::Unreachable { clause, by } => Kind::Unreachable { clause: edit.now(*clause)?, by: all(by)? },
            Kind::Redundant { clause, by } => Kind::Redundant { clause: edit.now(*clause)?, by: all(by)? },
            Kind::Impossible { clause, requirement, by } => {
                Kind::Impossible { clause: edit.now(*clause)?, requirement: *requirement, by: all(by)? }
            }
            Kind::Always { place: at, part, value, implied } => {
                Kind::Always { place: place(at)?, part: shift(*part), value: *value, implied: *implied }
            }
            Kind::RestsOnAbsence { place: at, part, fact } => {
                Kind::RestsOnAbsence { place: place(at)?, part: shift(*part), fact: *fact }
            }
            Kind::NoCases { .. } | Kind::Gap { .. } | Kind::DutiesContradict { .. } => return None,
            Kind::Expired { .. } | Kind::NotYetInForce { .. } | Kind::Budget { .. } => return None,
        };
        Some(Self { kind, cases: self.cases })
    }
}

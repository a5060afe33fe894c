//! A model -> the same model with one mistake, of every kind that people make when they change a policy.
//!
//! A part of a condition is left out, `not` is left out, a boundary moves by the smallest step, an outcome is another, a
//! proviso, a requirement, a duty or an exception is left out. Definitions are changed where rules use them. What an
//! expectation claims is never changed, nor what cases there are.

use crate::model::*;
use crate::source::{Sources, Span};
use std::sync::OnceLock;

/// One change.
#[derive(Debug, Clone)]
pub struct Mutation {
    /// The clause it is in: its path; or a definition's name.
    pub name: String,
    pub span: Span,
    /// `without `approved``, `says permit instead of forbid`
    pub what: String,
    change: Change,
    /// The condition that may need cells of its own: one with a moved boundary.
    pub moved: Option<Cond>,
}

#[derive(Debug, Clone)]
enum Change {
    Cond(Site, Cond),
    Value(ClauseId, u32),
    NoProviso(ClauseId, usize),
    NoRequirement(ClauseId, usize),
    NoObligation(ClauseId, usize),
    NoException(ClauseId),
}

/// Where a condition stands.
#[derive(Debug, Clone, Copy)]
enum Site {
    Scope(ClauseId),
    Proviso(ClauseId, usize),
    Required(ClauseId, usize),
    RequiredWhen(ClauseId, usize),
    ObligedWhen(ClauseId, usize),
    Define(usize),
}

impl Site {
    fn clause(self) -> Option<ClauseId> {
        match self {
            Site::Define(_) => None,
            Site::Scope(id) | Site::Proviso(id, _) | Site::Required(id, _) => Some(id),
            Site::RequiredWhen(id, _) | Site::ObligedWhen(id, _) => Some(id),
        }
    }

    /// The condition that stands there.
    fn place(self, model: &mut Model) -> Option<&mut Cond> {
        if let Site::Define(i) = self {
            return model.defines.get_mut(i).map(|d| &mut d.cond);
        }
        let clause = model.clauses.get_mut(self.clause()?.index())?;
        match self {
            Site::Define(_) => None,
            Site::Scope(_) => Some(&mut clause.scope),
            Site::Proviso(_, i) => clause.outcome.as_mut()?.provisos.get_mut(i).map(|p| &mut p.cond),
            Site::Required(_, i) => clause.requirements.get_mut(i).map(|r| &mut r.cond),
            Site::RequiredWhen(_, i) => clause.requirements.get_mut(i).map(|r| &mut r.when),
            Site::ObligedWhen(_, i) => clause.obligations.get_mut(i).map(|o| &mut o.when),
        }
    }
}

/// All changes of a model, in the order of its text.
pub fn mutations(model: &Model, sources: &Sources) -> Vec<Mutation> {
    let mut maker = Maker { model, sources, made: Vec::new() };
    for id in model.clause_ids() {
        maker.clause(id);
    }
    for (i, define) in model.defines.iter().enumerate().filter(|(i, _)| used(model, DefineId(*i as u32))) {
        maker.conds(&define.name, Site::Define(i), &define.cond);
    }
    maker.made.sort_by_key(|m| (m.span.file, m.span.start));
    maker.made
}

/// Whether a rule speaks of a definition, directly or through others.
fn used(model: &Model, define: DefineId) -> bool {
    fn speaks(model: &Model, cond: &Cond, define: DefineId) -> bool {
        match &cond.kind {
            CondKind::True | CondKind::Atom(_) => false,
            CondKind::And(parts) | CondKind::Or(parts) => parts.iter().any(|p| speaks(model, p, define)),
            CondKind::Not(inner) => speaks(model, inner, define),
            CondKind::Define(d) => *d == define || speaks(model, &model.define(*d).cond, define),
        }
    }
    let of = |clause: &Clause| {
        let provisos = clause.outcome.iter().flat_map(|o| &o.provisos).map(|p| p.cond.clone());
        let required = clause.requirements.iter().flat_map(|r| [r.cond.clone(), r.when.clone()]);
        let obliged = clause.obligations.iter().map(|o| o.when.clone());
        let mut all = std::iter::once(clause.scope.clone()).chain(provisos).chain(required).chain(obliged);
        all.any(|cond| speaks(model, &cond, define))
    };
    model.clauses.iter().any(of)
}

struct Maker<'m> {
    model: &'m Model,
    sources: &'m Sources,
    made: Vec<Mutation>,
}

impl Maker<'_> {
    fn make(&mut self, name: &str, span: Span, what: String, change: Change) {
        self.made.push(Mutation { name: name.to_string(), span, what, change, moved: None });
    }

    fn clause(&mut self, id: ClauseId) {
        let model = self.model;
        let clause = model.clause(id);
        let path = clause.path.as_str();
        if clause.is_exception() {
            self.make(path, clause.name_span, "without the exception".into(), Change::NoException(id));
        }
        if clause.outcome.is_some() || clause.waive {
            self.conds(path, Site::Scope(id), &clause.scope);
        }
        if let Some(outcome) = &clause.outcome {
            let decision = model.decision(outcome.decision);
            let values = decision.values.len() as u32;
            let other = (outcome.value + 1) % values.max(1);
            if other != outcome.value {
                let word = |v: u32| decision.values.get(v as usize).map_or("", |v| v.name.as_str());
                let what = format!("says `{}` instead of `{}`", word(other), word(outcome.value));
                self.make(path, outcome.keyword, what, Change::Value(id, other));
            }
            for (i, proviso) in outcome.provisos.iter().enumerate() {
                let what = format!("without the proviso `{}`", proviso.name);
                self.make(path, proviso.name_span, what, Change::NoProviso(id, i));
                self.conds(path, Site::Proviso(id, i), &proviso.cond);
            }
        }
        for (i, requirement) in clause.requirements.iter().enumerate() {
            self.make(path, requirement.keyword, "without the requirement".into(), Change::NoRequirement(id, i));
            self.conds(path, Site::Required(id, i), &requirement.cond);
            self.conds(path, Site::RequiredWhen(id, i), &requirement.when);
        }
        for (i, obligation) in clause.obligations.iter().enumerate() {
            self.make(path, obligation.span, "without the duty".into(), Change::NoObligation(id, i));
            self.conds(path, Site::ObligedWhen(id, i), &obligation.when);
        }
    }

    fn conds(&mut self, name: &str, site: Site, cond: &Cond) {
        // A proviso or requirement without its condition is one that is left out.
        let whole = !matches!(site, Site::Proviso(..) | Site::Required(..));
        let mut found = Vec::new();
        if whole && matches!(cond.kind, CondKind::Atom(_) | CondKind::Define(_)) {
            found.push(Variant::without(cond, Cond::always(cond.span)));
        }
        variants(self.model, cond, &mut found);
        for Variant { span, words, cond, moved } in found {
            let text = self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
            let what = match words {
                Some(words) => format!("`{text}` becomes {words}"),
                None => format!("without `{text}`"),
            };
            let moved = moved.then(|| cond.clone());
            let name = name.to_string();
            self.made.push(Mutation { name, span, what, change: Change::Cond(site, cond), moved });
        }
    }
}

/// A condition that has been changed.
struct Variant {
    /// What has been changed, or left out.
    span: Span,
    /// What it has become, unless it is left out.
    words: Option<String>,
    cond: Cond,
    /// A boundary has moved.
    moved: bool,
}

impl Variant {
    fn without(part: &Cond, cond: Cond) -> Self {
        Self { span: part.span, words: None, cond, moved: false }
    }
}

fn variants(model: &Model, cond: &Cond, found: &mut Vec<Variant>) {
    match &cond.kind {
        CondKind::True | CondKind::Define(_) => {}
        CondKind::And(parts) | CondKind::Or(parts) => {
            let join = |parts: Vec<Cond>| match cond.kind {
                CondKind::And(_) => Cond::and(parts, cond.span),
                _ => Cond::or(parts, cond.span),
            };
            for (i, part) in parts.iter().enumerate() {
                let mut rest = parts.clone();
                rest.remove(i);
                found.push(Variant::without(part, join(rest)));
                let mut inner = Vec::new();
                variants(model, part, &mut inner);
                for variant in inner {
                    let mut all = parts.clone();
                    all[i] = variant.cond;
                    found.push(Variant { cond: join(all), ..variant });
                }
            }
        }
        CondKind::Not(part) => {
            let words = Some(format!("`{}`", show::describe(model, part)));
            found.push(Variant { span: cond.span, words, cond: (**part).clone(), moved: false });
            let mut inner = Vec::new();
            variants(model, part, &mut inner);
            let around = |c: Cond| Cond::new(CondKind::Not(Box::new(c)), cond.span);
            found.extend(inner.into_iter().map(|v| Variant { cond: around(v.cond), ..v }));
        }
        CondKind::Atom(atom) => {
            for atom in moved(model, atom) {
                let cond = Cond::new(CondKind::Atom(atom), cond.span);
                let words = Some(format!("`{}`", show::describe(model, &cond)));
                found.push(Variant { span: cond.span, words, cond, moved: true });
            }
        }
    }
}

/// The atom with each of its boundaries one step lower and one higher.
fn moved(model: &Model, atom: &Atom) -> Vec<Atom> {
    let mut found = Vec::new();
    match atom {
        Atom::Range(fact, ranges) => {
            let (least, most) = match model.fact(*fact).ty {
                Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi } => (lo, hi),
                _ => (0, 24 * 60 - 1),
            };
            for (i, &(low, high)) in ranges.iter().enumerate() {
                for by in [-1, 1] {
                    for (low, high) in [(low + by, high), (low, high + by)] {
                        let mut ranges = ranges.clone();
                        ranges[i] = (low, high);
                        let inside = least <= low && high <= most && low <= high;
                        // The end of what there is at all is no boundary of the rule.
                        let was = atom_end(atom, i, low, high);
                        let apart = ranges.windows(2).all(|pair| pair[0].1 + 1 < pair[1].0);
                        if inside && apart && was.is_some_and(|end| end != least && end != most) {
                            found.push(Atom::Range(*fact, ranges));
                        }
                    }
                }
            }
        }
        Atom::Distance { from, to, unit, low, high } => {
            for by in [-1, 1] {
                for (low, high) in [(low.map(|n| n + by), *high), (*low, high.map(|n| n + by))] {
                    let new = Atom::Distance { from: *from, to: *to, unit: *unit, low, high };
                    let empty = low.zip(high).is_some_and(|(low, high)| low > high);
                    if new != *atom && !empty {
                        found.push(new);
                    }
                }
            }
        }
        _ => {}
    }
    found
}

/// The end of the interval that has moved, as it was.
fn atom_end(atom: &Atom, i: usize, low: i64, high: i64) -> Option<i64> {
    let Atom::Range(_, ranges) = atom else { return None };
    let &(was_low, was_high) = ranges.get(i)?;
    if low != was_low {
        Some(was_low)
    } else if high != was_high {
        Some(was_high)
    } else {
        None
    }
}

impl Mutation {
    /// The changed model.
    pub fn apply(&self, model: &Model) -> Model {
        let mut changed = model.clone();
        match &self.change {
            Change::Cond(site, cond) => {
                if let Some(place) = site.place(&mut changed) {
                    *place = cond.clone();
                }
                if let Some(clause) = site.clause() {
                    rescope(&mut changed.clauses[clause.index()]);
                }
            }
            Change::Value(id, value) => {
                if let Some(outcome) = &mut changed.clauses[id.index()].outcome {
                    outcome.value = *value;
                    outcome.provisos.clear();
                }
            }
            Change::NoProviso(id, i) => {
                changed.clauses[id.index()].outcome.iter_mut().for_each(|o| drop(o.provisos.remove(*i)));
            }
            Change::NoRequirement(id, i) => {
                changed.clauses[id.index()].requirements.remove(*i);
                rescope(&mut changed.clauses[id.index()]);
            }
            Change::NoObligation(id, i) => {
                changed.clauses[id.index()].obligations.remove(*i);
                rescope(&mut changed.clauses[id.index()]);
            }
            Change::NoException(id) => {
                changed.clauses[id.index()].replaces.clear();
                changed.replaced_by.iter_mut().for_each(|by| by.retain(|e| e != id));
            }
        }
        changed.asked = OnceLock::new();
        changed
    }
}

/// A clause without an outcome applies where one of its statements does. One that says nothing any more stays where it is.
fn rescope(clause: &mut Clause) {
    if clause.outcome.is_some() || clause.waive {
        return;
    }
    let required = clause.requirements.iter().map(|r| &r.when);
    let obliged = clause.obligations.iter().map(|o| &o.when);
    let whens: Vec<Cond> = required.chain(obliged).chain(clause.advice.iter().map(|a| &a.when)).cloned().collect();
    if whens.iter().any(Cond::is_true) {
        clause.scope = Cond::always(clause.scope.span);
    } else if !whens.is_empty() {
        clause.scope = Cond::or(whens, clause.scope.span);
    }
}

//! What is written differently -> edits in words, each with how many kinds of case it touches.
//!
//! Declarations first, then rules and exceptions in the order of the new version; those that are gone stand last.

use super::changes::Changes;
use super::joint::Joint;
use super::pairs::{Pair, Pairs, Part};
use super::sides::{NEW, OLD, Sides};
use super::{Detail, Edit, How, Version, declared};
use crate::model::*;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The edits, and by unit (behind these: by decision, its default) which edit is about it.
pub fn edits(
    versions: [Version<'_>; 2],
    joint: &Joint,
    pairs: &Pairs,
    changes: &Changes,
    sides: &mut Sides<'_>,
) -> (Vec<Edit>, Vec<Option<usize>>) {
    let mut edits = declared::edits(versions, joint);
    let mut of_pair = vec![None; pairs.all.len() + joint.models[NEW].decisions.len()];
    for (decision, node) in &changes.defaults {
        of_pair[pairs.all.len() + decision.index()] = Some(edits.len());
        edits.push(default(versions, joint, *decision, sides.dd().count(*node)));
    }
    let through = Through::new(joint);
    for (i, pair) in pairs.all.iter().enumerate() {
        let kinds = sides.dd().count(changes.effects[i]);
        if let Some(edit) = clause(versions, pair, kinds, &through) {
            of_pair[i] = Some(edits.len());
            edits.push(edit);
        }
    }
    (edits, of_pair)
}

fn default(versions: [Version<'_>; 2], joint: &Joint, decision: DecisionId, kinds: u128) -> Edit {
    let model = &joint.models[NEW];
    let value = |which: usize| {
        let own = joint.models[which].decision(decision);
        own.default.and_then(|v| own.values.get(v as usize)).map(|v| v.name.to_string())
    };
    let name = &model.decision(decision).name;
    let span = |which: usize| {
        let own = versions[which].model.decisions.iter().find(|d| d.name == *name);
        own.and_then(|d| d.default_span)
    };
    Edit {
        kind: "default",
        how: How::Changed,
        name: name.to_string(),
        was: None,
        title: None,
        spans: [span(OLD), span(NEW)],
        places: [None, None],
        details: vec![Detail { part: "default", before: value(OLD), after: value(NEW) }],
        kinds: Some(kinds),
    }
}

fn clause(versions: [Version<'_>; 2], pair: &Pair, kinds: u128, through: &Through) -> Option<Edit> {
    let of = |which: usize, id: Option<ClauseId>| id.map(|id| versions[which].model.clause(id));
    let (before, now) = (of(OLD, pair.old), of(NEW, pair.new));
    let shown = now.or(before)?;
    let was = before.filter(|b| b.path != shown.path).map(|b| b.path.to_string());
    let how = match (before, now) {
        (None, _) => How::Added,
        (_, None) => How::Removed,
        _ if !pair.parts.is_empty() => How::Changed,
        _ if was.is_some() => How::Renamed,
        _ => return None,
    };
    let mut details: Vec<Detail> = Vec::new();
    match how {
        How::Added => {
            details.push(Detail { part: "says", before: None, after: now.map(|c| versions[NEW].statements(c)) })
        }
        How::Removed => {
            details.push(Detail { part: "says", before: before.map(|c| versions[OLD].statements(c)), after: None });
        }
        How::Renamed => {}
        How::Changed => {
            let (Some(a), Some(b)) = (before, now) else { return None };
            for &part in &pair.parts {
                let (old, new) = (versions[OLD].part(a, part), versions[NEW].part(b, part));
                if old != new && details.iter().all(|d| d.before != old || d.after != new) {
                    details.push(Detail { part: part_words(part), before: old, after: new });
                }
            }
            let names = through.names(versions[NEW].model, b);
            if details.is_empty() && !names.is_empty() {
                details.push(Detail { part: super::report::USES, before: None, after: Some(names.join(", ")) });
            }
        }
    }
    Some(Edit {
        kind: if shown.is_exception() { "exception" } else { "rule" },
        how,
        name: shown.path.to_string(),
        was,
        title: shown.title.as_ref().map(|t| t.to_string()),
        spans: [before.map(|c| c.name_span), now.map(|c| c.name_span)],
        places: [None, None],
        details,
        kinds: Some(kinds),
    })
}

fn part_words(part: Part) -> &'static str {
    match part {
        Part::Condition | Part::Outcome | Part::Provisos => "says",
        Part::InForce => "in force",
        Part::Requirements => "requires",
        Part::Duties => "obliges",
        Part::Advice => "advises",
        Part::Replaces => "exception to",
        Part::Policy => "policy",
    }
}

/// The names that mean something else in the new version, so that a rule that uses one changes although its text does not.
struct Through {
    defines: BTreeSet<SmolStr>,
    periods: BTreeSet<SmolStr>,
    facts: BTreeSet<SmolStr>,
}

impl Through {
    fn new(joint: &Joint) -> Self {
        let model = &joint.models[NEW];
        let before = |name: &SmolStr| name.strip_suffix(super::joint::BEFORE).map(SmolStr::from);
        let exists = |name: &SmolStr| name.strip_suffix(super::joint::EXISTS).map(SmolStr::from);
        Self {
            defines: model.defines.iter().filter_map(|d| before(&d.name)).collect(),
            periods: model.periods.iter().filter_map(|p| before(&p.name)).collect(),
            facts: model.defines.iter().filter_map(|d| exists(&d.name)).collect(),
        }
    }

    fn names(&self, model: &Model, clause: &Clause) -> Vec<String> {
        let mut open: Vec<&Cond> = vec![&clause.scope, &clause.in_force];
        open.extend(clause.outcome.iter().flat_map(|o| &o.provisos).map(|p| &p.cond));
        open.extend(clause.requirements.iter().flat_map(|r| [&r.cond, &r.when]));
        open.extend(clause.obligations.iter().map(|o| &o.when));
        open.extend(clause.advice.iter().flat_map(|a| [&a.cond, &a.when]));
        let mut found: BTreeSet<String> = BTreeSet::new();
        let mut seen = Bits::new();
        while let Some(cond) = open.pop() {
            match &cond.kind {
                CondKind::True => {}
                CondKind::And(parts) | CondKind::Or(parts) => open.extend(parts),
                CondKind::Not(inner) => open.push(inner),
                CondKind::Define(d) => {
                    let define = model.define(*d);
                    if self.defines.contains(&define.name) {
                        found.insert(format!("`{}`", define.name));
                    }
                    if !seen.contains(d.index()) {
                        seen.insert(d.index());
                        open.push(&define.cond);
                    }
                }
                CondKind::Atom(atom) => {
                    let period = match atom {
                        Atom::Within { period, .. } | Atom::Distance { unit: Unit::PeriodDays(period), .. } => {
                            Some(model.period(*period).name.clone())
                        }
                        _ => None,
                    };
                    found.extend(period.filter(|p| self.periods.contains(p)).map(|p| format!("`{p}`")));
                    let facts = atom.facts().map(|f| model.fact(f).name.clone());
                    found.extend(facts.filter(|f| self.facts.contains(f)).map(|f| format!("`{f}`")));
                }
            }
        }
        found.into_iter().collect()
    }
}

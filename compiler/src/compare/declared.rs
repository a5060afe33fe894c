//! Two versions -> what they declare differently: facts, values, roles, definitions, periods, duties, decisions,
//! assumptions, policies; and how what only one of them has was treated.

use super::joint::{BEFORE, EXISTS, Joint};
use super::sides::{NEW, OLD};
use super::types::Reading;
use super::words::{period_words, type_words};
use super::{Detail, Edit, How, Version};
use crate::model::show::{self, describe};
use crate::model::*;
use crate::source::Span;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeSet;

pub fn edits(versions: [Version<'_>; 2], joint: &Joint) -> Vec<Edit> {
    let mut edits = Vec::new();
    policies(versions, &mut edits);
    people_and_channels(versions, &mut edits);
    facts(versions, joint, &mut edits);
    let joint = &joint.models[NEW];
    let defined = renamed(joint.defines.iter().map(|d| &d.name));
    let dated = renamed(joint.periods.iter().map(|p| &p.name));
    let defines =
        |v: Version<'_>| v.model.defines.iter().map(|d| (d.name.clone(), d.span, describe(v.model, &d.cond))).collect();
    named("definition", versions, &mut edits, defines, |name| defined.contains(name));
    let periods = |v: Version<'_>| v.model.periods.iter().map(|p| (p.name.clone(), p.span, v.quote(p.span))).collect();
    named("period", versions, &mut edits, periods, |name| dated.contains(name));
    let duties = |v: Version<'_>| {
        let title = |d: &Duty| d.title.as_deref().unwrap_or_default().to_string();
        v.model.duties.iter().map(|d| (d.name.clone(), d.span, title(d))).collect()
    };
    named("duty", versions, &mut edits, duties, |_| false);
    let values = |v: Version<'_>, name: &str| {
        let decision = v.model.decisions.iter().find(|d| d.name == name);
        decision.map(|d| d.values.iter().map(|v| v.name.clone()).collect::<BTreeSet<_>>())
    };
    named(
        "decision",
        versions,
        &mut edits,
        |v| {
            let list = |d: &Decision| d.values.iter().map(|v| v.name.to_string()).collect::<Vec<_>>().join(", ");
            v.model.decisions.iter().skip(1).map(|d| (d.name.clone(), d.span, format!("one of {}", list(d)))).collect()
        },
        |name| values(versions[OLD], name) != values(versions[NEW], name),
    );
    assumptions(versions, &mut edits);
    edits
}

fn edit(kind: &'static str, how: How, name: impl Into<String>, spans: [Option<Span>; 2], details: Vec<Detail>) -> Edit {
    Edit { kind, how, name: name.into(), was: None, title: None, spans, places: [None, None], details, kinds: None }
}

fn detail(part: &'static str, before: Option<String>, after: Option<String>) -> Detail {
    let text = |t: Option<String>| t.filter(|t| !t.is_empty());
    Detail { part, before: text(before), after: text(after) }
}

/// The names that mean something else in the new version.
fn renamed<'a>(names: impl Iterator<Item = &'a SmolStr>) -> BTreeSet<&'a str> {
    names.filter_map(|n| n.strip_suffix(BEFORE)).collect()
}

/// Things that are what they are by their name: those of one version only, and those that changed.
fn named(
    kind: &'static str,
    versions: [Version<'_>; 2],
    edits: &mut Vec<Edit>,
    list: impl Fn(Version<'_>) -> Vec<(SmolStr, Span, String)>,
    changed: impl Fn(&str) -> bool,
) {
    let [old, new] = [list(versions[OLD]), list(versions[NEW])];
    let places = |all: &[(SmolStr, Span, String)]| -> FxHashMap<SmolStr, usize> {
        all.iter().enumerate().map(|(i, one)| (one.0.clone(), i)).collect()
    };
    let (in_old, in_new) = (places(&old), places(&new));
    for (name, span, text) in &new {
        match in_old.get(name).map(|i| &old[*i]) {
            None => {
                let details = vec![detail("is", None, Some(text.clone()))];
                edits.push(edit(kind, How::Added, name.as_str(), [None, Some(*span)], details));
            }
            Some((_, before, was)) if changed(name) => {
                let details = match was == text {
                    true => Vec::new(),
                    false => vec![detail("is", Some(was.clone()), Some(text.clone()))],
                };
                edits.push(edit(kind, How::Changed, name.as_str(), [Some(*before), Some(*span)], details));
            }
            Some(_) => {}
        }
    }
    for (name, span, text) in old.iter().filter(|o| !in_new.contains_key(&o.0)) {
        let details = vec![detail("is", Some(text.clone()), None)];
        edits.push(edit(kind, How::Removed, name.as_str(), [Some(*span), None], details));
    }
}

fn policies(versions: [Version<'_>; 2], edits: &mut Vec<Edit>) {
    let models = versions.map(|v| v.model);
    let words = |model: &Model, policy: &Policy| {
        let above: Vec<String> = policy.yields_to.iter().map(|p| model.policies[p.index()].name.to_string()).collect();
        let yields = (!above.is_empty()).then(|| format!("yields to {}", show::list(&above, "and")));
        let force = period_words(policy.in_force).map(|p| format!("in force {p}"));
        [yields, force].into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    // The only policy may have any name.
    let single = models.iter().all(|m| m.policies.len() == 1);
    for policy in &models[NEW].policies {
        let found = models[OLD].policies.iter().find(|p| single || p.name == policy.name);
        let now = words(models[NEW], policy);
        match found {
            None => {
                let details = vec![detail("is", None, Some(now))];
                edits.push(edit("policy", How::Added, policy.name.as_str(), [None, Some(policy.span)], details));
            }
            Some(before) => {
                let was = words(models[OLD], before);
                if was != now {
                    let spans = [Some(before.span), Some(policy.span)];
                    let details = vec![detail("is", Some(was), Some(now))];
                    edits.push(edit("policy", How::Changed, policy.name.as_str(), spans, details));
                }
            }
        }
    }
    for policy in
        models[OLD].policies.iter().filter(|p| !single && models[NEW].policies.iter().all(|n| n.name != p.name))
    {
        let details = vec![detail("is", Some(words(models[OLD], policy)), None)];
        edits.push(edit("policy", How::Removed, policy.name.as_str(), [Some(policy.span), None], details));
    }
    if models[OLD].zone != models[NEW].zone {
        let details = vec![detail("is", Some(models[OLD].zone.name.clone()), Some(models[NEW].zone.name.clone()))];
        edits.push(edit("time zone", How::Changed, "", [None, None], details));
    }
}

fn domain(ty: &Type) -> Option<&Domain> {
    match ty {
        Type::Choice(domain) | Type::Set(domain) => Some(domain),
        _ => None,
    }
}

/// The names of values, profiles of several roles apart.
fn names(domain: &Domain) -> BTreeSet<SmolStr> {
    domain.values.iter().map(|v| v.name.clone()).collect()
}

/// The roles, or channels, that some fact of a version can have.
fn all_names(model: &Model, what: Element) -> BTreeSet<SmolStr> {
    model.facts.iter().filter_map(|f| domain(&f.ty)).filter(|d| d.what == what).flat_map(names).collect()
}

/// Roles and channels are declared once for all facts.
fn people_and_channels(versions: [Version<'_>; 2], edits: &mut Vec<Edit>) {
    for (what, kind) in [(Element::Role, "role"), (Element::Channel, "channel")] {
        let [old, new] = versions.map(|v| all_names(v.model, what));
        let place = |which: usize, name: &SmolStr| {
            let values = versions[which].model.facts.iter().filter_map(|f| domain(&f.ty)).flat_map(|d| &d.values);
            values.into_iter().find(|v| v.name == *name).map(|v| v.span)
        };
        // Where a version has no such fact at all, the facts tell it.
        if old.is_empty() || new.is_empty() {
            continue;
        }
        for name in new.difference(&old) {
            edits.push(edit(kind, How::Added, name.replace('+', " and "), [None, place(NEW, name)], Vec::new()));
        }
        for name in old.difference(&new) {
            // It may still be a name, for what it has become.
            if let Some(kinds) = kinds_of(versions[NEW].model, what, name) {
                let details = vec![detail("is", None, Some(kinds))];
                edits.push(edit(kind, How::Changed, name.as_str(), [place(OLD, name), None], details));
                continue;
            }
            edits.push(edit(kind, How::Removed, name.replace('+', " and "), [place(OLD, name), None], Vec::new()));
        }
    }
}

/// The values that a name stands for in a version, where it is none itself.
fn kinds_of(model: &Model, what: Element, name: &SmolStr) -> Option<String> {
    let domains = model.facts.iter().filter_map(|f| domain(&f.ty)).filter(|d| d.what == what);
    let found = domains.into_iter().find_map(|d| Some((d, &d.groups.iter().find(|g| g.0 == *name)?.1)))?;
    let (domain, values) = found;
    let names: Vec<&str> = values.iter().filter_map(|v| domain.values.get(v)).map(|v| v.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn facts(versions: [Version<'_>; 2], joint: &Joint, edits: &mut Vec<Edit>) {
    let [old, new] = versions.map(|v| v.model);
    let exists = |model: &Model, fact: &Fact| fact.exists_if.as_ref().map(|c| describe(model, c));
    let whole = |model: &Model, fact: &Fact| match exists(model, fact) {
        Some(cond) => format!("{}, if {cond}", type_words(&fact.ty)),
        None => type_words(&fact.ty),
    };
    let elsewhere = |name: &str| {
        let guards = joint.models[NEW].defines.iter().filter_map(|d| d.name.strip_suffix(EXISTS));
        guards.into_iter().any(|n| n == name)
    };
    let known = [Element::Role, Element::Channel].map(|what| [all_names(old, what), all_names(new, what)]);
    let told = |d: &Domain| match d.what {
        Element::Role => Some(&known[0]),
        Element::Channel => Some(&known[1]),
        Element::Enumeration => None,
    };
    for fact in &new.facts {
        let Some(before) = old.facts.iter().find(|f| f.name == fact.name) else {
            let details = vec![detail("is", None, Some(whole(new, fact)))];
            edits.push(edit("fact", How::Added, fact.name.as_str(), [None, Some(fact.span)], details));
            continue;
        };
        let mut details = Vec::new();
        if let (Some(a), Some(b)) = (domain(&before.ty), domain(&fact.ty))
            && std::mem::discriminant(&before.ty) == std::mem::discriminant(&fact.ty)
            && a.what == b.what
        {
            // What is new everywhere is told once for all.
            let fresh = |here: BTreeSet<SmolStr>, there: BTreeSet<SmolStr>, side: usize| {
                let own = here.difference(&there).filter(|n| told(b).is_none_or(|k| k[side].contains(*n)));
                own.map(|n| n.to_string()).collect::<Vec<_>>().join(", ")
            };
            let added = fresh(names(b), names(a), OLD);
            let removed = fresh(names(a), names(b), NEW);
            if !added.is_empty() || !removed.is_empty() {
                details.push(detail("values", Some(removed), Some(added)));
            }
        } else if type_words(&before.ty) != type_words(&fact.ty) {
            details.push(detail("is", Some(type_words(&before.ty)), Some(type_words(&fact.ty))));
        }
        if elsewhere(&fact.name) || before.exists_if.is_some() != fact.exists_if.is_some() {
            details.push(detail("exists if", exists(old, before), exists(new, fact)));
        }
        if !details.is_empty() {
            let spans = [Some(before.span), Some(fact.span)];
            edits.push(edit("fact", How::Changed, fact.name.as_str(), spans, details));
        }
    }
    for fact in old.facts.iter().filter(|f| new.facts.iter().all(|n| n.name != f.name)) {
        let details = vec![detail("is", Some(whole(old, fact)), None)];
        edits.push(edit("fact", How::Removed, fact.name.as_str(), [Some(fact.span), None], details));
    }
}

fn assumptions(versions: [Version<'_>; 2], edits: &mut Vec<Edit>) {
    let list = |v: Version<'_>| -> Vec<(String, Span)> {
        let own = v.model.assumptions.iter().filter(|a| !a.implied);
        own.map(|a| (describe(v.model, &a.cond), a.span)).collect()
    };
    let [old, new] = versions.map(list);
    for (text, span) in new.iter().filter(|n| old.iter().all(|o| o.0 != n.0)) {
        edits.push(edit("assumption", How::Added, text.as_str(), [None, Some(*span)], Vec::new()));
    }
    for (text, span) in old.iter().filter(|o| new.iter().all(|n| o.0 != n.0)) {
        edits.push(edit("assumption", How::Removed, text.as_str(), [Some(*span), None], Vec::new()));
    }
}

/// How what only one version has, or reads in its own way, was treated.
pub fn notes(versions: [Version<'_>; 2], joint: &Joint) -> Vec<String> {
    let [old, new] = versions.map(|v| v.model);
    let mut notes = Vec::new();
    let model = &joint.models[NEW];
    for (which, own, other) in [(NEW, new, old), (OLD, old, new)] {
        let (only, asks) = if which == NEW { ("new", "old") } else { ("old", "new") };
        for fact in &own.facts {
            match other.facts.iter().find(|f| f.name == fact.name) {
                None => notes.push(format!(
                    "`{}` is a fact of the {only} version alone: every case was compared with each of its values, which the {asks} version does not ask for",
                    fact.name
                )),
                Some(there) if which == NEW && model.facts.iter().any(|f| f.name.strip_suffix(BEFORE) == Some(&fact.name)) => {
                    notes.push(format!(
                        "`{}` was {} and is {}: they were compared as two facts, the old one called `{}{BEFORE}`",
                        fact.name,
                        type_words(&there.ty),
                        type_words(&fact.ty),
                        fact.name
                    ));
                }
                Some(_) => {}
            }
        }
    }
    for define in &model.defines {
        if let Some(name) = define.name.strip_suffix(EXISTS) {
            let note = format!(
                "`{name}` exists in other cases than before: each version was asked about it only where it has it"
            );
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    for (which, own, word) in [(OLD, old, "old"), (NEW, new, "new")] {
        for (fact, reading) in own.facts.iter().zip(&joint.sides[which].readings) {
            if matches!(reading, Reading::Steps(_)) {
                notes.push(format!(
                    "`{}` has fewer decimals in the {word} version: only numbers that both can write were compared",
                    fact.name
                ));
            }
        }
        for decision in own.decisions.iter().skip(1) {
            let other = if which == OLD { new } else { old };
            if other.decisions.iter().all(|d| d.name != decision.name) {
                notes.push(format!(
                    "`{}` is decided by the {word} version alone, so it was not compared",
                    decision.name
                ));
            }
        }
    }
    notes
}

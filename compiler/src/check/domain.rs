//! Hierarchies and enumerations -> what a fact can be: its values and the names that stand for sets of them.

use super::tree::Hierarchy;
use crate::model::{Bits, Domain, Element, ValueName};
use crate::syntax::ast::{EnumValue, Text};

/// The values of a fact over roles or channels. `only` narrows it to what has some leaf in it; `single` leaves out the
/// combinations, as the elements of sets do.
pub(crate) fn of_tree(tree: &Hierarchy, what: Element, only: Option<&Bits>, single: bool) -> Domain {
    let profiles = tree.profiles.iter().filter(|p| !single || p.len() == 1);
    let profiles: Vec<&Bits> = profiles.filter(|p| only.is_none_or(|o| !p.is_disjoint(o))).collect();
    let mut covers = vec![Bits::new(); tree.nodes.len()];
    let mut values = Vec::with_capacity(profiles.len());
    for (value, profile) in profiles.iter().enumerate() {
        for leaf in profile.iter() {
            let mut node = tree.leaves.get(leaf).copied();
            while let Some(i) = node {
                covers[i as usize].insert(value);
                node = tree.nodes[i as usize].parent;
            }
        }
        values.push(name_of(tree, profile));
    }
    let groups =
        tree.order.iter().map(|&i| (tree.nodes[i as usize].name.clone(), std::mem::take(&mut covers[i as usize])));
    Domain { what, values, groups: groups.filter(|g| !g.1.is_empty()).collect() }
}

/// `guardian+teacher`
fn name_of(tree: &Hierarchy, profile: &Bits) -> ValueName {
    let leaves: Vec<_> = profile.iter().filter_map(|l| tree.leaves.get(l)).map(|&i| &tree.nodes[i as usize]).collect();
    let join = |parts: Vec<&str>, with: &str| Text::new(parts.join(with));
    let titled = leaves.iter().any(|n| n.title.is_some());
    let titles = || leaves.iter().map(|n| n.title.as_ref().unwrap_or(&n.name).as_str()).collect();
    ValueName {
        name: join(leaves.iter().map(|n| n.name.as_str()).collect(), "+"),
        title: titled.then(|| join(titles(), " + ")),
        span: leaves.first().map(|n| n.span).unwrap_or_default(),
    }
}

/// The values of `one of …`, each once.
pub(crate) fn of_values(values: &[EnumValue]) -> Domain {
    let values = value_names(values);
    let groups = values.iter().enumerate().map(|(i, v)| (v.name.clone(), Bits::one(i))).collect();
    Domain { what: Element::Enumeration, values, groups }
}

pub(crate) fn value_names(values: &[EnumValue]) -> Vec<ValueName> {
    let mut names: Vec<ValueName> = Vec::with_capacity(values.len());
    let mut seen = rustc_hash::FxHashSet::default();
    for value in values {
        if seen.insert(&value.name.text) {
            let title = value.title.as_ref().map(|t| t.text.clone());
            names.push(ValueName { name: value.name.text.clone(), title, span: value.name.span });
        }
    }
    names
}

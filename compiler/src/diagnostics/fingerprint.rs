//! Diagnostics -> a name for each that stays when lines move.
//!
//! Why it exists: who accepts a finding today must not see it again tomorrow as a new one, only because something was
//! written above it. So a fingerprint is made of the code, the file, the path of the rule (or of another item) it stands
//! in, and the names that its message speaks of; never of lines, and of no word of the message. Of findings that have all
//! this in common the second is told from the first by its number.

use super::Diagnostic;
use crate::source::{FileId, Source, Sources};
use crate::syntax::ast::{Clause, File, Item, ItemKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The fingerprint of each diagnostic: 16 hexadecimal digits, all different. `trees` are those of the policy files.
pub fn fingerprints<'d>(
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    sources: &Sources,
    trees: &[(FileId, Arc<File>)],
) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let print = |diagnostic: &'d Diagnostic| {
        let source: &Source = sources.get(diagnostic.span.file);
        let tree = trees.iter().find(|t| t.0 == diagnostic.span.file);
        let within = tree.map(|t| about(&t.1.items, diagnostic.span.start)).unwrap_or_default();
        let names: Vec<&str> = diagnostic.message.split('`').skip(1).step_by(2).collect();
        let key = [&[diagnostic.code.id, &source.path, &within], names.as_slice()].concat().join("\u{0}");
        let count = seen.entry(key.clone()).or_default();
        *count += 1;
        hash(&format!("{key}\u{0}{count}"))
    };
    diagnostics.into_iter().map(print).collect()
}

/// What stands at an offset, in the names of the policy: `phone.authorised_text`, `fact account`. Empty between items.
pub fn about(items: &[Item], offset: u32) -> String {
    let Some(item) = items.iter().find(|i| i.span.contains(offset)) else { return String::new() };
    let first = |names: &[crate::syntax::ast::Name]| names.first().map_or(String::new(), |n| n.text.to_string());
    match &item.kind {
        ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => path(clause, offset),
        // Where a section holds something at this place, that is what it is about.
        ItemKind::Section(section) => match about(&section.items, offset) {
            inner if !inner.is_empty() => inner,
            _ => {
                let name = section.name.as_ref().map(|n| &n.text);
                format!("section {}", name.or(section.title.as_ref().map(|t| &t.text)).map_or("", |t| t.as_str()))
            }
        },
        ItemKind::Policy(policy) => format!("policy {}", policy.name.text),
        ItemKind::Roles(tree) | ItemKind::Channels(tree) => {
            tree.nodes.first().map_or(String::new(), |node| format!("tree {}", node.name.text))
        }
        ItemKind::MayBe { who, .. } => format!("{} may be", who.text),
        ItemKind::Facts(facts) => format!("fact {}", first(&facts.names)),
        ItemKind::Define { name, .. } => format!("define {}", name.text),
        ItemKind::Duty { name, .. } => format!("duty {}", name.text),
        ItemKind::Period { name, .. } => format!("period {}", name.text),
        ItemKind::Decision { name, .. } => format!("decision {}", name.text),
        ItemKind::Expect(expect) => format!("expect {}", expect.title.text),
        ItemKind::NotEncoded { cite, .. } => format!("not encoded {}", cite.text),
        ItemKind::Use(path) => format!("use {}", path.dotted()),
        ItemKind::Allow(allow) => format!("allow {}", first(&allow.codes)),
        ItemKind::Assume(_) => "assume".to_string(),
        ItemKind::Error => String::new(),
    }
}

fn path(clause: &Clause, offset: u32) -> String {
    let mut path = clause.name.text.to_string();
    let mut at = clause;
    while let Some(inner) = at.exceptions.iter().find(|e| e.span.contains(offset)) {
        path.push('.');
        path.push_str(&inner.name.text);
        at = inner;
    }
    path
}

/// FNV-1a of 64 bits: no secret, only the same everywhere and in every version.
fn hash(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Change, Workspace};

    /// The fingerprints of all findings of a text, with their codes.
    fn of(text: &str) -> Vec<(&'static str, String)> {
        let mut workspace = Workspace::default();
        workspace.apply(Change::Set { path: "a.ordain".into(), text: text.into() });
        let checked = workspace.check();
        let prints = fingerprints(&checked.diagnostics, &checked.sources, &checked.files);
        checked.diagnostics.iter().map(|d| d.code.id).zip(prints).collect()
    }

    const TEXT: &str = "policy p { default forbid }\nfact a, b: yes/no\nrule one { permit when a }\n\
                        rule two { forbid when b }\nrule three { permit when a and b }\n";

    #[test]
    fn what_moves_keeps_its_fingerprint() {
        let before = of(TEXT);
        assert!(before.len() > 1, "{before:?}");
        let moved = format!("// A remark.\n\n{}", TEXT.replace("rule two", "\n\n\nrule two"));
        assert_eq!(of(&moved), before);
        // Another condition with the same findings changes nothing; another rule does.
        assert_eq!(of(&TEXT.replace("when b }", "when b and b }")).last(), before.last());
        assert_ne!(of(&TEXT.replace("one", "first")), before);
    }

    #[test]
    fn fingerprints_differ_and_stay_as_they_are() {
        let twice = of("policy p { default forbid }\nrule a { permit when x or x }\n");
        let mut prints: Vec<&String> = twice.iter().map(|t| &t.1).collect();
        prints.dedup();
        assert_eq!(prints.len(), twice.len());
        assert_eq!(hash(""), "cbf29ce484222325");
        assert_eq!(hash("a"), "af63dc4c8601ec8c");
    }
}

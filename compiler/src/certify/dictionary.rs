//! Named definitions -> the text of those that a term needs, each before it is used.
//!
//! Every script holds only what its claims speak of. What a definition needs is read off its text: all names are quoted
//! symbols. A second case beside the first, for claims about choices, is the same definitions under names with a prime.
//! Must not know the model.

use super::terms::{and, symbol, symbols};
use rustc_hash::{FxHashMap, FxHashSet};

#[derive(Debug, Clone)]
enum Kind {
    /// A sort and its values, declared by the text.
    Sort,
    /// What a case has: a constant of a sort, of which the text holds.
    Value { sort: String },
    /// A function of numbers; the text is its parameters, its sort and its body.
    Function,
    /// What follows from a case: the text is a term of the sort.
    Term { sort: &'static str },
}

#[derive(Debug, Clone)]
struct Definition {
    name: String,
    kind: Kind,
    text: String,
    comment: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    definitions: Vec<Definition>,
    by_name: FxHashMap<String, usize>,
}

impl Dictionary {
    fn add(&mut self, name: &str, kind: Kind, text: String, comment: Option<String>) -> String {
        let quoted = symbol(name);
        let name = quoted.trim_matches('|').to_string();
        self.by_name.insert(name.clone(), self.definitions.len());
        self.definitions.push(Definition { name, kind, text, comment });
        quoted
    }

    /// A sort with these values, given without bars. Returns its symbol.
    pub fn sort(&mut self, name: &str, values: &[String]) -> String {
        let listed: Vec<String> = values.iter().map(|v| format!("({})", symbol(v))).collect();
        let text = format!("(declare-datatypes (({} 0)) (({})))", symbol(name), listed.join(" "));
        let index = self.definitions.len();
        let quoted = self.add(name, Kind::Sort, text, None);
        for value in values {
            self.by_name.insert(symbol(value).trim_matches('|').to_string(), index);
        }
        quoted
    }

    /// A constant, and what holds of it.
    pub fn value(&mut self, name: &str, sort: &str, holds: String, comment: Option<String>) -> String {
        self.add(name, Kind::Value { sort: sort.into() }, holds, comment)
    }

    /// A function with parameters, as in `((day Int)) Int`.
    pub fn function(&mut self, name: &str, signature: &str, body: &str, comment: Option<String>) -> String {
        self.add(name, Kind::Function, format!("{signature}\n  {body}"), comment)
    }

    pub fn number(&mut self, name: &str, term: String) -> String {
        self.add(name, Kind::Term { sort: "Int" }, term, None)
    }

    /// A condition about a case.
    pub fn truth(&mut self, name: &str, term: String) -> String {
        self.add(name, Kind::Term { sort: "Bool" }, term, None)
    }

    pub fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The definitions that the terms need, each behind those that it needs itself.
    fn needed<'a>(&self, terms: impl Iterator<Item = &'a str>) -> Vec<usize> {
        let find = |term: &str| symbols(term).filter_map(|s| self.by_name.get(s).copied()).collect::<Vec<_>>();
        let mut seen: FxHashSet<usize> = FxHashSet::default();
        let mut order = Vec::new();
        // Without recursion: exceptions may nest deeply. `true` marks what has its needs behind it.
        let mut open: Vec<(usize, bool)> = Vec::new();
        for term in terms {
            open.extend(find(term).into_iter().rev().map(|d| (d, false)));
            while let Some((next, done)) = open.pop() {
                if done {
                    order.push(next);
                } else if seen.insert(next) {
                    open.push((next, true));
                    let definition = &self.definitions[next];
                    let mut needs = find(&definition.text);
                    if let Kind::Value { sort } = &definition.kind {
                        needs.extend(find(sort));
                    }
                    open.extend(needs.into_iter().rev().map(|d| (d, false)));
                }
            }
        }
        order
    }

    /// The text of all that the terms need.
    pub fn text<'a>(&self, terms: impl Iterator<Item = &'a str>) -> String {
        let mut text = String::new();
        for index in self.needed(terms) {
            let Definition { name, kind, text: body, comment } = &self.definitions[index];
            let name = symbol(name);
            if let Some(comment) = comment {
                text.push_str(&format!("; {comment}\n"));
            }
            text.push_str(&match kind {
                Kind::Sort => body.clone(),
                Kind::Value { sort } if body == "true" => format!("(declare-const {name} {sort})"),
                Kind::Value { sort } => format!("(declare-const {name} {sort})\n(assert {body})"),
                Kind::Function => format!("(define-fun {name} {body})"),
                Kind::Term { sort } => format!("(define-fun {name} () {sort}\n  {body})"),
            });
            text.push('\n');
        }
        text
    }

    /// "For every other case": a claim about a second case that differs from the first in some of its values only. What the
    /// claim says of the second case is written with a prime, `|account'|`; what does not depend on the values that differ
    /// is the same in both.
    pub fn for_every_other_case(&self, differs: &FxHashSet<String>, claim: &str) -> String {
        let plain: String = claim.replace("'|", "|");
        let mut primed: FxHashSet<&str> = FxHashSet::default();
        let mut values = Vec::new();
        let mut holds = Vec::new();
        let mut lets = Vec::new();
        for index in self.needed(std::iter::once(&*plain)) {
            let Definition { name, kind, text, .. } = &self.definitions[index];
            let depends = || symbols(text).any(|s| primed.contains(s));
            match kind {
                Kind::Value { sort } if differs.contains(name) || depends() => {
                    primed.insert(name);
                    values.push(format!("({} {sort})", symbol(&format!("{name}'"))));
                    holds.push(prime(text, &primed));
                }
                Kind::Term { .. } if depends() => {
                    lets.push(format!("(let (({} {}))", symbol(&format!("{name}'")), prime(text, &primed)));
                    primed.insert(name);
                }
                _ => {}
            }
        }
        // A name with a prime that is the same in both cases loses it.
        let mut claim_text = String::new();
        for (i, part) in claim.split('|').enumerate() {
            let same = i % 2 == 1 && part.strip_suffix('\'').is_some_and(|p| !primed.contains(p));
            claim_text.push_str(if i > 0 { "|" } else { "" });
            claim_text.push_str(if same { part.trim_end_matches('\'') } else { part });
        }
        let body = format!("(=> {} {claim_text})", and(holds));
        if values.is_empty() {
            return format!("{}\n    {body}{}", lets.join("\n    "), ")".repeat(lets.len()));
        }
        format!("(forall ({})\n    {}\n    {body}{})", values.join(" "), lets.join("\n    "), ")".repeat(lets.len()))
    }
}

/// The term with a prime at each of these names.
fn prime(term: &str, names: &FxHashSet<&str>) -> String {
    let mut text = String::new();
    for (i, part) in term.split('|').enumerate() {
        text.push_str(if i > 0 { "|" } else { "" });
        text.push_str(part);
        text.push_str(if i % 2 == 1 && names.contains(part) { "'" } else { "" });
    }
    text
}

//! Names of facts and decisions -> names that FEEL can read, each once.

use std::collections::BTreeSet;

/// FEEL's own words, and the functions that expressions of this format call. No quotes could tell them from names.
const TAKEN: [&str; 38] = [
    "and",
    "or",
    "not",
    "if",
    "then",
    "else",
    "for",
    "in",
    "return",
    "some",
    "every",
    "satisfies",
    "between",
    "instance",
    "of",
    "function",
    "external",
    "true",
    "false",
    "null",
    "item",
    "date",
    "time",
    "duration",
    "day",
    "list",
    "years",
    "sum",
    "max",
    "min",
    "floor",
    "decimal",
    "string",
    "number",
    "boolean",
    "context",
    "modulo",
    "count",
];

#[derive(Debug, Default)]
pub struct Names {
    given: BTreeSet<String>,
}

impl Names {
    /// The wish itself where it is free, else the wish with underscores behind it.
    pub fn name(&mut self, wish: &str) -> String {
        let mut name = wish.to_string();
        while TAKEN.contains(&name.as_str()) || self.given.contains(&name) {
            name.push('_');
        }
        self.given.insert(name.clone());
        name
    }
}

/// A name as part of an XML id: signs other than letters, digits and underscores by their number.
pub fn id(kind: &str, name: &str) -> String {
    let mut id = format!("{kind}_");
    for c in name.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || c == '_' => id.push(c),
            c => id.push_str(&format!("-{:x}-", u32::from(c))),
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_taken() {
        let mut names = Names::default();
        let got: Vec<String> = ["verdict", "in", "verdict", "on", "in_"].iter().map(|n| names.name(n)).collect();
        assert_eq!(got, ["verdict", "in_", "verdict_", "on", "in__"]);
        assert_eq!(id("input", "größe"), "input_gr-f6--df-e");
    }
}

//! Claims -> the text of a script, and the list of all scripts.

use super::dictionary::Dictionary;
use super::terms::symbol;
use serde::Serialize;
use std::collections::BTreeSet;

/// One question for the solver.
#[derive(Debug, Clone, Serialize)]
pub struct Claim {
    /// In the policy's words.
    pub claim: String,
    /// `sat` or `unsat`.
    pub expected: &'static str,
    /// What to assert; a term.
    #[serde(skip)]
    term: String,
}

/// The claims about one thing: a rule, a decision, an expectation.
#[derive(Debug, Clone, Serialize)]
pub struct Script {
    pub file: String,
    /// What it is about.
    pub about: String,
    pub claims: Vec<Claim>,
    /// The claims are about the cases in which every assumption holds.
    #[serde(skip)]
    assumed: bool,
    #[serde(skip)]
    pub text: String,
}

/// A verdict without a script.
#[derive(Debug, Clone, Serialize)]
pub struct LeftOut {
    pub claim: String,
    pub why: String,
}

#[derive(Debug, Clone, Default)]
pub struct Certificates {
    pub scripts: Vec<Script>,
    pub left_out: Vec<LeftOut>,
    names: BTreeSet<String>,
}

/// The list of all scripts, as it is written beside them.
#[derive(Serialize)]
pub struct Index<'a> {
    pub version: u32,
    pub scripts: &'a [Script],
    /// Verdicts that are not certified.
    pub not_certified: &'a [LeftOut],
}

pub fn sat(claim: impl Into<String>, term: String) -> Claim {
    Claim { claim: claim.into(), expected: "sat", term }
}

pub fn unsat(claim: impl Into<String>, term: String) -> Claim {
    Claim { claim: claim.into(), expected: "unsat", term }
}

/// `sat` if something is so, else `unsat`, each with its words.
pub fn either(is: bool, so: String, not_so: String, term: String) -> Claim {
    if is { sat(so, term) } else { unsat(not_so, term) }
}

impl Certificates {
    /// A script about the cases in which every assumption holds. Without a claim there is none.
    pub fn add(&mut self, name: &str, about: String, claims: Vec<Claim>) {
        self.push(name, about, claims, true);
    }

    /// A script about all cases, whatever is assumed.
    pub fn add_unassumed(&mut self, name: &str, about: String, claims: Vec<Claim>) {
        self.push(name, about, claims, false);
    }

    fn push(&mut self, name: &str, about: String, claims: Vec<Claim>, assumed: bool) {
        if claims.is_empty() {
            return;
        }
        let legal = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
        let stem: String = name.chars().map(legal).take(80).collect();
        // Also where names that differ in case are one file.
        let free = |n: usize| if n == 1 { stem.clone() } else { format!("{stem}-{n}") };
        let stem = (1..).map(free).find(|s| self.names.insert(s.to_lowercase())).unwrap_or_default();
        let text = String::new();
        self.scripts.push(Script { file: format!("{stem}.smt2"), about, claims, assumed, text });
    }

    pub fn leave_out(&mut self, claim: impl Into<String>, why: impl Into<String>) {
        self.left_out.push(LeftOut { claim: claim.into(), why: why.into() });
    }

    pub fn index(&self) -> Index<'_> {
        Index { version: 1, scripts: &self.scripts, not_certified: &self.left_out }
    }

    pub fn claims(&self) -> usize {
        self.scripts.iter().map(|s| s.claims.len()).sum()
    }

    /// Writes the texts, now that everything is defined.
    pub(super) fn finish(&mut self, dict: &Dictionary) {
        self.scripts.iter_mut().for_each(|s| s.text = text(s, dict));
    }
}

fn text(script: &Script, dict: &Dictionary) -> String {
    let mut text = format!("; {}\n;\n", one_line(&script.about));
    for (i, claim) in script.claims.iter().enumerate() {
        text.push_str(&format!("; {}. {}: {}\n", i + 1, claim.expected, one_line(&claim.claim)));
    }
    text.push_str(
        "\n; Each (check-sat) below must give the answer that is stated before it: unsat, there is no such case; sat, there is one.\n\
         (set-info :smt-lib-version 2.6)\n(set-logic ALL)\n\n; ---- the policy\n\n",
    );
    let assumed = script.assumed.then(|| symbol("every assumption holds"));
    let terms = script.claims.iter().map(|c| &*c.term);
    text.push_str(&dict.text(assumed.as_deref().into_iter().chain(terms)));
    if let Some(assumed) = assumed {
        text.push_str(&format!("(assert {assumed})\n"));
    }
    text.push_str("\n; ---- the claims\n");
    let (push, pop) = if script.claims.len() > 1 { ("(push 1)\n", "(pop 1)\n") } else { ("", "") };
    for (i, Claim { claim, expected, term }) in script.claims.iter().enumerate() {
        text.push_str(&format!("\n; {}. {}\n{push}", i + 1, one_line(claim)));
        text.push_str(&format!("(set-info :status {expected})\n(assert {term})\n(check-sat)\n{pop}"));
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

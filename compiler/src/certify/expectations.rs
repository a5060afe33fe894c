//! Claims about expectations: that they hold, or that they fail.

use super::Encoding;
use super::cond::term;
use super::script::{Certificates, either};
use super::terms::{and, not, symbol};
use crate::model::*;

pub fn expectations(e: &Encoding<'_>, verdicts: &[(bool, bool)], to: &mut Certificates) {
    let model = e.model;
    for (i, (expectation, &(holds, vacuous))) in model.expectations.iter().zip(verdicts).enumerate() {
        let scope = term(e, &expectation.scope);
        let claimed = claimed(e, expectation);
        let mut claims = Vec::new();
        if expectation.some {
            let (so, not_so) = ("one of its cases is as it claims", "none of its cases is as it claims");
            claims.push(either(holds, so.into(), not_so.into(), and([scope, claimed])));
        } else {
            let (so, not_so) = ("it is about some case", "it is about no case");
            claims.push(either(!vacuous, so.into(), not_so.into(), scope.clone()));
            let (so, not_so) = ("one of its cases is not as it claims", "all of its cases are as it claims");
            claims.push(either(!holds, so.into(), not_so.into(), and([scope, not(claimed)])));
        }
        let about = format!("The expectation \"{}\", {}", expectation.title, e.sources.place(expectation.span));
        to.add(&format!("expectation-{}-{}", i + 1, slug(&expectation.title)), about, claims);
    }
}

/// The case has what is claimed.
fn claimed(e: &Encoding<'_>, expectation: &Expectation) -> String {
    let (answer, decision) = match expectation.claim {
        Claim::Outcome(d, v) => (e.is(d, v, ""), d),
        Claim::Undecided(d) => (e.answers(d, "is undecided", ""), d),
        Claim::Conflict(d) => (e.answers(d, "conflict", ""), d),
        Claim::Obliges(duty) => {
            return match expectation.by {
                Some(clause) => e.obliges(clause, duty),
                None => symbol(&format!("duty {} follows", e.model.duty(duty).name)),
            };
        }
    };
    match expectation.by {
        Some(clause) => and([answer, e.decides_in(clause, decision)]),
        None => answer,
    }
}

fn slug(title: &str) -> String {
    let mut slug = String::new();
    for word in title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).take(6) {
        slug.push_str(if slug.is_empty() { "" } else { "-" });
        slug.push_str(&word.to_lowercase());
    }
    slug
}

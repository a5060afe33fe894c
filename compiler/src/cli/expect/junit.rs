//! The results of expectations -> JUnit XML: a suite for each file, a case for each expectation.
//!
//! One that fails says its counterexample; one that is about no case fails too, as it says nothing. There is no time in it,
//! so that two runs give the same bytes.

use crate::cli::load::Project;
use crate::diagnostics::json;
use crate::expect::ExpectationResult;
use crate::model::{Expectation, Model};
use crate::source::Sources;
use crate::xml::Xml;

pub fn junit(project: &Project, sources: &Sources, model: &Model, results: &[ExpectationResult]) -> String {
    let path = |source: &crate::source::Source| project.stand.path(&source.path);
    let told: Vec<(&ExpectationResult, &Expectation, json::Place)> = results
        .iter()
        .filter_map(|r| model.expectations.get(r.id.index()).map(|e| (r, e, json::place(e.span, sources, &path))))
        .collect();
    let mut files: Vec<&str> = told.iter().map(|t| t.2.file.as_str()).collect();
    files.dedup();
    let failures = told.iter().filter(|t| fault(t.0).is_some()).count().to_string();
    let mut xml = Xml::new();
    xml.open("testsuites", &[("name", "ordain expect"), ("tests", &told.len().to_string()), ("failures", &failures)]);
    for file in files {
        let cases: Vec<_> = told.iter().filter(|t| t.2.file == file).collect();
        let failures = cases.iter().filter(|t| fault(t.0).is_some()).count().to_string();
        let tests = cases.len().to_string();
        xml.open("testsuite", &[("name", file), ("tests", &tests), ("failures", &failures), ("errors", "0")]);
        for (result, expectation, place) in cases {
            let line = place.start.line.to_string();
            let attributes = [("classname", file), ("name", &expectation.title), ("file", file), ("line", &line)];
            match fault(result) {
                None => xml.empty("testcase", &attributes),
                Some((kind, text)) => {
                    xml.open("testcase", &attributes);
                    let message = text.lines().next().unwrap_or_default();
                    xml.leaf("failure", &[("type", kind), ("message", message)], &text);
                    xml.close("testcase");
                }
            }
        }
        xml.close("testsuite");
    }
    xml.close("testsuites");
    xml.finish()
}

/// Why it is no pass: the kind, and the reason.
fn fault(result: &ExpectationResult) -> Option<(&'static str, String)> {
    if !result.finished {
        return Some(("O9001", "the proof needs more steps than the budget has".into()));
    }
    if !result.holds {
        let Some(shown) = &result.counterexample else { return Some(("O4001", "it does not hold".into())) };
        let mut text = format!("not so: {}\nit gets {}", shown.sentence, shown.gets);
        shown.why.iter().for_each(|why| text.push_str(&format!("\n{why}")));
        return Some(("O4001", text));
    }
    result.vacuous.then(|| ("O4002", "it is about no case, so it says nothing".into()))
}

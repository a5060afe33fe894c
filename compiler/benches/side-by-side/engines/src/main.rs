//! A table as a ZEN graph -> what ZEN's own analysis finds, or its decisions and how long one takes.
//!
//! `engines analyse GRAPH`, `engines decide GRAPH CASES`; both write JSON. ZEN's analysis is in no package of other languages, so it is
//! built from its crate; the decisions are measured here as well, without the cost of a binding.

use serde_json::{Value, json};
use std::error::Error;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;
use zen_engine::model::{DecisionContent, GraphContent};
use zen_engine::policy::Workspace;

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let read = |i: usize| -> Result<String, Box<dyn Error>> {
        Ok(std::fs::read_to_string(given.get(i).ok_or("a file is missing")?)?)
    };
    let answer = match given.first().map(String::as_str) {
        Some("analyse") => analyse(serde_json::from_str(&read(1)?)?),
        Some("decide") => decide(serde_json::from_str(&read(1)?)?, serde_json::from_str(&read(2)?)?)?,
        _ => return Err("engines analyse GRAPH | engines decide GRAPH CASES".into()),
    };
    println!("{answer}");
    Ok(())
}

/// All diagnostics, as ZEN writes them.
fn analyse(graph: DecisionContent) -> Value {
    let start = Instant::now();
    let mut workspace = Workspace::new();
    workspace.set_document("table", graph);
    let diagnostics = workspace.diagnostics("table");
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    json!({ "ms": milliseconds, "diagnostics": diagnostics })
}

/// The answers, and nanoseconds of one decision: the shortest of five rounds over all cases.
fn decide(mut graph: GraphContent, cases: Vec<Value>) -> Result<Value, Box<dyn Error>> {
    graph.compile();
    let decision = zen_engine::Decision::from(Arc::new(graph));
    let variables: Vec<zen_engine::Variable> = cases.iter().map(|c| c.clone().into()).collect();
    let mut least = f64::MAX;
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.clear();
        let start = Instant::now();
        for case in &variables {
            let result = wait(decision.evaluate(case.deep_clone())).map_err(|e| format!("{e:?}"))?;
            answers.push(result.result);
        }
        least = least.min(start.elapsed().as_nanos() as f64 / cases.len() as f64);
    }
    let answers: Vec<Value> = answers.into_iter().map(|a| a.dot("out").map_or(Value::Null, |v| v.to_value())).collect();
    Ok(json!({ "ns": least, "answers": answers }))
}

/// Nothing here waits for the world, so asking again is enough.
fn wait<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        if let Poll::Ready(result) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return result;
        }
    }
}

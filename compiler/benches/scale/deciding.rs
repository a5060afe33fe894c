//! Cases -> how long the compiled policy takes for one, every answer held against the reference.

use crate::measured::Measured;
use ordain::compile::Policy;
use ordain::decide::{self, Verdict};
use ordain::model::{Case, FORBID, Model, PERMIT, Type, VERDICT, Value};
use ordain::workspace::{Change, Workspace};
use serde_json::{Map, json};
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

/// As many cases as the processor's caches hold anyway.
const CASES: usize = 1000;
/// Times that all of them are decided in one run.
const ROUNDS: usize = 20;

/// The row of a policy with cases at random.
pub fn row(model: &Model, seed: u64) -> Measured {
    row_of(model, &Policy::compile(model), seed)
}

/// The same of a policy that is compiled already.
pub fn row_of(model: &Model, policy: &Policy, seed: u64) -> Measured {
    let cases = cases(model, seed);
    let mut verdicts = [0; 3];
    for case in &cases {
        let (Ok(found), right) = (policy.decide(case), decide::decide(model, case)) else {
            return Measured::broken("a case is not decided");
        };
        if found.verdict() != right.answers[VERDICT.index()].result || !found.duties().eq(right.duties) {
            return Measured::broken("a case is not decided as the reference does");
        }
        let kind = [Verdict::Is(PERMIT), Verdict::Is(FORBID)].iter().position(|v| *v == found.verdict()).unwrap_or(2);
        verdicts[kind] += 1;
    }
    let run = || cases.iter().cycle().take(CASES * ROUNDS).filter(|c| permits(policy, c)).count();
    let (mut measured, _) = Measured::repeat(run);
    let decided = (CASES * ROUNDS) as f64;
    measured.median /= decided;
    measured.least /= decided;
    measured.count = cases.len();
    let [permit, forbid, other] = verdicts;
    measured.note = format!("{:?}; {permit} permitted, {forbid} forbidden, {other} neither", policy.form());
    measured
}

fn permits(policy: &Policy, case: &Case) -> bool {
    policy.decide(black_box(case)).is_ok_and(|d| d.verdict() == Verdict::Is(PERMIT))
}

/// Cases at random that can occur. Times lie around a year, so that they differ in what rules look at.
fn cases(model: &Model, seed: u64) -> Vec<Case> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut cases = Vec::new();
    while cases.len() < CASES {
        let mut case = Case { values: vec![None; model.facts.len()] };
        // A fact may exist because of another that is declared behind it.
        for _ in 0..3 {
            for fact in model.fact_ids() {
                if case.values[fact.index()].is_none() && decide::exists(model, fact, &case) {
                    case.values[fact.index()] = Some(value(&model.fact(fact).ty, &mut rng));
                }
            }
        }
        if decide::check_case(model, &case).is_empty() {
            cases.push(case);
        }
    }
    cases
}

fn value(ty: &Type, rng: &mut fastrand::Rng) -> Value {
    /// 2026-09-14 00:00, in minutes since 1970.
    const AUTUMN: i64 = 29_822_400;
    match ty {
        Type::YesNo => Value::Bool(rng.bool()),
        Type::Choice(domain) => Value::Choice(rng.u32(0..domain.values.len() as u32)),
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } => Value::Int(rng.i64(*lo..=*hi)),
        Type::DateTime { .. } => Value::Int(AUTUMN + rng.i64(0..60 * 24 * 40)),
        Type::Time => Value::Int(rng.i64(0..60 * 24)),
        Type::Set(domain) => Value::Set((0..domain.values.len()).filter(|_| rng.bool()).collect()),
    }
}

/// The policy of a folder, and a JSON list of cases by the names of facts -> the answers and nanoseconds of one decision,
/// the shortest of five rounds, as JSON.
pub fn answers(folder: &Path, file: &Path) -> Result<String, Box<dyn Error>> {
    let mut workspace = Workspace::default();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        workspace.apply(Change::Set { path: name, text: std::fs::read_to_string(&path)?.into() });
    }
    let checked = workspace.understand();
    if !checked.complete {
        return Err("the policy is not understood".into());
    }
    let given: Vec<Map<String, serde_json::Value>> = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let cases = given.iter().map(|case| read(&checked.model, case)).collect::<Result<Vec<Case>, _>>()?;
    let policy = Policy::compile(&checked.model);
    let mut least = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            black_box(cases.iter().filter(|c| permits(&policy, c)).count());
        }
        least = least.min(start.elapsed().as_nanos() as f64 / (cases.len() * ROUNDS) as f64);
    }
    let mut words = Vec::new();
    for case in &cases {
        words.push(match policy.decide(case).map_err(|fault| format!("{fault:?}"))?.verdict() {
            Verdict::Is(PERMIT) => "permit",
            Verdict::Is(_) => "forbid",
            Verdict::Conflict => "conflict",
            Verdict::Undecided => "undecided",
        });
    }
    Ok(json!({ "ns": least, "answers": words }).to_string())
}

/// Yes/no, choices by name, whole numbers.
fn read(model: &Model, given: &Map<String, serde_json::Value>) -> Result<Case, Box<dyn Error>> {
    let mut case = Case { values: vec![None; model.facts.len()] };
    for fact in model.fact_ids() {
        let name = model.fact(fact).name.as_str();
        let value = given.get(name).ok_or_else(|| format!("no value for `{name}`"))?;
        let value = match &model.fact(fact).ty {
            Type::Choice(domain) => {
                let at = domain.values.iter().position(|v| value.as_str() == Some(v.name.as_str()));
                at.map(|i| Value::Choice(i as u32))
            }
            Type::YesNo => value.as_bool().map(Value::Bool),
            Type::Number { .. } => value.as_i64().map(Value::Int),
            _ => None,
        };
        case.values[fact.index()] = Some(value.ok_or_else(|| format!("`{name}` has no such value"))?);
    }
    Ok(case)
}

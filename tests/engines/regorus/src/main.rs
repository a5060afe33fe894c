//! A policy in Rego and lines of JSON -> regorus' answers: `regorus-run RULE FILE… < inputs` prints the value of the rule for
//! each line of input; `regorus-run --tests FILE…` prints the name and the value of each rule that is a test.

use anyhow::{Context, Result};
use regorus::{Engine, Value};
use std::io::{BufRead, Write};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let rule = arguments.next().context("a rule, or --tests")?;
    let mut engine = Engine::new();
    let mut packages = Vec::new();
    for file in arguments {
        packages.push((engine.add_policy_from_file(&file)?, std::fs::read_to_string(&file)?));
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if rule == "--tests" {
        for (package, text) in &packages {
            for name in text.lines().filter(|l| l.starts_with("test_")).filter_map(|l| l.split(' ').next()) {
                let value = engine.eval_rule(format!("{package}.{name}"))?;
                writeln!(out, "{name} {}", value == Value::from(true))?;
            }
        }
        return Ok(());
    }
    for line in std::io::stdin().lock().lines() {
        engine.set_input_json(&line?)?;
        let value = engine.eval_rule(rule.clone())?;
        let text = if value == Value::Undefined { "null".to_string() } else { value.to_json_str()? };
        writeln!(out, "{}", text.replace('\n', " "))?;
    }
    Ok(())
}

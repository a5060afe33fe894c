//! A policy's file -> how long its tables take, part by part: `cargo run --release --example table_speed -- FILE`.
//!
//! Why it exists: tables of policies of a thousand rules are meant to take a tenth of a second; this says which part
//! takes how much of it.

use ordain::lower::Lowered;
use ordain::tabulate::{self, Hit};
use ordain::workspace::{Change, Workspace};
use std::time::Instant;

fn main() {
    let Some(path) = std::env::args().nth(1) else { return eprintln!("usage: table_speed FILE") };
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let mut workspace = Workspace::default();
    workspace.apply(Change::Set { path: "p.ordain".into(), text: text.into() });
    let checked = workspace.understand();
    for hit in [Hit::Unique, Hit::First, Hit::Collect] {
        let start = Instant::now();
        let mut lowered = Lowered::new(&checked.model, &[], checked.settings.budget);
        let lowering = start.elapsed();
        for decision in tabulate::decisions(&checked.model) {
            let start = Instant::now();
            let table = tabulate::tabulate(&mut lowered, decision, hit);
            let tabulated = start.elapsed();
            let start = Instant::now();
            let proof = tabulate::prove(&mut lowered, &table);
            let proved = start.elapsed();
            let start = Instant::now();
            let bytes = ordain::emit::markdown::write(&table).len();
            println!(
                "{} {}: lowered {lowering:.1?}, tabulated {tabulated:.1?} of which proved {proved:.1?}, written {:.1?} ({} rows, {bytes} bytes; {})",
                hit.name(),
                table.name,
                start.elapsed(),
                table.rows.len(),
                proof.sentence(),
            );
        }
    }
}

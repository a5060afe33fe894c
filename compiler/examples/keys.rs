//! A policy that is being typed in -> what each step of a key costs.
//!
//! `cargo run --release --example keys FILE [KEYS [CONDITION [PAUSE]]]`
//!
//! Why it exists: the server's answer to a key is made of these; this says which step takes how long, as the median of
//! several keys, as the best and as the worst. The keys go into a title; with a condition (` and consent`) they go behind that of a rule,
//! which is broken most of the time then. With a pause, in milliseconds, between two keys what was in the processor's caches is
//! gone, as it is where somebody types. Texts of any size come from `cargo run -p ordain-tests --example shape`.

use ordain::ide::{self, Index, View, complete, hover, measure};
use ordain::source::FileId;
use ordain::workspace::{Change, Checked, Kept, Workspace};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(why) => return eprintln!("usage: keys FILE [KEYS [CONDITION [PAUSE]]]: {path}: {why}"),
    };
    let keys: usize = std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(20);
    let condition = std::env::args().nth(3).filter(|c| !c.is_empty());
    let pause = std::env::args().nth(4).and_then(|n| n.parse().ok()).map(std::time::Duration::from_millis);
    let Some((mut text, mut caret)) = opened(&text, condition.is_some()) else {
        return eprintln!("error: {path} holds no rule");
    };
    let name = text[..caret].rfind("rule ").map_or(0, |at| at + "rule ".len());
    let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut workspace = Workspace::default();
    let mut kept: Option<Kept> = None;
    let mut before: Option<Arc<Checked>> = None;
    for key in 0..keys + 1 {
        match condition.as_deref() {
            None => text.insert(caret, 'x'),
            Some(c) => match c.chars().nth(key % (c.chars().count() + 1)) {
                Some(next) => {
                    text.insert(caret, next);
                    caret += next.len_utf8();
                }
                // It is written once and taken away again.
                None => {
                    text.replace_range(caret - c.len()..caret, "");
                    caret -= c.len();
                }
            },
        }
        pause.into_iter().for_each(std::thread::sleep);
        let mut clock = Instant::now();
        let mut lap = |name: &'static str| {
            if key > 0 {
                times.entry(name).or_default().push(clock.elapsed().as_secs_f64() * 1e3);
            }
            clock = Instant::now();
        };
        let past = before.take().and_then(Arc::into_inner).map(Checked::leave);
        workspace.apply(Change::Set { path: "p.ordain".into(), text: text.as_str().into() });
        lap("0 leave, apply");
        workspace.wanted();
        lap("1 parse");
        let checked = Arc::new(match past {
            Some(before) => workspace.understand_again(before),
            None => workspace.understand(),
        });
        lap("2 understand");
        let index = Index::new(&checked);
        lap("3 index");
        let file = FileId(0);
        let view = View {
            checked: &checked,
            diagnostics: &checked.diagnostics,
            index: &index,
            measured: None,
            current: false,
        };
        let condition = text[caret..].find(" when ").map_or(caret, |at| caret + at + " when ".len());
        let offers = complete::complete(&view, file, condition as u32).len();
        lap("4 complete");
        let hovered = hover::hover(&view, file, name as u32).is_some();
        lap("5 hover");
        let found = checked.prove(&mut kept).map(|f| f.diagnostics).unwrap_or_default();
        lap("6 prove");
        let all = checked.settled(found).remaining;
        let marks: usize = ide::diagnostics(&all).len();
        lap("7 settle");
        if key == 0 {
            println!("{offers} offers, hover {hovered}, {} diagnostics in {marks} files", all.len());
        }
        before = Some(checked);
    }
    for (name, mut times) in times {
        times.sort_by(f64::total_cmp);
        let (middle, best, worst) = (times[times.len() / 2], times[0], times[times.len() - 1]);
        println!("{name:<16} {middle:8.2} ms, best {best:8.2} ms, worst {worst:8.2} ms");
    }
    println!("memory {}", memory());
    // What the server works out once nobody types.
    let start = Instant::now();
    let checked = workspace.understand();
    checked.prove(&mut kept);
    let figures =
        kept.and_then(|kept| kept.with(&checked, |lowered| measure::measure(lowered, &checked.sources, &|| true)));
    println!("figures          {:8.2} ms", start.elapsed().as_secs_f64() * 1e3);
    println!("memory {}", memory());
    drop(figures);
}

/// The text with a title of the rule in its middle, and the place in it where a key goes; or the end of a condition there.
fn opened(text: &str, condition: bool) -> Option<(String, usize)> {
    let from = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at))?;
    if condition {
        let when = from + text[from..].find(" when ")?;
        return Some((text.to_string(), when + text[when..].find(" }")?));
    }
    let rule = from + text[from..].find("\nrule ").or_else(|| text[from..].find(" rule "))?;
    let name = rule + " rule ".len();
    let end = name + text[name..].find(' ')?;
    match text[end..].strip_prefix(" \"") {
        Some(_) => Some((text.to_string(), end + 2)),
        None => Some((format!("{} \"\"{}", &text[..end], &text[end..]), end + 2)),
    }
}

/// Now, and the most there was, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status.lines().filter(|l| l.starts_with("VmHWM") || l.starts_with("VmRSS"));
    lines.map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(", ")
}

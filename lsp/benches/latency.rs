//! Somebody types ten keys a second in a policy of some size -> how long the server takes for what an editor asks then.
//!
//! `cargo bench -p ordain-lsp --bench latency -- [--keys N] [--rules N,N] [--write]`, or `tests/editors/latency` with the same
//! options. With each key go the change, a completion at the caret, a hover on the rule's name, and, from a client that
//! pulls, the request for diagnostics; the times are those until each answer. A client that is pushed to has all when the
//! server says that the state is done; at the start it is told first what is wrong with names and types. Half of the keys
//! are in a text, where the policy stays whole and is proved each time; half are in a condition, where it is broken most of
//! the time. The smallest policy shows what the machine and the transport take by themselves. `--write` puts the table into
//! `docs/performance.md`.

#[path = "../tests/driver/mod.rs"]
mod driver;

use driver::Session;
use ordain_tests::shapes;
use serde_json::json;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const BETWEEN_KEYS: Duration = Duration::from_millis(100);
/// Where the typing takes place; keys go into the title and behind the condition.
const RULE: &str = "rule typed \"\" { forbid video from vendor to student when approved }\n";
/// What is wrong with it before anything is proved.
const UNUSED: &str = "fact nobody_asks: yes/no\n";
const TITLE: &str = "what visitors may send to those who are in class ";
const CONDITION: &str = " and purpose is any of lesson, exam and not consent";
const BEFORE: &str = "<!-- from here: latency -->\n";
const BEHIND: &str = "<!-- to here: latency -->";

/// Milliseconds.
#[derive(Default)]
struct Times {
    /// To the first of several reports, from a server that pushes.
    first: Vec<f64>,
    diagnostics: Vec<f64>,
    completion: Vec<f64>,
    hover: Vec<f64>,
}

struct Run {
    rules: usize,
    pulls: bool,
    /// From the start of the server to the first diagnostics, and to all.
    start: (f64, f64),
    times: Times,
    /// Megabytes at the end, and the most there were.
    memory: (f64, f64),
    /// Seconds of processor time for all keys.
    work: f64,
}

fn main() -> ExitCode {
    let (mut keys, mut sizes, mut write) = (100, vec![12, 1_000, 10_000], false);
    let mut given = std::env::args().skip(1).filter(|a| a != "--bench");
    while let Some(option) = given.next() {
        match (option.as_str(), given.size_hint()) {
            ("--write", _) => write = true,
            ("--keys", _) => match given.next().and_then(|n| n.parse().ok()) {
                Some(n) if n > 1 => keys = n,
                _ => return usage("`--keys` needs a number above 1"),
            },
            ("--rules", _) => {
                let list = given.next().map(|l| l.split(',').map(str::parse).collect::<Result<Vec<usize>, _>>());
                match list {
                    Some(Ok(list)) => sizes = list,
                    _ => return usage("`--rules` needs numbers with commas"),
                }
            }
            (other, _) => return usage(&format!("`{other}` means nothing here")),
        }
    }
    let runs: Vec<Run> = sizes.iter().flat_map(|n| [true, false].map(|pulls| typed(*n, pulls, keys))).collect();
    let table = table(&runs, keys);
    println!("{table}");
    if write { written(&table) } else { ExitCode::SUCCESS }
}

fn usage(what: &str) -> ExitCode {
    eprintln!("error: {what}\nusage: latency [--keys N] [--rules N,N] [--write]");
    ExitCode::from(2)
}

/// The caret and the name of the rule in the text, and the text itself.
struct Editor {
    session: Session,
    uri: String,
    line: usize,
    version: i32,
}

fn typed(rules: usize, pulls: bool, keys: usize) -> Run {
    let policy = shapes::aup(rules, 1);
    // Before the section in the middle of the file.
    let middle = policy.len() / 2;
    let at = policy[middle..].find("\nsection ").map_or(policy.len(), |i| middle + i + 1);
    let text = format!("{}{UNUSED}{RULE}{}", &policy[..at], &policy[at..]);
    let line = text[..at].matches('\n').count() + 1;
    let began = Instant::now();
    let mut capabilities = json!({ "general": { "positionEncodings": ["utf-8"] } });
    if pulls {
        capabilities["textDocument"] = json!({ "diagnostic": {} });
    }
    let (session, _) = Session::start_with(&[("p.ordain", &text)], capabilities, json!({ "status": true }));
    let uri = session.file("p.ordain");
    let mut editor = Editor { session, uri, line, version: 1 };
    editor.session.open("p.ordain", &text);
    let mut times = Times::default();
    editor.all(pulls, began, None, &mut times);
    let all = times.diagnostics.pop().unwrap_or_default();
    let start = (times.first.first().copied().unwrap_or(all), all);
    // Whoever has opened a file looks at it first.
    std::thread::sleep(Duration::from_secs(if rules > 5_000 { 3 } else { 1 }));
    let before = editor.processor();
    let mut column = [RULE.find("\"").unwrap_or(0) + 1, RULE.find(" }").unwrap_or(0)];
    let half = keys / 2;
    for (i, key) in TITLE.chars().cycle().take(half).chain(CONDITION.chars().cycle().take(keys - half)).enumerate() {
        let began = Instant::now();
        let place = &mut column[usize::from(i >= half)];
        editor.key(key, *place);
        *place += 1;
        let caret = (i >= half).then_some(*place);
        if i < half {
            column[1] += 1;
        }
        editor.all(pulls, began, Some(caret), &mut times);
        std::thread::sleep(BETWEEN_KEYS.saturating_sub(began.elapsed()));
        // The condition is written once and taken away again.
        if i >= half && (i - half) % CONDITION.len() == CONDITION.len() - 1 {
            column[1] -= CONDITION.len();
            editor.version += 1;
            let place = |c: usize| json!({ "line": editor.line, "character": c });
            let range = json!({ "start": place(column[1]), "end": place(column[1] + CONDITION.len()) });
            editor.session.change("p.ordain", editor.version, json!([{ "range": range, "text": "" }]));
            editor.all(pulls, Instant::now(), None, &mut Times::default());
        }
    }
    let work = editor.processor() - before;
    let memory = editor.memory();
    assert_eq!(editor.session.end(), Some(0));
    Run { rules, pulls, start, times, memory, work }
}

impl Editor {
    fn key(&mut self, key: char, column: usize) {
        self.version += 1;
        let place = json!({ "line": self.line, "character": column });
        let edit = json!([{ "range": { "start": place, "end": place }, "text": key.to_string() }]);
        self.session.change("p.ordain", self.version, edit);
    }

    /// Asks what an editor asks after a key, and waits for all of it. `caret` is where completion is asked for.
    fn all(&mut self, pulls: bool, began: Instant, caret: Option<Option<usize>>, times: &mut Times) {
        let document = json!({ "uri": self.uri });
        let at =
            |column: usize| json!({ "textDocument": document, "position": { "line": self.line, "character": column } });
        let completion = caret.flatten().map(|c| self.session.start_request("textDocument/completion", at(c)));
        let hover = caret.map(|_| self.session.start_request("textDocument/hover", at(7)));
        let asked = json!({ "textDocument": document });
        let diagnostics = pulls.then(|| self.session.start_request("textDocument/diagnostic", asked));
        let mut open: Vec<i64> = [completion, hover, diagnostics].into_iter().flatten().collect();
        let mut done = pulls;
        while !open.is_empty() || !done {
            let message = self.session.read();
            let took = began.elapsed().as_secs_f64() * 1e3;
            if message["method"] == "ordain/status" && message["params"]["state"] == "done" && !pulls {
                done = true;
                times.diagnostics.push(took);
            }
            if message["method"] == "textDocument/publishDiagnostics" {
                let some = message["params"]["diagnostics"].as_array().is_some_and(|list| !list.is_empty());
                times.first.extend(some.then_some(took));
            }
            if message.get("method").is_some() {
                continue;
            }
            assert!(message.get("error").is_none(), "{message}");
            let id = message["id"].as_i64();
            open.retain(|i| Some(*i) != id);
            let list = match id {
                _ if id == completion => &mut times.completion,
                _ if id == hover => &mut times.hover,
                _ => &mut times.diagnostics,
            };
            list.push(took);
        }
    }

    /// Seconds of processor time of the server so far.
    fn processor(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.session.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
        let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) / 100.0
    }

    fn memory(&self) -> (f64, f64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.session.child.id())).unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find_map(|l| l.strip_prefix(name));
            let kilobytes = line.and_then(|l| l.trim_start_matches(':').split_whitespace().next()?.parse::<f64>().ok());
            kilobytes.unwrap_or(0.0) / 1e3
        };
        (of("VmRSS"), of("VmHWM"))
    }
}

/// The least time that so many percent of the keys did not exceed.
fn percentile(times: &[f64], percent: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

fn table(runs: &[Run], keys: usize) -> String {
    let mut out = format!(
        "Milliseconds from a key to what is shown, p50 / p95 / p99 of {keys} keys at ten a second.\n\n\
         | rules | client | all diagnostics | completion | hover | start to first, all diagnostics | memory, most | work per key |\n\
         |---:|---|---:|---:|---:|---:|---:|---:|\n"
    );
    for run in runs {
        let of = |times: &[f64]| [50, 95, 99].map(|p| format!("{:.1}", percentile(times, p))).join(" / ");
        let client = if run.pulls { "pulls" } else { "is pushed to" };
        out.push_str(&format!(
            "| {} | {client} | {} | {} | {} | {:.0}, {:.0} | {:.0} MB, {:.0} MB | {:.1} ms |\n",
            ordain::diagnostics::thousands(run.rules as u128),
            of(&run.times.diagnostics),
            of(&run.times.completion),
            of(&run.times.hover),
            run.start.0,
            run.start.1,
            run.memory.0,
            run.memory.1,
            run.work * 1e3 / keys as f64,
        ));
    }
    out
}

/// Puts the table between its marks.
fn written(table: &str) -> ExitCode {
    let path = format!("{}/../docs/performance.md", env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    let (Some((head, rest)), true) = (page.split_once(BEFORE), page.contains(BEHIND)) else {
        eprintln!("error: docs/performance.md has no marks for the table");
        return ExitCode::from(2);
    };
    let tail = rest.split_once(BEHIND).map_or("", |r| r.1);
    match std::fs::write(&path, format!("{head}{BEFORE}\n{table}\n{BEHIND}{tail}")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: docs/performance.md cannot be written: {error}");
            ExitCode::from(2)
        }
    }
}

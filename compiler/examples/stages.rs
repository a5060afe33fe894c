//! A policy of many rules -> how fast each stage reads it: `cargo run --release --example stages [RULES | FILE]`.
//!
//! Why it exists: lexing, parsing and checking are meant to keep up with 15 MB of text in a second and more; this says
//! which of them does, as the median of several runs.

use ordain::source::{FileId, Source, Sources};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Instant;

/// Rules over twelve facts with heads, times, exceptions and sections.
fn policy(rules: usize) -> String {
    let mut text = String::from(
        "policy large \"A large policy\" {\n  timezone \"America/Chicago\"\n  default forbid\n}\n\n\
         role student, staff { teacher, coach, counselor, administrator { principal, assistant } }, guardian\n\
         channel email, call, text, video { meet, zoom }, social { group_chat, direct }\n\n\
         fact account: one of district, personal, shared\n\
         fact purpose: one of lesson, safety, field_trip, bulk_alert, oral_exam, required_service\n\
         fact approved, recorded, consent: yes/no\n\
         fact attendees: number 0 to 500 people\n\
         fact fee: number 0.00 to 500.00 USD\n\
         fact invited, starts: datetime\n\
         fact present: set of role\n\n\
         define private = attendees <= 2 people and not recorded\n",
    );
    let mut rng = fastrand::Rng::with_seed(7);
    let channels = ["email", "call", "text", "video", "meet", "zoom", "social", "group_chat", "direct"];
    let roles = ["student", "staff", "teacher", "coach", "counselor", "administrator", "principal", "guardian"];
    let purposes = ["lesson", "safety", "field_trip", "bulk_alert", "oral_exam", "required_service"];
    for i in 0..rules {
        if i % 50 == 0 {
            if i > 0 {
                text.push_str("}\n");
            }
            let _ = write!(text, "\nsection \"Part {}\" {{\n", i / 50);
        }
        let c = *rng.choice(&channels).unwrap_or(&"email");
        let (a, b) = (roles[rng.usize(0..8)], roles[rng.usize(0..8)]);
        let mut parts: Vec<String> = Vec::new();
        for _ in 0..rng.usize(1..4) {
            let (low, fee, days) = (rng.u32(0..400), rng.u32(0..50000), rng.u32(1..9));
            parts.push(match rng.u8(0..9) {
                0 => "account is any of district, shared".into(),
                1 => format!("purpose is {}", purposes[rng.usize(0..6)]),
                2 => "approved".into(),
                3 => "not recorded".into(),
                4 => format!("attendees between {low} people and {} people", low + rng.u32(1..90)),
                5 => format!("fee <= {}.{:02} USD", fee / 100, fee % 100),
                6 => format!("invited at least {days} days before starts"),
                7 => format!("present include any of {a}, {b}"),
                _ => "(private or starts on weekdays)".into(),
            });
        }
        let verb = if rng.bool() { "permit" } else { "forbid" };
        let _ = write!(text, "  rule rule_{i} {{\n    {verb} {c} from {a} to {b} when {}\n", parts.join(" and "));
        if i % 5 == 0 {
            let _ =
                write!(text, "\n    except special_{i} {{\n      waive when purpose is {}\n    }}\n", purposes[i % 6]);
        }
        text.push_str("  }\n");
    }
    text + "}\n"
}

/// Seconds that this thread has run, where the system tells; what else runs on the machine counts less then.
fn busy(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|t| t.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or(start.elapsed().as_secs_f64(), |n| n / 1e9)
}

fn main() {
    let argument = std::env::args().nth(1).unwrap_or("10000".into());
    let text = match argument.parse() {
        Ok(rules) => policy(rules),
        Err(_) => std::fs::read_to_string(&argument).unwrap_or_default(),
    };
    // In the middle a condition is turned round.
    let middle = text.get(text.len() / 2..).and_then(|t| t.find(" when ")).map_or(0, |at| text.len() / 2 + at);
    let edited = format!("{}{}", &text[..middle], text[middle..].replacen(" when ", " when not ", 1));
    let runs: usize = std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(5);
    let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut said = String::new();
    let start = Instant::now();
    for _ in 0..runs {
        let mut clock = busy(start);
        let mut lap = |name: &'static str| {
            times.entry(name).or_default().push(busy(start) - clock);
            clock = busy(start);
        };
        let tokens = ordain::lex::lex(FileId(0), &text).0.len();
        lap("1 lex");
        let (file, errors) = ordain::parse::parse(FileId(0), &text);
        lap("2 lex and parse");
        let mut sources = Sources::default();
        sources.add(Source::new("policy.ordain", text.as_str()));
        lap("3 lines");
        let files = [(FileId(0), file)];
        let (model, faults) = ordain::check::check(&sources, &files, &BTreeMap::new());
        lap("4 resolve and check");
        said = format!(
            "{} bytes, {tokens} tokens, {} clauses, {} syntax errors, {} faults",
            text.len(),
            model.clauses.len(),
            errors.len(),
            faults.len()
        );
        drop(model);
        lap("5 drop the model");
        let [(_, file)] = files;
        lap("");
        let again = ordain::parse::parse_again(FileId(0), &text, file, &edited);
        lap("6 parse after an edit");
        said += if again.is_ok() { "" } else { ", parsed as a whole after an edit" };
        drop(again);
        lap("7 drop the tree");
    }
    println!("{said}");
    for (name, mut times) in times.into_iter().filter(|(name, _)| !name.is_empty()) {
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        let rate = |t: f64| text.len() as f64 / 1e6 / t;
        println!(
            "{name:<20} {:8.2} ms {:8.1} MB/s, best {:8.2} ms {:8.1} MB/s",
            median * 1e3,
            rate(median),
            times[0] * 1e3,
            rate(times[0])
        );
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|l| l.starts_with("VmHWM")).for_each(|l| println!("{l}"));
}

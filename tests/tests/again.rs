//! Random edits: what is found after an edit, from what was found before it, is what a fresh start finds; and what is
//! understood, what a fresh start understands.
//!
//! `cargo test` makes `DEFAULT` sessions. A full run is to be made after every change of the analysis:
//!
//! ```text
//! ORDAIN_CASES=2000 cargo test --profile thorough -p ordain-tests --test again -- --nocapture
//! ```

use ordain::model::{Clause, Cond};
use ordain::source::Span;
use ordain::workspace::{Change, Checked, Kept, Workspace};
use ordain_tests::random::generate::generate;
use ordain_tests::shapes;
use std::collections::BTreeMap;
use std::ops::Range;

/// Sessions of an ordinary run.
const DEFAULT: u64 = 60;
/// Edits of a session.
const EDITS: usize = 16;
/// Edits of a session of typing.
const KEYS: usize = 20;

type Files = BTreeMap<String, String>;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(otherwise)
}

fn workspace(files: &Files) -> Workspace {
    let mut workspace = Workspace::default();
    for (path, text) in files {
        workspace.apply(Change::Set { path: path.clone(), text: text.as_str().into() });
    }
    workspace
}

/// The parts of a clause's condition, where they are written in it.
fn parts(clause: &Clause) -> Vec<Span> {
    fn all(cond: &Cond, found: &mut Vec<Span>) {
        found.push(cond.span);
        cond.conjuncts().iter().filter(|c| c.span != cond.span).for_each(|c| all(c, found));
    }
    let mut found = Vec::new();
    all(&clause.scope, &mut found);
    let within = |s: &Span| s.file == clause.span.file && clause.span.contains(s.start) && clause.span.contains(s.end);
    found.retain(|s| within(s) && s.start < s.end);
    found
}

/// One edit: of the places of a text, with what is to stand there.
fn edit(files: &mut Files, rng: &mut fastrand::Rng, number: usize) -> Option<&'static str> {
    let checked = workspace(files).understand();
    let texts: Vec<(String, Span, String)> = checked
        .model
        .clauses
        .iter()
        .map(|c| (checked.sources.get(c.span.file).path.clone(), c.span, checked.sources.text(c.span).to_string()))
        .collect();
    let mut put = |path: &str, span: Span, text: &str| {
        if let Some(file) = files.get_mut(path) {
            file.replace_range(span.range(), text);
        }
    };
    let (one, other) = (rng.usize(0..texts.len().max(1)), rng.usize(0..texts.len().max(1)));
    let (path, span, text) = texts.get(one)?;
    let clause = &checked.model.clauses[one];
    match rng.usize(0..8) {
        0 => put(path, *span, ""),
        1 => {
            let (_, _, copy) = texts.get(other)?;
            let name = checked.model.clauses[other].name.to_string();
            let copy = copy.replacen(&name, &format!("copy_{number}"), 1);
            put(path, span.after(), &format!("\n{copy}\n"));
            return Some("copy");
        }
        2 => put(path, Span { end: span.start, ..*span }, "// a remark\n\n"),
        3 => {
            let keyword = clause.outcome.as_ref()?.keyword;
            let word = checked.sources.text(keyword).to_string();
            put(path, keyword, if word == "permit" { "forbid" } else { "permit" });
            return Some("turn");
        }
        4 => {
            let to = text.replacen(" and ", " or ", 1);
            put(path, *span, &to);
            return Some("or");
        }
        _ => {
            let (mine, theirs) = (parts(clause), parts(&checked.model.clauses[other]));
            let (mine, theirs) = (rng.choice(mine)?, rng.choice(theirs)?);
            let theirs = checked.sources.text(theirs).to_string();
            put(path, mine, &theirs);
            return Some("part");
        }
    }
    Some("line")
}

/// A session; how many of its states were found again, and how many in all.
fn session(mut files: Files, seed: u64, most: usize) -> (usize, usize) {
    let mut rng = fastrand::Rng::with_seed(seed ^ 0xed17);
    let mut kept: Option<Kept> = None;
    let (mut again, mut all) = (0, 0);
    let mut done = Vec::new();
    for number in 0..=EDITS {
        if number > 0 {
            let before = files.clone();
            done.push(edit(&mut files, &mut rng, number));
            // What is not understood, or grows too large for a test, is taken back, as people do.
            let checked = workspace(&files).understand();
            if !checked.complete || checked.model.clauses.len() > most {
                files = before;
            }
        }
        let checked = workspace(&files).understand();
        let (Some(found), Some(fresh)) = (checked.prove(&mut kept), checked.prove(&mut None)) else { continue };
        all += 1;
        again += usize::from(found.again);
        assert_eq!(found.kinds, fresh.kinds);
        let differs =
            found.diagnostics.iter().zip(&fresh.diagnostics).find(|(a, b)| format!("{a:?}") != format!("{b:?}"));
        if let Some((found, fresh)) = differs {
            let texts: Vec<String> = files.iter().map(|(p, t)| format!("// {p}\n{t}")).collect();
            panic!("seed {seed}, after {done:?}:\n{found:#?}\nbut at a fresh start\n{fresh:#?}\n{}", texts.join("\n"));
        }
        assert_eq!(found.diagnostics.len(), fresh.diagnostics.len(), "seed {seed}, after {done:?}");
    }
    (again, all)
}

#[test]
fn random_edits_of_small_policies() {
    let (from, count) = (number("ORDAIN_SEED", 0), number("ORDAIN_CASES", DEFAULT));
    let (mut again, mut all) = (0, 0);
    for seed in from..from + count {
        let files: Files = generate(seed).files().into_iter().collect();
        let (some, of) = session(files, seed, 40);
        again += some;
        all += of;
    }
    println!("{again} of {all} states were found from the one before");
    assert!(again * 3 > all, "{again} of {all}");
}

#[test]
fn random_edits_of_large_policies() {
    let count = number("ORDAIN_CASES", DEFAULT) / 60;
    let (mut again, mut all) = (0, 0);
    for seed in 0..count {
        for (shape, rules) in [("aup", 120), ("bpm5", 40), ("hard20", 30), ("wide40", 30), ("layers", 80)] {
            let Some(files) = shapes::by_name(shape, rules, seed) else { panic!("no shape {shape}") };
            let (some, of) = session(BTreeMap::from_iter(files), seed, 2 * rules);
            again += some;
            all += of;
        }
    }
    println!("{again} of {all} states were found from the one before");
    assert!(again * 3 > all, "{again} of {all}");
}

/// The words of a text, and what stands alone between them.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let end = at + c.len_utf8();
        let named = |c: char| c.is_alphanumeric() || c == '_';
        match found.last_mut() {
            Some(last) if last.end == at && named(c) && text[last.clone()].ends_with(named) => last.end = end,
            _ => found.push(at..end),
        }
    }
    found
}

/// One edit of a text; the word that comes new is one that stands somewhere in it.
fn key(text: &mut String, rng: &mut fastrand::Rng) {
    let words = words(text);
    let (Some(at), Some(other)) = (rng.choice(&words).cloned(), rng.choice(&words).cloned()) else { return };
    let other = text[other].to_string();
    let line = |at: usize| {
        text[..at].rfind('\n').map_or(0, |i| i + 1)..text[at..].find('\n').map_or(text.len(), |i| at + i + 1)
    };
    match rng.usize(0..9) {
        0 => text.replace_range(at, ""),
        1 => text.insert_str(at.start, &format!("{other} ")),
        2..=4 => text.replace_range(at, &other),
        5 => text.replace_range(line(at.start), ""),
        6 => {
            let copy = text[line(at.start)].to_string();
            text.insert_str(line(at.start).start, &copy);
        }
        7 => text.insert(at.end, 'x'),
        _ => text.insert_str(line(at.start).start, "// a remark\n"),
    }
}

fn all(checked: &Checked) -> [(&'static str, String); 3] {
    [
        ("model", format!("{:?}", checked.model)),
        ("names", format!("{:?}", checked.names.symbols)),
        ("diagnostics", format!("{:?}", checked.diagnostics)),
    ]
}

/// How many clauses were taken over, and how many there were.
fn typed(mut files: Files, seed: u64) -> (usize, usize) {
    let mut rng = fastrand::Rng::with_seed(seed ^ 0x7e1e);
    let paths: Vec<String> = files.keys().cloned().collect();
    let mut before = workspace(&files).understand();
    let mut good = files.clone();
    let (mut taken, mut clauses) = (0, 0);
    for number in 0..KEYS {
        if number % 3 == 0 {
            files.clone_from(&good);
        }
        if let Some(text) = rng.choice(&paths).and_then(|path| files.get_mut(path)) {
            key(text, &mut rng);
        }
        let fresh = workspace(&files).understand();
        let again = workspace(&files).understand_again(before.leave());
        for ((what, again), (_, fresh)) in all(&again).into_iter().zip(all(&fresh)) {
            if again != fresh {
                let at = again.chars().zip(fresh.chars()).position(|(a, b)| a != b).unwrap_or(0);
                let near = |text: &str| text.chars().skip(at.saturating_sub(400)).take(800).collect::<String>();
                let texts: Vec<String> = files.iter().map(|(p, t)| format!("// {p}\n{t}")).collect();
                let (again, fresh) = (near(&again), near(&fresh));
                panic!(
                    "seed {seed}, edit {number}: {what}\n{again}\nbut at a fresh start\n{fresh}\n{}",
                    texts.join("\n")
                );
            }
        }
        taken += again.taken_over();
        clauses += again.model.clauses.len();
        if again.complete {
            good.clone_from(&files);
        }
        before = again;
    }
    (taken, clauses)
}

/// Most states have errors, as while somebody types.
#[test]
fn random_typing() {
    let (from, count) = (number("ORDAIN_SEED", 0), number("ORDAIN_CASES", DEFAULT) / 4);
    let (mut taken, mut clauses) = (0, 0);
    for seed in from..from + count {
        let (some, of) = typed(generate(seed).files().into_iter().collect(), seed);
        taken += some;
        clauses += of;
    }
    println!("{taken} of {clauses} clauses were taken over from the state before");
    assert!(taken * 4 > clauses, "{taken} of {clauses}");
}

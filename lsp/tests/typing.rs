//! The founding policy, typed key by key from empty files: no key brings the server down, what is wrong in an unfinished
//! line hides nothing that is wrong elsewhere, and in the end the editor shows what `ordain check` prints. With `ORDAIN_EDITS` more is asked on the way.

mod driver;

use driver::Session;
use ordain::ide;
use ordain::workspace::{Change, Workspace};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// A mistake that stands in another file all the time.
const MISTAKE: &str = "rule mistaken { permit when no_such_fact }\n";

fn example(name: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name);
    let mut files: Vec<(String, String)> = std::fs::read_dir(&folder)
        .expect("the example")
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".ordain") || name.ends_with(".md") || name == "ordain.toml")
        .map(|name| (name.clone(), std::fs::read_to_string(folder.join(&name)).expect("a file")))
        .collect();
    files.sort();
    files
}

/// Code, place and message of each mark.
type Marks = Vec<(String, Value, String)>;

fn marks(list: &Value) -> Marks {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_string();
    let mark = |d: &Value| (text(&d["code"]), d["range"].clone(), text(&d["message"]));
    list.as_array().into_iter().flatten().map(mark).collect()
}

/// What the compiler says of these files, as marks.
fn checked(files: &[(String, String)]) -> BTreeMap<String, Marks> {
    let mut workspace = Workspace::default();
    for (path, text) in files {
        workspace.apply(Change::Set { path: path.clone(), text: text.as_str().into() });
    }
    let checked = workspace.check();
    assert!(checked.complete, "what is typed has neither syntax nor type errors in the end");
    let mut all = BTreeMap::new();
    for (file, found) in ide::diagnostics(&checked.diagnostics) {
        let source = checked.sources.get(file);
        let place = |offset: u32| {
            let (line, column) = source.line_column(offset);
            json!({ "line": line, "character": column })
        };
        let mark = |m: &ide::Marked| {
            let range = json!({ "start": place(m.span.start), "end": place(m.span.end) });
            (m.code.id.to_string(), range, m.text.clone())
        };
        all.insert(source.path.clone(), found.iter().map(mark).collect());
    }
    all
}

#[test]
fn the_founding_policy_is_typed_key_by_key() {
    assert_eq!(typed("student-aup"), 0, "the example is sound");
}

/// As its text words it, it contradicts itself.
#[test]
fn the_founding_policy_as_written_is_typed_key_by_key() {
    assert!(typed("student-aup/as-written") > 0, "what is found is meant to be there");
}

/// Two rules in conflict, on both sides of which something is typed.
const CONFLICT: [&str; 2] = [
    "policy phones {\n  default forbid\n}\nrole student, guardian\nchannel call, text\n",
    "rule lesson {\n  forbid call from student\n}\nrule call_home {\n  permit call from student to guardian\n}\n",
];
const TYPED: &str = "rule text_home {\n  permit text from student to guardian\n}\n";

/// What is proved of other clauses stays in sight, where they stand then, while a line is unfinished and holds an error.
#[test]
fn an_unfinished_line_hides_no_finding_of_other_clauses() {
    for above in [true, false] {
        let text = CONFLICT.concat();
        let (mut session, _) = Session::start(&[("p.ordain", text.as_str())], json!({}));
        session.open("p.ordain", &text);
        let proved = |list: &[Value]| list.iter().find(|d| d["code"] == "O3001").cloned();
        // Names and types come first, the proof behind them.
        while proved(&session.diagnostics("p.ordain", 1)).is_none() {}
        let place = if above { CONFLICT[0].len() } else { text.len() };
        let mut broken = 0;
        for i in 1..=TYPED.len() {
            let version = i as i32 + 1;
            let now = format!("{}{}{}", &text[..place], &TYPED[..i], &text[place..]);
            session.change("p.ordain", version, json!([{ "text": now }]));
            let list = session.diagnostics("p.ordain", version);
            let finding = proved(&list).unwrap_or_else(|| panic!("behind `{}`: {list:?}", &TYPED[..i]));
            let line = now.lines().position(|l| l.contains("permit call"));
            assert_eq!(finding["range"]["start"]["line"], json!(line), "behind `{}`", &TYPED[..i]);
            broken += usize::from(list.iter().any(|d| d["code"].as_str().is_some_and(|c| c.starts_with("O1"))));
        }
        assert!(broken > TYPED.len() / 2, "{broken} keys left an error");
        assert_eq!(session.end(), Some(0));
    }
}

/// Types the files of an example -> how many marks there are in the end, all of them those of the compiler.
fn typed(name: &str) -> usize {
    let files = example(name);
    let start: Vec<(&str, &str)> = files
        .iter()
        .filter(|(path, _)| !path.ends_with(".ordain"))
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .chain([("mistake.ordain", MISTAKE)])
        .collect();
    let capabilities = json!({
        "general": { "positionEncodings": ["utf-8"] },
        "textDocument": { "diagnostic": {} },
    });
    let (mut session, _) = Session::start(&start, capabilities);
    session.open("mistake.ordain", MISTAKE);
    let mistaken = session.file("mistake.ordain");
    let often = if std::env::var_os("ORDAIN_EDITS").is_some() { 40 } else { 400 };
    let ask = |session: &mut Session, uri: &str| {
        let answer = session.request("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
        assert_eq!(answer["kind"], "full", "{answer}");
        marks(&answer["items"])
    };
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".ordain")) {
        session.open(path, "");
        let uri = session.file(path);
        let (mut line, mut column, mut version) = (0, 0, 1);
        for (i, key) in text.chars().enumerate() {
            version += 1;
            let at = json!({ "line": line, "character": column });
            let edit = json!([{ "range": { "start": at, "end": at }, "text": key.to_string() }]);
            session.change(path, version, edit);
            (line, column) = if key == '\n' { (line + 1, 0) } else { (line, column + key.len_utf8()) };
            // An editor asks after each key; here after some, so that keys come faster than answers, too.
            if i % (often / 6) == 0 {
                let at = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": column } });
                session.start_request("textDocument/completion", at);
            }
            if i % often == 0 {
                let found = ask(&mut session, &mistaken);
                assert!(found.iter().any(|m| m.0 == "O2001"), "behind {i} keys of {path}: {found:?}");
            }
        }
    }
    // The mistake goes, and what is left is what the compiler says.
    session.change("mistake.ordain", 2, json!([{ "text": "" }]));
    let mut whole = files.clone();
    whole.push(("mistake.ordain".into(), String::new()));
    let wanted = checked(&whole);
    for (path, _) in files.iter().filter(|(path, _)| path.ends_with(".ordain") || path.ends_with(".md")) {
        let uri = session.file(path);
        assert_eq!(ask(&mut session, &uri), wanted.get(path).cloned().unwrap_or_default(), "{path}");
    }
    assert_eq!(session.end(), Some(0));
    wanted.values().map(Vec::len).sum()
}

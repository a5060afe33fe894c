//! Whole sessions with the built server: messages in, messages out.

mod driver;

use driver::Session;
use serde_json::{Value, json};

const CONFLICT: &str = "policy p { default forbid }
fact late: yes/no
rule a { permit when late }
rule b { forbid when late }
";

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().filter_map(|d| d["code"].as_str()).collect()
}

#[test]
fn a_conflict_comes_and_goes() {
    let (mut session, answer) = Session::start(&[("p.ordain", CONFLICT)], json!({}));
    assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(answer["capabilities"]["textDocumentSync"]["change"], 2);
    session.open("p.ordain", CONFLICT);
    let found = session.diagnostics("p.ordain", 1);
    assert_eq!(codes(&found), ["O3001"]);
    let conflict = &found[0];
    assert_eq!(conflict["source"], "ordain");
    assert_eq!(conflict["severity"], 1);
    assert!(conflict["message"].as_str().is_some_and(|text| text.starts_with("conflict: ")), "{conflict}");
    assert_eq!(conflict["relatedInformation"].as_array().map(Vec::len), Some(2), "{conflict}");
    let page = conflict["codeDescription"]["href"].as_str().unwrap_or_default();
    let page = std::fs::read_to_string(page.trim_start_matches("file://")).expect("the page of the code");
    assert!(page.starts_with("# O3001"), "{page}");

    // `late` in rule b becomes `not late`.
    let edit = json!([{ "range": { "start": { "line": 3, "character": 21 }, "end": { "line": 3, "character": 25 } },
                        "text": "not late" }]);
    session.change("p.ordain", 2, edit);
    assert_eq!(codes(&session.diagnostics("p.ordain", 2)), Vec::<&str>::new());
    assert_eq!(session.end(), Some(0));
}

#[test]
fn edits_apply_in_their_order_and_the_last_is_checked() {
    let (mut session, _) = Session::start(&[("p.ordain", "")], json!({}));
    session.open("p.ordain", "");
    for (i, c) in CONFLICT.chars().enumerate() {
        let typed: Vec<char> = CONFLICT.chars().take(i).collect();
        let line = typed.iter().filter(|c| **c == '\n').count();
        let column = typed.iter().rev().take_while(|c| **c != '\n').count();
        let at = json!({ "line": line, "character": column });
        let edit = json!([{ "range": { "start": at, "end": at }, "text": c.to_string() }]);
        session.change("p.ordain", i as i32 + 2, edit);
    }
    let last = CONFLICT.chars().count() as i32 + 1;
    assert_eq!(codes(&session.diagnostics("p.ordain", last)), ["O3001"]);
    assert_eq!(session.end(), Some(0));
}

#[test]
fn open_documents_go_before_files_and_files_belong_together() {
    let files = [
        ("facts.ordain", "fact late: yes/no\n"),
        ("rules.ordain", "use facts\npolicy p { default forbid }\nrule a { permit when late }\n"),
        ("more.ordain", "use facts\nrule b { forbid when early }\n"),
    ];
    let (mut session, answer) = Session::start(&files, json!({ "general": { "positionEncodings": ["utf-8"] } }));
    assert_eq!(answer["capabilities"]["positionEncoding"], "utf-8");
    session.open("more.ordain", "use facts\n// é\nrule b { forbid when early }\n");
    let found = session.diagnostics("more.ordain", 1);
    assert_eq!(codes(&found), ["O2001"]);
    assert_eq!(found[0]["range"]["start"], json!({ "line": 2, "character": 21 }));
    session.change("more.ordain", 2, json!([{ "text": "use facts\nrule b { forbid when late }\n" }]));
    // The project's first rule is in a file that is not open: the conflict is reported there.
    let (mut seen, uri) = (Vec::new(), session.file("rules.ordain"));
    while seen.is_empty() {
        let message = session.read();
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let found = params["diagnostics"].as_array().cloned().unwrap_or_default();
            seen = found.into_iter().filter(|d| d["code"] == "O3001").collect();
            assert!(
                seen.is_empty() || params["uri"] == json!(uri) || params["uri"] == json!(session.file("more.ordain"))
            );
        }
    }
    assert_eq!(session.end(), Some(0));
}

#[test]
fn leaving_without_shutdown_is_a_fault() {
    let (mut session, _) = Session::start(&[], json!({}));
    session.notify("exit", Value::Null);
    assert_eq!(session.child.wait().expect("the server ends").code(), Some(1));
    let (session, _) = Session::start(&[], json!({}));
    let Session { mut child, input, .. } = session;
    drop(input);
    assert_eq!(child.wait().expect("the server ends").code(), Some(1), "its input ended");
}

//! One working request for everything that the server announces, and nothing announced that no request here exercises.

mod driver;

use driver::Session;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const WORDS: &str =
    "use std.school\r\nfact account: one of district, personal\r\nfact late: yes/no\r\nchannel email, text\r\n";
const POLICY: &str = "use words
policy p \"😀 Policy\" { source \"policy.md\" default forbid }

section \"Devices\" cite \"policy.md#devices\" {
  // 😀 One.
  // Two.
  rule phone {
    forbid text from student to staff
    except approved { permit text when account is district and late }
  }
}
rule mail   { permit email from student, guardian when not late }
define odd = late or account is personal
rule strange { oblige report when odd }
duty report \"Tell\"
rule broken { forbid email when not lte }
expect \"mail is fine\" { some permit email }
";
const TEXT: &str = "# Policy\n\n## Devices\n\nPhones stay home.\n\n## Other\n\nNothing.\n";

const TIDY: &str = "use std.school
use std.calendar
policy p { default forbid }
fact late, ill: yes/no
rule a { permit to student when late }
rule asked { require ill when late }
";

/// What a current editor can.
fn editor() -> Value {
    json!({
        "textDocument": {
            "diagnostic": {},
            "definition": { "linkSupport": true },
            "completion": { "completionItem": { "snippetSupport": true } },
            "hover": { "contentFormat": ["markdown"] }
        },
        "workspace": {
            "diagnostics": { "refreshSupport": true },
            "codeLens": { "refreshSupport": true },
            "inlayHint": { "refreshSupport": true },
            "workspaceEdit": { "documentChanges": true }
        },
        "window": { "showDocument": { "support": true } }
    })
}

fn start() -> (Session, Value) {
    let files = [("words.ordain", WORDS), ("p.ordain", POLICY), ("policy.md", TEXT)];
    let (mut session, answer) = Session::start(&files, editor());
    session.open("p.ordain", POLICY);
    (session, answer["capabilities"].clone())
}

/// The position behind `before` in a text, in UTF-16 units.
fn behind(text: &str, before: &str) -> Value {
    let at = text.find(before).unwrap_or_else(|| panic!("`{before}` stands in the text")) + before.len();
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    json!({ "line": line, "character": text[start..at].encode_utf16().count() })
}

/// The features that are announced: the paths of the capabilities that are true or have options.
fn announced(value: &Value, path: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Bool(true) => drop(out.insert(path.to_string())),
        Value::Object(fields) if path.is_empty() || !fields.is_empty() => {
            if !path.is_empty() {
                out.insert(path.to_string());
            }
            for list in ["commands", "codeActionKinds"].map(|list| fields.get(list)) {
                for one in list.and_then(Value::as_array).into_iter().flatten() {
                    out.insert(format!("{path}.{}", one.as_str().unwrap_or_default()));
                }
            }
            for (key, inner) in fields.iter().filter(|(key, _)| *key != "legend") {
                let inner_path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                announced(inner, &inner_path, out);
            }
        }
        _ => {}
    }
}

struct Exercise {
    session: Session,
    done: BTreeSet<String>,
}

impl Exercise {
    /// Asks, and holds that there is an answer for a capability.
    fn ask(&mut self, capability: &str, method: &str, mut params: Value) -> Value {
        if params.get("textDocument").is_none() && method.starts_with("textDocument/") {
            params["textDocument"] = json!({ "uri": self.session.file("p.ordain") });
        }
        let answer = self.session.ask(method, params);
        let result = answer["result"].clone();
        let empty = result.is_null() || result.as_array().is_some_and(Vec::is_empty);
        assert!(!empty, "{capability}: {method} has no answer: {answer}");
        self.done.insert(capability.to_string());
        result
    }

    /// Asks for the actions of one kind between two places; there is just one.
    fn action(&mut self, kind: &str, (start, end): (&Value, &Value)) {
        let asked = json!({ "range": { "start": start, "end": end },
                            "context": { "diagnostics": [], "only": [kind] } });
        let capability = format!("codeActionProvider.{kind}");
        let actions = self.ask(&capability, "textDocument/codeAction", asked);
        assert_eq!(actions.as_array().map(Vec::len), Some(1), "{actions}");
        assert_eq!(actions[0]["kind"], kind, "{actions}");
    }

    fn at(&mut self, capability: &str, method: &str, before: &str) -> Value {
        self.ask(capability, method, json!({ "position": behind(POLICY, before) }))
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "one request after the other")]
fn everything_announced_works() {
    let (session, capabilities) = start();
    let mut e = Exercise { session, done: BTreeSet::new() };
    let mut wanted = BTreeSet::new();
    announced(&capabilities, "", &mut wanted);

    let hover = e.at("hoverProvider", "textDocument/hover", "when account is dis");
    assert!(hover["contents"]["value"].as_str().is_some_and(|t| t.contains("a value of `account`")), "{hover}");
    let found = e.at("definitionProvider", "textDocument/definition", "forbid text from stu");
    let library = found[0]["targetUri"].as_str().unwrap_or_default().trim_start_matches("file://").to_string();
    assert!(std::fs::read_to_string(&library).is_ok_and(|t| t.contains("role student")), "{found}");
    let heading = e.at("definitionProvider", "textDocument/definition", "cite \"policy.md#dev");
    assert_eq!(heading[0]["targetSelectionRange"]["start"], json!({ "line": 2, "character": 0 }));
    let found = e.ask(
        "referencesProvider",
        "textDocument/references",
        json!({ "position": behind(POLICY, "account is dis"), "context": { "includeDeclaration": true } }),
    );
    assert_eq!(found.as_array().map(Vec::len), Some(2), "{found}");
    let found = e.at("documentHighlightProvider", "textDocument/documentHighlight", "and la");
    assert_eq!(found.as_array().map(Vec::len), Some(3), "{found}");

    e.at("renameProvider.prepareProvider", "textDocument/prepareRename", "define od");
    // A file that is not understood, or a name that is not known, keeps nothing from being renamed that is known.
    let edit = e.ask(
        "renameProvider",
        "textDocument/rename",
        json!({ "position": behind(POLICY, "when od"), "newName": "unusual" }),
    );
    let edits = edit["documentChanges"][0]["edits"].as_array().cloned().unwrap_or_default();
    assert_eq!((edits.len(), edit["documentChanges"][0]["textDocument"]["version"].clone()), (2, json!(1)), "{edit}");
    let taken = json!({ "textDocument": { "uri": e.session.file("p.ordain") }, "position": behind(POLICY, "when od"),
                        "newName": "late" });
    let refused = e.session.ask("textDocument/rename", taken);
    assert!(refused["error"]["message"].as_str().is_some_and(|m| m.contains("already")), "{refused}");
    let linked = e.at("linkedEditingRangeProvider", "textDocument/linkedEditingRange", "define od");
    assert_eq!(linked["ranges"].as_array().map(Vec::len), Some(2), "{linked}");

    let rule = e.at("callHierarchyProvider", "textDocument/prepareCallHierarchy", "rule pho")[0].clone();
    let by = e.session.request("callHierarchy/incomingCalls", json!({ "item": rule }));
    assert_eq!(by[0]["from"]["name"], "phone.approved");
    let of = e.session.request("callHierarchy/outgoingCalls", json!({ "item": by[0]["from"] }));
    assert_eq!(of[0]["to"]["name"], "phone");

    let offers = e.at("completionProvider", "textDocument/completion", "when account is ");
    let labels: Vec<&str> = offers.as_array().into_iter().flatten().filter_map(|o| o["label"].as_str()).collect();
    assert_eq!(labels[..2], ["district", "personal"]);
    let resolved = e.ask("completionProvider.resolveProvider", "completionItem/resolve", offers[0].clone());
    assert!(resolved["documentation"]["value"].as_str().is_some_and(|t| t.contains("value of")), "{resolved}");

    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let edits = e.ask("documentFormattingProvider", "textDocument/formatting", json!({ "options": options }));
    assert_eq!(edits[0]["newText"], " ", "{edits}");
    let line = json!({ "start": { "line": 11, "character": 0 }, "end": { "line": 12, "character": 0 } });
    let ranged = json!({ "options": options, "range": line });
    e.ask("documentRangeFormattingProvider", "textDocument/rangeFormatting", ranged);
    let typed = json!({ "position": behind(POLICY, "when not late }"), "ch": "}", "options": options });
    e.ask("documentOnTypeFormattingProvider", "textDocument/onTypeFormatting", typed);

    let report = e.ask("diagnosticProvider", "textDocument/diagnostic", json!({}));
    let items = report["items"].as_array().cloned().unwrap_or_default();
    let unknown = items.iter().find(|d| d["code"] == "O2001").cloned().unwrap_or_default();
    assert!(unknown["message"].as_str().is_some_and(|m| m.contains("`lte`")), "{report}");
    let again = json!({ "previousResultId": report["resultId"] });
    let report = e.ask("diagnosticProvider", "textDocument/diagnostic", again);
    assert_eq!(report["kind"], "unchanged");
    let known = json!({ "previousResultIds": [] });
    let report = e.ask("diagnosticProvider.workspaceDiagnostics", "workspace/diagnostic", known);
    e.done.insert("diagnosticProvider.interFileDependencies".into());
    let first = &report["items"][0];
    assert_eq!((first["kind"].clone(), first["version"].clone()), (json!("full"), json!(1)), "{report}");

    let here = json!({ "range": { "start": behind(POLICY, "email when not lt"), "end": behind(POLICY, "email when not lt") },
                       "context": { "diagnostics": [unknown] } });
    let actions = e.ask("codeActionProvider", "textDocument/codeAction", here);
    let fix = &actions[0];
    assert_eq!((fix["title"].clone(), fix["kind"].clone()), (json!("did you mean `late`?"), json!("quickfix")));
    assert_eq!((fix["isPreferred"].clone(), fix["diagnostics"][0]["code"].clone()), (json!(true), json!("O2001")));
    e.done.insert("codeActionProvider.quickfix".into());
    let top = behind(POLICY, "use wor");
    e.action("source.fixAll", (&top, &top));

    let outline = e.ask("documentSymbolProvider", "textDocument/documentSymbol", json!({}));
    assert_eq!(outline[1]["children"][0]["children"][0]["name"], "approved", "{outline}");
    let found = e.ask("workspaceSymbolProvider", "workspace/symbol", json!({ "query": "accnt" }));
    assert_eq!(found[0]["name"], "account");
    let folds = e.ask("foldingRangeProvider", "textDocument/foldingRange", json!({}));
    assert!(folds.as_array().is_some_and(|f| f.iter().any(|f| f["kind"] == "comment")), "{folds}");
    let places = json!({ "positions": [behind(POLICY, "and la")] });
    let grown = e.ask("selectionRangeProvider", "textDocument/selectionRange", places);
    assert!(grown[0]["parent"]["parent"].is_object(), "{grown}");
    let links = e.ask("documentLinkProvider", "textDocument/documentLink", json!({}));
    assert!(links[2]["target"].as_str().is_some_and(|t| t.ends_with("policy.md#L3")), "{links}");

    let tokens = e.ask("semanticTokensProvider", "textDocument/semanticTokens/full", json!({}));
    e.done.insert("semanticTokensProvider.full".into());
    let old = tokens["data"].as_array().cloned().unwrap_or_default();
    assert!(old.len() > 100 && old.len().is_multiple_of(5), "{tokens}");
    let part = json!({ "range": line });
    let ranged = e.ask("semanticTokensProvider.range", "textDocument/semanticTokens/range", part);
    assert!(ranged["data"].as_array().is_some_and(|d| !d.is_empty() && d.len() < old.len()), "{ranged}");

    let whole = json!({ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } } });
    let hints = e.ask("inlayHintProvider", "textDocument/inlayHint", whole);
    assert!(hints[0]["label"].as_str().is_some_and(|l| l.starts_with("(teacher, ")), "{hints}");
    let lenses = e.ask("codeLensProvider", "textDocument/codeLens", json!({}));
    assert_eq!(lenses[0]["command"]["command"], "ordain.showTable");
    let lens = &lenses[1]["command"];
    assert_eq!((lens["title"].clone(), lens["command"].clone()), (json!("1 exception"), json!("ordain.show")));
    let command = json!({ "command": "ordain.show", "arguments": lens["arguments"] });
    assert_eq!(e.session.ask("workspace/executeCommand", command).get("error"), None);
    e.done.extend(["executeCommandProvider".into(), "executeCommandProvider.ordain.show".into()]);

    // The last word is corrected; the project is sound now, its tokens change a little, its rules get figures.
    let word = json!([{ "range": { "start": behind(POLICY, "email when not l"), "end": behind(POLICY, "email when not l") },
                        "text": "a" }]);
    e.session.change("p.ordain", 2, word);
    let old_id = json!({ "previousResultId": tokens["resultId"] });
    let delta = e.ask("semanticTokensProvider.full.delta", "textDocument/semanticTokens/full/delta", old_id);
    assert_eq!(delta["edits"].as_array().map(Vec::len), Some(1), "{delta}");
    let report = e.ask("diagnosticProvider", "textDocument/diagnostic", json!({}));
    let codes: Vec<&str> =
        report["items"].as_array().into_iter().flatten().filter_map(|d| d["code"].as_str()).collect();
    assert!(codes.contains(&"O3001") && !codes.contains(&"O2001"), "{codes:?}");
    e.action("refactor.extract", (&behind(POLICY, "permit text when "), &behind(POLICY, "when account is district")));
    let used = behind(POLICY, "when od");
    e.action("refactor.inline", (&used, &used));
    std::fs::write(e.session.folder.path().join("p.ordain"), POLICY.replace("not lte", "not late")).expect("a file");
    e.session.commit();
    let uri = e.session.file("p.ordain");
    let about = json!([{ "uri": uri }]);
    for command in ["table", "form", "decide", "expectations", "exceptions", "compare"] {
        let capability = format!("executeCommandProvider.ordain.{command}");
        let asked = json!({ "command": format!("ordain.{command}"), "arguments": about });
        e.ask(&capability, "workspace/executeCommand", asked);
    }
    for (command, arguments) in [("showTable", json!([uri])), ("runExpectation", json!([uri, "mail is fine"]))] {
        let asked = json!({ "command": format!("ordain.{command}"), "arguments": arguments });
        assert_eq!(e.session.ask("workspace/executeCommand", asked).get("error"), None);
        e.done.insert(format!("executeCommandProvider.ordain.{command}"));
    }

    let mut figures = Value::Null;
    while !figures.to_string().contains("of cases") {
        figures = e.ask("codeLensProvider", "textDocument/codeLens", json!({}));
    }
    let hover = e.at("hoverProvider", "textDocument/hover", "rule pho");
    assert!(hover["contents"]["value"].as_str().is_some_and(|t| t.contains("For example: ")), "{hover}");
    assert!(e.session.asked.contains(&"window/showDocument".to_string()), "{:?}", e.session.asked);

    for basic in ["textDocumentSync", "textDocumentSync.openClose", "workspace", "workspace.workspaceFolders"] {
        e.done.insert(basic.into());
    }
    let file = |name: &str| json!({ "uri": e.session.file(name) });
    let (a, b) = (file("a.ordain"), file("b.ordain"));
    e.session.notify("workspace/didCreateFiles", json!({ "files": [a] }));
    let renamed = json!({ "files": [{ "oldUri": a["uri"], "newUri": b["uri"] }] });
    e.session.notify("workspace/didRenameFiles", renamed);
    e.session.notify("workspace/didDeleteFiles", json!({ "files": [b] }));
    let words = json!({ "oldUri": e.session.file("words.ordain"), "newUri": e.session.file("names.ordain") });
    let edit = e.ask("workspace.fileOperations.willRename", "workspace/willRenameFiles", json!({ "files": [words] }));
    assert_eq!(edit["documentChanges"][0]["edits"][0]["newText"], "names", "{edit}");
    for basic in ["", ".didCreate", ".didRename", ".didDelete"] {
        e.done.insert(format!("workspace.fileOperations{basic}"));
    }
    e.done.insert("workspace.workspaceFolders.supported".into());
    e.done.insert("workspace.workspaceFolders.changeNotifications".into());
    assert_eq!(e.session.end(), Some(0));
    // Of a policy that is in order but for what it imports.
    let (mut session, _) = Session::start(&[], editor());
    session.open("p.ordain", TIDY);
    let mut e = Exercise { session, done: e.done };
    let start = json!({ "line": 0, "character": 0 });
    e.action("source.organizeImports", (&start, &start));
    let requirement = behind(TIDY, "requi");
    e.action("refactor.rewrite", (&requirement, &requirement));
    let missing: Vec<&String> = wanted.difference(&e.done).collect();
    assert_eq!(missing, Vec::<&String>::new(), "announced and not exercised");
    assert_eq!(e.session.end(), Some(0));
}

#[test]
fn cancelled_requests_are_skipped_and_the_rest_is_answered() {
    let (mut session, _) = start();
    let uri = session.file("p.ordain");
    let params = json!({ "textDocument": { "uri": uri }, "position": behind(POLICY, "when account is ") });
    let ids: Vec<i64> = (0..200).map(|_| session.start_request("textDocument/completion", params.clone())).collect();
    for id in ids.iter().filter(|id| **id % 2 == 0) {
        session.notify("$/cancelRequest", json!({ "id": id }));
    }
    let (mut answered, mut cancelled) = (0, 0);
    for _ in &ids {
        let message = loop {
            let message = session.read();
            if message.get("method").is_none() {
                break message;
            }
        };
        if message["error"]["code"] == -32800 { cancelled += 1 } else { answered += 1 }
    }
    assert_eq!(answered + cancelled, 200);
    assert!(answered >= 100, "{answered} answered, {cancelled} cancelled");
    assert_eq!(session.end(), Some(0));
}

#[test]
fn line_ends_stay_those_of_the_file() {
    let (mut session, _) = start();
    session.open("words.ordain", WORDS);
    let uri = session.file("words.ordain");
    let range = json!({ "start": behind(WORDS, "account: one of "), "end": behind(WORDS, "account: one of ") });
    session.change("words.ordain", 2, json!([{ "range": range, "text": "😀" }]));
    session.change(
        "words.ordain",
        3,
        json!([{ "text": "use std.school\r\nrule a {\r\npermit when late }\r\nfact late: yes/no" }]),
    );
    let edits = session.request(
        "textDocument/formatting",
        json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 2, "insertSpaces": true } }),
    );
    let texts: Vec<&str> = edits.as_array().into_iter().flatten().filter_map(|e| e["newText"].as_str()).collect();
    assert!(!texts.is_empty() && texts.iter().all(|t| t.matches('\n').count() == t.matches("\r\n").count()), "{edits}");
    assert_eq!(session.end(), Some(0));
}

#[test]
fn a_requirement_becomes_a_proviso_and_back() {
    let text = "policy p {\n  default forbid\n}\n\nfact late, ill: yes/no\n\nrule a { permit when late }\nrule asked { require ill when late }\n";
    let (mut session, _) = Session::start(&[("p.ordain", text)], editor());
    session.open("p.ordain", text);
    let rewrite = |session: &mut Session, text: &str, before: &str| {
        let at = behind(text, before);
        let params = json!({ "textDocument": { "uri": session.file("p.ordain") }, "range": { "start": at, "end": at },
                             "context": { "diagnostics": [], "only": ["refactor.rewrite"] } });
        session.request("textDocument/codeAction", params)
    };
    let actions = rewrite(&mut session, text, "requi");
    let title = "turn the requirement into a proviso of `a` (another rule gives the answer)";
    assert_eq!(actions[0]["title"], title, "{actions}");
    assert_eq!(actions[0]["kind"], "refactor.rewrite");
    let edit = &actions[0]["edit"]["documentChanges"][0]["edits"][0];
    assert_eq!(edit["newText"], "rule a { permit when late provided { asked: ill } }\n", "{actions}");
    let new = text.replace(
        "rule a { permit when late }\nrule asked { require ill when late }\n",
        "rule a { permit when late provided { asked: ill } }\n",
    );
    session.change("p.ordain", 2, json!([{ "text": new }]));
    let actions = rewrite(&mut session, &new, "ask");
    assert_eq!(actions[0]["title"], "turn the proviso `asked` into a requirement", "{actions}");
}

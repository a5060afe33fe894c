//! Projects as they come and go: files renamed, created and deleted, settings, documents without a file, several folders.

mod driver;

use driver::{Session, url};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

const RULES: &str =
    "use facts\npolicy p { default forbid source \"text.md\" }\nrule a { permit when late cite \"text.md#h\" }\n";
const FACTS: &str = "fact late: yes/no\n";
const TEXT: &str = "# Text\n\n## H\n\nNo.\n";

fn start(files: &[(&str, &str)]) -> Session {
    let capabilities = json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } });
    Session::start(files, capabilities).0
}

/// The codes of a file, once a state of the project has these; every state that is told is looked at.
fn wait(session: &mut Session, uri: &str, wanted: &[&str]) {
    loop {
        let message = session.read();
        if message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == json!(uri) {
            let list = message["params"]["diagnostics"].as_array().cloned().unwrap_or_default();
            let codes: Vec<&str> = list.iter().filter_map(|d| d["code"].as_str()).collect();
            if codes == wanted {
                return;
            }
        }
    }
}

fn files(session: &Session, old: &str, new: &str) -> Value {
    json!({ "files": [{ "oldUri": session.file(old), "newUri": session.file(new) }] })
}

/// Asks what to edit, edits, renames, and tells that it is done.
fn rename(session: &mut Session, old: &str, new: &str) -> usize {
    let moved = files(session, old, new);
    let edit = session.request("workspace/willRenameFiles", moved.clone());
    let mut changed = 0;
    for file in edit["documentChanges"].as_array().into_iter().flatten() {
        let path = file["textDocument"]["uri"].as_str().unwrap_or_default().trim_start_matches("file://").to_string();
        let mut lines: Vec<String> =
            std::fs::read_to_string(&path).expect("a file").split_inclusive('\n').map(String::from).collect();
        let mut edits = file["edits"].as_array().cloned().unwrap_or_default();
        edits.sort_by_key(|e| std::cmp::Reverse(e["range"]["start"]["character"].as_u64()));
        for edit in edits {
            let at = |end: &str, part: &str| edit["range"][end][part].as_u64().unwrap_or_default() as usize;
            let line = &mut lines[at("start", "line")];
            line.replace_range(
                at("start", "character")..at("end", "character"),
                edit["newText"].as_str().expect("a text"),
            );
            changed += 1;
        }
        std::fs::write(path, lines.concat()).expect("a file");
    }
    let (old, new) = (session.folder.path().join(old), session.folder.path().join(new));
    std::fs::create_dir_all(new.parent().expect("a folder")).expect("a folder");
    std::fs::rename(old, new).expect("a file");
    session.notify("workspace/didRenameFiles", moved);
    changed
}

#[test]
fn what_names_a_file_follows_it() {
    let watched = "use facts\nrule c { forbid when not late }\n";
    let others = "use facts\nrule b { forbid when not late cite \"../text.md#h\" }\n";
    let mut session = start(&[
        ("rules.ordain", RULES),
        ("facts.ordain", FACTS),
        ("text.md", TEXT),
        ("more/b.ordain", others),
        ("watch.ordain", watched),
    ]);
    session.open("watch.ordain", watched);
    let watch = session.file("watch.ordain");
    assert!(session.diagnostics("watch.ordain", 1).iter().all(|d| d["severity"] != 1));
    // The file that everybody uses goes into a folder, the folder gets another name, the text moves.
    assert_eq!(rename(&mut session, "facts.ordain", "shared/words.ordain"), 3);
    session.change("watch.ordain", 2, json!([{ "text": "use shared.words\nrule c { forbid when not late }\n" }]));
    assert_eq!(rename(&mut session, "text.md", "texts/policy.md"), 3);
    // Its path leads from the root of the project now, so this changes nothing.
    assert_eq!(rename(&mut session, "more", "other"), 0);
    let read =
        |session: &Session, path: &str| std::fs::read_to_string(session.folder.path().join(path)).expect("a file");
    assert_eq!(
        read(&session, "rules.ordain"),
        RULES.replace("use facts", "use shared.words").replace("text.md", "texts/policy.md")
    );
    assert!(
        read(&session, "other/b.ordain").contains("cite \"texts/policy.md#h\""),
        "{}",
        read(&session, "other/b.ordain")
    );
    // Everything still leads somewhere.
    session.change("watch.ordain", 3, json!([{ "text": "use shared.words\nrule c { forbid when not lat }\n" }]));
    wait(&mut session, &watch, &["O2001"]);
    session.change("watch.ordain", 4, json!([{ "text": "use shared.words\nrule c { forbid when not late }\n" }]));
    let found = session.diagnostics("watch.ordain", 4);
    assert!(found.iter().all(|d| d["severity"] != 1), "{found:?}");
    assert_eq!(session.end(), Some(0));
}

#[test]
fn files_and_folders_come_and_go() {
    let mut session =
        start(&[("rules.ordain", "use facts\npolicy p { default forbid }\nrule a { permit when late }\n")]);
    session.open("rules.ordain", "use facts\npolicy p { default forbid }\nrule a { permit when late }\n");
    let rules = session.file("rules.ordain");
    wait(&mut session, &rules, &["O2012"]);
    let (facts, folder) = (session.folder.path().join("facts.ordain"), session.folder.path().join("sub"));
    std::fs::write(&facts, FACTS).expect("a file");
    session.notify("workspace/didCreateFiles", json!({ "files": [{ "uri": url(&facts) }] }));
    wait(&mut session, &rules, &[]);
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("c.ordain"), "use facts\nrule c { forbid when late }\n").expect("a file");
    session.notify("workspace/didCreateFiles", json!({ "files": [{ "uri": url(&folder) }] }));
    wait(&mut session, &rules, &["O3001"]);
    std::fs::remove_dir_all(&folder).expect("no folder");
    session.notify("workspace/didDeleteFiles", json!({ "files": [{ "uri": url(&folder) }] }));
    wait(&mut session, &rules, &[]);
    std::fs::remove_file(&facts).expect("no file");
    session.notify("workspace/didDeleteFiles", json!({ "files": [{ "uri": session.file("facts.ordain") }] }));
    wait(&mut session, &rules, &["O2012"]);
    assert_eq!(session.end(), Some(0));
}

#[test]
fn settings_are_read_again() {
    let rules = "policy p { default forbid in force until 2020-01-01 }\nfact late: yes/no\nrule a { permit when late in force until 2019-01-01 }\n";
    let mut session = start(&[("p.ordain", rules), ("ordain.toml", "[check]\n")]);
    session.open("p.ordain", rules);
    let (policy, settings) = (session.file("p.ordain"), session.file("ordain.toml"));
    assert!(session.diagnostics("p.ordain", 1).iter().all(|d| d["code"] != "O5005"));
    session.open("ordain.toml", "[check]\nas-of = 2026-01-01\nlevel = 3\n");
    wait(&mut session, &settings, &["O9003"]);
    session.change("ordain.toml", 2, json!([{ "text": "[check]\nas-of = 2026-01-01\n" }]));
    wait(&mut session, &settings, &[]);
    loop {
        let message = session.read();
        if message["params"]["uri"] == json!(policy) && message["params"]["diagnostics"].to_string().contains("O5005") {
            break;
        }
    }
    assert_eq!(session.end(), Some(0));
}

/// Files that come, change and go without the editor: it watches them, and says so.
#[test]
fn what_changes_on_disk_is_read_again() {
    let rules = "policy p { default forbid }\nfact late: yes/no\nrule a { permit when late }\n";
    let mut session = start(&[("p.ordain", rules)]);
    session.open("p.ordain", rules);
    let uri = session.file("p.ordain");
    assert!(session.diagnostics("p.ordain", 1).is_empty());
    let told = |session: &mut Session, path: &str, kind: u8| {
        let changes = json!({ "changes": [{ "uri": session.file(path), "type": kind }] });
        session.notify("workspace/didChangeWatchedFiles", changes);
    };
    let write = |session: &Session, path: &str, text: &str| {
        std::fs::write(session.folder.path().join(path), text).expect("a file");
    };
    write(&session, "more.ordain", "use p\nrule b { forbid when late }\n");
    told(&mut session, "more.ordain", 1);
    wait(&mut session, &uri, &["O3001"]);
    write(&session, "more.ordain", "use p\nrule b { forbid when not late }\n");
    told(&mut session, "more.ordain", 2);
    wait(&mut session, &uri, &[]);
    write(&session, "more.ordain", "use p\nrule b { forbid when late }\n");
    told(&mut session, "more.ordain", 2);
    wait(&mut session, &uri, &["O3001"]);
    std::fs::remove_file(session.folder.path().join("more.ordain")).expect("it is there");
    told(&mut session, "more.ordain", 3);
    wait(&mut session, &uri, &[]);
    let settings = session.file("ordain.toml");
    write(&session, "ordain.toml", "[check]\nlevel = 3\n");
    told(&mut session, "ordain.toml", 1);
    wait(&mut session, &settings, &["O9003"]);
    assert_eq!(session.end(), Some(0));
}

/// What nothing uses is greyed out.
#[test]
fn what_is_unnecessary_is_tagged() {
    let rules = "policy p { default forbid }\nfact late, ill: yes/no\nrule a { permit when late }\n";
    let mut session = start(&[("p.ordain", rules)]);
    session.open("p.ordain", rules);
    let found = session.diagnostics("p.ordain", 1);
    let unused = found.iter().find(|d| d["code"] == "O5001").expect("a mark");
    assert_eq!(unused["tags"], json!([1]), "{unused}");
    assert_eq!(session.end(), Some(0));
}

#[test]
fn documents_without_a_file_are_projects_of_their_own() {
    let mut session = start(&[("p.ordain", "policy p { default forbid }\n")]);
    let untitled = "untitled:Untitled-1";
    let text =
        "policy q { default forbid }\nfact late: yes/no\nrule a { permit when late }\nrule b { forbid when late }\n";
    let document = json!({ "uri": untitled, "languageId": "ordain", "version": 1, "text": text });
    session.notify("textDocument/didOpen", json!({ "textDocument": document }));
    wait(&mut session, untitled, &["O3001"]);
    let at = json!({ "textDocument": { "uri": untitled }, "position": { "line": 2, "character": 6 } });
    let hover = session.request("textDocument/hover", at);
    assert!(hover["contents"]["value"].as_str().is_some_and(|t| t.contains("rule a")), "{hover}");
    let table = json!({ "command": "ordain.table", "arguments": [{ "uri": untitled }] });
    assert_eq!(session.request("workspace/executeCommand", table)["title"], "q");
    let compare = json!({ "command": "ordain.compare", "arguments": [{ "uri": untitled }] });
    let refused = session.ask("workspace/executeCommand", compare)["error"]["message"].clone();
    assert!(refused.as_str().is_some_and(|m| m.contains("lies in no folder")), "{refused}");
    session.notify("textDocument/didClose", json!({ "textDocument": { "uri": untitled } }));
    wait(&mut session, untitled, &[]);
    assert_eq!(session.end(), Some(0));
}

#[test]
fn several_folders_are_several_projects() {
    let one = "policy one { default forbid }\nfact late: yes/no\nrule a { permit when late }\n";
    let mut session = start(&[("one/p.ordain", one), ("two/p.ordain", &one.replace("one", "two"))]);
    let folder = |session: &Session, name: &str| json!({ "uri": session.file(name), "name": name });
    let event = json!({ "added": [folder(&session, "one"), folder(&session, "two")], "removed": [] });
    session.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    // The same names in both are no clash.
    session.open("one/p.ordain", one);
    assert_eq!(session.diagnostics("one/p.ordain", 1), Vec::<Value>::new());
    session.open("two/p.ordain", "policy two { default forbid }\nrule a { permit when late }\n");
    let two = session.file("two/p.ordain");
    wait(&mut session, &two, &["O2001"]);
    let event = json!({ "added": [], "removed": [folder(&session, "one"), folder(&session, "two")] });
    session.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    // In the folder above both are one project, and the names clash.
    loop {
        let message = session.read();
        if message["params"]["diagnostics"].to_string().contains("O2002") {
            break;
        }
    }
    assert_eq!(session.end(), Some(0));
}

#[test]
fn one_client_may_come_over_tcp() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_ordain-lsp"))
        .args(["--tcp", "0"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut said = BufReader::new(server.stderr.take().expect("what it says"));
    let mut line = String::new();
    said.read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("listening on ").expect("an address").to_string();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    let mut stream = std::net::TcpStream::connect(&address).expect("a connection");
    let send = |stream: &mut std::net::TcpStream, message: Value| {
        let body = message.to_string();
        write!(stream, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("it is read");
    };
    send(&mut stream, json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } }));
    let mut answer = vec![0; 200];
    stream.read_exact(&mut answer).expect("an answer");
    assert!(String::from_utf8_lossy(&answer).contains("\"result\":{\"capabilities\""));
    // Whoever goes away without `shutdown` leaves a fault behind, as over standard input.
    drop(stream);
    assert_eq!(server.wait().expect("the server ends").code(), Some(1));
    for (arguments, why) in [
        (&["--tcp"][..], "`--tcp` needs a port"),
        (&["--tcp", "x"], "`x` is no address"),
        (&["--tcp", "99999"], "`99999` is no address"),
        (&["--tcp", "192.0.2.1:0"], "cannot be listened on"),
        (&["--stdio", "more"], "`more` means nothing here"),
    ] {
        let done = Command::new(env!("CARGO_BIN_EXE_ordain-lsp")).args(arguments).output().expect("it starts");
        assert_eq!(done.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&done.stderr).contains(why), "{done:?}");
    }
}

/// What needs no proof is said at once, in a policy whose proof takes a while; then all of it. Also to a client that asks,
/// if it can be told to ask again; who cannot be told waits for all.
#[test]
fn quick_results_come_first() {
    let shape = ordain_tests::shapes::aup(1_000, 1);
    let policy = format!("{shape}\nfact never_asked: yes/no\nrule again {{ permit }}\nrule other {{ forbid }}\n");
    let codes = |list: &Value| -> Vec<String> {
        let list = list.as_array().expect("a list");
        list.iter().map(|d| d["code"].as_str().unwrap_or_default().to_string()).collect()
    };
    let quick = |codes: &[String]| codes.iter().any(|c| c == "O5001") && !codes.iter().any(|c| c == "O3001");
    let all = |codes: &[String]| codes.iter().any(|c| c == "O5001") && codes.iter().any(|c| c == "O3001");

    let (mut session, _) = Session::start(&[("p.ordain", &policy)], json!({}));
    session.open("p.ordain", &policy);
    let first = codes(&json!(session.diagnostics("p.ordain", 1)));
    assert!(quick(&first), "{first:?}");
    let next = codes(&json!(session.diagnostics("p.ordain", 1)));
    assert!(all(&next));
    assert_eq!(session.end(), Some(0));

    for refreshes in [true, false] {
        let capabilities = json!({
            "textDocument": { "diagnostic": {} },
            "workspace": { "diagnostics": { "refreshSupport": refreshes } },
        });
        let (mut session, _) = Session::start(&[("p.ordain", &policy)], capabilities);
        session.open("p.ordain", &policy);
        let asked = json!({ "textDocument": { "uri": session.file("p.ordain") } });
        let first = codes(&session.request("textDocument/diagnostic", asked.clone())["items"]);
        if refreshes {
            assert!(quick(&first), "{first:?}");
            loop {
                session.asked.clear();
                if all(&codes(&session.request("textDocument/diagnostic", asked.clone())["items"])) {
                    break;
                }
                session.until_asked("workspace/diagnostic/refresh");
            }
        } else {
            assert!(all(&first));
        }
        assert_eq!(session.end(), Some(0));
    }
}

/// Who asks for diagnostics is told when those of files that it did not touch are others.
#[test]
fn diagnostics_are_asked_for_again() {
    for (refreshes, wanted) in [(json!({ "refreshSupport": true }), true), (json!({}), false)] {
        let capabilities = json!({
            "textDocument": { "diagnostic": {} },
            "workspace": { "diagnostics": refreshes, "codeLens": { "refreshSupport": true } },
        });
        let (mut session, _) = Session::start(&[("rules.ordain", RULES), ("facts.ordain", FACTS)], capabilities);
        session.open("rules.ordain", RULES);
        let pulled = |session: &mut Session| {
            let uri = session.file("rules.ordain");
            let report = session.request("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
            report["items"].as_array().expect("a report").iter().any(|d| d["code"] == "O2001")
        };
        assert!(!pulled(&mut session));
        std::fs::write(session.folder.path().join("facts.ordain"), "fact early: yes/no\n").expect("a file");
        let facts = session.file("facts.ordain");
        let changes = json!({ "changes": [{ "uri": facts, "type": 2 }] });
        session.notify("workspace/didChangeWatchedFiles", changes);
        // Where the client cannot be told, it has to ask by itself.
        if wanted {
            session.until_asked("workspace/diagnostic/refresh");
        }
        assert!(pulled(&mut session));
        assert_eq!(session.asked.iter().any(|method| method == "workspace/diagnostic/refresh"), wanted);
        assert_eq!(session.end(), Some(0));
    }
}

//! The commands of the server: each answers as its schema says, and says the same as the command line.

mod driver;
#[path = "../../compiler/tests/cli/schema.rs"]
mod schema;

use driver::Session;
use schema::assert_fits;
use serde_json::{Value, json};

const POLICY: &str = "use std.school
policy club \"Chess club\" { default forbid }
fact late: yes/no \"after eight\"
fact fee: number 0.00 to 20.00 USD
fact guests: set of role student, teacher
fact starts: date 2026-01-01 to 2026-12-31 if late
channel email, text
duty tell \"Tell the office\"
rule phone \"No texts to staff\" {
  forbid text from student to staff
  except coach { permit text from student to teacher when late provided { cheap: fee < 5.00 USD } }
}
rule mail { permit email when not late }
rule report { oblige tell when late }
expect \"texts in the day are forbidden\" { forbid text from student to teacher when not late }
expect \"mail is fine\" { permit email when late }
";

/// A client that shows documents, and does these commands itself.
fn start(commands: Value, text: &str) -> (Session, Value) {
    let capabilities = json!({ "window": { "showDocument": { "support": true } } });
    let options = json!({ "status": true, "commands": commands });
    let (mut session, answer) = Session::start_with(&[("p.ordain", text)], capabilities, options);
    session.open("p.ordain", text);
    (session, answer)
}

fn ask(session: &mut Session, command: &str, argument: Value) -> Value {
    let mut argument = argument;
    argument["uri"] = json!(session.file("p.ordain"));
    session.ask("workspace/executeCommand", json!({ "command": command, "arguments": [argument] }))
}

fn get(session: &mut Session, command: &str, argument: Value) -> Value {
    let answer = ask(session, command, argument);
    assert!(answer.get("error").is_none(), "{command}: {answer}");
    answer["result"].clone()
}

fn refusal(session: &mut Session, command: &str, argument: Value) -> String {
    let answer = ask(session, command, argument);
    answer["error"]["message"].as_str().unwrap_or_else(|| panic!("{command} is not refused: {answer}")).to_string()
}

#[test]
fn tables_have_rows_and_the_places_of_their_rules() {
    let (mut session, _) = start(json!([]), POLICY);
    let table = get(&mut session, "ordain.table", json!({}));
    assert_fits("editor#/$defs/table", &table);
    assert_eq!(table["title"], "Chess club");
    assert_eq!((&table["decision"], &table["hit"]), (&json!("verdict"), &json!("unique")));
    let note = table["note"].as_str().unwrap_or_default();
    assert!(note.starts_with("Every case is in exactly one row. Proved: these "), "{note}");
    let labels: Vec<&str> =
        table["columns"].as_array().into_iter().flatten().filter_map(|c| c["label"].as_str()).collect();
    assert_eq!(labels, ["channel", "sender", "recipient", "late", "fee (USD)", "verdict", "duties", "rules"]);
    let rows = table["rows"].as_array().cloned().unwrap_or_default();
    assert!(rows.iter().all(|r| r["cells"].as_array().map(Vec::len) == Some(labels.len())), "{table:#}");
    let coach = rows.iter().find(|r| r["cells"][7] == "phone.coach, report" && r["verdict"] == "permit");
    let coach = coach.unwrap_or_else(|| panic!("a row of `coach`: {table:#}"));
    assert_eq!(coach["rules"][0]["name"], "phone.coach");
    assert_eq!(coach["rules"][0]["range"]["start"], json!({ "line": 10, "character": 9 }));
    assert!(rows.iter().any(|r| r["cells"][4] == ""), "what does not matter is empty: {table:#}");

    let collect = get(&mut session, "ordain.table", json!({ "hit": "collect", "decision": "verdict" }));
    assert_eq!(collect["hit"], "collect");
    assert!(refusal(&mut session, "ordain.table", json!({ "decision": "mood" })).contains("it decides `verdict`"));
    assert!(refusal(&mut session, "ordain.table", json!({ "hit": "any" })).contains("`any` is no hit policy"));

    session.change("p.ordain", 2, json!([{ "text": POLICY.replace("when not late }\nrule", "when not lte }\nrule") }]));
    let table = get(&mut session, "ordain.table", json!({}));
    assert_fits("editor#/$defs/table", &table);
    let problem = "There is 1 error in the text; the table comes back when the text is in order.";
    assert_eq!((&table["problem"], &table["rows"]), (&json!(problem), &json!([])));
    let elsewhere = json!({ "command": "ordain.table", "arguments": [{ "uri": session.file("none.ordain") }] });
    assert_eq!(session.request("workspace/executeCommand", elsewhere), Value::Null);
    let nowhere = session.ask("workspace/executeCommand", json!({ "command": "ordain.table", "arguments": [] }));
    assert_eq!(nowhere["error"]["code"], -32602);
    assert_eq!(session.end(), Some(0));
}

#[test]
fn forms_ask_what_decide_takes() {
    let (mut session, _) = start(json!([]), POLICY);
    let form = get(&mut session, "ordain.form", json!({}));
    assert_fits("editor#/$defs/form", &form);
    let facts = form["facts"].as_array().cloned().unwrap_or_default();
    let types: Vec<String> = facts.iter().map(|f| format!("{}: {}", f["name"], f["type"]).replace('"', "")).collect();
    let all =
        "channel: channel, sender: role, recipient: role, late: yesno, fee: number, guests: several, starts: date";
    assert_eq!(types.join(", "), all);
    assert_eq!(
        (&facts[4]["min"], &facts[4]["decimals"], &facts[4]["unit"]),
        (&json!("0.00"), &json!(2), &json!("USD"))
    );
    assert_eq!((&facts[6]["max"], &facts[6]["optional"]), (&json!("2026-12-31"), &json!(true)));
    assert_eq!(facts[3]["text"], "after eight");
    // Every value and bound that the form offers can be given.
    for fact in &facts {
        let values =
            fact["values"].as_array().into_iter().flatten().chain(fact["groups"].as_array().into_iter().flatten());
        let mut given: Vec<Value> = values.map(|v| v["name"].clone()).collect();
        given.extend(["min", "max"].into_iter().filter_map(|end| fact.get(end).cloned()));
        for value in given {
            let name = fact["name"].as_str().unwrap_or_default();
            let decided = get(&mut session, "ordain.decide", json!({ "case": { name: value } }));
            assert_fits("decide", &decided);
        }
    }
    assert_eq!(session.end(), Some(0));
}

#[test]
fn cases_are_decided_and_explained() {
    let (mut session, _) = start(json!([]), POLICY);
    let case = json!({ "channel": "text", "sender": "student", "recipient": "teacher", "late": true, "fee": 7.5 });
    let decided = get(&mut session, "ordain.decide", json!({ "case": case }));
    assert_fits("decide", &decided);
    let answer = &decided["answers"][0];
    assert_eq!((&answer["result"], &answer["by"][0]["rule"]), (&json!("forbid"), &json!("phone.coach")));
    assert_eq!(answer["by"][0]["failing"][0]["proviso"], "cheap");
    assert_eq!(answer["nearest_change"]["changes"][0]["fact"], "fee");
    assert_eq!(decided["duties"][0]["duty"], "tell");
    // Nothing is known yet: what it depends on.
    let open = get(&mut session, "ordain.decide", json!({}));
    assert_eq!(open["answers"][0]["result"], Value::Null);
    for (case, why) in [
        (json!({ "chanel": "text" }), "the policy has no fact `chanel`; did you mean `channel`?"),
        (json!({ "fee": "80" }), "`80` is no value of `fee`; write a number from 0.00 to 20.00 USD"),
        (json!({ "late": false, "starts": "2026-03-04" }), "no case has"),
    ] {
        let refused = refusal(&mut session, "ordain.decide", json!({ "case": case }));
        assert!(refused.starts_with(why), "{refused}");
    }
    assert_eq!(session.end(), Some(0));
}

#[test]
fn expectations_tell_their_status_and_what_they_cover() {
    let (mut session, _) = start(json!([]), POLICY);
    let found = get(&mut session, "ordain.expectations", json!({}));
    assert_fits("editor#/$defs/expectations", &found);
    let all = found["expectations"].as_array().cloned().unwrap_or_default();
    assert_eq!((&all[0]["status"], all[0].get("message")), (&json!("passed"), None));
    assert_eq!(all[1]["status"], "failed");
    assert!(all[1]["message"].as_str().is_some_and(|m| m.contains("\nfor example: ")), "{}", all[1]);
    let covered: Vec<String> = found["coverage"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|c| format!("{} {} {}", c["kind"], c["name"], c["by"].as_array().map_or(0, Vec::len)).replace('"', ""))
        .collect();
    let wanted =
        ["rule phone 1", "exception phone.coach 0", "proviso phone.coach.cheap 0", "rule mail 0", "rule report 0"];
    assert_eq!(covered, wanted);
    assert_eq!(session.end(), Some(0));
}

#[test]
fn exceptions_are_trees() {
    let text = format!("{POLICY}exception visit to phone.coach {{ waive when fee = 0.00 USD }}\n");
    let (mut session, _) = start(json!([]), &text);
    let found = get(&mut session, "ordain.exceptions", json!({}));
    assert_fits("editor#/$defs/exceptions", &found);
    let roots = found["roots"].as_array().cloned().unwrap_or_default();
    assert_eq!(roots.len(), 1, "{found:#}");
    let coach = &roots[0]["children"][0];
    assert_eq!((&roots[0]["text"], &roots[0]["verdict"]), (&json!("No texts to staff"), &json!("forbid")));
    assert_eq!((&coach["name"], &coach["relation"]), (&json!("phone.coach"), &json!("exception")));
    assert_eq!((&coach["children"][0]["name"], &coach["children"][0]["verdict"]), (&json!("visit"), &json!("waive")));
    assert_eq!(session.end(), Some(0));
}

#[test]
fn unsaved_texts_are_compared_with_a_revision() {
    let (mut session, _) = start(json!([]), POLICY);
    assert!(refusal(&mut session, "ordain.compare", json!({})).contains("lies in no git repository"));
    session.commit();
    let same = get(&mut session, "ordain.compare", json!({ "revision": "HEAD" }));
    assert_fits("editor#/$defs/compare", &same);
    assert_eq!(same["same"], true);

    let new = POLICY.replace("permit email when not late", "permit email");
    session.change("p.ordain", 2, json!([{ "text": new }]));
    for format in ["markdown", "text", "html", "json"] {
        let changed = get(&mut session, "ordain.compare", json!({ "revision": "HEAD", "format": format }));
        assert_fits("editor#/$defs/compare", &changed);
        assert_eq!(changed["same"], false);
        assert!(changed["text"].as_str().is_some_and(|t| t.contains("mail")), "{format}: {changed}");
        if format == "json" {
            let document: Value = serde_json::from_str(changed["text"].as_str().unwrap_or_default()).expect("JSON");
            assert_fits("compare", &document);
            assert_eq!(document["widened"].as_u64().map(|n| n > 0), Some(true));
            assert_eq!(document["edits"][0]["old_place"]["file"], "HEAD:p.ordain");
        }
    }
    assert!(
        refusal(&mut session, "ordain.compare", json!({ "revision": "nowhere" })).contains("git knows no revision")
    );
    assert!(refusal(&mut session, "ordain.compare", json!({ "format": "pdf" })).contains("`pdf` is no format"));
    session.change("p.ordain", 3, json!([{ "text": "rule a { permit" }]));
    assert!(refusal(&mut session, "ordain.compare", json!({})).contains("the new version (`.`) has errors"));
    assert_eq!(session.end(), Some(0));
}

#[test]
fn the_status_of_a_project_is_told_as_it_changes() {
    let (mut session, _) = start(json!([]), POLICY);
    let mut states = Vec::new();
    let mut read = |session: &mut Session| loop {
        let message = session.read();
        if message["method"] == "ordain/status" {
            let status = message["params"].clone();
            assert_fits("editor#/$defs/status", &status);
            states.push(status["state"].as_str().unwrap_or_default().to_string());
            if status["state"] == "done" {
                return status;
            }
        }
    };
    let first = read(&mut session);
    assert_eq!((&first["name"], &first["errors"]), (&json!("Chess club"), &json!(1)));
    session.change(
        "p.ordain",
        2,
        json!([{ "text": POLICY.replace("permit email when late", "forbid email when late") }]),
    );
    let second = read(&mut session);
    assert_eq!(second["errors"], 0);
    assert!(second["number"].as_u64() > first["number"].as_u64());
    let table = get(&mut session, "ordain.table", json!({}));
    assert_eq!(table["number"], second["number"]);
    assert_eq!(states, ["reading", "proving", "done", "proving", "done"]);
    assert_eq!(session.end(), Some(0));
}

/// The lenses once the state has been measured: titles and commands.
fn lenses(session: &mut Session) -> Vec<(String, String, Value)> {
    let uri = session.file("p.ordain");
    loop {
        let found = session.request("textDocument/codeLens", json!({ "textDocument": { "uri": uri } }));
        if found.to_string().contains("\"holds\"") {
            let list = found.as_array().cloned().unwrap_or_default();
            let text = |v: &Value| v.as_str().unwrap_or_default().to_string();
            let of = |l: &Value| {
                let command = &l["command"];
                (text(&command["title"]), text(&command["command"]), command["arguments"].clone())
            };
            return list.iter().map(of).collect();
        }
    }
}

#[test]
fn lenses_lead_to_what_the_client_does_itself() {
    let own = json!(["ordain.showTable", "ordain.runExpectation", "ordain.why"]);
    let (mut session, answer) = start(own, POLICY);
    let commands = answer["capabilities"]["executeCommandProvider"]["commands"].to_string();
    assert!(!commands.contains("showTable") && commands.contains("ordain.table"), "{commands}");
    let found = lenses(&mut session);
    let titles =
        |command: &str| -> Vec<&str> { found.iter().filter(|l| l.1 == command).map(|l| l.0.as_str()).collect() };
    assert_eq!(titles("ordain.showTable"), ["show table"]);
    assert_eq!(titles("ordain.runExpectation"), ["holds", "fails"]);
    let why: Vec<&Value> = found.iter().filter(|l| l.1 == "ordain.why").map(|l| &l.2[1]).collect();
    let case = json!({ "channel": "text", "sender": "student", "recipient": "teacher", "late": "no" });
    assert_eq!(why, [&case, &json!({ "channel": "email", "late": "yes" })]);
    let decided = get(&mut session, "ordain.decide", json!({ "case": case }));
    assert_eq!(decided["answers"][0]["result"], "forbid");
    assert_eq!(session.end(), Some(0));
}

#[test]
fn the_server_does_what_the_client_cannot() {
    let (mut session, answer) = start(json!([]), POLICY);
    let commands = answer["capabilities"]["executeCommandProvider"]["commands"].to_string();
    assert!(commands.contains("ordain.showTable") && commands.contains("ordain.runExpectation"), "{commands}");
    let found = lenses(&mut session);
    assert!(found.iter().all(|l| l.1 != "ordain.why"), "{found:?}");
    // Runs the command of a lens and reads until the server asks the client for something.
    let run = |session: &mut Session, title: &str, method: &str| {
        let (_, command, arguments) = found.iter().find(|l| l.0 == title).cloned().expect("the lens");
        session.start_request("workspace/executeCommand", json!({ "command": command, "arguments": arguments }));
        loop {
            let message = session.read();
            assert!(message.get("error").is_none(), "{message}");
            if message["method"] == method {
                return message["params"].clone();
            }
        }
    };
    let page = run(&mut session, "show table", "window/showDocument");
    assert_eq!(page["external"], true);
    let file = page["uri"].as_str().unwrap_or_default().trim_start_matches("file://").to_string();
    assert!(std::fs::read_to_string(file).is_ok_and(|t| t.contains("<title>Chess club</title>")), "{page}");
    let said = run(&mut session, "fails", "window/showMessage");
    assert_eq!(said["type"], 1);
    assert!(said["message"].as_str().is_some_and(|m| m.starts_with("\"mail is fine\" fails: ")), "{said}");
    assert_eq!(session.end(), Some(0));
}

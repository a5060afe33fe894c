//! Many random edits with requests between them: the server's text stays that of the client, every diagnostic is for a
//! version that there was, and later ones never for an earlier version.

mod driver;

use driver::Session;
use serde_json::{Value, json};

const EDITS: usize = 600;
const START: &str = "policy p \"é😀\" { default forbid }\nfact late, ill: yes/no\r\nchannel email, text\nrule a { permit email when late }\nrule b { forbid when ill and late }\n";
const PIECES: [&str; 16] = [
    "rule c { permit text }\n",
    " and ill",
    "late",
    "\r\n",
    "é",
    "😀",
    "}",
    "{",
    " ",
    "when ",
    "// x\n",
    "\"",
    "fact z: yes/no\n",
    "not ",
    "(",
    ")",
];

/// A small generator of numbers; the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// The position of a byte offset, in UTF-16 units.
fn position(text: &str, at: usize) -> Value {
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    json!({ "line": line, "character": text[start..at].encode_utf16().count() })
}

/// A place between two characters where a position of the protocol can point: not within a line end.
fn place(text: &str, numbers: &mut Numbers) -> usize {
    let mut at = numbers.below(text.len() + 1);
    while !text.is_char_boundary(at) || text[..at].ends_with('\r') && text[at..].starts_with('\n') {
        at -= 1;
    }
    at
}

/// Reads one message: whether it answers `id`. Diagnostics never go back to an earlier version.
fn read(session: &mut Session, seen: &mut i32, last: &mut Value, version: i32, id: i64) -> bool {
    let message = session.read();
    if message["method"] == "textDocument/publishDiagnostics" {
        let now = message["params"]["version"].as_i64().expect("a version") as i32;
        assert!(now >= *seen && now <= version, "version {now} after {seen}");
        (*seen, *last) = (now, message["params"]["diagnostics"].clone());
    }
    message.get("method").is_none() && message["id"] == json!(id)
}

#[test]
fn the_text_stays_that_of_the_client() {
    let (mut session, _) = Session::start(&[("p.ordain", START)], json!({}));
    session.open("p.ordain", START);
    let uri = session.file("p.ordain");
    let (mut text, mut numbers, mut version) = (START.to_string(), Numbers(7), 1);
    let (mut seen, mut last) = (0, Value::Null);
    for i in 0..EDITS {
        let mut changes = Vec::new();
        for _ in 0..=numbers.below(2) {
            let (a, b) = (place(&text, &mut numbers), place(&text, &mut numbers));
            // Mostly typing; sometimes a few characters go.
            let (a, mut b) = (a.min(b), a.max(b));
            if b - a > 12 || numbers.below(3) > 0 {
                b = a;
            }
            let piece = PIECES[numbers.below(PIECES.len())];
            let range = json!({ "start": position(&text, a), "end": position(&text, b) });
            text.replace_range(a..b, piece);
            changes.push(json!({ "range": range, "text": piece }));
        }
        version += 1;
        session.change("p.ordain", version, json!(changes));
        if i % 3 == 0 {
            let at = position(&text, place(&text, &mut numbers));
            let method = ["hover", "completion", "definition", "codeAction"][numbers.below(4)];
            let range = json!({ "start": at, "end": at });
            let params = json!({ "textDocument": { "uri": uri }, "position": at, "range": range,
                                 "context": { "diagnostics": [] } });
            let id = session.start_request(&format!("textDocument/{method}"), params);
            if i % 9 == 0 {
                session.notify("$/cancelRequest", json!({ "id": id }));
            }
            // Whoever never reads blocks the server. Cancelled or not, there is one answer.
            while !read(&mut session, &mut seen, &mut last, version, id) {}
        }
        if text.len() > 3_000 {
            version += 1;
            text = START.into();
            session.change("p.ordain", version, json!([{ "text": START }]));
        }
    }
    while seen < version {
        read(&mut session, &mut seen, &mut last, version, 0);
    }
    let symbols = json!({ "textDocument": { "uri": uri } });
    let outline = session.request("textDocument/documentSymbol", symbols);
    assert_eq!(session.end(), Some(0));

    // Somebody who opens the client's text sees the same.
    let (mut fresh, _) = Session::start(&[("p.ordain", START)], json!({}));
    fresh.open("p.ordain", &text);
    let codes = |list: &Value| -> Vec<Value> {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter().map(|d| json!([d["code"], d["range"], d["message"]])).collect()
    };
    assert_eq!(codes(&json!(fresh.diagnostics("p.ordain", 1))), codes(&last));
    let symbols = json!({ "textDocument": { "uri": fresh.file("p.ordain") } });
    assert_eq!(fresh.request("textDocument/documentSymbol", symbols), outline);
    assert_eq!(fresh.end(), Some(0));
}

//! Many random edits of several files with requests and cancels between them: the server's texts stay those of the client,
//! an answer is for exactly the version at which it was asked, every diagnostic is for a version that there was, later ones
//! never for an earlier version, and memory stays flat. `ORDAIN_EDITS=20000` makes so many edits instead of 2,000.

mod driver;

use driver::Session;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const FILES: [(&str, &str); 3] = [
    ("facts.ordain", "fact late, ill: yes/no\r\nchannel email, text\r\n// é\r\n"),
    ("p.ordain", "use facts\npolicy p \"é😀\" { default forbid }\nrule a { permit email when late }\n"),
    ("q.ordain", "use facts\nrule b { forbid when ill and late }\n// 😀\n"),
];
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

/// What the client knows.
struct Mirror {
    session: Session,
    /// By path: text, version, and the version of the last diagnostics with what they say.
    files: BTreeMap<&'static str, (String, i32, i32, Value)>,
    answered: usize,
    cancelled: usize,
}

impl Mirror {
    fn start(files: &[(&'static str, String)]) -> Self {
        let texts: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let (mut session, _) = Session::start(&texts, json!({}));
        let mut known = BTreeMap::new();
        for (path, text) in files {
            session.open(path, text);
            known.insert(*path, (text.clone(), 1, 0, Value::Null));
        }
        Self { session, files: known, answered: 0, cancelled: 0 }
    }

    /// Reads one message; the answer if it is one.
    fn read(&mut self) -> Option<Value> {
        let message = self.session.read();
        if message["method"] == "textDocument/publishDiagnostics" {
            let uri = message["params"]["uri"].as_str().unwrap_or_default().to_string();
            let known = self.files.iter_mut().find(|(path, _)| uri.ends_with(&format!("/{path}")));
            let (_, (_, version, seen, last)) = known.expect("a file of the project");
            // Only a file that is not open yet has none.
            let now = message["params"]["version"].as_i64().unwrap_or(0) as i32;
            assert!(now >= *seen && now <= *version, "version {now} after {seen}");
            (*seen, *last) = (now, message["params"]["diagnostics"].clone());
        }
        message.get("method").is_none().then_some(message)
    }

    fn answer(&mut self, id: i64) -> Value {
        loop {
            if let Some(message) = self.read()
                && message["id"] == json!(id)
            {
                return message;
            }
        }
    }

    /// A few edits of one file in one message.
    fn edit(&mut self, path: &'static str, numbers: &mut Numbers) {
        let Some((text, version, ..)) = self.files.get_mut(path) else { return };
        let mut changes = Vec::new();
        for _ in 0..=numbers.below(2) {
            let (a, b) = (place(text, numbers), place(text, numbers));
            // Mostly typing; sometimes a few characters go.
            let (a, mut b) = (a.min(b), a.max(b));
            if b - a > 12 || numbers.below(3) > 0 {
                b = a;
            }
            let piece = PIECES[numbers.below(PIECES.len())];
            let range = json!({ "start": position(text, a), "end": position(text, b) });
            text.replace_range(a..b, piece);
            changes.push(json!({ "range": range, "text": piece }));
        }
        if text.len() > 2_000 {
            *text = FILES.iter().find(|f| f.0 == path).map_or(String::new(), |f| f.1.to_string());
            changes.push(json!({ "text": text }));
        }
        *version += 1;
        let version = *version;
        self.session.change(path, version, json!(changes));
    }

    /// A request of some kind. The whole text, as one selection, says for which version the answer is.
    fn ask(&mut self, path: &'static str, numbers: &mut Numbers) {
        let uri = self.session.file(path);
        let text = self.files[path].0.clone();
        let at = position(&text, place(&text, numbers));
        let whole = self.session.start_request(
            "textDocument/selectionRange",
            json!({ "textDocument": { "uri": uri }, "positions": [position(&text, 0)] }),
        );
        let method = ["hover", "completion", "definition", "codeAction", "documentSymbol"][numbers.below(5)];
        let mut params = json!({ "textDocument": { "uri": uri }, "position": at });
        if method == "codeAction" {
            params["range"] = json!({ "start": at, "end": at });
            params["context"] = json!({ "diagnostics": [] });
        }
        let id = self.session.start_request(&format!("textDocument/{method}"), params);
        let cancel = numbers.below(3) == 0;
        if cancel {
            self.session.notify("$/cancelRequest", json!({ "id": id }));
        }
        // What comes behind must not change what is answered.
        let next = FILES[numbers.below(FILES.len())].0;
        self.edit(next, numbers);
        // Answers may come in any order.
        let (mut selection, mut other) = (None, None);
        while selection.is_none() || other.is_none() {
            match self.read() {
                Some(message) if message["id"] == json!(whole) => selection = Some(message),
                Some(message) if message["id"] == json!(id) => other = Some(message),
                _ => {}
            }
        }
        let mut range = &selection.as_ref().expect("an answer")["result"][0];
        while range["parent"].is_object() {
            range = &range["parent"];
        }
        assert_eq!(range["range"]["end"], position(&text, text.len()), "the whole text of this version");
        match other.expect("an answer")["error"]["code"].as_i64() {
            None => self.answered += 1,
            Some(-32800) if cancel => self.cancelled += 1,
            Some(code) => panic!("{method}: error {code}"),
        }
    }

    /// Megabytes.
    fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.session.child.id())).ok()?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1_000)
    }

    /// Reads until the last version of every file has its diagnostics: those that the client sees in the end.
    fn settle(&mut self) -> Vec<Value> {
        let marks = |list: &Value| -> Vec<Value> {
            let list = list.as_array().cloned().unwrap_or_default();
            list.iter().map(|d| json!([d["code"], d["range"], d["message"]])).collect()
        };
        for path in FILES.map(|f| f.0) {
            // An empty change makes a version that nothing was said about yet.
            let Some((_, version, ..)) = self.files.get_mut(path) else { continue };
            *version += 1;
            let version = *version;
            self.session.change(path, version, json!([]));
        }
        while self.files.values().any(|(_, version, seen, _)| seen < version) {
            self.read();
        }
        // A proof may be on its way still.
        let uri = self.session.file("p.ordain");
        let command = json!({ "command": "ordain.expectations", "arguments": [{ "uri": uri }] });
        let id = self.session.start_request("workspace/executeCommand", command);
        self.answer(id);
        std::thread::sleep(std::time::Duration::from_millis(500));
        let id = self.session.start_request("workspace/symbol", json!({ "query": "" }));
        self.answer(id);
        FILES.iter().map(|f| json!(marks(&self.files[f.0].3))).collect()
    }
}

#[test]
fn the_texts_stay_those_of_the_client() {
    let edits: usize = std::env::var("ORDAIN_EDITS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let files: Vec<(&str, String)> = FILES.iter().map(|(path, text)| (*path, text.to_string())).collect();
    let (mut mirror, mut numbers) = (Mirror::start(&files), Numbers(7));
    let mut early = None;
    for i in 0..edits {
        let path = FILES[numbers.below(FILES.len())].0;
        mirror.edit(path, &mut numbers);
        if i % 5 == 0 {
            mirror.ask(path, &mut numbers);
        }
        if i == edits / 4 {
            early = mirror.memory();
        }
    }
    let late = mirror.memory();
    let shown = mirror.settle();
    let outline = |mirror: &mut Mirror| -> Vec<Value> {
        FILES
            .iter()
            .map(|(path, _)| {
                let uri = mirror.session.file(path);
                let id = mirror
                    .session
                    .start_request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }));
                mirror.answer(id)["result"].clone()
            })
            .collect()
    };
    let symbols = outline(&mut mirror);
    assert!(mirror.answered > edits / 10 && mirror.cancelled > 0, "{} answered", mirror.answered);
    // What is kept does not grow with the edits; the allocator may keep some more.
    if let (Some(early), Some(late)) = (early, late) {
        assert!(late <= early + early / 2 + 20, "{early} MB after a quarter of the edits, {late} MB in the end");
    }
    let texts: Vec<(&str, String)> = FILES.iter().map(|(path, _)| (*path, mirror.files[path].0.clone())).collect();
    assert_eq!(mirror.session.end(), Some(0));

    // Somebody who opens the client's texts sees the same.
    let mut fresh = Mirror::start(&texts);
    assert_eq!(fresh.settle(), shown);
    assert_eq!(outline(&mut fresh), symbols);
    assert_eq!(fresh.session.end(), Some(0));
}

//! A client that drives the built server over its standard input and output.

#![allow(dead_code, reason = "each test file uses a part of it")]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// So long a message may take, also on a machine that has much else to do.
const LONG: Duration = Duration::from_secs(120);

pub struct Session {
    pub child: Child,
    pub input: ChildStdin,
    output: Receiver<Value>,
    pub folder: tempfile::TempDir,
    /// The methods that the server has asked the client for.
    pub asked: Vec<String>,
    id: i64,
}

impl Session {
    pub fn start(files: &[(&str, &str)], capabilities: Value) -> (Self, Value) {
        Self::start_with(files, capabilities, Value::Null)
    }

    /// The same with what the client says besides the protocol.
    pub fn start_with(files: &[(&str, &str)], capabilities: Value, options: Value) -> (Self, Value) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_ordain-lsp"))
            .env("XDG_CACHE_HOME", folder.path().join(".cache"))
            .env("LOCALAPPDATA", folder.path().join(".cache"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = child.stdin.take().expect("its input");
        let mut reader = BufReader::new(child.stdout.take().expect("its output"));
        let (messages, output) = channel();
        std::thread::spawn(move || {
            while let Some(message) = message(&mut reader)
                && messages.send(message).is_ok()
            {}
        });
        let mut session = Self { child, input, output, folder, asked: Vec::new(), id: 0 };
        let root = url(session.folder.path());
        let answer = session.request(
            "initialize",
            json!({ "processId": null, "rootUri": root, "capabilities": capabilities, "initializationOptions": options,
                    "workspaceFolders": [{ "uri": root, "name": "test" }] }),
        );
        session.notify("initialized", json!({}));
        (session, answer)
    }

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        // In one piece, as editors write it.
        let message = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.input.write_all(message.as_bytes()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    /// The next message; a server that is silent for long, or has gone, is a fault.
    pub fn read(&mut self) -> Value {
        let message = self.output.recv_timeout(LONG).expect("a message of the server");
        // A fault is caught, so that the server goes on, and told.
        let said = message["params"]["message"].as_str().unwrap_or_default();
        assert!(message["method"] != "window/logMessage" || !said.contains("internal fault"), "{said}");
        message
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and reads until its answer.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        self.ask(method, params)["result"].clone()
    }

    /// The same with the whole answer, errors included.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.start_request(method, params);
        self.answer(id)
    }

    /// Sends a request without waiting for its answer.
    pub fn start_request(&mut self, method: &str, params: Value) -> i64 {
        self.id += 1;
        let id = self.id;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        id
    }

    /// Reads until the answer to a request; requests of the server are answered with nothing.
    pub fn answer(&mut self, id: i64) -> Value {
        loop {
            let message = self.read();
            if message["id"] == json!(id) && message.get("method").is_none() {
                return message;
            }
            if message.get("method").is_some() && message.get("id").is_some() {
                self.asked.push(message["method"].as_str().unwrap_or_default().to_string());
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
            }
        }
    }

    /// Reads until the server has asked the client for this, perhaps before now.
    pub fn until_asked(&mut self, method: &str) {
        while !self.asked.iter().any(|asked| asked == method) {
            let message = self.read();
            let (asked, id) = (message["method"].as_str().unwrap_or_default(), &message["id"]);
            if !id.is_null() {
                self.asked.push(asked.to_string());
                self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
            }
        }
    }

    pub fn file(&self, path: &str) -> String {
        url(&self.folder.path().join(path))
    }

    pub fn open(&mut self, path: &str, text: &str) {
        let uri = self.file(path);
        let document = json!({ "uri": uri, "languageId": "ordain", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub fn change(&mut self, path: &str, version: i32, changes: Value) {
        let uri = self.file(path);
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": changes }),
        );
    }

    /// Reads until this version of a file has its diagnostics.
    pub fn diagnostics(&mut self, path: &str, version: i32) -> Vec<Value> {
        let uri = self.file(path);
        loop {
            let message = self.read();
            if message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == json!(uri)
                && message["params"]["version"] == json!(version)
            {
                return message["params"]["diagnostics"].as_array().cloned().unwrap_or_default();
            }
        }
    }

    /// Makes the folder a git repository, with all its files in one commit.
    pub fn commit(&self) {
        let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
        for arguments in [&["init", "--quiet"][..], &["add", "*.*"], &["commit", "--quiet", "-m", "First"]] {
            let git = Command::new("git").current_dir(self.folder.path()).args(identity).args(arguments).output();
            assert!(git.as_ref().is_ok_and(|d| d.status.success()), "git {arguments:?}: {git:?}");
        }
    }

    /// Shuts down and returns the exit code.
    pub fn end(mut self) -> Option<i32> {
        assert_eq!(self.request("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        self.child.wait().expect("the server ends").code()
    }
}

/// The next message of a stream; `None` at its end.
fn message(reader: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().expect("a length"),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("JSON"))
}

pub fn url(path: &Path) -> String {
    let path: PathBuf = path.canonicalize().or_else(|_| Ok::<_, ()>(path.to_path_buf())).expect("a path");
    format!("file://{}", path.display())
}

//! A temporary folder with files, and the command run in it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

pub struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let bench = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        files.iter().for_each(|(path, text)| bench.write(path, text));
        bench
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        self.write_bytes(path, text.as_bytes());
    }

    pub fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(path)).expect("a file")
    }

    pub fn exists(&self, path: &str) -> bool {
        self.folder.path().join(path).exists()
    }

    /// Standard output, then `-- remarks --` and standard error if there is any, then the exit code if it is not 0.
    pub fn run(&self, args: &[&str]) -> String {
        shown(&self.output("", "", args))
    }

    pub fn run_in(&self, folder: &str, args: &[&str]) -> String {
        shown(&self.output(folder, "", args))
    }

    pub fn run_with(&self, input: &str, args: &[&str]) -> String {
        shown(&self.output("", input, args))
    }

    pub fn code(&self, args: &[&str]) -> i32 {
        self.code_with("", args)
    }

    pub fn code_with(&self, input: &str, args: &[&str]) -> i32 {
        self.output("", input, args).status.code().expect("an exit code")
    }

    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        serde_json::from_slice(&self.output("", "", args).stdout).expect("JSON")
    }

    /// The exit code where nobody reads the output.
    pub fn run_unread(&self, args: &[&str]) -> Option<i32> {
        let mut child = command(self.folder.path(), args).stdout(Stdio::piped()).spawn().expect("the command starts");
        drop(child.stdout.take());
        child.wait().expect("the command ends").code()
    }

    /// A command that goes on until it is interrupted.
    pub fn spawn(&self, args: &[&str]) -> Running {
        let mut child = command(self.folder.path(), args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let (out, (send, lines)) = (child.stdout.take().expect("its output"), mpsc::channel());
        std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).for_each(|line| drop(send.send(line)));
        });
        Running { child, lines }
    }

    pub fn output(&self, folder: &str, input: &str, args: &[&str]) -> Output {
        let mut child = command(&self.folder.path().join(folder), args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        // A command that reads no input may be gone already.
        let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
        child.wait_with_output().expect("the command ends")
    }
}

pub struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    /// Reads on until a line is this one.
    pub fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if line == text => return,
                Ok(_) => {}
                Err(error) => {
                    let _ = self.child.kill();
                    panic!("`{text}` does not come: {error}");
                }
            }
        }
    }

    /// Ends it as Ctrl-C does; its exit code.
    pub fn interrupt(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-INT", &id]).status().expect("a signal");
        self.child.wait().expect("the command ends").code()
    }
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ordain"));
    command.args(args).current_dir(folder).env_remove("NO_COLOR");
    command
}

fn shown(output: &Output) -> String {
    let mut text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    let remarks = String::from_utf8(output.stderr.clone()).expect("UTF-8");
    if !remarks.is_empty() {
        text.push_str("-- remarks --\n");
        text.push_str(&remarks);
    }
    match output.status.code() {
        Some(0) => {}
        code => text.push_str(&format!("-- exit code {} --\n", code.expect("an exit code"))),
    }
    text
}

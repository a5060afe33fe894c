//! What verbs have to do with a terminal: colours, output that may be closed, progress, failures.

use crate::diagnostics::Code;
use crate::diagnostics::render::paint::{Paint, Tint};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::mpsc;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Fine = 0,
    Findings = 1,
    Usage = 2,
    Fault = 3,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

/// Why a verb could not do its work at all.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub code: Option<&'static Code>,
    pub message: String,
    pub notes: Vec<String>,
    pub help: Vec<String>,
}

impl Failure {
    pub fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, code: None, message: message.into(), notes: Vec::new(), help: Vec::new() }
    }

    pub fn unreadable(message: impl Into<String>) -> Self {
        Self { code: Some(&crate::diagnostics::codes::UNREADABLE), ..Self::usage(message) }
    }

    /// The work was asked for rightly; it is the policy that keeps it from being done.
    pub fn finding(mut self) -> Self {
        self.exit = Exit::Findings;
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// All of it on one line, for those who have no terminal.
    pub fn sentence(&self) -> String {
        let more = self.notes.iter().chain(&self.help).map(|more| format!("; {more}"));
        more.fold(self.message.clone(), |text, more| text + &more)
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

pub type Done = Result<Exit, Failure>;

/// Where results and remarks go.
#[derive(Debug, Clone, Copy)]
pub struct Ui {
    /// Of results.
    pub paint: Paint,
    /// Of remarks.
    pub remarks: Paint,
}

impl Ui {
    pub fn new(color: Color) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
            || std::env::var_os("TERM").is_some_and(|v| v == "dumb");
        let on = |terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !plain,
        };
        Self {
            paint: Paint { on: on(std::io::stdout().is_terminal()) },
            remarks: Paint { on: on(std::io::stderr().is_terminal()) },
        }
    }

    /// Writes a result. A reader that has gone away is no fault; other troubles are.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        self.print_bytes(text.as_bytes())
    }

    /// The same of a result that need not be text.
    pub fn print_bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(Failure::usage(format!("the result cannot be written: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Writes a value as JSON.
    pub fn json(&self, value: &impl serde::Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Failure::usage(format!("the result cannot be written as JSON: {error}")))?;
        self.print(&format!("{text}\n"))
    }

    /// Says something that is no result.
    pub fn remark(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    pub fn fail(&self, failure: &Failure) {
        let head = match failure.code {
            Some(code) => format!("error[{}]", code.id),
            None => "error".to_string(),
        };
        let name = failure.code.map_or(String::new(), |code| format!("{}: ", code.name));
        let colon = if failure.code.is_some() { "" } else { ":" };
        let mut text = format!("{}{colon} {name}{}", self.remarks.text(Tint::Error, &head), failure.message);
        for note in &failure.notes {
            text.push_str(&format!("\n   = {note}"));
        }
        for help in &failure.help {
            text.push_str(&format!("\n   = {} {help}", self.remarks.text(Tint::Help, "help:")));
        }
        self.remark(&text);
    }

    /// The same for work that is done piece by piece: a terminal shows how far it is.
    pub fn counted<T>(&self, what: &'static str, all: usize, work: impl FnOnce(&mut dyn FnMut()) -> T) -> T {
        if !std::io::stderr().is_terminal() || all == 0 {
            return work(&mut || {});
        }
        let bar = ProgressBar::new(all as u64).with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos} of {len}") {
            bar.set_style(style);
        }
        let done = work(&mut || bar.inc(1));
        bar.finish_and_clear();
        done
    }

    /// Does work that may take long: after half a second a terminal shows that it goes on.
    pub fn busy<T>(&self, what: &'static str, work: impl FnOnce() -> T) -> T {
        if !std::io::stderr().is_terminal() {
            return work();
        }
        let (done, wait) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                if wait.recv_timeout(Duration::from_millis(500)) != Err(mpsc::RecvTimeoutError::Timeout) {
                    return;
                }
                let bar = ProgressBar::new_spinner().with_message(what);
                if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                    bar.set_style(style);
                }
                bar.enable_steady_tick(Duration::from_millis(100));
                // Ends when the sender is gone, also when the work panics.
                let _ = wait.recv();
                bar.finish_and_clear();
            });
            let _done = done;
            work()
        })
    }
}

/// What to do about a fault of Ordain itself.
pub fn internal_fault(fault: &str) {
    let _ = writeln!(
        std::io::stderr().lock(),
        "internal fault: Ordain itself has a mistake here, not your policy\n   = {fault}\n   = help: please report it with \
         the files that led here and the output of `ordain --version`"
    );
}

//! What can happen to the server, in the order in which it happened.

use crate::capabilities::Client;
use crate::project::Place;
use crate::server::lsp_types::{Diagnostic, TextDocumentContentChangeEvent, Url};
use crate::worker::Worker;
use ordain::ide::Measured;
use std::path::PathBuf;

#[derive(Debug)]
pub enum Event {
    /// The first one: what the client can, and the folders that are open.
    Start {
        client: Client,
        folders: Vec<PathBuf>,
    },
    Open {
        url: Url,
        version: i32,
        text: String,
    },
    Change {
        url: Url,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    },
    Close {
        url: Url,
    },
    /// Files changed, appeared or went away outside the editor.
    Disk {
        urls: Vec<Url>,
    },
    /// Folders were added and removed.
    Folders {
        added: Vec<PathBuf>,
        removed: Vec<PathBuf>,
    },
    /// A request: it is answered from the state as it is after all that happened before.
    Ask(Ask),
    /// All that is said about this state of a project; `None` after a fault.
    Proved {
        place: Place,
        number: u64,
        findings: Option<Vec<ordain::diagnostics::Diagnostic>>,
    },
    Measured {
        place: Place,
        number: u64,
        measured: Box<Measured>,
    },
}

/// Work for a request.
pub struct Ask(pub Box<dyn FnOnce(&mut Worker) + Send>);

impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ask")
    }
}

/// What the worker has to say to the editor.
#[derive(Debug)]
pub enum Message {
    Diagnostics {
        url: Url,
        diagnostics: Vec<Diagnostic>,
        version: Option<i32>,
    },
    /// What the client has asked for before would now be answered otherwise.
    Stale(Stale),
    /// How far a project is: the parameters of `ordain/status`.
    Status(serde_json::Value),
    /// For the editor's log.
    Log(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    Diagnostics,
    /// Lenses and hints.
    Figures,
}

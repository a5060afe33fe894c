//! What can happen to the server, in the order in which it happened.

use crate::convert::Encoding;
use crate::server::lsp_types::{Diagnostic, TextDocumentContentChangeEvent, Url};
use std::path::PathBuf;

#[derive(Debug)]
pub enum Event {
    /// The first one: how positions count, and the folders that are open.
    Start {
        encoding: Encoding,
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
}

/// What the worker has to say to the editor.
#[derive(Debug)]
pub enum Message {
    Diagnostics {
        url: Url,
        diagnostics: Vec<Diagnostic>,
        version: Option<i32>,
    },
    /// For the editor's log.
    Log(String),
}

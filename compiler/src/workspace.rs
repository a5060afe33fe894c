//! The only state: the files of a project and what follows from them.
//!
//! Command line and editor both apply changes and ask for the result; nothing below this module knows files, clocks or
//! threads.

use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::source::{FileId, Sources};
use crate::syntax::ast;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files of one project, by path relative to it (`/`-separated): `*.ordain`, the texts that are cited, `ordain.toml`.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    files: BTreeMap<String, Arc<str>>,
    options: Options,
}

#[derive(Debug, Clone)]
pub enum Change {
    /// A file appears or has a new text.
    Set {
        path: String,
        text: Arc<str>,
    },
    Remove {
        path: String,
    },
    Options(Options),
}

/// What the caller may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Days since 1970-01-01, for expired and not yet in force.
    pub as_of: Option<i64>,
    /// Most nodes that the diagrams may hold.
    pub budget: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { as_of: None, budget: 4_000_000 }
    }
}

/// Everything known about a project at one moment.
pub struct Checked {
    pub sources: Sources,
    /// The syntax trees, by file of `sources` (the standard library's included, texts not).
    pub files: Vec<(FileId, ast::File)>,
    /// As far as it could be understood; complete if no diagnostic is a syntax or type error.
    pub model: Model,
    /// Sorted by place. Findings are among them only where the model is complete.
    pub diagnostics: Vec<Diagnostic>,
    /// No syntax or type error.
    pub complete: bool,
}

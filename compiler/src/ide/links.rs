//! A file -> the files that it names: `use`, `source`, citations.

use super::View;
use super::index::Target;
use crate::source::{FileId, Span};

/// A text that opens another file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub span: Span,
    /// The file, and the place in it.
    pub target: Span,
}

/// The links of a file, in order.
pub fn links(view: &View, file: FileId) -> Vec<Link> {
    let names = view.index.of_file(file).iter().filter(|o| !o.declares);
    let link = |o: &super::index::Occurrence| match o.target {
        Target::File(_) | Target::Heading(..) => Some(Link { span: o.span, target: view.index.declaration(o.target)? }),
        _ => None,
    };
    names.filter_map(link).collect()
}

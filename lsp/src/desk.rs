//! One project, and a document of it, on which a request is worked: from the protocol's places to spans and back.

use crate::capabilities::Client;
use crate::documents::Documents;
use crate::pages::Pages;
use crate::project::Place;
use crate::server::lsp_types::*;
use ordain::diagnostics::Edit;
use ordain::ide::View;
use ordain::source::{FileId, Span};
use std::collections::BTreeMap;

pub struct Desk<'a> {
    pub view: View<'a>,
    pub file: FileId,
    pub client: &'a Client,
    pub place: &'a Place,
    /// The open documents of the project, by path.
    pub open: BTreeMap<String, Url>,
    pub documents: &'a Documents,
    pub pages: &'a Pages,
}

impl Desk<'_> {
    pub fn offset(&self, position: Position) -> u32 {
        self.client.encoding.offset(self.view.checked.sources.get(self.file), position)
    }

    /// The span of a range of the document.
    pub fn span(&self, range: Range) -> Span {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Span { file: self.file, start: start.min(end), end: start.max(end) }
    }

    pub fn range(&self, span: Span) -> Range {
        self.client.encoding.range(&self.view.checked.sources, span)
    }

    pub fn position(&self, span: Span) -> Position {
        self.range(span).start
    }

    pub fn url(&self, file: FileId) -> Option<Url> {
        let path = &self.view.checked.sources.get(file).path;
        self.open.get(path).cloned().or_else(|| self.place.url(path)).or_else(|| self.pages.library(path))
    }

    pub fn location(&self, span: Span) -> Option<Location> {
        Some(Location { uri: self.url(span.file)?, range: self.range(span) })
    }

    pub fn text_edits(&self, edits: &[Edit]) -> Vec<TextEdit> {
        edits.iter().map(|e| TextEdit { range: self.range(e.span), new_text: self.lines(e) }).collect()
    }

    /// The text of an edit with the line ends of the file that it goes into.
    fn lines(&self, edit: &Edit) -> String {
        let crlf = self.view.checked.sources.get(edit.span.file).text.contains("\r\n");
        if crlf { edit.text.replace("\r\n", "\n").replace('\n', "\r\n") } else { edit.text.clone() }
    }

    /// Edits of several files, for exactly the versions that they were made from.
    pub fn workspace_edit(&self, edits: &[Edit]) -> WorkspaceEdit {
        let mut files: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
        edits.iter().for_each(|e| files.entry(e.span.file).or_default().push(e.clone()));
        let files = files.into_iter().filter_map(|(file, edits)| Some((self.url(file)?, self.text_edits(&edits))));
        if !self.client.document_changes {
            return WorkspaceEdit { changes: Some(files.collect()), ..WorkspaceEdit::default() };
        }
        let of_file = |(uri, edits): (Url, Vec<TextEdit>)| TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                version: self.documents.get(&uri).map(|d| d.version),
                uri,
            },
            edits: edits.into_iter().map(OneOf::Left).collect(),
        };
        let changes = DocumentChanges::Edits(files.map(of_file).collect());
        WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
    }
}

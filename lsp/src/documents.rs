//! The texts that are open in the editor: they go before the files on disk.

use crate::convert::Encoding;
use crate::server::lsp_types::{TextDocumentContentChangeEvent, Url};
use ordain::source::Source;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Document {
    /// Its text, and where its lines begin.
    source: Source,
    pub version: i32,
}

impl Document {
    pub fn text(&self) -> &Arc<str> {
        &self.source.text
    }
}

#[derive(Debug, Default)]
pub struct Documents {
    open: BTreeMap<Url, Document>,
}

impl Documents {
    pub fn open(&mut self, url: Url, version: i32, text: String) {
        self.open.insert(url, Document { source: Source::new("", text), version });
    }

    pub fn close(&mut self, url: &Url) {
        self.open.remove(url);
    }

    pub fn get(&self, url: &Url) -> Option<&Document> {
        self.open.get(url)
    }

    pub fn urls(&self) -> impl Iterator<Item = &Url> {
        self.open.keys()
    }

    /// Applies edits one after the other; what was never opened is left alone.
    pub fn change(
        &mut self,
        url: &Url,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        let Some(document) = self.open.get_mut(url) else { return };
        document.version = version;
        for change in changes {
            let source = &document.source;
            let text = match change.range {
                None => change.text,
                Some(range) => {
                    let start = encoding.offset(source, range.start) as usize;
                    let end = (encoding.offset(source, range.end) as usize).max(start);
                    [&source.text[..start], &change.text, &source.text[end..]].concat()
                }
            };
            document.source = source.with(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::lsp_types::{Position, Range};

    #[test]
    fn edits_apply_in_order() {
        let url = Url::parse("file:///a.ordain").unwrap();
        let mut documents = Documents::default();
        documents.open(url.clone(), 1, "é one\ntwo\n".into());
        let edit = |(a, b): (u32, u32), (c, d): (u32, u32), text: &str| TextDocumentContentChangeEvent {
            range: Some(Range { start: Position::new(a, b), end: Position::new(c, d) }),
            range_length: None,
            text: text.into(),
        };
        let edits = vec![edit((0, 2), (0, 5), "1"), edit((1, 0), (1, 0), "2 "), edit((5, 0), (9, 9), "end")];
        documents.change(&url, 2, edits, Encoding::Utf16);
        assert_eq!(&**documents.get(&url).unwrap().text(), "é 1\n2 two\nend");
    }
}

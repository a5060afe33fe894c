//! Between byte offsets and the protocol's positions, and between `ordain::ide` and the protocol's types.
//!
//! Positions count lines and, within a line, UTF-16 units or bytes. Positions that lie outside a text, or inside a
//! character, clamp to the nearest one before.

use crate::server::lsp_types::*;
use ordain::diagnostics::Level;
use ordain::ide::Marked;
use ordain::source::{FileId, Source, Sources, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    fn width(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
        }
    }

    pub fn position(self, source: &Source, offset: u32) -> Position {
        let (line, column) = source.line_column(offset);
        let start = source.line_start(line) as usize;
        let before = source.text.get(start..start + column as usize).unwrap_or_default();
        let character: usize = before.chars().map(|c| self.width(c)).sum();
        Position { line, character: character as u32 }
    }

    pub fn offset(self, source: &Source, position: Position) -> u32 {
        let mut offset = source.line_start(position.line);
        if position.line as usize >= source.lines() {
            return offset;
        }
        let mut left = position.character as usize;
        for c in source.line(position.line).chars() {
            if self.width(c) > left {
                break;
            }
            left -= self.width(c);
            offset += c.len_utf8() as u32;
        }
        offset
    }

    pub fn range(self, sources: &Sources, span: Span) -> Range {
        let source = sources.get(span.file);
        Range { start: self.position(source, span.start), end: self.position(source, span.end) }
    }

    /// One mark as the protocol's diagnostic; `url` names files, `page` the page of a code.
    pub fn diagnostic(
        self,
        marked: &Marked,
        sources: &Sources,
        url: &dyn Fn(FileId) -> Option<Url>,
        page: Option<Url>,
    ) -> Diagnostic {
        let related: Vec<DiagnosticRelatedInformation> = marked
            .related
            .iter()
            .filter_map(|related| {
                let location = Location { uri: url(related.span.file)?, range: self.range(sources, related.span) };
                Some(DiagnosticRelatedInformation { location, message: related.text.clone() })
            })
            .collect();
        Diagnostic {
            range: self.range(sources, marked.span),
            severity: Some(match marked.level {
                Level::Error => DiagnosticSeverity::ERROR,
                Level::Warning => DiagnosticSeverity::WARNING,
                Level::Note => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(marked.code.id.to_string())),
            code_description: page.map(|href| CodeDescription { href }),
            source: Some("ordain".into()),
            message: marked.text.clone(),
            related_information: (!related.is_empty()).then_some(related),
            tags: marked.unnecessary.then(|| vec![DiagnosticTag::UNNECESSARY]),
            data: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_offsets_are_inverse() {
        let source = Source::new("a", "é 😀 x\r\nzwei\n");
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (offset, _) in source.text.char_indices().filter(|(_, c)| *c != '\n') {
                let offset = offset as u32;
                assert_eq!(encoding.offset(&source, encoding.position(&source, offset)), offset, "{encoding:?}");
            }
        }
        assert_eq!(Encoding::Utf16.position(&source, 8), Position { line: 0, character: 5 });
        assert_eq!(Encoding::Utf8.position(&source, 8), Position { line: 0, character: 8 });
    }

    #[test]
    fn what_lies_outside_clamps() {
        let source = Source::new("a", "😀b\nc");
        let offset = |line, character| Encoding::Utf16.offset(&source, Position { line, character });
        assert_eq!(offset(0, 1), 0, "inside a character");
        assert_eq!(offset(0, 99), 5);
        assert_eq!(offset(1, 99), 7);
        assert_eq!(offset(9, 9), 7);
    }
}

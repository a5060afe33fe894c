//! What helps to read: outline, folds, selections, links, colours, hints.

use super::symbol_kind;
use crate::desk::Desk;
use crate::server::lsp_types::*;
use crate::worker::Worker;
use ordain::ide::colours::{self, COLOURS, Colour};
use ordain::ide::{folds, hints as hinted, links as linked, outline};
use ordain::source::Span;
use std::collections::BTreeMap;

/// The coloured words that were sent last, to send only what changes.
#[derive(Debug, Default)]
pub struct Sent {
    files: BTreeMap<Url, (u64, Vec<SemanticToken>)>,
    count: u64,
}

pub fn symbols(worker: &mut Worker, url: &Url) -> Option<DocumentSymbolResponse> {
    let desk = worker.desk(url)?;
    let entries = outline::outline(&desk.view, desk.file);
    Some(DocumentSymbolResponse::Nested(entries.iter().map(|e| symbol(&desk, e)).collect()))
}

#[allow(deprecated, reason = "the protocol's type asks for the field")]
fn symbol(desk: &Desk, entry: &outline::Entry) -> DocumentSymbol {
    let kind = match entry.kind {
        outline::EntryKind::Named(kind) => symbol_kind(kind),
        outline::EntryKind::Exception => SymbolKind::METHOD,
        outline::EntryKind::Expectation => SymbolKind::BOOLEAN,
        outline::EntryKind::Assumption => SymbolKind::CONSTANT,
    };
    let children: Vec<DocumentSymbol> = entry.children.iter().map(|e| symbol(desk, e)).collect();
    DocumentSymbol {
        // An empty name makes some editors refuse the whole outline.
        name: if entry.name.trim().is_empty() { "…".into() } else { entry.name.clone() },
        detail: Some(entry.detail.clone()).filter(|d| !d.is_empty()),
        kind,
        tags: None,
        deprecated: None,
        range: desk.range(entry.span),
        selection_range: desk.range(entry.select),
        children: (!children.is_empty()).then_some(children),
    }
}

pub fn folding(worker: &mut Worker, url: &Url) -> Option<Vec<FoldingRange>> {
    let desk = worker.desk(url)?;
    let fold = |f: folds::Fold| FoldingRange {
        start_line: f.first,
        end_line: f.last,
        kind: match f.kind {
            folds::FoldKind::Comment => Some(FoldingRangeKind::Comment),
            folds::FoldKind::Imports => Some(FoldingRangeKind::Imports),
            folds::FoldKind::Code => None,
        },
        ..FoldingRange::default()
    };
    Some(folds::folds(&desk.view, desk.file).into_iter().map(fold).collect())
}

pub fn selections(worker: &mut Worker, params: &SelectionRangeParams) -> Option<Vec<SelectionRange>> {
    let desk = worker.desk(&params.text_document.uri)?;
    let nested = |position: &Position| {
        let spans = folds::selections(&desk.view, desk.file, desk.offset(*position));
        let outer = spans.iter().rev().fold(None, |parent: Option<SelectionRange>, span| {
            Some(SelectionRange { range: desk.range(*span), parent: parent.map(Box::new) })
        });
        let here = Range { start: *position, end: *position };
        outer.unwrap_or(SelectionRange { range: here, parent: None })
    };
    Some(params.positions.iter().map(nested).collect())
}

pub fn links(worker: &mut Worker, url: &Url) -> Option<Vec<DocumentLink>> {
    let desk = worker.desk(url)?;
    let link = |l: &linked::Link| {
        let mut target = desk.url(l.target.file)?;
        let line = desk.position(l.target).line;
        if line > 0 {
            target.set_fragment(Some(&format!("L{}", line + 1)));
        }
        let tooltip = Some(desk.view.checked.sources.get(l.target.file).path.clone());
        Some(DocumentLink { range: desk.range(l.span), target: Some(target), tooltip, data: None })
    };
    Some(linked::links(&desk.view, desk.file).iter().filter_map(link).collect())
}

/// The names of the kinds of words, by their number.
pub fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: COLOURS.iter().map(|c| SemanticTokenType::new(token_type(*c))).collect(),
        token_modifiers: vec![SemanticTokenModifier::DECLARATION, SemanticTokenModifier::DEFAULT_LIBRARY],
    }
}

/// The protocol's own kinds, which every theme colours.
fn token_type(colour: Colour) -> &'static str {
    match colour {
        Colour::Keyword => "keyword",
        Colour::Comment => "comment",
        Colour::Text => "string",
        Colour::Number => "number",
        Colour::Operator => "operator",
        Colour::Fact => "property",
        Colour::Define => "variable",
        Colour::Decision => "enum",
        Colour::Role => "class",
        Colour::Channel => "interface",
        Colour::Period => "event",
        Colour::Duty => "macro",
        Colour::Rule => "function",
        Colour::Section => "struct",
        Colour::Policy => "type",
        Colour::Value => "enumMember",
        Colour::Proviso => "parameter",
        Colour::Module => "namespace",
    }
}

fn tokens(desk: &Desk, range: Option<Span>) -> Vec<SemanticToken> {
    let mut out = Vec::new();
    let (mut line, mut column) = (0, 0);
    for c in colours::colours(&desk.view, desk.file) {
        if range.is_some_and(|r| c.span.end < r.start || r.end < c.span.start) {
            continue;
        }
        let Range { start, end } = desk.range(c.span);
        let token_type = COLOURS.iter().position(|k| *k == c.colour).unwrap_or_default() as u32;
        out.push(SemanticToken {
            delta_line: start.line - line,
            delta_start: if start.line == line { start.character - column } else { start.character },
            length: end.character - start.character,
            token_type,
            token_modifiers_bitset: u32::from(c.declares) | u32::from(c.library) << 1,
        });
        (line, column) = (start.line, start.character);
    }
    out
}

pub fn colours_full(worker: &mut Worker, url: &Url) -> Option<SemanticTokensResult> {
    let data = tokens(&worker.desk(url)?, None);
    let result_id = Some(worker.sent.keep(url, data.clone()));
    Some(SemanticTokensResult::Tokens(SemanticTokens { result_id, data }))
}

pub fn colours_range(worker: &mut Worker, params: &SemanticTokensRangeParams) -> Option<SemanticTokensRangeResult> {
    let desk = worker.desk(&params.text_document.uri)?;
    let data = tokens(&desk, Some(desk.span(params.range)));
    Some(SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data }))
}

pub fn colours_delta(worker: &mut Worker, url: &Url, old: &str) -> Option<SemanticTokensFullDeltaResult> {
    let data = tokens(&worker.desk(url)?, None);
    let before = worker.sent.get(url, old);
    let result_id = Some(worker.sent.keep(url, data.clone()));
    let Some(before) = before else {
        return Some(SemanticTokensFullDeltaResult::Tokens(SemanticTokens { result_id, data }));
    };
    let edits = difference(&before, &data).into_iter().collect();
    Some(SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta { result_id, edits }))
}

/// One edit from the first token that differs to the last; offsets count the five numbers of each token.
fn difference(old: &[SemanticToken], new: &[SemanticToken]) -> Option<SemanticTokensEdit> {
    let first = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[first..], &new[first..]);
    let last = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - last], &b[..b.len() - last]);
    (!a.is_empty() || !b.is_empty()).then(|| SemanticTokensEdit {
        start: first as u32 * 5,
        delete_count: a.len() as u32 * 5,
        data: Some(b.to_vec()),
    })
}

impl Sent {
    fn get(&self, url: &Url, id: &str) -> Option<Vec<SemanticToken>> {
        let (number, tokens) = self.files.get(url)?;
        (number.to_string() == id).then(|| tokens.clone())
    }

    fn keep(&mut self, url: &Url, tokens: Vec<SemanticToken>) -> String {
        self.count += 1;
        self.files.insert(url.clone(), (self.count, tokens));
        self.count.to_string()
    }

    pub fn forget(&mut self, url: &Url) {
        self.files.remove(url);
    }
}

pub fn hints(worker: &mut Worker, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
    let desk = worker.desk(&params.text_document.uri)?;
    let hint = |h: hinted::Hint| InlayHint {
        position: desk.position(h.at),
        label: InlayHintLabel::String(h.label),
        kind: None,
        text_edits: None,
        tooltip: Some(InlayHintTooltip::String(h.about)),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    Some(hinted::hints(&desk.view, desk.span(params.range)).into_iter().map(hint).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_rebuild_the_new_tokens() {
        let token = |n: u32| SemanticToken {
            delta_line: n,
            delta_start: 0,
            length: 1,
            token_type: 0,
            token_modifiers_bitset: 0,
        };
        let of = |list: &[u32]| -> Vec<SemanticToken> { list.iter().map(|n| token(*n)).collect() };
        for (old, new) in [
            (vec![1, 2, 3], vec![1, 9, 3]),
            (vec![1, 1, 1], vec![1, 1]),
            (vec![], vec![4]),
            (vec![1, 2], vec![]),
            (vec![1, 2, 1, 2], vec![1, 2, 1, 2, 1, 2]),
        ] {
            let (old, new) = (of(&old), of(&new));
            let mut made = old.clone();
            if let Some(edit) = difference(&old, &new) {
                let (start, count) = (edit.start as usize / 5, edit.delete_count as usize / 5);
                made.splice(start..start + count, edit.data.unwrap_or_default());
            }
            assert_eq!(made, new);
        }
        assert_eq!(difference(&of(&[1]), &of(&[1])), None);
    }
}

//! What names mean, where they stand, and how to change them.

use super::symbol_kind;
use crate::desk::Desk;
use crate::server::lsp_types::*;
use crate::worker::Worker;
use ordain::ide::{calls, hover as hovers, lookup, rename as renames};
use ordain::resolve::names::Kind;
use ordain::source::Span;
use ordain::stdlib;

pub fn hover(worker: &mut Worker, at: &TextDocumentPositionParams) -> Option<Hover> {
    let desk = worker.desk(&at.text_document.uri)?;
    let found = hovers::hover(&desk.view, desk.file, desk.offset(at.position))?;
    let value = if desk.client.markdown { found.text } else { found.text.replace("**", "").replace('`', "") };
    let kind = if desk.client.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let range = Some(desk.range(found.span));
    Some(Hover { contents: HoverContents::Markup(MarkupContent { kind, value }), range })
}

pub fn definition(worker: &mut Worker, at: &TextDocumentPositionParams) -> Option<GotoDefinitionResponse> {
    let desk = worker.desk(&at.text_document.uri)?;
    let found = lookup::definition(&desk.view, desk.file, desk.offset(at.position))?;
    if !desk.client.links {
        return desk.location(found.name).map(GotoDefinitionResponse::Scalar);
    }
    Some(GotoDefinitionResponse::Link(vec![LocationLink {
        origin_selection_range: Some(desk.range(found.from)),
        target_uri: desk.url(found.name.file)?,
        target_range: desk.range(found.item),
        target_selection_range: desk.range(found.name),
    }]))
}

pub fn references(worker: &mut Worker, params: &ReferenceParams) -> Option<Vec<Location>> {
    let at = &params.text_document_position;
    let desk = worker.desk(&at.text_document.uri)?;
    let declarations = params.context.include_declaration;
    let found = lookup::references(&desk.view, desk.file, desk.offset(at.position), declarations);
    Some(found.into_iter().filter_map(|span| desk.location(span)).collect())
}

pub fn highlights(worker: &mut Worker, at: &TextDocumentPositionParams) -> Option<Vec<DocumentHighlight>> {
    let desk = worker.desk(&at.text_document.uri)?;
    let found = lookup::highlights(&desk.view, desk.file, desk.offset(at.position));
    let highlight = |(span, declares): (Span, bool)| DocumentHighlight {
        range: desk.range(span),
        kind: Some(if declares { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }),
    };
    Some(found.into_iter().map(highlight).collect())
}

pub fn prepare_rename(
    worker: &mut Worker,
    at: &TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>, String> {
    let Some(desk) = worker.desk(&at.text_document.uri) else { return Ok(None) };
    let (span, placeholder) = renames::prepare(&desk.view, desk.file, desk.offset(at.position))?;
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range: desk.range(span), placeholder }))
}

pub fn rename(worker: &mut Worker, params: &RenameParams) -> Result<Option<WorkspaceEdit>, String> {
    let at = &params.text_document_position;
    let Some(desk) = worker.desk(&at.text_document.uri) else { return Ok(None) };
    let edits = renames::rename(&desk.view, desk.file, desk.offset(at.position), &params.new_name)?;
    Ok(Some(desk.workspace_edit(&edits)))
}

pub fn linked(worker: &mut Worker, at: &TextDocumentPositionParams) -> Option<LinkedEditingRanges> {
    let desk = worker.desk(&at.text_document.uri)?;
    let spans = renames::linked(&desk.view, desk.file, desk.offset(at.position))?;
    let ranges = spans.into_iter().map(|span| desk.range(span)).collect();
    Some(LinkedEditingRanges { ranges, word_pattern: Some("[A-Za-z_][A-Za-z0-9_]*".into()) })
}

/// The rule at a place, as the root of a hierarchy: it is "called" by its exceptions.
pub fn hierarchy(worker: &mut Worker, at: &TextDocumentPositionParams) -> Option<Vec<CallHierarchyItem>> {
    let desk = worker.desk(&at.text_document.uri)?;
    let entry = calls::entry_at(&desk.view, desk.file, desk.offset(at.position))?;
    Some(vec![item(&desk, &entry)?])
}

pub fn exceptions(worker: &mut Worker, of: &CallHierarchyItem) -> Option<Vec<CallHierarchyIncomingCall>> {
    let desk = worker.desk(&of.uri)?;
    let call = |entry: &calls::Entry| {
        Some(CallHierarchyIncomingCall { from: item(&desk, entry)?, from_ranges: vec![desk.range(entry.name)] })
    };
    Some(calls::exceptions(&desk.view, path_of(of)?).iter().filter_map(call).collect())
}

pub fn replaced(worker: &mut Worker, by: &CallHierarchyItem) -> Option<Vec<CallHierarchyOutgoingCall>> {
    let desk = worker.desk(&by.uri)?;
    let call = |entry: &calls::Entry| {
        Some(CallHierarchyOutgoingCall { to: item(&desk, entry)?, from_ranges: vec![by.selection_range] })
    };
    Some(calls::replaced(&desk.view, path_of(by)?).iter().filter_map(call).collect())
}

fn path_of(item: &CallHierarchyItem) -> Option<&str> {
    item.data.as_ref()?.as_str()
}

fn item(desk: &Desk, entry: &calls::Entry) -> Option<CallHierarchyItem> {
    let what = if entry.exception { "exception" } else { "rule" };
    Some(CallHierarchyItem {
        name: entry.path.clone(),
        kind: symbol_kind(Kind::Rule),
        tags: None,
        detail: Some(entry.title.clone().unwrap_or(what.into())),
        uri: desk.url(entry.span.file)?,
        range: desk.range(entry.span),
        selection_range: desk.range(entry.name),
        data: Some(entry.path.clone().into()),
    })
}

#[allow(deprecated, reason = "the protocol's type asks for the field")]
pub fn search(worker: &mut Worker, query: &str) -> Vec<SymbolInformation> {
    let mut all = Vec::new();
    for desk in worker.desks() {
        for found in ordain::ide::outline::search(&desk.view, query) {
            let Some(location) = desk.location(found.span).filter(|_| !stdlib::is_std(&found.file)) else { continue };
            all.push(SymbolInformation {
                name: found.name,
                kind: symbol_kind(found.kind),
                tags: None,
                deprecated: None,
                location,
                container_name: Some(format!("{} in {}", found.kind.noun(), found.file)),
            });
        }
    }
    all
}

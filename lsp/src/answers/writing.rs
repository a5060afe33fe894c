//! What helps to write: completion, layout, actions.

use crate::desk::Desk;
use crate::server::lsp_types::*;
use crate::worker::Worker;
use ordain::ide::complete::{self, Offer, OfferKind};
use ordain::ide::fixes::{self, ActionKind};
use ordain::ide::reformat;
use ordain::resolve::names::Kind;

pub fn completion(worker: &mut Worker, params: &CompletionParams) -> Option<CompletionResponse> {
    let at = &params.text_document_position;
    let desk = worker.desk(&at.text_document.uri)?;
    let offset = desk.offset(at.position);
    let offers = complete::complete(&desk.view, desk.file, offset);
    let data = |o: &Offer| serde_json::json!({ "uri": at.text_document.uri, "at": at.position, "label": o.label });
    let items = offers.iter().enumerate().map(|(i, o)| item(&desk, i, o, data(o))).collect();
    Some(CompletionResponse::Array(items))
}

fn item(desk: &Desk, i: usize, offer: &Offer, data: serde_json::Value) -> CompletionItem {
    let template = offer.insert.contains('$');
    let snippet = template && desk.client.snippets;
    let insert = if template && !snippet { offer.label.clone() } else { offer.insert.clone() };
    CompletionItem {
        label: offer.label.clone(),
        kind: Some(kind(offer.kind)),
        detail: Some(offer.detail.clone()).filter(|d| !d.is_empty()),
        sort_text: Some(format!("{i:05}")),
        insert_text_format: Some(if snippet { InsertTextFormat::SNIPPET } else { InsertTextFormat::PLAIN_TEXT }),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range: desk.range(offer.span), new_text: insert })),
        additional_text_edits: (!offer.edits.is_empty()).then(|| desk.text_edits(&offer.edits)),
        data: Some(data),
        ..CompletionItem::default()
    }
}

fn kind(kind: OfferKind) -> CompletionItemKind {
    match kind {
        OfferKind::Named(Kind::Fact) => CompletionItemKind::FIELD,
        OfferKind::Named(Kind::Define) => CompletionItemKind::VARIABLE,
        OfferKind::Named(Kind::Decision) => CompletionItemKind::ENUM,
        OfferKind::Named(Kind::Role) => CompletionItemKind::CLASS,
        OfferKind::Named(Kind::Channel) => CompletionItemKind::INTERFACE,
        OfferKind::Named(Kind::Period) => CompletionItemKind::EVENT,
        OfferKind::Named(Kind::Duty) => CompletionItemKind::OPERATOR,
        OfferKind::Named(Kind::Rule) => CompletionItemKind::FUNCTION,
        OfferKind::Named(Kind::Section | Kind::Policy) | OfferKind::Module => CompletionItemKind::MODULE,
        OfferKind::Value => CompletionItemKind::ENUM_MEMBER,
        OfferKind::Keyword => CompletionItemKind::KEYWORD,
        OfferKind::Template => CompletionItemKind::SNIPPET,
        OfferKind::File => CompletionItemKind::FILE,
        OfferKind::Heading => CompletionItemKind::REFERENCE,
        OfferKind::Text => CompletionItemKind::TEXT,
    }
}

/// Adds the text about an item; it is left as it is where the offer is gone.
pub fn resolve(worker: &mut Worker, mut item: CompletionItem) -> CompletionItem {
    let found = item.data.as_ref().and_then(|data| {
        let url: Url = serde_json::from_value(data.get("uri")?.clone()).ok()?;
        let at: Position = serde_json::from_value(data.get("at")?.clone()).ok()?;
        let desk = worker.desk(&url)?;
        let offers = complete::complete(&desk.view, desk.file, desk.offset(at));
        let offer = offers.iter().find(|o| o.label == item.label)?;
        Some(complete::resolve(&desk.view, offer))
    });
    item.documentation = found
        .filter(|text| !text.is_empty())
        .map(|value| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value }));
    item
}

pub fn formatting(worker: &mut Worker, url: &Url) -> Option<Vec<TextEdit>> {
    let desk = worker.desk(url)?;
    Some(desk.text_edits(&reformat::reformat(&desk.view, desk.file, None)))
}

pub fn range_formatting(worker: &mut Worker, url: &Url, range: Range) -> Option<Vec<TextEdit>> {
    let desk = worker.desk(url)?;
    Some(desk.text_edits(&reformat::reformat(&desk.view, desk.file, Some(desk.span(range)))))
}

pub fn type_formatting(worker: &mut Worker, at: &TextDocumentPositionParams) -> Option<Vec<TextEdit>> {
    let desk = worker.desk(&at.text_document.uri)?;
    Some(desk.text_edits(&reformat::after_brace(&desk.view, desk.file, desk.offset(at.position))))
}

/// The kinds of actions that there are.
pub fn action_kinds() -> Vec<CodeActionKind> {
    vec![
        CodeActionKind::QUICKFIX,
        CodeActionKind::REFACTOR_EXTRACT,
        CodeActionKind::REFACTOR_INLINE,
        CodeActionKind::REFACTOR_REWRITE,
        CodeActionKind::SOURCE_ORGANIZE_IMPORTS,
        CodeActionKind::SOURCE_FIX_ALL,
    ]
}

pub fn actions(worker: &mut Worker, params: &CodeActionParams) -> Option<CodeActionResponse> {
    let desk = worker.desk(&params.text_document.uri)?;
    let wanted = |kind: &CodeActionKind| match &params.context.only {
        None => true,
        Some(only) => only.iter().any(|o| {
            let rest = kind.as_str().strip_prefix(o.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }),
    };
    let mut out = Vec::new();
    let range = desk.span(params.range);
    let mut actions = fixes::actions(&desk.view, range);
    if wanted(&CodeActionKind::REFACTOR_REWRITE) {
        // That takes a proof, so of larger policies it is worked out only for who asks for it.
        let asked = params.context.only.is_some();
        actions.extend(fixes::convert(&desk.view, range, asked));
    }
    for action in actions {
        let kind = match action.kind {
            ActionKind::Fix | ActionKind::Expect => CodeActionKind::QUICKFIX,
            ActionKind::Extract => CodeActionKind::REFACTOR_EXTRACT,
            ActionKind::Inline => CodeActionKind::REFACTOR_INLINE,
            ActionKind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
            ActionKind::Imports => CodeActionKind::SOURCE_ORGANIZE_IMPORTS,
            ActionKind::FixAll => CodeActionKind::SOURCE_FIX_ALL,
        };
        if !wanted(&kind) {
            continue;
        }
        let code = action.finding.and_then(|i| desk.view.diagnostics.get(i)).map(|d| d.code.id.to_string());
        let answered = code.map(|code| {
            let same = |d: &&Diagnostic| d.code == Some(NumberOrString::String(code.clone()));
            params.context.diagnostics.iter().filter(same).cloned().collect::<Vec<_>>()
        });
        out.push(CodeActionOrCommand::CodeAction(CodeAction {
            title: action.title,
            kind: Some(kind),
            diagnostics: answered.filter(|d| !d.is_empty()),
            edit: Some(desk.workspace_edit(&action.edits)),
            is_preferred: action.preferred.then_some(true),
            ..CodeAction::default()
        }));
    }
    Some(out)
}

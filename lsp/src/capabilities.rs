//! What the client can -> what the server offers. Announces only what works.

use crate::answers::{commands, reading, writing};
use crate::convert::Encoding;
use crate::server::lsp_types::*;

/// What the client can, as far as it makes a difference here.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    /// UTF-8 where the client takes it, the protocol's default UTF-16 otherwise.
    pub encoding: Encoding,
    /// It asks for diagnostics, so none are pushed.
    pub pulls: bool,
    pub refreshes_diagnostics: bool,
    pub refreshes_lenses: bool,
    pub refreshes_hints: bool,
    pub markdown: bool,
    /// Definitions may say where the name ends that was asked about.
    pub links: bool,
    pub snippets: bool,
    /// Edits may name the version that they are for.
    pub document_changes: bool,
    /// It opens a place that the server asks for.
    pub shows: bool,
    /// Commands that it does itself: showing the table, an expectation's result, why a case is decided so.
    pub shows_table: bool,
    pub runs_expectation: bool,
    pub explains: bool,
    /// It wants to know how far each project is.
    pub status: bool,
}

impl Default for Client {
    fn default() -> Self {
        Self::of(&ClientCapabilities::default(), None)
    }
}

impl Client {
    /// `options` are what the client says besides the protocol, `initializationOptions`.
    pub fn of(client: &ClientCapabilities, options: Option<&serde_json::Value>) -> Self {
        let own = |command: &str| {
            let list = options.and_then(|o| o.get("commands")).and_then(|c| c.as_array());
            list.is_some_and(|list| list.iter().any(|c| c.as_str() == Some(command)))
        };
        let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_ref());
        let encoding = match offered {
            Some(offered) if offered.contains(&PositionEncodingKind::UTF8) => Encoding::Utf8,
            _ => Encoding::Utf16,
        };
        let text = client.text_document.as_ref();
        let workspace = client.workspace.as_ref();
        let yes = |said: Option<bool>| said.unwrap_or(false);
        let hover = text.and_then(|t| t.hover.as_ref()).and_then(|h| h.content_format.as_ref());
        let item = text.and_then(|t| t.completion.as_ref()).and_then(|c| c.completion_item.as_ref());
        let lens = workspace.and_then(|w| w.code_lens.as_ref());
        let hints = workspace.and_then(|w| w.inlay_hint.as_ref());
        let edits = workspace.and_then(|w| w.workspace_edit.as_ref());
        let shows = client.window.as_ref().and_then(|w| w.show_document.as_ref());
        Self {
            encoding,
            pulls: text.is_some_and(|t| t.diagnostic.is_some()),
            refreshes_diagnostics: workspace
                .and_then(|w| w.diagnostic.as_ref())
                .is_some_and(|d| yes(d.refresh_support)),
            refreshes_lenses: lens.is_some_and(|l| yes(l.refresh_support)),
            refreshes_hints: hints.is_some_and(|h| yes(h.refresh_support)),
            markdown: hover.is_none_or(|formats| formats.contains(&MarkupKind::Markdown)),
            links: yes(text.and_then(|t| t.definition.as_ref()).and_then(|d| d.link_support)),
            snippets: yes(item.and_then(|i| i.snippet_support)),
            document_changes: yes(edits.and_then(|e| e.document_changes)),
            shows: shows.is_some_and(|s| s.support),
            shows_table: own(commands::SHOW_TABLE),
            runs_expectation: own(commands::RUN_EXPECTATION),
            explains: own(commands::WHY),
            status: options.and_then(|o| o.get("status")).and_then(|s| s.as_bool()).unwrap_or(false),
        }
    }
}

pub fn server(client: &Client) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(match client.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            ..TextDocumentSyncOptions::default()
        })),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: Some(WorkspaceFileOperationsServerCapabilities {
                did_create: Some(files()),
                will_rename: Some(files()),
                did_rename: Some(files()),
                did_delete: Some(files()),
                ..WorkspaceFileOperationsServerCapabilities::default()
            }),
        }),
        diagnostic_provider: client.pulls.then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some("ordain".into()),
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        linked_editing_range_provider: Some(LinkedEditingRangeServerCapabilities::Simple(true)),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: Some([".", " ", "\"", "#", ":"].map(String::from).to_vec()),
            ..CompletionOptions::default()
        }),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: "}".into(),
            more_trigger_character: None,
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(writing::action_kinds()),
            ..CodeActionOptions::default()
        })),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: None,
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(
            SemanticTokensOptions {
                legend: reading::legend(),
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            },
        )),
        inlay_hint_provider: Some(OneOf::Left(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: None }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: commands::offered(client),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        ..ServerCapabilities::default()
    }
}

/// The files whose coming, going and renaming is of interest: policies, texts, settings, and folders that may hold them.
fn files() -> FileOperationRegistrationOptions {
    let filter = |glob: &str, matches| FileOperationFilter {
        scheme: Some("file".into()),
        pattern: FileOperationPattern { glob: glob.into(), matches: Some(matches), options: None },
    };
    let file = FileOperationPatternKind::File;
    let filters = vec![
        filter("**/*.ordain", file.clone()),
        filter("**/*.md", file.clone()),
        filter("**/ordain.toml", file),
        filter("**", FileOperationPatternKind::Folder),
    ];
    FileOperationRegistrationOptions { filters }
}

/// What the client should tell about files, if it lets itself be asked.
pub fn watch(client: &ClientCapabilities) -> Option<Registration> {
    let watched = client.workspace.as_ref()?.did_change_watched_files.as_ref()?;
    watched.dynamic_registration.filter(|dynamic| *dynamic)?;
    let watchers: Vec<serde_json::Value> = ["**/*.ordain", "**/ordain.toml", "**/*.md"]
        .iter()
        .map(|glob| serde_json::json!({ "globPattern": glob }))
        .collect();
    Some(Registration {
        id: "files".into(),
        method: "workspace/didChangeWatchedFiles".into(),
        register_options: Some(serde_json::json!({ "watchers": watchers })),
    })
}

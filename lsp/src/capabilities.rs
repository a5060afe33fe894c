//! What the client can -> what the server offers. Announces only what works.

use crate::convert::Encoding;
use crate::server::lsp_types::*;

/// UTF-8 where the client takes it, the protocol's default UTF-16 otherwise.
pub fn encoding(client: &ClientCapabilities) -> Encoding {
    let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    match offered {
        Some(offered) if offered.contains(&PositionEncodingKind::UTF8) => Encoding::Utf8,
        _ => Encoding::Utf16,
    }
}

pub fn server(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(match encoding {
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
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
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

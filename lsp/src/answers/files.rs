//! Files that are about to be renamed -> what has to change in the texts that name them.

use crate::server::lsp_types::{FileRename, Url, WorkspaceEdit};
use crate::worker::Worker;
use ordain::ide::moves::{self, Move};

/// The edits of all projects. A folder that is renamed takes its files along.
pub fn renamed(worker: &mut Worker, files: &[FileRename]) -> Option<WorkspaceEdit> {
    let moved: Vec<(Url, Url)> =
        files.iter().filter_map(|f| Some((Url::parse(&f.old_uri).ok()?, Url::parse(&f.new_uri).ok()?))).collect();
    let mut all: Option<WorkspaceEdit> = None;
    for desk in worker.desks() {
        let path = |url: &Url| desk.place.path(url);
        let moves: Vec<Move> =
            moved.iter().filter_map(|(old, new)| Some(Move { old: path(old)?, new: path(new)? })).collect();
        let edits = moves::edits(desk.view.checked, &moves);
        if edits.is_empty() {
            continue;
        }
        let edit = desk.workspace_edit(&edits);
        match &mut all {
            None => all = Some(edit),
            Some(all) => join(all, edit),
        }
    }
    all
}

fn join(all: &mut WorkspaceEdit, more: WorkspaceEdit) {
    use crate::server::lsp_types::DocumentChanges::Edits;
    if let (Some(changes), Some(new)) = (&mut all.changes, more.changes) {
        changes.extend(new);
    } else if let (Some(Edits(edits)), Some(Edits(new))) = (&mut all.document_changes, more.document_changes) {
        edits.extend(new);
    }
}

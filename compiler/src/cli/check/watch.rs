//! `ordain check --watch`: checks again whenever a file changes, until Ctrl-C.
//!
//! Changes that come close together count as one. Faults of a moment (a file is being replaced) are shown, and the watch
//! goes on. The exit code is that of the last check.

use super::{Args, once};
use crate::cli::load;
use crate::cli::ui::{Done, Failure, Ui};
use crate::workspace::{SETTINGS, is_policy};
use notify::{Event, EventKind, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// As long as nothing more changes, the change is over.
const QUIET: Duration = Duration::from_millis(80);

enum Message {
    Changed(PathBuf),
    Quit,
}

pub fn run(args: &Args, ui: &Ui) -> Done {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::usage("standard input cannot be watched, it is read once"));
    }
    let (send, changes) = mpsc::channel();
    let quit = send.clone();
    ctrlc::set_handler(move || drop(quit.send(Message::Quit)))
        .map_err(|error| Failure::usage(format!("Ctrl-C cannot be waited for: {error}")))?;
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let event = event.ok().filter(|event| !matches!(event.kind, EventKind::Access(_)));
        event.into_iter().flat_map(|e| e.paths).for_each(|path| drop(send.send(Message::Changed(path))));
    })
    .map_err(fault)?;
    for folder in folders(args)? {
        watcher.watch(&folder, RecursiveMode::Recursive).map_err(fault)?;
    }
    loop {
        if std::io::stdout().is_terminal() {
            ui.print("\u{1b}[2J\u{1b}[H")?;
        }
        let exit = once(args, ui).unwrap_or_else(|failure| {
            ui.fail(&failure);
            failure.exit
        });
        ui.remark("waiting for changes; Ctrl-C ends it");
        if !changed(&changes) {
            return Ok(exit);
        }
    }
}

/// Waits for a change to be over; false when it is time to leave.
fn changed(changes: &Receiver<Message>) -> bool {
    loop {
        match changes.recv() {
            Ok(Message::Changed(path)) if matters(&path) => break,
            Ok(Message::Changed(_)) => {}
            Ok(Message::Quit) | Err(_) => return false,
        }
    }
    loop {
        match changes.recv_timeout(QUIET) {
            Ok(Message::Changed(_)) => {}
            Ok(Message::Quit) | Err(mpsc::RecvTimeoutError::Disconnected) => return false,
            Err(mpsc::RecvTimeoutError::Timeout) => return true,
        }
    }
}

/// Policies, settings and adopted texts; nothing hidden, which temporary files of editors are.
fn matters(path: &Path) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy()) else { return false };
    let text = Path::new(&*name).extension().is_some_and(|e| ["md", "markdown", "txt"].iter().any(|t| e == *t));
    !name.starts_with('.') && (is_policy(&name) || name == SETTINGS || text)
}

/// The folders of the projects.
fn folders(args: &Args) -> Result<BTreeSet<PathBuf>, Failure> {
    let projects = load::projects(&args.paths, &args.options.options())?;
    Ok(projects.into_iter().map(|project| project.root).collect())
}

fn fault(error: notify::Error) -> Failure {
    Failure::usage(format!("changes of files cannot be watched: {error}"))
}

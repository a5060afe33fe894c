//! The protocol: the only file that knows tower-lsp. Handlers send an event before they wait for anything, so events
//! keep the order of the messages; nothing here has state of its own.

pub use tower_lsp::lsp_types;

use crate::capabilities;
use crate::event::{Event, Message};
use crate::worker::Worker;
use lsp_types::*;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tower_lsp::jsonrpc::{Request, Result};
use tower_lsp::{Client, LanguageServer, LspService, Server};
use tower_service::Service;

struct Backend {
    client: Client,
    events: mpsc::Sender<Event>,
    /// How to ask for file changes, once the client is ready.
    watch: Mutex<Option<Registration>>,
    asked_to_stop: Arc<AtomicBool>,
}

/// Serves one client until it says `exit` or goes away.
pub fn run() -> ExitCode {
    let (events, inbox) = mpsc::channel();
    let (tell, messages) = unbounded_channel();
    let worker = std::thread::Builder::new().name("worker".into()).stack_size(ordain::cli::STACK).spawn(move || {
        // The editor may be gone before the worker is.
        Worker::new(|message| drop(tell.send(message))).run(&inbox);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build();
    let (Ok(_), Ok(runtime)) = (worker, runtime) else {
        eprintln!("error: no threads can be started");
        return ExitCode::from(3);
    };
    let asked_to_stop = Arc::new(AtomicBool::new(false));
    runtime.block_on(serve(events, messages, Arc::clone(&asked_to_stop)));
    // Reading standard input cannot be given up, so this ends the process rather than its threads.
    let clean = asked_to_stop.load(Ordering::SeqCst);
    std::process::exit(i32::from(!clean))
}

async fn serve(events: mpsc::Sender<Event>, messages: UnboundedReceiver<Message>, asked_to_stop: Arc<AtomicBool>) {
    let (service, socket) = LspService::new(|client: Client| {
        tokio::spawn(forward(client.clone(), messages));
        Backend { client, events, watch: Mutex::new(None), asked_to_stop }
    });
    let (exit, exited) = tokio::sync::oneshot::channel();
    let service = UntilExit { inner: service, exit: Some(exit) };
    let server = Server::new(tokio::io::stdin(), tokio::io::stdout(), socket).serve(service);
    tokio::select! {
        () = server => {}
        // Without an `exit` the sender stays where it is until the server ends.
        Ok(()) = exited => {}
    }
}

/// What the worker has to say goes out in its order.
async fn forward(client: Client, mut messages: UnboundedReceiver<Message>) {
    while let Some(message) = messages.recv().await {
        match message {
            Message::Diagnostics { url, diagnostics, version } => {
                client.publish_diagnostics(url, diagnostics, version).await;
            }
            Message::Log(text) => client.log_message(MessageType::WARNING, text).await,
        }
    }
}

/// tower-lsp notices `exit` only with the next message; this notices it at once.
struct UntilExit<S> {
    inner: S,
    exit: Option<tokio::sync::oneshot::Sender<()>>,
}

impl<S: Service<Request>> Service<Request> for UntilExit<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<std::result::Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> S::Future {
        if request.method() == "exit"
            && let Some(exit) = self.exit.take()
        {
            let _ = exit.send(());
        }
        self.inner.call(request)
    }
}

impl Backend {
    /// Only fails when the worker is gone, and then there is nobody to tell.
    fn send(&self, event: Event) {
        let _ = self.events.send(event);
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let encoding = capabilities::encoding(&params.capabilities);
        self.send(Event::Start { encoding, folders: folders(&params) });
        if let Ok(mut watch) = self.watch.lock() {
            *watch = capabilities::watch(&params.capabilities);
        }
        Ok(InitializeResult {
            capabilities: capabilities::server(encoding),
            server_info: Some(ServerInfo {
                name: "ordain-lsp".into(),
                version: Some(env!("CARGO_PKG_VERSION").into()),
            }),
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let watch = self.watch.lock().ok().and_then(|mut watch| watch.take());
        if let Some(registration) = watch {
            let client = self.client.clone();
            // Not awaited here: a handler that waits for the client keeps others from running.
            tokio::spawn(async move { client.register_capability(vec![registration]).await });
        }
    }

    async fn shutdown(&self) -> Result<()> {
        self.asked_to_stop.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        self.send(Event::Open { url: document.uri, version: document.version, text: document.text });
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        self.send(Event::Change { url: document.uri, version: document.version, changes: params.content_changes });
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.send(Event::Close { url: params.text_document.uri });
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.send(Event::Disk { urls: params.changes.into_iter().map(|change| change.uri).collect() });
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let paths = |folders: Vec<WorkspaceFolder>| {
            folders.into_iter().filter_map(|folder| folder.uri.to_file_path().ok()).collect()
        };
        self.send(Event::Folders { added: paths(params.event.added), removed: paths(params.event.removed) });
    }
}

/// The folders that are open in the editor.
fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = params.workspace_folders.iter().flatten().map(|folder| &folder.uri);
    let mut paths: Vec<PathBuf> = folders.filter_map(|url| url.to_file_path().ok()).collect();
    if paths.is_empty() {
        #[allow(deprecated, reason = "older clients say only this")]
        paths.extend(params.root_uri.as_ref().and_then(|url| url.to_file_path().ok()));
    }
    paths
}

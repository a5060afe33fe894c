//! The protocol: the only file that knows tower-lsp. Handlers send an event before they wait for anything, so events
//! keep the order of the messages; nothing here has state of its own.

pub use tower_lsp::lsp_types;

use crate::answers::commands::{self, Answer, SHOW, Work};
use crate::answers::{files, lenses, names, reading, writing};
use crate::aside::Aside;
use crate::capabilities::{self, Client as Abilities};
use crate::event::{Ask, Event, Message, Stale};
use crate::prover::Prover;
use crate::reports::Waiting;
use crate::worker::Worker;
use lsp_types::*;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::task::{Context, Poll};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, Request, Result};
use tower_lsp::{Client, LanguageServer, LspService, Server};
use tower_service::Service;

struct Backend {
    client: Client,
    events: mpsc::Sender<Event>,
    aside: Aside,
    /// What the client can, once it has said so.
    abilities: Arc<OnceLock<Abilities>>,
    /// How to ask for file changes, once the client is ready.
    watch: Mutex<Option<Registration>>,
    asked_to_stop: Arc<AtomicBool>,
}

/// So many requests may wait for their answers. Were there fewer, those that wait for proofs would keep edits out.
const AT_ONCE: usize = 64;

/// Serves one client until it says `exit` or goes away: over standard input and output, or who connects to the address.
pub fn run(tcp: Option<&str>) -> ExitCode {
    let (events, inbox) = mpsc::channel();
    let (tell, messages) = unbounded_channel();
    let prover = Prover::start(events.clone());
    let worker = prover.and_then(|prover| {
        let thread = std::thread::Builder::new().name("worker".into()).stack_size(ordain::cli::STACK);
        // The editor may be gone before the worker is.
        thread.spawn(move || Worker::new(prover, Box::new(move |message| drop(tell.send(message)))).run(&inbox))
    });
    // One thread: handlers only pass on, and to wake another thread takes longer than they do.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
    let (Ok(_), Ok(runtime), Ok(aside)) = (worker, runtime, Aside::start()) else {
        eprintln!("error: no threads can be started");
        return ExitCode::from(3);
    };
    let asked_to_stop = Arc::new(AtomicBool::new(false));
    let service = |client: Client| {
        let abilities = Arc::new(OnceLock::new());
        tokio::spawn(forward(client.clone(), messages, Arc::clone(&abilities)));
        let asked_to_stop = Arc::clone(&asked_to_stop);
        Backend { client, events, aside, abilities, watch: Mutex::new(None), asked_to_stop }
    };
    let served = runtime.block_on(async {
        let Some(address) = tcp else {
            serve(service, tokio::io::stdin(), tokio::io::stdout()).await;
            return Ok(());
        };
        let listener = tokio::net::TcpListener::bind(address).await?;
        // With port 0 the system has chosen one.
        eprintln!("listening on {}", listener.local_addr()?);
        let (stream, _) = listener.accept().await?;
        let (input, output) = stream.into_split();
        serve(service, input, output).await;
        Ok::<(), std::io::Error>(())
    });
    if let (Err(error), Some(address)) = (served, tcp) {
        eprintln!("error: `{address}` cannot be listened on: {}", ordain::cli::load::reason(&error));
        return ExitCode::from(2);
    }
    // Reading standard input cannot be given up, so this ends the process rather than its threads.
    let clean = asked_to_stop.load(Ordering::SeqCst);
    std::process::exit(i32::from(!clean))
}

async fn serve(
    service: impl FnOnce(Client) -> Backend,
    input: impl tokio::io::AsyncRead + Unpin,
    output: impl tokio::io::AsyncWrite,
) {
    let (service, socket) = LspService::new(service);
    let (exit, exited) = tokio::sync::oneshot::channel();
    let service = UntilExit { inner: service, exit: Some(exit) };
    let server = Server::new(input, output, socket);
    let server = server.concurrency_level(AT_ONCE).serve(service);
    tokio::select! {
        () = server => {}
        // Without an `exit` the sender stays where it is until the server ends.
        Ok(()) = exited => {}
    }
}

/// What the worker has to say goes out in its order.
async fn forward(client: Client, mut messages: UnboundedReceiver<Message>, abilities: Arc<OnceLock<Abilities>>) {
    while let Some(message) = messages.recv().await {
        match message {
            Message::Diagnostics { url, diagnostics, version } => {
                client.publish_diagnostics(url, diagnostics, version).await;
            }
            Message::Stale(what) => {
                let abilities = abilities.get().copied().unwrap_or_default();
                let client = client.clone();
                // Not awaited here: what follows must not wait for the client.
                tokio::spawn(async move { refresh(&client, abilities, what).await });
            }
            Message::Status(status) => client.send_notification::<Status>(status).await,
            Message::Log(text) => client.log_message(MessageType::WARNING, text).await,
        }
    }
}

/// `ordain/status`: how far a project is.
enum Status {}

impl notification::Notification for Status {
    type Params = serde_json::Value;
    const METHOD: &'static str = "ordain/status";
}

/// Asks the client to ask again. Whether it does is its business.
async fn refresh(client: &Client, abilities: Abilities, what: Stale) {
    if what == Stale::Diagnostics {
        let _ = client.workspace_diagnostic_refresh().await;
        return;
    }
    if abilities.refreshes_lenses {
        let _ = client.code_lens_refresh().await;
    }
    if abilities.refreshes_hints {
        let _ = client.inlay_hint_refresh().await;
    }
}

/// Where the libraries of the protocol are not quite what clients speak: tower-lsp notices `exit` only with the next
/// message, this at once; and its types know one word of `initialize` by another name.
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
        self.inner.call(if request.method() == "initialize" { as_read(request) } else { request })
    }
}

/// Clients say in `workspace.diagnostics` whether they ask for diagnostics again when they are told to
/// (`DiagnosticWorkspaceClientCapabilities`, section "Pull Diagnostics" of the protocol); lsp-types reads `diagnostic`.
fn as_read(request: Request) -> Request {
    let (method, id, mut params) = request.into_parts();
    let workspace = params.as_mut().and_then(|params| params.pointer_mut("/capabilities/workspace"));
    if let Some(workspace) = workspace.and_then(|workspace| workspace.as_object_mut())
        && let Some(said) = workspace.remove("diagnostics")
    {
        workspace.insert("diagnostic".into(), said);
    }
    let builder = Request::build(method);
    let builder = id.into_iter().fold(builder, |builder, id| builder.id(id));
    params.into_iter().fold(builder, |builder, params| builder.params(params)).finish()
}

impl Backend {
    /// Only fails when the worker is gone, and then there is nobody to tell.
    fn send(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// Has a request worked on in its turn. Where nobody waits for the answer any more, it is skipped.
    async fn ask<T: Send + 'static>(&self, work: impl FnOnce(&mut Worker) -> T + Send + 'static) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.send(Event::Ask(Ask(Box::new(move |worker| {
            if !reply.is_closed() {
                let _ = reply.send(work(worker));
            }
        }))));
        answer.await.map_err(|_| Error::internal_error())
    }

    /// Has the client open a place, or a page outside of the editor.
    fn show(&self, uri: Url, selection: Option<Range>) {
        let external = selection.is_none().then_some(true);
        let shown = ShowDocumentParams { uri, external, take_focus: Some(true), selection };
        let client = self.client.clone();
        // Not awaited: a handler that waits for the client keeps others from running.
        tokio::spawn(async move { client.show_document(shown).await });
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let client = Abilities::of(&params.capabilities, params.initialization_options.as_ref());
        let _ = self.abilities.set(client);
        self.send(Event::Start { client, folders: folders(&params) });
        if let Ok(mut watch) = self.watch.lock() {
            *watch = capabilities::watch(&params.capabilities);
        }
        Ok(InitializeResult {
            capabilities: capabilities::server(&client),
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

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        self.ask(move |w| files::renamed(w, &params.files)).await
    }

    async fn did_rename_files(&self, params: RenameFilesParams) {
        let both = params.files.into_iter().flat_map(|f| [f.old_uri, f.new_uri]);
        self.send(Event::Disk { urls: both.filter_map(|uri| Url::parse(&uri).ok()).collect() });
    }

    async fn did_create_files(&self, params: CreateFilesParams) {
        self.send(Event::Disk { urls: params.files.iter().filter_map(|f| Url::parse(&f.uri).ok()).collect() });
    }

    async fn did_delete_files(&self, params: DeleteFilesParams) {
        self.send(Event::Disk { urls: params.files.iter().filter_map(|f| Url::parse(&f.uri).ok()).collect() });
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let paths = |folders: Vec<WorkspaceFolder>| {
            folders.into_iter().filter_map(|folder| folder.uri.to_file_path().ok()).collect()
        };
        self.send(Event::Folders { added: paths(params.event.added), removed: paths(params.event.removed) });
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.ask(move |w| names::hover(w, &params.text_document_position_params)).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.ask(move |w| names::definition(w, &params.text_document_position_params)).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.ask(move |w| names::references(w, &params)).await
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        self.ask(move |w| names::highlights(w, &params.text_document_position_params)).await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        self.ask(move |w| names::prepare_rename(w, &params)).await?.map_err(refused)
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.ask(move |w| names::rename(w, &params)).await?.map_err(refused)
    }

    async fn linked_editing_range(&self, params: LinkedEditingRangeParams) -> Result<Option<LinkedEditingRanges>> {
        self.ask(move |w| names::linked(w, &params.text_document_position_params)).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.ask(move |w| names::hierarchy(w, &params.text_document_position_params)).await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.ask(move |w| names::exceptions(w, &params.item)).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.ask(move |w| names::replaced(w, &params.item)).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<Vec<SymbolInformation>>> {
        self.ask(move |w| Some(names::search(w, &params.query))).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        self.ask(move |w| writing::completion(w, &params)).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        self.ask(move |w| writing::resolve(w, item)).await
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(move |w| writing::formatting(w, &params.text_document.uri)).await
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(move |w| writing::range_formatting(w, &params.text_document.uri, params.range)).await
    }

    async fn on_type_formatting(&self, params: DocumentOnTypeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(move |w| writing::type_formatting(w, &params.text_document_position)).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.ask(move |w| writing::actions(w, &params)).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.ask(move |w| reading::symbols(w, &params.text_document.uri)).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.ask(move |w| reading::folding(w, &params.text_document.uri)).await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.ask(move |w| reading::selections(w, &params)).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.ask(move |w| reading::links(w, &params.text_document.uri)).await
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        self.ask(move |w| reading::colours_full(w, &params.text_document.uri)).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        self.ask(move |w| reading::colours_delta(w, &params.text_document.uri, &params.previous_result_id)).await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        self.ask(move |w| reading::colours_range(w, &params)).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.ask(move |w| reading::hints(w, &params)).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask(move |w| lenses::lenses(w, &params.text_document.uri)).await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting::Document(params.text_document.uri, params.previous_result_id, reply);
        self.send(Event::Ask(Ask(Box::new(move |w| w.waiting.push(waiting)))));
        answer.await.map_err(|_| Error::internal_error())
    }

    async fn workspace_diagnostic(&self, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReportResult> {
        let (reply, answer) = oneshot::channel();
        let known = params.previous_result_ids.into_iter().map(|p| (p.uri, p.value)).collect();
        let waiting = Waiting::Workspace(known, reply);
        self.send(Event::Ask(Ask(Box::new(move |w| w.waiting.push(waiting)))));
        answer.await.map_err(|_| Error::internal_error())
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<serde_json::Value>> {
        let ExecuteCommandParams { command, arguments, .. } = params;
        if command == SHOW {
            let place = arguments.into_iter().next().and_then(|v| serde_json::from_value::<Location>(v).ok());
            let Some(place) = place else { return Err(Error::invalid_params("a place is expected")) };
            self.show(place.uri, Some(place.range));
            return Ok(None);
        }
        let Some(work) = Work::of(&command) else {
            return Err(Error::invalid_params(format!("`{command}` is no command of this server")));
        };
        let Some(url) = commands::about(&arguments) else {
            return Err(Error::invalid_params("the `uri` of a document is expected"));
        };
        let Some(snapshot) = self.ask(move |w| w.snapshot(&url)).await? else { return Ok(None) };
        let answer = self.aside.ask(move || work.run(&snapshot, &arguments)).await;
        match answer.map_err(|_| Error::internal_error())?.map_err(refused)? {
            Answer::Json(value) => return Ok(Some(value)),
            Answer::Page(url) => self.show(url, None),
            Answer::Say(kind, text) => {
                let client = self.client.clone();
                tokio::spawn(async move { client.show_message(kind, text).await });
            }
        }
        Ok(None)
    }
}

/// Why something cannot be done, for the person who asked for it.
fn refused(why: String) -> Error {
    Error { code: tower_lsp::jsonrpc::ErrorCode::ServerError(-32803), message: why.into(), data: None }
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

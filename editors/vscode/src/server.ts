// The language server: finds it, starts it, asks it. What goes wrong with it is said in words that help.

import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, type ServerOptions, Trace } from 'vscode-languageclient/node';
import type { Commands, Status } from './protocol.js';

/** The commands behind lenses that this client runs itself. */
const OWN = ['ordain.showTable', 'ordain.runExpectation', 'ordain.why'];

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly output = vscode.window.createOutputChannel('Ordain', { log: true });
  private readonly status = new vscode.EventEmitter<Status>();
  private readonly running = new vscode.EventEmitter<boolean>();
  readonly onStatus = this.status.event;
  /** Whether the server runs; false also where it could not be started. */
  readonly onRunning = this.running.event;

  constructor(private readonly context: vscode.ExtensionContext) {}

  get isRunning(): boolean {
    return this.client?.isRunning() ?? false;
  }

  showOutput(): void {
    this.output.show();
  }

  async start(): Promise<void> {
    const path = this.path();
    if (!existsSync(path)) {
      await this.failed(path, 'there is no such file');
      return;
    }
    const run: ServerOptions = { command: path, args: [] };
    const options: LanguageClientOptions = {
      documentSelector: [{ language: 'ordain' }],
      initializationOptions: { status: true, commands: OWN },
      outputChannel: this.output,
      markdown: { isTrusted: false, supportHtml: false },
    };
    const client = new LanguageClient('ordain', 'Ordain', run, options);
    this.client = client;
    client.onNotification('ordain/status', (status: Status) => this.status.fire(status));
    try {
      await client.start();
      await client.setTrace(trace());
      this.running.fire(true);
    } catch (error) {
      this.client = undefined;
      await this.failed(path, error instanceof Error ? error.message : String(error));
    }
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async traced(): Promise<void> {
    await this.client?.setTrace(trace());
  }

  /** What the server answers; undefined where the document belongs to no project, or the server does not run. */
  async ask<Name extends keyof Commands>(
    command: Name,
    argument: Commands[Name]['argument'],
    token?: vscode.CancellationToken,
  ): Promise<Commands[Name]['result'] | undefined> {
    if (!this.client?.isRunning()) return undefined;
    const params = { command, arguments: [argument] };
    type Answer = Commands[Name]['result'] | null;
    const method = 'workspace/executeCommand';
    // An argument more, though undefined, would make a list of the parameters.
    const answer = await (token ? this.client.sendRequest<Answer>(method, params, token) : this.client.sendRequest<Answer>(method, params));
    return answer ?? undefined;
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.running.fire(false);
    await client?.dispose();
  }

  private path(): string {
    const set = vscode.workspace.getConfiguration('ordain').get<string>('server.path', '').trim();
    const program = process.platform === 'win32' ? 'ordain-lsp.exe' : 'ordain-lsp';
    return set || this.context.asAbsolutePath(`bin/${program}`);
  }

  private async failed(path: string, why: string): Promise<void> {
    this.running.fire(false);
    this.output.error(`${path}: ${why}`);
    const settings = 'Open the Setting';
    const output = 'Show the Output';
    const text = `The Ordain server does not start, so policies are coloured but not checked. Tried ${path}: ${why}. `
      + 'Say in the setting “ordain.server.path” where ordain-lsp is.';
    // Not awaited by the start: the message may stay for long.
    void vscode.window.showErrorMessage(text, settings, output).then((chosen) => {
      if (chosen === settings) void vscode.commands.executeCommand('workbench.action.openSettings', 'ordain.server.path');
      if (chosen === output) this.showOutput();
    });
  }

  dispose(): Promise<void> {
    this.status.dispose();
    this.running.dispose();
    this.output.dispose();
    const client = this.client;
    this.client = undefined;
    return client?.dispose() ?? Promise.resolve();
  }
}

function trace(): Trace {
  return Trace.fromString(vscode.workspace.getConfiguration('ordain').get<string>('trace.server', 'off'));
}

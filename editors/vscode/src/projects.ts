// What the server says of each project -> the state of the project of a document, and which document all views are about.

import * as vscode from 'vscode';
import type { Status } from './protocol.js';
import type { Server } from './server.js';

export class Projects implements vscode.Disposable {
  private readonly known = new Map<string, Status>();
  private readonly changed = new vscode.EventEmitter<Status>();
  private readonly moved = new vscode.EventEmitter<vscode.TextDocument | undefined>();
  private readonly parts: vscode.Disposable[] = [];
  private last: vscode.TextDocument | undefined;
  /** A project has another state. */
  readonly onStatus = this.changed.event;
  /** The views are about another document. */
  readonly onDocument = this.moved.event;

  constructor(server: Server) {
    this.parts.push(
      this.changed,
      this.moved,
      server.onStatus((status) => {
        this.known.set(status.uri, status);
        this.changed.fire(status);
      }),
      server.onRunning((runs) => {
        if (!runs) this.known.clear();
        this.moved.fire(this.document);
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.look()),
      vscode.workspace.onDidOpenTextDocument(() => this.look()),
      vscode.workspace.onDidCloseTextDocument((closed) => {
        this.known.delete(closed.uri.toString());
        if (closed === this.last) this.last = undefined;
        this.look();
      }),
    );
    this.look();
  }

  /** The policy that was looked at last; it stays while another panel has the focus. */
  get document(): vscode.TextDocument | undefined {
    return this.last;
  }

  get all(): Status[] {
    return [...this.known.values()];
  }

  /** The state of the project that a document belongs to: the one with the longest root above it. */
  of(uri: string): Status | undefined {
    const above = this.all.filter((s) => uri === s.uri || uri.startsWith(s.uri.endsWith('/') ? s.uri : `${s.uri}/`));
    return above.sort((a, b) => b.uri.length - a.uri.length)[0];
  }

  private look(): void {
    const active = vscode.window.activeTextEditor?.document;
    const shown = vscode.window.visibleTextEditors.map((e) => e.document).find(isPolicy);
    const next = active && isPolicy(active) ? active : this.last && !this.last.isClosed ? this.last : shown;
    if (next === this.last) return;
    this.last = next;
    void vscode.commands.executeCommand('setContext', 'ordain.active', next !== undefined);
    this.moved.fire(next);
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }
}

export function isPolicy(document: vscode.TextDocument): boolean {
  return document.languageId === 'ordain';
}

// The decision table of the project that is looked at, live beside its text: it follows edits, and text and rows follow
// one another.

import * as vscode from 'vscode';
import type { FromTable, TableState, ToTable } from './messages.js';
import { fill } from './page.js';
import { namedAround, open, range } from './places.js';
import type { Hit, Table } from './protocol.js';
import type { Projects } from './projects.js';
import type { Server } from './server.js';

export class TableView implements vscode.Disposable, vscode.WebviewPanelSerializer<TableState> {
  private panel: vscode.WebviewPanel | undefined;
  private uri: string | undefined;
  private decision: string | undefined;
  private hit: Hit | undefined;
  private table: Table | undefined;
  private ready = false;
  private asked = 0;
  private moves = 0;
  private readonly parts: vscode.Disposable[];

  constructor(private readonly extension: vscode.Uri, private readonly server: Server, private readonly projects: Projects) {
    this.parts = [
      vscode.commands.registerCommand('ordain.showTable', (target?: vscode.Uri | string) => this.show(target)),
      vscode.window.registerWebviewPanelSerializer('ordain.table', this),
      projects.onDocument((document) => {
        if (document && this.panel) this.about(document.uri.toString());
      }),
      projects.onStatus((status) => {
        if (!this.uri || projects.of(this.uri)?.uri !== status.uri) return;
        if (status.state === 'done') void this.load();
        else this.send({ type: 'proving' });
      }),
      vscode.window.onDidChangeTextEditorSelection((e) => void this.cursor(e.textEditor, e.kind !== undefined)),
    ];
  }

  /** The table as shown: for tests. */
  get shown(): Table | undefined {
    return this.table;
  }

  async show(target?: vscode.Uri | string): Promise<void> {
    const uri = target?.toString() ?? this.projects.document?.uri.toString();
    if (!uri) {
      void vscode.window.showInformationMessage('Open a policy first: its decision table is shown beside it.');
      return;
    }
    if (this.panel) {
      this.panel.reveal(undefined, true);
      this.about(uri);
      return;
    }
    this.uri = uri;
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.adopt(vscode.window.createWebviewPanel('ordain.table', 'Decision Table', column));
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state?: TableState): Promise<void> {
    this.uri = this.projects.document?.uri.toString() ?? state?.uri;
    this.adopt(panel);
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    this.ready = false;
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.table = undefined;
    });
    panel.webview.onDidReceiveMessage((message: FromTable) => this.received(message));
    fill(panel, this.extension, 'table', 'Decision table');
  }

  private received(message: FromTable): void {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.decision ??= message.state.decision;
        this.hit ??= message.state.hit;
        void this.load();
        break;
      case 'ask':
        this.decision = message.decision ?? this.decision;
        this.hit = message.hit ?? this.hit;
        void this.load();
        break;
      case 'open':
        void open(vscode.Uri.parse(message.rule.uri), range(message.rule.range), message.keep);
        break;
    }
  }

  /** Another document; another project shows another table. */
  private about(uri: string): void {
    const same = this.uri !== undefined && this.projects.of(this.uri)?.uri === this.projects.of(uri)?.uri && this.table !== undefined;
    this.uri = uri;
    if (!same) void this.load();
  }

  private async load(): Promise<void> {
    if (!this.panel || !this.ready) return;
    const asked = ++this.asked;
    const uri = this.uri;
    if (!uri) {
      this.send({ type: 'none', text: 'Open a policy: its decision table is shown here.' });
      return;
    }
    const argument = { uri, ...(this.decision && { decision: this.decision }), ...(this.hit && { hit: this.hit }) };
    try {
      const table = await this.server.ask('ordain.table', argument);
      if (asked !== this.asked) return;
      if (table) this.take(uri, table);
      else this.send({ type: 'none', text: 'This file belongs to no policy that can be understood yet.' });
    } catch (error) {
      if (asked !== this.asked) return;
      // A decision that another project has, or an earlier text had.
      if (this.decision !== undefined) {
        this.decision = undefined;
        void this.load();
        return;
      }
      this.send({ type: 'none', text: error instanceof Error ? error.message : String(error) });
    }
  }

  private take(uri: string, table: Table): void {
    // A problem leaves the rows as they were, marked as old.
    if (!table.problem) this.table = table;
    if (this.panel) this.panel.title = table.title ? `Table: ${table.title}` : 'Decision Table';
    this.send({ type: 'table', uri, table });
    const editor = vscode.window.activeTextEditor;
    if (editor) void this.cursor(editor, false);
  }

  private async cursor(editor: vscode.TextEditor, moved: boolean): Promise<void> {
    if (!this.panel?.visible || !this.table || editor.document.languageId !== 'ordain') return;
    const asked = ++this.moves;
    const all = new Map(this.table.rows.flatMap((row) => row.rules).map((rule) => [rule.name, rule]));
    const rules = await namedAround(editor.document, editor.selection.active, [...all.values()]);
    if (asked !== this.moves) return;
    const scroll = moved && vscode.workspace.getConfiguration('ordain').get<boolean>('table.followCursor', true);
    this.send({ type: 'cursor', rules: rules.map((rule) => rule.name), scroll });
  }

  private send(message: ToTable): void {
    if (this.ready) void this.panel?.webview.postMessage(message);
  }

  dispose(): void {
    this.panel?.dispose();
    for (const part of this.parts) part.dispose();
  }
}

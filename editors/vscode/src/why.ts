// "Why?": a form of the policy's facts. What is filled in is decided while it changes.

import * as vscode from 'vscode';
import type { FromWhy, ToWhy, WhyState } from './messages.js';
import { fill } from './page.js';
import { open, range } from './places.js';
import type { Case, Exception, Place } from './protocol.js';
import type { Projects } from './projects.js';
import type { Server } from './server.js';

export class WhyView implements vscode.Disposable, vscode.WebviewPanelSerializer<WhyState> {
  private panel: vscode.WebviewPanel | undefined;
  private uri: string | undefined;
  /** A case to fill in as soon as there is a form. */
  private wanted: Case | undefined;
  private ready = false;
  private asked = 0;
  private readonly parts: vscode.Disposable[];

  constructor(private readonly extension: vscode.Uri, private readonly server: Server, private readonly projects: Projects) {
    this.parts = [
      vscode.commands.registerCommand('ordain.why', (target?: vscode.Uri | string, known?: unknown) => this.show(target, known)),
      vscode.window.registerWebviewPanelSerializer('ordain.why', this),
      projects.onDocument((document) => {
        if (!document || !this.panel) return;
        const next = document.uri.toString();
        const same = this.uri !== undefined && projects.of(this.uri)?.uri === projects.of(next)?.uri;
        this.uri = next;
        if (!same) void this.form();
      }),
      projects.onStatus((status) => {
        if (!this.uri || projects.of(this.uri)?.uri !== status.uri) return;
        if (status.state === 'done') void this.form();
        else this.send({ type: 'proving' });
      }),
    ];
  }

  async show(target?: vscode.Uri | string, known?: unknown): Promise<void> {
    const uri = target?.toString() ?? this.projects.document?.uri.toString();
    if (!uri) {
      void vscode.window.showInformationMessage('Open a policy first: its cases are decided beside it.');
      return;
    }
    this.uri = uri;
    this.wanted = asCase(known);
    if (this.panel) {
      this.panel.reveal(undefined, true);
      void this.form();
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false };
    this.adopt(vscode.window.createWebviewPanel('ordain.why', 'Why?', column));
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state?: WhyState): Promise<void> {
    this.uri = this.projects.document?.uri.toString() ?? state?.uri;
    this.wanted = state?.case;
    this.adopt(panel);
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    this.ready = false;
    panel.onDidDispose(() => { this.panel = undefined; });
    panel.webview.onDidReceiveMessage((message: FromWhy) => this.received(message));
    fill(panel, this.extension, 'why', 'Why?');
  }

  private received(message: FromWhy): void {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.wanted ??= message.state.case;
        void this.form();
        break;
      case 'decide':
        void this.decide(message.case, message.for);
        break;
      case 'open':
        void this.open(message.rule, message.place);
        break;
    }
  }

  private async form(): Promise<void> {
    if (!this.panel || !this.ready) return;
    const asked = ++this.asked;
    const uri = this.uri;
    if (!uri) {
      this.send({ type: 'none', text: 'Open a policy: its cases are decided here.' });
      return;
    }
    try {
      const form = await this.server.ask('ordain.form', { uri });
      if (asked !== this.asked) return;
      if (!form) {
        this.send({ type: 'none', text: 'This file belongs to no policy that can be understood yet.' });
        return;
      }
      this.panel.title = form.title ? `Why? ${form.title}` : 'Why?';
      const known = this.wanted;
      this.wanted = undefined;
      this.send({ type: 'form', uri, form, ...(known && { case: known }) });
    } catch (error) {
      if (asked === this.asked) this.send({ type: 'none', text: text(error) });
    }
  }

  private async decide(known: Case, number: number): Promise<void> {
    if (!this.uri) return;
    try {
      const decided = await this.server.ask('ordain.decide', { uri: this.uri, case: known });
      this.send(decided
        ? { type: 'decided', decided, for: number }
        : { type: 'refused', text: 'The policy has errors; the case is decided once they are gone.', for: number });
    } catch (error) {
      this.send({ type: 'refused', text: text(error), for: number });
    }
  }

  /** The rule by its name, else by the file and line that the answer gives. */
  private async open(name: string, place: Place): Promise<void> {
    if (!this.uri) return;
    const tree = await this.server.ask('ordain.exceptions', { uri: this.uri }).catch(() => undefined);
    const rule = find(tree?.roots ?? [], name);
    if (rule) {
      await open(vscode.Uri.parse(rule.uri), range(rule.range), false);
      return;
    }
    const own = vscode.Uri.parse(this.uri);
    const root = vscode.Uri.parse(this.projects.of(this.uri)?.uri ?? this.uri);
    const file = own.path.endsWith(place.file) ? own : vscode.Uri.joinPath(root, place.file);
    const line = Math.max(0, place.start.line - 1);
    const column = Math.max(0, place.start.column - 1);
    await open(file, new vscode.Range(line, column, line, column), false);
  }

  private send(message: ToWhy): void {
    if (this.ready) void this.panel?.webview.postMessage(message);
  }

  dispose(): void {
    this.panel?.dispose();
    for (const part of this.parts) part.dispose();
  }
}

/** The rule of this path; in the tree a rule may go by its path or by its last name. */
function find(rules: Exception[], path: string, above = ''): Exception | undefined {
  for (const rule of rules) {
    const own = above ? `${above}.${rule.name}` : rule.name;
    if (rule.name === path || own === path) return rule;
    const inner = find(rule.children, path, own);
    if (inner) return inner;
  }
  return undefined;
}

/** The case of a lens or an action: an object of values, or a list of facts with values. */
function asCase(known: unknown): Case | undefined {
  if (typeof known !== 'object' || known === null) return undefined;
  const pairs = Array.isArray(known)
    ? known.filter((k) => typeof k?.fact === 'string').map((k) => [k.fact, k.value])
    : Object.entries(known);
  return Object.fromEntries(pairs.filter(([, value]) => value !== null && value !== undefined).map(([fact, value]) => [fact, String(value)]));
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// The state of the project that is looked at -> one item in the status bar.

import * as vscode from 'vscode';
import type { Status } from './protocol.js';
import type { Projects } from './projects.js';
import type { Server } from './server.js';

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('ordain.status', vscode.StatusBarAlignment.Left, 10);
  private readonly parts: vscode.Disposable[];

  constructor(private readonly server: Server, private readonly projects: Projects) {
    this.item.name = 'Ordain';
    this.parts = [
      this.item,
      projects.onStatus(() => this.show()),
      projects.onDocument(() => this.show()),
      server.onRunning(() => this.show()),
    ];
    this.show();
  }

  /** What the item says; nothing where it is hidden. */
  get text(): string | undefined {
    return this.projects.document ? this.item.text : undefined;
  }

  private show(): void {
    const document = this.projects.document;
    if (!document) {
      this.item.hide();
      return;
    }
    const status = this.projects.of(document.uri.toString());
    if (!this.server.isRunning) {
      this.item.text = '$(circle-slash) Ordain: no server';
      this.item.tooltip = 'The language server does not run. Click to see its output.';
      this.item.command = 'ordain.showOutput';
    } else {
      this.item.text = label(status);
      this.item.tooltip = tooltip(status);
      this.item.command = 'workbench.actions.view.problems';
    }
    this.item.accessibilityInformation = { label: `Ordain: ${this.item.text.replace(/\$\([^)]*\)\s*/g, '')}` };
    this.item.show();
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }
}

function label(status: Status | undefined): string {
  if (!status) return '$(law) Ordain';
  if (status.state === 'reading') return '$(sync~spin) reading…';
  if (status.state === 'proving') return '$(sync~spin) proving…';
  const findings = status.errors + status.warnings;
  if (findings === 0) return '$(pass) Ordain: clean';
  return `${status.errors > 0 ? '$(error)' : '$(warning)'} ${findings} ${findings === 1 ? 'finding' : 'findings'}`;
}

function tooltip(status: Status | undefined): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.isTrusted = { enabledCommands: ['ordain.showTable', 'ordain.why', 'ordain.proveExpectations', 'ordain.compareWithHead', 'ordain.fixNext'] };
  if (status) {
    const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
    text.appendMarkdown('**').appendText(status.name).appendMarkdown('**\n\n');
    text.appendMarkdown(status.state === 'done'
      ? `${count(status.errors, 'error')}, ${count(status.warnings, 'warning')}, ${count(status.notes, 'note')}\n\n`
      : 'The rules are being proved.\n\n');
  }
  text.appendMarkdown('[$(table) Decision table](command:ordain.showTable) · [$(question) Why?](command:ordain.why) · '
    + '[$(beaker) Expectations](command:ordain.proveExpectations) · [$(git-compare) Compare](command:ordain.compareWithHead)');
  if (status && status.errors + status.warnings > 0) text.appendMarkdown(' · [$(lightbulb) Fix](command:ordain.fixNext)');
  return text;
}

// What the texts decide differently from the last commit -> a page of Markdown, shown as a preview.

import * as vscode from 'vscode';
import type { Projects } from './projects.js';
import type { Server } from './server.js';

const SCHEME = 'ordain-compare';

export class Compare implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly pages = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly parts: vscode.Disposable[];

  constructor(private readonly server: Server, private readonly projects: Projects) {
    this.parts = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.commands.registerCommand('ordain.compareWithHead', (target?: vscode.Uri) => this.show(target, 'HEAD')),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.pages.get(uri.toString()) ?? '';
  }

  private async show(target: vscode.Uri | undefined, revision: string): Promise<void> {
    const uri = target?.toString() ?? this.projects.document?.uri.toString();
    if (!uri) return;
    const name = this.projects.of(uri)?.name ?? 'policy';
    try {
      const title = `Ordain: comparing ${name} with ${revision}`;
      const progress = { location: vscode.ProgressLocation.Window, title };
      const answer = await vscode.window.withProgress(progress, () =>
        this.server.ask('ordain.compare', { uri, revision, format: 'markdown' }));
      if (!answer) {
        void vscode.window.showWarningMessage('The policy has errors; it is compared once they are gone.');
        return;
      }
      if (answer.same) {
        void vscode.window.showInformationMessage(`Every case is decided as in ${answer.revision}.`);
        return;
      }
      const page = vscode.Uri.from({ scheme: SCHEME, path: `/${name} since ${answer.revision}.md` });
      this.pages.set(page.toString(), answer.text);
      this.changed.fire(page);
      await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
    } catch (error) {
      void vscode.window.showErrorMessage(`It cannot be compared with ${revision}: ${error instanceof Error ? error.message : error}`);
    }
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }
}

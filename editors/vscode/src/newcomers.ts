// The commands of the first steps: a policy with a contradiction, and its repairs.

import * as vscode from 'vscode';
import type { Projects } from './projects.js';

export function newcomers(extension: vscode.Uri, projects: Projects): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('ordain.openExample', () => openExample(extension)),
    vscode.commands.registerCommand('ordain.fixNext', () => fixNext(projects)),
  );
}

/** The example as a document that was never saved, so that nothing is written anywhere. */
async function openExample(extension: vscode.Uri): Promise<void> {
  const file = vscode.Uri.joinPath(extension, 'walkthrough', 'example.ordain');
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const open = vscode.workspace.textDocuments.find((d) => d.isUntitled && d.languageId === 'ordain');
  const document = open ?? await vscode.workspace.openTextDocument({ language: 'ordain', content });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
}

/** The cursor to the next finding that can be repaired, and the menu of its repairs. */
async function fixNext(projects: Projects): Promise<void> {
  const document = projects.document;
  if (!document) return;
  const found = vscode.languages.getDiagnostics(document.uri)
    .filter((d) => d.severity <= vscode.DiagnosticSeverity.Warning)
    .sort((a, b) => a.range.start.compareTo(b.range.start));
  const editor = await vscode.window.showTextDocument(document, column(document));
  const after = found.find((d) => d.range.start.isAfter(editor.selection.active)) ?? found[0];
  if (!after) {
    void vscode.window.showInformationMessage('There is nothing to fix in this file.');
    return;
  }
  editor.selection = new vscode.Selection(after.range.start, after.range.start);
  editor.revealRange(after.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  await vscode.commands.executeCommand('editor.action.quickFix');
}

function column(document: vscode.TextDocument): vscode.ViewColumn {
  const shown = vscode.window.visibleTextEditors.find((e) => e.document === document);
  return shown?.viewColumn ?? vscode.ViewColumn.One;
}

// Places of the server -> places of VS Code, and opening them beside a view.

import * as vscode from 'vscode';
import type { Range } from './protocol.js';

export function range(r: Range): vscode.Range {
  return new vscode.Range(r.start.line, r.start.character, r.end.line, r.end.character);
}

/** Shows a place in the column where its text is shown already, else in the one that is not the view's. */
export async function open(uri: vscode.Uri, at: vscode.Range, keepFocus: boolean): Promise<void> {
  const shown = vscode.window.visibleTextEditors.find((e) => e.document.uri.toString() === uri.toString());
  const text = vscode.window.visibleTextEditors.find((e) => e.document.languageId === 'ordain');
  const column = shown?.viewColumn ?? text?.viewColumn ?? vscode.ViewColumn.One;
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document, { viewColumn: column, preserveFocus: keepFocus, preview: true });
  editor.selection = new vscode.Selection(at.start, at.start);
  editor.revealRange(at, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

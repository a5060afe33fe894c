// Places of the server -> places of VS Code, and opening them beside a view.

import * as vscode from 'vscode';
import type { Named, Range } from './protocol.js';

export function range(r: Range): vscode.Range {
  return new vscode.Range(r.start.line, r.start.character, r.end.line, r.end.character);
}

const outlines = new Map<string, { version: number; symbols: vscode.DocumentSymbol[] }>();

/** Where the names stand of everything that a place lies in, the innermost first. */
export async function around(document: vscode.TextDocument, at: vscode.Position): Promise<vscode.Position[]> {
  const key = document.uri.toString();
  let outline = outlines.get(key);
  if (outline?.version !== document.version) {
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>('vscode.executeDocumentSymbolProvider', document.uri);
    outline = { version: document.version, symbols: symbols ?? [] };
    outlines.set(key, outline);
  }
  const found: vscode.Position[] = [];
  const search = (symbols: vscode.DocumentSymbol[]): void => {
    for (const symbol of symbols) {
      if (!symbol.range.contains(at)) continue;
      found.unshift(symbol.selectionRange.start);
      search(symbol.children);
    }
  };
  search(outline.symbols);
  return found;
}

/** The names at the innermost place around the cursor at which one of them stands. */
export async function namedAround<T extends Named>(document: vscode.TextDocument, at: vscode.Position, names: T[]): Promise<T[]> {
  const uri = document.uri.toString();
  const own = names.filter((name) => name.uri === uri);
  if (own.length === 0) return [];
  for (const place of await around(document, at)) {
    const here = own.filter((name) => range(name.range).start.isEqual(place));
    if (here.length > 0) return here;
  }
  return [];
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

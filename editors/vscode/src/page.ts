// A view's script and sheet -> its page. Nothing runs in it but that script, and nothing is loaded from elsewhere.

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Gives a panel the view's icon and page; whoever listens to it listens before. */
export function fill(panel: vscode.WebviewPanel, extension: vscode.Uri, name: string, title: string): void {
  const icon = (theme: string) => vscode.Uri.joinPath(extension, 'icons', `${name}-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'views')] };
  panel.webview.html = page(panel.webview, extension, name, title);
}

function page(webview: vscode.Webview, extension: vscode.Uri, name: string, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (ending: string) => webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'views', `${name}.${ending}`)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file('css')}">
<title>${title}</title>
</head>
<body>
<main id="view"></main>
<script nonce="${nonce}" src="${file('js')}"></script>
</body>
</html>`;
}

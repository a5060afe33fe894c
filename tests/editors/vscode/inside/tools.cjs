// What the tests within the extension host share: files to show, small projects of their own, and what VS Code knows.

const vscode = require('vscode');
const assert = require('node:assert/strict');
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const { commands, languages, window, workspace, Range, Uri } = vscode;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What a check returns, as soon as it returns anything; where it throws, that is why it does not come. */
async function until(what, check, milliseconds = 15000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    let why = 'it does not come';
    try {
      const found = await check();
      if (found) return found;
    } catch (error) {
      why = String(error?.message ?? error);
    }
    if (Date.now() > end) throw new Error(`${what}: ${why}`);
    await sleep(40);
  }
}

const root = () => workspace.workspaceFolders[0].uri;
const file = (name) => Uri.joinPath(root(), ...name.split('/'));

/** A document, shown; places in it are found by their text. */
async function shown(uri) {
  const document = await workspace.openTextDocument(uri);
  const editor = await window.showTextDocument(document, { preview: false });
  const at = (text, offset = 0) => {
    const start = document.getText().indexOf(text);
    assert.ok(start >= 0, `there is no “${text}” in ${uri}`);
    return document.positionAt(start + offset);
  };
  const behind = (text) => at(text, text.length);
  const over = (text) => new Range(at(text), behind(text));
  return { document, editor, uri: document.uri, at, behind, over };
}

/** A file of the workspace. */
const show = (name) => shown(file(name));

let made = 0;

/** A project of its own, written without VS Code; its first file is shown. */
async function project(files) {
  made += 1;
  const folder = join(root().fsPath, 'made', `p${made}`);
  write(folder, { 'ordain.toml': '', ...files });
  const first = await shown(Uri.file(join(folder, Object.keys(files)[0])));
  return { ...first, folder, file: (name) => Uri.file(join(folder, name)) };
}

/** Writes files without VS Code; those that are undefined there are none of. */
function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

async function edit(of, range, text) {
  const change = new vscode.WorkspaceEdit();
  change.replace(of.uri, range, text);
  assert.ok(await workspace.applyEdit(change));
}

/** The text of a document once edits, as a provider gives them, are made. */
async function edited(of, edits) {
  const change = new vscode.WorkspaceEdit();
  change.set(of.uri, edits);
  assert.ok(await workspace.applyEdit(change));
  return of.document.getText();
}

async function revert(of) {
  await window.showTextDocument(of.document);
  await commands.executeCommand('workbench.action.files.revert');
}

const find = (uri) => languages.getDiagnostics(uri).filter((d) => d.severity <= vscode.DiagnosticSeverity.Warning);
const code = (diagnostic) => (typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code);
const codes = (uri) => find(uri).map(code).sort();

/** Waits for exactly these findings. */
const finds = (uri, ...wanted) =>
  until(`findings ${wanted.join(' ') || 'none'}`, () => {
    assert.deepEqual(codes(uri), wanted);
    return true;
  });

/** Asks one of VS Code's own commands about a place. */
const ask = (command, of, ...more) => commands.executeCommand(`vscode.${command}`, of.uri, ...more);

/** What a hover says, once it says this. */
const hover = (of, position, wanted) =>
  until(`a hover with ${wanted}`, async () => {
    const hovers = await ask('executeHoverProvider', of, position);
    const text = hovers.flatMap((h) => h.contents).map((c) => c.value ?? c).join('\n');
    assert.match(text, wanted);
    return text;
  });

module.exports = {
  ask, code, codes, edit, edited, find, finds, hover, project, revert, show, shown, sleep, until, write,
};

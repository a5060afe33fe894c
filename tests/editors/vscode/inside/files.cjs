// Files: what is not saved or has no file, what comes and goes without VS Code, settings, line ends, several folders.

const vscode = require('vscode');
const assert = require('node:assert/strict');
const { renameSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { ask, code, codes, edit, edited, find, finds, project, revert, shown, until, write } = require('./tools.cjs');

const { commands, languages, window, workspace, Uri, WorkspaceEdit } = vscode;

const RULES = 'use facts\npolicy p { default forbid }\nrule a { permit when late }\n';
const FACTS = 'fact late: yes/no\n';

module.exports = {
  async 'a document that was never saved is proved'() {
    await commands.executeCommand('ordain.openExample');
    const { document } = window.activeTextEditor;
    assert.ok(document.isUntitled && document.languageId === 'ordain');
    await finds(document.uri, 'O3001');
    const conflict = find(document.uri)[0];
    const actions = await commands.executeCommand('vscode.executeCodeActionProvider', document.uri, conflict.range);
    assert.ok(await workspace.applyEdit(actions.find((a) => /^let `health` win/.test(a.title)).edit));
    await finds(document.uri);
  },
  async 'what is not saved counts in other files'() {
    const rules = await project({ 'rules.ordain': RULES, 'facts.ordain': FACTS });
    await finds(rules.uri);
    const facts = await shown(rules.file('facts.ordain'));
    await edit(facts, facts.over('late'), 'ill');
    await finds(rules.uri, 'O2001');
    await revert(facts);
    await finds(rules.uri);
  },
  async 'files that come, change and go outside are read again'() {
    const rules = await project({ 'rules.ordain': RULES });
    await finds(rules.uri, 'O2012');
    write(rules.folder, { 'facts.ordain': FACTS });
    await finds(rules.uri);
    write(rules.folder, { 'more.ordain': 'use facts\nrule b { forbid when late }\n' });
    await finds(rules.uri, 'O3001');
    write(rules.folder, { 'more.ordain': 'use facts\nrule b { forbid when not late }\n' });
    await finds(rules.uri);
    renameSync(join(rules.folder, 'facts.ordain'), join(rules.folder, 'words.ordain'));
    await finds(rules.uri, 'O2012');
    renameSync(join(rules.folder, 'words.ordain'), join(rules.folder, 'facts.ordain'));
    await finds(rules.uri);
    rmSync(join(rules.folder, 'facts.ordain'));
    await finds(rules.uri, 'O2012');
  },
  async 'a file that is renamed in the editor takes along what names it'() {
    const cited = RULES.replace('forbid }', 'forbid source "text.md" }').replace('late }', 'late cite "text.md#h" }');
    const rules = await project({ 'rules.ordain': cited, 'facts.ordain': FACTS, 'text.md': '# T\n\n## H\n\nNo.\n' });
    await finds(rules.uri);
    const move = async (from, to) => {
      const change = new WorkspaceEdit();
      change.renameFile(rules.file(from), rules.file(to));
      assert.ok(await workspace.applyEdit(change));
    };
    await move('facts.ordain', 'shared/words.ordain');
    await move('text.md', 'adopted.md');
    const wanted = cited.replace('use facts', 'use shared.words').replaceAll('text.md', 'adopted.md');
    await until('the names', () => {
      assert.equal(rules.document.getText(), wanted);
      return true;
    });
    await finds(rules.uri);
    await rules.document.save();
  },
  async 'the settings of a project are read again, and checked'() {
    const rules = 'policy p { default forbid in force until 2020-01-01 }\nfact late: yes/no\n'
      + 'rule a { permit when late in force until 2019-01-01 }\n';
    const policy = await project({ 'p.ordain': rules, 'ordain.toml': '[check]\n' });
    const all = () => languages.getDiagnostics(policy.uri).map(code);
    write(policy.folder, { 'ordain.toml': '[check]\nas-of = 2026-01-01\n' });
    await until('what is no longer in force', () => all().includes('O5005'));
    write(policy.folder, { 'ordain.toml': '[check]\nlevel = 3\n' });
    await finds(policy.file('ordain.toml'), 'O9003');
    write(policy.folder, { 'ordain.toml': '[check]\n' });
    await finds(policy.file('ordain.toml'));
    await until('as it was', () => !all().includes('O5005'));
  },
  async 'line ends of Windows stay, and places are right'() {
    const text = 'policy p { default forbid }\nfact late: yes/no\n\nrule a {\n      permit when not lte\n}\n'
      .replaceAll('\n', '\r\n');
    const policy = await project({ 'p.ordain': text });
    assert.equal(policy.document.eol, vscode.EndOfLine.CRLF);
    await finds(policy.uri, 'O2001');
    const [unknown] = find(policy.uri);
    assert.equal(policy.document.getText(unknown.range), 'lte');
    const [fix] = await ask('executeCodeActionProvider', policy, unknown.range, 'quickfix');
    assert.ok(await workspace.applyEdit(fix.edit));
    await finds(policy.uri);
    const edits = await ask('executeFormatDocumentProvider', policy, { tabSize: 2, insertSpaces: true });
    assert.equal(await edited(policy, edits), text.replace('lte', 'late').replace('      permit', '  permit'));
    const [extract] = await ask('executeCodeActionProvider', policy, policy.over('not late'), 'refactor.extract');
    assert.ok(await workspace.applyEdit(extract.edit));
    const lines = policy.document.getText().split('\n').slice(0, -1);
    assert.ok(lines.length > 6 && lines.every((l) => l.endsWith('\r')), JSON.stringify(lines));
    assert.ok(policy.document.getText().includes('define condition = not late\r\n'));
  },
  async 'several folders are several projects'() {
    const one = 'policy p { default forbid }\nfact late: yes/no\nrule a { permit when late }\n';
    const other = await project({ 'sub/p.ordain': one, 'ordain.toml': '' });
    const [, second] = workspace.workspaceFolders;
    const policy = await shown(Uri.joinPath(second.uri, 'one.ordain'));
    // The same names in another folder are no clash, and a search finds those of both.
    await finds(policy.uri);
    await finds(other.uri);
    const symbols = await commands.executeCommand('vscode.executeWorkspaceSymbolProvider', 'beside_rule');
    assert.deepEqual(symbols.map((s) => s.location.uri.path.split('/').pop()), ['one.ordain']);
  },
  async 'a folder that is added is one more project, and goes again'() {
    const text = 'policy p { default forbid }\nfact late: yes/no\nrule a { permit when late }\n';
    // Without settings of their own, they are in the project of the folder that is open.
    const both = await project({ 'one/p.ordain': text, 'two/p.ordain': text, 'ordain.toml': undefined });
    const clash = () => [both.uri, both.file('two/p.ordain')].some((uri) => codes(uri).includes('O2002'));
    await until('a clash', clash);
    const count = workspace.workspaceFolders.length;
    const folders = ['one', 'two'].map((name) => ({ uri: Uri.file(join(both.folder, name)) }));
    assert.ok(workspace.updateWorkspaceFolders(count, 0, ...folders));
    await finds(both.uri);
    await finds(both.file('two/p.ordain'));
    assert.ok(workspace.updateWorkspaceFolders(count, 2));
    await until('a clash again', clash);
    rmSync(both.folder, { recursive: true });
  },
};

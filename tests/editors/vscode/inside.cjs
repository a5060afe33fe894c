// Runs within VS Code's extension host: each feature of the language, asked for as VS Code itself asks. A line for each
// test, as the runner counts them.

const vscode = require('vscode');
const assert = require('node:assert/strict');

const { commands, languages, window, workspace, Position, Range, Uri } = vscode;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(what, check, milliseconds = 15000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: it does not come`);
    await sleep(40);
  }
}

const file = (name) => Uri.joinPath(workspace.workspaceFolders[0].uri, ...name.split('/'));

/** A file of the workspace, shown; places in it are found by their text. */
async function show(name) {
  const document = await workspace.openTextDocument(file(name));
  const editor = await window.showTextDocument(document, { preview: false });
  const at = (text, offset = 0) => {
    const start = document.getText().indexOf(text);
    assert.ok(start >= 0, `there is no “${text}” in ${name}`);
    return document.positionAt(start + offset);
  };
  return { document, editor, uri: document.uri, at };
}

async function edit(shown, range, text) {
  const change = new vscode.WorkspaceEdit();
  change.replace(shown.uri, range, text);
  assert.ok(await workspace.applyEdit(change));
}

async function revert(shown) {
  await window.showTextDocument(shown.document);
  await commands.executeCommand('workbench.action.files.revert');
}

const found = (uri) => languages.getDiagnostics(uri).filter((d) => d.severity <= vscode.DiagnosticSeverity.Warning);
const code = (diagnostic) => (typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code);
const words = (hovers) => hovers.flatMap((h) => h.contents).map((c) => c.value ?? c).join('\n');
const names = (symbols) => symbols.flatMap((s) => [s.name, ...names(s.children)]);
let api;

const tests = {
  async 'the extension starts its server'() {
    const extension = vscode.extensions.getExtension('ordain.ordain');
    await show('student-aup/contact.ordain');
    api = await extension.activate();
    assert.ok(api.server.isRunning);
    await until('its state', () => api.status.text?.includes('clean'), 60000);
  },
  async 'diagnostics: a conflict with both clauses and a page'() {
    const as = await show('as-written/policy.ordain');
    const all = await until('findings', () => found(as.uri).length === 3 && found(as.uri), 60000);
    const conflict = all.find((d) => code(d) === 'O3001');
    assert.match(conflict.message, /`o4` permits what `o1` forbids/);
    assert.match(conflict.message, /for example/);
    assert.ok(conflict.relatedInformation.length > 0);
    assert.match(String(conflict.code.target), /O3001/);
  },
  async 'code action: a fix is applied, and the finding is gone'() {
    const as = await show('as-written/policy.ordain');
    const conflict = found(as.uri).find((d) => code(d) === 'O3001');
    const actions = await commands.executeCommand('vscode.executeCodeActionProvider', as.uri, conflict.range, 'quickfix');
    const fix = actions.find((a) => a.title.includes('let `o4` win'));
    assert.ok(await workspace.applyEdit(fix.edit));
    await until('no conflict', () => found(as.uri).length === 2 && !found(as.uri).some((d) => code(d) === 'O3001'));
    await revert(as);
    await until('the conflict again', () => found(as.uri).length === 3);
  },
  async 'code action: an example becomes an expectation'() {
    const as = await show('as-written/policy.ordain');
    const conflict = found(as.uri).find((d) => code(d) === 'O3001');
    const actions = await commands.executeCommand('vscode.executeCodeActionProvider', as.uri, conflict.range);
    const state = actions.find((a) => a.title === 'state that the example is forbidden');
    assert.match(JSON.stringify(state.edit.entries().map(([, edits]) => edits.map((e) => e.newText))), /expect/);
  },
  async 'hover: a rule says how much it decides'() {
    const contact = await show('student-aup/contact.ordain');
    const text = await until('figures', async () => {
      const said = words(await commands.executeCommand('vscode.executeHoverProvider', contact.uri, contact.at('other_tools')));
      return said.includes('kinds of case') && said;
    });
    assert.match(text, /No other tools/);
  },
  async 'hover: a fact has its values, a citation the adopted text'() {
    const contact = await show('student-aup/contact.ordain');
    const fact = words(await commands.executeCommand('vscode.executeHoverProvider', contact.uri, contact.at('account is district')));
    assert.match(fact, /personal/);
    const cited = words(await commands.executeCommand('vscode.executeHoverProvider', contact.uri, contact.at('policy.md#d1-calls', 12)));
    assert.match(cited, /call/i);
  },
  async 'completion: the values of a fact behind `is`'() {
    const contact = await show('student-aup/contact.ordain');
    const list = await commands.executeCommand('vscode.executeCompletionItemProvider', contact.uri, contact.at('staff_account is district', 17));
    const labels = list.items.map((i) => i.label.label ?? i.label);
    assert.ok(labels.includes('district') && labels.includes('other'), labels.join(' '));
    assert.ok(!labels.includes('rule'));
  },
  async 'completion: statements with places to fill in'() {
    const contact = await show('student-aup/contact.ordain');
    const end = contact.document.lineAt(contact.document.lineCount - 1).range.end;
    const list = await commands.executeCommand('vscode.executeCompletionItemProvider', contact.uri, end);
    const rule = list.items.find((i) => (i.label.label ?? i.label).startsWith('rule') && i.insertText instanceof vscode.SnippetString);
    assert.match(rule.insertText.value, /\$\{1|\$1/);
  },
  async 'definition: into another file, the standard library, the adopted text'() {
    const contact = await show('student-aup/contact.ordain');
    const target = async (position) => {
      const [place] = await commands.executeCommand('vscode.executeDefinitionProvider', contact.uri, position);
      return String(place.targetUri ?? place.uri);
    };
    assert.match(await target(contact.at('staff_account')), /vocabulary\.ordain$/);
    assert.match(await target(contact.at('from student', 6)), /school\.ordain$/);
    assert.match(await target(contact.at('policy.md#d1-calls', 12)), /policy\.md$/);
  },
  async 'references: in all files'() {
    const vocabulary = await show('student-aup/vocabulary.ordain');
    const places = await commands.executeCommand('vscode.executeReferenceProvider', vocabulary.uri, vocabulary.at('recorded: yes/no'));
    assert.ok(new Set(places.map((p) => String(p.uri))).size >= 3, 'files');
  },
  async 'highlights: in this file'() {
    const meetings = await show('student-aup/meetings.ordain');
    const all = await commands.executeCommand('vscode.executeDocumentHighlights', meetings.uri, meetings.at('clear_purpose'));
    assert.ok(all.length >= 1);
  },
  async 'rename: in all files, refused where a name is taken'() {
    const vocabulary = await show('student-aup/vocabulary.ordain');
    const at = vocabulary.at('authorised: yes/no');
    const change = await commands.executeCommand('vscode.executeDocumentRenameProvider', vocabulary.uri, at, 'approved');
    assert.ok(change.entries().length >= 3, 'files');
    await assert.rejects(async () => commands.executeCommand('vscode.executeDocumentRenameProvider', vocabulary.uri, at, 'recorded'));
  },
  async 'symbols: sections, rules, exceptions; in the workspace, too'() {
    const contact = await show('student-aup/contact.ordain');
    const symbols = await commands.executeCommand('vscode.executeDocumentSymbolProvider', contact.uri);
    const all = names(symbols);
    for (const name of ['texts', 'authorised_texts', 'district_tools']) assert.ok(all.some((n) => n.includes(name)), name);
    const everywhere = await commands.executeCommand('vscode.executeWorkspaceSymbolProvider', 'oral_exam');
    assert.ok(everywhere.some((s) => s.name.includes('oral_examination')));
  },
  async 'folding and growing selections'() {
    const contact = await show('student-aup/contact.ordain');
    const folds = await commands.executeCommand('vscode.executeFoldingRangeProvider', contact.uri);
    const texts = contact.at('rule texts').line;
    assert.ok(folds.some((f) => f.start === texts && f.end > texts + 3));
    const [selection] = await commands.executeCommand('vscode.executeSelectionRangeProvider', contact.uri, [contact.at('staff_account is')]);
    let depth = 0;
    for (let s = selection; s; s = s.parent) depth += 1;
    assert.ok(depth >= 4, `${depth} steps`);
  },
  async 'formatting: the one style'() {
    const contact = await show('student-aup/contact.ordain');
    const at = contact.at('forbid call');
    await edit(contact, new Range(at, at), '      ');
    const edits = await commands.executeCommand('vscode.executeFormatDocumentProvider', contact.uri, { tabSize: 2, insertSpaces: true });
    assert.equal(edits.length, 1);
    assert.equal(edits[0].range.start.line, at.line);
    await revert(contact);
  },
  async 'semantic tokens: roles, facts and rules differ'() {
    const contact = await show('student-aup/contact.ordain');
    const legend = await commands.executeCommand('vscode.provideDocumentSemanticTokensLegend', contact.uri);
    const tokens = await commands.executeCommand('vscode.provideDocumentSemanticTokens', contact.uri);
    const kinds = new Set();
    for (let i = 3; i < tokens.data.length; i += 5) kinds.add(legend.tokenTypes[tokens.data[i]]);
    for (const kind of ['class', 'property', 'function', 'interface', 'enumMember']) assert.ok(kinds.has(kind), kind);
  },
  async 'hints: what a parent covers'() {
    const contact = await show('student-aup/contact.ordain');
    const hints = await commands.executeCommand('vscode.executeInlayHintProvider', contact.uri, new Range(0, 0, 30, 0));
    const text = hints.map((h) => (typeof h.label === 'string' ? h.label : h.label.map((p) => p.value).join(''))).join(' ');
    assert.match(text, /teacher/);
  },
  async 'lenses: shares, the table, expectations, why'() {
    const contact = await show('student-aup/contact.ordain');
    const lenses = await until('figures', async () => {
      const all = await commands.executeCommand('vscode.executeCodeLensProvider', contact.uri, 50);
      return all.some((l) => /decides/.test(l.command?.title)) && all;
    });
    assert.ok(lenses.some((l) => l.command?.command === 'ordain.showTable'), 'show table');
    const expectations = await show('student-aup/expectations.ordain');
    const run = await until('what is proved', async () => {
      const own = await commands.executeCommand('vscode.executeCodeLensProvider', expectations.uri, 300);
      return own.find((l) => l.command?.command === 'ordain.runExpectation' && l.command.title === 'holds');
    });
    await commands.executeCommand(run.command.command, ...run.command.arguments);
    assert.deepEqual(api.tests.last.passed, [run.command.arguments[1]]);
  },
  async 'call hierarchy: what replaces a rule'() {
    const contact = await show('student-aup/contact.ordain');
    const [rule] = await commands.executeCommand('vscode.prepareCallHierarchy', contact.uri, contact.at('texts "No text'));
    const calls = await commands.executeCommand('vscode.provideIncomingCalls', rule);
    assert.ok(calls.some((c) => c.from.name.includes('authorised_texts')), calls.map((c) => c.from.name).join(' '));
  },
  async 'links: from a citation to its text'() {
    const contact = await show('student-aup/contact.ordain');
    const links = await commands.executeCommand('vscode.executeLinkProvider', contact.uri, 20);
    assert.ok(links.some((l) => String(l.target).includes('policy.md')));
  },
  async 'table: the data of the view'() {
    await show('student-aup/contact.ordain');
    await commands.executeCommand('ordain.showTable');
    const table = await until('the table', () => api.table.shown, 30000);
    assert.ok(table.rows.length > 30);
    assert.ok(table.columns.some((c) => c.kind === 'outcome') && table.columns.some((c) => c.kind === 'rule'));
    assert.ok(table.rows.some((r) => r.verdict === 'permit') && table.rows.some((r) => r.verdict === 'forbid'));
    assert.ok(table.rows.every((r) => r.cells.length === table.columns.length));
  },
  async 'exceptions: below their rules'() {
    await show('student-aup/meetings.ordain');
    await commands.executeCommand('ordain.showExceptions');
    const tree = await until('the tree', () => api.exceptions.shown.length > 0 && api.exceptions.shown);
    const rule = tree.find((r) => r.name === 'consent_first');
    assert.deepEqual(rule.children.map((c) => c.name), ['consent_first.class_sessions', 'consent_first.examinations']);
  },
  async 'tests: all expectations are proved, with coverage'() {
    await show('student-aup/meetings.ordain');
    await commands.executeCommand('ordain.proveExpectations');
    const { passed, failed, covered } = api.tests.last;
    assert.deepEqual(failed, []);
    assert.ok(passed.length > 50 && covered.length > 20, `${passed.length} passed, ${covered.length} covered`);
  },
  async 'tests: one that fails says its case'() {
    const contact = await show('student-aup/contact.ordain');
    const at = contact.at('forbid call');
    await edit(contact, new Range(at, at.translate(0, 6)), 'permit');
    await until('findings', () => /finding/.test(api.status.text));
    await commands.executeCommand('ordain.proveExpectations');
    assert.ok(api.tests.last.failed.includes('students never phone staff'), api.tests.last.failed.join(', '));
    await revert(contact);
    await until('clean', () => api.status.text?.includes('clean'));
  },
  async 'why: a case is decided with its rule and the nearest change'() {
    const contact = await show('student-aup/contact.ordain');
    const form = await api.server.ask('ordain.form', { uri: String(contact.uri) });
    assert.ok(form.facts.some((f) => f.name === 'sender' && f.groups?.some((g) => g.name === 'staff')));
    const known = { activity: 'contact', channel: 'call', sender: 'student', recipient: 'teacher' };
    const decided = await api.server.ask('ordain.decide', { uri: String(contact.uri), case: known });
    const [answer] = decided.answers;
    assert.equal(answer.result, 'forbid');
    assert.deepEqual(answer.by.map((b) => b.rule), ['calls']);
    assert.ok(answer.nearest_change.changes.length > 0);
    await assert.rejects(api.server.ask('ordain.decide', { uri: String(contact.uri), case: { ...known, activity: 'posting' } }), /exists only if/);
  },
  async 'a document that was never saved is proved'() {
    await commands.executeCommand('ordain.openExample');
    const { document } = window.activeTextEditor;
    assert.ok(document.isUntitled && document.languageId === 'ordain');
    await until('its conflict', () => found(document.uri).some((d) => code(d) === 'O3001'));
  },
  async 'a server that cannot be started is said, and comes back'() {
    await show('student-aup/contact.ordain');
    const settings = workspace.getConfiguration('ordain');
    await settings.update('server.path', '/no/such/ordain-lsp', vscode.ConfigurationTarget.Global);
    await until('that it is gone', () => api.status.text?.includes('no server'));
    await settings.update('server.path', undefined, vscode.ConfigurationTarget.Global);
    await until('clean', () => api.status.text?.includes('clean'), 30000);
  },
};

exports.run = async () => {
  console.log(`VS Code ${vscode.version}, ${vscode.env.appName}`);
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    const began = Date.now();
    try {
      await test();
      console.log(`ok ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED: ${name}: ${String(error?.message ?? error).split('\n').slice(0, 5).join(' | ')}`);
    }
  }
  if (failed > 0) throw new Error(`${failed} failed`);
};

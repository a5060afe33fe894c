// Names: where they are defined and used, renaming them, the hierarchy of exceptions.

const vscode = require('vscode');
const assert = require('node:assert/strict');
const { ask, find, project, revert, show, sleep, until } = require('./tools.cjs');

const { commands, workspace, ConfigurationTarget, DocumentHighlightKind, Selection } = vscode;

const WORDS = `use std.communication
fact late, ill: yes/no
define excused = ill and not late
`;
const RULES = `use words
policy p { default forbid }

rule mail {
  permit email when late
  except health { forbid when late and excused }
}
rule calls { permit call when not late and excused }
exception weekend to mail, calls { forbid when late }
`;

/** Where names lead that VS Code asks about. */
async function target(of, position) {
  const [place] = await ask('executeDefinitionProvider', of, position);
  return String(place.targetUri ?? place.uri);
}

module.exports = {
  async 'definition: into another file, the standard library, the heading of the adopted text'() {
    const contact = await show('student-aup/contact.ordain');
    assert.match(await target(contact, contact.at('staff_account')), /vocabulary\.ordain$/);
    const library = await target(contact, contact.at('from student', 6));
    assert.match(library, /school\.ordain$/);
    assert.match((await workspace.openTextDocument(vscode.Uri.parse(library))).getText(), /role student/);
    const [heading] = await ask('executeDefinitionProvider', contact, contact.at('policy.md#d1-calls', 12));
    const text = await workspace.openTextDocument(heading.targetUri);
    assert.equal(text.getText(heading.targetSelectionRange), '### D1 Calls');
  },
  async 'references: in all files'() {
    const words = await project({ 'words.ordain': WORDS, 'rules.ordain': RULES });
    const places = await until('all', async () => {
      const all = await ask('executeReferenceProvider', words, words.at('excused'));
      return all.length === 3 && all;
    });
    const told = places.map((p) => `${p.uri.path.split('/').pop()}:${p.range.start.line + 1}`).sort();
    assert.deepEqual(told, ['rules.ordain:6', 'rules.ordain:8', 'words.ordain:3']);
  },
  async 'highlights: the declaration differs from the uses'() {
    const words = await project({ 'words.ordain': WORDS });
    const all = await ask('executeDocumentHighlights', words, words.at('late'));
    const told = all.map((h) => [h.range.start.line, h.kind]);
    // VS Code's own highlights of equal words have no kind.
    assert.deepEqual(told, [[1, DocumentHighlightKind.Write], [2, DocumentHighlightKind.Read]]);
  },
  async 'rename: offers the name, and refuses what cannot be renamed'() {
    const policy = await project({ 'p.ordain': `use std.school\n${WORDS}rule a { permit from student when late }\n` });
    const offered = await ask('prepareRename', policy, policy.at('excused', 3));
    assert.equal(offered.placeholder, 'excused');
    assert.equal(policy.document.getText(offered.range), 'excused');
    await assert.rejects(async () => ask('prepareRename', policy, policy.at('student')), /standard library/);
    await assert.rejects(async () => ask('prepareRename', policy, policy.at('permit')));
  },
  async 'rename: in all files, refused where a name is taken'() {
    const words = await project({ 'words.ordain': WORDS, 'rules.ordain': RULES });
    const at = words.at('excused');
    const rename = (name) => ask('executeDocumentRenameProvider', words, at, name);
    await assert.rejects(async () => rename('late'), /already/);
    await assert.rejects(async () => rename('when'), /word of the language/);
    const change = await until('both files', async () => {
      const all = await rename('unwell');
      return all.entries().length === 2 && all;
    });
    assert.ok(await workspace.applyEdit(change));
    const rules = await workspace.openTextDocument(words.file('rules.ordain'));
    assert.equal(words.document.getText(), WORDS.replaceAll('excused', 'unwell'));
    assert.equal(rules.getText(), RULES.replaceAll('excused', 'unwell'));
    await workspace.saveAll();
    assert.ok(find(words.uri).every((d) => d.severity !== vscode.DiagnosticSeverity.Error));
  },
  async 'linked editing: all places of a name change as one types'() {
    const text = 'policy p { default forbid }\ndefine odd = late\nfact late: yes/no\nrule a { permit when odd }\n';
    const policy = await project({ 'p.ordain': text });
    const settings = workspace.getConfiguration('editor', policy.uri);
    await settings.update('linkedEditing', true, ConfigurationTarget.Global);
    try {
      policy.editor.selection = new Selection(policy.behind('define odd'), policy.behind('define odd'));
      await until('both places', async () => {
        await commands.executeCommand('editor.action.linkedEditing');
        await commands.executeCommand('type', { text: 'ity' });
        await sleep(200);
        if (policy.document.getText() === text.replaceAll('odd', 'oddity')) return true;
        const now = policy.document.getText();
        await commands.executeCommand('undo');
        throw new Error(now);
      });
    } finally {
      await settings.update('linkedEditing', undefined, ConfigurationTarget.Global);
    }
    await revert(policy);
  },
  async 'call hierarchy: what replaces a rule, and what an exception replaces'() {
    const rules = await project({ 'rules.ordain': RULES, 'words.ordain': WORDS });
    const name = (item) => item.name;
    const [mail] = await ask('prepareCallHierarchy', rules, rules.at('mail {'));
    const by = await commands.executeCommand('vscode.provideIncomingCalls', mail);
    assert.deepEqual(by.map((c) => name(c.from)), ['mail.health', 'weekend']);
    const [weekend] = await ask('prepareCallHierarchy', rules, rules.at('weekend'));
    const of = await commands.executeCommand('vscode.provideOutgoingCalls', weekend);
    assert.deepEqual(of.map((c) => name(c.to)), ['mail', 'calls']);
    assert.equal(rules.document.getText(of[1].to.selectionRange), 'calls');
  },
};

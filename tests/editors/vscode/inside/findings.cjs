// Diagnostics: what is found, where, with what besides.

const vscode = require('vscode');
const assert = require('node:assert/strict');
const { code, edit, find, finds, project, revert, show, until } = require('./tools.cjs');

const { DiagnosticTag, Range, languages } = vscode;

module.exports = {
  async 'the extension starts its server'() {
    const extension = vscode.extensions.getExtension('ordain.ordain');
    await show('student-aup/contact.ordain');
    const api = await extension.activate();
    assert.ok(api.server.isRunning);
    await until('its state', () => api.status.text?.includes('clean'), 60000);
  },
  async 'diagnostics: a conflict with both clauses and a page'() {
    const as = await show('as-written/policy.ordain');
    const all = await until('findings', () => find(as.uri).length === 3 && find(as.uri), 60000);
    const conflict = all.find((d) => code(d) === 'O3001');
    assert.match(conflict.message, /`o4` permits what `o1` forbids/);
    assert.match(conflict.message, /for example/);
    const clauses = conflict.relatedInformation.map((r) => as.document.getText(r.location.range).split(' ')[0]);
    assert.deepEqual(clauses.sort(), ['forbid', 'permit']);
    assert.match(String(conflict.code.target), /O3001/);
  },
  async 'diagnostics: what nothing uses is dimmed'() {
    const policy = await project({
      'p.ordain': 'policy p { default forbid }\nfact late, ill: yes/no\nrule a { permit when late }\n',
    });
    const unused = await until('a mark', () => languages.getDiagnostics(policy.uri).find((d) => code(d) === 'O5001'));
    assert.deepEqual(unused.tags, [DiagnosticTag.Unnecessary]);
    assert.equal(policy.document.getText(unused.range), 'ill');
  },
  async 'diagnostics: mistakes come and go while one types'() {
    const policy = await project({
      'p.ordain': 'policy p "😀" { default forbid }\nfact late: yes/no\nrule a "é😀" { permit when late }\n',
    });
    // Each step is one edit, of a line that has signs of two units, and lines come and go above it.
    await edit(policy, new Range(0, 0, 0, 0), '// 😀\n');
    await edit(policy, policy.over('when late'), 'when lat');
    await finds(policy.uri, 'O2001');
    assert.equal(policy.document.getText(find(policy.uri)[0].range), 'lat');
    await edit(policy, new Range(0, 0, 1, 0), '');
    await edit(policy, policy.over('"é😀"'), '"😀é😀"');
    await until('its new place', () => policy.document.getText(find(policy.uri)[0].range) === 'lat');
    await edit(policy, policy.over('when lat'), 'when late');
    await finds(policy.uri);
    await revert(policy);
  },
};

// What the views of the extension show: the decision table, the exceptions, the tests, the form behind "why?".

const vscode = require('vscode');
const assert = require('node:assert/strict');
const { edit, revert, show, until } = require('./tools.cjs');

const { commands, Range } = vscode;
const api = () => vscode.extensions.getExtension('ordain.ordain').exports;

module.exports = {
  async 'table: the data of the view'() {
    await show('student-aup/contact.ordain');
    await commands.executeCommand('ordain.showTable');
    const table = await until('the table', () => api().table.shown, 30000);
    assert.ok(table.rows.length > 30);
    assert.ok(table.columns.some((c) => c.kind === 'outcome') && table.columns.some((c) => c.kind === 'rule'));
    assert.ok(table.rows.some((r) => r.verdict === 'permit') && table.rows.some((r) => r.verdict === 'forbid'));
    assert.ok(table.rows.every((r) => r.cells.length === table.columns.length));
  },
  async 'exceptions: below their rules'() {
    await show('student-aup/meetings.ordain');
    await commands.executeCommand('ordain.showExceptions');
    const tree = await until('the tree', () => api().exceptions.shown.length > 0 && api().exceptions.shown);
    const rule = tree.find((r) => r.name === 'consent_first');
    assert.deepEqual(rule.children.map((c) => c.name), ['consent_first.class_sessions', 'consent_first.examinations']);
  },
  async 'tests: all expectations are proved, with coverage'() {
    await show('student-aup/meetings.ordain');
    await commands.executeCommand('ordain.proveExpectations');
    const { passed, failed, covered } = api().tests.last;
    assert.deepEqual(failed, []);
    assert.ok(passed.length > 50 && covered.length > 20, `${passed.length} passed, ${covered.length} covered`);
  },
  async 'tests: one that fails says its case'() {
    const contact = await show('student-aup/contact.ordain');
    const at = contact.at('forbid call');
    await edit(contact, new Range(at, at.translate(0, 6)), 'permit');
    await until('findings', () => /finding/.test(api().status.text));
    await commands.executeCommand('ordain.proveExpectations');
    assert.ok(api().tests.last.failed.includes('students never phone staff'), api().tests.last.failed.join(', '));
    await revert(contact);
    await until('clean', () => api().status.text?.includes('clean'));
  },
  async 'why: a case is decided with its rule and the nearest change'() {
    const contact = await show('student-aup/contact.ordain');
    const form = await api().server.ask('ordain.form', { uri: String(contact.uri) });
    assert.ok(form.facts.some((f) => f.name === 'sender' && f.groups?.some((g) => g.name === 'staff')));
    const known = { activity: 'contact', channel: 'call', sender: 'student', recipient: 'teacher' };
    const decided = await api().server.ask('ordain.decide', { uri: String(contact.uri), case: known });
    const [answer] = decided.answers;
    assert.equal(answer.result, 'forbid');
    assert.deepEqual(answer.by.map((b) => b.rule), ['calls']);
    assert.ok(answer.nearest_change.changes.length > 0);
    const impossible = { uri: String(contact.uri), case: { ...known, activity: 'posting' } };
    await assert.rejects(api().server.ask('ordain.decide', impossible), /exists only if/);
  },
};

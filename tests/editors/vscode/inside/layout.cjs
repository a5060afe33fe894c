// Layout: the one style, for a file, for a part of it, for a block that is closed.

const assert = require('node:assert/strict');
const { ask, edited, project } = require('./tools.cjs');

const OPTIONS = { tabSize: 2, insertSpaces: true };
const HEAD = 'policy p { default forbid }\nfact x: yes/no\n';
const WRONG = `${HEAD}rule a {\n      permit   when x\n}\nrule b   { forbid   when not x }\n`;
const A = 'rule a {\n  permit when x\n}\n';
const B = 'rule b { forbid when not x }\n';

module.exports = {
  async 'formatting: the file, only where it is wrong'() {
    const policy = await project({ 'p.ordain': WRONG });
    const edits = await ask('executeFormatDocumentProvider', policy, OPTIONS);
    assert.ok(edits.every((e) => e.range.isSingleLine && e.newText.trim() === ''), JSON.stringify(edits));
    assert.equal(await edited(policy, edits), `${HEAD}${A}${B}`);
    assert.deepEqual(await ask('executeFormatDocumentProvider', policy, OPTIONS) ?? [], []);
  },
  async 'formatting: a range, and nothing outside of it'() {
    const policy = await project({ 'p.ordain': WRONG });
    const edits = await ask('executeFormatRangeProvider', policy, policy.over('rule b   { forbid   when'), OPTIONS);
    assert.equal(await edited(policy, edits), WRONG.replace('rule b   { forbid   when not x }\n', B));
  },
  async 'formatting: a block when its brace is closed'() {
    const policy = await project({ 'p.ordain': WRONG });
    const edits = await ask('executeFormatOnTypeProvider', policy, policy.behind('when x\n}'), '}', OPTIONS);
    assert.equal(await edited(policy, edits), WRONG.replace(/rule a [^}]+\}\n/, A));
  },
};

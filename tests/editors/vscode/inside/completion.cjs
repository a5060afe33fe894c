// Completion: what is offered at a place, with its text, and what taking it changes.

const vscode = require('vscode');
const assert = require('node:assert/strict');
const { ask, edited, finds, project } = require('./tools.cjs');

const WORDS = `use std.school
policy p { default forbid source "policy.md" }
channel email
fact account: one of district "of the school", personal
fact late: yes/no
fact invited, starts: datetime
role guest { visitor, inspector }
duty report "Tell the office"
rule phone { forbid email except approved { permit email when late } }
`;
const FILES = { 'policy.md': '# Policy\n\n## Phones\n\nPhones stay at home.\n', 'more.ordain': 'channel pigeon\n' };

const label = (item) => item.label.label ?? item.label;

/** What the server offers behind the text of a policy, in its order; the offers of VS Code itself are left out. */
async function offers(text, resolved = 0) {
  const policy = await project({ 'p.ordain': text.replace('|', ''), ...FILES });
  const at = policy.document.positionAt(text.indexOf('|'));
  const list = await ask('executeCompletionItemProvider', policy, at, undefined, resolved);
  const items = list.items.filter((i) => /^\d{5}$/.test(i.sortText));
  items.sort((a, b) => a.sortText.localeCompare(b.sortText));
  return { policy, items, labels: items.map(label) };
}

const offered = async (text) => (await offers(`${WORDS}${text}`)).labels;

module.exports = {
  async 'completion: the values of a fact behind `is`'() {
    const { labels } = await offers(`${WORDS}rule a { permit when account is | }\n`);
    assert.deepEqual(labels.slice(0, 2), ['district', 'personal']);
    assert.ok(!labels.includes('late') && !labels.includes('email'), labels.join(' '));
  },
  async 'completion: facts of the right type, and the questions that their type answers'() {
    assert.deepEqual((await offered('rule a { permit when account | }')), ['is', 'is not', 'is any of', 'is none of']);
    const moments = await offered('rule a { permit when invited at least 3 days before | }');
    assert.equal(moments[0], 'starts');
    assert.ok(!moments.includes('late') && !moments.includes('account'), moments.join(' '));
    assert.equal((await offered('rule a { oblige | }'))[0], 'report');
  },
  async 'completion: roles where a role fits, and those under the parent of a fact'() {
    const heads = await offered('rule a { permit email from | }');
    for (const role of ['student', 'guest', 'visitor']) assert.ok(heads.includes(role), heads.join(' '));
    assert.ok(!heads.includes('email') && !heads.includes('late'), heads.join(' '));
    const under = await offered('role intern under | ');
    assert.ok(under.includes('guest') && !under.includes('email'), under.join(' '));
    const sender = await offered('fact sender: role guest\nrule a { permit when sender is | }');
    assert.deepEqual(sender.filter((l) => !/ of$|^not$/.test(l)), ['guest', 'visitor', 'inspector']);
  },
  async 'completion: rules behind `exception … to` and `by`'() {
    const replaced = await offered('exception b to | { waive }');
    assert.deepEqual(replaced.slice(0, 2), ['phone', 'phone.approved']);
    assert.deepEqual(await offered('exception b to phone.|'), ['approved']);
    assert.deepEqual(await offered('expect "x" { forbid when late by | }'), ['phone', 'phone.approved']);
  },
  async 'completion: modules behind `use`'() {
    const { labels } = await offers('use |');
    assert.ok(labels.includes('more') && labels.includes('std.school'), labels.join(' '));
    const library = await offers('use std.|');
    assert.deepEqual(library.labels, ['calendar', 'communication', 'consent', 'school', 'workplace']);
  },
  async 'completion: the headings of the adopted text behind `cite`'() {
    const { policy, items, labels } = await offers(`${WORDS}rule a cite "policy.md#|" { forbid email when late }\n`);
    assert.deepEqual(labels, ['policy.md#policy', 'policy.md#phones']);
    const text = await edited(policy, taken(items[1]));
    assert.ok(text.includes('cite "policy.md#phones" {'), text);
  },
  async 'completion: statements with places to fill in'() {
    const { items } = await offers(`${WORDS}|`);
    const rule = items.find((i) => label(i) === 'rule');
    assert.ok(rule.insertText instanceof vscode.SnippetString);
    assert.match(rule.insertText.value, /^rule \$\{1/);
  },
  async 'completion: what is offered has its text'() {
    const { items } = await offers(`${WORDS}rule a { permit when | }\n`, 50);
    const account = items.find((i) => label(i) === 'account');
    assert.match(account.documentation.value, /fact account: one of district "of the school", personal/);
    const values = await offers(`${WORDS}rule a { permit when account is | }\n`, 50);
    assert.match(values.items[0].documentation.value, /of the school/);
  },
  async 'completion: a name of another file brings its `use`'() {
    const text = 'policy p { default forbid }\nrule a { permit pig| }\n';
    const { policy, items } = await offers(text);
    await edited(policy, taken(items.find((i) => label(i) === 'pigeon')));
    assert.equal(policy.document.getText(), 'policy p { default forbid }\n\nuse more\nrule a { permit pigeon }\n');
    await finds(policy.uri);
  },
};

/** The edits that taking an item makes: its own, and those in its neighbourhood. */
function taken(item) {
  const range = item.range.replacing ?? item.range;
  const text = item.insertText?.value ?? item.insertText ?? label(item);
  return [new vscode.TextEdit(range, text), ...(item.additionalTextEdits ?? [])];
}

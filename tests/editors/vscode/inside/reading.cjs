// What helps to read: hovers, outline, folds, selections, links, colours, hints, lenses.

const vscode = require('vscode');
const assert = require('node:assert/strict');
const { ask, edit, hover, project, revert, show, until } = require('./tools.cjs');

const { commands, Range } = vscode;
const names = (symbols) => symbols.flatMap((s) => [s.name, ...names(s.children)]);

const TIMES = `policy p { default forbid timezone "America/Chicago" }

fact account: one of district, personal
fact invited, starts: datetime

rule meeting {
  permit when account is district and invited at least 4 days before starts
}
rule dead { forbid when account is personal and account is district }
`;

/** The words of a document with their kinds, as the server sends them. */
async function coloured(of, kind, ...more) {
  const legend = await ask(`provideDocument${kind}SemanticTokensLegend`, of, ...more);
  const { data } = await ask(`provideDocument${kind}SemanticTokens`, of, ...more);
  const all = [];
  let [line, column] = [0, 0];
  for (let i = 0; i < data.length; i += 5) {
    column = data[i] === 0 ? column + data[i + 1] : data[i + 1];
    line += data[i];
    const marks = legend.tokenModifiers.filter((_, bit) => data[i + 4] & (1 << bit));
    const word = of.document.getText(new Range(line, column, line, column + data[i + 2]));
    all.push([word, legend.tokenTypes[data[i + 3]], ...marks].join(' '));
  }
  return all;
}

module.exports = {
  async 'hover: a rule says how much it decides'() {
    const contact = await show('student-aup/contact.ordain');
    assert.match(await hover(contact, contact.at('other_tools'), /kinds of case/), /No other tools/);
  },
  async 'hover: a fact has its values, a citation the adopted text'() {
    const contact = await show('student-aup/contact.ordain');
    await hover(contact, contact.at('account is district'), /personal/);
    await hover(contact, contact.at('policy.md#d1-calls', 12), /Put into effect by `calls`/);
  },
  async 'hover: a time constraint has its boundary as dates'() {
    const policy = await project({ 'p.ordain': TIMES });
    const told = await hover(policy, policy.at('at least 4'), /at the earliest/);
    assert.match(told, /with `invited` on Monday 14 September 2026, `starts` is on Friday 18 September 2026/);
  },
  async 'hover: a condition says in which share of the cases it holds'() {
    const policy = await project({ 'p.ordain': TIMES });
    await hover(policy, policy.at('account is district and'), /holds in \d+ of the \d+ kinds of case/);
    await hover(policy, policy.behind('personal and account'), /never holds where the rest/);
  },
  async 'symbols: sections, rules, exceptions; in the workspace, too'() {
    const contact = await show('student-aup/contact.ordain');
    const symbols = await ask('executeDocumentSymbolProvider', contact);
    const all = names(symbols);
    assert.ok(all.includes('district_tools'), all.join(' '));
    const phones = symbols.find((s) => s.name === 'Phones');
    assert.deepEqual(names(phones.children), ['calls', 'texts', 'authorised_texts']);
    const everywhere = await commands.executeCommand('vscode.executeWorkspaceSymbolProvider', 'oral_exam');
    assert.ok(everywhere.some((s) => s.name.includes('oral_examination')));
  },
  async 'folding: rules, comments, imports'() {
    const policy = await project({
      'p.ordain': '// One.\n// Two.\nuse std.school\nuse std.communication\n\npolicy p {\n  default forbid\n}\n',
    });
    const folds = await ask('executeFoldingRangeProvider', policy);
    const { Comment, Imports } = vscode.FoldingRangeKind;
    assert.deepEqual(folds.map((f) => [f.start, f.end, f.kind]), [[0, 1, Comment], [2, 3, Imports], [5, 7, undefined]]);
  },
  async 'selections grow by names, conditions, clauses, rules'() {
    const policy = await project({
      'p.ordain': 'policy p { default forbid }\nfact late, ill: yes/no\n'
        + 'rule a { permit when not late and ill cite "x" }\n',
    });
    const [selection] = await ask('executeSelectionRangeProvider', policy, [policy.behind('not l')]);
    const texts = [];
    for (let s = selection; s; s = s.parent) texts.push(policy.document.getText(s.range));
    // Words, brackets and lines would be VS Code's own answer.
    const clause = 'permit when not late and ill';
    const grown = texts.filter((t) => ['late', 'not late', 'not late and ill', clause].includes(t));
    assert.deepEqual(grown, ['late', 'not late', 'not late and ill', clause], texts.join(' | '));
  },
  async 'semantic tokens: each word is what it means'() {
    const policy = await project({
      'p.ordain': 'use std.school\npolicy p { default forbid }\nchannel pager\nfact late: yes/no\n'
        + 'rule a { forbid pager from student when late }\n',
    });
    const all = await coloured(policy, '');
    const wanted = ['pager interface declaration', 'late property declaration', 'a function declaration',
      'pager interface', 'student class defaultLibrary', 'late property', 'school namespace defaultLibrary'];
    for (const word of wanted) assert.ok(all.includes(word), `${word}: ${all.join(', ')}`);
    // Of a part only the words of that part.
    const part = await coloured(policy, 'Range', new Range(3, 0, 3, 17));
    assert.deepEqual(part.filter((w) => /property|interface|function/.test(w)), ['late property declaration']);
  },
  async 'hints: what a parent covers'() {
    const contact = await show('student-aup/contact.ordain');
    const hints = await ask('executeInlayHintProvider', contact, new Range(0, 0, 30, 0));
    const text = hints.map((h) => (typeof h.label === 'string' ? h.label : h.label.map((p) => p.value).join('')));
    assert.ok(text.some((t) => t.startsWith('(teacher, ')), text.join(' '));
  },
  async 'lenses: shares, the table, expectations, why'() {
    const { exports: api } = vscode.extensions.getExtension('ordain.ordain');
    const contact = await show('student-aup/contact.ordain');
    const lenses = await until('figures', async () => {
      const all = await ask('executeCodeLensProvider', contact, 50);
      return all.some((l) => /decides/.test(l.command?.title)) && all;
    });
    assert.ok(lenses.some((l) => l.command?.command === 'ordain.showTable'), 'show table');
    const expectations = await show('student-aup/expectations.ordain');
    const run = await until('what is proved', async () => {
      const own = await ask('executeCodeLensProvider', expectations, 300);
      return own.find((l) => l.command?.command === 'ordain.runExpectation' && l.command.title === 'holds');
    });
    await commands.executeCommand(run.command.command, ...run.command.arguments);
    assert.deepEqual(api.tests.last.passed, [run.command.arguments[1]]);
  },
  async 'lenses follow what is typed'() {
    const policy = await project({
      'p.ordain': 'policy p { default forbid }\nfact late: yes/no\n'
        + 'rule a {\n  permit\n}\nexpect "x" { permit when late }\n',
    });
    const titles = (wanted) => until(wanted, async () =>
      (await ask('executeCodeLensProvider', policy, 50)).some((l) => l.command?.title.includes(wanted)));
    await titles('holds');
    await edit(policy, policy.over('permit\n}'), 'permit when not late\n}');
    await titles('fails');
    await revert(policy);
  },
  async 'links: from a citation to its text'() {
    const contact = await show('student-aup/contact.ordain');
    const links = await ask('executeLinkProvider', contact, 20);
    const cited = links.find((l) => contact.document.getText(l.range).includes('policy.md#d1-calls'));
    const text = (await show('student-aup/policy.md')).document;
    const line = text.positionAt(text.getText().search(/^#+ D1/m)).line + 1;
    assert.match(String(cited.target), new RegExp(`policy\\.md#L${line}$`));
  },
};

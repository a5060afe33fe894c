// Actions: each is applied as VS Code applies it; what counts is the text, and the findings, afterwards.

const vscode = require('vscode');
const assert = require('node:assert/strict');
const { ask, code, find, finds, project, revert, show, until } = require('./tools.cjs');

const { commands, workspace, Range, Selection } = vscode;

const CONFLICT = `policy p { default forbid }
fact late, ill: yes/no
rule a { permit when late }
rule b { forbid when ill }
`;

/** The only action of a kind at a place, once it is offered there. */
const action = (of, range, kind, title) =>
  until(`an action ${title}`, async () => {
    const all = await ask('executeCodeActionProvider', of, range, kind);
    const found = all.filter((a) => title.test(a.title));
    assert.equal(found.length, 1, all.map((a) => a.title).join(', '));
    return found[0];
  });

/** The text once the action is done. */
async function done(of, range, kind, title) {
  const { edit } = await action(of, range, kind, title);
  assert.ok(await workspace.applyEdit(edit));
  return of.document.getText();
}

/** The text once one of the editor's own commands is done. */
async function after(of, command, wanted) {
  of.editor.selection = new Selection(0, 0, 0, 0);
  await commands.executeCommand(command);
  return until(command, () => {
    assert.equal(of.document.getText(), wanted);
    return true;
  });
}

module.exports = {
  async 'code action: a fix is applied, and the finding is gone'() {
    const as = await show('as-written/policy.ordain');
    const conflict = await until('the conflict', () => find(as.uri).find((d) => code(d) === 'O3001'));
    const text = await done(as, conflict.range, 'quickfix', /^let `o4` win/);
    assert.match(text, /exception o4 to o1|except o4/);
    await until('no conflict', () => find(as.uri).length === 2 && !find(as.uri).some((d) => code(d) === 'O3001'));
    await revert(as);
    await until('the conflict again', () => find(as.uri).length === 3);
  },
  async 'code action: a conflict is narrowed away'() {
    const policy = await project({ 'p.ordain': CONFLICT });
    await finds(policy.uri, 'O3001');
    const text = await done(policy, find(policy.uri)[0].range, 'quickfix', /^narrow `b`/);
    assert.ok(text.includes('rule b { forbid when ill and not late }'), text);
    await finds(policy.uri);
  },
  async 'code action: an example becomes an expectation'() {
    const policy = await project({ 'p.ordain': CONFLICT });
    await finds(policy.uri, 'O3001');
    const text = await done(policy, find(policy.uri)[0].range, 'quickfix', /^state that the example is forbidden$/);
    assert.match(text, /expect "[^"]+" \{\n? *forbid when late and ill\s*\}/);
    // It does not hold yet: that is what it states.
    await finds(policy.uri, 'O3001', 'O4001');
  },
  async 'fix all: every mistake that has one repair'() {
    const policy = await project({
      'p.ordain': 'policy p { default forbid }\nfact late, early: yes/no\n'
        + 'rule a { permit when lat and erly }\nrule b { permit email when not late }\n',
    });
    await finds(policy.uri, 'O2001', 'O2001', 'O2009');
    await after(policy, 'editor.action.fixAll', 'policy p { default forbid }\n\nuse std.communication\n'
      + 'fact late, early: yes/no\nrule a { permit when late and early }\nrule b { permit email when not late }\n');
    await finds(policy.uri);
  },
  async 'organise imports: sorted, each once'() {
    const rest = 'policy p { default forbid }\nrule a { permit call from student when y }\n';
    const policy = await project({
      'p.ordain': `use b\nuse std.school\nuse b\nuse std.communication\n${rest}`,
      'b.ordain': 'fact y: yes/no\n',
    });
    await until('what is used', async () => (await ask('executeDefinitionProvider', policy, policy.at('y }'))).length);
    const wanted = `use std.communication\nuse std.school\nuse b\n${rest}`;
    await after(policy, 'editor.action.organizeImports', wanted);
  },
  async 'extract and inline: a condition gets a name, and loses it again'() {
    const text = 'policy p { default forbid }\nfact late, ill: yes/no\n\nrule a { permit when not (late and ill) }\n';
    const policy = await project({ 'p.ordain': text });
    const named = await done(policy, policy.over('late and ill'), 'refactor.extract', /./);
    assert.ok(named.endsWith('\ndefine condition = late and ill\n\nrule a { permit when not condition }\n'), named);
    await finds(policy.uri);
    const place = policy.behind('not cond');
    const again = await done(policy, new Range(place, place), 'refactor.inline', /./);
    assert.match(again, /rule a \{ permit when not \(late and ill\) \}/);
    await finds(policy.uri);
  },
  async 'a requirement becomes a proviso, and a requirement again'() {
    const policy = await project({
      'p.ordain': 'policy p {\n  default forbid\n}\n\nfact late, ill: yes/no\n\n'
        + 'rule a { permit when late }\nrule asked { require ill when late }\n',
    });
    const requirement = policy.behind('requ');
    const here = new Range(requirement, requirement);
    const proviso = await done(policy, here, 'refactor.rewrite', /into a proviso of `a`/);
    assert.ok(proviso.endsWith('rule a { permit when late provided { asked: ill } }\n'), proviso);
    await finds(policy.uri);
    const name = policy.behind('provided { ask');
    const again = await done(policy, new Range(name, name), 'refactor.rewrite', /`asked` into a requirement/);
    assert.ok(again.endsWith('rule a {\n  permit when late\n  require ill\n}\n'), again);
    await finds(policy.uri);
  },
};

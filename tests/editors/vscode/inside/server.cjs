// The server as a program: what VS Code sends to it, and that it may be missing.

const vscode = require('vscode');
const assert = require('node:assert/strict');
const { chmodSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { edit, finds, project, show, until } = require('./tools.cjs');

const { commands, workspace, ConfigurationTarget, Range } = vscode;
const extension = () => vscode.extensions.getExtension('ordain.ordain');

/** Starts this server, runs, and starts the server of the extension again. */
async function withServer(path, work) {
  const settings = workspace.getConfiguration('ordain');
  await settings.update('server.path', path, ConfigurationTarget.Global);
  try {
    await work(extension().exports);
  } finally {
    await settings.update('server.path', undefined, ConfigurationTarget.Global);
  }
}

module.exports = {
  async 'a server that cannot be started is said, and comes back'() {
    await show('student-aup/contact.ordain');
    await withServer('/no/such/ordain-lsp', (api) =>
      until('that it is gone', () => api.status.text?.includes('no server')));
    await until('clean', () => extension().exports.status.text?.includes('clean'), 30000);
  },
  async 'VS Code sends what changes, and gets what changes in colours'() {
    const policy = await project({
      'p.ordain': 'policy p { default forbid }\nfact late: yes/no\nrule a { permit when late }\n',
    });
    // A server that writes down what it is sent.
    const program = join(policy.folder, 'server');
    const written = join(policy.folder, 'sent');
    writeFileSync(program, `#!/bin/sh\ntee '${written}' | '${join(extension().extensionPath, 'bin', 'ordain-lsp')}'\n`);
    chmodSync(program, 0o755);
    const sent = () => readFileSync(written, 'utf8').split(/Content-Length: \d+\r\n\r\n/).slice(1).flatMap((part) => {
      try {
        return [JSON.parse(part)];
      } catch {
        return [];
      }
    });
    const asked = (method) => sent().filter((m) => m.method === method);
    await withServer(program, async (api) => {
      await until('the server', () => api.server.isRunning && asked('textDocument/semanticTokens/full').length);
      await edit(policy, new Range(policy.behind('fact late'), policy.behind('fact late')), 'st');
      await finds(policy.uri, 'O2001');
      const [{ params }] = asked('textDocument/didChange');
      const [only, ...others] = params.contentChanges;
      assert.deepEqual([only.range.start, only.text, others], [{ line: 1, character: 9 }, 'st', []]);
      await until('the difference', () => asked('textDocument/semanticTokens/full/delta').length);
    });
    await commands.executeCommand('workbench.action.files.revert');
    await until('the server', () => extension().exports.server.isRunning);
  },
};

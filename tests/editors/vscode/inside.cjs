// Runs within VS Code's extension host: each feature of the language, asked for as VS Code itself asks. A line for each
// test, as the runner counts them.

const vscode = require('vscode');
const { until } = require('./inside/tools.cjs');

const AREAS = ['findings', 'reading', 'names', 'completion', 'actions', 'layout', 'views', 'files', 'server'];

exports.run = async () => {
  console.log(`VS Code ${vscode.version}, ${vscode.env.appName}`);
  // The file that names the folders may be read after the extension host has started.
  await until('the folders', () => vscode.workspace.workspaceFolders?.length === 2, 30000);
  const tests = AREAS.flatMap((area) => Object.entries(require(`./inside/${area}.cjs`)));
  let failed = 0;
  for (const [name, test] of tests) {
    const began = Date.now();
    try {
      await test();
      console.log(`ok ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED: ${name}: ${String(error?.message ?? error).split('\n').slice(0, 12).join(' | ')}`);
    }
  }
  if (failed > 0) throw new Error(`${failed} failed`);
};

// Runs the tests of `inside.cjs` within VS Code's extension host, with the extension installed as users have it, and with
// two folders open: the examples, and one beside them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FOLDER, open, remote, withPage } from './browser.mjs';

function workspace() {
  const beside = join(FOLDER, '..', 'beside');
  mkdirSync(beside, { recursive: true });
  const policy = 'policy p { default forbid }\nfact late: yes/no\nrule beside_rule { permit when late }\n';
  writeFileSync(join(beside, 'one.ordain'), policy);
  const both = `${FOLDER}.code-workspace`;
  writeFileSync(both, JSON.stringify({ folders: [{ path: basename(FOLDER) }, { path: 'beside' }] }));
  return both;
}

await withPage(async (page) => {
  let done;
  let told = 0;
  const late = setTimeout(() => { console.log('FAILED: the tests in the extension host do not end'); done(1); }, 200000);
  await page.exposeFunction('codeAutomationLog', (type, args) => {
    // All of VS Code writes there; a line of the tests is one for the runner.
    if (!/^(ok|FAILED:|VS Code) /.test(String(args[0]))) return;
    console.log(args[0]);
    told += 1;
  });
  await page.exposeFunction('codeAutomationExit', (code) => done(code));
  // A built workbench of a recent VS Code reads where the tests are only with this option on.
  await page.addInitScript(() => {
    const get = Element.prototype.getAttribute;
    Element.prototype.getAttribute = function (name) {
      const value = get.call(this, name);
      if (name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration') return value;
      const settings = JSON.parse(value);
      settings.developmentOptions = { ...settings.developmentOptions, enableSmokeTestDriver: true };
      return JSON.stringify(settings);
    };
  });
  // Tests belong to an extension: to the one that was installed.
  const inside = fileURLToPath(new URL('inside.cjs', import.meta.url));
  const tests = [['extensionDevelopmentPath', remote(process.env.EXTENSION)], ['extensionTestsPath', remote(inside)]];
  const both = workspace();
  const run = async () => {
    const ended = new Promise((resolve) => { done = resolve; });
    await open(page, both, tests);
    return ended;
  };
  process.exitCode = await run();
  // The folders did not come, so nothing was tested: VS Code may start before it can read the file that names them.
  if (process.exitCode !== 0 && told <= 1) process.exitCode = await run();
  clearTimeout(late);
});

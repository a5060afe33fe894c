// VS Code in a browser: opens a folder with a file, finds the pages of views, takes pictures, counts checks.
//
// MODULES: where playwright-core is; CHROMIUM; PORT of code-server; FOLDER with the projects; PICTURES.

import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const { MODULES, CHROMIUM, PORT, FOLDER, PICTURES } = process.env;
const { chromium } = createRequire(join(MODULES, 'any.js'))('playwright-core');
export const remote = (path) => `vscode-remote://127.0.0.1:${PORT}${path}`;

/** Runs with a page of VS Code; the browser is closed whatever happens. */
export async function withPage(work) {
  const profile = mkdtempSync(join(tmpdir(), 'ordain-code-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM || '/usr/bin/chromium', headless: true, viewport: { width: 1440, height: 900 },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const page = context.pages()[0] ?? await context.newPage();
    page.setDefaultTimeout(20000);
    await work(page);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Opens a folder, or several by their file, and a file in it. */
export async function open(page, folder, payload) {
  const what = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = new URLSearchParams({ [what]: folder, payload: JSON.stringify(payload) });
  await page.goto(`http://127.0.0.1:${PORT}/?${query}`);
  await page.waitForSelector('.monaco-workbench');
}

/** The page within a view's page, as soon as it says something. */
export async function view(page, selector, milliseconds = 10000) {
  const until = Date.now() + milliseconds;
  for (;;) {
    for (const frame of page.frames()) {
      if (frame.parentFrame() && await frame.locator(selector).count().catch(() => 0)) return frame;
    }
    if (Date.now() > until) throw new Error(`no view shows ${selector}`);
    await page.waitForTimeout(100);
  }
}

/** Types into the box that a key opens and takes the row; again if something else takes the focus away meanwhile. */
export async function quickly(page, key, text, row) {
  const box = page.locator('.quick-input-widget input.input').first();
  for (let left = 3; ; left -= 1) {
    try {
      // From a view the keys come late, so the text has the focus first.
      await page.keyboard.press('Control+1');
      await page.keyboard.press(key);
      await box.waitFor({ timeout: 2000 });
      await box.fill(text, { timeout: 2000 });
      await page.locator('.quick-input-list .monaco-list-row.focused').and(page.locator(row)).first().waitFor({ timeout: 3000 });
      await page.keyboard.press('Enter', { timeout: 2000 });
      await box.waitFor({ state: 'hidden', timeout: 1000 }).catch(() => {});
      return;
    } catch (error) {
      if (left === 0) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Runs a command by the palette, as a person would. */
export const command = (page, title) => quickly(page, 'F1', `>${title}`, `[aria-label^="${title}"]`);

export async function until(what, check, milliseconds = 20000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: it does not come`);
    await new Promise((r) => setTimeout(r, 60));
  }
}

/** Without what shows where the mouse happens to be; `aside` where no page uses it, and it is only to be looked at. */
export async function picture(page, name, { aside = false } = {}) {
  await page.mouse.move(720, 899);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(aside ? join(FOLDER, '..', 'pictures') : PICTURES, `vscode-${name}.png`) });
}

/** Each check is a line; what it needs of the checks before is its own matter. */
export async function checks(page, list) {
  let bad = 0;
  for (const [name, check] of Object.entries(list)) {
    const began = Date.now();
    try {
      await check();
      console.log(`ok ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      bad += 1;
      console.log(`FAILED: ${name}: ${String(error?.message ?? error).split('\n').slice(0, 6).join(' | ')}`);
      await page?.screenshot({ path: join(FOLDER, `../failed-${name.replace(/\W+/g, '-')}.png`) }).catch(() => {});
    }
  }
  return bad;
}

// Draws a comment as GitHub shows it: node picture.mjs NODE_MODULES COMMENT.md OUT.png
// Markdown by `marked`, the look by `github-markdown-css`; the frame around it is GitHub's in plain strokes. Nothing is fetched.

import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, comment, out] = process.argv.slice(2);
const require = createRequire(pathToFileURL(join(modules, 'any.js')));
const { chromium } = require('playwright-core');
const { marked } = await import(pathToFileURL(require.resolve('marked')));
const css = readFileSync(join(modules, 'github-markdown-css/github-markdown-light.css'), 'utf8');
const scratch = mkdtempSync(join(tmpdir(), 'comment-'));
const page = join(scratch, 'comment.html');
writeFileSync(page, `<!doctype html><meta charset="utf-8"><style>${css}
  body { margin: 0; padding: 20px; width: 880px; background: #fff; font: 14px/1.5 "Liberation Sans", "Noto Sans", sans-serif; }
  .comment { border: 1px solid #d1d9e0; border-radius: 6px; }
  .head { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; padding: 8px 16px; color: #59636e; }
  .head b { color: #1f2328; } .head span { border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 7px; font-size: 12px; margin-left: 4px; }
  .markdown-body { padding: 16px; font-size: 14px; font-family: inherit; }
</style><div class="comment"><div class="head"><b>github-actions</b><span>bot</span> commented</div>
<div class="markdown-body">${marked.parse(readFileSync(comment, 'utf8'), { gfm: true })}</div></div>`);

const browser = await chromium.launchPersistentContext(join(scratch, 'profile'), {
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, viewport: { width: 920, height: 800 },
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const tab = browser.pages()[0] ?? await browser.newPage();
  const asked = [];
  tab.on('request', (request) => request.url().startsWith('file:') || asked.push(request.url()));
  await tab.goto(pathToFileURL(page).href);
  const seen = await tab.evaluate(() => {
    const body = document.querySelector('.markdown-body');
    return { tables: body.querySelectorAll('table').length, left: body.innerText.match(/(\*\*|<br>|\|---|<details|^#)/m)?.[0] ?? '', wide: body.scrollWidth > body.clientWidth };
  });
  await tab.screenshot({ path: out, fullPage: true });
  console.log(JSON.stringify({ ...seen, asked }));
} finally {
  await browser.close();
}

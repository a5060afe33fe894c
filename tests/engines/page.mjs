// Opens tables as pages in a browser: node page.mjs NODE_MODULES JOBS
// A job is { page, cases, pictures? }: the page is opened, filtered by each case, searched, used by the keyboard, and looked at on
// a phone. For each job one line of JSON with what was seen.

import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [modules, jobs] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, 'any.js'))('playwright-core');
const browser = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'page-')), {
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, viewport: { width: 1280, height: 860 },
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = browser.pages()[0] ?? await browser.newPage();
  const seen = { errors: [], requests: [] };
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && seen.errors.push(message.text()));
  page.on('request', (request) => !request.url().startsWith('file:') && seen.requests.push(request.url()));
  for (const job of JSON.parse(readFileSync(jobs, 'utf8'))) {
    seen.errors = []; seen.requests = [];
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto('file://' + job.page);
    const told = await page.evaluate((cases) => {
      const sections = [...document.querySelectorAll('section.table')];
      const visible = (section) => [...section.querySelectorAll('tr.row')].filter((r) => !r.hidden);
      const says = (row) => row.querySelector('td.result').textContent;
      const clear = (section) => { section.querySelector('form').reset(); section.querySelector('form').dispatchEvent(new Event('input')); };
      const fill = (section, facts) => {
        let unknown = 0;
        for (const field of section.querySelectorAll('[data-feature]')) {
          const fact = field.dataset.fact;
          if (fact === undefined || !(fact in facts)) { unknown += 1; continue; }
          const value = facts[fact];
          if (value === null) {
            if (field.tagName === 'SELECT' && [...field.options].some((o) => o.value === '(none)')) field.value = '(none)';
            else unknown += 1;
          } else if (field.tagName === 'SELECT') {
            const text = value === true ? 'yes' : value === false ? 'no' : value;
            field.value = [...field.options].find((o) => o.textContent === text)?.value ?? '';
            if (field.value === '') unknown += 1;
          } else field.value = field.type === 'datetime-local' ? value.slice(0, 16) : String(value);
        }
        section.querySelector('form').dispatchEvent(new Event('input', { bubbles: true }));
        return unknown;
      };
      return sections.map((section) => {
        const rows = visible(section).length;
        const filtered = cases.map((facts) => {
          clear(section);
          const unknown = fill(section, facts);
          return { unknown, says: visible(section).map(says) };
        });
        clear(section);
        const search = section.querySelector('input[type=search]');
        const word = section.querySelector('tr.row td:last-child').textContent.split(',')[0];
        search.value = word;
        search.dispatchEvent(new Event('input', { bubbles: true }));
        const searched = visible(section).length;
        const right = [...section.querySelectorAll('tr.row')].filter((r) => r.textContent.toLowerCase().includes(word.toLowerCase())).length;
        search.value = 'no row says this';
        search.dispatchEvent(new Event('input', { bubbles: true }));
        const none = visible(section).length;
        clear(section);
        const unlabelled = [...section.querySelectorAll('input, select')].filter((f) => !f.closest('label')).length;
        return { rows, filtered, searched, right, none, unlabelled, back: visible(section).length };
      });
    }, job.cases);
    // By the keyboard: a row opens, and the next has the focus.
    const first = page.locator('section.table tr.row').first();
    await first.focus();
    await page.keyboard.press('Enter');
    const opened = await page.locator('tr.more').count();
    await page.keyboard.press('Escape');
    const closed = await page.locator('tr.more').count();
    if (job.pictures?.desktop) {
      await first.focus(); await page.keyboard.press('Enter'); await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
      await page.screenshot({ path: job.pictures.desktop });
      await page.reload();
    }
    await page.setViewportSize({ width: 390, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (job.pictures?.phone) {
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.screenshot({ path: job.pictures.phone });
    }
    console.log(JSON.stringify({ sections: told, opened, closed, wide, ...seen }));
  }
} finally {
  await browser.close();
}

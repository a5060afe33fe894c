// Opens DMN models in dmn-js, in a browser: node dmn-js.mjs NODE_MODULES JOBS
// A job is { model, saved, pictures? }: the model is opened, its diagram and all tables are shown, and what the editor saves
// is written to `saved`. For each job one line of JSON: warnings, shapes and edges of the diagram, rows of each table.

import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [modules, jobs] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, 'any.js'))('playwright-core');
const dist = join(modules, 'dmn-js/dist');
const styles = ['diagram-js.css', 'dmn-js-shared.css', 'dmn-js-drd.css', 'dmn-js-decision-table.css',
  'dmn-js-decision-table-controls.css', 'dmn-js-literal-expression.css', 'dmn-js-boxed-expression.css', 'dmn-font/css/dmn-embedded.css'];

const browser = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'dmn-js-')), {
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, viewport: { width: 1900, height: 900 },
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = browser.pages()[0] ?? await browser.newPage();
  for (const job of JSON.parse(readFileSync(jobs, 'utf8'))) {
    await page.goto('about:blank');
    await page.setContent('<!doctype html><html><body style="margin:0;font-family:sans-serif"><div id="canvas" style="height:900px"></div></body></html>');
    for (const style of styles) {
      try { await page.addStyleTag({ path: join(dist, 'assets', style) }); } catch { /* not in this version */ }
    }
    await page.addScriptTag({ path: join(dist, 'dmn-modeler.production.min.js') });
    const xml = readFileSync(job.model, 'utf8');
    const told = await page.evaluate(async (xml) => {
      const modeler = window.modeler = new window.DmnJS({ container: '#canvas' });
      const { warnings } = await modeler.importXML(xml);
      const views = modeler.getViews();
      const opened = [];
      for (const [i, view] of views.entries()) {
        // The first is open already.
        const done = i ? await modeler.open(view) : undefined;
        opened.push(...(done?.warnings ?? []));
        view.told = view.type === 'drd'
          ? { shapes: document.querySelectorAll('.djs-shape').length, edges: document.querySelectorAll('.djs-connection').length }
          : { rows: document.querySelectorAll('.tjs-table tbody tr:not(.add-rule)').length, name: view.element.name };
        view.told.type = view.type;
      }
      const saved = await modeler.saveXML({ format: true });
      return { warnings: [...warnings, ...opened].map((w) => w.message), views: views.map((v) => v.told), saved: saved.xml };
    }, xml);
    writeFileSync(job.saved, told.saved);
    if (job.pictures) {
      for (const [type, path] of Object.entries(job.pictures)) {
        await page.evaluate(async (type) => {
          const view = window.modeler.getViews().find((v) => v.type === type);
          await window.modeler.open(view);
          if (type === 'drd') window.modeler.getActiveViewer().get('canvas').zoom('fit-viewport', 'auto');
        }, type);
        // The tools lie over the diagram.
        await page.addStyleTag({ content: '.djs-palette, .dmn-definitions { display: none }' });
        await page.waitForTimeout(500);
        const { width, height } = await page.evaluate(() => {
          const { right, bottom } = (document.querySelector('.tjs-table') ?? document.body).getBoundingClientRect();
          return { width: right + 10, height: bottom + 10 };
        });
        await page.screenshot({ path, clip: { x: 0, y: 0, width: Math.min(width, 1900), height: Math.min(height, 900) } });
      }
    }
    console.log(JSON.stringify({ model: job.model, warnings: told.warnings, views: told.views }));
  }
} finally {
  await browser.close();
}

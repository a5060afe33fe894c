// The views of the extension in VS Code, used by mouse and keyboard: what they show, and that they follow one another.
// Takes the pictures of the documentation.

import assert from 'node:assert/strict';
import { FOLDER, checks, command, open, picture, quickly, remote, until, view, withPage } from './browser.mjs';

/** As the system is set: VS Code goes along with it. */
const theme = async (page, media, kind) => {
  await page.emulateMedia(media);
  await page.waitForSelector(`.monaco-workbench.${kind}`);
  await page.waitForTimeout(300);
};

const goTo = async (page, file, line) => {
  const name = file.split('/').pop();
  const there = async () => (await position(page)).startsWith(`Ln ${line.split(':')[0]},`)
    && (await page.locator('.editor-group-container .tab.active').allInnerTexts()).some((tab) => tab.includes(name));
  for (let left = 2; ; left -= 1) {
    await quickly(page, 'Control+P', `${file}:${line}`, `[aria-label^="${name}"]`);
    try {
      await until(`${file} at line ${line}`, there, 6000);
      return;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
};

const position = (page) => page.locator('[id="status.editor.selection"]').innerText().catch(() => '');
const status = (page) => page.locator('[id="ordain.ordain.ordain.status"], .statusbar-item[id*="ordain.status"]').first().innerText().catch(() => '');
const rows = (frame) => frame.locator('.row').count();
const lit = (frame) => frame.locator('.row.lit').count();
const says = async (frame, selector) => (await frame.locator(selector).allInnerTexts()).join(' ').replace(/\s+/g, ' ');
/** Closes what is open beside the text, and the bar at the side. */
const bare = async (page) => {
  await command(page, 'View: Close All Editors');
  const save = page.locator('.monaco-dialog-box .monaco-button', { hasText: "Don't Save" });
  if (await save.count()) await save.click();
};

await withPage(async (page) => {
  const policy = `${FOLDER}/student-aup/contact.ordain`;
  await open(page, FOLDER, [['openFile', remote(policy)]]);
  await page.waitForSelector('.monaco-editor .view-line');
  let table;
  let why;

  const decisionTable = {
    'the status bar says that a policy is clean': () =>
      until('clean', async () => (await status(page)).includes('clean'), 40000),
    'the table is shown beside the text': async () => {
      await command(page, 'View: Toggle Primary Side Bar Visibility');
      await command(page, 'Ordain: Show the Decision Table');
      table = await view(page, '.row');
      assert.ok(await rows(table) > 30);
      assert.match(await says(table, 'footer'), /Proved/);
    },
    'the rows of the rule with the cursor are marked': async () => {
      await goTo(page, 'student-aup/contact.ordain', '40');
      await until('marked rows', async () => await lit(table) > 0);
      assert.match(await says(table, 'footer .count'), /other_tools/);
      await goTo(page, 'student-aup/contact.ordain', '24');
      await until('rows of the exception', async () => (await says(table, 'footer .count')).includes('texts.authorised_texts'));
    },
    'the table in light colours': () => picture(page, 'table-light'),
    'a click on a row opens its rule': async () => {
      await table.locator('.row', { hasText: 'outside_mail' }).first().locator('.rule-link', { hasText: 'outside_mail' }).click();
      await until('the rule', async () => /^Ln 49,/.test(await position(page)));
      await until('its rows', async () => (await says(table, 'footer .count')).includes('outside_mail'));
    },
    'words filter the rows': async () => {
      const all = await rows(table);
      await table.locator('input.search').fill('guardian forbid');
      await until('fewer rows', async () => { const n = await rows(table); return n > 0 && n < all; });
      await table.locator('input.search').fill('no row says this');
      await until('none', async () => (await says(table, '.empty')).includes('No row'));
      await table.locator('input.search').fill('');
      await until('all', async () => await rows(table) === all);
    },
    'a column filters the rows': async () => {
      const all = await rows(table);
      await table.locator('button[aria-label="Filter by column"]').click();
      await table.locator('input[aria-label="Filter by session"]').fill('examination');
      await until('fewer rows', async () => { const n = await rows(table); return n > 0 && n < all; });
      await table.locator('button[aria-label="Filter by column"]').click();
      await until('all', async () => await rows(table) === all);
    },
    'the keyboard goes through rows and opens a rule': async () => {
      await goTo(page, 'student-aup/contact.ordain', '2');
      await table.locator('input.search').focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'End', 'Home']) await page.keyboard.press(key);
      assert.equal(await table.evaluate(() => document.activeElement?.getAttribute('data-row')), '0');
      await page.keyboard.press('Enter');
      await until('the rule of row 1', async () => /^Ln 49,/.test(await position(page)));
    },
    'the table follows what is typed': async () => {
      const before = await says(table, '.row .outcome');
      await goTo(page, 'student-aup/contact.ordain', '17:5');
      await page.keyboard.press('Control+Delete');
      await page.keyboard.type('permit ');
      await until('another table', async () => (await says(table, '.row .outcome')) !== before);
      await page.keyboard.type('permit ');
      await until('the error', async () => /error/.test(await says(table, '.notice')));
      assert.ok(await rows(table) > 10, 'the rows stay while the text has an error');
    },
    'and comes back': async () => {
      await command(page, 'File: Revert File');
      await until('no error', async () => (await says(table, '.notice')) === '');
      await until('clean', async () => (await status(page)).includes('clean'));
    },
    'lines where there is little room': async () => {
      await table.locator('button[aria-label="Lines"]').click();
      await until('lines', async () => await table.locator('.line').count() > 10);
    },
    'the table in dark colours': async () => {
      await theme(page, { colorScheme: 'dark' }, 'vs-dark');
      await goTo(page, 'student-aup/contact.ordain', '40');
      await until('marked rows', async () => await lit(table) > 0);
      await picture(page, 'table-dark', { aside: true });
    },
    'the table in high contrast': async () => {
      await theme(page, { forcedColors: 'active' }, 'hc-black');
      await table.locator('button[aria-label="Columns"]').click();
      // Another layout shows what was marked.
      await until('a marked row in sight', async () => await lit(table) > 0 && await table.locator('.row.lit').first().isVisible());
      await until('a marked row within the view', async () => {
        const [row, list] = [await table.locator('.row.lit').first().boundingBox(), await table.locator('.scroll').boundingBox()];
        return row !== null && list !== null && row.y >= list.y - 1 && row.y < list.y + list.height;
      });
      await picture(page, 'table-contrast', { aside: true });
      await theme(page, { colorScheme: 'light', forcedColors: 'none' }, 'vs');
    },
  };

  const decidedCase = {
    'a case is decided in the form': async () => {
      await command(page, 'View: Close All Editors');
      await goTo(page, 'student-aup/meetings.ordain', '6');
      await command(page, 'Ordain: Why? Decide a Case');
      why = await view(page, 'form.facts .field');
      await until('an answer', async () => /it depends/.test(await says(why, '.result')));
      assert.match(await says(why, '.depends'), /activity/);
    },
    'what is filled in changes the answer': async () => {
      await why.locator('#fact-channel-label').locator('xpath=../..').locator('select').selectOption('google_meet');
      await why.locator('#fact-sender-label').locator('xpath=../..').locator('select').selectOption('teacher');
      await why.locator('#fact-recipient-label').locator('xpath=../..').locator('select').selectOption('student');
      await why.locator('.segment', { hasText: 'one_to_one' }).click();
      await until('the facts that matter', async () => {
        const text = await says(why, '.depends p');
        return text.includes('optional attendees') && !text.includes('message');
      });
    },
    'an example fills the form, and the verdict has its rule': async () => {
      await why.locator('.possible', { hasText: 'permit' }).locator('button.try').click();
      await until('permit', async () => /permit/.test(await says(why, '.verdict')));
      assert.match(await says(why, '.by'), /One-to-one meetings/);
    },
    'the proviso that fails and the nearest change are said': async () => {
      const date = why.locator('#fact-invitation-label').locator('xpath=../..').locator('input');
      await date.fill('2026-09-17T09:00');
      await until('forbid', async () => /forbid/.test(await says(why, '.verdict')));
      assert.match(await says(why, '.failing'), /notice/);
      assert.match(await says(why, '.nearest'), /permit/);
      await picture(page, 'why');
      await why.locator('.nearest button.try').click();
      await until('permit again', async () => /permit/.test(await says(why, '.verdict')));
    },
    'a rule is opened from the answer': async () => {
      await why.locator('.by a').first().click();
      await until('the rule', async () => (await position(page)).startsWith('Ln 6,'));
    },
    'facts that do not go together are said': async () => {
      await why.locator('#fact-activity-label').locator('xpath=../..').locator('select').selectOption('posting');
      await until('no case', async () => /no such case/.test(await says(why, '.result')));
      assert.match(await says(why, '.result'), /exists only if/);
      await why.locator('button.clear').click();
      await until('cleared', async () => /it depends/.test(await says(why, '.result')));
    },
  };

  const exceptionTree = {
    'the tree shows exceptions below their rules': async () => {
      await command(page, 'View: Close All Editors');
      await goTo(page, 'student-aup/meetings.ordain', '25');
      await command(page, 'Ordain: Show the Exceptions');
      const tree = page.locator('.pane-body .monaco-list-row');
      await until('the tree', async () => (await tree.allInnerTexts()).join(' ').includes('class_sessions'));
      const texts = await tree.allInnerTexts();
      assert.ok(texts.findIndex((t) => t.includes('consent_first')) < texts.findIndex((t) => t.includes('class_sessions')));
    },
    'the tree follows the cursor': async () => {
      await goTo(page, 'student-aup/meetings.ordain', '40');
      await until('its row', async () => (await page.locator('.pane-body .monaco-list-row.selected').allInnerTexts()).join(' ').includes('examinations'));
      await page.waitForTimeout(300);
      await picture(page, 'exceptions');
    },
    'a row opens its rule': async () => {
      await page.locator('.pane-body .monaco-list-row', { hasText: 'services' }).first().click();
      await until('the exception', async () => /^Ln 4[0-9],/.test(await position(page)));
    },
  };

  const testExplorer = {
    'the expectations are proved in the test explorer': async () => {
      await command(page, 'View: Close All Editors');
      await goTo(page, 'student-aup/contact.ordain', '20');
      await command(page, 'Ordain: Prove the Expectations');
      await until('results', async () => /\d+\/\d+/.test(await page.locator('.test-explorer .result-summary, .test-explorer').first().innerText()));
      await until('all green', async () => /76\/76/.test(await page.locator('.test-explorer').first().innerText()));
      await until('the expectations', async () => await page.locator('.test-explorer .codicon-testing-passed-icon').count() > 3);
      assert.equal(await page.locator('.test-explorer .codicon-testing-failed-icon').count(), 0);
    },
    'what depends on them is marked in the gutter': async () => {
      await until('coverage', async () => await page.locator('.coverage-deco-gutter').count() > 2);
      await picture(page, 'tests');
    },
    'an expectation that fails says for which case': async () => {
      await goTo(page, 'student-aup/contact.ordain', '17:5');
      await page.keyboard.press('Control+Delete');
      await page.keyboard.type('permit ');
      await until('findings', async () => /finding/.test(await status(page)));
      await command(page, 'Ordain: Prove the Expectations');
      await until('one fails', async () => await page.locator('.test-explorer .codicon-testing-failed-icon, .test-explorer .codicon-testing-error-icon').count() > 0);
      await goTo(page, 'student-aup/contact.ordain', '17:5');
      await command(page, 'File: Revert File');
      await until('clean', async () => (await status(page)).includes('clean'));
    },
  };

  const findings = {
    'a contradiction stands among the problems': async () => {
      await command(page, 'View: Close All Editors');
      await command(page, 'View: Show Explorer');
      await goTo(page, 'as-written/policy.ordain', '84:5');
      // VS Code asks for lenses only while the text has the focus.
      const lens = page.locator('.codelens-decoration');
      await until('lenses', async () => await lens.filter({ hasText: 'decides' }).count() > 0);
      await command(page, 'Problems: Focus on Problems View');
      await page.locator('.viewpane-filter input').last().fill('conflict');
      const row = page.locator('.markers-panel .monaco-list-row', { hasText: '`o4` permits what `o1` forbids' }).first();
      await row.waitFor();
      await until('count', async () => /3 findings/.test(await status(page)));
      // The lenses push the rules down.
      await goTo(page, 'as-written/policy.ordain', '86');
      await goTo(page, 'as-written/policy.ordain', '84:5');
      await lens.filter({ hasText: 'decides 1 kind of case' }).waitFor();
      await picture(page, 'conflict');
    },
    'a quick fix is offered with its effect': async () => {
      await goTo(page, 'as-written/policy.ordain', '84:7');
      await page.keyboard.press('Control+.');
      await page.locator('.action-widget .monaco-list-row', { hasText: 'make it an exception to `o1`' }).first().waitFor();
      await page.waitForTimeout(300);
      await picture(page, 'quick-fix');
    },
    'and makes the finding go': async () => {
      await page.keyboard.press('Enter');
      await until('two are left', async () => /2 findings/.test(await status(page)));
      await until('it is gone', async () => !(await page.locator('.markers-panel').innerText()).includes('`o4` permits'));
    },
    'the change is compared with the last commit': async () => {
      await command(page, 'View: Hide Panel');
      await command(page, 'Ordain: Compare with HEAD');
      const preview = await view(page, 'body.vscode-body table, body.vscode-body h1, body.vscode-body h2');
      await until('the changed verdict', async () => /o4/.test(await says(preview, 'body')));
      await picture(page, 'compare');
      await goTo(page, 'as-written/policy.ordain', '80');
      await command(page, 'File: Revert File');
    },
  };

  const newcomers = {
    'the walkthrough leads to an example with a contradiction': async () => {
      await command(page, 'View: Close All Editors');
      await command(page, 'View: Toggle Primary Side Bar Visibility');
      await command(page, 'Welcome: Open Walkthrough');
      await page.waitForTimeout(300);
      await page.keyboard.type('First Steps with Ordain');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'First Steps with Ordain' }).first().waitFor();
      await page.keyboard.press('Enter');
      await page.locator('.getting-started-step', { hasText: 'See the contradiction' }).first().click();
      await page.waitForTimeout(700);
      await picture(page, 'walkthrough', { aside: true });
      await page.locator('.getting-started-step', { hasText: 'Open a policy' }).first().click();
      await page.locator('.getting-started-step .monaco-button', { hasText: 'Open the Example' }).first().click();
      await until('its finding', async () => /1 finding\b/.test(await status(page)));
    },
    'its repair makes it clean': async () => {
      await command(page, 'Ordain: Fix the Next Finding');
      await page.locator('.action-widget .monaco-list-row', { hasText: 'let `health` win' }).first().waitFor();
      await page.waitForTimeout(300);
      await page.keyboard.press('Enter');
      await until('clean', async () => (await status(page)).includes('clean'));
    },
  };

  let bad = 0;
  for (const list of [decisionTable, decidedCase, exceptionTree, testExplorer, findings, newcomers]) bad += await checks(page, list);
  await bare(page).catch(() => {});
  process.exitCode = bad ? 1 : 0;
});

// A decision table -> the page beside the text: filtered by words and by columns, in columns or in lines where there is
// little room, used by the keyboard. What changes comes from the extension.

import type { FromTable, TableState, ToTable } from '../src/messages.js';
import type { Hit, Row, Table } from '../src/protocol.js';
import { h, later, outcome } from './dom.js';
import { remaining, telling, values } from './filter.js';
import { connect } from './host.js';
import { icon } from './icons.js';

/** More are shown when asked for: nobody reads thousands at once. */
const SHOWN = 400;
/** So many rules of a row are named at once. */
const FEW = 4;
/** Below this width, in pixels, the columns become lines. */
const NARROW = 620;
const HITS: [Hit, string, string][] = [
  ['unique', 'Unique', 'Every case is in exactly one row'],
  ['first', 'First', 'Fewer rows: the first that fits decides'],
  ['collect', 'By rule', 'The rows of each rule'],
];

const line = connect<ToTable, FromTable, TableState>({ layout: 'auto' });
const view = document.getElementById('view') ?? document.body;
let table: Table | undefined;
let lit = new Set<string>();
let all = false;
let byColumn = Object.values(line.state.filters ?? {}).some(Boolean);
/** The row that the keyboard is on. */
let current = -1;

const head = h('header', { class: 'bar' });
const notice = h('p', { class: 'notice', role: 'status' });
const body = h('div', { class: 'body' });
const foot = h('footer', { class: 'faint', role: 'status' });
const search = h('input', {
  type: 'search', class: 'search', placeholder: 'Filter rows', 'aria-label': 'Filter rows by words', value: line.state.search ?? '',
  oninput: () => { line.keep({ search: search.value }); rows(); },
  onkeydown: (event) => {
    const key = (event as KeyboardEvent).key;
    if (key === 'ArrowDown') { event.preventDefault(); move(0); }
    if (key === 'Escape' && search.value) { search.value = ''; line.keep({ search: '' }); rows(); }
  },
});
view.append(head, notice, body, foot);
line.receive(receive);
line.send({ type: 'ready', state: line.state });
window.addEventListener('resize', later(80, () => table && draw()));
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !(event.target instanceof HTMLInputElement)) { event.preventDefault(); search.focus(); }
});

function receive(message: ToTable): void {
  switch (message.type) {
    case 'table':
      view.classList.remove('proving', 'old');
      line.keep({ uri: message.uri, decision: message.table.decision, hit: message.table.hit });
      say(message.table.problem);
      if (message.table.problem) {
        view.classList.add('old');
        if (table) break;
      }
      table = message.table;
      draw();
      break;
    case 'proving':
      view.classList.add('proving');
      break;
    case 'none':
      table = undefined;
      view.classList.remove('proving', 'old');
      head.replaceChildren(); body.replaceChildren(); foot.replaceChildren();
      say(message.text);
      break;
    case 'cursor':
      lit = new Set(message.rules);
      light(message.scroll);
      break;
  }
}

function say(text: string | undefined): void {
  notice.textContent = text ?? '';
  notice.hidden = !text;
}

function narrow(): boolean {
  const layout = line.state.layout ?? 'auto';
  return layout === 'auto' ? document.documentElement.clientWidth < NARROW : layout === 'lines';
}

/** Everything: after another table, another layout, another width. */
function draw(): void {
  if (!table) return;
  const focused = document.activeElement === search;
  const now = table;
  const choose = (label: string, chosen: string, options: [string, string, string][], change: (value: string) => void) => {
    const select = h('select', { 'aria-label': label, title: options.find((o) => o[0] === chosen)?.[2], onchange: () => change(select.value) },
      ...options.map(([value, text, title]) => h('option', { value, title, selected: value === chosen }, text)));
    return select;
  };
  head.replaceChildren(
    h('div', { class: 'title' },
      h('h1', {}, now.title || 'Decision table'),
      h('span', { class: 'live', title: 'Is proved anew with every change' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), h('span', { class: 'word' }))),
    h('div', { class: 'tools' },
      h('label', { class: 'find' }, h('span', { class: 'glass' }, icon('search')), search),
      now.decisions.length > 1 && choose('Decision', now.decision, now.decisions.map((d) => [d, d.replaceAll('_', ' '), d]), (decision) => line.send({ type: 'ask', decision })),
      choose('Order of the rows', now.hit, HITS, (hit) => line.send({ type: 'ask', hit: hit as Hit })),
      h('span', { class: 'group', role: 'group', 'aria-label': 'Layout' },
        toggle('Columns', 'columns', !narrow(), () => { line.keep({ layout: 'columns' }); draw(); }),
        toggle('Lines', 'lines', narrow(), () => { line.keep({ layout: 'lines' }); draw(); })),
      toggle('Filter by column', 'filter', byColumn, () => {
        byColumn = !byColumn;
        if (!byColumn) line.keep({ filters: {} });
        draw();
        if (byColumn) body.querySelector<HTMLInputElement>('.by input')?.focus();
      })),
  );
  if (focused) search.focus();
  rows(true);
}

function toggle(label: string, name: Parameters<typeof icon>[0], pressed: boolean, press: () => void): HTMLElement {
  return h('button', { type: 'button', class: 'icon', title: label, 'aria-label': label, 'aria-pressed': String(pressed), onclick: press }, icon(name));
}

/** The rows that remain; the filters by column stay as they are while somebody types into them. */
function rows(anew = false): void {
  if (!table) return;
  const now = table;
  const left = remaining(now.columns, now.rows, { search: search.value, columns: line.state.filters ?? {} });
  const shown = all ? left : left.slice(0, SHOWN);
  const columns = telling(now.columns, byColumn ? now.rows : left.map((at) => now.rows[at]!));
  if (!shown.includes(current)) current = shown[0] ?? -1;
  const lines = narrow();
  const sameLayout = view.classList.contains('lines') === lines;
  view.classList.toggle('lines', lines);
  const kept = anew ? undefined : body.querySelector<HTMLElement>('.by');
  const scrolled = body.querySelector('.scroll');
  const [x, y] = [scrolled?.scrollLeft ?? 0, scrolled?.scrollTop ?? 0];
  const label = `${now.title || 'Decision table'}: ${left.length} rows`;
  if (lines) {
    const list = h('div', { class: 'scroll', role: 'list', 'aria-label': label }, ...shown.map((at) => lineOf(now, at)));
    body.replaceChildren(...(byColumn ? [kept ?? fields(now)] : []), list);
  } else if (kept && body.querySelector('tbody')) {
    body.querySelector('tbody')?.replaceChildren(...shown.map((at) => rowOf(now, at, columns)));
  } else {
    const grid = h('table', { class: 'decision', 'aria-label': label },
      h('thead', {},
        h('tr', {}, h('th', { scope: 'col', class: 'number' }, '#'), ...columns.map((c) => h('th', { scope: 'col', class: kind(now, c) }, now.columns[c]!.label))),
        byColumn && h('tr', { class: 'by' }, h('td', { class: 'number' }), ...columns.map((c) => h('td', { class: kind(now, c) }, field(now, c))))),
      h('tbody', {}, ...shown.map((at) => rowOf(now, at, columns))));
    body.replaceChildren(h('div', { class: 'scroll' }, grid));
  }
  if (left.length > shown.length) {
    body.append(h('button', { type: 'button', class: 'more', onclick: () => { all = true; rows(); } }, `Show all ${left.length.toLocaleString('en')} rows`));
  }
  if (left.length === 0) body.append(h('p', { class: 'empty' }, now.rows.length === 0 ? 'This policy decides nothing yet.' : 'No row fits these filters.'));
  if (sameLayout) body.querySelector('.scroll')?.scrollTo(x, y);
  light(false);
  // Where it was says nothing of where it is in another layout.
  if (!sameLayout) body.querySelector('.row.lit')?.scrollIntoView({ block: 'nearest' });
  count(left.length);
}

function count(left: number): void {
  if (!table) return;
  const total = table.rows.length.toLocaleString('en');
  const rules = lit.size > 0 ? ` · ${body.querySelectorAll('.row.lit').length} by ${[...lit].join(', ')}` : '';
  foot.replaceChildren(
    h('span', { class: 'count' }, left === table.rows.length ? `${total} rows` : `${left.toLocaleString('en')} of ${total} rows`, rules),
    h('span', { class: 'note' }, table.note ?? ''));
}

function kind(now: Table, column: number): string {
  return `is-${now.columns[column]?.kind ?? 'fact'}`;
}

function rowOf(now: Table, at: number, columns: number[]): HTMLElement {
  const row = now.rows[at]!;
  return h('tr', { class: 'row', ...keys(at, row) },
    h('th', { scope: 'row', class: 'number' }, String(at + 1)),
    ...columns.map((c) => {
      const text = row.cells[c] ?? '';
      const of = kind(now, c);
      if (of === 'is-outcome') return h('td', { class: of }, outcome(row.verdict));
      if (of === 'is-rule') return h('td', { class: of }, ...links(row, text));
      return h('td', { class: text === '' ? `${of} any` : of }, text === '' ? '–' : breakable(text));
    }));
}

function lineOf(now: Table, at: number): HTMLElement {
  const row = now.rows[at]!;
  const facts = now.columns.flatMap((column, c) => (column.kind === 'fact' && row.cells[c] ? [h('span', { class: 'fact' }, h('b', {}, column.label), ' ', row.cells[c])] : []));
  const duties = now.columns.flatMap((column, c) => (column.kind === 'duty' && row.cells[c] ? [h('span', { class: 'duty' }, h('b', {}, column.label), ' ', row.cells[c])] : []));
  const rules = now.columns.findIndex((column) => column.kind === 'rule');
  return h('div', { class: 'row line', role: 'listitem', ...keys(at, row) },
    h('span', { class: 'number' }, String(at + 1)),
    h('span', { class: 'outcome-of' }, outcome(row.verdict)),
    h('span', { class: 'facts' }, ...(facts.length > 0 ? facts : [h('span', { class: 'faint' }, 'in all cases')]), ...duties),
    h('span', { class: 'rules' }, ...links(row, row.cells[rules] ?? '')));
}

/** What makes a row answer to mouse and keyboard: one row at a time can be reached by the tabulator key. */
function keys(at: number, row: Row): Record<string, string | number | ((event: Event) => void)> {
  return {
    'data-row': at,
    'data-rules': row.rules.map((rule) => rule.name).join(' '),
    tabindex: at === current ? 0 : -1,
    onclick: (event) => {
      if (String(getSelection())) return;
      current = at;
      stops();
      const link = (event.target as HTMLElement).closest<HTMLElement>('.rule-link');
      const rule = row.rules[Number(link?.dataset['rule'] ?? 0)];
      if (rule) line.send({ type: 'open', rule, keep: false });
    },
    onkeydown: (event) => key(event as KeyboardEvent, row),
  };
}

/** The rules of a row; where they are many, the first of them until somebody asks for the rest. */
function links(row: Row, text: string): Node[] {
  if (row.rules.length === 0) return [h('span', { class: 'faint' }, text)];
  const few = row.rules.length > FEW + 1 ? row.rules.slice(0, FEW) : row.rules;
  const names: HTMLElement[] = few.map((rule, i) => h('a', { class: 'rule-link', 'data-rule': i, title: `Go to ${rule.name}` }, breakable(rule.name)));
  const more = row.rules.length - few.length;
  if (more > 0) {
    const press = (event: Event) => {
      event.stopPropagation();
      const others = row.rules.slice(FEW).flatMap((rule, i) => [...(i > 0 ? [', '] : []), h('a', { class: 'rule-link', 'data-rule': i + FEW }, breakable(rule.name))]);
      (event.currentTarget as HTMLElement).replaceWith(...others);
      light(false);
    };
    const title = row.rules.slice(FEW).map((rule) => rule.name).join(', ');
    names.push(h('button', { type: 'button', class: 'others', title, tabindex: -1, onclick: press }, `${more} more`));
  }
  const named = new Set(row.rules.map((rule) => rule.name));
  // What is no rule is said as well, such as that the default decides.
  const rest = text.split(/,\s*/).filter((part) => part && !named.has(part)).map((part) => h('span', { class: 'faint' }, part));
  return [...names, ...rest].flatMap((node, i) => (i > 0 ? [document.createTextNode(', '), node] : [node]));
}

/** A name may be broken behind `_` and `.`, so that columns are not wider than they must be. */
function breakable(text: string): Node {
  const parts = document.createDocumentFragment();
  for (const part of text.split(/(?<=[_.])/)) parts.append(part, document.createElement('wbr'));
  return parts;
}

function key(event: KeyboardEvent, row: Row): void {
  const all = [...body.querySelectorAll<HTMLElement>('.row')];
  const at = all.indexOf(event.currentTarget as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    if (to < 0 && event.key === 'ArrowUp') search.focus();
    else move(Math.max(0, Math.min(to, all.length - 1)));
  } else if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    const rule = row.rules[0];
    if (rule) line.send({ type: 'open', rule, keep: event.key === ' ' });
  } else if (event.key === 'Escape') {
    search.focus();
  }
}

function move(to: number): void {
  const row = body.querySelectorAll<HTMLElement>('.row')[to];
  if (!row) return;
  current = Number(row.dataset['row']);
  stops();
  row.focus();
}

function stops(): void {
  for (const row of body.querySelectorAll<HTMLElement>('.row')) row.tabIndex = Number(row.dataset['row']) === current ? 0 : -1;
}

/** Marks the rows of the rules in which the cursor stands. */
function light(scroll: boolean): void {
  let first: HTMLElement | undefined;
  for (const row of body.querySelectorAll<HTMLElement>('.row')) {
    const has = (row.dataset['rules'] ?? '').split(' ').some((name) => lit.has(name));
    row.classList.toggle('lit', has);
    if (has) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
    for (const link of row.querySelectorAll('.rule-link')) link.classList.toggle('lit', lit.has(link.textContent ?? ''));
    if (has) first ??= row;
  }
  if (scroll && first) first.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  if (table) count(remaining(table.columns, table.rows, { search: search.value, columns: line.state.filters ?? {} }).length);
}

/** The filter of one column. */
function field(now: Table, column: number): HTMLElement {
  const { name, label } = now.columns[column]!;
  const list = `values-${column}`;
  const input = h('input', {
    type: 'search', list, placeholder: 'any', 'aria-label': `Filter by ${label}`, value: line.state.filters?.[name] ?? '',
    oninput: () => { line.keep({ filters: { ...line.state.filters, [name]: input.value } }); rows(); },
  });
  return h('span', {}, input, h('datalist', { id: list }, ...values(now.rows, column).map((value) => h('option', { value }))));
}

function fields(now: Table): HTMLElement {
  const columns = telling(now.columns, now.rows);
  return h('div', { class: 'by' }, ...columns.map((c) => h('label', {}, h('span', {}, now.columns[c]!.label), field(now, c))));
}

// Rows and what is typed into the filters -> the rows that remain. Knows no page.

import type { Column, Row } from '../src/protocol.js';

export interface Filters {
  search: string;
  /** By the name of the column. */
  columns: Record<string, string>;
}

/** The numbers of the rows, from 0, that every filter lets through. */
export function remaining(columns: Column[], rows: Row[], filters: Filters): number[] {
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  const own = columns.map((c) => (filters.columns[c.name] ?? '').trim().toLowerCase());
  return rows.flatMap((row, at) => (matches(row, columns, words, own) ? [at] : []));
}

function matches(row: Row, columns: Column[], words: string[], own: string[]): boolean {
  const text = row.cells.join('\n').toLowerCase();
  if (!words.every((word) => text.includes(word))) return false;
  return own.every((wanted, at) => {
    const cell = (row.cells[at] ?? '').toLowerCase();
    // Where a fact does not matter, the row holds for every value of it.
    return wanted === '' || cell.includes(wanted) || (cell === '' && columns[at]?.kind === 'fact');
  });
}

/** The values that the cells of a column name, to be offered. */
export function values(rows: Row[], at: number): string[] {
  const found = new Set<string>();
  for (const row of rows) for (const part of (row.cells[at] ?? '').split(/[,;]\s*/)) if (part) found.add(part);
  return [...found].sort((a, b) => a.localeCompare(b)).slice(0, 200);
}

/** The columns that say something in one of the rows; facts that never matter would only make it wide. The outcome comes
 * first: it stays in sight however many facts there are. */
export function telling(columns: Column[], rows: Row[]): number[] {
  const all = columns.map((_, at) => at);
  const outcome = all.filter((at) => columns[at]?.kind === 'outcome');
  return [...outcome, ...all.filter((at) => columns[at]?.kind !== 'outcome' && rows.some((row) => row.cells[at] !== ''))];
}

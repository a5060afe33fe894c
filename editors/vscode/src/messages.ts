// What a view and the extension tell one another. Both sides import this file, so it knows neither VS Code nor the page.

import type { Case, Decided, Form, Hit, Named, Place, Table } from './protocol.js';

/** What a table view keeps when it is hidden or the window is loaded anew. */
export interface TableState {
  uri?: string;
  decision?: string;
  hit?: Hit;
  search?: string;
  /** By the name of the column. */
  filters?: Record<string, string>;
  layout?: 'auto' | 'columns' | 'lines';
}

export type ToTable =
  | { type: 'table'; uri: string; table: Table }
  | { type: 'proving' }
  | { type: 'none'; text: string }
  /** The rules in which the cursor stands; the rows are shown if `scroll`. */
  | { type: 'cursor'; rules: string[]; scroll: boolean };

export type FromTable =
  | { type: 'ready'; state: TableState }
  | { type: 'ask'; decision?: string; hit?: Hit }
  | { type: 'open'; rule: Named; keep: boolean };

export interface WhyState {
  uri?: string;
  case?: Case;
}

export type ToWhy =
  | { type: 'form'; uri: string; form: Form; case?: Case }
  | { type: 'decided'; decided: Decided; for: number }
  | { type: 'refused'; text: string; for: number }
  | { type: 'proving' }
  | { type: 'none'; text: string };

export type FromWhy =
  | { type: 'ready'; state: WhyState }
  | { type: 'decide'; case: Case; for: number }
  | { type: 'open'; rule: string; place: Place };

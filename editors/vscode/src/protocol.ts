// What the server's own commands take and give, and what it says by itself. Ranges are those of the protocol: lines and
// UTF-16 units from 0, since VS Code offers no other counting.

export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

/** A rule, an exception, an expectation: what it is called, by its whole path, and where its name stands. */
export interface Named {
  name: string;
  uri: string;
  range: Range;
}

export type Hit = 'unique' | 'first' | 'collect';

export interface Column {
  name: string;
  label: string;
  kind: 'fact' | 'outcome' | 'duty' | 'rule';
}

export interface Row {
  /** The text of each column; empty where the column does not matter. */
  cells: string[];
  /** `permit`, `forbid`, another outcome, `conflict`, `undecided`. */
  verdict: string;
  rules: Named[];
}

export interface Table {
  number: number;
  title: string;
  decisions: string[];
  decision: string;
  hit: Hit;
  note?: string;
  /** Why there are no rows: the text has errors. */
  problem?: string;
  columns: Column[];
  rows: Row[];
}

export interface FormValue {
  name: string;
  text?: string;
}

export interface FormFact {
  name: string;
  text?: string;
  type: 'yesno' | 'choice' | 'role' | 'channel' | 'several' | 'number' | 'date' | 'time' | 'datetime';
  values?: FormValue[];
  /** Parents and the values below them, outermost first. */
  groups?: { name: string; values: string[] }[];
  min?: string;
  max?: string;
  unit?: string;
  decimals?: number;
  optional: boolean;
}

export interface Form {
  number: number;
  title: string;
  decisions: string[];
  facts: FormFact[];
}

/** What is known of a case: values as `ordain decide` takes them. */
export type Case = Record<string, string>;

export interface Given {
  fact: string;
  value: string;
}

export interface Place {
  file: string;
  start: { line: number; column: number };
  end: { line: number; column: number };
}

export interface DecidedBy {
  rule: string;
  title: string | null;
  citations: string[];
  place: Place;
  always: boolean;
  failing: { proviso: string | null; why: string }[];
}

export interface Change {
  result: string;
  changes: { fact: string; from: string | null; to: string | null }[];
  provided: Given[];
}

export interface Answer {
  decision: string;
  /** Null where it depends on facts that were left out. */
  result: string | null;
  depends_on: string[];
  possible: { result: string; example: Given[] }[];
  by: DecidedBy[];
  by_default: boolean;
  nearest_change: Change | null;
}

/** `docs/schema/decide.schema.json`. */
export interface Decided {
  version: number;
  given: Given[];
  answers: Answer[];
  duties: { duty: string; title: string | null; always: boolean; by: string[] }[];
  advice: { rule: string; text: string; always: boolean }[];
  case: Given[];
  kinds: number | string;
}

export interface Expectation extends Named {
  status: 'passed' | 'failed' | 'error';
  message?: string;
}

export interface Covered extends Named {
  kind: string;
  covered: boolean;
  /** The names of the expectations that depend on it. */
  by: string[];
}

export interface Expectations {
  number: number;
  expectations: Expectation[];
  coverage: Covered[];
}

export interface Exception extends Named {
  verdict: string;
  text: string;
  relation?: string;
  children: Exception[];
}

export interface Exceptions {
  number: number;
  roots: Exception[];
}

export interface Compared {
  revision: string;
  same: boolean;
  text: string;
}

/** Sent by the server whenever it changes. */
export interface Status {
  /** The root of the project, or the document where there is none. */
  uri: string;
  name: string;
  state: 'reading' | 'proving' | 'done';
  errors: number;
  warnings: number;
  notes: number;
  /** Grows with each change; findings of `done` are for this state. */
  number: number;
}

/** The server's commands, by name. */
export interface Commands {
  'ordain.table': { argument: { uri: string; decision?: string; hit?: Hit }; result: Table };
  'ordain.form': { argument: { uri: string }; result: Form };
  'ordain.decide': { argument: { uri: string; case: Case; decision?: string }; result: Decided };
  'ordain.expectations': { argument: { uri: string }; result: Expectations };
  'ordain.exceptions': { argument: { uri: string }; result: Exceptions };
  'ordain.compare': { argument: { uri: string; revision: string; format: string }; result: Compared };
}

/** The case in the integers of the tables: days and minutes since 1970-01-01 (UTC), minutes since midnight, steps of a number. */
type Values = Record<string, number | boolean[] | null>;
interface Answer { result: string; duties: readonly string[]; advice: readonly string[]; rules: readonly string[] }
interface Table {
  offsets: number[][];
  root: number;
  nodes: number[];
  answers: Answer[];
  cells: ((v: Values, t: Table) => number)[];
}

/** Walks from the root to an answer: a node is a feature's number and, class by class, where to go on. */
function answer(table: Table, v: Values): Answer {
  let at = table.root;
  while (at >= 0) at = table.nodes[at + 1 + table.cells[table.nodes[at]](v, table)];
  const found = table.answers[-1 - at];
  if (found.result === "") throw new RangeError("there is no such case in the policy");
  return found;
}

function given<T>(name: string, value: T | null | undefined, optional: boolean): T | null {
  if (value !== null && value !== undefined) return value;
  if (optional) return null;
  throw new RangeError(`${name} has no value`);
}
function inside(name: string, value: unknown, n: number, lo: number, hi: number): number {
  if (Number.isInteger(n) && n >= lo && n <= hi) return n;
  throw new RangeError(`${JSON.stringify(value)} is no value of ${name}`);
}
function yes(name: string, value: boolean | null | undefined, optional: boolean): number | null {
  const x = given(name, value, optional);
  return x === null ? null : inside(name, value, typeof x === "boolean" ? Number(x) : NaN, 0, 1);
}
function choice(name: string, value: string | null | undefined, optional: boolean, of: string[]): number | null {
  const x = given(name, value, optional);
  return x === null ? null : inside(name, value, of.indexOf(x), 0, of.length - 1);
}
function set(name: string, value: readonly string[] | null | undefined, optional: boolean, of: string[]): boolean[] | null {
  const x = given(name, value, optional);
  if (x === null) return null;
  x.forEach((e) => inside(name, e, of.indexOf(e), 0, of.length - 1));
  return of.map((e) => x.includes(e));
}
/** Steps of 10^-scale; rounding undoes what binary fractions do to decimals. */
function count(name: string, value: number | null | undefined, optional: boolean, scale: number, lo: number, hi: number): number | null {
  const x = given(name, value, optional);
  return x === null ? null : inside(name, value, Math.round(x * 10 ** scale), lo, hi);
}
function date(name: string, value: string | null | undefined, optional: boolean, lo: number, hi: number): number | null {
  const x = given(name, value, optional);
  if (x === null) return null;
  return inside(name, value, /^\d{4}-\d\d-\d\d$/.test(x) ? Date.parse(x + "T00:00:00Z") / 86400000 : NaN, lo, hi);
}
function time(name: string, value: string | null | undefined, optional: boolean): number | null {
  const x = given(name, value, optional);
  if (x === null) return null;
  const parts = /^(\d\d):(\d\d)(:\d\d(\.\d+)?)?$/.exec(x);
  return inside(name, value, parts ? Number(parts[1]) * 60 + Number(parts[2]) : NaN, 0, 1439);
}
/** RFC 3339 with its offset; seconds are cut off. */
function instant(name: string, value: string | null | undefined, optional: boolean, lo: number, hi: number): number | null {
  const x = given(name, value, optional);
  if (x === null) return null;
  return inside(name, value, /(Z|[+-]\d\d:?\d\d)$/i.test(x) ? Math.floor(Date.parse(x) / 60000) : NaN, lo, hi);
}

function int(v: Values, name: string): number | null {
  return v[name] as number | null;
}
/** The minutes that the local clock and calendar show, counted as if it were UTC. */
function local(table: Table, t: number): number {
  let piece = table.offsets[0];
  for (const next of table.offsets) {
    if (next[0] > t) break;
    piece = next;
  }
  return t + piece[1];
}
/** The local day of a moment. */
function day(table: Table, t: number | null): number | null {
  return t === null ? null : Math.floor(local(table, t) / 1440);
}
/** 0 is Monday. */
function weekday(day: number | null): number | null {
  return day === null ? null : (((day + 3) % 7) + 7) % 7;
}
type Weeks = (number | number[])[][];
/** Whether a day is one of these days of the week, from a day to a day. */
function on(day: number | null, weeks: Weeks): number | null {
  if (day === null) return null;
  const of = weekday(day) as number;
  return Number(weeks.some(([lo, hi, days]) => (lo as number) <= day && day <= (hi as number) && (days as number[])[of] === 1));
}
/** Whether a moment is in hours of the local clock, on their days. */
function during(table: Table, t: number | null, hours: (number | Weeks)[][]): number | null {
  if (t === null) return null;
  const shown = local(table, t);
  const today = Math.floor(shown / 1440);
  const minute = shown - today * 1440;
  return Number(hours.some(([from, to, weeks]) => (from as number) <= minute && minute < (to as number) && on(today, weeks as Weeks) === 1));
}
function contains(has: Values[string], places: number[]): number | null {
  return has === null ? null : Number(places.some((p) => (has as boolean[])[p]));
}
function less(to: number | null, from: number | null): number | null {
  return to === null || from === null ? null : to - from;
}
/** Days of the weeks after the first day, up to and with the second; negative the other way round. */
function counted(from: number | null, to: number | null, weeks: Weeks): number | null {
  if (from === null || to === null) return null;
  if (from > to) return -(counted(to, from, weeks) as number);
  let sum = 0;
  for (const [lo, hi, days] of weeks as [number, number, number[]][]) {
    const [first, last] = [Math.max(from + 1, lo), Math.min(to, hi)];
    days.forEach((counts, d) => {
      // The days d of the week up to a day, counted from one far back.
      const until = (day: number) => Math.floor((day + 3 - d) / 7);
      if (counts === 1 && first <= last) sum += until(last) - until(first - 1);
    });
  }
  return sum;
}
/** Whole months: the most that can be added to the first day without passing the second; a day that a month lacks is its last. */
function months(from: number | null, to: number | null): number | null {
  if (from === null || to === null) return null;
  const [a, b] = [new Date(from * 86400000), new Date(to * 86400000)];
  const whole = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  const last = new Date(Date.UTC(b.getUTCFullYear(), b.getUTCMonth() + 1, 0)).getUTCDate();
  return Math.min(a.getUTCDate(), last) <= b.getUTCDate() ? whole : whole - 1;
}
/** The class of a small value, and of one between cuts. */
function pick(value: number | null, of: number[], absent: number): number {
  return value === null ? absent : of[value];
}
function cut(value: number | null, cuts: number[], of: number[], absent: number): number {
  if (value === null) return absent;
  let n = 0;
  for (let high = cuts.length; n < high; ) {
    const middle = (n + high) >> 1;
    if (cuts[middle] <= value) n = middle + 1;
    else high = middle;
  }
  return of[n];
}


// A fact -> the control that asks for it. Its value is written as `ordain decide` takes it; undefined means not known.

import type { FormFact } from '../src/protocol.js';
import { h } from './dom.js';

export interface Field {
  element: HTMLElement;
  set(value: string | undefined): void;
  focus(): void;
  /** Whether it matters for what is asked, and whether it does not exist in the case that is shown. */
  mark(needed: boolean, absent: boolean): void;
}

interface Choice {
  name: string;
  text?: string;
  /** How many parents it has. */
  depth?: number;
}

interface Control {
  element: HTMLElement;
  set(value: string | undefined): void;
}

/** Up to so many values stand side by side. */
const FEW = 4;

export function field(fact: FormFact, change: (value: string | undefined) => void): Field {
  const id = `fact-${fact.name}`;
  const control = controlOf(fact, id, change);
  const flag = h('span', { class: 'flag' });
  const element = h('div', { class: 'field', role: 'group', 'aria-labelledby': `${id}-label` },
    h('div', { class: 'label' }, h('span', { id: `${id}-label`, class: 'name' }, fact.name.replaceAll('_', ' ')), flag, fact.text ? h('span', { class: 'text' }, fact.text) : ''),
    control.element);
  return {
    element,
    set: (value) => {
      control.set(value);
      element.classList.toggle('known', value !== undefined);
    },
    focus: () => {
      element.scrollIntoView({ block: 'center' });
      (element.querySelector<HTMLElement>('[tabindex="0"]') ?? element.querySelector<HTMLElement>('input, select, button'))?.focus();
    },
    mark: (needed, absent) => {
      element.classList.toggle('needed', needed);
      element.classList.toggle('absent', absent);
      flag.textContent = needed ? 'matters' : absent ? 'does not apply' : '';
    },
  };
}

function controlOf(fact: FormFact, id: string, change: (value: string | undefined) => void): Control {
  const values = fact.values ?? [];
  switch (fact.type) {
    case 'yesno': return radios(id, [{ name: 'yes' }, { name: 'no' }], change);
    case 'several': return chips(values, change);
    case 'number': return input(fact, 'number', change);
    case 'date': return input(fact, 'date', change);
    case 'time': return input(fact, 'time', change);
    case 'datetime': return input(fact, 'datetime-local', change);
    default: return values.length <= FEW && !fact.groups ? radios(id, values, change) : select(id, nested(fact), change);
  }
}

/** One of a few, or not known. */
function radios(id: string, values: Choice[], change: (value: string | undefined) => void): Control {
  const options = [{ name: '', text: 'not known' }, ...values];
  const inputs = options.map((value) => h('input', {
    type: 'radio', name: id, value: value.name, checked: value.name === '',
    onchange: () => change(value.name || undefined),
  }));
  const element = h('div', { class: 'segments', role: 'radiogroup' },
    ...options.map((value, i) => h('label', { class: value.name === '' ? 'segment any' : 'segment', title: value.text }, inputs[i]!, h('span', {}, value.name || 'any'))));
  return { element, set: (value) => { for (const i of inputs) i.checked = i.value === (value ?? ''); } };
}

/** The values in order, each parent before what is below it. */
function nested(fact: FormFact): Choice[] {
  const groups = fact.groups ?? [];
  const told = new Set<string>();
  return (fact.values ?? []).flatMap((value) => {
    const above = groups.filter((g) => g.values.includes(value.name));
    const parents = above.map((g, depth) => ({ name: g.name, text: `any of ${g.values.length}`, depth })).filter((g) => !told.has(g.name));
    for (const parent of parents) told.add(parent.name);
    return [...parents, { ...value, depth: above.length }];
  });
}

function select(id: string, values: Choice[], change: (value: string | undefined) => void): Control {
  const element = h('select', { 'aria-labelledby': `${id}-label`, onchange: () => change(element.value || undefined) },
    h('option', { value: '' }, 'any'),
    ...values.map((v) => h('option', { value: v.name, title: v.text }, '\u2003'.repeat(v.depth ?? 0) + (v.text ? `${v.name}: ${v.text}` : v.name))));
  return {
    element,
    set: (value) => {
      const known = value ?? '';
      // A value that the form does not offer, such as a parent of several, is kept.
      if (![...element.options].some((o) => o.value === known)) element.append(h('option', { value: known }, known));
      element.value = known;
    },
  };
}

/** Any of some, none of them, or not known. */
function chips(values: Choice[], change: (value: string | undefined) => void): Control {
  let known: string | undefined;
  const chosen = () => new Set(known === undefined || known === NOBODY ? [] : known.split(','));
  const press = (next: string | undefined) => { set(next); change(next); };
  const any = h('button', { type: 'button', class: 'chip any', onclick: () => press(undefined) }, 'any');
  const none = h('button', { type: 'button', class: 'chip', onclick: () => press(NOBODY) }, 'none');
  const buttons = values.map((v) => h('button', {
    type: 'button', class: 'chip', title: v.text,
    onclick: () => {
      const now = chosen();
      if (!now.delete(v.name)) now.add(v.name);
      press(now.size > 0 ? values.filter((x) => now.has(x.name)).map((x) => x.name).join(',') : NOBODY);
    },
  }, v.name));
  const set = (value: string | undefined) => {
    known = value?.replaceAll(/\s+/g, '');
    const now = chosen();
    any.setAttribute('aria-pressed', String(known === undefined));
    none.setAttribute('aria-pressed', String(known === NOBODY));
    buttons.forEach((b, i) => b.setAttribute('aria-pressed', String(now.has(values[i]!.name))));
  };
  set(undefined);
  return { element: h('div', { class: 'chips' }, any, none, ...buttons), set };
}

/** How `ordain decide` takes a set of nothing. */
const NOBODY = 'none';

function input(fact: FormFact, type: string, change: (value: string | undefined) => void): Control {
  const bound = (value: string | number | undefined) => (value === undefined ? undefined : type === 'datetime-local' ? String(value).replace(' ', 'T') : value);
  const step = type === 'number' ? (fact.decimals ? 10 ** -fact.decimals : 1) : undefined;
  const element = h('input', {
    type, min: bound(fact.min), max: bound(fact.max), step, placeholder: 'any', 'aria-labelledby': `fact-${fact.name}-label`,
    oninput: () => {
      if (element.value === '' && element.validity.badInput) return;
      change(element.value === '' ? undefined : type === 'datetime-local' ? element.value.replace('T', ' ') : element.value);
    },
  });
  const range = fact.min !== undefined && fact.max !== undefined && type === 'number' ? `${fact.min} to ${fact.max}` : '';
  return {
    element: h('div', { class: 'entry' }, element, h('span', { class: 'unit' }, [fact.unit, range && `(${range})`].filter(Boolean).join(' '))),
    set: (value) => {
      const shown = value === undefined ? '' : type === 'datetime-local' ? value.replace(' ', 'T') : value.replace(/[^-0-9.:].*$/, '');
      if (element.value !== shown) element.value = shown;
    },
  };
}

// What was decided -> what is said about it: the outcome, the rules behind it, what else matters, the nearest change.

import type { Answer, Change, Decided, DecidedBy, Given } from '../src/protocol.js';
import { h, outcome } from './dom.js';

/** What can be done from here. */
export interface Actions {
  open(by: DecidedBy): void;
  go(fact: string): void;
  /** Null takes a fact out. */
  fill(changes: [string, string | null][]): void;
}

export function answers(decided: Decided, actions: Actions): HTMLElement[] {
  const several = decided.answers.length > 1;
  return [...decided.answers.map((answer) => one(answer, several, actions)), ...follows(decided)];
}

function one(answer: Answer, named: boolean, actions: Actions): HTMLElement {
  return h('div', { class: 'answer' },
    h('div', { class: 'verdict' },
      named && h('span', { class: 'decision' }, words(answer.decision)),
      answer.result === null ? h('span', { class: 'outcome value open' }, 'it depends') : outcome(answer.result),
      answer.by_default && h('span', { class: 'faint' }, 'by default: no rule speaks here')),
    answer.by.length > 0 && h('ul', { class: 'by' }, ...answer.by.map((by) => reason(by, answer, actions))),
    answer.result === null && depends(answer, actions),
    answer.nearest_change && change(answer.nearest_change, actions));
}

function reason(by: DecidedBy, answer: Answer, actions: Actions): HTMLElement {
  const link = h('a', { tabindex: 0, role: 'link', title: `Go to ${by.rule}`, onclick: () => actions.open(by), onkeydown: (e) => { if ((e as KeyboardEvent).key === 'Enter') actions.open(by); } }, by.title ?? by.rule);
  return h('li', {},
    h('span', { class: 'because' }, answer.result === 'conflict' ? 'among them ' : 'by '), link,
    by.title !== null && h('code', {}, by.rule),
    !by.always && h('span', { class: 'faint' }, 'in some of these cases'),
    by.citations.length > 0 && h('div', { class: 'cites' }, by.citations.join(' · ')),
    ...by.failing.map((f) => h('div', { class: 'failing' }, h('span', { class: 'cross', 'aria-label': 'fails' }, '✕'), f.proviso ? h('b', {}, words(f.proviso)) : h('b', {}, 'required'), h('span', {}, f.why))));
}

/** Which facts settle it, and what it may come to. */
function depends(answer: Answer, actions: Actions): HTMLElement {
  return h('div', { class: 'depends' },
    h('p', {}, 'Depends on ', ...answer.depends_on.map((fact) => h('button', { type: 'button', class: 'fact', onclick: () => actions.go(fact) }, words(fact)))),
    ...answer.possible.map((p) => h('div', { class: 'possible' },
      outcome(p.result), h('span', {}, p.example.length > 0 ? `if ${cases(p.example)}` : 'in some cases'),
      p.example.length > 0 && h('button', { type: 'button', class: 'try', onclick: () => actions.fill(p.example.map((g) => [g.fact, g.value])) }, 'Try'))));
}

function change(nearest: Change, actions: Actions): HTMLElement {
  const parts = nearest.changes.map((c) => (c.to === null ? `${words(c.fact)} did not apply` : `${words(c.fact)} were ${c.to}${c.from ? ` instead of ${c.from}` : ''}`));
  const all: [string, string | null][] = [...nearest.changes.map((c): [string, string | null] => [c.fact, c.to]), ...nearest.provided.map((g): [string, string | null] => [g.fact, g.value])];
  const with_ = nearest.provided.length > 0 ? ` (with ${cases(nearest.provided)})` : '';
  return h('div', { class: 'nearest' },
    h('span', { class: 'because' }, 'It would be '), outcome(nearest.result), h('span', {}, ` if ${list(parts)}${with_}`),
    h('button', { type: 'button', class: 'try', onclick: () => actions.fill(all) }, 'Try'));
}

function follows(decided: Decided): HTMLElement[] {
  const some = (always: boolean) => (always ? '' : ' (in some of these cases)');
  const duties = decided.duties.map((d) => h('li', {}, h('span', { class: 'kind' }, 'duty'), `${d.title ?? words(d.duty)}${some(d.always)}`));
  const advice = decided.advice.map((a) => h('li', {}, h('span', { class: 'kind' }, 'advice'), `${a.text}${some(a.always)}`));
  return duties.length + advice.length > 0 ? [h('ul', { class: 'follows' }, ...duties, ...advice)] : [];
}

function cases(given: Given[]): string {
  return list(given.map((g) => (g.value === 'yes' ? words(g.fact) : g.value === 'no' ? `not ${words(g.fact)}` : `${words(g.fact)} is ${g.value.replaceAll(',', ', ')}`)));
}

function list(parts: string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}

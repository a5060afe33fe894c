// The facts of a policy -> a form, and what is decided of the case filled in -> why it is so, and what would change it.

import type { FromWhy, ToWhy, WhyState } from '../src/messages.js';
import type { Case, Decided, Form } from '../src/protocol.js';
import { answers } from './answer.js';
import { h, later } from './dom.js';
import { type Field, field } from './field.js';
import { connect } from './host.js';

const line = connect<ToWhy, FromWhy, WhyState>({});
const view = document.getElementById('view') ?? document.body;
let known: Case = line.state.case ?? {};
let fields = new Map<string, Field>();
let facts = '';
let sent = 0;

const title = h('h1', {}, 'Why?');
const clear = h('button', { type: 'button', class: 'clear', onclick: () => fill({}) }, 'Clear');
const notice = h('p', { class: 'notice', role: 'status', hidden: true });
const result = h('section', { class: 'result', 'aria-live': 'polite', 'aria-label': 'Decision' });
const form = h('form', { class: 'facts', 'aria-label': 'What is known of the case', onsubmit: (event) => event.preventDefault() });
view.append(
  h('header', { class: 'bar' },
    h('div', { class: 'title' }, title, h('span', { class: 'live' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), h('span', { class: 'word' }))),
    result),
  notice,
  h('div', { class: 'heading' }, h('h2', {}, 'What is known of the case'), clear),
  form);
line.receive(receive);
line.send({ type: 'ready', state: line.state });
const decideSoon = later(60, decide);

function receive(message: ToWhy): void {
  switch (message.type) {
    case 'form':
      view.classList.remove('proving', 'old');
      if (message.case) known = message.case;
      line.keep({ uri: message.uri, case: known });
      say(undefined);
      draw(message.form);
      decide();
      break;
    case 'decided':
      if (message.for === sent) show(message.decided);
      break;
    case 'refused':
      if (message.for === sent) refuse(message.text);
      break;
    case 'proving':
      view.classList.add('proving');
      break;
    case 'none':
      fields = new Map();
      facts = '';
      form.replaceChildren();
      result.replaceChildren();
      view.classList.remove('proving');
      say(message.text);
      break;
  }
}

function say(text: string | undefined): void {
  notice.textContent = text ?? '';
  notice.hidden = !text;
}

/** The form is drawn anew only where the facts have changed, so that nobody loses the field in which they type. */
function draw(now: Form): void {
  title.textContent = now.title ? `Why? ${now.title}` : 'Why?';
  const next = JSON.stringify(now.facts);
  if (next !== facts) {
    facts = next;
    fields = new Map(now.facts.map((fact) => [fact.name, field(fact, (value) => set(fact.name, value))]));
    form.replaceChildren(...[...fields.values()].map((f) => f.element));
  }
  // A fact that is gone is known no more.
  known = Object.fromEntries(Object.entries(known).filter(([name]) => fields.has(name)));
  for (const [name, f] of fields) f.set(known[name]);
}

function set(name: string, value: string | undefined): void {
  const { [name]: _, ...rest } = known;
  known = value === undefined ? rest : { ...rest, [name]: value };
  changed();
}

function fill(next: Case): void {
  known = next;
  for (const [name, f] of fields) f.set(known[name]);
  changed();
}

function changed(): void {
  line.keep({ case: known });
  decideSoon();
}

function decide(): void {
  clear.hidden = Object.keys(known).length === 0;
  sent += 1;
  line.send({ type: 'decide', case: known, for: sent });
}

function show(decided: Decided): void {
  view.classList.remove('old');
  const needed = new Set(decided.answers.flatMap((a) => a.depends_on));
  const exist = new Set(decided.case.map((g) => g.fact));
  for (const [name, f] of fields) f.mark(needed.has(name), known[name] === undefined && !exist.has(name) && !needed.has(name));
  result.replaceChildren(...answers(decided, {
    open: (by) => line.send({ type: 'open', rule: by.rule, place: by.place }),
    go: (fact) => fields.get(fact)?.focus(),
    fill: (changes) => {
      const next = { ...known };
      for (const [fact, value] of changes) {
        if (value === null) delete next[fact];
        else if (fields.has(fact)) next[fact] = value;
      }
      fill(next);
    },
  }));
}

/** There is no such case: the server says why, and which facts do not go together. */
function refuse(text: string): void {
  const named = [...fields].filter(([name]) => known[name] !== undefined && text.includes(`\`${name}\``));
  result.replaceChildren(
    h('div', { class: 'verdict' }, h('span', { class: 'outcome undecided' }, h('span', { class: 'sign', 'aria-hidden': 'true' }, '!'), 'no such case')),
    ...text.split('\n').filter(Boolean).map((l) => h('p', {}, l.replace(/^\s*=\s*/, ''))),
    named.length > 0 ? h('p', { class: 'tries' }, ...named.map(([name, f]) =>
      h('button', { type: 'button', class: 'try', onclick: () => { f.set(undefined); set(name, undefined); } }, `Leave ${name} open`))) : '');
}

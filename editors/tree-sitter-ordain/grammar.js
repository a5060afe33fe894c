// The grammar of Ordain for editors: text into a tree that stays whole while somebody types.
//
// docs/language.md has the grammar that the compiler reads; this one accepts the same texts. Two things are written
// in another way. Words that are always keywords are told by src/scanner.c, so that they are never names and an
// unfinished line does not swallow the `rule` below it. All other words are keywords only where one is expected; where
// a name may stand there as well, `alias` says so.
//
// What is not checked here: how deep brackets are nested, and where a line must break.

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// In the order of src/scanner.c.
const RESERVED = [
  'policy', 'use', 'fact', 'section', 'rule', 'exception', 'duty', 'period', 'decision', 'assume', 'expect', 'define',
  'permit', 'forbid', 'require', 'oblige', 'advise', 'waive', 'provided', 'except', 'when', 'and', 'or', 'not', 'is',
  'include', 'includes',
];

/** One or more, separated by commas. */
const list = (part) => seq(part, repeat(seq(',', part)));

/** A name; also one of these words, which are keywords at the same place. */
const named = ($, ...words) => choice($.name, ...words.map((word) => alias(word, $.name)));

module.exports = grammar({
  name: 'ordain',

  word: ($) => $.name,

  // Always tried, as a comment of documentation may stand anywhere: see src/scanner.c.
  externals: ($) => [...RESERVED, $.doc_comment],

  extras: ($) => [/[ \t\r\n\u{feff}\u{a0}]+/u, $.doc_comment, $.comment],

  // A line may end at each of these, and a name begin the next: one that is a keyword elsewhere, or that of another
  // decision. What follows it tells.
  conflicts: ($) => [
    [$.role_type], [$.channel_type], [$.number_type], [$.quantity],
    [$.permit], [$.forbid], [$.decide], [$.claim],
    [$._atom, $.between], [$._atom, $.distance], [$._atom, $.period_test],
    [$._atom, $.moment], [$._atom, $.moment, $.days_test],
    [$.inclusion, $._elements],
    // A comma goes on with the list, or ends the proviso.
    [$.values], [$._elements], [$.days],
  ],

  rules: {
    source_file: ($) => repeat($._item),

    _item: ($) =>
      choice(
        $.use, $.policy, $.roles, $.channels, $.may_be, $.facts, $.assume, $.define, $.section, $.rule, $.exception,
        $.duty, $.period, $.decision, $.expect, $.not_encoded, $.allow,
      ),

    // Projects and policies

    use: ($) => seq('use', $.module),
    module: ($) => {
      const word = named($, ...RESERVED);
      return seq(word, repeat(seq('.', word)));
    },

    policy: ($) => seq('policy', field('name', $.name), optional($._title), '{', repeat($._setting), '}'),
    _setting: ($) => choice($.source, $.timezone, $.in_force, $.default, $.yields, $.allow),
    source: ($) => seq('source', $.string),
    timezone: ($) => seq('timezone', $.string),
    in_force: ($) =>
      seq('in', 'force', choice(seq('from', $.date, optional(seq('until', $.date))), seq('until', $.date))),
    default: ($) => seq('default', optional(field('decision', $._outcome)), field('value', $._outcome)),
    _outcome: ($) => choice($.name, 'permit', 'forbid'),
    yields: ($) => seq('yields', 'to', list(field('policy', $.name))),
    allow: ($) => seq('allow', list($.code), optional(seq('until', $.date)), 'because', $.string),

    // Roles, channels, facts

    roles: ($) => seq('role', $._tree),
    channels: ($) => seq('channel', $._tree),
    _tree: ($) => seq(list($.node), optional(seq('under', field('under', $.name)))),
    node: ($) => seq(field('name', named($, 'may')), optional($._title), optional($.children)),
    children: ($) => seq('{', list($.node), optional(','), '}'),
    may_be: ($) => seq(named($, 'role', 'channel', 'allow'), 'may', 'be', $._names),

    // The label behind the last of several values belongs to the fact; which one it is can be told by no tree.
    facts: ($) =>
      seq(
        'fact', list(field('name', $.name)), ':', field('type', $._type),
        optional(choice(seq($._title, optional($.exists_if)), seq($.exists_if, optional($._title)))),
      ),
    exists_if: ($) => seq('if', field('condition', $._condition)),

    _type: ($) => choice($.set_type, $._plain_type),
    set_type: ($) => seq('set', 'of', $._plain_type),
    _plain_type: ($) =>
      choice($.yes_no_type, $.enumeration, $.role_type, $.channel_type, $.number_type, $.date_type, $.time_type),
    yes_no_type: () => seq('yes', '/', 'no'),
    enumeration: ($) => seq('one', 'of', list($.value)),
    value: ($) => prec.right(seq(field('name', $.name), optional($._title))),
    role_type: ($) => seq('role', optional($._members)),
    channel_type: ($) => seq('channel', optional($._members)),
    _members: ($) => seq(named($, 'role', 'channel'), repeat(seq(',', $.name))),
    number_type: ($) => seq('number', optional(seq($.number, 'to', $.number)), optional($.unit)),
    date_type: ($) => seq(choice('date', 'datetime'), optional(seq($.date, 'to', $.date))),
    time_type: () => 'time',

    assume: ($) => seq('assume', field('condition', $._condition), optional($.because)),
    because: ($) => seq('because', $.string),
    define: ($) => seq('define', field('name', $.name), '=', field('condition', $._condition)),

    // Rules

    section: ($) =>
      seq('section', optional(field('name', $.name)), optional($._title), repeat($.cite), '{', repeat($._item), '}'),
    rule: ($) => seq('rule', field('name', $.name), optional($._title), repeat($.cite), $.body),
    exception: ($) =>
      seq(
        'exception', field('name', $.name),
        choice(seq($._title, $.targets), seq($.targets, optional($._title))), repeat($.cite), $.body,
      ),
    targets: ($) => seq('to', list($._target)),
    _target: ($) => choice($.path, $.section_target),
    section_target: ($) => seq('section', choice($.name, $.string)),
    except: ($) => seq('except', field('name', $.name), optional($._title), repeat($.cite), $.body),
    cite: ($) => seq('cite', $.string),

    body: ($) => seq('{', repeat(choice($.in_force, $.cite, $.allow, $._statement, $.except)), '}'),
    _statement: ($) => choice($.permit, $.forbid, $.require, $.oblige, $.advise, $.waive, $.decide),
    permit: ($) => seq('permit', optional($._head), optional($.when), optional($.provided)),
    forbid: ($) => seq('forbid', optional($._head), optional($.when)),
    require: ($) => seq('require', field('condition', $._condition), optional($.when)),
    oblige: ($) => seq('oblige', list(field('duty', $.name)), optional($.when)),
    advise: ($) => seq('advise', field('condition', $._condition), optional($.when)),
    waive: ($) => seq('waive', optional($.when)),
    decide: ($) =>
      seq(field('decision', $._started), 'is', field('value', $.name), optional($._head), optional($.when)),
    // A name where a part of a body may begin, too.
    _started: ($) => named($, 'in', 'cite', 'allow'),
    when: ($) => seq('when', field('condition', $._condition)),
    provided: ($) => seq('provided', '{', repeat($.proviso), '}'),
    proviso: ($) => seq(field('name', $._proviso_name), ':', field('condition', $._condition), optional(',')),
    _proviso_name: ($) =>
      named($, 'on', 'before', 'after', 'between', 'during', 'outside', 'at', 'more', 'less', 'exactly', 'within'),

    _head: ($) => choice(seq($.heads, optional($.from), optional($.to)), seq($.from, optional($.to)), $.to),
    heads: ($) => seq($._started, repeat(seq(',', $.name))),
    from: ($) => seq('from', $._names),
    to: ($) => seq('to', $._names),

    // The rest

    duty: ($) =>
      seq('duty', field('name', $.name), optional($._title), optional(seq('excludes', list(field('duty', $.name))))),
    decision: ($) => seq('decision', field('name', $.name), ':', 'one', 'of', list($.value), optional($._title)),
    not_encoded: ($) => seq('not', 'encoded', $.string, optional($.because)),

    expect: ($) => seq('expect', field('title', $.string), '{', $._claim, '}'),
    _claim: ($) => seq(optional('some'), $.claim, optional($._head), optional($.when), optional($.by)),
    claim: ($) =>
      choice(
        'permit', 'forbid', seq('obliges', field('duty', $.name)),
        seq(choice('undecided', 'conflict'), optional(prec.dynamic(1, field('decision', $.name)))),
        seq(field('decision', named($, 'some', 'undecided', 'conflict', 'obliges')), 'is', field('value', $.name)),
      ),
    by: ($) => seq('by', $.path),

    period: ($) => seq('period', field('name', $.name), '=', $._period),
    _period: ($) => choice($.either_period, $._period_term),
    either_period: ($) => prec.left(1, seq($._period, 'or', $._period_term)),
    _period_term: ($) => choice($.during_period, $.except_period, $._period_base),
    during_period: ($) => seq($._period_term, 'during', $._period_base),
    except_period: ($) => seq($._period_term, 'except', $._period_base),
    _period_base: ($) =>
      choice($.dates, seq($.days, optional($.hours)), $.hours, field('period', $._period_name), seq('(', $._period, ')')),
    _period_name: ($) => named($, 'every'),
    dates: ($) => seq($.date, optional(seq('to', $.date))),
    hours: ($) => seq($.time, 'to', $.time),
    days: ($) => choice('weekdays', 'weekends', seq('every', 'day'), list($.weekday)),
    weekday: () => choice('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'),

    // Conditions

    _condition: ($) => choice($.either, $.both, $._unary),
    either: ($) => prec.left(1, seq(field('condition', $._condition), 'or', field('condition', $._condition))),
    both: ($) => prec.left(2, seq(field('condition', $._condition), 'and', field('condition', $._condition))),
    _unary: ($) => choice($.negation, $.group, $._atom),
    negation: ($) => prec(3, seq('not', field('condition', $._unary))),
    group: ($) => seq('(', field('condition', $._condition), ')'),

    _atom: ($) =>
      choice($.name, $.comparison, $.equality, $.between, $.moment, $.days_test, $.period_test, $.distance, $.inclusion),
    equality: ($) =>
      seq(
        field('subject', $.name), 'is',
        choice(
          seq(optional('not'), field('value', $._value)),
          seq(optional('not'), 'any', 'of', $.values),
          seq('none', 'of', $.values),
        ),
      ),
    _value: ($) => named($, 'any', 'none'),
    comparison: ($) =>
      seq(field('subject', $.name), choice('=', '!=', '<', '<=', '>', '>='), field('operand', $._operand)),
    between: ($) =>
      seq(field('subject', $.name), 'between', field('operand', $._operand), 'and', field('operand', $._operand)),
    moment: ($) =>
      seq(
        field('subject', $.name),
        choice(
          seq($._relation, field('operand', $._operand)),
          seq('on', $.date),
          seq('on', 'the', 'same', 'day', 'as', field('operand', $.name)),
        ),
      ),
    _relation: () => choice('before', 'after', seq('on', 'or', 'before'), seq('on', 'or', 'after')),
    days_test: ($) => seq(field('subject', $.name), 'on', $.days),
    period_test: ($) => seq(field('subject', $.name), choice('during', 'outside'), field('period', $.name)),
    distance: ($) =>
      seq(field('subject', $.name), $.bound, $.number, $.unit, choice('before', 'after'), field('operand', $._operand)),
    bound: () =>
      choice(seq('at', 'least'), seq('at', 'most'), seq('more', 'than'), seq('less', 'than'), 'exactly', 'within'),
    inclusion: ($) =>
      seq(
        field('subject', $.name), choice('include', 'includes'),
        choice(seq(choice('any', 'all', 'none'), 'of', $.values), seq('only', $.values), alias($._elements, $.values)),
      ),
    _elements: ($) => seq(named($, 'any', 'all', 'none', 'only'), repeat(seq(',', $.name))),

    _operand: ($) => choice($.name, $.quantity, $.date, $.time, $.datetime),
    quantity: ($) => seq($.number, optional($.unit)),
    datetime: ($) => seq($.date, $.time),

    // Words and literals

    path: ($) => seq($.name, repeat(seq('.', $.name))),
    unit: ($) => $.name,
    values: ($) => list($.name),
    _names: ($) => list($.name),
    _title: ($) => field('title', $.string),

    name: () => /[_\p{XID_Start}]\p{XID_Continue}*/u,
    code: () => /[Oo][0-9]\p{XID_Continue}*/u,
    string: () => token(seq('"', repeat(choice(/[^"\\\r\n]/, /\\["\\]/)), '"')),
    number: () => /-?[0-9]+(_[0-9]+)*(\.[0-9]+(_[0-9]+)*)?/,
    date: () => /[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}/,
    time: () => /[0-9]{1,2}:[0-9]{2}/,

    comment: () =>
      token(choice(/\/\/([^\/\r\n][^\r\n]*)?/, /\/\/\/\/[^\r\n]*/, /\/\*([^*]|\*+[^*\/])*\*+\//)),
  },
});

; What is coloured how. Every node matches one pattern at most: editors differ in which of two would win.
; The names of captures are those that Neovim, Helix and Zed have in common.

(comment) @comment
(doc_comment) @comment.documentation
(string) @string
[(number) (date) (time)] @number
(unit) @constant
(code) @constant
(weekday) @keyword

[
  "policy" "use" "fact" "section" "rule" "exception" "duty" "period" "decision" "assume" "expect" "define" "permit"
  "forbid" "require" "oblige" "advise" "waive" "provided" "except" "when" "and" "or" "not" "is" "include" "includes"
  "role" "channel" "from" "to" "in" "force" "until" "on" "before" "after" "at" "least" "most" "more" "less" "than"
  "exactly" "within" "between" "during" "outside" "any" "all" "none" "only" "of" "one" "number" "date" "datetime" "set"
  "if" "some" "by" "undecided" "conflict" "obliges" "default" "source" "timezone" "yields" "cite" "because" "encoded"
  "may" "be" "under" "excludes" "weekdays" "weekends" "every" "day" "yes" "no" "the" "same" "as" "allow"
] @keyword
(time_type) @keyword

["=" "!=" "<" "<=" ">" ">="] @operator
["{" "}" "(" ")"] @punctuation.bracket
["," ":" "." "/"] @punctuation.delimiter

(policy name: (name) @module)
(yields policy: (name) @module)
(module (name) @module)
(section name: (name) @module)
(section_target (name) @module)

[(rule name: (name) @function) (exception name: (name) @function) (except name: (name) @function)]
(path (name) @function)
(proviso name: (name) @label)
[(duty name: (name) @function) (duty duty: (name) @function) (oblige duty: (name) @function)]
(claim duty: (name) @function)

(node name: (name) @type)
[(roles under: (name) @type) (channels under: (name) @type)]
[(may_be (name) @type) (role_type (name) @type) (channel_type (name) @type)]
[(heads (name) @type) (from (name) @type) (to (name) @type)]

(facts name: (name) @property)
(define name: (name) @variable)
[(decision name: (name) @property) (decide decision: (name) @property)]
[(claim decision: (name) @property) (default decision: (name) @property)]
[(value name: (name) @constant) (values (name) @constant)]
[(decide value: (name) @constant) (claim value: (name) @constant) (default value: (name) @constant)]
(equality value: (name) @constant)
[(period name: (name) @constant) (period period: (name) @constant) (period_test period: (name) @constant)]
[(either_period period: (name) @constant) (during_period period: (name) @constant)]
(except_period period: (name) @constant)

(_ subject: (name) @variable)
(_ condition: (name) @variable)
(_ operand: (name) @variable)

; What a file declares: the names that the outline of the language server lists, in the same order.

(policy name: (name) @name) @definition.module
(section name: (name) @name !title) @definition.namespace
(section title: (string) @name) @definition.namespace
(rule name: (name) @name) @definition.function
(exception name: (name) @name) @definition.function
(except name: (name) @name) @definition.function
(duty name: (name) @name) @definition.function
(node name: (name) @name) @definition.class
(facts name: (name) @name) @definition.field
(define name: (name) @name) @definition.constant
(decision name: (name) @name) @definition.enum
(period name: (name) @name) @definition.constant
(expect title: (string) @name) @definition.test

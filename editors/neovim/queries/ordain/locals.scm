; Names are seen in the whole project, so a file has one scope.

(source_file) @local.scope

(rule name: (name) @local.definition.function)
(exception name: (name) @local.definition.function)
(duty name: (name) @local.definition.function)
(node name: (name) @local.definition.type)
(facts name: (name) @local.definition.var)
(define name: (name) @local.definition.var)
(decision name: (name) @local.definition.var)
(period name: (name) @local.definition.constant)

(name) @local.reference

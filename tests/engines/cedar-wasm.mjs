// Policies, schema and contexts (JSON on standard input) -> `true` or `false` for each context, one a line. The folder of the
// installed package is the first argument. What does not validate, or fails, ends with a message.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const cedar = createRequire(process.argv[2] + '/')('@cedar-policy/cedar-wasm/nodejs')
const { policies, schema, namespace, contexts } = JSON.parse(readFileSync(0, 'utf8'))

function must(answer, what) {
  if (answer.type !== 'success') throw new Error(`${what}: ${JSON.stringify(answer.errors)}`)
  return answer
}

const valid = must(
  cedar.validate({ validationSettings: { mode: 'strict' }, schema, policies: { staticPolicies: policies } }),
  'validation',
)
if (valid.validationErrors.length > 0) throw new Error(JSON.stringify(valid.validationErrors.slice(0, 3)))
must(cedar.preparsePolicySet('policies', { staticPolicies: policies }), 'policies')
must(cedar.preparseSchema('schema', schema), 'schema')
const lines = contexts.map((context) => {
  const answer = must(
    cedar.statefulIsAuthorized({
      principal: { type: `${namespace}::Requester`, id: 'a' },
      action: { type: `${namespace}::Action`, id: 'decide' },
      resource: { type: `${namespace}::Case`, id: 'a' },
      context,
      preparsedSchemaName: 'schema',
      validateRequest: true,
      preparsedPolicySetId: 'policies',
      entities: [],
    }),
    'request',
  )
  const { decision, diagnostics } = answer.response
  if (diagnostics.errors.length > 0) throw new Error(JSON.stringify(diagnostics.errors[0]))
  return decision === 'allow'
})
console.log(lines.join('\n'))

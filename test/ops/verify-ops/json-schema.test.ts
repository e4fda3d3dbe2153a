import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv } from 'ajv'
import { test } from 'tap'
import { checks } from '../../../ops/verify-ops/checks.ts'
import { closedSchema } from '../../../ops/verify-ops/json-schema.ts'
import { toolNames } from '../../../ops/verify-ops/tools.ts'

const folder = resolve(import.meta.dirname, '../../../ops/kubernetes/schemas')
const ajv = new Ajv({ strict: false })

test('a closed schema refuses a property that is not named, at every depth, and keeps what may hold anything', async t => {
  const isValid = ajv.compile(closedSchema({ type: 'object', properties: { spec: { $ref: '#/components/schemas/Spec' }, labels: { type: 'object', additionalProperties: { type: 'string' } } } }, {
    Spec: { type: 'object', description: 'prose', properties: { description: { type: 'string' }, free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } },
    Unused: { type: 'object' }
  }))
  t.ok(isValid({ spec: { description: 'a property of that name', free: { any: 1 } }, labels: { any: 'thing' } }))
  t.notOk(isValid({ sepc: {} }))
  t.notOk(isValid({ spec: { discription: 'a' } }))
  t.notOk(isValid({ labels: { a: 1 } }))
})

test('a closed schema takes along the definitions that it reaches, themselves included, and no others', async t => {
  const schema = closedSchema({ $ref: '#/components/schemas/Tree' }, { Tree: { type: 'object', properties: { child: { $ref: '#/components/schemas/Tree' } } }, Unused: {} })
  t.same(Object.keys(schema['definitions'] as object), ['Tree'])
  t.notOk(ajv.compile(schema)({ child: { chidl: {} } }))
  t.throws(() => closedSchema({ $ref: '#/components/schemas/Nobody' }), /is not defined/)
})

test('the schemas that are kept can be used, and find a misspelt field', async t => {
  const names = readdirSync(folder).filter(name => name.endsWith('.json'))
  t.ok(names.length >= 18)
  for (const name of names) t.ok(ajv.validateSchema(JSON.parse(readFileSync(join(folder, name), 'utf8')) as object), name)
  const pod = ajv.compile(JSON.parse(readFileSync(join(folder, 'pod-v1.json'), 'utf8')) as object)
  t.ok(pod({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'a', image: 'a:1' }] } }), JSON.stringify(pod.errors))
  t.notOk(pod({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'a', image: 'a:1', privileged: true }] } }))
})

test('every tool that is built is used by a check, and every check has a name of its own', async t => {
  t.same([...new Set(checks.flatMap(({ needs }) => needs))].sort(), [...toolNames].sort())
  t.equal(new Set(checks.map(({ name }) => name)).size, checks.length)
})

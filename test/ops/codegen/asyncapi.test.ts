import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { test } from 'tap'
import { describeTopics } from '../../../ops/codegen/asyncapi.ts'
import { catalogueTopics } from '../../../ops/codegen/topic-catalogue.ts'
import { fullNames } from '../../../schemas/index.ts'
import { allTopics } from '../../../topology/topics.ts'

interface Channel { readonly address: string, readonly messages: object }
interface Document {
  readonly channels: Readonly<Record<string, Channel>>
  readonly operations: Readonly<Record<string, { readonly action: string, readonly messages: ReadonlyArray<{ readonly $ref: string }> }>>
  readonly components: { readonly messages: Readonly<Record<string, { readonly payload: { readonly schema: AvroRecord } }>> }
}
interface AvroRecord { readonly fields: ReadonlyArray<{ readonly name: string, readonly doc?: string }> }

const topics = catalogueTopics()
const document = describeTopics(topics) as Document

/** The official schema of the format; it brings the schema of schemas along. */
function officialSchema (): object {
  return JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0.json'), 'utf8')) as object
}

test('the AsyncAPI document is one by the official schema', t => {
  const ajv = new Ajv({ strict: false, meta: false, validateSchema: false })
  formats.default(ajv)
  const validate = ajv.compile(officialSchema())
  t.ok(validate(document), ajv.errorsText(validate.errors))
  t.notOk(validate({ ...document, channels: { wrong: { address: 1 } } }), 'the schema is one that refuses')
  t.end()
})

test('every topic of the catalogue is a channel with its records, and every record has its schema with a doc on each field', t => {
  t.same(Object.values(document.channels).map(({ address }) => address), allTopics.map(({ name }) => name))
  for (const { name, records } of topics.filter(({ records }) => records.length > 0)) {
    t.same(Object.keys(document.channels[name.replace('commerce.', '')]?.messages ?? {}), records, name)
  }
  t.same(Object.keys(document.components.messages), Object.values(fullNames).filter(name => topics.some(({ records }) => records.includes(name))).sort())
  for (const [name, { payload }] of Object.entries(document.components.messages)) {
    t.same(payload.schema.fields.filter(({ doc }) => doc === undefined || doc === ''), [], name)
  }
  t.end()
})

test('every topic is written by somebody, and what others may write is what it carries', t => {
  for (const { name, writtenBy, readBy, open, records } of topics) {
    t.ok(writtenBy.length > 0 || open !== undefined, `${name} is written`)
    if (open !== undefined) t.ok(readBy.length > 0 || name === 'commerce.audit.invariants', `${name} is open, and read`)
    for (const short of open?.records ?? []) t.ok(records.includes(fullNames[short]), `${short} is a record of ${name}`)
  }
  const [placing] = Object.entries(document.operations).filter(([id]) => id === 'receive orders.commands').map(([, operation]) => operation)
  t.ok(placing?.messages.some(({ $ref }) => $ref === '#/channels/orders.commands/messages/commerce.orders.PlaceOrder'))
  t.end()
})

import { readFile } from 'node:fs/promises'
import avsc from 'avsc'
import { test } from 'tap'
import { isLogical, isUnion, readSchemas, selfContained } from '../../ops/codegen/avro-schemas.ts'
import { generateAvroTypes } from '../../ops/codegen/avro-types.ts'
import { fullNames, orderStatusSymbols, schemas } from '../../schemas/index.ts'

test('the generated files are those of the schema files', async t => {
  for (const file of await generateAvroTypes()) t.equal(await readFile(file.path, 'utf8'), file.content, file.path)
  t.end()
})

test('every generated schema is complete by itself', t => {
  for (const [name, schema] of Object.entries(schemas)) {
    const type = avsc.Type.forSchema(schema as avsc.Schema)
    t.equal(type.name, fullNames[name as keyof typeof fullNames])
  }
  t.end()
})

test('a nested type is written out at its first use only', async t => {
  const text = JSON.stringify(selfContained('commerce.orders.PlaceOrder', await readSchemas()))
  t.equal(text.split('"name":"Personal"').length, 2)
  t.equal(text.split('"commerce.common.Personal"').length, 2)
  t.end()
})

test('every amount is a decimal with four places and every instant is in milliseconds', async t => {
  for (const file of await readSchemas()) {
    if (file.schema.type !== 'record') continue
    for (const field of file.schema.fields) {
      const type = isUnion(field.type) ? field.type.at(-1) ?? '' : field.type
      if (!isLogical(type)) continue
      if (type.logicalType === 'decimal') t.match(type, { type: 'bytes', precision: 18, scale: 4 }, `${file.fullName}.${field.name}`)
      else t.ok(['uuid', 'timestamp-millis'].includes(type.logicalType), `${file.fullName}.${field.name}`)
    }
  }
  t.end()
})

test('every amount and every instant says its unit', async t => {
  for (const file of await readSchemas()) {
    if (file.schema.type !== 'record') continue
    for (const field of file.schema.fields) {
      const type = isUnion(field.type) ? field.type.at(-1) ?? '' : field.type
      if (isLogical(type) && type.logicalType !== 'uuid') t.match(field.doc, /Unit: /, `${file.fullName}.${field.name}`)
    }
  }
  t.end()
})

test('enum symbols are exported as a list', t => {
  t.equal(orderStatusSymbols[0], 'Pending')
  t.equal(orderStatusSymbols.length, 18)
  t.end()
})

test('a schema file is refused by name when a field has no doc', async t => {
  const schema = { type: 'record', name: 'Thing', namespace: 'commerce.test', doc: 'A thing.', fields: [{ name: 'a', type: 'int' }] }
  const root = t.testdir({ schemas: { avro: { test: { 'Thing.avsc': JSON.stringify(schema) } } } })
  await t.rejects(readSchemas(root), { message: 'test/Thing.avsc: field a has no doc' })
})

test('a schema file is refused by name when its path says another name', async t => {
  const schema = { type: 'record', name: 'Other', namespace: 'commerce.test', doc: 'A thing.', fields: [] }
  const root = t.testdir({ schemas: { avro: { test: { 'Thing.avsc': JSON.stringify(schema) } } } })
  await t.rejects(readSchemas(root), { message: /is named commerce\.test\.Other, its path says commerce\.test\.Thing/ })
})

test('a schema file is refused when it refers to a name that does not exist', async t => {
  const schema = { type: 'record', name: 'Thing', namespace: 'commerce.test', doc: 'A thing.', fields: [{ name: 'a', type: 'commerce.test.Nothing', doc: 'A.' }] }
  const root = t.testdir({ schemas: { avro: { test: { 'Thing.avsc': JSON.stringify(schema) } } } })
  await t.rejects(readSchemas(root), { message: /refers to commerce\.test\.Nothing/ })
})

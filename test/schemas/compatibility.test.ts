import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { type AvroNamed, type AvroRecord, readSchemas } from '../../ops/codegen/avro-schemas.ts'
import { checkCompatibility, lockPath, runCompatibility } from '../../ops/codegen/compatibility.ts'
import { findBreaks } from '../../ops/codegen/schema-breaks.ts'

const money = { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 4 }

function record (fields: AvroRecord['fields']): AvroRecord {
  return { type: 'record', name: 'Thing', namespace: 'commerce.test', doc: 'A thing.', fields }
}

function breaksBothWays (before: AvroNamed, after: AvroNamed): readonly string[] {
  return [...findBreaks(after, before), ...findBreaks(before, after)].map(found => `${found.path}: ${found.reason}`)
}

test('the gate accepts a new field that has a default', t => {
  const before = record([{ name: 'a', type: 'int' }])
  const after = record([{ name: 'a', type: 'int' }, { name: 'b', type: ['null', 'string'], default: null }])
  t.same(breaksBothWays(before, after), [])
  t.end()
})

test('the gate names record and field when a new field has no default', t => {
  const before = record([{ name: 'a', type: 'int' }])
  const after = record([{ name: 'a', type: 'int' }, { name: 'b', type: 'string' }])
  t.same(breaksBothWays(before, after), ['Thing.b: is not in every version and has no default'])
  t.end()
})

test('the gate names the field when a type changes in one direction only', t => {
  const found = breaksBothWays(record([{ name: 'a', type: 'int' }]), record([{ name: 'a', type: 'long' }]))
  t.equal(found.length, 1)
  t.match(found[0], /^Thing\.a: /)
  t.end()
})

test('the gate refuses another scale of a decimal, which the resolver alone would read as another amount', t => {
  const found = breaksBothWays(record([{ name: 'total', type: money }]), record([{ name: 'total', type: { ...money, scale: 2 } }]))
  t.equal(found.length, 2)
  t.match(found[0], /^Thing\.total: is bytes\/decimal\(18,2\), was bytes\/decimal\(18,4\)/)
  t.end()
})

test('the gate looks into lists of nested records', t => {
  const line = (fields: AvroRecord['fields']): AvroNamed => ({ ...record(fields), name: 'Line' })
  const lines = (fields: AvroRecord['fields']): AvroNamed => record([{ name: 'lines', type: { type: 'array', items: line(fields) } }])
  t.same(breaksBothWays(lines([]), lines([{ name: 'sku', type: 'string' }])), ['Thing.lines.sku: is not in every version and has no default'])
  t.end()
})

test('the gate refuses a field that may no longer be null', t => {
  const found = breaksBothWays(record([{ name: 'a', type: ['null', 'string'], default: null }]), record([{ name: 'a', type: 'string' }]))
  t.match(found, ['Thing.a: cannot hold null'])
  t.end()
})

test('the gate accepts a new enum symbol because old readers have a default', t => {
  const color = (symbols: readonly string[]): AvroNamed =>
    record([{ name: 'c', type: { type: 'enum', name: 'Color', namespace: 'commerce.test', doc: 'A color.', symbols, default: 'red' } }])
  t.same(breaksBothWays(color(['red']), color(['red', 'blue'])), [])
  t.end()
})

test('a version is recorded once and a change of words is no new version', async t => {
  const files = await readSchemas()
  const first = checkCompatibility(files, {})
  t.ok(first.recorded.length > 60)
  t.same(first.problems, [])
  t.same(checkCompatibility(files, first.lock).recorded, [])
  const reworded = files.map(file => ({ ...file, schema: { ...file.schema, doc: 'Other words.' } }))
  t.same(checkCompatibility(reworded, first.lock).recorded, [])
  t.end()
})

test('a change is checked against every earlier version and not only the last', async t => {
  const schema = (fields: AvroRecord['fields']) => [{ fullName: 'commerce.test.Thing', path: 'x', schema: record(fields), nested: false }]
  const one = checkCompatibility(schema([{ name: 'a', type: 'int', doc: 'A.' }]), {})
  const two = checkCompatibility(schema([]), one.lock)
  t.match(two.problems, [/Thing\.a: is not in every version and has no default \(readers of version 1/])
  const withDefault = checkCompatibility(schema([{ name: 'a', type: 'int', default: 0, doc: 'A.' }]), {})
  const removed = checkCompatibility(schema([]), withDefault.lock)
  t.same(removed.recorded, ['commerce.test.Thing version 2'])
  const back = checkCompatibility(schema([{ name: 'a', type: 'string', default: '', doc: 'A.' }]), removed.lock)
  t.ok(back.problems.every(problem => problem.includes('version 1')))
  t.equal(back.problems.length, 2)
  t.end()
})

test('a released record whose schema file is gone fails the gate', t => {
  const files = [{ fullName: 'commerce.test.Thing', path: 'x', schema: record([]), nested: false }]
  const { lock } = checkCompatibility(files, {})
  t.match(checkCompatibility([], lock).problems, [/commerce\.test\.Thing: was released and has no schema file/])
  t.end()
})

test('the gate fails over the work tree and keeps the lock when a schema file changes incompatibly', async t => {
  const root = t.testdir({ schemas: {} })
  await cp('schemas/avro', join(root, 'schemas/avro'), { recursive: true })
  t.same((await runCompatibility(root, true)).problems, [])
  const before = await readFile(join(root, lockPath), 'utf8')
  const path = join(root, 'schemas/avro/orders/CancelOrder.avsc')
  const schema = JSON.parse(await readFile(path, 'utf8')) as AvroRecord
  await writeFile(path, JSON.stringify({ ...schema, fields: [...schema.fields, { name: 'priority', type: 'int', doc: 'Urgency. Unit: none.' }] }))
  const report = await runCompatibility(root, true)
  t.match(report.problems, [/^CancelOrder\.priority: /])
  t.equal(await readFile(join(root, lockPath), 'utf8'), before)
  t.end()
})

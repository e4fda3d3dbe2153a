import fc, { type Arbitrary } from 'fast-check'
import { decimalLimit } from '../../streams/serde/decimal.ts'

type Schema = string | readonly Schema[] | { readonly type: Schema, readonly [attribute: string]: unknown }
interface Field { readonly name: string, readonly type: Schema }

const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  fc.string({ unit: 'binary', maxLength: 6 }).map(any => any.toWellFormed()),
  fc.constantFrom('"', '\\', '\n\t', '\u0000', 'é', '€', '😀', '\u007f')
)
const long = fc.oneof(fc.integer({ min: -70, max: 70 }), fc.maxSafeInteger().filter(value => Math.abs(value) < 2 ** 52),
  fc.constantFrom(0, 999_999_999, 1_000_000_000, 2 ** 31, -(2 ** 31), 2 ** 51 - 1, -(2 ** 51), 2 ** 53 - 2))

/** Values of an Avro schema that stands alone, as this project's codec takes and gives them. */
export function avroValues (schema: object): Arbitrary<Record<string, unknown>> {
  return valuesOf(schema as Schema, '', new Map()) as Arbitrary<Record<string, unknown>>
}

function valuesOf (schema: Schema, namespace: string, named: Map<string, Arbitrary<unknown>>): Arbitrary<unknown> {
  if (isUnion(schema)) return fc.oneof(...schema.map(branch => valuesOf(branch, namespace, named)))
  if (typeof schema === 'string') return named.get(fullName(schema, namespace)) ?? plain(schema)
  if (typeof schema.type !== 'string') return valuesOf(schema.type, namespace, named)
  const name = typeof schema['name'] === 'string' ? schema['name'] : ''
  switch (schema.type) {
    case 'record': {
      const within = String(schema['namespace'] ?? namespace)
      const fields = (schema['fields'] as readonly Field[]).map(field => [field.name, valuesOf(field.type, within, named)] as const)
      return keep(named, fullName(name, within), fc.record(Object.fromEntries(fields)))
    }
    case 'enum': return keep(named, fullName(name, String(schema['namespace'] ?? namespace)), fc.constantFrom(...schema['symbols'] as readonly string[]))
    case 'array': return fc.array(valuesOf(schema['items'] as Schema, namespace, named), { maxLength: 3 })
    case 'map': return fc.dictionary(text, valuesOf(schema['values'] as Schema, namespace, named), { maxKeys: 3 })
    case 'bytes': return schema['logicalType'] === 'decimal' ? decimals(Number(schema['precision'])) : plain('bytes')
    default: return plain(schema.type)
  }
}

function decimals (precision: number): Arbitrary<bigint> {
  const max = decimalLimit(precision)
  const edges = [0n, max, -max, 2n ** 47n - 1n, 2n ** 47n, -(2n ** 47n), -(2n ** 47n) - 1n].filter(value => value <= max && value >= -max)
  return fc.oneof(fc.bigInt({ min: -1_000_000n, max: 1_000_000n }), fc.bigInt({ min: -max, max }), fc.constantFrom(...edges))
}

function plain (type: string): Arbitrary<unknown> {
  switch (type) {
    case 'string': return text
    case 'int': return fc.integer()
    case 'long': return long
    case 'boolean': return fc.boolean()
    case 'null': return fc.constant(null)
    case 'bytes': return fc.uint8Array({ maxLength: 9 }).map(bytes => Buffer.from(bytes))
    default: throw new Error(`no values of ${type}`)
  }
}

function keep (named: Map<string, Arbitrary<unknown>>, name: string, values: Arbitrary<unknown>): Arbitrary<unknown> {
  named.set(name, values)
  return values
}

function fullName (name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
}

function isUnion (schema: Schema): schema is readonly Schema[] {
  return Array.isArray(schema)
}

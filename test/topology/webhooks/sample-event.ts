import { type MessageName, schemas } from '#schemas'

type Schema = string | readonly Schema[] | { readonly [member: string]: unknown, readonly type: Schema }
interface Field { readonly name: string, readonly type: Schema }

/** Text that stands for what a field holds: found again wherever it is told. */
export const markOf = (field: string): string => `<${field}>`

/** What stands in every encrypted field. */
export const personalMark = 'PERSONAL'

/** A record with every optional member there, and in each text the name of its field. */
export function sampleOf (name: MessageName): Readonly<Record<string, unknown>> {
  const named = new Map<string, Schema>()
  return { ...sample(schemas[name] as Schema, '', named) as object, type: name }
}

function sample (schema: Schema, field: string, named: Map<string, Schema>): unknown {
  if (typeof schema === 'string') return named.has(schema) ? sample(named.get(schema) as Schema, field, named) : primitive(schema, field)
  if (Array.isArray(schema)) return sample((schema as readonly Schema[]).find(branch => branch !== 'null') as Schema, field, named)
  const whole = schema as Exclude<Schema, string | readonly Schema[]>
  if (typeof whole['name'] === 'string') named.set(`${String(whole['namespace'])}.${whole['name']}`, whole)
  switch (whole.type) {
    case 'record': return Object.fromEntries((whole['fields'] as Field[]).map(each => [each.name, sample(each.type, each.name, named)]))
    case 'enum': return (whole['symbols'] as string[])[0]
    case 'array': return [sample(whole['items'] as Schema, field, named)]
    case 'bytes': return whole['logicalType'] === 'decimal' ? 12_345n : Buffer.from(personalMark)
    default: return sample(whole.type, field, named)
  }
}

function primitive (type: string, field: string): unknown {
  switch (type) {
    case 'string': return markOf(field)
    case 'boolean': return false
    case 'bytes': return Buffer.from(personalMark)
    case 'int':
    case 'long':
    case 'double': return 7
    default: throw new Error(`no sample of ${type}`)
  }
}
